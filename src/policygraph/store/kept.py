"""The policy graph kept in a folder: one store for each state of the data, each whole from its first moment.

`DIR/<digest of the data>/` is filled beside its place and then moved there, so a half-filled store is never seen, and services that still
read an older state go on undisturbed. One process fills at a time; the others wait for it and then find it done.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import re
import shutil
import time
from typing import TYPE_CHECKING

from policygraph.errors import StoreError, Text, reason
from policygraph.graph.loading import PUBLIC, digest, load_dataset, prefixes
from policygraph.graph.memory import open_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from policygraph.graph.memory import Graph
    from policygraph.paths import DataRoots

_STATE = re.compile(r"[0-9a-f]{64}")
_LOCK, _DRAFT = "filling.lock", "filling"
_KEPT = 2  # states: the present one, and the one before it that a service may still read
_PATIENCE = 120.0


def open_kept(folder: Path, roots: DataRoots, *, patience: float = _PATIENCE) -> Graph:
    """Return the policy graph from a folder, read-only, filling it first when it lacks the data's present state.

    Args:
        folder: Where it is kept; made when it does not exist.
        roots: Where the files are.
        patience: Seconds to wait while another process fills it.

    Raises:
        StoreError: The folder holds something else, cannot be written, its disk is full, or another process fills it for too long.
        DataError: A file of the policy graph is broken.
    """
    state = folder / digest(roots)
    if not state.is_dir():
        try:
            _refuse_others(folder)
            folder.mkdir(parents=True, exist_ok=True)
            with _filling(folder, patience):
                if not state.is_dir():
                    _fill(folder, state, roots)
        except OSError as error:
            raise _unwritable(error, folder) from error
    graph = open_folder(state, read_only=True)
    graph.prefixes = prefixes(roots, PUBLIC)
    return graph


def _fill(folder: Path, state: Path, roots: DataRoots) -> None:
    draft = folder / _DRAFT
    shutil.rmtree(draft, ignore_errors=True)  # of a process that died
    loaded = load_dataset(roots, PUBLIC)
    try:
        written = open_folder(draft, read_only=False)
        try:
            written.store.extend(loaded.store)
            written.store.flush()
        finally:
            del written  # closes it
    except (StoreError, OSError, RuntimeError) as error:
        shutil.rmtree(draft, ignore_errors=True)
        cause = error.__cause__ if isinstance(error, StoreError) else error
        raise _unwritable(cause if isinstance(cause, OSError) else OSError(str(cause)), folder) from error
    draft.rename(state)
    states = sorted((path for path in folder.iterdir() if _STATE.fullmatch(path.name)), key=lambda path: path.stat().st_mtime)
    for old in states[:-_KEPT]:
        shutil.rmtree(old, ignore_errors=True)


@contextlib.contextmanager
def _filling(folder: Path, patience: float) -> Iterator[None]:
    """Hold the folder's lock, which ends with the process."""
    with (folder / _LOCK).open("ab") as lock:
        end = time.monotonic() + patience
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > end:
                    raise StoreError(
                        Text("另一进程正在填充此目录，等候过久。", "Another process is filling this folder and takes too long."),
                        Text("请先结束该进程，或换一个目录。", "End that process first, or name another folder."),
                        str(folder),
                    ) from None
                time.sleep(0.05)
        yield


def _refuse_others(folder: Path) -> None:
    """Refuse a folder that holds what is not ours."""
    if folder.is_dir() and any(path.name not in {_LOCK, _DRAFT} and not _STATE.fullmatch(path.name) for path in folder.iterdir()):
        raise StoreError(
            Text("此目录中有别的文件，不是存储目录。", "This folder holds other files; it is no store."),
            Text("请指定一个空目录或新目录。", "Name an empty or a new folder."),
            str(folder),
        )


def _unwritable(error: OSError, folder: Path) -> StoreError:
    full = error.errno == errno.ENOSPC or "no space left" in str(error).lower()
    why = reason(OSError(errno.ENOSPC, "")) if full else reason(error) if error.errno else Text(str(error), str(error))
    return StoreError(
        Text("无法写入存储目录：{why}。", "The store's folder cannot be written: {why}.").format(why=why),
        Text("请检查目录、权限与磁盘空间，或用 --store memory。", "Check the folder, its permissions and the disk, or use --store memory."),
        str(folder),
    )
