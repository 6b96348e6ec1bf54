"""`policygraph check FILE`: verdict on each record of a submission, every finding with its sentence and how to mend it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policygraph.cli import submission
from policygraph.errors import Text

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from policygraph.cli.context import Context

SUMMARY = Text(
    "核查申报文件：逐条给出结论、依据的原句与改正办法。",
    "Check a submission: a verdict for each record, with the sentence behind it and how to mend it.",
)
EXAMPLE = "policygraph check examples/award-claim-too-high.jsonld"
# Verdicts that make the command exit 1; a strict caller also stops at what is undetermined or a warning.
FAILING = {"invalid", "violation"}
STRICT = FAILING | {"undetermined", "warning", "unchecked"}


def configure(parser: ArgumentParser, language: str) -> None:
    """Add the options."""
    submission.add_options(parser, language)
    words = Text("待定、提示或未核查也以 1 退出", "exit 1 also for undetermined, warning and unchecked")
    parser.add_argument("--strict", action="store_true", help=words.in_language(language))


def execute(args: Namespace, context: Context) -> int:
    """Check the file and print the report; 1 on findings."""
    report, _ = submission.run_check(args, context)
    submission.put_out(report, args, context, decisions=False)
    verdicts = {record.verdict.short for record in report.records} | {report.verdict.short}
    return int(bool(verdicts & (STRICT if args.strict else FAILING)))
