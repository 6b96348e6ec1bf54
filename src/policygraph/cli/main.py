"""The `policygraph` command: finds the command that is meant, and turns errors and signals into exit codes."""

from __future__ import annotations

import argparse
import io
import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING

from policygraph.cli import language as languages
from policygraph.errors import PolicyGraphError, Text, UsageError

if TYPE_CHECKING:
    from types import ModuleType

    from policygraph.cli.arguments import Parser
    from policygraph.cli.context import Context

# In the order of the help. Each module has SUMMARY, EXAMPLE, configure(parser, language) and execute(args, context) -> int, and is
# imported only when it is chosen, or when the help lists all.
COMMANDS: dict[str, str] = {
    name: f"policygraph.cli.{name}"
    for name in (
        "demo",
        "ask",
        "show",
        "check",
        "template",
        "kinds",
        "decide",
        "replay",
        "register",
        "entitlements",
        "whatif",
        "diff",
        "audit",
        "lint",
        "reason",
        "anchors",
        "export",
        "push",
        "schema",
        "sparql",
        "serve",
        "doctor",
    )
}
ENV_DEBUG = "POLICYGRAPH_DEBUG"
EXIT_INTERNAL, EXIT_INTERRUPTED, EXIT_CLOSED_PIPE = 70, 130, 141

_ABOUT = Text(
    "把政策文件做成知识图谱：可查询、可核查、可判读，每个答案都附原句。",
    "A policy document as a knowledge graph: ask it, check submissions, decide cases, each answer with the verbatim sentence.",
)
_COMMANDS = Text("命令：", "commands:")
_SYNOPSIS = Text("policygraph [选项] COMMAND [参数 …]", "policygraph [options] COMMAND [argument …]")
_COMMAND = Text("命令，见下", "one of the commands below")
_REST = Text("该命令的参数", "arguments of the command")
_VERSION = Text("显示版本与数据摘要", "show the version and the digest of the graph")
_MORE = Text("policygraph 命令 --help 显示该命令的说明。", "policygraph COMMAND --help describes a command.")
_EXITS = Text(
    "退出码（所有命令）：\n"
    "  0  完成（有提示也算）；ask、decide、entitlements、whatif、diff 无论答案如何都是 0\n"
    "  1  有发现：不符合、无效或数据缺陷；加 --strict 时，提示与待定也算\n"
    "  2  用法有误，或输入无法读取\n"
    " 70  程序自身的错误；130 被 Ctrl-C 中断；141 输出管道已关闭",
    "exit codes (all commands):\n"
    "  0  done, also with a warning; ask, decide, entitlements, whatif and diff whatever the answer\n"
    "  1  findings: violation, invalid, faults in the data; with --strict also warning and undetermined\n"
    "  2  bad usage, or input that cannot be read\n"
    " 70  a fault of the program itself; 130 stopped by Ctrl-C; 141 the output pipe was closed",
)
_ERROR = Text("错误：", "error: ")
_INTERNAL = Text(
    "程序内部错误（{kind}：{words}）。请附上命令和 policygraph doctor 的输出报告给维护者；设 POLICYGRAPH_DEBUG=1 可看详情。",
    "Internal error ({kind}: {words}). Please report it with the command and the output of `policygraph doctor`;"
    " POLICYGRAPH_DEBUG=1 shows details.",
)


def run() -> None:
    """Entry point of the console script."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal without Chinese shows codes instead of breaking
    sys.exit(main(sys.argv[1:]))


def main(argv: list[str]) -> int:
    """Run a command line and return its exit code."""
    language = languages.from_locale(os.environ)
    try:
        language = languages.choose(argv, os.environ)
        code = _dispatch(argv, language)
        sys.stdout.flush()
    except PolicyGraphError as error:
        return _complain(error, language)
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED
    except BrokenPipeError:
        # Python flushes stdout once more when it ends; point it where nothing can break.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_CLOSED_PIPE
    except SystemExit as leaving:  # argparse leaves after --help
        return leaving.code if isinstance(leaving.code, int) else 0
    except Exception as error:
        if os.environ.get(ENV_DEBUG):
            raise
        words = " ".join(str(error).split())[:200] or "-"
        print(_INTERNAL.format(kind=type(error).__name__, words=words).in_language(language), file=sys.stderr)
        return EXIT_INTERNAL
    return code


def _dispatch(argv: list[str], language: str) -> int:
    from policygraph.cli.context import Context

    top, names = _top_parser(language), list(COMMANDS)
    if set(argv) & {"-h", "--help"} and not set(argv) & set(names):
        return _help(top, language)
    args = top.parse_args(argv)
    data = tuple(getattr(args, "data", ()))
    if args.version:
        _print_version(Context(language, data))
        return 0
    if args.command is None:
        return _help(top, language)
    if args.command not in names:
        raise _unknown(args.command, names)
    module = import_module(COMMANDS[args.command])
    parser = _parser(args.command, module, language)
    chosen = parser.parse_args(args.rest)
    context = Context(language, (*data, *getattr(chosen, "data", ())))
    code: int = module.execute(chosen, context)
    return code


def _top_parser(language: str) -> Parser:
    from policygraph.cli.arguments import Parser

    parser = Parser(language, "policygraph", _ABOUT.in_language(language))
    parser.usage = _SYNOPSIS.in_language(language)
    parser.add_argument("--version", action="store_true", help=_VERSION.in_language(language))
    parser.add_argument("command", nargs="?", metavar="COMMAND", help=_COMMAND.in_language(language))
    parser.add_argument("rest", nargs=argparse.REMAINDER, metavar="…", help=_REST.in_language(language))
    return parser


def _parser(name: str, module: ModuleType, language: str) -> Parser:
    from policygraph.cli.arguments import Parser

    parser = Parser(language, f"policygraph {name}", module.SUMMARY.in_language(language), module.EXAMPLE)
    module.configure(parser, language)
    return parser


def _help(parser: Parser, language: str) -> int:
    parser.epilog = _overview(language)
    parser.print_help()
    return 0


def _overview(language: str) -> str:
    """Return the commands with a line and an example each, and the exit codes."""
    lines = [_COMMANDS.in_language(language)]
    for name, path in COMMANDS.items():
        module = import_module(path)
        lines += [f"  {name:9} {module.SUMMARY.in_language(language)}", f"            $ {module.EXAMPLE}"]
    return "\n".join([*lines, "", _MORE.in_language(language), "", _EXITS.in_language(language)])


def _print_version(context: Context) -> None:
    from policygraph import __version__
    from policygraph.graph.loading import digest

    words = Text("数据摘要 sha256：", "digest of the graph, sha256: ").in_language(context.language)
    print(f"policygraph {__version__}\n{words}{digest(context.roots)}")


def _unknown(command: str, names: list[str]) -> UsageError:
    import difflib

    near = difflib.get_close_matches(command, names, 3, 0.5)
    return UsageError(
        Text(f"没有命令“{command}”。", f"There is no command “{command}”."),
        Text("您是否要用：{near}", "Did you mean: {near}").format(near=", ".join(near))
        if near
        else Text("policygraph --help 列出全部命令。", "policygraph --help lists them."),
    )


def _complain(error: PolicyGraphError, language: str) -> int:
    try:
        print(_ERROR.in_language(language) + error.render(language), file=sys.stderr)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())
    return error.exit_code


if __name__ == "__main__":
    run()
