"""Drafts records from plain JSON objects: keys are headings, values are cells, an object within is a row of a child table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policygraph.errors import InputError, Text, UsageError
from policygraph.model.places import Place
from policygraph.records import recognition
from policygraph.records.drafts import Draft, Drafting, Part
from policygraph.records.headers import NEEDLESS, Columns
from policygraph.records.origins import Origin
from policygraph.records.raw import Cell, RawObject
from policygraph.records.record import Misread
from policygraph.records.spelling import spelt

if TYPE_CHECKING:
    from collections.abc import Sequence

    from policygraph.records.headers import Headings
    from policygraph.records.kinds import Field, Kind
    from policygraph.records.notes import Notes
    from policygraph.records.sources import Source

EXAMPLES = frozenset({"示例", "example"})
EXAMPLE_ROW = Text("模板的示例，未读取。", "The template's example; it was not read.")
ONLY_EXAMPLE = Text("文件中只有模板的示例，没有填写记录。", "The file holds the template's example only, and no record.")
FILL_IN = Text("请在示例行之下填写后再核查。", "Fill in rows below the example, then check again.")
NO_HEADINGS_FIX = Text(
    "请用模板填写：policygraph template KIND -o FILE.xlsx；种类见 policygraph kinds。",
    "Fill in a template: policygraph template KIND -o FILE.xlsx; `policygraph kinds` lists the kinds.",
)


class Objects:
    """Drafts records from the objects of one file.

    Args:
        known: Headings of all kinds.
        drafting: Understands the values.
        source: The file.
        notes: Takes what becomes part of no record.
    """

    def __init__(self, known: Headings, drafting: Drafting, source: Source, notes: Notes) -> None:
        self._known, self._drafting, self._source, self._notes = known, drafting, source, notes
        self._shapes: dict[tuple[str, tuple[str, ...]], tuple[Kind, Columns]] = {}

    def draft(self, raw: RawObject, stated: Kind | None) -> Draft | None:
        """Return the draft of an object, None for a template's example.

        Raises:
            InputError: It tells no kind, or one that there is not, or two keys are one field.
        """
        if any(spelt(key) in EXAMPLES and _is_true(values) for key, values in raw.members):
            self._notes.leave(Place(self._source.name, line=raw.line, path=raw.pointer), EXAMPLE_ROW)
            return None
        kind = stated or (self._kind_called(raw) if raw.kind else None)
        return Draft(self._part(raw, kind), source=raw.name)

    def _kind_called(self, raw: RawObject) -> Kind:
        """Return the kind that the file names: where there is no such kind it is the file that is wrong, not what the caller said."""
        try:
            return recognition.kind_called(raw.kind, self._known.kinds)
        except UsageError as error:
            raise InputError(error.what, error.fix, f"{self._source.name}:{raw.line}" if raw.line else self._source.name) from error

    def _part(self, raw: RawObject, kind: Kind | None) -> Part:
        keys = tuple(key for key, _ in raw.members)
        known = (kind.iri if kind else "", keys)
        if known not in self._shapes:
            self._shapes[known] = self._shape(raw, kind, keys)
        own, columns = self._shapes[known]
        cells: list[tuple[Field, str, tuple[str, str], Cell]] = []
        children: list[tuple[Field, Part]] = []
        for column in columns.fields:
            for value in raw.members[column.number - 1][1]:
                if isinstance(value, Cell):
                    cells.append((column.field, column.unit, (own.iri, column.field.path), value))
                elif column.field.row_class in self._known.kinds:
                    children.append((column.field, self._part(value, self._known.kinds[column.field.row_class])))
                else:
                    cells.append((column.field, "", (own.iri, ""), Cell("error", "{…}")))
        members = {column.field.path: column.header for column in columns.fields}
        by_key = dict(raw.lines)
        lines = {path: by_key[key] for path, key in members.items() if key in by_key}
        origin = Origin(self._source.name, line=raw.line, path=raw.pointer, lines=lines, members=members)
        part = self._drafting.part(own, cells, origin)
        return Part(own, part.values, part.bare, origin, tuple(children))

    def _shape(self, raw: RawObject, kind: Kind | None, keys: Sequence[str]) -> tuple[Kind, Columns]:
        where = f"{self._source.name}:{raw.line}" if raw.line else self._source.name
        own = kind or recognition.kind_of(known=self._known, headers=keys, stem=self._source.stem, where=where)
        if own is None:  # a key names the kind, and the reader found none under it
            raise InputError(recognition.NO_HEADINGS, NO_HEADINGS_FIX, where)
        columns = Columns.of(own, keys, self._known, "", where)
        for stray in columns.strays:
            place = Place(self._source.name, line=dict(raw.lines).get(stray.header, raw.line), path=f"{raw.pointer}/{stray.header}")
            self._notes.fault(Misread(place, stray.why, stray.mending, "invalid" if stray.mending != NEEDLESS else "warning"))
        return own, columns


def _is_true(values: Sequence[Cell | RawObject]) -> bool:
    return any(isinstance(value, Cell) and (value.sort, value.text) == ("truth", "true") for value in values)
