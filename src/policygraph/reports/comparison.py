"""A comparison of two policies for people: counts, then each difference with the sentences of both sides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policygraph.errors import Text, clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from policygraph.model.comparison import Aspect, Comparison, Difference
    from policygraph.model.grounds import Citation, Named

NAMES = {
    "text": Text("文本", "Text"),
    "provisions": Text("条款", "Provisions"),
    "strengths": Text("强度", "Strengths"),
    "numbers": Text("数值", "Numbers"),
    "units": Text("责任单位", "Responsible units"),
    "rules": Text("规则与核查", "Rules and checks"),
}
_MARKS = {"added": "+", "removed": "−", "changed": "±"}
SAME = Text("没有差别。", "There is no difference.")
_TALLY = Text(
    "{name}：增 {added}，删 {removed}，改 {changed}，同 {same}",
    "{name}: {added} added, {removed} removed, {changed} changed, {same} the same",
)
_CHANGE = Text("{field}：{before} → {after}", "{field}: {before} → {after}")
NONE = Text("无", "none")
# In these the node's own words are the sentence.
SAY_IT = ("text", "provisions")


def comparison_text(comparison: Comparison, language: str) -> str:
    """Return the report in one language."""
    return "".join(f"{clean(line)}\n" for line in _lines(comparison, language))


def _lines(comparison: Comparison, language: str) -> Iterator[str]:
    for mark, name, policies in (
        ("−", comparison.before, comparison.policies_before),
        ("+", comparison.after, comparison.policies_after),
    ):
        yield f"{mark} {name}: {_listed(policies).in_language(language)}"
    if not comparison.differences:
        yield SAME.in_language(language)
    for tally in comparison.tallies:
        said = _TALLY.format(name=NAMES[tally.aspect], added=tally.added, removed=tally.removed, changed=tally.changed, same=tally.same)
        yield "  " + said.in_language(language)
    for tally in comparison.tallies:
        own = [d for d in comparison.differences if d.aspect == tally.aspect]
        if own:
            yield ""
            yield NAMES[tally.aspect].in_language(language)
        for difference in own:
            yield from ("  " + line for line in _difference(difference, language))


def _difference(difference: Difference, language: str) -> Iterator[str]:
    node = (difference.after or difference.before).node  # type: ignore[union-attr]
    yield f"{_MARKS[difference.kind]} {node.label.in_language(language)} [{node.short}]"
    shown = difference.aspect in SAY_IT
    sides = (("−", difference.before, difference.after), ("+", difference.after, difference.before))
    said = [side.words if side else NONE for _, side, _ in sides]
    for change in difference.changes:
        if not shown or [change.before, change.after] != said:
            before, after = (side if side.zh else NONE for side in (change.before, change.after))
            yield "    " + _CHANGE.format(field=change.field, before=before, after=after).in_language(language)
    for mark, side, other in sides:
        if side is None:
            continue
        if shown or not side.citations:
            yield f"    {mark} {side.words.in_language(language)}"
        else:
            yield from (f"    {mark} {_cited(citation)}" for citation in own_citations(side, other))


def own_citations(side: Aspect, other: Aspect | None) -> tuple[Citation, ...]:
    """Return the sentences that the other side has not, or all when they are the same."""
    theirs = {c.quote for c in other.citations} if other else set()
    return tuple(c for c in side.citations if c.quote not in theirs) or side.citations


def _cited(citation: Citation) -> str:
    place = ", ".join(filter(None, [citation.document, citation.provision.short]))
    whole = citation.sentence if citation.sentence not in ("", citation.quote) else ""
    return f"“{citation.quote}” [{place}]" + (f" — {whole}" if whole else "")


def _listed(nodes: Iterable[Named]) -> Text:
    labels = [node.label for node in nodes]
    return Text("；".join(label.zh for label in labels), "; ".join(label.en for label in labels))
