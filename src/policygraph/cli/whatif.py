"""`policygraph whatif FILE --with OVERLAY`: which answers an amendment or an adopted reading would change, and by how much."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from policygraph.cli import submission
from policygraph.errors import Text, UsageError

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from policygraph.cli.context import Context

SUMMARY = Text(
    "试算叠加：修改文件或另一读法会改变哪些答案、差多少，两边的原句并列。",
    "Try an overlay: which answers an amendment or another reading would change, by how much, with the sentences of both sides.",
)
EXAMPLE = "policygraph whatif examples/award-claim-amended.ttl --with examples/overlays/amend-awards.ttl"


def configure(parser: ArgumentParser, language: str) -> None:
    """Add the options."""
    submission.add_input(parser, language)
    submission.add_overlays(parser, language)
    parser.add_argument(
        "--format", choices=("text", "json"), default="text", help=Text("输出格式", "form of the report").in_language(language)
    )
    parser.add_argument(
        "-o", "--output", metavar="FILE", help=Text("写入文件而不是屏幕", "write to a file instead of the screen").in_language(language)
    )


def execute(args: Namespace, context: Context) -> int:
    """Print what changes; 0 whether or not anything does."""
    if not args.overlays:
        raise UsageError(
            Text("没有指定叠加文件。", "No overlay is named."),
            Text("请用 --with FILE.ttl 指定。", "Name one with --with FILE.ttl."),
            "--with",
        )
    from policygraph.app.overlays import overlay
    from policygraph.app.whatif import what_if
    from policygraph.cli.output import write

    before = submission.plain_setting(args, context)
    answer = what_if(before, overlay(before, args.overlays), args.files, args.input_format)
    if args.format == "json":
        from policygraph.reports.plain import to_plain

        write(json.dumps(to_plain(answer), ensure_ascii=False, indent=2) + "\n", args.output)
    else:
        from policygraph.reports.whatif import what_if_text

        write(what_if_text(answer, context.language), args.output)
    return 0
