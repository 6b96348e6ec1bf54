"""What readers of tables and plain JSON give: cells as they stand in the file, before anything is made of them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cell:
    """One value as the file holds it.

    Attributes:
        sort: text, number, truth, date, time (a date with a time of day), error, or formula (one whose value was not stored).
        text: Its words: numbers as plain decimals, dates as 2024-09-20, truth as true or false.
        percent: Whether the file shows the number as a percentage; `text` is the number stored, 0.6 for 60%.
    """

    sort: str
    text: str
    percent: bool = False


@dataclass(frozen=True, slots=True)
class RawSheet:
    """A sheet begins; the rows after it are its own. A delimited file is one sheet without a name.

    Attributes:
        name: Its name, '' for a delimited file.
        hidden: Whether a spreadsheet program hides it.
    """

    name: str
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class RawRow:
    """One row of a sheet that is not wholly empty.

    Attributes:
        number: As a spreadsheet program numbers it; in a delimited file the line on which the row begins.
        cells: From the first column on, None where empty.
        merged: First column, last row and last column of the merged ranges that begin in it with a cell that is not empty.
    """

    number: int
    cells: tuple[Cell | None, ...]
    merged: tuple[tuple[int, int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class RawLeft:
    """Something of a workbook that is no sheet with cells and was left.

    Attributes:
        what: macros, or links to other files.
    """

    what: str


@dataclass(frozen=True, slots=True)
class RawObject:
    """One JSON object that is a record.

    Attributes:
        line: Line on which it begins, 0 if unknown.
        pointer: JSON Pointer (RFC 6901) to it, '' for the whole document.
        kind: What `@type`, `kind` or 种类 says of it or of the file, '' if nothing.
        name: Its `@id`, '' if none.
        members: Key → values in the order of the file: several for an array; an object in an array is a row of a child table.
        lines: Key → line of its value.
    """

    line: int
    pointer: str
    kind: str
    name: str
    members: tuple[tuple[str, tuple[Cell | RawObject, ...]], ...]
    lines: tuple[tuple[str, int], ...] = ()


Raw = RawSheet | RawRow | RawObject | RawLeft
