"""The steps of `queries/decide` conclude the same everywhere: on Oxigraph, as pySHACL's SPARQL rules, and on rdflib for a sample.

Every case of `tests/cases` that is decided is concluded by both engines; 20 of them, from all files, on rdflib as well.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

import peers
from policygraph.app.deciding import Decider
from policygraph.app.facts import facts
from policygraph.engine.deciding import conclude, load_steps
from policygraph.graph.parsing import parse
from policygraph.records.copying import copy_submission
from policygraph.records.keys import duplicates
from policygraph.store.embedded import EmbeddedStore
from policygraph.vocab import PG
from submitting import standard, turtle
from test_cases import Case, everything, source, under
from test_engines_agree import RdflibStore, by_value

if TYPE_CHECKING:
    from policygraph.model.terms import Triple

BATCH, SAMPLE = 100, 20
LEAST_CASES, LEAST_DECISIONS = 950, 900


@cache
def batches() -> dict[str, tuple[Case, ...]]:
    """Cases that are decided, by what they rest on, in batches."""
    by_setting: dict[str, list[Case]] = defaultdict(list)
    for case in everything():
        if case.verdict != "invalid" and not case.record.extra:
            by_setting[source(case.file).get("with") or source(case.file).get("overlay", "policy")].append(case)
    return {
        f"{name} {start // BATCH + 1}": tuple(own[start : start + BATCH])
        for name, own in by_setting.items()
        for start in range(0, len(own), BATCH)
    }


@cache
def decider(file: str) -> Decider:
    return Decider(under(file, ""))


def stated(cases: tuple[Case, ...]) -> tuple[Triple, ...]:
    """Return the facts of some cases as the pipeline hands them to the engine, renamed into one batch."""
    known = decider_of(cases).kinds
    copied = copy_submission(
        parse(turtle([c.record for c in cases]).encode(), "turtle", base="https://submitted.invalid/"), known, lambda _: False
    )
    assert not copied.refusals
    days = [replace(under(c.file, ""), as_of=dt.date.fromisoformat(c.wanted["asOf"]) if "asOf" in c.wanted else None) for c in cases]
    found = [t for record, day in zip(copied.records, days, strict=True) for t in (*record.triples, *facts(record, day))]
    return (*found, *duplicates(copied.records))


def decider_of(cases: tuple[Case, ...]) -> Decider:
    keys = {(source(c.file).get("with"), source(c.file).get("overlay")) for c in cases}
    assert len(keys) == 1
    first = sorted(c.file for c in everything() if (source(c.file).get("with"), source(c.file).get("overlay")) in keys)[0]
    return decider(first)


def values(triples: Any) -> set[tuple[object, ...]]:
    return {tuple(map(by_value, triple)) for triple in triples}


decisions = 0


@pytest.mark.parametrize("name", batches())
def test_as_rules_of_pyshacl(name: str) -> None:
    global decisions
    cases = batches()[name]
    judge, given = decider_of(cases), stated(cases)
    store = judge.store()
    start = [*store.dump(), *given]
    store.load(given)
    run: list[str] = []
    ours = judge.engine.conclude(Noting(store, run))
    theirs = peers.conclude(start, peers.shapes(run))
    assert values(ours) - values(start) == values(theirs)
    decisions += sum(p.value == PG.byRule for _, p, _ in ours)


class Noting(EmbeddedStore):
    """A store that notes the CONSTRUCTs it is asked."""

    def __init__(self, store: EmbeddedStore, asked: list[str]) -> None:
        super().__init__(store.graph)
        self._asked = asked

    def construct(self, query: str) -> tuple[Triple, ...]:
        self._asked.append(query)
        return super().construct(query)


def test_every_step_and_case_was_compared() -> None:
    assert sum(map(len, batches().values())) >= LEAST_CASES
    assert decisions >= LEAST_DECISIONS or decisions == 0


def test_on_rdflib() -> None:
    policy = [c for name, own in batches().items() if name.startswith("policy ") for c in own]
    sample = tuple(policy[:: len(policy) // SAMPLE][:SAMPLE])
    assert len(sample) == SAMPLE
    judge, given = decider_of(sample), stated(sample)
    ours, other = judge.store(), RdflibStore(judge.store().dump())
    for store in (ours, other):
        store.load(given)
    assert values(judge.engine.conclude(ours)) == values(judge.engine.conclude(other))


def test_the_small_copy_holds_all_that_the_steps_read() -> None:
    """What is concluded on the copy that records are judged on is what is concluded on the whole graph."""
    policy = [c for name, own in batches().items() if name.startswith("policy ") for c in own]
    sample = tuple(policy[::5])[:BATCH]
    judge, given = decider_of(sample), stated(sample)
    small, whole = judge.store(), EmbeddedStore(standard().graph.copy())
    small.load(given)
    whole.load(given)
    assert set(judge.engine.conclude(small)) == set(conclude(whole, load_steps(standard().roots)))
    # Concluding without making plain terms of it leaves the same behind.
    quick = judge.store()
    quick.load(given)
    judge.engine.evaluate(quick)
    assert quick.dump() == small.dump()
