"""`policygraph register add FILE`: enter the records of a submission that are accepted."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from policygraph.app.register.accepting import ALSO, By
from policygraph.app.register.lines import typed
from policygraph.cli import submission
from policygraph.cli.register import shared
from policygraph.errors import Text, UsageError

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Sequence

    from policygraph.app.register.accepting import Registered
    from policygraph.app.register.knowing import Knowing
    from policygraph.app.register.store import Register
    from policygraph.app.setting import Setting
    from policygraph.cli.context import Context
    from policygraph.model.answers import CheckReport
    from policygraph.records.record import Record

SUMMARY = Text(
    "核查申报文件，把可接受的记录连同结论与凭证登记入册。",
    "Check a submission and enter the records that are accepted, with verdict and receipt.",
)
EXAMPLE = "policygraph register add examples/green-channel-good.ttl --register register.db --new"
_KIND = Text("文件没有写明申报种类时，按此种类读取", "kind of the records in tables that do not say it")
_NEW = Text("新建登记簿；文件须尚不存在", "make the register; the file must not exist yet")
_ALSO = Text(
    "也登记结论为 violation（不符合）或 unchecked（未核查）的记录，或 duplicate（重复）、incomplete（识别事实的字段未填全）的；"
    "须以 --because 说明（可重复）",
    "enter records with the verdict violation or unchecked too, or a duplicate, or incomplete ones that do not state all that identifies"
    " the fact; --because must say why (repeatable)",
)
_BECAUSE = Text("为何仍予登记；与记录一同保存、一同删除", "why it is entered all the same; kept and erased with the record")
_ENTERED = Text("已登记 {n} 条：", "entered: {n}")
_LINE = Text("  第 {number} 号  {kind}  {verdict}  {place}", "  entry {number}  {kind}  {verdict}  {place}")
_NOTE = Text("    请留意：{note}", "    please look: {note}")
_DECLINED = Text("未登记 {n} 条：", "not entered: {n}")
_WHY = Text("  {place}：{why}\n    {fix}", "  {place}: {why}\n    {fix}")
_ASIDE = Text(
    "文件中另有 {n} 处内容不属于任何记录，未登记；见 policygraph check。",
    "The file holds {n} things that belong to no record; see policygraph check.",
)
NOTICE = Text("依文本判读，非行政决定。", "Read from the text; not an administrative decision.")


def configure(parser: ArgumentParser, language: str) -> None:
    """Add the options."""
    add_files(parser, language)
    shared.add_register(parser, language)
    parser.add_argument("--new", action="store_true", help=_NEW.in_language(language))
    add_also(parser, language)
    shared.add_by(parser, language)


def add_files(parser: ArgumentParser, language: str) -> None:
    """Add the files, how they are read, and what is laid over the policy."""
    submission.add_input(parser, language)
    parser.add_argument("--kind", metavar="KIND", help=_KIND.in_language(language))
    submission.add_overlays(parser, language)


def add_also(parser: ArgumentParser, language: str) -> None:
    """Add what is accepted although it would not be."""
    parser.add_argument("--also", action="append", choices=ALSO, default=[], help=_ALSO.in_language(language))
    parser.add_argument("--because", metavar="TEXT", help=_BECAUSE.in_language(language))


def execute(args: Namespace, context: Context) -> int:
    """Enter the records; 1 if one was not accepted."""
    return enter(args, context)


def enter(args: Namespace, context: Context, corrects: int = 0) -> int:
    """Check a file and enter its records, or the one that corrects an entry; 1 if one was not accepted."""
    from policygraph.app.receipts import circumstances, now
    from policygraph.app.register import opening
    from policygraph.app.register.accepting import correctable, register_report
    from policygraph.app.register.knowing import Knowing
    from policygraph.app.register.store import Register
    from policygraph.app.register.times import stamp

    moment = now()
    by = by_of(args, stamp(moment))
    begins = getattr(args, "new", False)
    setting = submission.make_setting(args, context)
    rests_on = circumstances(setting, [Path(name) for name in args.overlays], moment)
    if begins:
        path = opening.named(args.register)
        opening.free(path)  # told before any work; an unreadable submission leaves no register behind
        report, records = _checked(args, context, setting, None)
        register = Register.create(path, stamp(moment))
    else:
        register = shared.opened(args, writable=True)
    with register:
        if corrects:
            correctable(register, corrects)
        if not begins:
            report, records = _checked(args, context, setting, Knowing(register, setting.as_of, corrects))
        found = register_report(register, report, records, rests_on, by, corrects)
    _tell(found, register, len(report.file_findings), context)
    return int(bool(found.declined or report.file_findings))


def _checked(args: Namespace, context: Context, setting: Setting, known: Knowing | None) -> tuple[CheckReport, Sequence[Record]]:
    from policygraph.app.checking import Run, check_with_records
    from policygraph.cli.progress import showing

    with showing(context.language) as progress:
        return check_with_records(setting, args.files, args.input_format, args.kind, Run(known, progress))


def by_of(args: Namespace, time: str) -> By:
    """Return who enters something and what is accepted although it would not be.

    Raises:
        UsageError: A reason is missing, or stands alone.
    """
    also, because = frozenset(getattr(args, "also", ())), getattr(args, "because", None)
    if bool(also) != (because is not None):
        raise UsageError(
            Text("--also 与 --because 须同用。", "--also and --because belong together."),
            Text("请说明为何仍予登记。", "Say why it is entered all the same."),
        )
    return By(shared.who(args), time, also, typed(because, "--because") if because is not None else "")


def _tell(found: Registered, register: Register, aside: int, context: Context) -> None:
    from policygraph.cli.output import write

    words = shared.words(context)
    lines = [shared.say(NOTICE, context), str(register.path)]
    if found.accepted:
        lines.append(shared.say(_ENTERED, context, n=len(found.accepted)))
    for each in found.accepted:
        entry = each.entry
        names = {"number": entry.number, "kind": words.kind(entry.kind), "verdict": words.verdict(entry.verdict)}
        lines.append(shared.say(_LINE, context, **names, place=each.place))
        lines += [shared.say(_NOTE, context, note=note) for note in each.notes]
    if found.declined:
        lines.append(shared.say(_DECLINED, context, n=len(found.declined)))
    lines += [shared.say(_WHY, context, place=d.place, why=d.why, fix=d.fix) for d in found.declined]
    if aside:
        lines.append(shared.say(_ASIDE, context, n=aside))
    if found.accepted:
        lines += [shared.say(shared.HEAD, context, head=found.head), shared.say(shared.KEEP, context)]
    write("\n".join(lines) + "\n")
