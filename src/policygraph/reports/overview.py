"""The four groups at a glance: one line a benefit, with its amount and what stands against it or is still to be supplied."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from policygraph.errors import Text
from policygraph.reports.cases import CaseLines, nearest
from policygraph.reports.lines import OUTCOME_MARKS
from policygraph.vocab import OUTCOME, STATUS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policygraph.model.answers import DecisionResult
    from policygraph.model.entitled import Entitlement, EntitlementReport
    from policygraph.model.grounds import Named

_TITLE = Text("一览", "At a glance")
_YES, _PERHAPS = Text("符合条件", "Yes"), Text("可能符合，尚待确定", "Perhaps, still undetermined")
_SUPPORTED, _NO = Text("支持或鼓励，没有给予什么", "Supported or encouraged, nothing granted"), Text("不符合条件", "No")
_COUNT = Text("{title}：{count} 项", "{title}: {count}")
_NO_AMOUNT = Text("数额未载明", "amount not stated")
_INDICATIVE = Text("参考数额 {amount}", "indicative amount {amount}")
_BETWEEN = Text("在 {low} … {high} 之间", "between {low} … {high}")
_UNKNOWN = Text("未知", "unknown")
_SUPPLY = Text("可补充：{names}", "to supply: {names}")
_BEARS = Text("仍可能受影响：{names}", "may still be affected by: {names}")
_AND_MORE = Text("等 {all} 项", " and {more} more")
_OTHERS = Text("另有 {count} 项", "{count} more")
MOST_NEEDS = 3
MOST_SUPPORTED = 8


class OverviewLines(CaseLines):
    """Writes the overview in one language."""

    def overview(self, report: EntitlementReport) -> Iterator[str]:
        """Yield the overview: four groups, one line a benefit."""
        yield self._w(_TITLE)
        for title, own in ((_YES, report.yes), (_PERHAPS, report.perhaps)):
            yield from self._glance_group(title, own)
        yield "  " + self._w(_COUNT.format(title=_SUPPORTED, count=len(report.supported)))
        for support in report.supported[:MOST_SUPPORTED]:
            strength = self._n(support.citation.strength)
            yield f"    · {self._n(support.citation.provision)}{self._t('：', ': ')}{strength}"
        if len(report.supported) > MOST_SUPPORTED:
            yield "    · " + self._w(_OTHERS.format(count=len(report.supported) - MOST_SUPPORTED))
        yield from self._glance_group(_NO, report.no)

    def _glance_group(self, title: Text, own: tuple[Entitlement, ...]) -> Iterator[str]:
        yield "  " + self._w(_COUNT.format(title=title, count=len(own)))
        for one in own:
            said = self._t("；", "; ").join(filter(None, self._in_short(one)))
            yield f"    {OUTCOME_MARKS[one.outcome.short]} {self._n(one.rule)}{self._t('：', ': ')}{said}"

    def _in_short(self, one: Entitlement) -> Iterator[str]:
        """Yield the amount, then the main reason or what could be supplied."""
        if one.outcome.iri == OUTCOME.eligible:
            yield self._amounts(one) or self._w(one.benefit) or self._n(one.outcome)
            yield self._to_supply(_BEARS, one)
        elif one.outcome.iri == OUTCOME.undetermined:
            yield self._amounts(one)
            left = "" if one.needs else self._names(self._left(one))
            yield self._names(one.causes) + (f"{self._t('：', ': ')}{left}" if left else "")
            yield self._to_supply(_SUPPLY, one)
        else:
            against = (line[2:] for line in self._against(one.carrying)) if one.outcome.iri == OUTCOME["not-eligible"] else iter(())
            yield self._w(one.reason) or next(against, "") or self._n(one.outcome)

    @staticmethod
    def _left(one: Entitlement) -> tuple[Named, ...]:
        """Return the conditions that are still open where nothing can be supplied."""
        open_ = {STATUS.missing, STATUS.discretion, STATUS.silent}
        return tuple(dict.fromkeys(c.node for case in one.carrying for c in nearest(case, open_)))

    def _amounts(self, one: Entitlement) -> str:
        """Return the amounts of the cases that carry the outcome; cases of one row that differ in what they ask for count once."""
        rows = {(tuple(f for f in c.about if f.field.iri not in c.requested), self._amount(c.decision)): c for c in one.carrying}
        return self._t("、", ", ").join(amount for _, amount in rows if amount)

    def _amount(self, decision: DecisionResult) -> str:
        if not (decision.low or decision.high):
            return self._w(_NO_AMOUNT) if decision.unstated else ""
        settled = decision.outcome.iri == OUTCOME.eligible
        unit = f" {self._unit(decision)}" if self._unit(decision) else ""
        name = f"{self._w(decision.amount_name)} " if decision.amount_name and settled else ""
        if decision.low != decision.high:
            unknown = self._w(_UNKNOWN)
            return name + self._w(_BETWEEN.format(low=decision.low or unknown, high=(decision.high or unknown) + unit))
        if settled:
            return f"{name}{decision.low}{unit}"
        # Nought that may still grow tells nothing.
        return self._w(_INDICATIVE.format(amount=decision.low + unit)) if Decimal(decision.low) else ""

    def _to_supply(self, words: Text, one: Entitlement) -> str:
        if not one.needs:
            return ""
        names = self._t("、", ", ").join(map(self._need, one.needs[:MOST_NEEDS]))
        if len(one.needs) > MOST_NEEDS:
            names += self._w(_AND_MORE.format(all=len(one.needs), more=len(one.needs) - MOST_NEEDS))
        return self._w(words.format(names=names))
