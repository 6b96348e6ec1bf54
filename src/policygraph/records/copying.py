"""Copies a foreign graph term by term through its kinds' shapes: what no shape provides for is refused and reported.

A submission cannot speak about the policy, bring outcomes of its own, or share nodes between records: only a kind's own
predicates, its own nodes as subjects, and own nodes, codes or literals as objects come through.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from policygraph.errors import InputError, LimitError, Text
from policygraph.model.terms import Blank, Iri, Literal
from policygraph.records.values import normalise
from policygraph.vocab import BASE, PG, RDF, XSD

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from policygraph.model.terms import Term, Triple
    from policygraph.records.kinds import Field, Kind

_TYPE = Iri(RDF.type)
# One file is checked in memory and in one go; larger ones are for batches.
MAX_RECORDS, MAX_REFUSALS = 1_000, 500
_RECORD = BASE + "submission#record-"

ABOUT_POLICY = Text(
    "提交文件不能对政策图谱自身的节点作陈述。",
    "A submission cannot make statements about the policy graph's own nodes.",
)
NOT_A_RECORD = Text("此陈述不属于任何申报记录。", "This statement belongs to no record.")
NOT_A_FIELD = Text("该种申报没有此字段。", "This kind of submission has no such field.")
CONCLUSION = Text(
    "判读结果只能由引擎得出，不能随文件提交。",
    "Outcomes and evaluations are concluded by the engine and cannot be submitted.",
)
OTHER_TYPE = Text("一条记录只能是一种申报。", "A record is of one kind only; this type is not accepted.")
WRONG_OBJECT = Text("该字段不能取此类节点为值。", "This field cannot have a node of this sort as its value.")
SHARED_ROW = Text("子表行不能为多处共用。", "A row of a child table cannot be shared.")
NAMES_NO_FIELD = Text("该种申报没有名为“{name}”的字段。", "This kind of submission has no field called “{name}”.")
NEAR = Text("{why}是否指：{near}", "{why} Did you mean: {near}")
REMOVE = Text("请删除此陈述后重新提交。", "Remove this statement and submit again.")


@dataclass(frozen=True, slots=True)
class Refusal:
    """A statement that was not copied, and why.

    Attributes:
        record: IRI of the record it stood in, '' when it stood in none.
        statement: The statement as submitted.
        why: Why it was refused.
    """

    record: str
    statement: Triple
    why: Text


@dataclass(frozen=True, slots=True)
class Record:
    """One record, copied.

    Attributes:
        iri: Named by its place in the file: …#record-1.
        position: Place in the file, from 1.
        source: What the file called it.
        kind: Its kind.
        triples: Its statements and those of its rows, under their new names.
    """

    iri: str
    position: int
    source: str
    kind: Kind
    triples: tuple[Triple, ...]

    def values(self, path: str) -> tuple[Term, ...]:
        """Return the record's values of a field."""
        return tuple(o for s, p, o in self.triples if s.value == self.iri and p.value == path)

    def rows(self) -> tuple[str, ...]:
        """Return the IRIs of the record and its rows."""
        return tuple(dict.fromkeys(s.value for s, _, _ in self.triples))


@dataclass(frozen=True, slots=True)
class Submission:
    """The records of a file and what was refused in it."""

    records: tuple[Record, ...]
    refusals: tuple[Refusal, ...]


def copy_submission(triples: Iterable[Triple], kinds: Mapping[str, Kind], known: Callable[[Iri], bool], where: str = "") -> Submission:
    """Copy a foreign graph.

    Args:
        triples: The file's statements in its order.
        kinds: Kinds by class IRI.
        known: Says whether an IRI is a subject of the policy graph.
        where: What to call the file in errors.

    Raises:
        InputError: No statement makes anything a known kind of submission.
    """
    by_subject: dict[Term, list[Triple]] = defaultdict(list)
    for triple in triples:
        by_subject[triple[0]].append(triple)
    copier = _Copier(by_subject, kinds, known)
    for subject in by_subject:
        copier.copy_record(subject)
    if not copier.records:
        raise _no_record(by_subject, kinds, where)
    if len(copier.records) > MAX_RECORDS:
        size = Text("文件有 {n} 条记录，一次最多核查 {most} 条。", "The file has {n} records; at most {most} are checked at a time.")
        raise LimitError(size.format(n=len(copier.records), most=MAX_RECORDS), Text("请拆分文件。", "Split the file."), where)
    for subject, own in by_subject.items():
        if subject not in copier.used:
            about = isinstance(subject, Iri) and known(subject)
            copier.refusals += [Refusal("", t, ABOUT_POLICY if about else NOT_A_RECORD) for t in own]
    if len(copier.refusals) > MAX_REFUSALS:
        size = Text("有 {n} 条陈述不属于任何记录或字段。", "{n} statements belong to no record or field.")
        fix = Text("请只提交记录及其字段。", "Submit records and their fields only.")
        raise LimitError(size.format(n=len(copier.refusals)), fix, where)
    return Submission(tuple(copier.records), tuple(copier.refusals))


class _Copier:
    def __init__(self, by_subject: Mapping[Term, list[Triple]], kinds: Mapping[str, Kind], known: Callable[[Iri], bool]) -> None:
        self._by_subject, self._kinds, self._known = by_subject, kinds, known
        self.records: list[Record] = []
        self.refusals: list[Refusal] = []
        self.used: set[Term] = set()
        self._fields: dict[str, Text] = {}

    def copy_record(self, subject: Term) -> None:
        if isinstance(subject, Literal) or (isinstance(subject, Iri) and self._known(subject)):
            return
        types = [o.value for _, p, o in self._by_subject[subject] if p == _TYPE and isinstance(o, Iri)]
        kind = next((self._kinds[t] for t in types if t in self._kinds and self._kinds[t].is_record), None)
        if kind is None:
            return
        position = len(self.records) + 1
        iri = f"{_RECORD}{position}"
        self.used.add(subject)
        self._fields = {_short(f.path): f.name for f in kind.fields if f.path != PG.evidence}
        copied = [(Iri(iri), _TYPE, Iri(kind.iri)), *self._copy_node(subject, iri, kind, iri)]
        self.records.append(Record(iri, position, subject.value, kind, tuple(dict.fromkeys(copied))))

    def _copy_node(self, subject: Term, iri: str, kind: Kind, record: str) -> list[Triple]:
        copied: list[Triple] = []
        rows: dict[str, int] = defaultdict(int)
        for triple in self._by_subject.get(subject, ()):
            _, predicate, value = triple
            field = kind.field(predicate.value)
            if predicate == _TYPE:
                if value != Iri(kind.iri):
                    self.refusals.append(Refusal(record, triple, OTHER_TYPE))
            elif field is None:
                why = CONCLUSION if predicate.value.startswith(PG) else NOT_A_FIELD
                self.refusals.append(Refusal(record, triple, why))
            elif field.row_class:
                rows[field.path] += 1
                copied += self._copy_row(triple, field, f"{iri}-{_short(field.path)}-{rows[field.path]}", iri, record)
            elif isinstance(value, Literal):
                copied.append((Iri(iri), predicate, normalise(value, field.datatype or XSD.string)))
            elif field.code_list and isinstance(value, Iri):
                copied.append((Iri(iri), predicate, value))
            else:
                self.refusals.append(Refusal(record, triple, WRONG_OBJECT))
        return copied

    def _copy_row(self, triple: Triple, field: Field, iri: str, owner: str, record: str) -> list[Triple]:
        row = triple[2]
        own = isinstance(row, Blank) or (isinstance(row, Iri) and not self._known(row))
        if not own or row in self.used:
            self.refusals.append(Refusal(record, triple, SHARED_ROW if own else WRONG_OBJECT))
            return []
        self.used.add(row)
        kind = self._kinds[field.row_class]
        return [
            (Iri(owner), Iri(field.path), Iri(iri)),
            (Iri(iri), _TYPE, Iri(kind.iri)),
            *self._copy_row_fields(row, iri, kind, record),
        ]

    def _copy_row_fields(self, row: Term, iri: str, kind: Kind, record: str) -> list[Triple]:
        """Copy a row; text that names a field of the record is copied as that field's short name."""
        naming = {f.path for f in kind.fields if f.names_field}
        copied: list[Triple] = []
        for subject, predicate, value in self._copy_node(row, iri, kind, record):
            if predicate.value not in naming:
                copied.append((subject, predicate, value))
            elif short := self._named_field(value.value):
                copied.append((subject, predicate, Literal(short)))
            else:
                copied.append((subject, predicate, value))
                self.refusals.append(Refusal(record, (row, predicate, value), self._no_field(value.value)))
        return copied

    def _named_field(self, name: str) -> str:
        """Return the short name of the field that a name or label stands for in the record that is being copied, '' if none."""
        wanted = name.strip().casefold()
        return next((s for s, label in self._fields.items() if wanted in {s.casefold(), label.zh.casefold(), label.en.casefold()}), "")

    def _no_field(self, name: str) -> Text:
        why = NAMES_NO_FIELD.format(name=name)
        zh = get_close_matches(name, [label.zh for label in self._fields.values()], 3, 0.5)
        en = get_close_matches(name, [*self._fields, *(label.en for label in self._fields.values())], 3, 0.6)
        near = Text("、".join(zh or en), ", ".join(en or self._fields))
        return NEAR.format(why=why, near=near) if zh or en else why


def _short(iri: str) -> str:
    return iri.rpartition("#")[2].rpartition("/")[2]


def _no_record(by_subject: Mapping[Term, list[Triple]], kinds: Mapping[str, Kind], where: str) -> InputError:
    types = sorted({o.value for own in by_subject.values() for _, p, o in own if p == _TYPE})
    known = sorted((k for k in kinds.values() if k.is_record), key=lambda k: k.iri)
    seen = "、".join(f"<{t}>" for t in types[:5])
    return InputError(
        Text(
            f"文件中没有已知种类的申报记录。所见类型：{seen or '无'}。",
            f"The file holds no record of a known kind. Types seen: {', '.join(f'<{t}>' for t in types[:5]) or 'none'}.",
        ),
        Text(
            "请将记录的 rdf:type 写为以下之一：" + "；".join(f"{k.label.zh} <{k.iri}>" for k in known),
            "Give the record one of these as its rdf:type: " + "; ".join(f"{k.label.en} <{k.iri}>" for k in known),
        ),
        where,
    )
