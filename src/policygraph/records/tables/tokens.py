"""Reads the tokens of JSON in UTF-8, each with its place: keys, texts, numbers as written, and what stands between them.

The json module says neither where a value lies nor how a number was written, and it recurses. Every pattern here is possessive: none goes
back over what it has read, so that time grows with the length of the input alone.
"""

from __future__ import annotations

import json
import re

from policygraph.errors import InputError, Text
from policygraph.records.tables import wire
from policygraph.records.tables.faults import CORRECT, MAX_CELL, MAX_ROW, TOO_LONG, broken, over

_BLANKS = re.compile(rb"[ \t\r\n]*+")
NUMBER = rb"-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?"
_STRING = re.compile(rb'"[^"\\\x00-\x1f]*+(?:\\.[^"\\\x00-\x1f]*+)*+"')
_HALF = re.compile("[\ud800-\udfff]")
_FURTHER_BYTES = bytes(range(0x80, 0xC0))  # of a character, in UTF-8: without them, bytes count characters
_MANY_KEYS, _LONG_KEY = 10_000, 100  # how many keys are remembered as text, and of how many bytes

NOT_UTF8 = (
    Text("不是 UTF-8 编码（可能是 GB18030 或 UTF-16）。", "It is not encoded in UTF-8 (perhaps in GB18030 or UTF-16)."),
    Text("请另存为 UTF-8，例如：iconv -f GB18030 -t UTF-8", "Save it as UTF-8, for instance: iconv -f GB18030 -t UTF-8"),
)
_NO_KEY = Text("这里应是带双引号的键。", "There must be a key in double quotation marks here.")
_OPEN_STRING = Text(
    "文字没有结束，或其中有换行、控制字符或错误的转义。",
    "The text does not end, or holds a line end, a control character or a wrong escape.",
)
_HALF_PAIR = Text("文字含有不成对的代理项 U+{code:04X}。", "The text holds half a surrogate pair, U+{code:04X}.")
_SYNTAX = Text("不合 JSON 语法：这里应是“{wanted}”。", "This is not valid JSON: there must be “{wanted}” here.")
_BEHIND = Text("内容结束之后还有文字。", "There is more behind the end.")
_TOO_FULL = Text("这条记录合计超过 {most} 个字符。", "This record holds more than {most} characters in all.").format(most=f"{MAX_ROW:,}")


def blanks(data: bytes, at: int) -> int:
    """Return where the blanks at a place end."""
    match = _BLANKS.match(data, at)
    return match.end() if match else at


class Tokens:
    """The tokens of a document.

    Args:
        data: The document.
        line: Line on which it begins.

    Attributes:
        data: The document.
        size: Characters of the record at hand.
        keys: Keys without escapes → their text, as they were met.
    """

    def __init__(self, data: bytes, line: int = 1) -> None:
        self.data = data
        self.size = 0
        self.keys: dict[bytes, str] = {}
        self._first = line
        self.rewind()

    def rewind(self) -> None:
        """Begin to count lines again."""
        self._counted, self._line = 0, self._first

    def fault(self, at: int, what: Text, fix: Text = CORRECT) -> InputError:
        """Return the error of something at a place."""
        return broken(what, fix, self.where(at))

    def finish(self, at: int) -> None:
        """Refuse anything behind the end.

        Raises:
            InputError: There is something.
        """
        at = blanks(self.data, at)
        if at < len(self.data):
            raise self.fault(at, _BEHIND)

    def key(self, at: int) -> tuple[str, int]:
        """Return the key at a place, and where its value begins."""
        if not self.data.startswith(b'"', at):
            raise self.fault(at, _NO_KEY)
        words, at = self.string(at)
        at = blanks(self.data, at)
        if not self.data.startswith(b":", at):
            raise self.fault(at, _SYNTAX.format(wanted=":"))
        return wire.normal(words), blanks(self.data, at + 1)

    def named(self, raw: bytes, at: int) -> str:
        """Return a key without escapes as text."""
        key = wire.normal(self.decoded(raw, at))
        if len(self.keys) < _MANY_KEYS and len(raw) <= _LONG_KEY:
            self.keys[raw] = key
        return key

    def string(self, at: int) -> tuple[str, int]:
        """Return the text that begins at a place, and where it ends."""
        match = _STRING.match(self.data, at)
        if not match:
            raise self.fault(at, _OPEN_STRING)
        words = self.decoded(match[0][1:-1], at)
        if "\\" in words:
            try:
                words = json.loads(f'"{words}"')
            except json.JSONDecodeError:
                raise self.fault(at, _OPEN_STRING) from None
            if half := _HALF.search(words):
                raise self.fault(at, _HALF_PAIR.format(code=ord(half[0])))
        return words, match.end()

    def decoded(self, raw: bytes, at: int) -> str:
        """Return the text between the quotation marks of which the first is at a place."""
        try:
            return raw.decode()
        except UnicodeDecodeError as error:
            raise self.fault(at + 1 + error.start, *NOT_UTF8) from None

    def text(self, raw: bytes, at: int) -> str | None:
        """Return the cell of a text without escapes."""
        return self.cell(self.decoded(raw, at), at)

    def cell(self, words: str, at: int) -> str | None:
        """Return the cell of a text, None if it is blank."""
        if len(words) > MAX_CELL:
            raise over(TOO_LONG, where=self.where(at))
        self.grow(len(words), at)
        return wire.text(words)

    def scalar(self, digits: bytes | None, literal: bytes | None, at: int) -> str | None:
        """Return the cell of a number, of true or false, None for null."""
        if digits is not None:
            if len(digits) > MAX_CELL:
                raise over(TOO_LONG, where=self.where(at))
            self.grow(len(digits), at)
            return wire.number(digits.decode())
        return None if literal is None or literal == b"null" else wire.TRUTH + literal.decode()

    def after(self, at: int, closing: bytes) -> tuple[bool, int]:
        """Return whether a further member follows, and where it, or what encloses them, goes on."""
        at = blanks(self.data, at)
        if self.data.startswith(b",", at):
            return True, blanks(self.data, at + 1)
        if self.data.startswith(closing, at):
            return False, at + 1
        raise self.fault(at, _SYNTAX.format(wanted=f", {closing.decode()}"))

    # ---------------------------------------------------------------- places
    def line_of(self, at: int) -> int:
        """Return the line of a place that lies behind all that were asked for before."""
        self._line += self.data.count(b"\n", self._counted, at)
        self._counted = at
        return self._line

    def where(self, at: int) -> str:
        """Return line and column of a place."""
        line = self._first + self.data.count(b"\n", 0, at)
        begin = self.data.rfind(b"\n", 0, at) + 1
        return f"{line}:{len(self.data[begin:at].translate(None, _FURTHER_BYTES)) + 1}"

    def grow(self, size: int, at: int) -> None:
        """Count what the record at hand holds.

        Raises:
            LimitError: It is too much.
        """
        self.size += size
        if self.size > MAX_ROW:
            raise over(_TOO_FULL, where=self.where(at))
