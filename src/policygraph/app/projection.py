"""Fills candidate submissions from the profile of one subject, as the kinds themselves describe it.

A kind says whom it is about (`pg:aboutSubject`), which table of the profile gives one candidate a row (`pg:candidateRows`), and which of
its fields only say what is asked for (`pg:requestField`). A field takes the profile's fact of the same IRI; nothing is assumed.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

from policygraph.errors import DataError, Text
from policygraph.model.terms import Iri, Literal, local_name
from policygraph.records.record import Record
from policygraph.vocab import PG, RDF, RDFS, SH

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from policygraph.model.terms import Term, Triple
    from policygraph.records.kinds import Field, Kind
    from policygraph.store.base import Store

_TYPE = Iri(RDF.type)
# Where a kind speaks about itself: on its class or on its shape.
_ABOUT = f"""
SELECT ?kind ?property ?value WHERE {{
  {{ ?kind ?property ?value }} UNION {{ ?shape <{PG.onClass}> ?kind ; ?property ?value }}
  VALUES ?property {{ <{PG.aboutSubject}> <{PG.candidateRows}> <{PG.requestField}> <{PG.completenessField}> }}
}} ORDER BY ?kind ?property STR(?value)"""
_COMPLETENESS = f"SELECT ?shape ?field WHERE {{ ?shape <{SH.path}> ?path ; <{PG.completenessField}> ?field }} ORDER BY ?shape ?field"
_PROFILES = f"SELECT ?kind WHERE {{ ?kind <{RDFS.subClassOf}> <{PG.SubjectProfile}> }} ORDER BY ?kind"
_UNKNOWN = f"SELECT ?code WHERE {{ ?code a <{PG.UnknownCode}> }} ORDER BY ?code"
_PARTS = f"SELECT ?part ?kind WHERE {{ ?rule <{PG.forKind}> ?part . ?part <{PG.partOf}> ?kind }} ORDER BY ?part ?kind"
# More combinations of codes than this are no question that anybody asks.
MAX_REQUESTS = 100


@dataclass(frozen=True, slots=True)
class Candidate:
    """A submission that the subject could make.

    Attributes:
        record: The submission, filled from the profile.
        row: Row of the profile that it is made of, '' if none.
        requested: What it asks for: field and code; empty when the kind asks for one thing only.
        further: Whether it stands for rows that the profile does not state.
    """

    record: Record
    row: str
    requested: tuple[tuple[str, Term], ...]
    further: bool


@dataclass(frozen=True, slots=True)
class Projection:
    """How a kind is filled from a profile.

    Attributes:
        kind: The kind of submission.
        table: Field of the profile whose rows give one candidate each, '' if none.
        requests: Fields that only say what is asked for.
        parts: Report parts of the kind that rules are about.
    """

    kind: Kind
    table: str
    requests: tuple[str, ...]
    parts: tuple[str, ...]


class Projector:
    """Knows the kinds of subject and how submissions are filled from their profiles.

    Args:
        store: Holds the policy graph with its record shapes.
        kinds: Kinds by class IRI.

    Raises:
        DataError: A kind says of itself what cannot be.
    """

    def __init__(self, store: Store, kinds: Mapping[str, Kind]) -> None:
        self._kinds = kinds
        about: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for row in store.select(_ABOUT).dicts():
            values = about[row["kind"].value][row["property"].value]
            if row["value"].value not in values:
                values.append(row["value"].value)
        parts: dict[str, list[str]] = defaultdict(list)
        for row in store.select(_PARTS).dicts():
            if row["part"].value not in parts[row["kind"].value]:
                parts[row["kind"].value].append(row["part"].value)
        complete = {row["shape"].value: row["field"].value for row in store.select(_COMPLETENESS).dicts()}
        subjects = [row["kind"].value for row in store.select(_PROFILES).dicts()]
        self.unknown = frozenset(row["code"].value for row in store.select(_UNKNOWN).dicts())
        self.profiles: dict[str, Kind] = {iri: kinds[iri] for iri in subjects if iri in kinds}
        self._own_completeness = {kind: about[kind][PG.completenessField][0] for kind in subjects if about[kind][PG.completenessField]}
        self._table_completeness = {
            (kind.iri, f.path): complete[f.shape] for kind in kinds.values() for f in kind.fields if f.row_class and f.shape in complete
        }
        self._projections: dict[str, list[Projection]] = defaultdict(list)
        for iri, said in sorted(about.items()):
            for subject in said[PG.aboutSubject]:
                if subject in self.profiles and iri in kinds:
                    self._projections[subject].append(self._projection(kinds[iri], self.profiles[subject], said, tuple(parts[iri])))

    def _projection(self, kind: Kind, profile: Kind, said: Mapping[str, list[str]], parts: tuple[str, ...]) -> Projection:
        tables = said.get(PG.candidateRows, [])
        for table in tables:
            field = profile.field(table)
            if len(tables) > 1 or field is None or not field.row_class:
                raise _fault(kind.iri, f"pg:candidateRows <{table}>")
        requests = said.get(PG.requestField, [])
        for path in requests:
            asked = kind.field(path)
            if asked is None or not asked.codes:
                raise _fault(kind.iri, f"pg:requestField <{path}>")
        return Projection(kind, tables[0] if tables else "", tuple(requests), parts)

    # ---------------------------------------------------------------- what a profile says of its tables
    def projections(self, subject: str) -> tuple[Projection, ...]:
        """Return how each kind about a subject is filled, by the kind of its profile."""
        return tuple(self._projections.get(subject, ()))

    def table(self, subject: str, kind: str) -> str:
        """Return the table of a profile whose rows give a kind's candidates, '' if none."""
        return next((p.table for p in self.projections(subject) if p.kind.iri == kind), "")

    def completeness(self, kind: Kind, table: str) -> str:
        """Return the field by which a profile declares a table complete, '' if it has none."""
        return self._table_completeness.get((kind.iri, table)) or self._own_completeness.get(kind.iri, "")

    def is_complete(self, profile: Record, table: str) -> bool:
        """Say whether a profile declares that it lists all rows of a table."""
        field = self.completeness(profile.kind, table)
        return bool(field) and any(isinstance(v, Literal) and v.value == "true" for v in profile.values(field))

    def states(self, values: tuple[Term, ...]) -> bool:
        """Say whether values state a fact; 不详 states nothing."""
        return any(value.value not in self.unknown for value in values)

    # ---------------------------------------------------------------- candidates
    def candidates(self, profile: Record) -> tuple[Candidate, ...]:
        """Return every submission that can be made of a profile, kind by kind, row by row.

        A kind that takes its candidates from a table has one more, without the facts of a row, unless the profile declares the table
        complete: it stands for rows that may exist and are not stated.
        """
        return tuple(c for projection in self.projections(profile.kind.iri) for c in self._of_kind(projection, profile))

    def _of_kind(self, projection: Projection, profile: Record) -> Iterator[Candidate]:
        facts = _by_subject(profile)
        rows = [row.value for row in profile.values(projection.table)] if projection.table else []
        sources = [*rows] if projection.table else [""]
        if projection.table and not self.is_complete(profile, projection.table):
            sources.append("")
        number = 0
        for source in sources:
            stated = facts[source] if source else {}
            free = [p for p in projection.requests if not self.states(tuple(stated.get(p) or facts[profile.iri].get(p, [])))]
            for asked in self._requests(projection.kind, free):
                number += 1
                iri = f"{profile.iri}-{projection.kind.short}-{number}"
                triples = self._fill(projection, profile, facts, source, iri)
                triples += [(Iri(iri), Iri(path), code) for path, code in asked]
                record = Record(iri, number, profile.source, projection.kind, tuple(dict.fromkeys(triples)))
                yield Candidate(record, source, asked, bool(projection.table) and not source)

    def _requests(self, kind: Kind, free: list[str]) -> list[tuple[tuple[str, Term], ...]]:
        """Return every combination of codes of the fields that say what is asked for."""
        lists = []
        for path in free:
            field = kind.field(path)
            lists.append([(path, Iri(code)) for code in (field.codes if field else ()) if code not in self.unknown])
        combinations: list[tuple[tuple[str, Term], ...]] = list(product(*lists))
        if len(combinations) > MAX_REQUESTS:
            raise _fault(kind.iri, "pg:requestField")
        return combinations

    def _fill(self, projection: Projection, profile: Record, facts: _Facts, source: str, iri: str) -> list[Triple]:
        kind, own = projection.kind, facts[profile.iri]
        first = facts[source] if source else {}
        table = profile.kind.field(projection.table)
        others = [r for r in own.get(projection.table, []) if r.value != source] if table else []
        node = Iri(iri)
        # A part of a report is judged as if it had been begun: whether its benefit is due is what is asked.
        triples: list[Triple] = [(node, _TYPE, Iri(kind.iri)), *((node, _TYPE, Iri(part)) for part in projection.parts)]
        for field in kind.fields:
            if field.row_class:
                same = profile.kind.field(field.path)
                if same is not None and same.row_class == field.row_class:
                    rows = [r for r in own.get(field.path, []) if r.value != source]
                else:
                    rows = others if table is not None and table.row_class == field.row_class else []
                triples += self._rows(field, rows, facts, iri)
            else:
                triples += [(node, Iri(field.path), value) for value in first.get(field.path) or own.get(field.path, [])]
        return triples

    def _rows(self, field: Field, rows: list[Term], facts: _Facts, iri: str) -> Iterator[Triple]:
        kind = self._kinds[field.row_class]
        for number, row in enumerate(rows, 1):
            node = Iri(f"{iri}-{local_name(field.path)}-{number}")
            yield Iri(iri), Iri(field.path), node
            yield node, _TYPE, Iri(kind.iri)
            for own in kind.fields:
                yield from ((node, Iri(own.path), value) for value in facts[row.value].get(own.path, []))


class _Facts(dict[str, dict[str, list["Term"]]]):
    """Values by subject and field; nothing stated is an empty mapping."""

    def __missing__(self, key: str) -> dict[str, list[Term]]:
        return {}


def _by_subject(profile: Record) -> _Facts:
    found = _Facts()
    for subject, predicate, value in profile.triples:
        if predicate != _TYPE:
            found.setdefault(subject.value, {}).setdefault(predicate.value, []).append(value)
    return found


def _fault(kind: str, said: str) -> DataError:
    return DataError(
        Text(f"该种申报的 {said} 无法使用。", f"This kind of submission says {said}, which cannot be used."),
        Text(
            "候选子表须是主体情况的一个子表；申请事项字段须是本种申报的代码字段，组合不宜过多。",
            "Candidate rows must be one child table of the profile; a request field must be a code field of this kind, "
            "without too many combinations.",
        ),
        f"<{kind}>",
    )
