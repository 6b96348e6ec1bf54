"""The report on a decision, in text, JSON and Turtle: what a clerk reads, and that all forms carry the same."""

from __future__ import annotations

import dataclasses
import json
import re
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
import yaml

from commanding import process
from policygraph.app.changes import with_remedies
from policygraph.app.checking import check_with_records
from policygraph.cli.main import COMMANDS, main
from policygraph.graph.parsing import parse
from policygraph.graph.serialising import serialise
from policygraph.model.terms import Iri
from policygraph.reports.plain import to_plain
from policygraph.reports.rdf import report_triples
from policygraph.reports.schema import REPORTS, report_schema
from policygraph.reports.text import TextReport
from policygraph.vocab import PG, RDF
from submitting import Submitted, standard, turtle

if TYPE_CHECKING:
    from policygraph.model.answers import CheckReport, DecisionResult

TABLE = yaml.load((Path(__file__).parent / "decide/wording.yaml").read_text("utf-8"), yaml.BaseLoader)  # noqa: S506 - builds strings only
CASES = [pytest.param(case, id=case["name"]) for case in TABLE["cases"]]


def submitted(case: dict[str, Any]) -> Submitted:
    facts = {**TABLE["base"][case["kind"]], **case.get("facts", {})}
    stated = {k: v for k, v in facts.items() if v != "null"}
    rows = ("; ".join(f"pg:{k} {json.dumps(v, ensure_ascii=False)}" for k, v in e.items()) for e in case.get("evidence", ()))
    shown = ", ".join(f"[ {row} ]" for row in rows)
    return Submitted(case["kind"], stated, f"pg:evidence {shown}" if shown else "")


@cache
def reported(number: int) -> CheckReport:
    case = TABLE["cases"][number]
    return decided(turtle([submitted(case)]), past="all" in case)


def decided(text: str, *, past: bool = False) -> CheckReport:
    with TemporaryDirectory(prefix="policygraph-") as folder:
        path = Path(folder) / "submission.ttl"
        path.write_text(text, "utf-8")
        report, records = check_with_records(standard(), str(path))
    return with_remedies(dataclasses.replace(report, source="submission.ttl"), records, standard(), past=past)


def the_decision(report: CheckReport) -> DecisionResult:
    (record,) = report.records
    (decision,) = record.decisions
    return decision


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("number", range(len(CASES)), ids=[str(c.id) for c in CASES])
def test_what_a_clerk_reads(number: int, language: str) -> None:
    case = TABLE["cases"][number]
    text = TextReport(language).decide(reported(number))
    assert [words for words in case[language] if words not in text] == []
    assert [words for words in (*case.get("without", {}).get(language, ()), *TABLE["never"][language]) if words in text] == []
    assert text.count("\n") <= 45


def test_no_case_vanishes() -> None:
    assert len(CASES) >= int(TABLE["least"])


# ---------------------------------------------------------------- JSON
@pytest.mark.parametrize("number", range(len(CASES)), ids=[str(c.id) for c in CASES])
def test_json_follows_its_published_schema(number: int) -> None:
    plain = json.loads(json.dumps(to_plain(reported(number)), ensure_ascii=False))
    jsonschema.Draft202012Validator(report_schema("decide")).validate(plain)


@pytest.mark.parametrize("name", sorted(REPORTS))
def test_schemas_are_schemas_and_describe_commands(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert name in COMMANDS
    assert main(["schema", name]) == 0
    schema = json.loads(capsys.readouterr().out)
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema == report_schema(name) and schema["$id"].endswith(f"schema/{name}.json")


def test_a_schema_refuses_what_is_missing_or_added() -> None:
    validator = jsonschema.Draft202012Validator(report_schema("decide"))
    plain = json.loads(json.dumps(to_plain(reported(0))))
    decision = plain["records"][0]["decisions"][0]
    for path, value in ((["outcome"], None), (["proofs", 0, "evidence"], None), (["more"], 1), (["remedies"], 3)):
        inside: Any = decision
        *way, last = path
        for step in way:
            inside = inside[step]
        kept = inside.get(last)
        inside[last] = value
        if value is None:
            del inside[last]
        assert not validator.is_valid(plain), path
        inside[last] = kept
        if kept is None:
            inside.pop(last) if last == "more" else None
        assert validator.is_valid(plain)


# ---------------------------------------------------------------- Turtle
@pytest.mark.parametrize("number", range(len(CASES)), ids=[str(c.id) for c in CASES])
def test_turtle_carries_the_same(number: int) -> None:
    report = reported(number)
    decision = the_decision(report)
    triples = parse(serialise(report_triples(report), "turtle").encode(), "turtle")
    said = [(s, p.value, o) for s, p, o in triples]
    values = {predicate: {o.value for _, p, o in said if p == predicate} for predicate in {p for _, p, _ in said}}
    assert values.get(PG.proofToShow, set()) == {f.field.iri for f in decision.proofs}
    assert values.get(PG.askAt, set()) == {unit.iri for r in decision.responsible for unit in r.units}
    assert {r.node.iri for r in decision.readings} <= values.get(PG.hasReading, set())
    assert {p.node.iri for p in decision.open_points} <= values.get(PG.hasOpenQuestion, set())
    assert {h for c in decision.citations for h in c.hedges} <= values.get(PG.hedge, set())
    found = {f for a in decision.alternatives for c in a.conditions for f in c.found}
    assert {(f.field.iri, f.term) for f in found} <= {(p, o) for _, p, o in said}
    assert {e.document for f in found for e in f.evidence if e.document} == values.get(PG.evidenceDocument, set())
    remedies = (*decision.remedies.supply, *decision.remedies.past) if decision.remedies else ()
    assert sum(p == RDF.type and o == Iri(PG.Remedy) for _, p, o in said) == len(remedies)
    assert values.get(PG.reaches, set()) == {r.outcome.iri for r in remedies}
    assert values.get(PG.ofField, set()) == {c.field.iri for r in remedies for c in r.changes}


# ---------------------------------------------------------------- evidence
def evidence(*rows: str) -> CheckReport:
    base = TABLE["base"]["AwardClaim"]
    return decided(turtle([Submitted("AwardClaim", base, "pg:evidence " + ", ".join(f"[ {row} ]" for row in rows))]))


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ('pg:aboutField "名字"', "没有名为“名字”的字段"),
        ('pg:aboutField "evidence"', "没有名为“evidence”的字段"),
        ('pg:evidenceDocument "1号"', "所证事实"),
        ('pg:aboutField "rank" ; pg:evidenceDate "2999-01-01"^^<http://www.w3.org/2001/XMLSchema#date>', "材料日期"),
        ('pg:aboutField "rank" ; pg:official "maybe"', "是否官方事实"),
        ('pg:aboutField "rank" ; pg:outcome "eligible"', "不能随文件提交"),
    ],
)
def test_evidence_that_proves_nothing_is_refused(row: str, says: str) -> None:
    (record,) = evidence(row).records
    assert record.verdict.short == "invalid" and record.decisions == ()
    assert any(says in f.message.zh for f in record.findings)


def test_evidence_changes_what_is_to_be_proven_and_nothing_else() -> None:
    plain = the_decision(evidence('pg:aboutField "rank"'))
    shown = the_decision(evidence('pg:aboutField "RANK" ; pg:evidenceDocument "1号"', 'pg:aboutField "tier" ; pg:official true'))
    assert {f.field.short for f in plain.proofs} - {f.field.short for f in shown.proofs} == {"rank", "tier"}
    assert {f.standing for a in shown.alternatives for c in a.conditions for f in c.found} == {"stated", "evidenced", "official"}
    assert (plain.outcome, plain.low, plain.high) == (shown.outcome, shown.low, shown.high)


def test_evidence_in_json_ld(tmp_path: Path) -> None:
    facts = {k: {"true": True, "false": False}.get(v, v) for k, v in TABLE["base"]["AwardClaim"].items()}
    path = tmp_path / "claim.jsonld"
    path.write_text(json.dumps({"@type": "AwardClaim", **facts, "evidence": [{"aboutField": "名次", "official": True}]}), "utf-8")
    report, _ = check_with_records(standard(), str(path))
    assert "rank" not in {f.field.short for f in the_decision(report).proofs}


def test_every_kind_takes_evidence() -> None:
    from submitting import kinds

    for kind in kinds().values():
        assert (kind.field(PG.evidence) is not None) == kind.is_record, kind.short


# ---------------------------------------------------------------- the command
def test_decide_shows_past_changes_only_when_asked(tmp_path: Path) -> None:
    path = tmp_path / "claim.ttl"
    path.write_text(turtle([submitted(TABLE["cases"][5])]), "utf-8")
    plain, everything = (process("decide", str(path), "--lang", "en", *more).stdout.decode() for more in ([], ["--all-changes"]))
    assert "past and fixed" not in plain and "past and fixed" in everything
    assert re.search(r"rank: at most 3 instead of 4", everything)
