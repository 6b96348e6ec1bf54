"""Which files are submitted, in which form, and private copies of them: a file that changes while it is read is read as it was."""

from __future__ import annotations

import errno
import hashlib
import os
import select
import sys
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

from policygraph.errors import InputError, LimitError, Text, UsageError, unreadable
from policygraph.graph import parsing
from policygraph.model.places import Place
from policygraph.model.submitted import Unread

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# Tables and plain JSON; what else there is is RDF. `.json` is plain unless the file turns out to be JSON-LD.
TABLES: dict[str, tuple[str, ...]] = {
    "xlsx": (".xlsx", ".xlsm"),
    "csv": (".csv",),
    "tsv": (".tsv", ".tab"),
    "json": (".json",),
    "jsonl": (".jsonl", ".ndjson"),
}
GRAPHS = {name: tuple(e for e in endings if e != ".json") for name, endings in parsing.FORMATS.items()}
FORMS = {**TABLES, **GRAPHS}
MAX_BYTES = 256 << 20
MAX_FILES = 10_000
# Seconds until something must come out of a pipe.
PIPE_WAIT = 10.0
_CHUNK = 1 << 20

HIDDEN = Text("隐藏文件或临时文件，未读取。", "A hidden or temporary file; it was not read.")
LINK = Text("符号链接，未读取；如需读取请直接写出该文件。", "A symbolic link; it was not read. Name the file itself to have it read.")
NO_FILE = Text("不是普通文件，未读取。", "No ordinary file; it was not read.")
NO_FORM = Text("后缀不是申报文件的格式，未读取。", "Its ending is none of a submission's; it was not read.")


@dataclass(frozen=True, slots=True)
class Source:
    """A file to read.

    Attributes:
        name: What to call it: its path as given, or <stdin>.
        path: Where it is, None for standard input.
        form: A name of FORMS.
    """

    name: str
    path: Path | None
    form: str

    @property
    def stem(self) -> str:
        """File name without ending, '' for standard input."""
        return self.path.stem if self.path else ""


@dataclass(frozen=True, slots=True)
class Opened:
    """A private copy of a file's bytes.

    Attributes:
        stream: The copy, at its beginning; it has a file descriptor.
        sha256: Digest of the bytes.
        size: How many there are.
    """

    stream: IO[bytes]
    sha256: str
    size: int


def find(named: Sequence[str], form: str | None) -> tuple[list[Source], list[Unread]]:
    """Return the files that are meant, and those of named folders that are left out, with the reason.

    Args:
        named: Paths of files and folders, `-` for standard input.
        form: Form of all of them; by default what their endings say.

    Raises:
        InputError: A path does not exist, or a folder holds no file to read.
        UsageError: The form of a file named by itself cannot be told.
        LimitError: There are too many files.
    """
    sources: list[Source] = []
    unread: list[Unread] = []
    for name in named:
        if name == "-":
            sources.append(Source("<stdin>", None, form or "turtle"))
            continue
        path = Path(name)
        if not path.is_dir():
            sources.append(Source(name, path, form or form_of(path)))
            continue
        inside = list(_inside(path, form, unread))
        if not inside:
            raise InputError(
                Text("文件夹中没有可读取的申报文件。", "The folder holds no file of a submission."),
                Text("可读取的后缀：{endings}", "Endings that are read: {endings}").format(endings=_endings()),
                name,
            )
        sources += inside
    if len(sources) > MAX_FILES:
        many = Text("有 {n} 个文件，最多 {most} 个。", "There are {n} files; {most} are the most.").format(n=len(sources), most=MAX_FILES)
        raise LimitError(many, Text("请分批核查。", "Check them in parts."))
    return sources, unread


def form_of(path: Path) -> str:
    """Return the form that a file's ending stands for.

    Raises:
        UsageError: It stands for none.
    """
    if found := _form_of(path):
        return found
    if path.suffix.lower() == ".xls":
        fix = Text("这是旧版 Excel 格式，请另存为 .xlsx。", "This is the old Excel format; save it as .xlsx.")
    else:
        fix = Text(
            "请使用这些后缀之一，或用 --input-format 指明：{endings}", "Use one of these endings, or name it with --input-format: {endings}"
        ).format(endings=_endings())
    raise UsageError(Text("无法从文件后缀判断格式。", "The file's ending does not tell its format."), fix, str(path))


@contextmanager
def private(source: Source) -> Iterator[Opened]:
    """Yield a private copy of a file.

    Raises:
        InputError: It cannot be read.
        LimitError: It is too large.
    """
    with tempfile.TemporaryFile(prefix="policygraph-") as copy:
        digest, size = hashlib.sha256(), 0
        try:
            with _opened(source.path) if source.path else _Stdin() as stream:
                while chunk := stream.read(_CHUNK):
                    size += len(chunk)
                    if size > MAX_BYTES:
                        raise LimitError(
                            Text("文件大于 {n} MB。", "The file is larger than {n} MB.").format(n=MAX_BYTES >> 20),
                            Text("请拆分文件。", "Split the file."),
                            source.name,
                        )
                    digest.update(chunk)
                    copy.write(chunk)
        except OSError as error:
            raise InputError(*unreadable(error), source.name) from error
        copy.seek(0)
        yield Opened(copy, digest.hexdigest(), size)


def _opened(path: Path) -> IO[bytes]:
    """Open a file; of a pipe something must come within a while, for nobody may be writing to it."""
    if not path.is_fifo():
        return path.open("rb")
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    try:
        if not select.select([descriptor], [], [], PIPE_WAIT)[0]:
            raise TimeoutError(errno.ETIMEDOUT, os.strerror(errno.ETIMEDOUT))
        os.set_blocking(descriptor, True)
        return os.fdopen(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


class _Stdin:
    """Standard input, which is not ours to close."""

    def __enter__(self) -> IO[bytes]:
        return sys.stdin.buffer

    def __exit__(self, *_: object) -> None:
        pass


def _inside(folder: Path, form: str | None, unread: list[Unread]) -> Iterator[Source]:
    """Yield the files of a folder and of those in it, by name; nothing that a link leads to."""
    try:
        entries = sorted(folder.iterdir(), key=lambda p: p.name)
    except OSError as error:
        raise InputError(*unreadable(error), str(folder)) from error
    for path in entries:
        place = Place(str(path))
        if path.is_symlink():
            unread.append(Unread(place, LINK))
        elif path.name.startswith((".", "~$")):
            unread.append(Unread(place, HIDDEN))
        elif path.is_dir():
            yield from _inside(path, form, unread)
        elif not path.is_file():
            unread.append(Unread(place, NO_FILE))
        elif found := form or _form_of(path):
            yield Source(str(path), path, found)
        else:
            unread.append(Unread(place, NO_FORM))


def _form_of(path: Path) -> str:
    return next((name for name, endings in FORMS.items() if path.suffix.lower() in endings), "")


def _endings() -> str:
    return " ".join(ending for endings in FORMS.values() for ending in endings)
