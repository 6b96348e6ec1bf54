"""Names on each answer the readings that an overlay adopted, with the result under the reading as stored and under the other options."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from functools import cached_property
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
    from policygraph.model.answers import DecisionResult, Finding, RecordReport
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


class Adopted:
    """Names the readings that overlays adopt on the answers of any number of batches, with the results under the others.

    Args:
        setting: The setting, amended or not.
    """

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        self._names = Sources(EmbeddedStore(setting.graph), setting.roots)

    @property
    def overlays(self) -> tuple[AppliedOverlay, ...]:
        """What was laid over the policy, as answers show it."""
        return applied(self._setting)

    @cached_property
    def _others(self) -> list[tuple[str, str, Setting]]:
        from policygraph.app.overlays import others

        return list(others(self._setting))

    def name(self, records: tuple[RecordReport, ...], run: Callable[[Setting], tuple[RecordReport, ...]]) -> tuple[RecordReport, ...]:
        """Return what is said of a batch, with the readings adopted and the results under the others.

        Args:
            records: What is said of it under the setting.
            run: Judges the same batch under another setting.
        """
        if (amended := self._setting.amended) is None:
            return records
        asked = {check for r in records for check in (*r.checks, *(d.rule.iri for d in r.decisions))}
        bearing = _bearing(self._setting, self._others, asked)
        found = {reading: [(o, _of_records(run(other), self._names)) for o, other in rows] for reading, rows in bearing.items()}
        naming = _Naming(amended, found, self._names)
        return tuple(naming.record(record) for record in records)


def adopted_decisions(decisions: Decisions, setting: Setting, run: Callable[[Setting], Decisions]) -> Decisions:
    """Return decisions by record that name the readings adopted; `run` decides the same records under another setting."""
    if setting.amended is None:
        return decisions
    from policygraph.app.overlays import others

    names = Sources(EmbeddedStore(setting.graph), setting.roots)
    asked = {d.rule.iri for own in decisions.values() for d in own}
    rows = _bearing(setting, others(setting), asked)
    found = {reading: [(o, _of_decisions(run(other))) for o, other in own] for reading, own in rows.items()}
    naming = _Naming(setting.amended, found, names)
    return {record: tuple(naming.decision(record, d) for d in own) for record, own in decisions.items()}


def applied(setting: Setting) -> tuple[AppliedOverlay, ...]:
    """Return what was laid over the policy, as answers show it."""
    names = Sources(EmbeddedStore(setting.graph), setting.roots)
    return tuple(_applied(o, setting, names) for o in setting.amended.overlays) if setting.amended else ()


def _bearing(setting: Setting, others: Iterable[tuple[str, str, Setting]], asked: Collection[str]) -> dict[str, list[tuple[str, Setting]]]:
    """Return reading → its other options ('': as stored), each with the setting under it, where the reading bears on what was asked."""
    found: dict[str, list[tuple[str, Setting]]] = defaultdict(list)
    for reading, option, other in others:
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


def _of_records(records: Iterable[RecordReport], names: Sources) -> _Results:
    found: _Results = {}
    for record in records:
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
