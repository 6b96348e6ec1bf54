"""`policygraph reason`: profile, consistency and satisfiability of the graph by OWL reasoners."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from typing import TYPE_CHECKING

from policygraph.errors import Text, UsageError
from policygraph.vocab import PREFIXES

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Iterator

    from policygraph.app.reason import Reasoned
    from policygraph.cli.context import Context

SUMMARY = Text(
    "用 OWL 推理程序检查本体与政策图谱：轮廓、一致性、不可满足的类。",
    "Check the ontology and the graph with OWL reasoners: profiles, consistency, unsatisfiable classes.",
)
EXAMPLE = "policygraph reason --format json"
PARTS = {"schema": Text("本体", "ontology"), "graph": Text("全图", "whole graph")}
REASONS = {
    "headers": Text("本体头", "ontology headers"),
    "plain properties": Text("普通 RDF 属性", "plain RDF properties"),
    "dates": Text("日期", "dates"),
    "list cells": Text("列表单元", "list cells"),
}
LONGEST = 86_400  # seconds in a day
MARKS = ("✓", "✗")
FITS = (Text("符合", "fits"), Text("不符合", "does not fit"))
HOLDS = (Text("一致", "consistent"), Text("矛盾", "inconsistent"))
_COUNTS = Text(
    "读取 {read} 条三元组；推理程序不能读的略去 {count} 条（{parts}）。",
    "{read} triples read; {count} left out that reasoners cannot read ({parts}).",
)
_UNSATISFIABLE = Text("{mark} 不可能有实例的类：{count}", "{mark} Classes that can have no instance: {count}")
_UNTYPED = Text("{mark} 可推出而未写明的类型：{count}", "{mark} Types that follow and are not stated: {count}")
_CONSISTENCY = Text("{mark} 一致性（HermiT）：{verdict}", "{mark} Consistency (HermiT): {verdict}")
_PROFILE = Text("{mark} OWL 2 {profile}（{part}）：{verdict}", "{mark} OWL 2 {profile} ({part}): {verdict}")
_IRI = re.compile(r"<([^<>]*)>")


def configure(parser: ArgumentParser, language: str) -> None:
    """Add the options."""
    formats = Text("输出格式：text 或 json", "output format: text or json")
    output = Text("写入文件而不是屏幕", "write to a file instead of the screen")
    timeout = Text("每次推理最多用多少秒（缺省 180）", "seconds that each run of a reasoner may take (180)")
    parser.add_argument("--format", choices=("text", "json"), default="text", help=formats.in_language(language))
    parser.add_argument("--timeout", type=float, default=180.0, metavar="SECONDS", help=timeout.in_language(language))
    parser.add_argument("-o", "--output", metavar="FILE", help=output.in_language(language))


def execute(args: Namespace, context: Context) -> int:
    """Run the check and print what was found; 1 if anything must be repaired."""
    from policygraph.app.reason import reason
    from policygraph.cli.output import write

    if not 0 < args.timeout <= LONGEST:
        raise UsageError(
            Text(f"--timeout 须大于 0，不超过 {LONGEST}。", f"--timeout must be above 0 and at most {LONGEST}."),
            Text("例如 --timeout 180。", "For instance --timeout 180."),
        )
    found = reason(context.roots, args.timeout)
    if args.format == "json":
        shown = json.dumps({"faulty": found.faulty, **asdict(found)}, ensure_ascii=False, indent=2)
    else:
        shown = "\n".join(text.in_language(context.language) for text in lines(found))
    write(shown + "\n", args.output)
    return int(found.faulty)


def lines(found: Reasoned) -> Iterator[Text]:
    """Yield what was found, line by line."""
    from policygraph.app.reason import PARTS as CHECKED

    parts = [(REASONS[reason], count) for reason, count in found.left_out.items() if count]
    listed = Text(
        "，".join(f"{text.zh} {count}" for text, count in parts),
        ", ".join(f"{count} {text.en}" for text, count in parts),
    )
    yield _COUNTS.format(read=found.read, count=sum(found.left_out.values()), parts=listed)
    for part, profile in CHECKED:
        rows = [row for row in found.violations if (row.part, row.profile) == (part, profile)]
        bad = bool(rows)
        yield _PROFILE.format(mark=MARKS[bad], profile=profile, part=PARTS[part], verdict=FITS[bad])
        yield from (_same(f"  {row.kind}  {short(row.axiom)}") for row in rows)
    yield _CONSISTENCY.format(mark=MARKS[not found.consistent], verdict=HOLDS[not found.consistent])
    yield from (_same(f"  {short(axiom)}") for axiom in found.clash)
    if found.consistent:
        yield _UNSATISFIABLE.format(mark=MARKS[bool(found.unsatisfiable)], count=len(found.unsatisfiable))
        for name, axioms in found.unsatisfiable.items():
            yield _same(f"  {short(f'<{name}>')}")
            yield from (_same(f"    {short(axiom)}") for axiom in axioms)
        yield _UNTYPED.format(mark="!" if found.untyped else MARKS[0], count=len(found.untyped))
        yield from (_same(f"  {short(f'<{thing}>')}  {short(f'<{cls}>')}") for thing, cls in found.untyped)


def short(axiom: str) -> str:
    """Return an axiom in functional syntax with prefixed names where a prefix is known."""

    def prefixed(match: re.Match[str]) -> str:
        for prefix, namespace in PREFIXES.items():
            local = match[1].removeprefix(namespace)
            if local != match[1] and re.fullmatch(r"[\w.-]+", local):
                return f"{prefix}:{local}"
        return match[0]

    return _IRI.sub(prefixed, axiom)


def _same(line: str) -> Text:
    """Return a line of names and symbols, which read the same in both languages."""
    return Text(line, line)
