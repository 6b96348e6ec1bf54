"""What a register knows of a record that is being checked: the earlier entry that states the same fact, and what officers determined."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from policygraph.app.register.entries import EntryRef
from policygraph.app.register.statements import as_first, read, write
from policygraph.app.register.times import day_of
from policygraph.errors import Text
from policygraph.model.terms import Iri, Literal, local_name
from policygraph.records.keys import MAX_RIVALS, KeyIndex, Repeat, asked, key_of
from policygraph.vocab import BASE, PG, RDF, XSD

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from policygraph.app.register.entries import Determination
    from policygraph.app.register.store import Register
    from policygraph.model.terms import Term
    from policygraph.records.record import Record

    # What a row says: predicate and value.
    _Cell = tuple[Iri, Term]

ENTRY = BASE + "register#entry-"
_NAMED = Text("登记簿第 {number} 号（{day} 登记）", "entry {number} of the register (entered on {day})")


class Knowing:
    """A register as the pipeline asks it.

    Args:
        register: The register.
        as_of: Day as of which everything is judged: what was determined later is not known then; None for each record's own.
        besides: Entry that is about to be corrected, which is no duplicate of its correction; 0 for none.
    """

    def __init__(self, register: Register, as_of: dt.date | None = None, besides: int = 0) -> None:
        self._register, self._besides = register, besides
        self._as_of = as_of.isoformat() if as_of else ""

    def about(self, record: Record) -> tuple[Record, Repeat | None]:
        """Return a record with the facts that were determined on it, and the earlier entry that states the same fact, or may do so."""
        key, same = key_of(record), self._same(record)
        found = self.determinations(record)
        # What was determined on a day was not known before: the pipeline judges the record as of that day at the earliest.
        days = tuple((Iri(record.iri), Iri(PG.determinedOn), Literal(each.date, XSD.date)) for each in found)
        record = replace(determined(record, found), added=(*record.added, *dict.fromkeys(days)))
        earlier = self._register.earlier(record.kind.iri, key, self._besides) if key else None
        return record, repeat(earlier, certain=True) if earlier else self._possible(record) or same

    def determinations(self, record: Record) -> tuple[Determination, ...]:
        """Return what was determined on the fact that a record states."""
        number = self._number(record)
        found = self._register.determinations_of(number) if number else ()
        return tuple(d for d in found if not self._as_of or d.date <= self._as_of)

    def _number(self, record: Record) -> int:
        """Return the entry of which the determinations hold for a record: of the same key or, without one, word for word the same."""
        kind, key = record.kind.iri, key_of(record)
        if self._besides:
            return self._besides if self._register.entry(self._besides).kind == kind else 0
        found = self._register.earlier(kind, key) if key else self._register.same(kind, write(as_first(record).triples))
        return found.number if found else 0

    def _same(self, record: Record) -> Repeat | None:
        """Return the entry that states the very same, for a record of a kind without a key."""
        if record.kind.unique_key or self._besides:
            return None
        found = self._register.same(record.kind.iri, write(as_first(record).triples))
        return repeat(found, certain=False, verbatim=True) if found else None

    def _possible(self, record: Record) -> Repeat | None:
        """Return an entry that nothing tells apart from a record of which the key is not complete in both, or that only looks different."""
        if not record.kind.unique_key:
            return None
        own = {entry.number for entry in self._register.family(self._besides)} if self._besides else set()
        index, entries = KeyIndex(), {}
        for entry in self._register.rivals(record.kind.iri, asked(record), MAX_RIVALS + len(own)):
            if entry.number not in own and (payload := self._register.payload(entry.number)) is not None:
                facts = read(str(payload.document["facts"]))
                entries[entry.number] = entry
                index.enter(replace(as_first(record), position=entry.number, triples=facts, origins={}, refused=(), added=()))
        repeated = index.enter(replace(record, position=max(entries, default=0) + 1)) if entries else None
        if repeated is None or repeated.position not in entries:
            return None
        entry = entries[repeated.position]
        found = EntryRef(entry.number, entry.time, entry.kind, entry.verdict)
        return repeat(found, certain=False, spelt=repeated.spelt, verbatim=repeated.verbatim)


def repeat(found: EntryRef, *, certain: bool, spelt: bool = False, verbatim: bool = False) -> Repeat:
    """Return an entry as the earlier record that another one repeats."""
    return Repeat(0, f"{ENTRY}{found.number}", certain=certain, named=named(found), spelt=spelt, verbatim=verbatim)


def named(found: EntryRef) -> Text:
    """Return what to call an entry."""
    return _NAMED.format(number=found.number, day=day_of(found.time))


def determined(record: Record, found: Iterable[Determination]) -> Record:
    """Return a record as officers determined it.

    A determined fact takes the place of what the record states of that field, and stands with its evidence: document, date, authority,
    and that it is official.
    """
    own, evidence = Iri(record.iri), Iri(PG.evidence)
    rows = {o: [(p, v) for s, p, v in record.triples if s == o] for s, p, o in record.triples if s == own and p == evidence}
    ordered = sorted(rows.items(), key=lambda row: int(row[0].value.rpartition("-")[2]))
    shown: list[tuple[Term | None, list[_Cell]]] = [*ordered]
    facts = [t for t in record.triples if t[0] not in rows and t[2] not in rows]
    for each in found:
        field = own, Iri(each.field)
        if {t[2] for t in facts if t[:2] == field} != {each.value}:
            # What was shown for another value proves nothing of this one.
            shown = [(row, cells) for row, cells in shown if (Iri(PG.aboutField), Literal(local_name(each.field))) not in cells]
            facts = [*(t for t in facts if t[:2] != field), (*field, each.value)]
        cells = _evidence(each)
        if all(set(cells) != set(other) for _, other in shown):
            shown.append((None, cells))
    # Rows are numbered without gaps, as a copy of the record would number them.
    names = [Iri(f"{record.iri}-{local_name(PG.evidence)}-{number}") for number in range(1, len(shown) + 1)]
    for name, (_, cells) in zip(names, shown, strict=True):
        facts += [(own, evidence, name), *((name, *cell) for cell in cells)]
    origins = {name: origin for name, origin in record.origins.items() if Iri(name) not in rows}
    moved = {
        new.value: record.origins[old.value] for new, (old, _) in zip(names, shown, strict=True) if old and old.value in record.origins
    }
    return replace(record, triples=tuple(facts), origins=origins | moved)


def _evidence(found: Determination) -> list[_Cell]:
    return [
        (Iri(RDF.type), Iri(PG.Evidence)),
        (Iri(PG.aboutField), Literal(local_name(found.field))),
        (Iri(PG.evidenceDocument), Literal(found.document)),
        (Iri(PG.evidenceDate), Literal(found.date, XSD.date)),
        (Iri(PG.evidenceIssuer), Literal(found.authority)),
        (Iri(PG.official), Literal("true", XSD.boolean)),
    ]
