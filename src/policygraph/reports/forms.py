"""The one entry to all forms of a report on a submission."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, BinaryIO

from policygraph.errors import Text, UsageError

if TYPE_CHECKING:
    from policygraph.model.answers import CheckReport

FORMS = ("text", "html", "pdf", "xlsx", "csv", "json", "turtle")
# Forms that are no text: they go to a file or another program, never to a screen.
BINARY = frozenset({"pdf", "xlsx"})


def write_report(report: CheckReport, form: str, language: str, out: BinaryIO, *, decisions: bool) -> None:
    """Write a report in a form; records are read one by one, some forms read them twice.

    Args:
        report: The report.
        form: One of FORMS.
        language: zh or en; json and turtle hold both.
        out: Where to write, left open. Colour is used where it is a terminal and NO_COLOR is not set.
        decisions: Whether the decisions matter most, as for `decide`, or the findings, as for `check`.

    Raises:
        UsageError: The form is not text and would go to a screen, or is unknown.
        MachineError: What pdf needs is not installed.
    """
    if form in BINARY and out.isatty():
        raise UsageError(
            Text(f"{form} 不是文字，不能显示在终端上。", f"{form} is no text and cannot be shown on a terminal."),
            Text("请用 -o 写入文件。", "Write it to a file with -o."),
            "--format",
        )
    match form:
        case "text":
            _write_text(report, language, out, decisions)
        case "html":
            from policygraph.reports.html import write_html

            write_html(report, language, out, decisions=decisions)
        case "pdf":
            from policygraph.reports.pdf import write_pdf

            write_pdf(report, language, out, decisions=decisions)
        case "xlsx":
            from policygraph.reports.xlsx import write_xlsx

            write_xlsx(report, language, out)
        case "csv":
            from policygraph.reports.csv import write_csv

            write_csv(report, language, out, decisions=decisions)
        case "json":
            from policygraph.reports.json import write_json

            write_json(report, out)
        case "turtle":
            from policygraph.reports.rdf import write_turtle

            write_turtle(report, out)
        case _:
            raise UsageError(
                Text(f"没有“{form}”这种格式。", f"There is no form “{form}”."),
                Text("可用：{forms}。", "Use one of {forms}.").format(forms=Text("、".join(FORMS), ", ".join(FORMS))),
                "--format",
            )


def coloured(out: BinaryIO) -> bool:
    """Say whether text that goes there may be coloured: only on a terminal, and not where NO_COLOR (no-color.org) is set."""
    return out.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _write_text(report: CheckReport, language: str, out: BinaryIO, decisions: bool) -> None:
    from policygraph.reports.text import TextReport

    writer = TextReport(language, colour=coloured(out))
    for line in writer.decide_lines(report) if decisions else writer.check_lines(report):
        out.write(line.encode())
