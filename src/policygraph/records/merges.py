"""Merged cells among the rows of a table: their content belongs to one cell, and the others would lose it without a word.

A value is not filled into the cells that are merged with its own. A name merged over three rows is meant for each of them, but a sum may be
meant once or three times: what is ambiguous is said, never guessed.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from policygraph.errors import Text
from policygraph.model.places import Place, letters
from policygraph.records.record import Misread

if TYPE_CHECKING:
    from collections.abc import Sequence

    from policygraph.records.headers import Columns
    from policygraph.records.notes import Notes
    from policygraph.records.raw import RawRow

MOST_NAMED = 12
MERGED = Text(
    "合并单元格 {cells}：内容只读入左上角的单元格，其余单元格视为未填。",
    "Merged cells {cells}: their content was read into the top left cell only; the others count as empty.",
)
MORE = Text("{cells} 等 {n} 处", "{cells} and others, {n} in all")
SPLIT = Text("请取消合并，逐格填写后重新提交。", "Split them, fill in each cell of its own, and submit again.")

_Range = tuple[int, int, int, int]  # first row and column, last row and column


class Merges:
    """Watches the rows of one sheet for cells that a merged range leaves empty.

    Args:
        file: Name of the file.
        sheet: Name of the sheet.
    """

    def __init__(self, file: str, sheet: str) -> None:
        self._file, self._sheet = file, sheet
        self._open: list[tuple[_Range, int]] = []
        self._found: dict[int, list[_Range]] = defaultdict(list)

    def row(self, row: RawRow, columns: Columns) -> None:
        """Take the next row that states something."""
        if not self._open and not row.merged:
            return
        # Another row that states something lies in a range from above: it lacks the content. A range is named once.
        for own, column in self._open:
            if row.number <= own[2]:
                self._found[column].append(own)
        self._open.clear()
        used = {column.number for column in columns.fields} | {columns.key, columns.owner}
        for left, bottom, right in row.merged:
            own = (row.number, left, bottom, right)
            hidden = [number for number in range(left + 1, right + 1) if number in used]
            if hidden:
                self._found[left].append(own)
            elif bottom > row.number and left in used:
                self._open.append((own, left))

    def tell(self, notes: Notes, headers: Sequence[str]) -> None:
        """Say of each column which merged ranges left cells of it, or beside it, empty.

        Args:
            notes: Where to say it.
            headers: Headers of the columns.
        """
        for column, found in sorted(self._found.items()):
            names = [f"{letters(left)}{top}:{letters(right)}{bottom}" for top, left, bottom, right in found]
            shown = names[:MOST_NAMED]
            cells = Text("、".join(shown), ", ".join(shown))
            if len(names) > MOST_NAMED:
                cells = MORE.format(cells=cells, n=len(names))
            place = Place(self._file, self._sheet, found[0][0], letters(column), headers[column - 1] if column <= len(headers) else "")
            notes.fault(Misread(place, MERGED.format(cells=cells), SPLIT, "warning"))
        self._found.clear()
