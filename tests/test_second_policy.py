"""The engine knows no policy: an invented one, in a field and namespace of its own, works from `tests/second-policy` by data alone.

What the pipeline must say of its submissions stands in `expected.yaml`, what questions must answer in `questions.yaml`; both are
worked out by hand from its `source.txt`.
"""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from policygraph.app import anchors, audit, lint
from policygraph.app.checking import Setting, check_submission
from policygraph.engine.algebra import AGGREGATES, OPERATORS
from policygraph.graph.loading import PUBLIC, digest, load
from policygraph.model.terms import Iri, Literal, Table, Term
from policygraph.paths import DataRoots, data_roots
from policygraph.queries.catalogue import Question, read_questions
from policygraph.queries.entities import Entities, local_name
from policygraph.queries.parameters import resolve
from policygraph.vocab import PG, RDF, XSD

if TYPE_CHECKING:
    from policygraph.graph.memory import Graph

ROOT = Path(__file__).parent / "second-policy"
REPOSITORY = ROOT.parent.parent
FIRST = "https://w3id.org/policygraph/policy/cn-410700/xinban-2023-10"
SECOND, AMENDMENT = "https://example.org/linlan/policy/retrofit-2024", "https://example.org/linlan/policy/cap-2025"
TEAMS, COMBINED = "https://example.org/linlan/policy/teams-2025", "https://example.org/linlan/policy/combined-2025"
EXPECTED = yaml.safe_load((ROOT / "expected.yaml").read_text("utf-8"))
QUESTIONS = yaml.safe_load((ROOT / "questions.yaml").read_text("utf-8"))
EXAMPLES = sorted(p for p in (REPOSITORY / "examples").iterdir() if p.suffix in {".ttl", ".jsonld"} and not p.name.startswith("receipt"))
LEAST_RECORDS, LEAST_QUESTIONS = 93, 40
# Rules that delegate to the basic grant of the third document.
DELEGATING = ("rule-model", "rule-equipment", "rule-honour")
# Parameters of questions that do not name a policy or a part of one: what such a question answers ranges over all policies.
WIDE = {"date", "year", "hedge", "strength"}
FORBIDDEN = ("linlan", "retrofit", "example.org", "临澜")


def both() -> DataRoots:
    return data_roots((str(ROOT),))


@dataclass(frozen=True)
class World:
    """A set of data roots, loaded."""

    setting: Setting
    entities: Entities
    questions: dict[str, Question]

    @classmethod
    def of(cls, roots: DataRoots) -> World:
        graph = load(roots, PUBLIC)
        return cls(Setting(roots, graph, digest(roots), EXPECTED["today"]), Entities(graph), read_questions(roots))

    @property
    def graph(self) -> Graph:
        return self.setting.graph

    def ask(self, question: str, params: dict[str, str] | None = None, language: str = "zh") -> Table:
        asked = self.questions[question]
        table = self.graph.query(asked.bind(resolve(asked, params or {}, self.entities), language))
        assert isinstance(table, Table)
        return table


@cache
def both_policies() -> World:
    return World.of(both())


@pytest.fixture
def world() -> World:
    return both_policies()


@cache
def first_alone() -> World:
    return World.of(data_roots())


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


def test_every_condition_decides_a_case(world: World) -> None:
    """Each condition of the third document fails, or is open, in a record that names it."""
    named = {name for file in EXPECTED["files"] for record in file["records"] for name in [*record.get("because", {}), record.get("fails")]}
    for record in (r for file in EXPECTED["files"] for r in file["records"]):
        named |= {name for rule in record.get("rules", {}).values() for name in rule.get("because", {})}
    used = {t[2].value for t in world.graph.triples(None, Iri(PG.hasCondition))}
    assert {local_name(condition) for condition in used if condition.startswith(TEAMS)} - named == set()


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


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_the_first_policys_reports_are_unchanged(path: Path, world: World) -> None:
    before, after = check_submission(first_alone().setting, str(path)), check_submission(world.setting, str(path))
    assert before.records
    assert replace(after, digest=before.digest) == before


# ---------------------------------------------------------------- submissions
@cache
def reports(number: int) -> Any:
    case = EXPECTED["files"][number]
    return check_submission(replace(both_policies().setting, as_of=case.get("as-of")), str(ROOT / "submissions" / case["file"]))


def cases() -> list[Any]:
    return [
        pytest.param(number, place, id=f"{case['file']}{'@' if 'as-of' in case else '-'}{place + 1}")
        for number, case in enumerate(EXPECTED["files"])
        for place in range(len(case["records"]))
    ]


def findings(of: Any) -> dict[str, str]:
    return {f.shape.short: f.verdict for f in of if f.shape.short != "uniqueKey"}


def number_or_none(value: object) -> Decimal | None:
    return Decimal(str(value)) if value not in (None, "") else None


def assert_decided(decision: Any, case: dict[str, Any]) -> None:
    """Compare a decision with what is expected of its rule."""
    assert decision.outcome.short == case["outcome"]
    assert {c.short for c in decision.causes} == set(case.get("why", []))
    due = case.get("due", [None, None])
    low, high = due if isinstance(due, list) else (due, due)
    assert (number_or_none(decision.low), number_or_none(decision.high)) == (number_or_none(low), number_or_none(high))
    assert decision.unstated == case.get("unstated", False)
    statuses = {c.node.short: c.status.short for a in decision.alternatives for c in a.conditions}
    assert {name: statuses[name] for name in case.get("because", {})} == case.get("because", {})
    if "words" in case:
        assert sorted({p.verbatim for p in decision.parameters}) == sorted(case["words"])
    if "points" in case:
        assert [p.node.short for p in decision.open_points] == case["points"]


@pytest.mark.parametrize("number", range(len(EXPECTED["files"])), ids=lambda n: EXPECTED["files"][n]["file"])
def test_file(number: int) -> None:
    case, report = EXPECTED["files"][number], reports(number)
    assert report.verdict.short == case["verdict"]
    assert [r.name for r in report.records] == [r["name"] for r in case["records"]]
    assert len(report.file_findings) == case.get("refused", 0)
    # Every check of the kinds in the file says on how many records it ran.
    assert {check.shape.short for check in report.checks} >= {s.rpartition("/")[2] for r in report.records for s in r.checks}


@pytest.mark.parametrize(("number", "place"), cases())
def test_record(number: int, place: int) -> None:
    record = reports(number).records[place]
    case = EXPECTED["files"][number]["records"][place]
    case = {**EXPECTED["usual"].get(case.get("outcome"), {}), **case}
    assert record.verdict.short == case["verdict"]
    assert findings(record.findings) == case["findings"]
    if "fails" in case:
        failing = {rule: {"outcome": "not-eligible", "because": {"c-basic": "failed"}} for rule in DELEGATING}
        case = {**case, "rules": {"rule-basic": {"outcome": "not-eligible", "because": {case["fails"]: "failed"}}, **failing}}
    elif not {"outcome", "rules"} & set(case):
        assert record.decisions == ()
    if "rules" in case:
        assert {decision.rule.short for decision in record.decisions} == set(case["rules"])
    for decision in record.decisions:
        assert_decided(decision, case["rules"][decision.rule.short] if "rules" in case else case)
    if "causes" in case:
        assert {c.short for f in record.findings for c in f.causes} == set(case["causes"])
    if "parts" in case:
        assert {p.part.short: p.verdict and p.verdict.short for p in record.parts} == case["parts"]
        assert all(p.reported == (p.verdict is not None) for p in record.parts)
    if "says" in case:
        assert any(case["says"] in f.message.zh for f in record.findings), record.findings


def test_every_answer_is_proved_with_the_sentence() -> None:
    numbers = {
        "临建规〔2024〕6号": "retrofit-2024",
        "临建规〔2025〕11号": "cap-2025",
        "临建规〔2025〕20号": "teams-2025",
        "临建规〔2025〕21号": "combined-2025",
    }
    text = {p: (ROOT / f"ontology/policies/linlan/{p}/text.txt").read_text("utf-8") for p in numbers.values()}
    seen = set()
    for number, case in enumerate(EXPECTED["files"]):
        if case["file"] == "mixed.jsonld":
            continue
        for record in reports(number).records:
            proved = [*record.decisions, *(f for f in record.findings if f.verdict != "invalid")]
            for answer in proved:
                assert answer.citations
                for citation in answer.citations:
                    words = text[numbers[citation.document]]
                    assert citation.quote == words[citation.start : citation.end]
                    assert citation.sha256 == hashlib.sha256(words.encode()).hexdigest()
                    seen.add(citation.document)
    assert seen == set(numbers)


def test_the_cases_are_all_there() -> None:
    assert {case["file"] for case in EXPECTED["files"]} == {p.name for p in (ROOT / "submissions").iterdir()}
    assert sum(len(case["records"]) for case in EXPECTED["files"]) >= LEAST_RECORDS
