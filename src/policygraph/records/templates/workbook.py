"""A template as a spreadsheet: a sheet for the records and one for each child table, with help, drop-downs and protected headings."""

from __future__ import annotations

import datetime as dt
import io
from typing import TYPE_CHECKING

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.packaging.custom import StringProperty
from openpyxl.utils import get_column_letter
from openpyxl.workbook.protection import WorkbookProtection
from openpyxl.worksheet.properties import PageSetupProperties

from policygraph.errors import Text
from policygraph.records.templates import styles
from policygraph.records.templates.help import write_codes, write_help
from policygraph.records.templates.layout import CODES, EXAMPLE, HELP, OWNER
from policygraph.records.templates.package import settled
from policygraph.records.templates.validation import accepting, known_owner, unique_key
from policygraph.records.templates.wording import key_help, notes

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell, MergedCell
    from openpyxl.worksheet.worksheet import Worksheet

    from policygraph.records.templates.layout import Column, Layout, Table

ROWS = 1000
_FIRST, _LAST = 4, 3 + ROWS
_LANGUAGES = ("zh", "en")
_CREATED = dt.datetime(2000, 1, 1)  # noqa: DTZ001  a fixed moment; the format knows no zones
_TITLE = Text("{kind}（填报模板）", "{kind} (template)")
_KIND, _DIGEST = "policygraph kind", "policygraph digest"
_KEY_WIDTH, _OWNER_WIDTH = 10, 14
_NOTE_WIDTH, _NOTE_COLUMNS, _NOTE_LINE = 300, 40, 18
_A4, _A3, _FOR_A4 = "9", "8", 220  # wider sheets would be too small to read


def write_workbook(layout: Layout, language: str, digest: str) -> bytes:
    """Return the template as an .xlsx file, the same bytes for the same layout.

    Args:
        layout: What stands in it.
        language: zh or en: of titles, help, messages and codes; headings are in both.
        digest: Digest of the policy's files, which the file names.
    """
    book = Workbook()
    book.remove(book.worksheets[0])
    titles = layout.titles(language)
    sheets = [(table, book.create_sheet(titles[table.short])) for table in layout.tables]
    places: dict[str, str] = {}
    if any(column.codes for table in layout.tables for column in table.columns):
        places = write_codes(book.create_sheet(CODES.in_language(language)), layout, language)
    for table, sheet in sheets:
        _Sheet(sheet, table, layout, language, places).write()
    write_help(book.create_sheet(HELP.in_language(language)), layout, language)
    for sheet in book.worksheets:
        _protect(sheet)
        _set_up_print(sheet)
    book.active = 0
    book.worksheets[0].sheet_view.tabSelected = True
    book.security = WorkbookProtection(lockStructure=True)
    properties = book.properties
    properties.title = _TITLE.in_language(language).format(kind=layout.kind.label.in_language(language))
    properties.creator, properties.language = "policygraph", language
    properties.created = properties.modified = _CREATED
    book.custom_doc_props.append(StringProperty(name=_KIND, value=layout.kind.iri))  # type: ignore[attr-defined]  # too new for the stubs
    book.custom_doc_props.append(StringProperty(name=_DIGEST, value=digest))  # type: ignore[attr-defined]
    out = io.BytesIO()
    book.save(out)
    return settled(out.getvalue())


class _Sheet:
    """Writes one table."""

    def __init__(self, sheet: Worksheet, table: Table, layout: Layout, language: str, places: dict[str, str]) -> None:
        self._sheet, self._table, self._layout, self._language, self._places = sheet, table, layout, language, places

    def write(self) -> None:
        self._key()
        for index, column in enumerate(self._table.columns, 2):
            self._column(index, column)
        for row in (1, 2):
            widths = (self._sheet.column_dimensions[get_column_letter(i)].width for i in range(1, self._sheet.max_column + 1))
            headings = (str(cell.value) for cell in self._sheet[row])
            self._sheet.row_dimensions[row].height = styles.height_of(zip(headings, widths, strict=True))
        self._sheet.row_dimensions[3].height = 22
        self._sheet.freeze_panes = "B3"
        self._sheet.print_title_rows = "1:2"

    def _key(self) -> None:
        key, language = self._table.key, self._language
        for row, each in enumerate(_LANGUAGES, 1):
            help_text = key_help(self._table, self._layout, language).in_language(each)
            self._heading(row, 1, key.in_language(each), help_text, required=True)
        cell = self._cell(3, 1, EXAMPLE.in_language(language))
        styles.style_example(cell, "@")
        styles.style_data(self._sheet.column_dimensions["A"], _OWNER_WIDTH if key == OWNER else _KEY_WIDTH, "General")
        area, first, title = f"$A${_FIRST}:$A${_LAST}", f"A{_FIRST}", key.in_language(language)
        help_text = key_help(self._table, self._layout, language).in_language(language)
        if self._table.field is None:
            rule = unique_key(title, area, first, help_text, language)
        else:
            owner = self._layout.titles(language)[self._layout.records.short]
            rule = known_owner(title, owner, area, first, help_text, language)
        rule.add(f"A{_FIRST}:A{_LAST}")
        self._sheet.add_data_validation(rule)

    def _column(self, index: int, column: Column) -> None:
        letter, form = get_column_letter(index), styles.number_format(column)
        for row, each in enumerate(_LANGUAGES, 1):
            said = "\n".join(notes(column, self._table.kind, each))
            self._heading(row, index, column.field.name.in_language(each), said, required=column.field.required)
        styles.style_example(self._cell(3, index, column.value(self._language)), form)
        styles.style_data(self._sheet.column_dimensions[letter], styles.column_width(column, self._language), form)
        rule = accepting(column, self._language, self._places.get(column.field.code_list, ""))
        rule.add(f"{letter}{_FIRST}:{letter}{_LAST}")
        self._sheet.add_data_validation(rule)

    def _heading(self, row: int, index: int, words: str, said: str, *, required: bool) -> None:
        cell = self._cell(row, index, words)
        styles.style_heading(cell, required=required, second=row == 2)
        lines = sum(-(-max(styles.width_of(line), 1) // _NOTE_COLUMNS) for line in said.split("\n"))
        cell.comment = Comment(said, "policygraph", height=(lines + 1) * _NOTE_LINE, width=_NOTE_WIDTH)

    def _cell(self, row: int, index: int, value: str | int | float | dt.date | None) -> Cell | MergedCell:
        cell = self._sheet.cell(row, index)
        cell.value = value
        if isinstance(value, str):
            cell.data_type = "s"  # words are words, also those that begin like a formula
        return cell


def _protect(sheet: Worksheet) -> None:
    """Lock what is not prepared for data, without a password; rows may be added and removed, and cells formatted."""
    sheet.protection.sheet = True
    for allowed in ("formatCells", "formatColumns", "formatRows", "insertRows", "deleteRows", "sort", "autoFilter"):
        setattr(sheet.protection, allowed, False)


def _set_up_print(sheet: Worksheet) -> None:
    wide = sum(column.width for column in sheet.column_dimensions.values()) > _FOR_A4
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", _A3 if wide else _A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    footer = sheet.oddFooter
    if footer is not None and footer.center is not None:
        footer.center.text = "&A  &P / &N"
    sheet.page_margins.left = sheet.page_margins.right = sheet.page_margins.top = 0.4
