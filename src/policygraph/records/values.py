"""Literal values of submissions in one spelling: what a foreign file means by a number, a date or a truth value.

Only the spelling is settled here. A literal that is none of its field's datatype is handed on as plain text: the field's shape
reports it, and no engine has to compare a number that is none (`NaN`, 2024-02-30).
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from decimal import Decimal, InvalidOperation

from policygraph.model.terms import Literal
from policygraph.vocab import XSD

_NUMERIC = {XSD[n] for n in ("integer", "decimal", "double", "float", "int", "long", "short", "nonNegativeInteger", "positiveInteger")}
_PLAIN = re.compile(r"[+-]?[0-9]{1,30}(\.[0-9]{1,30})?([eE][+-]?[0-9]{1,2})?")
_TRUTH = {"true": "true", "1": "true", "false": "false", "0": "false"}
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def normalise(literal: Literal, datatype: str) -> Literal:
    """Return a literal in the canonical spelling of a field's datatype, or as plain text when it is none of it.

    Args:
        literal: As the file has it; numbers may come as strings or doubles, for JSON-LD knows nothing else.
        datatype: IRI of the field's datatype.
    """
    text = unicodedata.normalize("NFC", literal.value).strip()
    plain = Literal(text)
    if datatype == XSD.string:
        return plain
    if literal.language or literal.datatype not in {XSD.string, datatype, *(_NUMERIC if datatype in _NUMERIC else ())}:
        return plain
    if datatype == XSD.boolean and text in _TRUTH:
        return Literal(_TRUTH[text], datatype)
    if datatype == XSD.date and _DATE.fullmatch(text) and _is_day(text):
        return Literal(text, datatype)
    if datatype in {XSD.integer, XSD.decimal} and _PLAIN.fullmatch(text):
        return _number(text, datatype) or plain
    return plain


def _is_day(text: str) -> bool:
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _number(text: str, datatype: str) -> Literal | None:
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    whole = value == value.to_integral_value()
    if datatype == XSD.integer:
        return Literal(str(int(value)), datatype) if whole else None
    plain = f"{value:f}"
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    return Literal(plain or "0", datatype)
