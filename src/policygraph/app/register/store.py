"""A register's file, opened: entries are added in transactions and read one by one or all."""

from __future__ import annotations

import json
import secrets
import sqlite3
import zlib
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from policygraph.app.register import chain, faults, opening, schema
from policygraph.app.register.entries import CORRECT, DETERMINE, Determination, Draft, Entry, EntryRef, Payload
from policygraph.errors import StoreError, Text, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path
    from typing import Self

# A receipt is text that says much twice; it is packed, and no unpacked one is larger than this.
_MOST_RECEIPT = 64 << 20
# Columns that a draft says, and those with bytes that entries spell in hex.
_SAID = ("time", "who", "action", "kind", "verdict", "as_of", "policy", "refers_to", "reason")
_HEX = ("digest", "previous", "head")
_INSERT = """
INSERT INTO entries (entry, time, who, action, kind, verdict, as_of, policy, refers_to, reason, batch, digest, previous, head)
VALUES (:entry, :time, :who, :action, :kind, :verdict, :as_of, :policy, :refers_to, :reason, :batch, :digest, :previous, :head)"""
_NO_ENTRY = Text("登记簿中没有第 {number} 号。", "The register has no entry {number}.")
_LISTED = Text("policygraph register list 列出全部编号。", "policygraph register list shows their numbers.")


class Register:
    """A register; use `open` or `create`, and close it or use it as a context.

    Attributes:
        path: Its file.
        connection: The connection to it, for the other modules of the register.
    """

    def __init__(self, connection: sqlite3.Connection, path: Path, token: Callable[[int], bytes] = secrets.token_bytes) -> None:
        self.path = path
        self.connection, self._token = connection, token
        connection.row_factory = sqlite3.Row
        connection.text_factory = lambda data: data.decode("utf-8", "replace")
        said = {row["name"]: row["value"] for row in self._read("SELECT name, value FROM register")}
        self._identity, self._salt, self._begun = bytes(said["identity"]), bytes(said["salt"]), str(said["begun"])
        self._batch = 0

    @classmethod
    def open(cls, path: Path, *, writable: bool = False, wait: float = opening.WAIT) -> Self:
        """Open a register.

        Args:
            path: Its file.
            writable: Whether entries are to be added.
            wait: Seconds to wait for another writer.

        Raises:
            UsageError: The file may not be a register: there is none, it is a link, or open to everyone.
            StoreError: It is none, is of a newer version, was altered, or cannot be opened.
        """
        with faults.reported(path):
            return cls(opening.connect(path, writable=writable, wait=wait), path)

    @classmethod
    def create(cls, path: Path, begun: str, token: Callable[[int], bytes] = secrets.token_bytes) -> Self:
        """Make a new register and open it for adding.

        Args:
            path: Its file, which must not exist.
            begun: The moment, as xsd:dateTime in UTC.
            token: Source of random bytes.

        Raises:
            UsageError: The file exists.
            StoreError: It cannot be written.
        """
        with opening.making(path) as connection:
            connection.execute("BEGIN IMMEDIATE")
            schema.advance(connection, 0)
            rows = {"identity": token(16), "salt": token(32), "begun": begun}
            connection.executemany("INSERT INTO register VALUES (?, ?)", rows.items())
            connection.execute("COMMIT")
            connection.execute(f"PRAGMA application_id = {schema.APPLICATION}")
        register = cls.open(path, writable=True)
        register._token = token
        return register

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self.connection.close()

    @property
    def origin(self) -> str:
        """Chain value before the first entry."""
        return chain.origin(self._identity, self._begun)

    # ---------------------------------------------------------------- writing
    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the register for adding: all that is added within is there afterwards, or nothing.

        Raises:
            StoreError: Another writer kept it too long, the disk is full, or the file cannot be written to.
        """
        with faults.reported(self.path):
            self.connection.execute("BEGIN IMMEDIATE")
            self._batch = 0
            try:
                yield
                self.connection.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):  # SQLite may have rolled back by itself
                    self.connection.execute("ROLLBACK")
                raise

    def append(self, draft: Draft) -> Entry:
        """Add an entry; only within `writing`."""
        head = self.head()
        (last,) = self.connection.execute("SELECT coalesce(max(entry), 0) FROM entries").fetchone()
        number = last + 1
        self._batch = self._batch or number
        document = chain.canonical(draft.document) if draft.document else b""
        receipt = zlib.compress(draft.receipt.encode(), 6) if draft.receipt else b""
        salt = self._token(32) if document else b""
        digest = chain.digest(salt, document, receipt) if document else ""
        said = {name: getattr(draft, name) for name in _SAID}
        entry = Entry(**said, number=number, batch=self._batch, digest=digest, previous=head, head="")
        entry = replace(entry, head=chain.head(entry))
        self.connection.execute(_INSERT, as_row(entry))
        if document:
            self.connection.execute("INSERT INTO payloads VALUES (?, ?, ?, ?)", (number, salt, document, receipt))
            marks = self.marks(entry, draft.document)
            self.connection.executemany("INSERT INTO keys VALUES (?, ?)", [(mark, number) for mark in marks])
        return entry

    # ---------------------------------------------------------------- reading
    def head(self) -> str:
        """Return the chain value of the last entry: whoever keeps it can prove later that nothing before it was changed."""
        row = next(iter(self._read("SELECT head FROM entries ORDER BY entry DESC LIMIT 1")), None)
        return bytes(row[0]).hex() if row else self.origin

    def entries(self) -> Iterator[Entry]:
        """Yield all entries in their order."""
        return map(as_entry, self._read("SELECT * FROM entries ORDER BY entry"))

    def entry(self, number: int) -> Entry:
        """Return an entry.

        Raises:
            UsageError: There is none of that number.
        """
        row = next(iter(self._read("SELECT * FROM entries WHERE entry = ?", min(number, 2**62))), None)
        if row is None:
            raise UsageError(_NO_ENTRY.format(number=number), _LISTED)
        return as_entry(row)

    def payload(self, number: int) -> Payload | None:
        """Return what an entry holds, None when it was erased or never held anything."""
        row = next(iter(self._read("SELECT document, receipt FROM payloads WHERE entry = ?", number)), None)
        return Payload(self.parsed(row[0]), self._unpacked(row[1])) if row else None

    def documents(self) -> Iterator[tuple[Entry, dict[str, Any]]]:
        """Yield every entry that holds something, with what it holds, without receipts."""
        for row in self._read("SELECT * FROM entries JOIN payloads USING (entry) ORDER BY entry"):
            yield as_entry(row), self.parsed(row["document"])

    def standing(self) -> frozenset[int]:
        """Return the numbers of the records that stand: neither corrected nor erased."""
        return frozenset(number for (number,) in self._read("SELECT entry FROM standing"))

    def stands(self, number: int) -> bool:
        """Say whether an entry is a record that stands."""
        return bool(list(self._read("SELECT 1 FROM standing WHERE entry = ?", number)))

    def referring(self, number: int, action: str) -> tuple[Entry, ...]:
        """Return the entries that do something to another one."""
        query = "SELECT * FROM entries WHERE refers_to = ? AND action = ? ORDER BY entry"
        return tuple(map(as_entry, self._read(query, number, action)))

    def family(self, number: int) -> tuple[Entry, ...]:
        """Return a record with all that it corrects and all that correct it, oldest first; of a determination only itself."""
        entry = self.entry(number)
        while entry.action == CORRECT:
            entry = self.entry(entry.refers_to)
        found = [entry]
        while entry.records and (later := self.referring(entry.number, CORRECT)):
            entry = later[0]
            found.append(entry)
        return tuple(found)

    # ---------------------------------------------------------------- what others ask of a register
    def earlier(self, kind: str, key: Iterable[str], besides: int = 0) -> EntryRef | None:
        """Return the record that stands under a key: the first that was entered, as corrected last.

        Args:
            kind: IRI of the kind.
            key: Its key as `records.keys.key_of` returns it.
            besides: Entry that does not count, and neither do its corrections; 0 for none.
        """
        return self._marked(chain.mark(self._salt, chain.KEY, kind, list(key)), besides)

    def same(self, kind: str, facts: str, besides: int = 0) -> EntryRef | None:
        """Return the record that stands and states the same word for word."""
        return self._marked(chain.mark(self._salt, chain.FACTS, kind, [facts]), besides)

    def rivals(self, kind: str, told: Iterable[Iterable[str]], most: int) -> tuple[Entry, ...]:
        """Return the records that stand and share one of some values: those of the values that the fewest share."""
        query, found = "SELECT standing.* FROM standing JOIN keys USING (entry) WHERE mark = ? ORDER BY entry LIMIT ?", dict[int, Entry]()
        marks = (chain.mark(self._salt, chain.TOLD, kind, list(value)) for value in told)
        for own in sorted((list(self._read(query, mark, most)) for mark in marks), key=len):
            found |= {row["entry"]: as_entry(row) for row in own} if not found or len(found) + len(own) <= most else {}
        return tuple(found[number] for number in sorted(found))

    def determinations(self, kind: str, key: Iterable[str]) -> tuple[Determination, ...]:
        """Return what officers found on facts of the record that stands under a key, the latest of each field, oldest first."""
        found = self.earlier(kind, key)
        return self.determinations_of(found.number) if found else ()

    def determinations_of(self, number: int) -> tuple[Determination, ...]:
        """Return what officers found on facts of a record or of what it corrects, the latest of each field, oldest first."""
        from policygraph.app.register.statements import term

        found: dict[str, Determination] = {}
        for own in sorted((d for e in self.family(number) for d in self.referring(e.number, DETERMINE)), key=lambda d: d.number):
            if (payload := self.payload(own.number)) is not None:
                said = payload.document
                words = {name: str(said[name]) for name in ("field", "by", "authority", "date", "document")}
                found.pop(words["field"], None)
                found[words["field"]] = Determination(entry=own.number, of=own.refers_to, value=term(said["value"]), **words)
        return tuple(found.values())

    def _marked(self, mark: bytes, besides: int) -> EntryRef | None:
        rows = self._read("SELECT * FROM standing JOIN keys USING (entry) WHERE mark = ?", mark)
        own = {entry.number for entry in self.family(besides)} if besides else set()
        found = (entry for entry in map(as_entry, list(rows)) if entry.number not in own)
        first = min(found, key=lambda entry: self.family(entry.number)[0].number, default=None)
        return EntryRef(first.number, first.time, first.kind, first.verdict) if first else None

    def marks(self, entry: Entry, document: Any) -> tuple[bytes, ...]:
        """Return the marks by which an entry's record must be found again."""
        return chain.marks(self._salt, entry.kind, document) if entry.records else ()

    def _read(self, query: str, *values: object) -> Iterator[Any]:
        with faults.reported(self.path):
            yield from self.connection.execute(query, values)

    def parsed(self, document: bytes) -> dict[str, Any]:
        """Return the document of a payload.

        Raises:
            StoreError: It is damaged.
        """
        try:
            found = json.loads(document)
            if isinstance(found, dict):
                return found
        except ValueError:
            pass
        raise self._damaged()

    def _unpacked(self, receipt: bytes) -> str:
        try:
            unpacking = zlib.decompressobj()
            text = unpacking.decompress(receipt, _MOST_RECEIPT) if receipt else b""
            if not unpacking.unconsumed_tail:
                return text.decode("utf-8")
        except (zlib.error, UnicodeDecodeError):
            pass
        raise self._damaged()

    def _damaged(self) -> StoreError:
        fix = Text("请运行 policygraph register verify。", "Run policygraph register verify.")
        return StoreError(Text("登记簿中的一条记录已损坏。", "A record in the register is damaged."), fix, str(self.path))


def as_row(entry: Entry) -> dict[str, object]:
    """Return the columns of an entry as the file holds them."""
    found: dict[str, object] = {name: getattr(entry, name) or None for name in (*_SAID, "batch")}
    return {"entry": entry.number, **found, **{name: bytes.fromhex(getattr(entry, name)) or None for name in _HEX}}


def as_entry(row: sqlite3.Row) -> Entry:
    """Return the entry of a row; where a column holds what it never should, it is empty, and the chain tells."""

    def value(name: str, sort: type, empty: object) -> Any:
        return row[name] if isinstance(row[name], sort) else empty

    found: dict[str, Any] = {name: value(name, str, "") for name in _SAID}
    found |= {name: value(name, int, 0) for name in ("refers_to", "batch")}
    found |= {name: value(name, bytes, b"").hex() for name in _HEX}
    return Entry(number=int(row["entry"]), **found)
