"""Number formats of a workbook: which cells show a date, a time, a duration or a percentage, and dates from day counts."""

from __future__ import annotations

import datetime as dt
import re

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format

from policygraph.records.tables import wire
from policygraph.records.tables.parts import tags

PLAIN, PERCENT, DAY, CLOCK, DURATION = "plain", "percent", "day", "clock", "duration"
_EAST_ASIAN = {*range(27, 37), *range(50, 59)}  # built in for Chinese, Japanese and Korean: all are dates or times
_LITERAL = re.compile(r'"[^"]*+"|\\.|_.|\*.|\[[^\]]*+\]')
_NUMBER = re.compile(r"[+-]?(?:[0-9]++\.?[0-9]*+|\.[0-9]++)(?:[eE][+-]?[0-9]++)?")
_ISO = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:T([0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.[0-9]+)?)?Z?")
_SHORT = 15  # digits that a spreadsheet keeps of a number
_DAY = 24 * 60 * 60
_LEAP = 60  # 1900-02-29, which the 1900 system counts though it never was
_REMEMBERED = 10_000


class Styles:
    """How the cells of a workbook show numbers.

    Attributes:
        since_1904: Whether days are counted from 1904.
    """

    _TAGS = tags("numFmt", "cellXfs", "xf")

    def __init__(self) -> None:
        self.since_1904 = False
        self._codes: dict[int, str] = {}
        self._formats: list[int] = []
        self._sorts: dict[str, str] = {}
        self._cells_only = False
        self._dates: dict[tuple[str, str], str] = {}

    # ---------------------------------------------------------------- the part with the styles
    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        name = self._TAGS.get(tag)
        if name == "numFmt":
            self._codes[_whole(attributes.get("numFmtId", ""))] = attributes.get("formatCode", "")
        elif name == "cellXfs":
            self._cells_only = True
        elif name == "xf" and self._cells_only:
            self._formats.append(_whole(attributes.get("numFmtId", "")))

    def end(self, tag: str) -> None:
        """An element ends."""
        if self._TAGS.get(tag) == "cellXfs":
            self._cells_only = False

    def words(self, words: str) -> None:
        """A piece of text: there is none that matters."""

    # ---------------------------------------------------------------- cells
    def number(self, words: str, style: str) -> str:
        """Return the cell that a stored number is: a number, a percentage, a date or a time, or an error if it is none.

        Args:
            words: The number as stored.
            style: Number of the cell's style.
        """
        sort = self._sorts.get(style) or self._sort(style)
        if sort in {DAY, CLOCK, DURATION}:
            found = self._dates.get((words, sort))
            if found is None:
                if len(self._dates) >= _REMEMBERED:
                    self._dates.clear()
                found = self._dates[words, sort] = self._moment(words, sort)
            return found
        as_sort = wire.PERCENT if sort == PERCENT else wire.NUMBER
        if len(words) <= _SHORT and words.isdecimal() and words.isascii() and words[0] != "0":
            return as_sort + words
        value = _float(words)
        if value is None:
            return wire.ERROR + words
        found = wire.number(f"{value:.{_SHORT}g}", as_sort)
        return found if found and found[0] == as_sort else wire.TEXT + words

    def _sort(self, style: str) -> str:
        index = _whole(style)
        format_id = self._formats[index] if 0 <= index < len(self._formats) else 0
        found = self._sorts[style] = _sort_of(format_id, self._codes.get(format_id))
        return found

    def _moment(self, words: str, sort: str) -> str:
        """Return the cell of a count of days; of one that no day has, an error, as a spreadsheet shows it."""
        value = _float(words)
        if value is None or value < 0:
            return wire.ERROR + words
        days, seconds = divmod(round(value * _DAY), _DAY)
        if sort == DURATION:
            return wire.text(_clock(days * _DAY + seconds)) or ""
        if days == 0 and not self.since_1904 and (seconds or sort == CLOCK):
            return wire.text(_clock(seconds)) or ""
        if not self.since_1904 and days in {0, _LEAP}:
            return wire.ERROR + words
        epoch = dt.date(1904, 1, 1) if self.since_1904 else dt.date(1899, 12, 31 if days < _LEAP else 30)
        try:
            day = epoch + dt.timedelta(days=days)
        except OverflowError:
            return wire.ERROR + words
        return f"{wire.TIME}{day}T{_clock(seconds)}" if seconds else f"{wire.DATE}{day}"


def iso(words: str) -> str:
    """Return the cell of a date that is stored in ISO's form, or an error."""
    if match := _ISO.fullmatch(words):
        try:
            day = dt.date.fromisoformat(match[1])
            clock = dt.time.fromisoformat(match[2] or "00:00:00")
        except ValueError:
            return wire.ERROR + words
        return f"{wire.TIME}{day}T{clock}" if clock != dt.time() else f"{wire.DATE}{day}"
    return wire.ERROR + words


def _sort_of(format_id: int, code: str | None) -> str:
    if code is None:
        if format_id in _EAST_ASIAN:
            return DAY
        code = BUILTIN_FORMATS.get(format_id, "")
    shown = _LITERAL.sub("", code.partition(";")[0]).lower()
    if is_timedelta_format(code):
        return DURATION
    if is_date_format(code):
        return CLOCK if not {"y", "d"} & set(shown) and {"h", "s"} & set(shown) else DAY
    return PERCENT if "%" in shown else PLAIN


def _float(words: str) -> float | None:
    value = float(words) if len(words) <= wire.MAX_DIGITS and _NUMBER.fullmatch(words) else float("inf")
    return None if value in {float("inf"), float("-inf")} else value


def _whole(words: str) -> int:
    return int(words) if len(words) < _SHORT and words.isdecimal() else -1


def _clock(seconds: int) -> str:
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
