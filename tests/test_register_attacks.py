"""A register under attack: edited, cut, swapped, replaced. Drafts stand for checked records."""

from __future__ import annotations

import shutil
import sqlite3
import stat
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from policygraph.app.register import schema
from policygraph.app.register.store import Register
from policygraph.app.register.verifying import verify
from policygraph.errors import PolicyGraphError, StoreError, UsageError
from registering import BEGUN, KIND, NAMES, add, draft, flaws, four, head_of, tampered

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return four(tmp_path / "register.db")


# ---------------------------------------------------------------- a sound register
def test_a_sound_register_verifies(path: Path) -> None:
    assert flaws(path) == []
    with Register.open(path) as register:
        head = register.head()
        found = verify(register, head.upper())
        assert (found.entries, found.erased, found.head, found.since) == (7, 1, head, 0)
        early = register.entry(3).head
        assert verify(register, early).since == 4
        assert verify(register, register.origin).since == 7
        assert register.standing() == {1, 3, 5}
        assert [e.number for e in register.family(2)] == [e.number for e in register.family(5)] == [2, 5]
        assert (ref := register.earlier(KIND, ["李四", "大赛"])) is not None
        assert ref.number == 5
        assert register.earlier(KIND, ["李四", "大赛"], besides=2) is None
        assert register.earlier(KIND, ["赵六", "大赛"]) is None
        assert register.earlier("urn:other", ["张三", "大赛"]) is None
        (determination,) = register.determinations(KIND, ["李四", "大赛"])
        assert (determination.entry, determination.of, determination.authority) == (6, 5, "机关")


@pytest.mark.parametrize("head", ["abc", "g" * 64, "0" * 63, "ü" * 64])
def test_what_is_no_head_is_refused(path: Path, head: str) -> None:
    with pytest.raises(UsageError, match="64 hexadecimal"):
        flaws(path, head)


def test_the_file_is_for_its_owner_and_as_safe_as_sqlite_can(path: Path) -> None:
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with Register.open(path, writable=True) as register:

        def pragma(name: str) -> object:
            return register.connection.execute(f"PRAGMA {name}").fetchone()[0]

        assert [pragma(n) for n in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")] == ["wal", 2, 1, 1]
        assert (pragma("application_id"), pragma("user_version")) == (schema.APPLICATION, schema.VERSION)
        assert all(stat.S_IMODE(f.stat().st_mode) == 0o600 for f in path.parent.glob("register.db*"))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entries SET who = 'x' WHERE entry = 1",
        "DELETE FROM entries WHERE entry = 7",
        "UPDATE payloads SET document = X'' WHERE entry = 1",
        "DELETE FROM payloads WHERE entry = 1",
        "INSERT INTO payloads VALUES (99, X'', X'', X'')",
        "INSERT INTO keys VALUES (X'00', 99)",
    ],
)
def test_entries_cannot_be_changed(path: Path, statement: str) -> None:
    with Register.open(path, writable=True) as register, pytest.raises(sqlite3.IntegrityError):
        register.connection.execute(statement)
    assert flaws(path) == []


# ---------------------------------------------------------------- what somebody with a SQLite shell may do
def copied(number: int) -> str:
    said = "time, who, action, kind, verdict, as_of, policy, refers_to, reason, digest, previous, head, batch"
    return " ".join(["INSERT INTO entries SELECT", f"{number},", said, "FROM entries WHERE entry = 1"])


def _columns() -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(":memory:")) as connection:
        schema.advance(connection, 0)
        return connection.execute("PRAGMA table_info (entries)").fetchall()


EDITS: dict[str, tuple[list[str], list[tuple[int, str]]]] = {
    "a verdict edited": (["UPDATE entries SET verdict = 'violation' WHERE entry = 3"], [(3, "was edited")]),
    "an officer edited": (["UPDATE entries SET who = 'nobody' WHERE entry = 1"], [(1, "was edited")]),
    "a reason edited": (["UPDATE entries SET reason = 'other' WHERE entry = 7"], [(7, "was edited")]),
    "a batch edited": (["UPDATE entries SET batch = 3 WHERE entry = 4"], [(4, "was edited")]),
    "a batch taken away": (["UPDATE entries SET batch = NULL WHERE entry = 4"], [(4, "was edited")]),
    "what is no batch": (["UPDATE entries SET batch = 'x' WHERE entry = 4"], [(4, "was edited")]),
    "nothing, written otherwise": (["UPDATE entries SET refers_to = 0 WHERE entry = 1"], [(1, "was edited")]),
    "a column of another sort": (["UPDATE entries SET head = 5 WHERE entry = 2"], [(2, "was edited"), (3, "follow")]),
    "text that is none": (["UPDATE entries SET who = CAST (X'FF' AS TEXT) WHERE entry = 2"], [(2, "was edited")]),
    "a correction undone": (["UPDATE entries SET refers_to = NULL WHERE entry = 5"], [(5, "was edited"), (5, "refers to entry 0")]),
    "one removed": (
        ["DELETE FROM keys WHERE entry = 3", "DELETE FROM payloads WHERE entry = 3", "DELETE FROM entries WHERE entry = 3"],
        [(4, "entries 3 to 3 were removed")],
    ),
    "the last removed": (["DELETE FROM entries WHERE entry = 7"], [(4, "without an erasure"), (0, "cut off: there was an entry 7")]),
    "one put in the place of another": (
        ["DELETE FROM entries WHERE entry = 3", copied(3)],
        [(3, "follow"), (3, "was edited"), (3, "what it holds was edited or swapped"), (4, "follow")],
    ),
    "one inserted at the end": ([copied(8)], [(8, "follow"), (8, "was edited"), (8, "removed without an erasure")]),
    "a payload edited": (
        ["UPDATE payloads SET document = replace(CAST (document AS TEXT), '张三', '张山') WHERE entry = 1"],
        [(1, "what it holds was edited")],
    ),
    "payloads swapped": (
        [
            "UPDATE payloads SET entry = -1 WHERE entry = 1",
            "UPDATE payloads SET entry = 1 WHERE entry = 3",
            "UPDATE payloads SET entry = 3 WHERE entry = -1",
        ],
        [(1, "edited or swapped"), (3, "edited or swapped")],
    ),
    "receipts swapped": (
        ["UPDATE payloads SET receipt = (SELECT receipt FROM payloads WHERE entry = 3) WHERE entry = 1"],
        [(1, "edited or swapped")],
    ),
    "a payload removed": (["DELETE FROM payloads WHERE entry = 1"], [(1, "removed without an erasure"), (1, "keys")]),
    "an erased payload put back": (
        ["INSERT INTO payloads SELECT 4, salt, document, receipt FROM payloads WHERE entry = 1"],
        [(4, "what was erased is there again")],
    ),
    "a tombstone that holds something": (
        ["INSERT INTO payloads SELECT 7, salt, document, receipt FROM payloads WHERE entry = 1"],
        [(7, "holds what it never did")],
    ),
    "a key removed, so that a duplicate is not found": (["DELETE FROM keys WHERE entry = 1"], [(1, "keys")]),
    "a key of another": (["UPDATE keys SET entry = 3 WHERE entry = 1"], [(1, "keys"), (3, "keys")]),
    "keys of no entry": (["INSERT INTO keys VALUES (X'00', 99)"], [(0, "belong to no entry")]),
    "another salt, so that no duplicate is found": (["UPDATE register SET value = X'00' WHERE name = 'salt'"], [(1, "keys")]),
    "another identity": (["UPDATE register SET value = X'00' WHERE name = 'identity'"], [(1, "follow")]),
}


@pytest.mark.parametrize("edit", list(EDITS))
def test_every_edit_is_found_and_placed(path: Path, edit: str) -> None:
    statements, wanted = EDITS[edit]
    tampered(path, *statements)
    found = flaws(path)
    for entry, part in wanted:
        assert any(entry == at and part in what for at, what in found), found
    if edit not in {"another salt, so that no duplicate is found"}:
        assert {at for at, _ in found} == {at for at, _ in wanted}, found


# An action other than the four cannot be written at all, and that of an entry is edited above.
COLUMNS = tuple(str(row[1]) for row in _columns() if row[1] not in {"entry", "action"})
NEVER_EMPTY = {str(row[1]) for row in _columns() if row[3]}


@pytest.mark.parametrize("column", COLUMNS)
def test_no_column_lies_outside_the_chain(path: Path, column: str) -> None:
    """Another value, none, or one of another sort: in an entry where the column was filled, and in one where it was empty."""
    untouched, places = path.read_bytes(), range(1, 8)
    for value in ("NULL", "'x'", "X'00'", "2"):
        for entry in places:
            path.write_bytes(untouched)
            with closing(sqlite3.connect(path)) as connection:
                (same,) = connection.execute(f"SELECT {column} IS {value} FROM entries WHERE entry = ?", (entry,)).fetchone()  # noqa: S608
                if same or (value == "NULL" and column in NEVER_EMPTY):
                    continue
            tampered(path, f"UPDATE entries SET {column} = {value} WHERE entry = {entry}")  # noqa: S608
            assert (entry, True) in {(at, "was edited" in what) for at, what in flaws(path)}, (entry, value)


def test_a_cut_end_is_found_by_the_head(path: Path) -> None:
    """Even when the count of SQLite itself was set back."""
    head = head_of(path)
    tampered(
        path,
        "DELETE FROM entries WHERE entry = 7",
        "UPDATE sqlite_sequence SET seq = 6",
        "INSERT INTO payloads SELECT 4, salt, document, receipt FROM payloads WHERE entry = 1",
    )
    found = [what for at, what in flaws(path, head) if at == 0]
    assert len(found) == 1
    assert "not in the chain" in found[0]


def test_a_register_in_the_place_of_another_is_found_by_the_head(path: Path, tmp_path: Path) -> None:
    head = head_of(path)
    with Register.create(tmp_path / "other.db", BEGUN) as other:
        add(other, *map(draft, NAMES))
    shutil.copyfile(tmp_path / "other.db", path)
    assert flaws(path) == []
    assert ["not in the chain" in what for _, what in flaws(path, head)] == [True]


def test_a_register_without_its_triggers_is_read_and_never_written(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TRIGGER entries_stay")
    assert flaws(path) == [(0, "the structure was altered: trigger entries_stay")]
    with pytest.raises(StoreError, match="structure is not that"):
        Register.open(path, writable=True)


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE more (x)",
        "DROP VIEW standing",
        "CREATE VIEW bomb AS WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x FROM n) SELECT x FROM n",
        "ALTER TABLE entries ADD COLUMN more TEXT",
    ],
)
def test_a_register_with_other_tables_is_not_even_read(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(statement)
    with pytest.raises(StoreError, match="structure is not that"):
        Register.open(path)


def test_damaged_pages_are_found_or_refused(path: Path) -> None:
    """Bytes overwritten anywhere never pass, and never end in a traceback."""
    data, head = path.read_bytes(), head_of(path)
    for place in range(100, len(data), 997):
        path.write_bytes(data[:place] + bytes(b ^ 0x55 for b in data[place : place + 64]) + data[place + 64 :])
        try:
            found = flaws(path, head)
        except PolicyGraphError as error:
            assert error.what.zh != error.what.en
        else:
            assert found or path.read_bytes()[place : place + 64].strip(b"\x55") == b"", place
