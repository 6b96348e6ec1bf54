"""Takes what callers send to be judged: one file as the body, or several as a form; each lies in a private folder under a safe name."""

from __future__ import annotations

import re
import shutil
import tempfile
import unicodedata
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING

from anyio import to_thread
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from policygraph.errors import Text, clean
from policygraph.records.sources import FORMS
from policygraph.web import bodies
from policygraph.web.problems import MEDIA, TOO_LARGE, ProblemError, usage

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from starlette.requests import Request

MULTIPART = "multipart/form-data"
# Media type of a body → name of its form in `records.sources`.
TYPES = {
    "application/json": "json",
    "application/x-ndjson": "jsonl",
    "application/jsonl": "jsonl",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.ms-excel.sheet.macroenabled.12": "xlsx",
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
    "application/ld+json": "jsonld",
    "text/turtle": "turtle",
    "application/n-triples": "ntriples",
    "application/trig": "trig",
    "application/rdf+xml": "rdfxml",
}
OVERLAY = "with"
MOST_FILES, MOST_OVERLAYS = 100, 10
MOST_OVERLAY = 2 << 20  # bytes of one
_MOST_NAME = 50  # characters; a name may have 255 bytes
_STEM = "submission"
_NOT_IN_NAMES = re.compile(r'[/\\:*?"<>|]')


@dataclass(frozen=True, slots=True)
class Taken:
    """What a caller sent, in a folder of its own.

    Attributes:
        folder: The folder.
        files: Names of the files to be judged.
        overlays: Names of the overlays.
        values: Other parts of the form, name → value.
        parts: Parts of the form that were files to be judged, name → name of the last such file.
    """

    folder: Path
    files: tuple[str, ...] = ()
    overlays: tuple[str, ...] = ()
    values: dict[str, str] = field(default_factory=dict)
    parts: dict[str, str] = field(default_factory=dict)


@asynccontextmanager
async def private_folder() -> AsyncIterator[Path]:
    """Yield a folder that only this user can read; it is removed whatever happens."""
    folder = Path(await to_thread.run_sync(lambda: tempfile.mkdtemp(prefix="policygraph-")))
    try:
        yield folder
    finally:
        await to_thread.run_sync(lambda: shutil.rmtree(folder, ignore_errors=True))


async def take(request: Request, folder: Path, most: int, types: dict[str, str] = TYPES) -> Taken:
    """Put what a request brings into a folder.

    Args:
        request: Its body is a file in a type of `types`, or a form with files; `?with=` may hold overlays as Turtle.
        folder: Where to put it.
        most: Bytes that the body may have.
        types: Media types that are taken.

    Raises:
        ProblemError: It is too large, in no type that is read, coded, or no well-made form.
    """
    coding = request.headers.get("content-encoding", "identity").strip().lower()
    if coding not in {"", "identity"}:
        raise usage(
            f"不接受压缩的请求体（Content-Encoding: {clean(coding)[:40]}）。",
            f"Coded bodies are not taken (Content-Encoding: {clean(coding)[:40]}).",
            Text("请不经压缩发送。", "Send it without a coding."),
            MEDIA,
            {"Accept-Encoding": "identity"},
        )
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    shelf = _Shelf(folder)
    for text in request.query_params.getlist(OVERLAY):
        await shelf.overlay(text.encode("utf-8", "replace"), "")
    if media_type == MULTIPART:
        await _form(request, shelf, most)
    elif media_type in types:
        with await bodies.spooled(request, most) as body:
            await shelf.file(body, f"{_STEM}{FORMS[types[media_type]][0]}", "")
    else:
        raise wrong_type(media_type, types)
    return Taken(folder, tuple(shelf.files), tuple(shelf.overlays), shelf.values, shelf.parts)


def wrong_type(media_type: str, types: Sequence[str] | dict[str, str]) -> ProblemError:
    """Return the problem of a body in a type that is not taken."""
    named = clean(media_type)[:100]
    offered = [*types, MULTIPART]
    return usage(
        f"不接受“{named}”。" if named else "请求体没有 Content-Type。",
        f"“{named}” is not accepted." if named else "The body has no Content-Type.",
        Text("可用：" + "、".join(offered), "There are: " + ", ".join(offered)),
        MEDIA,
        {"Accept": ", ".join(offered)},
    )


async def _form(request: Request, shelf: _Shelf, most: int) -> None:
    """Take the parts of a form: files, overlays under `with`, and short values."""
    parser = MultiPartParser(request.headers, bodies.chunks(request, most), max_files=MOST_FILES + MOST_OVERLAYS, max_fields=MOST_FILES)
    try:
        form = await parser.parse()
    except (MultiPartException, KeyError, UnicodeError) as error:
        said = error.message if isinstance(error, MultiPartException) else str(error)
        raise usage(
            f"表单无法读取：{clean(said)[:200]}",
            f"The form cannot be read: {clean(said)[:200]}",
            Text("请按 multipart/form-data（RFC 7578）编写。", "Write it as multipart/form-data (RFC 7578) has it."),
        ) from None
    try:
        for name, value in form.multi_items():
            if not isinstance(value, UploadFile):
                if name == OVERLAY:
                    await shelf.overlay(value.encode("utf-8", "replace"), "")
                else:
                    shelf.values[name] = value
            elif not value.filename and not value.size:
                continue  # a file that nobody chose, as browsers send it
            elif name == OVERLAY:
                await shelf.overlay(await value.read(MOST_OVERLAY + 1), value.filename or "")
            else:
                await shelf.file(value.file, value.filename or "", value.content_type or "")
                shelf.parts[name] = shelf.files[-1]
    finally:
        await form.close()


class _Shelf:
    """A folder that is being filled."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.files: list[str] = []
        self.overlays: list[str] = []
        self.values: dict[str, str] = {}
        self.parts: dict[str, str] = {}

    async def file(self, content: IO[bytes], name: str, media_type: str) -> None:
        """Add a file to be judged; the ending of its name says what it is, else its media type."""
        media_type = media_type.partition(";")[0].strip().lower()
        known = {ending for endings in FORMS.values() for ending in endings}
        safe = _safe(name)
        if Path(safe).suffix.lower() not in known:
            if media_type not in TYPES:
                raise _wrong_file(name) if name else wrong_type(media_type, TYPES)
            safe = f"{safe or _STEM}{FORMS[TYPES[media_type]][0]}"
        self.files.append(self._free(safe))
        path = self._folder / self.files[-1]

        def write() -> None:
            with path.open("xb") as out:
                shutil.copyfileobj(content, out, 1 << 20)

        await to_thread.run_sync(write)

    async def overlay(self, content: bytes, name: str) -> None:
        """Add an overlay, which is Turtle."""
        if len(content) > MOST_OVERLAY or len(self.overlays) >= MOST_OVERLAYS:
            raise usage(
                f"叠加文件最多 {MOST_OVERLAYS} 个，每个最大 {MOST_OVERLAY >> 20} MB。",
                f"There may be {MOST_OVERLAYS} overlays of {MOST_OVERLAY >> 20} MB each.",
                Text("请减少叠加内容。", "Lay less over the policy."),
                TOO_LARGE,
            )
        safe = _safe(name) or "overlay.ttl"
        self.overlays.append(self._free(safe if Path(safe).suffix.lower() in FORMS["turtle"] else f"{safe}.ttl"))
        path = self._folder / self.overlays[-1]
        await to_thread.run_sync(lambda: path.write_bytes(content))

    def _free(self, name: str) -> str:
        """Return a name that no file in the folder has yet."""
        taken = {each.casefold() for each in (*self.files, *self.overlays)}
        path, number, found = Path(name), 1, name
        while found.casefold() in taken:
            number += 1
            found = f"{path.stem}-{number}{path.suffix}"
        return found


def _wrong_file(name: str) -> ProblemError:
    """Return the problem of a file whose name ends as none that is read."""
    endings = sorted(ending for own in FORMS.values() for ending in own)
    return usage(
        f"不读取“{clean(name)[:100]}”这种文件。",
        f"Files such as “{clean(name)[:100]}” are not read.",
        Text("可读：" + "、".join(endings), "Read are: " + ", ".join(endings)),
        MEDIA,
        {"Accept": ", ".join((*TYPES, MULTIPART))},
    )


def _safe(name: str) -> str:
    """Return a caller's name of a file as one of ours: no folder, no control character, nothing hidden, not too long."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    path = Path(_NOT_IN_NAMES.sub("_", clean(last)).strip().encode("utf-8", "replace").decode())
    return f"{path.stem.lstrip('.-~$ ')[:_MOST_NAME] or _STEM}{path.suffix[:10]}" if path.name else ""
