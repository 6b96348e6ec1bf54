"""`policygraph diff A B`: what tells two versions or two policies apart, with the sentences of both."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from policygraph.errors import Text

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from policygraph.cli.context import Context

SUMMARY = Text(
    "比较两项政策或两个版本：文本、条款、强度、数值、责任单位、规则，增删改各附两边原句。",
    "Compare two policies or versions: text, clauses, strengths, numbers, units and rules, with the sentences of both sides.",
)
EXAMPLE = "policygraph diff xinban-2023-10 examples/overlays/amend-awards.ttl"


def configure(parser: ArgumentParser, language: str) -> None:
    """Add the two sides and the form."""

    def words(zh: str, en: str) -> str:
        return Text(zh, en).in_language(language)

    side = words(
        "政策的名称、文号或 IRI，数据目录，或叠加文件（.ttl）", "a policy's name, number or IRI, a data folder, or an overlay (.ttl)"
    )
    parser.add_argument("before", metavar="A", help=side)
    parser.add_argument("after", metavar="B", help=side)
    parser.add_argument("--format", choices=("text", "json"), default="text", help=words("输出格式", "form of the report"))
    parser.add_argument("--exit-code", action="store_true", help=words("有差别时以 1 退出", "exit 1 when they differ"))
    parser.add_argument("-o", "--output", metavar="FILE", help=words("写入文件而不是屏幕", "write to a file instead of the screen"))


def execute(args: Namespace, context: Context) -> int:
    """Print the differences; 0, or with --exit-code 1 when there are any."""
    from policygraph.app.diff import compare
    from policygraph.cli.output import write

    found = compare(context.roots, args.before, args.after)
    if args.format == "json":
        from policygraph.reports.plain import to_plain

        write(json.dumps(to_plain(found), ensure_ascii=False, indent=2) + "\n", args.output)
    else:
        from policygraph.reports.comparison import comparison_text

        write(comparison_text(found, context.language), args.output)
    return int(bool(found.differences) and args.exit_code)
