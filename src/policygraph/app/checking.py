"""Checks and decides submissions: reader → records → format → keys → facts → decisions → compliance → report.

The same pipeline serves `check` and `decide`; a decision is never made on a record that is invalid.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from policygraph.app.findings import FindingMaker
from policygraph.engine.deciding import conclude, load_steps
from policygraph.engine.explaining import Explainer
from policygraph.graph.loading import digest, load
from policygraph.graph.memory import Graph
from policygraph.model.answers import CheckReport, CheckRun, Finding, Named, PartVerdict, RecordReport
from policygraph.model.terms import Iri, Literal
from policygraph.records.keys import duplicates, possible_duplicates
from policygraph.records.kinds import Kind, load_kinds
from policygraph.records.reading import OWN_BASE, read_submission
from policygraph.store.embedded import EmbeddedStore
from policygraph.vocab import PG, RDF, RDFS, SH, SKOS, VERDICT, XSD

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    from policygraph.model.terms import Term, Triple
    from policygraph.paths import DataRoots
    from policygraph.records.copying import Record
    from policygraph.shapes.runner import Result

# What the constraint components read beside the records and the conclusions.
_COMPARED = f"""
CONSTRUCT {{ ?s ?p ?o }} WHERE {{
  ?s a ?type ; ?p ?o .
  VALUES ?type {{ <{PG.Parameter}> <{PG.ParameterSet}> <{PG.Rule}> <{PG.Condition}> <{PG.Expression}> }}
  FILTER(?p NOT IN (<{RDFS.label}>, <{RDF.type}>))
}}"""
_CODES = f"CONSTRUCT {{ ?code <{SKOS.inScheme}> ?scheme }} WHERE {{ ?code <{SKOS.inScheme}> ?scheme }}"
_PARTS = f"""
SELECT ?part ?kind WHERE {{
  ?part <{PG.partOf}> ?kind . ?kind <{RDFS.subClassOf}> <{PG.Submission}>
}} ORDER BY ?kind ?part"""
_SUBCLASSES = f"CONSTRUCT {{ ?c <{RDFS.subClassOf}> ?d }} WHERE {{ ?c <{RDFS.subClassOf}> ?d }}"
# Worst first; a note is none of them and never changes a verdict.
WORST_FIRST = ("invalid", "violation", "undetermined", "warning", "unchecked", "pass")


@dataclass(frozen=True, slots=True)
class Setting:
    """What a run rests on.

    Attributes:
        roots: Where the policy's files are.
        graph: The policy graph with shapes, loaded; it is not changed.
        digest: Digest of the policy's files.
        today: Day that stands in when neither the caller nor the record names one.
        as_of: Day as of which everything is judged, None for each record's own.
    """

    roots: DataRoots
    graph: Graph
    digest: str
    today: dt.date
    as_of: dt.date | None = None


def setting(roots: DataRoots, today: dt.date, as_of: dt.date | None = None) -> Setting:
    """Load the policy graph with its shapes and return the setting of a run."""
    return Setting(roots, load(roots, ("ontology", "shapes")), digest(roots), today, as_of)


def check_submission(setting: Setting, source: str, form: str | None = None) -> CheckReport:
    """Check a file and decide its records.

    Args:
        setting: What the run rests on.
        source: A path, or `-` for standard input.
        form: Format of the file; by default what its ending says.

    Raises:
        InputError: The file cannot be read, or holds no record of a known kind.
    """
    return _Run(setting, source, form).report()


class _Run:
    """One run of the pipeline over one file."""

    def __init__(self, setting: Setting, source: str, form: str | None) -> None:
        self.setting = setting
        self.source = source
        self.store = EmbeddedStore(setting.graph.copy())
        self.kinds = load_kinds(self.store)
        known = setting.graph
        self.submission = read_submission(source, form, self.kinds, lambda iri: next(known.triples(subject=iri), None) is not None)
        self.records = self.submission.records
        self.explainer = Explainer(self.store, setting.roots)
        self.maker = FindingMaker(self.explainer, self.kinds)
        self.parts = self._parts()

    def report(self) -> CheckReport:
        facts = {record.iri: self._facts(record) for record in self.records}
        codes = self.store.construct(_CODES)
        every = [*codes, *(t for record in self.records for t in (*record.triples, *facts[record.iri]))]
        findings: dict[str, list[Finding]] = defaultdict(list)
        file_findings: list[Finding] = []
        for refusal in self.submission.refusals:
            finding = self.maker.refusal(refusal)
            (findings[refusal.record] if refusal.record else file_findings).append(finding)
        format_results, format_targets = self._validate(every, self._shape_files("shapes/records"))
        self._collect(findings, _on_sound_fields(format_results))
        valid = [r for r in self.records if not findings[r.iri]]
        sound = [t for record in valid for t in (*record.triples, *facts[record.iri])]
        self.store.load([*sound, *duplicates(valid)])
        concluded = conclude(self.store, load_steps(self.setting.roots))
        compared = [*codes, *self.store.construct(_COMPARED), *self.store.construct(_SUBCLASSES)]
        results, check_targets = self._validate([*sound, *duplicates(valid), *concluded, *compared], self._shape_files("shapes/policies"))
        self._collect(findings, results)
        certain = {later.value: earlier.value for later, _, earlier in duplicates(valid)}
        for later, earlier in {**possible_duplicates(valid), **certain}.items():
            place = next(r.position for r in valid if r.iri == earlier)
            findings[later].append(self.maker.duplicate(later, place, certain=later in certain))
        looked = self._looked(format_targets, check_targets)
        reported = self._reported(concluded)
        reports = tuple(
            self._record_report(r, findings[r.iri], looked, reported.get(r.iri, frozenset()), facts[r.iri]) for r in self.records
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
    def _facts(self, record: Record) -> tuple[Triple, ...]:
        day = Literal(self._as_of(record), XSD.date)
        return (
            (Iri(record.iri), Iri(PG.sourcePosition), Literal(str(record.position), XSD.integer)),
            *((Iri(row), Iri(PG.asOf), day) for row in record.rows()),
        )

    def _as_of(self, record: Record) -> str:
        """Return the day as of which a record is judged: the caller's, else its claim date unless that is in the future, else today."""
        if self.setting.as_of:
            return self.setting.as_of.isoformat()
        today = self.setting.today.isoformat()
        dates = [t.value for t in record.values(record.kind.claim_date_field) if isinstance(t, Literal) and t.datatype == XSD.date]
        return min(dates[0], today) if len(dates) == 1 else today

    def _shape_files(self, folder: str) -> list[Path]:
        paths = [path for _, path in self.setting.roots.files(folder, "*.ttl")]
        return [self.setting.roots.base / "shapes" / "components.ttl", *paths]

    def _validate(self, triples: Sequence[Triple], files: Sequence[Path]) -> tuple[tuple[Result, ...], tuple[tuple[str, Term], ...]]:
        from policygraph.shapes.runner import load_shapes, targets, validate

        shapes = load_shapes(files)
        data = Graph(triples)
        return validate(data, shapes), targets(data, shapes)

    def _collect(self, findings: dict[str, list[Finding]], results: Sequence[Result]) -> None:
        owners = {row: record.iri for record in self.records for row in record.rows()}
        for result in results:
            if (owner := owners.get(result.focus.value)) is not None:
                findings[owner].append(self.maker.finding(result))

    def _parts(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for row in self.store.select(_PARTS).dicts():
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
            decisions=self.explainer.decisions.get(record.iri, ()),
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
