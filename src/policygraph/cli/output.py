"""Where output goes: the screen, or a file that is whole or untouched."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from policygraph.errors import Text, UsageError, reason

if TYPE_CHECKING:
    from collections.abc import Iterator


def write(text: str | bytes, path: str | None = None) -> None:
    """Write text, or the bytes of a file that is none, to a file or to standard output.

    A file is written beside its place and then moved there, so that it is never half written; what is no ordinary file (a pipe,
    /dev/stdout) is written directly. Files are UTF-8; standard output has the terminal's encoding, UTF-8 when it is no terminal.

    Raises:
        UsageError: The file cannot be written.
    """
    if path is None or path == "-":
        _to_stdout(text)
        return
    target, data = Path(path).expanduser(), text if isinstance(text, bytes) else text.encode("utf-8")
    try:
        if target.exists() and not target.is_file():
            if target.is_dir():
                raise IsADirectoryError(21, os.strerror(21))
            target.write_bytes(data)
        else:
            _replace(target.resolve(), data)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise _unwritable(error, path) from error


@contextlib.contextmanager
def opened(path: str | None = None) -> Iterator[BinaryIO]:
    """Yield where a long report goes while it is made: a file that is whole or untouched, or standard output.

    Raises:
        UsageError: The file cannot be written.
    """
    if path is None or path == "-":
        sys.stdout.flush()
        screen = _Screen()
        yield screen  # type: ignore[misc]
        sys.stdout.flush()
        return
    target = Path(path).expanduser()
    try:
        if target.exists() and not target.is_file():
            if target.is_dir():
                raise IsADirectoryError(21, os.strerror(21))
            with target.open("wb") as stream:
                yield stream
        else:
            with _draft(target.resolve()) as stream:
                yield stream
    except BrokenPipeError:
        raise
    except OSError as error:
        raise _unwritable(error, path) from error


class _Screen:
    """Standard output for bytes in UTF-8, in the terminal's encoding when it is one with another."""

    def write(self, data: bytes) -> int:
        _to_stdout(data.decode() if sys.stdout.isatty() and sys.stdout.encoding.lower() not in {"utf-8", "utf8"} else data)
        return len(data)

    def flush(self) -> None:
        sys.stdout.flush()

    def isatty(self) -> bool:
        return sys.stdout.isatty()


def note(text: str) -> None:
    """Write a line for the person at the screen, apart from the data on standard output."""
    print(text, file=sys.stderr)


def columns() -> int:
    """Return the width to fit tables to: the terminal's, or 0 when the output goes elsewhere."""
    if not sys.stdout.isatty():
        return 0
    import shutil

    return shutil.get_terminal_size().columns


def _to_stdout(text: str | bytes) -> None:
    stream = sys.stdout
    if not hasattr(stream, "buffer"):  # replaced by a caller in this process
        stream.write(text.decode() if isinstance(text, bytes) else text)
        return
    stream.flush()
    encoding, errors = (stream.encoding, stream.errors or "strict") if stream.isatty() else ("utf-8", "strict")
    rest = memoryview(text if isinstance(text, bytes) else text.encode(encoding, errors))
    while rest:  # unbuffered (python -u), a write to a pipe may take a part only
        rest = rest[stream.buffer.write(rest) :]
    stream.flush()


def _replace(target: Path, data: bytes) -> None:
    with _draft(target) as stream:
        stream.write(data)


@contextlib.contextmanager
def _draft(target: Path) -> Iterator[BinaryIO]:
    """Yield a file beside a place, moved there when it is whole and removed when it is not."""
    draft = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        with draft.open("xb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        if target.exists():
            draft.chmod(target.stat().st_mode & 0o7777)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)


def _unwritable(error: OSError, path: str) -> UsageError:
    return UsageError(
        Text("无法写入文件：{why}。", "The file cannot be written: {why}.").format(why=reason(error)),
        Text("请检查目录与权限，或换一个 -o 文件名。", "Check the folder and its permissions, or name another file with -o."),
        path,
    )
