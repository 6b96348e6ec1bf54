"""Days as people type them: 2024-09-20, 2024年9月20日, 二〇二四年九月二十日, 20 September 2024; what could be two days is none.

Pure functions.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from enum import StrEnum

from policygraph.model.numerals import Kind, find
from policygraph.records.spelling import narrow

_LONGEST = 60
_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december")
_NAME = "(?P<name>[a-z]{3,9})\\.?"
_YEAR_FIRST = re.compile(r"(?P<year>[0-9]{4})\s*(?P<mark>[-/.])\s*(?P<month>[0-9]{1,2})\s*(?P=mark)\s*(?P<day>[0-9]{1,2})")
_COMPACT = re.compile(r"(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})")
_ENGLISH = (
    re.compile(rf"(?P<day>[0-9]{{1,2}})(?:st|nd|rd|th)?[ -]{_NAME}[ -](?P<year>[0-9]{{4}})"),
    re.compile(rf"{_NAME} (?P<day>[0-9]{{1,2}})(?:st|nd|rd|th)?,? (?P<year>[0-9]{{4}})"),
)
_TIME = re.compile(r"(?:t|\s+)(?P<clock>[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?)(?P<zone>\s*(?:z|[-+][0-9]{2}:?[0-9]{2}))?$")
_YEAR_LAST = re.compile(r"(?P<one>[0-9]{1,2})[-/.](?P<other>[0-9]{1,2})[-/.](?P<year>[0-9]{4})")
_SHORT_YEAR = re.compile(r"[0-9]{2}\s*[-/.年]\s*[0-9]{1,2}\s*[-/.月]\s*[0-9]{1,2}日?|[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{2}")
_NO_DAY = re.compile(r"[0-9]{4}(?:年|[-/.][0-9]{1,2}(?![0-9]))?")
_SERIAL = re.compile(r"[0-9]{1,5}(?:\.[0-9]+)?")
# The day before the first day of spreadsheet programs, so that 61 is 1 March 1900: they hold 1900 for a leap year.
_EPOCH, _FIRST_SERIAL, _LAST_SERIAL = dt.date(1899, 12, 30), 61, 73_050


class Fault(StrEnum):
    """Why a text states no one day."""

    NONE = "no day"
    SEVERAL = "several days"
    ORDER = "day and month in an order of their own"
    SHORT_YEAR = "a year of two digits"
    NO_DAY = "a month or year only"
    IMPOSSIBLE = "no day of the calendar"
    TIME = "a time of day"
    SERIAL = "the number of a day in a spreadsheet"


@dataclass(frozen=True, slots=True)
class NoDay:
    """A text that states no one day.

    Attributes:
        fault: Why.
        maybe: Days that it could stand for.
    """

    fault: Fault
    maybe: tuple[dt.date, ...] = ()


def day(text: str) -> dt.date | NoDay:
    """Return the one day that a text states."""
    plain = narrow(text).casefold().removeprefix("'")
    if len(plain) > _LONGEST:
        return NoDay(Fault.NONE)
    if (time := _TIME.search(plain)) is not None:
        if time["zone"] or time["clock"].strip("0:."):
            return NoDay(Fault.TIME)
        plain = plain[: time.start()].rstrip()
    for pattern in (_YEAR_FIRST, _COMPACT, *_ENGLISH):
        if match := pattern.fullmatch(plain):
            return _made(match.groupdict())
    return _chinese("".join(plain.split())) or _fault(plain)


def _made(parts: dict[str, str]) -> dt.date | NoDay:
    name = parts.get("name", "")
    month = _month(name) if name else int(parts["month"])
    if name and not month:
        return NoDay(Fault.NONE)
    try:
        return dt.date(int(parts["year"]), month, int(parts["day"]))
    except ValueError:
        return NoDay(Fault.IMPOSSIBLE)


def _month(name: str) -> int:
    return next((n for n, month in enumerate(_MONTHS, 1) if month.startswith(name) or name == "sept" == month[:4]), 0)


def _chinese(words: str) -> dt.date | NoDay | None:
    """Return the day that 年, 月 and 日 make, None when the words are no such day."""
    numbers = find(words)
    whole = [n for n in numbers if (n.start, n.end) == (0, len(words))]
    if not whole or "年" not in words or "月" not in words:
        return NoDay(Fault.SEVERAL) if sum(n.kind is Kind.DATE for n in numbers) > 1 else None
    value, kind = whole[0].value, whole[0].kind
    if kind is Kind.DATE and isinstance(value, dt.date):
        return value
    return NoDay(Fault.NO_DAY if kind is Kind.MONTH else Fault.IMPOSSIBLE)


def _fault(plain: str) -> NoDay:
    if match := _YEAR_LAST.fullmatch(plain):
        one, other, year = int(match["one"]), int(match["other"]), int(match["year"])
        tries = (_made({"year": str(year), "month": str(m), "day": str(d)}) for m, d in ((one, other), (other, one)))
        return NoDay(Fault.ORDER, tuple(dict.fromkeys(t for t in tries if isinstance(t, dt.date))))
    if _SHORT_YEAR.fullmatch(plain):
        return NoDay(Fault.SHORT_YEAR)
    if _NO_DAY.fullmatch(plain) and "1900" <= plain[:4] <= "2200":
        return NoDay(Fault.NO_DAY)
    if _SERIAL.fullmatch(plain) and _FIRST_SERIAL <= (number := int(float(plain))) <= _LAST_SERIAL:
        return NoDay(Fault.SERIAL, (_EPOCH + dt.timedelta(days=number),))
    if len(re.findall("[0-9]{4}", plain)) > 1 and not plain.isdigit():
        return NoDay(Fault.SEVERAL)
    return NoDay(Fault.NONE)
