"""The page of a question: its form, its answer, other forms of the answer, and the query behind it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING
from urllib.parse import quote

from policygraph.errors import Text
from policygraph.model.terms import Iri, Literal, Term
from policygraph.reports.answered import spell_out
from policygraph.reports.html.markup import Markup, element, join, lined
from policygraph.vocab import BASE
from policygraph.web.negotiation import language
from policygraph.web.pages.ask.arranging import Arrangement, arrange
from policygraph.web.pages.ask.cells import Cells, columns, quotations
from policygraph.web.pages.ask.choices import choices
from policygraph.web.pages.ask.form import Filled, chosen_language, form
from policygraph.web.pages.ask.table import Links, filtering, table
from policygraph.web.pages.shell import STANDING, Page, crumbs, place, spoken

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from starlette.requests import Request

    from policygraph.queries.catalogue import Question
    from policygraph.reports.answered import Answered
    from policygraph.web.pages.ask.choices import Choice
    from policygraph.web.service import Service

_NONE = Text("没有结果：图谱中没有符合此问题的内容。", "No result: nothing in the graph matches this question.")
_FILTERED = Text("没有一行含有“{words}”。", "No row holds “{words}”.")
_CUT = Text("行数过多，其后的行未列出。", "There are more rows than are shown.")
_SAMPLED = Text("以下是按示例作的答复；请在上面另选。", "This is the answer for the sample; choose another one above.")
_DOWNLOADS = (("csv", "CSV"), ("xlsx", "XLSX"), ("json", "JSON"), ("rq", "SPARQL"))
_MOST_RELATED = 6


@dataclass(frozen=True, slots=True)
class Asked:
    """What a page shows.

    Attributes:
        question: The question.
        filled: What its form is filled with.
        query: Its SPARQL, with the values put in.
        answer: The answer in the question's own order; None when the parameters will not do.
        arranged: How the caller wants the rows.
    """

    question: Question
    filled: Filled
    query: str
    answer: Answered | None
    arranged: Arrangement


class Asking:
    """Pages of the questions of a service.

    Args:
        owner: The service.
    """

    def __init__(self, owner: Service) -> None:
        self._owner = owner
        self._choices = lru_cache(maxsize=512)(lambda sample, spoken_in: choices(sample, owner.entities, spoken_in))

    @cached_property
    def _quotes(self) -> dict[str, str]:
        return quotations(self._owner.graph)

    def page(self, request: Request, asked: Asked, related: Sequence[Question]) -> Page:
        """Return the page of a question.

        Args:
            request: The request.
            asked: What it shows.
            related: Other questions on the same topic.
        """
        question, said = asked.question, language(request)
        links = Links(self._owner.address(f"{BASE}ask/{question.name}"), tuple(asked.filled.words.items()), chosen_language(request))

        def of_kind(sample: Term) -> tuple[Choice, ...]:
            return self._choices(sample, said)

        steps = [(spoken(Text("提问", "Ask"), request), "ask"), (spoken(question.summary, request), "")]
        parts = [
            crumbs(request, steps),
            form(request, question, asked.filled, self._owner.entities, of_kind, links.address),
            *([self._answer(request, asked, asked.answer, links)] if asked.answer is not None else []),
            self._behind(request, asked, links),
            _related(request, related),
        ]
        forms = [
            element("link", rel="alternate", type=kind, href=links.to(("format", form_), language=False))
            for form_, kind in (("json", "application/json"), ("csv", "text/csv"))
        ]
        return Page(
            spoken(question.summary, request),
            tuple(parts),
            "ask",
            spoken(question.description, request) if question.description else "",
            scripts=("ask.js",),
            sheets=("ask.css",),
            links=tuple(forms),
            status=200 if asked.answer is not None else 400,
            keep=asked.answer is not None,
        )

    # ---------------------------------------------------------------- the answer
    def _answer(self, request: Request, asked: Asked, answer: Answered, links: Links) -> Markup:
        said, entities = language(request), self._owner.entities

        def label(term: Term) -> str:
            return entities.label(term, said) if isinstance(term, Iri) else spell_out(term, said)

        def shown_at(iri: str) -> str:
            return place(request, iri)

        def names(term: Term) -> set[str]:
            return {entities.label(term, each) for each in ("zh", "en")}

        found = arrange(answer.table, asked.arranged, label)
        parts: list[Markup] = [element("h2", spoken(Text("答案", "Answer"), request), id="answer-title"), self._values(request, answer)]
        if len(answer.table):
            parts.append(filtering(request, links, asked.arranged, len(found), len(answer.table)))
        if len(found):
            cells = Cells(said, label, shown_at, self._quotes)
            shown = columns(answer.table, names)
            parts.append(table(request, found, shown, answer.headings, cells, links, asked.arranged, spoken(answer.summary, request)))
        else:
            lines = [_FILTERED.format(words=asked.arranged.words)] if len(answer.table) else [_NONE, *answer.notes]
            parts.append(element("div", *(element("p", spoken(line, request)) for line in lines), class_="empty", id="answer-empty"))
        if answer.truncated:
            parts.append(element("p", spoken(_CUT, request), class_="error"))
        parts.append(element("p", spoken(STANDING, request), class_="notice"))
        return element("section", *parts, id="answer", aria_labelledby="answer-title")

    def _values(self, request: Request, answer: Answered) -> Markup:
        """Return what was asked, in the names that the graph has for it."""
        if not answer.params:
            return Markup("")
        said, parts = language(request), []
        for about, value in answer.params.values():
            name = self._owner.entities.label(value, said)
            shown = element("a", name, href=place(request, value.value)) if isinstance(value, Iri) else _literal(value)
            parts += [element("dt", spoken(about, request)), element("dd", shown)]
        note = element("p", spoken(_SAMPLED, request), class_="soft", id="answer-sample") if answer.samples else Markup("")
        return join([element("dl", *parts, class_="asked"), note])

    def _behind(self, request: Request, asked: Asked, links: Links) -> Markup:
        """Return the answer's other forms, and the query with the way to the editor."""
        order = asked.arranged
        pairs = [("sort", order.sort), ("order", "desc" if order.descending else ""), ("filter", order.words)]
        items = [
            element("li", element("a", name, href=links.to(*pairs, ("format", form_)), class_="button quiet", download=""))
            for form_, name in _DOWNLOADS
        ]
        fragment = f"#query={quote(asked.query, safe='')}&name={quote(asked.question.name, safe='')}"
        editor = element(
            "a", spoken(Text("在 SPARQL 编辑器中打开", "Open in the SPARQL editor"), request), href=place(request, "sparql") + fragment
        )
        return element(
            "section",
            element("h2", spoken(Text("数据与查询", "Data and query"), request), id="data-title"),
            element("ul", *items, class_="downloads") if asked.answer is not None else Markup(""),
            element(
                "details",
                element("summary", spoken(Text("背后的 SPARQL", "The SPARQL behind it"), request)),
                element("pre", element("code", lined(asked.query)), tabindex="0"),
                class_="query",
            ),
            element("p", editor),
            aria_labelledby="data-title",
        )


def _literal(value: Term) -> Markup:
    return element("span", value.value, lang="zh-Hans" if isinstance(value, Literal) and not value.value.isascii() else "")


def _related(request: Request, related: Iterable[Question]) -> Markup:
    items = [
        element("li", element("a", spoken(each.summary, request), href=place(request, f"ask/{each.name}")))
        for each in list(related)[:_MOST_RELATED]
    ]
    if not items:
        return Markup("")
    title = element("h2", spoken(Text("同一主题的问题", "Questions on the same topic"), request), id="related-title")
    return element("section", title, element("ul", *items, class_="related"), aria_labelledby="related-title")
