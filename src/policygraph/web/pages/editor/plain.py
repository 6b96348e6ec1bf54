"""What the plain form's query brought, as a page: rows as a table, a truth, a graph as Turtle, or what is wrong with it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from anyio import to_thread

from policygraph.errors import PolicyGraphError, Text
from policygraph.graph.results import read_table
from policygraph.model.terms import Iri
from policygraph.reports.answered import spell_out
from policygraph.reports.html.markup import Markup, element, lined
from policygraph.web.api.wording import reworded
from policygraph.web.negotiation import language
from policygraph.web.pages.shell import place, spoken
from policygraph.web.problems import ProblemError, problem
from policygraph.web.service import service

if TYPE_CHECKING:
    from starlette.requests import Request

    from policygraph.model.terms import Term

_MOST = 1000
_ROWS = Text("共 {count} 行", "Rows: {count}")
_FIRST = Text("共 {count} 行，列出前 {most} 行", "Rows: {count}, the first {most} are listed")
_TITLE = Text("结果", "Result")


async def shown(request: Request, body: bytes, *, graph: bool) -> Markup:
    """Return a result.

    Args:
        request: The request.
        body: The worker's answer: SPARQL's JSON, or Turtle.
        graph: Whether it is a graph.
    """
    made = _text(body.decode()) if graph else await to_thread.run_sync(_table, request, body)
    return element("section", element("h2", spoken(_TITLE, request), id="result-title"), made, aria_labelledby="result-title", id="result")


def refused(request: Request, error: PolicyGraphError | ProblemError) -> tuple[Markup, int]:
    """Return what is wrong with a query, and the status of the answer."""
    found = problem(error)
    what, fix = spoken(reworded(found.error.what), request), spoken(reworded(found.error.fix), request)
    lines = [element("p", element("bdi", lined(what)), class_="error"), element("p", element("bdi", lined(fix)))]
    place_ = found.extra.get("line")
    if place_ is not None:
        at = Text(f"第 {place_} 行，第 {found.extra['column']} 列", f"line {place_}, column {found.extra['column']}")
        lines.append(element("p", spoken(at, request), class_="soft"))
    return element("div", *lines, role="alert", id="problem"), found.sort.status


def _text(words: str) -> Markup:
    return element("pre", element("code", lined(words)), tabindex="0", class_="result")


def _table(request: Request, body: bytes) -> Markup:
    told = json.loads(body)
    if "boolean" in told:
        truth = Text("是", "yes") if told["boolean"] else Text("否", "no")
        return element("p", element("strong", spoken(truth, request)))
    found, said, entities = read_table(told), language(request), service(request).entities

    def cell(term: Term | None) -> Markup:
        if isinstance(term, Iri):
            return element("a", entities.label(term, said), href=place(request, term.value), title=term.value)
        return element("span", spell_out(term, said) if term is not None else "")

    count = (_ROWS if len(found) <= _MOST else _FIRST).format(count=len(found), most=_MOST)
    head = element("tr", *(element("th", name, scope="col") for name in found.columns))
    rows = (element("tr", *(element("td", cell(term)) for term in row)) for row in found.rows[:_MOST])
    table = element("table", element("caption", spoken(count, request)), element("thead", head), element("tbody", *rows), class_="result")
    return element("div", table, class_="scroll", role="region", tabindex="0", aria_label=spoken(_TITLE, request))
