"""Finds records that state the same fact: the same values under every field of a kind's unique key.

The index lies on disk, so that records are compared with all earlier ones however many there are and however they are batched.
"""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
import unicodedata
import weakref
from dataclasses import dataclass
from typing import TYPE_CHECKING

from policygraph.model.numerals import chinese
from policygraph.model.terms import Iri
from policygraph.vocab import PG

if TYPE_CHECKING:
    from collections.abc import Iterable

    from policygraph.errors import Text
    from policygraph.model.terms import Triple
    from policygraph.records.record import Record

_ORDINAL = re.compile(r"第?([0-9]{1,6}|[零〇一二两三四五六七八九十百千]{1,9})(?:届|次|期|回)?")
# Against so many earlier records with one value in common a record is compared at most.
MAX_RIVALS = 100


@dataclass(frozen=True, slots=True)
class Repeat:
    """An earlier record that states the same fact, or may do so.

    Attributes:
        position: Position of the earlier one among all records submitted.
        iri: Its IRI.
        certain: Whether the key is complete and the same; else nothing that both state tells them apart.
        named: What to call it when it is no record of this run, None for one that is known by its position.
    """

    position: int
    iri: str
    certain: bool
    named: Text | None = None


def key_of(record: Record) -> tuple[str, ...] | None:
    """Return the values under a record's unique key, spelt alike; None if its kind has no key or the record does not state all of it."""
    if not record.kind.unique_key:
        return None
    values = tuple("\x1f".join(_spelt(record, path)) for path in record.kind.unique_key)
    return values if all(values) else None


def duplicates(records: Iterable[Record]) -> tuple[Triple, ...]:
    """Return `pg:duplicateOf` for each record after the first with the same key; an incomplete key matches nothing."""
    first: dict[tuple[str, ...], str] = {}
    found: list[Triple] = []
    for record in records:
        if (key := key_of(record)) and (earlier := first.setdefault((record.kind.iri, *key), record.iri)) != record.iri:
            found.append((Iri(record.iri), Iri(PG.duplicateOf), Iri(earlier)))
    return tuple(found)


class KeyIndex:
    """Which record stated a fact first, and what else is known of earlier ones; the first stands."""

    def __init__(self) -> None:
        self._database = sqlite3.connect("")  # a private file that SQLite makes and removes
        weakref.finalize(self, self._database.close)
        self._database.executescript(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
            "CREATE TABLE first (key TEXT PRIMARY KEY, position INTEGER, iri TEXT) WITHOUT ROWID;"
            "CREATE TABLE told (bucket TEXT, position INTEGER, PRIMARY KEY (bucket, position)) WITHOUT ROWID;"
            "CREATE TABLE stated (position INTEGER PRIMARY KEY, iri TEXT, facts TEXT);"
        )

    def enter(self, record: Record) -> Repeat | None:
        """Add a record, and return the earlier one that it repeats or may repeat."""
        key = key_of(record)
        first = self._first(record, key) if key else None
        possible = self._possible(record) if record.kind.unique_key else None
        return first or possible or self._same(record)

    def _first(self, record: Record, key: tuple[str, ...]) -> Repeat | None:
        digest = _digest(record.kind.iri, *key)
        row = self._database.execute("SELECT position, iri FROM first WHERE key = ?", (digest,)).fetchone()
        if row is not None:
            return Repeat(row[0], row[1], certain=True)
        self._database.execute("INSERT INTO first VALUES (?, ?, ?)", (digest, record.position, record.iri))
        return None

    def _same(self, record: Record) -> Repeat | None:
        """Return the first record that states the very same: no key is needed to take it for a possible repeat."""
        told = sorted({(s.value.removeprefix(record.iri), p.value, o.value.removeprefix(record.iri)) for s, p, o in record.triples})
        digest = _digest("same", *(part for statement in told for part in statement))
        row = self._database.execute("SELECT position, iri FROM first WHERE key = ?", (digest,)).fetchone()
        if row is not None:
            return Repeat(row[0], row[1], certain=False)
        self._database.execute("INSERT INTO first VALUES (?, ?, ?)", (digest, record.position, record.iri))
        return None

    def _possible(self, record: Record) -> Repeat | None:
        """Return an earlier record where nothing that both state tells them apart, and who or what it is about is stated in both.

        Such a pair is shown, never decided on: the key that would settle it is incomplete.
        """
        told = [(path, _spelt(record, path)) for path in (record.kind.name_field, *record.kind.unique_key)]
        buckets = [_digest(record.kind.iri, path, *values) for path, values in told if values]
        paths = (f.path for f in record.kind.fields if not f.row_class and f.path != record.kind.claim_date_field)
        stated = {path: list(values) for path in paths if (values := _spelt(record, path))}
        earlier = next((rival for rival in self._rivals(buckets) if _alike(stated, json.loads(rival[2]))), None)
        self._database.execute("INSERT INTO stated VALUES (?, ?, ?)", (record.position, record.iri, json.dumps(stated)))
        rows = [(bucket, record.position) for bucket in dict.fromkeys(buckets)]
        self._database.executemany("INSERT INTO told VALUES (?, ?)", rows)
        return Repeat(earlier[0], earlier[1], certain=False) if earlier else None

    def _rivals(self, buckets: list[str]) -> list[tuple[int, str, str]]:
        """Return the earlier records that share a value with this one: those of the value that the fewest share."""
        count = "SELECT count(*) FROM (SELECT 1 FROM told WHERE bucket = ? LIMIT ?)"
        sizes = [(self._database.execute(count, (bucket, MAX_RIVALS)).fetchone()[0], bucket) for bucket in buckets]
        if not sizes:
            return []
        query = "SELECT stated.* FROM told JOIN stated USING (position) WHERE bucket = ? ORDER BY position LIMIT ?"
        return self._database.execute(query, (min(sizes)[1], MAX_RIVALS)).fetchall()


def _spelt(record: Record, path: str) -> tuple[str, ...]:
    """Return a field's values so that width, case, blanks, marks, invisible characters and numerals do not tell them apart."""
    wide = (unicodedata.normalize("NFKC", term.value).casefold() for term in record.values(path))
    return tuple(sorted(_plain("".join(c for c in value if c.isalnum())) for value in wide))


def _plain(value: str) -> str:
    """Return the bare number of an ordinal: 第二届, 第2届 and 2 are the same edition."""
    match = _ORDINAL.fullmatch(value)
    if match is None:
        return value
    number = int(match[1]) if match[1].isdecimal() else chinese(match[1])
    return value if number is None else str(int(number))


def _alike(one: dict[str, list[str]], other: dict[str, list[str]]) -> bool:
    return all(one[path] == other[path] for path in one.keys() & other.keys())


def _digest(*parts: str) -> str:
    return hashlib.sha256("\x1e".join(parts).encode()).hexdigest()
