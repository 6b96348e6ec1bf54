"""`policygraph register determine ENTRY`: record an officer's finding on a fact of a record."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from policygraph.app.register.lines import typed
from policygraph.cli import submission
from policygraph.cli.register import add, shared
from policygraph.errors import Text

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from policygraph.cli.context import Context

SUMMARY = Text(
    "登记有权机关对一条记录某项事实的认定，并据以重新判读；此后的判读引用该认定。",
    "Record what an authority determined on a fact of a record, and judge it again; later decisions cite it.",
)
EXAMPLE = (
    "policygraph register determine 1 --field assessment --value passed --by Wang --authority HRSS"
    " --date 2024-08-30 --document 7/2024 --register register.db"
)
_HELP = {
    "field": Text("所认定的字段", "field of the fact"),
    "value": Text(
        "所认定的值：代码的名称、是或否、数字、日期或文字", "what was determined: name of a code, yes or no, number, date or text"
    ),
    "by": Text("作出认定的人", "who determined it"),
    "authority": Text("认定机关", "in whose name"),
    "date": Text("认定日期", "when"),
    "document": Text("认定文件的编号", "number of the document"),
}
_DONE = Text(
    "已登记第 {number} 号：对第 {of} 号“{field}”的认定。\n结论：{before} → {after}（判读基准日 {as_of}）",
    "entry {number}: determination of “{field}” of entry {of}.\nverdict: {before} → {after} (as of {as_of})",
)


def configure(parser: ArgumentParser, language: str) -> None:
    """Add the options."""
    parser.add_argument("entry", metavar="ENTRY", help=Text("记录的编号", "number of the record's entry").in_language(language))
    for name, text in _HELP.items():
        metavar = "DATE" if name == "date" else "TEXT"
        parser.add_argument(f"--{name}", required=True, metavar=metavar, help=text.in_language(language))
    submission.add_overlays(parser, language)
    shared.add_register(parser, language)


def execute(args: Namespace, context: Context) -> int:
    """Record the determination."""
    import os

    from policygraph.app.receipts import circumstances, now
    from policygraph.app.register import determining, times
    from policygraph.app.register.accepting import By
    from policygraph.cli.output import write

    said = {name: typed(getattr(args, name), f"--{name}") for name in ("field", "value", "by", "authority", "document")}
    finding = determining.Finding(**said, date=times.day(args.date, "--date"))
    moment, args.as_of = now(), None
    # Who determined a fact need not be who enters it.
    by = By(shared.user(os.getuid()), times.stamp(moment))
    with shared.opened(args, writable=True) as register:
        setting = submission.make_setting(args, context)
        rests_on = circumstances(setting, [Path(name) for name in args.overlays], moment)
        found = determining.determine(register, setting, shared.number(args.entry), finding, rests_on, by)
    names = shared.words(context)
    values = {"number": found.entry.number, "of": found.entry.refers_to, "field": found.field, "as_of": found.said.as_of}
    done = shared.say(_DONE, context, **values, before=names.verdict(found.before), after=names.verdict(found.entry.verdict))
    lines = [shared.say(add.NOTICE, context), done, shared.say(shared.HEAD, context, head=found.head)]
    write("\n".join(lines) + "\n")
    return 0
