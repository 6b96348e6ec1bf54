"""Lines on the cases of one benefit: what was decided for which of them, what stands against them, and what could be supplied."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, TypeAlias

from policygraph.errors import Text
from policygraph.reports.decisions import DecisionLines
from policygraph.vocab import OUTCOME, STATUS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from policygraph.model.answers import ConditionResult
    from policygraph.model.entitled import Case, Need
    from policygraph.model.grounds import Named

_ROWS = Text("还有没有其他“{name}”", "whether there are further “{name}”")
_DETERMINED = Text("{name}（有待机关认定）", "{name} (an authority's determination)")
_IN_ROW = Text("{row}的{name}", "{name} ({row})")
_FURTHER = Text("未列出的（如果还有）", "those not stated (if there are more)")
_ANY = Text("任何一种", "any")
_SOME = Text("{names}的 {all} 种组合中的 {count} 种", "{count} of the {all} combinations of {names}")
MOST_CASES = 8
MOST_VALUES = 6
_BEST_FIRST = (OUTCOME.eligible, OUTCOME.undetermined)
# What cases ask for, field by field: the values that go together.
_Box: TypeAlias = "tuple[tuple[Text, ...], ...]"


class CaseLines(DecisionLines):
    """Writes the cases of a benefit in one language."""

    def _cases(self, entitlement_cases: Sequence[Case], indent: str) -> Iterator[str]:
        """Yield what was decided case by case, what holds first; cases that only differ in what is asked for share a line."""
        cases = sorted(entitlement_cases, key=lambda c: _rank(c.decision.outcome.iri))
        best = _rank(cases[0].decision.outcome.iri) if cases else 0
        all_asked = _values(cases)
        groups: dict[str, dict[str, list[Case]]] = defaultdict(lambda: defaultdict(list))
        for case in cases:
            row = self._t("，", ", ").join(self._fact(f) for f in case.about if f.field.iri not in case.requested)
            groups[self._decision_head(case.decision)][self._w(_FURTHER) if case.further else row].append(case)
        everything: dict[str, int] = defaultdict(int)
        for rows in groups.values():
            for row, own in rows.items():
                everything[row] += len(own)
        for head, rows in groups.items():
            yield f"{indent}{head}{self._t('：', ':')}"
            lines: list[str] = []
            for row, own in rows.items():
                asked = list(self._asked(own, all_asked))
                # Which of many combinations do not hold is told by those that do.
                if _rank(own[0].decision.outcome.iri) > best and (len(asked) > 1 or _spread(own) > MOST_VALUES):
                    names = self._t("与", " and ").join(self._n(field) for field in _values(own))
                    asked = [self._w(_SOME.format(names=names, all=everything[row], count=len(own)))]
                lines += [self._t("；", "; ").join(filter(None, (row, one))) for one in asked]
            yield from (f"{indent}  {line}" for line in lines[:MOST_CASES])
            if len(lines) > MOST_CASES:
                yield self._t(f"{indent}  另有 {len(lines) - MOST_CASES} 种", f"{indent}  {len(lines) - MOST_CASES} more")

    def _asked(self, cases: Sequence[Case], choices: Mapping[Named, set[Text]]) -> Iterator[str]:
        """Yield what cases ask for, values that go with the same other values together; every value there is reads “any”."""
        asked = [tuple(f for f in case.about if f.field.iri in case.requested) for case in cases]
        boxes: list[_Box] = [tuple((f.value,) for f in facts) for facts in asked]
        for place in reversed(range(len(boxes[0]))):
            joined: dict[_Box, list[Text]] = defaultdict(list)
            for box in boxes:
                joined[(*box[:place], *box[place + 1 :])] += box[place]
            boxes = [(*rest[:place], tuple(dict.fromkeys(values)), *rest[place:]) for rest, values in joined.items()]
        comma, between = self._t("、", ", "), self._t("；", "; ")
        for box in boxes:
            parts = (
                f"{self._n(fact.field)}{self._t('：', ': ')}"
                + (self._w(_ANY) if 1 < len(values) == len(choices[fact.field]) else comma.join(self._w(v) for v in values))
                for fact, values in zip(asked[0], box, strict=True)
            )
            yield between.join(parts)

    # ---------------------------------------------------------------- what stands against
    def _against(self, cases: Sequence[Case]) -> Iterator[str]:
        """Yield what fails, fact by fact, or what is left to discretion or silence, in the nearest alternatives of each case."""
        if any(case.decision.outcome.iri == OUTCOME.undetermined for case in cases):
            yield from dict.fromkeys(self._condition(c) for case in cases for c in nearest(case, {STATUS.discretion, STATUS.silent}))
            return
        failing: dict[str, dict[str, None]] = defaultdict(dict)
        for condition in (c for case in cases for c in nearest(case, {STATUS.failed})):
            facts = self._t("；", "; ").join(self._fact(f) for f in condition.found)
            failing[facts or self._n(condition.status)][self._n(condition.node)] = None
        for facts, names in failing.items():
            yield f"✗ {facts}{self._t('，不满足：', '; not met: ')}{self._t('；', '; ').join(names)}"

    # ---------------------------------------------------------------- what could be supplied
    def _needs(self, needs: Sequence[Need]) -> str:
        return self._t("；", "; ").join(map(self._need, needs))

    def _need(self, need: Need) -> str:
        name = need.field.label
        if need.sort == "rows":
            return self._w(_ROWS.format(name=name))
        if need.sort == "determination":
            name = _DETERMINED.format(name=name)
        return self._w(_IN_ROW.format(row=need.row, name=name) if need.row.zh else name)


def nearest(case: Case, statuses: set[str]) -> tuple[ConditionResult, ...]:
    """Return the conditions with some statuses in the alternatives where the fewest conditions fail.

    That another thing should have been asked for is said only when nothing else stands against a case.
    """
    tried = case.decision.alternatives
    failed = [sum(c.status.iri == STATUS.failed for c in a.conditions) for a in tried]
    near = [a for a, count in zip(tried, failed, strict=True) if count == min(failed)]
    found = tuple({c.node.iri: c for a in near for c in a.conditions if c.status.iri in statuses}.values())
    of_facts = tuple(c for c in found if not c.found or any(f.field.iri not in case.requested for f in c.found))
    return of_facts or found


def _rank(outcome: str) -> int:
    return _BEST_FIRST.index(outcome) if outcome in _BEST_FIRST else len(_BEST_FIRST)


def _values(cases: Sequence[Case]) -> dict[Named, set[Text]]:
    """Return every value asked for, field by field."""
    found: dict[Named, set[Text]] = defaultdict(set)
    for case in cases:
        for fact in case.about:
            if fact.field.iri in case.requested:
                found[fact.field].add(fact.value)
    return found


def _spread(cases: Sequence[Case]) -> int:
    return sum(map(len, _values(cases).values()))
