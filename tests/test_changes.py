"""What would settle or change a decision: every suggestion is fed back, and does what it promises with nothing to spare.

`tests/changes/operators.yaml` tries the search on a condition of each operator, in a world of its own; `boundaries.yaml` says what the
real rules must offer.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, replace
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from policygraph.app.changes import Changer
from policygraph.app.deciding import Decider
from policygraph.engine.operators import OPERATORS
from policygraph.graph.loading import derive
from policygraph.graph.parsing import parse
from policygraph.graph.serialising import serialise
from policygraph.model.terms import Iri, Literal
from policygraph.records.copying import copy_submission
from policygraph.records.keys import duplicates
from policygraph.records.record import Record
from policygraph.vocab import OUTCOME, PG, RDF, XSD
from submitting import Submitted, check, kinds, standard, turtle
from test_cases import FILES, cases, source

if TYPE_CHECKING:
    from policygraph.model.answers import DecisionResult
    from policygraph.model.changes import Change, Remedies, Remedy
    from policygraph.model.terms import Triple
    from test_cases import Case

FOLDER = Path(__file__).parent / "changes"
T, CODE = "https://example.org/changes#", "https://example.org/changes/code/"
OPEN = {OUTCOME.undetermined, OUTCOME["not-eligible"]}
BETTER = {OUTCOME["not-eligible"]: 0, OUTCOME.undetermined: 1, OUTCOME.eligible: 2}
MOST_OF_A_FILE, FIRST, STEP = 60, 5, 40  # of each rule and outcome so many cases are searched, then every so manieth
LEAST_SEARCHED, LEAST_REMEDIES = 120, 250


@dataclass(frozen=True)
class Searched:
    """A decision on a record and what the search says of it."""

    record: Record
    beside: tuple[Triple, ...]
    decision: DecisionResult
    remedies: Remedies

    @property
    def all(self) -> tuple[Remedy, ...]:
        return (*self.remedies.supply, *self.remedies.past)


def read(name: str) -> dict[str, Any]:
    return dict(yaml.safe_load((FOLDER / f"{name}.yaml").read_text("utf-8")))


@cache
def tools() -> tuple[Decider, Changer]:
    decider = Decider(standard())
    return decider, Changer(standard(), decider)


def copied(records: list[Submitted]) -> tuple[Record, ...]:
    text = turtle(records).encode()
    submission = copy_submission(parse(text, "turtle", base="https://submitted.invalid/"), tools()[0].kinds, lambda _: False)
    assert len(submission.records) == len(records)
    return submission.records


@cache
def searched() -> tuple[Searched, ...]:
    """Search the undetermined and negative decisions of the cases: some of each rule and outcome, and a part of the others."""
    decider, changer = tools()
    found, seen = [], Counter[tuple[str, str]]()
    for file in FILES:
        if {"overlay", "with"} & source(file).keys():
            continue
        own = [c for c in cases(file) if not c.record.extra and "asOf" not in c.wanted and not invalid(c)]
        own = own[:: max(1, len(own) // MOST_OF_A_FILE)]
        records = copied([c.record for c in own]) if own else ()
        beside = duplicates(records)
        for record, decisions in zip(records, decider.decide(records, beside).values(), strict=True):
            for decision in decisions:
                key = decision.rule.iri, decision.outcome.iri
                if decision.outcome.iri not in OPEN:
                    assert changer.remedies(record, decision, beside) is None
                    continue
                seen[key] += 1
                if seen[key] <= FIRST or seen[key] % STEP == 0:
                    remedies = changer.remedies(record, decision, beside, past=True)
                    assert remedies is not None
                    found.append(Searched(record, tuple(beside), decision, remedies))
    return tuple(found)


def invalid(case: Case) -> bool:
    return str(case.wanted.get("verdict", source(case.file).get("verdict", ""))) == "invalid"


def fed_back(record: Record, changes: tuple[Change, ...], name: str) -> Record:
    """Return the record with some changes made, by hand: nothing of the search is used."""
    triples = list(record.triples)
    for change in changes:
        subject, field = Iri(change.row or record.iri), Iri(change.field.iri)
        if not change.adds_row:
            triples = [t for t in triples if t[:2] != (subject, field)]
        if change.value is not None:
            triples.append((subject, field, change.value))
    classes = {f.path: f.row_class for f in record.kind.fields if f.row_class}
    triples += [(o, Iri(RDF.type), Iri(classes[p.value])) for _, p, o in triples if p.value in classes]
    moved = [tuple(Iri(term.value.replace(record.iri, name, 1)) if _own(term, record) else term for term in t) for t in triples]
    return replace(record, iri=name, triples=tuple(dict.fromkeys(moved)))  # type: ignore[arg-type]


def _own(term: object, record: Record) -> bool:
    return isinstance(term, Iri) and (term.value == record.iri or term.value.startswith(record.iri + "-"))


def outcomes(of: list[tuple[Searched, tuple[Change, ...]]]) -> list[str]:
    """Decide records with changes made, by the real engine."""
    records, beside = [], []
    for number, (one, changes) in enumerate(of, 1):
        record = fed_back(one.record, changes, f"https://example.org/fed-back#record-{number}")
        records.append(record)
        beside += [(Iri(record.iri), p, o) for s, p, o in one.beside if s.value == one.record.iri]
    decided = tools()[0].outcomes(records, beside)
    return [decided[record.iri, one.decision.rule.iri].outcome for record, (one, _) in zip(records, of, strict=True)]


# ---------------------------------------------------------------- every suggestion, fed back
def test_every_suggestion_does_what_it_promises() -> None:
    of = [(one, remedy) for one in searched() for remedy in one.all]
    assert len(searched()) >= LEAST_SEARCHED and len(of) >= LEAST_REMEDIES
    got = outcomes([(one, remedy.changes) for one, remedy in of])
    assert [(one.decision.rule.short, remedy) for (one, remedy), out in zip(of, got, strict=True) if out != remedy.outcome.iri] == []
    assert all(BETTER[remedy.outcome.iri] > BETTER[one.decision.outcome.iri] for one, remedy in of)


def test_no_part_of_a_suggestion_would_do() -> None:
    parts = [
        (one, remedy, part)
        for one in searched()
        for remedy in one.all
        for count in range(len(remedy.changes))
        for part in combinations(remedy.changes, count)
        if not {c.row for c in part if c.row} & {c.value.value for c in set(remedy.changes) - set(part) if c.adds_row and c.value}
    ]
    got = outcomes([(one, part) for one, _, part in parts])
    enough = [(remedy, part) for (_, remedy, part), out in zip(parts, got, strict=True) if BETTER[out] >= BETTER[remedy.outcome.iri]]
    assert enough == []


def test_every_rule_that_grants_something_is_searched() -> None:
    graph = standard().graph
    granting = {rule for rule, _, _ in graph.triples(predicate=Iri(PG.benefit))}
    assert {one.decision.rule.iri for one in searched()} == {rule.value for rule in granting}


def test_suggestions_take_at_most_three_facts_of_the_user_and_tell_past_from_open() -> None:
    for one in searched():
        fields = {f.path: f for k in (one.record.kind, *kinds().values()) for f in k.fields}
        stated = {(s.value, p.value): o for s, p, o in one.record.triples if not o.value.endswith("/unknown")}
        for remedy in one.all:
            assert 1 <= sum(not c.adds_row or len(remedy.changes) == 1 for c in remedy.changes) <= 3
            assert not any(c.field.iri.startswith(PG) for c in remedy.changes)
            past = [c for c in remedy.changes if (c.row or one.record.iri, c.field.iri) in stated and not fields[c.field.iri].changeable]
            assert bool([c for c in past if not c.adds_row]) == remedy.fixed
        assert not any(r.fixed for r in one.remedies.supply) and all(r.fixed for r in one.remedies.past)


def test_an_undetermined_answer_says_on_what_it_waits() -> None:
    for one in searched():
        undetermined = one.decision.outcome.iri == OUTCOME.undetermined
        assert bool(one.remedies.asks) <= undetermined
        waits = {ask.cause for ask in one.remedies.asks}
        assert waits <= set(one.decision.causes)
        for ask in one.remedies.asks:
            assert ask.cause.short != "missing" or ask.fields, ask
        if undetermined and not one.decision.low:
            assert waits, one.decision.rule.short


def test_suggested_values_are_accepted_by_the_forms() -> None:
    of = [(one, remedy) for one in searched() for remedy in one.all][::9]
    records = [fed_back(one.record, r.changes, f"https://submitted.invalid/fed-back-{n}") for n, (one, r) in enumerate(of, 1)]
    report = check(serialise([t for r in records for t in r.triples], "turtle"))
    assert len(report.records) == len(records) > 25
    assert [(r.source, [f.message.zh for f in r.findings]) for r in report.records if r.verdict.short == "invalid"] == []


# ---------------------------------------------------------------- what the real rules must offer
def spelt(change: Change) -> str:
    value = "+" if change.adds_row else None if change.value is None else change.value.value.rpartition("/")[2]
    return f"{change.bound} {value}".strip() if value is not None else "null"


def place(change: Change, record: Record) -> str:
    row = f"{change.table.short}/{change.row.rpartition('-')[2]}/" if change.row and change.table else ""
    assert bool(row) == (change.row != "") and change.row.startswith(record.iri if row else "")
    return row + change.field.short


def sets(remedies: tuple[Remedy, ...], record: Record) -> list[dict[str, str]]:
    return sorted(({place(c, record): spelt(c) for c in r.changes} for r in remedies), key=str)


def wanted(listed: list[dict[str, Any]]) -> list[dict[str, str]]:
    def words(value: Any) -> str:
        return "null" if value is None else str(value)

    return sorted(({name: words(value) for name, value in sorted(one.items())} for one in listed), key=str)


def in_order(found: list[dict[str, str]]) -> list[dict[str, str]]:
    return sorted((dict(sorted(one.items())) for one in found), key=str)


@pytest.mark.parametrize("case", [pytest.param(c, id=c["name"]) for c in read("boundaries")["cases"]])
def test_real_rules_offer(case: dict[str, Any]) -> None:
    table = read("boundaries")
    stated = {**table["base"][case["kind"]], **case["facts"]}
    facts = {k: str(v).lower() if isinstance(v, bool) else str(v) for k, v in stated.items() if v is not None}
    (record,) = copied([Submitted(case["kind"], facts)])
    (decision,) = tools()[0].decide([record])[record.iri]
    found = tools()[1].remedies(record, decision, past="past" in case)
    assert found is not None and decision.outcome.short == case["was"]
    if "can" in case:
        assert in_order(sets(found.supply, record)) == wanted(case["can"])
    for past in wanted(case.get("past", [])):
        assert past in in_order(sets(found.past, record))
    assert set(case.get("asks", ())) <= {ask.cause.short for ask in found.asks}
    assert {r.outcome.short for r in (*found.supply, *found.past)} <= {case["reaches"]}


# ---------------------------------------------------------------- each operator, in a world of its own
@cache
def world() -> tuple[Decider, Changer]:
    graph = standard().graph.copy()
    prefixes = f"@prefix t: <{T}> . @prefix code: <{CODE}> . @prefix pg: <{PG}> . @prefix xsd: <{XSD}> .\n"
    text = (FOLDER / "world.ttl").read_text("utf-8")
    for number, case in enumerate(read("operators")["cases"]):
        text += f"{prefixes if not number else ''}t:c-{number} a pg:{case['operator']} {'; ' + case['it'] if case['it'] else ''} .\n"
        text += f"t:rule-{number} a pg:Rule ; pg:forKind t:Case ; pg:hasAlternative t:way-{number} .\n"
        text += f"t:way-{number} a pg:Alternative ; pg:hasCondition t:c-{number} .\n"
    graph.extend(parse(text.encode(), "turtle", base=T))
    derive(graph, standard().roots)
    setting = replace(standard(), graph=graph, as_of=dt.date(2024, 12, 31))
    decider = Decider(setting)
    return decider, Changer(setting, decider)


def invented(facts: dict[str, Any]) -> Record:
    kind = world()[0].kinds[f"{T}Case"]
    iri = "https://example.org/changes/record"

    def statements(subject: str, of: Any, values: dict[str, Any]) -> list[Triple]:
        found: list[Triple] = [(Iri(subject), Iri(RDF.type), Iri(of.iri))]
        for name, value in values.items():
            field = of.field(T + name)
            if field.row_class:
                for number, row in enumerate(value, 1):
                    found.append((Iri(subject), Iri(field.path), Iri(f"{iri}-{name}-{number}")))
                    found += statements(f"{iri}-{name}-{number}", world()[0].kinds[field.row_class], row)
            else:
                term = Iri(CODE + value) if field.codes else Literal(str(value), field.datatype)
                found.append((Iri(subject), Iri(field.path), term))
        return found

    return Record(iri, 1, "record", kind, tuple(statements(iri, kind, {"when": "2024-03-01", **facts})))


@pytest.mark.parametrize(
    "number",
    [pytest.param(n, id=f"{c['operator']} {c.get('case', '')}{c['facts']}") for n, c in enumerate(read("operators")["cases"])],
)
def test_changes_for_a_condition_of_each_operator(number: int) -> None:
    case = read("operators")["cases"][number]
    record = invented(case["facts"])
    decision = next(d for d in world()[0].decide([record])[record.iri] if d.rule.iri == f"{T}rule-{number}")
    found = world()[1].remedies(record, decision, past=True)
    assert found is not None, decision.outcome.short
    assert in_order(sets((*found.supply, *found.past), record)) == wanted(case["sets"])


def test_every_condition_operator_is_tried_and_no_case_vanishes() -> None:
    assert {c["operator"] for c in read("operators")["cases"]} == {name for name, operator in OPERATORS.items() if operator.condition}
    for name in ("operators", "boundaries"):
        assert len(read(name)["cases"]) >= read(name)["least"]
