"""The canonical text: nothing but line breaks removed, sentences, sections, quotes, and the generated files."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from policygraph.app import anchors
from policygraph.errors import DataError
from policygraph.graph.loading import SourceFile
from policygraph.model.terms import Literal
from policygraph.model.text import (
    Break,
    CanonicalText,
    NotLocatedError,
    Section,
    SectionRange,
    Span,
    canonicalise,
    locate,
    restore,
    section_ranges,
)
from policygraph.paths import DataRoots
from policygraph.vocab import OA, PG, RDF
from small import POLICY, REPOSITORY, make_root

if TYPE_CHECKING:
    from pathlib import Path

CASES = yaml.safe_load((REPOSITORY / "tests/text/cases.yaml").read_text("utf-8"))
KNOWN = yaml.safe_load((REPOSITORY / "tests/text/expectations.yaml").read_text("utf-8"))
FOLDERS = {folder.name: folder for folder in anchors.policy_folders(DataRoots((REPOSITORY,)))}


def test_enough_cases() -> None:
    assert len(CASES) >= 13
    assert {known["policy"] for known in KNOWN} == set(FOLDERS)


@pytest.mark.parametrize("case", CASES, ids=lambda case: repr(case["seed"]))
def test_sentences_and_breaks(case: dict[str, object]) -> None:
    canonical = canonicalise(str(case["seed"]))
    assert [canonical.text[s.start : s.end] for s in canonical.sentences()] == case["sentences"]
    assert [b.inside_sentence for b in canonical.breaks] == case["inside"]


@given(st.text(alphabet="甲乙，。：；（）“”\n 1", max_size=60))
def test_breaks_give_the_seed_back_and_sentences_tile_the_text(seed: str) -> None:
    canonical = canonicalise(seed)
    assert restore(canonical) == seed
    assert canonical.text == seed.replace("\n", "")
    assert "".join(canonical.text[s.start : s.end] for s in canonical.sentences()) == canonical.text


def test_carriage_returns_are_refused() -> None:
    with pytest.raises(ValueError, match="carriage return"):
        canonicalise("甲\r\n乙")


# ---------------------------------------------------------------- sections and quotes
TEXT = canonicalise("总则\n\n一、甲\n\n子丑。\n\n二、乙\n\n子丑。寅卯。\n")


def sections(*rows: tuple[str, str, int, str]) -> dict[str, SectionRange]:
    return section_ranges(TEXT, [Section(*row) for row in rows], "policy")


def test_sections_follow_the_order_of_the_text() -> None:
    found = sections(("b", "policy", 2, "二、乙"), ("a", "policy", 1, "一、甲"), ("b1", "b", 1, "寅卯"))
    assert {k: TEXT.text[p.own.start : p.own.end] for k, p in found.items()} == {"a": "一、甲子丑。", "b": "二、乙子丑。", "b1": "寅卯。"}
    assert TEXT.text[found["b"].whole.start : found["b"].whole.end] == "二、乙子丑。寅卯。"


def test_section_out_of_order_is_named() -> None:
    with pytest.raises(NotLocatedError, match="一、甲"):
        sections(("b", "policy", 1, "二、乙"), ("a", "policy", 2, "一、甲"))


@pytest.mark.parametrize(("quote", "prefix", "start"), [("子丑", "", 11), ("寅", "", 14), ("丑", "子", 12)])
def test_quote_is_found_in_its_section(quote: str, prefix: str, start: int) -> None:
    place = sections(("a", "policy", 1, "一、甲"), ("b", "policy", 2, "二、乙"))["b"]
    assert locate(TEXT.text, place, quote, prefix) == Span(start, start + len(quote))


@pytest.mark.parametrize(("quote", "count"), [("乙甲", 0), ("。", 2)])
def test_quote_must_occur_once(quote: str, count: int) -> None:
    place = sections(("a", "policy", 1, "一、甲"), ("b", "policy", 2, "二、乙"))["b"]
    with pytest.raises(NotLocatedError) as error:
        locate(TEXT.text, place, quote)
    assert error.value.count == count


# ---------------------------------------------------------------- the policies of this repository
@pytest.mark.parametrize("known", KNOWN, ids=lambda known: known["policy"])
class TestKnownText:
    def test_text_is_the_seed_without_line_breaks(self, known: dict[str, str]) -> None:
        folder = REPOSITORY / known["policy"]
        seed, text = (folder / "source.txt").read_bytes(), (folder / "text.txt").read_bytes()
        assert text == seed.replace(b"\n", b"")
        assert restore(canonicalise(seed.decode())).encode() == seed
        assert hashlib.sha256(seed).hexdigest() == known["seed_sha256"]
        assert hashlib.sha256(text).hexdigest() == known["text_sha256"]
        assert len(text.decode()) == known["characters"]
        assert text.decode().count(" ") == known["spaces"]

    def test_breaks_that_cut_sentences(self, known: dict[str, list[list[str]]]) -> None:
        text = FOLDERS[str(known["policy"])].anchored()
        inside = [b for b in text.canonical.breaks if b.inside_sentence]
        assert {b.length for b in inside} == {2}
        around = [[text.text[: b.start], text.text[b.start :]] for b in inside]
        wanted = known["breaks_inside_sentences"]
        assert len(around) == len(wanted)
        for (before, after), (left, right) in zip(around, wanted, strict=True):
            assert before.endswith(left)
            assert after.startswith(right)

    def test_sentences_and_sections(self, known: dict[str, list[list[str]]]) -> None:
        text = FOLDERS[str(known["policy"])].anchored()
        found = [(text.quote(s.span), s.section.rpartition("/")[2]) for s in text.sentences]
        for first, last, section in known["sentences"]:
            assert [s for words, s in found if words.startswith(first) and words.endswith(last)] == [section], first
        assert len(text.sections) == known["sections"]

    def test_everything_is_placed_and_current(self, known: dict[str, str]) -> None:
        found = anchors.compare(FOLDERS[known["policy"]])
        assert found.problems == ()
        assert found.current

    def test_anchors_say_where_each_item_and_break_stands(self, known: dict[str, str]) -> None:
        folder = REPOSITORY / known["policy"]
        text = (folder / "text.txt").read_text("utf-8")
        stored = list(SourceFile("anchors", folder / "anchors.ttl").triples())
        anchored = {s: o for s, p, o in stored if p.value == PG.anchor}
        broken_at = [o for _, p, o in stored if p.value == PG.textBreak]
        value = {(s, p.value): o for s, p, o in stored if isinstance(o, Literal)}
        assert len(anchored) == len(FOLDERS[known["policy"]].anchored().items)
        for item, anchor in anchored.items():
            start, end = (int(value[anchor, p].value) for p in (OA.start, OA.end))
            exact, prefix, suffix = (value[anchor, p].value for p in (OA.exact, OA.prefix, OA.suffix))
            assert text[start:end] == exact
            assert text[:start].endswith(prefix)
            assert text[end:].startswith(suffix)
            assert [o.value for o in FOLDERS[known["policy"]].facts.objects(item, PG.quote)] == [exact]
        places = sorted((int(value[b, OA.start].value), int(value[b, PG.breakLength].value)) for b in broken_at)
        breaks = tuple(Break(start, length, False) for start, length in places)
        assert restore(CanonicalText(text, breaks)).encode() == (folder / "source.txt").read_bytes()
        assert {o.value for _, p, o in stored if p.value == RDF.type} >= {PG.SourceText, PG.TextBreak, PG.Sentence, PG.Anchor}


# ---------------------------------------------------------------- the command, on the small policy
@pytest.fixture
def policy(tmp_path: Path) -> Path:
    return make_root(tmp_path).base / "ontology/policies/test/reading-rooms"


def state(policy: Path, *, write: bool = False) -> anchors.Anchoring:
    return anchors.run(DataRoots((policy.parents[3],)), write=write)[0]


@pytest.mark.parametrize("name", ["text.txt", "anchors.ttl"])
def test_missing_and_outdated_files_are_found_and_written(policy: Path, name: str) -> None:
    content = (policy / name).read_bytes()
    (policy / name).write_bytes(content + b" ")
    assert [f.state for f in state(policy).files if f.name.endswith(name)] == [anchors.State.OUTDATED]
    (policy / name).unlink()
    assert [f.state for f in state(policy).files if f.name.endswith(name)] == [anchors.State.MISSING]
    assert not (policy / name).exists()
    assert [f.state for f in state(policy, write=True).files if f.name.endswith(name)] == [anchors.State.WRITTEN]
    assert (policy / name).read_bytes() == content
    assert state(policy).current


@pytest.mark.parametrize(
    ("old", "new", "node", "fix"),
    [
        ('pg:quote "2. 补助"', 'pg:quote "2. 补贴"', "m2", "pg:opensWith"),
        ('"书香品牌可优先"', '"书香品牌应优先"', "m2-brand", "text.txt"),
        ('"书香品牌可优先"', '"补助"', "m2-brand", "pg:quotePrefix"),
        ('t:m2 ; pg:quote "书香品牌', 't:m1 ; pg:quote "书香品牌', "m2-brand", "eli:is_part_of"),
        ("eli:is_part_of t:part-2 ; pg:position 2", "eli:is_part_of t:m2 ; pg:position 2", "m2", "eli:is_part_of"),
    ],
)
def test_what_cannot_be_placed_is_named_and_nothing_is_written(policy: Path, old: str, new: str, node: str, fix: str) -> None:
    turtle, before = policy / "policy.ttl", (policy / "anchors.ttl").read_bytes()
    changed = turtle.read_text("utf-8").replace(old, new)
    assert changed != turtle.read_text("utf-8")
    turtle.write_text(changed, "utf-8")
    found = state(policy, write=True)
    problem = next(p for p in found.problems if p.node == f"{POLICY}/{node}")
    assert fix in problem.fix.zh
    assert fix in problem.fix.en
    assert not found.current
    assert (policy / "anchors.ttl").read_bytes() == before


@pytest.mark.parametrize("seed", ["甲\r\n".encode(), "甲乙".encode("gbk")])
def test_unreadable_seed_is_an_error_that_names_the_file(policy: Path, seed: bytes) -> None:
    (policy / "source.txt").write_bytes(seed)
    with pytest.raises(DataError) as error:
        state(policy)
    assert error.value.where.endswith("source.txt")


def test_folder_with_a_seed_needs_its_policy(policy: Path) -> None:
    turtle = policy / "policy.ttl"
    turtle.write_text(turtle.read_text("utf-8").replace("; pg:text t:text ", ""), "utf-8")
    with pytest.raises(DataError, match="policies with pg:text"):
        state(policy)
