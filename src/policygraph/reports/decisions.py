"""Lines on one decision for a clerk: the answer, the sentences, the nearest alternative first, whom to ask, what is still to be proven."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policygraph.reports.adoption import adopted_lines, brought_lines
from policygraph.reports.paying import payable_lines
from policygraph.reports.remedies import RemedyLines
from policygraph.vocab import OUTCOME, STATUS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from policygraph.model.answers import AlternativeResult, ConditionResult, DecisionResult
    from policygraph.model.grounds import Responsible

_STATUS_MARKS = {"satisfied": "✓", "failed": "✗", "missing": "?", "discretion": "?", "silent": "?"}
_INNER = "      "


class DecisionLines(RemedyLines):
    """Writes decisions in one language."""

    def decision_lines(self, decision: DecisionResult) -> Iterator[str]:
        """Yield the lines of a decision."""
        colon = self._t("：", ": ")
        yield f"  {self._n(decision.rule)}{colon}{self._decision_head(decision)}"
        yield from brought_lines(decision.brought, self._language, _INNER)
        if decision.outcome.iri == OUTCOME.eligible and self._w(decision.benefit):
            yield f"{_INNER}{self._t('内容', 'Content')}{colon}{self._w(decision.benefit)}"
        yield from self._total_lines(decision)
        yield from payable_lines(decision, self._language, _INNER)
        yield from self._citation_lines(decision.citations, _INNER)
        yield from self._parameter_lines(decision.parameters, _INNER)
        yield from self._alternatives(decision)
        yield from self._proofs(decision)
        yield from (f"{_INNER}{self._responsible(r)}" for r in decision.responsible)
        yield from adopted_lines(decision.adopted, self._language, _INNER)
        yield from self._point_lines(decision.readings, self._t("读法", "Reading"), _INNER)
        yield from self._point_lines(decision.open_points, self._t("未定", "Open point"), _INNER)
        yield from self.remedy_lines(decision, _INNER)

    # ---------------------------------------------------------------- alternatives
    def _total_lines(self, decision: DecisionResult) -> Iterator[str]:
        """Yield the bounds of the total together with other results, where there are any."""
        if decision.total_low and (decision.total_low, decision.total_high) != (decision.low, decision.high):
            bounds = f"{decision.total_low} … {decision.total_high or self._t('未知', 'unknown')} {self._unit(decision)}"
            yield f"{_INNER}{self._t('连同其他成绩的合计', 'Total with other results')}{self._t('：待定，', ': undetermined, ')}{bounds}"

    def _alternatives(self, decision: DecisionResult) -> Iterator[str]:
        """Yield the alternatives that carry the answer; those that fail beside them take one line together."""
        open_ = [a for a in decision.alternatives if not _fails(a)]
        failing = [a for a in decision.alternatives if _fails(a)]
        said: set[object] = set()
        for alternative in open_:
            # What was said of an alternative before is not said again.
            conditions = [c for c in (_unmet(alternative) if said else alternative.conditions) if _point(c) not in said]
            said |= {_point(c) for c in alternative.conditions}
            yield from self._alternative(alternative, conditions)
        if not open_ and len(failing) > 1 and (common := _common(failing)):
            yield from self._all_fail(failing, common)
            return
        if failing and not open_:
            yield from self._alternative(failing[0], _unmet(failing[0]))
            failing = failing[1:]
        if failing:
            holds = decision.outcome.iri == OUTCOME.eligible
            brackets = (("" if holds else self._in_brackets(_unmet(a))) for a in failing)
            listed = self._t("；", "; ").join(f"{self._n(a.node)}{why}" for a, why in zip(failing, brackets, strict=True))
            yield f"{_INNER}{self._t('不满足的其他方案：', 'Other alternatives fail: ')}{listed}"

    def _alternative(self, alternative: AlternativeResult, conditions: Sequence[ConditionResult]) -> Iterator[str]:
        statuses = self._names(alternative.statuses)
        yield f"{_INNER}{self._t('方案', 'Alternative')} {self._n(alternative.node)}{self._t('：', ': ')}{statuses}"
        yield from (f"{_INNER}  {self._condition(c)}" for c in conditions)

    def _all_fail(self, failing: Sequence[AlternativeResult], common: Sequence[str]) -> Iterator[str]:
        """Yield the facts on which every alternative fails, then what else stands against the nearest one."""
        count = len(failing)
        yield f"{_INNER}{self._t(f'{count} 个方案都不满足，因为：', f'All {count} alternatives fail, because of:')}"
        for field in common:
            conditions = {c.node: c for a in failing for c in _unmet(a) if _field(c) == field}
            fact = next(f for c in conditions.values() for f in c.found if f.field.iri == field)
            names = self._t("；", "; ").join(self._n(node) for node in conditions)
            yield f"{_INNER}  ✗ {self._fact(fact)}{self._t('，不满足：', '; not met: ')}{names}"
        further = [c for c in _unmet(failing[0]) if _field(c) not in common]
        if further:
            nearest = self._n(failing[0].node)
            yield _INNER + self._t(f"其中最接近的方案 {nearest} 还不满足：", f"The nearest alternative, {nearest}, also fails on:")
            yield from (f"{_INNER}  {self._condition(c)}" for c in further)

    def _in_brackets(self, conditions: Sequence[ConditionResult]) -> str:
        names = self._t("、", ", ").join(self._n(c.node) for c in conditions)
        return self._t(f"（{names}）", f" ({names})")

    def _condition(self, condition: ConditionResult) -> str:
        found = self._t("；", "; ").join(self._fact(f) for f in condition.found)
        # What is filled in as not known is among the facts found.
        blank = [f for f in condition.missing if f.given is None] if condition.status.iri == STATUS.missing else []
        stated = self._t("未填：", "not stated: ") + self._names(blank) if blank else ""
        shown = self._t("；", "; ").join(filter(None, (found, stated)))
        tail = self._t(f"（{shown}）", f" ({shown})") if shown else ""
        mark = _STATUS_MARKS[condition.status.short]
        return f"{mark} {self._n(condition.node)}{self._t('：', ': ')}{self._n(condition.status)}{tail}"

    # ---------------------------------------------------------------- proofs, whom to ask
    def _proofs(self, decision: DecisionResult) -> Iterator[str]:
        """Yield what is still to be proven; a no rests on what speaks against the claim, which needs no proof of the claimant."""
        if decision.outcome.iri not in {OUTCOME.eligible, OUTCOME.undetermined}:
            return
        if decision.proofs:
            fields = self._t("；", "; ").join(dict.fromkeys(self._fact(f) for f in decision.proofs))
            yield f"{_INNER}{self._t('以上仅凭陈述，尚待证明：', 'Stated only, proof still to be shown: ')}{fields}"
        elif any(c.found for a in decision.alternatives for c in a.conditions):
            yield _INNER + self._t("所用事实都附有材料或为官方事实。", "Every fact used is shown by a document or official.")

    def _responsible(self, responsible: Responsible) -> str:
        section = self._n(responsible.section)
        if not responsible.units:
            return self._t(f"何处可问：文本未列责任单位（{section}）", f"Where to ask: the text names no responsible unit ({section})")
        units = self._names(responsible.units)
        return self._t(
            f"何处可问：{units}（文本就“{section}”所列责任单位，按原文顺序，不分牵头）",
            f"Where to ask: {units} (units that the text lists as responsible for “{section}”, in its order; none leads)",
        )


def _fails(alternative: AlternativeResult) -> bool:
    return STATUS.failed in {s.iri for s in alternative.statuses}


def _unmet(alternative: AlternativeResult) -> tuple[ConditionResult, ...]:
    """Return what stands against an alternative: what fails, else what is open."""
    failed = tuple(c for c in alternative.conditions if c.status.iri == STATUS.failed)
    return failed or tuple(c for c in alternative.conditions if c.status.iri != STATUS.satisfied)


def _point(condition: ConditionResult) -> object:
    """Return what tells a line on a condition apart: what it waits for, else the condition itself."""
    return condition.missing if condition.status.iri == STATUS.missing and condition.missing else condition.node


def _field(condition: ConditionResult) -> str:
    """Return the field of the one fact on which a condition fails, '' if it reads several."""
    fields = {f.field.iri for f in condition.found}
    return fields.pop() if len(fields) == 1 else ""


def _common(failing: Sequence[AlternativeResult]) -> list[str]:
    """Return the fields whose facts fail every alternative."""
    by_alternative = [{_field(c) for c in _unmet(a)} - {""} for a in failing]
    return sorted(set.intersection(*by_alternative))
