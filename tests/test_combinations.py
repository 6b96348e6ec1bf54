"""What is payable when several rules hold on one record: the truth table `tests/combinations/cases.yaml` through `queries/decide`."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from policygraph.app.checking import check_submission
from policygraph.engine.deciding import conclude, load_steps
from policygraph.graph.loading import derive
from policygraph.graph.memory import Graph
from policygraph.paths import data_roots
from policygraph.reports.paying import payable_lines
from policygraph.store.embedded import EmbeddedStore
from policygraph.vocab import PG, PREFIXES
from submitting import TESTS, setting

if TYPE_CHECKING:
    from policygraph.model.answers import RecordReport

T = "https://example.org/combinations#"
PROLOGUE = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in {**PREFIXES, "t": T}.items())
TABLES = yaml.safe_load((Path(__file__).parent / "combinations" / "cases.yaml").read_text(encoding="utf-8"))
COMBINED = yaml.safe_load((Path(__file__).parent / "second-policy" / "combined.yaml").read_text(encoding="utf-8"))
CASES = [(name, number) for name, table in TABLES.items() for number in range(len(table["cases"]))]
LEAST = 48
RULE = """
t:{r} a pg:Rule ; pg:forKind t:Record ; pg:hasAlternative t:{r}-stated , t:{r}-open .
t:{r}-stated a pg:Alternative ; pg:hasCondition t:{r}-holds , t:{r}-given ; pg:amount t:{r}-amount .
t:{r}-open a pg:Alternative ; pg:hasCondition t:{r}-holds , t:{r}-unstated ; pg:amount t:{r}-none .
t:{r}-holds a pg:OneOf ; pg:field t:{r}Holds ; pg:allowed true . t:{r}-given a pg:Given ; pg:field t:{r}Low ; pg:otherwise status:failed .
t:{r}-unstated a pg:Absent ; pg:field t:{r}Low . t:{r}-none a pg:Unstated .
t:{r}-amount a pg:Range ; pg:left t:{r}-low ; pg:right t:{r}-high .
t:{r}-low a pg:FieldExpression ; pg:field t:{r}Low . t:{r}-high a pg:FieldExpression ; pg:field t:{r}High .
""".replace("status:", "<https://w3id.org/policygraph/scheme/status/").replace("failed .", "failed> .")
CEILING = """
t:ceiling a pg:Ceiling ; pg:parameterSet t:set ; pg:sharedBy {rules} . t:set a pg:ParameterSet .
t:first a pg:Parameter ; pg:inSet t:set ; pg:value {amount} ; pg:validFrom "2024-01-01"^^xsd:date ; pg:validUntil "2025-01-01"^^xsd:date .
t:later a pg:Parameter ; pg:inSet t:set ; pg:value 150 ; pg:validFrom "2025-01-01"^^xsd:date .
"""


@dataclass(frozen=True)
class Got:
    """What was concluded of one record, by rule: bounds due and payable, what limits it; and sums by base rule or ceiling."""

    due: dict[str, tuple[Decimal | None, Decimal | None]]
    payable: dict[str, tuple[Decimal | None, Decimal | None]]
    by: dict[str, list[str]]
    together: dict[str, tuple[Decimal | None, Decimal | None]]


def relation(words: str) -> str:
    first, *rest = words.split()
    if first != "ceiling":
        return f"t:{first} pg:{rest[0]} t:{rest[1]} ."
    amount, _, *rules = rest
    return CEILING.format(rules=" , ".join(f"t:{r}" for r in rules), amount=amount)


def stated(record: str, rule: str, what: Any) -> str:
    holds = "" if isinstance(what, dict) else f"{record} t:{rule}Holds {str(what is not False).lower()} ."
    amount = what["perhaps"] if isinstance(what, dict) else what
    if amount is False or amount == "unstated":
        return holds
    low, high = amount if isinstance(amount, list) else (amount, amount)
    return f"{holds} {record} t:{rule}Low {low} ; t:{rule}High {high} ."


@cache
def concluded(name: str) -> tuple[Got, ...]:
    table = TABLES[name]
    parts = ["t:shape pg:onClass t:Record ; sh:targetClass t:Record ; pg:factDateField t:day ; pg:claimDateField t:claim ."]
    parts += [RULE.format(r=r) for r in "abc"] + [relation(words) for words in table["says"]]
    for number, case in enumerate(table["cases"]):
        record = f"t:record-{number}"
        parts.append(f'{record} a t:Record ; pg:sourcePosition {number + 1} ; pg:asOf "2026-01-01"^^xsd:date .')
        for field, default in (("day", dt.date(2024, 6, 1)), ("claim", dt.date(2024, 7, 1))):
            parts.append(f'{record} t:{field} "{case.get(field, default)}"^^xsd:date .')
        parts += [stated(record, rule, what) for rule, what in case["given"].items()]
    graph = Graph()
    graph.update(f"{PROLOGUE}INSERT DATA {{ {' '.join(parts)} }}")
    derive(graph, data_roots())
    store = EmbeddedStore(graph)
    conclude(store, load_steps(data_roots()))
    return tuple(read(store, f"{T}record-{number}") for number in range(len(table["cases"])))


def read(store: EmbeddedStore, record: str) -> Got:
    facts: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for subject, predicate, value in store.dump():
        facts[subject.value][predicate.value.removeprefix(PG)].append(value.value)

    def bounds(of: dict[str, list[str]], low: str, high: str) -> tuple[Decimal | None, Decimal | None]:
        assert all(len(of[name]) <= 1 for name in (low, high)), of
        return tuple(Decimal(of[name][0]) if of[name] else None for name in (low, high))  # type: ignore[return-value]

    own = [facts[d] for d in facts[record]["decision"]]
    rule = {id(d): d["byRule"][0].removeprefix(T) for d in own}
    sums = [facts[k] for k in facts[record]["combination"]]
    assert all(len(k["combinedOver"]) == 1 and len(k["combines"]) > 1 for k in sums)
    return Got(
        due={rule[id(d)]: bounds(d, "low", "high") for d in own},
        payable={rule[id(d)]: bounds(d, "payableLow", "payableHigh") for d in own},
        by={rule[id(d)]: sorted(b.removeprefix(T) for b in d["limitedBy"]) for d in own if d["limitedBy"]},
        together={k["combinedOver"][0].removeprefix(T): bounds(k, "low", "high") for k in sums},
    )


def interval(value: Any) -> tuple[Decimal | None, Decimal | None]:
    """Read an amount; none where a rule does not hold, its amount is not stated, or nothing is said of what is payable."""
    if value is False or value in ("unstated", "none"):
        return None, None
    low, high = value if isinstance(value, list) else (value, value)
    return tuple(None if end is None else Decimal(str(end)) for end in (low, high))  # type: ignore[return-value]


@pytest.mark.parametrize(("name", "number"), CASES, ids=[f"{n}: {TABLES[n]['cases'][i]['case']}" for n, i in CASES])
def test_case(name: str, number: int) -> None:
    case, got = TABLES[name]["cases"][number], concluded(name)[number]
    for rule, what in case["given"].items():
        amount = what["perhaps"] if isinstance(what, dict) else what
        due = interval(amount)
        assert got.due[rule] == due, "other rules never change what is due"
        wanted = case["payable"].get(rule, amount)
        assert got.payable[rule] == interval(wanted), rule
    assert got.by == case.get("by", {})
    assert got.together == {over: interval(value) for over, value in case.get("together", {}).items()}


def test_the_cases_are_all_there() -> None:
    assert len(CASES) >= LEAST
    assert {word for table in TABLES.values() for words in table["says"] for word in words.split()} >= {
        "excludes", "higherOnlyWith", "additionalTo", "ceiling",
    }  # fmt: skip


# ---------------------------------------------------------------- by data alone
@pytest.fixture(scope="module")
def teams() -> dict[str, RecordReport]:
    """The second policy's teams, whose grants its fourth document combines."""
    folder = TESTS / "second-policy"
    report = check_submission(setting(data_roots((str(folder),))), str(folder / "submissions" / "teams.ttl"))
    return {record.name: record for record in report.records}


@pytest.mark.parametrize("name", COMBINED)
def test_the_second_policy_combines_by_data_alone(name: str, teams: dict[str, RecordReport]) -> None:
    decisions = {d.rule.short: d for d in teams[name].decisions}
    together: dict[str, object] = {}
    for rule, wanted in ((r, w) for r, w in COMBINED[name].items() if r != "together"):
        payable = decisions[rule].payable
        assert payable is not None
        assert (as_number(payable.low), as_number(payable.high)) == interval(wanted["payable"]), rule
        assert sorted(by.short for by in payable.limited_by) == sorted(wanted["by"]), rule
        cited = {c.provision.iri for c in decisions[rule].citations}
        assert set(payable.provisions) <= cited, "the sentences that relate the rules are proof too"
        assert payable.provisions or not payable.limited_by
        together |= {t.over.short: (as_number(t.low), as_number(t.high)) for t in payable.together}
    assert together == {over: interval(value) for over, value in COMBINED[name]["together"].items()}


def as_number(value: str) -> Decimal | None:
    return Decimal(value) if value else None


def test_what_is_payable_is_said_in_words(teams: dict[str, RecordReport]) -> None:
    (equipment,) = (d for d in teams["全部符合"].decisions if d.rule.short == "rule-equipment")
    assert list(payable_lines(equipment, "zh", "")) == ["与其他待遇合并考虑后应付：0 元（受限于：表彰奖励、示范奖励）"]
    (model,) = (d for d in teams["全部符合"].decisions if d.rule.short == "rule-model")
    assert list(payable_lines(model, "en", "")) == [
        "Payable beside other benefits: 800 … 1200 yuan (limited by: Ceiling of the basic grant and the model award)",
        "Together (Ceiling of the basic grant and the model award; Basic grant, Model award): 22000 yuan",
    ]
