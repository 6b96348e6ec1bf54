"""The audit: what is covered, what overlaps, which numbers no data account for; and whether data say what the words say."""

from __future__ import annotations

import json
import subprocess
import sys
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
import yaml

from policygraph.app import anchors, audit
from policygraph.app.audited import document, percent
from policygraph.cli.audit import lines
from policygraph.errors import UsageError
from policygraph.graph.loading import source_files
from policygraph.model import wording
from policygraph.model.index import Index
from policygraph.paths import DataRoots
from small import POLICY, REPOSITORY, iri, make_root

if TYPE_CHECKING:
    from pathlib import Path

CASES = yaml.safe_load((REPOSITORY / "tests/audit/cases.yaml").read_text("utf-8"))
WORDING = yaml.safe_load((REPOSITORY / "tests/wording/cases.yaml").read_text("utf-8"))


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_root(tmp_path_factory.mktemp("small")).base


def changed(base: Path, old: str, new: str) -> DataRoots:
    """Put the policy back and make one replacement in it."""
    content = (REPOSITORY / "tests/small-policy/policy.ttl").read_text("utf-8")
    assert not old or old in content, old
    target = base / "ontology/policies/test/reading-rooms/policy.ttl"
    target.write_text(content.replace(old, new.replace("\\n", "\n")) if old else content, "utf-8")
    return DataRoots((base,))


def node(name: str) -> str:
    return POLICY if name == "policy" else iri(name)


def test_enough_cases() -> None:
    assert len(CASES) >= 14
    assert len(WORDING) >= 17
    assert {case["check"] for case in WORDING} >= set(wording.CHECKS)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_audit_says(case: dict[str, list[list[str]]], base: Path) -> None:
    (found,) = audit.run(changed(base, str(case.get("old", "")), str(case.get("new", ""))))
    cover = found.coverage
    sentences = found.text.sentences
    uncovered = [[g.words, g.sentence, sentences[g.sentence - 1].section] for g in cover.gaps]
    assert uncovered == [[words, number, node(section)] for words, number, section in case.get("uncovered", [])]
    assert (cover.fraction == 1) == (not uncovered)
    overlaps = [[o.first, o.second, o.words, o.same] for o in cover.overlaps]
    assert overlaps == [[node(first), node(second), words, same] for first, second, words, same in case.get("overlaps", [])]
    assert [list(pair) for pair in cover.misnested] == [[node(o), node(i)] for o, i in case.get("misnested", [])]
    assert [n.words for n in cover.unaccounted] == case.get("numbers", [])
    assert list(cover.idle_exemptions) == [node(str(n)) for n in case.get("idle", [])]
    assert [p.node for p in found.text.problems] == [node(str(n)) for n in case.get("not_placed", [])]
    assert found.passed == case.get("passed", False)
    assert cover.covered + sum(len([c for c in g.words if c not in "，、“”"]) for g in cover.gaps) == cover.body


@pytest.mark.parametrize("case", WORDING, ids=lambda case: f"{case['check']}-{case['node']}")
def test_words_and_values(case: dict[str, str], base: Path) -> None:
    roots = changed(base, case["old"], case["new"])
    (folder,) = anchors.policy_folders(roots)
    facts = Index.of(triple for file in source_files(roots) for triple in file.triples())
    found = {(p.check, p.node) for p in wording.check(folder.anchored(), facts)}
    wanted = {(case["check"], node(n)) for n in (case["node"], *case.get("also", []))}
    assert found == (wanted if case["check"] else set())


# ---------------------------------------------------------------- the policies of this repository, and the command
def test_every_policy_is_covered_and_accounted_for() -> None:
    found = audit.run(DataRoots((REPOSITORY,)))
    assert found
    for policy in found:
        assert [gap.words for gap in policy.coverage.gaps] == []
        assert policy.coverage.fraction == 1
        assert policy.coverage.overlaps == policy.coverage.misnested == policy.coverage.unaccounted == ()
        assert policy.passed


def test_policies_do_not_lend_each_other_exemptions(base: Path) -> None:
    alone = audit.run(changed(base, "", ""))[0].coverage
    together = {found.policy: found.coverage for found in audit.run(DataRoots((REPOSITORY, base)))}
    assert together[POLICY] == alone
    assert all(coverage.idle_exemptions == coverage.unaccounted == () for coverage in together.values())


def test_percentage_never_rounds_up() -> None:
    assert percent(Fraction(1)) == "100%"
    assert percent(Fraction(999999, 1000000)) == "99.99%"
    assert percent(Fraction(0)) == "0%"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_text_names_the_sentence_and_what_to_do(base: Path, language: str) -> None:
    (found,) = audit.run(changed(base, '"书香品牌可优先"@zh', '"品牌可优先"@zh'))
    shown = "\n".join(text.in_language(language) for text in lines(found))
    assert "书香品牌可优先。" in shown
    assert {"zh": "请为这些字写条款", "en": "Write a provision for these words"}[language] in shown


def test_json_gives_coverage_as_a_fraction(base: Path) -> None:
    sound = document(audit.run(changed(base, "", "")))
    assert (sound["coverage"], sound["passed"]) == (1.0, True)
    gap = document(audit.run(changed(base, '"书香品牌可优先"@zh', '"书香品牌可"@zh')))
    assert isinstance(gap["coverage"], float)
    assert 0 < gap["coverage"] < 1
    assert json.loads(json.dumps(gap))["policies"][0]["uncovered"][0]["words"] == "优先"


@pytest.mark.parametrize("name", ["reading-rooms", "test/reading-rooms", "青禾发〔2024〕3号", "村阅览室通知", POLICY])
def test_policy_can_be_named(base: Path, name: str) -> None:
    assert [found.policy for found in audit.run(changed(base, "", ""), name)] == [POLICY]


def test_unknown_policy_is_an_error_that_lists_the_known(base: Path) -> None:
    with pytest.raises(UsageError) as error:
        audit.run(changed(base, "", ""), "nowhere")
    assert "reading-rooms" in error.value.fix.en


def test_exit_code_says_whether_it_passed(base: Path) -> None:
    def run() -> int:
        command = [sys.executable, "-m", "policygraph.cli.main", "audit", "--lang", "en", "--data", str(base), "--policy", "reading-rooms"]
        return subprocess.run(command, capture_output=True, check=False).returncode

    changed(base, "", "")
    assert run() == 0
    changed(base, '"书香品牌可优先"@zh', '"书香品牌可"@zh')
    assert run() == 1
