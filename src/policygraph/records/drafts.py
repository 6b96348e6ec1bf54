"""Rows of tables and objects of JSON on their way to records: what they state is understood, and where it stands is kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from policygraph.model.terms import Iri, Literal, local_name
from policygraph.records.cells import Complaint, UnitWatch, interpret_all
from policygraph.records.complaints import complain
from policygraph.records.copying import NAMES_NO_FIELD
from policygraph.records.near import described, near
from policygraph.records.record import RECORD, Record, Refusal
from policygraph.vocab import PG, RDF, XSD

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator

    from policygraph.errors import Text
    from policygraph.model.terms import Term, Triple
    from policygraph.records.codebook import CodeBook
    from policygraph.records.headers import Headings
    from policygraph.records.kinds import Field, Kind
    from policygraph.records.origins import Origin
    from policygraph.records.raw import Cell

_TYPE = Iri(RDF.type)
_NUMERIC = frozenset({XSD.integer, XSD.decimal})


@dataclass(frozen=True, slots=True)
class Part:
    """What one row states: a record, or a row of a child table.

    Attributes:
        kind: Kind of the row.
        values: Field and what its cell states; a complaint where that cannot be understood.
        bare: Numeric cells with the column they stand in: whether their unit is clear is known when all of the column was seen.
        origin: Where the row stands.
        children: Field of a child table and a row of it.
    """

    kind: Kind
    values: tuple[tuple[Field, Term | Complaint], ...]
    bare: tuple[tuple[Hashable, Field, Cell], ...]
    origin: Origin
    children: tuple[tuple[Field, Part], ...] = ()

    @property
    def empty(self) -> bool:
        """Whether it states nothing at all."""
        return not self.values and not self.children


@dataclass(frozen=True, slots=True)
class Draft:
    """A record to be.

    Attributes:
        part: What it states.
        key: What numbers it in its table, '' if nothing.
        source: What the file calls it, '' if nothing.
    """

    part: Part
    key: str = ""
    source: str = ""


class Drafting:
    """Understands cells, and makes records of drafts once all of a file was seen.

    Args:
        known: Headings of all kinds.
        codes: Names of codes and units.
    """

    def __init__(self, known: Headings, codes: CodeBook) -> None:
        self._known, self._codes = known, codes
        self._watches: dict[Hashable, UnitWatch] = {}

    def part(self, kind: Kind, cells: Iterable[tuple[Field, str, Hashable, Cell]], origin: Origin) -> Part:
        """Return what a row states.

        Args:
            kind: Kind of the row.
            cells: Field, unit that the heading states, column, and cell; those that are not empty.
            origin: Where the row stands.
        """
        values: list[tuple[Field, Term | Complaint]] = []
        bare: list[tuple[Hashable, Field, Cell]] = []
        for field, unit, column, cell in cells:
            found = interpret_all(cell, field, self._codes, unit)
            values += [(field, value) for value in found]
            if field.datatype in _NUMERIC and found:
                if column not in self._watches:
                    self._watches[column] = UnitWatch(unit)
                self._watches[column].see(cell)
                bare.append((column, field, cell))
        return Part(kind, tuple(values), tuple(bare), origin)

    def record(self, draft: Draft, position: int, rows: Iterable[tuple[Field, Part]] = ()) -> Record:
        """Return the record that a draft makes.

        Args:
            draft: The draft.
            position: Its place among all records submitted.
            rows: Rows of its child tables that stood elsewhere.
        """
        iri = f"{RECORD}{position}"
        kind = draft.part.kind
        triples: list[Triple] = [(Iri(iri), _TYPE, Iri(kind.iri))]
        refused: list[Refusal] = []
        origins = {iri: draft.part.origin}
        self._state(draft.part, iri, iri, kind, triples, refused)
        numbers: dict[str, int] = {}
        for field, part in (*draft.part.children, *rows):
            numbers[field.path] = numbers.get(field.path, 0) + 1
            row = f"{iri}-{local_name(field.path)}-{numbers[field.path]}"
            origins[row] = part.origin
            triples += [(Iri(iri), Iri(field.path), Iri(row)), (Iri(row), _TYPE, Iri(part.kind.iri))]
            self._state(part, row, iri, kind, triples, refused)
        return Record(iri, position, draft.source, kind, tuple(dict.fromkeys(triples)), origins, tuple(refused))

    def _state(self, part: Part, iri: str, record: str, kind: Kind, triples: list[Triple], refused: list[Refusal]) -> None:
        """Add what a part states, and what of it is refused."""
        unclear = dict(self._unclear(part))
        for field, complaint in unclear.items():
            refused.append(_refusal(complaint, field, iri, record))
        for field, value in part.values:
            said = self._named(value, kind) if field.names_field and isinstance(value, Literal) else value
            if isinstance(said, Complaint):
                refused.append(_refusal(said, field, iri, record))
            elif field not in unclear:
                triples.append((Iri(iri), Iri(field.path), said))

    def _unclear(self, part: Part) -> Iterator[tuple[Field, Complaint]]:
        for column, field, cell in part.bare:
            if (complaint := self._watches[column].complaint(cell, field, self._codes)) is not None:
                yield field, complaint

    def _named(self, value: Literal, kind: Kind) -> Literal | Complaint:
        """Return the short name of the record's field that a text names."""
        if (field := self._known.field(kind, value.value)) is not None and field.path != PG.evidence:
            return Literal(local_name(field.path))
        labels: dict[str, Text] = {local_name(f.path): f.name for f in kind.fields if f.path != PG.evidence}
        close = near(value.value, labels)
        return complain(value.value, NAMES_NO_FIELD.format(name=value.value), described(close or tuple(labels)[:8], labels))


def _refusal(complaint: Complaint, field: Field, iri: str, record: str) -> Refusal:
    statement = Iri(iri), Iri(field.path), Literal(complaint.shown)
    return Refusal(record, statement, complaint.message, complaint.mending, "" if iri == record else iri, field.shape)
