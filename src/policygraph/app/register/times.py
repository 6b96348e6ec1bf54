"""Moments: kept in UTC, shown and asked for in this machine's own time."""

from __future__ import annotations

import datetime as dt

from policygraph.errors import Text, UsageError


def stamp(moment: dt.datetime) -> str:
    """Return a moment as xsd:dateTime in UTC."""
    return moment.astimezone(dt.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def local(time: str) -> str:
    """Return a kept moment as people here read it, such as 2024-10-03 09:30."""
    moment = _moment(time)
    return moment.astimezone().strftime("%Y-%m-%d %H:%M") if moment else time


def day_of(time: str) -> str:
    """Return the day of a kept moment here."""
    moment = _moment(time)
    return moment.astimezone().date().isoformat() if moment else time


def day(text: str, option: str) -> dt.date:
    """Return a day given as 2024-12-31.

    Raises:
        UsageError: It is no day of the calendar.
    """
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise UsageError(
            Text(f"“{text}”不是日期。", f"“{text}” is not a day of the calendar."),
            Text("请写成 2024-12-31 的形式。", "Write it like 2024-12-31."),
            option,
        ) from None


def _moment(time: str) -> dt.datetime | None:
    try:
        return dt.datetime.fromisoformat(time)
    except ValueError:
        return None
