"""Says where a syntax error stands: pyoxigraph's messages as line, column, words, and the text at that place."""

from __future__ import annotations

import re
from dataclasses import dataclass

from policygraph.errors import Text

_QUERY_ERROR = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)
_PARSER_ERROR = re.compile(r"Parser error at line \d+ (?:between )?columns? [\d and]+: (.*)", re.DOTALL)
_UNDECLARED = re.compile(r"The prefix (\S*?):? has not been declared|Prefix (\S*?):? not found|.*undeclared prefix (\S+)")
_MAX_WORDS, _MAX_NEAR = 160, 30


@dataclass(frozen=True, slots=True)
class Fault:
    """Where a text breaks its syntax.

    Attributes:
        line: From 1; 0 when the parser does not say.
        column: From 1, in characters.
        words: The parser's own words, which are English.
        near: What stands at that place.
        at_end: The text ends there.
    """

    line: int
    column: int
    words: str
    near: str = ""
    at_end: bool = False

    def place(self, name: str) -> str:
        """Return `name:line:column`, as editors understand it."""
        return ":".join([*filter(None, [name]), *([str(self.line), str(self.column)] if self.line else [])])

    def text(self) -> Text:
        """Return what is wrong, in both languages."""
        if match := _UNDECLARED.fullmatch(self.words):
            prefix = next(filter(None, match.groups()), "")
            return Text(f"前缀 {prefix}: 没有声明。", f"The prefix {prefix}: is not declared.")
        listing = self.words.startswith("expected")
        if self.at_end:
            return Text("内容在末尾中断，没有写完。", "It breaks off at its end" + ("." if listing else f" ({self.words})."))
        if listing:  # of a query: the list of what might follow helps nobody
            return Text(f"“{self.near}”附近不合语法。", f"Syntax error near “{self.near}”.")
        near = Text(f"“{self.near}”附近", f" near “{self.near}”") if self.near else Text("", "")
        return Text(f"{near.zh}不合语法。", f"Syntax error{near.en}: {self.words}.")


def fault_of(error: SyntaxError, text: str = "") -> Fault:
    """Read pyoxigraph's SyntaxError.

    Args:
        error: The error.
        text: What was parsed, to show the place.
    """
    message = str(error.msg)
    if match := _QUERY_ERROR.fullmatch(message):
        line, column, words = int(match[1]), int(match[2]), match[3]
    else:
        line, column, words = error.lineno or 0, error.offset or 0, _PARSER_ERROR.sub(r"\1", message)
    lines = text.splitlines() if line else []
    near = lines[line - 1][column - 1 :] if line <= len(lines) and column else ""
    after = "".join(lines[line:]) if line else ""
    if match and not near and text.count("{") <= text.count("}"):  # all is there, and the fault lies before the end
        near = text.strip()[-_MAX_NEAR:]
    ended = bool(text.strip()) and line > 0 and ("nexpected end" in words or not (near + after).strip())
    return Fault(line, column, _printable(words, _MAX_WORDS).rstrip("."), _printable(near, _MAX_NEAR), ended)


def undecodable(data: bytes, error: UnicodeDecodeError) -> Fault:
    """Return where bytes stop being UTF-8."""
    before = data[: error.start]
    line_start = before.rfind(b"\n") + 1
    column = len(before[line_start:].decode("utf-8", "replace")) + 1
    return Fault(before.count(b"\n") + 1, column, f"byte 0x{data[error.start]:02X}")


def _printable(words: str, room: int) -> str:
    words = "".join(c if c.isprintable() else "�" for c in " ".join(words.split()))
    return words if len(words) <= room else words[:room] + "…"
