"""Tables and plain JSON through the whole check: templates read back, and files as people send them (`tests/tables/files.yaml`)."""

from __future__ import annotations

import csv
import io
import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from policygraph.app.checking import check_submission, check_with_records, read
from policygraph.errors import InputError
from policygraph.model.terms import local_name
from policygraph.records.templates.delimited import write_delimited
from policygraph.records.templates.plainjson import write_json
from submitting import standard
from templating import forms, layout, workbook, written

if TYPE_CHECKING:
    from policygraph.model.answers import CheckReport, Finding, RecordReport
    from policygraph.records.record import Record

TABLES = Path(__file__).parent / "tables"
FILES: list[dict[str, Any]] = yaml.load((TABLES / "files.yaml").read_text("utf-8"), yaml.BaseLoader)  # noqa: S506 - builds strings only
KINDS = sorted(kind.short for kind in forms().kinds.values() if kind.is_record)
LANGUAGES = ("zh", "en")
NUMBER = {"zh": "序号", "en": "No."}


# ---------------------------------------------------------------- templates
def filled(kind: str, form: str, language: str) -> bytes:
    """Return a template whose example a person has made a record: by giving it a number."""
    of = layout(kind)
    if form == "xlsx":
        book = workbook(written(kind, language))
        for sheet in book.worksheets:
            if sheet.cell(3, 1).value in {"示例", "example"}:
                sheet.cell(3, 1).value = 1
        out = io.BytesIO()
        book.save(out)
        return out.getvalue()
    if form == "csv":
        rows = list(csv.reader(io.StringIO(write_delimited(of, language).removeprefix("\ufeff"))))
        rows[1][0] = "1"
        text = io.StringIO()
        csv.writer(text).writerows(rows)
        return text.getvalue().encode("utf-8-sig")
    document = json.loads(write_json(of, language))
    for record in document["records"]:
        record.pop("example", None)
    return json.dumps(document, ensure_ascii=False).encode()


@cache
def read_back(form: str, language: str) -> tuple[dict[str, Record], CheckReport]:
    """Check the filled templates of all kinds in one run."""
    from tempfile import TemporaryDirectory

    with TemporaryDirectory(prefix="policygraph-") as folder:
        for kind in KINDS:
            (Path(folder) / f"{kind}.{form}").write_bytes(filled(kind, form, language))
        report, records = check_with_records(standard(), folder)
    return {record.kind.short: record for record in records}, report


def stated(record: Record) -> list[tuple[str, str, str]]:
    """Return a record's statements without what its place in the run makes of it."""
    names = {row: row.removeprefix(record.iri) for row in record.rows()}
    return sorted((names[s.value], p.value, names.get(o.value, o.value)) for s, p, o in record.triples)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("form", ["xlsx", "csv", "json"])
def test_what_template_writes_check_reads(form: str, language: str) -> None:
    records, report = read_back(form, language)
    assert sorted(records) == KINDS
    assert not report.file_findings
    assert [f.message.en for r in report.records for f in r.findings if f.verdict == "invalid"] == []
    assert not any(r.verdict.short == "invalid" for r in report.records)
    plain, _ = read_back("json", "zh")
    assert {kind: stated(record) for kind, record in records.items()} == {kind: stated(record) for kind, record in plain.items()}


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_of_a_template_comes_through(kind: str) -> None:
    """Each example value is in the record: no column is passed over."""
    of, (records, _) = layout(kind), read_back("xlsx", "zh")
    wanted = {column.field.path for table in of.tables for column in table.columns if column.example.zh}
    assert wanted <= {p.value for _, p, _ in records[kind].triples}


@pytest.mark.parametrize("form", ["xlsx", "csv", "json"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_an_untouched_template_holds_no_record(form: str, language: str, tmp_path: Path) -> None:
    of, path = layout("AwardClaim"), tmp_path / f"a.{form}"
    whole = {"csv": write_delimited(of, language), "json": write_json(of, language)}
    path.write_bytes(written("AwardClaim", language) if form == "xlsx" else whole[form].encode())
    with pytest.raises(InputError, match="example only"):
        read(standard(), str(path))


@pytest.mark.parametrize(("name", "count"), [("libreoffice-award-claim.xlsx", 2), ("libreoffice-internship-expense-claim-en.xlsx", 2)])
def test_a_template_saved_by_libreoffice(name: str, count: int) -> None:
    report = check_submission(standard(), str(TABLES / name))
    assert len(report.records) == count
    assert not report.file_findings
    assert not [f.message.en for r in report.records for f in r.findings if f.verdict == "invalid"]
    assert all(s.place and s.place.sheet and s.place.row and s.place.column for r in report.records for s in r.stated)


def test_rows_of_a_child_sheet_find_their_record(tmp_path: Path) -> None:
    """By the number in their first column; a row without one, of an unknown one or of two records is a finding on its place."""
    book = workbook(written("InternshipExpenseClaim", "zh"))
    main, lines = book.worksheets[0], book.worksheets[1]
    for row, number in ((4, "一"), (5, "B-2"), (6, "重"), (7, "重")):
        for cell in main[3]:
            main.cell(row, cell.column).value = number if cell.column == 1 else cell.value
    for row, owner in ((4, "B-2"), (5, "一"), (6, "B-2"), (7, "C"), (8, None), (9, "重")):
        for cell in lines[3]:
            lines.cell(row, cell.column).value = owner if cell.column == 1 else cell.value
    path = tmp_path / "a.xlsx"
    book.save(path)
    report, records = check_with_records(standard(), str(path))
    rows = [sum(p.value == layout("InternshipExpenseClaim").children[0].field.path for _, p, _ in r.triples) for r in records]  # type: ignore[union-attr]
    assert rows == [1, 2, 0, 0]
    assert sorted(f.place.row for f in report.file_findings if f.place) == [7, 8, 9]
    assert all(f.place and f.place.sheet == lines.title for f in report.file_findings)
    assert report.verdict.short == "invalid"


# Merged ranges of the sheet of award claims, of which rows 4 to 8 are claims and C to E fields → the warnings: place, cells.
MERGED = {
    "down over claims": (["L4:L6"], [("L4", "L4:L6")]),
    "across two fields": (["D5:E5"], [("D5", "D5:E5")]),
    "down and across": (["D5:E6"], [("D5", "D5:E6")]),
    "two in a column and one in another": (["L4:L5", "L6:L8", "C7:C8"], [("C7", "C7:C8"), ("L4", "L4:L5、L6:L8")]),
    "down over empty rows": (["L8:L20"], []),
    "an empty one": (["Z4:AA6"], []),
    "beside the fields": (["AB4:AC6"], []),
    "the title and a heading": (["A1:H1", "C1:C3"], []),
}


@pytest.mark.parametrize("name", MERGED)
def test_cells_that_are_merged_are_a_warning_and_never_filled(name: str, tmp_path: Path) -> None:
    from openpyxl import Workbook

    ranges, wanted = MERGED[name]
    book = Workbook()
    sheet, heads = book.active, ["序号", "姓名", "选送单位所在地", "参赛身份", "赛事层级", "赛事类别", "名次", "成绩公布日期", "团队人数"]
    assert sheet is not None
    for row in (["", "", "", "申报表"], [], [*heads, "是否并列", "是否已领取", "申报金额"]):
        sheet.append(row)
    for number in range(1, 6):
        sheet.append([number, f"张{number}", "本市", "选手", "国家级", "一类", 1, "2025-05-10", 1, "否", "否", 1000])
    sheet["AB4"] = "备"
    for each in ranges:
        sheet.merge_cells(each)
    path = tmp_path / "竞赛奖励申报.xlsx"
    book.save(path)
    report, records = check_with_records(standard(), str(path), kind="AwardClaim")
    assert len(records) == 5
    merged = [f for f in report.file_findings if "合并单元格" in f.message.zh]
    assert [(cell(f), f.message.zh.partition(" ")[2].partition("：")[0]) for f in merged] == wanted
    assert {f.verdict for f in merged} <= {"warning"}
    hidden = {
        n for first, last in (each.split(":") for each in ranges if each[0] == "L") for n in range(int(first[1:]) + 1, int(last[1:]) + 1)
    }
    amounts = {s.place.row for r in report.records for s in r.stated if s.field.short == "claimedAmount" and s.place}
    assert amounts == set(range(4, 9)) - hidden


# ---------------------------------------------------------------- files as people send them
@cache
def checked(number: int) -> CheckReport:
    from tempfile import TemporaryDirectory

    case = FILES[number]
    with TemporaryDirectory(prefix="policygraph-") as folder:
        path = Path(folder) / case["file"]
        path.write_bytes(case["table"].encode(case.get("encoding", "utf-8")))
        return check_with_records(standard(), str(path), kind=case.get("kind"))[0]


def cell(finding: Finding) -> str:
    """Return a finding's place as a case writes it."""
    assert finding.place is not None
    place = finding.place
    return f"{place.column}{place.row}" if place.row else f"{place.line} {place.path}"


def understood(record: RecordReport) -> dict[str, str]:
    return {s.field.short: s.value.en for s in record.stated if not s.row}


@pytest.mark.parametrize("number", range(len(FILES)), ids=[case["name"] for case in FILES])
def test_file(number: int) -> None:
    case, report = FILES[number], checked(number)
    assert [r.verdict.short for r in report.records] == [r["verdict"] for r in case["records"]], [
        (f.message.zh, f.place) for r in report.records for f in r.findings if f.verdict == "invalid"
    ]
    for record, wanted in zip(report.records, case["records"], strict=True):
        got = understood(record)
        said_as = {"true": "yes", "false": "no"}
        labels = {local_name(c): forms().book.label(c, "en") for k in forms().kinds.values() for f in k.fields for c in f.codes}
        facts = {name: said_as.get(v) or labels.get(v, v) for name, v in wanted.get("facts", {}).items()}
        assert {name: got.get(name) for name in facts} == facts
        found = [f for f in record.findings if f.verdict == "invalid"]
        assert {cell(f) for f in found} == set(wanted.get("cells", {}))
        for place, words in wanted.get("cells", {}).items():
            said = " ".join(f.message.zh + f.mending.zh for f in found if cell(f) == place)
            assert [w for w in words if w not in said] == [], said
    said = " ".join(f.message.zh for f in report.file_findings)
    assert len(report.file_findings) == len(case.get("file-findings", [])), said
    assert [w for w in case.get("file-findings", []) if w not in said] == []
    left = " ".join(u.why.zh for f in report.files for u in f.unread)
    assert [w for w in case.get("unread", []) if w not in left] == []


def test_the_example_table() -> None:
    report = check_submission(standard(), str(Path(__file__).parent.parent / "examples" / "award-claim-table.csv"))
    assert [r.verdict.short for r in report.records] == ["pass", "pass", "violation", "violation", "undetermined", "invalid"]
    (claimed,) = (f.message.en for f in report.records[2].findings if f.verdict == "violation")
    assert "claimed 800" in claimed and "due 600" in claimed
