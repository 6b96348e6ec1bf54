"""Templates of all kinds filled in by hand: `tests/tables/filled.yaml` holds the rows and what the policy makes of them."""

from __future__ import annotations

import io
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from policygraph.app.checking import check_submission
from policygraph.reports.html import write_html
from submitting import standard
from templating import forms, workbook, written

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

    from policygraph.model.answers import CheckReport, DecisionResult, Finding, RecordReport

KINDS: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "tables" / "filled.yaml").read_text("utf-8"))
OWN = {"name", "reading", "row", "verdict", "cells", "says"}
# Rows of headings, in both languages, and the example stand above what a person fills in.
ABOVE = 3


def fill(sheet: Worksheet, row: int, cells: dict[str, Any]) -> None:
    """Write cells under their headings, as a person would who reads these."""
    headings = {cell.value: column for column, cell in enumerate(sheet[1], 1)}
    for heading, value in cells.items():
        sheet.cell(row, headings[heading]).value = value


@cache
def checked() -> CheckReport:
    """Fill in all templates and check them in one run."""
    with TemporaryDirectory(prefix="policygraph-") as folder:
        for kind in KINDS:
            book = workbook(written(kind["kind"], "zh"))
            below = dict.fromkeys(book.sheetnames, ABOVE)
            for number, row in enumerate(kind["rows"], 1):
                fill(book.worksheets[0], ABOVE + number, {"序号": number, **kind["base"], **row.get("row", {})})
                for child in row.keys() - OWN:
                    for cells in row[child]:
                        below[child] += 1
                        fill(book[child], below[child], {"所属序号": number, **cells})
            book.save(Path(folder) / f"{kind['kind']}.xlsx")
        report = check_submission(standard(), folder)
        return replace(report, records=tuple(report.records))


def of_kind(kind: dict[str, Any]) -> list[RecordReport]:
    """Return the records of a kind, in the order of its rows."""
    assert not checked().file_findings
    return [record for record in checked().records if record.kind.short == kind["kind"]]


def test_every_kind_is_filled_in() -> None:
    """With good rows and bad ones."""
    assert [kind["kind"] for kind in KINDS] == sorted(kind.short for kind in forms().kinds.values() if kind.is_record)
    for kind in KINDS:
        verdicts = [row["verdict"] for row in kind["rows"]]
        assert len(verdicts) >= 5, kind["kind"]
        assert len(set(verdicts)) >= 2, kind["kind"]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind["kind"])
def test_rows_get_the_verdict_that_the_text_gives(kind: dict[str, Any]) -> None:
    records = of_kind(kind)
    found = {row["name"]: (record.verdict.short, *heard(row, record)) for row, record in zip(kind["rows"], records, strict=True)}
    assert found == {row["name"]: (row["verdict"],) for row in kind["rows"]}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind["kind"])
def test_the_provisions_named_stand_behind_the_answers(kind: dict[str, Any]) -> None:
    answers: list[Finding | DecisionResult] = []
    for record in of_kind(kind):
        answers += [*record.findings, *record.passes]
        answers += record.decisions
    cited = {citation.provision.short for answer in answers for citation in answer.citations}
    assert set(kind["provisions"]) == cited


@pytest.mark.parametrize(
    ("language", "unchecked", "unreached"),
    [("zh", "未核查不等于通过", "：记录无效，未核查"), ("en", "Unchecked is not a pass", ": not checked, as the record is invalid")],
)
def test_a_page_misleads_nobody(language: str, unchecked: str, unreached: str) -> None:
    """It says what was not checked and why, and shows the headings of a template in its own language alone."""
    out = io.BytesIO()
    write_html(checked(), language, out, decisions=False)
    page, records = out.getvalue().decode(), checked().records
    assert page.count(unchecked) == sum(r.verdict.short == "unchecked" for r in records) > 0
    assert page.count(unreached) == sum(len(r.parts) for r in records if r.verdict.short == "invalid") > 0
    assert "⏎" not in page


def test_a_number_is_counted_by_the_word_of_the_text() -> None:
    used = [p for record in checked().records for f in (*record.findings, *record.passes) for p in f.parameters]
    shown = {p.verbatim: p.unit.label.zh for p in used if p.unit}
    assert {words: shown[words] for words in ("122万人", "26.2万人", "13个", "8万元")} == {
        "122万人": "人", "26.2万人": "人", "13个": "个", "8万元": "元"
    }  # fmt: skip


def heard(row: dict[str, Any], record: RecordReport) -> list[str]:
    """Return the headings without a finding on their cell, and the words that neither finding nor pass says, though they should."""
    placed = {(f.place.header or "").splitlines()[0] for f in record.findings if f.place and f.place.column}
    said = " ".join(f"{f.message.zh} {f.mending.zh}" for f in (*record.findings, *record.passes))
    return [each for each in row.get("cells", ()) if each not in placed] + [each for each in row.get("says", ()) if each not in said]
