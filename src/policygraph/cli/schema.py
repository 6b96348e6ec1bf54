"""`policygraph schema NAME`: the JSON Schema of what a command prints with `--format json`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from policygraph.errors import Text

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from policygraph.cli.context import Context

SUMMARY = Text(
    "输出某命令的 JSON 报告所遵循的 JSON Schema。",
    "Print the JSON Schema of the report that a command writes with --format json.",
)
EXAMPLE = "policygraph schema decide"


def configure(parser: ArgumentParser, language: str) -> None:
    """Add the options."""
    from policygraph.reports.schema import REPORTS

    name = Text("命令，其 JSON 报告的模式将被输出", "command whose JSON report is described")
    parser.add_argument("name", metavar="NAME", choices=sorted(REPORTS), help=name.in_language(language))
    place = Text("写入文件而不是屏幕", "write to a file instead of the screen")
    parser.add_argument("-o", "--output", metavar="FILE", help=place.in_language(language))


def execute(args: Namespace, context: Context) -> int:
    """Print the schema."""
    from policygraph.cli.output import write
    from policygraph.reports.schema import report_schema

    write(json.dumps(report_schema(args.name), ensure_ascii=False, indent=2) + "\n", args.output)
    return 0
