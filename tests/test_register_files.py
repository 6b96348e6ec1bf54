"""Files that are no register, older and newer ones, and registers on machines that fail."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from policygraph.app.register import opening, schema
from policygraph.app.register.backup import restore
from policygraph.app.register.store import Register
from policygraph.app.register.verifying import verify
from policygraph.errors import StoreError, UsageError
from registering import BEGUN, EDITED, KIND, add, draft, flaws, four, tampered

if TYPE_CHECKING:
    from collections.abc import Callable

V1 = (Path(__file__).parent / "data/register-v1.sql").read_text("utf-8")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return four(tmp_path / "register.db")


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
        "from registering import add, draft\n"
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
