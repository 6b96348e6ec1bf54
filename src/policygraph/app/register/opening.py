"""Opens and makes the file of a register: what it may be, how SQLite is to treat it, and how a new one comes to its place whole."""

from __future__ import annotations

import os
import sqlite3
import stat
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from policygraph.app.register import faults, schema
from policygraph.errors import StoreError, Text, UsageError, reason

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ENV_REGISTER = "POLICYGRAPH_REGISTER"
# As long a writer waits for another one.
WAIT = 10.0
_NEWER = Text(
    "登记簿的结构为第 {found} 版，本程序只认识到第 {known} 版。",
    "The register's structure is version {found}; this program knows up to {known}.",
)
_EXISTS = Text("文件已存在，不会覆盖。", "The file exists; it is not replaced.")
_LINK = Text("登记簿须是文件本身，不能是符号链接。", "The register must be the file itself, not a symbolic link.")
_NAME_TARGET = Text("请写出链接所指的文件名。", "Name the file that the link points to.")
_OTHER_NAMES = Text(
    "登记簿文件另有硬链接名，两处写入会损坏它。", "The register's file has another name (hard link); writing by both would damage it."
)
_REMOVE_NAMES = Text("请删去其他名称，或另存一份。", "Remove the other names, or copy the file.")
_OPEN_TO_ALL = Text("登记簿含个人信息，却对本机所有人开放。", "The register holds personal data and is open to everyone on this machine.")
_ALTERED = Text("登记簿的结构与第 {version} 版不符：{names}。", "The register's structure is not that of version {version}: {names}.")
_VERIFY = Text(
    "请运行 policygraph register verify，查明后从备份恢复。", "Run policygraph register verify, find out why, and restore a backup."
)


def named(option: str | None, environment: Mapping[str, str] = os.environ) -> Path:
    """Return the register that the caller names, by an option or by the environment; there is no other place.

    Raises:
        UsageError: Neither names one.
    """
    name = option or environment.get(ENV_REGISTER)
    if not name:
        raise UsageError(
            Text("没有指明登记簿。", "No register is named."),
            Text(
                f"请用 --register FILE 指明，或设环境变量 {ENV_REGISTER}。",
                f"Name one with --register FILE, or set {ENV_REGISTER} in the environment.",
            ),
        )
    return placed(name)


def placed(name: str) -> Path:
    """Return a file's name as an absolute path, its last part as it stands.

    Raises:
        UsageError: No file can have that name.
    """
    if "\0" in name or not Path(name).name:
        raise UsageError(Text("不是文件名。", "This is no name of a file."), Text("请改正。", "Correct it."), name.replace("\0", "�"))
    path = Path(name).expanduser()
    return path.parent.absolute() / path.name


def connect(path: Path, *, writable: bool, wait: float = WAIT) -> sqlite3.Connection:
    """Open a register's file, brought to this version's structure: a writable one for good, one that is only read in memory.

    Raises:
        UsageError: It may not be a register: a link, a folder, open to everyone.
        StoreError: It is none, is of a newer version, was altered, or cannot be opened.
    """
    _examine(path)
    with faults.reported(path):
        connection = _opened(path, writable=writable, wait=wait)
        try:
            version = _identify(connection, path)
            _compare(connection, version, path, triggers=writable)
            if writable:
                _prepare(connection, path)
            if version < schema.VERSION:
                connection = _advanced(connection, writable=writable)
        except BaseException:
            connection.close()
            raise
    return connection


def free(path: Path) -> None:
    """Refuse a place that is taken.

    Raises:
        UsageError: There is a file, or a link to one.
    """
    if os.path.lexists(path):
        raise UsageError(_EXISTS, Text("请另取文件名。", "Choose another name."), str(path))


@contextmanager
def making(path: Path) -> Iterator[sqlite3.Connection]:
    """Make a new file: it is written beside its place, readable by its owner only, and moved there when it is whole.

    Raises:
        UsageError: There is such a file already.
        StoreError: It cannot be written.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    with faults.reported(path):
        try:
            _reserve(path)
        except FileExistsError:
            raise UsageError(
                Text("文件已存在，不会覆盖。", "The file exists; it is not replaced."),
                Text("请另取文件名。", "Choose another name."),
                str(path),
            ) from None
        try:
            _reserve(draft)
            with closing(sqlite3.connect(_uri(draft, "rw"), uri=True, isolation_level=None)) as connection:
                connection.execute("PRAGMA synchronous = FULL")
                connection.execute("PRAGMA temp_store = MEMORY")
                yield connection
                connection.execute("PRAGMA journal_mode = DELETE")  # one file that needs no other beside it
            draft.replace(path)
            _settle(path.parent)
        except BaseException:
            draft.unlink(missing_ok=True)
            path.unlink(missing_ok=True)
            raise


def _reserve(path: Path) -> None:
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600))


def _settle(folder: Path) -> None:
    """Make a new name in a folder last."""
    handle = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _examine(path: Path) -> None:
    try:
        status = path.lstat()
    except OSError as error:
        raise UsageError(
            Text("无法打开登记簿：{why}。", "The register cannot be opened: {why}.").format(why=reason(error)),
            Text(
                "请检查文件名；首次使用时加 --new，由 policygraph register add 建立。",
                "Check its name; the first time, policygraph register add makes it with --new.",
            ),
            str(path),
        ) from error
    if stat.S_ISLNK(status.st_mode):
        raise UsageError(_LINK, _NAME_TARGET, str(path))
    if not stat.S_ISREG(status.st_mode):
        raise UsageError(*faults.NOT_A_REGISTER, str(path))
    if status.st_nlink > 1:
        raise UsageError(_OTHER_NAMES, _REMOVE_NAMES, str(path))
    if status.st_mode & 0o007:
        import shlex

        command = f"chmod 600 {shlex.quote(str(path))}"
        raise UsageError(_OPEN_TO_ALL, Text(f"请先运行：{command}", f"Run first: {command}"), str(path))


def _uri(path: Path, mode: str, more: str = "") -> str:
    return f"file:{quote(os.fsencode(path))}?mode={mode}{more}"


def _opened(path: Path, *, writable: bool, wait: float) -> sqlite3.Connection:
    def attempt(mode: str, more: str = "") -> sqlite3.Connection:
        connection = sqlite3.connect(_uri(path, mode, more), uri=True, isolation_level=None, timeout=wait)
        try:
            connection.execute("PRAGMA trusted_schema = OFF")  # a foreign file's own definitions call no functions
            connection.execute("PRAGMA cell_size_check = ON")
            connection.execute("PRAGMA temp_store = MEMORY")  # nothing personal in temporary files
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except BaseException:
            connection.close()
            raise
        return connection

    try:
        return attempt("rw" if writable else "ro")
    except sqlite3.OperationalError:
        # A reader needs files beside the register; where none can be made and none is, nobody is writing.
        if writable or os.access(path.parent, os.W_OK) or path.with_name(f"{path.name}-wal").exists():
            raise
        return attempt("ro", "&immutable=1")


def _identify(connection: sqlite3.Connection, path: Path) -> int:
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if application != schema.APPLICATION or version < 1:
        raise StoreError(*faults.NOT_A_REGISTER, str(path))
    if version > schema.VERSION:
        fix = Text("请用更新的 policygraph 打开。", "Open it with a newer policygraph.")
        raise StoreError(_NEWER.format(found=version, known=schema.VERSION), fix, str(path))
    return int(version)


def differing(connection: sqlite3.Connection, version: int = schema.VERSION) -> tuple[str, ...]:
    """Return the names of tables, indexes, views and triggers that are not as they should be."""
    found, wanted = schema.structure(connection), schema.expected(version)
    return tuple(sorted(name for name in found.keys() | wanted.keys() if found.get(name) != wanted.get(name)))


def _compare(connection: sqlite3.Connection, version: int, path: Path, *, triggers: bool) -> None:
    """Refuse a file with tables of its own, which might do anything; a lost trigger keeps it from being written to only."""
    names = [name for name in differing(connection, version) if triggers or not name.startswith("trigger ")]
    if names:
        raise StoreError(_ALTERED.format(version=version, names=", ".join(n[:80] for n in names[:5])), _VERIFY, str(path))


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    (mode,) = connection.execute("PRAGMA journal_mode = WAL").fetchone()
    if mode != "wal":
        raise faults.told(_no_wal(), path)
    for pragma in ("synchronous = FULL", "foreign_keys = ON", "secure_delete = ON"):
        connection.execute(f"PRAGMA {pragma}")


def _no_wal() -> sqlite3.Error:
    error = sqlite3.OperationalError("no write-ahead log")
    error.sqlite_errorcode, error.sqlite_errorname = sqlite3.SQLITE_IOERR, "WAL"
    return error


def _advanced(connection: sqlite3.Connection, *, writable: bool) -> sqlite3.Connection:
    """Return a connection to a register of this version: the same, or, when it must not be written to, one to a copy in memory."""
    if not writable:
        copy = sqlite3.connect(":memory:", isolation_level=None)
        with closing(connection):
            connection.backup(copy)
        connection = copy
    connection.execute("BEGIN IMMEDIATE")
    try:
        # Another program may have been faster.
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        schema.advance(connection, version)
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    return connection
