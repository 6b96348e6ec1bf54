"""Finds which facts can still change an answer, the most decisive first.

A fact can matter only for a condition that it may still turn, in an alternative in which nothing has failed for good, of a benefit that
is not settled. Here conditions and candidates are read for what is unstated; `app.weighing` finds what decides.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from policygraph.app.weighing import Slot, Weighed, by_place, lacking, sought
from policygraph.vocab import OUTCOME, PG, STATUS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from policygraph.app.projection import Candidate, Projector
    from policygraph.app.weighing import Way
    from policygraph.engine.reading import Reading
    from policygraph.model.answers import AlternativeResult, ConditionResult, DecisionResult
    from policygraph.model.terms import Term
    from policygraph.records.kinds import Field, Kind
    from policygraph.records.record import Record

# Operators whose condition a stated fact turns although it is settled without it.
_TURNED_WHEN_STATED = {STATUS.failed: frozenset({"Given"}), STATUS.satisfied: frozenset({"Absent"})}
# Quantifiers that one row fails for good; what fails otherwise may hold when rows are added.
_FAILED_FOR_GOOD = frozenset({"Every", "None"})
_NEVER_FAILS = frozenset({"Given", "OpenList", "Unsettled"})


@dataclass(frozen=True, slots=True)
class Judged:
    """A candidate and what the rules say of it."""

    candidate: Candidate
    decisions: tuple[DecisionResult, ...]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a fact is asked for: the decision that it can change, and the conditions that read it."""

    decision: DecisionResult
    conditions: tuple[ConditionResult, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """A fact that can still change an answer.

    Attributes:
        slot: The fact.
        field: Its field.
        table: Field of the profile in whose rows it stands, '' for the subject itself.
        reasons: What it can change, most decisive first.
    """

    slot: Slot
    field: Field
    table: str
    reasons: tuple[Reason, ...]


class Questions:
    """Weighs the unstated facts of a profile.

    Args:
        projector: Knows how candidates are filled.
        reading: Knows what conditions read.
        kinds: Kinds by class IRI.
    """

    def __init__(self, projector: Projector, reading: Reading, kinds: Mapping[str, Kind]) -> None:
        self._projector, self._reading, self._kinds = projector, reading, kinds

    def rank(self, profile: Record, judged: Sequence[Judged], settled: Collection[Slot] = ()) -> tuple[Question, ...]:
        """Return the facts that can still change an answer, most decisive first.

        Args:
            profile: The subject's facts.
            judged: All candidates made of it, with what the rules say of them.
            settled: Facts that were asked for and are not known.
        """
        weights: dict[Slot, dict[str, float]] = defaultdict(lambda: defaultdict(float))
        reasons: dict[Slot, list[tuple[float, int, Reason]]] = defaultdict(list)
        nearest: dict[Slot, int] = {}
        for ways in self._open(profile, judged, frozenset(settled)):
            pool, share = sought(ways)
            least = min((lacking(way) for way in pool), default=0)
            for slot, decision, conditions in by_place(pool):
                weights[slot][decision.rule.iri] = max(weights[slot][decision.rule.iri], share(slot))
                reasons[slot].append((-share(slot), least, Reason(decision, conditions)))
                nearest[slot] = min(nearest.get(slot, least), least)
        tables = {row.value: path for path, row in _rows(profile)}
        places = {owner: n for n, owner in enumerate([profile.iri, *tables])}
        found = []
        for slot in weights:
            table = tables.get(slot.owner, "")
            field = self._kinds[self._row_class(profile, table)].field(slot.path) if table else profile.kind.field(slot.path)
            if field is not None:
                ordered = sorted(reasons[slot], key=lambda r: (r[0], r[1], r[2].decision.rule.iri))
                found.append(Question(slot, field, table, tuple(reason for _, _, reason in ordered)))

        def order(q: Question) -> tuple[object, ...]:
            # A table that has rows is asked about last: first what is known of those rows.
            more = bool(q.field.row_class) and bool(profile.values(q.slot.path))
            return (more, -sum(weights[q.slot].values()), nearest[q.slot], places.get(q.slot.owner, 0), q.field.order, q.slot)

        return tuple(sorted(found, key=order))

    def _row_class(self, profile: Record, table: str) -> str:
        field = profile.kind.field(table)
        return field.row_class if field else ""

    # ---------------------------------------------------------------- what can still turn
    def _open(self, profile: Record, judged: Iterable[Judged], settled: frozenset[Slot]) -> Iterator[list[Way]]:
        """Yield, for each answer, the alternatives by which it may come about.

        A benefit without amounts is one answer for all rows, since one row settles it; an amount is an answer for each row.
        """
        units: dict[tuple[str, ...], list[Way]] = defaultdict(list)
        for one in judged:
            asked = tuple(code.value for _, code in one.candidate.requested)
            for decision in one.decisions:
                counted = any(self._reading.value(a.node.iri, PG.amount) for a in decision.alternatives)
                own = (one.candidate.record.iri,) if counted else ()
                if decision.outcome.iri != OUTCOME["not-in-force"]:
                    units[decision.rule.iri, *asked, *own] += [
                        self._way(profile, one.candidate, decision, a, settled) for a in decision.alternatives
                    ]
        yield from units.values()

    def _way(
        self, profile: Record, candidate: Candidate, decision: DecisionResult, tried: AlternativeResult, settled: frozenset[Slot]
    ) -> Way:
        weighed = [self._condition(profile, candidate, decision, c, settled) for c in tried.conditions]
        amount = self._reading.value(tried.node.iri, PG.amount)
        statuses = {s.iri for s in tried.statuses}
        if amount and not statuses & {STATUS.satisfied, STATUS.failed}:
            slots = self._slots(profile, candidate, amount, settled)
            beyond = statuses - {c.status.iri for c in tried.conditions}
            weighed.append(Weighed(decision, None, slots, needed=bool(slots), can_hold=bool(slots) or not beyond))
        return tuple(weighed)

    def _condition(
        self, profile: Record, candidate: Candidate, decision: DecisionResult, found: ConditionResult, settled: frozenset[Slot]
    ) -> Weighed:
        node, status, operator = found.node.iri, found.status.iri, self._reading.operator(found.node.iri)
        slots = self._slots(profile, candidate, node, settled)
        rows = any(slot.owner == profile.iri and self._row_class(profile, slot.path) for slot in slots)
        # That there is no further row ends a candidate that stands for one, whatever its conditions say.
        can_fail = bool(slots) and operator not in _NEVER_FAILS and self._reading.value(node, PG.otherwise) in {"", STATUS.failed}
        can_fail = can_fail or (candidate.further and rows)
        turns = operator in _TURNED_WHEN_STATED.get(status, ())
        if status == STATUS.satisfied:
            turns = turns or rows or self._reading.is_optional(node)
            return Weighed(decision, found, slots, can_fail=can_fail) if turns else Weighed(decision, found)
        if status == STATUS.failed:
            turns = bool(slots) and (turns or (rows and operator not in _FAILED_FOR_GOOD))
            return Weighed(decision, found, slots if turns else frozenset(), needed=turns, can_hold=turns, failed=True)
        return Weighed(decision, found, slots, needed=bool(slots), can_hold=bool(slots), can_fail=can_fail)

    # ---------------------------------------------------------------- what is unstated
    def _slots(self, profile: Record, candidate: Candidate, node: str, settled: frozenset[Slot]) -> frozenset[Slot]:
        """Return the places of the profile that could hold what a node reads and the candidate does not state."""
        found: set[Slot] = set()
        for read in self._reading.reads(node):
            if read.table:
                found |= self._row_slots(profile, candidate, read.table, read.field)
            else:
                path = read.field or self._reading.dates.get(candidate.record.kind.iri, "")
                found |= self._slot(profile, candidate, path)
        return frozenset(slot for slot in found if slot.place not in settled)

    def _slot(self, profile: Record, candidate: Candidate, path: str) -> set[Slot]:
        field = candidate.record.kind.field(path)
        if field is None or any(path == asked for asked, _ in candidate.requested):
            return set()
        if field.row_class:
            return self._more_rows(profile, self._table_of(candidate, profile, field), path)
        if self._projector.states(candidate.record.values(path)):
            return set()
        table = self._projector.table(profile.kind.iri, candidate.record.kind.iri)
        row_kind = self._kinds.get(self._row_class(profile, table)) if table else None
        if row_kind is not None and row_kind.field(path) is not None:
            return {Slot(candidate.row, path)} if candidate.row else self._more_rows(profile, table, path)
        return {Slot(profile.iri, path)} if profile.kind.field(path) is not None else set()

    def _row_slots(self, profile: Record, candidate: Candidate, table: str, path: str) -> set[Slot]:
        field = candidate.record.kind.field(table)
        own = self._table_of(candidate, profile, field) if field else ""
        if not field or not own:
            return set()
        path = path or self._reading.dates.get(field.row_class, "")
        row_kind = self._kinds[field.row_class]
        if row_kind.field(path) is None:
            return self._more_rows(profile, own, path)
        rows = [row for t, row in _rows(profile) if t == own and row.value != candidate.row]
        stated = {s.value for s, p, o in profile.triples if p.value == path and self._projector.states((o,))}
        return {Slot(row.value, path) for row in rows if row.value not in stated} | self._more_rows(profile, own, path)

    def _table_of(self, candidate: Candidate, profile: Record, field: Field) -> str:
        """Return the table of the profile from which a candidate's child table is filled."""
        same = profile.kind.field(field.path)
        if same is not None and same.row_class == field.row_class:
            return field.path
        table = self._projector.table(profile.kind.iri, candidate.record.kind.iri)
        return table if table and self._row_class(profile, table) == field.row_class else ""

    def _more_rows(self, profile: Record, table: str, within: str) -> set[Slot]:
        return {Slot(profile.iri, table, within)} if table and not self._projector.is_complete(profile, table) else set()


def _rows(profile: Record) -> list[tuple[str, Term]]:
    """Return the rows of a profile with the table in which they stand, in their order."""
    tables = {field.path for field in profile.kind.fields if field.row_class}
    return [(p.value, o) for s, p, o in profile.triples if s.value == profile.iri and p.value in tables]
