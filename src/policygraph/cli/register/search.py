"""`policygraph register search TEXT`: entries that hold some words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policygraph.cli.register import shared
from policygraph.errors import Text

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from policygraph.cli.context import Context

SUMMARY = Text(
    "按姓名、证件号、赛事名称等查找记录；不分全半角、大小写、空格与标点。",
    "Find records by name, ID number, contest and so on; width, case, blanks and punctuation do not matter.",
)
EXAMPLE = "policygraph register search Zhang --register register.db"
_LINE = Text("第 {number} 号  {action}  {kind}  {verdict}  {name}", "entry {number}  {action}  {kind}  {verdict}  {name}")
_STANDS = Text("现行", "stands")
_WHERE = Text("    见于：{fields}", "    in: {fields}")
_BESIDE = Text("来源或认定", "source or determination")
_TOTAL = Text("共 {n} 条。", "Entries: {n}.")


def configure(parser: ArgumentParser, language: str) -> None:
    """Add the options."""
    words = Text("要找的文字", "words to look for").in_language(language)
    parser.add_argument("text", metavar="TEXT", help=words)
    shared.add_register(parser, language)


def execute(args: Namespace, context: Context) -> int:
    """Print what was found; 0 also when that is nothing."""
    from policygraph.app.register.searching import search
    from policygraph.app.register.tabular import ACTIONS
    from policygraph.cli.output import write

    with shared.opened(args) as register:
        found, standing = list(search(register, args.text)), register.standing()
    names = shared.words(context)
    lines = []
    for match in found:
        entry = match.entry
        said = {"number": entry.number, "kind": names.kind(entry.kind), "verdict": names.verdict(entry.verdict)}
        line = shared.say(_LINE, context, **said, action=ACTIONS[entry.action], name=match.name).rstrip()
        lines.append(f"{line}  {shared.say(_STANDS, context)}" if entry.number in standing else line)
        fields = [names.field(path, entry.kind) for path in match.fields] or [shared.say(_BESIDE, context)]
        lines.append(shared.say(_WHERE, context, fields=names.say(Text("、", ", ")).join(fields)))
    write("\n".join([*lines, shared.say(_TOTAL, context, n=len(found))]) + "\n")
    return 0
