"""All benefits of one subject: the four groups, interviews, and answers that are saved and read back.

The cases are data (`tests/entitlements/*.yaml`) on an invented policy for readers (`tests/entitlements/data`).
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from commanding import RUN
from policygraph.app.profiles import MAX_ROWS, empty_profile, read_profile, write_profile
from policygraph.errors import InputError, LimitError, Text
from policygraph.graph.parsing import parse
from policygraph.model.grounds import Named, Point
from policygraph.reports.entitlements import EntitlementText
from policygraph.vocab import PG
from profiling import FOLDER, RD, Facts, profile, read, seen, world

if TYPE_CHECKING:
    from pathlib import Path

    from policygraph.app.interview import Interview
    from policygraph.model.entitled import EntitlementReport

CASES, DIALOGUES = read("cases.yaml"), read("interviews.yaml")


def submitted(kind: str, facts: Facts, folder: Path) -> EntitlementReport:
    """Decide a profile that came as a file."""
    under, entitler, _ = world()
    path = folder / "profile.jsonld"
    path.write_text(json.dumps({"@type": kind, **facts}, ensure_ascii=False), "utf-8")
    record, findings = read_profile(under, entitler, str(path))
    return entitler.report(record, str(path), findings)


# ---------------------------------------------------------------- groups
@pytest.mark.parametrize("case", CASES["cases"], ids=lambda c: c["name"])
def test_case(case: Any, tmp_path: Path) -> None:
    report = submitted(case.get("kind", "Reader"), case.get("facts", {}), tmp_path)
    assert not report.findings
    got = seen(report)
    wanted = {name: {"group": w} if isinstance(w, str) else w for name, w in case["benefits"].items()}
    assert {name: {key: got[name][key] for key in w} for name, w in wanted.items()} == wanted
    assert {name: own["group"] for name, own in got.items()} == {name: w["group"] for name, w in wanted.items()}
    if "supported" in case:
        assert [s.citation.provision.short for s in report.supported] == case["supported"]


def test_the_cases_are_all_there() -> None:
    assert len(CASES["cases"]) >= 20
    assert len(DIALOGUES["interviews"]) >= 8


@pytest.mark.parametrize("bad", CASES["refused"], ids=lambda c: c["name"])
def test_what_is_no_sound_profile_is_not_decided(bad: Any, tmp_path: Path) -> None:
    try:
        report = submitted(bad["kind"], bad["facts"], tmp_path)
    except InputError as error:
        assert bad["says"] in error.what.en + error.fix.en
        return
    assert any(bad["says"] in f.message.en for f in report.findings), report.findings
    assert not (report.yes or report.perhaps or report.supported or report.no)


def test_more_rows_than_are_decided_side_by_side_are_refused(tmp_path: Path) -> None:
    """Each row is a candidate beside which all others stand, so the cost grows with the square of their number."""
    with pytest.raises(LimitError, match=str(MAX_ROWS)):
        submitted("Reader", {"result": [{"tier": "county", "rank": 3}] * (MAX_ROWS + 1)}, tmp_path)


# ---------------------------------------------------------------- interviews
def begun(case: Any) -> Interview:
    interviewer = world()[2]
    return interviewer.start(profile("Reader", case["known"]) if "known" in case else empty_profile(world()[1].kinds[RD + "Reader"]))


@pytest.mark.parametrize("case", DIALOGUES["interviews"], ids=lambda c: c["name"])
def test_interview(case: Any) -> None:
    interview = begun(case)
    for step in case["dialogue"]:
        asked = interview.asked
        assert asked is not None, f"expected {step['asks']}"
        name = asked.question.field.path.removeprefix(RD)
        assert (f"{asked.row.en.rpartition('. ')[2]}.{name}" if asked.row.en else name) == step["asks"]
        if "offers" in step:
            assert [c.label.en for c in asked.choices] == step["offers"]
        if "proposes" in step:
            assert asked.proposal is not None
            assert asked.proposal.label.en == step["proposes"]
        if "quotes" in step:
            assert asked.citation is not None
            assert asked.citation.provision.short == step["quotes"]
        if "bears-on" in step:
            assert [b.en for b in asked.benefits] == step["bears-on"]
        if step["says"] == "<":
            interview = interview.back()
            continue
        after = interview.say(step["says"])
        if "refused" in step:
            assert isinstance(after, Text)
            assert step["refused"] in after.en
            continue
        assert not isinstance(after, Text), after
        interview = after
    asked = interview.asked
    assert (asked.question.field.path.removeprefix(RD) if asked else "nothing") == case["then-asks"]
    got = seen(interview.report(""))
    assert {name: got[name]["group"] for name in case["groups"]} == case["groups"]


@cache
def finished(number: int) -> Interview:
    """Return an interview as it ends; its steps are checked above."""
    interview = begun(DIALOGUES["interviews"][number])
    for step in DIALOGUES["interviews"][number]["dialogue"]:
        after = interview.back() if step["says"] == "<" else interview.say(step["says"])
        interview = interview if isinstance(after, Text) else after
    return interview


@pytest.mark.parametrize("form", ["turtle", "jsonld"])
@pytest.mark.parametrize("number", range(len(DIALOGUES["interviews"])))
def test_saved_answers_read_back_to_the_same_result(number: int, form: str, tmp_path: Path) -> None:
    interview = finished(number)
    under, entitler, _ = world()
    path = tmp_path / ("saved.ttl" if form == "turtle" else "saved.jsonld")
    path.write_text(write_profile(interview.profile, entitler.kinds, form), "utf-8")
    record, findings = read_profile(under, entitler, str(path))
    assert not findings
    before, after_ = interview.report("x"), entitler.report(record, "x")
    assert seen(before) == seen(after_)
    assert path.read_text("utf-8") == write_profile(record, entitler.kinds, form)


# ---------------------------------------------------------------- on the command line
def run(folder: Path, *words: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    """Run the command with the invented policy beside the first one; answers come through a pipe."""
    return subprocess.run(
        [*RUN, "--data", str(FOLDER / "data"), "entitlements", *words],
        input=typed, capture_output=True, text=True, timeout=120, check=False, cwd=folder, encoding="utf-8",
        env={**os.environ, "POLICYGRAPH_LANG": "en"},
    )  # fmt: skip


def test_an_interview_through_a_pipe_is_saved_and_read_back(tmp_path: Path) -> None:
    typed = "reader\n2\nno\n5\n2\n1\n2\n"
    asked = run(tmp_path, "--interactive", "--save", "me.ttl", typed=typed)
    assert asked.returncode == 0, asked.stderr
    assert "Whom is it about?" in asked.stderr
    assert "Any" not in asked.stdout
    assert "Nothing else can change an answer." in asked.stderr
    assert "Saved as me.ttl" in asked.stderr
    again = run(tmp_path, "me.ttl")
    assert (again.returncode, again.stdout) == (0, asked.stdout)
    refused = run(tmp_path, "--interactive", "--save", "me.ttl", typed=typed)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "was not replaced" in refused.stderr
    assert run(tmp_path, "--interactive", "--save", "me.ttl", "--force", typed=typed).returncode == 0


def test_the_end_of_the_input_and_quitting_give_the_result_so_far(tmp_path: Path) -> None:
    (tmp_path / "me.jsonld").write_text('{"@type": "Reader", "resultsComplete": true}', "utf-8")
    ended = run(tmp_path, "me.jsonld", "--interactive", typed="")
    left = run(tmp_path, "me.jsonld", "--interactive", typed="<\nq\n")
    assert (ended.returncode, left.returncode) == (0, 0)
    assert ended.stdout == left.stdout == run(tmp_path, "me.jsonld").stdout
    assert "The input has ended" in ended.stderr
    assert "nothing to go back to" in left.stderr


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ([], "The file with the profile is missing"),
        (["-", "--interactive"], "cannot be both"),
        (["x.ttl", "--save", "y.ttl"], "--interactive"),
        (["x.ttl", "--brief", "--format", "json"], "--brief shortens the text form only"),
        (["--interactive", "--save", "y.txt"], "end in .ttl or .jsonld"),
        (["--interactive"], "before anyone was chosen"),
        (["nowhere.ttl"], "there is no such file"),
    ],
)
def test_bad_usage(words: list[str], says: str, tmp_path: Path) -> None:
    got = run(tmp_path, *words)
    assert (got.returncode, got.stdout) == (2, "")
    assert says in got.stderr


GLANCE = """At a glance
  Yes: 1
    ✓ Title: may be given a title
"""


def test_the_overview_comes_first_and_alone_when_brief(tmp_path: Path) -> None:
    (tmp_path / "me.jsonld").write_text('{"@type": "Reader", "books": 600, "recognised": true, "years": 1}', "utf-8")
    full, brief = (run(tmp_path, "me.jsonld", *words).stdout for words in ((), ("--brief",)))
    assert full.startswith(brief.rpartition("\n\n")[0])
    assert GLANCE in brief
    assert "Basis" not in brief


def test_every_benefit_has_its_line_in_the_overview_in_one_language(tmp_path: Path) -> None:
    for case in CASES["cases"]:
        report = submitted(case.get("kind", "Reader"), case.get("facts", {}), tmp_path)
        for language in ("zh", "en"):
            shown = EntitlementText(language).report(report, brief=True).split("\n\n")[1].splitlines()
            own = [*report.yes, *report.perhaps, *report.no]
            assert len(shown) == 1 + 4 + len(own) + len(report.supported)
            assert [
                e.rule.label.in_language(language) for e in own if not any(f" {e.rule.label.in_language(language)}" in s for s in shown)
            ] == []
            assert [s for s in shown if s.endswith(("：", ": ", ":"))] == []
            if language == "en":
                assert not re.search("[\u3000-\u9fff，。；：（）]", "".join(shown)), shown


def test_readings_of_all_answers_stand_once_at_the_end(tmp_path: Path) -> None:
    report = submitted("Reader", {"books": 600}, tmp_path)
    entitlements = [*report.yes, *report.perhaps, *report.no]
    common = Point(Named("urn:common", Text("共", "common")), Text("共同读法", "A common reading."))
    leaning = [replace(e, cases=tuple(replace(c, decision=replace(c.decision, readings=(common,))) for c in e.cases)) for e in entitlements]
    shown = EntitlementText("en").report(replace(report, yes=(), perhaps=tuple(leaning), no=()))
    assert shown.count(common.statement.en) == 1
    assert f"Readings that all answers lean on\n  {common.statement.en}\n" in shown
    alone = EntitlementText("en").report(replace(report, yes=(), perhaps=(leaning[0], *entitlements[1:]), no=()))
    assert f"      Reading: {common.statement.en}\n" in alone


def test_json_and_turtle_hold_the_four_groups(tmp_path: Path) -> None:
    (tmp_path / "me.jsonld").write_text('{"@type": "Reader", "books": 600, "recognised": true, "years": 1}', "utf-8")
    plain = json.loads(run(tmp_path, "me.jsonld", "--format", "json").stdout)
    assert [e["rule"]["iri"].rpartition("/")[2] for e in plain["yes"]] == ["rule-title"]
    assert len(plain["supported"]) == 3
    triples = parse(run(tmp_path, "me.jsonld", "--format", "turtle").stdout.encode(), "turtle")
    outcomes = {o.value.rpartition("/")[2] for s, p, o in triples if p.value == PG.outcome and "case" not in s.value}
    assert outcomes == {"eligible", "undetermined"}
