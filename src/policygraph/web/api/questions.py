"""Saved questions over HTTP: their list, and the answer to each, by a worker of the pool for queries."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from anyio import to_thread

from policygraph.app.ask import by_topic, find_question, headings_of
from policygraph.errors import InputError, StoreError, Text, UsageError
from policygraph.graph.results import read_table
from policygraph.graph.terms import spell
from policygraph.queries.catalogue import read_questions
from policygraph.queries.parameters import odd_ones, resolve
from policygraph.reports.answered import Answered, as_csv, as_json, as_xlsx
from policygraph.web.answers import Answer, respond
from policygraph.web.api import forms
from policygraph.web.api.wording import reworded
from policygraph.web.connected import while_connected
from policygraph.web.negotiation import HTML, JSON, language
from policygraph.web.pages import shell
from policygraph.web.pages.ask import arranging
from policygraph.web.pages.ask.form import Filled
from policygraph.web.pages.ask.listing import listing
from policygraph.web.pages.ask.page import Asked, Asking
from policygraph.web.pages.trouble import takes_pages
from policygraph.web.problems import NOT_FOUND, ProblemError, usage

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request
    from starlette.responses import Response

    from policygraph.model.terms import Term
    from policygraph.queries.catalogue import Question
    from policygraph.web.negotiation import Media
    from policygraph.web.pages.ask.arranging import Arrangement
    from policygraph.web.pages.shell import Page
    from policygraph.web.service import Service

_OWN = frozenset({"format", "lang", *arranging.NAMES})
LONGEST = 2_000  # characters of a parameter's value
_CHOOSE = Text("请从列表中选择。", "Choose from the list.")
_RESULTS = "application/sparql-results+json"


@dataclass(frozen=True, slots=True)
class _Bound:
    """A question with the values that a caller gave: as terms, as they were written, and what is wrong with them."""

    question: Question
    values: Mapping[str, Term]
    query: str
    written: tuple[tuple[str, str], ...] = ()
    faults: Mapping[str, Text] = field(default_factory=dict)


class Questions:
    """What the service says of questions.

    Args:
        owner: The service.
    """

    def __init__(self, owner: Service) -> None:
        self._owner, self._pages = owner, Asking(owner)

    @cached_property
    def _topics(self) -> list[tuple[Text, list[Question]]]:
        return by_topic(self.all, self._owner.graph, self._owner.entities)

    @cached_property
    def all(self) -> dict[str, Question]:
        """The questions by name."""
        return read_questions(self._owner.roots)

    async def listed(self, request: Request) -> Response:
        """List the questions by topic."""
        media, spoken = forms.wanted(request, (JSON, HTML)), language(request)
        words = " ".join(request.query_params.get("q", "")[:LONGEST].split()) if media is HTML else ""
        key = ("ask", media.name, spoken, words, _stays(request))

        def make() -> Answer:
            if media is HTML:
                return shell.answer(request, listing(request, self._topics, words))
            return Answer(self._list(), media.sent, (("Vary", "Accept, Accept-Language"), ("Content-Language", "zh, en")))

        found = self._owner.cache.get(key) or self._owner.cache.keep(key, await to_thread.run_sync(make))
        return respond(request, found, self._owner.modified)

    async def answered(self, request: Request) -> Response:
        """Answer a question."""
        media, spoken = forms.wanted(request, forms.ANSWERS), language(request)
        given, arranged = request.query_params.multi_items(), arranging.read(request.query_params)
        page = media is HTML and takes_pages(request)
        bound = await to_thread.run_sync(self._bound, request.path_params["name"], given, spoken, page)
        if bound.faults:
            return shell.respond(request, self._shown(request, bound, None, arranged))
        key = (
            "ask",
            bound.question.name,
            media.name,
            spoken,
            bound.query,
            (*bound.written, _stays(request)) if media is HTML else tuple(bound.values),
            arranged,
        )
        found = self._owner.cache.get(key)
        if found is None:
            found = self._owner.cache.keep(key, await self._fresh(request, bound, media, spoken, arranged))
        return respond(request, found, self._owner.modified)

    async def _fresh(self, request: Request, bound: _Bound, media: Media, spoken: str, arranged: Arrangement) -> Answer:
        """Return the answer in a form, asked of a worker."""
        headers = tuple(forms.words(request, media, bound.question.name).items())
        if media is forms.QUERY:
            return Answer(bound.query.encode(), media.sent, headers)
        try:
            told, body = await while_connected(request, self._owner.queries.run({"query": bound.query, "form": _RESULTS}))
        except InputError as error:  # the question's file, not the caller, is at fault
            raise StoreError(error.what, error.fix, bound.question.name) from error

        def make() -> Answer:
            answer = self._answer(bound, body, bool(told.get("cut")))
            if media is HTML:
                return shell.answer(request, self._shown(request, bound, answer, arranged))
            return Answer(self._made(answer, arranged, media, spoken), media.sent, headers)

        return await to_thread.run_sync(make)

    # ---------------------------------------------------------------- binding
    def _bound(self, name: str, given: list[tuple[str, str]], spoken: str, page: bool) -> _Bound:
        """Return a question with its values put in: each becomes one term of the graph, or is refused.

        A page shows what is wrong beside the field, and takes an empty field for the sample.

        Raises:
            ProblemError: There is no such question, or a parameter is off.
        """
        try:
            question = find_question(name, self._owner.roots)
        except UsageError as error:
            raise ProblemError(NOT_FOUND, UsageError(error.what, reworded(error.fix))) from error
        values: dict[str, str] = {}
        for parameter, value in given:
            if parameter in _OWN or (page and not value.strip() and parameter in question.params):
                continue
            if parameter in values or not value.strip() or len(value) > LONGEST:
                raise usage(
                    f"参数 {parameter[:80]} 须恰给一次，不为空，最长 {LONGEST} 字。",
                    f"The parameter {parameter[:80]} must be given once, not empty, with at most {LONGEST} characters.",
                    Text("请检查地址。", "Check the address."),
                    parameter=parameter[:80],
                )
            values[parameter] = value.strip()
        faults = self._faults(question, values) if page else {}
        bound = resolve(question, {name: value for name, value in values.items() if name not in faults}, self._owner.entities)
        return _Bound(question, bound, question.bind(bound, spoken), tuple(values.items()), faults)

    def _faults(self, question: Question, values: Mapping[str, str]) -> dict[str, Text]:
        """Return what is wrong with the values of a question's own parameters."""
        found = {}
        for name in question.params.keys() & values.keys():
            try:
                resolve(question, {name: values[name]}, self._owner.entities)
            except UsageError as error:
                fix = _CHOOSE if "pg:Policy" in error.fix.en else reworded(error.fix)
                found[name] = Text(error.what.zh + fix.zh, f"{error.what.en} {fix.en}")
        return found

    # ---------------------------------------------------------------- the answer
    def _answer(self, bound: _Bound, body: bytes, cut: bool) -> Answered:
        question, table = bound.question, read_table(json.loads(body))
        return Answered(
            name=question.name,
            summary=question.summary,
            description=question.description,
            params={name: (about, bound.values.get(name) or question.sample(name)) for name, about in question.params.items()},
            samples=frozenset(set(question.params) - set(bound.values)),
            headings=headings_of(question, table.columns, self._owner.roots),
            table=table,
            notes=() if len(table) else odd_ones(question, bound.values, self._owner.entities),
            truncated=cut,
        )

    def _made(self, answer: Answered, arranged: Arrangement, media: Media, spoken: str) -> bytes:
        """Return an answer as a file, its rows as the caller wants them."""
        entities = self._owner.entities
        if arranged:
            answer = replace(answer, table=arranging.arrange(answer.table, arranged, lambda term: entities.label(term, spoken)))
        match media.form:
            case "csv":
                return as_csv(answer, spoken)
            case "xlsx":
                return as_xlsx(answer, spoken)
        return as_json(answer, entities.label)

    def _shown(self, request: Request, bound: _Bound, answer: Answered | None, arranged: Arrangement) -> Page:
        """Return the page of an answer, or of a form that is not filled in rightly."""
        question = bound.question
        topic = question.tags[:1]
        related = [other for other in self.all.values() if other.tags[:1] == topic and other.name != question.name]
        asked = Asked(question, Filled(dict(bound.written), bound.values, bound.faults), bound.query, answer, arranged)
        return self._pages.page(request, asked, related)

    # ---------------------------------------------------------------- the list
    def _list(self) -> bytes:
        topics = [{"topic": _both(heading), "questions": [self._plain(question) for question in group]} for heading, group in self._topics]
        return (json.dumps({"topics": topics}, ensure_ascii=False, indent=1) + "\n").encode()

    def _plain(self, question: Question) -> dict[str, Any]:
        entities = self._owner.entities
        samples = {name: question.sample(name) for name in question.params}
        return {
            "name": question.name,
            "address": f"{self._owner.prefix.rstrip('/')}/ask/{question.name}",
            "summary": _both(question.summary),
            "description": _both(question.description) if question.description else None,
            "tags": list(question.tags),
            "audience": list(question.audience),
            "params": {
                name: {
                    "about": _both(question.params[name]),
                    "sample": spell(sample),
                    "sampleLabel": {"zh": entities.label(sample, "zh"), "en": entities.label(sample, "en")},
                }
                for name, sample in samples.items()
            },
        }


def _stays(request: Request) -> bool:
    """Say whether the caller named the language, which the links of a page then keep."""
    return bool(request.query_params.get("lang"))


def _both(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}
