"""What `check` and `decide` share: options, the as-of day, and the report in the form asked for."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Protocol

from policygraph.errors import Text, UsageError

if TYPE_CHECKING:
    import argparse

    from policygraph.app.setting import Setting
    from policygraph.model.answers import CheckReport
    from policygraph.paths import DataRoots

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
    """Add the options that both commands have."""
    add_input(parser, language)
    add_overlays(parser, language)
    add_form(parser, language)


def add_form(parser: argparse.ArgumentParser, language: str) -> None:
    """Add in which form the report is wanted, and where."""
    form = Text("输出格式", "form of the report").in_language(language)
    parser.add_argument("--format", choices=FORMATS, default="text", help=form)
    place = Text("写入文件而不是屏幕", "write to a file instead of the screen").in_language(language)
    parser.add_argument("-o", "--output", metavar="FILE", help=place)


def add_input(parser: argparse.ArgumentParser, language: str) -> None:
    """Add the file, its format and the as-of day."""

    def words(zh: str, en: str) -> str:
        return Text(zh, en).in_language(language)

    parser.add_argument(
        "file",
        metavar="FILE",
        help=words(
            "申报文件（.ttl、.jsonld、.nt、.trig、.rdf）；- 表示标准输入",
            "submission (.ttl, .jsonld, .nt, .trig, .rdf); - for standard input",
        ),
    )
    add_reading(parser, language)


def add_reading(parser: argparse.ArgumentParser, language: str) -> None:
    """Add the as-of day and the format of the file."""

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
        choices=("turtle", "ntriples", "trig", "jsonld", "rdfxml"),
        help=words(
            "输入格式；缺省看文件后缀，标准输入为 turtle",
            "format of the input; by default its ending says, standard input is turtle",
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


def run_check(args: argparse.Namespace, context: Context) -> CheckReport:
    """Run the pipeline with a command's arguments."""
    from policygraph.app.checking import check_submission

    return check_submission(make_setting(args, context), args.file, args.input_format)


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


def render(report: CheckReport, args: argparse.Namespace, people: str) -> str:
    """Return the report in the form asked for; `people` is its text for people."""
    if args.format == "json":
        from policygraph.reports.plain import to_plain

        return json.dumps(to_plain(report), ensure_ascii=False, indent=2) + "\n"
    if args.format == "turtle":
        from policygraph.graph.serialising import serialise
        from policygraph.reports.rdf import report_triples

        return serialise(report_triples(report), "turtle")
    return people
