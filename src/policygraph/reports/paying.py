"""Lines of a report on what is payable beside other rules: the amount, what limits it, and sums over several benefits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policygraph.errors import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from policygraph.model.answers import DecisionResult
    from policygraph.model.grounds import Named

_PAYABLE = Text("与其他待遇合并考虑后应付：{amount}", "Payable beside other benefits: {amount}")
_LIMITED = Text("{payable}（受限于：{names}）", "{payable} (limited by: {names})")
_TOGETHER = Text("合计（{over}；{names}）：{amount}", "Together ({over}; {names}): {amount}")
_BETWEEN = Text("{low} … {high}{unit}", "{low} … {high}{unit}")
_UNKNOWN = Text("未知", "unknown")


def payable_lines(decision: DecisionResult, language: str, indent: str) -> Iterator[str]:
    """Yield what is payable by a decision where other rules limit it, and the sums that it is part of."""
    if decision.payable is None:
        return
    unit = decision.unit.label if decision.unit else Text("", "")
    payable = decision.payable
    if payable.limited_by:
        words = _PAYABLE.format(amount=_amount(payable.low, payable.high, unit))
        yield indent + _LIMITED.format(payable=words, names=_listed(payable.limited_by)).in_language(language)
    for together in payable.together:
        amount = _amount(together.low, together.high, unit)
        yield indent + _TOGETHER.format(over=together.over.label, names=_listed(together.rules), amount=amount).in_language(language)


def _amount(low: str, high: str, unit: Text) -> Text:
    spaced = Text(f" {unit.zh}", f" {unit.en}") if unit.zh else unit
    if low and low == high:
        return Text(f"{low}{spaced.zh}", f"{low}{spaced.en}")
    return _BETWEEN.format(low=low or _UNKNOWN, high=high or _UNKNOWN, unit=spaced)


def _listed(nodes: Iterable[Named]) -> Text:
    labels = [node.label for node in nodes]
    return Text("、".join(label.zh for label in labels), ", ".join(label.en for label in labels))
