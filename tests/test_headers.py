"""Headings, kinds and synonyms: tables that a lawyer can read, and rules that every synonym keeps."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from policygraph.errors import PolicyGraphError, Text
from policygraph.model.terms import Literal, local_name
from policygraph.records.cells import Complaint, interpret
from policygraph.records.codebook import Code, CodeBook
from policygraph.records.headers import KEYS, KINDS, OWNERS, Columns, Headings
from policygraph.records.kinds import load_kinds
from policygraph.records.raw import Cell, RawRow
from policygraph.records.recognition import child_of, find_header, kind_called, kind_of
from policygraph.records.spelling import spelt
from policygraph.store.embedded import EmbeddedStore
from policygraph.vocab import SCHEME, SKOS, XSD
from second import World, both
from small import REPOSITORY
from submitting import kinds, standard

TABLES = yaml.safe_load((REPOSITORY / "tests/tables/headers.yaml").read_text("utf-8"))
# READINGS: words that look alike and are kept apart.
APART = ("国赛", "全国技能大赛", "国家级一类大赛", "选送单位", "培养单位", "专家教练团队", "教练保障团队", "全市技能大赛", "市级一类大赛")


@cache
def known() -> Headings:
    return Headings({kind.iri: kind for kind in kinds().values()}, CodeBook.of(EmbeddedStore(standard().graph)))


def one(kind: str, heading: str, note: str = "") -> Columns:
    return Columns.of(kinds()[kind], [heading], known(), note)


def test_enough_cases() -> None:
    assert {name: len(rows) >= 5 for name, rows in TABLES.items() if name != "twice"} == dict.fromkeys(set(TABLES) - {"twice"}, True)
    assert sum(map(len, TABLES.values())) >= 125


@pytest.mark.parametrize("row", TABLES["columns"], ids=str)
def test_column(row: list[str]) -> None:
    kind, heading, field, unit, child = [*row, "", ""][:5]
    (column,) = one(kind, heading).fields
    assert (column.field.name.zh, column.unit, column.header) == (field, unit, heading)
    assert (f"{column.child.name.zh} {column.row}" if column.child else "") == child


@pytest.mark.parametrize("row", TABLES["strays"], ids=str)
def test_stray_column(row: list[str]) -> None:
    kind, heading, words = row
    (stray,) = one(kind, heading).strays
    assert words in stray.why.zh + stray.mending.zh
    assert stray.why.en
    assert stray.mending.en


@pytest.mark.parametrize("row", TABLES["marks"], ids=str)
def test_columns_that_hold_no_fact(row: list[str]) -> None:
    heading, mark = row
    assert known().mark(heading) == mark
    if mark:
        assert getattr(one("AwardClaim", heading), mark) == 1


@pytest.mark.parametrize("row", TABLES["twice"], ids=str)
def test_a_field_in_two_columns_is_an_error_that_names_both(row: list[Any]) -> None:
    kind, headings, words = row
    with pytest.raises(PolicyGraphError) as error:
        Columns.of(kinds()[kind], headings, known(), where="甲.xlsx")
    assert words in error.value.what.zh
    assert error.value.where == "甲.xlsx"


@pytest.mark.parametrize("row", TABLES["kinds"], ids=str)
def test_kind(row: list[Any]) -> None:
    sheet, stem, stated, headings, expected = row
    if str(expected).startswith("!"):
        with pytest.raises(PolicyGraphError) as error:
            kind_of(known(), headings, sheet, stem, stated)
        assert expected[1:] in error.value.what.zh
        assert "policygraph kinds" in error.value.fix.zh or "是否指" in error.value.fix.zh
        return
    found = kind_of(known(), headings, sheet, stem, stated)
    assert (found.short if found else None) == expected


@pytest.mark.parametrize("case", TABLES["headers"], ids=lambda case: str(case["rows"])[:60])
def test_rows_of_headings(case: dict[str, Any]) -> None:
    rows = [RawRow(n, tuple(Cell("text", text) if text else None for text in row)) for n, row in enumerate(case["rows"], 1)]
    found = find_header(rows, known(), kinds().get(case.get("kind", "")))
    if case["at"] is None:
        assert found is None
        return
    assert found is not None
    assert (list(found.row_numbers), list(found.texts)[: len(case["texts"])], found.note) == (
        case["at"],
        case["texts"],
        case.get("note", ""),
    )


@pytest.mark.parametrize("row", TABLES["notes"], ids=str)
def test_unit_above_the_headings(row: list[Any]) -> None:
    kind, headings, note, expected = row
    if expected.startswith("!"):
        with pytest.raises(PolicyGraphError) as error:
            Columns.of(kinds()[kind], headings, known(), note)
        assert expected[1:] in error.value.what.zh
    else:
        assert Columns.of(kinds()[kind], headings, known(), note).fields[0].unit == expected


@pytest.mark.parametrize("row", TABLES["children"], ids=str)
def test_sheet_of_a_child_table(row: list[Any]) -> None:
    kind, sheet, field = row
    found = child_of(known(), kinds()[kind], sheet)
    assert (found.name.zh if found else None) == field


def test_every_field_goes_by_its_names_in_each_language_and_as_a_pair() -> None:
    for kind in kinds().values():
        for field in kind.fields:
            for name in (
                field.name.zh,
                field.name.en,
                f"{field.name.zh}\n{field.name.en}",
                f"{field.name.en}\n{field.name.zh}",
                *field.synonyms,
            ):
                assert known().field(kind, name) == field, (kind.short, name)
            assert known().field(kind, local_name(field.path)) == field


def test_all_headings_of_a_form_tell_its_kind() -> None:
    told = [kind_of(known(), [f.name.zh for f in kind.fields]) for kind in kinds().values() if kind.is_record and len(kind.fields) > 10]
    assert [kind.short for kind in told if kind] == [k.short for k in kinds().values() if k.is_record and len(k.fields) > 10]


# ---------------------------------------------------------------- rules for synonyms
def test_no_two_fields_of_a_kind_share_a_name() -> None:
    for headings, all_kinds in ((known(), kinds().values()), (second(), second().kinds.values())):
        for kind in all_kinds:
            names: dict[str, set[str]] = defaultdict(set)
            for field in kind.fields:
                for name in headings.names(field):
                    names[name].add(field.path)
            assert {name: found for name, found in names.items() if len(found) > 1} == {}
            assert not (KEYS | OWNERS | KINDS) & set(names)


@cache
def second() -> Headings:
    store = EmbeddedStore(World.of(both()).graph)
    return Headings(load_kinds(store), CodeBook.of(store))


def test_no_two_codes_of_a_list_share_a_name() -> None:
    lists = {f.code_list: f.codes for k in second().kinds.values() for f in k.fields if f.code_list}
    assert len(lists) >= 40
    for codes in lists.values():
        for code in codes:
            for name in second().codes.names(code):
                assert second().codes.match(codes, name) == code, (code, name)


def test_words_that_are_kept_apart_are_no_synonyms() -> None:
    for kind in kinds().values():
        for field in kind.fields:
            labels = {spelt(label) for code in field.codes for label in (known().codes.name(code).zh, known().codes.name(code).en)}
            named = {spelt(name) for code in field.codes for name in known().codes.names(code)} - labels
            assert not named & {spelt(word) for word in APART}
            # 选送单位 also heads the column with its name.
            assert not {spelt(name) for name in field.synonyms} & {spelt(word) for word in APART if word != "选送单位"}


def test_every_number_has_a_unit_of_the_list() -> None:
    units = {
        row["unit"].value
        for row in EmbeddedStore(standard().graph).select(f"SELECT ?unit WHERE {{ ?unit <{SKOS.inScheme}> <{SCHEME['units']}> }}").dicts()
    }
    stated = {field.unit for kind in kinds().values() for field in kind.fields if field.datatype in {XSD.integer, XSD.decimal}}
    assert stated <= units
    assert not {f.name.zh for kind in kinds().values() for f in kind.fields if f.unit and f.datatype not in {XSD.integer, XSD.decimal}}


def test_a_name_of_two_codes_names_neither() -> None:
    codes = CodeBook([Code("a:1", Text("甲", "one"), ("甲", "same")), Code("a:2", Text("乙", "two"), ("乙", "Ｓ Ａ ＭＥ"))])
    assert codes.match(("a:1", "a:2"), "same") is None
    assert codes.candidates(("a:1", "a:2"), "same") == ("a:1", "a:2")
    assert codes.match(("a:1",), "same") == "a:1"
    assert codes.match(("a:1", "a:2"), "丙") is None
    assert codes.label("a:2", "en") == "two"


def test_a_policy_need_not_say_in_data_what_its_names_say() -> None:
    """The invented policy states no unit but in its headings, and one that the graph does not know."""
    kind = next(k for k in second().kinds.values() if k.short == "RetrofitItem")
    for heading, unit in (("改造面积", ""), ("改造面积（平方米）", ""), ("area (m²)", "")):
        (column,) = Columns.of(kind, [heading], second()).fields
        assert (column.field.name.zh, column.unit) == ("改造面积（平方米）", unit)
    assert Columns.of(kind, ["改造面积（亩）"], second()).strays
    for text, value in (("80", "80"), ("80平方米", "80"), ("0.5万平方米", "5000"), ("80亩", None), ("80元", None)):
        found = interpret(Cell("text", text), column.field, second().codes)
        assert (found.value if isinstance(found, Literal) else None) == value
    price = next(f for k in second().kinds.values() for f in k.fields if f.name.zh == "合同价款（元）")
    assert interpret(Cell("text", "8万元"), price, second().codes) == Literal("80000", XSD.decimal)
    assert isinstance(interpret(Cell("text", "8%"), price, second().codes), Complaint)


def test_near_misses_of_a_kind_are_named() -> None:
    with pytest.raises(PolicyGraphError) as error:
        kind_called("竞赛奖励申请", known().kinds)
    assert "AwardClaim" in error.value.fix.zh


@given(st.lists(st.text(max_size=30) | st.sampled_from([row[1] for row in TABLES["columns"]]), max_size=6))
def test_no_heading_breaks_the_reader(headings: list[str]) -> None:
    rows = [RawRow(1, tuple(Cell("text", text) for text in headings)), RawRow(2, tuple(Cell("text", text) for text in reversed(headings)))]
    find_header(rows, known())
    for kind in (kinds()["AwardClaim"], kinds()["EmployerYear"]):
        try:
            found = Columns.of(kind, headings, known())
        except PolicyGraphError as error:
            assert "是同一个字段" in error.what.zh
        else:
            marked = sum(1 for number in (found.key, found.owner, found.kind) if number)
            assert len(found.fields) + len(found.strays) + marked == sum(1 for heading in headings if heading.strip())
    try:
        kind_of(known(), headings, *headings[:2])
    except PolicyGraphError as error:
        assert error.fix.zh
