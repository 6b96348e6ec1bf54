"""Every fault query: a policy broken in one way gives exactly those rows on Oxigraph and rdflib, a sound one none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import rdflib
import yaml

from policygraph.app.lint import SEVERITIES
from policygraph.graph.terms import spell
from policygraph.model.terms import Iri, Table, Term
from policygraph.paths import DataRoots
from policygraph.queries.catalogue import read_questions
from small import POLICY, PREFIXES, REPOSITORY, broken, make_root, source_graph

if TYPE_CHECKING:
    from policygraph.graph.loading import Graph

CASES = yaml.safe_load((REPOSITORY / "tests/hygiene/cases.yaml").read_text("utf-8"))
LEAST_CASES, LEAST_QUERIES = 72, 43
QUERIES = read_questions(DataRoots((REPOSITORY,)), "queries/hygiene")


@pytest.fixture(scope="module")
def roots(tmp_path_factory: pytest.TempPathFactory) -> DataRoots:
    return make_root(tmp_path_factory.mktemp("small"))


@pytest.fixture(scope="module")
def source(roots: DataRoots) -> Graph:
    return source_graph(roots)


def shown(cell: Term | None) -> str:
    if cell is None:
        return ""
    if not isinstance(cell, Iri):
        return cell.value
    if cell.value == POLICY:
        return "policy"
    return next((f"{p}:{cell.value.removeprefix(n)}" for p, n in PREFIXES.items() if cell.value.startswith(n)), cell.value)


def rows(graph: Graph, name: str) -> list[list[str]]:
    table = graph.query(QUERIES[name].text)
    assert isinstance(table, Table)
    return [[shown(cell) for cell in row] for row in table.rows]


def test_sound_policy_has_no_fault(source: Graph, roots: DataRoots) -> None:
    graph = broken(source, roots, "INSERT DATA {}")
    assert {name: rows(graph, name) for name in QUERIES} == {name: [] for name in QUERIES}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["query"])
def test_broken_policy_gives_those_rows(case: dict[str, object], source: Graph, roots: DataRoots) -> None:
    name = str(case["query"])
    graph = broken(source, roots, str(case["change"]))
    assert rows(graph, name) == case["rows"]
    faults = {other for other in QUERIES if other != name and rows(graph, other)}
    assert faults == set(case.get("also", []))
    assert rdflib_rows(graph, name) == [[cell and spell(cell) for cell in row] for row in table(graph, name).rows]


def table(graph: Graph, name: str) -> Table:
    found = graph.query(QUERIES[name].text)
    assert isinstance(found, Table)
    return found


def rdflib_rows(graph: Graph, name: str) -> list[list[str | None]]:
    other = rdflib.Graph(bind_namespaces="none")
    other.parse(data="".join(f"{spell(s)} {spell(p)} {spell(o)} .\n" for s, p, o in graph), format="nt")
    return [[None if cell is None else cell.n3() for cell in row] for row in other.query(QUERIES[name].text)]


def test_every_query_has_a_case() -> None:
    assert {case["query"] for case in CASES if case["rows"]} == set(QUERIES)
    assert len(CASES) >= LEAST_CASES
    assert len(QUERIES) >= LEAST_QUERIES


@pytest.mark.parametrize("name", QUERIES)
def test_header_says_what_how_bad_and_how_to_mend(name: str) -> None:
    question = QUERIES[name]
    assert question.severity in SEVERITIES
    assert question.fix is not None
    assert question.fix.zh
    assert question.fix.en
    assert "ORDER BY" in question.text
    assert "MINUS" not in question.text


def test_columns_after_the_first_have_headings(source: Graph) -> None:
    for name, question in QUERIES.items():
        assert set(table(source, name).columns[1:]) == set(question.columns), name
