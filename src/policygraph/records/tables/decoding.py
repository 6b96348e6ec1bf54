"""Finds out the encoding of a text file, strictly: every byte of it must fit."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, BinaryIO

from policygraph.errors import Text
from policygraph.records.tables.faults import EMPTY, UNSAVED, broken

if TYPE_CHECKING:
    from policygraph.errors import InputError

_CHUNK = 1 << 20
_WIDE = re.compile("[\u0800-\U0010ffff]")  # in UTF-8 they take three bytes or more, as every Chinese character does
_CERTAIN = 2  # so many of them do not stand by chance in a text of another encoding


@dataclass(slots=True)
class _Tried:
    """How far a file could be decoded.

    Attributes:
        offset: Byte at which it could not, -1 if all of it could.
        line: Line of that byte, or of the first NUL.
        byte: That byte.
        nul: Whether there is a NUL.
        empty: Whether there is no character.
        wide: Characters of three bytes or more before, at most as many as make certain.
    """

    offset: int = -1
    line: int = 1
    byte: int = 0
    nul: bool = False
    empty: bool = True
    wide: int = 0


def encoding_of(file: BinaryIO) -> str:
    """Return the encoding of a file: that of its byte order mark, else UTF-8, else GB18030.

    Raises:
        InputError: It is in none of them, is empty, or holds a NUL; names the line.
    """
    file.seek(0)
    start = file.read(3)
    marked = "utf-8-sig" if start == codecs.BOM_UTF8 else "utf-16" if start[:2] in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE} else ""
    encoding = marked or "utf-8"
    tried = _try(file, encoding)
    if tried.offset >= 0:
        if marked or tried.wide >= _CERTAIN:
            raise _damaged("UTF-16" if marked == "utf-16" else "UTF-8", tried)
        encoding = "gb18030"
        other = _try(file, encoding)
        if other.offset >= 0:
            raise _unknown(other if other.offset > tried.offset else tried)
        tried = other
    if tried.nul:
        raise broken(
            Text("文件含有空字符（NUL），不是文本。", "The file holds a NUL: it is no text, or UTF-16 without a mark."),
            Text("请另存为 UTF-8 编码的 CSV。", "Save it as CSV in UTF-8."),
            str(tried.line),
        )
    if tried.empty:
        raise broken(EMPTY, UNSAVED)
    return encoding


def _try(file: BinaryIO, encoding: str) -> _Tried:
    decoder = codecs.getincrementaldecoder(encoding)()
    tried, read, after_return = _Tried(), 0, False
    file.seek(0)
    while True:
        chunk = file.read(_CHUNK)
        held = len(decoder.getstate()[0])
        try:
            text = decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError as error:
            sound = error.object[: error.start].decode(_unmarked(file) if encoding == "utf-16" else encoding, "ignore")
            tried.line += _line_ends(sound, after_return)
            tried.offset, tried.byte = read - held + error.start, error.object[error.start]
            _look(tried, sound)
            return tried
        if "\0" in text:
            tried.nul = True
            tried.line += _line_ends(text[: text.index("\0")], after_return)
            return tried
        tried.empty = tried.empty and not text
        _look(tried, text)
        tried.line += _line_ends(text, after_return)
        after_return = text[-1:] == "\r"
        read += len(chunk)
        if not chunk:
            return tried


def _look(tried: _Tried, text: str) -> None:
    """Count wide characters until there are enough."""
    if tried.wide < _CERTAIN and not text.isascii():
        tried.wide += sum(1 for _ in islice(_WIDE.finditer(text), _CERTAIN))


def _unmarked(file: BinaryIO) -> str:
    """Return the encoding of a part of a file in UTF-16 that is not its beginning."""
    file.seek(0)
    return "utf-16-le" if file.read(2) == codecs.BOM_UTF16_LE else "utf-16-be"


def _line_ends(text: str, after_return: bool) -> int:
    ends = text.count("\n") + text.count("\r") - text.count("\r\n")
    return ends - (after_return and text.startswith("\n"))


def _damaged(encoding: str, tried: _Tried) -> InputError:
    return broken(
        Text(
            f"文本是 {encoding} 编码，但此行有损坏的字节 0x{tried.byte:02X}。",
            f"The text is in {encoding}, but this line holds a damaged byte, 0x{tried.byte:02X}.",
        ),
        Text("请重新保存或重新传送文件。", "Save or send the file again."),
        str(tried.line),
    )


def _unknown(tried: _Tried) -> InputError:
    return broken(
        Text(
            f"既不是 UTF-8 也不是 GB18030 编码：此行有字节 0x{tried.byte:02X}。",
            f"It is in neither UTF-8 nor GB18030: this line holds a byte 0x{tried.byte:02X}.",
        ),
        Text("请另存为 UTF-8 编码的 CSV。", "Save it as CSV in UTF-8."),
        str(tried.line),
    )
