"""A workbook written row by row: text is always text, never a formula; sheets go on in a further one when they are full."""

from __future__ import annotations

import re
import zipfile
from copy import copy
from datetime import datetime
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, BinaryIO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

from policygraph.errors import clean

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_ROWS = 1_000_000  # a sheet ends at 1,048,576
MOST_CHARACTERS = 32_000  # a cell ends at 32,767
MOST_COMMENTS = 3_000  # they are held in memory, and programs grow slow with more
_EPOCH = datetime(2000, 1, 1)  # noqa: DTZ001 - the format has no zones; the same bytes each time
_ZIP_EPOCH = (2000, 1, 1, 0, 0, 0)
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")
# What may stand after `ignoredErrors` in a sheet, which says that numbers written as text are meant so.
_AFTER_IGNORED = re.compile(rb"<(drawing|legacyDrawing|tableParts)\b|</worksheet>")
_IGNORED = b'<ignoredErrors><ignoredError sqref="A1:XFD1048576" numberStoredAsText="1"/></ignoredErrors>'
_TAIL = 4_096
_LINE_HEIGHT, _MOST_LINES = 15.5, 14
_NOT_IN_TITLES = re.compile(r"[\[\]:*?/\\]")
_PREFIXED = ("=", "+", "-", "@", "'")
_LINE = Side(style="thin", color="D0D5DD")
_FILLS = {
    "head": "1F3A5F",
    "section": "E4EAF2",
    "invalid": "F8C9C4",
    "violation": "F8C9C4",
    "undetermined": "FFE9A8",
    "warning": "FFF3CF",
    "note": "E3E5E8",
    "pass": "DDF1E0",
}


class Book:
    """A workbook to be."""

    def __init__(self) -> None:
        self._workbook = Workbook(write_only=True)
        self._workbook.properties.creator = "policygraph"
        self._workbook.properties.created = _EPOCH
        self._titles: set[str] = set()
        self._styles = {(name, quoted): self._prototype(name, quoted) for name in ("", *_FILLS) for quoted in (False, True)}
        self.comments = 0

    def sheet(self, title: str, headers: Sequence[tuple[str, int]], *, filtered: bool = True) -> Sheet:
        """Return a new sheet with headers and widths of its columns."""
        return Sheet(self, title, headers, filtered)

    def title(self, wanted: str) -> str:
        """Return a title that a sheet may have and no other sheet has."""
        plain = _NOT_IN_TITLES.sub(" ", clean(wanted)).strip().strip("'")[:31] or "…"
        found, number = plain, 1
        while found.casefold() in self._titles:
            number += 1
            found = f"{plain[: 30 - len(str(number))]} {number}"
        self._titles.add(found.casefold())
        return found

    def add(self, title: str) -> Any:
        """Return a new sheet of the workbook."""
        return self._workbook.create_sheet(self.title(title))

    def cell(self, sheet: Any, value: str | int, style: str = "", comment: str = "") -> Any:
        """Return a cell; what is text is written as text, whatever it looks like."""
        if isinstance(value, str):
            value = "\n".join(clean(line) for line in value[:MOST_CHARACTERS].split("\n"))
        cell: Any = WriteOnlyCell(sheet, value)
        text = isinstance(value, str)
        if text:
            cell.data_type = "s"
        # A copy of the numbers that stand for a style: setting its parts anew would take most of the time.
        cell._style = copy(self._styles[style, text and str(value).startswith(_PREFIXED)]._style)
        if comment and self.comments < MOST_COMMENTS:
            self.comments += 1
            cell.comment = Comment("\n".join(clean(line) for line in comment[:2_000].split("\n")), "policygraph", height=160, width=360)
        return cell

    def save(self, out: BinaryIO) -> None:
        """Write the workbook, without anything of the moment."""
        with TemporaryDirectory(prefix="policygraph-") as folder:
            self._workbook.save(f"{folder}/report.xlsx")
            with zipfile.ZipFile(f"{folder}/report.xlsx") as made, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as written:
                for info in made.infolist():
                    entry = zipfile.ZipInfo(info.filename, _ZIP_EPOCH)
                    entry.compress_type = zipfile.ZIP_DEFLATED
                    with made.open(info) as source, written.open(entry, "w", force_zip64=True) as target:
                        _copy(info.filename, source, target)

    def _prototype(self, name: str, quoted: bool) -> Any:
        sheet: Any = SimpleNamespace(parent=self._workbook)
        cell: Any = WriteOnlyCell(sheet)
        cell.alignment = Alignment(vertical="center" if name == "head" else "top", wrap_text=True)
        if name in _FILLS:
            cell.fill = PatternFill("solid", start_color=_FILLS[name])
        if name == "head":
            cell.font = Font(bold=True, color="FFFFFF")
        elif name == "section":
            cell.font = Font(bold=True)
        cell.border = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
        cell.quotePrefix = quoted
        return cell


class Sheet:
    """A sheet under way; where a format's limit would cut it off, it goes on in a further sheet."""

    def __init__(self, book: Book, title: str, headers: Sequence[tuple[str, int]], filtered: bool) -> None:
        self._book, self._title, self._headers, self._filtered = book, title, headers, filtered
        self._begin()

    def append(self, row: Sequence[str | int | tuple[str | int, str] | tuple[str | int, str, str]], style: str = "") -> None:
        """Add a row; a cell is a value, or a value with its style, or with its style and a comment."""
        if self._rows >= MOST_ROWS:
            self._begin()
        cells = [each if isinstance(each, tuple) else (each, style) for each in row]
        self._rows += 1
        lines = max((_lines(str(each[0]), width) for each, (_, width) in zip(cells, self._headers, strict=False)), default=1)
        # A height that is not stated stays that of one line in some programs; one that is kept would fill memory.
        self._sheet.row_dimensions[self._rows].height = _LINE_HEIGHT * min(lines, _MOST_LINES)
        # Empty cells that say nothing by their colour are left out: most of a wide sheet is empty.
        self._sheet.append([self._book.cell(self._sheet, *each) if each[0] != "" or each[1] else None for each in cells])
        del self._sheet.row_dimensions[self._rows]
        if self._filtered:
            self._sheet.auto_filter.ref = f"A1:{get_column_letter(len(self._headers))}{self._rows}"

    def _begin(self) -> None:
        self._sheet = self._book.add(self._title)
        sheet = self._sheet
        for number, (_, width) in enumerate(self._headers, 1):
            sheet.column_dimensions[get_column_letter(number)].width = width
        sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
        sheet.page_setup.fitToHeight = 0
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
        self._rows = 0
        if any(name for name, _ in self._headers):
            sheet.freeze_panes = "A2"
            sheet.print_title_rows = "1:1"
            self._rows = 1
            sheet.append([self._book.cell(sheet, name, "head") for name, _ in self._headers])


def _lines(words: str, width: int) -> int:
    """Return how many lines words take in a column; a Chinese character is two wide."""
    return sum(1 + max(0, len(line) + sum(c > "\u2e7f" for c in line) - 1) // max(1, width - 1) for line in words.split("\n"))


def _copy(name: str, source: Any, target: Any) -> None:
    """Copy a part of the workbook; the tail of a sheet is held back for what the writer cannot say."""
    if name == "docProps/core.xml":
        target.write(_MODIFIED.sub(rb"\g<1>" + _EPOCH.isoformat().encode() + b"Z", source.read()))
        return
    held = b""
    while chunk := source.read(1 << 20):
        held += chunk
        target.write(held[:-_TAIL])
        held = held[-_TAIL:]
    if name.startswith("xl/worksheets/sheet") and (after := _AFTER_IGNORED.search(held)):
        held = held[: after.start()] + _IGNORED + held[after.start() :]
    target.write(held)
