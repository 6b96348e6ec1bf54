"""What a cell means for its field: a term, nothing, or a complaint; forgiving where people differ, and never guessing.

A complaint keeps the cell as it stands, so that the caller can put it into the record as plain text and name its place.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from decimal import Decimal
from typing import TYPE_CHECKING

from policygraph.errors import Text
from policygraph.model.terms import Iri, Literal
from policygraph.records import complaints as say
from policygraph.records import days
from policygraph.records.complaints import Complaint, complain, forms
from policygraph.records.numbers import UnitWatch, stored, typed
from policygraph.records.spelling import hidden, narrow, spelt
from policygraph.vocab import XSD

if TYPE_CHECKING:
    from policygraph.records.codebook import CodeBook
    from policygraph.records.kinds import Field
    from policygraph.records.raw import Cell

__all__ = ["Complaint", "UnitWatch", "interpret", "interpret_all"]

_YES = ("是", "有", "已", "对", "√", "✓", "✔", "☑", "y", "yes", "true", "1")
_NO = ("否", "无", "没有", "未", "错", "×", "✗", "✘", "✕", "✖", "n", "no", "false", "0")
_TRUTHS = {spelt(word): "true" for word in _YES} | {spelt(word): "false" for word in _NO}
# Words that state nothing: that a fact is not known, that none applies, and that there is nothing, which may also be a fact.
_NOT_KNOWN = frozenset({"不详", "未知", "不清楚", "不明", "不知道", "待定", "待补", "unknown", "notknown", "tbd", "?"})
_NOT_APPLICABLE = frozenset({"n/a", "不适用", "notapplicable"})
_NOTHING = frozenset({"无", "没有", "暂无"})
_NONE = frozenset({"none", "nil"})
_MARK = re.compile(r"[-/\\_]{1,4}")
_LONGEST_WORD = 20
_SEPARATORS = re.compile(r"[、;；,，\n]")
_EMOJI = str.maketrans("", "", "\ufe0e\ufe0f")
_BLANKS = str.maketrans("\t\n\r", "   ")
_EXPONENT = re.compile(r"[0-9.]+E[-+]?[0-9]+", re.IGNORECASE)
_SAFE_DIGITS = 15
_NUMERIC = frozenset({XSD.integer, XSD.decimal})


def interpret_all(cell: Cell, field: Field, codes: CodeBook, column_unit: str = "") -> tuple[Literal | Iri | Complaint, ...]:
    """Return what a cell states: nothing, one value, or several codes where the field takes several."""
    whole = interpret(cell, field, codes, column_unit)
    if isinstance(whole, Complaint) and field.several and field.code_list and cell.sort == "text":
        parts = [part for part in _SEPARATORS.split(cell.text) if part.strip()]
        if len(parts) > 1:
            found = [_code(part, field, codes) for part in parts]
            return tuple(dict.fromkeys(value for value in found if value is not None))
    return () if whole is None else (whole,)


def interpret(cell: Cell, field: Field, codes: CodeBook, column_unit: str = "") -> Literal | Iri | Complaint | None:
    """Return what a cell states, None if nothing.

    Args:
        cell: The cell as the file has it.
        field: The field of its column.
        codes: Names of codes and units.
        column_unit: Unit of bare numbers in its column as the heading states it, '' if it states none.
    """
    if cell.sort in {"error", "formula"}:
        message = say.ERROR if cell.sort == "error" else say.FORMULA
        return complain(cell.text, message, say.RECALCULATE.format(forms=forms(field, codes)))
    if invisible := hidden(cell.text):
        return complain(cell.text, say.HIDDEN, say.RETYPE.format(forms=forms(field, codes)), code=f"U+{ord(invisible):04X}")
    if not cell.text.strip():
        return None
    if field.row_class:
        return None if _nothing(cell) else complain(cell.text, say.IS_TABLE, say.OWN_SHEET.format(field=field.name), field=field.name)
    if field.code_list:
        return _code(cell.text, field, codes) if cell.sort in {"text", "number"} else _other_sort(cell, field, codes)
    if field.datatype in _NUMERIC:
        return _number(cell, field, codes, column_unit)
    read = {XSD.date: _date, XSD.boolean: _truth}.get(field.datatype, _text)
    return read(cell, field, codes)


def _number(cell: Cell, field: Field, codes: CodeBook, column_unit: str) -> Literal | Complaint | None:
    if cell.sort == "number":
        return stored(cell, field, codes, column_unit)
    if cell.sort != "text":
        return _other_sort(cell, field, codes)
    if not _nothing(cell):
        return typed(cell.text, field, codes, column_unit)
    if spelt(cell.text) in _NOT_KNOWN | _NOT_APPLICABLE or Decimal(field.least or "0") > 0:
        return None
    return complain(cell.text, say.EMPTY_OR_NOUGHT, say.NOUGHT.format(forms=forms(field, codes)))


def _date(cell: Cell, field: Field, codes: CodeBook) -> Literal | Complaint | None:
    if cell.sort == "truth" or cell.percent:
        return _other_sort(cell, field, codes)
    if _nothing(cell):
        return None
    found = days.day(cell.text)
    if isinstance(found, dt.date):
        return Literal(found.isoformat(), field.datatype)
    return say.no_day(cell.text, found, forms(field, codes))


def _truth(cell: Cell, field: Field, codes: CodeBook) -> Literal | Complaint | None:
    if cell.sort in {"date", "time"} or cell.percent:
        return _other_sort(cell, field, codes)
    word = spelt(cell.text.translate(_EMOJI)[: _LONGEST_WORD + 1])
    if (value := _TRUTHS.get(word)) is not None:
        return Literal(value, field.datatype)
    if word in _NOT_KNOWN | _NOT_APPLICABLE:
        return None
    return complain(cell.text, say.EMPTY_OR_NO if _nothing(cell) else say.NO_TRUTH, forms(field, codes))


def _text(cell: Cell, field: Field, codes: CodeBook) -> Literal | Complaint | None:
    if cell.sort in {"date", "time", "truth"} or cell.percent:
        return _other_sort(cell, field, codes)
    identifier = field.shape in codes.identifiers
    digits = sum(c.isdigit() for c in cell.text) if cell.sort == "number" else 0
    if digits > _SAFE_DIGITS or (identifier and _EXPONENT.fullmatch(cell.text.strip())):
        return complain(cell.text, say.DIGITS_LOST, say.AS_TEXT)
    # None and Nil are names that somebody may have.
    if _nothing(cell) and spelt(cell.text) not in _NONE:
        return None
    words = unicodedata.normalize("NFC", cell.text.replace("\r\n", "\n").translate(_BLANKS)).strip()
    if identifier:
        words = narrow(words).replace(" ", "").replace("-", "").removeprefix("'").upper() or words
    return Literal(words) if words else None


def _code(text: str, field: Field, codes: CodeBook) -> Iri | Complaint | None:
    found = codes.candidates(field.codes, text)
    if len(found) == 1:
        return Iri(found[0])
    if found:
        labels = [codes.name(code) for code in found]
        several = Text("、".join(t.zh for t in labels), ", ".join(t.en for t in labels))
        return complain(text, say.TWO_CODES, say.choices(field, codes, text), codes=several)
    word = spelt(text)
    if word in _NOT_KNOWN:
        unknown = codes.unknown(field.codes)
        return Iri(unknown) if unknown else None
    if word in _NOT_APPLICABLE or _MARK.fullmatch(word):
        return None
    parts = [part for part in _SEPARATORS.split(text) if part.strip()]
    each = len(parts) > 1 and all(codes.match(field.codes, part) for part in parts)
    return complain(text, say.ONE_CODE if each else say.NO_CODE, say.choices(field, codes, text))


def _nothing(cell: Cell) -> bool:
    """Say whether a cell only says that nothing is stated."""
    return cell.sort == "text" and says_nothing(cell.text)


def says_nothing(text: str) -> bool:
    """Say whether a text only says that nothing is stated: 不详, 无, n/a, a dash."""
    word = spelt(text) if len(text) <= _LONGEST_WORD else text
    return word in _NOT_KNOWN | _NOT_APPLICABLE | _NOTHING | _NONE or _MARK.fullmatch(word) is not None


def _other_sort(cell: Cell, field: Field, codes: CodeBook) -> Complaint:
    """Return the complaint on a cell whose sort cannot be its field's."""
    if cell.percent:
        return complain(cell.text, say.IS_PERCENT, forms(field, codes))
    return complain(cell.text, say.IS_TRUTH if cell.sort == "truth" else say.IS_DATE, forms(field, codes))
