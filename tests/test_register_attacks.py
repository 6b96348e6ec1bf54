"""A register under attack: edited, cut, swapped, replaced, disguised; and on machines that fail. Drafts stand for checked records."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from policygraph.app.register import opening, schema
from policygraph.app.register.backup import backup, restore
from policygraph.app.register.entries import ADD, CORRECT, DETERMINE, Draft
from policygraph.app.register.erasing import clear, erase, targets, uncleared
from policygraph.app.register.searching import Filter, listed, search
from policygraph.app.register.store import Register
from policygraph.app.register.verifying import verify
from policygraph.errors import PolicyGraphError, StoreError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

KIND, BEGUN = "https://w3id.org/policygraph/talent#AwardClaim", "2026-01-02T03:04:05Z"
RECORD = "https://w3id.org/policygraph/submission#record-1"
EDITED = "the entry was edited: what it says does not give its chain value"
NAMES = ("张三", "李四", "王五", "赵六")
V1 = (Path(__file__).parent / "data/register-v1.sql").read_text("utf-8")


def draft(name: str, key: str = "", **more: object) -> Draft:
    facts = f'<{RECORD}> <https://w3id.org/policygraph/talent#personName> "{name}" .\n'
    document = {"facts": facts, "key": [key or name, "大赛"], "name": name, "file": "申报.xlsx"}
    said = {"action": ADD, "time": BEGUN, "who": "officer", "kind": KIND, "verdict": "pass", "as_of": "2026-01-01", "policy": "ab" * 32}
    return Draft(**{**said, "document": document, "receipt": f"receipt of {name}", **more})  # type: ignore[arg-type]


def add(register: Register, *drafts: Draft) -> list[int]:
    with register.writing():
        return [register.append(each).number for each in drafts]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A register of four records, the second corrected and with a determination, the last erased."""
    place = tmp_path / "register.db"
    with Register.create(place, BEGUN) as register:
        add(register, *map(draft, NAMES))
        add(register, draft("李四", action=CORRECT, refers_to=2))
        document = {"field": "urn:f", "value": '"x"', "by": "主任", "authority": "机关", "date": "2026-01-01", "document": "一号"}
        add(register, draft("", action=DETERMINE, refers_to=5, document=document))
        erase(register, [4], "expired", "officer", BEGUN)
    return place


def tampered(path: Path, *statements: str) -> None:
    """Change the file as somebody with a SQLite shell would: the triggers are dropped first, and put back."""
    with closing(sqlite3.connect(path)) as connection:
        triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(statement)
        for _, sql in triggers:
            connection.execute(sql)
        connection.commit()


def flaws(path: Path, head: str = "") -> list[tuple[int, str]]:
    with Register.open(path) as register:
        found = verify(register, head)
        assert all(flaw.what.zh and flaw.what.en for flaw in found.flaws)
        return [(flaw.entry, flaw.what.en) for flaw in found.flaws]


def head_of(path: Path) -> str:
    with Register.open(path) as register:
        return register.head()


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


# ---------------------------------------------------------------- what may not be a register
def test_what_is_no_register_is_refused(tmp_path: Path, path: Path) -> None:
    cases: dict[str, Callable[[Path], object]] = {
        "there is no such file": lambda _: None,
        "no register": lambda p: p.mkdir(),
        "is no register": lambda p: (p.write_text("not a database, but long enough to be one" * 9), p.chmod(0o600)),
        "file is no register": lambda p: (p.touch(), p.chmod(0o600)),
        "The file is no": lambda p: (closing(sqlite3.connect(p)).thing.execute("CREATE TABLE t (x)"), p.chmod(0o600)),  # type: ignore[attr-defined]
        "symbolic link": lambda p: p.symlink_to(path),
        "hard link": lambda p: os.link(path, p),
        "open to everyone": lambda p: (shutil.copyfile(path, p), p.chmod(0o644)),
        "is no register.": lambda p: os.mkfifo(p),
    }
    for number, (words, make) in enumerate(cases.items()):
        place = tmp_path / f"case-{number}"
        make(place)
        for writable in (False, True):
            with pytest.raises((UsageError, StoreError), match=words):
                Register.open(place, writable=writable)
    for name in ("", "a\0b", "/", "."):
        with pytest.raises(UsageError, match="no name of a file"):
            opening.placed(name)
    with pytest.raises(UsageError, match="No register is named"):
        opening.named(None, {})
    assert opening.named(None, {opening.ENV_REGISTER: "x.db"}) == Path.cwd() / "x.db"


@pytest.mark.parametrize("name", ["a?mode=memory", "a%00b", ":memory:", "a#b", "名 单.db", "a;b'c\"d", "file:x"])
def test_names_mean_files_whatever_they_look_like(tmp_path: Path, name: str) -> None:
    place = opening.placed(str(tmp_path / name))
    with Register.create(place, BEGUN) as register:
        add(register, draft("张三"))
    assert flaws(place) == []
    assert {p.name for p in tmp_path.iterdir()} <= {name, f"{name}-wal", f"{name}-shm"}
    with pytest.raises(UsageError, match="exists"):
        Register.create(place, BEGUN)


# ---------------------------------------------------------------- versions
def old(path: Path) -> Path:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(V1)
    path.chmod(0o600)
    return path


def test_a_register_of_the_first_version_is_brought_up_to_date(tmp_path: Path) -> None:
    place = old(tmp_path / "old.db")
    head = V1.rpartition("-- head: ")[2].strip()
    before = place.read_bytes()
    with Register.open(place) as register:  # read in memory, the file stays
        assert verify(register, head).flaws == ()
        assert register.standing() == {2}
    assert place.read_bytes() == before
    with Register.open(place, writable=True) as register:
        assert verify(register, head).flaws == ()
        found = register.earlier(KIND, ["410700199001011239", "技能大赛", "1", "焊接"])
        assert found is not None
        assert found.number == 2
        assert add(register, draft("王五")) == [3]
        assert [entry.batch for entry in register.entries()] == [0, 0, 3]
    assert flaws(place, head) == []
    tampered(place, "UPDATE entries SET batch = 1 WHERE entry = 2")  # what an older version left empty stays so
    assert flaws(place, head) == [(2, EDITED)]
    tampered(place, "UPDATE entries SET batch = NULL WHERE entry = 2")
    with closing(sqlite3.connect(place)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (schema.VERSION,)
    restored = tmp_path / "restored.db"
    assert restore(old(tmp_path / "older.db"), restored, head).flaws == ()
    assert flaws(restored, head) == []


def test_a_newer_version_is_refused(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {schema.VERSION + 1}")
    before = path.read_bytes()
    for writable in (False, True):
        with pytest.raises(StoreError, match=f"version {schema.VERSION + 1}"):
            Register.open(path, writable=writable)
    assert path.read_bytes() == before


# ---------------------------------------------------------------- two at once, and machines that fail
def test_a_second_writer_waits_or_is_told(path: Path) -> None:
    with Register.open(path, writable=True) as one, Register.open(path, writable=True, wait=0.1) as two, one.writing():
        one.append(draft("甲"))
        with pytest.raises(StoreError, match="Another program"), two.writing():
            pass
        with Register.open(path) as reader:  # reading goes on
            assert len(list(reader.entries())) == 7
    waiting = (
        "import sys; from pathlib import Path; from policygraph.app.register.store import Register\n"
        "with Register.open(Path(sys.argv[1]), writable=True) as register:\n"
        "    print('open', flush=True)\n"
        "    with register.writing(): print(len(list(register.entries())))\n"
    )
    with Register.open(path, writable=True) as one, one.writing():
        child = subprocess.Popen([sys.executable, "-c", waiting, str(path)], stdout=subprocess.PIPE, text=True)
        assert child.stdout is not None
        child.stdout.readline()
        one.append(draft("乙"))
    assert child.communicate(timeout=30)[0] == "9\n"
    assert child.returncode == 0


def test_a_full_disk_loses_nothing_and_says_so(path: Path) -> None:
    with Register.open(path, writable=True) as register:
        (pages,) = register.connection.execute("PRAGMA page_count").fetchone()
        register.connection.execute(f"PRAGMA max_page_count = {pages + 2}")
        with pytest.raises(StoreError, match="disk is full") as raised:
            add(register, *(draft(f"人{n}" * 500) for n in range(50)))
        assert "nothing was written" in raised.value.fix.en
        assert len(list(register.entries())) == 7
    assert flaws(path) == []


def test_a_file_limit_loses_nothing_and_says_so(path: Path) -> None:
    code = (
        "import resource, signal, sys; from pathlib import Path\n"
        "sys.path.insert(0, sys.argv[2])\n"
        "from policygraph.app.register.store import Register; from policygraph.errors import StoreError\n"
        "from test_register_attacks import add, draft\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "with Register.open(Path(sys.argv[1]), writable=True) as register:\n"
        "    resource.setrlimit(resource.RLIMIT_FSIZE, (65536, 65536))\n"
        "    try: add(register, *(draft(f'人{n}' * 5000) for n in range(50)))\n"
        "    except StoreError as error: print(error.what.en)\n"
    )
    ran = subprocess.run([sys.executable, "-c", code, str(path), str(Path(__file__).parent)], capture_output=True, text=True, check=True)
    assert "failed to read or write" in ran.stdout or "disk is full" in ran.stdout, ran
    assert flaws(path) == []


def test_a_register_that_cannot_be_written_to_says_so(path: Path) -> None:
    with Register.open(path) as register, pytest.raises(StoreError, match="cannot be written to"):
        add(register, draft("甲"))
    nowhere = path.parent / "no folder" / "register.db"
    with pytest.raises(StoreError, match="no such file"):
        Register.create(nowhere, BEGUN)


# ---------------------------------------------------------------- erasing
def test_no_byte_of_an_erased_record_is_left(path: Path) -> None:
    secret, other = "欧阳" * 1500, "上官" * 1500
    with Register.open(path, writable=True) as register:
        (number,), (kept,) = add(register, draft(secret)), add(register, draft(other))
        add(register, draft("x", action=DETERMINE, refers_to=number, document={"field": "urn:f", "value": f'"{secret}"'}))
        row = register.connection.execute("SELECT salt, document, receipt FROM payloads WHERE entry = ?", (number,)).fetchone()
        salt, document, receipt = map(bytes, row)
        marks = [bytes(mark) for (mark,) in register.connection.execute("SELECT mark FROM keys WHERE entry = ?", (number,))]
        pieces = [secret.encode()[:60], salt, document[300:360], receipt[4:20], *marks]

        def left() -> list[bytes]:
            data = b"".join(p.read_bytes() for p in path.parent.glob("register.db*"))
            assert other.encode()[:60] in data
            return [piece for piece in pieces if piece in data]

        assert len(left()) == len(pieces)
        stones = erase(register, [number], "expired", "officer", BEGUN)
        assert [stone.refers_to for stone in stones] == [number, number + 2]
        assert left() == []
        assert not uncleared(register)
        assert register.payload(number) is None
        assert register.payload(kept) is not None
        with pytest.raises(UsageError, match="erased already"):
            erase(register, [number], "again", "officer", BEGUN)
        with pytest.raises(UsageError, match="records an erasure"):
            erase(register, [stones[0].number], "again", "officer", BEGUN)
    assert left() == []
    assert flaws(path) == []


def test_erasing_a_record_takes_its_corrections_and_determinations(path: Path) -> None:
    with Register.open(path, writable=True) as register:
        for number in (2, 5):
            assert [entry.number for entry in targets(register, [number])] == [2, 5, 6]
        assert [entry.number for entry in targets(register, [6])] == [6]
        erase(register, [2, 5, 1], "expired", "officer", BEGUN)
        assert register.standing() == {3}
        assert list(search(register, "李四")) == []
    assert flaws(path) == []


def test_bytes_that_a_reader_holds_are_cleared_later(path: Path) -> None:
    with Register.open(path, writable=True, wait=0.1) as register, Register.open(path) as reader:
        reader.connection.execute("BEGIN")
        assert reader.head() == register.head()
        with pytest.raises(StoreError, match="still in the file"):
            erase(register, [1], "expired", "officer", BEGUN)
        assert uncleared(register)
        reader.connection.execute("ROLLBACK")
        clear(register)
        assert not uncleared(register)
        assert "张三".encode() not in b"".join(p.read_bytes() for p in path.parent.glob("register.db*"))
    assert flaws(path) == []


# ---------------------------------------------------------------- searching and listing
@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("张三", [1]), (" 张　三 ", [1]), ("申报.XLSX", [1, 2, 3, 5]), ("主任", [6]), ("%", None), ("_", None), ("", None), ("'", None),
        ("' OR 1=1 --", []), ("张三'; DROP TABLE entries; --", []), ("赵六", []), ("record-1", []), ("\0", None), ("\udc80张三", [1]),
    ],
)  # fmt: skip
def test_search_text_is_text(path: Path, text: str, wanted: list[int] | None) -> None:
    with Register.open(path) as register:
        if wanted is None:
            with pytest.raises(UsageError, match="nothing to search"):
                list(search(register, text))
        else:
            assert [match.entry.number for match in search(register, text)] == wanted
    assert flaws(path) == []


def test_lists_are_filtered(path: Path) -> None:
    with Register.open(path) as register:

        def numbers(**wanted: object) -> list[int]:
            return [entry.number for entry in listed(register, Filter(**wanted))]  # type: ignore[arg-type]

        assert numbers() == list(range(1, 8))
        assert numbers(standing=True) == [1, 3, 5]
        assert numbers(verdict="violation") == numbers(kind="urn:other") == numbers(who="somebody") == []
        assert numbers(who="officer", kind=KIND) == list(range(1, 8))


@pytest.mark.parametrize("number", [0, 8, 10**30])
def test_an_entry_that_is_none_is_told(path: Path, number: int) -> None:
    with Register.open(path) as register, pytest.raises(UsageError, match=f"no entry {number}"):
        register.entry(number)


# ---------------------------------------------------------------- backups
def test_a_backup_is_whole_and_replaces_nothing(path: Path, tmp_path: Path) -> None:
    copy, head = tmp_path / "copy.db", head_of(path)
    with Register.open(path) as register, Register.open(path, writable=True) as writer, writer.writing():
        writer.append(draft("甲"))  # not yet committed: not in the backup
        assert backup(register, copy).entries == 7
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert flaws(copy, head) == []
    with Register.open(path) as register:
        for target in (copy, path, tmp_path):
            before = target.read_bytes() if target.is_file() else b""
            with pytest.raises((UsageError, StoreError)):
                backup(register, target)
            assert (target.read_bytes() if target.is_file() else b"") == before
        link = tmp_path / "link.db"
        link.symlink_to(tmp_path / "elsewhere.db")
        with pytest.raises(UsageError, match="exists"):
            backup(register, link)
        with pytest.raises(StoreError, match="no such file"):
            backup(register, tmp_path / "no" / "copy.db")
    assert not (tmp_path / "elsewhere.db").exists()
    assert not list(tmp_path.glob(".*"))


def test_only_what_verifies_is_backed_up_or_restored(path: Path, tmp_path: Path) -> None:
    copy, head = tmp_path / "copy.db", head_of(path)
    with Register.open(path) as register:
        backup(register, copy)
    restored = tmp_path / "restored.db"
    assert restore(copy, restored, "0" * 64).flaws
    assert not restored.exists()
    assert restore(copy, restored, head).flaws == ()
    assert flaws(restored, head) == []
    with Register.open(restored, writable=True) as register:
        add(register, draft("甲"))
    with pytest.raises(UsageError, match="exists"):
        restore(copy, path, head)
    tampered(copy, "UPDATE entries SET verdict = 'warning' WHERE entry = 1")
    assert restore(copy, tmp_path / "again.db").flaws
    assert not (tmp_path / "again.db").exists()
    with Register.open(copy) as register, pytest.raises(StoreError, match="does not verify"):
        backup(register, tmp_path / "again.db")
