"""Generates records of any kind from its shape: codes, values at the edges of the policies' numbers, and what its rules ask for."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, cached_property
from random import Random
from typing import TYPE_CHECKING

from policygraph.model.terms import Iri, Literal
from policygraph.records.record import Record
from policygraph.store.embedded import EmbeddedStore
from policygraph.vocab import BASE, PG, RDF, XSD

if TYPE_CHECKING:
    from policygraph.graph.memory import Graph
    from policygraph.model.terms import Term, Triple
    from policygraph.records.kinds import Field, Kind

# A record's facts: field → value, or the facts of each row of a child table.
Facts = dict[str, "Term | list[Facts]"]
STEP = {XSD.integer: Decimal(1), XSD.decimal: Decimal("0.000001")}
WORDS = ("甲", "乙")
# How often a field is stated, how often a record is made for an alternative, and how often it then has what a condition asks for.
STATED, MEETING, MET = 0.75, 0.7, 0.9
_ALLOWED = f"SELECT ?field ?value WHERE {{ ?condition <{PG.field}> ?field ; <{PG.allowed}> ?value }} ORDER BY ?field ?value"
_ASKED = f"""
SELECT ?kind ?alternative ?condition ?field ?value WHERE {{
  ?rule <{PG.forKind}> ?kind ; <{PG.hasAlternative}> ?alternative .
  ?alternative <{PG.hasCondition}> ?condition . ?condition <{PG.field}> ?field ; <{PG.allowed}> ?value .
}} ORDER BY ?kind ?alternative ?condition ?field ?value"""
# Sorted by their words: Oxigraph dies when it sorts numbers beside days.
_NUMBERS = f"SELECT DISTINCT ?value WHERE {{ ?parameter a <{PG.Parameter}> ; <{PG.value}>|<{PG.threshold}> ?value }} ORDER BY STR(?value)"


@dataclass(frozen=True, eq=False)
class Generator:
    """Draws records of a graph's kinds."""

    graph: Graph
    kinds: dict[str, Kind]

    @cached_property
    def _store(self) -> EmbeddedStore:
        return EmbeddedStore(self.graph)

    @cached_property
    def _allowed(self) -> dict[str, list[Term]]:
        found: dict[str, list[Term]] = defaultdict(list)
        for row in self._store.select(_ALLOWED).dicts():
            found[row["field"].value].append(row["value"])
        return found

    @cached_property
    def _asked(self) -> dict[str, list[dict[str, list[Term]]]]:
        """Kind → what each alternative of its rules asks for: field → values."""
        found: dict[str, dict[str, dict[str, list[Term]]]] = defaultdict(lambda: defaultdict(lambda: defaultdict(list)))
        for row in self._store.select(_ASKED).dicts():
            found[row["kind"].value][row["alternative"].value][row["field"].value].append(row["value"])
        return {kind: list(alternatives.values()) for kind, alternatives in found.items()}

    @cached_property
    def _numbers(self) -> list[Term]:
        return [row["value"] for row in self._store.select(_NUMBERS).dicts()]

    # ---------------------------------------------------------------- values
    @cache  # noqa: B019 - generators live as long as the tests
    def values(self, field: Field) -> list[Term]:
        """Return the values worth trying in a field that is no child table."""
        own = [*self._allowed[field.path], *map(Iri, field.codes)]
        match field.datatype:
            case XSD.boolean:
                own += [Literal("true", XSD.boolean), Literal("false", XSD.boolean)]
            case XSD.date:
                own += [Literal(day.isoformat(), XSD.date) for day in self._days()]
            case XSD.integer | XSD.decimal:
                own += [Literal(f"{number:f}", field.datatype) for number in self._amounts(field)]
            case XSD.string:
                own += [Literal(word) for word in WORDS]
        return list(dict.fromkeys(own))

    def _days(self) -> list[dt.date]:
        edges = [dt.date.fromisoformat(t.value) for t in self._numbers if isinstance(t, Literal) and t.datatype == XSD.date]
        near = {edge + dt.timedelta(days=days) for edge in edges for days in (-1, 0, 1)}
        return sorted(near | {dt.date(2023, 8, 21), dt.date(2024, 12, 31), dt.date(2025, 6, 30)})

    def _amounts(self, field: Field) -> list[Decimal]:
        step = STEP[field.datatype]
        edges = [Decimal(t.value) for t in self._numbers if isinstance(t, Literal) and t.datatype in STEP]
        near = {edge + step * steps for edge in edges for steps in (-1, 0, 1)} | {
            Decimal(n) for n in (0, 1, 2, 3, 10, 100, 2023, 2024, 2025)
        }
        least, most = Decimal(field.least or "0"), Decimal(field.most or "1000000000")
        return sorted(n for n in near if least <= n <= most and (field.datatype == XSD.decimal or n == n.to_integral_value()))

    # ---------------------------------------------------------------- records
    def facts(self, kind: Kind, chance: Random) -> Facts:
        """Draw a record's facts: any values, or what one alternative asks for with some of it changed or left out."""
        found: Facts = {}
        for field in kind.fields:
            if field.row_class:
                rows = [self.facts(self.kinds[field.row_class], chance) for _ in range(chance.randint(0, 2))]
                found |= {field.path: rows} if rows else {}
            elif (values := self.values(field)) and chance.random() < STATED:
                found[field.path] = chance.choice(values)
        wanted = chance.choice(self._asked[kind.iri]) if kind.iri in self._asked and chance.random() < MEETING else {}
        for path, values in wanted.items():
            if kind.field(path) and chance.random() < MET:
                found[path] = chance.choice(values)
        return found

    def batch(self, kind: Kind, seed: int, size: int) -> list[Facts]:
        """Draw the facts of several records; the same seed gives the same ones."""
        chance = Random(f"{kind.iri} {seed}")  # noqa: S311 - no secret
        return [self.facts(kind, chance) for _ in range(size)]

    def record(self, kind: Kind, facts: Facts, number: int) -> Record:
        """Build a record in memory."""
        iri = f"{BASE}submission#record-{number}"
        return Record(iri, number, f"#{number}", kind, tuple(self._triples(kind, facts, iri)))

    def _triples(self, kind: Kind, facts: Facts, iri: str) -> list[Triple]:
        found: list[Triple] = [(Iri(iri), Iri(RDF.type), Iri(kind.iri))]
        for path, value in facts.items():
            field = kind.field(path)
            assert field is not None
            if not isinstance(value, list):
                found.append((Iri(iri), Iri(path), value))
                continue
            for place, row in enumerate(value, 1):
                own = f"{iri}-{path.rpartition('#')[2]}-{place}"
                found += [(Iri(iri), Iri(path), Iri(own)), *self._triples(self.kinds[field.row_class], row, own)]
        return found
