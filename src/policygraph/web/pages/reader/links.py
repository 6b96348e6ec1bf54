"""Addresses within the reader: the filters in force are kept, whatever else changes."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from policygraph.app.reader.facets import NAMES
from policygraph.web.negotiation import language

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from starlette.requests import Request

    from policygraph.app.reader.facets import Option


class Links:
    """Links of one page to itself with something changed.

    Args:
        request: The request.
        chosen: The filters in force.
        path: Address of the page.
    """

    def __init__(self, request: Request, chosen: Sequence[tuple[str, Option]], path: str) -> None:
        self.filters = [(name, option.key) for name, option in chosen]
        asked = request.query_params.get("lang", "")
        spoken = language(request)
        self.language = [("lang", spoken)] if spoken == "en" or asked == spoken else []
        self.path = path

    def clause(self, short: str, anchor: str) -> str:
        """Return the link to a clause's panel beside its sentence."""
        return self._query([*self.filters, ("clause", short)]) + (f"#{anchor}" if anchor else "")

    def toggled(self, name: str, key: str, clause: str = "") -> str:
        """Return the link that puts a value of a filter in force, or out of it."""
        pair = (name, key)
        pairs = [each for each in self.filters if each != pair] if pair in self.filters else [*self.filters, pair]
        return self._query(sorted(pairs, key=_order), clause)

    def without_clause(self, anchor: str) -> str:
        """Return the link to the page without a panel."""
        return (self._query(self.filters) if self.filters or self.language else self.path) + f"#{anchor}"

    def plain(self, view: str = "") -> str:
        """Return the link to the page without any filter."""
        return self._query([("view", view)] if view else []) if view or self.language else self.path

    def _query(self, pairs: Iterable[tuple[str, str]], clause: str = "") -> str:
        every = [*pairs, *([("clause", clause)] if clause else []), *self.language]
        return "?" + urlencode(every, safe="/") if every else self.path


def _order(pair: tuple[str, str]) -> tuple[int, str]:
    return (list(NAMES).index(pair[0]), pair[1])
