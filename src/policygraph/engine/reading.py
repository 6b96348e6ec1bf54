"""What the nodes of the rules read of a record: which fields, on the record itself or on the rows of a child table."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from policygraph.engine.operators import OPERATORS
from policygraph.engine.rulebook import read_properties
from policygraph.vocab import PG, RDF

if TYPE_CHECKING:
    from policygraph.store.base import Store

_DIMENSIONS = f"SELECT ?set ?field WHERE {{ ?set <{PG.dimension}> ?field }} ORDER BY ?set ?field"
_DATES = f"""
SELECT ?kind ?field WHERE {{ ?shape <{PG.onClass}> ?kind ; ?property ?field .
  VALUES ?property {{ <{PG.factDateField}> <{PG.factYearField}> }} }} ORDER BY ?kind ?field"""
# What a node may refer to besides its operands: how a delegation reaches the conditions of the other rule.
_DELEGATION = frozenset({PG.rule, PG.hasAlternative, PG.hasCondition})
_NEVER_FOLLOWED = frozenset({PG.parameterSet, PG.allowed, PG.concept, PG.otherwise, PG.aggregate})


@dataclass(frozen=True, slots=True)
class Read:
    """One thing that a node reads.

    Attributes:
        table: Child table on whose rows it is read, '' for the record itself.
        field: The field, '' for the date of the fact, by which a number is picked.
    """

    table: str
    field: str


class Reading:
    """Knows what conditions and amounts read; computed from the rules' nodes when first asked for.

    Args:
        store: Holds the policy graph.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: dict[tuple[str, str], frozenset[Read]] = {}

    @cached_property
    def _nodes(self) -> dict[str, dict[str, list[str]]]:
        found = read_properties(self._store, ("AlgebraNode", "Alternative", "Rule"))
        return {node: {path: [value.value for value in values] for path, values in own.items()} for node, own in found.items()}

    @cached_property
    def _dimensions(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for row in self._store.select(_DIMENSIONS).dicts():
            found[row["set"].value].append(row["field"].value)
        return found

    @cached_property
    def dates(self) -> dict[str, str]:
        """Field that holds the date or year of the fact, by kind."""
        return {row["kind"].value: row["field"].value for row in self._store.select(_DATES).dicts()}

    def operator(self, node: str) -> str:
        """Return the name of a node's operator, '' if it has none."""
        types = (t.removeprefix(PG) for t in self._nodes.get(node, {}).get(RDF.type, []))
        return next((t for t in types if t in OPERATORS), "")

    def is_optional(self, node: str) -> bool:
        """Say whether a condition matters only when its fact is stated."""
        return self.value(node, PG.optional) == "true"

    def value(self, node: str, property_: str) -> str:
        """Return the value of a property of a node, '' if none."""
        return next(iter(self._nodes.get(node, {}).get(property_, [])), "")

    def reads(self, node: str, table: str = "") -> frozenset[Read]:
        """Return what a node reads, its operands included; on the rows of a table when it is evaluated there."""
        key = node, table
        if key not in self._known:
            self._known[key] = frozenset()  # a rule that delegates in a circle reads nothing more
            self._known[key] = frozenset(self._collect(node, table))
        return self._known[key]

    def _collect(self, node: str, table: str) -> set[Read]:
        own = self._nodes.get(node, {})
        operator = OPERATORS.get(self.operator(node))
        below = own.get(PG.rows, [""])[0]
        by_row = {PG[name] for name in (*operator.row_operands, "groupBy", "orderField")} if operator and below else set()
        found: set[Read] = {Read(table, below)} if below else set()
        for parameters in own.get(PG.parameterSet, []):
            found |= {Read(table, ""), *(Read(table, field) for field in self._dimensions.get(parameters, []))}
        for property_, values in own.items():
            if property_ in _NEVER_FOLLOWED or property_ in {PG.rows, RDF.type}:
                continue
            for value in values:
                if value in self._nodes:
                    if operator is not None or property_ in _DELEGATION:
                        found |= self.reads(value, below if property_ in by_row else table)
                elif operator is not None:
                    found.add(Read(below if property_ in by_row else table, value))
        return found
