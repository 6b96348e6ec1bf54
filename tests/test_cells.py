"""Cells as people type them: a table that a lawyer can read, and forms in which every value reads back."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from policygraph.model.terms import Iri, Literal, local_name
from policygraph.records.cells import Complaint, UnitWatch, interpret, interpret_all
from policygraph.records.codebook import CodeBook
from policygraph.records.raw import Cell
from policygraph.store.embedded import EmbeddedStore
from policygraph.vocab import UNIT
from small import REPOSITORY
from submitting import kinds, standard
from test_numerals import numeral

if TYPE_CHECKING:
    from policygraph.records.kinds import Field

TABLE = yaml.safe_load((REPOSITORY / "tests/tables/cells.yaml").read_text("utf-8"))
ROWS = [(field, *row) for field, rows in TABLE.items() for row in rows]
SORTS = ("text", "number", "truth", "date", "time", "error", "formula")


@cache
def book() -> CodeBook:
    return CodeBook.of(EmbeddedStore(standard().graph))


def field_of(words: str) -> Field:
    if words == "months":
        return replace(field_of("AwardClaim 团队人数"), unit=UNIT.MO)
    if words == "several":
        return replace(field_of("AwardClaim 赛事层级"), several=True)
    kind, name = words.split(" ", 1)
    return next(f for f in kinds()[kind].fields if f.name.zh == name)


def cell(stated: Any) -> Cell:
    if not isinstance(stated, dict):
        return Cell("text", stated)
    ((sort, text),) = stated.items()
    return Cell("number", text, percent=True) if sort == "percent" else Cell(sort, text)


def read(stated: Any, words: str) -> tuple[Literal | Iri | Complaint, ...]:
    name, _, unit = words.partition(" | ")
    return interpret_all(cell(stated), field_of(name), book(), unit.strip('"'))


def shown(value: Literal | Iri | Complaint) -> str:
    return local_name(value.value) if isinstance(value, Iri) else value.value if isinstance(value, Literal) else "!" + value.message.zh


def test_enough_cases() -> None:
    assert len(ROWS) >= 300
    assert len(TABLE) >= 25


@pytest.mark.parametrize(("field", "stated", "expected"), ROWS, ids=lambda value: str(value)[:30])
def test_cell(field: str, stated: Any, expected: str | None) -> None:
    found = read(stated, field)
    wanted = expected.split(", ") if expected else []
    assert len(found) == len(wanted), found
    for value, words in zip(found, wanted, strict=True):
        assert words.removeprefix("!") in shown(value) if words.startswith("!") else shown(value) == words
        if isinstance(value, Literal) and field.split(" ")[0][0].isupper():
            of = field_of(field.partition(" | ")[0])
            assert value.datatype == (of.datatype or value.datatype)
        if isinstance(value, Complaint):
            assert value.mending.zh
            assert value.mending.en
            assert value.message.en


@pytest.mark.parametrize(
    ("field", "stated", "forms"),
    [
        ("AwardClaim 申报金额（元）", "八万块", ["12000", "1.2万元"]),
        ("AwardClaim 名次", "前三", ["第3名"]),
        ("EmployerYear 法定提取比例", "60", ["60%", "0.6"]),
        ("AwardClaim 成绩公布日期", "去年", ["2024-09-20", "2024年9月20日"]),
        ("AwardClaim 是否并列", "也许", ["是/否", "√/×"]),
        ("AwardClaim 奖牌", "铜质奖牌", ["铜牌", "金牌", "银牌"]),
    ],
)
def test_every_complaint_names_the_allowed_forms(field: str, stated: str, forms: list[str]) -> None:
    (complaint,) = read(stated, field)
    assert isinstance(complaint, Complaint)
    assert all(form in complaint.mending.zh for form in forms)
    assert complaint.shown == stated


def test_values_that_resemble_what_was_written_come_first_and_no_more_than_ten() -> None:
    (complaint,) = read("省及", "AwardClaim 赛事层级")
    assert isinstance(complaint, Complaint)
    assert complaint.mending.zh.startswith("可填：省级、")
    many = replace(field_of("AwardClaim 赛事层级"), codes=tuple(c for k in kinds().values() for f in k.fields for c in f.codes))
    found = interpret(Cell("text", "没有这个值"), many, book())
    assert isinstance(found, Complaint)
    assert found.mending.zh.count("、") == 9


def test_a_cell_is_quoted_on_one_line_and_kept_as_it_stands() -> None:
    text = "甲\u202e" + "乙" * 600
    (complaint,) = read(text, "AwardClaim 姓名")
    assert isinstance(complaint, Complaint)
    assert complaint.shown == text[:500]
    (complaint,) = read("很\n长" * 100, "AwardClaim 名次")
    assert isinstance(complaint, Complaint)
    assert "\n" not in complaint.message.zh
    assert len(complaint.message.zh) < 100


def watched(*texts: str, unit: str = "") -> list[bool]:
    cells = [Cell("number" if text.isdigit() else "text", text) for text in texts]
    watch, field = UnitWatch(unit), field_of("AwardClaim 申报金额（元）")
    for each in cells:
        watch.see(each)
    return [watch.complaint(each, field, book()) is not None for each in cells]


def test_bare_numbers_beside_other_units_are_never_guessed() -> None:
    assert watched("80000", "8万元", "5", "60000元", "0") == [True, False, True, False, False]
    assert watched("8万元", "10万元") == [False, False]
    assert watched("80000", "60000元") == [False, False]
    assert watched("80000", "八万元") == [True, False]
    assert watched("80000", "8万元", unit="元") == [False, False]
    assert watched("8", "8万元", unit="万元") == [False, False]


# ---------------------------------------------------------------- every accepted form reads back
MONEY = field_of("AwardClaim 申报金额（元）")
SHARE = field_of("EmployerYear 法定提取比例")
RANK = field_of("AwardClaim 名次")
DATE = field_of("AwardClaim 成绩公布日期")
WIDE = str.maketrans("0123456789.,%", "０１２３４５６７８９．，％")


def value_of(text: str, of: Field, unit: str = "") -> Decimal | str:
    found = interpret(Cell("text", text), of, book(), unit)
    assert isinstance(found, Literal), found
    return Decimal(found.value) if of in (MONEY, SHARE, RANK) else found.value


amounts = st.decimals(0, 10**15 - 1, places=2)


@given(amounts)
def test_every_form_of_an_amount_reads_back(amount: Decimal) -> None:
    plain = f"{amount:f}"
    for form in (
        plain,
        f"{amount:,}",
        f"{amount:,}".replace(",", " "),
        plain.translate(WIDE),
        f"￥{amount:,}",
        f"{plain}元",
        f"CNY {plain}",
    ):
        assert value_of(form, MONEY) == amount
    assert value_of(f"{amount.scaleb(-4):f}万元", MONEY) == amount
    assert value_of(f"{amount.scaleb(-4):f}", MONEY, "万元") == amount
    assert value_of(f"{amount.scaleb(-8):f}亿", MONEY) == amount
    found = interpret(Cell("number", plain), MONEY, book())
    assert isinstance(found, Literal)
    assert Decimal(found.value) == amount


@given(st.integers(0, 10**12 - 1))
def test_every_chinese_numeral_reads_back(number: int) -> None:
    assert value_of(f"{numeral(number)}元", MONEY) == number
    if 0 < number < 10**6:
        assert value_of(f"第{numeral(number)}名", RANK) == number


@given(st.decimals(-1, 1, places=6))
def test_every_form_of_a_share_reads_back(share: Decimal) -> None:
    percent = f"{share.scaleb(2):f}"
    for form in (f"{share:f}", f"{percent}%", f"{percent}％", f"{percent} %", f"{percent} percent"):
        assert value_of(form, SHARE) == share


@given(st.dates(dt.date(1900, 1, 1), dt.date(2200, 12, 31)))
def test_every_form_of_a_day_reads_back(day: dt.date) -> None:
    year, month, number = day.year, day.month, day.day
    chinese = "".join("〇一二三四五六七八九"[int(d)] for d in str(year)) + f"年{numeral(month)}月{numeral(number)}日"
    forms = [
        day.isoformat(),
        f"{year}/{month}/{number}",
        f"{year}.{month}.{number}",
        f"{year}年{month}月{number}日",
        f"{day:%Y%m%d}",
        chinese,
    ]
    forms += [f"{day:%d %B %Y}", f"{day:%b} {number}, {year}", day.isoformat().translate(WIDE), f"{day.isoformat()} 00:00:00"]
    for form in forms:
        assert value_of(form, DATE) == day.isoformat()


@given(st.data())
def test_every_name_of_a_code_reads_back(data: st.DataObject) -> None:
    of = data.draw(st.sampled_from([f for k in kinds().values() for f in k.fields if f.code_list]))
    code = data.draw(st.sampled_from(of.codes))
    name = data.draw(st.sampled_from(book().names(code)))
    assert interpret(Cell("text", f" {name.upper()}\u3000"), of, book()) == Iri(code)


def test_every_example_of_a_form_reads_as_a_value() -> None:
    fields = [(kind.short, field) for kind in kinds().values() for field in kind.fields if field.example]
    assert len(fields) > 100
    for kind, field in fields:
        found = interpret(Cell("text", field.example), field, book())
        assert isinstance(found, Literal | Iri), (kind, field.name.zh, found)


ANY = st.text(max_size=40) | st.text("0123456789.,%-+元万亿千百十第名约年月日/ （）一二三①", max_size=12)


@given(st.sampled_from(SORTS), ANY, st.booleans(), st.sampled_from(["", "万元", "%", "元/月", "无此单位"]))
def test_no_cell_breaks_the_reader_and_a_value_reads_the_same_again(sort: str, text: str, percent: bool, unit: str) -> None:
    watch = UnitWatch(unit)
    for of in fields():
        stated = Cell(sort, text, percent=percent)
        watch.see(stated)
        for value in interpret_all(stated, of, book(), unit):
            if isinstance(value, Complaint):
                value.shown.encode()
                assert value.message.zh
                assert value.mending.zh
            elif not (of.unit == UNIT.FRACTION and abs(Decimal(value.value)) > 1):
                assert interpret(Cell("text", value.value), of, book()) in (value, None)
        watch.complaint(stated, of, book())


@cache
def fields() -> tuple[Field, ...]:
    return tuple(field_of(words.partition(" | ")[0]) for words in TABLE)
