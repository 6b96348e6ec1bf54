"""argparse in two languages: headings, usage and complaints in the user's, Chinese wrapped by its width."""

from __future__ import annotations

import argparse
import re
from typing import TYPE_CHECKING, NoReturn

from policygraph.errors import Text, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

_USAGE = Text("用法：", "usage: ")
_ARGUMENTS = Text("参数", "arguments")
_OPTIONS = Text("选项", "options")
_EXAMPLES = Text("示例：", "example:")
_HELP = Text("显示本说明后退出", "show this help and exit")
_LANG = Text("输出语言：zh 或 en", "language of the output: zh or en")
_DATA = Text("增加一个含 ontology/ 的数据目录（可重复）", "add a data folder that holds ontology/ (repeatable)")

# argparse's complaints are English; each is known by its form.
_COMPLAINTS = (
    (r"argument (?P<a>.+?): invalid choice: (?P<b>.+?),? \(choose from (?P<c>.+)\)", "{a} 不能是 {b}，可选：{c}。"),
    (r"argument (?P<a>.+?): expected one argument", "{a} 之后缺少一个值。"),
    (r"argument (?P<a>.+?): expected at least one argument", "{a} 之后至少要有一个值。"),
    (r"argument (?P<a>.+?): expected (?P<b>\d+) arguments?", "{a} 之后应有 {b} 个值。"),
    (r"argument (?P<a>.+?): invalid (?P<b>\S+) value: (?P<c>.+)", "{a} 的值 {c} 不合要求。"),
    (r"argument (?P<a>.+?): not allowed with argument (?P<b>.+)", "{a} 不能与 {b} 同用。"),
    (r"argument (?P<a>.+?): ignored explicit argument (?P<b>.+)", "{a} 不带值，却给了 {b}。"),
    (r"one of the arguments (?P<a>.+) is required", "须给出其中之一：{a}。"),
    (r"the following arguments are required: (?P<a>.+)", "缺少参数：{a}。"),
    (r"unrecognized arguments: (?P<a>.+)", "不认识的参数：{a}。"),
    (r"ambiguous option: (?P<a>.+) could match (?P<b>.+)", "选项 {a} 不明确，可能是 {b}。"),
)

_COLUMN = re.compile(r" *\S+  +(?=\S)")
_HEADING = re.compile(rf"^({_ARGUMENTS.zh}|{_OPTIONS.zh}):$", re.MULTILINE)


class Parser(argparse.ArgumentParser):
    """An argument parser in the user's language that raises instead of leaving.

    Args:
        language: zh or en.
        prog: How the command is called.
        description: What it does.
        example: A command line that works.
        notes: Further paragraphs below the options.
    """

    def __init__(self, language: str, prog: str, description: str, example: str = "", notes: Iterable[str] = ()) -> None:
        shown = f"{_EXAMPLES.in_language(language)}\n  {example}" if example else ""
        super().__init__(
            prog=prog,
            description=description,
            epilog="\n\n".join(filter(None, [*notes, shown])),
            formatter_class=lambda prog: _Formatter(prog, language),
            add_help=False,
            allow_abbrev=False,
        )
        self.language = language
        self._positionals.title = _ARGUMENTS.in_language(language)
        self._optionals.title = _OPTIONS.in_language(language)
        self.add_argument("-h", "--help", action="help", help=_HELP.in_language(language))
        self.add_argument("--lang", default=argparse.SUPPRESS, metavar="zh|en", help=_LANG.in_language(language))
        self.add_argument("--data", action="append", default=argparse.SUPPRESS, metavar="DIR", help=_DATA.in_language(language))

    def error(self, message: str) -> NoReturn:
        """Raise what argparse has to complain about.

        Raises:
            UsageError: Always.
        """
        raise UsageError(
            Text(complaint(message), message[:1].upper() + message[1:].rstrip(".") + "."),
            Text(f"见 {self.prog} --help", f"See {self.prog} --help"),
        )


def complaint(message: str) -> str:
    """Return one of argparse's complaints in Chinese."""
    for pattern, zh in _COMPLAINTS:
        if match := re.fullmatch(pattern, message):
            return zh.format(**match.groupdict())
    return f"参数有误：{message}"


class _Formatter(argparse.RawDescriptionHelpFormatter):
    def __init__(self, prog: str, language: str) -> None:
        super().__init__(prog, max_help_position=26)
        self._language = language

    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Iterable[argparse._MutuallyExclusiveGroup],
        prefix: str | None = None,
    ) -> None:
        super().add_usage(usage, actions, groups, _USAGE.in_language(self._language) if prefix is None else prefix)

    def _split_lines(self, text: str, width: int) -> list[str]:
        from policygraph.cli.width import wrap

        return wrap(" ".join(text.split()), width)

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        from policygraph.cli.width import wrap

        lines: list[str] = []
        for line in text.splitlines():
            if line.lstrip().startswith(("$ ", "policygraph ")):  # to be copied whole
                lines.append(line)
                continue
            first, *more = wrap(line, width)
            if more:  # a second column stays one
                margin = len(match[0]) if (match := _COLUMN.match(line)) else 0
                first, *more = wrap(line[margin:], width - margin)
                lines += [line[:margin] + first, *(" " * margin + each for each in more)]
            else:
                lines.append(first)
        return "\n".join(indent + line for line in lines)

    def format_help(self) -> str:
        text = super().format_help()
        return _HEADING.sub(r"\1：", text) if self._language == "zh" else text
