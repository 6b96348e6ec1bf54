"""Lines on what would settle or change a decision, in one language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from policygraph.errors import Text
from policygraph.reports.lines import OUTCOME_MARKS, Lines
from policygraph.vocab import CAUSE, OUTCOME

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from policygraph.model.answers import DecisionResult
    from policygraph.model.changes import Change, Remedies, Remedy

MOST_SHOWN = 8
_SETTLE = Text("怎样才能确定", "What would settle it")
_CHANGE = Text("怎样才能改变", "What would change it")
_MISSING = Text("缺少的事实：{names}", "facts that are missing: {names}")
_DETERMINE = Text("有待认定：{names}", "to be determined: {names}")
_SILENT = Text("文本未规定，补充事实不能确定：{names}", "the text is silent, so no fact settles it: {names}")
_SUPPLY = Text("如属实，可补充或取得：", "if true, these can still be supplied or obtained:")
_PAST = Text("已成过去、不能再变，仅供了解：", "past and fixed, shown for information only:")
_NONE = Text("没有仍可补充或取得的事实能使其符合条件。", "No fact that can still be supplied or obtained makes it eligible.")
_MORE = Text("需要补充或取得的事实多于三项。", "More than three facts would have to be supplied or obtained.")
_MORE_SUPPLY = Text("需要补充的事实多于三项。", "More than three facts would have to be supplied.")
_PAST_MORE = Text("连同既成事实，需要改变的也多于三项。", "Even with facts that are past and fixed, more than three would have to change.")
_HIDDEN = Text("涉及既成事实的改动用 --all-changes 显示。", "Changes of facts that are past are shown with --all-changes.")
_CAPPED = Text("可能的改动过多，只试了一部分。", "There are too many possible changes; only some were tried.")
_FURTHER = Text("另有 {count} 种", "{count} more")
_STATE = Text("{field} {value}", "{field}: {value}")
_REPLACE = Text("{field} 由 {old} 改为 {value}", "{field}: {value} instead of {old}")
_WITHDRAW = Text("撤回 {field}（{old}）", "withdraw {field} ({old})")
_ROW = Text("{table}第 {number} 行的{field}", "{field} in row {number} of {table}")
_ANY = Text("任一值，如 {value}", "any value, such as {value}")
_BOUNDS = {"<=": Text("不超过 {value}", "at most {value}"), ">=": Text("不低于 {value}", "at least {value}"), "any": _ANY}
_DATES = {"<=": Text("不晚于 {value}", "not after {value}"), ">=": Text("不早于 {value}", "not before {value}"), "any": _ANY}
_DUE_AT = Text("{outcome}，按此值数额 {amount}{unit}", "{outcome}, amount {amount}{unit} at that value")
_DUE = Text("{outcome}，数额 {amount}{unit}", "{outcome}, amount {amount}{unit}")


@dataclass(slots=True)
class _Group:
    """Remedies that differ in the value of one field only."""

    remedies: list[Remedy]
    varying: int = -1

    def takes(self, other: Remedy) -> bool:
        first = self.remedies[0]
        if [(c.row, c.field) for c in first.changes] != [(c.row, c.field) for c in other.changes] or first.outcome != other.outcome:
            return False
        differing = [n for n, (a, b) in enumerate(zip(first.changes, other.changes, strict=True)) if a.value != b.value]
        if len(differing) != 1 or self.varying not in {-1, differing[0]}:
            return False
        self.varying = differing[0]
        self.remedies.append(other)
        return True


class RemedyLines(Lines):
    """Writes remedies in one language."""

    def remedy_lines(self, decision: DecisionResult, indent: str) -> Iterator[str]:
        """Yield what would settle or change a decision; nothing when that was not looked for."""
        remedies = decision.remedies
        if remedies is None:
            return
        undetermined = decision.outcome.iri == OUTCOME.undetermined
        yield f"{indent}{self._w(_SETTLE if undetermined else _CHANGE)}{self._t('：', ':')}"
        inner = indent + "  "
        yield from (inner + line for line in self._asks(remedies))
        if not remedies.supply:
            more = _MORE_SUPPLY if undetermined else _MORE
            yield inner + self._w(more if remedies.more_needed else _NONE)
        for heading, own in ((_SUPPLY, remedies.supply), (_PAST, remedies.past)):
            if own:
                yield inner + self._w(heading)
                yield from (f"{inner}  {line}" for line in self._groups(own))
        if remedies.past_more_needed and not (remedies.supply or remedies.past or remedies.more_needed):
            yield inner + self._w(_PAST_MORE)
        if remedies.capped:
            yield inner + self._w(_CAPPED)
        if not remedies.past_searched and not undetermined:
            yield inner + self._w(_HIDDEN)

    def _asks(self, remedies: Remedies) -> Iterator[str]:
        by_cause = {cause: [a for a in remedies.asks if a.cause.iri == cause] for cause in (CAUSE.missing, CAUSE.discretion, CAUSE.silent)}
        if missing := by_cause[CAUSE.missing]:
            yield self._w(_MISSING.format(names=self._names(dict.fromkeys(f for a in missing for f in a.fields))))
        for words, cause in ((_DETERMINE, CAUSE.discretion), (_SILENT, CAUSE.silent)):
            if own := by_cause[cause]:
                yield self._w(words.format(names=self._names(dict.fromkeys(a.condition for a in own))))

    def _groups(self, remedies: Iterable[Remedy]) -> Iterator[str]:
        groups: list[_Group] = []
        for remedy in remedies:
            if not any(group.takes(remedy) for group in groups):
                groups.append(_Group([remedy]))
        yield from (self._group(group) for group in groups[:MOST_SHOWN])
        if len(groups) > MOST_SHOWN:
            yield self._w(_FURTHER.format(count=len(groups) - MOST_SHOWN))

    def _group(self, group: _Group) -> str:
        first = group.remedies[0]
        parts = []
        for number, change in enumerate(first.changes):
            values = [r.changes[number] for r in group.remedies] if number == group.varying else [change]
            parts.append(self._change(values))
        changes = self._t("；", "; ").join(filter(None, parts))
        outcome = first.outcome.label
        amounts = {(r.low, r.high) for r in group.remedies}
        if len(amounts) == 1 and first.low:
            amount = first.low if first.low == first.high else f"{first.low} … {first.high or '?'}"
            unit = Text(f" {first.unit.label.zh}", f" {first.unit.label.en}") if first.unit else Text("", "")
            words = _DUE_AT if any(c.bound for c in first.changes) else _DUE
            outcome = words.format(outcome=outcome, amount=amount, unit=unit)
        causes = self._t(f"（{self._names(first.causes)}）", f" ({self._names(first.causes)})") if first.causes else ""
        return f"{changes} → {OUTCOME_MARKS[first.outcome.short]} {self._w(outcome)}{causes}"

    def _change(self, changes: list[Change]) -> str:
        change = changes[0]
        if change.adds_row:
            return self._t(f"增加一行{self._n(change.field)}", f"a further row of {self._n(change.field)}")
        field = change.field.label
        if change.row and change.table:
            field = _ROW.format(table=change.table.label, number=change.row.rpartition("-")[2], field=field)
        if change.value is None:
            return self._w(_WITHDRAW.format(field=field, old=change.shown_from))
        value = self._t(" 或 ", " or ").join(self._value(c) for c in changes)
        words = _STATE if change.from_ is None else _REPLACE
        return self._w(words.format(field=field, value=value, old=change.shown_from))

    def _value(self, change: Change) -> str:
        bounds = _DATES if change.dated else _BOUNDS
        return self._w(bounds[change.bound].format(value=change.shown)) if change.bound else self._w(change.shown)
