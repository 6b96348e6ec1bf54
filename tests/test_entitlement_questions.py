"""An interview asks nothing that cannot change an answer, and leaves nothing out that can: tried on small profiles by brute force."""

from __future__ import annotations

import json
import random
from itertools import product
from typing import TYPE_CHECKING, Any

import pytest

from policygraph.app.weighing import Slot
from policygraph.records.record import Record
from profiling import RD, Facts, profile, seen, world

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

VALUES: Facts = {
    "books": [100, 300, 600],
    "recognised": ["true", "false"],
    "years": [1, 5],
    "overdue": ["true", "false"],
    "home": ["in-town", "elsewhere"],
    "hardship": ["yes", "no"],
}
ROW_VALUES: Facts = {"tier": ["town", "county", "provincial"], "rank": [1, 2, 4], "resultDate": ["2025-01-01"], "paid": ["true", "false"]}
# What each rule reads, written down here by hand from the text of the invented policy.
RULES = {"title": ("books", "recognised"), "priority": ("years", "recognised", "overdue", "home"), "deposit": ("hardship", "years")}


def answers(profiles: Sequence[Record]) -> list[dict[str, object]]:
    """Decide many profiles at once and merge as the requirement says: what each benefit comes to, with its amounts."""
    entitler = world()[1]
    made = [(p, entitler.projector.candidates(p)) for p in profiles]
    outcomes = entitler._decider.outcomes([c.record for _, own in made for c in own])
    rules = {rule for _, rule in outcomes}
    found: list[dict[str, object]] = []
    for _, own in made:
        merged: dict[str, object] = {}
        for rule in rules:
            got = [(c, outcomes[c.record.iri, rule]) for c in own if (c.record.iri, rule) in outcomes]
            kinds = {o.outcome.rpartition("/")[2] for _, o in got}
            merged[rule] = next((k for k in ("eligible", "undetermined") if k in kinds), "no")
            if rule.endswith("title"):
                merged[rule] = tuple((str(c.requested), o.outcome) for c, o in got)
            if rule.endswith("prize"):
                merged[rule] = (merged[rule], tuple(sorted((o.outcome, o.low, o.high) for c, o in got if c.row)))
        found.append(merged)
    return found


def completions(facts: Facts, fixed: set[tuple[int, str]], names: Sequence[str], with_rows: bool) -> Iterator[Facts]:
    """Yield facts with what is unstated of some fields filled in, in every way; -1 is the subject, else the number of a row."""
    free = [(n, [None, *VALUES[n]]) for n in names if n not in facts and (-1, n) not in fixed]
    rows = facts.get("result", [])
    free_rows = [
        (i, n, [None, *values])
        for i, row in enumerate(rows)
        if with_rows
        for n, values in ROW_VALUES.items()
        if n not in row and (i, n) not in fixed
    ]
    for chosen in product(*(values for _, values in free), *(values for _, _, values in free_rows)):
        made = {**facts, **{n: v for (n, _), v in zip(free, chosen, strict=False) if v is not None}}
        if rows:
            made["result"] = [dict(row) for row in rows]
        for (i, n, _), v in zip(free_rows, chosen[len(free) :], strict=True):
            if v is not None:
                made["result"][i][n] = v
        yield made


# Profiles on which a careless rule would ask too much: an alternative lacks all that another one lacks and more; one is open for good.
CORNERS: list[tuple[Facts, set[tuple[int, str]]]] = [
    ({"recognised": "true", "hardship": "yes", "books": 600, "resultsComplete": "true"}, set()),
    ({"recognised": "true", "hardship": "yes", "books": 600, "resultsComplete": "true"}, {(-1, "overdue")}),
    ({"recognised": "true", "books": 600, "resultsComplete": "true"}, {(-1, "hardship"), (-1, "overdue")}),
    ({"years": 1, "books": 100, "hardship": "yes", "overdue": "false", "resultsComplete": "true"}, set()),
    ({"years": 5, "overdue": "false", "home": "elsewhere", "hardship": "no", "books": 300, "resultsComplete": "true"}, set()),
]


def generated(seed: int) -> tuple[Facts, set[tuple[int, str]]]:
    """Return a small profile, some facts of which are known to be unknown."""
    if seed < len(CORNERS):
        return CORNERS[seed]
    rng = random.Random(seed)  # noqa: S311 - no secret
    facts: Facts = {n: rng.choice(values) for n, values in VALUES.items() if rng.random() < 0.5}
    most = rng.choice([0, 1, 1, 2])  # the second of two rows is stated in full: what is to be tried stays within bounds
    rows = [{n: rng.choice(v) for n, v in ROW_VALUES.items() if rng.random() < 0.6 or i} for i in range(most)]
    facts |= {"result": rows} if rows else {}
    facts |= {"resultsComplete": "true"} if rng.random() < 0.5 else {}
    unknown = {(-1, n) for n in VALUES if n not in facts and rng.random() < 0.4}
    return facts, unknown | {(i, n) for i, row in enumerate(rows) for n in ROW_VALUES if n not in row and rng.random() < 0.4}


def place(slot: Any) -> tuple[int, str]:
    name = slot.path.removeprefix(RD)
    return (int(slot.owner.rpartition("-")[2]) - 1, name) if "-result-" in slot.owner else (-1, name)


@pytest.mark.parametrize("seed", range(60))
def test_only_what_can_change_an_answer_is_asked_and_all_of_it(seed: int) -> None:
    entitler = world()[1]
    facts, unknown = generated(seed)
    record = profile("Reader", facts)
    settled = {Slot("urn:p" if i < 0 else f"urn:p-result-{i + 1}", RD + n) for i, n in unknown}
    questions = entitler.questions(record, entitler.judge(record), settled)
    asked = {place(q.slot) for q in questions}
    telling = set(changing(facts, unknown))
    assert {p for p in asked if p[1] != "result"} <= telling, "a fact is asked for that changes nothing"
    if not asked:
        assert not telling, "a fact that changes an answer is left out"
    if questions and questions[0].slot.path != RD + "result":
        assert place(questions[0].slot) in telling


def changing(facts: Facts, unknown: set[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """Yield the unstated facts for which two values, or a value and none, lead to different answers in some completion."""
    for names, with_rows in [*((names, False) for names in RULES.values()), ((), True)]:
        made = list(completions(facts, unknown, names, with_rows))
        results = answers([profile("Reader", f, f"urn:c{i}") for i, f in enumerate(made)])
        by_facts = {key(f): result for f, result in zip(made, results, strict=True)}
        for f, result in zip(made, results, strict=True):
            for where in stated(f) - stated(facts):
                if by_facts[key(without(f, where))] != result:
                    yield where


def stated(facts: Facts) -> set[tuple[int, str]]:
    return {(-1, n) for n in facts if n != "result"} | {(i, n) for i, row in enumerate(facts.get("result", [])) for n in row}


def without(facts: Facts, where: tuple[int, str]) -> Facts:
    i, name = where
    if i < 0:
        return {n: v for n, v in facts.items() if n != name}
    return {**facts, "result": [{n: v for n, v in row.items() if (j, n) != where} for j, row in enumerate(facts["result"])]}


def key(facts: Facts) -> str:
    return json.dumps(facts, sort_keys=True)


@pytest.mark.parametrize("seed", range(10))
def test_the_order_of_facts_does_not_matter(seed: int) -> None:
    entitler = world()[1]
    record = profile("Reader", {**generated(seed)[0], "name": "李"})
    shuffled = list(record.triples)
    random.Random(seed).shuffle(shuffled)  # noqa: S311 - no secret
    other = Record(record.iri, 1, "", record.kind, tuple(shuffled))
    for own in (seen(entitler.report(record, "")), seen(entitler.report(other, ""))):
        assert own
    strip = [
        {
            n: {**v, "needs": sorted(x.rpartition(".")[2] for x in v["needs"]), "due": sorted(v["due"])}
            for n, v in seen(entitler.report(r, "")).items()
        }
        for r in (record, other)
    ]
    assert strip[0] == strip[1]
