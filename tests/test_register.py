"""The register from the inside: what is accepted and what is found again, and corrections."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from entering import BY, ID, MADE, NAMING, OTHER_ID, claim, enter, numbers, sound
from policygraph.app import receipts
from policygraph.app.checking import Run, check_with_records
from policygraph.app.register.accepting import By, correctable, register_report
from policygraph.app.register.entries import CORRECT
from policygraph.app.register.knowing import Knowing
from policygraph.app.register.statements import FIRST, read
from policygraph.app.register.store import Register
from policygraph.app.register.summary import summary
from policygraph.app.replay import replay
from policygraph.errors import InputError, UsageError
from policygraph.vocab import OUTCOME, PG
from submitting import Submitted, kinds, standard, turtle

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def register(tmp_path: Path) -> Iterator[Register]:
    with Register.create(tmp_path / "register.db", BY.time) as register:
        yield register


# ---------------------------------------------------------------- accepting
def test_what_is_accepted_and_what_is_not(register: Register) -> None:
    records = [
        claim(),  # pass
        claim(personId=OTHER_ID, teamSize="3"),  # undetermined
        claim(personId=OTHER_ID, event="车工", claimedAmount="9000000"),  # violation
        claim(personId=OTHER_ID, event="铣工", rank="0"),  # invalid
        Submitted("SchoolYear", {"schoolName": "某校"}),  # nothing stated
    ]
    found = enter(register, *records)
    said = [(e.entry.verdict, e.entry.batch, e.entry.who) for e in found.accepted]
    assert said[:2] == [("pass", 1, "officer"), ("undetermined", 1, "officer")]
    assert {"violation", "invalid", "unchecked"}.isdisjoint(verdict for verdict, *_ in said)
    assert found.head == register.head()
    assert ["--also violation" in d.fix.en for d in found.declined][:2] == [True, False]
    assert "cannot be entered" in found.declined[1].fix.en
    assert all(d.why.zh and d.why.en and d.place.zh for d in found.declined)
    by = By("officer", BY.time, frozenset({"violation"}), "复核后同意")
    again = enter(register, records[2], records[3], by=by)
    assert [e.entry.verdict for e in again.accepted] == ["violation"]
    payload = register.payload(again.accepted[0].entry.number)
    assert payload is not None
    assert payload.document["because"] == "复核后同意"
    assert len(again.declined) == 1
    assert sound(register)


def test_an_entry_holds_what_was_judged_and_a_receipt_that_replays(register: Register, tmp_path: Path) -> None:
    rows = [{"tier": "municipal", "contestClass": "class-1", "rank": "3"}, {"tier": "national", "contestClass": "class-1", "rank": "1"}]
    found = enter(register, claim(event="其一"), claim(), claim(event="其三", otherResult=rows))
    assert numbers(found) == [1, 2, 3]
    for number in numbers(found):
        entry, payload = register.entry(number), register.payload(number)
        assert payload is not None
        facts = read(payload.document["facts"])
        assert {s.value.partition("-other")[0] for s, _, _ in facts} == {FIRST}
        assert payload.document["name"] == "张三"
        assert payload.document["sha256"]
        place = tmp_path / f"receipt-{number}.nt"
        place.write_text(payload.receipt, "utf-8")
        found_again = replay(standard(), place)
        assert (found_again.identical, found_again.circumstances) == (True, ())
        assert f"record-{number}" not in payload.receipt or number == 1
        (decision,) = summary(payload.receipt).decisions
        assert decision.outcome.value == OUTCOME["eligible" if entry.verdict == "pass" else "undetermined"]
    assert {e.entry.as_of for e in found.accepted} == {"2024-10-15"}
    assert {e.entry.policy for e in found.accepted} == {standard().digest}


# ---------------------------------------------------------------- duplicates
def test_a_duplicate_is_found_by_the_pipeline_and_by_the_register(register: Register) -> None:
    assert numbers(enter(register, claim(), claim(rank="1"))) == [1]  # the second of a file repeats the first
    found = enter(register, claim(rank="3", personName="张 三"))
    assert numbers(found) == []
    assert "entry 1 of the register" in found.declined[0].why.en
    assert "--also duplicate --also violation" in found.declined[0].fix.en
    assert ID not in found.declined[0].why.zh + found.declined[0].fix.zh
    # Somebody else entered it between the check and the writing.
    path = register.path.with_name("late.ttl")
    path.write_text(turtle([claim()]), "utf-8")
    report, judged = check_with_records(standard(), str(path))
    assert report.verdict.short == "pass"
    late = register_report(register, report, judged, receipts.circumstances(standard(), (), MADE), BY)
    assert numbers(late) == []
    assert "the first stands" in late.declined[0].why.en
    by = By("officer", BY.time, frozenset({"duplicate", "violation"}), "两次获奖")
    assert numbers(enter(register, claim(), by=by)) == [2]
    earlier = register.earlier(kinds()["AwardClaim"].iri, key(claim()))
    assert earlier is not None
    assert earlier.number == 1
    assert sound(register)


def key(record: Submitted) -> tuple[str, ...]:
    kind = kinds()[record.kind]
    return tuple(record.facts[path.rpartition("#")[2]] for path in kind.unique_key)


def test_a_record_without_a_key_is_found_word_for_word(register: Register) -> None:
    assert numbers(enter(register, Submitted("CraftsmanNaming", NAMING))) == [1]
    found = enter(register, Submitted("CraftsmanNaming", NAMING))
    assert numbers(found) == []
    assert "word for word" in found.declined[0].why.en
    assert numbers(enter(register, Submitted("CraftsmanNaming", {**NAMING, "claimDate": "2024-09-02"}))) == [2]


def test_the_pipeline_finds_it_again_too(register: Register, tmp_path: Path) -> None:
    enter(register, Submitted("CraftsmanNaming", NAMING))
    path = tmp_path / "again.ttl"
    path.write_text(
        turtle([Submitted("CraftsmanNaming", NAMING), Submitted("CraftsmanNaming", {**NAMING, "claimDate": "2024-09-02"})]), "utf-8"
    )
    report, _ = check_with_records(standard(), str(path), run=Run(known=Knowing(register)))
    notes = [[f.message.en for f in r.findings if f.shape.iri == PG.uniqueKey] for r in report.records]
    assert notes[0] == [f"It may repeat entry 1 of the register (entered on {BY.time[:10]}): both are word for word the same."]
    assert notes[1] == []


def test_what_may_be_a_duplicate_is_shown(register: Register) -> None:
    enter(register, claim())
    records = claim(personId=None), claim(personId=None, event="车工", rank="3"), claim(personId=OTHER_ID, personName="李四")
    found = enter(register, *records, by=By("officer", BY.time, frozenset({"incomplete"}), "补录")).accepted
    assert [bool(each.notes) for each in found] == [True, False, False]
    assert "entry 1 of the register" in found[0].notes[0].en
    assert "登记簿第 1 号" in found[0].notes[0].zh


def test_a_grant_that_could_not_be_found_again_is_not_entered(register: Register) -> None:
    record = claim(personId=None, edition="不详")
    found = enter(register, record)
    assert (numbers(found), register.head()) == ([], register.origin)
    (declined,) = found.declined
    assert "ID number, edition not stated" in declined.why.en
    assert "未填身份证件号码、届次" in declined.why.zh
    assert declined.fix.en.endswith("--also incomplete --because REASON")
    both = enter(register, claim(personId=None, claimedAmount="9000000"), by=By("officer", BY.time, frozenset({"violation"}), "复核"))
    assert "--also incomplete --also violation" in both.declined[0].fix.en
    assert numbers(enter(register, record, by=By("officer", BY.time, frozenset({"incomplete"}), "旧案补录"))) == [1]
    payload = register.payload(1)
    assert payload is not None
    assert payload.document["because"] == "旧案补录"
    assert numbers(enter(register, Submitted("CraftsmanNaming", NAMING))) == [2]  # a kind without a key lacks none
    assert sound(register)


# ---------------------------------------------------------------- correcting
def test_a_correction_takes_the_place_and_the_old_entry_stays(register: Register) -> None:
    enter(register, claim(), Submitted("CraftsmanNaming", NAMING))
    assert numbers(enter(register, claim(rank="1"), corrects=1)) == [3]
    entry = register.entry(3)
    assert (entry.action, entry.refers_to) == (CORRECT, 1)
    assert register.payload(1) is not None
    assert register.standing() == {2, 3}
    earlier = register.earlier(entry.kind, key(claim()))
    assert earlier is not None
    assert earlier.number == 3
    with pytest.raises(UsageError, match="no record that stands") as raised:
        correctable(register, 1)
    assert "Entry 3" in raised.value.fix.en
    with pytest.raises(UsageError, match="no entry 99"):
        correctable(register, 99)
    with pytest.raises(InputError, match="exactly one record, of the same kind"):
        enter(register, claim(), corrects=2)
    assert numbers(enter(register, claim(event="车工"), corrects=3)) == [4]  # the key itself was wrong
    assert register.earlier(entry.kind, key(claim())) is None
    assert numbers(enter(register, claim())) == [5]
    assert sound(register)
