"""Where output goes: the screen, or a file that is whole or untouched."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from policygraph.errors import Text, UsageError, reason


def write(text: str, path: str | None = None) -> None:
    """Write text to a file, or to standard output.

    A file is written beside its place and then moved there, so that it is never half written; what is no ordinary file (a pipe,
    /dev/stdout) is written directly. Files are UTF-8; standard output has the terminal's encoding, UTF-8 when it is no terminal.

    Raises:
        UsageError: The file cannot be written.
    """
    if path is None or path == "-":
        _to_stdout(text)
        return
    target = Path(path).expanduser()
    try:
        if target.exists() and not target.is_file():
            if target.is_dir():
                raise IsADirectoryError(21, os.strerror(21))
            target.write_bytes(text.encode("utf-8"))
        else:
            _replace(target.resolve(), text.encode("utf-8"))
    except BrokenPipeError:
        raise
    except OSError as error:
        raise UsageError(
            Text("无法写入文件：{why}。", "The file cannot be written: {why}.").format(why=reason(error)),
            Text("请检查目录与权限，或换一个 -o 文件名。", "Check the folder and its permissions, or name another file with -o."),
            path,
        ) from error


def note(text: str) -> None:
    """Write a line for the person at the screen, apart from the data on standard output."""
    print(text, file=sys.stderr)


def columns() -> int:
    """Return the width to fit tables to: the terminal's, or 0 when the output goes elsewhere."""
    if not sys.stdout.isatty():
        return 0
    import shutil

    return shutil.get_terminal_size().columns


def _to_stdout(text: str) -> None:
    stream = sys.stdout
    if not hasattr(stream, "buffer"):  # replaced by a caller in this process
        stream.write(text)
        return
    stream.flush()
    encoding, errors = (stream.encoding, stream.errors or "strict") if stream.isatty() else ("utf-8", "strict")
    rest = memoryview(text.encode(encoding, errors))
    while rest:  # unbuffered (python -u), a write to a pipe may take a part only
        rest = rest[stream.buffer.write(rest) :]
    stream.flush()


def _replace(target: Path, data: bytes) -> None:
    draft = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        with draft.open("xb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        if target.exists():
            draft.chmod(target.stat().st_mode & 0o7777)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
