"""`policygraph register list`: the entries, without what they hold."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from policygraph.cli.register import shared
from policygraph.errors import Text, UsageError

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from policygraph.app.register.entries import Entry
    from policygraph.app.register.tabular import Words
    from policygraph.cli.context import Context

SUMMARY = Text(
    "列出各条登记：编号、时间、事项、种类、结论；不含个人信息。", "List the entries: number, time, action, kind, verdict; nothing personal."
)
EXAMPLE = "policygraph register list --standing --since 2024-01-01 --register register.db"
_COLUMNS = ("number", "time", "action", "refers_to", "kind", "verdict", "who", "standing")
_TOTAL = Text("共 {n} 条。", "Entries: {n}.")
_NO_KIND = Text("没有申报种类“{name}”。", "There is no kind of submission “{name}”.")
_KINDS = Text("全部种类：{names}", "Kinds: {names}")


def configure(parser: ArgumentParser, language: str) -> None:
    """Add the options."""

    def words(zh: str, en: str) -> str:
        return Text(zh, en).in_language(language)

    parser.add_argument("--kind", metavar="KIND", help=words("只列某一种申报", "entries of one kind only"))
    verdicts = ("pass", "warning", "undetermined", "violation", "unchecked")
    parser.add_argument("--verdict", choices=verdicts, help=words("只列某一结论", "entries with one verdict only"))
    parser.add_argument("--since", metavar="DATE", help=words("自此日起", "from this day on"))
    parser.add_argument("--until", metavar="DATE", help=words("至此日止", "until this day"))
    parser.add_argument("--who", metavar="NAME", help=words("只列某一经办人所登", "entries made by one person only"))
    parser.add_argument(
        "--standing", action="store_true", help=words("只列现行记录：未更正、未删除", "only records that stand: not corrected, not erased")
    )
    parser.add_argument("--format", choices=("table", "json"), default="table", help=words("输出格式", "form of the output"))
    shared.add_register(parser, language)


def execute(args: Namespace, context: Context) -> int:
    """Print the entries."""
    from policygraph.app.register import searching, times
    from policygraph.cli.output import columns, write

    names = shared.words(context)
    wanted = searching.Filter(
        kind=kind_of(args.kind, names) if args.kind else "",
        verdict=args.verdict or "",
        since=times.day(args.since, "--since") if args.since else None,
        until=times.day(args.until, "--until") if args.until else None,
        who=args.who or "",
        standing=args.standing,
    )
    with shared.opened(args) as register:
        entries, standing = list(searching.listed(register, wanted)), register.standing()
    if args.format == "json":
        write(json.dumps([{**asdict(e), "standing": e.number in standing} for e in entries], ensure_ascii=False, indent=2) + "\n")
        return 0
    write(table(entries, standing, names, columns()) + shared.say(_TOTAL, context, n=len(entries)) + "\n")
    return 0


def table(entries: list[Entry], standing: frozenset[int], names: Words, columns: int) -> str:
    """Return entries as an aligned table."""
    from policygraph.app.register.tabular import HEADERS, cell
    from policygraph.cli.tables import render
    from policygraph.model.terms import Literal, Table
    from policygraph.vocab import XSD

    numeric = {"number", "refers_to"}
    rows = [tuple(Literal(cell(e, n, names, standing), XSD.integer if n in numeric else XSD.string) for n in _COLUMNS) for e in entries]
    return render(
        Table(_COLUMNS, tuple(rows)), "table", headings=[names.say(HEADERS[n]) for n in _COLUMNS], show=lambda t: t.value, columns=columns
    )


def kind_of(name: str, names: Words) -> str:
    """Return the kind that a name means.

    Raises:
        UsageError: There is none of that name.
    """
    from policygraph.records.near import described, near
    from policygraph.records.spelling import alike

    kinds = {kind.short: kind for kind in names.kinds.values() if kind.is_record}
    for kind in kinds.values():
        if alike(name.strip()) in map(alike, (kind.iri, kind.short, kind.label.zh, kind.label.en)):
            return kind.iri
    labels = {short: kind.label for short, kind in sorted(kinds.items())}
    raise UsageError(_NO_KIND.format(name=name), _KINDS.format(names=described(near(name, labels) or tuple(labels), labels)), "--kind")
