"""The two grids of the map, from the answers of the saved questions: who is responsible for what, and who bears what."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from policygraph.model.terms import Iri
from policygraph.vocab import SKOS
from policygraph.web.pages import saved

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from policygraph.model.terms import Term
    from policygraph.web.pages.voice import Voice

RESPONSIBILITIES, STRENGTHS = "responsibilities", "strengths-by-bearer"


@dataclass(frozen=True, slots=True)
class Head:
    """A row or column.

    Attributes:
        label: What it is called.
        node: The thing; None for the row of what the text does not state.
        number: Its number in the text, '' when it has none.
    """

    label: str
    node: Iri | None
    number: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows and columns with a number where they meet.

    Attributes:
        rows: The rows in order.
        columns: The columns in order.
        cells: Row and column → the number; none where they do not meet.
        lists: Row → its columns in the text's order.
    """

    rows: tuple[Head, ...]
    columns: tuple[Head, ...]
    cells: Mapping[tuple[Head, Head], int]
    lists: Mapping[Head, Sequence[Head]] = field(default_factory=dict)

    def of_row(self, row: Head, *, meetings: bool = False) -> int:
        """Return the sum of a row, or how many columns it meets."""
        return sum(1 if meetings else n for (own, _), n in self.cells.items() if own == row)

    def of_column(self, column: Head, *, meetings: bool = False) -> int:
        """Return the sum of a column, or how many rows it meets."""
        return sum(1 if meetings else n for (_, own), n in self.cells.items() if own == column)


def responsibilities(voice: Voice, policy: Iri) -> Grid:
    """Return measures × responsible agencies: measures as the text has them, agencies by how many they have, then as the text has them.

    The number in a cell is the agency's place in the text's list.
    """
    rows: dict[str, Head] = {}
    columns: dict[str, Head] = {}
    cells: dict[tuple[Head, Head], int] = {}
    lists: dict[Head, list[Head]] = {}
    for found in saved.rows(voice, RESPONSIBILITIES, policy=policy):
        row = _head(rows, found, "measure", "label", "number")
        lists.setdefault(row, [])
        if "agency" in found:
            column = _head(columns, found, "agency", "agencyLabel")
            cells[row, column] = int(found["position"].value)
            lists[row].append(column)
    counted = Counter(column for _, column in cells)
    return Grid(tuple(rows.values()), tuple(sorted(columns.values(), key=lambda c: -counted[c])), cells, lists)


def strengths(voice: Voice, policy: Iri) -> Grid:
    """Return actors × strength: who bears most first, then as the text has them; what has no bearer comes last."""
    rows: dict[str, Head] = {}
    columns: dict[str, Head] = {}
    cells: dict[tuple[Head, Head], int] = {}
    first: dict[Head, int] = {}
    for found in saved.rows(voice, STRENGTHS, policy=policy):
        row, column = _head(rows, found, "actor", "actorLabel"), _head(columns, found, "strength", "strengthLabel")
        cells[row, column] = int(found["clauses"].value)
        first[row] = min(first.get(row, 1 << 30), int(found["first"].value))
    sums: Counter[Head] = Counter()
    for (row, _), number in cells.items():
        sums[row] += number
    ordered = sorted(rows.values(), key=lambda row: (row.node is None, -sums[row], first[row]))
    return Grid(tuple(ordered), tuple(sorted(columns.values(), key=lambda column: _rank(voice, column))), cells)


def _head(heads: dict[str, Head], found: Mapping[str, Term], node: str, label: str, number: str = "") -> Head:
    thing = found.get(node)
    key = thing.value if thing is not None else ""
    if key not in heads:
        stated = found[number].value if number in found else ""
        heads[key] = Head(found[label].value, thing if isinstance(thing, Iri) else None, stated)
    return heads[key]


def _rank(voice: Voice, column: Head) -> tuple[int, str]:
    """Return where a strength stands among its kind: the scheme numbers them from strong to weak."""
    said = voice.word(column.node, SKOS.notation) if column.node else ""
    return (int(said) if said.isdecimal() else 1 << 30, column.label)
