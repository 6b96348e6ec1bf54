"""Properties of the engine over all rules and kinds of both policies, on generated records."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from generating import Facts, Generator
from policygraph.app.deciding import Decider, Outcome
from policygraph.model.terms import Iri
from policygraph.paths import data_roots
from policygraph.store.embedded import EmbeddedStore
from policygraph.vocab import CAUSE, OUTCOME, PG, STATUS
from submitting import TESTS, setting

if TYPE_CHECKING:
    from random import Random

    from policygraph.records.kinds import Kind
    from policygraph.records.record import Record

SETTLED = {OUTCOME.eligible, OUTCOME["not-eligible"]}
OPEN = {STATUS.missing: CAUSE.missing, STATUS.discretion: CAUSE.discretion, STATUS.silent: CAUSE.silent}
# Fields whose statement may by design turn a settled answer: a condition that matters only when they are stated reads them, or one that
# asks whether they are stated. Nor are rows added to child tables: they may change a sum, a count or the row that comes first.
_WAIVED = f"""
PREFIX pg: <{PG}>
SELECT DISTINCT ?rule ?field WHERE {{
  ?rule a pg:Rule ; (pg:hasAlternative/pg:hasCondition/pg:rule?)* ?reached . ?reached pg:hasAlternative?/pg:hasCondition? ?condition .
  {{ ?condition pg:optional true }} UNION {{ ?condition a pg:Given }} UNION {{ ?condition a pg:Absent }}
  ?condition (pg:left|pg:right|pg:operand|pg:at)*/(pg:field|pg:part|pg:base|pg:from|pg:until) ?field .
}} ORDER BY ?rule ?field"""
LEAST_RULES, LEAST_ADDED = 35, 700
RUN = settings(
    max_examples=2, deadline=None, database=None, derandomize=True, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
)


@cache
def decider() -> Decider:
    """Both policies together."""
    return Decider(setting(data_roots((str(TESTS / "second-policy"),))))


@cache
def generator() -> Generator:
    return Generator(decider()._setting.graph, dict(decider().kinds))


@cache
def ruled() -> dict[str, set[str]]:
    """Kinds of record → rules for them, and for their report parts, which decide only where the part was begun."""
    found: dict[str, set[str]] = defaultdict(set)
    graph = decider()._setting.graph
    for rule, _, kind in graph.triples(predicate=Iri(PG.forKind)):
        for whole in graph.objects(kind, PG.partOf) or (kind,):
            found[whole.value].add(rule.value)
    return {kind: rules for kind, rules in found.items() if kind in decider().kinds and decider().kinds[kind].is_record}


def kinds() -> list[Any]:
    return [pytest.param(decider().kinds[iri], id=decider().kinds[iri].short) for iri in sorted(ruled())]


@cache
def waived() -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for row in EmbeddedStore(decider()._setting.graph).select(_WAIVED).dicts():
        found[row["rule"].value].add(row["field"].value)
    return found


def batches(kind: Kind, size: int = 50) -> st.SearchStrategy[list[Facts]]:
    return st.integers(0, 2**32).map(lambda seed: generator().batch(kind, seed, size))


def records(kind: Kind, facts: list[Facts]) -> list[Record]:
    return [generator().record(kind, own, number) for number, own in enumerate(facts, 1)]


# ---------------------------------------------------------------- more facts
added: dict[str, int] = defaultdict(int)


@pytest.mark.parametrize("kind", kinds())
def test_more_facts_never_turn_a_settled_answer_into_another(kind: Kind) -> None:
    """Adding a fact that was missing may settle an answer, or show that the text is silent; it never turns yes into no or no into yes."""
    fillable = {f.path: generator().values(f) for f in kind.fields if not f.row_class and f.path != kind.claim_date_field}

    @RUN
    @given(batches(kind), st.randoms(use_true_random=False))
    def more(facts: list[Facts], chance: Random) -> None:
        fuller, fields = [], []
        for own in facts:
            missing = sorted(path for path, values in fillable.items() if path not in own and values)
            field = chance.choice(missing) if missing else ""
            fields.append(field)
            fuller.append({**own, field: chance.choice(fillable[field])} if field else own)
        outcomes = decider().outcomes(records(kind, [*facts, *fuller]))
        for number, field in enumerate(fields, 1):
            for rule in ruled()[kind.iri]:
                before, after = (outcomes.get((_iri(n), rule)) for n in (number, number + len(facts)))
                if field and field not in waived()[rule] and before and before.outcome in SETTLED:
                    added[kind.iri] += 1
                    assert after is not None
                    assert after.outcome not in SETTLED - {before.outcome}, (rule, field, facts[number - 1], fuller[number - 1])

    more()


def test_facts_were_added() -> None:
    assert sum(added.values()) >= LEAST_ADDED or len(added) < len(ruled())
    assert sum(map(len, ruled().values())) >= LEAST_RULES


def _iri(number: int) -> str:
    return generator().record(next(iter(decider().kinds.values())), {}, number).iri


# ---------------------------------------------------------------- order and company
@pytest.mark.parametrize("kind", kinds())
def test_an_answer_depends_on_no_order_and_no_company(kind: Kind) -> None:
    """The same record is decided the same, to the last reason, alone, among others, and with its facts in another order."""

    @settings(RUN, max_examples=1)
    @given(batches(kind, 24))
    def same(facts: list[Facts]) -> None:
        own = records(kind, facts)
        together = decider().decide(own)
        assert list(together) == [r.iri for r in own]
        turned = [replace(r, triples=tuple(reversed(r.triples))) for r in reversed(own)]
        assert decider().decide(turned) == together
        for record in own[::8]:
            assert decider().decide([record]) == {record.iri: together[record.iri]}
        light = decider().outcomes(own)
        for iri, results in together.items():
            for d in results:
                assert light[iri, d.rule.iri] == Outcome(d.outcome.iri, tuple(c.iri for c in d.causes), d.low, d.high)

    same()


# ---------------------------------------------------------------- logic
Conclusions = dict[str, dict[str, list[str]]]


def concluded(own: list[Record]) -> Conclusions:
    found: Conclusions = defaultdict(lambda: defaultdict(list))
    for subject, predicate, value in decider().conclusions(own):
        found[subject.value][predicate.value.removeprefix(PG)].append(value.value)
    return found


@pytest.mark.parametrize("kind", kinds())
def test_an_outcome_is_the_kleene_value_of_its_evaluations(kind: Kind) -> None:
    """Recomputed from the evaluations and the amounts alone, in the plainest way."""
    graph = decider()._setting.graph

    def terms(node: str, predicate: str) -> set[str]:
        return {t.value for t in graph.objects(Iri(node), predicate)}

    @RUN
    @given(batches(kind))
    def recomputed(facts: list[Facts]) -> None:
        found = concluded(records(kind, facts))
        statuses: dict[tuple[str, str], set[str]] = defaultdict(set)
        amounts: dict[tuple[str, str], set[str]] = defaultdict(set)
        for own in found.values():
            for focus in own["focus"]:
                for condition in own["onCondition"]:
                    statuses[focus, condition] |= set(own["status"])
                for expression in own["onExpression"]:
                    amounts[focus, expression] |= set(own["cause"])
        decisions = [own for own in found.values() if own["byRule"]]
        always = [rule for rule in ruled()[kind.iri] if kind.iri in terms(rule, PG.forKind)]
        assert sum(d["byRule"][0] in always for d in decisions) == len(facts) * len(always)
        for decision in decisions:
            (focus,), (rule,), (outcome,) = decision["focus"], decision["byRule"], decision["outcome"]
            tried = []
            for alternative in terms(rule, PG.hasAlternative):
                conditions = terms(alternative, PG.hasCondition)
                own_statuses = set().union(*(statuses[focus, c] for c in conditions))
                assert all(statuses[focus, c] for c in conditions)
                causes = set().union(*(amounts[focus, e] for e in terms(alternative, PG.amount)))
                tried.append("no" if STATUS.failed in own_statuses else "open" if own_statuses - {STATUS.satisfied} or causes else "yes")
            kleene = {"yes": OUTCOME.eligible, "open": OUTCOME.undetermined, "no": OUTCOME["not-eligible"]}
            wanted = next((kleene[v] for v in ("yes", "open") if v in tried), OUTCOME["not-eligible"])
            assert outcome in {wanted, OUTCOME["not-in-force"]}, (rule, tried)
            assert bool(decision["cause"]) == (outcome == OUTCOME.undetermined), rule

    recomputed()


@pytest.mark.parametrize("kind", kinds())
def test_an_amount_stands_only_where_something_may_be_due(kind: Kind) -> None:
    """None without a yes or an open answer; its ends are in order; what is payable stays within what is due."""

    @RUN
    @given(batches(kind))
    def amounts(facts: list[Facts]) -> None:
        for own in concluded(records(kind, facts)).values():
            if not own["byRule"]:
                continue
            due = own["outcome"][0] in {OUTCOME.eligible, OUTCOME.undetermined}
            for low, high in (("low", "high"), ("payableLow", "payableHigh"), ("totalLow", "totalHigh")):
                assert due or not (own[low] or own[high]), own
                assert len(own[low]) <= 1, own
                assert len(own[high]) <= 1, own
                if own[low] and own[high]:
                    assert Decimal(own[low][0]) <= Decimal(own[high][0]), own
            if own["payableHigh"] and own["high"]:
                assert Decimal(own["payableHigh"][0]) <= Decimal(own["high"][0])

    amounts()


# ---------------------------------------------------------------- the generated records are worth something
def test_the_records_reach_every_sort_of_answer() -> None:
    """Of the rules of both policies most are seen settled and most open, so that the properties above speak of something."""
    seen: dict[str, set[str]] = defaultdict(set)

    for iri in sorted(ruled()):
        kind = decider().kinds[iri]
        for (_, rule), outcome in decider().outcomes(records(kind, generator().batch(kind, 0, 100))).items():
            seen[rule].add(outcome.outcome)
    rules = set().union(*ruled().values())
    assert set(seen) == rules
    assert sum(bool(outcomes & SETTLED) for outcomes in seen.values()) >= 0.75 * len(rules)
    assert sum(OUTCOME.undetermined in outcomes for outcomes in seen.values()) >= 0.8 * len(rules)
    assert sum(OUTCOME.eligible in outcomes for outcomes in seen.values()) >= 0.4 * len(rules)
