"""Lines of a report on overlays: what was laid over the policy, the reading adopted, and the result under the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policygraph.errors import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from policygraph.model.adoption import AdoptedReading, AppliedOverlay, Brought, OtherResult
    from policygraph.model.grounds import Named

_OVERLAY = Text("叠加文件：{source}（sha256 {sha256}）", "Overlay: {source} (sha256 {sha256})")
_ADOPTS = Text("采用读法：{names}", "adopts: {names}")
_CLOSES = Text("终止：{name}（至 {day} 前）", "ends: {name} (no longer in force from {day})")
_ADDS = Text("新增：{names}", "adds: {names}")
_ADOPTED = Text("采用的读法：{statement}（{option}，由 {source} 采用）", "Reading adopted: {statement} ({option}, adopted by {source})")
_BROUGHT = Text(
    "依叠加文件 {source} 增加的内容，并非所判文件的原文：{names}",
    "Rests on what the overlay {source} adds, not on the policy as issued: {names}",
)
_STORED = Text("未采用时（{statement}）：{result}", "Without it ({statement}): {result}")
_OTHER = Text("另一读法下（{statement}）：{result}", "Under the other reading ({statement}): {result}")
_SAME = Text("结果相同，{result}", "the same, {result}")
_BETWEEN = Text("{result}，数额 {low} … {high}", "{result}, amount {low} … {high}")
_AMOUNT = Text("{result}，数额 {low}", "{result}, amount {low}")
_UNKNOWN = Text("未知", "unknown")


def overlay_lines(overlays: Iterable[AppliedOverlay], language: str) -> Iterator[str]:
    """Yield what each overlay does."""
    for overlay in overlays:
        yield _OVERLAY.format(source=overlay.source, sha256=overlay.sha256[:12]).in_language(language)
        if overlay.adopted:
            yield "  " + _ADOPTS.format(names=_listed(overlay.adopted)).in_language(language)
        for node, day in overlay.closed:
            yield "  " + _CLOSES.format(name=node.label, day=day).in_language(language)
        if overlay.added:
            yield "  " + _ADDS.format(names=_listed(overlay.added)).in_language(language)


def adopted_lines(adopted: Iterable[AdoptedReading], language: str, indent: str) -> Iterator[str]:
    """Yield each adopted reading and what the answer would be under the others."""
    for reading in adopted:
        said = _ADOPTED.format(statement=_plain(reading.statement), option=reading.option.label, source=reading.source)
        yield indent + said.in_language(language)
        for other in reading.others:
            words = _OTHER if other.option else _STORED
            yield f"{indent}  {words.format(statement=_plain(other.statement), result=_result(other)).in_language(language)}"


def brought_lines(brought: Iterable[Brought], language: str, indent: str) -> Iterator[str]:
    """Yield what an answer rests on that overlays added."""
    for each in brought:
        yield indent + _BROUGHT.format(source=each.source, names=_listed(each.nodes)).in_language(language)


def _result(other: OtherResult) -> Text:
    words = other.result.label
    if other.causes:
        words = Text("{result}（{causes}）", "{result} ({causes})").format(result=words, causes=_listed(other.causes))
    if other.low and other.low == other.high:
        words = _AMOUNT.format(result=words, low=other.low)
    elif other.low or other.high:
        words = _BETWEEN.format(result=words, low=other.low or _UNKNOWN, high=other.high or _UNKNOWN)
    return _SAME.format(result=words) if other.same else words


def _plain(statement: Text) -> Text:
    """Return a sentence without its full stop, for standing inside another."""
    return Text(statement.zh.rstrip("。"), statement.en.rstrip("."))


def _listed(nodes: Iterable[Named]) -> Text:
    labels = [node.label for node in nodes]
    return Text("、".join(label.zh for label in labels), ", ".join(label.en for label in labels))
