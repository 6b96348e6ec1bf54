"""The register through the real pipeline: what is accepted, found again, corrected, determined, exported, and said on the command line."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from policygraph.app import receipts
from policygraph.app.checking import Run, check_with_records
from policygraph.app.register import determining
from policygraph.app.register.accepting import By, Registered, correctable, register_report
from policygraph.app.register.entries import ADD, CORRECT, DETERMINE
from policygraph.app.register.erasing import erase
from policygraph.app.register.knowing import Knowing, determined_triples
from policygraph.app.register.personal import personal_fields
from policygraph.app.register.rdf import register_triples
from policygraph.app.register.searching import search
from policygraph.app.register.statements import FIRST, read
from policygraph.app.register.store import Register
from policygraph.app.register.summary import summary
from policygraph.app.register.tabular import Words, write_table
from policygraph.app.register.verifying import verify
from policygraph.app.replay import replay
from policygraph.cli import main
from policygraph.cli.register import COMMANDS
from policygraph.errors import InputError, UsageError
from policygraph.graph.serialising import serialise
from policygraph.model.terms import Iri, Literal
from policygraph.records.codebook import CodeBook
from policygraph.records.kinds import load_kinds
from policygraph.records.record import Record
from policygraph.store.embedded import EmbeddedStore
from policygraph.vocab import OUTCOME, PG, PROV, RDF
from submitting import Submitted, kinds, standard, turtle

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from policygraph.app.setting import Setting
    from submitting import Facts

MADE = dt.datetime(2026, 11, 22, 3, 4, 5, tzinfo=dt.UTC)
BY = By("officer", "2026-11-22T03:04:05Z")
ID, OTHER_ID = "410700199001011234", "410700198812123411"
CLAIM: Facts = {
    "personName": "张三", "personId": ID, "role": "contestant", "contestName": "全省职业技能大赛", "edition": "3", "event": "焊接",
    "tier": "provincial", "contestClass": "class-1", "rank": "2", "resultDate": "2024-09-20", "teamSize": "1", "tied": "false",
    "alreadyPaid": "false", "claimDate": "2024-10-15",
}  # fmt: skip
NAMING: Facts = {
    "personName": "李强",
    "introduction": "introduced",
    "talentCategory": "national-technical-expert",
    "claimDate": "2024-09-01",
}
CHINESE = re.compile("[\u4e00-\u9fff]")


def claim(**facts: object) -> Submitted:
    return Submitted("AwardClaim", {k: v for k, v in {**CLAIM, **facts}.items() if v is not None})


@pytest.fixture
def register(tmp_path: Path) -> Iterator[Register]:
    with Register.create(tmp_path / "register.db", BY.time) as register:
        yield register


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A register with the claim, for copying."""
    place = tmp_path_factory.mktemp("one") / "register.db"
    with Register.create(place, BY.time) as register:
        enter(register, claim())
    return place


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Register]:
    """A register with two records, a correction, a determination and an erasure, for reading."""
    with Register.create(tmp_path_factory.mktemp("filled") / "register.db", BY.time) as register:
        formula, erased = claim(contestName="=cmd|' /C calc'!A0"), claim(personName="欧阳修", personId=OTHER_ID)
        enter(register, formula, Submitted("CraftsmanNaming", NAMING), erased)
        enter(register, claim(rank="1"), corrects=1)
        determine(register, 4, "personName", "张三丰", "2024-10-01")
        erase(register, [3], "保存期满", "王科长", BY.time)
        yield register


@pytest.fixture
def claimed(one: Path, tmp_path: Path) -> Iterator[Register]:
    place = tmp_path / "claimed.db"
    place.write_bytes(one.read_bytes())
    place.chmod(0o600)
    with Register.open(place, writable=True) as register:
        yield register


def enter(register: Register, *records: Submitted, by: By = BY, corrects: int = 0, under: Setting | None = None) -> Registered:
    base = under or standard()
    path = register.path.with_name("张三的申报.ttl")
    path.write_text(turtle(list(records)), "utf-8")
    run = Run(known=Knowing(register, base.as_of, corrects))
    report, judged = check_with_records(base, str(path), run=run)
    return register_report(register, report, judged, receipts.circumstances(base, (), MADE), by, corrects)


def determine(register: Register, number: int, field: str, value: str, day: str = "2024-08-30", **said: str) -> determining.Determined:
    base = standard()
    words = {"by": "王主任", "authority": "考核认定机关", "document": "2024年第7号", **said}
    finding = determining.Finding(field=field, value=value, date=dt.date.fromisoformat(day), **words)
    return determining.determine(register, base, number, finding, receipts.circumstances(base, (), MADE), BY)


def numbers(found: Registered) -> list[int]:
    return [each.entry.number for each in found.accepted]


def sound(register: Register) -> bool:
    return verify(register).flaws == ()


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
    assert "entry 1 of the register" in notes[0][0]
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


# ---------------------------------------------------------------- determining
def test_decisions_cite_a_determination(register: Register, tmp_path: Path) -> None:
    record = Submitted("CraftsmanNaming", NAMING)
    enter(register, record)
    assert register.entry(1).verdict == "undetermined"
    found = determine(register, 1, "考核认定结果", "已通过")
    assert (found.before, found.said.verdict.short, found.entry.action, found.entry.refers_to) == ("undetermined", "pass", DETERMINE, 1)
    shown = [e for d in found.said.decisions for a in d.alternatives for c in a.conditions for f in c.found for e in f.evidence]
    assert {(e.issuer, e.document, e.date, e.official) for e in shown} == {("考核认定机关", "2024年第7号", "2024-08-30", True)}
    payload = register.payload(2)
    assert payload is not None
    place = tmp_path / "receipt.nt"
    place.write_text(payload.receipt, "utf-8")
    assert replay(standard(), place).identical
    # The same record, checked again beside the register, is judged with it.
    path = tmp_path / "again.ttl"
    path.write_text(turtle([record]), "utf-8")
    report, judged = check_with_records(standard(), str(path), run=Run(known=Knowing(register)))
    assert report.verdict.short == "pass"
    assert (Iri(FIRST), Iri(PG.evidence), Iri(f"{FIRST}-evidence-1")) in judged[0].triples
    early = Knowing(register, dt.date(2024, 8, 29))
    assert check_with_records(standard(), str(path), run=Run(known=early))[0].verdict.short == "undetermined"
    assert determine(register, 1, "assessment", "not-passed").said.verdict.short == "violation"  # the latest counts
    assert sound(register)


def test_a_record_is_judged_on_the_day_of_a_determination_at_the_earliest(claimed: Register, tmp_path: Path) -> None:
    assert determine(claimed, 1, "rank", "1", "2025-03-01").said.as_of == "2025-03-01"
    path = tmp_path / "again.ttl"
    path.write_text(turtle([claim()]), "utf-8")
    for day, as_of, verdict in ((None, "2025-03-01", "violation"), (dt.date(2024, 12, 31), "2024-12-31", "violation")):
        base = replace(standard(), as_of=day)
        report, judged = check_with_records(base, str(path), run=Run(known=Knowing(claimed, day)))
        assert (report.records[0].as_of, report.verdict.short) == (as_of, verdict)  # a duplicate, and nothing invalid
        assert any(p.value == PG.evidence for _, p, _ in judged[0].triples) == (day is None)


def test_a_determined_fact_takes_the_place_of_what_was_stated(register: Register) -> None:
    evidence = [{"aboutField": f, "evidenceDocument": d} for f, d in (("rank", "奖状"), ("tier", "文件"))]
    facts = {**CLAIM, "evidence": evidence} if "evidence" in {f.path.rpartition("#")[2] for f in kinds()["AwardClaim"].fields} else CLAIM
    enter(register, Submitted("AwardClaim", facts))
    determine(register, 1, "名次", "第一名", "2024-10-01", authority="市人社局")
    kind = kinds()["AwardClaim"]
    payload = register.payload(1)
    assert payload is not None
    record = Record(FIRST, 1, "", kind, read(payload.document["facts"]))
    triples, notes = determined_triples(record, register)
    rank = kind.iri.rpartition("#")[0] + "#rank"
    assert [o.value for s, p, o in triples if p.value == rank] == ["1"]
    documents = {o.value for _, p, o in triples if p.value == PG.evidenceDocument}
    assert documents == {"文件", "2024年第7号"}  # what was shown for the other value proves nothing of this one
    rows = sorted(o.value for _, p, o in triples if p.value == PG.evidence)
    assert rows == [f"{FIRST}-evidence-1", f"{FIRST}-evidence-2"]
    (note,) = notes
    assert "市人社局" in note.zh
    assert "in place of what was stated" in note.en
    assert determined_triples(replace(record, triples=()), register) == ((), ())


VALUES = [
    ("role", "专家教练", "/coach"), ("role", "coach", "/coach"), ("tied", "是", "true"), ("tied", "no", "false"), ("rank", "第三名", "3"),
    ("resultDate", "2024年9月1日", "2024-09-01"), ("personName", "王五", "王五"), ("赛事名称", " 某大赛 ", "某大赛"),
]  # fmt: skip


@pytest.mark.parametrize(("field", "value", "wanted"), VALUES)
def test_values_are_read_as_in_cells(claimed: Register, field: str, value: str, wanted: str) -> None:
    determine(claimed, 1, field, value, "2024-10-01")
    (found,) = claimed.determinations_of(1)
    assert found.value.value.endswith(wanted)


REFUSED = [
    ("rank", "0", InputError, "名次"), ("rank", "若干", UsageError, "若干"), ("role", "评委", UsageError, "评委"),
    ("tied", "也许", UsageError, "也许"), ("resultDate", "2024-02-30", UsageError, "2024-02-30"), ("personId", "123", InputError, "身份证"),
    ("otherResult", "x", UsageError, "字段"), ("evidence", "x", UsageError, "字段"), ("rnak", "1", UsageError, "字段"),
    ("rank", " ", UsageError, ""), ("rank", "1\u202e", UsageError, ""),
]  # fmt: skip


@pytest.mark.parametrize(("field", "value", "error", "part"), REFUSED)
def test_what_cannot_be_determined_is_refused(claimed: Register, field: str, value: str, error: type, part: str) -> None:
    with pytest.raises(error) as raised:
        determine(claimed, 1, field, value, "2024-10-01")
    assert part in raised.value.what.zh
    assert raised.value.fix.zh != raised.value.fix.en
    assert len(list(claimed.entries())) == 1


def test_nothing_is_determined_on_what_does_not_stand(register: Register) -> None:
    enter(register, claim())
    enter(register, claim(rank="1"), corrects=1)
    for number in (1, 3):
        with pytest.raises(UsageError):
            determine(register, number, "rank", "1", "2024-10-01")
    determine(register, 2, "rank", "3", "2024-10-01")
    with pytest.raises(UsageError, match="no record that stands"):
        determine(register, 3, "rank", "1", "2024-10-01")
    with pytest.raises(UsageError, match="later than today"):
        determine(register, 2, "rank", "1", "2099-01-01")
    assert [e.number for e in erase(register, [1], "expired", "officer", BY.time)] == [4, 5, 6]
    with pytest.raises(UsageError, match="no record that stands"):
        determine(register, 2, "rank", "1", "2024-10-01")
    assert sound(register)


# ---------------------------------------------------------------- exporting
SECRETS = ("张三", ID, "李强", "欧阳修", OTHER_ID, "officer", "王科长", "王主任", "2024年第7号", "保存期满", "的申报")


def test_an_export_names_nodes_by_number_and_tells_what_happened(filled: Register) -> None:
    triples = list(register_triples(filled))
    iris = {t.value for triple in triples for t in triple if isinstance(t, Iri)}
    assert not [iri for iri in iris for secret in SECRETS if secret in iri]
    entry = "https://w3id.org/policygraph/register#entry-{}"
    assert (Iri(entry.format(4)), Iri(PROV.wasRevisionOf), Iri(entry.format(1))) in triples
    assert (Iri(entry.format(5)), Iri(RDF.type), Iri(PG.Determination)) in triples
    assert any(s == Iri(entry.format(3)) and p.value == PROV.wasInvalidatedBy for s, p, _ in triples)
    said = {o.value for _, _, o in triples if isinstance(o, Literal)}
    assert {"张三", "李强", ID, "officer", "王科长", "王主任", "保存期满"} <= said
    assert "欧阳修" not in said  # erased
    declared = {t.value for t in standard().graph.subjects(RDF.type, Iri("http://www.w3.org/2002/07/owl#Class"))}
    used = {p.value for _, p, _ in triples if p.value.startswith(PG)}
    assert {o.value for _, p, o in triples if p.value == RDF.type and o.value.startswith(PG)} <= declared
    assert all(next(standard().graph.triples(Iri(p)), None) for p in used)
    for form in ("turtle", "trig", "ntriples", "jsonld", "rdfxml"):
        assert serialise(triples, form) == serialise(list(register_triples(filled)), form)


def test_an_anonymous_export_names_nobody(filled: Register) -> None:
    store = EmbeddedStore(standard().graph)
    without = personal_fields(store)
    words = Words(load_kinds(store), CodeBook.of(store), "zh")
    text, table = serialise(register_triples(filled, without), "turtle"), write_table(filled, words, without)
    assert [secret for secret in SECRETS if secret in text + table] == []
    assert "全省职业技能大赛" in text
    assert "全省职业技能大赛" in table
    whole = write_table(filled, words)
    assert all(secret in whole for secret in ("张三", ID, "officer"))
    rows = list(csv.DictReader(io.StringIO(whole.removeprefix("\ufeff"))))
    assert [row["编号"] for row in rows] == [str(number) for number in range(1, 7)]
    assert rows[0]["赛事名称"] == "'=cmd|' /C calc'!A0"  # text stays text in a spreadsheet
    assert rows[4]["姓名"] == "张三丰"


def test_every_name_and_number_of_a_person_is_marked_personal() -> None:
    fields = personal_fields(EmbeddedStore(standard().graph))
    paths = {field.path for kind in kinds().values() for field in kind.fields}
    named = {path for path in paths if re.search("(person|talent|graduate)(Name|Id)$", path)}
    assert len(named) >= 4
    assert named <= fields
    assert not [path for path in fields if re.search("(employer|school|unit|contest|authority)Name$", path)]


def test_words_of_a_person_are_searched_everywhere(filled: Register) -> None:
    for words, wanted in ((ID[:12], [1, 4]), ("张三丰", [5]), ("王主任", [5]), ("欧阳修", []), ("国家级", [])):
        assert [match.entry.number for match in search(filled, words)] == wanted


# ---------------------------------------------------------------- the command line
@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("POLICYGRAPH_LANG", "POLICYGRAPH_REGISTER", "POLICYGRAPH_DEBUG", "LC_ALL", "LC_MESSAGES", "LANG", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("USER", "somebody else")
    return tmp_path


def say(capfd: pytest.CaptureFixture[str], *words: str, code: int = 0) -> str:
    assert main.main(["register", *words]) == code, capfd.readouterr()
    out, err = capfd.readouterr()
    assert "Traceback" not in out + err
    return out + err


@pytest.mark.parametrize("tongue", ["zh", "en"])
@pytest.mark.parametrize("name", COMMANDS)
def test_every_sub_command_has_help_with_an_example(name: str, tongue: str, capfd: pytest.CaptureFixture[str]) -> None:
    text = say(capfd, name, "--help", "--lang", tongue)
    assert f"policygraph register {name}" in text.splitlines()[0]
    assert text.count(f"policygraph register {name}") >= 2
    assert bool(CHINESE.search(text)) == (tongue == "zh")


def test_the_whole_life_of_an_entry(place: Path, capfd: pytest.CaptureFixture[str]) -> None:
    first, second = place / "申报.ttl", place / "更正.ttl"
    first.write_text(turtle([claim(), claim(personId=OTHER_ID, rank="0")]), "utf-8")
    second.write_text(turtle([claim(rank="1")]), "utf-8")
    at = ["--register", str(place / "r.db")]
    text = say(capfd, "add", str(first), *at, "--new", "--by", "王科长", code=1)
    assert "第 1 号" in text
    assert "不能登记" in text
    (head,) = re.findall("链头：([0-9a-f]{64})", text)
    assert "somebody" not in say(capfd, "list", *at)
    listed = say(
        capfd, "list", "--lang", "en", "--kind", "award claim", "--verdict", "pass", "--since", "2020-01-01", "--who", "王科长", *at
    )
    assert "Entries: 1." in listed
    assert "张三" not in listed
    assert ID not in listed
    assert '"verdict": "pass"' in say(capfd, "list", "--format", "json", "--standing", *at)
    assert "entry 2" in say(capfd, "correct", "1", str(second), *at, "--lang", "en")
    assert "已由第 2 号更正" in say(capfd, "show", "1", *at)
    shown = say(capfd, "show", "2", "--receipt", str(place / "receipt.ttl"), *at)
    assert all(part in shown for part in ("更正第 1 号", "张三", ID, "现行", "符合条件"))
    assert (place / "receipt.ttl").stat().st_mode & 0o077 == 0
    assert main.main(["replay", str(place / "receipt.ttl")]) == 0
    assert "一致" in capfd.readouterr().out
    assert "replaces no file" in say(capfd, "show", "2", "--receipt", str(place / "receipt.ttl"), "--lang", "en", *at, code=2)
    assert "姓名" in say(capfd, "search", "张三", *at)
    assert "✓" in say(capfd, "verify", "--head", head, *at)
    assert "其后又登记 1 条" in say(capfd, "verify", "--head", head, *at)
    assert "没有通过核验" not in say(capfd, "backup", str(place / "b.db"), *at)
    assert "Entries" not in say(capfd, "restore", str(place / "b.db"), "--register", str(place / "new.db"), "--head", head)
    assert "不在链上" in say(capfd, "restore", str(place / "b.db"), "--register", str(place / "n2.db"), "--head", "0" * 64, code=1)
    assert not (place / "n2.db").exists()
    assert "个人信息" in say(capfd, "erase", "2", "--reason", f"{ID}要求", "--yes", *at, code=2)
    assert "--yes" in say(capfd, "erase", "2", "--reason", "本人要求", *at, code=2)
    assert "第 1, 2 号" in say(capfd, "erase", "2", "--reason", "本人要求", "--yes", *at)
    assert "已由第 3 号删除" in say(capfd, "show", "1", *at)
    assert "没有凭证" in say(capfd, "show", "1", "--receipt", str(place / "none.ttl"), *at, code=2)
    say(capfd, "export", "--anonymous", "-o", str(place / "x.csv"), *at)
    assert (place / "x.csv").stat().st_mode & 0o077 == 0
    assert "张三".encode() not in b"".join(p.read_bytes() for p in place.glob("r.db*"))
    assert "共 0 条" in say(capfd, "search", "张三", *at)
    assert main.main(["register", "--register", str(place / "r.db"), "verify", "--lang", "en"]) == 0
    assert "erased: 2" in capfd.readouterr().out


MISTAKES = [
    ((), 0, "子命令"),
    (("lits",), 2, "list"),
    (("list",), 2, "POLICYGRAPH_REGISTER"),
    (("list", "--register", "/nowhere/r.db"), 2, "文件不存在"),
    (("show", "x", "--register", "{r}"), 2, "不是编号"),
    (("show", "9" * 30, "--register", "{r}"), 2, "不是编号"),
    (("show", "7", "--register", "{r}"), 2, "没有第 7 号"),
    (("list", "--kind", "奖励", "--register", "{r}"), 2, "竞赛奖励申报"),
    (("list", "--since", "soon", "--register", "{r}"), 2, "不是日期"),
    (("search", "!!", "--register", "{r}"), 2, "没有可查找"),
    (("verify", "--head", "12", "--register", "{r}"), 2, "64 位"),
    (("add", "{r}", "--register", "{r}", "--new"), 2, "已存在"),
    (("add", "{f}", "--register", "{r}", "--also", "invalid"), 2, "不能是"),
    (("add", "{f}", "--register", "{r}", "--also", "violation"), 2, "须同用"),
    (("add", "{f}", "--register", "{r}", "--because", "x"), 2, "须同用"),
    (("add", "{f}", "--register", "{r}", "--by", "a\u202eb"), 2, "--by"),
    (("add", "/nowhere.ttl", "--register", "{n}", "--new"), 2, "/nowhere.ttl"),
    (("backup", "{r}", "--register", "{r}"), 2, "已存在"),
    (("erase", "1", "--reason", " ", "--register", "{r}", "--yes"), 2, "--reason"),
]


@pytest.mark.parametrize(("words", "code", "part"), MISTAKES, ids=lambda v: " ".join(v)[:40] if isinstance(v, tuple) else None)
def test_mistakes_are_told(place: Path, capfd: pytest.CaptureFixture[str], words: tuple[str, ...], code: int, part: str) -> None:
    path, file = place / "r.db", place / "f.ttl"
    Register.create(path, BY.time).close()
    file.write_text(turtle([claim()]), "utf-8")
    filled_in = [word.format(r=path, f=file, n=place / "new.db") for word in words]
    assert part in say(capfd, *filled_in, code=code)
    assert not (place / "new.db").exists()
    english = say(capfd, *filled_in, *(["--lang", "en"] if words else []), code=code)
    if code == 2:
        assert not CHINESE.search(re.sub("“[^”]*”|\n.*—.*", "", english.replace("奖励", "")).replace("竞赛奖励申报", "")), english
    with Register.open(path) as register:
        assert list(register.entries()) == []


def test_actions_are_those_of_the_file() -> None:
    assert ADD == "add"
    assert {ADD, CORRECT, DETERMINE} < set(COMMANDS)
