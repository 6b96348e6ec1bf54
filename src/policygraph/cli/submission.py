"""What the commands that read submissions share: options, the as-of day, the files, and the report in the form asked for."""

from __future__ import annotations

import contextlib
import datetime as dt
from typing import TYPE_CHECKING, Protocol

from policygraph.errors import Text, UsageError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Sequence

    from policygraph.app.checking import Known
    from policygraph.app.setting import Setting
    from policygraph.model.answers import CheckReport
    from policygraph.paths import DataRoots
    from policygraph.records.record import Record

FORMATS = ("text", "json", "turtle")


class Context(Protocol):
    """What these commands need of the context that every command gets."""

    @property
    def language(self) -> str:
        """`zh` or `en`."""

    @property
    def roots(self) -> DataRoots:
        """Where the files are."""


def add_options(parser: argparse.ArgumentParser, language: str) -> None:
    """Add the options that `check` and `decide` share."""
    from policygraph.reports.forms import FORMS

    add_input(parser, language)
    kind = Text(
        "文件没有写明申报种类时，按此种类读取（名称见 policygraph kinds）",
        "kind of the records in tables that do not say it (names: policygraph kinds)",
    )
    parser.add_argument("--kind", metavar="KIND", help=kind.in_language(language))
    add_overlays(parser, language)
    register = Text(
        "与登记簿比对：已登记的同一事实先者成立，已作出的认定一并采用",
        "compare with a register: what was registered first stands, and determinations made on it are used",
    )
    parser.add_argument("--register", metavar="FILE", help=register.in_language(language))
    add_form(parser, language, FORMS)


def add_form(parser: argparse.ArgumentParser, language: str, forms: tuple[str, ...] = FORMATS) -> None:
    """Add in which form the report is wanted, and where."""
    form = Text("输出格式", "form of the report").in_language(language)
    parser.add_argument("--format", choices=forms, default="text", help=form)
    place = Text("写入文件而不是屏幕", "write to a file instead of the screen").in_language(language)
    parser.add_argument("-o", "--output", metavar="FILE", help=place)


def add_input(parser: argparse.ArgumentParser, language: str) -> None:
    """Add the file, its format and the as-of day."""

    def words(zh: str, en: str) -> str:
        return Text(zh, en).in_language(language)

    parser.add_argument(
        "files",
        metavar="FILE",
        nargs="+",
        help=words(
            "申报文件或文件夹，可写多个（.xlsx、.csv、.tsv、.json、.jsonl、.jsonld、.ttl、.nt、.trig、.rdf）；- 表示标准输入",
            "files or folders of submissions (.xlsx, .csv, .tsv, .json, .jsonl, .jsonld, .ttl, .nt, .trig, .rdf); - for standard input",
        ),
    )
    add_reading(parser, language)


def add_reading(parser: argparse.ArgumentParser, language: str) -> None:
    """Add the as-of day and the format of the file."""
    from policygraph.records.sources import FORMS

    def words(zh: str, en: str) -> str:
        return Text(zh, en).in_language(language)

    parser.add_argument(
        "--as-of",
        metavar="DATE",
        help=words(
            "判读基准日，如 2024-12-31；缺省为记录的申报或报告日期，否则为今天",
            "day as of which to judge, such as 2024-12-31; by default the record's claim or report date, else today",
        ),
    )
    parser.add_argument(
        "--input-format",
        metavar="NAME",
        choices=tuple(FORMS),
        help=words(
            "输入格式：{names}；缺省看文件后缀，标准输入为 turtle".format(names="、".join(FORMS)),
            "format of the input: {names}; by default its ending says, standard input is turtle".format(names=", ".join(FORMS)),
        ),
    )


def add_overlays(parser: argparse.ArgumentParser, language: str) -> None:
    """Add `--with`, for amendments and adopted readings."""
    words = Text(
        "叠加一个修改文件或采用读法的文件（Turtle，可重复）",
        "lay a file over the policy that amends it or adopts a reading (Turtle, repeatable)",
    )
    parser.add_argument("--with", dest="overlays", action="append", default=[], metavar="FILE.ttl", help=words.in_language(language))


def plain_setting(args: argparse.Namespace, context: Context) -> Setting:
    """Return what a run rests on by a command's arguments, without overlays."""
    from policygraph.app.setting import setting

    today = dt.datetime.now(tz=dt.UTC).astimezone().date()
    return setting(context.roots, today, parse_day(args.as_of))


def make_setting(args: argparse.Namespace, context: Context) -> Setting:
    """Return what a run rests on by a command's arguments, amended by the overlays that they name.

    Raises:
        InputError: An overlay cannot be read, states what it must not, or breaks the policy.
    """
    plain = plain_setting(args, context)
    if not args.overlays:
        return plain
    from policygraph.app.overlays import overlay

    return overlay(plain, args.overlays)


def run_check(args: argparse.Namespace, context: Context, setting: Setting | None = None) -> tuple[CheckReport, Sequence[Record]]:
    """Run the pipeline with a command's arguments, with progress on a terminal."""
    from policygraph.app.checking import Run, check_with_records
    from policygraph.cli.progress import showing

    with showing(context.language) as progress, _register(args) as known:
        return check_with_records(setting or make_setting(args, context), args.files, args.input_format, args.kind, Run(known, progress))


@contextlib.contextmanager
def _register(args: argparse.Namespace) -> Iterator[Known | None]:
    if not args.register:
        yield None
        return
    from policygraph.app.register import opening
    from policygraph.app.register.knowing import Knowing
    from policygraph.app.register.store import Register

    with Register.open(opening.placed(args.register)) as register:
        yield Knowing(register, parse_day(args.as_of))


def parse_day(text: str | None) -> dt.date | None:
    """Return a day given as 2024-12-31.

    Raises:
        UsageError: It is no day of the calendar.
    """
    if text is None:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise UsageError(
            Text(f"“{text}”不是日期。", f"“{text}” is not a day of the calendar."),
            Text("请写成 2024-12-31 的形式。", "Write it like 2024-12-31."),
            "--as-of",
        ) from None


def put_out(report: CheckReport, args: argparse.Namespace, context: Context, *, decisions: bool) -> None:
    """Write the report in the form asked for to where it is wanted.

    Args:
        report: The report.
        args: The command's arguments.
        context: The command's context.
        decisions: Whether the decisions matter most, or the findings.
    """
    from policygraph.cli.output import opened
    from policygraph.reports.forms import write_report

    with opened(args.output) as out:
        write_report(report, args.format, context.language, out, decisions=decisions)
