"""Finds records that state the same fact: the same values under every field of a kind's unique key.

Only keys that are complete and the same are certain. What may be the same — a key that is incomplete, or complete and merely spelt
otherwise — is shown and never decided on. The index lies on disk, so that records are compared with all earlier ones however many
there are and however they are batched.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import weakref
from dataclasses import dataclass
from typing import TYPE_CHECKING

from policygraph.model.terms import Iri
from policygraph.records.cells import says_nothing
from policygraph.records.looks import parts, plain
from policygraph.vocab import PG

if TYPE_CHECKING:
    from collections.abc import Iterable

    from policygraph.errors import Text
    from policygraph.model.terms import Triple
    from policygraph.records.kinds import Field
    from policygraph.records.record import Record

# With so many earlier records that have a value in common a record is compared at most.
MAX_RIVALS = 100


@dataclass(frozen=True, slots=True)
class Repeat:
    """An earlier record that states the same fact, or may do so.

    Attributes:
        position: Position of the earlier one among all records submitted.
        iri: Its IRI.
        certain: Whether the key is complete and the same; else nothing that both state tells them apart, or only how it is spelt.
        named: What to call it when it is no record of this run, None for one that is known by its position.
        spelt: Whether what tells them apart is only how the key is spelt.
        verbatim: Whether both state word for word the same, however little that is.
    """

    position: int
    iri: str
    certain: bool
    named: Text | None = None
    spelt: bool = False
    verbatim: bool = False


def key_of(record: Record) -> tuple[str, ...] | None:
    """Return the values under a record's unique key, spelt alike; None if its kind has no key or the record does not state all of it."""
    if not record.kind.unique_key or lacking(record):
        return None
    return tuple("\x1f".join(_spelt(record, path)) for path in record.kind.unique_key)


def lacking(record: Record) -> tuple[Field, ...]:
    """Return the fields of its kind's unique key that a record does not state; 不详 states nothing."""
    missing = {path for path in record.kind.unique_key if not any(_spelt(record, path))}
    return tuple(field for field in record.kind.fields if field.path in missing)


def duplicates(records: Iterable[Record]) -> tuple[Triple, ...]:
    """Return `pg:duplicateOf` for each record after the first with the same key; an incomplete key matches nothing."""
    first: dict[tuple[str, ...], str] = {}
    found: list[Triple] = []
    for record in records:
        if (key := key_of(record)) and (earlier := first.setdefault((record.kind.iri, *key), record.iri)) != record.iri:
            found.append((Iri(record.iri), Iri(PG.duplicateOf), Iri(earlier)))
    return tuple(found)


# Sorts of values by which a record is found: how a complete key looks, how the parts of an incomplete one look, and single values of
# records of which the key is incomplete; among these alone a record with a complete key looks for rivals by single values.
_WHOLE, _PART, _OF_PART = "looks", "looks in part", "part"


def told(record: Record) -> tuple[tuple[str, ...], ...]:
    """Return the values by which a later record may find this one to be the same: who or what it is about, its key and how that looks."""
    if not record.kind.unique_key:
        return ()
    values = _values(record)
    if lacking(record):
        return (*values, (_PART, *_looks(record)), *((_OF_PART, *value) for value in values))
    return (*values, (_WHOLE, *_looks(record)))


def asked(record: Record) -> tuple[tuple[str, ...], ...]:
    """Return the values, as `told` of earlier records has them, by which those are found that may be the same as this one.

    Two complete keys are the same or look the same; of two keys either of which is incomplete, nothing that both state may differ.
    """
    if not record.kind.unique_key:
        return ()
    if lacking(record):
        return ((_WHOLE, *_looks(record)), *_values(record))
    return ((_WHOLE, *_looks(record)), (_PART, *_looks(record)), *((_OF_PART, *value) for value in _values(record)))


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
            return Repeat(row[0], row[1], certain=False, verbatim=True)
        self._database.execute("INSERT INTO first VALUES (?, ?, ?)", (digest, record.position, record.iri))
        return None

    def _possible(self, record: Record) -> Repeat | None:
        """Return an earlier record where nothing that both state tells them apart, or only how the whole key is spelt.

        Such a pair is shown, never decided on: the key that would settle it is incomplete, or only a person can see that it is the same.
        """
        paths = (f.path for f in record.kind.fields if not f.row_class and f.path != record.kind.claim_date_field)
        stated = {path: list(values) for path in paths if (values := _spelt(record, path))}
        looks, whole = list(_looks(record)), not lacking(record)
        found = None
        for position, iri, facts in self._rivals([_digest(record.kind.iri, *value) for value in asked(record)]):
            other, seen, complete = json.loads(facts)
            if _alike(stated, other):
                found = Repeat(position, iri, certain=False)
                break
            if found is None and seen == looks and (whole or complete):
                found = Repeat(position, iri, certain=False, spelt=True)
        kept = json.dumps([stated, looks, whole])
        self._database.execute("INSERT INTO stated VALUES (?, ?, ?)", (record.position, record.iri, kept))
        rows = [(bucket, record.position) for bucket in dict.fromkeys(_digest(record.kind.iri, *value) for value in told(record))]
        self._database.executemany("INSERT INTO told VALUES (?, ?)", rows)
        return found

    def _rivals(self, buckets: list[str]) -> list[tuple[int, str, str]]:
        """Return the earlier records that share a value with this one: those of the values that the fewest share, in their order."""
        count = "SELECT count(*) FROM (SELECT 1 FROM told WHERE bucket = ? LIMIT ?)"
        sizes = sorted((self._database.execute(count, (bucket, MAX_RIVALS)).fetchone()[0], bucket) for bucket in buckets)
        query = "SELECT stated.* FROM told JOIN stated USING (position) WHERE bucket = ? ORDER BY position LIMIT ?"
        found: dict[int, tuple[int, str, str]] = {}
        for size, bucket in sizes:
            if found and len(found) + size > MAX_RIVALS:
                break
            if size:
                found |= {row[0]: row for row in self._database.execute(query, (bucket, MAX_RIVALS))}
        return [found[position] for position in sorted(found)]


def _looks(record: Record) -> tuple[str, ...]:
    return parts(t.value for path in record.kind.unique_key for t in record.values(path) if not says_nothing(t.value))


def _values(record: Record) -> tuple[tuple[str, ...], ...]:
    paths = dict.fromkeys((record.kind.name_field, *record.kind.unique_key))
    return tuple((path, *values) for path in paths if any(values := _spelt(record, path)))


def _spelt(record: Record, path: str) -> tuple[str, ...]:
    """Return a field's values so that width, case, blanks, marks, invisible characters and numerals do not tell them apart."""
    field = record.kind.field(path)
    unknown = field.unknown if field else frozenset()
    return tuple(sorted(plain(t.value) for t in record.values(path) if t.value not in unknown and not says_nothing(t.value)))


def _alike(one: dict[str, list[str]], other: dict[str, list[str]]) -> bool:
    return all(one[path] == other[path] for path in one.keys() & other.keys())


def _digest(*values: str) -> str:
    return hashlib.sha256("\x1e".join(values).encode()).hexdigest()
