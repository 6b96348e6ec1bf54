"""Which clauses of a policy rest on which field of a kind: those behind the conditions and amounts that read it."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from policygraph.engine.reading import Reading
from policygraph.model.terms import Iri
from policygraph.vocab import PG, PROV

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from policygraph.app.kinds import About, Clause
    from policygraph.graph.memory import Graph
    from policygraph.model.terms import Term
    from policygraph.store.base import Store


class FieldClauses:
    """Finds the clauses behind fields.

    Args:
        graph: The policy graph.
        store: The same as a store.
    """

    def __init__(self, graph: Graph, store: Store) -> None:
        self._graph, self._reading = graph, Reading(store)

    def of(self, about: About) -> Mapping[tuple[str, str], tuple[Clause, ...]]:
        """Return (child table, field) → clauses, in the order of the text; the table is '' for the record itself."""
        known = {clause.provision.iri: clause for rule in about.rules for clause in rule.clauses}
        found: dict[tuple[str, str], dict[str, Clause]] = defaultdict(dict)
        for rule in about.rules:
            for node in self._nodes(rule.rule.iri):
                grounds = [known[p.value] for p in self._objects(node, PROV.wasDerivedFrom) if p.value in known]
                for read in self._reading.reads(node.value):
                    found[read.table, read.field] |= {clause.provision.iri: clause for clause in grounds}
        return {key: tuple(sorted(own.values(), key=lambda c: (c.start, c.provision.iri))) for key, own in found.items()}

    def _nodes(self, rule: str) -> Iterator[Term]:
        """Yield the conditions and amounts of a rule."""
        for alternative in self._objects(Iri(rule), PG.hasAlternative):
            for property_ in (PG.hasCondition, PG.amount):
                yield from self._objects(alternative, property_)

    def _objects(self, node: Term, property_: str) -> list[Term]:
        return sorted(self._graph.objects(node, property_), key=lambda term: term.value)
