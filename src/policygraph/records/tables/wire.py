"""What the confined child tells its parent: one JSON array a line, without anything that names a file.

    ["sheet", name, hidden]                                a sheet begins
    ["row", number, cells]                                 a row; null where a cell is empty
    ["row", number, cells, merged]                         … where merged ranges begin: [[first column, last row, last column] …]
    ["left", what]                                         the workbook holds macros or links, which are not read
    ["object", line, pointer, kind, name, members]         a record; members: [[key, line, values] …]
    ["linked"]                                             the document is JSON-LD, nothing else follows
    []                                                     still at work

A cell is one text: a letter for its sort, then the words. A value of a member that is a child row is [line, pointer, kind, name, members].
"""

from __future__ import annotations

import json
import re
import unicodedata
from decimal import Decimal, InvalidOperation
from typing import Any

from policygraph.records.raw import Cell, Raw, RawLeft, RawObject, RawRow, RawSheet

TEXT, NUMBER, PERCENT, TRUTH, DATE, TIME, ERROR, FORMULA = "tnpbdmef"
_SORTS = {TEXT: "text", NUMBER: "number", TRUTH: "truth", DATE: "date", TIME: "time", ERROR: "error", FORMULA: "formula"}
BEAT: tuple[()] = ()
LINKED = ("linked",)
# A number with more characters than this is no quantity that anybody submits; it stays text.
MAX_DIGITS = 60
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_REMEMBERED = 4096  # cells that are told apart by their words alone, kept while the same words keep coming

Line = tuple[Any, ...]
_encode = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":")).encode


def encoded(line: Line) -> bytes:
    """Return a line as it goes to the parent."""
    return _encode(line).encode()


def text(words: str) -> str | None:
    """Return a cell of text, in normal form; blanks alone are no content."""
    if not words or words.isspace():
        return None
    return TEXT + normal(words)


def normal(words: str) -> str:
    """Return a text in Unicode's normal form NFC."""
    return words if words.isascii() else unicodedata.normalize("NFC", words)


def number(words: str, sort: str = NUMBER) -> str | None:
    """Return a cell of a number as a plain decimal, or of text when it would be too long; None if it is no number.

    Args:
        words: As written, with or without exponent.
        sort: NUMBER or PERCENT.
    """
    if len(words) > MAX_DIGITS:
        return TEXT + words
    if not _NUMBER.fullmatch(words):
        return None
    if "e" in words or "E" in words:
        try:
            value = Decimal(words)
        except InvalidOperation:  # an exponent that no decimal has
            return TEXT + words
        exponent = int(value.as_tuple().exponent)
        if max(value.adjusted(), -exponent) >= MAX_DIGITS:
            return TEXT + words
        words = f"{value:f}"
    return sort + ("0" if words == "-0" else words)


class Decoder:
    """Turns the lines of a child into what readers give."""

    def __init__(self) -> None:
        self._cells: dict[str, Cell] = {}

    def decode(self, line: bytes) -> Raw | None:
        """Return what a line says, None if nothing.

        Raises:
            LinkedData: The document is JSON-LD.
        """
        match json.loads(line):
            case ["row", number, cells]:
                return RawRow(number, tuple([None if words is None else self._cell(words) for words in cells]))
            case ["row", number, cells, merged]:
                ranges = tuple([(left, bottom, right) for left, bottom, right in merged])
                return RawRow(number, tuple([None if words is None else self._cell(words) for words in cells]), ranges)
            case ["left", what]:
                return RawLeft(what)
            case ["object", *parts]:
                return self._object(*parts)
            case ["sheet", name, hidden]:
                return RawSheet(name, hidden)
            case ["linked"]:
                raise LinkedData
        return None

    def _cell(self, words: str) -> Cell:
        found = self._cells.get(words)
        if found is None:
            if len(self._cells) >= _REMEMBERED:
                self._cells.clear()
            percent = words[0] == PERCENT
            found = self._cells[words] = Cell("number" if percent else _SORTS[words[0]], words[1:], percent)
        return found

    def _object(self, line: int, pointer: str, kind: str, name: str, members: list[Any]) -> RawObject:
        values = [(key, tuple([self._cell(v) if isinstance(v, str) else self._object(*v) for v in found])) for key, _, found in members]
        return RawObject(line, pointer, kind, name, tuple(values), tuple([(key, at) for key, at, _ in members]))


class LinkedData(Exception):  # noqa: N818 - no error: the caller reads the document as JSON-LD instead
    """A JSON document turned out to be JSON-LD."""
