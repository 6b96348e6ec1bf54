"""Accepts the records of a checked submission into the register, each with its verdict and a receipt of its own."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import reduce
from typing import TYPE_CHECKING

from policygraph.app import receipts
from policygraph.app.register.entries import ADD, CORRECT, Draft, Entry
from policygraph.app.register.knowing import named
from policygraph.app.register.statements import as_first, renamed, write
from policygraph.errors import InputError, Text, UsageError
from policygraph.records.keys import key_of, lacking, told
from policygraph.records.spool import Spool
from policygraph.vocab import PG

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from policygraph.app.register.store import Register
    from policygraph.model.answers import CheckReport, RecordReport
    from policygraph.records.record import Record
    from policygraph.reports.receipt import Circumstances

# Verdicts with which a record is accepted. One that is undetermined is: the text leaves much to discretion, and what was granted so
# must be found again. One that no check looked at never passes, and what is invalid was not decided at all.
ACCEPTED = frozenset({"pass", "warning", "undetermined"})
DUPLICATE = "duplicate"
# What was granted once must be found again; without its whole key it would not be.
INCOMPLETE = "incomplete"
# What an officer may accept all the same, with a reason.
ALSO = ("violation", "unchecked", DUPLICATE, INCOMPLETE)

_OF_VERDICT = Text("结论为“{verdict}”", "its verdict is “{verdict}”")
_WITH_REASON = Text("{why}（{reason}）", "{why} ({reason})")
_AND = Text("{why}；{more}", "{why}; {more}")
_REPEATS = Text("与{entry}是同一事实；先者成立", "it states the same fact as {entry}; the first stands")
_SAME = Text("与{entry}逐字相同", "it is word for word the same as {entry}")
_LACKING = Text(
    "未填{fields}，不能识别是哪一事实，日后重复申报无从查出",
    "{fields} not stated: which fact it is cannot be told, and a later claim of the same would not be found",
)
_SUPPLY = Text("请补填后再登记；{anyway}", "state what is missing and add it again; {anyway}")
_NEVER = Text("无效记录不能登记", "an invalid record cannot be entered")
_ANYWAY = Text("确需登记，请加 {options} --because 理由", "to enter it all the same, add {options} --because REASON")


@dataclass(frozen=True, slots=True)
class By:
    """Who enters something, when, and what is accepted although it would not be.

    Attributes:
        who: Who enters it.
        time: The moment, as xsd:dateTime in UTC.
        also: Verdicts, or `duplicate` or `incomplete`, with which a record is accepted too.
        because: Why.
    """

    who: str
    time: str
    also: frozenset[str] = frozenset()
    because: str = ""


@dataclass(frozen=True, slots=True)
class Accepted:
    """A record that was entered.

    Attributes:
        entry: Its entry.
        place: Where it stood in the submission.
        notes: What to look at: that it may repeat an earlier record.
    """

    entry: Entry
    place: Text
    notes: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Declined:
    """A record that was not entered.

    Attributes:
        place: Where it stood in the submission.
        why: Why it was not.
        fix: What to do to enter it all the same, or instead.
    """

    place: Text
    why: Text
    fix: Text


@dataclass(frozen=True, slots=True)
class Registered:
    """What became of a submission; head is the chain value after it."""

    accepted: Sequence[Accepted]
    declined: Sequence[Declined]
    head: str


def register_report(
    register: Register, report: CheckReport, records: Sequence[Record], rests_on: Circumstances, by: By, corrects: int = 0
) -> Registered:
    """Enter the records of a checked submission, all that can be in one transaction.

    Args:
        register: The register, open for writing.
        report: What was concluded.
        records: The records as they were judged, in the order of the report.
        rests_on: What the run rests on.
        by: Who enters it, when, and what is accepted although it would not be.
        corrects: Entry that the only record corrects, 0 for none.

    Raises:
        UsageError: The entry that is to be corrected does not stand, or is of another kind.
        InputError: A correction has more than one record.
        StoreError: The register cannot be written to.
    """
    ready: Spool[tuple[Draft, Text, tuple[Text, ...]]] = Spool()
    declined: Spool[Declined] = Spool()
    # Receipts take long; nobody is kept from writing meanwhile.
    for record, said in zip(records, report.records, strict=True):
        if said.verdict.short in ACCEPTED | by.also and (INCOMPLETE in by.also or not lacking(record)):
            ready.append((_draft(record, said, report, rests_on, by), _place(said), _notes(said)))
        else:
            declined.append(_declined(register, record, said, by, corrects))
    accepted: Spool[Accepted] = Spool()
    with register.writing():
        if corrects:
            _alike(correctable(register, corrects), [record.kind.iri for record in records])
        for draft, place, notes in ready:
            earlier = _earlier(register, draft, corrects)
            if earlier is not None and DUPLICATE not in by.also:
                declined.append(Declined(place, earlier, _options({DUPLICATE})))
                continue
            entered = replace(draft, action=CORRECT, refers_to=corrects) if corrects else draft
            accepted.append(Accepted(register.append(entered), place, notes))
        head = register.head()
    return Registered(accepted, declined, head)


def _draft(record: Record, said: RecordReport, report: CheckReport, rests_on: Circumstances, by: By) -> Draft:
    first = as_first(record)
    # A receipt tells neither findings nor where anything stood in the file.
    alone = replace(said, iri=first.iri, position=1, findings=(), passes=(), stated=(), decisions=renamed(said.decisions, record.iri))
    single = replace(report, records=(alone,))
    place = _place(said)
    document: dict[str, object] = {
        "facts": write(first.triples),
        "key": key_of(record),
        "told": told(record),
        "name": said.name,
        "place": {"zh": place.zh, "en": place.en},
    }
    if said.place is not None:
        document["file"] = said.place.file
        document["sha256"] = next((file.sha256 for file in report.files if file.name == said.place.file), "")
    if said.verdict.short in by.also:
        document["also"] = said.verdict.short
    if "also" in document or DUPLICATE in by.also or (INCOMPLETE in by.also and lacking(record)):
        document["because"] = by.because
    return Draft(
        action=ADD,
        time=by.time,
        who=by.who,
        kind=record.kind.iri,
        verdict=said.verdict.short,
        as_of=said.as_of,
        policy=report.digest,
        document=document,
        receipt=write(receipts.make(single, (first,), rests_on)),
    )


def _place(said: RecordReport) -> Text:
    number = Text(f"记录 {said.position}", f"record {said.position}")
    if said.place is None:
        return Text(f"{number.zh} {said.source}".strip(), f"{number.en} {said.source}".strip())
    words = said.place.words()
    placed = said.place.row or said.place.line or said.place.path
    return words if placed else Text(f"{words.zh}，{number.zh}", f"{words.en}, {number.en}")


def _notes(said: RecordReport) -> tuple[Text, ...]:
    return tuple(f.message for f in said.findings if f.shape.iri == PG.uniqueKey and f.verdict == "note")


def _declined(register: Register, record: Record, said: RecordReport, by: By, corrects: int) -> Declined:
    verdict, place = said.verdict.short, _place(said)
    whys: list[Text] = []
    needed: set[str] = set()
    if verdict not in ACCEPTED:
        why = _OF_VERDICT.format(verdict=said.verdict.label)
        first = next((f.message for f in said.findings if f.verdict == verdict), None)
        whys.append(why if first is None else _WITH_REASON.format(why=why, reason=first))
        if verdict not in ALSO:
            return Declined(place, whys[0], _NEVER)
        needed.add(verdict)
    key, missing = key_of(record), lacking(record)
    if key and (found := register.earlier(record.kind.iri, key, corrects)):
        whys.append(_REPEATS.format(entry=named(found)))
        needed.add(DUPLICATE)
    if missing:
        names = [field.name for field in missing]
        fields = Text("、".join(n.zh for n in names), ", ".join(n.en for n in names))
        whys.append(_LACKING.format(fields=fields))
        needed.add(INCOMPLETE)
    anyway = _options(needed)
    why = reduce(lambda first, more: _AND.format(why=first, more=more), whys)
    return Declined(place, why, _SUPPLY.format(anyway=anyway) if missing else anyway)


def _options(needed: Collection[str]) -> Text:
    return _ANYWAY.format(options=" ".join(f"--also {each}" for each in sorted(needed)))


def _earlier(register: Register, draft: Draft, corrects: int) -> Text | None:
    """Return why a record is a duplicate, None if it is none."""
    key = draft.document.get("key")
    if key and (found := register.earlier(draft.kind, key, corrects)):
        return _REPEATS.format(entry=named(found))
    if found := register.same(draft.kind, str(draft.document["facts"]), corrects):
        return _SAME.format(entry=named(found))
    return None


def correctable(register: Register, number: int) -> Entry:
    """Return an entry that can be corrected.

    Raises:
        UsageError: It is no record that stands.
    """
    entry = register.entry(number)
    if not register.stands(number):
        newest = next((e.number for e in register.family(number) if register.stands(e.number)), 0)
        fix = Text("policygraph register list --standing 列出现行记录。", "policygraph register list --standing shows what stands.")
        if newest:
            fix = Text(f"现行的是第 {newest} 号，请更正它。", f"Entry {newest} stands in its place; correct that one.")
        raise UsageError(
            Text(f"第 {number} 号不是现行记录，不能更正。", f"Entry {number} is no record that stands and cannot be corrected."), fix
        )
    return entry


def _alike(entry: Entry, kinds: Sequence[str]) -> None:
    if list(kinds) != [entry.kind]:
        raise InputError(
            Text("更正文件须恰有一条同种记录。", "A correction holds exactly one record, of the same kind."),
            Text("请只提交更正后的那一条。", "Give the corrected record alone."),
        )
