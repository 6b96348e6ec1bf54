"""`policygraph lint`: every source of findings speaks, says where and how to mend, and this repository has no error."""

from __future__ import annotations

import json
import shutil
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from policygraph.app import anchors, lint
from policygraph.cli import lint as command
from policygraph.errors import DataError, Text
from policygraph.paths import DataRoots
from small import POLICY, REPOSITORY, make_root

if TYPE_CHECKING:
    from pathlib import Path

NAME = "ontology/policies/test/reading-rooms/policy.ttl"


@pytest.fixture
def base(tmp_path: Path) -> Path:
    return make_root(tmp_path).base


def replace(base: Path, old: str, new: str, *, file: str = NAME) -> DataRoots:
    path = base / file
    content = path.read_text("utf-8")
    assert old in content
    path.write_text(content.replace(old, new), "utf-8")
    return DataRoots((base,))


def test_sound_policy_is_clean_and_says_what_ran(base: Path) -> None:
    found = lint.run(DataRoots((base,)))
    assert found.findings == ()
    assert found.idle == ()
    assert len(found.checks) == len(set(found.checks)) >= 110


def test_this_repository_has_no_error() -> None:
    found = lint.run(DataRoots((REPOSITORY,)))
    assert [(f.check, f.node) for f in found.findings if f.severity == lint.ERROR] == []
    assert found.idle == ()


@pytest.mark.parametrize(
    ("old", "new", "check", "node", "line"),
    [
        ('rdfs:label "书香优先"@zh , "Shuxiang first"@en', 'rdfs:label "书香优先"@zh', "label-en", "m2-brand", "t:m2-brand a"),
        ("pg:nearest t:m1-gifts ; ", "", "question-without-nearest", "q-gifts", "t:q-gifts a"),
        ("pg:value 2000 ;", "pg:value 2001 ;", "value-against-words", "subsidy-large", "t:subsidy-large a"),
        ("sh:severity sh:Violation", "sh:severitty sh:Violation", "unknown-shacl-term", "check", "t:check a"),
    ],
)
def test_finding_says_what_where_and_how(base: Path, old: str, new: str, check: str, node: str, line: str) -> None:
    if check == "unknown-shacl-term":  # shapes are linted where shapes live
        (base / "shapes/check.ttl").write_text((base / NAME).read_text("utf-8"), "utf-8")
        (base / NAME).write_text((base / NAME).read_text("utf-8"), "utf-8")
        roots = replace(base, old, new, file="shapes/check.ttl")
    else:
        roots = replace(base, old, new)
    finding = next(f for f in lint.run(roots).findings if f.check == check)
    assert finding.node == f"{POLICY}/{node}"
    file, _, number = finding.where.rpartition(":")
    assert (base / file).read_text("utf-8").splitlines()[int(number) - 1].startswith(line)
    assert finding.severity == lint.ERROR
    for text in (finding.what, finding.fix):
        assert text.zh
        assert text.en


def test_details_name_things_in_the_reader_language(base: Path) -> None:
    roots = replace(base, 'pg:cue "应"@zh', 'pg:cue "须"@zh')
    finding = next(f for f in lint.run(roots).findings if f.check == "cue-not-in-sentence")
    assert finding.what.zh.endswith("（强度词 须，句子 sentence-010“第10句”）")
    assert finding.what.en.endswith("(cue 须, sentence sentence-010“Sentence 10”)")


def test_stale_anchors_are_an_error_on_their_file(base: Path) -> None:
    roots = replace(base, '"书香品牌可优先"@zh', '"书香品牌可"@zh')
    findings = lint.run(roots).findings
    assert {(f.check, f.node) for f in findings} >= {("stale-file", "ontology/policies/test/reading-rooms/anchors.ttl")}
    assert not anchors.run(roots)[0].current


def test_policies_are_linted_side_by_side(base: Path) -> None:
    for engine in ("shapes", "queries", "ontology/schemes"):  # a further root holds its policy only
        shutil.rmtree(base / engine)
    (base / "ontology/core.ttl").unlink()
    found = lint.run(DataRoots((REPOSITORY, replace(base, "pg:nearest t:m1-gifts ; ", "").base)))
    assert [(f.check, f.where.partition(":")[0]) for f in found.findings] == [("question-without-nearest", str(base / NAME))]


def test_warnings_do_not_fail(base: Path, capsys: pytest.CaptureFixture[str]) -> None:
    replace(base, "t:room a pg:Term", 't:shelf a pg:Term ; rdfs:label "书架"@zh , "shelf"@en .\nt:room a pg:Term')
    assert execute(base) == 0
    assert "orphan-term" in capsys.readouterr().out


def execute(base: Path, form: str = "text", language: str = "zh") -> int:
    return command.execute(
        SimpleNamespace(format=form, output=None),
        SimpleNamespace(language=language, roots=DataRoots((base,))),
    )


@pytest.mark.parametrize(("language", "mending"), [("zh", "改正："), ("en", "To do:")])
def test_text_report_and_exit_code(base: Path, capsys: pytest.CaptureFixture[str], language: str, mending: str) -> None:
    replace(base, "pg:nearest t:m1-gifts ; ", "")
    assert execute(base, language=language) == 1
    shown = capsys.readouterr()
    assert mending in shown.out
    assert "policy.ttl:" in shown.out
    assert shown.err == ""  # no progress line away from a terminal


def test_json_report(base: Path, capsys: pytest.CaptureFixture[str]) -> None:
    replace(base, "pg:nearest t:m1-gifts ; ", "")
    assert execute(base, "json") == 1
    data = json.loads(capsys.readouterr().out)
    assert (data["errors"], data["warnings"]) == (1, 0)
    assert data["findings"][0]["check"] == "question-without-nearest"
    assert data["findings"][0]["fix"].keys() == {"zh", "en"}


def test_progress_is_told_each_step(base: Path) -> None:
    steps: list[Text] = []
    lint.run(DataRoots((base,)), steps.append)
    assert len(steps) > 35
    assert all(step.zh and step.en for step in steps)


@pytest.mark.parametrize("old", ["#+ severity: error", "#+ fix:"])
def test_fault_query_without_severity_or_fix_is_an_error(base: Path, old: str) -> None:
    roots = replace(base, old, "# " + old, file="queries/hygiene/missing-source.rq")
    with pytest.raises(DataError) as error:
        lint.run(roots)
    assert error.value.where.endswith("missing-source.rq")
