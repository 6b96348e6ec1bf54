"""Foreign tables and plain JSON: what is read of them, cell by cell, and what is said of those that cannot be read.

The cases lie in `tests/tables`: delimited.yaml, objects.yaml and sheets.yaml.
"""

from __future__ import annotations

import csv
import datetime as dt
import functools
import io
import json
import re
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from policygraph.errors import InputError, PolicyGraphError
from policygraph.records.raw import Cell, Raw, RawLeft, RawObject, RawRow, RawSheet
from policygraph.records.tables import child, delimited, plainjson, wire
from policygraph.records.tables.reading import LinkedData
from workbooks import book, parts, read, relation, sheet, zipped

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = Path(__file__).resolve().parent / "tables"
_SORTED = re.compile(r"(text|number|percent|truth|date|time|error|formula): (.*)", re.DOTALL)


@functools.cache
def told(name: str) -> dict[str, Any]:
    return dict(yaml.safe_load((FOLDER / name).read_text("utf-8")))


def cases(name: str) -> list[Any]:
    return [pytest.param(case, id=case["name"]) for case in told(name)["cases"]]


def data_of(case: dict[str, Any]) -> bytes:
    if "bytes" in case:
        return bytes.fromhex(case["bytes"])
    text = re.sub(r"(.)\{(\d+)\}", lambda m: m[1] * int(m[2]), case["text"]) if "repeat" in case else case["text"]
    return str(text).encode(case.get("encoding", "utf-8"))


def as_case(cell: Cell | RawObject | None) -> Any:
    if isinstance(cell, RawObject):
        return object_as_case(cell)
    if cell is None or cell.sort == "text":
        return cell and cell.text
    return f"{'percent' if cell.percent else cell.sort}: {cell.text}"


def object_as_case(raw: RawObject) -> list[Any]:
    lines = dict(raw.lines)
    return [raw.line, raw.pointer, raw.kind, raw.name, {key: [lines[key], *map(as_case, values)] for key, values in raw.members}]


def read_here(data: bytes, form: str) -> list[Raw]:
    """Read without a child, which takes longer to start than to read a case; test_hostile_tables.py starts them."""
    decoder = wire.Decoder()
    return [raw for line in child.lines(form, io.BytesIO(data)) if (raw := decoder.decode(wire.encoded(line))) is not None]


def expect_refusal(case: dict[str, Any], data: bytes, form: str) -> None:
    with pytest.raises(PolicyGraphError) as caught:
        read_here(data, form)
    error = caught.value
    assert type(error).__name__ == case["error"], error.what
    assert error.where == case.get("where", "")
    assert case.get("words", "") in f"{error.what.en} {error.fix.en}"
    assert error.what.zh != error.what.en
    assert error.fix.zh != error.fix.en


# ---------------------------------------------------------------- what is read
@pytest.mark.parametrize("case", cases("delimited.yaml"))
def test_delimited(case: dict[str, Any]) -> None:
    data, form = data_of(case), case.get("form", "csv")
    if "error" in case:
        expect_refusal(case, data, form)
        return
    sheet, *rows = read_here(data, form)
    assert sheet == RawSheet("")
    assert {row.number: [as_case(cell) for cell in row.cells] for row in rows if isinstance(row, RawRow)} == case["rows"]


@pytest.mark.parametrize("case", cases("objects.yaml"))
def test_objects(case: dict[str, Any]) -> None:
    data, form = data_of(case), case.get("form", "json")
    if "error" in case:
        expect_refusal(case, data, form)
    elif case.get("linked"):
        with pytest.raises(LinkedData):
            read_here(data, form)
    else:
        assert [object_as_case(raw) for raw in read_here(data, form) if isinstance(raw, RawObject)] == case["objects"]


@pytest.mark.parametrize("case", cases("sheets.yaml"))
def test_sheets(case: dict[str, Any]) -> None:
    cells = re.sub(r"\{(.)\*(\d+)\}", lambda m: m[1] * int(m[2]), case["cells"])
    xml = sheet(cells, case.get("before", ""), case.get("after", ""), case.get("prefix", ""))
    data = book(xml, date1904=case.get("date1904", False))
    if "error" in case:
        expect_refusal(case, data, "xlsx")
        return
    first, *rows = read_here(data, "xlsx")
    assert first == RawSheet("表一")
    assert {row.number: [as_case(cell) for cell in row.cells] for row in rows if isinstance(row, RawRow)} == case["rows"]


@pytest.mark.parametrize("name", ["delimited.yaml", "objects.yaml", "sheets.yaml"])
def test_no_case_is_lost(name: str) -> None:
    assert len(told(name)["cases"]) >= told(name)["least"]
    assert len({case["name"] for case in told(name)["cases"]}) == len(told(name)["cases"])


# ---------------------------------------------------------------- workbooks
def test_sheets_in_their_order_hidden_ones_too() -> None:
    row = '<row r="1"><c r="A1" t="str"><v>{}</v></c></row>'
    states = ("visible", "hidden", "veryHidden")
    assert read(book(sheet(row.format("a")), sheet(""), sheet(row.format("c")), states=states), "xlsx") == [
        RawSheet("表一"),
        RawRow(1, (Cell("text", "a"),)),
        RawSheet("表二", hidden=True),
        RawSheet("表三", hidden=True),
        RawRow(1, (Cell("text", "c"),)),
    ]


def test_merged_ranges_are_told_with_the_row_in_which_their_content_is() -> None:
    cells = '<row r="2"><c r="B2"><v>1</v></c><c r="D2"><v>2</v></c></row><row r="3"><c r="A3"><v>3</v></c></row>'
    after = "".join(f'<mergeCell ref="{ref}"/>' for ref in ("B2:C4", "D2:D3", "A2:A3", "F3:G3", "A9:B9"))
    (first,) = (raw for raw in read(book(sheet(cells, after=after)), "xlsx") if isinstance(raw, RawRow))
    assert first.merged == ((2, 4, 3), (4, 3, 4)), "A2:A3 begins with an empty cell"


@pytest.mark.parametrize(
    ("added", "related", "left"),
    [
        ({"xl/vbaProject.bin": "x"}, "", ["macros"]),
        ({"other/VBAPROJECT.BIN": "x"}, "", ["macros"]),
        ({}, relation(7, "externalLink", "externalLinks/externalLink1.xml"), ["links"]),
        ({"xl/vbaProject.bin": "x"}, relation(7, "externalLink", "externalLinks/externalLink1.xml"), ["macros", "links"]),
        ({}, "", []),
    ],
)
def test_macros_and_links_are_named_and_not_read(added: dict[str, str], related: str, left: list[str]) -> None:
    made = parts(sheet('<row r="1"><c r="A1"><v>1</v></c></row>'))
    made["xl/_rels/workbook.xml.rels"] = made["xl/_rels/workbook.xml.rels"].replace("</Relationships>", f"{related}</Relationships>")
    found = read(zipped({**made, **added}), "xlsx")
    assert [raw.what for raw in found if isinstance(raw, RawLeft)] == left
    assert sum(isinstance(raw, RawRow) for raw in found) == 1


def test_a_workbook_by_openpyxl_says_what_openpyxl_reads() -> None:
    rows = [
        ["文", 1, 2.5, True, dt.date(2024, 9, 20), dt.datetime(2024, 9, 20, 10, 30), None, "#N/A", -0.1, 10**14, "a_b", " x"],  # noqa: DTZ001
        [None, None, "只有一格"],
        [],
        ["尾", *[None] * 30, "远"],
    ]
    for write_only in (False, True):
        workbook = openpyxl.Workbook(write_only=write_only)
        worksheet = workbook.create_sheet("申领")
        for row in rows:
            worksheet.append(row)
        out = io.BytesIO()
        workbook.save(out)
        found = [raw for raw in read(out.getvalue(), "xlsx") if isinstance(raw, RawRow)]
        assert [[as_case(cell) for cell in raw.cells] for raw in found] == [
            ["文", "number: 1", "number: 2.5", "truth: true", "date: 2024-09-20", "time: 2024-09-20T10:30:00", None,
             "error: #N/A", "number: -0.1", "number: 100000000000000", "a_b", " x"],
            [None, None, "只有一格"],
            ["尾", *[None] * 30, "远"],
        ]  # fmt: skip
        assert [raw.number for raw in found] == [1, 2, 4]


def test_percentages_and_chinese_dates_by_openpyxl() -> None:
    workbook = openpyxl.Workbook()
    worksheet = workbook.active
    assert worksheet is not None
    for column, (value, shown) in enumerate([(0.6, "0%"), (45555, '[$-804]yyyy"年"m"月"d"日";@'), (45555, "aaaa"), (0.5, "0.00")], 1):
        worksheet.cell(1, column, value).number_format = shown
    out = io.BytesIO()
    workbook.save(out)
    row = read(out.getvalue(), "xlsx")[1]
    assert isinstance(row, RawRow)
    assert [as_case(cell) for cell in row.cells] == ["percent: 0.6", "date: 2024-09-20", "number: 45555", "number: 0.5"]


def test_a_workbook_with_macros_and_links_is_read_without_them() -> None:
    made = parts(sheet('<row r="1"><c r="A1"><v>1</v></c></row>'))
    made["xl/vbaProject.bin"] = "\0" * 100
    made["xl/_rels/workbook.xml.rels"] = made["xl/_rels/workbook.xml.rels"].replace(
        "</Relationships>",
        relation(80, "vbaProject", "vbaProject.bin") + relation(81, "externalLink", "externalLinks/externalLink1.xml") + "</Relationships>",
    )
    made["xl/workbook.xml"] = made["xl/workbook.xml"].replace(
        "</workbook>", '<externalReferences><externalReference r:id="rId81"/></externalReferences></workbook>'
    )
    found = read(zipped(made), "xlsx")
    assert found[:2] == [RawLeft("macros"), RawLeft("links")]
    assert len(found) == 4


# ---------------------------------------------------------------- in general
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)
KEYS = TEXTS.filter(lambda key: not key.startswith("@") and key not in {"kind", "种类"})
PLAIN = st.none() | st.booleans() | st.integers(-(10**20), 10**20) | TEXTS


@given(
    st.lists(st.lists(TEXTS, min_size=1, max_size=4), min_size=1, max_size=6), st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "gb18030"])
)
def test_what_the_csv_module_writes_is_read(rows: list[list[str]], encoding: str) -> None:
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow(["姓名", "b,;\t"])
    writer.writerows(rows)
    found = [line[2] for line in delimited.read(io.BytesIO(out.getvalue().encode(encoding)), "csv") if line[0] == "row"]
    expected = [[wire.text(cell) for cell in row] for row in [["姓名", "b,;\t"], *rows]]
    for row in expected:
        while row and row[-1] is None:
            row.pop()
    assert found == [row for row in expected if row]


@given(
    st.lists(st.dictionaries(KEYS, PLAIN | st.lists(PLAIN, max_size=3) | st.lists(st.dictionaries(KEYS, PLAIN, max_size=3), max_size=2))),
    st.sampled_from([None, 1]),
    st.booleans(),
)
def test_what_the_json_module_writes_is_read(records: list[dict[str, Any]], indent: int | None, ascii_only: bool) -> None:
    text = json.dumps(records, indent=indent, ensure_ascii=ascii_only)
    try:
        lines = list(plainjson.read(io.BytesIO(text.encode()), "json"))
    except InputError as error:  # two keys that are one in normal form
        assert "twice" in error.what.en
        return
    decoder = wire.Decoder()
    found = [raw for line in lines if isinstance(raw := decoder.decode(wire.encoded(line)), RawObject)]
    assert [raw.pointer for raw in found] == [f"/{n}" for n in range(len(records))]
    for raw, record in zip(found, records, strict=True):
        assert dict(raw.members) == dict(expected_members(record))
        for key, line in raw.lines:
            assert line <= text.count("\n") + 1
            assert indent is None or json.dumps(key, ensure_ascii=ascii_only)[1:-1] in text.split("\n")[line - 1] or key not in record


def expected_members(record: dict[str, Any]) -> Iterator[tuple[str, tuple[Any, ...]]]:
    for key, value in record.items():
        values = [v for each in (value if isinstance(value, list) else [value]) if (v := expected(each)) is not None]
        if values:
            yield unicodedata.normalize("NFC", key), tuple(values)


def expected(value: Any) -> Any:
    match value:
        case None:
            return None
        case bool():
            return Cell("truth", str(value).lower())
        case int():
            return Cell("number", str(value))
        case dict():
            return _ChildRow(dict(expected_members(value)))
    text = wire.text(value)
    return None if text is None else Cell("text", text[1:])


class _ChildRow:
    """Equal to an object with these members, wherever it stands."""

    def __init__(self, members: dict[str, Any]) -> None:
        self.members = members

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RawObject) and dict(other.members) == self.members

    __hash__ = None  # type: ignore[assignment]
