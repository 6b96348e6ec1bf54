"""Indented lines as lists within lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policygraph.reports.html.markup import Markup, element, foreign

if TYPE_CHECKING:
    from collections.abc import Sequence


def nested(lines: Sequence[tuple[int, str]]) -> Markup:
    """Return lines, each with the depth at which it stands, as lists within lists."""
    parts: list[Markup] = []
    at = 0
    while at < len(lines):
        depth, words = lines[at]
        end = next((n for n in range(at + 1, len(lines)) if lines[n][0] <= depth), len(lines))
        below = lines[at + 1 : end]
        parts.append(element("li", foreign(words), *([nested(below)] if below else [])))
        at = end
    return element("ul", *parts, class_="lines")
