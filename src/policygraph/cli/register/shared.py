"""What the commands of the register share: its name, who acts, and words typed on the command line."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from policygraph.app.register.lines import typed
from policygraph.errors import StoreError, Text, UsageError, clean

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from policygraph.app.register.store import Register
    from policygraph.app.register.tabular import Words
    from policygraph.cli.context import Context

_REGISTER = Text("登记簿文件；缺省看环境变量 POLICYGRAPH_REGISTER", "file of the register; by default POLICYGRAPH_REGISTER names it")
_BY = Text("经办人；缺省为本机登录用户", "who does it; by default the user of this machine")
HEAD = Text("链头：{head}", "head: {head}")
KEEP = Text(
    "请把链头另行记下：日后 policygraph register verify --head 可据此发现改动与截断。",
    "Note the head elsewhere: with it policygraph register verify --head finds changes and truncation later.",
)


def add_register(parser: argparse.ArgumentParser, language: str) -> None:
    """Add `--register`."""
    parser.add_argument("--register", metavar="FILE", help=_REGISTER.in_language(language))


def add_by(parser: argparse.ArgumentParser, language: str) -> None:
    """Add `--by`."""
    parser.add_argument("--by", metavar="NAME", help=_BY.in_language(language))


def opened(args: argparse.Namespace, *, writable: bool = False) -> Register:
    """Open the register that the arguments or the environment name."""
    from policygraph.app.register import erasing, opening
    from policygraph.app.register.store import Register

    register = Register.open(opening.named(args.register), writable=writable)
    if writable and erasing.uncleared(register):
        with suppress(StoreError):  # still read by somebody; the next one clears it
            erasing.clear(register)
    return register


def who(args: argparse.Namespace) -> str:
    """Return who acts: as named, else the user of this machine, whatever the environment says."""
    by = getattr(args, "by", None)
    return typed(by, "--by") if by is not None else user(os.getuid())


def user(number: int) -> str:
    """Return the name of a user of this machine."""
    import pwd

    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return f"uid {number}"


@contextmanager
def private() -> Iterator[None]:
    """Make new files readable by their owner only: what is written holds personal data."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


def number(text: str) -> int:
    """Return the number of an entry.

    Raises:
        UsageError: The text is no number.
    """
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise UsageError(
            Text(f"“{text}”不是编号。", f"“{text}” is no number of an entry."),
            Text(
                "请写成 12 这样的数字；policygraph register list 列出全部编号。", "Write it like 12; policygraph register list shows them."
            ),
        )
    return int(text)


def words(context: Context) -> Words:
    """Return the names of kinds, fields and codes in the user's language."""
    from policygraph.app.register.tabular import Words
    from policygraph.records.codebook import CodeBook
    from policygraph.records.kinds import load_kinds
    from policygraph.store.embedded import EmbeddedStore

    store = EmbeddedStore(context.graph)
    return Words(load_kinds(store), CodeBook.of(store), context.language)


def say(text: Text, context: Context, **values: object) -> str:
    """Return a sentence in the user's language, harmless to the terminal."""
    return "\n".join(clean(line) for line in text.format(**values).in_language(context.language).split("\n"))


def remark(text: Text, context: Context, **values: object) -> None:
    """Tell the person at the screen something beside the output."""
    print(say(text, context, **values), file=sys.stderr)
