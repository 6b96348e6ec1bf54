"""Reads records of a fixed depth from JSON: objects with values, and one level of child rows; deeper ones are refused where they begin."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from policygraph.errors import Text
from policygraph.records.tables import wire
from policygraph.records.tables.tokens import NUMBER, Tokens, blanks

if TYPE_CHECKING:
    from collections.abc import Generator

    from policygraph.records.tables.wire import Line

# The commonest member in one stroke: a key and a text without escapes, a number, true, false or null, and what follows them.
_MEMBER = re.compile(
    rb'[ \t\r\n]*+"([^"\\\x00-\x1f]*+)"[ \t\r\n]*+:[ \t\r\n]*+'
    rb'(?:"([^"\\\x00-\x1f]*+)"|(' + NUMBER + rb")|(true|false|null))[ \t\r\n]*+([,}])"
)
_SCALAR = re.compile(rb"(" + NUMBER + rb")|(true|false|null)")
_NOT_FINITE = re.compile(rb"-?(?:NaN|Infinity)")
_KINDS, _NAME, _RECORDS = ("@type", "kind", "种类"), "@id", ("records", "记录")
_LONGEST = 80  # characters that a message quotes
_COST = 8  # what a value without content counts towards the size of a record

_TWICE = Text("键“{key}”出现了两次。", "The key “{key}” is given twice.")
_KEEP_ONE = Text("请只保留一个。", "Keep one of them.")
_NO_TEXT = Text("“{key}”应是一段文字。", "“{key}” must be a text.")
_WRITE_TEXT = Text("请写成带双引号的文字。", "Write it as a text in double quotation marks.")
_TOO_DEEP = Text("{pointer}：嵌套过深，子表之下不能再有表。", "{pointer}: it is nested too deeply; a child table holds no further table.")
_LIST_IN_LIST = Text("{pointer}：数组里不能再有数组。", "{pointer}: a list cannot hold a list.")
_FLATTER = Text("请减少一层嵌套。", "Make it one level flatter.")
_NO_RECORD = Text("{pointer}：每条记录应是一个对象。", "{pointer}: every record must be an object.")
_BESIDE = Text("记录数组旁边只能有种类，不能有“{key}”。", "Beside the list of records there may be its kind, but not “{key}”.")
_REMOVE = Text("请删去，或写进各条记录。", "Remove it, or write it into each record.")
_NO_VALUE = Text("这里应是一个值。", "There must be a value here.")
_NOT_A_NUMBER = Text("{words} 不是数值。", "{words} is no number.")
_WITHOUT = Text("没有数值时请删去该键或写 null。", "Where there is no number, leave the key out or write null.")

# line, pointer, kind, name, members: [key, line, values]; a value is a cell or, for a child row, such a list again
Record = list[Any]


def escaped(key: str) -> str:
    """Return a key as a part of a JSON Pointer."""
    return key.replace("~", "~0").replace("/", "~1")


def _short(words: str) -> str:
    """Return words for a message: their end, which is what is new in a pointer, if they are long."""
    return words if len(words) <= _LONGEST else f"…{words[-_LONGEST:]}"


class Scanner(Tokens):
    """Reads the records of a document."""

    # ---------------------------------------------------------------- documents
    def records(self, at: int, pointer: str, kind: str) -> Generator[Line, None, int]:
        """Yield the records of an array; return where it ends.

        Args:
            at: Where it begins.
            pointer: Pointer to it.
            kind: Kind of the records that do not say it.
        """
        at, more, index = blanks(self.data, at + 1), True, 0
        if self.data.startswith(b"]", at):
            return at + 1
        while more:
            if not self.data.startswith(b"{", at):
                raise self.fault(at, _NO_RECORD.format(pointer=_short(f"{pointer}/{index}")))
            record, at = self.record(at, f"{pointer}/{index}")
            record[2] = record[2] or kind
            yield ("object", *record)
            more, at = self.after(at, b"]")
            index += 1
        return at

    def record(self, at: int, pointer: str) -> tuple[Record, int]:
        """Return a record and where it ends.

        Args:
            at: Where it begins.
            pointer: Pointer to it.
        """
        self.size = 0
        return self._object(at, pointer, inner=False)

    def enclosed(self, at: int) -> tuple[str, str, int] | None:
        """Return pointer, kind and beginning of the array of records that an object holds, None if the object is a record itself."""
        kind, other = "", None
        self.size, more, at = 0, True, blanks(self.data, at + 1)
        if self.data.startswith(b"}", at):
            return None
        while more:
            begin, (key, at) = at, self.key(at)
            self.grow(len(key) + _COST, begin)
            if key in _RECORDS and self.data.startswith(b"[", at):
                if other is not None:
                    raise self.fault(other[0], _BESIDE.format(key=_short(other[1])), _REMOVE)
                return f"/{key}", kind, at
            values, end = self._values(at, f"/{escaped(key)}", inner=False)
            if key in _KINDS:
                kind = self._one_text(key, values, at)
            else:
                other = other or (begin, key)
            more, at = self.after(end, b"}")
        self.rewind()
        return None

    def behind(self, at: int, kind: str) -> tuple[str, int]:
        """Return the kind of the records in an array, which may be named behind it, and where the object that holds the array ends.

        Args:
            at: Where the array ends.
            kind: What was said of their kind before it.
        """
        more, at = self.after(at, b"}")
        while more:
            begin, (key, at) = at, self.key(at)
            if key not in _KINDS:
                raise self.fault(begin, _BESIDE.format(key=_short(key)), _REMOVE)
            if kind:
                raise self.fault(begin, _TWICE.format(key=_short(key)), _KEEP_ONE)
            values, end = self._values(at, f"/{key}", inner=False)
            kind = self._one_text(key, values, at)
            more, at = self.after(end, b"}")
        return kind, at

    # ---------------------------------------------------------------- objects
    def _object(self, at: int, pointer: str, inner: bool) -> tuple[Record, int]:
        data, first = self.data, self.line_of(at)
        members: list[Any] = []
        seen: set[str] = set()
        said = {_KINDS[0]: "", _NAME: ""}
        self.grow(len(pointer) + _COST, at)
        start, at, more = at, at + 1, True
        if data.startswith(b"}", end := blanks(data, at)):
            return [first, pointer, "", "", members], end + 1
        while more:
            if match := _MEMBER.match(data, at):
                raw, words, digits, literal, following = match.groups()
                begin = match.start(1) - 1
                key = self.keys.get(raw) or self.named(raw, begin)
                at = match.start(2) - 1 if words is not None else match.start(3 if digits else 4)
                line = self.line_of(at)
                cell = self.text(words, at) if words is not None else self.scalar(digits, literal, at)
                values, end, more = [] if cell is None else [cell], match.end(), following == b","
            else:
                begin = blanks(data, at)
                key, at = self.key(begin)
                line = self.line_of(at)
                values, end = self._values(at, f"{pointer}/{escaped(key)}", inner)
                more, end = self.after(end, b"}")
            self.grow(len(key) + _COST, start)
            role = _KINDS[0] if key in _KINDS else key
            if role in seen:
                raise self.fault(begin, _TWICE.format(key=_short(key)), _KEEP_ONE)
            seen.add(role)
            if role in said:
                said[role] = self._one_text(key, values, at)
            elif values:
                members.append([key, line, values])
            at = end
        return [first, pointer, *said.values(), members], at

    def _values(self, at: int, pointer: str, inner: bool) -> tuple[list[Any], int]:
        """Return the cells or child rows of a value, and where it ends."""
        if not self.data.startswith(b"[", at):
            value, end = self._value(at, pointer, inner)
            return [] if value is None else [value], end
        values, start, at, more, index = [], at, blanks(self.data, at + 1), True, 0
        if self.data.startswith(b"]", at):
            return [], at + 1
        while more:
            if self.data.startswith(b"[", at):
                raise self.fault(at, _LIST_IN_LIST.format(pointer=_short(f"{pointer}/{index}")), _FLATTER)
            value, at = self._value(at, f"{pointer}/{index}", inner)
            if value is not None:
                values.append(value)
            self.grow(_COST, start)
            more, at = self.after(at, b"]")
            index += 1
        return values, at

    def _value(self, at: int, pointer: str, inner: bool) -> tuple[Any, int]:
        data = self.data
        if data.startswith(b'"', at):
            words, end = self.string(at)
            return self.cell(words, at), end
        if match := _SCALAR.match(data, at):
            return self.scalar(match[1], match[2], at), match.end()
        if data.startswith(b"{", at):
            if inner:
                raise self.fault(at, _TOO_DEEP.format(pointer=_short(pointer)), _FLATTER)
            return self._object(at, pointer, inner=True)
        if match := _NOT_FINITE.match(data, at):
            raise self.fault(at, _NOT_A_NUMBER.format(words=match[0].decode()), _WITHOUT)
        raise self.fault(at, _NO_VALUE)

    def _one_text(self, key: str, values: list[Any], at: int) -> str:
        """Return the only text of a member that names a kind or a record, '' if it is empty."""
        if len(values) > 1 or (values and not (isinstance(values[0], str) and values[0].startswith(wire.TEXT))):
            raise self.fault(at, _NO_TEXT.format(key=_short(key)), _WRITE_TEXT)
        return values[0][1:] if values else ""
