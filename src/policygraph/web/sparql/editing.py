"""The endpoint's face for people: the editor's page, and the plain form's answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anyio import to_thread

from policygraph.app.ask import by_topic
from policygraph.queries.catalogue import read_questions
from policygraph.vocab import PG, RDFS
from policygraph.web.answers import respond
from policygraph.web.negotiation import HTML, RDF, accepted, choose, language
from policygraph.web.pages import shell
from policygraph.web.pages.editor import page, plain
from policygraph.web.pages.trouble import takes_pages
from policygraph.web.service import service
from policygraph.web.sparql import asked

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from policygraph.errors import PolicyGraphError
    from policygraph.web.answers import Answer
    from policygraph.web.problems import ProblemError

# What stands in the editor at first: it names no individual.
EXAMPLE = f"""PREFIX pg: <{PG}>
PREFIX rdfs: <{RDFS}>
SELECT ?measure ?label ?quote WHERE {{
  ?measure a pg:Measure ; rdfs:label ?label ; pg:heading/pg:quote ?quote .
  FILTER(LANG(?label) = "LANGUAGE")
}} ORDER BY ?measure
"""


def for_people(request: Request) -> bool:
    """Say whether a request without a query is a person's, who wants the editor and not the service description."""
    formats = [value for name, value in asked.decoded(request.scope["query_string"]) if name in {"format", "output"}]
    return formats[0] == HTML.name if formats else choose(accepted(request), (*RDF, HTML)) is HTML


async def editor(request: Request) -> Response:
    """Answer with the editor's page."""
    owner, said = service(request), language(request)
    key = ("sparql", "editor", said, bool(request.query_params.get("lang")))

    def make() -> Answer:
        topics = by_topic(read_questions(owner.roots), owner.graph, owner.entities)
        return shell.answer(request, page.page(request, topics, EXAMPLE.replace("LANGUAGE", said)))

    found = owner.cache.get(key) or owner.cache.keep(key, await to_thread.run_sync(make))
    return respond(request, found, owner.modified)


async def result(request: Request, query: str, body: bytes, *, graph: bool) -> Response:
    """Answer the plain form with what its query brought."""
    return shell.respond(request, page.page(request, (), query, [await plain.shown(request, body, graph=graph)]))


async def refusal(request: Request, query: str, error: PolicyGraphError | ProblemError) -> Response:
    """Answer the plain form with what is wrong; a caller who does not take pages gets the problem itself."""
    if not takes_pages(request):
        raise error
    words, status = plain.refused(request, error)
    return shell.respond(request, page.page(request, (), query, [words], status))
