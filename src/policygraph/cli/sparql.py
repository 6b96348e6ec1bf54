"""`policygraph sparql`: runs a query of one's own over the graph, under limits."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from policygraph.errors import Text, UsageError

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from policygraph.cli.context import Context

SUMMARY = Text(
    "运行自己的 SPARQL 查询（只读、不联网、有时限）。", "Run a SPARQL query of your own (read-only, no network, with a time limit)."
)
EXAMPLE = "policygraph sparql 'SELECT ?measure { ?measure a pg:Measure } ORDER BY ?measure'"
FORMATS = ("table", "csv", "tsv", "json", "markdown", "turtle")
_QUERY = Text("查询文本；省略或写 - 则从标准输入读取", "the query; left out or -, it is read from standard input")
_FILE = Text("从文件读取查询", "read the query from a file")
_TIMEOUT = Text("最多运行多少秒（缺省 10）", "seconds that it may run (10 by default)")
_FORMAT = Text(
    "输出格式：table、csv、tsv、json、markdown；三元组用 turtle 或 json", "table, csv, tsv, json, markdown; for triples turtle or json"
)
_OUTPUT = Text("写入文件而不是屏幕", "write to a file instead of the screen")
_ROWS = Text("共 {count} 行。", "Rows: {count}.")
_NONE = Text("没有结果。", "No result.")


def configure(parser: ArgumentParser, language: str) -> None:
    """Add the options."""
    parser.add_argument("query", nargs="?", metavar="QUERY", help=_QUERY.in_language(language))
    parser.add_argument("-f", "--file", metavar="FILE", help=_FILE.in_language(language))
    parser.add_argument("--timeout", type=float, default=10.0, metavar="SECONDS", help=_TIMEOUT.in_language(language))
    parser.add_argument("--format", choices=FORMATS, default="table", metavar="FORMAT", help=_FORMAT.in_language(language))
    parser.add_argument("-o", "--output", metavar="FILE", help=_OUTPUT.in_language(language))


def execute(args: Namespace, context: Context) -> int:
    """Run the query and print what it found."""
    from policygraph.app.sparql import query
    from policygraph.cli.output import note, write
    from policygraph.cli.results import shown
    from policygraph.model.terms import Table

    found = query(_text(args), context.roots, args.timeout)
    write(shown(found.result, args.format, context, to_screen=args.output is None), args.output)
    if args.format == "table" and isinstance(found.result, Table):
        count = _ROWS.format(count=len(found.result)) if len(found.result) else _NONE
        note(count.in_language(context.language))
    for text in found.notes:
        note(text.in_language(context.language))
    return 0


def _text(args: Namespace) -> str:
    from policygraph.app.sparql import read_query

    if args.file and args.query:
        raise UsageError(
            Text("查询文本与 --file 只能给一个。", "Give the query or --file, not both."),
            Text("请去掉其中之一。", "Leave one of them out."),
        )
    if args.file and args.file != "-":
        return read_query(Path(args.file))
    if args.query and args.query != "-":
        return str(args.query)
    return read_query(sys.stdin.buffer)
