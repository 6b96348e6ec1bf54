"""Reads CSV and TSV: encoding and delimiter found out, strictly quoted, with the line on which each row begins."""

from __future__ import annotations

import csv
import io
import re
from itertools import islice
from typing import TYPE_CHECKING, BinaryIO

from policygraph.errors import Text
from policygraph.records.tables import wire
from policygraph.records.tables.decoding import encoding_of
from policygraph.records.tables.faults import (
    EMPTY,
    MAX_CELL,
    MAX_COLUMNS,
    MAX_ROW,
    MAX_ROWS,
    TOO_FULL,
    TOO_LONG,
    TOO_MANY,
    TOO_WIDE,
    UNSAVED,
    broken,
    over,
    placed,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policygraph.errors import InputError, LimitError
    from policygraph.records.tables.wire import Line

_DELIMITERS = (",", ";", "\t", "，")
_SEPARATOR_LINE = re.compile(r'"?sep=([^"\s]|\t)"?[\r\n]*', re.IGNORECASE)  # Excel writes and heeds it
_QUOTED = re.compile(r'"(?:[^"]|"")*+"')
_LOOKED_AT = 50  # lines in which the header is looked for


def read(file: BinaryIO, form: str) -> Iterator[Line]:
    """Yield one sheet without a name and its rows.

    Args:
        file: The file, at its beginning.
        form: csv or tsv.
    """
    csv.field_size_limit(MAX_CELL)
    encoding = encoding_of(file)
    file.seek(0)
    text = io.TextIOWrapper(file, encoding, newline="")  # a lone carriage return ends a line, too
    try:
        yield from _rows(_Lines(text), *_delimiter(text, form))
    finally:
        text.detach()


def _rows(lines: _Lines, delimiter: str, skipped: int) -> Iterator[Line]:
    for _ in range(skipped):
        next(lines)
    rows = csv.reader(lines, delimiter=delimiter, strict=True)
    count = 0
    yield ("sheet", "", False)
    while True:
        began = lines.begin()
        try:
            cells = [wire.text(cell) for cell in next(rows)]
        except StopIteration:
            break
        except csv.Error as error:
            raise _fault(str(error), lines, began) from None
        while cells and cells[-1] is None:
            cells.pop()
        if not cells:
            continue
        if len(cells) > MAX_COLUMNS:
            raise over(placed(TOO_WIDE, column=len(cells)), where=str(began))
        count += 1
        if count > MAX_ROWS:
            raise over(TOO_MANY, where=str(began))
        yield ("row", began, cells)
    if not count:
        raise broken(EMPTY, UNSAVED)


class _Lines:
    """The lines of a text, counted; those of the row at hand are kept until the next one begins."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._text = text
        self._number = self._size = 0
        self.kept: list[str] = []

    def begin(self) -> int:
        """Begin a row; return its line."""
        self.kept, self._size = [], 0
        return self._number + 1

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._text.readline(MAX_ROW + 1)
        if not line:
            raise StopIteration
        self._number += 1
        self._size += len(line)
        self.kept.append(line)
        if self._size > MAX_ROW:
            raise over(TOO_FULL, where=str(self._number - len(self.kept) + 1))
        return line


def _delimiter(text: io.TextIOWrapper, form: str) -> tuple[str, int]:
    """Return the delimiter that a line names or that is most frequent in the header, and how many lines to skip."""
    first = text.readline(MAX_ROW)
    text.seek(0)
    if match := _SEPARATOR_LINE.fullmatch(first):
        return match[1], 1
    found, header = "\t" if form == "tsv" else ",", ""
    for line in islice(iter(lambda: text.readline(MAX_ROW), ""), _LOOKED_AT):
        header += line
        if header.count('"') % 2:  # a line end inside quotes
            continue
        counts = {d: _QUOTED.sub("", header).count(d) for d in _DELIMITERS}
        if any(counts.values()):
            found = "\t" if form == "tsv" and counts["\t"] else max(counts, key=counts.__getitem__)
            break
        header = ""
    text.seek(0)
    return found, 0


def _fault(words: str, lines: _Lines, began: int) -> InputError | LimitError:
    """Return what is wrong with the row at hand, by the words of the csv module."""
    opened, inside = began, False
    for number, line in enumerate(lines.kept, began):
        if line.count('"') % 2:
            inside = not inside
            opened = number if inside else opened
    if "field limit" in words and not inside:
        return over(TOO_LONG, where=str(began))
    if "field limit" in words or "unexpected end" in words:
        return broken(
            Text("此行的引号没有结束，或引号内过长。", "A quotation mark of this line is not closed, or what it encloses is too long."),
            Text("请补上引号，或把内容里的引号写成两个。", "Close it; a quotation mark inside a cell is written twice."),
            str(opened),
        )
    return broken(
        Text("结束的引号之后还有文字。", "There is text behind a closing quotation mark."),
        Text("内容里的引号要写成两个。", "A quotation mark inside a cell is written twice."),
        str(began + len(lines.kept) - 1),
    )
