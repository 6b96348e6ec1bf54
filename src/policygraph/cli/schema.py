"""`policygraph schema NAME`: the JSON Schema of what a command prints with `--format json`, or of submissions of a kind."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from policygraph.errors import Text, UsageError

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from typing import Any

    from policygraph.cli.context import Context

SUMMARY = Text(
    "输出某命令的 JSON 报告或某种申报的 JSON 文件所遵循的 JSON Schema。",
    "Print the JSON Schema of a command's JSON report, or of submissions of a kind in JSON.",
)
EXAMPLE = "policygraph schema decide"


def configure(parser: ArgumentParser, language: str) -> None:
    """Add the options."""
    from policygraph.reports.schema import REPORTS

    reports = ", ".join(sorted(REPORTS))
    name = Text(
        "命令（{reports}），或申报种类的短名或名称", "a command ({reports}), or the short name or label of a kind of submission"
    ).format(reports=reports)
    parser.add_argument("name", metavar="NAME", help=name.in_language(language))
    place = Text("写入文件而不是屏幕", "write to a file instead of the screen")
    parser.add_argument("-o", "--output", metavar="FILE", help=place.in_language(language))


def execute(args: Namespace, context: Context) -> int:
    """Print the schema."""
    from policygraph.cli.output import write

    write(json.dumps(_schema(args.name, context), ensure_ascii=False, indent=2) + "\n", args.output)
    return 0


def _schema(name: str, context: Context) -> dict[str, Any]:
    from policygraph.reports.schema import REPORTS, report_schema

    if name in REPORTS:
        return report_schema(name)
    from policygraph.records.forms import load_forms
    from policygraph.records.schema import kind_schema
    from policygraph.store.embedded import EmbeddedStore

    forms = load_forms(EmbeddedStore(context.graph), context.roots)
    try:
        return kind_schema(forms.find(name), forms)
    except UsageError as error:
        reports = Text("、".join(sorted(REPORTS)), ", ".join(sorted(REPORTS)))
        what = Text("没有名为“{name}”的报告或申报种类。", "No report and no kind of submission is called “{name}”.").format(name=name)
        fix = Text("{fix}\n命令：{reports}。", "{fix}\nCommands: {reports}.").format(fix=error.fix, reports=reports)
        raise UsageError(what, fix) from error
