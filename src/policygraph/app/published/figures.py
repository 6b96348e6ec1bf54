"""Counts over the graph for VoID: how much there is, of which classes and properties, and how it is linked to others."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from policygraph.model.terms import Iri, Literal, Table
from policygraph.vocab import BASE, OWL, RDF, RDFS, SKOS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from policygraph.graph.memory import Graph
    from policygraph.model.terms import Term

_COUNTS = {
    "triples": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
    "entities": f'SELECT (COUNT(DISTINCT ?s) AS ?n) {{ ?s ?p ?o FILTER(isIRI(?s) && STRSTARTS(STR(?s), "{BASE}")) }}',
    "subjects": "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s ?p ?o }",
    "objects": "SELECT (COUNT(DISTINCT ?o) AS ?n) { ?s ?p ?o }",
}
_CLASSES = f"SELECT ?c (COUNT(DISTINCT ?s) AS ?n) {{ ?s <{RDF.type}> ?c }} GROUP BY ?c ORDER BY ?c"
_PROPERTIES = "SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p ORDER BY ?p"
_LINKING = (SKOS.exactMatch, SKOS.closeMatch, SKOS.relatedMatch, SKOS.broadMatch, OWL.sameAs, RDFS.subClassOf)
_LINKS = f"""SELECT ?p ?o {{ VALUES ?p {{ {" ".join(f"<{p}>" for p in _LINKING)} }} ?s ?p ?o .
  FILTER(isIRI(?s) && isIRI(?o) && STRSTARTS(STR(?s), "{BASE}") && !STRSTARTS(STR(?o), "{BASE}")) }}"""


@dataclass(frozen=True, slots=True)
class Links:
    """Statements of one predicate into one other vocabulary or dataset."""

    predicate: str
    space: str
    triples: int


@dataclass(frozen=True, slots=True)
class Figures:
    """What there is in a graph.

    Attributes:
        triples: Statements.
        entities: Things below the base that something is said of.
        subjects: Distinct subjects, blank nodes included.
        objects: Distinct objects.
        classes: Class → how many things are of it.
        properties: Property → in how many statements it stands.
        links: Links to others.
    """

    triples: int
    entities: int
    subjects: int
    objects: int
    classes: Mapping[str, int]
    properties: Mapping[str, int]
    links: tuple[Links, ...]

    @property
    def vocabularies(self) -> tuple[str, ...]:
        """Namespaces of the classes and properties."""
        return tuple(sorted({namespace(term) for term in (*self.classes, *self.properties)}))


def count(graph: Graph) -> Figures:
    """Count what there is in a graph."""
    single = {name: next(iter(_counted(graph, query).values()), 0) for name, query in _COUNTS.items()}
    linked = Counter((p.value, namespace(o.value)) for p, o in _rows(graph, _LINKS) if p is not None and o is not None)
    return Figures(
        **single,
        classes=_counted(graph, _CLASSES),
        properties=_counted(graph, _PROPERTIES),
        links=tuple(Links(predicate, space, number) for (predicate, space), number in sorted(linked.items())),
    )


def namespace(term: str) -> str:
    """Return the namespace of a term."""
    return term[: max(term.rfind("#"), term.rfind("/")) + 1]


def _rows(graph: Graph, query: str) -> tuple[tuple[Term | None, ...], ...]:
    found = graph.query(query)
    return found.rows if isinstance(found, Table) else ()


def _counted(graph: Graph, query: str) -> dict[str, int]:
    """Return the counts of a query by what is counted; a blank node, such as a class without a name, is left out."""
    found = {}
    for *key, number in _rows(graph, query):
        if isinstance(number, Literal) and all(isinstance(term, Iri) for term in key):
            found[key[0].value if key and key[0] is not None else ""] = int(number.value)
    return found
