"""The policy graph kept in a folder: filled once for each state of the data, shared by many readers, clear about what is in its way."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from policygraph.errors import StoreError
from policygraph.graph.canonical import canonical
from policygraph.graph.loading import digest, load
from policygraph.paths import DataRoots, data_roots
from policygraph.store import kept
from policygraph.store.kept import open_kept
from policygraph.store.opening import open_store


@pytest.fixture
def roots(tmp_path: Path) -> DataRoots:
    """A small data root of its own: the schema and nothing else."""
    base = data_roots().base
    for folder in ("ontology", "queries/derive", "shapes"):
        (tmp_path / "data" / folder).mkdir(parents=True)
    shutil.copy(base / "ontology/core.ttl", tmp_path / "data/ontology")
    for path in (base / "queries/derive").glob("*.rq"):
        shutil.copy(path, tmp_path / "data/queries/derive")
    return DataRoots((tmp_path / "data",))


def states(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.is_dir())


def test_a_folder_is_filled_once_and_read_by_many(tmp_path: Path, roots: DataRoots) -> None:
    first = open_store(str(tmp_path / "kept"), roots)
    filled = (tmp_path / "kept" / first.digest).stat().st_mtime_ns
    second = open_store(str(tmp_path / "kept"), roots)
    memory = open_store("memory", roots)
    assert canonical(first.store.dump()) == canonical(second.store.dump()) == canonical(memory.store.dump()) == canonical(load(roots))
    assert first.graph.namespaces() == memory.graph.namespaces() and first.place.endswith("kept")
    assert (tmp_path / "kept" / first.digest).stat().st_mtime_ns == filled
    named = "SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g"
    assert first.store.select(named) == memory.store.select(named) and first.store.select(named).rows
    with pytest.raises(StoreError):
        first.store.update("CLEAR ALL")


def test_changed_data_fill_another_state_beside_the_one_in_use(tmp_path: Path, roots: DataRoots) -> None:
    folder, core = tmp_path / "kept", roots.base / "ontology/core.ttl"
    older, seen = open_kept(folder, roots), [digest(roots)]
    for number in range(2):
        with core.open("a", encoding="utf-8") as file:
            file.write(f"\n<http://e/{number}> <http://e/p> {number} .\n")
        newer = open_kept(folder, roots)
        seen.append(digest(roots))
        assert newer.query(f"ASK {{ <http://e/{number}> ?p ?o }}") is True
        assert older.query("ASK { <http://e/0> ?p ?o }") is False, "who reads goes on reading"
    assert states(folder) == sorted(seen[-2:]), "the last two states are kept"


def test_what_a_killed_process_left_is_no_state(tmp_path: Path, roots: DataRoots) -> None:
    (tmp_path / "kept" / kept._DRAFT).mkdir(parents=True)
    (tmp_path / "kept" / kept._DRAFT / "CURRENT").write_text("half", "utf-8")
    assert canonical(open_kept(tmp_path / "kept", roots)) == canonical(load(roots))
    assert states(tmp_path / "kept") == [digest(roots)]


def test_another_process_that_fills_is_waited_for(tmp_path: Path, roots: DataRoots) -> None:
    (tmp_path / "kept").mkdir()
    with (tmp_path / "kept" / kept._LOCK).open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(StoreError) as caught:
            open_kept(tmp_path / "kept", roots, patience=0.1)
    assert "process" in caught.value.what.en
    assert len(open_kept(tmp_path / "kept", roots)) > 0


def test_a_folder_of_somebody_elses_is_left_alone(tmp_path: Path, roots: DataRoots) -> None:
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "letter.txt").write_text("dear", "utf-8")
    with pytest.raises(StoreError):
        open_kept(tmp_path / "letters", roots)
    assert [path.name for path in (tmp_path / "letters").iterdir()] == ["letter.txt"]


@pytest.mark.parametrize("fault", ["file", "below a file", "proc"])
def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path, roots: DataRoots, fault: str) -> None:
    (tmp_path / "file").write_text("x", "utf-8")
    place = {"file": tmp_path / "file", "below a file": tmp_path / "file" / "kept", "proc": Path("/proc/kept")}[fault]
    with pytest.raises(StoreError) as caught:
        open_kept(place, roots)
    assert caught.value.where == str(place) and "None" not in caught.value.what.en


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a small disk")
def test_a_full_disk_is_said_and_leaves_no_state(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", disk], check=False, capture_output=True).returncode:
        pytest.skip("this machine lets nobody mount a tmpfs")
    try:
        with pytest.raises(StoreError) as caught:
            open_kept(disk / "kept", data_roots())
        assert "磁盘已满" in caught.value.what.zh
        assert states(disk / "kept") == []
    finally:
        subprocess.run(["umount", disk], check=True)
