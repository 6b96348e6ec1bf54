"""What the graph says of the kinds of submission: whom each is about, which clauses it serves, what checks it and what decides on it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from policygraph.errors import Text
from policygraph.model.grounds import Named
from policygraph.model.terms import Iri, Literal
from policygraph.vocab import ELI, OA, PG, PROV, RDFS, SH, SKOS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from policygraph.model.terms import Term
    from policygraph.queries.entities import Entities
    from policygraph.records.forms import Forms
    from policygraph.records.kinds import Kind
    from policygraph.store.base import Store

    _Rows = list[Mapping[str, Term]]

_SEVERITIES = {SH.Violation: "violation", SH.Warning: "warning", SH.Info: "note"}
_CHECKS = f"""
SELECT DISTINCT ?node ?target ?severity ?provision WHERE {{
  VALUES ?type {{ <{PG.NormShape}> <{PG.ClaimShape}> }}
  ?node a ?type ; <{SH.targetClass}> ?target ; <{SH.severity}> ?severity . OPTIONAL {{ ?node <{PG.onProvision}> ?provision }}
}} ORDER BY ?node ?provision"""
_RULES = f"""
SELECT DISTINCT ?node ?target ?benefit ?provision WHERE {{
  ?node a <{PG.Rule}> ; <{PG.forKind}> ?target .
  OPTIONAL {{ ?node <{PROV.wasDerivedFrom}> ?provision }} OPTIONAL {{ ?node <{PG.benefit}> ?benefit }}
}} ORDER BY ?node ?provision"""
_CLAUSES = f"""
SELECT DISTINCT ?provision ?quote ?translation ?section ?start WHERE {{
  {{ ?check <{PG.onProvision}> ?provision }} UNION {{ ?rule a <{PG.Rule}> ; <{PROV.wasDerivedFrom}> ?provision }}
  ?provision <{PG.quote}> ?quote ; <{ELI.is_part_of}> ?section .
  OPTIONAL {{ ?provision <{PG.translation}> ?translation }} OPTIONAL {{ ?provision <{PG.anchor}>/<{OA.start}> ?start }}
}} ORDER BY ?provision"""
_ABOUT = f"""
SELECT ?kind ?property ?value WHERE {{
  ?kind <{RDFS.subClassOf}>+ <{PG.Submission}> ; ?property ?value .
  VALUES ?property {{ <{PG.aboutSubject}> <{PG.partOf}> <{SKOS.definition}> }}
}} ORDER BY ?kind ?property STR(?value)"""


_FOR = Text("申报与申请（{subjects}）", "claims and requests ({subjects})")
_REPORTS = Text("报告与其他", "reports and others")
_PROFILES = f"SELECT DISTINCT ?kind WHERE {{ ?kind <{RDFS.subClassOf}>+ <{PG.SubjectProfile}> }} ORDER BY ?kind"


@dataclass(frozen=True, slots=True)
class Clause:
    """A sentence or part of one that a check or a rule rests on.

    Attributes:
        provision: The provision.
        section: The section in which it stands, for instance a measure.
        quote: Verbatim words.
        translation: Unofficial English, '' if none.
        start: Where it begins in the text, -1 if not anchored.
    """

    provision: Named
    section: Named
    quote: str
    translation: str
    start: int


@dataclass(frozen=True, slots=True)
class Check:
    """A check that looks at records of a kind.

    Attributes:
        check: The shape.
        severity: What a finding of it is: violation, warning or note.
        part: Part of the report that it looks at, None for the whole record.
        clauses: What it rests on.
    """

    check: Named
    severity: str
    part: Named | None
    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that decides on records of a kind.

    Attributes:
        rule: The rule.
        benefit: What it gives, None where it decides on conformity only.
        part: Part of the report that it decides on, None for the whole record.
        clauses: What it rests on.
    """

    rule: Named
    benefit: Named | None
    part: Named | None
    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class About:
    """A kind of submission and what the graph says of it.

    Attributes:
        kind: The kind.
        definition: What it is.
        subjects: Kinds of profile of those whom it is about.
        profile: Whether it is itself a profile, from which all benefits of a subject are decided.
        checks: Checks that look at it.
        rules: Rules that decide on it; for a profile, those of all kinds that are about it.
    """

    kind: Kind
    definition: Text
    subjects: tuple[Named, ...]
    profile: bool
    checks: tuple[Check, ...]
    rules: tuple[Rule, ...]

    @property
    def sections(self) -> tuple[Named, ...]:
        """Sections of policies that the kind serves, in the order of the text."""
        every = [*(c for check in self.checks for c in check.clauses), *(c for rule in self.rules for c in rule.clauses)]
        clauses = sorted(every, key=lambda c: (c.start, c.provision.iri))
        return tuple(dict.fromkeys(clause.section for clause in clauses))


def read_kinds(store: Store, forms: Forms, entities: Entities) -> tuple[About, ...]:
    """Return all kinds of submission, by their short names."""
    return _Reader(store, forms, entities).read()


def grouped(kinds: Iterable[About], entities: Entities) -> list[tuple[Text, list[About]]]:
    """Return the kinds by whom they are about: profiles first, then what a subject asks for, then reports, which are about nobody."""
    groups: dict[tuple[bool, tuple[Named, ...]], list[About]] = defaultdict(list)
    for about in kinds:
        groups[not about.profile, about.subjects].append(about)
    profiles = Iri(PG.SubjectProfile)
    found = []
    for (claim, subjects), own in sorted(groups.items(), key=lambda g: (g[0][0], not g[0][1], [n.iri for n in g[0][1]])):
        heading = Text(entities.label(profiles, "zh"), entities.label(profiles, "en"))
        if claim and subjects:
            heading = _FOR.format(subjects=Text("、".join(s.label.zh for s in subjects), ", ".join(s.label.en for s in subjects)))
        found.append((_REPORTS if claim and not subjects else heading, own))
    return found


class _Reader:
    def __init__(self, store: Store, forms: Forms, entities: Entities) -> None:
        self._forms, self._entities = forms, entities
        self._clauses = {row["provision"].value: self._clause(row) for row in store.select(_CLAUSES).dicts()}
        self._said: dict[str, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
        for row in store.select(_ABOUT).dicts():
            self._said[row["kind"].value][row["property"].value].append(row["value"])
        self._profiles = {row["kind"].value for row in store.select(_PROFILES).dicts()}
        self._checks = self._by_node(store.select(_CHECKS).dicts())
        self._rules = self._by_node(store.select(_RULES).dicts())

    def read(self) -> tuple[About, ...]:
        return tuple(self._about(kind) for kind in self._forms.records)

    def _about(self, kind: Kind) -> About:
        said = self._said[kind.iri]
        words = {t.language: t.value for t in said[SKOS.definition] if isinstance(t, Literal)}
        profile = kind.iri in self._profiles
        whose = {kind.iri}
        if profile:
            whose |= {iri for iri, other in self._said.items() if kind.iri in {t.value for t in other[PG.aboutSubject]}}
        return About(
            kind=kind,
            definition=Text(words.get("zh", ""), words.get("en", words.get("zh", ""))),
            subjects=tuple(self._named(t.value) for t in said[PG.aboutSubject]),
            profile=profile,
            checks=tuple(
                Check(self._named(node), _SEVERITIES.get(rows[0]["severity"].value, "violation"), part, self._clauses_of(rows))
                for node, rows, part in self._looking_at({kind.iri}, self._checks)
            ),
            rules=tuple(
                Rule(self._named(node), self._benefit(rows), part, self._clauses_of(rows))
                for node, rows, part in self._looking_at(whose, self._rules)
            ),
        )

    def _looking_at(self, kinds: set[str], nodes: Mapping[str, _Rows]) -> Iterator[tuple[str, _Rows, Named | None]]:
        """Yield what looks at kinds, and the part of their reports that it looks at, None for the whole."""
        for node, rows in nodes.items():
            targets = sorted({row["target"].value for row in rows})
            parts = [t for t in targets if {kind.value for kind in self._said[t][PG.partOf]} & kinds]
            if kinds & {*targets}:
                yield node, rows, None
            elif parts:
                yield node, rows, self._named(parts[0])

    def _benefit(self, rows: _Rows) -> Named | None:
        return next((self._named(row["benefit"].value) for row in rows if "benefit" in row), None)

    def _clauses_of(self, rows: _Rows) -> tuple[Clause, ...]:
        provisions = dict.fromkeys(row["provision"].value for row in rows if "provision" in row)
        found = (self._clauses[p] for p in provisions if p in self._clauses)
        return tuple(sorted(found, key=lambda c: (c.start, c.provision.iri)))

    def _clause(self, row: Mapping[str, Term]) -> Clause:
        translation = row["translation"].value if "translation" in row else ""
        start = int(row["start"].value) if "start" in row else -1
        return Clause(self._named(row["provision"].value), self._named(row["section"].value), row["quote"].value, translation, start)

    def _by_node(self, rows: Iterable[Mapping[str, Term]]) -> dict[str, _Rows]:
        found: dict[str, _Rows] = defaultdict(list)
        for row in rows:
            found[row["node"].value].append(row)
        return found

    def _named(self, iri: str) -> Named:
        return Named(iri, Text(self._entities.label(Iri(iri), "zh"), self._entities.label(Iri(iri), "en")))
