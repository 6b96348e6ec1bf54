"""Claims that are checked and entered in a register, and findings of officers on them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from policygraph.app import receipts
from policygraph.app.checking import Run, check_with_records
from policygraph.app.register import determining
from policygraph.app.register.accepting import By, Registered, register_report
from policygraph.app.register.knowing import Knowing
from policygraph.app.register.verifying import verify
from submitting import Submitted, standard, turtle

if TYPE_CHECKING:
    from policygraph.app.register.store import Register
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


def claim(**facts: object) -> Submitted:
    return Submitted("AwardClaim", {k: v for k, v in {**CLAIM, **facts}.items() if v is not None})


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
