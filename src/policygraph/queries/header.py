"""Reads the `#+ key: value` lines at the top of a query file.

The values are a small part of YAML: a plain or quoted scalar, a list `[a, b]`, a mapping `{k: v}`. Scalars stay strings. A line that
begins with `#+` and two or more spaces goes on with the value before it. What YAML reads differently is refused.
"""

from __future__ import annotations

import re
from typing import TypeAlias

from policygraph.errors import DataError, Text

Value: TypeAlias = "str | list[str] | dict[str, Value]"

_KEY = re.compile(r"#\+ ([a-z][a-z-]*):(?: +(.*))?$")
_MORE = re.compile(r"#\+  +(\S.*)$")
_QUOTED = re.compile(r'"((?:[^"\\]|\\["\\])*)"|\'((?:[^\']|\'\')*)\'')
_BARE_IN_FLOW = re.compile(r"[^,\[\]{}]*")
_INDICATORS = "[]{},#&*!|>'\"%@`"


class _Fault(Exception):  # noqa: N818 - private, and becomes a DataError as soon as the line is known
    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


def read_header(text: str, path: str) -> dict[str, Value]:
    """Return the header of a query file.

    Args:
        text: The whole file.
        path: What to call it in errors.

    Raises:
        DataError: A header line is malformed; names file and line.
    """
    collected: dict[str, tuple[int, str]] = {}
    last = ""
    for number, line in enumerate(text.splitlines(), 1):
        if not line.startswith("#+"):
            continue
        if match := _KEY.match(line):
            last = match[1]
            if last in collected:
                raise _error(Text(f"{last} 重复。", f"{last} stands there twice."), path, number)
            collected[last] = number, match[2] or ""
        elif (match := _MORE.match(line)) and last:
            collected[last] = collected[last][0], f"{collected[last][1]} {match[1].rstrip()}"
        else:
            raise _error(Text("此行不是“#+ 键: 值”。", "This line is not of the form “#+ key: value”."), path, number)
    found = {}
    for key, (number, value) in collected.items():
        try:
            found[key] = _Reader(value.strip()).whole()
        except _Fault as fault:
            raise _error(fault.text, path, number) from None
    return found


def _error(what: Text, path: str, number: int) -> DataError:
    return DataError(what, Text("请按 queries/README.md 的形式改正。", "Correct it as queries/README.md shows."), f"{path}:{number}")


class _Reader:
    """Reads one value from its text."""

    def __init__(self, text: str) -> None:
        self._text, self._at = text, 0

    def whole(self) -> Value:
        if self._text[:1] not in {"{", "[", '"', "'"}:
            return _bare(self._text)
        value = self._value()
        if self._at < len(self._text):
            rest = self._text[self._at :]
            raise _Fault(Text(f"此处多出：{rest}", f"Left over here: {rest}"))
        return value

    def _value(self) -> Value:
        match self._text[self._at : self._at + 1]:
            case "{":
                return self._mapping()
            case "[":
                return self._list()
            case _:
                return self._scalar()

    def _mapping(self) -> dict[str, Value]:
        found: dict[str, Value] = {}
        while self._open("{}", bool(found)):
            key = self._text[self._at :].partition(":")[0].strip()
            if not re.fullmatch(r"[A-Za-z_][\w-]*", key):
                raise _Fault(Text(f"“{key}”不能作键。", f"“{key}” cannot be a key."))
            self._at = self._text.index(":", self._at) + 1 if ":" in self._text[self._at :] else len(self._text)
            if self._text[self._at : self._at + 1] != " ":
                raise _Fault(Text(f"键 {key} 之后应为冒号和空格。", f"The key {key} needs a colon and a space after it."))
            if key in found:
                raise _Fault(Text(f"键 {key} 重复。", f"The key {key} stands there twice."))
            self._skip()
            found[key] = self._value()
        return found

    def _list(self) -> list[str]:
        found: list[str] = []
        while self._open("[]", bool(found)):
            found.append(self._scalar())
        return found

    def _open(self, brackets: str, going: bool) -> bool:
        """Step over the opening bracket or a comma; say whether another entry follows."""
        self._skip()
        sign = self._text[self._at : self._at + 1]
        if going and sign == brackets[1]:
            self._step()
            return False
        if sign != ("," if going else brackets[0]):
            raise _Fault(Text(f"缺少 {brackets[1]}。", f"{brackets[1]} is missing."))
        self._step()
        if not going and self._text[self._at : self._at + 1] == brackets[1]:
            self._step()
            return False
        return True

    def _scalar(self) -> str:
        if match := _QUOTED.match(self._text, self._at):
            self._at = match.end()
            self._skip()
            if match[1] is not None:
                return re.sub(r"\\(.)", r"\1", match[1])
            return match[2].replace("''", "'")
        match = _BARE_IN_FLOW.match(self._text, self._at)
        bare = match[0] if match else ""
        self._at += len(bare)
        return _bare(bare.strip())

    def _step(self) -> None:
        self._at += 1
        self._skip()

    def _skip(self) -> None:
        while self._text[self._at : self._at + 1] == " ":
            self._at += 1


def _bare(text: str) -> str:
    if not text or text[0] in _INDICATORS or text.endswith(":") or ": " in text or " #" in text or text[:2] in {"- ", "? "}:
        raise _Fault(Text(f"“{text}”须加引号。", f"“{text}” must be put in quotes."))
    return text
