"""Draws the grids: heads that can be read, a mark where row and column meet, sums at the edges, links and titles inside."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from policygraph.errors import Text
from policygraph.reports.html.markup import Markup, element
from policygraph.web.pages.drawing import ems, line, lines, number, rect, svg, text, turned, upright
from policygraph.web.pages.shell import place

if TYPE_CHECKING:
    from collections.abc import Callable

    from policygraph.web.pages.matrix.grid import Grid, Head
    from policygraph.web.pages.voice import Voice

_SIZE, _SMALL = 14, 12.5
_GAP, _SUM, _SHADES = 10, 66, 4
_MEETS = Text(
    "{row}：{column}（原文所列第 {place} 位，次序不表示牵头）", "{row}: {column} (number {place} in the text's list, which names no lead)"
)
_BEARS = Text("{row}：“{column}”条款 {place} 条", "{row}: clauses of the strength “{column}”: {place}")


@dataclass(frozen=True, slots=True)
class Look:
    """What tells one picture from the other.

    Attributes:
        key: Beginning of its ids.
        title: Its title.
        about: What it shows, in a sentence.
        counted: Whether a cell shows its number, and sums add the numbers up; else a cell is a dot, and sums count the dots.
        link: Row and column → where a cell leads, '' for nowhere.
        edge: What the sums are.
    """

    key: str
    title: str
    about: str
    counted: bool
    link: Callable[[Head, Head], str]
    edge: str


def draw(voice: Voice, grid: Grid, look: Look) -> Markup:
    """Return a grid as a picture."""
    return _Drawing(voice, grid, look).whole()


class _Drawing:
    """One picture: sizes first, then its parts."""

    def __init__(self, voice: Voice, grid: Grid, look: Look) -> None:
        self._voice, self._grid, self._look = voice, grid, look
        self._chinese = voice.language != "en"
        self._names = {row: lines(row.label, 12 if self._chinese else 24 if look.counted else 17) for row in grid.rows}
        limit = 99 if self._chinese else 15
        self._heads = {column: lines(column.label, limit) for column in grid.columns}
        most = max((len(said) for said in self._heads.values()), default=1)
        self._column = 46 if self._chinese else max(40, 14 * most + 12)
        least = 30 if look.counted else 38
        self._high = {row: max(least, 17 * len(said) + 10) for row, said in self._names.items()}
        wide = max((ems(line) for said in self._names.values() for line in said), default=0) * _SIZE
        self._numbered = 26 if any(row.number for row in grid.rows) else 0
        self._left = round(wide) + self._numbered + 2 * _GAP
        if self._chinese:
            self._top = max((len(column.label) for column in grid.columns), default=0) * 16 + 2 * _GAP
        else:
            self._top = round(max((ems(line) for said in self._heads.values() for line in said), default=0) * _SMALL) + 2 * _GAP
        self._width = self._left + len(grid.columns) * self._column + _SUM
        self._tops = dict(zip(grid.rows, accumulate(self._high.values(), initial=self._top), strict=False))
        self._bottom = self._top + sum(self._high.values())
        self._sums = {row: grid.of_row(row, meetings=not look.counted) for row in grid.rows}
        self._under = {column: grid.of_column(column, meetings=not look.counted) for column in grid.columns}
        # What the text does not state would outweigh every bar and shade.
        self._most = max((n for (row, _), n in grid.cells.items() if row.node is not None), default=1)
        self._longest = max((n for row, n in self._sums.items() if row.node is not None), default=1)

    def whole(self) -> Markup:
        parts = [rect(0, 0, self._width, self._bottom + _SUM, "ground")]
        parts += [self._line(n, row) for n, row in enumerate(self._grid.rows)]
        parts += [self._over(n, column) for n, column in enumerate(self._grid.columns)]
        parts += [self._below(n, column) for n, column in enumerate(self._grid.columns)]
        parts += [line(self._left, self._top, self._left, self._bottom, "axis"), line(0, self._top, self._width, self._top, "axis")]
        parts += [line(0, self._bottom, self._width, self._bottom, "axis")]
        edge = lines(self._look.edge, 8)
        parts.append(text(self._left - _GAP, self._bottom + 18, edge, "soft end"))
        total = number(sum(self._sums.values()))
        parts.append(text(self._width - 4, self._bottom + 18, [total], "sum total end"))
        return svg(self._look.key, self._look.title, self._look.about, (self._width, self._bottom + _SUM), parts)

    def _middle(self, column: int) -> float:
        return self._left + (column + 0.5) * self._column

    def _linked(self, head: Head, drawn: Markup) -> Markup:
        if head.node is None:
            return drawn
        return element("a", element("title", head.label), drawn, href=place(self._voice.request, head.node.value))

    def _over(self, column: int, head: Head) -> Markup:
        x, y = self._middle(column), self._top - _GAP
        if self._chinese:
            return self._linked(head, upright(x, y, head.label, "head middle"))
        return self._linked(head, turned(x + 4, y, self._heads[head], "head"))

    def _line(self, row: int, head: Head) -> Markup:
        y, high = self._tops[head], self._high[head]
        middle = y + high / 2
        band = rect(0, y, self._width, high, "band even" if row % 2 else "band")
        name = [text(self._numbered + _GAP, middle + 5, self._names[head], "name")]
        if head.number:
            name.insert(0, text(self._numbered, middle + 5, [head.number], "number end"))
        marks = [self._mark(n, column, head, middle) for n, column in enumerate(self._grid.columns) if (head, column) in self._grid.cells]
        return element("g", band, self._linked(head, element("g", *name)), *marks, self._aside(head, middle), class_="row")

    def _mark(self, column: int, over: Head, head: Head, middle: float) -> Markup:
        found, x = self._grid.cells[head, over], self._middle(column)
        said = _BEARS if self._look.counted else _MEETS
        title = element("title", self._voice.say(said, row=head.label, column=over.label, place=found))
        if not self._look.counted:
            return element("circle", title, cx=number(x), cy=number(middle), r="8", class_="dot")
        shade = 0 if head.node is None else 1 + min(_SHADES - 1, int(_SHADES * (found - 1) / max(1, self._most / 2)))
        box = rect(x - self._column / 2 + 3, middle - 13, self._column - 6, 26, f"shade-{shade}", 4)
        shown = text(x, middle + 5, [str(found)], f"count middle on-{shade}")
        target = self._look.link(head, over)
        return element("a", title, box, shown, href=target) if target else element("g", title, box, shown)

    def _aside(self, head: Head, middle: float) -> Markup:
        """Return the sum of a row: its number and a bar."""
        left = self._left + len(self._grid.columns) * self._column
        length = 26 * min(1, self._sums[head] / self._longest)
        return element(
            "g", rect(left + 8, middle - 5, length, 10, "bar-sum"), text(self._width - 4, middle + 5, [str(self._sums[head])], "sum end")
        )

    def _below(self, column: int, head: Head) -> Markup:
        x = self._middle(column)
        height = 30 * self._under[head] / max(1, *self._under.values())
        bar = rect(x - 7, self._bottom + 6, 14, height, "bar-sum")
        return element("g", bar, text(x, self._bottom + height + 21, [str(self._under[head])], "sum middle"))
