"""The RDF statements about a thing as a page: predicates and values with their labels, lists, blank nodes, and what points to it."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from policygraph.graph.terms import order
from policygraph.model.terms import Blank, Iri, Literal
from policygraph.queries.entities import LABELS
from policygraph.reports.html.markup import Markup, element, join
from policygraph.vocab import PG, RDF, RDFS, SKOS
from policygraph.web.negotiation import DOCUMENTS
from policygraph.web.pages.entity.parts import is_kind, kind
from policygraph.web.pages.shell import LANGUAGES, place

if TYPE_CHECKING:
    from collections.abc import Mapping

    from policygraph.app.linked.description import Description, Pointer
    from policygraph.model.terms import Term
    from policygraph.web.pages.voice import Voice

_FIRST = (RDF.type, SKOS.definition, RDFS.comment, PG.quote, PG.translation)
_TITLES = frozenset({RDFS.label, SKOS.prefLabel})
_DEPTH = 8


class Statements:
    """Writes the statements of a description.

    Args:
        voice: The page.
        found: The description.
    """

    def __init__(self, voice: Voice, found: Description) -> None:
        self._voice, self._found = voice, found
        self._labels: dict[Term, dict[str, str]] = defaultdict(dict)
        self._rows: dict[Term, dict[Iri, list[Term]]] = defaultdict(lambda: defaultdict(list))
        for subject, predicate, value in sorted(found.triples, key=lambda triple: order(triple[2])):
            self._rows[subject][predicate].append(value)
            if predicate.value in LABELS and isinstance(value, Literal):
                self._labels[subject].setdefault(value.language, value.value)

    def own(self, node: Term) -> Markup:
        """Return the statements of a node."""
        return self._statements(node, 0)

    def term(self, member: Iri) -> Markup:
        """Return a term of a vocabulary, under the name that its IRI leads to."""
        fragment = member.value.partition("#")[2]
        title = element("h3", self.label(member), " ", element("code", fragment))
        page = element("p", self._voice.t("字段、核查与规则：", "Fields, checks and rules: "), kind(self._voice, member))
        return element("section", title, page if is_kind(self._voice, member) else "", self._statements(member, 0), id=fragment)

    def label(self, term: Term) -> str:
        """Return what a term is called."""
        found = self._labels.get(term, {})
        for wanted in (self._voice.language, "zh", "en", ""):
            if wanted in found:
                return found[wanted]
        return found[min(found)] if found else self._voice.entities.short(term)

    def pointing(self, own: str) -> Markup:
        """Return what points to the thing, page by page.

        Args:
            own: Address of this page.
        """
        if not self._found.pointers:
            return element("p", self._voice.t("没有。", "None."), class_="soft")
        grouped: dict[Iri, list[Pointer]] = defaultdict(list)
        for pointer in self._found.pointers:
            grouped[pointer.predicate].append(pointer)
        parts = []
        for predicate, pointers in grouped.items():
            owners = dict.fromkeys(pointer.owner for pointer in pointers)
            items = (element("li", self._link(owner) if isinstance(owner, Iri) else self._value(owner, 0)) for owner in owners)
            parts += [element("dt", self._link(predicate)), element("dd", element("ul", *items))]
        return join([self._counted(), element("dl", *parts), self._pager(own)])

    def forms(self, places: Mapping[str, str]) -> Markup:
        """Return the same in other forms."""
        items = (
            element("li", element("a", form.name, href=places[form.name], type=form.type), " ", element("span", form.type, class_="soft"))
            for form in DOCUMENTS
            if form.form != "html"
        )
        return element("ul", *items, class_="forms")

    # ---------------------------------------------------------------- values
    def _link(self, term: Iri) -> Markup:
        label, known = self.label(term), self._labels.get(term, {})
        spoken = self._voice.language if self._voice.language in known else next(iter(known), "")
        words = element("span", label, lang=LANGUAGES.get(spoken, "")) if spoken not in ("", self._voice.language) else label
        if not term.value.startswith(("http://", "https://")):
            return element("span", words)
        return element("a", words, href=place(self._voice.request, term.value))

    def _statements(self, node: Term, depth: int) -> Markup:
        rows = self._rows.get(node, {})
        shown = [p for p in rows if p.value not in _TITLES or depth]
        shown.sort(key=lambda p: (_FIRST.index(p.value) if p.value in _FIRST else len(_FIRST), p.value))
        parts = []
        for predicate in shown:
            said = [self._value(value, depth) for value in self._readable(rows[predicate])]
            body = said[0] if len(said) == 1 else element("ul", *(element("li", each) for each in said))
            parts += [element("dt", self._link(predicate)), element("dd", body)]
        return element("dl", *parts, class_="statements") if parts else element("p", self._voice.t("没有。", "None."), class_="soft")

    def _readable(self, values: list[Term]) -> list[Term]:
        """Return values without the same in other languages, where there is one in the page's."""
        own = [v for v in values if isinstance(v, Literal) and v.language == self._voice.language]
        return [v for v in values if not own or not isinstance(v, Literal) or v.language in ("", self._voice.language)]

    def _value(self, term: Term, depth: int) -> Markup:
        if isinstance(term, Literal):
            return element("span", term.value, lang=LANGUAGES.get(term.language, term.language))
        if isinstance(term, Iri):
            return element("span", "()") if term.value == RDF.nil else self._link(term)
        members = self._members(term)
        if members is not None:
            return element("ol", *(element("li", self._value(member, depth + 1)) for member in members))
        return self._statements(term, depth + 1) if depth < _DEPTH else element("span", "…")

    def _members(self, node: Term) -> list[Term] | None:
        """Return the members of a list, None when it is none."""
        found: list[Term] = []
        seen: set[Term] = set()
        while isinstance(node, Blank) and node not in seen:
            seen.add(node)
            row = self._rows.get(node, {})
            if Iri(RDF.first) not in row or Iri(RDF.rest) not in row:
                return None
            found.append(row[Iri(RDF.first)][0])
            node = row[Iri(RDF.rest)][0]
        return found if found else None

    # ---------------------------------------------------------------- pages
    def _counted(self) -> Markup:
        found, t = self._found, self._voice.t
        if found.total is None:
            said = t(f"第 {found.page} 页；多于可数之数。", f"Page {found.page}; more than are counted.")
        else:
            said = t(
                f"共 {found.total} 条陈述；第 {found.page} 页，共 {found.pages} 页。",
                f"Statements: {found.total}; page {found.page} of {found.pages}.",
            )
        return element("p", said, class_="soft")

    def _pager(self, own: str) -> Markup:
        found, t = self._found, self._voice.t
        if found.pages == 1:
            return Markup("")
        spoken = "&lang=en" if self._voice.language == "en" else ""
        pages = []
        if found.page > 1:
            pages.append(element("a", t("上一页", "Previous page"), href=f"{own}?page={found.page - 1}{spoken}#pointing", rel="prev"))
        if found.more:
            pages.append(element("a", t("下一页", "Next page"), href=f"{own}?page={found.page + 1}{spoken}#pointing", rel="next"))
        return element("nav", element("ul", *(element("li", each) for each in pages)), aria_label=t("分页", "Pages"))
