"""`policygraph lint`: faults of the policy graph itself, with file, line and how to mend them."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from policygraph.errors import Text

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Callable, Iterator

    from policygraph.app.lint import Finding, Lint
    from policygraph.cli.context import Context

SUMMARY = Text(
    "检查政策图谱自身：形状、缺陷查询、数值与原词、生成的文件。",
    "Check the policy graph itself: shapes, fault queries, values against words, generated files.",
)
EXAMPLE = "policygraph lint --format json"
_MARKS = {"error": "✗", "warning": "!"}
_FINDING = Text("{mark} {label}（{node}）：{what}", "{mark} {label} ({node}): {what}")
_FILE = Text("{mark} {node}：{what}", "{mark} {node}: {what}")
_WHERE = Text("    {where}  [{check}]", "    {where}  [{check}]")
_FIX = Text("    改正：{fix}", "    To do: {fix}")
_IDLE = Text("· 形状没有对象可查：{shape}", "· This shape matched nothing: {shape}")
_END = Text(
    "{mark} 做了 {checks} 项检查：{errors} 个错误，{warnings} 个警告",
    "{mark} {checks} checks ran: {errors} errors, {warnings} warnings",
)
_PROGRESS = Text("正在检查：{step}", "Checking: {step}")
_CLEAR = "\r\x1b[K"


def configure(parser: ArgumentParser, language: str) -> None:
    """Add the options."""
    words = {
        "format": Text("输出格式：text 或 json。", "Output format: text or json."),
        "output": Text("写入文件而不是屏幕。", "Write to a file instead of the screen."),
    }
    parser.add_argument("--format", choices=("text", "json"), default="text", help=words["format"].in_language(language))
    parser.add_argument("-o", "--output", metavar="FILE", help=words["output"].in_language(language))


def execute(args: Namespace, context: Context) -> int:
    """Print the findings; 1 if there is an error, 0 when there are warnings only."""
    from policygraph.app.lint import ERROR, run
    from policygraph.cli.output import write

    found = run(context.roots, _progress(context.language))
    if sys.stderr.isatty():
        print(_CLEAR, end="", file=sys.stderr, flush=True)
    if args.format == "json":
        shown = json.dumps(document(found), ensure_ascii=False, indent=2)
    else:
        shown = "\n".join(text.in_language(context.language) for text in lines(found))
    write(shown + "\n", args.output)
    return int(found.count(ERROR) > 0)


def lines(found: Lint) -> Iterator[Text]:
    """Yield the findings and what ran, line by line."""
    for finding in found.findings:
        named = _FINDING if "://" in finding.node else _FILE
        node = finding.node.rpartition("/")[2] if "://" in finding.node else finding.node
        yield named.format(mark=_MARKS[finding.severity], label=finding.label, node=node, what=finding.what)
        yield _WHERE.format(where=finding.where or finding.node, check=finding.check)
        yield _FIX.format(fix=finding.fix)
    for shape in found.idle:
        yield _IDLE.format(shape=shape.rpartition("/")[2])
    errors, warnings = found.count("error"), found.count("warning")
    mark = "✗" if errors else "!" if warnings else "✓"
    yield _END.format(mark=mark, checks=len(found.checks), errors=errors, warnings=warnings)


def document(found: Lint) -> dict[str, object]:
    """Return the findings as data."""
    return {
        "errors": found.count("error"),
        "warnings": found.count("warning"),
        "checks": list(found.checks),
        "matched_nothing": list(found.idle),
        "findings": [_finding(finding) for finding in found.findings],
    }


def _finding(finding: Finding) -> dict[str, object]:
    def both(text: Text) -> dict[str, str]:
        return {"zh": text.zh, "en": text.en}

    return {
        "check": finding.check,
        "severity": finding.severity,
        "node": finding.node,
        "label": both(finding.label),
        "where": finding.where,
        "what": both(finding.what),
        "fix": both(finding.fix),
    }


def _progress(language: str) -> Callable[[Text], None]:
    """Return what shows the step on a terminal, and nothing in a pipe."""

    def show(step: Text) -> None:
        if sys.stderr.isatty():
            print(_CLEAR + _PROGRESS.format(step=step).in_language(language), end="", file=sys.stderr, flush=True)

    return show
