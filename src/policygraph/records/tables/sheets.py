"""Reads the rows of one sheet, told of its elements one by one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from policygraph.errors import Text
from policygraph.records.tables import wire
from policygraph.records.tables.faults import DAMAGED, MAX_CELL, MAX_COLUMNS, MAX_ROW, TOO_FULL, TOO_LONG, TOO_WIDE, broken, over
from policygraph.records.tables.formats import iso
from policygraph.records.tables.merging import column_of
from policygraph.records.tables.parts import tags, unescaped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from policygraph.errors import InputError
    from policygraph.records.tables.formats import Styles
    from policygraph.records.tables.merging import Merged

_LAST_ROW, _LAST_COLUMN = 1 << 20, 1 << 14
_TAGS = tags("sheetData", "row", "c", "v", "f", "is", "t", "rPh")
_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_TRUTH = {"1": "true", "true": "true", "0": "false", "false": "false"}

_ROWS_ASTRAY = Text("行号缺失、重复或不按顺序。", "The rows are not numbered one after the other.")
_CELLS_ASTRAY = Text("单元格的位置重复或不在此行。", "The cell is given twice, or belongs to another row.")
_NO_STRING = Text("单元格引用的文字不存在。", "The cell refers to a text that is not there.")


class SheetRows:
    """Collects the rows with content.

    Args:
        sheet: Name of the sheet.
        strings: The cells of text that many cells share.
        styles: How cells show numbers.
        merged: The merged ranges.

    Attributes:
        rows: Number and cells of the rows read so far; the caller takes them away.
    """

    def __init__(self, sheet: str, strings: Sequence[str | None], styles: Styles, merged: Merged) -> None:
        self.rows: list[tuple[int, list[str | None]]] = []
        self._sheet, self._strings, self._styles, self._merged = sheet, strings, styles, merged
        self._inside = self._phonetic = False
        self._columns: dict[str, int] = {}
        self._formulas: dict[str, str] = {}  # shared ones, which only their first cell spells out
        self._row, self._row_words = 0, ""
        self._cells: list[str | None] = []
        self._column = self._size = 0
        self._sort = self._style = ""
        self._value: str | None = None
        self._formula: str | None = None
        self._shared = ""
        self._pieces: list[str] | None = None  # of the text that is being read
        self._length = 0

    # ---------------------------------------------------------------- elements
    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        name = _TAGS.get(tag)
        if name is None:
            return
        if not self._inside:
            self._inside = name == "sheetData"
        elif name == "c":
            self._begin_cell(attributes)
        elif name == "row":
            self._begin_row(attributes.get("r"))
        elif name == "rPh":
            self._phonetic = True
        elif name != "is" and not self._phonetic:
            self._pieces, self._length = [], 0
            if name == "f":
                self._shared = attributes.get("si", "")

    def words(self, words: str) -> None:
        """A piece of text."""
        if self._pieces is not None:
            self._pieces.append(words)
            self._length += len(words)
            if self._length > MAX_CELL:
                raise over(TOO_LONG, sheet=self._sheet, row=self._row, column=self._column)

    def end(self, tag: str) -> None:
        """An element ends."""
        name = _TAGS.get(tag)
        if name is None or not self._inside:
            return
        if name == "v":
            self._value, self._pieces = "".join(self._pieces or ()), None
        elif name == "c":
            if self._value is not None or self._formula is not None:
                self._end_cell()
        elif name == "t":
            if not self._phonetic:
                self._value, self._pieces = (self._value or "") + "".join(self._pieces or ()), None
        elif name == "row":
            if self._cells:
                self.rows.append((self._row, self._cells))
        elif name == "f":
            self._formula, self._pieces = "".join(self._pieces or ()), None
            if self._shared:
                self._formula = self._formula or self._formulas.get(self._shared, "")
                self._formulas.setdefault(self._shared, self._formula)
        elif name == "rPh":
            self._phonetic = False
        elif name == "sheetData":
            self._inside = False

    # ---------------------------------------------------------------- rows and cells
    def _begin_row(self, words: str | None) -> None:
        number = self._row + 1
        if words is not None:
            if not (words.isdecimal() and words.isascii() and len(words) <= len(str(_LAST_ROW))):
                raise self._astray(_ROWS_ASTRAY)
            number = int(words)
        if not self._row < number <= _LAST_ROW:
            raise self._astray(_ROWS_ASTRAY)
        self._row, self._row_words = number, words or ""
        self._cells, self._column, self._size = [], 0, 0

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        reference = attributes.get("r")
        if reference is None:
            column = self._column + 1
        else:
            if not self._row_words:  # a row without a number is where its first cell is
                match = _REFERENCE.fullmatch(reference)
                if match and self._row < int(match[2]) <= _LAST_ROW:
                    self._row = int(match[2])
                self._row_words = str(self._row)
            digits = len(self._row_words)
            column = self._columns.get(reference[:-digits]) or self._known(reference[:-digits])
            if reference[-digits:] != self._row_words:
                raise self._astray(_CELLS_ASTRAY)
        if not self._column < column <= _LAST_COLUMN:
            raise self._astray(_CELLS_ASTRAY, column)
        self._column = column
        self._sort, self._style = attributes.get("t", "n"), attributes.get("s", "0")
        self._value = self._formula = None
        self._shared = ""

    def _known(self, letters: str) -> int:
        """Return the number of a column, and keep it."""
        if not (letters.isalpha() and letters.isascii() and letters.isupper() and len(letters) <= 3):
            raise self._astray(_CELLS_ASTRAY)
        found = self._columns[letters] = column_of(letters)
        return found

    def _end_cell(self) -> None:
        found = self._cell()
        if found is None or self._merged.hides(self._row, self._column):
            return
        column = self._column
        if column > MAX_COLUMNS:
            raise over(TOO_WIDE, sheet=self._sheet, row=self._row, column=column)
        self._size += len(found)
        if self._size > MAX_ROW:
            raise over(TOO_FULL, sheet=self._sheet, row=self._row, column=column)
        cells = self._cells
        if column > len(cells) + 1:
            cells.extend([None] * (column - len(cells) - 1))
        cells.append(found)

    def _cell(self) -> str | None:
        """Return the cell at hand, None if it is empty."""
        words, sort = self._value, self._sort
        if sort == "s" and words:
            index = int(words) if words.isdecimal() and words.isascii() and len(words) < 10 else -1
            if not 0 <= index < len(self._strings):
                raise broken(_NO_STRING, DAMAGED, sheet=self._sheet, row=self._row, column=self._column)
            found = self._strings[index]
            if found and len(found) > MAX_CELL + 1:
                raise over(TOO_LONG, sheet=self._sheet, row=self._row, column=self._column)
            return found
        if words is not None and sort in {"inlineStr", "str"}:
            return wire.text(unescaped(words))
        if not words:
            return None if self._formula is None else f"{wire.FORMULA}={self._formula}"
        if sort == "n":
            return self._styles.number(words.strip(), self._style)
        if sort == "b":
            return wire.TRUTH + _TRUTH[words] if words in _TRUTH else wire.ERROR + words
        if sort == "d":
            return iso(words)
        return wire.ERROR + words

    def _astray(self, what: Text, column: int = 0) -> InputError:
        return broken(what, DAMAGED, sheet=self._sheet, row=self._row, column=min(column, _LAST_COLUMN))
