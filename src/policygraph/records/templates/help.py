"""The sheets of a template that explain it: the help, and the code lists behind its drop-downs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openpyxl.utils import get_column_letter, quote_sheetname

from policygraph.errors import Text
from policygraph.records.templates import styles
from policygraph.records.templates.layout import CODES
from policygraph.records.templates.wording import REQUIRED, SORTS, choices, how_to_fill, introduction, key_help, roles, unit_of

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

    from policygraph.records.templates.layout import Column, Layout, Table

_TITLE = Text("{kind}：填报说明", "{kind}: how to fill it in")
# Heading and width of each column of the help.
_COLUMNS = (
    (Text("工作表", "sheet"), 22),
    (Text("列", "column"), 24),
    (Text("英文列名", "column in Chinese"), 26),
    (Text("类型", "sort"), 15),
    (Text("含义", "meaning"), 38),
    (Text("填写要求", "what to write"), 38),
    (Text("单位", "unit"), 8),
    (Text("可选值", "values"), 38),
    (Text("作用", "role"), 24),
    (Text("示例", "example"), 24),
)
_OTHER = {"zh": "en", "en": "zh"}


def write_help(sheet: Worksheet, layout: Layout, language: str) -> None:
    """Write what each column means."""
    comma = "、" if language == "zh" else ", "
    sheet.append([_TITLE.in_language(language).format(kind=layout.kind.label.in_language(language))])
    styles.style_help(sheet["A1"], title=True)
    sheet.row_dimensions[1].height = 28
    last = get_column_letter(len(_COLUMNS))
    for number, text in enumerate(introduction(), 1):
        sheet.append([f"{number}. {text.in_language(language)}"])
        styles.style_help(sheet.cell(sheet.max_row, 1))
        sheet.merge_cells(f"A{sheet.max_row}:{last}{sheet.max_row}")
    sheet.append([heading.in_language(language) for heading, _ in _COLUMNS])
    top = sheet.max_row
    for cell in sheet[top]:
        styles.style_help(cell, heading=True)
    titles = layout.titles(language)
    for table in layout.tables:
        rows = [_key_row(table, layout, language), *(_row(column, table, language, comma) for column in table.columns)]
        for row in rows:
            sheet.append([titles[table.short], *row])
            for cell in sheet[sheet.max_row]:
                styles.style_help_row(cell)
                cell.data_type = "s"
            shown = zip([titles[table.short], *row], (width for _, width in _COLUMNS), strict=True)
            sheet.row_dimensions[sheet.max_row].height = styles.height_of(shown)
    for index, (_, width) in enumerate(_COLUMNS, 1):
        sheet.column_dimensions[get_column_letter(index)].width = width
    sheet.freeze_panes = f"A{top + 1}"
    sheet.print_title_rows = f"{top}:{top}"


def _key_row(table: Table, layout: Layout, language: str) -> list[str]:
    key, other = table.key, _OTHER[language]
    meaning = key_help(table, layout, language).in_language(language)
    return [key.in_language(language), key.in_language(other), "", meaning, "", "", "", REQUIRED.in_language(language), ""]


def _row(column: Column, table: Table, language: str, comma: str) -> list[str]:
    name, other = column.field.name, _OTHER[language]
    return [
        name.in_language(language),
        name.in_language(other),
        SORTS[column.sort].in_language(language),
        column.field.description.in_language(language),
        how_to_fill(column).in_language(language),
        unit_of(column, language),
        comma.join(choices(column, language)),
        comma.join(role.in_language(language) for role in roles(column, table.kind)),
        column.example.in_language(language),
    ]


def write_codes(sheet: Worksheet, layout: Layout, language: str) -> dict[str, str]:
    """Write each code list as a column of a hidden sheet, and return code list → where its codes stand."""
    places: dict[str, str] = {}
    for column in (column for table in layout.tables for column in table.columns if column.codes):
        scheme = column.field.code_list
        if scheme in places:
            continue
        letter = get_column_letter(len(places) + 1)
        labels = choices(column, language)
        for row, words in enumerate((column.field.name.in_language(language), *labels), 1):
            cell = sheet[f"{letter}{row}"]
            cell.value = words
            cell.data_type = "s"
            styles.style_help(cell, heading=row == 1)
        sheet.column_dimensions[letter].width = max(map(styles.width_of, labels)) + 4
        places[scheme] = f"{quote_sheetname(CODES.in_language(language))}!${letter}$2:${letter}${len(labels) + 1}"
    sheet.sheet_state = "hidden"
    return places
