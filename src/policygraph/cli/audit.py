"""`policygraph audit`: is every sentence modelled, or marked non-normative with a reason."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from policygraph.app.audited import document, percent, sentence_of, short
from policygraph.errors import Text

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Iterator

    from policygraph.app.audit import Audit
    from policygraph.cli.context import Context
    from policygraph.model.numerals import Number

SUMMARY = Text(
    "核对原文每一句是否都已建模，或已注明为非规范内容。",
    "Prove that every sentence of the text is modelled, or marked non-normative with a reason.",
)
EXAMPLE = "policygraph audit --format json"
_HEAD = Text("{label}", "{label}")
_COVERAGE = Text(
    "{mark} 覆盖率 {percent}：正文 {body} 字中 {covered} 字已建模；另有标点和空格 {separators} 个，全文共 {characters} 个字符",
    "{mark} Coverage {percent}: {covered} of {body} characters of the body; punctuation and spaces: {separators}, all: {characters}",
)
_KIND = Text("    {label}：{count} 字", "    {label}: {count}")
_GAP = Text("✗ 未建模，第{number}句（{section}）：{words}", "✗ Not modelled, sentence {number} ({section}): {words}")
_SENTENCE = Text("    全句：{words}", "    Sentence: {words}")
_GAP_FIX = Text(
    "    请为这些字写条款，或写成附理由的 pg:NonNormativeItem。",
    "    Write a provision for these words, or a pg:NonNormativeItem with its reason.",
)
_OVERLAP = Text("✗ 引文重叠：{first} 与 {second} 都含“{words}”", "✗ Quotes overlap: {first} and {second} share “{words}”")
_SAME = Text("✗ 引文重复：{first} 与 {second} 都是“{words}”", "✗ Duplicate quotes: {first} and {second} are both “{words}”")
_OVERLAP_FIX = Text(
    "    请缩短其一；确需包含的，在外层写 pg:nests。", "    Shorten one; where nesting is meant, declare pg:nests on the outer one."
)
_MISNESTED = Text("✗ 声明的包含不成立：{first} 并不包含 {second}", "✗ Declared nesting does not hold: {first} does not contain {second}")
_NUMBERS = Text("{mark} 数字 {all} 个，其中 {open} 个没有对应的数据", "{mark} Numbers: {all}, of them without data: {open}")
_NUMBER = Text(
    "✗ 第{sentence}句的数字“{words}”没有参数，也没有豁免：…{around}…",
    "✗ The number “{words}” in sentence {sentence} has no parameter and no exemption: …{around}…",
)
_NUMBER_FIX = Text(
    "    请加 pg:Parameter，或加附理由的 pg:NumberExemption。",
    "    Add a pg:Parameter, or a pg:NumberExemption with its reason.",
)
_PROBLEM = Text("✗ {node}：{what}{fix}", "✗ {node}: {what} {fix}")
_IDLE = Text("! 豁免没有对应的数字：{label}（{node}）", "! This exemption matches no number: {label} ({node})")
_UNUSED = Text(
    "· 尚无规则、参数、列举或问题使用的条款：{count} 条", "· Provisions that no rule, parameter, list or question uses yet: {count}"
)
_UNUSED_ROW = Text("    {node}（{label}）", "    {node} ({label})")
_HIDDEN = Text("    用 --unused 列出。", "    List them with --unused.")
_AROUND = 8


def configure(parser: ArgumentParser, language: str) -> None:
    """Add the options."""
    words = {
        "policy": Text("只核对一份政策：IRI、短名、字号或名称。", "Audit one policy: IRI, short name, document number or label."),
        "format": Text("输出格式：text 或 json。", "Output format: text or json."),
        "output": Text("写入文件而不是屏幕。", "Write to a file instead of the screen."),
        "unused": Text("列出尚无任何事物使用的条款。", "List the provisions that nothing uses."),
    }
    parser.add_argument("--policy", default="", metavar="POLICY", help=words["policy"].in_language(language))
    parser.add_argument("--format", choices=("text", "json"), default="text", help=words["format"].in_language(language))
    parser.add_argument("-o", "--output", metavar="FILE", help=words["output"].in_language(language))
    parser.add_argument("--unused", action="store_true", help=words["unused"].in_language(language))


def execute(args: Namespace, context: Context) -> int:
    """Print the audit; 1 unless everything is covered, placed and accounted for."""
    from policygraph.app.audit import run
    from policygraph.cli.output import write

    audits = run(context.roots, args.policy)
    if args.format == "json":
        shown = json.dumps(document(audits), ensure_ascii=False, indent=2)
    else:
        shown = "\n".join(t.in_language(context.language) for audit in audits for t in lines(audit, unused=args.unused))
    write(shown + "\n", args.output)
    return int(not all(audit.passed for audit in audits))


def lines(audit: Audit, *, unused: bool = False) -> Iterator[Text]:
    """Yield the audit of one policy, line by line."""
    found, sentences, name = audit.coverage, audit.text.sentences, audit.labels.get
    yield _HEAD.format(label=audit.label)
    yield _COVERAGE.format(
        mark=_mark(found.fraction == 1),
        percent=percent(found.fraction),
        body=found.body,
        covered=found.covered,
        separators=found.separators,
        characters=found.characters,
    )
    for kind, count in found.by_kind.items():
        yield _KIND.format(label=name(kind), count=count)
    for gap in found.gaps:
        sentence = sentences[gap.sentence - 1]
        yield _GAP.format(number=gap.sentence, section=name(sentence.section), words=gap.words)
        yield _SENTENCE.format(words=audit.text.quote(sentence.span))
    if found.gaps:
        yield _GAP_FIX
    for overlap in found.overlaps:
        shape = _SAME if overlap.same else _OVERLAP
        yield shape.format(first=short(overlap.first), second=short(overlap.second), words=overlap.words)
    if found.overlaps:
        yield _OVERLAP_FIX
    for outer, inner in found.misnested:
        yield _MISNESTED.format(first=short(outer), second=short(inner))
    for problem in audit.text.problems:
        yield _PROBLEM.format(node=short(problem.node), what=problem.what, fix=problem.fix)
    yield _NUMBERS.format(mark=_mark(not found.unaccounted), all=len(found.numbers), open=len(found.unaccounted))
    for number in found.unaccounted:
        yield _NUMBER.format(sentence=sentence_of(audit, number), words=number.words, around=_around(audit, number))
    if found.unaccounted:
        yield _NUMBER_FIX
    for node in found.idle_exemptions:
        yield _IDLE.format(label=name(node), node=short(node))
    yield _UNUSED.format(count=len(audit.unused))
    if unused:
        yield from (_UNUSED_ROW.format(node=short(node), label=name(node)) for node in audit.unused)
    elif audit.unused:
        yield _HIDDEN


def _around(audit: Audit, number: Number) -> str:
    return audit.text.text[max(0, number.start - _AROUND) : number.end + _AROUND]


def _mark(fine: bool) -> str:
    return "✓" if fine else "✗"
