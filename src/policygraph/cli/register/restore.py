"""`policygraph register restore FILE --register NEW`: make a register of a backup that verifies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policygraph.cli.register import shared, verify
from policygraph.errors import Text

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from policygraph.cli.context import Context

SUMMARY = Text(
    "核验备份，再恢复到新的登记簿；从不覆盖已有文件。", "Verify a backup and restore it to a new register; no file is ever replaced."
)
EXAMPLE = "policygraph register restore register-2024-12-31.db --register restored.db"
_HEAD = Text("备份须含此链头", "the head that must be in the backup")
_DONE = Text("已恢复 {n} 条至 {path}。", "restored to {path}; entries: {n}.")
_REFUSED = Text("备份未通过核验，没有恢复。", "The backup does not verify; nothing was restored.")


def configure(parser: ArgumentParser, language: str) -> None:
    """Add the options."""
    parser.add_argument("file", metavar="FILE", help=Text("备份文件", "the backup").in_language(language))
    parser.add_argument("--head", metavar="HEX", default="", help=_HEAD.in_language(language))
    shared.add_register(parser, language)


def execute(args: Namespace, context: Context) -> int:
    """Restore; 1 if the backup does not verify."""
    from policygraph.app.register import opening
    from policygraph.app.register.backup import restore
    from policygraph.cli.output import write

    target = opening.named(args.register)
    found = restore(opening.placed(args.file), target, args.head)
    lines = list(verify.told(found, context, asked=bool(args.head)))
    lines.insert(0, shared.say(_REFUSED if found.flaws else _DONE, context, n=found.entries, path=target))
    write("\n".join(lines) + "\n")
    return int(bool(found.flaws))
