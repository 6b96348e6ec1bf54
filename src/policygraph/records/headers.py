"""Which field each column of a table holds.

A heading matches a field's names exactly, once width, case, blanks, marks and its unit are set aside; a near miss is named, never taken.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from policygraph.errors import InputError, Text
from policygraph.model.places import letters
from policygraph.model.terms import local_name
from policygraph.records import headings
from policygraph.records.near import described, near
from policygraph.records.numbers import fits
from policygraph.records.quantities import unit_of
from policygraph.vocab import XSD

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from policygraph.records.codebook import CodeBook
    from policygraph.records.kinds import Field, Kind

KEYS = frozenset({"序号", "编号", "no", "number", "#"})
OWNERS = frozenset({"所属序号", "所属编号", "belongstono", "belongsto"})
KINDS = frozenset({"申报种类", "记录种类", "种类", "kind", "kindofsubmission"})
NUMERIC = frozenset({XSD.integer, XSD.decimal})

UNKNOWN = Text("该种申报没有“{header}”这一列，未读取。", "This kind of submission has no column “{header}”; it was not read.")
MEANT = Text("是否指：{near}？如是，请改列名。", "Did you mean: {near}? If so, correct the heading.")
NEEDLESS = Text("如需读取，请以字段名作列名。", "To have it read, use a field's name as the heading.")
WRONG_UNIT = Text(
    "列名中的单位“{unit}”不是字段“{field}”的单位，该列未读取。",
    "The unit “{unit}” in the heading is not that of “{field}”; the column was not read.",
)
RIGHT_UNIT = Text("请改用该字段的单位。", "Use the unit of the field.")
TWICE = Text("{one}与{other}是同一个字段“{field}”。", "{one} and {other} are the same field, “{field}”.")
KEEP_ONE = Text("请只保留其中一列。", "Keep one of these columns.")
TWO_UNITS = Text(
    "表头上方注明单位“{note}”，{column}却注明“{unit}”。",
    "The line above the headings states the unit “{note}”, but {column} states “{unit}”.",
)
ONE_UNIT = Text("请只保留正确的单位。", "Keep the unit that is right.")
PLACED = Text("{letters} 列“{header}”", "column {letters} “{header}”")


@dataclass(frozen=True, slots=True)
class Column:
    """A column that holds a field.

    Attributes:
        number: Its place, from 1.
        header: Its heading as written.
        field: The field.
        unit: Unit of its bare numbers as the heading states it, '' if it states none.
        child: Field of the child table to whose row it belongs, None for the record's own fields.
        row: Number of that row.
    """

    number: int
    header: str
    field: Field
    unit: str = ""
    child: Field | None = None
    row: int = 0


@dataclass(frozen=True, slots=True)
class Stray:
    """A column that is not read.

    Attributes:
        number: Its place, from 1.
        header: Its heading as written.
        why: Why it is not read.
        mending: What to do.
    """

    number: int
    header: str
    why: Text
    mending: Text


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a table.

    Attributes:
        fields: Those that hold fields, in their order.
        strays: Those that are not read.
        key: Place of the column that numbers the rows, 0 if none.
        owner: Place of the column that names the record to which a row of a child table belongs, 0 if none.
        kind: Place of the column that names the kind of each row, 0 if none.
    """

    fields: tuple[Column, ...]
    strays: tuple[Stray, ...] = ()
    key: int = 0
    owner: int = 0
    kind: int = 0

    @classmethod
    def of(cls, kind: Kind, headers: Sequence[str], known: Headings, note: str = "", where: str = "") -> Columns:
        """Return the columns of a table of one kind.

        Args:
            kind: Kind of its rows.
            headers: Headings as written, '' where there is none.
            known: The headings of all kinds.
            note: Unit that a line above the headings states for all amounts.
            where: What to call the file in errors.

        Raises:
            InputError: Two columns hold one field, or a heading contradicts the line above; names the columns.
        """
        taken: dict[tuple[str, str, int], Column] = {}
        strays: list[Stray] = []
        marks = {"key": 0, "owner": 0, "kind": 0}
        for number, header in enumerate(headers, 1):
            meaning = known.meanings(header).get(kind.iri)
            if meaning is None:
                if (mark := known.mark(header)) and not marks[mark]:
                    marks[mark] = number
                elif header.strip():
                    strays.append(_stray(number, header, kind, known.codes))
            elif meaning.unit and not fits(unit_of(meaning.unit), meaning.field, known.codes):
                strays.append(Stray(number, header, WRONG_UNIT.format(unit=meaning.unit, field=meaning.field.name), RIGHT_UNIT))
            elif (earlier := taken.get(meaning.place)) is not None:
                both = {"one": _placed(earlier.number, earlier.header), "other": _placed(number, header)}
                raise InputError(TWICE.format(**both, field=meaning.field.name), KEEP_ONE, where)
            else:
                noted = note if meaning.field.datatype in NUMERIC and fits(unit_of(note), meaning.field, known.codes) else ""
                if noted and meaning.unit and unit_of(meaning.unit).power != unit_of(noted).power:
                    said = {"note": noted, "column": _placed(number, header), "unit": meaning.unit}
                    raise InputError(TWO_UNITS.format(**said), ONE_UNIT, where)
                taken[meaning.place] = Column(number, header, meaning.field, meaning.unit or noted, meaning.child, meaning.row)
        return cls(tuple(taken.values()), tuple(strays), **marks)


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a heading means in a table of one kind: a field, its unit as stated, and the row of a child table it belongs to."""

    field: Field
    unit: str = ""
    child: Field | None = None
    row: int = 0

    @property
    def place(self) -> tuple[str, str, int]:
        """What tells it from the other columns of a table."""
        return (self.field.path, self.child.path if self.child else "", self.row)


class Headings:
    """Reads headings.

    Args:
        kinds: Kinds by class IRI, those of rows too.
        codes: Names of units.
    """

    def __init__(self, kinds: Mapping[str, Kind], codes: CodeBook) -> None:
        self.kinds, self.codes = kinds, codes
        # Name → kind → the fields that go by it.
        self._names: dict[str, dict[str, dict[str, Field]]] = defaultdict(lambda: defaultdict(dict))
        for kind in kinds.values():
            for field in kind.fields:
                for name in self.names(field):
                    self._names[name][kind.iri][field.path] = field
        # The headings of one sheet are asked for many times.
        self.meanings = lru_cache(maxsize=4096)(self._meanings)

    def names(self, field: Field) -> frozenset[str]:
        """Return the names of a field as headings are compared."""
        written = (field.name.zh, field.name.en, local_name(field.path), *field.synonyms)
        each = (headings.names_of(name, self.codes, numeric=field.datatype in NUMERIC) for name in written)
        return frozenset(name for names in each for name in names)

    def field(self, kind: Kind, name: str) -> Field | None:
        """Return the field of a kind that goes by a name, None if none or several do."""
        found = self.meanings(name).get(kind.iri)
        return found.field if found and not found.child else None

    def mark(self, header: str) -> str:
        """Say whether a column numbers rows (key), names the record of a row (owner) or the kind of a row (kind); '' if none."""
        found: set[str] = set()
        for name in headings.languages(header):
            bare = headings.take_apart(name, self.codes).name
            found |= {mark for mark, names in (("key", KEYS), ("owner", OWNERS), ("kind", KINDS)) if bare in names} or {""}
        return found.pop() if len(found) == 1 else ""

    # ---------------------------------------------------------------- headings
    def _meanings(self, header: str) -> Mapping[str, Meaning]:
        """Return kind → what a heading means in its tables; a kind in which it means nothing, or two things, is left out."""
        if len(header) > headings.LONGEST:
            return {}
        return self._in_one(header) or dict(self._in_two(header))

    def _in_one(self, header: str) -> dict[str, Meaning]:
        found: dict[str, Meaning] = {}
        plain, behind = headings.take_apart(header, self.codes), headings.unit_behind(header, self.codes)
        for heading in (plain, *([behind] if behind else ())):
            for kind, fields in self._names.get(heading.name, {}).items():
                field = next(iter(fields.values()))
                if len(fields) == 1 and (heading is plain or field.datatype in NUMERIC):
                    found.setdefault(kind, Meaning(field, heading.unit))
        if child := headings.in_child(header):
            for kind, tables in self._names.get(headings.take_apart(child.child, self.codes).name, {}).items():
                table = next(iter(tables.values()))
                inner = self._in_one(child.field).get(table.row_class) if len(tables) == 1 and table.row_class else None
                if inner and not inner.child and kind not in found:
                    found[kind] = replace(inner, child=table, row=child.row)
        return found

    def _in_two(self, header: str) -> Iterator[tuple[str, Meaning]]:
        for one, other in headings.in_two(header):
            left = self._in_one(one)
            right = self._in_one(other) if left else {}
            for kind in left.keys() & right.keys():
                units = {unit_of(unit).power for unit in (left[kind].unit, right[kind].unit) if unit}
                if left[kind].place == right[kind].place and len(units) < 2:
                    yield kind, replace(left[kind], unit=left[kind].unit or right[kind].unit)


def _stray(number: int, header: str, kind: Kind, codes: CodeBook) -> Stray:
    labels = {local_name(field.path): field.name for field in kind.fields}
    found = near(headings.take_apart(header, codes).name, labels)
    mending = MEANT.format(near=described(found, labels)) if found else NEEDLESS
    return Stray(number, header, UNKNOWN.format(header=header), mending)


def _placed(number: int, header: str) -> Text:
    return PLACED.format(letters=letters(number), header=header)
