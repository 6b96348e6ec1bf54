"""Templates hold exactly the fields of their kind, in every form and both languages, and an example that stands up."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
import zipfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator
from openpyxl import load_workbook

from commanding import process
from policygraph.cli import main
from policygraph.records.schema import kind_schema
from policygraph.records.templates.delimited import BOM, write_delimited
from policygraph.records.templates.layout import CODES, EXAMPLE, HELP, NO, YES
from policygraph.records.templates.plainjson import write_json
from policygraph.records.templates.wording import choices, fixed_length
from policygraph.records.templates.workbook import ROWS, write_workbook
from submitting import check
from templating import ADDED, CLASSES, FIELD, KIND, example, forms, layout, workbook, written

if TYPE_CHECKING:
    from openpyxl.worksheet.datavalidation import DataValidation
    from openpyxl.worksheet.worksheet import Worksheet

    from policygraph.model.answers import RecordReport
    from policygraph.records.templates.layout import Column, Table

REPOSITORY = Path(__file__).resolve().parent.parent
KINDS = [kind.short for kind in forms().records]
BOTH = [(kind, language) for kind in KINDS for language in ("zh", "en")]
LEAST_KINDS, LEAST_EXAMPLES = 25, 260
TYPES = {"truth": "list", "code": "list", "date": "date", "integer": "whole", "decimal": "decimal", "text": "textLength"}
# Fields that stay empty in the example: another field of it says the same, follows from it, or rules it out.
WITHOUT = {
    *("award-claim-overall-rank", "award-claim-medal", "contest-result-overall-rank", "contest-result-medal"),
    *("contest-filing-city-contest-history", "employer-year-skilled-wage-earlier", "employer-year-skilled-wage-later"),
    *("employer-year-manager-wage-earlier", "employer-year-manager-wage-later", "green-channel-application-rank"),
    *("introduction-subsidy-claim-claimed-amount", "person-engaging-pilot", "pilot-query-pilot-standing"),
    "title-parity-request-engaging-pilot",
    "evidence-about-field",
}  # fmt: skip
# What the text leaves to other rules is undetermined however it is stated.
LEFT_OPEN = {
    *("IntroductionSubsidyClaim", "LivingAllowanceRequest", "PilotQuery", "RecruitmentRule", "SelfEvaluationRequest"),
    *("TitleParityRequest", "WinnerPolicyRequest"),
}
PROFILES = {"Employer", "Person", "School"}


pytestmark = pytest.mark.usefixtures("plain_environment")


# ---------------------------------------------------------------- the example
def test_there_are_all_kinds() -> None:
    assert len(KINDS) >= LEAST_KINDS


def test_every_field_has_an_example_or_a_reason_for_none() -> None:
    fields = {f.shape: f for kind in forms().kinds.values() for f in kind.fields if not f.row_class}
    assert {shape.rpartition("/")[2] for shape, field in fields.items() if not field.example} == WITHOUT
    assert sum(bool(field.example) for field in fields.values()) >= LEAST_EXAMPLES


@pytest.mark.parametrize("kind", KINDS)
def test_examples_are_values_that_their_fields_accept(kind: str) -> None:
    for column in (column for table in layout(kind).tables for column in table.columns if column.example.zh):
        words, field = column.example, column.field
        match column.sort:
            case "code":
                assert words in {code.label for code in column.codes}
            case "truth":
                assert words in {YES, NO}
            case "date":
                assert column.value("zh") == dt.date.fromisoformat(words.zh)
            case "integer" | "decimal":
                assert float(field.least or "-inf") <= float(words.zh) <= float(field.most or "inf")
            case _:
                assert re.search(column.limits.pattern, words.zh)
                assert column.limits.least_length <= len(words.zh) <= column.limits.most_length


@cache
def judged() -> dict[str, RecordReport]:
    """Check the examples of all kinds as one file."""
    report = check(json.dumps([example(layout(kind)) for kind in KINDS], ensure_ascii=False), ".jsonld")
    return dict(zip(KINDS, report.records, strict=True))


@pytest.mark.parametrize("kind", KINDS)
def test_the_example_is_a_sound_record(kind: str) -> None:
    record = judged()[kind]
    wanted = "unchecked" if kind in PROFILES else "undetermined" if kind in LEFT_OPEN else "pass"
    assert (record.verdict.short, [f.message.zh for f in record.findings if wanted == "pass"]) == (wanted, [])
    assert {c.short for f in record.findings for c in f.causes} <= {"silent"}


# ---------------------------------------------------------------- spreadsheets
@pytest.mark.parametrize(("kind", "language"), BOTH)
def test_a_workbook_has_the_kinds_sheets_and_columns(kind: str, language: str) -> None:
    of, book = layout(kind), workbook(written(kind, language))
    codes = [CODES.in_language(language)] if any(c.codes for t in of.tables for c in t.columns) else []
    assert book.sheetnames == [*of.titles(language).values(), *codes, HELP.in_language(language)]
    assert book.worksheets[0].title in {of.kind.label.in_language(language), of.kind.short}
    assert [s.sheet_state for s in book.worksheets] == ["hidden" if s.title in codes else "visible" for s in book.worksheets]
    assert book.active is book.worksheets[0]
    for table, sheet in zip(of.tables, book.worksheets, strict=False):
        rows = list(sheet.iter_rows(values_only=True))
        assert rows[0] == (table.key.zh, *(c.field.name.zh for c in table.columns))
        assert rows[1] == (table.key.en, *(c.field.name.en for c in table.columns))
        days = [value.date() if isinstance(value, dt.datetime) else value for value in rows[2]]
        assert days == [EXAMPLE.in_language(language), *(c.value(language) for c in table.columns)]
        assert len(rows) == 3
        assert_prepared(sheet, table)
        for column, rule in zip(table.columns, by_column(sheet)[1:], strict=True):
            assert_accepts(column, rule, language, book[codes[0]] if codes else sheet)


def by_column(sheet: Worksheet) -> list[DataValidation]:
    rules = sorted(sheet.data_validations.dataValidation, key=lambda r: next(iter(r.sqref.ranges)).min_col)
    for index, rule in enumerate(rules, 1):
        (area,) = rule.sqref.ranges
        assert (area.min_col, area.max_col, area.min_row, area.max_row) == (index, index, 4, 3 + ROWS)
    return rules


def assert_accepts(column: Column, rule: DataValidation, language: str, codes: Worksheet) -> None:
    assert rule.type == TYPES[column.sort]
    assert (rule.errorStyle, rule.allow_blank, rule.showErrorMessage, rule.showInputMessage) == ("stop", True, True, True)
    assert column.field.description.in_language(language) in rule.prompt
    assert 0 < len(rule.error) <= 255 and 0 < len(rule.prompt) <= 255 and len(rule.errorTitle) <= 32 and len(rule.promptTitle) <= 32
    if column.codes:
        name, area = rule.formula1.split("!")
        listed = tuple(cell.value for (cell,) in codes[area.replace("$", "")])
        assert (name.strip("'"), listed) == (codes.title, choices(column, language))
    elif column.sort == "truth":
        assert rule.formula1 == f'"{YES.in_language(language)},{NO.in_language(language)}"'
    elif column.field.not_future:
        assert "TODAY()" in rule.formula2
    elif column.sort == "text" and column.limits.pattern:
        assert rule.formula1 == rule.formula2 == "18"


def assert_prepared(sheet: Worksheet, table: Table) -> None:
    assert sheet.protection.sheet and not sheet.protection.password
    assert sheet.freeze_panes == "B3"
    assert (sheet.print_title_rows, sheet.page_setup.orientation, sheet.page_setup.fitToHeight) == ("$1:$2", "landscape", 0)
    for index, cell in enumerate(sheet[1], 1):
        assert cell.comment is not None and cell.protection.locked
        dimension = sheet.column_dimensions[cell.column_letter]
        assert not dimension.protection.locked
        assert dimension.width >= 10
        if index > 1:
            column = table.columns[index - 2]
            formats = {"text": "@", "code": "@", "truth": "@", "date": "yyyy-mm-dd", "integer": "0"}
            assert dimension.number_format == formats.get(column.sort, dimension.number_format)
            assert column.field.description.zh in cell.comment.text
            assert cell.comment.text.count("\n") >= 1
            assert (cell.fill.fgColor.rgb == sheet["A1"].fill.fgColor.rgb) == column.field.required
    assert all(cell.font.italic and cell.protection.locked for cell in sheet[3])


@pytest.mark.parametrize(("kind", "language"), BOTH)
def test_the_help_explains_every_column(kind: str, language: str) -> None:
    sheet = workbook(written(kind, language))[HELP.in_language(language)]
    of = layout(kind)
    said = {tuple(row[:3]) for row in sheet.iter_rows(values_only=True)}
    titles, other = of.titles(language), "en" if language == "zh" else "zh"
    for table in of.tables:
        for column in table.columns:
            assert (titles[table.short], column.field.name.in_language(language), column.field.name.in_language(other)) in said


def test_a_workbook_is_small_and_the_same_every_time() -> None:
    for kind, language in BOTH:
        assert len(written(kind, language)) < 60_000, kind
    data = write_workbook(layout("Person"), "zh", "0" * 64)
    assert data == written("Person", "zh")
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        core = package.read("docProps/core.xml").decode()
    assert len(set(re.findall(r"<dcterms:(?:created|modified)[^>]*>([^<]*)<", core))) == 1


def test_a_workbook_says_what_it_is() -> None:
    book = workbook(written("AwardClaim", "zh"))
    assert book.properties.title == "竞赛奖励申报（填报模板）"
    assert {p.name: p.value for p in book.custom_doc_props.props} == {
        "policygraph kind": layout("AwardClaim").kind.iri,
        "policygraph digest": "0" * 64,
    }
    assert book.security.lockStructure


@pytest.mark.parametrize(
    ("name", "kind"),
    [("libreoffice-award-claim", "AwardClaim"), ("libreoffice-internship-expense-claim-en", "InternshipExpenseClaim")],
)
def test_libreoffice_saved_the_template_as_it_is_today(name: str, kind: str) -> None:
    """The fixtures were filled in and saved by LibreOffice; when the template changes they must be made again."""
    book = load_workbook(REPOSITORY / f"tests/tables/{name}.xlsx", data_only=True)
    for table, sheet in zip(layout(kind).tables, book.worksheets, strict=False):
        rows = list(sheet.iter_rows(values_only=True, max_row=2))
        assert rows[0] == (table.key.zh, *(c.field.name.zh for c in table.columns))
        assert rows[1] == (table.key.en, *(c.field.name.en for c in table.columns))


# ---------------------------------------------------------------- delimited and JSON
@pytest.mark.parametrize(("kind", "language"), BOTH)
def test_a_delimited_template_has_the_kinds_columns(kind: str, language: str) -> None:
    of, text = layout(kind), write_delimited(layout(kind), language)
    assert text.startswith(BOM) and text.endswith("\r\n") and text.count("\n") == text.count("\r\n")
    headings, values = csv.reader(io.StringIO(text.removeprefix(BOM)))
    colon = "：" if language == "zh" else ": "
    children = [f"{t.label.in_language(language)} 1{colon}{c.field.name.in_language(language)}" for t in of.children for c in t.columns]
    assert headings == ["序号" if language == "zh" else "No.", *(c.field.name.in_language(language) for c in of.records.columns), *children]
    assert values == [EXAMPLE.in_language(language), *(c.example.in_language(language) for t in of.tables for c in t.columns)]


@pytest.mark.parametrize(("kind", "language"), BOTH)
def test_a_json_template_follows_its_schema(kind: str, language: str) -> None:
    of, document = layout(kind), json.loads(write_json(layout(kind), language))
    (record,) = document["records"]
    names = [c.field.name.in_language(language) for c in of.records.columns] + [t.label.in_language(language) for t in of.children]
    assert document["kind"] == kind
    assert list(record) == ["example", *names]
    assert valid(kind, document) == []


# ---------------------------------------------------------------- JSON Schema
def valid(kind: str, document: Any, *folders: str) -> list[str]:
    schema = kind_schema(forms(*folders).find(kind), forms(*folders))
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    return [error.message for error in validator.iter_errors(document)]


LINKED = sorted((REPOSITORY / "examples").glob("*.jsonld"))


@pytest.mark.parametrize("path", LINKED, ids=lambda path: path.name)
def test_the_examples_follow_their_schemas(path: Path) -> None:
    document = json.loads(path.read_text("utf-8"))
    (kind,) = {record["@type"] for record in document.get("@graph", [document])}
    assert valid(kind, document) == []


WRONG: list[tuple[str, dict[str, Any]]] = [
    ("AwardClaim", {"rank": 0}),
    ("AwardClaim", {"rank": 1.5}),
    ("AwardClaim", {"rank": "first"}),
    ("AwardClaim", {"claimedAmount": -1}),
    ("AwardClaim", {"tier": "galactic"}),
    ("AwardClaim", {"resultDate": "2024-02-30"}),
    ("AwardClaim", {"tied": "perhaps"}),
    ("AwardClaim", {"personId": "12345"}),
    ("AwardClaim", {"personNaem": "张三"}),
    ("AwardClaim", {"@type": "EmployerYear"}),
    ("AwardClaim", {"personName": ["张三", "李四"]}),
    ("AwardClaim", {"otherResult": [{"rank": 0}]}),
    ("AwardClaim", {"证明材料": [{"材料编号": "1"}]}),
]


@pytest.mark.parametrize(("kind", "members"), WRONG, ids=lambda value: str(value))
def test_a_schema_refuses_what_is_wrong(kind: str, members: dict[str, Any]) -> None:
    sound = {"personName": "张三", "赛事层级": "国家级", "class": "class-1", "rank": "2", "证明材料": [{"所证事实": "名次"}]}
    assert valid(kind, [sound]) == []
    assert valid(kind, [{**sound, **members}])
    assert valid(kind, {**sound, **members})


def test_patterns_of_one_length_are_known() -> None:
    lengths = {"^[0-9]{17}[0-9Xx]$": 18, "^[0-9A-HJ-NPQRTUWXY]{18}$": 18, "^a[bc]$": 2}
    assert {pattern: fixed_length(pattern) for pattern in lengths} == lengths
    for varying in ("", "abc", "^[0-9]{1,15}([.][0-9]{1,6})?$", "^a+$", "^a|b$", r"^\d$", "^a{2,}$"):
        assert fixed_length(varying) is None


# ---------------------------------------------------------------- on the command line
def test_files_are_written_and_never_overwritten_unasked(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    for ending in ("xlsx", "csv", "json"):
        path = tmp_path / f"claims.{ending}"
        assert main.main(["template", "竞赛奖励申报", "-o", str(path)]) == 0
        before = path.read_bytes()
        assert main.main(["template", "city-report", "-o", str(path)]) == 2
        assert path.read_bytes() == before
        assert "--force" in capfd.readouterr().err
        assert main.main(["template", "city-report", "-o", str(path), "--force"]) == 0
        assert path.read_bytes() != before
    first = load_workbook(tmp_path / "claims.xlsx").worksheets[0]
    assert (first.title, first["B1"].value) == ("全市情况报告", "机关名称")


def test_text_goes_to_the_screen_and_spreadsheets_do_not() -> None:
    found = process("template", "AwardClaim", "--format", "csv", "--lang", "en")
    assert found.stdout.startswith(b"\xef\xbb\xbfNo.,name,ID number,") and found.stdout.count(b"\r\n") == 2
    assert json.loads(process("template", "AwardClaim", "--format", "json").stdout)["kind"] == "AwardClaim"
    for words in (["template", "AwardClaim"], ["template", "AwardClaim", "--format", "xlsx", "-o", "-"]):
        refused = process(*words)
        assert (refused.returncode, refused.stdout) == (2, b"")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["template", "AwardClain", "-o", "x.xlsx"], "AwardClaim — 竞赛奖励申报"),
        (["template", "没有这个", "-o", "x.xlsx"], "policygraph kinds"),
        (["template", "没有这个"], "policygraph kinds"),
        (["template", "没有这个", "-o", "x.docx"], "policygraph kinds"),
        (["template", "AwardClaim", "-o", "x.docx"], ".docx"),
        (["template", "AwardClaim", "-o", "/nowhere/x.csv"], "/nowhere/x.csv"),
        (["schema", "AwardClain"], "AwardClaim — 竞赛奖励申报"),
    ],
)
def test_mistakes_are_explained(words: list[str], said: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert main.main(words) == 2
    out, err = capfd.readouterr()
    assert out == ""
    assert said in err


# ---------------------------------------------------------------- an edit of Turtle
def folder(tmp_path: Path, *parts: str) -> str:
    (tmp_path / "ontology").mkdir()
    (tmp_path / "shapes/records").mkdir(parents=True)
    (tmp_path / "ontology/added.ttl").write_text(ADDED + CLASSES, "utf-8")
    (tmp_path / "shapes/records/added.ttl").write_text(ADDED + "".join(parts), "utf-8")
    return str(tmp_path)


def output(capfd: pytest.CaptureFixture[str], *words: str) -> str:
    assert main.main([*words]) == 0
    return capfd.readouterr().out


def test_a_field_is_added_by_turtle_alone(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    data = folder(tmp_path, FIELD)
    for language, name in (("zh", "爱好"), ("en", "hobby")):
        options = ("--data", data, "--lang", language)
        path = tmp_path / f"{language}.xlsx"
        output(capfd, "template", "AwardClaim", "-o", str(path), *options)
        book = load_workbook(path)
        column = next(cell.column for cell in book.worksheets[0][1] if cell.value == "爱好")
        assert [book.worksheets[0].cell(row, column).value for row in (2, 3)] == ["hobby", "下棋"]
        rows = list(csv.reader(io.StringIO(output(capfd, "template", "AwardClaim", "--format", "csv", *options))))
        assert dict(zip(*rows, strict=True))[name] == "下棋"
        document = json.loads(output(capfd, "template", "AwardClaim", "--format", "json", *options))
        assert document["records"][0][name] == "下棋"
        assert valid("AwardClaim", document, data) == []
        assert name in output(capfd, "kinds", "AwardClaim", *options)
    schema = json.loads(output(capfd, "schema", "AwardClaim", "--data", data))
    assert schema["$defs"]["AwardClaim"]["properties"]["hobby"]["title"] == "爱好 / hobby"
    assert valid("AwardClaim", [{"hobby": "x" * 21}], data)
    context = json.loads(output(capfd, "export", "--context", "--data", data))["@context"]
    assert context["AwardClaim"]["@context"]["hobby"]["@id"] == "https://example.org/added#hobby"


def test_a_kind_is_added_by_turtle_alone(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    data = folder(tmp_path, KIND)
    path = tmp_path / "parade.xlsx"
    output(capfd, "template", "游行申请", "-o", str(path), "--data", data, "--lang", "en")
    book = load_workbook(path)
    # No sheet can be called “parade [request]”.
    assert book.sheetnames == ["Parade", "float", "evidence", "Codes", "Help"]
    assert [cell.value for cell in book["Parade"][3]] == ["example", "=东街", dt.datetime(2025, 5, 1)]  # noqa: DTZ001
    assert book["Parade"]["B3"].data_type == "s"  # no formula
    assert [cell.value for cell in book["float"][3]] == ["example", 3.5, "in the city"]
    assert [cell.value for cell in book["evidence"][3]][:2] == ["example", "route"]
    assert book["Parade"]["B1"].fill.fgColor.rgb == book["Parade"]["A1"].fill.fgColor.rgb  # required
    document = json.loads(output(capfd, "template", "Parade", "--format", "json", "--data", data))
    assert document["records"][0]["花车"] == [{"高度（米）": 3.5, "所在地": "本市"}]
    assert valid("Parade", document, data) == []
    assert valid("Parade", [{"日期": "2025-05-01"}], data)  # the route is required
    assert "Parade" in json.loads(output(capfd, "export", "--context", "--data", data))["@context"]
    listed = {each["kind"]: each for each in json.loads(output(capfd, "kinds", "--format", "json", "--data", data))}
    assert (listed["Parade"]["fields"], listed["Parade"]["checks"], listed["Parade"]["definition"]["zh"]) == (2, 0, "申请游行的记录。")
    page = output(capfd, "kinds", "Parade", "--data", data)
    assert all(word in page for word in ("游行申请", "花车", "高度（米）", "没有核查看此种记录"))
    assert "游行申请" in output(capfd, "kinds", "--data", data)
