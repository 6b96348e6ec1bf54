"""The list of the kinds of submission: as text for a terminal, as a table, and in JSON's types."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from policygraph.app.kindplain import overview
from policygraph.app.kinds import grouped
from policygraph.cli.width import pad, width, wrap
from policygraph.errors import Text
from policygraph.model.terms import Literal, Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from policygraph.app.kinds import About
    from policygraph.queries.entities import Entities
    from policygraph.records.forms import Forms

_COLUMNS = {
    "label": Text("名称", "name"),
    "kind": Text("短名", "short name"),
    "sections": Text("依据", "serves"),
    "fields": Text("字段", "fields"),
    "tables": Text("子表", "tables"),
    "checks": Text("核查", "checks"),
    "rules": Text("规则", "rules"),
}
_NUMBERS_FROM = 3
_SERVED = Text("依据", "what they serve")
_GAP = "  "


class KindList:
    """Shows all kinds.

    Args:
        kinds: The kinds.
        forms: Their forms.
        entities: Names of the graph's entities.
        language: zh or en.
    """

    def __init__(self, kinds: Sequence[About], forms: Forms, entities: Entities, language: str) -> None:
        self._kinds, self._forms, self._entities, self._language = kinds, forms, entities, language
        self._headings = [heading.in_language(language) for heading in _COLUMNS.values()]

    def table(self) -> tuple[Table, list[str]]:
        """Return the list as a table and its headings."""
        rows = tuple(tuple(map(Literal, self._cells(about))) for about in self._kinds)
        return Table(tuple(_COLUMNS), rows), self._headings

    def lines(self, columns: int) -> Iterator[str]:
        """Yield the list by whom the kinds are about, and what they serve below it.

        Args:
            columns: Width of the terminal; 0 leaves lines as long as they are.
        """
        cells = {about.kind.iri: self._cells(about) for about in self._kinds}
        widths = [max(map(width, column)) for column in zip(self._headings, *cells.values(), strict=True)]
        yield from self._row(self._headings, widths, columns)
        for heading, own in grouped(self._kinds, self._entities):
            yield ""
            yield heading.in_language(self._language)
            for about in own:
                yield from self._row(cells[about.kind.iri], widths, columns)
        served = {section.iri: section for about in self._kinds for section in about.sections}
        if served:
            yield from ("", _SERVED.in_language(self._language))
        for section in sorted(served.values(), key=lambda s: _natural(s.iri)):
            line = f"{_GAP}{section.short}  {section.label.in_language(self._language)}"
            yield from wrap(line, columns) if columns else [line]

    def plain(self) -> list[dict[str, Any]]:
        """Return the list in JSON's types."""
        return [overview(about, self._forms) for about in self._kinds]

    def _cells(self, about: About) -> list[str]:
        children = sum(bool(field.row_class) for field in about.kind.fields)
        served = " ".join(section.short for section in about.sections)
        counts = (len(about.kind.fields) - children, children, len(about.checks), len(about.rules))
        return [about.kind.label.in_language(self._language), self._forms.name_of(about.kind), served, *map(str, counts)]

    def _row(self, cells: Sequence[str], widths: Sequence[int], columns: int) -> Iterator[str]:
        parts = [pad(cell, room, right=i >= _NUMBERS_FROM) for i, (cell, room) in enumerate(zip(cells, widths, strict=True))]
        if not columns or sum(widths) + len(_GAP) * len(widths) <= columns:
            yield _GAP + _GAP.join(parts).rstrip()
        else:  # what does not fit beside the names goes below them
            names = parts[:2] if sum(widths[:2]) + 2 * len(_GAP) <= columns else cells[:2]
            yield from (_GAP + _GAP.join(names).rstrip(), _GAP * 3 + _GAP.join(parts[2:]).rstrip())


def _natural(name: str) -> list[tuple[int, str]]:
    """Return a key that sorts m2 before m10."""
    return [(int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"([0-9]+)", name)]
