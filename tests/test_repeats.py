"""Pairs of records that state the same fact, may do so, or do not: in one file, and beside the register."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from policygraph.app.checking import Run, check_with_records
from policygraph.app.receipts import circumstances, now
from policygraph.app.register.accepting import By, register_report
from policygraph.app.register.entries import ADD, Draft
from policygraph.app.register.knowing import Knowing
from policygraph.app.register.statements import as_first, write
from policygraph.app.register.store import Register
from policygraph.app.register.verifying import verify
from policygraph.graph.parsing import parse
from policygraph.records.copying import copy_submission
from policygraph.records.keys import MAX_RIVALS, KeyIndex, key_of, told
from policygraph.vocab import PG
from submitting import Submitted, check, kinds, standard, turtle

if TYPE_CHECKING:
    from policygraph.model.answers import RecordReport
    from policygraph.records.keys import Repeat
    from policygraph.records.record import Record

FOLDER = Path(__file__).parent / "repeats"
FILES = sorted(path.name for path in FOLDER.iterdir())
TIME = "2026-11-22T03:04:05Z"


@cache
def table(file: str) -> dict[str, Any]:
    return dict(yaml.safe_load((FOLDER / file).read_text("utf-8")))


def pairs() -> list[Any]:
    return [pytest.param(file, pair, id=pair["name"]) for file in FILES for pair in table(file)["pairs"] if "found" in pair]


def record(file: str, facts: dict[str, Any]) -> Submitted:
    own = {**table(file)["base"], **facts}
    spelt = {name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in own.items() if value is not None}
    return Submitted(table(file)["kind"], spelt)


def found(report: RecordReport) -> str:
    """Return what was found: the same (decided on), possible (a note alone) or apart."""
    notes = [f for f in report.findings if f.shape.iri == PG.uniqueKey]
    assert len(notes) <= 1
    assert all(f.verdict == "note" and f.message.zh and f.message.en for f in notes)
    certain = [f for f in notes if "the first stands" in f.message.en]
    return "same" if certain else "possible" if notes else "apart"


def test_no_pair_vanishes() -> None:
    for file in FILES:
        names = [pair["name"] for pair in table(file)["pairs"]]
        assert len(set(names)) == len(names) >= table(file)["least"]


def read(file: str, pair: dict[str, Any]) -> tuple[Record, ...]:
    text = turtle([record(file, pair.get(which, {})) for which in ("first", "second")])
    known = {kind.iri: kind for kind in kinds().values()}
    return copy_submission(parse(text.encode(), "turtle", base="https://submitted.invalid/"), known, lambda _: False).records


def sort(repeat: Repeat | None) -> str:
    return "apart" if repeat is None else "same" if repeat.certain else "possible"


@pytest.mark.parametrize(("file", "pair"), pairs())
def test_a_pair_in_one_file(file: str, pair: dict[str, Any]) -> None:
    for records in (read(file, pair), read(file, {"first": pair.get("second", {}), "second": pair.get("first", {})})):
        index = KeyIndex()
        assert [sort(index.enter(each)) for each in records] == ["apart", pair["found"]]


@pytest.mark.parametrize(("file", "pair"), pairs())
def test_a_pair_of_which_one_is_in_the_register(file: str, pair: dict[str, Any], tmp_path: Path) -> None:
    first, second = read(file, pair)
    with Register.create(tmp_path / "register.db", TIME) as register:
        assert sort(Knowing(register).about(first)[1]) == "apart"
        document = {"facts": write(as_first(first).triples), "key": key_of(first), "told": told(first)}
        with register.writing():
            register.append(Draft(ADD, TIME, "officer", first.kind.iri, "pass", "2024-10-15", document=document))
        assert sort(Knowing(register).about(second)[1]) == pair["found"]


def test_a_suspicion_changes_no_verdict_and_is_shown_when_it_is_entered(tmp_path: Path) -> None:
    path = tmp_path / "claims.ttl"
    with Register.create(tmp_path / "register.db", TIME) as register:
        for facts, wanted in (({}, "apart"), ({"contestName": "第三屆全國職業技能大賽"}, "possible")):
            path.write_text(turtle([record(FILES[0], facts)]), "utf-8")
            report, judged = check_with_records(standard(), str(path), run=Run(known=Knowing(register)))
            assert (found(report.records[0]), report.verdict.short) == (wanted, "pass")
            entered = register_report(register, report, judged, circumstances(standard(), (), now()), By("officer", TIME))
            assert [bool(each.notes) for each in entered.accepted] == [wanted == "possible"]
        assert verify(register).flaws == ()


def test_a_disguise_is_seen_among_many(tmp_path: Path) -> None:
    """A name that more records share than are ever compared hides none."""
    many = [record(FILES[0], {"event": f"赛项{number}"}) for number in range(MAX_RIVALS + 20)]
    last = record(FILES[0], {"event": "賽項7"})
    assert [found(each) for each in check(turtle([*many, last])).records] == [*["apart"] * len(many), "possible"]


def test_every_grant_that_is_given_once_has_a_key() -> None:
    """Known by the fields that ask whether it was had before; by a profile nobody claims anything."""
    asking, profiles = {"alreadyPaid", "subsidyPaid", "baseTitleHeld"}, {"Person", "Employer", "School"}
    claims = (kind for kind in kinds().values() if kind.is_record and kind.short not in profiles)
    once = {kind.short for kind in claims if asking & {f.path.rpartition("#")[2] for f in kind.fields}}
    keyed = {kind.short for kind in kinds().values() if kind.unique_key}
    assert once == keyed == {"AwardClaim", "SendingUnitNaming", "IntroductionSubsidyClaim"}
