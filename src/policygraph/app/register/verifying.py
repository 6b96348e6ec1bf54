"""Walks a register's chain and says what in it was edited, removed, inserted or swapped."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from policygraph.app.register import chain, faults
from policygraph.app.register.entries import ADD, ERASE
from policygraph.app.register.opening import differing
from policygraph.app.register.store import as_entry, as_row
from policygraph.errors import Text, UsageError

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from policygraph.app.register.entries import Entry
    from policygraph.app.register.store import Register

_HEAD = re.compile("[0-9a-f]{64}")
# Damage beyond this many places is one and the same.
MOST = 1_000
_HELD = """
SELECT entries.*, payloads.entry AS held, salt, document, receipt FROM entries LEFT JOIN payloads USING (entry) ORDER BY entry"""

_STRUCTURE = Text("结构被改动：{name}", "the structure was altered: {name}")
_DAMAGED = Text("文件损坏：{words}", "the file is damaged: {words}")
_MISSING = Text("第 {first} 至 {last} 号被删去", "entries {first} to {last} were removed")
_BROKEN = Text(
    "与前一号不相衔接：前一号被改动、替换，或此处被插入",
    "it does not follow on the one before: that was changed or replaced, or this one inserted",
)
_EDITED = Text("条目被改动：内容与其链值不符", "the entry was edited: what it says does not give its chain value")
_PAYLOAD_GONE = Text("所存内容被删去，而没有删除的记录", "what it held was removed without an erasure")
_PAYLOAD_BACK = Text("已删除的内容又出现", "what was erased is there again")
_PAYLOAD_STRANGE = Text("有不该有的内容", "it holds what it never did")
_PAYLOAD_EDITED = Text("所存内容被改动或调换：与其摘要不符", "what it holds was edited or swapped: it does not give its digest")
_KEYS = Text("查重所用的键与所存内容不符", "the keys that find its duplicates are not those of what it holds")
_TARGET = Text("所指的第 {number} 号不能是它所指", "it refers to entry {number}, which cannot be meant")
_ORPHANS = Text("有 {n} 份内容或键不属于任何条目", "{n} payloads or keys belong to no entry")
_CUT = Text("末尾被截去：曾有第 {number} 号", "the end was cut off: there was an entry {number}")
_NO_HEAD = Text(
    "所给链值不在链上：其后被截去、此前被改写，或这是另一登记簿",
    "the head given is not in the chain: it was cut off or rewritten, or this is another register",
)


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something that is not as it was written.

    Attributes:
        entry: Entry concerned, 0 for the whole register.
        what: What is wrong.
    """

    entry: int
    what: Text


@dataclass(frozen=True, slots=True)
class Verification:
    """What a walk over the chain found.

    Attributes:
        entries: How many entries there are.
        erased: How many of them were erased.
        head: Chain value of the last.
        since: How many were added after the head that was given, -1 if none was given or it is not in the chain.
        flaws: What is wrong, in the order of the entries.
    """

    entries: int
    erased: int
    head: str
    since: int
    flaws: tuple[Flaw, ...]


def verify(register: Register, head: str = "") -> Verification:
    """Walk the chain of a register.

    Args:
        register: The register.
        head: A chain value that was noted earlier, '' if none.

    Raises:
        UsageError: `head` is no chain value.
        StoreError: The file is damaged so that it cannot be read.
    """
    wanted = head.strip().lower()
    if wanted and not _HEAD.fullmatch(wanted):
        raise UsageError(
            Text("链头须是 64 位十六进制数。", "A head has 64 hexadecimal digits."),
            Text("请照 policygraph register add 所显示的填写。", "Give it as policygraph register add printed it."),
            "--head",
        )
    with faults.reported(register.path):
        register.connection.execute("BEGIN")  # one state of the register, whoever adds to it meanwhile
        try:
            return _Walk(register).run(wanted)
        finally:
            register.connection.execute("ROLLBACK")


class _Walk:
    def __init__(self, register: Register) -> None:
        self._register, self._connection = register, register.connection
        self._flaws: list[Flaw] = []
        self._entries: dict[int, tuple[str, bool]] = {}  # action, whether it enters a record
        self._heads: dict[str, int] = {register.origin: 0}
        self._erased = {row[0] for row in self._connection.execute("SELECT refers_to FROM entries WHERE action = ?", (ERASE,))}

    def run(self, wanted: str) -> Verification:
        self._flaws += [Flaw(0, _STRUCTURE.format(name=name)) for name in differing(self._connection)]
        self._flaws += [Flaw(0, _DAMAGED.format(words=words)) for words in self._damage()]
        last, head = 0, self._register.origin
        for row in self._connection.execute(_HELD):
            entry = as_entry(row)
            for what in (*self._linked(entry, row, last, head), *self._holding(entry, row), *self._referring(entry)):
                self._tell(entry.number, what)
            self._entries[entry.number] = entry.action, entry.records
            last, head = entry.number, entry.head
            self._heads[head] = entry.number
        self._ends(last)
        found = self._heads.get(wanted, -1)
        if wanted and found < 0:
            self._tell(0, _NO_HEAD)
        since = sum(number > found for number in self._entries) if wanted and found >= 0 else -1
        return Verification(len(self._entries), len(self._erased & self._entries.keys()), head, since, tuple(self._flaws))

    def _tell(self, entry: int, what: Text) -> None:
        if len(self._flaws) < MOST:
            self._flaws.append(Flaw(entry, what))

    def _damage(self) -> Iterator[str]:
        for (words,) in self._connection.execute("PRAGMA integrity_check(20)"):
            if words != "ok":
                yield str(words)[:200]

    def _linked(self, entry: Entry, row: sqlite3.Row, last: int, head: str) -> Iterator[Text]:
        if entry.number != last + 1:
            yield _MISSING.format(first=last + 1, last=entry.number - 1)
        elif entry.previous != head:
            yield _BROKEN
        # A column with what it never should hold reads as empty, and what is empty is not in the chain.
        if chain.head(entry) != entry.head or any(row[name] != value for name, value in as_row(entry).items()):
            yield _EDITED

    def _holding(self, entry: Entry, row: sqlite3.Row) -> Iterator[Text]:
        marks = {bytes(mark) for (mark,) in self._connection.execute("SELECT mark FROM keys WHERE entry = ?", (entry.number,))}
        wanted: set[bytes] = set()
        if row["held"] is None:
            if entry.digest and entry.number not in self._erased:
                yield _PAYLOAD_GONE
        elif entry.number in self._erased:
            yield _PAYLOAD_BACK
        elif not entry.digest:
            yield _PAYLOAD_STRANGE
        elif not self._digested(entry, row):
            yield _PAYLOAD_EDITED
            return
        else:
            wanted = set(self._register.marks(entry, self._register.parsed(row["document"])))
        if marks != wanted:
            yield _KEYS

    @staticmethod
    def _digested(entry: Entry, row: Any) -> bool:
        parts = [row[name] for name in ("salt", "document", "receipt")]
        return all(isinstance(part, bytes) for part in parts) and chain.digest(*parts) == entry.digest

    def _referring(self, entry: Entry) -> Iterator[Text]:
        """Yield a complaint unless an entry refers to an earlier one to which its action can be done."""
        if entry.refers_to not in self._entries and 0 < entry.refers_to < entry.number:
            return  # it was removed, which is told already
        action, records = self._entries.get(entry.refers_to, ("", False))
        sound = {ADD: not entry.refers_to, ERASE: action not in {"", ERASE}}.get(entry.action, records)
        if not sound:
            yield _TARGET.format(number=entry.refers_to)

    def _ends(self, last: int) -> None:
        row = self._connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'entries'").fetchone()
        if row is not None and isinstance(row[0], int) and row[0] > last:
            self._tell(0, _CUT.format(number=row[0]))
        (orphans,) = self._connection.execute(
            "SELECT (SELECT count(*) FROM payloads WHERE entry NOT IN (SELECT entry FROM entries))"
            " + (SELECT count(*) FROM keys WHERE entry NOT IN (SELECT entry FROM entries))"
        ).fetchone()
        if orphans:
            self._tell(0, _ORPHANS.format(n=orphans))
