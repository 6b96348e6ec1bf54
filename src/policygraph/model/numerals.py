"""Reads numbers as Chinese policies write them: figures, Chinese numerals, shares, money, dates, ordinals.

Pure functions; the tables below are the language's, none of any policy.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

_DIGITS = {c: i for i, cs in enumerate(("零〇○", "一壹", "二贰两", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖")) for c in cs}
_UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_GROUPS = {"万": 10**4, "亿": 10**8}
_MULTIPLIERS = {**_UNITS, **_GROUPS}
_PARTS = {"百": 2, "千": 3, "万": 4}  # 百分之, 千分之, 万分之: places that the point moves
_FORMAL = "壹贰叁肆伍陆柒捌玖拾佰仟"  # alone they belong to words such as 队伍
_WIDE = str.maketrans("０１２３４５６７８９．％，", "0123456789.%,")

_CHINESE = "[" + "".join(_DIGITS) + "".join(_UNITS) + "".join(_GROUPS) + "]+"
# No `\d`: it also takes in Arabic-Indic and other digits that no Chinese policy means as figures.
_FIGURE = r"(?<![0-9.])(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?(?![0-9])[十百千]?万?亿?"
_NUMBER = re.compile(
    rf"""
    (?P<year>[0-9]{{4}}|[〇零○一二三四五六七八九]{{4}})年(?:(?P<month>[0-9]{{1,2}}|{_CHINESE})月(?:(?P<day>[0-9]{{1,2}}|{_CHINESE})[日号])?)?
    | (?P<dayless>[0-9]{{1,2}}|{_CHINESE})月(?:[0-9]{{1,2}}|{_CHINESE})[日号]
    | (?P<part>[百千万])分之(?P<parts>{_FIGURE}|{_CHINESE})
    | (?P<rank>第|前)?(?P<number>{_FIGURE}|(?<![多数几]){_CHINESE}|双)
      (?P<after>\s?[多余]?元|\s?[%‰]|个百分点|(?:个)?(?:月|工作日)|[年天日周]|倍)?
    """,
    re.VERBOSE,
)
_ABOUT_BEFORE = ("约", "近", "大约", "将近")
_ABOUT_AFTER = ("左右", "上下", "多", "余")
_MEASURE = re.compile(r"^[人个家名次项所种类大]{1,2}")


class Kind(StrEnum):
    """What a number counts or names."""

    COUNT = "count"
    SHARE = "share"
    POINTS = "percentage points"
    MONEY = "money"
    DATE = "date"
    MONTH = "month"
    YEAR = "year"
    DURATION = "duration"
    ORDINAL = "ordinal"
    TIMES = "times"
    UNREAD = "unread"


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a text.

    Attributes:
        value: The amount (yuan for money, 0.6 for 60%, years as integers), the day of a date, the first day of a month; None when the
            characters are numerals but make no number (十四五, 8月21日 without a year).
        kind: What it is.
        approximate: Whether the words beside it say about (约, 左右).
        start: Where it begins.
        end: Where it ends.
        words: The words read.
    """

    value: Decimal | date | None
    kind: Kind
    approximate: bool
    start: int
    end: int
    words: str


def find(text: str) -> tuple[Number, ...]:
    """Return all numbers of a text in its order, also those in set phrases: which of them matter is for data to say."""
    plain = text.translate(_WIDE)
    numbers = []
    for match in _NUMBER.finditer(plain):
        if match["part"] is None and match["number"] and _is_no_number(match["number"]):
            continue
        value, kind = _read(match)
        before, after = plain[: match.start()], plain[match.end() :]
        beside = _MEASURE.sub("", after) if kind is Kind.COUNT else after
        approximate = before.endswith(_ABOUT_BEFORE) or beside.startswith(_ABOUT_AFTER) or match["after"] in ("多元", "余元")
        words = text[match.start() : match.end()]
        numbers.append(Number(value, kind, approximate, match.start(), match.end(), words))
    return tuple(numbers)


def read(words: str) -> Number | None:
    """Return the one number that words state, or None when they state none or several."""
    stated = [number for number in find(words) if number.value is not None]
    return stated[0] if len(stated) == 1 else None


def chinese(words: str) -> int | None:
    """Return the value of a well-formed Chinese numeral (三十二, 一百二十二万), or None (十四五, 三五, 万)."""
    total = group = 0
    digit: int | None = None
    unit_before, group_before = 10**4, 10**12
    for index, character in enumerate(words):
        if character in _DIGITS:
            value = _DIGITS[character]
            if digit is not None and not (digit == 0 and value):
                return None
            digit = value
        elif character in _UNITS:
            unit = _UNITS[character]
            ten_alone = unit == 10 and digit in (None, 0) and group == 0  # 十二, 一百零十 is refused below
            if unit >= unit_before or (not digit and not ten_alone) or (digit == 0 and group):
                return None
            group, digit, unit_before = group + (digit or 1) * unit, None, unit
        else:
            size = _GROUPS[character]
            held = group + (digit or 0)
            if words[index - 1 : index] == "万" and character == "亿" and total:
                total, group_before = total * size, size  # 万亿
                continue
            if size >= group_before or not held:
                return None
            total, group, digit, unit_before, group_before = total + held * size, 0, None, 10**4, size
    lowest = min(unit_before, group_before)
    after_unit = bool(group or total) and digit
    # 一万五 and 一百二 leave the unit out: colloquial and read two ways, so refused.
    if after_unit and lowest > 10 and not words.endswith(("零" + words[-1], "〇" + words[-1])):
        return None
    return total + group + (digit or 0) if words else None


def _is_no_number(words: str) -> bool:
    """Say whether characters that can be numerals are none here: a unit without a number (万元, 千方百计), a formal digit alone (队伍)."""
    return words in _FORMAL or (words[0] in _MULTIPLIERS and words[0] not in "十拾")


def _read(match: re.Match[str]) -> tuple[Decimal | date | None, Kind]:
    if match["year"]:
        return _read_date(match)
    if match["dayless"]:
        return None, Kind.UNREAD
    if match["part"]:
        parts = _amount(match["parts"])
        return (None, Kind.UNREAD) if parts is None else (parts.scaleb(-_PARTS[match["part"]]), Kind.SHARE)
    amount = _amount(match["number"])
    if amount is None:
        return None, Kind.UNREAD
    if match["rank"]:
        return amount, Kind.ORDINAL
    match (match["after"] or "").strip(" 　多余"):
        case "%":
            return amount.scaleb(-2), Kind.SHARE
        case "‰":
            return amount.scaleb(-3), Kind.SHARE
        case "元":
            return amount, Kind.MONEY
        case "个百分点":
            return amount.scaleb(-2), Kind.POINTS
        case "倍":
            return amount, Kind.TIMES
        case "":
            return amount, Kind.COUNT
    return amount, Kind.DURATION


def _read_date(match: re.Match[str]) -> tuple[Decimal | date | None, Kind]:
    digits = "".join(str(_DIGITS.get(c, c)) for c in match["year"])
    if not match["month"]:
        return Decimal(digits), Kind.YEAR
    month, day = _amount(match["month"]), _amount(match["day"] or "1")
    try:
        return date(int(digits), int(month or 0), int(day or 0)), Kind.DATE if match["day"] else Kind.MONTH
    except ValueError:
        return None, Kind.UNREAD


def _amount(words: str) -> Decimal | None:
    """Return the value of a figure with its multipliers, or of a Chinese numeral."""
    if words == "双":
        return Decimal(2)
    figure = re.match(r"[0-9.,]+", words)
    if not figure:
        value = chinese(words)
        return None if value is None else Decimal(value)
    amount = Decimal(figure[0].replace(",", ""))
    for multiplier in words[figure.end() :]:
        amount *= _MULTIPLIERS[multiplier]
    return amount.to_integral_value() if amount == amount.to_integral_value() else amount.normalize()
