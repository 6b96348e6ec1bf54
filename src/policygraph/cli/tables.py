"""Query results as text: aligned for people, or in the forms that programs read."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

from policygraph.cli.width import pad, width, wrap
from policygraph.errors import clean
from policygraph.graph.results import write_boolean, write_table
from policygraph.graph.terms import spell
from policygraph.model.terms import Blank, Literal, Table, Term
from policygraph.vocab import XSD

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

FORMATS = ("table", "csv", "tsv", "json", "markdown")
_NUMERIC = frozenset({XSD.integer, XSD.decimal, XSD.double, XSD.float})
_GAP = "  "
_NARROW, _LONG, _READABLE = 10, 40, 24  # longer texts get a readable width, or the table is shown record by record
_WORD = re.compile(r"[!-~]+")


def render(table: Table, form: str, *, headings: Sequence[str] = (), show: Callable[[Term], str] = spell, columns: int = 0) -> str:
    """Return a table in one of FORMATS.

    Args:
        table: The rows.
        form: table and markdown are for people: they use headings and `show`; csv, tsv and json follow SPARQL 1.1.
        headings: Headings for people; the variables' names by default.
        show: How to write a term for people.
        columns: Width of the terminal; 0 leaves lines as long as they are.
    """
    if form == "json":
        return write_table(table)
    if form == "csv":
        return _csv(table)
    if form == "tsv":
        head = "\t".join(f"?{name}" for name in table.columns)
        rows = ["\t".join("" if cell is None else spell(cell) for cell in row) for row in table.rows]
        return "".join(f"{line}\n" for line in [head, *rows])
    cells = [["" if cell is None else clean(show(cell)) for cell in row] for row in table.rows]
    names = list(headings or table.columns)
    if form == "markdown":
        return _markdown(names, cells)
    right = [_is_numeric(table, index) for index in range(len(names))]
    return _aligned(names, cells, right, columns)


def render_boolean(value: bool, form: str, language: str) -> str:
    """Return the answer to an ASK."""
    if form == "json":
        return write_boolean(value)
    if form in {"csv", "tsv"}:
        return f"{str(value).lower()}\n"
    return {("zh", True): "是\n", ("zh", False): "否\n", ("en", True): "yes\n"}.get((language, value), "no\n")


def _csv(table: Table) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")  # RFC 4180, which SPARQL 1.1 follows
    writer.writerow(table.columns)
    for row in table.rows:
        writer.writerow("" if cell is None else spell(cell) if isinstance(cell, Blank) else cell.value for cell in row)
    return out.getvalue()


def _markdown(names: list[str], cells: list[list[str]]) -> str:
    rows = [names, ["---"] * len(names), *cells]
    escaped = ([cell.replace("\\", "\\\\").replace("|", "\\|") for cell in row] for row in rows)
    return "".join(f"| {' | '.join(row)} |\n" for row in escaped)


def _aligned(names: list[str], cells: list[list[str]], right: list[bool], columns: int) -> str:
    natural = [max(map(width, column)) for column in zip(names, *cells, strict=True)] if names else []
    words = [max((len(w) for cell in column for w in _WORD.findall(cell)), default=0) for column in zip(names, *cells, strict=True)]
    least = [min(n, max(word, _READABLE if n > _LONG else _NARROW)) for n, word in zip(natural, words, strict=True)]
    widths = _fit(natural, least, columns - len(_GAP) * (len(names) - 1)) if columns else natural
    if widths is None:
        return _records(names, cells, columns)
    lines = [_row(names, widths, right), _GAP.join("─" * each for each in widths)]
    broken = False
    for row in cells:
        parts = [wrap(cell, each) if width(cell) > each else [cell] for cell, each in zip(row, widths, strict=True)]
        height = max(map(len, parts), default=1)
        if lines[2:] and (broken or height > 1):
            lines.append("")
        broken = height > 1
        for index in range(height):
            lines.append(_row([part[index] if index < len(part) else "" for part in parts], widths, right))
    return "".join(f"{line.rstrip()}\n" for line in lines)


def _row(cells: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> str:
    return _GAP.join(pad(cell, each, right=flag) for cell, each, flag in zip(cells, widths, right, strict=True))


def _records(names: list[str], cells: list[list[str]], columns: int) -> str:
    """Return rows one below the other, a line or more for each cell."""
    margin = max(map(width, names), default=0)
    blocks = []
    for row in cells:
        lines = []
        for name, cell in zip(names, row, strict=True):
            if cell:
                first, *more = wrap(cell, max(columns - margin - len(_GAP), _NARROW))
                lines += [pad(name, margin) + _GAP + first, *(" " * (margin + len(_GAP)) + line for line in more)]
        blocks.append("".join(f"{line}\n" for line in lines))
    return f"{'─' * min(columns, 40)}\n".join(blocks)


def _fit(natural: list[int], least: list[int], room: int) -> list[int] | None:
    """Return widths that fit a line, at least the least ones, or None; what is left over goes where most is missing."""
    if sum(natural) <= room:
        return natural
    widths = list(least)
    for _ in range(room - sum(least)):
        wanting = max(range(len(widths)), key=lambda i: natural[i] - widths[i])
        widths[wanting] += 1
    return widths if sum(least) <= room else None


def _is_numeric(table: Table, index: int) -> bool:
    cells = [row[index] for row in table.rows if row[index] is not None]
    return bool(cells) and all(isinstance(cell, Literal) and cell.datatype in _NUMERIC for cell in cells)
