"""The engine knows no policy: an invented one, in a field and namespace of its own, works from `tests/second-policy` by data alone.

What questions must answer stands in `questions.yaml`, worked out by hand from its `source.txt`; test_second_submissions.py has the rest.
"""

from __future__ import annotations

import shutil
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
import yaml

from policygraph.app import anchors, audit, lint
from policygraph.engine.algebra import AGGREGATES, OPERATORS
from policygraph.model.terms import Iri, Literal, Term
from policygraph.paths import DataRoots, data_roots
from policygraph.queries.catalogue import read_questions
from policygraph.queries.entities import local_name
from policygraph.vocab import PG, RDF, XSD
from second import AMENDMENT, COMBINED, REPOSITORY, ROOT, SECOND, TEAMS, World, both, both_policies, first_alone

if TYPE_CHECKING:
    from pathlib import Path

FIRST = "https://w3id.org/policygraph/policy/cn-410700/xinban-2023-10"
QUESTIONS = yaml.safe_load((ROOT / "questions.yaml").read_text("utf-8"))
LEAST_QUESTIONS = 40
# Parameters of questions that do not name a policy or a part of one: what such a question answers ranges over all policies.
WIDE = {"date", "year", "hedge", "strength"}
FORBIDDEN = ("linlan", "retrofit", "example.org", "临澜")


@pytest.fixture
def world() -> World:
    return both_policies()


def texts(folder: Path) -> list[Path]:
    return [p for p in sorted(folder.rglob("*")) if p.suffix in {".py", ".rq", ".ttl", ".md", ".txt", ".json"}]


# ---------------------------------------------------------------- beside the first policy
def test_it_loads_beside_the_first(world: World) -> None:
    policies = {s.value for s, _, _ in world.graph.triples(None, Iri(RDF.type), Iri(PG.Policy)) if isinstance(s, Iri)}
    assert policies == {FIRST, SECOND, AMENDMENT, TEAMS, COMBINED}


def test_nothing_of_the_engine_mentions_it() -> None:
    files = [path for folder in ("src", "ontology", "shapes", "queries") for path in texts(REPOSITORY / folder)]
    assert len(files) > 100
    assert [p for p in files if any(word in p.read_text("utf-8").casefold() for word in FORBIDDEN)] == []


def test_it_uses_every_operator(world: World) -> None:
    """Its rules name each operator and aggregate of the algebra; what they decide stands in `expected.yaml`."""
    used: set[str] = set()
    for node, _, kind in world.graph.triples(None, Iri(RDF.type)):
        if isinstance(node, Iri) and node.value.startswith((SECOND, TEAMS)):
            used.add(kind.value.removeprefix(PG))
    assert set(OPERATORS) - used == set()
    aggregates = {a.value.rpartition("/")[2] for a in (t[2] for t in world.graph.triples(None, Iri(PG.aggregate)) if own(t[0]))}
    assert aggregates == set(AGGREGATES)
    assert {t[2].value.rpartition("/")[2] for t in world.graph.triples(None, Iri(PG.groupAggregate)) if own(t[0])}


def own(node: Term) -> bool:
    return isinstance(node, Iri) and node.value.startswith((SECOND, TEAMS))


def test_generated_files_are_current() -> None:
    found = anchors.run(DataRoots((ROOT,)))
    assert {a.policy for a in found} == {SECOND, AMENDMENT, TEAMS, COMBINED}
    assert all(a.current for a in found), found


def test_audit_says_all_of_it() -> None:
    found = {a.policy: a for a in audit.run(both())}
    assert set(found) == {FIRST, SECOND, AMENDMENT, TEAMS, COMBINED}
    for each in found.values():
        assert each.passed, each.policy
        assert each.coverage.fraction == 1


def test_lint_is_clean() -> None:
    found = lint.run(both())
    assert [(f.check, f.node) for f in found.findings] == []


def test_lint_sees_faults_in_a_namespace_of_ones_own(tmp_path: Path) -> None:
    root = tmp_path / "root"
    shutil.copytree(ROOT, root)
    for name, words, wrong in (
        ("ontology/retrofit.ttl", 'rdfs:label "改造面积（平方米）"@zh , "area (m²)"@en ;', ""),
        ("ontology/retrofit.ttl", 'skos:definition "申请的补贴金额，单位为元。"@zh , "Amount claimed, in yuan."@en ;', ""),
        ("ontology/policies/linlan/retrofit-2024/rules.ttl", "pg:field el:cost ;", "pg:field el:costt ;"),
        ("ontology/policies/linlan/retrofit-2024/rules.ttl", "pg:allowed household:ordinary ;", "pg:allowed household:ordinry ;"),
    ):
        text = (root / name).read_text("utf-8")
        assert text.count(words) == 1, words
        (root / name).write_text(text.replace(words, wrong), "utf-8")
    found = lint.run(data_roots((str(root),)))
    assert {(f.check, local_name(f.node)) for f in found.findings} == {
        *((check, "area") for check in ("missing-label", "label-zh", "label-en")),
        *((check, "claimedAmount") for check in ("missing-definition", "definition-zh", "definition-en")),
        ("undescribed-reference", "costt"),
        ("undescribed-reference", "ordinry"),
        ("field-not-of-kind", "x-cost"),
        ("allowed-not-in-code-list", "c-ordinary"),
    }


# ---------------------------------------------------------------- questions
def cell(term: Term | None) -> object:
    match term:
        case None:
            return None
        case Literal(value, XSD.integer | XSD.decimal):
            return Decimal(value)
        case Literal(value, XSD.boolean):
            return value == "true"
        case Literal(value):
            return value
        case _:
            return local_name(term.value)


def wanted(value: object) -> object:
    if isinstance(value, bool) or value is None:
        return value
    return Decimal(str(value)) if isinstance(value, int | float) else str(value)


@pytest.mark.parametrize("number", range(len(QUESTIONS)), ids=lambda n: f"{QUESTIONS[n]['question']}-{n}")
def test_question(number: int, world: World) -> None:
    case = QUESTIONS[number]
    params = {name: str(value) for name, value in case.get("params", {}).items()}
    table = world.ask(case["question"], params, case.get("language", "zh"))
    places = [table.columns.index(column) for column in case["columns"]]
    rows = [[cell(row[place]) for place in places] for row in table.rows]
    listed = {key: [[wanted(v) for v in row] for row in case[key]] for key in ("rows", "includes", "excludes") if key in case}
    assert "rows" in listed or listed.get("includes")
    assert listed.get("rows", rows) == rows
    assert case.get("count", len(rows)) == len(rows)
    assert [row for row in listed.get("includes", []) if row not in rows] == []
    assert [row for row in listed.get("excludes", []) if row in rows] == []


def test_it_has_questions_of_its_own(world: World) -> None:
    own = set(world.questions) - set(first_alone().questions)
    assert own == {"retrofit-rates", "narrower-codes"}
    assert own <= {case["question"] for case in QUESTIONS}
    assert len(QUESTIONS) >= LEAST_QUESTIONS


def test_a_name_of_both_policies_has_to_be_told_apart(world: World) -> None:
    from policygraph.errors import UsageError

    with pytest.raises(UsageError) as refused:
        world.ask("measures-of-agency", {"agency": "市财政局"})
    assert "https://example.org/linlan/agency/finance" in refused.value.render("zh")


@pytest.mark.parametrize("name", sorted(read_questions(data_roots())))
def test_the_first_policys_answers_are_unchanged(name: str, world: World) -> None:
    before, after = first_alone().ask(name), world.ask(name)
    assert before.columns == after.columns
    if set(world.questions[name].params) - WIDE:
        assert after.rows == before.rows
    else:  # ranges over all policies: the rows of the first are there, in their order
        rows = iter(after.rows)
        assert all(row in rows for row in before.rows)
