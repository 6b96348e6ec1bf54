"""Names on each answer the readings that an overlay adopted, with the result under the reading as stored and under the other options."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from policygraph.engine.sources import Sources
from policygraph.model.adoption import AdoptedReading, AppliedOverlay, Brought, OtherResult
from policygraph.model.terms import Iri
from policygraph.store.embedded import EmbeddedStore
from policygraph.vocab import PG, RDF, STATUS, VERDICT

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from policygraph.app.overlays import Amended, Overlay
    from policygraph.app.setting import Setting
    from policygraph.errors import Text
    from policygraph.model.answers import CheckReport, DecisionResult, Finding, RecordReport
    from policygraph.model.grounds import Named, Point

# What an amendment adds that answers may use, and that a reader wants named.
_NAMED = (PG.Parameter, PG.Alternative, PG.Condition, PG.Expression)


@dataclass(frozen=True, slots=True)
class _Result:
    """What a run says under one option: the outcome of a rule, or the verdict of a check."""

    result: Named
    causes: tuple[Named, ...] = ()
    low: str = ""
    high: str = ""


Decisions = dict[str, tuple["DecisionResult", ...]]
_Key = tuple[str, str]
_Results = dict[_Key, _Result]


def with_adopted(report: CheckReport, setting: Setting, run: Callable[[Setting], CheckReport]) -> CheckReport:
    """Return a report whose answers name the readings adopted and the results under the others.

    Args:
        report: The report under the setting.
        setting: The setting, amended or not.
        run: Judges the same records under another setting.
    """
    if (amended := setting.amended) is None:
        return report
    names = Sources(EmbeddedStore(setting.graph), setting.roots)
    asked = {check for r in report.records for check in (*r.checks, *(d.rule.iri for d in r.decisions))}
    found = {reading: [(o, _of_report(run(other), names)) for o, other in rows] for reading, rows in _others(setting, asked).items()}
    naming = _Naming(amended, found, names)
    return replace(
        report,
        records=tuple(naming.record(record) for record in report.records),
        overlays=tuple(_applied(o, setting, names) for o in amended.overlays),
    )


def adopted_decisions(decisions: Decisions, setting: Setting, run: Callable[[Setting], Decisions]) -> Decisions:
    """Return decisions by record that name the readings adopted; `run` decides the same records under another setting."""
    if setting.amended is None:
        return decisions
    names = Sources(EmbeddedStore(setting.graph), setting.roots)
    asked = {d.rule.iri for own in decisions.values() for d in own}
    found = {reading: [(o, _of_decisions(run(other))) for o, other in rows] for reading, rows in _others(setting, asked).items()}
    naming = _Naming(setting.amended, found, names)
    return {record: tuple(naming.decision(record, d) for d in own) for record, own in decisions.items()}


def applied(setting: Setting) -> tuple[AppliedOverlay, ...]:
    """Return what was laid over the policy, as answers show it."""
    names = Sources(EmbeddedStore(setting.graph), setting.roots)
    return tuple(_applied(o, setting, names) for o in setting.amended.overlays) if setting.amended else ()


def _others(setting: Setting, asked: Collection[str]) -> dict[str, list[tuple[str, Setting]]]:
    """Return reading → its other options with the setting under each, '' for the reading as stored, where it bears on what was asked."""
    from policygraph.app.overlays import others

    found: dict[str, list[tuple[str, Setting]]] = defaultdict(list)
    for reading, option, other in others(setting):
        if setting.amended and not setting.amended.affected[reading].isdisjoint(asked):
            found[reading].append((option, other))
    return found


class _Naming:
    """Names adopted readings on the answers of one report."""

    def __init__(self, amended: Amended, found: Mapping[str, list[tuple[str, _Results]]], names: Sources) -> None:
        self._amended = amended
        self._found = found
        self._names = names

    def record(self, record: RecordReport) -> RecordReport:
        return replace(
            record,
            decisions=tuple(self.decision(record.iri, d) for d in record.decisions),
            findings=tuple(self.finding(record.iri, f) for f in record.findings),
            passes=tuple(self.finding(record.iri, f) for f in record.passes),
        )

    def decision(self, record: str, decision: DecisionResult) -> DecisionResult:
        adopted = self._adopted((record, decision.rule.iri), {decision.rule.iri}, _of_decision(decision))
        leaning = [a for a in decision.alternatives if STATUS.failed not in {s.iri for s in a.statuses}]
        nodes = [*(a.node for a in leaning), *(c.node for a in leaning for c in a.conditions)]
        brought = self._brought([*nodes, *(p.node for p in decision.parameters), *(c.provision for c in decision.citations)])
        return replace(decision, adopted=adopted, readings=_unsettled(decision.readings, adopted), brought=brought)

    def finding(self, record: str, finding: Finding) -> Finding:
        check = finding.blocks or finding.shape.iri
        adopted = self._adopted((record, check), {check, finding.shape.iri}, _of_finding(finding, self._names))
        brought = self._brought([*(p.node for p in finding.parameters), *(c.provision for c in finding.citations)])
        return replace(finding, adopted=adopted, readings=_unsettled(finding.readings, adopted), brought=brought)

    def _brought(self, nodes: Iterable[Named]) -> tuple[Brought, ...]:
        """Return which of some nodes are an overlay's, by the overlay."""
        every = tuple(dict.fromkeys(nodes))
        by_file = ((o.source, tuple(n for n in every if n.iri in o.admitted.own)) for o in self._amended.overlays)
        return tuple(Brought(source, own) for source, own in by_file if own)

    def _adopted(self, key: _Key, nodes: set[str], own: _Result) -> tuple[AdoptedReading, ...]:
        return tuple(
            AdoptedReading(
                reading=self._names.named(reading),
                option=self._names.named(option),
                statement=self._statement(option),
                source=self._amended.source(reading),
                others=tuple(self._other(other, reading, rows.get(key), own) for other, rows in self._found.get(reading, ())),
            )
            for reading, option in sorted(self._amended.adopted.items())
            if nodes & self._amended.affected[reading]
        )

    def _other(self, option: str, reading: str, result: _Result | None, own: _Result) -> OtherResult:
        known = result or _Result(self._names.named(VERDICT.unchecked))
        named = self._names.named(option) if option else None
        return OtherResult(named, self._statement(option or reading), known.result, known.causes, known.low, known.high, known == own)

    def _statement(self, node: str) -> Text:
        return self._names.statement(node) or self._names.named(node).label


def _unsettled(readings: tuple[Point, ...], adopted: tuple[AdoptedReading, ...]) -> tuple[Point, ...]:
    """Leave out the readings that an adopted option has taken the place of."""
    settled = {a.reading.iri for a in adopted}
    return tuple(p for p in readings if p.node.iri not in settled)


# ---------------------------------------------------------------- results
def _of_decisions(decisions: Mapping[str, tuple[DecisionResult, ...]]) -> _Results:
    return {(record, d.rule.iri): _of_decision(d) for record, own in decisions.items() for d in own}


def _of_report(report: CheckReport, names: Sources) -> _Results:
    found: _Results = {}
    for record in report.records:
        found |= {(record.iri, check): _Result(names.named(VERDICT["pass"])) for check in record.checks}
        for finding in reversed(record.findings):  # the worst is first, and stands
            if finding.verdict != "note":
                found[record.iri, finding.blocks or finding.shape.iri] = _of_finding(finding, names)
        found |= _of_decisions({record.iri: record.decisions})
    return found


def _of_decision(decision: DecisionResult) -> _Result:
    return _Result(decision.outcome, decision.causes, decision.low, decision.high)


def _of_finding(finding: Finding, names: Sources) -> _Result:
    verdict = "pass" if finding.verdict == "note" else finding.verdict  # a note never fails
    return _Result(names.named(VERDICT[verdict]), finding.causes)


# ---------------------------------------------------------------- overlays
def _applied(overlay: Overlay, setting: Setting, names: Sources) -> AppliedOverlay:
    admitted = overlay.admitted
    kinds = {node: {t.value for t in setting.graph.objects(Iri(node), RDF.type)} for node in admitted.own}
    return AppliedOverlay(
        source=overlay.source,
        sha256=overlay.sha256,
        adopted=tuple(names.named(option) for _, option in sorted(admitted.adopts.items())),
        closed=tuple((names.named(node), day) for node, day in admitted.closes),
        added=tuple(names.named(node) for node in admitted.own if kinds[node] & {*_NAMED}),
    )
