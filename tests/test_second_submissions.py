"""Submissions under the invented second policy are judged by data alone, and those under the first as if there were no second.

What the pipeline must say of each stands in `tests/second-policy/expected.yaml`, worked out by hand from its `source.txt`.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from policygraph.app.checking import check_submission
from policygraph.model.terms import Iri
from policygraph.queries.entities import local_name
from policygraph.vocab import PG
from second import EXPECTED, REPOSITORY, ROOT, TEAMS, both_policies, first_alone

if TYPE_CHECKING:
    from pathlib import Path

EXAMPLES = sorted(p for p in (REPOSITORY / "examples").iterdir() if p.suffix in {".ttl", ".jsonld"} and not p.name.startswith("receipt"))
LEAST_RECORDS = 93
# Rules that delegate to the basic grant of the third document.
DELEGATING = ("rule-model", "rule-equipment", "rule-honour")


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_the_first_policys_reports_are_unchanged(path: Path) -> None:
    before, after = check_submission(first_alone().setting, str(path)), check_submission(both_policies().setting, str(path))
    assert before.records
    assert replace(after, digest=before.digest) == before


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


def test_every_condition_decides_a_case() -> None:
    """Each condition of the third document fails, or is open, in a record that names it."""
    named = {name for file in EXPECTED["files"] for record in file["records"] for name in [*record.get("because", {}), record.get("fails")]}
    for record in (r for file in EXPECTED["files"] for r in file["records"]):
        named |= {name for rule in record.get("rules", {}).values() for name in rule.get("because", {})}
    used = {t[2].value for t in both_policies().graph.triples(None, Iri(PG.hasCondition))}
    assert {local_name(condition) for condition in used if condition.startswith(TEAMS)} - named == set()
