"""Speaks of the graph on a page: what things are called in the page's language, and links to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policygraph.graph.terms import order
from policygraph.model.terms import Iri, Literal
from policygraph.queries.entities import LABELS
from policygraph.reports.html.markup import Markup, chinese, element
from policygraph.vocab import RDF
from policygraph.web.negotiation import language
from policygraph.web.pages.shell import LANGUAGES, place
from policygraph.web.service import service

if TYPE_CHECKING:
    from starlette.requests import Request

    from policygraph.errors import Text
    from policygraph.model.terms import Term

_LONGEST_LIST = 10_000


class Voice:
    """What a page in one language says of the graph.

    Args:
        request: The request for the page.
    """

    def __init__(self, request: Request) -> None:
        self.request, self.language, self.owner = request, language(request), service(request)
        self.graph, self.entities = self.owner.graph, self.owner.entities
        self._objects: dict[tuple[Term, str], list[Term]] = {}  # a page asks the same again and again
        self._labels: dict[Term, dict[str, str]] = {}

    # ---------------------------------------------------------------- words
    def t(self, zh: str, en: str) -> str:
        """Return the wording in the page's language."""
        return en if self.language == "en" else zh

    def say(self, text: Text, **values: object) -> str:
        """Return a text in the page's language, filled with values."""
        return (text.format(**values) if values else text).in_language(self.language)

    def label(self, term: Term) -> str:
        """Return what a term is called, in the page's language if it has a label in it."""
        found = self.labels(term)
        return next((found[wanted] for wanted in (self.language, "zh", "en", "") if wanted in found), "") or self.entities.label(
            term, self.language
        )

    def labels(self, term: Term) -> dict[str, str]:
        """Return what a term is called, by language; the first label wins."""
        if term not in self._labels and not isinstance(term, Literal):
            found: dict[str, str] = {}
            for predicate in LABELS:
                for value in self.objects(term, predicate):
                    if isinstance(value, Literal):
                        found.setdefault(value.language, value.value)
            self._labels[term] = found
        return self._labels.get(term, {})

    def text(self, subject: Term, predicate: str) -> Markup | str:
        """Return the words under a predicate, marked when they are in the other language; '' when there are none."""
        words = {v.language: v.value for v in self.objects(subject, predicate) if isinstance(v, Literal)}
        for wanted in (self.language, "zh", "en", ""):
            if wanted in words:
                return words[wanted] if wanted in (self.language, "") else element("span", words[wanted], lang=LANGUAGES[wanted])
        return next(iter(words.values()), "")

    def quote(self, words: str) -> Markup:
        """Return verbatim words of the policy between quotation marks."""
        return element("q", chinese(words))

    # ---------------------------------------------------------------- links
    def link(self, term: Term, words: str = "", **attributes: str) -> Markup:
        """Return a link to a thing under its label, or its label where it leads nowhere."""
        known = self.labels(term)
        spoken = self.language if self.language in known or not known else next(iter(known))
        shown: str = words or self.label(term)
        if not words and spoken != self.language:
            shown = element("span", shown, lang=LANGUAGES.get(spoken, ""))
        if not isinstance(term, Iri) or not term.value.startswith(("http://", "https://")):
            return element("span", shown, **attributes)
        return element("a", shown, href=place(self.request, term.value), **attributes)

    def to(self, path: str, words: str, **query: str) -> Markup:
        """Return a link to a page of ours."""
        return element("a", words, href=place(self.request, path, **query))

    def data(self, path: str, form: str, **query: str) -> Markup:
        """Return a link to the same as data in a form."""
        return element("a", form.upper(), href=place(self.request, path, **{**query, "format": form}))

    # ---------------------------------------------------------------- statements
    def objects(self, subject: Term, predicate: str) -> list[Term]:
        """Return the values under a predicate, in the order of terms."""
        key = (subject, predicate)
        if key not in self._objects:
            self._objects[key] = sorted(self.graph.objects(subject, predicate), key=order)
        return self._objects[key]

    def one(self, subject: Term, predicate: str) -> Term | None:
        """Return the first value under a predicate."""
        return next(iter(self.objects(subject, predicate)), None)

    def word(self, subject: Term, predicate: str) -> str:
        """Return the first literal under a predicate, '' when there is none."""
        return next((v.value for v in self.objects(subject, predicate) if isinstance(v, Literal)), "")

    def subjects(self, predicate: str, value: Term) -> list[Term]:
        """Return what has a value under a predicate, in the order of terms."""
        return sorted(self.graph.subjects(predicate, value), key=order)

    def members(self, head: Term | None) -> list[Term]:
        """Return the members of an RDF list."""
        found: list[Term] = []
        while head is not None and head != Iri(RDF.nil) and len(found) < _LONGEST_LIST:
            found += self.graph.objects(head, RDF.first)[:1]
            head = next(iter(self.graph.objects(head, RDF.rest)), None)
        return found
