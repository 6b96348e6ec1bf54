"""`policygraph register correct ENTRY FILE`: enter a record in the place of an earlier one, which stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policygraph.cli.register import add, shared
from policygraph.errors import Text

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from policygraph.cli.context import Context

SUMMARY = Text(
    "更正一条记录：登记更正后的记录，原记录保留但不再现行。",
    "Correct a record: the corrected one is entered, the old one stays and no longer stands.",
)
EXAMPLE = "policygraph register correct 1 examples/green-channel-good.ttl --register register.db"
_ENTRY = Text("所更正的编号", "number of the entry to correct")


def configure(parser: ArgumentParser, language: str) -> None:
    """Add the options."""
    parser.add_argument("entry", metavar="ENTRY", help=_ENTRY.in_language(language))
    add.add_files(parser, language)
    shared.add_register(parser, language)
    add.add_also(parser, language)
    shared.add_by(parser, language)


def execute(args: Namespace, context: Context) -> int:
    """Enter the correction; 1 if it was not accepted."""
    return add.enter(args, context, shared.number(args.entry))
