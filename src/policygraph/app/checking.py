"""Checks and decides submissions: reader → records → format → keys → facts → decisions → compliance → report.

The same pipeline serves `check` and `decide`; a decision is never made on a record that is invalid.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from policygraph.app.adopted import with_adopted
from policygraph.app.deciding import Decider
from policygraph.app.facts import facts
from policygraph.app.findings import FindingMaker
from policygraph.app.setting import Setting, setting
from policygraph.graph.memory import Graph
from policygraph.model.answers import CheckReport, CheckRun, Finding, Named, PartVerdict, RecordReport
from policygraph.records.keys import duplicates, possible_duplicates
from policygraph.records.kinds import load_kinds
from policygraph.records.reading import OWN_BASE, read_submission
from policygraph.store.embedded import EmbeddedStore
from policygraph.vocab import PG, RDF, RDFS, SH, SKOS, VERDICT

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    from policygraph.model.terms import Term, Triple
    from policygraph.records.copying import Record, Submission
    from policygraph.records.kinds import Kind
    from policygraph.shapes.runner import Result

__all__ = ["WORST_FIRST", "Setting", "check_submission", "setting"]
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


def check_submission(setting: Setting, source: str, form: str | None = None) -> CheckReport:
    """Check a file and decide its records.

    Args:
        setting: What the run rests on.
        source: A path, or `-` for standard input.
        form: Format of the file; by default what its ending says.

    Raises:
        InputError: The file cannot be read, or holds no record of a known kind.
    """
    return check_with_records(setting, source, form)[0]


def check_with_records(setting: Setting, source: str, form: str | None = None) -> tuple[CheckReport, tuple[Record, ...]]:
    """Check a file like `check_submission`, and return the records as they were copied beside the report."""
    submission = read(setting, source, form)
    return check_read(setting, source, submission), submission.records


def read(setting: Setting, source: str, form: str | None = None) -> Submission:
    """Read a file's records, to be judged under one setting or under several."""
    known = setting.graph
    kinds = load_kinds(EmbeddedStore(known))
    return read_submission(source, form, kinds, lambda iri: next(known.triples(subject=iri), None) is not None)


def check_read(setting: Setting, source: str, submission: Submission) -> CheckReport:
    """Check and decide what was read from a file; where an overlay adopts a reading, also under its other options."""
    report = _Run(setting, source, submission).report()
    return with_adopted(report, setting, lambda other: _Run(other, source, submission).report())


class _Run:
    """One run of the pipeline over one file."""

    def __init__(self, setting: Setting, source: str, submission: Submission) -> None:
        self.setting = setting
        self.source = source
        self.policy = EmbeddedStore(setting.graph)
        self.decider = Decider(setting)
        self.kinds = self.decider.kinds
        self.submission = submission
        self.records = submission.records
        self.concluded = self.decider.store()
        self.explainer = self.decider.explainer.over(self.concluded)
        self.maker = FindingMaker(self.explainer, self.kinds, self.records)
        self.parts = self._parts()

    def report(self) -> CheckReport:
        added = {record.iri: facts(record, self.setting) for record in self.records}
        codes = self.policy.construct(_CODES)
        every = [*codes, *(t for record in self.records for t in (*record.triples, *added[record.iri]))]
        findings: dict[str, list[Finding]] = defaultdict(list)
        file_findings: list[Finding] = []
        for refusal in self.submission.refusals:
            finding = self.maker.refusal(refusal)
            (findings[refusal.record] if refusal.record else file_findings).append(finding)
        format_results, format_targets = self._validate(every, self._shape_files("shapes/records"))
        self._collect(findings, _on_sound_fields(format_results))
        valid = [r for r in self.records if not findings[r.iri]]
        repeated = duplicates(valid)
        concluded = self.decider.conclusions(valid, repeated)
        judged = [*(t for record in valid for t in (*record.triples, *added[record.iri])), *repeated, *concluded]
        self.concluded.load(judged)
        compared = [*codes, *self.policy.construct(_COMPARED), *self.policy.construct(_SUBCLASSES), *self.concluded.construct(_BOUNDS)]
        results, check_targets = self._validate([*judged, *compared], self._shape_files("shapes/policies"))
        self._collect(findings, results)
        certain = {later.value: earlier.value for later, _, earlier in repeated}
        for later, earlier in {**possible_duplicates(valid), **certain}.items():
            place = next(r.position for r in valid if r.iri == earlier)
            findings[later].append(self.maker.duplicate(later, place, certain=later in certain))
        looked = self._looked(format_targets, check_targets)
        reported = self._reported(concluded)
        reports = tuple(
            self._record_report(r, findings[r.iri], looked, reported.get(r.iri, frozenset()), added[r.iri]) for r in self.records
        )
        verdicts = [r.verdict.short for r in reports] + (["invalid"] if file_findings else [])
        return CheckReport(
            source="<stdin>" if self.source == "-" else self.source,
            digest=self.setting.digest,
            records=reports,
            file_findings=tuple(file_findings),
            checks=self._checks(looked),
            verdict=self._verdict(min(verdicts, key=WORST_FIRST.index)),
        )

    # ---------------------------------------------------------------- steps
    def _shape_files(self, folder: str) -> list[Path]:
        paths = [path for _, path in self.setting.roots.files(folder, "*.ttl")]
        return [self.setting.roots.base / "shapes" / "components.ttl", *paths]

    def _validate(self, triples: Sequence[Triple], files: Sequence[Path]) -> tuple[tuple[Result, ...], tuple[tuple[str, Term], ...]]:
        from policygraph.shapes.runner import load_shapes, targets, validate

        shapes = load_shapes(files)
        if self.setting.amended:
            shapes = shapes.swapped(self.setting.amended.swaps)
        data = Graph(triples)
        return validate(data, shapes), targets(data, shapes)

    def _collect(self, findings: dict[str, list[Finding]], results: Sequence[Result]) -> None:
        owners = {row: record.iri for record in self.records for row in record.rows()}
        for result in results:
            if (owner := owners.get(result.focus.value)) is not None:
                findings[owner].append(self.maker.finding(result))

    def _parts(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for row in self.policy.select(_PARTS).dicts():
            found[row["kind"].value].append(row["part"].value)
        return found

    def _looked(self, format_targets: Collection[tuple[str, Term]], check_targets: Collection[tuple[str, Term]]) -> dict[str, set[str]]:
        """Return shape → records it looked at; rows count for their record."""
        owners = {row: record.iri for record in self.records for row in record.rows()}
        found: dict[str, set[str]] = defaultdict(set)
        for shape, node in (*format_targets, *check_targets):
            if node.value in owners:
                found[shape].add(owners[node.value])
        return found

    def _reported(self, concluded: Sequence[Triple]) -> dict[str, frozenset[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        for subject, predicate, value in concluded:
            if predicate.value == RDF.type:
                found[subject.value].add(value.value)
        return {record: frozenset(types) for record, types in found.items()}

    # ---------------------------------------------------------------- verdicts
    def _verdict(self, name: str) -> Named:
        return self.explainer.named(VERDICT[name])

    def _record_report(
        self,
        record: Record,
        findings: list[Finding],
        looked: Mapping[str, set[str]],
        reported: frozenset[str],
        facts: tuple[Triple, ...],
    ) -> RecordReport:
        checks = tuple(s for s in self.maker.norm_shapes if record.iri in looked.get(s, ()))
        unique = _distinct(findings)
        parts = tuple(
            PartVerdict(
                self.explainer.named(part),
                part in reported,
                self._verdict(self._part_verdict(part, unique, checks)) if part in reported else None,
            )
            for part in self.parts.get(record.kind.iri, ())
        )
        verdicts = [f.verdict for f in unique if f.verdict in WORST_FIRST] or (["pass"] if checks else ["unchecked"])
        names = record.values(record.kind.name_field)
        return RecordReport(
            iri=record.iri,
            position=record.position,
            source=record.source.removeprefix(OWN_BASE),
            kind=Named(record.kind.iri, record.kind.label),
            name=names[0].value if names else "",
            as_of=facts[1][2].value,
            verdict=self._verdict(min(verdicts, key=WORST_FIRST.index)),
            parts=parts,
            findings=tuple(unique),
            passes=self._passes(record, unique, checks),
            decisions=self.explainer.benefits(record.iri),
            checks=checks,
        )

    def _passes(self, record: Record, findings: Sequence[Finding], checks: Sequence[str]) -> tuple[Finding, ...]:
        """Return what the checks compared that found nothing amiss and were not blocked."""
        amiss = {f.shape.iri for f in findings} | {f.blocks for f in findings}
        if any(f.verdict == "invalid" for f in findings):
            return ()
        return tuple(p for s in checks if s not in amiss and (p := self.maker.passed(s, record.iri)) is not None)

    def _part_verdict(self, part: str, findings: Sequence[Finding], checks: Sequence[str]) -> str:
        own = [f.verdict for f in findings if f.part and f.part.iri == part and f.verdict in WORST_FIRST]
        looked_at = any(self.maker.target(shape) == part for shape in checks)
        return min(own or (["pass"] if looked_at else ["unchecked"]), key=WORST_FIRST.index)

    def _checks(self, looked: Mapping[str, set[str]]) -> tuple[CheckRun, ...]:
        kinds: set[Kind] = {record.kind for record in self.records}
        classes = {kind.iri for kind in kinds} | {part for kind in kinds for part in self.parts.get(kind.iri, ())}
        shapes = [s for s in self.maker.norm_shapes if self.maker.target(s) in classes]
        return tuple(CheckRun(self.explainer.named(s), len(looked.get(s, ()))) for s in shapes)


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
