"""What SQLite and the operating system say against a register, in words for people; nothing of what it holds is repeated."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING

from policygraph.errors import StoreError, Text, reason

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_BUSY = (
    Text("另一个程序正在写入登记簿，等候已超时。", "Another program is writing to the register; waiting for it took too long."),
    Text("请待其结束后重试；本次没有写入任何内容。", "Try again when it has ended; nothing was written this time."),
)
_FULL = (
    Text("磁盘已满，或文件已达上限。", "The disk is full, or the file has reached its limit."),
    Text("请腾出空间后重试；本次没有写入任何内容。", "Free some space and try again; nothing was written this time."),
)
_READ_ONLY = (
    Text("登记簿或其目录不可写。", "The register or its folder cannot be written to."),
    Text("请检查文件、目录与文件系统的写权限。", "Check the permissions of file and folder, and whether the file system is read-only."),
)
_IO = (
    Text("读写登记簿时系统出错（{name}）。", "The system failed to read or write the register ({name})."),
    Text(
        "请检查磁盘；登记簿须放在本机磁盘上，网络文件系统（NFS、SMB）不支持。",
        "Check the disk; a register must lie on a disk of this machine, network file systems (NFS, SMB) do not work.",
    ),
)
_CANNOT_OPEN = (
    Text("无法打开登记簿。", "The register cannot be opened."),
    Text("请检查文件与目录的权限。", "Check the permissions of file and folder."),
)
_BROKEN = (
    Text("登记簿文件已损坏（{name}）。", "The file of the register is damaged ({name})."),
    Text(
        "请用 policygraph register restore 从备份恢复到新文件，原文件留作查证。",
        "Restore a backup to a new file with policygraph register restore, and keep this one for inquiry.",
    ),
)
NOT_A_REGISTER = (
    Text("文件不是登记簿。", "The file is no register."),
    Text(
        "请检查文件名；新登记簿用 policygraph register add FILE --register NEW --new 建立。",
        "Check its name; policygraph register add FILE --register NEW --new makes a new one.",
    ),
)
_REFUSED = (
    Text("登记簿拒绝了改动（{name}）。", "The register refused the change ({name})."),
    Text("请运行 policygraph register verify。", "Run policygraph register verify."),
)
# Primary result codes of SQLite (sqlite.org/rescode.html); extended ones carry them in their lowest byte.
_BY_CODE = {
    sqlite3.SQLITE_BUSY: _BUSY,
    sqlite3.SQLITE_LOCKED: _BUSY,
    sqlite3.SQLITE_FULL: _FULL,
    sqlite3.SQLITE_READONLY: _READ_ONLY,
    sqlite3.SQLITE_PERM: _READ_ONLY,
    sqlite3.SQLITE_IOERR: _IO,
    sqlite3.SQLITE_PROTOCOL: _IO,
    sqlite3.SQLITE_NOLFS: _IO,
    sqlite3.SQLITE_CANTOPEN: _CANNOT_OPEN,
    sqlite3.SQLITE_CORRUPT: _BROKEN,
    sqlite3.SQLITE_NOTADB: NOT_A_REGISTER,
    sqlite3.SQLITE_CONSTRAINT: _REFUSED,
}


@contextmanager
def reported(path: Path) -> Iterator[None]:
    """Turn what SQLite raises into an error that says what to do.

    Raises:
        StoreError: SQLite or the operating system gave up.
    """
    try:
        yield
    except sqlite3.Error as error:
        raise told(error, path) from error
    except OSError as error:
        raise StoreError(
            Text("登记簿：{why}。", "The register: {why}.").format(why=reason(error)), _CANNOT_OPEN[1], str(error.filename or path)
        ) from error


def told(error: sqlite3.Error, path: Path) -> StoreError:
    """Return the error for what SQLite says."""
    code = getattr(error, "sqlite_errorcode", None)
    what, fix = _BY_CODE.get((code or 0) & 0xFF, _IO if code else _BROKEN)
    name = getattr(error, "sqlite_errorname", None) or type(error).__name__
    return StoreError(what.format(name=name), fix, str(path))
