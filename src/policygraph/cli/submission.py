"""What `check` and `decide` share: options, the as-of day, and the report in the form asked for."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Protocol

from policygraph.errors import Text, UsageError

if TYPE_CHECKING:
    import argparse

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
    parser.add_argument("--format", choices=FORMATS, default="text", help=words("输出格式", "form of the report"))
    parser.add_argument("-o", "--output", metavar="FILE", help=words("写入文件而不是屏幕", "write to a file instead of the screen"))


def run_check(args: argparse.Namespace, context: Context) -> CheckReport:
    """Run the pipeline with a command's arguments."""
    from policygraph.app.checking import check_submission, setting

    today = dt.datetime.now(tz=dt.UTC).astimezone().date()
    return check_submission(setting(context.roots, today, parse_day(args.as_of)), args.file, args.input_format)


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
