"""Readings, open questions and provisions that findings share: each is said once, and findings point there."""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from policygraph.model.grounds import Point
    from policygraph.reports.entries import Quote


class Points:
    """Gathers what findings share, numbered by first mention; grows with the policy, not with the records."""

    def __init__(self) -> None:
        self.readings: dict[str, tuple[int, Point]] = {}
        self.open_points: dict[str, tuple[int, Point]] = {}
        self.provisions: dict[str, Quote] = {}

    def readings_of(self, points: Iterable[Point]) -> list[tuple[int, Point]]:
        """Return readings with their numbers, in the order of these."""
        return _in_order(_numbered(self.readings, point) for point in points)

    def open_points_of(self, points: Iterable[Point]) -> list[tuple[int, Point]]:
        """Return open questions with their numbers, in the order of these."""
        return _in_order(_numbered(self.open_points, point) for point in points)

    def quoted(self, quotes: Iterable[Quote]) -> None:
        """Remember the provisions behind quotes."""
        for quote in quotes:
            self.provisions.setdefault(quote.provision, quote)


def _in_order(numbered: Iterable[tuple[int, Point]]) -> list[tuple[int, Point]]:
    return sorted(numbered, key=itemgetter(0))


def _numbered(known: dict[str, tuple[int, Point]], point: Point) -> tuple[int, Point]:
    return known.setdefault(point.node.iri, (len(known) + 1, point))
