"""Decides all benefits of one subject: every submission that its profile could make, merged benefit by benefit."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from policygraph.app.adopted import adopted_decisions, applied
from policygraph.app.changes import Changer
from policygraph.app.deciding import Decider
from policygraph.app.facts import as_of
from policygraph.app.projection import Projector
from policygraph.app.questions import Judged, Question, Questions
from policygraph.engine.reading import Reading
from policygraph.errors import Text
from policygraph.model.entitled import Case, Entitlement, EntitlementReport, Need, Support
from policygraph.model.grounds import Fact, Named
from policygraph.records.keys import duplicates
from policygraph.store.embedded import EmbeddedStore
from policygraph.vocab import CAUSE, OUTCOME, PG, STATUS

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from policygraph.app.projection import Candidate
    from policygraph.app.setting import Setting
    from policygraph.app.weighing import Slot
    from policygraph.model.answers import DecisionResult, Finding
    from policygraph.model.changes import Remedies, Remedy
    from policygraph.model.terms import Term, Triple
    from policygraph.records.kinds import Kind
    from policygraph.records.record import Record

NONE_STATED = Text("没有填写“{table}”，且已声明列全。", "No “{table}” are stated, and the list is declared complete.")
# Which outcome stands for all of a benefit's cases: the first of these that any of them has.
MERGED = (OUTCOME.eligible, OUTCOME.undetermined, OUTCOME["not-eligible"], OUTCOME["not-in-force"])
_RULES = f"""
SELECT ?rule ?kind ?benefit WHERE {{
  ?rule a <{PG.Rule}> ; <{PG.forKind}> ?about . FILTER NOT EXISTS {{ ?rule a <{PG.ConformityRule}> }}
  OPTIONAL {{ ?about <{PG.partOf}> ?whole }} BIND(COALESCE(?whole, ?about) AS ?kind)
  OPTIONAL {{ ?rule <{PG.benefit}> ?benefit }}
}} ORDER BY ?kind ?rule ?benefit"""
# What could still change a no is looked for on so many of a benefit's cases.
MOST_REMEDIED = 3
_BY_AUTHORITY = frozenset({"ByAuthority"})


@dataclass(frozen=True, slots=True)
class _Rule:
    """A rule that gives a benefit: its IRI, the kind by which it is claimed, and the benefit's IRI."""

    iri: str
    kind: str
    benefit: str


class Entitler:
    """Decides all benefits of a subject; may be used any number of times.

    Args:
        setting: What the run rests on.
    """

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        self._decider = Decider(setting)
        self._on_days: dict[dt.date, tuple[Setting, Decider]] = {}
        self._changers: dict[str, Changer] = {}
        store = EmbeddedStore(setting.graph)
        self.kinds: Mapping[str, Kind] = self._decider.kinds
        self.projector = Projector(store, self.kinds)
        self.reading = Reading(store)
        self.explainer = self._decider.explainer
        self._questions = Questions(self.projector, self.reading, self.kinds)
        rows = [{name: term.value for name, term in row.items()} for row in store.select(_RULES).dicts()]
        self._rules = tuple(_Rule(row["rule"], row["kind"], row.get("benefit", "")) for row in rows)
        texts = {path.stem: path for _, path in setting.roots.files("queries/explain", "supported.rq")}
        self._supported = store.select(texts["supported"].read_text(encoding="utf-8")).dicts()

    # ---------------------------------------------------------------- deciding
    def judge(self, profile: Record) -> tuple[Judged, ...]:
        """Decide every submission that can be made of a profile."""
        candidates = self.projector.candidates(profile)
        decided = self._at(profile)[1].decide([c.record for c in candidates], _repeated(candidates))
        return tuple(Judged(c, decided.get(c.record.iri, ())) for c in candidates)

    def benefits(self, subject: str) -> tuple[str, ...]:
        """Return the rules that give benefits to a kind of subject."""
        kinds = {projection.kind.iri for projection in self.projector.projections(subject)}
        return tuple(rule.iri for rule in self._rules if rule.kind in kinds)

    def questions(self, profile: Record, judged: Sequence[Judged], settled: Collection[Slot] = ()) -> tuple[Question, ...]:
        """Return the facts that can still change an answer, most decisive first; `settled` ones were asked for and are not known."""
        return self._questions.rank(profile, judged, settled)

    def _at(self, profile: Record) -> tuple[Setting, Decider]:
        """Return what decides as of the profile's own day, whatever date fields the kinds have."""
        day = dt.date.fromisoformat(as_of(profile, self._setting))
        if day in {self._setting.as_of, self._setting.today}:
            return self._setting, self._decider
        if day not in self._on_days:
            setting = replace(self._setting, as_of=day)
            self._on_days[day] = setting, self._decider.on(setting)
        return self._on_days[day]

    def _explained(self, profile: Record, judged: Sequence[Judged], past: bool) -> tuple[Judged, ...]:
        """Return decisions that also name the readings adopted, and for a no what could still change it."""
        setting, decider = self._at(profile)
        candidates = [one.candidate for one in judged]
        records, beside = [c.record for c in candidates], _repeated(candidates)
        decided = {one.candidate.record.iri: one.decisions for one in judged}
        named = adopted_decisions(decided, setting, lambda other: Decider(other).decide(records, beside))
        day = as_of(profile, setting)
        changer = self._changers[day] = self._changers.get(day) or Changer(setting, decider)
        nearest: dict[str, list[tuple[int, str]]] = defaultdict(list)
        for one in judged:
            for decision in one.decisions:
                if decision.outcome.iri == OUTCOME["not-eligible"]:
                    nearest[decision.rule.iri].append((_distance(decision), one.candidate.record.iri))
        chosen = {(rule, iri) for rule, own in nearest.items() for _, iri in sorted(own)[:MOST_REMEDIED]}

        def remedied(candidate: Candidate, decision: DecisionResult) -> DecisionResult:
            if (decision.rule.iri, candidate.record.iri) not in chosen:
                return decision
            found = changer.remedies(candidate.record, decision, beside, past=past)
            return replace(decision, remedies=_of_facts(found, candidate) if found else None)

        return tuple(Judged(c, tuple(remedied(c, d) for d in named.get(c.record.iri, ()))) for c in candidates)

    # ---------------------------------------------------------------- reporting
    def report(self, profile: Record, source: str, findings: tuple[Finding, ...] = (), *, past: bool = False) -> EntitlementReport:
        """Return what the subject of a profile is entitled to.

        Args:
            profile: The subject's facts.
            source: Where they come from.
            findings: What is wrong with them; when there are any, nothing is decided.
            past: For a no, look also for changes of facts that are past and fixed.
        """
        found = [] if findings else self._entitlements(profile, self._explained(profile, self.judge(profile), past))
        names = profile.values(profile.kind.name_field)

        def group(*outcomes: str) -> tuple[Entitlement, ...]:
            return tuple(e for e in found if e.outcome.iri in outcomes)

        return EntitlementReport(
            source=source,
            digest=self._setting.digest,
            subject=Named(profile.kind.iri, profile.kind.label),
            name=names[0].value if names else "",
            as_of=as_of(profile, self._setting),
            findings=findings,
            yes=group(OUTCOME.eligible),
            perhaps=group(OUTCOME.undetermined),
            supported=() if findings else self.supported(profile.kind),
            no=group(OUTCOME["not-eligible"], OUTCOME["not-in-force"]),
            overlays=applied(self._setting),
        )

    def supported(self, subject: Kind) -> tuple[Support, ...]:
        """Return what the text encourages, permits or explores for a kind of subject without granting it, each clause once."""
        found: dict[str, Support] = {}
        for row in self._supported:
            provision = row["provision"].value
            if row["subject"].value == subject.iri:
                citation = self.explainer.citations([provision])[0]
                addressed = row["role"].value == PG.bearer
                found.setdefault(provision, Support(self.explainer.named(row["actor"].value), addressed, citation))
        return tuple(found.values())

    def _entitlements(self, profile: Record, judged: Sequence[Judged]) -> list[Entitlement]:
        decisions: dict[str, dict[object, tuple[Candidate, DecisionResult]]] = defaultdict(dict)
        for one in judged:
            for decision in one.decisions:
                # Cases that differ only in a request which the rule does not read are one case.
                asked = self._asked(one.candidate, decision.rule.iri)
                decisions[decision.rule.iri].setdefault((one.candidate.row, asked), (replace(one.candidate, requested=asked), decision))
        needs: dict[str, list[Need]] = defaultdict(list)
        for question in self.questions(profile, judged):
            for rule in dict.fromkeys(reason.decision.rule.iri for reason in question.reasons):
                needs[rule].append(self._need(profile, question))
        tables = {p.kind.iri: p.table for p in self.projector.projections(profile.kind.iri)}
        found = [
            self._entitlement(profile, rule, [*decisions[rule.iri].values()], tuple(needs[rule.iri]), tables[rule.kind])
            for rule in self._rules
            if rule.kind in tables
        ]
        return sorted(found, key=_place)

    def _entitlement(
        self, profile: Record, rule: _Rule, decided: Sequence[tuple[Candidate, DecisionResult]], needs: tuple[Need, ...], table: str
    ) -> Entitlement:
        outcome = next((o for o in MERGED if any(d.outcome.iri == o for _, d in decided)), OUTCOME["not-eligible"])
        cases = [Case(self._about(profile, c), tuple(path for path, _ in c.requested), c.further, d) for c, d in decided]
        carrying = [case for case in cases if case.decision.outcome.iri == outcome]
        causes = dict.fromkeys(cause for case in carrying for cause in case.decision.causes)
        if outcome == OUTCOME.undetermined and any(case.further for case in carrying):
            causes.setdefault(self.explainer.named(CAUSE.missing))
        none = not decided and table
        return Entitlement(
            rule=self.explainer.named(rule.iri),
            benefit=self.explainer.named(rule.benefit).label if rule.benefit else Text("", ""),
            kind=Named(rule.kind, self.kinds[rule.kind].label),
            outcome=self.explainer.named(outcome),
            causes=tuple(causes) if outcome == OUTCOME.undetermined else (),
            reason=NONE_STATED.format(table=self._name(profile.kind, table)) if none else Text("", ""),
            cases=tuple(sorted(cases, key=lambda case: case not in carrying)),
            needs=needs,
            citations=self.explainer.citations([rule.iri])
            if not carrying
            else tuple(dict.fromkeys(c for case in carrying for c in case.decision.citations)),
        )

    def _asked(self, candidate: Candidate, rule: str) -> tuple[tuple[str, Term], ...]:
        read = {r.field for r in self.reading.reads(rule)}
        return tuple((path, code) for path, code in candidate.requested if path in read)

    def _about(self, profile: Record, candidate: Candidate) -> tuple[Fact, ...]:
        kind = candidate.record.kind
        stated = [(f.path, f.name, v) for f in kind.fields if not f.row_class for v in candidate.record.values(f.path)]
        own = {(p.value, o) for s, p, o in profile.triples if s.value == candidate.row} | set(candidate.requested)
        return tuple(Fact(Named(path, name), self.explainer.wording(value)) for path, name, value in stated if (path, value) in own)

    def _need(self, profile: Record, question: Question) -> Need:
        sort = "rows" if question.field.row_class else "fact"
        if any(self.reading.operator(c.node.iri) in _BY_AUTHORITY for r in question.reasons for c in r.conditions):
            sort = "determination"
        return Need(Named(question.field.path, question.field.name), self.row_name(profile, question), sort)

    def row_name(self, profile: Record, question: Question) -> Text:
        """Return how people tell the row of a question apart: its table and its place in it; '' for the subject itself."""
        if not question.table:
            return Text("", "")
        place = [row.value for row in profile.values(question.table)].index(question.slot.owner) + 1
        name = self._name(profile.kind, question.table)
        return Text(f"{name.zh}第 {place} 项", f"{name.en}, no. {place}")

    @staticmethod
    def _name(kind: Kind, path: str) -> Text:
        field = kind.field(path)
        return field.name if field else Text("", "")


def _distance(decision: DecisionResult) -> int:
    """Return how many conditions fail in the alternative that comes nearest."""
    return min((sum(c.status.iri == STATUS.failed for c in a.conditions) for a in decision.alternatives), default=0)


def _of_facts(remedies: Remedies, candidate: Candidate) -> Remedies:
    """Leave out changes of what is asked for: that is decided as a case of its own."""
    asked = {path for path, _ in candidate.requested}

    def kept(found: tuple[Remedy, ...]) -> tuple[Remedy, ...]:
        return tuple(r for r in found if not any(change.field.iri in asked for change in r.changes))

    return replace(remedies, supply=kept(remedies.supply), past=kept(remedies.past))


def _place(entitlement: Entitlement) -> tuple[object, ...]:
    """Return a key that puts benefits in the order of the text."""
    first = min(((c.document, c.start) for c in entitlement.citations), default=("", -1))
    return (*first, entitlement.rule.iri)


def _repeated(candidates: Sequence[Candidate]) -> tuple[Triple, ...]:
    """Return which candidates state the same fact as an earlier one; what is asked for tells them apart."""
    groups: dict[tuple[str, ...], list[Record]] = defaultdict(list)
    for candidate in candidates:
        if candidate.row:
            groups[candidate.record.kind.iri, *(code.value for _, code in candidate.requested)].append(candidate.record)
    return tuple(t for group in groups.values() for t in duplicates(group))
