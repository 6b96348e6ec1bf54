"""Component ≡ condition: the CONSTRUCT engine and the SHACL components give the same answer on generated records.

Records of every condition operator are generated from the values in its truth table (`tests/operators`), combined at random, and some
records of the first policy from values of their own.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from policygraph.engine.algebra import OPERATORS
from policygraph.graph.memory import Graph
from policygraph.shapes.runner import load_shapes, validate
from policygraph.store.embedded import EmbeddedStore
from policygraph.vocab import PG, RDF, SH
from submitting import PROLOGUE, Submitted, concluded, standard
from test_operators import PROLOGUE as OPERATOR_PROLOGUE
from test_operators import T, run, tables, written

COMPONENTS = standard().roots.base / "shapes/components.ttl"
CONDITIONS = {name: table for name, table in tables().items() if any("status" in case for case in table["cases"]) and table["operators"]}
PREFIX = "https://w3id.org/policygraph/policy/cn-410700/xinban-2023-10/"
OPEN = {"missing", "discretion", "silent"}
# Condition → the kind it is read on, what reports that it fails, and what reports that it cannot be decided.
PAIRS = {
    "c-front-line-share": ("EmployerYear", "mustShareAtLeast", "undecidedShareAtLeast"),
    "award-c-ranked": ("AwardClaim", "mustLessEqual", "undecidedLessEqual"),
}

amounts = st.one_of(
    st.none(),
    st.integers(0, 12).map(str),
    st.decimals(0, 10, places=6).map(str),
    st.sampled_from(["0", "0.6", "600", "1000", "599.999999", "599999999999999.4", "999999999999999"]),
)
fields = ("frontLineSpending", "fundSetAside", "fundUsed", "wageTotal")
years_of_employers = st.fixed_dictionaries(
    {
        "year": st.sampled_from([None, "2022", "2023", "2024", "2025"]),
        "statutoryRate": st.one_of(st.none(), st.decimals(0, 1, places=3).map(str)),
        **dict.fromkeys(fields, amounts),
    }
)
award_claims = st.fixed_dictionaries(
    {
        "tier": st.sampled_from([None, "national", "provincial", "county", "worldskills", "unknown"]),
        "rank": st.one_of(st.none(), st.integers(1, 6).map(str)),
        "resultDate": st.sampled_from([None, "2023-08-20", "2023-08-21", "2024-09-20"]),
    }
)
submitted = st.one_of(
    st.builds(lambda facts: Submitted("EmployerYear", facts), years_of_employers),
    st.builds(lambda facts: Submitted("AwardClaim", facts), award_claims),
).map(lambda record: replace(record, facts={name: value for name, value in record.facts.items() if value is not None}))


def _probes() -> str:
    """Shapes that look at every record of a kind, whatever it reports, one for each component and condition."""
    return PROLOGUE + "".join(
        f"<urn:probe:{condition}:{use}> a sh:NodeShape , pg:NormShape ; sh:targetClass tal:{kind} ;"
        f" sh:severity sh:Violation ; pg:{use} <{PREFIX}{condition}> .\n"
        for condition, (kind, *uses) in PAIRS.items()
        for use in uses
    )


def _answers(own: list[Submitted]) -> set[tuple[str, bool, bool]]:
    """Compare both engines on records; return which answers occurred: condition, fails, cannot be decided."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "probes.ttl"
        path.write_text(_probes(), encoding="utf-8")
        graph = standard().graph.copy()
        graph.store.load(path.read_bytes(), format=ox.RdfFormat.TURTLE)
        store = concluded(own, graph)
        data = Graph(t for t in store.dump() if t[1].value.startswith(("https://w3id.org/policygraph/", RDF)))
        results = validate(data, load_shapes([COMPONENTS, path]))
    reported = {(r.focus.value, r.shape) for r in results}
    statuses: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in store.select(f"SELECT ?x ?c ?s WHERE {{ ?e <{PG.focus}> ?x ; <{PG.onCondition}> ?c ; <{PG.status}> ?s }}").dicts():
        if (name := row["c"].value.removeprefix(PREFIX)) in PAIRS:
            statuses[row["x"].value, name].add(row["s"].value.rpartition("/")[2])
    assert len(statuses) == len(own)  # one condition of each kind is compared
    answers = set()
    for (record, name), status in statuses.items():
        fails, undecided = ((record, f"urn:probe:{name}:{use}") in reported for use in PAIRS[name][1:])
        assert (fails, undecided) == ("failed" in status, bool(status & OPEN)), (record, name, status)
        answers.add((name, fails, undecided))
    return answers


def test_component_and_condition_agree() -> None:
    """They say the same of every record: it fails, it holds, or it cannot be decided; and all three occur for each condition."""
    seen: set[tuple[str, bool, bool]] = set()

    @seed(410700)
    @settings(max_examples=4, deadline=None, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(st.lists(submitted, min_size=60, max_size=80))
    def agree(own: list[Submitted]) -> None:
        seen.update(_answers(own))

    agree()
    assert seen == {(name, *answer) for name in PAIRS for answer in ((True, False), (False, True), (False, False))}


# ---------------------------------------------------------------- every condition operator, on records of its truth table
def _pool(values: list[dict[str, Any]]) -> dict[str, Any]:
    """Return a strategy for each field that occurs: a value that occurs for it, or none."""
    found: dict[str, list[Any]] = defaultdict(list)
    for given_ in values:
        for field, value in given_.items():
            if value not in found[field]:
                found[field].append(value)
    return {field: st.sampled_from([None, *own, *own, *own]) for field, own in found.items()}


def _records(table: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    own = [{**table.get("given", {}), **(case.get("given") or {})} for case in table["cases"]]
    rows = [row for case in table["cases"] for row in case.get("rows", [])]
    days = [{"asOf": case["asOf"]} for case in table["cases"] if "asOf" in case]
    return st.fixed_dictionaries(
        {
            "node": st.sampled_from(sorted(table["it"])),
            "given": st.fixed_dictionaries(_pool(own)),
            "rows": st.lists(st.fixed_dictionaries(_pool(rows)), max_size=3) if rows else st.just([]),
            **{name: st.sampled_from([day[name] for day in days]) for name in ("asOf",) if days},
        }
    )


def _stated(values: dict[str, Any]) -> dict[str, Any]:
    """Leave out what is not stated; a row that states nothing still has to be there."""
    return {name: value for name, value in values.items() if value is not None} or {"blank": True}


def _compare(table: dict[str, Any], records: list[dict[str, Any]]) -> set[str]:
    """Compare both engines on records of a table's nodes; return which answers occurred."""
    (operator,) = table["operators"]
    cases = [{**record, "given": _stated(record["given"]), "rows": list(map(_stated, record["rows"])), "status": ""} for record in records]
    store = run(written({**table, "given": {}, "cases": cases}))
    probes = OPERATOR_PROLOGUE.replace("PREFIX", "@prefix").replace(">\n", "> .\n") + "".join(
        f"<urn:probe:{variant}:{use}> a sh:NodeShape , pg:NormShape ; sh:targetClass t:{variant}-Record ;"
        f" sh:severity sh:Violation ; pg:{use}{operator} t:{variant} .\n"
        for variant in table["it"]
        for use in ("must", "undecided")
    )
    with TemporaryDirectory() as folder:
        path = Path(folder) / "probes.ttl"
        path.write_text(probes, encoding="utf-8")
        results = validate(Graph(store.dump()), load_shapes([COMPONENTS, path]))
    reported = {(r.focus.value, r.shape.rpartition(":")[2]) for r in results}
    statuses: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in store.select(f"SELECT ?x ?c ?s WHERE {{ ?e <{PG.focus}> ?x ; <{PG.onCondition}> ?c ; <{PG.status}> ?s }}").dicts():
        statuses[row["x"].value, row["c"].value.removeprefix(T)].add(row["s"].value.rpartition("/")[2])
    answers = set()
    for number, case in enumerate(cases):
        record = f"{T}record-{number}"
        status = statuses[record, case["node"]]
        assert status, case
        says = ((record, "must") in reported, (record, "undecided") in reported)
        assert says == ("failed" in status, bool(status & OPEN)), (case, status, says)
        answers.add("failed" if says[0] else "open" if says[1] else "satisfied")
    # What a component on rows blames is a row of the record, or the record itself.
    owners = {r.value.value.removeprefix(r.focus.value) for r in results if r.value is not None} if table["cases"][0].get("rows") else set()
    assert all(owner == "" or owner.startswith("-row-") for owner in owners), owners
    return answers


@pytest.mark.parametrize("name", sorted(CONDITIONS))
def test_component_is_the_condition(name: str) -> None:
    """Failed ⇔ the component reports, open ⇔ the other one does; every answer of the truth table occurs."""
    table, seen = CONDITIONS[name], set()

    @seed(410700)
    @settings(max_examples=2, deadline=None, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(st.lists(_records(table), min_size=60, max_size=60))
    def agree(records: list[dict[str, Any]]) -> None:
        seen.update(_compare(table, records))

    agree()
    # The table's own cases as well: they hold every edge.
    usual = {"node": next(iter(table["it"])), "rows": []}
    kept = [{**usual, **case, "given": {**table.get("given", {}), **(case.get("given") or {})}} for case in table["cases"]]
    seen |= _compare(table, kept)
    statuses = [case["status"] for case in table["cases"]]
    assert seen == {status if status in {"failed", "satisfied"} else "open" for status in statuses if isinstance(status, str)}


def test_every_condition_has_two_components() -> None:
    implemented: dict[str, set[str]] = defaultdict(set)
    for row in (
        EmbeddedStore(_components())
        .select(f"SELECT ?operator ?path WHERE {{ ?c <{PG.implementsOperator}> ?operator ; <{SH.parameter}> ?p . ?p <{SH.path}> ?path }}")
        .dicts()
    ):
        implemented[row["operator"].value.removeprefix(PG)].add(row["path"].value.removeprefix(PG))
    assert implemented == {name: {f"must{name}", f"undecided{name}"} for name, operator in OPERATORS.items() if operator.condition}
    assert {name for table in CONDITIONS.values() for name in table["operators"]} == set(implemented)


def _components() -> Graph:
    graph = Graph()
    graph.store.load(COMPONENTS.read_bytes(), format=ox.RdfFormat.TURTLE)
    return graph
