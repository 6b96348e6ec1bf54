"""Every shape of shapes/graph.ttl: a policy broken in exactly one way gives exactly that finding, and a sound one none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import yaml

from policygraph.model.terms import Iri
from policygraph.shapes import hygiene
from policygraph.shapes.runner import load_shapes, validate
from policygraph.vocab import PG, RDFS, SH
from small import POLICY, REPOSITORY, broken, iri, make_root, source_graph

if TYPE_CHECKING:
    from policygraph.graph.loading import Graph
    from policygraph.paths import DataRoots

CASES = yaml.safe_load((REPOSITORY / "tests/graph-shapes/cases.yaml").read_text("utf-8"))
LEAST = 66
SHAPES = load_shapes([REPOSITORY / "shapes/graph.ttl"])
REPORTING = sorted(node.value.rpartition("/")[2] for node in hygiene.reporting(SHAPES))
# The schema's own terms pass by themselves (test_lint); left out here, the cases run ten times as fast.
WITHOUT_SCHEMA = "DELETE { ?term rdfs:isDefinedBy ?home } WHERE { ?term rdfs:isDefinedBy ?home FILTER(CONTAINS(STR(?home), '/core')) } ;"


@pytest.fixture(scope="module")
def roots(tmp_path_factory: pytest.TempPathFactory) -> DataRoots:
    return make_root(tmp_path_factory.mktemp("small"))


@pytest.fixture(scope="module")
def source(roots: DataRoots) -> Graph:
    return source_graph(roots)


def found(graph: Graph) -> list[list[str]]:
    results = validate(graph, SHAPES)
    return sorted([r.shape.rpartition("/")[2], r.focus.value] for r in results)


def test_sound_policy_has_no_finding(source: Graph, roots: DataRoots) -> None:
    assert found(broken(source, roots, "INSERT DATA {}")) == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['shape']}-{case.get('focus', '')}")
def test_broken_policy_has_that_finding(case: dict[str, object], source: Graph, roots: DataRoots) -> None:
    wanted = case.get("findings") or [[case["shape"], case["focus"]]]
    assert isinstance(wanted, list)
    places = [[shape, POLICY if node == "policy" else iri(node)] for shape, node in wanted]
    change = str(case["change"])
    assert found(broken(source, roots, WITHOUT_SCHEMA + change)) == sorted(places)


def test_every_shape_has_a_case() -> None:
    assert sorted({case["shape"] for case in CASES}) == REPORTING
    assert len(CASES) >= LEAST


@pytest.mark.parametrize("shape", REPORTING)
def test_shape_says_severity_name_and_mending(shape: str) -> None:
    node, facts = Iri("https://w3id.org/policygraph/shape/graph/" + shape), SHAPES.facts
    assert facts.objects(node, SH.severity)
    for predicate in (SH.message, RDFS.label, PG.mending):
        assert {words.language for words in facts.objects(node, predicate)} == {"zh", "en"}, predicate
