"""What the cells of a template accept: drop-downs, dates, bounds and lengths, each with a message in the template's language."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Literal

from openpyxl.utils import quote_sheetname
from openpyxl.utils.datetime import to_excel
from openpyxl.worksheet.datavalidation import DataValidation

from policygraph.errors import Text
from policygraph.records.templates.layout import NO, YES
from policygraph.records.templates.wording import fixed_length, how_to_fill

if TYPE_CHECKING:
    from policygraph.records.templates.layout import Column

# What spreadsheet programs show of a message; a longer one makes them refuse the file.
_TITLE, _MESSAGE = 32, 255
_EVERY = 10**15 - 1  # greater than any number that a shape accepts
_TEXT_CELL = 32_767
_TODAY, _THIS_YEAR = "TODAY()", "YEAR(TODAY())"
_TWICE = Text("序号重复：每条记录一个编号。", "This number is used already; each record has its own.")
_NO_RECORD = Text("“{sheet}”表中没有这个序号。", "No record in the sheet “{sheet}” has this number.")


def accepting(column: Column, language: str, codes: str) -> DataValidation:
    """Return what a column accepts.

    Args:
        column: The column.
        language: zh or en.
        codes: Where its codes stand in the workbook, '' if it has none.
    """
    found = _rule(column, language, codes)
    name = column.field.name.in_language(language)
    how = how_to_fill(column).in_language(language)
    _word(found, name, f"{column.field.description.in_language(language)}\n{how}", how or name)
    return found


def unique_key(title: str, area: str, first: str, help_text: str, language: str) -> DataValidation:
    """Return what the first column of the records accepts: every number once."""
    found = DataValidation(type="custom", formula1=f"COUNTIF({area},{first})=1", allow_blank=True, errorStyle="stop")
    _word(found, title, help_text, _TWICE.in_language(language))
    return found


def known_owner(title: str, sheet: str, area: str, first: str, help_text: str, language: str) -> DataValidation:
    """Return what the first column of a child table accepts: numbers of records; rows may be filled in before their record."""
    formula = f"COUNTIF({quote_sheetname(sheet)}!{area},{first})>0"
    found = DataValidation(type="custom", formula1=formula, allow_blank=True, errorStyle="warning")
    _word(found, title, help_text, _NO_RECORD.in_language(language).format(sheet=sheet))
    return found


def _rule(column: Column, language: str, codes: str) -> DataValidation:
    field, limits = column.field, column.limits
    if codes:
        return DataValidation(type="list", formula1=codes, allow_blank=True, errorStyle="stop")
    match column.sort:
        case "truth":
            words = ",".join(word.in_language(language) for word in (YES, NO))
            return DataValidation(type="list", formula1=f'"{words}"', allow_blank=True, errorStyle="stop")
        case "date":
            return _between("date", _serial(field.least) or "1", _TODAY if field.not_future else _serial(field.most))
        case "integer":
            return _between("whole", field.least or f"-{_EVERY}", _THIS_YEAR if field.not_future else field.most or str(_EVERY))
        case "decimal":
            return _between("decimal", field.least or f"-{_EVERY}", field.most or str(_EVERY))
    length = fixed_length(limits.pattern)
    least, most = (length, length) if length else (limits.least_length, limits.most_length)
    return _between("textLength", str(least), str(most or _TEXT_CELL))


def _between(sort: Literal["whole", "decimal", "date", "textLength"], least: str, most: str) -> DataValidation:
    if not most:
        return DataValidation(type=sort, operator="greaterThanOrEqual", formula1=least, allow_blank=True, errorStyle="stop")
    return DataValidation(type=sort, operator="between", formula1=least, formula2=most, allow_blank=True, errorStyle="stop")


def _serial(day: str) -> str:
    """Return a day as spreadsheets count days."""
    return str(int(to_excel(dt.date.fromisoformat(day)))) if day else ""  # type: ignore[no-untyped-call]


def _word(found: DataValidation, title: str, prompt: str, error: str) -> None:
    found.promptTitle = found.errorTitle = _cut(title, _TITLE)
    found.prompt, found.error = _cut(prompt.strip(), _MESSAGE), _cut(error, _MESSAGE)
    found.showInputMessage = found.showErrorMessage = True


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
