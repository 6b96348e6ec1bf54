"""The documentation of the vocabularies: every term with its definition, linked to its page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policygraph.errors import Text
from policygraph.model.terms import Iri, Literal, local_name
from policygraph.reports.html.markup import Markup, element, join, table
from policygraph.vocab import OWL, RDF, RDFS, SKOS
from policygraph.web.negotiation import language
from policygraph.web.pages.shell import Page, crumbs, place, spoken
from policygraph.web.service import service

if TYPE_CHECKING:
    from starlette.requests import Request

    from policygraph.model.terms import Term

TITLE = Text("词汇", "Vocabularies")
_DEVELOPERS = Text("开发者", "Developers")
_LEAD = Text(
    "图谱与申报所用的全部类和属性，各附定义；点名称看所有事实，或以 Turtle 取回。",
    "All classes and properties of the graph and of submissions, with their definitions; a name leads to all facts, also as Turtle.",
)
# Type of a term → what such terms are called; a term stands under the first that it has.
_SORTS = (
    (OWL.Class, Text("类", "Classes")),
    (OWL.ObjectProperty, Text("对象属性", "Object properties")),
    (OWL.DatatypeProperty, Text("数据属性", "Datatype properties")),
    (OWL.AnnotationProperty, Text("注释属性", "Annotation properties")),
    ("", Text("其他", "Others")),
)
_HEADS = (Text("名称", "Name"), Text("短名", "Short name"), Text("定义", "Definition"))
_CAPTION = Text("{vocabulary}：{sort}（{n}）", "{vocabulary}: {sort} ({n})")
_ALL, _VERSION = Text("全部术语：", "All terms: "), Text("版本 ", "version ")


def page(request: Request) -> Page:
    """Return the page."""
    return _Documented(request).page()


class _Documented:
    def __init__(self, request: Request) -> None:
        owner = service(request)
        self._request, self._graph, self._entities, self._language = request, owner.graph, owner.entities, language(request)

    def page(self) -> Page:
        found = {ontology: self._terms(ontology) for ontology in self._ontologies()}
        shown = {ontology: terms for ontology, terms in found.items() if terms}
        steps = [(self._w(_DEVELOPERS), "developers"), (self._w(TITLE), "")]
        contents = (element("li", element("a", self._label(o), href=f"#{local_name(o.value)}")) for o in shown)
        main = (
            crumbs(self._request, steps),
            element("nav", element("ul", *contents), aria_label=self._w(TITLE)),
            *(self._section(ontology, terms) for ontology, terms in shown.items()),
        )
        return Page(self._w(TITLE), main, "developers", self._w(_LEAD), sheets=("develop.css",))

    def _w(self, text: Text) -> str:
        return spoken(text, self._request)

    def _label(self, node: Term) -> str:
        return self._entities.label(node, self._language)

    def _ontologies(self) -> list[Iri]:
        return sorted((n for n in self._graph.subjects(RDF.type, Iri(OWL.Ontology)) if isinstance(n, Iri)), key=lambda n: n.value)

    def _terms(self, ontology: Iri) -> list[Iri]:
        found = {node for node in self._graph.subjects(RDFS.isDefinedBy, ontology) if isinstance(node, Iri) and node != ontology}
        return sorted(found, key=lambda node: local_name(node.value).casefold())

    def _section(self, ontology: Iri, terms: list[Iri]) -> Markup:
        version = next((v.value for v in self._graph.objects(ontology, OWL.versionInfo)), "")
        told = [element("code", ontology.value), *([f" · {self._w(_VERSION)}{version}"] if version else [])]
        links = join(
            part
            for form in ("ttl", "jsonld", "rdf")
            for part in (element("a", form.upper(), href=place(self._request, ontology.value, format=form)), " ")
        )
        left, tables = list(terms), []
        for kind, words in _SORTS:
            own = [node for node in left if not kind or Iri(kind) in self._graph.objects(node, RDF.type)]
            left = [node for node in left if node not in own]
            if own:
                tables.append(self._table(ontology, words, own))
        return element(
            "section",
            element("h2", self._label(ontology)),
            element("p", *told, class_="soft"),
            element("p", self._w(_ALL), links),
            *tables,
            id=local_name(ontology.value),
        )

    def _table(self, ontology: Iri, words: Text, terms: list[Iri]) -> Markup:
        rows = [
            [
                element("a", self._label(node), href=place(self._request, node.value)),
                element("code", local_name(node.value)),
                self._definition(node),
            ]
            for node in terms
        ]
        label = Text(self._entities.label(ontology, "zh"), self._entities.label(ontology, "en"))
        caption = self._w(_CAPTION.format(vocabulary=label, sort=words, n=len(terms)))
        return element("div", table(caption, map(self._w, _HEADS), rows, class_="terms"), class_="scroll", tabindex="0")

    def _definition(self, node: Iri) -> str:
        found = {v.language: v.value for v in self._graph.objects(node, SKOS.definition) if isinstance(v, Literal)}
        return found.get(self._language) or next(iter(found.values()), "")
