"""Numbers as policies write them: cases that a lawyer can read, and a round trip through every Chinese numeral."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from policygraph.model.numerals import Kind, chinese, find, read
from small import REPOSITORY

READ = yaml.safe_load((REPOSITORY / "tests/numerals/read.yaml").read_text("utf-8"))
FIND = yaml.safe_load((REPOSITORY / "tests/numerals/find.yaml").read_text("utf-8"))


def value(stated: object) -> Decimal | date | None:
    return stated if isinstance(stated, date) or stated is None else Decimal(str(stated))


def test_enough_cases() -> None:
    assert len(READ) >= 65
    assert len(FIND) >= 10
    assert {row[2] for row in READ if len(row) > 2} == {kind.value for kind in Kind} - {Kind.UNREAD.value}


@pytest.mark.parametrize("row", READ, ids=lambda row: str(row[0]))
def test_read(row: list[object]) -> None:
    number = read(str(row[0]))
    if row[1] == "none":
        assert number is None
        return
    assert number is not None
    assert (number.value, number.kind.value, number.approximate) == (value(row[1]), row[2], row[3:] == ["about"])


@pytest.mark.parametrize("case", FIND, ids=lambda case: case["text"])
def test_find(case: dict[str, object]) -> None:
    text = str(case["text"])
    assert [[n.words, n.value] for n in find(text)] == [[words, value(stated)] for words, stated in case["numbers"]]
    assert all(text[n.start : n.end] == n.words for n in find(text))


def numeral(number: int) -> str:
    """Write a number below 10^12 in standard Chinese."""
    if not number:
        return "零"
    words = ""
    for power, sign in ((8, "亿"), (4, "万"), (0, "")):
        group = number // 10**power % 10**4
        if group and words and (group < 1000 or words.endswith("零")):
            words = words.rstrip("零") + "零"
        words += (below_ten_thousand(group) + sign) if group else ""
    return words.removeprefix("一") if words.startswith("一十") else words


def below_ten_thousand(number: int) -> str:
    words, gap = "", False
    for power, unit in ((3, "千"), (2, "百"), (1, "十"), (0, "")):
        digit = number // 10**power % 10
        if digit:
            words += ("零" if gap and words else "") + "一二三四五六七八九"[digit - 1] + unit
        gap = not digit
    return words


@given(st.integers(0, 10**12 - 1) | st.integers(0, 99999))
def test_every_standard_numeral_reads_back(number: int) -> None:
    assert chinese(numeral(number)) == number


@given(st.text(alphabet="零一二三十百千万亿两〇", max_size=7))
def test_no_string_of_numerals_breaks_the_reader(words: str) -> None:
    found = chinese(words)
    assert found is None or found >= 0


@given(st.text(alphabet="1２0.,%‰万亿元年月日第前约多左右百分之个十五〇双伍 号", max_size=12))
def test_no_text_breaks_the_finder(text: str) -> None:
    numbers = find(text)
    assert all(a.end <= b.start for a, b in pairwise(numbers))
    assert all(text[n.start : n.end] == n.words for n in numbers)
