"""Module of the pool in which the service judges what callers send: one named job a call, on files in a folder of its own.

The folder belongs to the call: the service makes it and removes it, whatever becomes of the worker. Files go by their names in it, so that
reports name them as the caller did.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from policygraph.app.changes import with_remedies
from policygraph.app.checking import Run, check_with_records
from policygraph.app.entitlements import Entitler
from policygraph.app.interview import Interviewer
from policygraph.app.judging import Judge
from policygraph.app.kept import keep, kept
from policygraph.app.overlays import overlay
from policygraph.app.setting import Setting, setting
from policygraph.graph.confine import Capped
from policygraph.model.terms import Iri
from policygraph.paths import DataRoots
from policygraph.reports.forms import write_report
from policygraph.reports.html import write_part
from policygraph.reports.html.links import addresses
from policygraph.reports.html.marks import marks
from policygraph.shapes import runner  # noqa: F401 - pySHACL takes a second to import: before the fork, not after it
from policygraph.vocab import RDF

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from policygraph.errors import Text
    from policygraph.graph.stopping import Limits
    from policygraph.model.answers import CheckReport

    Tell = Callable[[dict[str, Any]], None]
    Answer = tuple[dict[str, Any], bytes]

REPORT = "report.kept"  # name of a report that is put by in a call's folder
PART = "part"  # form of what becomes part of a page of the service: `prefix` of the head is the path of its root


@dataclass(frozen=True, slots=True)
class State:
    """What every job shares: the policy as it stands, and what was compiled of it.

    Attributes:
        setting: The policy graph with its shapes.
        judge: Judges records under it.
        interviewer: Conducts interviews under it.
    """

    setting: Setting
    judge: Judge
    interviewer: Interviewer


def prepare(job: dict[str, Any]) -> State:
    """Load the policy and compile its rules and shapes, before any fork."""
    plain = setting(DataRoots(tuple(map(Path, job["roots"]))), _today())
    return State(plain, Judge(plain), Interviewer(Entitler(plain), plain))


def work(state: State, head: dict[str, Any], body: bytes, limits: Limits, tell: Tell) -> Answer:
    """Do one job.

    Args:
        state: What `prepare` returned.
        head: `job` says which; `folder` is the call's own; the rest is the job's.
        body: Nothing; what is foreign lies in the folder.
        limits: What it may use.
        tell: Is told of progress.
    """
    with _inside(head["folder"]):
        return _JOBS[head["job"]](state, head, limits, tell)


# ---------------------------------------------------------------- submissions
def _check(state: State, head: dict[str, Any], limits: Limits, tell: Tell) -> Answer:
    decisions = head["job"] == "decide"
    amended = _amended(state, head)
    run = Run(progress=_progress(tell), judge=state.judge)
    report, records = check_with_records(amended, head["files"], kind=head.get("kind"), run=run)
    if decisions:
        report = with_remedies(report, records, amended, past=head.get("past", False))
    if not head.get("keep"):
        told: dict[str, Any] = {"verdict": report.verdict.short}
        if head["form"] == PART and len(report.records) == 1:
            told["marks"] = marks(report.records[0], head["language"])
        return told, _written(state, report, head, limits, decisions=decisions)
    keep(report, Path(REPORT))
    return {"verdict": report.verdict.short, "records": len(report.records), "size": Path(REPORT).stat().st_size}, b""


def _render(state: State, head: dict[str, Any], limits: Limits, tell: Tell) -> Answer:
    return {}, _written(state, kept(Path(REPORT)), head, limits, decisions=head["decisions"])


def _written(state: State, report: CheckReport, head: dict[str, Any], limits: Limits, *, decisions: bool) -> bytes:
    out = Capped(limits)
    if head["form"] == PART:
        write_part(report, head["language"], out, decisions=decisions, address=_addresses(state, head))
    else:
        write_report(report, head["form"], head["language"], out, decisions=decisions)
    return out.getvalue()


def _what_if(state: State, head: dict[str, Any], limits: Limits, tell: Tell) -> Answer:
    from policygraph.app.whatif import what_if
    from policygraph.reports.whatif import what_if_text

    before = _dated(state, head)
    answer = what_if(before, overlay(before, head["overlays"]), head["files"])
    return {}, _plain(answer) if head["form"] == "json" else what_if_text(answer, head["language"]).encode()


# ---------------------------------------------------------------- subjects and policies
def _entitlements(state: State, head: dict[str, Any], limits: Limits, tell: Tell) -> Answer:
    from policygraph.app.turns import Turn

    return {}, Turn(*_interviewer(state, head), head).answer()


def _interview(state: State, head: dict[str, Any], limits: Limits, tell: Tell) -> Answer:
    """Take one step of an interview; the benefits come as HTML beside it."""
    from policygraph.app.steps import Step, silences
    from policygraph.reports.html.entitled import Surroundings, benefits, profile_findings

    step = Step(*_interviewer(state, head), head)
    if "file" in head:
        return {}, step.result(head["file"]) if head["file"].startswith("result-") else step.file(head["file"])
    told, report = step.taken()
    if step.findings:
        return told | {"findings": True}, str(profile_findings(step.findings, head["language"])).encode()
    if report is None:
        return told, b""
    around = Surroundings(head["root"], told["needs"], head.get("was", {}), silences(state.setting))
    return told | {"asOf": report.as_of}, str(benefits(report, head["language"], around)).encode()


def _interviewer(state: State, head: dict[str, Any]) -> tuple[Interviewer, Setting]:
    amended = _amended(state, head)
    shared = amended.graph is state.setting.graph and (amended.today, amended.as_of) == (state.setting.today, None)
    return state.interviewer if shared else Interviewer(Entitler(amended), amended), amended


def _diff(state: State, head: dict[str, Any], limits: Limits, tell: Tell) -> Answer:
    from policygraph.app.diff import compare
    from policygraph.app.sides import policy_called
    from policygraph.reports.comparison import comparison_text
    from policygraph.reports.html.comparison import comparison_part

    graph, files = state.setting.graph, {*head["files"], *head["overlays"]}
    sides = [name if name in files else policy_called(name, graph).value for name in (head["before"], head["after"])]
    found = replace(compare(state.setting.roots, *sides), before=head["before"], after=head["after"])
    if head["form"] == PART:
        return {}, comparison_part(found, head["language"], _addresses(state, head)).encode()
    return {}, _plain(found) if head["form"] == "json" else comparison_text(found, head["language"]).encode()


def _register(state: State, head: dict[str, Any], limits: Limits, tell: Tell) -> Answer:
    from policygraph.app.register import jobs

    work = {"register.add": jobs.add, "register.determine": jobs.determine}[head["job"]]
    return {}, work(_dated(state, head), head, _progress(tell))


def _laid_over(state: State, head: dict[str, Any], limits: Limits, tell: Tell) -> Answer:
    """Compare a policy with itself under overlays, and the answers for a submission if there is one: as parts of a page.

    What says how the answers change comes first, `answers` bytes long.
    """
    from policygraph.app.diff import compare_sides
    from policygraph.app.sides import amended_sides
    from policygraph.app.whatif import what_if
    from policygraph.reports.html.comparison import comparison_part
    from policygraph.reports.html.whatif import what_if_part

    before, language, address = _dated(state, head), head["language"], _addresses(state, head)
    after = overlay(before, head["overlays"])
    sides = amended_sides(before.graph, after.graph, head["before"], head["overlays"][0])
    differences = comparison_part(compare_sides(*sides, before.roots), language, address).encode()
    answers = what_if_part(what_if(before, after, head["files"]), language, address).encode() if head["files"] else b""
    return {"answers": len(answers)}, answers + differences


_JOBS: dict[str, Callable[[State, dict[str, Any], Limits, Tell], Answer]] = {
    "check": _check,
    "decide": _check,
    "render": _render,
    "whatif": _what_if,
    "entitlements": _entitlements,
    "interview": _interview,
    "diff": _diff,
    "laid over": _laid_over,
    "register.add": _register,
    "register.determine": _register,
}


# ---------------------------------------------------------------- what jobs share
def _today() -> dt.date:
    return dt.datetime.now(tz=dt.UTC).astimezone().date()


def _dated(state: State, head: dict[str, Any]) -> Setting:
    """Return the policy as it stands, on the days of a call: the pool may have been prepared yesterday."""
    day = head.get("asOf")
    return replace(state.setting, today=_today(), as_of=dt.date.fromisoformat(day) if day else None)


def _amended(state: State, head: dict[str, Any]) -> Setting:
    return overlay(_dated(state, head), head.get("overlays", ()))


def _addresses(state: State, head: dict[str, Any]) -> Callable[[str], str]:
    graph = state.setting.graph
    return addresses(head["prefix"], head["language"], lambda iri: any(True for _ in graph.objects(Iri(iri), RDF.type)))


def _progress(tell: Tell) -> Callable[[Text, int, int], None]:
    def progress(doing: Text, done: int, of: int) -> None:
        tell({"doing": {"zh": doing.zh, "en": doing.en}, "done": done, "of": of})

    return progress


def _plain(answer: object) -> bytes:
    import json

    from policygraph.reports.plain import to_plain

    return (json.dumps(to_plain(answer), ensure_ascii=False, indent=2) + "\n").encode()


@contextlib.contextmanager
def _inside(folder: str) -> Iterator[None]:
    """Work in a folder, with temporary files below it: when the worker is killed, they go with the folder."""
    before, temporary = Path.cwd(), tempfile.tempdir
    os.chdir(folder)
    tempfile.tempdir = folder
    os.environ["TMPDIR"] = folder
    try:
        yield
    finally:
        os.chdir(before)
        tempfile.tempdir = temporary
        os.environ.pop("TMPDIR", None)
