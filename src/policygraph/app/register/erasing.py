"""Erases what the register holds of a person: payload, salt and keys go, a tombstone stays, and no byte is left in the file."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from policygraph.app.register import faults
from policygraph.app.register.entries import DETERMINE, ERASE, Draft
from policygraph.errors import StoreError, Text, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from policygraph.app.register.entries import Entry
    from policygraph.app.register.store import Register

_TOMBSTONE = Text("第 {number} 号是一次删除的记录，不含可删除的内容。", "Entry {number} records an erasure and holds nothing to erase.")
_GONE = Text("第 {number} 号的内容已经删除。", "What entry {number} held was erased already.")
_LISTED = Text("policygraph register list 列出全部编号。", "policygraph register list shows their numbers.")
_STILL_READ = (
    Text(
        "内容已删除，但另一程序正在读取登记簿，旧字节仍在文件中。",
        "It is erased, but another program is reading the register, and old bytes are still in the file.",
    ),
    Text(
        "请待其结束后再写入一次登记簿，届时自动清除；policygraph register verify 会提示是否已清除。",
        "They are cleared at the next writing after it has ended; policygraph register verify says whether they are.",
    ),
)


def targets(register: Register, numbers: Iterable[int]) -> tuple[Entry, ...]:
    """Return all that goes with some entries: corrections, what they correct, and determinations of either.

    Raises:
        UsageError: There is no such entry, or nothing is left of it.
    """
    found: dict[int, Entry] = {}
    for number in numbers:
        entry = register.entry(number)
        if entry.action == ERASE:
            raise UsageError(_TOMBSTONE.format(number=number), _LISTED)
        if register.payload(number) is None:
            raise UsageError(_GONE.format(number=number), _LISTED)
        own = [entry] if entry.action == DETERMINE else register.family(number)
        for each in own:
            for one in (each, *register.referring(each.number, DETERMINE)):
                if register.payload(one.number) is not None:
                    found[one.number] = one
    return tuple(found[number] for number in sorted(found))


def erase(register: Register, numbers: Iterable[int], reason: str, who: str, time: str) -> tuple[Entry, ...]:
    """Erase what entries hold, with all that goes with them.

    Args:
        register: The register, open for writing.
        numbers: The entries.
        reason: Why; it stays, so it must name nobody.
        who: Who erases.
        time: The moment, as xsd:dateTime in UTC.

    Returns:
        The tombstones, one for each erased entry.

    Raises:
        UsageError: There is no such entry, or nothing is left of it.
        StoreError: It cannot be written; or it is done, but old bytes are still in the file.
    """
    stones = []
    with register.writing():
        for entry in targets(register, numbers):
            draft = Draft(ERASE, time, who, entry.kind, refers_to=entry.number, reason=reason)
            stones.append(register.append(draft))
            register.connection.execute("DELETE FROM keys WHERE entry = ?", (entry.number,))
            register.connection.execute("DELETE FROM payloads WHERE entry = ?", (entry.number,))
        register.connection.execute("INSERT OR REPLACE INTO register VALUES ('uncleared', 1)")
    clear(register)
    return tuple(stones)


def uncleared(register: Register) -> bool:
    """Say whether the file may still hold bytes of what was erased."""
    with faults.reported(register.path):
        return register.connection.execute("SELECT 1 FROM register WHERE name = 'uncleared'").fetchone() is not None


def clear(register: Register) -> None:
    """Write the file anew without what was erased, and empty the log beside it.

    Raises:
        StoreError: Somebody reads the register, so that the log must stay; or it cannot be written.
    """
    with faults.reported(register.path):
        register.connection.execute("VACUUM")  # SQLite overwrites what it deletes; what it had moved before, only this finds
        _empty_log(register.connection, str(register.path))
        register.connection.execute("DELETE FROM register WHERE name = 'uncleared'")


def _empty_log(connection: sqlite3.Connection, where: str) -> None:
    try:
        (busy, *_) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except sqlite3.OperationalError:
        busy = 1
    if busy:
        raise StoreError(*_STILL_READ, where)
