"""`policygraph register backup FILE`: copy the register to a new file, verified."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policygraph.cli.register import shared
from policygraph.errors import Text

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from policygraph.cli.context import Context

SUMMARY = Text(
    "把登记簿备份到新文件并核验；写入中的登记簿也可备份。",
    "Copy the register to a new file and verify it, also while it is being written to.",
)
EXAMPLE = "policygraph register backup register-2024-12-31.db --register register.db"
_DONE = Text("已备份 {n} 条至 {path}，并已核验。", "backed up to {path} and verified; entries: {n}.")
_SAFE = Text(
    "备份含个人信息，此后的删除不及于它：请妥善保管，到期销毁。",
    "The backup holds personal data, and later erasures do not reach it: keep it safe and destroy it in time.",
)


def configure(parser: ArgumentParser, language: str) -> None:
    """Add the options."""
    parser.add_argument(
        "file", metavar="FILE", help=Text("备份文件，须尚不存在", "the backup, which must not exist yet").in_language(language)
    )
    shared.add_register(parser, language)


def execute(args: Namespace, context: Context) -> int:
    """Back up."""
    from policygraph.app.register import opening
    from policygraph.app.register.backup import backup
    from policygraph.cli.output import write

    target = opening.placed(args.file)
    with shared.opened(args) as register:
        found = backup(register, target)
    lines = [shared.say(_DONE, context, n=found.entries, path=target), shared.say(_SAFE, context)]
    write("\n".join([*lines, shared.say(shared.HEAD, context, head=found.head)]) + "\n")
    return 0
