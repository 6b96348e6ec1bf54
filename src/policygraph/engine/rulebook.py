"""Rules as plain values, for those who search among facts: alternatives, conditions, expressions, numbers and code lists.

What a rule says of a record is decided by the CONSTRUCTs alone; this only reads how it is written.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from policygraph.engine.operators import OPERATORS
from policygraph.vocab import PG, RDF, SKOS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from policygraph.model.terms import Term
    from policygraph.store.base import Store

_ALTERNATIVES = f"""
SELECT ?rule ?alternative ?condition WHERE {{
  ?rule <{PG.hasAlternative}> ?alternative . ?alternative <{PG.hasCondition}> ?condition
}} ORDER BY ?rule ?alternative ?condition"""
_PARAMETERS = f"""
SELECT ?parameter ?set ?value ?unit ?threshold ?from ?until ?dimension ?at WHERE {{
  ?parameter <{PG.inSet}> ?set ; <{PG.value}> ?value .
  OPTIONAL {{ ?parameter <{PG.unit}> ?unit }} OPTIONAL {{ ?parameter <{PG.threshold}> ?threshold }}
  OPTIONAL {{ ?parameter <{PG.validFrom}> ?from }} OPTIONAL {{ ?parameter <{PG.validUntil}> ?until }}
  OPTIONAL {{ ?set <{PG.dimension}> ?dimension . ?parameter ?dimension ?at }}
}} ORDER BY ?set ?parameter ?dimension"""
_AMOUNTS = f"SELECT ?alternative ?amount WHERE {{ ?alternative <{PG.amount}> ?amount }} ORDER BY ?alternative"
_UNITS = f"""
SELECT DISTINCT ?rule ?unit WHERE {{
  ?rule <{PG.hasAlternative}> ?alternative . ?alternative <{PG.amount}> ?amount .
  ?amount (<{PG.left}>|<{PG.right}>|<{PG.operand}>|<{PG.each}>)*/<{PG.parameterSet}> ?set . ?parameter <{PG.inSet}> ?set ; <{PG.unit}> ?unit
}} ORDER BY ?rule ?unit"""
_BROADER = f"SELECT ?code ?concept WHERE {{ ?code <{SKOS.broaderTransitive}> ?concept }} ORDER BY ?concept ?code"
_UNKNOWN = f"SELECT ?code WHERE {{ ?code a <{PG.UnknownCode}> }} ORDER BY ?code"


class FieldLike(Protocol):
    """What a search needs to know of a field; `records.kinds.Field` is one."""

    @property
    def path(self) -> str:
        """IRI of the predicate."""

    @property
    def datatype(self) -> str:
        """IRI of the datatype, '' for codes and child tables."""

    @property
    def codes(self) -> tuple[str, ...]:
        """IRIs of its codes."""

    @property
    def row_class(self) -> str:
        """IRI of the class of rows of a child table, '' if none."""

    @property
    def least(self) -> str:
        """Smallest value accepted, '' if none."""

    @property
    def most(self) -> str:
        """Greatest value accepted, '' if none."""

    @property
    def not_future(self) -> bool:
        """Whether a date must not lie after the as-of day."""

    @property
    def changeable(self) -> bool:
        """Whether a stated fact can still change."""

    @property
    def order(self) -> int:
        """Place among the fields."""


class KindLike(Protocol):
    """What a search needs to know of a kind of record or row."""

    def field(self, path: str) -> FieldLike | None:
        """Return the field with a predicate, if the kind has it."""


@dataclass(frozen=True, slots=True)
class Node:
    """A condition or expression: its operator and its properties by local name."""

    iri: str
    operator: str
    values: Mapping[str, tuple[Term, ...]]

    def all(self, name: str) -> tuple[str, ...]:
        """Return the values of a property."""
        return tuple(term.value for term in self.values.get(name, ()))

    def one(self, name: str) -> str:
        """Return the first value of a property, '' if none."""
        return next(iter(self.all(name)), "")


@dataclass(frozen=True, slots=True)
class Number:
    """A parameter: its value, where in its table it stands, from which threshold, and when it is valid (half-open)."""

    value: Term
    unit: str
    threshold: Term | None
    at: Mapping[str, Term]
    valid_from: str
    valid_until: str


class Rulebook:
    """How the rules in a store are written.

    Attributes:
        nodes: Conditions and expressions by IRI.
        alternatives: By rule, each alternative with its conditions.
        amounts: By alternative, the expression of what it gives.
        numbers: By parameter set.
        units: Units of the numbers from which a rule's amounts are made.
        narrower: Codes under a concept, the concept itself among them.
        unknown: Codes that say a fact is not known.
    """

    def __init__(self, store: Store) -> None:
        self.nodes = _read_nodes(store)
        found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for row in store.select(_ALTERNATIVES).dicts():
            found[row["rule"].value][row["alternative"].value].append(row["condition"].value)
        self.alternatives: Mapping[str, Mapping[str, tuple[str, ...]]] = {
            rule: {alternative: tuple(conditions) for alternative, conditions in own.items()} for rule, own in found.items()
        }
        self.amounts = {row["alternative"].value: row["amount"].value for row in store.select(_AMOUNTS).dicts()}
        self.numbers = _read_numbers(store)
        units: dict[str, list[str]] = defaultdict(list)
        for row in store.select(_UNITS).dicts():
            units[row["rule"].value].append(row["unit"].value)
        self.units: Mapping[str, tuple[str, ...]] = {rule: tuple(own) for rule, own in units.items()}
        narrower: dict[str, list[str]] = defaultdict(list)
        for row in store.select(_BROADER).dicts():
            narrower[row["concept"].value].append(row["code"].value)
        self.narrower: Mapping[str, tuple[str, ...]] = {c: tuple(dict.fromkeys((c, *codes))) for c, codes in narrower.items()}
        self.unknown = frozenset(row["code"].value for row in store.select(_UNKNOWN).dicts())


def read_properties(store: Store, types: Iterable[str] = OPERATORS) -> dict[str, dict[str, list[Term]]]:
    """Return what is written of the nodes of some types of the schema: their types and its properties, by node and property."""
    query = f"""
SELECT ?node ?property ?value WHERE {{
  ?node a ?type ; ?property ?value .
  VALUES ?type {{ {" ".join(f"<{PG[name]}>" for name in types)} }}
  FILTER(STRSTARTS(STR(?property), "{PG}") || ?property = <{RDF.type}>)
}} ORDER BY ?node ?property STR(?value)"""
    found: dict[str, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
    for row in store.select(query).dicts():
        values = found[row["node"].value][row["property"].value]
        if row["value"] not in values:  # a node of two types comes twice
            values.append(row["value"])
    return found


def _read_nodes(store: Store) -> dict[str, Node]:
    found = {}
    for node, properties in read_properties(store).items():
        operator = next(name for t in properties.pop(RDF.type) if (name := t.value.removeprefix(PG)) in OPERATORS)
        found[node] = Node(node, operator, {path.removeprefix(PG): tuple(values) for path, values in properties.items()})
    return found


def _read_numbers(store: Store) -> Mapping[str, tuple[Number, ...]]:
    rows: dict[tuple[str, str], list[dict[str, Term]]] = defaultdict(list)
    for row in store.select(_PARAMETERS).dicts():
        rows[row["set"].value, row["parameter"].value].append(row)
    found: dict[str, list[Number]] = defaultdict(list)
    for (parameter_set, _), own in rows.items():
        text = {name: term.value for name, term in own[0].items()}
        at = {row["dimension"].value: row["at"] for row in own if "dimension" in row}
        threshold = own[0].get("threshold")
        number = Number(own[0]["value"], text.get("unit", ""), threshold, at, text.get("from", ""), text.get("until", ""))
        found[parameter_set].append(number)
    return {parameter_set: tuple(numbers) for parameter_set, numbers in found.items()}
