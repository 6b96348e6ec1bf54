"""Judges batches of records under one setting: format → facts → decisions → compliance → what the report says of each.

The rules are compiled and the shapes read once; a decision is never made on a record that is invalid.
"""

from __future__ import annotations

from collections import defaultdict
from copy import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING

from policygraph.app.deciding import Decider
from policygraph.app.facts import facts
from policygraph.app.findings import FindingMaker
from policygraph.app.stating import stated
from policygraph.graph.memory import Graph
from policygraph.model.answers import CheckRun, Finding, Named, PartVerdict, RecordReport
from policygraph.records.order import CodeOrder
from policygraph.records.record import OWN_BASE
from policygraph.store.embedded import EmbeddedStore
from policygraph.vocab import PG, RDF, RDFS, SH, SKOS, VERDICT

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    from policygraph.app.setting import Setting
    from policygraph.engine.explaining import Explainer
    from policygraph.model.terms import Term, Triple
    from policygraph.records.keys import Repeat
    from policygraph.records.record import Record
    from policygraph.shapes.runner import Result

# What the constraint components read beside the records and the conclusions.
_COMPARED = f"""
CONSTRUCT {{ ?s ?p ?o }} WHERE {{
  ?s a ?type ; ?p ?o .
  VALUES ?type {{ <{PG.Parameter}> <{PG.ParameterSet}> <{PG.Rule}> <{PG.Alternative}> <{PG.Condition}> <{PG.Expression}> }}
  FILTER(?p NOT IN (<{RDFS.label}>, <{RDF.type}>))
}}"""
_CODES = f"""
CONSTRUCT {{ ?code <{SKOS.inScheme}> ?scheme ; a ?unknown ; <{SKOS.broaderTransitive}> ?above }} WHERE {{
  ?code <{SKOS.inScheme}> ?scheme .
  OPTIONAL {{ ?code a ?unknown . FILTER(?unknown = <{PG.UnknownCode}>) }} OPTIONAL {{ ?code <{SKOS.broaderTransitive}> ?above }}
}}"""
# Which expression stands for the parameter set of a condition: made when the rules are compiled.
_BOUNDS = f"CONSTRUCT {{ ?condition <{PG.bound}> ?expression }} WHERE {{ ?condition <{PG.bound}> ?expression }}"
_PARTS = f"""
SELECT ?part ?kind WHERE {{
  ?part <{PG.partOf}> ?kind . ?kind <{RDFS.subClassOf}> <{PG.Submission}>
}} ORDER BY ?kind ?part"""
_SUBCLASSES = f"CONSTRUCT {{ ?c <{RDFS.subClassOf}> ?d }} WHERE {{ ?c <{RDFS.subClassOf}> ?d }}"
# Worst first; a note is none of them and never changes a verdict.
WORST_FIRST = ("invalid", "violation", "undetermined", "warning", "unchecked", "pass")


@dataclass(frozen=True, slots=True)
class Formed:
    """What the format stage says of a batch; it is the same under every setting.

    Attributes:
        results: Results of the record shapes.
        targets: Which of them looked at which node.
        valid: Records without a fault.
    """

    results: tuple[Result, ...]
    targets: tuple[tuple[str, Term], ...]
    valid: tuple[Record, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """What is said of a batch: the records, and check → how many of them it looked at."""

    records: tuple[RecordReport, ...]
    looked_at: Mapping[str, int]


class Judge:
    """Judges any number of batches under one setting.

    Args:
        setting: What the run rests on.

    Attributes:
        base: What the record shapes read beside the records: the code lists.
        compared: What the checks read beside records and conclusions.
        parts: Kind → its report parts.

    Raises:
        DataError: The rules cannot be compiled, or a shape file cannot be read.
    """

    def __init__(self, setting: Setting) -> None:
        from policygraph.shapes.runner import load_shapes

        self.setting = setting
        self._policy = EmbeddedStore(setting.graph)
        self._decider = Decider(setting)
        self.kinds = self._decider.kinds
        self.base = self._policy.construct(_CODES)
        bounds = self._decider.store().construct(_BOUNDS)
        self.compared = [*self.base, *self._policy.construct(_COMPARED), *self._policy.construct(_SUBCLASSES), *bounds]
        form, checks = (load_shapes(self.shape_files(folder)) for folder in ("shapes/records", "shapes/policies"))
        swaps = setting.amended.swaps if setting.amended else {}
        self._form, self._checks = form, checks.swapped(swaps) if setting.amended else checks
        self.parts: dict[str, list[str]] = defaultdict(list)
        for row in self._policy.select(_PARTS).dicts():
            self.parts[row["kind"].value].append(row["part"].value)
        self._order = CodeOrder(setting.roots)
        self.maker = FindingMaker(self._decider.explainer, self.kinds, self._order)

    def on(self, setting: Setting) -> Judge:
        """Return a judge for other days of the same graph, which shares what was compiled."""
        other = copy(self)
        other.setting, other._decider = setting, self._decider.on(setting)
        return other

    def form(self, batch: Sequence[Record], refused: Collection[str] = ()) -> Formed:
        """Check a batch against the shapes of its kinds.

        Args:
            batch: The records.
            refused: IRIs of those in which a statement was refused.
        """
        from policygraph.shapes.runner import targets, validate

        data = Graph([*self.base, *(t for record in batch for t in (*record.triples, *facts(record, self.setting)))])
        results = tuple(_on_sound_fields(validate(data, self._form)))
        owners = _owners(batch)
        faulty = {owners[r.focus.value] for r in results if r.focus.value in owners} | set(refused)
        valid = tuple(r for r in batch if r.iri not in faulty and not r.refused)
        return Formed(results, targets(data, self._form), valid)

    def judge(
        self,
        batch: Sequence[Record],
        formed: Formed,
        refused: Mapping[str, Sequence[Finding]],
        repeats: Mapping[str, Repeat],
    ) -> Judged:
        """Decide a batch, check it, and return what is said of each record.

        Args:
            batch: The records.
            formed: What the format stage said of them.
            refused: Record → findings on statements of it that were refused.
            repeats: Record → the earlier one that it repeats or may repeat.
        """
        from policygraph.shapes.runner import targets, validate

        added = {record.iri: facts(record, self.setting) for record in batch}
        concluded = self.conclusions(formed.valid)
        judged = [*(t for record in formed.valid for t in (*record.triples, *added[record.iri])), *concluded]
        store = self._decider.store()
        store.load(judged)
        explainer = self._decider.explainer.over(store)
        maker = FindingMaker(explainer, self.kinds, self._order, batch)
        data = Graph([*judged, *self.compared])
        results, check_targets = validate(data, self._checks), targets(data, self._checks)
        findings: dict[str, list[Finding]] = defaultdict(list)
        for iri, own in refused.items():
            findings[iri] += own
        owners = _owners(batch)
        for result in (*formed.results, *results):
            if (owner := owners.get(result.focus.value)) is not None:
                findings[owner].append(maker.finding(result))
        for record in formed.valid:
            if (repeat := repeats.get(record.iri)) is not None:
                findings[record.iri].append(maker.duplicate(record.iri, repeat))
        looked = _looked((*formed.targets, *check_targets), owners)
        reported: dict[str, set[str]] = defaultdict(set)
        for subject, predicate, value in concluded:
            if predicate.value == RDF.type:
                reported[subject.value].add(value.value)
        reporter = _Reporter(self, explainer, maker, looked)
        reports = tuple(reporter.report(r, findings[r.iri], reported[r.iri], added[r.iri]) for r in batch)
        return Judged(reports, {shape: len(records) for shape, records in looked.items()})

    def conclusions(self, records: Sequence[Record]) -> tuple[Triple, ...]:
        """Return everything that the engine concludes of valid records."""
        return self._decider.conclusions(records)

    def verdict(self, name: str) -> Named:
        """Return a verdict by its name."""
        return self._decider.explainer.named(VERDICT[name])

    def checks(self, kinds: Collection[str], looked_at: Mapping[str, int]) -> tuple[CheckRun, ...]:
        """Return every check of some kinds of submission, and how many records it looked at."""
        classes = {*kinds, *(part for kind in kinds for part in self.parts.get(kind, ()))}
        shapes = [s for s in self.maker.norm_shapes if self.maker.target(s) in classes]
        return tuple(CheckRun(self._decider.explainer.named(s), looked_at.get(s, 0)) for s in shapes)

    def shape_files(self, folder: str) -> list[Path]:
        """Return the components and the shapes of a folder."""
        paths = [path for _, path in self.setting.roots.files(folder, "*.ttl")]
        return [self.setting.roots.base / "shapes" / "components.ttl", *paths]


class _Reporter:
    """Puts together what is said of each record of a batch."""

    def __init__(self, judge: Judge, explainer: Explainer, maker: FindingMaker, looked: Mapping[str, set[str]]) -> None:
        self._explainer, self._maker, self._looked = explainer, maker, looked
        self._kinds, self._parts = judge.kinds, judge.parts

    def report(self, record: Record, findings: list[Finding], reported: Collection[str], added: Sequence[Triple]) -> RecordReport:
        checks = tuple(s for s in self._maker.norm_shapes if record.iri in self._looked.get(s, ()))
        unique = _distinct(findings)
        parts = tuple(
            PartVerdict(
                self._explainer.named(part),
                part in reported,
                self._verdict(self._part_verdict(part, unique, checks)) if part in reported else None,
            )
            for part in self._parts.get(record.kind.iri, ())
        )
        verdicts = [f.verdict for f in unique if f.verdict in WORST_FIRST] or (["pass"] if checks else ["unchecked"])
        names = record.values(record.kind.name_field)
        return RecordReport(
            iri=record.iri,
            position=record.position,
            source=record.source.removeprefix(OWN_BASE),
            kind=Named(record.kind.iri, record.kind.label),
            name=names[0].value if names else "",
            as_of=next(o.value for _, p, o in added if p.value == PG.asOf),
            verdict=self._verdict(min(verdicts, key=WORST_FIRST.index)),
            parts=parts,
            findings=tuple(unique),
            passes=self._passes(record, unique, checks),
            decisions=self._explainer.benefits(record.iri),
            checks=checks,
            place=record.origins[record.iri].place() if record.iri in record.origins else None,
            stated=stated(record, self._kinds, self._explainer.wording),
        )

    def _verdict(self, name: str) -> Named:
        return self._explainer.named(VERDICT[name])

    def _passes(self, record: Record, findings: Sequence[Finding], checks: Sequence[str]) -> tuple[Finding, ...]:
        """Return what the checks compared that found nothing amiss and were not blocked."""
        amiss = {f.shape.iri for f in findings} | {f.blocks for f in findings}
        if any(f.verdict == "invalid" for f in findings):
            return ()
        return tuple(p for s in checks if s not in amiss and (p := self._maker.passed(s, record.iri)) is not None)

    def _part_verdict(self, part: str, findings: Sequence[Finding], checks: Sequence[str]) -> str:
        own = [f.verdict for f in findings if f.part and f.part.iri == part and f.verdict in WORST_FIRST]
        looked_at = any(self._maker.target(shape) == part for shape in checks)
        return min(own or (["pass"] if looked_at else ["unchecked"]), key=WORST_FIRST.index)


def _owners(batch: Sequence[Record]) -> dict[str, str]:
    return {row: record.iri for record in batch for row in record.rows()}


def _looked(targets: Sequence[tuple[str, Term]], owners: Mapping[str, str]) -> dict[str, set[str]]:
    """Return shape → records it looked at; rows count for their record."""
    found: dict[str, set[str]] = defaultdict(set)
    for shape, node in targets:
        if node.value in owners:
            found[shape].add(owners[node.value])
    return found


def _on_sound_fields(results: Sequence[Result]) -> list[Result]:
    """Drop what compares fields of a record in which a field is malformed: the comparison says nothing about the sound ones."""
    comparing = {
        SH[f"{name}ConstraintComponent"] for name in ("LessThan", "LessThanOrEquals", "Equals", "Disjoint", "Or", "Xone", "Not", "And")
    }
    malformed = {r.focus for r in results if r.component not in comparing}
    return [r for r in results if r.component not in comparing or r.focus not in malformed]


def _distinct(findings: Sequence[Finding]) -> list[Finding]:
    """Sort findings, worst first; constraints of one field that say the same of a record are one finding."""

    def order(f: Finding) -> tuple[object, ...]:
        return (_rank(f.verdict), f.shape.iri, f.row, f.message.zh, f.value.zh == "", f.value.zh, f.component)

    ordered = sorted(set(findings), key=order)
    kept: dict[tuple[str, ...], Finding] = {}
    for finding in ordered:
        said = (finding.shape.iri, finding.message.zh, finding.row, "" if finding.component else finding.value.zh)
        kept.setdefault(said, finding)
    return list(kept.values())


def _rank(verdict: str) -> int:
    return WORST_FIRST.index(verdict) if verdict in WORST_FIRST else len(WORST_FIRST)
