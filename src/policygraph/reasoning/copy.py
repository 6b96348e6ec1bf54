"""The copy of the graph that OWL reasoners read.

The graph itself is richer than OWL 2 DL. What a reasoner cannot take is left out of its copy, and counted:

- `dates`: literals of XSD's calendar types, and ranges that name them. They are outside OWL 2's datatype map; HermiT
  stops at xsd:date and xsd:gYear. SHACL checks them instead.
- `plain properties`: statements with a predicate that is an rdf:Property and no OWL property (`pg:value` holds a
  literal or a concept, the `…List` properties point at an RDF list), and the descriptions of these predicates. OWL 2
  DL knows no such property.
- `list cells`: RDF list cells that only such statements led to. In OWL 2 DL lists are syntax of axioms, not data.
- `headers`: ontology headers. One document is one ontology; the copy has a header of its own.

Everything else is kept as it stands, so that an undeclared or misused term still shows as a profile violation.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from policygraph.graph.serialising import serialise
from policygraph.model.terms import Iri, Literal, Term, Triple
from policygraph.vocab import BASE, OWL, RDF, RDFS, XSD

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

CALENDAR = frozenset(
    XSD[name]
    for name in (
        *("date", "time", "gYear", "gYearMonth", "gMonth", "gMonthDay", "gDay"),
        *("duration", "dayTimeDuration", "yearMonthDuration"),
    )
)
OWL_PROPERTIES = frozenset(OWL[name] for name in ("ObjectProperty", "DatatypeProperty", "AnnotationProperty"))
HEADER = (Iri(BASE + "reasoner-copy"), Iri(RDF.type), Iri(OWL.Ontology))
_TYPE, _FIRST, _REST, _RANGE = Iri(RDF.type), Iri(RDF.first), Iri(RDF.rest), Iri(RDFS.range)


@dataclass(frozen=True, slots=True)
class ReasonerCopy:
    """What a reasoner reads: the triples kept, and how many were left out for which reason."""

    triples: frozenset[Triple]
    left_out: dict[str, int]

    @property
    def terms(self) -> frozenset[str]:
        """IRIs of the classes and properties that the copy declares."""
        return frozenset(t.value for t in _subjects(self.triples, {OWL.Class, *OWL_PROPERTIES}) if isinstance(t, Iri))

    def ntriples(self) -> str:
        """Return the copy as N-Triples; the same graph gives the same text."""
        return serialise(self.triples, "ntriples")


def reasoner_copy(graph: Iterable[Triple]) -> ReasonerCopy:
    """Return the part of a graph that is OWL 2 DL.

    Args:
        graph: Schema, concept schemes and policy data together.
    """
    triples = set(graph)
    headers = _subjects(triples, {OWL.Ontology})
    plain = _subjects(triples, {RDF.Property}) - _subjects(triples, OWL_PROPERTIES)
    rules: dict[str, Callable[[Triple], bool]] = {
        "headers": lambda t: t[0] in headers,
        "plain properties": lambda t: t[1] in plain or t[0] in plain,
        "dates": _names_calendar,
    }
    left_out = {}
    for name, is_left_out in rules.items():
        dropped = {triple for triple in triples if is_left_out(triple)}
        triples -= dropped
        left_out[name] = len(dropped)
    cells = _unreached_cells(triples)
    left_out["list cells"] = len(cells)
    return ReasonerCopy(frozenset((triples - cells) | {HEADER}), left_out)


def _subjects(triples: Iterable[Triple], types: Iterable[str]) -> set[Term]:
    wanted = {Iri(name) for name in types}
    return {s for s, p, o in triples if p == _TYPE and o in wanted}


def _names_calendar(triple: Triple) -> bool:
    _, predicate, value = triple
    if isinstance(value, Literal):
        return value.datatype in CALENDAR
    return predicate == _RANGE and isinstance(value, Iri) and value.value in CALENDAR


def _unreached_cells(triples: set[Triple]) -> set[Triple]:
    """Return the list cells that no statement outside the lists leads to."""
    cells: dict[Term, list[Triple]] = {}
    for triple in triples:
        if triple[1] in (_FIRST, _REST):
            cells.setdefault(triple[0], []).append(triple)
    waiting = [o for _, p, o in triples if o in cells and p not in (_FIRST, _REST)]
    while waiting:
        cell = cells.pop(waiting.pop(), [])
        waiting += [o for _, _, o in cell if o in cells]
    return {triple for cell in cells.values() for triple in cell}
