"""Overlays: what they may state, what breaks the policy, and what they change (`tests/overlays/*.yaml`)."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from commanding import process
from policygraph.app.checking import check_read, read
from policygraph.app.overlays import overlay
from policygraph.app.soundness import QUERIES, SHAPES
from policygraph.app.whatif import compare_reports
from policygraph.errors import InputError, PolicyGraphError, UsageError
from policygraph.model.terms import Iri
from policygraph.queries.catalogue import read_questions
from policygraph.reports.text import TextReport
from policygraph.reports.whatif import what_if_text
from policygraph.vocab import PG
from submitting import PROLOGUE, Submitted, standard, turtle

if TYPE_CHECKING:
    from policygraph.model.answers import DecisionResult, Finding, RecordReport
    from policygraph.model.whatif import AnswerChange, Side

REPOSITORY = Path(__file__).resolve().parent.parent
FOLDER = Path(__file__).parent / "overlays"
LEAST = {"refused": 40, "broken": 18, "answers": 14}
PREFIXES = {
    "xx": "https://w3id.org/policygraph/policy/cn-410700/xinban-2023-10/",
    "check": "https://w3id.org/policygraph/policy/cn-410700/xinban-2023-10/check/",
    "new": "https://example.org/new/",
    **{name: f"https://w3id.org/policygraph/scheme/{name}/" for name in ("modality", "outcome", "status", "medal", "seat")},
    "tier": "https://w3id.org/policygraph/scheme/contest-tier/",
    "class": "https://w3id.org/policygraph/scheme/contest-class/",
}
HEAD = PROLOGUE + "".join(f"@prefix {p}: <{n}> .\n" for p, n in PREFIXES.items())
DOCUMENT = """
new:document a pg:Policy ; rdfs:label "虚构文件"@zh , "invented document"@en ; pg:documentNumber "虚构〔2025〕1号" .
new:clause a pg:Provision ; eli:is_part_of new:document ; rdfs:label "虚构条款"@zh , "invented clause"@en ;
    pg:quote "给予12万元奖励"@zh ; pg:modality modality:grant .
"""


@cache
def cases(name: str) -> tuple[dict[str, Any], ...]:
    found = tuple(yaml.load((FOLDER / f"{name}.yaml").read_text("utf-8"), yaml.BaseLoader))  # noqa: S506 - builds strings only
    assert len(found) >= LEAST[name]
    return found


def named(name: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", cases(name), ids=lambda case: case["name"])


def write(folder: Path, text: str, name: str = "overlay.ttl") -> Path:
    path = folder / name
    path.write_text(HEAD + text, "utf-8")
    return path


def fault(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        overlay(standard(), [path])
    assert str(path) in caught.value.where
    assert caught.value.render("zh") != caught.value.render("en")
    return caught.value.render("en")


# ---------------------------------------------------------------- what must be refused
@named("refused")
def test_statement_is_refused_by_name(case: dict[str, Any], tmp_path: Path) -> None:
    said = fault(write(tmp_path, case["overlay"]))
    for words in [*case["says"], "nothing was decided"]:
        assert words in said


@named("broken")
def test_fault_of_the_amended_policy_is_named(case: dict[str, Any], tmp_path: Path) -> None:
    said = fault(write(tmp_path, DOCUMENT + case["overlay"]))
    for words in [*case["says"], "no longer holds together"]:
        assert words in said


def test_every_check_that_overlays_must_pass_exists() -> None:
    shapes = {subject.value for subject, _, _ in standard().graph.triples(predicate=Iri(PG.mending))}
    assert {f"https://w3id.org/policygraph/shape/graph/{name}" for name in SHAPES} <= shapes
    assert set(QUERIES) <= set(read_questions(standard().roots, "queries/hygiene"))


def test_later_overlay_builds_on_an_earlier_one_and_does_not_undo_it(tmp_path: Path) -> None:
    closing = 'xx:award-national-1-2023 pg:validUntil "{}"^^xsd:date .'
    first = write(tmp_path, closing.format("2025-01-01"), "first.ttl")
    again = write(tmp_path, closing.format("2025-01-01"), "again.ttl")
    later = write(tmp_path, closing.format("2026-01-01"), "later.ttl")
    overlay(standard(), [first, again])
    with pytest.raises(InputError, match="must not") as caught:
        overlay(standard(), [first, later])
    assert "it was closed already, on 2025-01-01" in caught.value.render("en")
    used = write(tmp_path, "xx:r-front-line-base pg:adopts xx:ro-fund-base-used .", "used.ttl")
    other = write(tmp_path, "xx:r-front-line-base pg:adopts xx:ro-fund-base-set-aside .", "other.ttl")
    with pytest.raises(InputError, match="must not"):
        overlay(standard(), [used, other])


@pytest.mark.parametrize(
    ("name", "text", "error"),
    [
        ("query.rq", "SELECT * WHERE { ?s ?p ?o }", UsageError),
        ("update.ru", "DELETE WHERE { ?s ?p ?o }", UsageError),
        ("missing.ttl", None, InputError),
        ("empty.ttl", "", InputError),
        ("broken.ttl", "@prefix : <x> . :a :b", InputError),
        ("deleting.ttl", "DELETE WHERE { ?s ?p ?o }", InputError),
        ("nested.ttl", "<a:a> <a:b> " + "[ <a:b> " * 3000 + "1" + " ]" * 3000 + " .", PolicyGraphError),
    ],
)
def test_file_that_is_no_overlay(name: str, text: str | None, error: type[PolicyGraphError], tmp_path: Path) -> None:
    path = tmp_path / name
    if text is not None:
        path.write_text(text, "utf-8")
    with pytest.raises(error) as caught:
        overlay(standard(), [path])
    assert name in caught.value.where


def test_plain_setting_is_not_touched(tmp_path: Path) -> None:
    before = set(standard().graph)
    overlay(standard(), [write(tmp_path, "xx:r-front-line-base pg:adopts xx:ro-fund-base-used .")])
    assert set(standard().graph) == before
    assert overlay(standard(), []) is standard()


def test_deep_expressions_are_refused(tmp_path: Path) -> None:
    nodes = [f'new:e{n} a pg:Sum ; rdfs:label "和"@zh , "sum"@en ; pg:left new:e{n + 1} ; pg:right new:e{n + 1} .' for n in range(40)]
    leaf = 'new:e40 a pg:FieldExpression ; rdfs:label "名次"@zh , "rank"@en ; pg:field tal:rank .'
    use = 'xx:award-national pg:hasCondition new:k . new:k a pg:LessEqual ; rdfs:label "比"@zh , "k"@en ; prov:wasDerivedFrom new:clause ;'
    path = write(tmp_path, DOCUMENT + use + " pg:left new:e0 ; pg:right new:e0 .\n" + "\n".join([*nodes, leaf]))
    with pytest.raises(InputError, match="nested"):
        overlay(standard(), [path])


def test_answer_names_what_an_overlay_brought(tmp_path: Path) -> None:
    """An overlay may be as generous as its author likes; the answer that rests on it says so, in the place where it stands."""
    path = write(
        tmp_path,
        DOCUMENT
        + 'xx:rule-award pg:hasAlternative new:any . new:any a pg:Alternative ; rdfs:label "任何人"@zh , "anybody"@en ;'
        + ' prov:wasDerivedFrom new:clause ; pg:hasCondition new:given . new:given a pg:Given ; rdfs:label "已填"@zh , "stated"@en ;'
        + " pg:field tal:rank ; prov:wasDerivedFrom new:clause .",
    )
    source = tmp_path / "claim.ttl"
    source.write_text(turtle([Submitted("AwardClaim", {"role": "coach", "tier": "county", "rank": "9"})]), "utf-8")
    (plain,), (record,) = (check_read(s, str(source), read(s, str(source))).records for s in (standard(), overlay(standard(), [path])))
    (decision,) = record.decisions
    assert (plain.decisions[0].outcome.short, decision.outcome.short) == ("not-eligible", "eligible")
    assert plain.decisions[0].brought == ()
    (brought,) = decision.brought
    assert {"any", "given", "clause"} <= {n.short for n in brought.nodes}
    assert brought.source == str(path)
    shown = TextReport("zh").decide(check_read(overlay(standard(), [path]), str(source), read(standard(), str(source))))
    assert f"依叠加文件 {path} 增加的内容，并非所判文件的原文：" in shown


# ---------------------------------------------------------------- what they change
@named("answers")
def test_answers(case: dict[str, Any], tmp_path: Path) -> None:
    path = REPOSITORY / case["overlay"] if "overlay" in case else write(tmp_path, DOCUMENT + case["turtle"])
    source = REPOSITORY / case["file"] if "file" in case else tmp_path / "submission.ttl"
    if "file" not in case:
        source.write_text(turtle([Submitted(case["kind"], case["facts"])]), "utf-8")
    before, after = standard(), overlay(standard(), [path])
    submission = read(before, str(source))
    reports = [check_read(setting, str(source), submission) for setting in (before, after)]
    (old,), (record,) = (report.records for report in reports)
    assert [_result(old, case), _result(record, case)] == [case["before"], case["after"]]
    found = _answer(record, case)
    if "adopted" in case:
        adopted = {a.reading.short: a.option.short for a in (found.adopted if found else ())}
        assert adopted == case["adopted"]
    if "others" in case:
        assert found is not None
        (reading,) = found.adopted
        assert reading.source == str(path)
        assert {o.option.short if o.option else "stored": o.result.short for o in reading.others} == case["others"]
        assert {o.same for o in reading.others if o.result.short == case["after"]} <= {True}
        assert reading.reading.iri not in {p.node.iri for p in found.readings}
    _change(case, compare_reports(reports[0], reports[1], after))


def _change(case: dict[str, Any], answer: Any) -> None:
    (record,) = answer.records
    key = case.get("rule") or case["check"]
    changes: list[AnswerChange] = [
        c for c in record.changes if c.subject.short == key and c.check == ("check" in case) and not c.basis_only
    ]
    assert bool(changes) == (case["before"] != case["after"])
    for language in ("zh", "en"):
        assert what_if_text(answer, language)
    assert ("No answer changes." in what_if_text(answer, "en")) == (answer.changed == 0)
    if changes:
        (change,) = changes
        if "difference" in case:
            assert change.difference == case["difference"]
        sides: dict[str, Side | None] = {"before": change.before, "after": change.after}
        for side, wanted in case.get("cites", {}).items():
            quotes = " ".join(c.quote for c in (sides[side] or change.after or change.before).citations)  # type: ignore[union-attr]
            for words in wanted:
                assert words in quotes


def _answer(record: RecordReport, case: dict[str, Any]) -> DecisionResult | Finding | None:
    if "rule" in case:
        return next(d for d in record.decisions if d.rule.short == case["rule"])
    findings = [f for f in record.findings if (f.blocks or f.shape.iri).endswith(f"/{case['check']}")]
    return next(iter([*findings, *(p for p in record.passes if p.shape.short == case["check"])]), None)


def _result(record: RecordReport, case: dict[str, Any]) -> str:
    found = _answer(record, case)
    assert found is not None
    if "check" in case:
        return found.verdict  # type: ignore[union-attr]
    low, high = found.low, found.high  # type: ignore[union-attr]
    amount = low if low == high else f"{low} … {high}"
    return f"{found.outcome.short}: {amount}" if amount else found.outcome.short  # type: ignore[union-attr]


# ---------------------------------------------------------------- the commands
def test_commands_with_an_overlay(tmp_path: Path) -> None:
    claim, amending = "examples/award-claim-amended.ttl", "examples/overlays/amend-awards.ttl"
    decided = process("decide", claim, "--with", amending, "--format", "json")
    report = json.loads(decided.stdout)
    assert report["records"][0]["decisions"][0]["low"] == "150000"
    assert report["overlays"][0]["source"] == amending
    said = process("check", claim, "--with", amending, "--lang", "en").stdout.decode()
    assert f"Overlay: {amending}" in said
    again = process("whatif", "-", "--with", amending, "--lang", "en", "--format", "json")
    assert again.returncode == 2  # nothing on standard input
    bad = process("decide", claim, "--with", str(write(tmp_path, "xx:award-national-1-2023 pg:value 1 .")), "--lang", "en")
    assert (bad.returncode, bad.stdout) == (2, b"")
    assert b"nothing was decided" in bad.stderr
    assert process("whatif", claim).returncode == 2
