"""Structure of a register's file, as the steps by which it came about; a new file takes all of them, an older one those that it lacks."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from functools import cache

# Identifies the file to SQLite, and to programs such as file(1): "pgrg".
APPLICATION = 0x70677267
# Whoever opens the file may find a step done or not, nothing in between: each runs in the transaction that opens the file.
STEPS: tuple[tuple[str, ...], ...] = (
    (
        "CREATE TABLE register (name TEXT PRIMARY KEY NOT NULL, value BLOB NOT NULL) WITHOUT ROWID",
        """CREATE TABLE entries (
            entry INTEGER PRIMARY KEY AUTOINCREMENT,
            time TEXT NOT NULL,
            who TEXT NOT NULL,
            action TEXT NOT NULL CHECK (action IN ('add', 'correct', 'determine', 'erase')),
            kind TEXT NOT NULL,
            verdict TEXT,
            as_of TEXT,
            policy TEXT,
            refers_to INTEGER REFERENCES entries (entry),
            reason TEXT,
            digest BLOB,
            previous BLOB NOT NULL,
            head BLOB NOT NULL
        )""",
        """CREATE TABLE payloads (
            entry INTEGER PRIMARY KEY NOT NULL REFERENCES entries (entry),
            salt BLOB NOT NULL,
            document BLOB NOT NULL,
            receipt BLOB NOT NULL
        )""",
        """CREATE TABLE keys (
            mark BLOB NOT NULL,
            entry INTEGER NOT NULL REFERENCES entries (entry),
            PRIMARY KEY (mark, entry)
        ) WITHOUT ROWID""",
        """CREATE TRIGGER entries_stay BEFORE UPDATE ON entries
            BEGIN SELECT RAISE (ABORT, 'entries are never changed'); END""",
        """CREATE TRIGGER entries_remain BEFORE DELETE ON entries
            BEGIN SELECT RAISE (ABORT, 'entries are never removed'); END""",
    ),
    (
        # Which entries came with one submission; older entries do not say.
        "ALTER TABLE entries ADD COLUMN batch INTEGER REFERENCES entries (entry)",
        "CREATE INDEX entries_by_target ON entries (refers_to, action)",
        "CREATE INDEX keys_by_entry ON keys (entry)",
        """CREATE VIEW standing AS
            SELECT entries.* FROM entries WHERE action IN ('add', 'correct') AND NOT EXISTS (
                SELECT 1 FROM entries AS later WHERE later.refers_to = entries.entry AND later.action IN ('correct', 'erase'))""",
        """CREATE TRIGGER payloads_stay BEFORE UPDATE ON payloads
            BEGIN SELECT RAISE (ABORT, 'payloads are never changed'); END""",
        """CREATE TRIGGER payloads_remain BEFORE DELETE ON payloads
            WHEN NOT EXISTS (SELECT 1 FROM entries WHERE refers_to = OLD.entry AND action = 'erase')
            BEGIN SELECT RAISE (ABORT, 'payloads are removed by an erasure only'); END""",
    ),
)
VERSION = len(STEPS)


def advance(connection: sqlite3.Connection, version: int) -> None:
    """Take the steps that a file of a version lacks; the caller's transaction holds them together."""
    for step in STEPS[version:]:
        for statement in step:
            connection.execute(statement)
    connection.execute(f"PRAGMA user_version = {VERSION}")


def structure(connection: sqlite3.Connection) -> dict[str, str]:
    """Return name → definition of all tables, indexes, views and triggers of a file."""
    rows = connection.execute("SELECT type || ' ' || name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite~_%' ESCAPE '~'")
    return {name: " ".join((sql or "").split()) for name, sql in rows}


@cache
def expected(version: int) -> dict[str, str]:
    """Return the structure that a file of a version has."""
    with closing(sqlite3.connect(":memory:")) as connection:
        for step in STEPS[:version]:
            for statement in step:
                connection.execute(statement)
        return structure(connection)
