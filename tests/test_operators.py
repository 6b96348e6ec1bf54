"""Truth tables of the algebra: what each operator gives, from `tests/operators/*.yaml` through `queries/decide`.

A file names its operator, its nodes (`it`: variant → the node's statements in Turtle), further nodes and codes (`and`), and its cases.
A list in a record's `given` stands for an interval that the text leaves open; `~` for a bound that is not known. Strings are Turtle.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from policygraph.engine.algebra import OPERATORS, compile_algebra
from policygraph.engine.deciding import conclude, load_steps
from policygraph.errors import DataError
from policygraph.graph.loading import derive
from policygraph.graph.memory import Graph
from policygraph.paths import data_roots
from policygraph.store.embedded import EmbeddedStore
from policygraph.vocab import CAUSE, OUTCOME, PG, PREFIXES, SCHEME, STATUS
from test_engines_agree import RdflibStore, by_value

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = Path(__file__).parent / "operators"
T = "https://example.org/operators#"
CODE = "https://example.org/operators/code/"
DECLARED = {**PREFIXES, "t": T, "code": CODE, "status": STATUS, "cause": CAUSE, "agg": SCHEME + "aggregate/"}
PROLOGUE = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in DECLARED.items())
LEAST = 210  # cases in all files together
OPEN = {"missing", "silent", "discretion"}


@dataclass(frozen=True)
class Got:
    """What the engine concluded of one record."""

    bounds: tuple[str | None, str | None]
    causes: frozenset[str]
    statuses: frozenset[str]
    outcome: str
    decision_causes: frozenset[str]
    due: tuple[str | None, str | None]
    unstated: bool


@cache
def tables() -> dict[str, dict[str, Any]]:
    return {path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.yaml"))}


def cases() -> Iterator[Any]:
    for name, table in tables().items():
        for number, case in enumerate(table["cases"]):
            yield pytest.param(name, number, id=f"{name}: {case.get('case', number)}")


def turtle(value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case dt.date():
            return f'"{value.isoformat()}"^^xsd:date'
        case _:
            return str(value)


def statements(subject: str, values: dict[str, Any], operands: list[str]) -> str:
    """Write a record or row; an operand is an interval, a single value the interval from itself to itself."""
    found = []
    for field, value in values.items():
        ends = value if isinstance(value, list) else [value, value]
        names = [field + "Low", field + "High"] if field in operands else [field]
        found += [f"{subject} t:{n} {turtle(end)} ." for n, end in zip(names, ends, strict=False) if end is not None]
    return "\n".join(found)


def written(table: dict[str, Any]) -> str:
    """Write a table's rules and records in Turtle; each variant of the node has a kind of record of its own."""
    operands: list[str] = table.get("operands", [])
    parts = [table.get("and", "")]
    for operand in operands:
        parts.append(f"t:{operand} a pg:Range ; pg:left t:{operand}-low ; pg:right t:{operand}-high ; pg:rangeCause cause:silent .")
        for end in ("Low", "High"):
            parts.append(f"t:{operand}-{end.lower()} a pg:FieldExpression ; pg:field t:{operand}{end} .")
    attached = "pg:hasCondition" if any("status" in case for case in table["cases"]) else "pg:amount"
    for variant, node in table["it"].items():
        parts.append(
            f"t:{variant}-shape pg:onClass t:{variant}-Record ; sh:targetClass t:{variant}-Record ;"
            f" pg:factDateField t:day ; pg:claimDateField t:claimDay .\n"
            f"t:{variant}-rule a pg:Rule ; pg:forKind t:{variant}-Record ; pg:hasAlternative t:{variant}-alternative .\n"
            + (node if "rule" in table else f"t:{variant} {node} .\nt:{variant}-alternative {attached} t:{variant} .")
        )
    for number, case in enumerate(table["cases"]):
        record, variant = f"t:record-{number}", case.get("node", next(iter(table["it"])))
        day = turtle(case.get("asOf", dt.date(2026, 1, 1)))
        parts.append(f"{record} a t:{variant}-Record ; pg:sourcePosition {number + 1} ; pg:asOf {day} .")
        parts.append(statements(record, {**table.get("given", {}), **(case.get("given") or {})}, operands))
        for place, row in enumerate(case.get("rows", [])):
            parts.append(f"{record} t:row {record}-row-{place} .")
            parts.append(statements(f"{record}-row-{place}", row, operands))
    return "\n".join(parts)


def run(text: str) -> EmbeddedStore:
    graph = Graph()
    graph.update(f"{PROLOGUE}INSERT DATA {{ {text} }}")
    derive(graph, data_roots())
    store = EmbeddedStore(graph)
    conclude(store, load_steps(data_roots()))
    return store


@cache
def concluded(name: str) -> tuple[Got, ...]:
    table = tables()[name]
    store = run(written(table))
    facts: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for subject, predicate, value in store.dump():
        if predicate.value.startswith(PG):
            facts[subject.value][predicate.value.removeprefix(PG)].add(value.value)
    found = []
    for number, case in enumerate(table["cases"]):
        record, node = f"{T}record-{number}", T + case.get("node", next(iter(table["it"])))
        on = [own for own in facts.values() if record in own["focus"] and node in own["onExpression"] | own["onCondition"]]
        decisions = [facts[d] for d in facts[record]["decision"]]
        assert len(decisions) == 1, decisions
        it, decision = (on[0] if on else defaultdict(set)), decisions[0]
        found.append(
            Got(
                bounds=(one(it["low"]), one(it["high"])),
                causes=short(it["cause"], CAUSE),
                statuses=short(it["status"], STATUS),
                outcome=next(iter(short(decision["outcome"], OUTCOME))),
                decision_causes=short(decision["cause"], CAUSE),
                due=(one(decision["low"]), one(decision["high"])),
                unstated="true" in decision["unstated"],
            )
        )
    return tuple(found)


def one(values: set[str]) -> str | None:
    assert len(values) <= 1, values
    return next(iter(values), None)


def short(iris: set[str], namespace: str) -> frozenset[str]:
    return frozenset(iri.removeprefix(namespace) for iri in iris)


def same(found: str | None, wanted: object) -> bool:
    """Compare by value: 3 is 3.0, and a code goes by its Turtle name."""
    if found is None or wanted is None:
        return found is None and wanted is None
    words = turtle(wanted).partition("^^")[0].strip('"').replace("code:", CODE)
    try:
        return Decimal(found) == Decimal(words)
    except InvalidOperation:
        return found == words


@pytest.mark.parametrize(("name", "number"), list(cases()))
def test_case(name: str, number: int) -> None:
    case, got = tables()[name]["cases"][number], concluded(name)[number]
    why = frozenset(case.get("why", []))
    if "is" in case:
        wanted = case["is"] if isinstance(case["is"], list) else [case["is"], case["is"]]
        assert all(map(same, got.bounds, wanted)), got
        assert got.causes == why
        # What is due is the value itself, and nothing open is ever due for certain.
        assert all(map(same, got.due, wanted)), got
        assert got.outcome == ("undetermined" if why else "eligible")
        assert got.decision_causes == why
        assert why or case.get("unstated") or None not in wanted
    elif "status" in case:
        wanted = frozenset([case["status"]] if isinstance(case["status"], str) else case["status"])
        assert got.statuses == wanted
        outcome = {"satisfied": "eligible", "failed": "not-eligible"}
        assert got.outcome == outcome.get(next(iter(wanted)), "undetermined")
        assert got.decision_causes == wanted & OPEN
    else:
        wanted = case.get("due", [None, None])
        assert (got.outcome, got.decision_causes) == (case["outcome"], why)
        assert all(map(same, got.due, wanted if isinstance(wanted, list) else [wanted, wanted])), got
    assert got.unstated == case.get("unstated", False)


def test_every_operator_has_a_table() -> None:
    found = tables()
    assert {operator for table in found.values() for operator in table.get("operators", [])} == set(OPERATORS)
    assert sum(len(table["cases"]) for table in found.values()) >= LEAST
    for name, table in found.items():
        known = {"given", "rows", "node", "case", "is", "why", "status", "outcome", "due", "unstated", "asOf"}
        for case in table["cases"]:
            assert set(case) <= known, (name, case)
            assert len({"is", "status", "outcome"} & set(case)) == 1, (name, case)
        assert {case.get("node", next(iter(table["it"]))) for case in table["cases"]} == set(table["it"]), name


def test_every_operator_has_a_step() -> None:
    """A step names its operator in the pattern by which the engine orders the steps; a condition's first step is in stage 3."""
    steps: dict[str, set[str]] = defaultdict(set)
    for step in load_steps(data_roots()):
        steps[step.operator.removeprefix(PG)].add(step.stage)
    assert {name: "3" if operator.condition else "2" for name, operator in OPERATORS.items()} == {
        name: next(iter(stages)) for name, stages in steps.items() if name and len(stages) == 1
    }


# What only Oxigraph refuses: numbers out of its range, and comparisons of words with numbers (format shapes refuse both in submissions).
BEYOND = ("overflow", "out of range", "word", "a day")
REASONED = ("difference", "step", "years-between", "ladder", "over-first", "over-group", "within", "covers", "every", "by-rule")


@pytest.mark.parametrize("name", REASONED)
def test_rdflib_concludes_the_same(name: str) -> None:
    table = tables()[name]
    kept = [
        case for case in table["cases"] if not any(word in case.get("case", "") for word in BEYOND) and "code:" not in str(case.get("is"))
    ]
    graph = Graph()
    graph.update(f"{PROLOGUE}INSERT DATA {{ {written({**table, 'cases': kept})} }}")
    derive(graph, data_roots())
    steps = load_steps(data_roots())
    other = RdflibStore(list(graph))
    mine, theirs = ({tuple(map(by_value, t)) for t in conclude(store, steps)} for store in (EmbeddedStore(graph), other))
    assert len(mine) > 10 * len(kept)
    assert mine == theirs


RULE = "t:rule a pg:Rule ; pg:forKind t:Record ; pg:hasAlternative [ pg:hasCondition t:it ] .\n"
REFUSED = yaml.safe_load((FOLDER / "refused" / "nodes.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("nodes", list(REFUSED.values()), ids=list(REFUSED))
def test_what_is_outside_the_algebra_is_refused(nodes: str) -> None:
    with pytest.raises(DataError) as refused:
        run(f"{RULE}{nodes}")
    assert refused.value.where.startswith(f"<{T}"), refused.value


def test_an_unknown_operator_is_refused_by_name() -> None:
    with pytest.raises(DataError) as refused:
        run(f"{RULE}{REFUSED['an operator that does not exist']}")
    assert "Quotient" in refused.value.render("zh")
    assert "Quotient" in refused.value.render("en")


def test_a_cycle_names_the_nodes_on_its_way() -> None:
    with pytest.raises(DataError) as refused:
        run(f"{RULE}{REFUSED['rules that delegate to each other']}")
    assert f"<{T}back> → <{T}it> → <{T}back>" in refused.value.render("en")


def test_depth_is_no_limit() -> None:
    """A chain of operands far deeper than Python's stack is ordered, not refused."""
    chain = " ".join(f"t:n{i} a pg:Sum ; pg:left t:n{i + 1} ; pg:right t:n{i + 1} ." for i in range(3000))
    store = EmbeddedStore()
    store.update(f"{PROLOGUE}INSERT DATA {{ {chain} t:n3000 a pg:FieldExpression ; pg:field t:f . }}")
    assert compile_algebra(store).strata == 3001
