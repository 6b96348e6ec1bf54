"""`policygraph register`: which submissions were accepted, with verdict and receipt, by whom and when."""

from __future__ import annotations

import argparse
from importlib import import_module
from typing import TYPE_CHECKING

from policygraph.errors import Text, UsageError

if TYPE_CHECKING:
    from types import ModuleType

    from policygraph.cli.arguments import Parser
    from policygraph.cli.context import Context

SUMMARY = Text(
    "登记簿：登记已接受的申报及其结论与凭证，更正、认定、删除、查找、导出、核验与备份。",
    "The register: enter accepted submissions with verdict and receipt; correct, determine, erase, find, export, verify, back up.",
)
EXAMPLE = "policygraph register add examples/green-channel-good.ttl --register register.db --new"
# Each is a module here with SUMMARY, EXAMPLE, configure and execute, as commands have them.
COMMANDS = ("add", "list", "show", "search", "determine", "correct", "erase", "export", "verify", "backup", "restore", "token")
_ACTION = Text("子命令，见下", "one of the commands below")
_REST = Text("该子命令的参数", "arguments of that command")
_LISTED = Text("子命令：", "commands:")
_MORE = Text("policygraph register 子命令 --help 显示该子命令的说明。", "policygraph register COMMAND --help describes a command.")
_WHERE = Text(
    "登记簿用 --register FILE 指明，或由环境变量 POLICYGRAPH_REGISTER 指明；没有缺省位置。登记簿含个人信息，请妥善保管。",
    "The register is named with --register FILE or by POLICYGRAPH_REGISTER in the environment; there is no default place."
    " It holds personal data: keep it safe.",
)


def configure(parser: argparse.ArgumentParser, language: str) -> None:
    """Add the sub-command and what follows it."""
    from policygraph.cli.register.shared import add_register

    add_register(parser, language)
    parser.add_argument("action", nargs="?", metavar="COMMAND", help=_ACTION.in_language(language))
    parser.add_argument("rest", nargs=argparse.REMAINDER, metavar="…", help=_REST.in_language(language))
    lines = [_WHERE.in_language(language), "", _LISTED.in_language(language)]
    for name in COMMANDS:
        module = _module(name)
        lines += [f"  {name:10} {module.SUMMARY.in_language(language)}", f"             $ {module.EXAMPLE}"]
    parser.epilog = "\n".join([*lines, "", _MORE.in_language(language), "", parser.epilog or ""])


def execute(args: argparse.Namespace, context: Context) -> int:
    """Run a sub-command."""
    if args.action is None:
        _parser_of(context.language).print_help()
        return 0
    if args.action not in COMMANDS:
        raise _unknown(args.action)
    from policygraph.cli.arguments import Parser
    from policygraph.cli.context import Context

    module = _module(args.action)
    parser = Parser(context.language, f"policygraph register {args.action}", module.SUMMARY.in_language(context.language), module.EXAMPLE)
    module.configure(parser, context.language)
    chosen = parser.parse_args(args.rest)
    if chosen.register is None:
        chosen.register = args.register
    code: int = module.execute(chosen, Context(context.language, (*context.data, *getattr(chosen, "data", ()))))
    return code


def _module(name: str) -> ModuleType:
    return import_module(f"{__name__}.{name}")


def _parser_of(language: str) -> Parser:
    from policygraph.cli.arguments import Parser

    parser = Parser(language, "policygraph register", SUMMARY.in_language(language), EXAMPLE)
    configure(parser, language)
    return parser


def _unknown(action: str) -> UsageError:
    import difflib

    near = difflib.get_close_matches(action, COMMANDS, 3, 0.5)
    return UsageError(
        Text(f"没有子命令“{action}”。", f"There is no command “{action}”."),
        Text("您是否要用：{near}", "Did you mean: {near}?").format(near=", ".join(near))
        if near
        else Text("policygraph register --help 列出全部子命令。", "policygraph register --help lists them."),
        "register",
    )
