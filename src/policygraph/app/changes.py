"""Finds what would settle or change the decisions on records: ties the search of `engine.changes` to real records and the engine."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from policygraph.app.deciding import Decider
from policygraph.app.facts import as_of
from policygraph.engine.changes import Search
from policygraph.engine.explaining import carrying
from policygraph.engine.reaching import ANY, after
from policygraph.engine.rulebook import Rulebook
from policygraph.engine.valuing import Facts
from policygraph.errors import Text
from policygraph.model.answers import PURE
from policygraph.model.changes import Ask, Change, Remedies, Remedy
from policygraph.model.terms import Iri
from policygraph.records.spool import Spool
from policygraph.store.embedded import EmbeddedStore
from policygraph.vocab import CAUSE, OUTCOME, PG, STATUS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from policygraph.app.deciding import Outcome
    from policygraph.app.setting import Setting
    from policygraph.engine.changes import Found
    from policygraph.engine.reaching import Option, Place
    from policygraph.model.answers import CheckReport, DecisionResult, RecordReport
    from policygraph.model.grounds import Named
    from policygraph.model.terms import Term, Triple
    from policygraph.records.record import Record

_CAUSES = {STATUS.missing: CAUSE.missing, STATUS.discretion: CAUSE.discretion, STATUS.silent: CAUSE.silent}
_OPEN = {OUTCOME.undetermined, OUTCOME["not-eligible"]}
NOT_STATED = Text("", "")


# Changes are looked for on so many records of a file; a search costs more than a decision.
MAX_RECORDS = 100


def with_remedies(report: CheckReport, records: Sequence[Record], setting: Setting, *, past: bool = False) -> CheckReport:
    """Return a report whose decisions say what would settle or change them.

    Args:
        report: The report on some records.
        records: The records as they were copied.
        setting: What the run rested on.
        past: Look also for changes of facts that are past and fixed.
    """
    by_iri = {record.iri: record for record in islice(records, MAX_RECORDS)}
    changer = Changer(setting, Decider(setting))

    def remedied(own: RecordReport) -> RecordReport:
        record = by_iri[own.iri]
        decided = (replace(d, remedies=changer.remedies(record, d, past=past)) for d in own.decisions)
        return replace(own, decisions=tuple(decided))

    several: Spool[RecordReport] = Spool()
    several.extend(remedied(own) if own.iri in by_iri else own for own in report.records)
    return replace(report, records=several.settled())


class Changer:
    """Finds changes; may be used for any number of records.

    Args:
        setting: What the run rests on.
        decider: Decides the changed records.
    """

    def __init__(self, setting: Setting, decider: Decider) -> None:
        self._setting, self._decider = setting, decider
        self.book = Rulebook(EmbeddedStore(setting.graph))

    def remedies(self, record: Record, decision: DecisionResult, beside: Collection[Triple] = (), *, past: bool = False) -> Remedies | None:
        """Return what would settle or change a decision, None when it is eligible or not in force.

        Args:
            record: The record as it stands.
            decision: What a rule says of it.
            beside: Further facts about it, such as which record it repeats; they cannot be changed.
            past: Look also for changes of facts that are past and fixed.
        """
        if decision.outcome.iri not in _OPEN:
            return None
        trial = _Trial(self, record, decision, beside)
        supply = trial.search(lambda place: not trial.fixed(place))
        every = trial.search(lambda _: True) if past else None
        return Remedies(
            asks=self._asks(decision),
            supply=trial.remedies(supply),
            past=tuple(r for r in trial.remedies(every) if r.fixed) if every else (),
            past_searched=past,
            more_needed=supply.more_needed,
            past_more_needed=every is not None and every.more_needed,
            capped=supply.capped or (every is not None and every.capped),
        )

    def facts(self, record: Record, beside: Collection[Triple] = ()) -> Facts:
        """Return what a record states, as a search reads it."""
        own = set(record.rows())
        stated: dict[str, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
        for subject, path, term in (*record.triples, *record.added, *(t for t in beside if t[0].value in own)):
            stated[subject.value][path.value].append(term)
        values = {subject: {path: tuple(terms) for path, terms in fields.items()} for subject, fields in stated.items()}
        return Facts(record.iri, values, self._decider.kinds, as_of(record, self._setting))

    def outcomes(self, records: Sequence[Record], rule: str, beside: Collection[Triple]) -> list[Outcome]:
        """Decide records by one rule."""
        found = self._decider.outcomes(records, beside)
        return [found[record.iri, rule] for record in records]

    def unit(self, decision: DecisionResult) -> Named | None:
        """Return the unit of what a rule grants, None when its numbers have several or none."""
        units = [u for u in self.book.units.get(decision.rule.iri, ()) if u not in PURE]
        return decision.unit or (self.named(units[0]) if len(units) == 1 else None)

    def named(self, iri: str) -> Named:
        """Return a node with its label."""
        return self._decider.explainer.named(iri)

    def wording(self, term: Term | None) -> Text:
        """Return a value as people read it, empty when there is none."""
        return self._decider.explainer.wording(term) if term else NOT_STATED

    def _asks(self, decision: DecisionResult) -> tuple[Ask, ...]:
        if decision.outcome.iri != OUTCOME.undetermined:
            return ()
        causes = {cause.iri for cause in decision.causes}
        carried = carrying(decision.alternatives)
        waiting = [c for a in carried for c in a.conditions if _CAUSES.get(c.status.iri) in causes]
        asks = [Ask(self.named(_CAUSES[c.status.iri]), c.node, c.missing, c.questions) for c in waiting]
        amounts = [a for a in carried if a.missing and CAUSE.missing in causes]
        asks += [Ask(self.named(CAUSE.missing), a.node, a.missing, ()) for a in amounts]
        return tuple(dict.fromkeys(asks))


class _Trial:
    """The search for one decision on one record."""

    def __init__(self, changer: Changer, record: Record, decision: DecisionResult, beside: Collection[Triple]) -> None:
        self._changer, self._record, self._decision = changer, record, decision
        self._facts = changer.facts(record, beside)
        self._beside = [t for t in beside if t[0].value in set(record.rows())]
        self._outcomes: dict[Option, Outcome] = {}
        statuses = {c.node.iri: c.status.iri for a in decision.alternatives for c in a.conditions}
        self._search = Search(changer.book, self._facts, decision.rule.iri, statuses, self._decide)
        self._bounds: dict[tuple[Place, Term | None], str] = {}

    def search(self, allowed: Callable[[Place], bool]) -> Found:
        """Search among the places that a person can speak about and the caller allows."""
        found = self._search.run(self._decision.outcome.iri, lambda place: not place[1].startswith(PG) and allowed(place))
        self._bounds.update(found.bounds)
        return found

    def fixed(self, place: Place) -> bool:
        """Say whether a place holds a fact that is past: one that is stated, and not marked as changeable."""
        subject, path = place
        kind = self._facts.kind(subject)
        field = kind.field(path) if kind else None
        stated = any(term.value not in self._changer.book.unknown for term in self._facts.of(subject, path))
        return stated and field is not None and not field.changeable and not field.row_class

    def remedies(self, found: Found) -> tuple[Remedy, ...]:
        """Return what was found with its words."""
        return tuple(self._remedy(option, outcome) for option, outcome in found.sets)

    def _remedy(self, option: Option, outcome: str) -> Remedy:
        decided = self._outcomes[option]
        return Remedy(
            changes=tuple(self._change(place, term, option) for place, term in sorted(option, key=lambda pair: self._order(pair[0]))),
            outcome=self._changer.named(outcome),
            causes=tuple(self._changer.named(cause) for cause in decided.causes),
            low=decided.low,
            high=decided.high,
            unit=self._changer.unit(self._decision) if decided.low else None,
            fixed=any(self.fixed(place) for place, _ in option),
        )

    def _change(self, place: Place, term: Term | None, option: Option) -> Change:
        subject, path = place
        before = next(iter(self._facts.of(subject, path)), None)
        row = "" if subject == self._record.iri else subject
        table = next((p for p, terms in after(self._facts, option).stated[self._record.iri].items() if Iri(subject) in terms), "")
        sign = self._bounds.get((place, term), "")
        return Change(
            field=self._changer.named(path),
            value=term,
            from_=before,
            shown=self._changer.wording(term),
            shown_from=self._changer.wording(before),
            bound=sign if sign in {"<=", ">=", ANY} else "",
            row=row,
            table=self._changer.named(table) if row and table else None,
            adds_row=isinstance(term, Iri) and term.value not in self._facts.stated and term.value in after(self._facts, option).stated,
        )

    def _order(self, place: Place) -> tuple[str, int, str]:
        kind = self._facts.kind(place[0])
        field = kind.field(place[1]) if kind else None
        return place[0], field.order if field else 0, place[1]

    def _decide(self, options: Sequence[Option]) -> list[str]:
        without = {(s.value, p.value) for s, p, _ in self._beside}
        tried = [(after(self._facts, option), f"{self._record.iri}.try-{n}") for n, option in enumerate(options, 1)]
        records = [changed(self._record, facts, iri, without) for facts, iri in tried]
        beside = [(Iri(_moved(s.value, self._record.iri, r.iri)), p, o) for r in records for s, p, o in self._beside]
        outcomes = self._changer.outcomes(records, self._decision.rule.iri, beside)
        self._outcomes.update(zip(options, outcomes, strict=True))
        return [o.outcome for o in outcomes]


def changed(record: Record, facts: Facts, iri: str, without: Collection[Place] = ()) -> Record:
    """Return a record that states other facts, under an IRI of its own; places that it does not state itself are left out."""

    def moved(term: Term) -> Term:
        return Iri(_moved(term.value, record.iri, iri)) if isinstance(term, Iri) else term

    triples = tuple(
        (moved(Iri(subject)), Iri(path), moved(term))
        for subject, fields in facts.stated.items()
        for path, terms in fields.items()
        for term in terms
        if (subject, path) not in without
    )
    return replace(record, iri=iri, triples=triples)


def _moved(term: str, old: str, new: str) -> str:
    """Return the name of a node of a record under another name of the record: itself and its rows."""
    return new + term.removeprefix(old) if term == old or term.startswith(old + "-") else term
