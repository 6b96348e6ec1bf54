"""Records an officer's finding on a fact of a registered record, and judges the record again with it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from policygraph.app import receipts
from policygraph.app.checking import check_read
from policygraph.app.register.entries import DETERMINE, Determination, Draft
from policygraph.app.register.knowing import determined
from policygraph.app.register.statements import FIRST, read, spelt, write
from policygraph.errors import InputError, Text, UsageError
from policygraph.model.terms import local_name
from policygraph.records.cells import interpret
from policygraph.records.codebook import CodeBook
from policygraph.records.complaints import Complaint, forms
from policygraph.records.kinds import load_kinds
from policygraph.records.near import described, near
from policygraph.records.order import CodeOrder
from policygraph.records.raw import Cell
from policygraph.records.record import Record, Submission
from policygraph.records.spelling import alike
from policygraph.store.embedded import EmbeddedStore
from policygraph.vocab import PG

if TYPE_CHECKING:
    from policygraph.app.register.accepting import By
    from policygraph.app.register.entries import Entry
    from policygraph.app.register.store import Register
    from policygraph.app.setting import Setting
    from policygraph.model.answers import RecordReport
    from policygraph.model.terms import Term
    from policygraph.records.kinds import Field, Kind
    from policygraph.reports.receipt import Circumstances

_NOT_STANDING = Text(
    "第 {number} 号不是现行记录，不能对其认定。", "Entry {number} is no record that stands; nothing can be determined on it."
)
_LIST = Text("policygraph register list --standing 列出现行记录。", "policygraph register list --standing shows what stands.")
_NO_KIND = Text("图谱中没有第 {number} 号的种类。", "The graph does not have the kind of entry {number}.")
_DATA = Text("请用 --data 指明登记时所用的数据目录。", "Name the data folder that was used when it was entered with --data.")
_NO_FIELD = Text("该种申报没有可认定的字段“{name}”。", "This kind of submission has no field “{name}” that can be determined.")
_FIELDS = Text("可认定的字段：{names}", "Fields that can be determined: {names}")
_NO_VALUE = Text("“{value}”不能是该字段的值。", "“{value}” cannot be a value of this field.")
_FUTURE = Text("认定日期不能晚于今天。", "A determination cannot be dated later than today.")


@dataclass(frozen=True, slots=True)
class Finding:
    """What an officer found, as it was typed.

    Attributes:
        field: Name of the field.
        value: What was found.
        by: Who found it.
        authority: In whose name.
        date: When.
        document: Number of the document.
    """

    field: str
    value: str
    by: str
    authority: str
    date: dt.date
    document: str


@dataclass(frozen=True, slots=True)
class Determined:
    """What became of a determination.

    Attributes:
        entry: Its entry.
        field: Name of the field.
        before: Short name of its verdict until now.
        said: What the checks and rules say of the record now.
        head: Chain value after it.
    """

    entry: Entry
    field: Text
    before: str
    said: RecordReport
    head: str


def determine(register: Register, setting: Setting, number: int, found: Finding, rests_on: Circumstances, by: By) -> Determined:
    """Record a finding on a record, and the verdict and receipt that follow from it.

    The record is judged as of the day of the finding, or its own day if that is later: what was found then was not known before.

    Args:
        register: The register, open for writing.
        setting: What the run rests on.
        number: Entry with the record.
        found: The finding.
        rests_on: What the run rests on, for the receipt.
        by: Who enters it, and when.

    Raises:
        UsageError: The entry is no record that stands, or has no such field, or the field cannot have the value.
        InputError: With the finding the record would be invalid.
        StoreError: The register cannot be written to.
    """
    entry, record, codes = _record(register, setting, number)
    if found.date > setting.today:
        raise UsageError(_FUTURE, Text("请改正日期。", "Correct the date."), "--date")
    field = _field(record.kind, found.field)
    value = _value(field, found.value, codes)
    day = found.date.isoformat()
    own = Determination(0, number, field.path, value, found.by, found.authority, day, found.document)
    earlier = [d for d in register.determinations_of(number) if d.field != field.path]
    record = determined(record, [*earlier, own])
    judged = replace(setting, as_of=dt.date.fromisoformat(max(entry.as_of, *(d.date for d in (*earlier, own)))))
    report = check_read(judged, str(register.path), Submission((record,), ()))
    said = report.records[0]
    if said.verdict.short == "invalid":
        why = next(f.message for f in said.findings if f.verdict == "invalid")
        raise InputError(why, Text("请改正所认定的值。", "Correct the value that is determined."), "--value")
    document = {
        "field": field.path,
        "value": spelt(value),
        "by": found.by,
        "authority": found.authority,
        "date": day,
        "document": found.document,
    }
    draft = Draft(
        action=DETERMINE,
        time=by.time,
        who=by.who,
        kind=entry.kind,
        verdict=said.verdict.short,
        as_of=said.as_of,
        policy=report.digest,
        refers_to=number,
        document=document,
        receipt=write(receipts.make(report, (record,), rests_on)),
    )
    with register.writing():
        _standing(register, number)
        before = [entry, *(own for one in register.family(number) for own in register.referring(one.number, DETERMINE))]
        latest = max(before, key=lambda own: own.number)
        return Determined(register.append(draft), field.name, latest.verdict, said, register.head())


def _standing(register: Register, number: int) -> Entry:
    entry = register.entry(number)
    if not register.stands(number):
        raise UsageError(_NOT_STANDING.format(number=number), _LIST)
    return entry


def _record(register: Register, setting: Setting, number: int) -> tuple[Entry, Record, CodeBook]:
    entry, payload = _standing(register, number), register.payload(number)
    store = EmbeddedStore(setting.graph)
    kind = load_kinds(store).get(entry.kind)
    if kind is None or payload is None:
        raise UsageError(_NO_KIND.format(number=number), _DATA)
    return entry, Record(FIRST, 1, "", kind, read(str(payload.document["facts"]))), CodeBook.of(store, CodeOrder(setting.roots))


def _field(kind: Kind, name: str) -> Field:
    wanted = alike(name.strip())
    fields = [field for field in kind.fields if not field.row_class and field.path != PG.evidence]
    for field in fields:
        names = {field.path, local_name(field.path), field.name.zh, field.name.en, *field.synonyms}
        if wanted in map(alike, names):
            return field
    labels = {local_name(field.path): field.name for field in fields}
    close = near(name, labels) or tuple(labels)
    raise UsageError(_NO_FIELD.format(name=name), _FIELDS.format(names=described(close, labels)), "--field")


def _value(field: Field, text: str, codes: CodeBook) -> Term:
    """Return the value that a text means in a field, as it would in a cell.

    Raises:
        UsageError: It means none.
    """
    value = interpret(Cell("text", text), field, codes)
    if value is None:
        value = Complaint(_NO_VALUE.format(value=text), forms(field, codes), text)
    if isinstance(value, Complaint):
        raise UsageError(value.message, value.mending, "--value")
    return value
