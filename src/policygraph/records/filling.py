"""Fills records from the rows of tables and from plain JSON objects; what cannot be understood becomes a refusal on its cell."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from policygraph.errors import InputError, LimitError, PolicyGraphError, Text
from policygraph.model.places import Place, letters
from policygraph.records import recognition
from policygraph.records.drafts import Draft, Drafting, Part
from policygraph.records.footers import NO_FACT, TOTAL_ROW, is_footer
from policygraph.records.headers import NEEDLESS, Columns
from policygraph.records.kinds import Field, Kind
from policygraph.records.merges import Merges
from policygraph.records.notes import HIDDEN_SHEET, KINDLESS, LEFT, NAME_KIND, NO_OWNER, OWNER_FIX, TWO_OWNERS, UNKNOWN_OWNER, Notes
from policygraph.records.objects import EXAMPLE_ROW, EXAMPLES, FILL_IN, NO_HEADINGS_FIX, ONLY_EXAMPLE, Objects
from policygraph.records.origins import Origin, Sheet
from policygraph.records.raw import Cell, RawLeft, RawObject, RawRow, RawSheet
from policygraph.records.record import Misread
from policygraph.records.spelling import spelt
from policygraph.records.spool import Spool

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policygraph.model.submitted import Unread
    from policygraph.records.codebook import CodeBook
    from policygraph.records.headers import Column, Headings
    from policygraph.records.raw import Raw
    from policygraph.records.record import Record
    from policygraph.records.sources import Source

# So many rows may stand above the headings, as a title, a unit, a date; and so many below all records in child tables.
HEADER_WITHIN, MAX_CHILD_ROWS = 12, 200_000
_HELPS = frozenset({"说明", "help", "代码", "codes"})

NO_HEADINGS = Text(
    "前 {n} 行中没有申报字段的列名，未读取。", "Its first {n} rows hold no heading of a submission's field; it was not read."
)


@dataclass(frozen=True, slots=True)
class Filled:
    """What a file came to.

    Attributes:
        records: Its records in their order.
        misread: What should have become part of a record and did not.
        unread: What was left, and why.
    """

    records: Iterator[Record]
    misread: tuple[Misread, ...]
    unread: tuple[Unread, ...]


@dataclass(slots=True)
class _Table:
    """A sheet while it is read.

    `kind` is None where a column names the kind of each row; `child` is the field whose rows it holds, None for records.
    """

    name: str
    hidden: bool
    merges: Merges
    pending: list[RawRow] = field(default_factory=list)
    settled: bool = False
    left: bool = False
    kind: Kind | None = None
    child: Field | None = None
    header: recognition.Header | None = None
    columns: dict[str, tuple[Columns, dict[tuple[str, int], Sheet]]] = field(default_factory=dict)


class Filler:
    """Fills records from one file.

    Args:
        known: Headings of all kinds.
        codes: Names of codes and units.
        source: The file.
        stated: Kind that the caller states, '' if none.
        first: Position of its first record among all that are submitted.
    """

    def __init__(self, known: Headings, codes: CodeBook, source: Source, stated: str, first: int) -> None:
        self._known, self._source, self._first = known, source, first
        self._stated = recognition.kind_called(stated, known.kinds) if stated else None
        self._drafting = Drafting(known, codes)
        self._drafts: Spool[Draft] = Spool((Kind, Field, Sheet))
        self._children: dict[str, list[tuple[Field, Part]]] = defaultdict(list)
        self._child_rows = 0
        self._table: _Table | None = None
        self._main: Kind | None = None
        self._notes = Notes()
        self._objects = Objects(known, self._drafting, source, self._notes)
        self._problems: list[PolicyGraphError] = []

    @property
    def count(self) -> int:
        """How many records were found so far."""
        return len(self._drafts)

    def take(self, raw: Raw) -> None:
        """Take the next piece of the file.

        Raises:
            InputError: It tells no kind, or two columns hold one field.
            LimitError: There are too many rows that belong to no record.
        """
        match raw:
            case RawSheet(name, hidden):
                self._end()
                self._table = _Table(name, hidden, Merges(self._source.name, name))
            case RawLeft(what):
                self._notes.leave(Place(self._source.name), LEFT[what])
            case RawRow():
                self._row(raw)
            case RawObject():
                if (draft := self._objects.draft(raw, self._stated)) is not None:
                    self._drafts.append(draft)

    def done(self) -> Filled:
        """Return what the file came to.

        Raises:
            InputError: It holds no record.
        """
        self._end()
        if not self._drafts and not self._notes.misread:
            if self._problems:
                raise self._problems[0]
            if any(unread.why == EXAMPLE_ROW for unread in self._notes.unread):
                raise InputError(ONLY_EXAMPLE, FILL_IN, self._source.name)
        keys: dict[str, int] = defaultdict(int)
        if self._children:
            for draft in self._drafts:
                keys[draft.key] += 1
        for key, rows in self._children.items():
            if keys.get(key) != 1:
                why = (TWO_OWNERS if keys.get(key) else UNKNOWN_OWNER).format(key=key)
                for _, part in rows:
                    self._notes.fault(Misread(part.origin.place(), why, OWNER_FIX))
        whole = {key for key, count in keys.items() if count == 1}
        return Filled(self._records(whole), self._notes.misread, self._notes.unread)

    def _records(self, whole: set[str]) -> Iterator[Record]:
        for position, draft in enumerate(self._drafts, self._first):
            rows = self._children.get(draft.key, []) if draft.key in whole else []
            yield self._drafting.record(draft, position, rows)

    # ---------------------------------------------------------------- tables
    def _end(self) -> None:
        self._settle()
        if self._table and self._table.header:
            self._table.merges.tell(self._notes, self._table.header.texts)

    def _settle(self) -> None:
        """Find out what a sheet holds once its first rows are there, and fill what was waiting."""
        table = self._table
        if table is None or table.settled:
            return
        table.settled = True
        place = Place(self._source.name, table.name)
        if (helps := spelt(table.name) in _HELPS) or table.hidden or not table.pending:
            table.left = True
            if not helps and table.hidden:
                self._notes.leave(place, HIDDEN_SHEET)
            return
        where = ": ".join(filter(None, (self._source.name, table.name)))
        if self._main is not None and (child := recognition.child_of(known=self._known, kind=self._main, sheet=table.name)) is not None:
            table.child, table.kind = child, self._known.kinds[child.row_class]
        table.header = recognition.find_header(table.pending, self._known, table.kind or self._stated)
        if table.header is None:
            table.left = True
            why = NO_HEADINGS.format(n=HEADER_WITHIN)
            self._notes.leave(place, why)
            self._problems.append(InputError(why, NO_HEADINGS_FIX, where))
            return
        if table.kind is None:
            try:
                table.kind = self._stated or recognition.kind_of(
                    known=self._known, headers=table.header.texts, sheet=table.name, stem=self._source.stem, where=where
                )
            except InputError as error:
                if self._main is None and not table.name:
                    raise
                table.left = True
                self._notes.leave(place, Text(f"{error.what.zh}未读取。", f"{error.what.en} It was not read."))
                self._problems.append(error)
                return
        if table.kind is not None:
            self._columns(table, table.kind)
            self._main = self._main if table.child else table.kind
        last = table.header.row_numbers[-1]
        for row in table.pending:
            if row.number > last:
                self._fill(table, row)
        table.pending.clear()

    def _columns(self, table: _Table, kind: Kind) -> tuple[Columns, dict[tuple[str, int], Sheet]]:
        """Return the columns of a table for rows of a kind, and the sheets that say where the fields of each row of a child table stand."""
        if kind.iri not in table.columns and table.header is not None:
            where = ": ".join(filter(None, (self._source.name, table.name)))
            columns = Columns.of(kind, table.header.texts, self._known, table.header.note, where)
            places: dict[tuple[str, int], dict[str, tuple[str, str]]] = defaultdict(dict)
            for column in columns.fields:
                own = (column.child.path if column.child else "", column.row)
                places[own][column.field.path] = (letters(column.number), column.header)
            sheets = {own: Sheet(self._source.name, table.name, headers) for own, headers in places.items()}
            table.columns[kind.iri] = columns, sheets
            for stray in columns.strays:
                place = Place(self._source.name, table.name, table.header.row_numbers[-1], letters(stray.number), stray.header)
                if stray.mending == NEEDLESS:
                    self._notes.leave(place, stray.why)
                else:
                    self._notes.fault(Misread(place, stray.why, stray.mending, "warning"))
        return table.columns[kind.iri]

    def _row(self, row: RawRow) -> None:
        if self._table is None:
            self._table = _Table("", hidden=False, merges=Merges(self._source.name, ""))
        table = self._table
        if not table.settled:
            table.pending.append(row)
            if len(table.pending) >= HEADER_WITHIN:
                self._settle()
        elif not table.left:
            self._fill(table, row)

    def _fill(self, table: _Table, row: RawRow) -> None:
        kind = table.kind or self._kind_of_row(table, row)
        if kind is None:
            return
        columns, sheets = self._columns(table, kind)
        key = _text(row, columns.owner if table.child else columns.key) or (_text(row, columns.key) if table.child else "")
        if spelt(key) in EXAMPLES:
            self._notes.leave(Place(self._source.name, table.name, row.number), EXAMPLE_ROW)
            return
        if is_footer(row):
            self._notes.leave(Place(self._source.name, table.name, row.number), TOTAL_ROW)
            return
        part = self._part(table, kind, columns, sheets, row)
        if part.empty:
            if any(cell and number != columns.key for number, cell in enumerate(row.cells, 1)):
                self._notes.leave(Place(self._source.name, table.name, row.number), NO_FACT)
            return
        table.merges.row(row, columns)
        if table.child is None:
            self._drafts.append(Draft(part, key))
            return
        if not key:
            self._notes.fault(Misread(part.origin.place(), NO_OWNER, OWNER_FIX))
            return
        if (total := self._child_rows + 1) > MAX_CHILD_ROWS:
            many = Text("子表超过 {n} 行。", "The child tables have more than {n} rows.").format(n=MAX_CHILD_ROWS)
            raise LimitError(many, Text("请拆分文件。", "Split the file."), self._source.name)
        self._child_rows = total
        self._children[key].append((table.child, part))

    def _kind_of_row(self, table: _Table, row: RawRow) -> Kind | None:
        """Return the kind that a row names in its column for that."""
        texts = table.header.texts if table.header else ()
        name = _text(row, number := next((n for n, text in enumerate(texts, 1) if self._known.mark(text) == "kind"), 0))
        place = Place(self._source.name, table.name, row.number, letters(number), texts[number - 1] if number else "")
        if not name:
            if any(_text(row, column) and self._known.meanings(text) for column, text in enumerate(texts, 1)):
                self._notes.fault(Misread(place, KINDLESS, NAME_KIND))
            return None
        try:
            return recognition.kind_called(name, self._known.kinds)
        except PolicyGraphError as error:
            self._notes.fault(Misread(place, error.what, error.fix))
            return None

    def _part(self, table: _Table, kind: Kind, columns: Columns, sheets: dict[tuple[str, int], Sheet], row: RawRow) -> Part:
        own: dict[tuple[str, int], list[tuple[Column, Cell]]] = defaultdict(list)
        for column in columns.fields:
            cell = row.cells[column.number - 1] if column.number <= len(row.cells) else None
            if cell is not None:
                own[column.child.path if column.child else "", column.row].append((column, cell))

        def part(of: Kind, at: tuple[str, int]) -> Part:
            origin = Origin(self._source.name, sheets.get(at) or Sheet(self._source.name, table.name, {}), row.number)
            cells = ((c.field, c.unit, (table.name, c.number), cell) for c, cell in own[at])
            return self._drafting.part(of, cells, origin)

        tables = {c.child.path: c.child for at in own for c, _ in own[at] if c.child}
        rows = [(tables[at[0]], part(self._known.kinds[tables[at[0]].row_class], at)) for at in sorted(own) if at[0]]
        main = part(kind, ("", 0))
        return Part(kind, main.values, main.bare, main.origin, tuple((f, p) for f, p in rows if not p.empty))


def _text(row: RawRow, number: int) -> str:
    """Return the words of a cell, '' if the row has none there."""
    cell = row.cells[number - 1] if 0 < number <= len(row.cells) else None
    return cell.text.strip() if cell else ""
