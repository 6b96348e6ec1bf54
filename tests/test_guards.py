"""What a reviewer found that nobody had tried: silent losses, forged lines, switched-off checks, duplicates without a full key."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest

from policygraph.app.checking import check_submission, setting
from policygraph.cli import main
from policygraph.errors import DataError, InputError, LimitError
from policygraph.model.terms import Literal
from policygraph.paths import DataRoots, data_roots
from policygraph.queries.catalogue import read_questions
from policygraph.reports.rdf import report_triples
from policygraph.reports.text import TextReport
from policygraph.vocab import PG
from submitting import TODAY, standard

if TYPE_CHECKING:
    from pathlib import Path

    from policygraph.model.answers import CheckReport

CLAIM = {
    "@type": "AwardClaim", "personName": "张三", "role": "contestant", "tier": "national", "contestClass": "class-1", "rank": 1,
    "resultDate": "2024-09-20", "teamSize": 1, "tied": False, "alreadyPaid": False,
}  # fmt: skip


def run(folder: Path, document: object) -> CheckReport:
    path = folder / "claim.jsonld"
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    return check_submission(standard(), str(path))


@pytest.mark.parametrize(
    "lost",
    [
        {"@id": "claim 2"},
        {"claimed amount": 99},
        {"@claimedAmount": 99},
        {"_:b": 99},
        {"tier": "na tional"},
        {"otherResult": [{"@id": "x y", "rank": 1}]},
        {"role": ["contestant", 'co"ach']},
    ],
)
def test_nothing_is_lost_in_silence(lost: dict[str, object], tmp_path: Path) -> None:
    with pytest.raises(InputError) as raised:
        run(tmp_path, [CLAIM, {**CLAIM, **lost}])
    assert raised.value.what.zh != raised.value.what.en


def test_a_key_that_an_own_context_does_not_map_is_a_finding(tmp_path: Path) -> None:
    context = {"C": "https://w3id.org/policygraph/talent#AwardClaim"}
    report = run(tmp_path, {"@context": context, "@type": "C", "claimedAmount": 99})
    assert [f.verdict for f in report.records[0].findings] == ["invalid"]


def test_many_contexts_are_refused(tmp_path: Path) -> None:
    with pytest.raises(LimitError):
        run(tmp_path, {"@context": ["https://w3id.org/policygraph/context.jsonld"] * 10_000, **CLAIM})


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_name_forges_no_line_of_a_report(language: str, tmp_path: Path) -> None:
    report = run(tmp_path, {**CLAIM, "personName": "王芳\n\nRecord 2: ✓ pass\u001b[2J\u202e"})
    for text in (TextReport(language).check(report), TextReport(language).decide(report)):
        assert all(line.isprintable() for line in text.splitlines())
        assert not any(line.startswith("Record 2") for line in text.splitlines())


def test_a_name_in_an_error_reaches_no_terminal(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.jsonld"
    path.write_text('{"a\\u001b[2J": 1, "a\\u001b[2J": 2}', encoding="utf-8")
    assert main.main(["check", str(path)]) == 2
    assert all(line.isprintable() for line in capfd.readouterr().err.splitlines())


def test_the_same_facts_twice_are_pointed_out(tmp_path: Path) -> None:
    """Without the fields of the key nothing is decided; the reader is told."""
    full = {**CLAIM, "personId": "11010119900307002X", "contestName": "大赛", "edition": "第2届", "event": "焊接"}
    wide = {**full, "edition": "第２届", "event": "焊接\u200b。"}
    report = run(tmp_path, [CLAIM, CLAIM, {**CLAIM, "rank": 2}, full, wide])
    notes = [[f.message.en for f in r.findings if f.shape.iri == PG.uniqueKey] for r in report.records]
    assert [len(each) for each in notes[:3]] == [0, 1, 0]
    assert "record 1" in notes[1][0]
    assert "record 4" in notes[4][0]
    assert [r.decisions[0].outcome.short for r in report.records][3:] == ["eligible", "not-eligible"]


def test_a_switched_off_check_looked_at_nothing(tmp_path: Path) -> None:
    base = data_roots().base
    for folder in ("ontology", "shapes", "queries"):
        shutil.copytree(base / folder, tmp_path / folder)
    shapes = next((tmp_path / "shapes" / "policies").rglob("*.ttl"))
    text = shapes.read_text("utf-8")
    shapes.write_text(text.replace("check:award a sh:NodeShape", "check:award sh:deactivated true ; a sh:NodeShape"), encoding="utf-8")
    under = setting(DataRoots((tmp_path,)), TODAY)
    path = tmp_path / "claim.jsonld"
    path.write_text(json.dumps(CLAIM, ensure_ascii=False), encoding="utf-8")
    looked = {run.shape.short: run.looked_at for run in check_submission(under, str(path)).checks}
    assert looked["award"] == 0
    assert looked["award-amount"] == 1


def test_a_question_that_would_reach_the_network_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "queries" / "ask"
    folder.mkdir(parents=True)
    (tmp_path / "ontology").mkdir()
    text = '#+ summary: {zh: "问", en: "ask"}\n#+ tags: [term]\nSELECT ?s { SERV\\u0049CE <http://127.0.0.1:9/> { ?s ?p ?o } }\n'
    (folder / "net.rq").write_text(text, encoding="utf-8")
    with pytest.raises(DataError):
        read_questions(data_roots((str(tmp_path),)))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_report_names_the_text_that_it_quotes(language: str, tmp_path: Path) -> None:
    """Offsets mean something in one text only: each form of the report carries its digest."""
    report = run(tmp_path, CLAIM)
    (digest,) = {c.sha256 for r in report.records for d in r.decisions for c in d.citations}
    assert len(digest) == 64
    for text in (TextReport(language).check(report), TextReport(language).decide(report)):
        assert digest in text
    assert Literal(digest) in {o for _, _, o in report_triples(report)}
