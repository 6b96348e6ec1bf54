"""What tells two versions or two policies apart (`tests/diff/*.yaml`), by name, folder and overlay."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from commanding import process
from policygraph.app import anchors
from policygraph.app.aligning import pair, pair_in_order
from policygraph.app.diff import compare
from policygraph.errors import UsageError
from policygraph.paths import DataRoots, data_roots
from policygraph.reports.comparison import comparison_text
from small import make_root

if TYPE_CHECKING:
    from collections.abc import Callable

    from policygraph.model.comparison import Comparison

REPOSITORY = Path(__file__).resolve().parent.parent
VERSIONS: list[dict[str, Any]] = yaml.load((REPOSITORY / "tests/diff/versions.yaml").read_text("utf-8"), yaml.BaseLoader)  # noqa: S506
LEAST = 13
POLICY = "xinban-2023-10"
AMENDING = "examples/overlays/amend-awards.ttl"
SECOND = "tests/second-policy"


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("original")
    make_root(folder)
    shutil.copytree(REPOSITORY / "queries/explain", folder / "queries/explain")
    return folder


@pytest.fixture
def edited(tmp_path: Path) -> Callable[[list[list[str]]], Path]:
    def make(edits: list[list[str]]) -> Path:
        roots = make_root(tmp_path / "edited")
        folder = tmp_path / "edited/ontology/policies/test/reading-rooms"
        for name in ("source.txt", "policy.ttl"):
            text = (folder / name).read_text("utf-8")
            for old, new in edits:
                text = text.replace(old, new)
            (folder / name).write_text(text, "utf-8")
        anchors.run(roots, write=True)
        return roots.base

    return make


def found(comparison: Comparison) -> list[str]:
    return [f"{d.aspect} {d.kind} {(d.after or d.before).node.short}" for d in comparison.differences]  # type: ignore[union-attr]


@pytest.mark.parametrize("case", VERSIONS, ids=lambda case: case["name"])
def test_versions(case: dict[str, Any], original: Path, edited: Callable[[list[list[str]]], Path]) -> None:
    comparison = compare(data_roots(), str(original), str(edited(case["edits"])))
    assert found(comparison) == case["differences"]
    assert sum(t.added + t.removed + t.changed for t in comparison.tallies) == len(comparison.differences)
    by_node = {(d.after or d.before).node.short: d for d in comparison.differences}  # type: ignore[union-attr]
    for node, sides in case.get("sides", {}).items():
        difference = by_node[node]
        assert difference.before
        assert difference.after
        assert {"before": difference.before.words.zh, "after": difference.after.words.zh} == sides
    for node, wanted in case.get("fields", {}).items():
        changes = {c.field.zh: [c.before.zh, c.after.zh] for c in by_node[node].changes}
        assert {name: changes.get(name) for name in wanted} == wanted
    for node, wanted in case.get("cites", {}).items():
        difference = by_node[node]
        for side in ("before", "after"):
            (citation,) = getattr(difference, side).citations
            assert citation.sentence == wanted[side]
    for language in ("zh", "en"):
        assert comparison_text(comparison, language)


def test_there_are_cases() -> None:
    assert len(VERSIONS) >= LEAST


def test_version_in_a_data_folder_stands_in_for_the_policy_that_is_here(original: Path, edited: Callable[[list[list[str]]], Path]) -> None:
    version = edited([["每周开放阅览室", "每日开放阅览室"]])
    for path in ("ontology/core.ttl", "shapes/graph.ttl"):
        (version / path).unlink()
    comparison = compare(DataRoots((original,)), "reading-rooms", str(version))
    assert found(comparison) == ["text changed sentence-010", "provisions changed m1-open"]


def test_policy_against_an_overlay() -> None:
    comparison = compare(data_roots(), POLICY, str(REPOSITORY / AMENDING))
    kinds = {(d.aspect, d.kind) for d in comparison.differences}
    assert kinds == {("provisions", "added"), ("numbers", "changed")}
    number = next(d for d in comparison.differences if d.aspect == "numbers")
    assert number.before
    assert number.after
    assert {c.document for c in number.after.citations} == {c.document for c in number.before.citations} | {"虚构〔2026〕99号"}


def test_adopted_reading_changes_the_check_that_leans_on_it() -> None:
    comparison = compare(data_roots(), "新办〔2023〕10号", str(REPOSITORY / "examples/overlays/adopt-fund-base-used.ttl"))
    assert found(comparison) == ["rules changed front-line-share"]


def test_amending_folder_is_compared_with_what_it_amends() -> None:
    comparison = compare(data_roots(), POLICY, str(REPOSITORY / "tests/overlays/amendment"))
    assert {d.aspect for d in comparison.differences} == {"numbers", "rules"}
    assert all(t.added == t.removed == 0 for t in comparison.tallies)


def test_two_policies() -> None:
    comparison = compare(data_roots(), POLICY, str(REPOSITORY / SECOND))
    assert [p.iri for p in comparison.policies_before] == ["https://w3id.org/policygraph/policy/cn-410700/xinban-2023-10"]
    assert all(p.iri.startswith("https://example.org/") for p in comparison.policies_after)
    again = compare(data_roots((str(REPOSITORY / SECOND),)), POLICY, "https://example.org/linlan/policy/retrofit-2024")
    for each in (comparison, again):
        assert {t.aspect for t in each.tallies if t.added and t.removed} >= {"text", "provisions", "numbers", "units", "rules"}


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("m8", "This is no policy"),
        ("xinban-2023-11", "Did you mean"),
        ("nowhere/there", "no policy, data folder"),
        ("tests", "no ontology/"),
    ],
)
def test_side_that_is_none(name: str, says: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(REPOSITORY)
    with pytest.raises(UsageError) as caught:
        compare(data_roots(), POLICY, name)
    assert says in caught.value.render("en")


def test_command() -> None:
    plain = process("diff", POLICY, AMENDING)
    assert (plain.returncode, plain.stderr) == (0, b"")
    strict = process("diff", POLICY, AMENDING, "--exit-code", "--format", "json")
    assert strict.returncode == 1
    assert {t["aspect"] for t in json.loads(strict.stdout)["tallies"]} == {"text", "provisions", "strengths", "numbers", "units", "rules"}
    same = process("diff", POLICY, POLICY, "--exit-code", "--lang", "en")
    assert same.returncode == 0
    assert b"There is no difference." in same.stdout
    assert process("diff", POLICY, "none.ttl").returncode == 2


# ---------------------------------------------------------------- pairing
def test_pairs_go_by_name_and_else_by_likeness() -> None:
    before = {"a": "给予二千元补助", "b": "鼓励企业捐赠图书", "c": "各村应每周开放"}
    after = {"a": "完全不同的话", "x": "鼓励企业捐赠报刊", "y": "另有规定的除外"}
    assert pair(before, after, str) == [
        ("给予二千元补助", "完全不同的话"),
        ("鼓励企业捐赠图书", "鼓励企业捐赠报刊"),
        ("各村应每周开放", None),
        (None, "另有规定的除外"),
    ]


def test_sentences_are_paired_in_their_order() -> None:
    assert pair_in_order(["一。", "各村应每周开放。", "二。"], ["一。", "各村应每日开放。", "三四。"], str) == [
        ("一。", "一。"),
        ("各村应每周开放。", "各村应每日开放。"),
        ("二。", None),
        (None, "三四。"),
    ]
