"""Orders and narrows the rows of an answer as a caller asks: `?sort=column`, `?order=desc`, `?filter=words`."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from policygraph.errors import Text
from policygraph.model.terms import Iri, Literal, Table
from policygraph.vocab import XSD
from policygraph.web.problems import usage

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from policygraph.model.terms import Term

NAMES = ("sort", "order", "filter")  # no question may have a parameter of one of these names
ORDERS = ("asc", "desc")
_NUMBERS = frozenset({XSD.integer, XSD.decimal, XSD.double, XSD.float, XSD.gYear})


@dataclass(frozen=True, slots=True)
class Arrangement:
    """How a caller wants the rows.

    Attributes:
        sort: Column by which they are ordered, '' for the question's own order.
        descending: Whether the greatest comes first.
        words: Words that a row must hold, '' for all rows.
    """

    sort: str = ""
    descending: bool = False
    words: str = ""

    def __bool__(self) -> bool:
        return bool(self.sort or self.words)


def read(given: Mapping[str, str]) -> Arrangement:
    """Return what the parameters of a request say.

    Raises:
        ProblemError: The order is neither asc nor desc.
    """
    order = given.get("order") or ORDERS[0]
    if order not in ORDERS:
        raise usage(
            f"order 不能是“{order[:80]}”。",
            f"order cannot be “{order[:80]}”.",
            Text("可用：asc、desc", "There are: asc, desc"),
            parameter="order",
        )
    return Arrangement(given.get("sort", ""), order == ORDERS[1], " ".join(given.get("filter", "").split()))


def arrange(table: Table, wanted: Arrangement, label: Callable[[Term], str]) -> Table:
    """Return a table as it is wanted.

    Args:
        table: The rows in the question's own order.
        wanted: How they are wanted.
        label: Term → how it is shown.

    Raises:
        ProblemError: There is no such column.
    """
    rows = table.rows
    if wanted.words:
        words = wanted.words.casefold().split()
        shown = ((row, " ".join(label(cell) for cell in row if cell is not None).casefold()) for row in rows)
        rows = tuple(row for row, text in shown if all(word in text for word in words))
    if wanted.sort:
        if wanted.sort not in table.columns:
            listed = ", ".join(table.columns)
            raise usage(
                f"没有“{wanted.sort[:80]}”这一列。",
                f"There is no column “{wanted.sort[:80]}”.",
                Text(f"可用：{listed}", f"There are: {listed}"),
                parameter="sort",
            )
        at = table.columns.index(wanted.sort)
        full = sorted((row for row in rows if row[at] is not None), key=lambda row: _key(row[at], label), reverse=wanted.descending)
        rows = (*full, *(row for row in rows if row[at] is None))  # what is not stated comes last either way
    return Table(table.columns, tuple(rows))


def spoken_order(text: str) -> bytes:
    """Return a key that puts Chinese words in the order of their sounds: so GB 2312, within GB 18030, has the common characters."""
    return text.casefold().encode("gb18030", "replace")


def _key(term: Term | None, label: Callable[[Term], str]) -> tuple[int, Decimal, bytes]:
    if isinstance(term, Literal) and term.datatype in _NUMBERS:
        try:
            return 0, Decimal(term.value), b""
        except InvalidOperation:
            pass
    words = term.value if isinstance(term, Literal) else label(term) if isinstance(term, Iri) else ""
    return 1, Decimal(0), spoken_order(words)
