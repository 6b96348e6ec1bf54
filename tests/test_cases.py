"""Cases that a lawyer can read (`tests/cases/*.yaml`) through the real pipeline; one file is one submission.

Every value in a case is written from the text and READINGS.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from policygraph.vocab import PG
from submitting import Setting, Submitted, adopting, check, decided, findings, jsonld, judgements, standard, turtle

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policygraph.model.answers import CheckReport, DecisionResult, Finding, RecordReport

FOLDER = Path(__file__).parent / "cases"
FILES = sorted(path.stem for path in FOLDER.glob("*.yaml"))
# What a case may say about a record beside its verdict and findings, and how it may say it. Parts that it does not name are not reported.
COMPARED = {"outcome", "low", "high", "totalLow", "totalHigh", "unstated", "causes", "words", "judgedAsOf", "parts"}
KEYS = COMPARED | {
    "name",
    "reading",
    "facts",
    "extra",
    "asOf",
    "verdict",
    "findings",
    "because",
    "says",
    "told",
    "shows",
    "outcomes",
    "provisions",
}


@dataclass(frozen=True, eq=False)
class Case:
    """One case: what is submitted and what must come of it."""

    file: str
    name: str
    record: Submitted
    wanted: dict[str, Any]

    @property
    def verdict(self) -> str:
        table = source(self.file)
        return str(self.wanted.get("verdict") or table.get("verdict") or table["verdicts"][self.wanted["outcome"]])

    @property
    def findings(self) -> dict[str, str]:
        table = source(self.file)
        key = self.wanted.get("outcome", self.verdict)
        return dict(self.wanted["findings"] if "findings" in self.wanted else table["findings"][key])


@cache
def source(file: str) -> dict[str, Any]:
    """Read a case file; every scalar stays the words that it is written in."""
    return dict(yaml.load((FOLDER / f"{file}.yaml").read_text(encoding="utf-8"), yaml.BaseLoader))  # noqa: S506 - builds strings only


@cache
def cases(file: str) -> tuple[Case, ...]:
    """Return the cases of a file in their order, once for each value under `each`."""
    table = source(file)
    if "contestAndMedal" in table:
        return tuple(_matrix(file, table))
    found = []
    for (name, values), case in product(table.get("each", {"": [""]}).items(), table["cases"]):
        for value in values:
            stated = {**table["base"], **({name: value} if name else {}), **case.get("facts", {})}
            facts = {k: v.replace("{tier}", value) if isinstance(v, str) else v for k, v in stated.items() if v != "null"}
            label = f"{case['name']} ({value})" if value else case["name"]
            found.append(Case(file, label, Submitted(table["kind"], facts, case.get("extra", "")), case))
    return tuple(found)


def _matrix(file: str, table: dict[str, Any]) -> Iterator[Case]:
    worst = ("no", "open", "missing", "yes")
    outcome = {"no": "not-eligible", "open": "undetermined", "missing": "undetermined", "yes": "eligible"}
    for contest, medals in table["contestAndMedal"].items():
        for (medal, won), (role, took), (employer, hires) in product(medals.items(), table["role"].items(), table["employerType"].items()):
            facts = {"greenContest": contest, "medal": medal, "role": role, "employerType": employer, **table["facts"]}
            wanted = outcome[min((won, took, hires), key=worst.index)]
            yield Case(file, f"{contest} {medal} {role} {employer}", Submitted(table["kind"], facts), {"outcome": wanted})


@cache
def reports(file: str) -> dict[Case, RecordReport]:
    """Run a file's cases, those with the same as-of day in one submission."""
    found: dict[Case, RecordReport] = {}
    for day in dict.fromkeys(c.wanted.get("asOf", "") for c in cases(file)):
        own = [c for c in cases(file) if c.wanted.get("asOf", "") == day]
        found.update(zip(own, run(own, under(file, day)).records, strict=True))
    return found


def under(file: str, day: str) -> Setting:
    """Return what a file's cases rest on: the policy alone, beside a folder of `tests/overlays`, or under one of `examples/overlays`."""
    table = source(file)
    return adopting(table["with"], day) if "with" in table else standard(table.get("overlay", ""), day)


@cache
def rulings(file: str) -> dict[Case, tuple[DecisionResult, ...]]:
    """Return what every rule says of a file's cases, rules on conformity too; nothing is ruled on an invalid record."""
    found: dict[Case, tuple[DecisionResult, ...]] = {}
    for day in dict.fromkeys(c.wanted.get("asOf", "") for c in cases(file)):
        own = [c for c in cases(file) if c.wanted.get("asOf", "") == day and reports(file)[c].verdict.short != "invalid"]
        if own:
            found.update(zip(own, judgements([c.record for c in own], under(file, day)), strict=True))
    return found


def run(own: list[Case], setting: Setting | None = None) -> CheckReport:
    report = check(turtle([c.record for c in own]), under=setting)
    assert not report.file_findings
    return report


def everything() -> list[Case]:
    return [case for file in FILES if "contestAndMedal" not in source(file) for case in cases(file)]


def marked(case: Case) -> Any:
    return pytest.param(case, id=f"{case.file}: {case.name}")


# ---------------------------------------------------------------- the cases
@pytest.mark.parametrize("case", [marked(case) for case in everything()])
def test_case(case: Case) -> None:
    got, wanted = reports(case.file)[case], case.wanted
    assert (got.verdict.short, findings(got)) == (case.verdict, case.findings)
    if case.verdict == "invalid":
        assert not got.decisions, "an invalid record is never decided"
    seen = observed(got)
    expected = {key: wanted[key] for key in COMPARED & wanted.keys()}
    if "parts" in expected:
        expected["parts"] = {**dict.fromkeys(seen["parts"], "not-reported"), **expected["parts"]}
    assert {key: seen.get(key) for key in expected} == expected
    assert set(wanted.get("shows", ())) <= set(shown(got)), "a reading or open question that the answer leans on is not shown"
    for words in wanted.get("says", []):
        assert all(words.replace("应得", "due") in f.message.en and words in f.message.zh for f in got.findings if f.verdict != "note")
    for words in wanted.get("told", []):
        assert any(words in sentence for f in got.findings for sentence in (f.message.zh, f.message.en)), [
            f.message.zh for f in got.findings
        ]
    ruled = rulings(case.file).get(case, ())
    statuses = {c.node.short: c.status.short for d in ruled for a in d.alternatives for c in a.conditions}
    assert wanted.get("because", {}).items() <= statuses.items()
    assert wanted.get("outcomes", {}).items() <= {d.rule.short: d.outcome.short for d in got.decisions}.items()


def observed(got: RecordReport) -> dict[str, Any]:
    """Return what a case may say about a record."""
    seen: dict[str, Any] = {
        "judgedAsOf": got.as_of,
        "parts": {p.part.short: p.verdict.short if p.verdict else "not-reported" for p in got.parts},
        "words": sorted(
            {p.verbatim for f in got.findings for p in f.parameters} | {p.verbatim for d in got.decisions for p in d.parameters}
        ),
        "causes": sorted({c.short for f in got.findings for c in f.causes}),
    }
    for decision in got.decisions:
        seen |= {
            "outcome": decision.outcome.short,
            "causes": sorted(c.short for c in decision.causes),
            "low": decision.low, "high": decision.high, "totalLow": decision.total_low, "totalHigh": decision.total_high,
            "unstated": str(decision.unstated).lower(),
        }  # fmt: skip
    return seen


def shown(got: RecordReport) -> list[str]:
    """Return the readings and open questions that a report shows."""
    return [p.node.short for answer in (*got.decisions, *got.findings, *got.passes) for p in (*answer.readings, *answer.open_points)]


# ---------------------------------------------------------------- the clauses behind them
@pytest.mark.parametrize("file", FILES)
def test_answers_cite_the_clauses_that_the_file_names(file: str) -> None:
    """All of them and no other; what only looks at the form of a file rests on no clause."""
    table = source(file)
    assert bool(table.get("provisions")) != bool(table.get("noProvision")), "name the provisions, or say why there is none"
    cited: set[str] = set()
    for case, got in (sample(file) if "contestAndMedal" in table else reports(file)).items():
        # That a record may repeat another is seen from its words alone.
        judging = [f for f in got.findings if f.verdict != "invalid" and (f.shape.iri != PG.uniqueKey or f.citations)]
        answers, passes = [clauses(a) for a in (*got.decisions, *judging)], [clauses(p) for p in got.passes]
        assert all((*answers, *passes)), f"{case.name}: an answer cites no clause"
        assert not any(f.citations for f in got.findings if f not in judging), f"{case.name}: a finding on form cites a clause"
        if "provisions" in case.wanted:
            assert set().union(*answers) == set(case.wanted["provisions"]), case.name
        cited = cited.union(*answers, *passes)
    assert cited == set(table.get("provisions", ()))


def sample(file: str) -> dict[Case, RecordReport]:
    """Run a few cases of a matrix, far apart."""
    own = list(cases(file))[::60]
    return dict(zip(own, run(own).records, strict=True))


def clauses(answer: DecisionResult | Finding) -> set[str]:
    return {c.provision.short for c in answer.citations}


@pytest.mark.parametrize("file", FILES)
def test_no_case_vanishes(file: str) -> None:
    assert len(cases(file)) >= int(source(file)["least"])
    assert all("reading" in c.wanted for c in cases(file)) or "contestAndMedal" in source(file)
    assert not {key for c in cases(file) for key in c.wanted} - KEYS


def test_whole_matrix_of_the_green_channel() -> None:
    """All combinations, by the engine alone: what a verdict makes of an outcome is seen in the cases above."""
    own, wrong = list(cases("green-channel-matrix")), []
    for start in range(0, len(own), 100):
        batch = own[start : start + 100]
        outcomes = decided([c.record for c in batch])
        wrong += [(c.name, got) for c, got in zip(batch, outcomes, strict=True) if got != {c.wanted["outcome"]}]
    assert not wrong


@pytest.mark.parametrize("file", ["award-claim", "award-claim-other-results", "employer-year", "green-channel"])
def test_jsonld_says_the_same(file: str) -> None:
    """Numbers arrive as JSON numbers, codes as short words; nothing about the answers changes."""
    own = [c for c in cases(file) if not c.record.extra][::3]
    report = check(jsonld([c.record for c in own]), ".jsonld")
    assert not report.file_findings
    for case, got in zip(own, report.records, strict=True):
        in_turtle = reports(file)[case]
        assert (got.verdict, findings(got), observed(got)) == (in_turtle.verdict, findings(in_turtle), observed(in_turtle)), case.name


ALONE = [
    ("award-claim", "缺成绩日期"),
    ("award-claim", "缺层级"),
    ("award-claim", "团队且缺是否已领取"),
    ("award-claim-other-results", "另一项缺名次"),
    ("employer-year", "缺年度"),
    ("employer-year", "没有基数"),
    ("employer-year", "只有比例和工资总额"),
    ("green-channel", "缺奖牌"),
    ("green-channel", "其他国家级一类缺奖牌与名次"),
]


@pytest.mark.parametrize(("file", "name"), ALONE)
def test_a_record_is_judged_alone_as_beside_others(file: str, name: str) -> None:
    (case,) = (c for c in cases(file) if c.name.split(" / ")[0] == name)
    (got,) = run([case]).records
    beside = reports(case.file)[case]
    assert (got.verdict, findings(got), observed(got)) == (beside.verdict, findings(beside), observed(beside))
