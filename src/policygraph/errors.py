"""Every error that policygraph raises, and the bilingual text they carry.

PolicyGraphError
├── UsageError          the caller's words are off: unknown question, parameter, id, format
├── InputError          the caller's file cannot be read: empty, truncated, wrong encoding, syntax
├── DataError           the policy's own files are broken: names file and line
├── LimitError          a foreign query or file went over a limit and was stopped
├── BusyError           everything that could do it is busy; says when to try again
├── StoreError          a store or endpoint did not answer
└── MachineError        something this machine lacks, with what to do

Each says what is wrong, where, and what to do next, in Chinese and English.
"""

from __future__ import annotations

import errno
from dataclasses import dataclass

LANGUAGES = ("zh", "en")


def clean(text: str) -> str:
    """Return a text without what could move the cursor or fool the eye: controls show as �, line ends as ⏎."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c == "\u3000" else {"\n": "⏎", "\t": " "}.get(c, "�") for c in text)


@dataclass(frozen=True, slots=True)
class Text:
    """One message in both languages; never mixed within one sentence."""

    zh: str
    en: str

    def in_language(self, language: str) -> str:
        """Return the wording in a language; Chinese unless English is asked for."""
        return self.en if language == "en" else self.zh

    def format(self, **values: object) -> Text:
        """Fill the same values into both wordings; a `Text` value is filled in its own language."""
        zh = {k: v.zh if isinstance(v, Text) else v for k, v in values.items()}
        en = {k: v.en if isinstance(v, Text) else v for k, v in values.items()}
        return Text(self.zh.format(**zh), self.en.format(**en))


class PolicyGraphError(Exception):
    """Root of all errors: what is wrong, where, and what to do next.

    Args:
        what: What is wrong.
        fix: What to do next.
        where: File, line or IRI concerned, if any.
    """

    exit_code = 2

    def __init__(self, what: Text, fix: Text, where: str = "") -> None:
        super().__init__(what.en)
        self.what, self.fix, self.where = what, fix, where

    def render(self, language: str) -> str:
        """Return the message in one language, ending with what to do next."""
        place = f"{self.where}: " if self.where else ""
        said = f"{place}{self.what.in_language(language)}\n{self.fix.in_language(language)}"
        # Errors quote foreign words; no control character of theirs reaches the terminal.
        return "\n".join(clean(line) for line in said.split("\n"))


class UsageError(PolicyGraphError):
    """The caller named something that does not exist, or combined options that do not fit."""


class InputError(PolicyGraphError):
    """The caller's file cannot be read as what it claims to be."""


class DataError(PolicyGraphError):
    """A file of the policy graph, its shapes or its queries is broken."""


class LimitError(PolicyGraphError):
    """A foreign query or file was stopped at a limit of length, nesting, time or memory."""


class BusyError(PolicyGraphError):
    """Nobody is free to do it now.

    Args:
        what: What is wrong.
        fix: What to do next.
        where: File, line or IRI concerned, if any.
        seconds: After how long to try again.
    """

    def __init__(self, what: Text, fix: Text, where: str = "", *, seconds: int = 1) -> None:
        super().__init__(what, fix, where)
        self.seconds = seconds


class StoreError(PolicyGraphError):
    """A store or endpoint did not answer as it should."""


class MachineError(PolicyGraphError):
    """This machine lacks something; the fix names it."""


_REASONS = {
    errno.ENOENT: Text("文件不存在", "there is no such file"),
    errno.EACCES: Text("没有权限", "permission denied"),
    errno.EPERM: Text("没有权限", "permission denied"),
    errno.EISDIR: Text("这是一个目录", "it is a folder"),
    errno.ENOTDIR: Text("路径中有一段不是目录", "a part of the path is no folder"),
    errno.ENOSPC: Text("磁盘已满", "the disk is full"),
    errno.EROFS: Text("文件系统只读", "the file system is read-only"),
    errno.ENAMETOOLONG: Text("文件名过长", "the name is too long"),
    errno.EMFILE: Text("打开的文件过多", "too many files are open"),
}


def reason(error: OSError) -> Text:
    """Return why the operating system refused, in both languages; its own words and number where it is not a common one."""
    words = f"{error.strerror or type(error).__name__} ({error.errno})"
    return _REASONS.get(error.errno or 0, Text(f"系统错误 {words}", words))


def unreadable(error: OSError) -> tuple[Text, Text]:
    """Return what is wrong and what to do when a file cannot be read."""
    return (
        Text("无法读取：{why}。", "It cannot be read: {why}.").format(why=reason(error)),
        Text("请检查文件名与权限。", "Check the file's name and permissions."),
    )
