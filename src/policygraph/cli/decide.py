"""`policygraph decide FILE`: who is entitled to what on the facts stated, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policygraph.cli import submission
from policygraph.errors import Text

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from policygraph.cli.context import Context

SUMMARY = Text(
    "判读申报文件：逐条给出是否符合条件、数额、每个条件的状态与依据的原句。",
    "Decide a submission: whether each record meets the conditions, the amount, every condition and the sentence behind it.",
)
EXAMPLE = "policygraph decide examples/green-channel-good.ttl --as-of 2024-12-31"


def configure(parser: ArgumentParser, language: str) -> None:
    """Add the options."""
    submission.add_options(parser, language)


def execute(args: Namespace, context: Context) -> int:
    """Decide the file's records and print the decisions; 0 whatever they are, 1 if a record is invalid and has none."""
    from policygraph.cli.output import write
    from policygraph.reports.text import TextReport

    report = submission.run_check(args, context)
    write(submission.render(report, args, TextReport(context.language).decide(report)), args.output)
    return int(report.verdict.short == "invalid")
