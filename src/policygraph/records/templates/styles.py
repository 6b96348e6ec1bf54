"""How the cells of a template look: fonts, fills, number formats and widths."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side

from policygraph.records.templates.wording import choices
from policygraph.vocab import UNIT

if TYPE_CHECKING:
    from collections.abc import Iterable

    from openpyxl.cell.cell import Cell, MergedCell
    from openpyxl.worksheet.dimensions import ColumnDimension

    from policygraph.records.templates.layout import Column

_FACE = "Microsoft YaHei"
_BLUE, _PALE_BLUE, _ORANGE, _PALE_ORANGE, _WHITE, _GREY, _LINE = "1F4E79", "DDEBF7", "C55A11", "FBE5D6", "FFFFFF", "7F7F7F", "BFBFBF"
_EDGE = Side(style="thin", color=_LINE)
_BOX = Border(left=_EDGE, right=_EDGE, top=_EDGE, bottom=_EDGE)
_MIDDLE = Alignment(horizontal="center", vertical="center", wrap_text=True)
_DATA = Alignment(vertical="center", wrap_text=True)
_NARROWEST, _WIDEST, _ONE_LINE = 11, 34, 26
_LINE_HEIGHT = 16
_FIRST_WIDE = 0x2E80  # from here on characters take two columns
_FORMATS = {"text": "@", "code": "@", "truth": "@", "date": "yyyy-mm-dd", "integer": "0", "decimal": "General"}


def width_of(text: str) -> int:
    """Return how many columns a text takes; Latin letters take a little less than one, for the fonts are proportional."""
    wide = sum(ord(character) >= _FIRST_WIDE for character in text)
    return 2 * wide + -(-(len(text) - wide) * 9 // 10)


def height_of(texts: Iterable[tuple[str, float]]) -> float:
    """Return how high a row must be for texts in columns of these widths."""
    lines = max((-(-width_of(text) // max(int(width) - 1, 1)) for text, width in texts), default=1)
    return max(lines, 1) * _LINE_HEIGHT + 4


def number_format(column: Column) -> str:
    """Return the number format of a column: amounts of money with separators, identifying numbers as text."""
    return "#,##0.00" if column.sort == "decimal" and column.field.unit == UNIT.CCY_CNY else _FORMATS[column.sort]


def column_width(column: Column, language: str) -> float:
    """Return a width in which headings take few lines, and values one."""
    name = column.field.name
    whole = width_of(name.zh)
    wanted = [whole if whole <= _ONE_LINE else -(-whole // 2) + 2, -(-width_of(name.en) // 2), max(map(len, name.en.split()), default=0)]
    wanted += [width_of(column.example.in_language(language))]
    wanted += [width_of(label) + 2 for label in choices(column, language)]
    wanted += [4 + len(f"{int(column.example.zh):,}.00")] if column.sort == "decimal" and column.example.zh.isdigit() else []
    return min(max(*wanted, _NARROWEST) + 3, _WIDEST)


def style_heading(cell: Cell | MergedCell, *, required: bool, second: bool) -> None:
    """Make a cell a heading; those of required columns are told by their colour."""
    dark, pale = (_ORANGE, _PALE_ORANGE) if required else (_BLUE, _PALE_BLUE)
    cell.font = Font(name=_FACE, size=9 if second else 10, bold=not second, color=dark if second else _WHITE)
    cell.fill = PatternFill("solid", fgColor=pale if second else dark)
    cell.alignment, cell.border = _MIDDLE, _BOX


def style_example(cell: Cell | MergedCell, form: str) -> None:
    """Make a cell part of the example."""
    cell.font = Font(name=_FACE, size=10, italic=True, color=_GREY)
    cell.alignment, cell.border, cell.number_format = _DATA, _BOX, form


def style_data(column: ColumnDimension, width: float, form: str) -> None:
    """Prepare a whole column for data: no cell needs to exist for it."""
    column.width = width
    column.font = Font(name=_FACE, size=10)
    column.alignment = _DATA
    column.number_format = form
    column.protection = Protection(locked=False)


def style_help(cell: Cell | MergedCell, *, heading: bool = False, title: bool = False) -> None:
    """Make a cell part of the help."""
    cell.font = Font(name=_FACE, size=14 if title else 10, bold=heading or title, color=_WHITE if heading else None)
    cell.alignment = Alignment(vertical="center", wrap_text=not title)
    if heading:
        cell.fill = PatternFill("solid", fgColor=_BLUE)
        cell.border = _BOX


def style_help_row(cell: Cell | MergedCell) -> None:
    """Make a cell part of the help's table."""
    style_help(cell)
    cell.border = _BOX
