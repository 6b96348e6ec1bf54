"""What officers determine on entries of the register, and what cites it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from entering import BY, CLAIM, NAMING, claim, determine, enter, sound
from policygraph.app.checking import Run, check_with_records
from policygraph.app.register.entries import DETERMINE
from policygraph.app.register.erasing import erase
from policygraph.app.register.knowing import Knowing, determined
from policygraph.app.register.statements import FIRST, read
from policygraph.app.register.store import Register
from policygraph.app.replay import replay
from policygraph.errors import InputError, UsageError
from policygraph.model.terms import Iri
from policygraph.records.record import Record
from policygraph.vocab import PG
from submitting import Submitted, kinds, standard, turtle

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


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


@pytest.fixture
def claimed(one: Path, tmp_path: Path) -> Iterator[Register]:
    place = tmp_path / "claimed.db"
    place.write_bytes(one.read_bytes())
    place.chmod(0o600)
    with Register.open(place, writable=True) as register:
        yield register


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
    triples = determined(record, Knowing(register).determinations(record)).triples
    rank = kind.iri.rpartition("#")[0] + "#rank"
    assert [o.value for s, p, o in triples if p.value == rank] == ["1"]
    documents = {o.value for _, p, o in triples if p.value == PG.evidenceDocument}
    assert documents == {"文件", "2024年第7号"}  # what was shown for the other value proves nothing of this one
    rows = sorted(o.value for _, p, o in triples if p.value == PG.evidence)
    assert rows == [f"{FIRST}-evidence-1", f"{FIRST}-evidence-2"]


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
