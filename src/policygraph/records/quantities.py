"""Numbers with their units as people type them: 10万元, ￥1,000.00, 60%, 第三名, 百分之六十.

Pure functions over the language's own words; which unit a field wants, and what else a unit is called, is said elsewhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

from policygraph.model.numerals import chinese
from policygraph.records.spelling import narrow

# Powers of ten.
_SCALES = {"十": 1, "百": 2, "千": 3, "万": 4, "亿": 8, "thousand": 3, "million": 6, "billion": 9}
_SHARES = {"%": -2, "percent": -2, "pct": -2, "百分比": -2, "百分数": -2, "百分率": -2, "‰": -3}
_PERIODS = {"月": "月", "month": "月", "年": "年", "year": "年", "日": "日", "天": "日", "day": "日", "人": "人", "person": "人"}
_LONGEST = 80

_SCALE = r"(?:[十百千]?万亿?|[十百千]?亿|[十百千])"
_DIGITS = "零〇○一二两三四五六七八九壹贰叁肆伍陆柒捌玖"
_NUMERAL = f"[{_DIGITS}十百千万亿拾佰仟]+"
# The number may end only where no digit, dot or comma goes on: 1,00 and 1.2.3 are none.
_AMOUNT = re.compile(
    rf"""
    (?P<sign>[-+]|负)?\s*
    (?P<before>百分之|第|no\.?|\#|¥|rmb|cny|人民币)?\s*
    (?:(?P<figure>(?:[0-9]{{1,3}}(?:,[0-9]{{3}})+|[0-9]{{1,3}}(?:[ ][0-9]{{3}})+|[0-9]+)(?:\.[0-9]+)?|\.[0-9]+)(?![0-9.,]|[ ][0-9])
      |(?P<compound>(?:[0-9]+(?:\.[0-9]+)?\s*{_SCALE}\s*)+[0-9]*)
      |(?P<numeral>{_NUMERAL}))
    \s*(?P<unit>[^0-9{_DIGITS}]*)
    """,
    re.VERBOSE,
)
_PART = re.compile(rf"([0-9.]+)\s*({_SCALE}?)")
_SCALED = re.compile(rf"(?P<scale>{_SCALE}|thousand|million|billion)?(?P<word>.*)", re.DOTALL)
_PER = re.compile(rf"(?:/|每|per|a)(?P<period>{'|'.join(_PERIODS)})s?$")
_ABOUT = re.compile(
    r"大约|约|将近|接近|近|左右|上下|以上|以下|以内|不到|不足|超过|不少于|不低于|不超过|至少|至多|最多|大概|估计|预计|余|多"
    r"|about|approx\w*|around|circa|over|under|more than|less than|at least|at most|up to|[~≈<>≥≤]|\+$"
)
_NOT_KNOWN = re.compile(r"不详|不明|未知|不清楚|暂无|暂定|待定|待补|unknown|tbd|pending")
_GROUPED = re.compile(r"[^0-9]*[0-9]+(?:[ ,][0-9]+)+(?:\.[0-9]+)?[^0-9]*")
_EXPONENT = re.compile(r"[0-9.]+e[-+]?[0-9]+")


class Fault(StrEnum):
    """Why a text states no one number."""

    NONE = "no number"
    SEVERAL = "several numbers"
    ABOUT = "about a number"
    UNKNOWN = "not known, beside a number"
    GROUPING = "digits grouped wrongly"
    EXPONENT = "an exponent"
    COLLOQUIAL = "a numeral that is read in two ways"


@dataclass(frozen=True, slots=True)
class Misread:
    """A text that states no one number.

    Attributes:
        fault: Why.
        words: The words at fault.
    """

    fault: Fault
    words: str


@dataclass(frozen=True, slots=True)
class Unit:
    """Words of a unit, taken apart.

    Attributes:
        word: The unit itself, in lower case without blanks, '' if there is none.
        power: Power of ten with which it is counted: 4 for 万元, -2 for %.
        period: 月 in 元/月, '' if none.
        share: Whether it is a part of a whole.
    """

    word: str = ""
    power: int = 0
    period: str = ""
    share: bool = False


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number as typed.

    Attributes:
        value: The number: 100000 for 10万元, 60 for 60%.
        unit: Its unit; `unit.power` is already in the value unless it is a share.
        words: The words of the unit, '' for a bare number.
        ordinal: Whether it names a place in an order (第三, 3rd).
        year: The same words read digit by digit (二〇二四), 0 if they are no year.
        scaled: Whether 万 or the like stands behind or in it.
    """

    value: Decimal
    unit: Unit = Unit()
    words: str = ""
    ordinal: bool = False
    year: int = 0
    scaled: bool = False


def measure(text: str) -> Quantity | Misread:
    """Return the one number that a text states."""
    plain = narrow(text).casefold().removeprefix("'")
    match = _AMOUNT.fullmatch(plain) if len(plain) <= _LONGEST else None
    if match is None or _ABOUT.search(match["unit"]) or _NOT_KNOWN.search(match["unit"]):
        return _misread(plain[:_LONGEST])
    value, year = _value(match), _year(match["numeral"] or "")
    if value is None and not year:
        return Misread(Fault.COLLOQUIAL if re.search(f"[0-9{_DIGITS}]", plain) else Fault.NONE, plain)
    before, words = match["before"] or "", re.sub("[整正]$", "", match["unit"].strip())
    ordinal = before[:2] in {"第", "no", "#"} or words in {"st", "nd", "rd", "th"}
    if ordinal and not before:
        words = ""
    if before and not ordinal:
        if words.endswith("%") or (before == "百分之" and words):
            return Misread(Fault.SEVERAL, plain)
        words = "%" if before == "百分之" else f"{words}{'' if unit_of(words).word else before}"
    unit = unit_of(words)
    amount = Decimal(value or 0) if unit.share else Decimal(value or 0).scaleb(unit.power)
    scaled = bool(match["compound"] or (unit.power and not unit.share) or set("万亿") & set(match["numeral"] or ""))
    return Quantity(-amount if match["sign"] in {"-", "负"} else amount, unit, words, ordinal, year, scaled)


@lru_cache(maxsize=1024)
def unit_of(words: str) -> Unit:
    """Take the words of a unit apart: 万元/月 is yuan in ten thousands a month."""
    word = "".join(narrow(words).casefold().split())
    if (power := _SHARES.get(word)) is not None:
        return Unit(word, power, share=True)
    period = ""
    if (match := _PER.search(word)) and match.start():
        period, word = _PERIODS[match["period"]], word[: match.start()]
    scaled = _SCALED.fullmatch(word)
    return Unit(scaled["word"], _power(scaled["scale"] or ""), period) if scaled else Unit(word, 0, period)


def plain(value: Decimal) -> str:
    """Return a number in digits without superfluous noughts."""
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


def _value(match: re.Match[str]) -> Decimal | None:
    if match["figure"]:
        return Decimal(re.sub("[, ]", "", match["figure"]))
    if match["compound"]:
        return _compound(match["compound"])
    found = chinese(match["numeral"])
    return None if found is None else Decimal(found)


def _compound(words: str) -> Decimal | None:
    """Return the value of figures with scales, such as 1亿2000万, or None where something is left out (1万5)."""
    total, last = Decimal(0), 30
    parts = _PART.findall(words)
    for index, (figure, scale) in enumerate(parts):
        if figure.count(".") > (index == len(parts) - 1) or figure in {"."}:
            return None
        value, power = Decimal(figure).scaleb(_power(scale)), _power(scale)
        # 1万5 leaves a unit out; 1万5000 does not: the rest fills the place below.
        filled = index == 0 or Decimal(1).scaleb(last - 1) <= value < Decimal(1).scaleb(last)
        if power >= last or (not scale and not filled) or value >= Decimal(1).scaleb(last):
            return None
        total, last = total + value, power
    return total


def _power(scale: str) -> int:
    return _SCALES[scale] if scale in _SCALES else sum(_SCALES[c] for c in scale)


def _year(words: str) -> int:
    """Return the year that four Chinese digits spell, 0 if they spell none."""
    if len(words) != 4 or not all(c in _DIGITS for c in words):
        return 0
    return int("".join(str(chinese(c)) for c in words))


def _misread(words: str) -> Misread:
    if not re.search(f"[0-9{_DIGITS}十]", words):
        return Misread(Fault.NONE, words)
    if _EXPONENT.fullmatch(words):
        return Misread(Fault.EXPONENT, words)
    for fault, pattern in ((Fault.UNKNOWN, _NOT_KNOWN), (Fault.ABOUT, _ABOUT)):
        if match := pattern.search(words):
            return Misread(fault, match[0])
    if _GROUPED.fullmatch(words):
        return Misread(Fault.GROUPING, words)
    several = len(re.findall("[0-9][0-9.,]*", words)) > 1 or re.search(f"[0-9].*[{_DIGITS}]", words)
    return Misread(Fault.SEVERAL if several else Fault.NONE, words)
