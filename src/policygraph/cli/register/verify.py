"""`policygraph register verify`: walk the chain, and say what was edited, removed, inserted or swapped."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from policygraph.cli.register import shared
from policygraph.errors import Text

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Iterator

    from policygraph.app.register.verifying import Verification
    from policygraph.cli.context import Context

SUMMARY = Text(
    "核验登记簿：逐条核对链与内容，指出何处被改动、删去、插入、调换或截断。",
    "Verify the register: walk the chain and say where it was edited, cut, inserted into or swapped.",
)
EXAMPLE = "policygraph register verify --register register.db"
_HEAD = Text(
    "先前记下的链头；没有它，不能发现末尾被截去或整本被重写",
    "a head that was noted earlier; without it a cut end or a rewritten register is not found",
)
_SOUND = Text(
    "✓ {n} 条登记前后相连，内容与摘要相符（其中 {erased} 条已删除内容）。",
    "✓ {n} entries follow on each other and hold what they held (erased: {erased}).",
)
_SINCE = Text("✓ 所给链头在链上，其后又登记 {n} 条。", "✓ the head given is in the chain; entries added since: {n}.")
_WITHOUT = Text(
    "未给 --head：无法排除末尾被截去，或整本被重写。", "No --head was given: a cut end or a wholly rewritten register cannot be ruled out."
)
_UNCLEARED = Text(
    "已删除内容的旧字节尚待清除，下次写入时自动进行。", "Old bytes of what was erased are still to be cleared; the next writing does so."
)
_FLAWED = Text("✗ 有 {n} 处与所登记的不符：", "✗ not as it was entered, in {n} places:")
_FLAW = Text("  第 {entry} 号：{what}", "  entry {entry}: {what}")
_WHOLE = Text("  {what}", "  {what}")


def configure(parser: ArgumentParser, language: str) -> None:
    """Add the options."""
    parser.add_argument("--head", metavar="HEX", default="", help=_HEAD.in_language(language))
    form = Text("输出格式", "form of the output").in_language(language)
    parser.add_argument("--format", choices=("text", "json"), default="text", help=form)
    shared.add_register(parser, language)


def execute(args: Namespace, context: Context) -> int:
    """Verify; 1 if something is not as it was entered."""
    from policygraph.app.register.erasing import uncleared
    from policygraph.app.register.verifying import verify
    from policygraph.cli.output import write

    with shared.opened(args) as register:
        found = verify(register, args.head)
        pending = uncleared(register)
    if args.format == "json":
        write(json.dumps({"verifies": not found.flaws, **asdict(found)}, ensure_ascii=False, indent=2) + "\n")
    else:
        lines = [*told(found, context, asked=bool(args.head)), *([shared.say(_UNCLEARED, context)] if pending else [])]
        write("\n".join(lines) + "\n")
    return int(bool(found.flaws))


def told(found: Verification, context: Context, *, asked: bool) -> Iterator[str]:
    """Yield what a verification found, line by line."""
    if found.flaws:
        yield shared.say(_FLAWED, context, n=len(found.flaws))
        for flaw in found.flaws:
            yield shared.say(_FLAW if flaw.entry else _WHOLE, context, entry=flaw.entry, what=flaw.what)
        return
    yield shared.say(_SOUND, context, n=found.entries, erased=found.erased)
    yield shared.say(_SINCE, context, n=found.since) if asked else shared.say(_WITHOUT, context)
    yield shared.say(shared.HEAD, context, head=found.head)
