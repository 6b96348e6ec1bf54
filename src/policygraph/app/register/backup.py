"""Copies a register to a new file and back, verified before anybody relies on it; no file is ever replaced."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policygraph.app.register.opening import making
from policygraph.app.register.store import Register
from policygraph.app.register.verifying import verify
from policygraph.errors import StoreError, Text

if TYPE_CHECKING:
    from pathlib import Path

    from policygraph.app.register.verifying import Verification

_FLAWED = (
    Text("登记簿没有通过核验，未作备份。", "The register does not verify; no backup was made."),
    Text("请运行 policygraph register verify 查看。", "Run policygraph register verify to see why."),
)


def backup(register: Register, target: Path) -> Verification:
    """Copy a register to a new file, and verify the copy.

    Raises:
        UsageError: The file exists, or its name is none.
        StoreError: The register does not verify, or the copy cannot be written.
    """
    found = verify(register)
    if found.flaws:
        raise StoreError(*_FLAWED, str(register.path))
    with making(target) as connection:
        register.connection.backup(connection)
        connection.execute("VACUUM")  # nothing of what was erased comes along in free pages
    with Register.open(target) as copy:
        found = verify(copy, found.head)
    if found.flaws:
        target.unlink()
        raise StoreError(
            Text("备份没有通过核验，已删去。", "The backup does not verify and was removed."),
            Text("请检查目标磁盘后重试。", "Check the disk and try again."),
            str(target),
        )
    return found


def restore(source: Path, target: Path, head: str = "") -> Verification:
    """Copy a backup to a new register, if it verifies; what it found otherwise.

    Args:
        source: The backup.
        target: The new register, which must not exist.
        head: A chain value that was noted earlier, '' if none.

    Raises:
        UsageError: A file may not be read or exists already.
        StoreError: The backup is no register, or the new one cannot be written.
    """
    with Register.open(source) as register:
        found = verify(register, head)
        if not found.flaws:
            backup(register, target)
    return found
