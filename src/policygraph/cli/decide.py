"""`policygraph decide FILE`: who is entitled to what on the facts stated, and why."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from policygraph.cli import submission
from policygraph.errors import Text, UsageError
from policygraph.vocab import PG

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from policygraph.cli.context import Context

SUMMARY = Text(
    "判读申报文件：逐条给出是否符合条件、数额、每个条件的状态与依据的原句。",
    "Decide a submission: whether each record meets the conditions, the amount, every condition and the sentence behind it.",
)
EXAMPLE = "policygraph decide examples/green-channel-good.ttl --as-of 2024-12-31"

_ALL_CHANGES = Text(
    "也显示涉及既成事实（已成过去、不能再变）的改动；缺省只显示仍可补充或取得的事实",
    "show also changes of facts that are past and fixed; by default only facts that can still be supplied or obtained",
)
_RECEIPT = Text(
    "同时写出凭证（.ttl、.jsonld、.nt）：所用事实、文本与图谱的摘要和结果；内含所报事实，请妥善保管",
    "also write a receipt (.ttl, .jsonld, .nt): facts used, digests of text and graph, the result; it holds the facts: keep it safe",
)
_WRITTEN = {
    True: Text("凭证已写入 {path}（已签名）", "receipt written to {path} (signed)"),
    False: Text(
        "凭证已写入 {path}（未签名：未设置 POLICYGRAPH_SIGNING_KEY）",
        "receipt written to {path} (unsigned: POLICYGRAPH_SIGNING_KEY is not set)",
    ),
}
_TOO_MANY = Text("只为前 {most} 条记录寻找了改动的办法。", "What would change a decision was looked for in the first {most} records only.")


def configure(parser: ArgumentParser, language: str) -> None:
    """Add the options."""
    submission.add_options(parser, language)
    parser.add_argument("--all-changes", action="store_true", help=_ALL_CHANGES.in_language(language))
    parser.add_argument("--receipt", metavar="FILE", help=_RECEIPT.in_language(language))


def _spare(args: Namespace) -> None:
    """Refuse to write a receipt over the submission, the report, or any file that is there already.

    Raises:
        UsageError: It would replace a file.
    """
    place = Path(args.receipt)
    taken = args.output and Path(args.output).resolve() == place.resolve()
    if taken or os.path.lexists(place):
        raise UsageError(
            Text("凭证不会覆盖已有的文件，也不能与报告写入同一处。", "A receipt replaces no file, and cannot go where the report goes."),
            Text("请为凭证另取文件名。", "Give the receipt another name."),
            args.receipt,
        )


def execute(args: Namespace, context: Context) -> int:
    """Decide the file's records and print the decisions; 0 whatever they are, 1 if a record is invalid and has none."""
    from policygraph.app.changes import MAX_RECORDS, with_remedies
    from policygraph.app.receipts import circumstances, make, now, write_form
    from policygraph.cli.output import write
    from policygraph.graph.serialising import serialise

    if args.receipt:
        write_form(args.receipt)  # a wrong ending is told before any work
        _spare(args)
    setting = submission.make_setting(args, context)
    decided, records = submission.run_check(args, context, setting)
    report = with_remedies(decided, records, setting, past=args.all_changes)
    if len(records) > MAX_RECORDS:
        print(_TOO_MANY.format(most=MAX_RECORDS).in_language(context.language), file=sys.stderr)
    if args.receipt:
        sealed = make(decided, records, circumstances(setting, [Path(name) for name in args.overlays], now()))
        write(serialise(sealed, write_form(args.receipt)), args.receipt)
        signed = any(predicate.value == PG.signature for _, predicate, _ in sealed)
        print(_WRITTEN[signed].format(path=args.receipt).in_language(context.language), file=sys.stderr)
    submission.put_out(report, args, context, decisions=True)
    return int(report.verdict.short == "invalid")
