"""`policygraph kinds`: lists the kinds of submission, or explains one: its fields, child tables, checks and rules."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from policygraph.errors import Text

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from policygraph.cli.context import Context

SUMMARY = Text(
    "列出申报种类；给出一种则说明其字段、子表、核查与规则。",
    "List the kinds of submission, or explain one: its fields, child tables, checks and rules.",
)
EXAMPLE = "policygraph kinds AwardClaim"
FORMATS = ("text", "json", "csv", "markdown")
_KIND = Text("申报种类：短名、中英文名称或 IRI", "kind: short name, label or IRI")
_FORMAT = Text("输出格式：text、json、csv 或 markdown", "form of the output: text, json, csv or markdown")
_OUTPUT = Text("写入文件而不是屏幕", "write to a file instead of the screen")
_COUNT = Text(
    "共 {count} 种。policygraph kinds 名称 说明一种，例如：{example}",
    "{count} kinds. `policygraph kinds NAME` explains one, for instance: {example}",
)


def configure(parser: ArgumentParser, language: str) -> None:
    """Add the options."""
    parser.add_argument("kind", nargs="?", metavar="KIND", help=_KIND.in_language(language))
    parser.add_argument("--format", choices=FORMATS, default="text", metavar="FORMAT", help=_FORMAT.in_language(language))
    parser.add_argument("-o", "--output", metavar="FILE", help=_OUTPUT.in_language(language))


def execute(args: Namespace, context: Context) -> int:
    """List the kinds, or explain one."""
    from policygraph.app.kinds import read_kinds
    from policygraph.cli.kindlist import KindList
    from policygraph.cli.kindpage import KindPage
    from policygraph.cli.output import columns, write
    from policygraph.cli.tables import render
    from policygraph.records.forms import load_forms
    from policygraph.store.embedded import EmbeddedStore

    store = EmbeddedStore(context.graph)
    forms = load_forms(store, context.roots)
    kind = forms.find(args.kind) if args.kind is not None else None
    kinds = read_kinds(store, forms, context.entities)
    wide = columns() if args.output is None else 0
    shown: KindList | KindPage
    if kind is None:
        shown = KindList(kinds, forms, context.entities, context.language)
    else:
        shown = KindPage(next(about for about in kinds if about.kind == kind), forms, context.language)
    if args.format == "json":
        text = json.dumps(shown.plain(), ensure_ascii=False, indent=2) + "\n"
    elif args.format == "text":
        text = "".join(f"{line}\n" for line in shown.lines(wide))
        if kind is None:
            text += f"\n{_COUNT.format(count=len(kinds), example=EXAMPLE).in_language(context.language)}\n"
    else:
        table, headings = shown.table()
        text = render(table, args.format, headings=headings)
    write(text, args.output)
    return 0
