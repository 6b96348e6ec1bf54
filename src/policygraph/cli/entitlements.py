"""`policygraph entitlements FILE`: everything that the policy grants one subject, may grant, only encourages, or does not grant."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

from policygraph.cli import submission
from policygraph.errors import Text, UsageError

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from policygraph.app.entitlements import Entitler
    from policygraph.cli.context import Context
    from policygraph.model.answers import Finding
    from policygraph.model.entitled import EntitlementReport
    from policygraph.records.record import Record

SUMMARY = Text(
    "某个主体的全部待遇：符合、待定（缺什么）、仅属鼓励、不符合（为什么）。",
    "All benefits of one subject: yes, perhaps (and what is missing), only encouraged, no (and why).",
)
SAVED = Text("已保存为 {path}", "Saved as {path}")
EXAMPLE = "policygraph entitlements examples/person-winner.ttl"


def configure(parser: ArgumentParser, language: str) -> None:
    """Add the options."""

    def words(zh: str, en: str) -> str:
        return Text(zh, en).in_language(language)

    parser.add_argument(
        "file",
        metavar="FILE",
        nargs="?",
        help=words(
            "一个主体的情况，不是某项申报；- 表示标准输入；与 --interactive 同用时为已知的情况",
            "the profile of one subject, not a claim; - for standard input; with --interactive, what is known",
        ),
    )
    submission.add_reading(parser, language)
    submission.add_overlays(parser, language)
    parser.add_argument(
        "-i", "--interactive", action="store_true", help=words("在终端逐题询问", "ask question by question on the terminal")
    )
    parser.add_argument(
        "--save", metavar="PATH", help=words("把回答存为主体情况（.ttl 或 .jsonld）", "save the answers as a profile (.ttl or .jsonld)")
    )
    parser.add_argument("--force", action="store_true", help=words("允许 --save 覆盖已有文件", "let --save replace a file"))
    all_changes = words("对不符合的，也显示涉及既成事实的改动", "for a no, show also changes of facts that are past and fixed")
    parser.add_argument("--all-changes", action="store_true", help=all_changes)
    brief = words("只显示一览：每项待遇一行", "show only the overview: one line a benefit")
    parser.add_argument("--brief", action="store_true", help=brief)
    submission.add_form(parser, language)


def execute(args: Namespace, context: Context) -> int:
    """Decide the profile, or interview for one, and print the four groups; 1 if the profile is invalid."""
    from policygraph.app.entitlements import Entitler
    from policygraph.app.profiles import read_profile
    from policygraph.cli.interview import Dialogue
    from policygraph.cli.output import write

    _refuse(args)
    setting = submission.make_setting(args, context)
    entitler = Entitler(setting)
    profile: Record | None = None
    findings: tuple[Finding, ...] = ()
    if args.file:
        profile, findings = read_profile(setting, entitler, args.file, args.input_format)
    if profile is None or (args.interactive and not findings):
        profile = Dialogue(entitler, setting, context.language).run(profile)
        if args.save:
            _save(args, profile, entitler, context.language)
    report = entitler.report(profile, args.file or "", findings, past=args.all_changes)
    write(_render(report, args, context.language), args.output)
    return int(bool(findings))


def _refuse(args: Namespace) -> None:
    """Refuse options that do not fit together, before anything is asked.

    Raises:
        UsageError: They do not.
    """
    from policygraph.app.profiles import form_of

    if not args.file and not args.interactive:
        raise UsageError(
            Text("没有给出主体情况的文件。", "The file with the profile is missing."),
            Text("请给出文件，或用 --interactive 逐题回答。", "Name a file, or answer questions with --interactive."),
        )
    if args.file == "-" and args.interactive:
        raise UsageError(
            Text("标准输入不能既是文件又是回答。", "Standard input cannot be both the file and the answers."),
            Text("请给出文件名。", "Name a file."),
        )
    if args.brief and args.format != "text":
        raise UsageError(
            Text("--brief 只用于文字结果。", "--brief shortens the text form only."),
            Text("请去掉 --brief 或 --format。", "Leave out --brief or --format."),
        )
    if args.save and not args.interactive:
        raise UsageError(
            Text("--save 保存 --interactive 的回答。", "--save keeps the answers of --interactive."),
            Text("请加 --interactive，或用 -o 保存结果。", "Add --interactive, or keep the result with -o."),
        )
    if args.save and not form_of(args.save):
        raise UsageError(
            Text("--save 的文件名应以 .ttl 或 .jsonld 结尾。", "The file of --save should end in .ttl or .jsonld."),
            Text("请换一个文件名。", "Name another file."),
            args.save,
        )
    if args.save and not args.force and os.path.lexists(Path(args.save).expanduser()):
        raise UsageError(
            Text("文件已存在，没有覆盖。", "The file exists and was not replaced."),
            Text("请换一个文件名，或加 --force。", "Name another file, or add --force."),
            args.save,
        )


def _render(report: EntitlementReport, args: Namespace, language: str) -> str:
    if args.format == "json":
        from policygraph.reports.plain import to_plain

        return json.dumps(to_plain(report), ensure_ascii=False, indent=2) + "\n"
    if args.format == "turtle":
        from policygraph.graph.serialising import serialise
        from policygraph.reports.entitled import report_triples

        return serialise(report_triples(report), "turtle")
    from policygraph.reports.entitlements import EntitlementText

    return EntitlementText(language).report(report, brief=args.brief)


def _save(args: Namespace, profile: Record, entitler: Entitler, language: str) -> None:
    from policygraph.app.profiles import form_of, write_profile
    from policygraph.cli.output import note, write

    write(write_profile(profile, entitler.kinds, form_of(args.save)), args.save)
    note(SAVED.format(path=args.save).in_language(language))
