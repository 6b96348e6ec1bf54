"""Merged cells of a sheet: what lies under them is not seen, and so not read."""

from __future__ import annotations

import heapq
import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from policygraph.errors import Text
from policygraph.records.tables.archive import reading
from policygraph.records.tables.faults import MAX_COLUMNS, over

if TYPE_CHECKING:
    from collections.abc import Sequence
    from zipfile import ZipFile

MAX_MERGED = 1 << 17
_CHUNK = 1 << 20
_LONGEST = 200  # bytes of the element
# They stand behind the rows. Looking for them beforehand in the bytes costs a tenth of reading the rows.
_MERGED = re.compile(rb'<(?:\w{1,40}:)?mergeCell\s(?:[^<>]{0,100}?\s)?ref="([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})"')


class Merged:
    """The merged ranges of a sheet, asked for row by row.

    Args:
        archive: The workbook.
        part: Name of the sheet's part.
        sheet: Name of the sheet, for errors.
    """

    def __init__(self, archive: ZipFile, part: str, sheet: str) -> None:
        self._waiting = sorted(_ranges(archive, part, sheet), reverse=True)
        self._starting: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
        for top, left, bottom, right in reversed(self._waiting):
            self._starting[top].append((left, bottom, right))
        self._open: list[tuple[int, int, int]] = []  # last row, first and last column
        self._covered: Counter[int] = Counter()
        self._first: set[tuple[int, int]] = set()

    def starting(self, row: int, cells: Sequence[str | None]) -> list[tuple[int, int, int]]:
        """Return first column, last row and last column of the ranges that begin in a row with a cell that is not empty."""
        ranges = self._starting.pop(row, ())
        return [(left, bottom, right) for left, bottom, right in ranges if left <= len(cells) and cells[left - 1] is not None]

    def hides(self, row: int, column: int) -> bool:
        """Return whether a merged range hides a cell; rows are asked for in ascending order."""
        while self._waiting and self._waiting[-1][0] <= row:
            top, left, bottom, right = self._waiting.pop()
            self._first.add((top, left))
            heapq.heappush(self._open, (bottom, left, right))
            self._covered.update(range(left, right + 1))
        while self._open and self._open[0][0] < row:
            _, left, right = heapq.heappop(self._open)
            self._covered.subtract(range(left, right + 1))
        return bool(self._open) and self._covered[column] > 0 and (row, column) not in self._first


def column_of(letters: str) -> int:
    """Return the number of a column from its letters, A being 1."""
    found = 0
    for letter in letters:
        found = found * 26 + ord(letter) - ord("A") + 1
    return found


def _ranges(archive: ZipFile, part: str, sheet: str) -> set[tuple[int, int, int, int]]:
    """Return top, left, bottom, right of the merged ranges of a sheet, as far as columns can have content."""
    found: set[tuple[int, int, int, int]] = set()
    with reading(), archive.open(part) as stream:
        tail = b""
        while chunk := stream.read(_CHUNK):
            piece = tail + chunk
            if b"mergeCell" in piece:
                for left, top, right, bottom in _MERGED.findall(piece):
                    last = min(column_of(right.decode()), MAX_COLUMNS)
                    found.add((int(top), column_of(left.decode()), int(bottom), last))
            if len(found) > MAX_MERGED:
                raise over(Text("合并单元格过多。", "There are too many merged cells."), sheet=sheet)
            tail = piece[-_LONGEST:]
    return found
