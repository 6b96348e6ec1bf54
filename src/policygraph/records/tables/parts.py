"""Reads XML parts of a workbook as they are unpacked: nothing but the element at hand is kept."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Protocol
from xml.parsers import expat  # in a confined process; expat itself fetches nothing

from policygraph.errors import Text
from policygraph.records.tables import wire
from policygraph.records.tables.archive import has_doctype, reading
from policygraph.records.tables.faults import DAMAGED, MAX_CELL, broken, over

if TYPE_CHECKING:
    from collections.abc import Iterator
    from zipfile import ZipFile

_CHUNK = 1 << 16
_NAMESPACES = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",  # the same in workbooks saved as "strict"
)
_TOO_DEEP = Text("工作簿内的 {part} 嵌套超过 {most} 层。", "{part} in the workbook is nested more than {most} levels deep.")
_ENCODINGS = {"UTF-8", "UTF-16", "UTF-16LE", "UTF-16BE", "US-ASCII", "ISO-8859-1"}  # what expat knows without Python's codecs
MAX_DEPTH = 100  # of elements in each other; those of spreadsheet programs reach about a dozen
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")  # how texts hold characters that XML cannot


class Handler(Protocol):
    """What is told of the elements of a part."""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""

    def end(self, tag: str) -> None:
        """An element ends."""

    def words(self, words: str) -> None:
        """A piece of text."""


def tags(*names: str) -> dict[str, str]:
    """Return full tag → local name, for elements of spreadsheets."""
    return {f"{namespace} {name}": name for namespace in _NAMESPACES for name in names}


def parse(archive: ZipFile, name: str, handler: Handler, sheet: str = "") -> Iterator[None]:
    """Tell a handler of a part, and pause after each piece of it.

    Args:
        archive: The workbook.
        name: Name of the part.
        handler: Whom to tell.
        sheet: Name of the sheet that it is, for errors.

    Raises:
        InputError: The part is damaged, or declares a document type.
        LimitError: Its elements are nested more deeply than any spreadsheet program nests them.
    """

    def refuse(*_: object) -> None:
        raise has_doctype(name)

    unknown: list[str] = []

    def declared(_: str, encoding: str | None, __: int) -> None:
        if encoding and encoding.upper() not in _ENCODINGS:
            unknown.append(encoding)

    depth, begin, finish = 0, handler.start, handler.end

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > MAX_DEPTH:
            raise over(_TOO_DEEP.format(part=f"{name}:{parser.CurrentLineNumber}", most=MAX_DEPTH), DAMAGED, sheet=sheet)
        begin(tag, attributes)

    def end(tag: str) -> None:
        nonlocal depth
        depth -= 1
        finish(tag)

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.XmlDeclHandler = declared
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, handler.words
    try:
        with reading():
            part = archive.open(name)
        with part:
            final = False
            while not final:
                with reading():
                    chunk = part.read(_CHUNK)
                final = not chunk
                parser.Parse(chunk, final)
                yield
    except (LookupError, ValueError, OSError) as error:
        if not unknown:  # it comes from a handler: a fault of ours
            raise
        raise broken(
            Text("内容已损坏：{part} 的编码未知。", "It is damaged: {part} is in an unknown encoding.").format(part=name),
            DAMAGED,
            sheet=sheet,
        ) from error
    except expat.ExpatError as error:
        if error.code == expat.errors.codes[expat.errors.XML_ERROR_NO_MEMORY]:
            raise MemoryError from error
        words = expat.ErrorString(error.code)
        raise broken(
            Text("内容已损坏：{part} 不是合法的 XML（{words}）。", "It is damaged: {part} is not valid XML ({words}).").format(
                part=f"{name}:{error.lineno}:{error.offset + 1}", words=words
            ),
            DAMAGED,
            sheet=sheet,
        ) from error


def unescaped(words: str) -> str:
    """Return a text with the characters that XML cannot hold."""
    return _ESCAPED.sub(_character, words) if "_x" in words else words


def _character(match: re.Match[str]) -> str:
    code = int(match[1], 16)
    return match[0] if 0xD800 <= code < 0xE000 else chr(code)


class Nothing:
    """Is told of a part that only has to be sound."""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""

    def end(self, tag: str) -> None:
        """An element ends."""

    def words(self, words: str) -> None:
        """A piece of text."""


class SharedStrings:
    """The texts that the cells of a workbook share; phonetic hints are no part of them.

    Attributes:
        cells: Each as a cell, None where it is empty.
    """

    _TAGS = tags("si", "t", "rPh")

    def __init__(self) -> None:
        self.cells: list[str | None] = []
        self._pieces: list[str] = []
        self._size = 0
        self._inside = self._phonetic = False

    def start(self, tag: str, _: dict[str, str]) -> None:
        """An element begins."""
        name = self._TAGS.get(tag)
        if name == "t":
            self._inside = not self._phonetic
        elif name == "si":
            self._pieces, self._size = [], 0
        elif name == "rPh":
            self._phonetic = True

    def end(self, tag: str) -> None:
        """An element ends."""
        name = self._TAGS.get(tag)
        if name == "t":
            self._inside = False
        elif name == "si":
            self.cells.append(wire.text(unescaped("".join(self._pieces))))
        elif name == "rPh":
            self._phonetic = False

    def words(self, words: str) -> None:
        """A piece of text; of one that is too long, enough is kept to tell that it is."""
        if self._inside and self._size <= MAX_CELL:
            self._pieces.append(words)
            self._size += len(words)
