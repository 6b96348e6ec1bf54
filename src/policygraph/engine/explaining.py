"""Reads the engine's conclusions back as answers, each with the sentences, numbers, readings and open points behind it."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING

from policygraph.engine.paying import Paying
from policygraph.engine.stating import Stated
from policygraph.errors import Text
from policygraph.model.answers import (
    AlternativeResult,
    Citation,
    ConditionResult,
    DecisionResult,
)
from policygraph.vocab import OUTCOME, PG, STATUS

if TYPE_CHECKING:
    from policygraph.model.terms import Term

# In what order the statuses of conditions are shown: what speaks against, then what is open, then what holds.
_SHOWN_FIRST = ("failed", "missing", "discretion", "silent", "satisfied")


class Explainer(Stated, Paying):
    """Answers about the conclusions in a store."""

    @cached_property
    def _evaluations(self) -> tuple[dict[str, dict[str, ConditionResult]], dict[tuple[str, str], ConditionResult]]:
        """Evaluations by attempt and condition, and by focus and condition."""
        raw: dict[str, dict[str, dict[str, Term]]] = {}
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
            condition, focus = entry["row"]["condition"].value, entry["row"]["focus"].value
            worst = sorted(statuses[iri], key=_shown)[0]
            results[iri] = ConditionResult(
                node=self.named(condition),
                status=self.named(worst),
                found=self.found(focus, condition),
                parameters=self.parameters(used[iri]),
                provisions=self._grounds.get(condition, ()),
                missing=self.missing(focus, condition),
                questions=self.open_points([condition]),
            )
        by_attempt = {a: {c: results[e] for c, e in own.items()} for a, own in attempts.items()}
        by_focus = {(raw[e]["row"]["focus"].value, r.node.iri): r for e, r in results.items()}
        return by_attempt, by_focus

    def evaluation(self, record: str, condition: str) -> ConditionResult | None:
        """Return how a condition stands on a record."""
        return self._evaluations[1].get((record, condition))

    @cached_property
    def _alternatives(self) -> dict[str, list[AlternativeResult]]:
        statuses: dict[tuple[str, str, str, str], set[str]] = defaultdict(set)
        for row in self._rows("attempts"):
            key = (row["decision"].value, row["alternative"].value, row["attempt"].value, row["focus"].value)
            statuses[key].add(row["status"].value)
        found: dict[str, list[AlternativeResult]] = defaultdict(list)
        for (decision, alternative, attempt, focus), own in sorted(statuses.items()):
            conditions = sorted(self._evaluations[0].get(attempt, {}).values(), key=lambda c: (_shown(c.status.iri), c.node.iri))
            amounts = self._amounts.get((alternative, PG.amount), ())
            missing = dict.fromkeys(field for amount in amounts for field in self.missing(focus, amount))
            stands = tuple(self.named(s) for s in sorted(own, key=_shown))
            found[decision].append(AlternativeResult(self.named(alternative), stands, tuple(conditions), tuple(missing)))
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

    def benefits(self, record: str) -> tuple[DecisionResult, ...]:
        """What the rules give on a record: its decisions without those on conformity, which only checks read."""
        return tuple(d for d in self.decisions.get(record, ()) if d.rule.iri not in self.conformity)

    def _behind(self, rule: str, nearest: tuple[AlternativeResult, ...], used: list[str], text: dict[str, str]) -> tuple[Citation, ...]:
        """Return the sentences behind a decision; a benefit that holds brings those of its own, such as a permission beside the grant."""
        beside: set[str] = set()
        if text["outcome"] == OUTCOME.eligible and "benefit" in text:
            beside = set(self._grounds.get(text["benefit"], ())) - set(self._grounds.get(rule, ()))
        return self.citations([*(a.node.iri for a in nearest), *sorted(beside)], used) or self.citations([rule])

    @cached_property
    def _amounts(self) -> dict[tuple[str, str], list[str]]:
        """Expressions by alternative and what they give it: its amount or its total."""
        found: dict[tuple[str, str], list[str]] = defaultdict(list)
        for row in self._rows("amounts"):
            found[row["alternative"].value, row["property"].value].append(row["node"].value)
        return found

    @cached_property
    def _units(self) -> dict[str, str]:
        """Unit of what a benefit comes to, by the benefit."""
        return {row["benefit"].value: row["unit"].value for row in self._rows("benefits")}

    @cached_property
    def _changeable(self) -> frozenset[str]:
        return frozenset(row["field"].value for row in self._rows("changeable"))

    def _fixed(self, alternative: AlternativeResult) -> int:
        """Return on how many facts that are past and fixed an alternative fails: the one that could still come about is nearer."""
        return len(_failing_facts(alternative) - self._changeable)

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
        # What holds first, then what is open, then what fails; among these the nearest to holding.
        own = self._alternatives.get(decision, [])
        alternatives = tuple(
            sorted(own, key=lambda a: (-min(_shown(s.iri) for s in a.statuses), distance(a), self._fixed(a), _shared(a, own), a.node.iri))
        )
        nearest = carrying(alternatives)
        # A reading bears on a condition that decides: all of them in an alternative that may hold, the failing ones in one that fails.
        # An open question is shown only while its condition is open.
        failed = text["outcome"] == OUTCOME["not-eligible"]
        conditions = [c for a in nearest for c in a.conditions if not failed or c.status.iri == STATUS.failed]
        leaning = [rule, *(a.node.iri for a in nearest), *(c.node.iri for c in conditions)]
        settled = {STATUS.satisfied, STATUS.failed}
        open_ = [rule, *(a.node.iri for a in nearest), *(c.node.iri for c in conditions if c.status.iri not in settled)]
        used = links[decision, PG.usedParameter]
        beside: tuple[Citation, ...] = ()
        if text.get("totalLow") and (text.get("totalLow"), text.get("totalHigh")) != (text.get("low"), text.get("high")):
            open_ += [total for a in nearest for total in self._amounts.get((a.node.iri, PG.total), ())]
            beside = self.citations([], links[decision, PG.totalParameter])
        payable = self.payable(decision, row["record"].value, rule)
        related = self.citations(payable.provisions) if payable else ()
        citations = tuple(dict.fromkeys((*self._behind(rule, nearest, used, text), *beside, *related)))
        amounts = [node for a in nearest for node in self._amounts.get((a.node.iri, PG.amount), ())]
        focus = row["record"].value
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
            citations=citations,
            readings=self.readings(leaning),
            open_points=self.open_points(open_),
            responsible=self.responsible(c.provision.iri for c in citations),
            proofs=self.proofs(focus, [*(c.node.iri for c in conditions), *([] if failed else amounts)]),
            payable=payable,
            amount_name=self._text(text["benefit"], PG.amountName) if "benefit" in text else None,
            amount_unit=self.named(self._units[text["benefit"]]) if text.get("benefit") in self._units else None,
        )


def _shown(status: str) -> int:
    return _SHOWN_FIRST.index(status.rpartition("/")[2])


def distance(alternative: AlternativeResult) -> int:
    """Return how many conditions of an alternative do not hold."""
    return sum(c.status.iri != STATUS.satisfied for c in alternative.conditions)


def _shared(alternative: AlternativeResult, every: list[AlternativeResult]) -> int:
    """Return how many alternatives fail on the facts on which this one fails: a fact that only chooses between them tells little."""
    facts = _failing_facts(alternative)
    return sum(bool(facts & _failing_facts(other)) for other in every)


def _failing_facts(alternative: AlternativeResult) -> frozenset[str]:
    return frozenset(f.field.iri for c in alternative.conditions if c.status.iri == STATUS.failed for f in c.found)


def carrying(alternatives: tuple[AlternativeResult, ...]) -> tuple[AlternativeResult, ...]:
    """Return the alternatives that carry the answer: those that hold, else those that are open, else the nearest of those that fail."""
    satisfied = tuple(a for a in alternatives if [s.iri for s in a.statuses] == [STATUS.satisfied])
    open_ = tuple(a for a in alternatives if STATUS.failed not in [s.iri for s in a.statuses])
    least = min(map(distance, alternatives), default=0)
    return satisfied or open_ or tuple(a for a in alternatives if distance(a) == least)
