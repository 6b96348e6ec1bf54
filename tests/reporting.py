"""Reports as they come from workbooks: mixed records from the cases, each fact with its sheet, row and column."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import yaml

from policygraph.errors import Text
from policygraph.model.answers import CheckReport, Named, RecordReport
from policygraph.model.places import Place, letters
from policygraph.model.submitted import FileRead, Stated, Unread
from submitting import TESTS, Submitted, check, kinds, turtle

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from policygraph.model.answers import Finding
    from policygraph.records.kinds import Kind

FILE = "2024 年申报.xlsx"
_WORDS = {"true": Text("是", "yes"), "false": Text("否", "no")}


def mixed(each: int) -> list[Submitted]:
    """Return records of every kind of the cases, some from each file."""
    found = []
    for path in sorted((TESTS / "cases").glob("*.yaml")):
        table = yaml.load(path.read_text("utf-8"), yaml.BaseLoader)  # noqa: S506 - builds strings only
        if table.get("kind") not in kinds() or "cases" not in table:
            continue
        facts = ({**table.get("base", {}), **case.get("facts", {})} for case in table["cases"])
        plain = [own for own in facts if all(_plain(value) for value in own.values())]
        found += [Submitted(table["kind"], own) for own in plain[:each]]
    return found


def reported(records: list[Submitted]) -> CheckReport:
    """Check records and say where their facts stand, as if a workbook had held them: a sheet a kind, child tables apart."""
    report = check(turtle(records))
    rows: dict[str, Iterator[int]] = defaultdict(lambda: iter(range(3, 10_000)))
    found = tuple(_placed(record, own, rows) for record, own in zip(report.records, records, strict=True))
    unread = Unread(Place(FILE, "附表", column="H", header="备注"), Text("没有字段叫这个名字。", "No field has this name."))
    return replace(report, source=FILE, records=found, files=(FileRead(FILE, "xlsx", "0" * 64, len(found), (unread,)),))


def _placed(record: RecordReport, submitted: Submitted, rows: dict[str, Iterator[int]]) -> RecordReport:
    kind = kinds()[submitted.kind]
    short = record.iri.rpartition("#")[2]
    places: dict[tuple[str, str], Place] = {}
    own = Place(FILE, kind.label.zh, next(rows[kind.label.zh]))
    stated = list(_stated(kind, submitted.facts, own, "", places))
    for field in kind.fields:
        if field.row_class:
            table = next(k for k in kinds().values() if k.iri == field.row_class)
            values = submitted.facts.get(field.path.rpartition("#")[2], [])
            for number, facts in enumerate(values if isinstance(values, list) else [values], 1):
                row = f"{short}-{field.path.rpartition('#')[2]}-{number}"
                stated += _stated(table, facts, Place(FILE, field.name.zh, next(rows[field.name.zh])), row, places)

    def placed(finding: Finding) -> Finding:
        path = finding.path.iri if finding.path else finding.found[0].field.iri if finding.found else ""
        return replace(finding, place=places.get((path, finding.row), own))

    return replace(record, place=own, stated=tuple(stated), findings=tuple(map(placed, record.findings)))


def _stated(kind: Kind, facts: dict[str, Any], own: Place, row: str, places: dict[tuple[str, str], Place]) -> Iterable[Stated]:
    for number, field in enumerate(kind.fields, 1):
        value = facts.get(field.path.rpartition("#")[2])
        place = replace(own, column=letters(number), header=field.name.zh)
        places[field.path, row] = place
        for one in value if isinstance(value, list) else [value]:
            if one is not None and not isinstance(one, dict):
                yield Stated(Named(field.path, field.name), _WORDS.get(str(one), Text(str(one), str(one))), place, row)


def _plain(value: Any) -> bool:
    if isinstance(value, list):
        return all(map(_plain, value))
    return all(map(_plain, value.values())) and "turtle" not in value if isinstance(value, dict) else value not in {"null", "", None}
