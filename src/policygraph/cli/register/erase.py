"""`policygraph register erase ENTRY`: erase what entries hold of a person, and keep a tombstone."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from policygraph.app.register.lines import typed
from policygraph.cli.register import shared
from policygraph.errors import Text, UsageError

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Sequence

    from policygraph.app.register.entries import Entry
    from policygraph.app.register.store import Register
    from policygraph.cli.context import Context

SUMMARY = Text(
    "删除记录所存的内容及其更正与认定，只留删除的记录；链仍可核验。",
    "Erase what records hold, with their corrections and determinations; a tombstone stays and the chain still verifies.",
)
EXAMPLE = "policygraph register erase 1 --reason expired --register register.db"
_REASON = Text("删除的理由；长期保留，不得写入个人信息", "why; it stays for good, so it must name nobody")
_YES = Text("不再询问", "do not ask")
_ABOUT = Text(
    "将删除第 {numbers} 号的内容（含更正与认定），不能恢复；此后也不再能查出同一事实的重复申报。",
    "What entries {numbers} hold will be erased for good (corrections and determinations included);"
    " a later claim of the same fact will not be found any more.",
)
_OTHERS = Text(
    "同一姓名或号码还见于第 {numbers} 号，请另行判断是否一并删除。",
    "The same name or number stands in entries {numbers}; decide about these too.",
)
_ASK = Text("确认删除请输入“删除”：", "Type “erase” to confirm: ")
_WORDS = frozenset({"删除", "erase"})
_LEFT = Text("没有删除。", "Nothing was erased.")
_DONE = Text("已删除第 {numbers} 号的内容，留有第 {stones} 号为记录。", "erased: what entries {numbers} held; entries {stones} record it.")
_COPIES = Text(
    "已有的备份、导出文件与凭证不受影响，请另行销毁。", "Backups, exports and receipts written earlier are not touched: destroy them too."
)


def configure(parser: ArgumentParser, language: str) -> None:
    """Add the options."""
    entry = Text("编号（可多个）", "numbers of entries")
    parser.add_argument("entries", nargs="+", metavar="ENTRY", help=entry.in_language(language))
    parser.add_argument("--reason", required=True, metavar="TEXT", help=_REASON.in_language(language))
    parser.add_argument("--yes", action="store_true", help=_YES.in_language(language))
    shared.add_register(parser, language)
    shared.add_by(parser, language)


def execute(args: Namespace, context: Context) -> int:
    """Erase, when confirmed; 1 if it was not."""
    from policygraph.app.receipts import now
    from policygraph.app.register import erasing
    from policygraph.app.register.times import stamp
    from policygraph.cli.output import write

    reason, numbers = typed(args.reason, "--reason"), [shared.number(text) for text in args.entries]
    with shared.opened(args, writable=True) as register:
        targets = erasing.targets(register, numbers)
        others = _look(register, targets, reason, context)
        shared.remark(_ABOUT, context, numbers=_listed(entry.number for entry in targets))
        if others:
            shared.remark(_OTHERS, context, numbers=_listed(others))
        if not args.yes and not _confirmed(context):
            shared.remark(_LEFT, context)
            return 1
        stones = erasing.erase(register, numbers, reason, shared.who(args), stamp(now()))
        head = register.head()
    done = shared.say(_DONE, context, numbers=_listed(s.refers_to for s in stones), stones=_listed(s.number for s in stones))
    write("\n".join([done, shared.say(_COPIES, context), shared.say(shared.HEAD, context, head=head)]) + "\n")
    return 0


def _look(register: Register, targets: Sequence[Entry], reason: str, context: Context) -> tuple[int, ...]:
    """Return other entries about the same person.

    Raises:
        UsageError: The reason, which stays, names the person.
    """
    from policygraph.app.register.personal import personal_fields
    from policygraph.app.register.searching import folded, holding, values_of
    from policygraph.store.embedded import EmbeddedStore

    fields = personal_fields(EmbeddedStore(context.graph))
    payloads = [payload for entry in targets if (payload := register.payload(entry.number))]
    values = frozenset(value for payload in payloads for value in values_of(payload.document, fields))
    if any(len(value) > 1 and folded(value) in folded(reason) for value in values if folded(value)):
        raise UsageError(
            Text(
                "理由中含有将被删除的个人信息，而理由会长期保留。",
                "The reason holds personal data that is to be erased, and it stays for good.",
            ),
            Text("请换一种写法，例如“本人要求”。", "Word it otherwise, for instance “at the person's request”."),
            "--reason",
        )
    return holding(register, values, {entry.number for entry in targets})


def _confirmed(context: Context) -> bool:
    if not sys.stdin.isatty():
        raise UsageError(
            Text("没有终端可供确认。", "There is no terminal to confirm at."),
            Text("确认删除请加 --yes。", "Add --yes to confirm."),
        )
    print(_ASK.in_language(context.language), end="", file=sys.stderr, flush=True)
    return sys.stdin.readline(100).strip().casefold() in _WORDS


def _listed(numbers: object) -> str:
    return ", ".join(map(str, numbers))  # type: ignore[call-overload]
