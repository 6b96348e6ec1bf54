"""The cells of a record as submitted, and which of them a finding is about."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from policygraph.reports.lines import VERDICTS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from policygraph.errors import Text
    from policygraph.model.answers import Finding, RecordReport
    from policygraph.model.grounds import Named
    from policygraph.model.places import Place

_FAULTS = frozenset(VERDICTS) - {"pass", "unchecked"}


@dataclass(frozen=True, slots=True)
class Cell:
    """A field of a record or of a row of it, with what was stated in it.

    Attributes:
        field: The field.
        row: Row of a child table in which it stands, '' for the record itself.
        values: What was stated; empty when the field is at fault because nothing was.
        place: Where it stands, None if unknown.
        findings: Numbers of the findings about it, from 1.
        verdict: Worst verdict of these findings, '' if there are none.
    """

    field: Named
    row: str
    values: tuple[Text, ...]
    place: Place | None
    findings: tuple[int, ...] = ()
    verdict: str = ""


def cells(record: RecordReport) -> tuple[Cell, ...]:
    """Return the cells of a record in the order in which they were stated, then those of its rows, then what is only missed or refused."""
    stated: dict[tuple[str, str], Cell] = {}
    for fact in record.stated:
        key = (fact.field.iri, short(fact.row))
        earlier = stated.get(key)
        stated[key] = (
            replace(earlier, values=(*earlier.values, fact.value)) if earlier else Cell(fact.field, key[1], (fact.value,), fact.place)
        )
    by_place = {cell.place: key for key, cell in stated.items() if cell.place and (cell.place.column or cell.place.path)}
    about: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number, finding in enumerate(record.findings, 1):
        if finding.verdict not in _FAULTS:
            continue
        for key in _about(finding, stated, by_place):
            about[key].append(number)
            if key not in stated and finding.path and key[0] == finding.path.iri:
                stated[key] = Cell(finding.path, key[1], (finding.value,) if finding.value.zh else (), finding.place)
    found = [
        replace(cell, findings=tuple(about[key]), verdict=_worst(record.findings[n - 1].verdict for n in about[key]))
        if about.get(key)
        else cell
        for key, cell in stated.items()
    ]
    return tuple(sorted(found, key=lambda cell: _natural(cell.row)))


def table(record: RecordReport, row: str) -> tuple[str, int]:
    """Return the short name of a row's child table and its number there."""
    name, _, number = row.removeprefix(f"{short(record.iri)}-").rpartition("-")
    return (name, int(number)) if number.isdigit() and name else (row, 0)


def short(row: str) -> str:
    """Return a row's name without its namespace: answers give either."""
    return row.rpartition("#")[2]


def _about(finding: Finding, stated: Collection[tuple[str, str]], by_place: Mapping[Place, tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the cells that a finding is about: the one it names, else those whose facts it compared."""
    there = by_place.get(finding.place) if finding.place else None
    if finding.path is not None:
        key = (finding.path.iri, short(finding.row))
        return [key if key in stated or not there else there]
    if finding.found:
        return list(dict.fromkeys((fact.field.iri, short(fact.row)) for fact in finding.found))
    return [there] if there else []


def _worst(verdicts: Iterable[str]) -> str:
    return min(verdicts, key=VERDICTS.index)


def _natural(row: str) -> tuple[tuple[int, int, str], ...]:
    """Order rows by table, then by number: row 10 after row 9; the record itself first."""
    return tuple((1, int(part), "") if part.isdigit() else (0, 0, part) for part in row.split("-")) if row else ()
