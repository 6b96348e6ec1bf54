"""Keeping a register: erasing, searching, backups."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

import pytest

from policygraph.app.register.backup import backup, restore
from policygraph.app.register.entries import DETERMINE
from policygraph.app.register.erasing import clear, erase, targets, uncleared
from policygraph.app.register.searching import Filter, listed, search
from policygraph.app.register.store import Register
from policygraph.errors import StoreError, UsageError
from registering import BEGUN, KIND, add, draft, flaws, four, head_of, tampered

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return four(tmp_path / "register.db")


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
