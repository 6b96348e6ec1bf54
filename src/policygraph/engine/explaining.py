"""Reads the engine's conclusions back as answers, each with the sentences, numbers, readings and open points behind it."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING

from policygraph.engine.sources import Sources
from policygraph.errors import Text
from policygraph.model.answers import (
    AlternativeResult,
    Citation,
    ConditionResult,
    DecisionResult,
    Fact,
)
from policygraph.vocab import OUTCOME, PG, STATUS

if TYPE_CHECKING:
    from policygraph.model.terms import Term

# In what order the statuses of conditions are shown: what speaks against, then what is open, then what holds.
_SHOWN_FIRST = ("failed", "missing", "discretion", "silent", "satisfied")


class Explainer(Sources):
    """Answers about the conclusions in a store."""

    @cached_property
    def _evaluations(self) -> tuple[dict[str, dict[str, ConditionResult]], dict[tuple[str, str], ConditionResult]]:
        """Evaluations by attempt and condition, and by focus and condition."""
        raw: dict[str, dict[str, dict[str, Term]]] = {}
        found: dict[str, list[Fact]] = defaultdict(list)
        for row in self._rows("facts"):
            found[row["evaluation"].value].append(Fact(self.named(row["field"].value), self.wording(row["value"])))
        used: dict[str, dict[str, None]] = defaultdict(dict)
        attempts: dict[str, dict[str, str]] = defaultdict(dict)
        statuses: dict[str, set[str]] = defaultdict(set)
        for row in self._rows("evaluations"):
            iri = row["evaluation"].value
            raw[iri] = {"row": row}
            statuses[iri].add(row["status"].value)
            if "attempt" in row:
                attempts[row["attempt"].value][row["condition"].value] = iri
            if "parameter" in row:
                used[iri][row["parameter"].value] = None
        results = {}
        for iri, entry in raw.items():
            condition = entry["row"]["condition"].value
            worst = sorted(statuses[iri], key=_shown)[0]
            results[iri] = ConditionResult(
                node=self.named(condition),
                status=self.named(worst),
                found=tuple(found[iri]),
                parameters=self.parameters(used[iri]),
                provisions=self._grounds.get(condition, ()),
            )
        by_attempt = {a: {c: results[e] for c, e in own.items()} for a, own in attempts.items()}
        by_focus = {(raw[e]["row"]["focus"].value, r.node.iri): r for e, r in results.items()}
        return by_attempt, by_focus

    def evaluation(self, record: str, condition: str) -> ConditionResult | None:
        """Return how a condition stands on a record."""
        return self._evaluations[1].get((record, condition))

    @cached_property
    def _alternatives(self) -> dict[str, list[AlternativeResult]]:
        statuses: dict[tuple[str, str, str], set[str]] = defaultdict(set)
        for row in self._rows("attempts"):
            key = (row["decision"].value, row["alternative"].value, row["attempt"].value)
            statuses[key].add(row["status"].value)
        found: dict[str, list[AlternativeResult]] = defaultdict(list)
        for (decision, alternative, attempt), own in sorted(statuses.items()):
            conditions = sorted(self._evaluations[0].get(attempt, {}).values(), key=lambda c: (_shown(c.status.iri), c.node.iri))
            found[decision].append(
                AlternativeResult(self.named(alternative), tuple(self.named(s) for s in sorted(own, key=_shown)), tuple(conditions))
            )
        return found

    @cached_property
    def decisions(self) -> dict[str, tuple[DecisionResult, ...]]:
        """All decisions by record."""
        links: dict[tuple[str, str], list[str]] = defaultdict(list)
        for row in self._rows("decision-links"):
            links[row["decision"].value, row["link"].value].append(row["value"].value)
        found: dict[str, list[DecisionResult]] = defaultdict(list)
        for row in self._rows("decisions"):
            found[row["record"].value].append(self._decision(row, links))
        return {record: tuple(own) for record, own in found.items()}

    def _behind(self, rule: str, nearest: tuple[AlternativeResult, ...], used: list[str], text: dict[str, str]) -> tuple[Citation, ...]:
        """Return the sentences behind a decision; a benefit that holds brings those of its own, such as a permission beside the grant."""
        beside: set[str] = set()
        if text["outcome"] == OUTCOME.eligible and "benefit" in text:
            beside = set(self._grounds.get(text["benefit"], ())) - set(self._grounds.get(rule, ()))
        return self.citations([*(a.node.iri for a in nearest), *sorted(beside)], used) or self.citations([rule])

    @cached_property
    def _totals(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for row in self._rows("totals"):
            found[row["alternative"].value].append(row["total"].value)
        return found

    @cached_property
    def check_conditions(self) -> dict[str, tuple[str, ...]]:
        """Conditions by the check shape that compares them."""
        found: dict[str, list[str]] = defaultdict(list)
        for row in self._rows("check-conditions"):
            found[row["shape"].value].append(row["condition"].value)
        return {shape: tuple(conditions) for shape, conditions in found.items()}

    def _decision(self, row: dict[str, Term], links: dict[tuple[str, str], list[str]]) -> DecisionResult:
        decision, rule = row["decision"].value, row["rule"].value
        text = {name: term.value for name, term in row.items()}
        # What holds first, then what is open, then what fails.
        own = self._alternatives.get(decision, [])
        alternatives = tuple(sorted(own, key=lambda a: (-min(_shown(s.iri) for s in a.statuses), a.node.iri)))
        nearest = _nearest(alternatives)
        # A reading bears on a condition that decides: all of them in an alternative that may hold, the failing ones in one that fails.
        # An open question is shown only while its condition is open.
        failed = text["outcome"] == OUTCOME["not-eligible"]
        conditions = [c for a in nearest for c in a.conditions if not failed or c.status.iri == STATUS.failed]
        leaning = [rule, *(a.node.iri for a in nearest), *(c.node.iri for c in conditions)]
        settled = {STATUS.satisfied, STATUS.failed}
        open_ = [rule, *(a.node.iri for a in nearest), *(c.node.iri for c in conditions if c.status.iri not in settled)]
        used = links[decision, PG.usedParameter]
        if text.get("totalLow") and (text.get("totalLow"), text.get("totalHigh")) != (text.get("low"), text.get("high")):
            open_ += [total for a in nearest for total in self._totals.get(a.node.iri, ())]
        return DecisionResult(
            rule=self.named(rule),
            benefit=self.named(text["benefit"]).label if "benefit" in text else Text("", ""),
            outcome=self.named(text["outcome"]),
            causes=tuple(self.named(c) for c in links[decision, PG.cause]),
            as_of=text["asOf"],
            low=text.get("low", ""),
            high=text.get("high", ""),
            total_low=text.get("totalLow", ""),
            total_high=text.get("totalHigh", ""),
            unstated="true" in links[decision, PG.unstated],
            parameters=self.parameters(used),
            alternatives=alternatives,
            citations=self._behind(rule, nearest, used, text),
            readings=self.readings(leaning),
            open_points=self.open_points(open_),
        )


def _shown(status: str) -> int:
    return _SHOWN_FIRST.index(status.rpartition("/")[2])


def _nearest(alternatives: tuple[AlternativeResult, ...]) -> tuple[AlternativeResult, ...]:
    """Return the alternatives that carry the answer: those that hold, else those that are open, else all that fail."""
    satisfied = tuple(a for a in alternatives if [s.iri for s in a.statuses] == [STATUS.satisfied])
    open_ = tuple(a for a in alternatives if STATUS.failed not in [s.iri for s in a.statuses])
    return satisfied or open_ or alternatives
