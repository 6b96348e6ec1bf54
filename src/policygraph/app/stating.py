"""The facts of a record as they were submitted, in words, each with its place."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from policygraph.errors import Text
from policygraph.model.answers import Named
from policygraph.model.submitted import Stated

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from policygraph.model.places import Place
    from policygraph.model.terms import Term
    from policygraph.records.kinds import Field, Kind
    from policygraph.records.record import Record


def stated(record: Record, kinds: Mapping[str, Kind], wording: Callable[[Term], Text]) -> tuple[Stated, ...]:
    """Return what a record states, in the order of its kind's fields, with the rows of a child table in the place of their field.

    Args:
        record: The record.
        kinds: Kinds by class IRI, those of rows too.
        wording: Says a value as people read it.
    """
    return tuple(_Stating(record, kinds, wording).node(record.iri, record.kind))


class _Stating:
    def __init__(self, record: Record, kinds: Mapping[str, Kind], wording: Callable[[Term], Text]) -> None:
        self._record, self._kinds, self._wording = record, kinds, wording
        self._values: dict[str, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
        for subject, predicate, value in record.triples:
            self._values[subject.value][predicate.value].append(value)
        self._refused: dict[tuple[str, str], list[Term]] = defaultdict(list)
        for refusal in record.refused:
            self._refused[refusal.row or record.iri, refusal.statement[1].value].append(refusal.statement[2])

    def node(self, iri: str, kind: Kind) -> Iterator[Stated]:
        for field in kind.fields:
            values = self._values[iri].get(field.path, [])
            if field.row_class in self._kinds:
                for row in values:
                    yield from self.node(row.value, self._kinds[field.row_class])
                continue
            for value in (*values, *self._refused.get((iri, field.path), ())):
                yield self._stated(iri, field, self._wording(value))

    def _stated(self, iri: str, field: Field, value: Text) -> Stated:
        row = "" if iri == self._record.iri else Named(iri, Text("", "")).short
        return Stated(Named(field.path, field.name), value, self._place(iri, field.path), row)

    def _place(self, iri: str, path: str) -> Place | None:
        origin = self._record.origins.get(iri)
        return origin.place(path) if origin else None
