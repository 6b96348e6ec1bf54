"""Copies a foreign graph term by term through its kinds' shapes: what no shape provides for is refused and reported.

A submission cannot speak about the policy, bring outcomes of its own, or share nodes between records: only a kind's own
predicates, its own nodes as subjects, and own nodes, codes or literals as objects come through.
"""

from __future__ import annotations

import shlex
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from policygraph.errors import InputError, LimitError, Text
from policygraph.model.terms import Blank, Iri, Literal, local_name, namespace
from policygraph.records.near import described, near, plain
from policygraph.records.origins import Origin
from policygraph.records.record import OWN_BASE, RECORD, Record, Refusal, Submission
from policygraph.records.values import normalise
from policygraph.vocab import PG, RDF, XSD

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from policygraph.model.places import Place
    from policygraph.model.terms import Term, Triple
    from policygraph.records.kinds import Field, Kind

_TYPE = Iri(RDF.type)
_RECEIPT = (_TYPE, Iri(PG.Receipt))
MAX_REFUSALS = 500

ABOUT_POLICY = Text(
    "提交文件不能对政策图谱自身的节点作陈述。",
    "A submission cannot make statements about the policy graph's own nodes.",
)
NOT_A_RECORD = Text("此陈述不属于任何申报记录。", "This statement belongs to no record.")
NOT_A_FIELD = Text("该种申报没有字段“{name}”。", "This kind of submission has no field “{name}”.")
MISTYPED = Text(
    "请改正字段名或删除此陈述；全部字段：policygraph ask fields-of-submission --param kind={kind}",
    "Correct the field's name or remove this statement; all fields: policygraph ask fields-of-submission --param kind={kind}",
)
CONCLUSION = Text(
    "判读结果只能由引擎得出，不能随文件提交。",
    "Outcomes and evaluations are concluded by the engine and cannot be submitted.",
)
OTHER_TYPE = Text("一条记录只能是一种申报。", "A record is of one kind only; this type is not accepted.")
WRONG_OBJECT = Text("该字段不能取此类节点为值。", "This field cannot have a node of this sort as its value.")
SHARED_ROW = Text("子表行不能为多处共用。", "A row of a child table cannot be shared.")
NAMES_NO_FIELD = Text("该种申报没有名为“{name}”的字段。", "This kind of submission has no field called “{name}”.")
NO_KIND = Text("没有申报种类“{name}”。", "There is no kind of submission “{name}”.")
NEAR = Text("{why}是否指：{near}？", "{why} Did you mean: {near}?")


def copy_submission(
    triples: Sequence[Triple],
    kinds: Mapping[str, Kind],
    known: Callable[[Iri], bool],
    where: str = "",
    *,
    first: int = 1,
    lines: Sequence[int] = (),
) -> Submission:
    """Copy a foreign graph.

    Args:
        triples: The file's statements in its order.
        kinds: Kinds by class IRI.
        known: Says whether an IRI is a subject of the policy graph.
        where: What to call the file in errors.
        first: Position of its first record among all that are submitted.
        lines: Line of each statement, if the file's format tells.

    Raises:
        InputError: No statement makes anything a known kind of submission, or the file is a receipt.
    """
    by_subject: dict[Term, list[Triple]] = defaultdict(list)
    for triple in triples:
        by_subject[triple[0]].append(triple)
    if any(_RECEIPT in {(p, o) for _, p, o in own} for own in by_subject.values()):
        raise _receipt(where)
    placed = _Lines(where, dict(zip(triples, lines, strict=False)))
    copier = _Copier(by_subject, kinds, known, first, placed)
    for subject in by_subject:
        copier.copy_record(subject)
    if not copier.records:
        raise _no_record(by_subject, kinds, where)
    for subject, own in by_subject.items():
        if subject not in copier.used:
            about = isinstance(subject, Iri) and known(subject)
            copier.refusals += [Refusal("", t, ABOUT_POLICY) if about else copier.outside(t) for t in own]
    if len(copier.refusals) > MAX_REFUSALS:
        size = Text("有 {n} 条陈述不属于任何记录或字段。", "{n} statements belong to no record or field.")
        fix = Text("请只提交记录及其字段。", "Submit records and their fields only.")
        raise LimitError(size.format(n=len(copier.refusals)), fix, where)
    origins = {iri: origin for record in copier.records for iri, origin in record.origins.items()}
    refusals = tuple(replace(r, place=placed.place(r, origins)) for r in copier.refusals)
    return Submission(tuple(copier.records), refusals)


@dataclass(frozen=True, slots=True)
class _Lines:
    file: str
    by_statement: Mapping[Triple, int]

    def origin(self, name: str, own: Sequence[Triple]) -> Origin:
        """Return where a node's statements stand."""
        lines = {p.value: self.by_statement[s, p, o] for s, p, o in reversed(own) if (s, p, o) in self.by_statement}
        return Origin(self.file, line=min(lines.values(), default=0), path=name, lines=lines)

    def place(self, refusal: Refusal, origins: Mapping[str, Origin]) -> Place:
        """Return where a refused statement stands: its line, else that of the record or row in which it stood."""
        subject, predicate, _ = refusal.statement
        origin = origins.get(refusal.row) or origins.get(refusal.record) or Origin(self.file, path=_own_name(subject))
        line = self.by_statement.get(refusal.statement, 0)
        return replace(origin.place(predicate.value), line=line) if line else origin.place(predicate.value)


class _Copier:
    def __init__(
        self, by_subject: Mapping[Term, list[Triple]], kinds: Mapping[str, Kind], known: Callable[[Iri], bool], first: int, lines: _Lines
    ) -> None:
        self._by_subject, self._kinds, self._known = by_subject, kinds, known
        self._first, self._lines = first, lines
        self._origins: dict[str, Origin] = {}
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
        position = len(self.records) + self._first
        iri = f"{RECORD}{position}"
        self.used.add(subject)
        self._fields = {local_name(f.path): f.name for f in kind.fields if f.path != PG.evidence}
        self._origins = {iri: self._lines.origin(_own_name(subject), self._by_subject[subject])}
        copied = [(Iri(iri), _TYPE, Iri(kind.iri)), *self._copy_node(subject, iri, kind, iri)]
        self.records.append(Record(iri, position, subject.value, kind, tuple(dict.fromkeys(copied)), self._origins))

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
                self.refusals.append(self._unknown_field(triple, kind, record, "" if iri == record else iri))
            elif field.row_class:
                rows[field.path] += 1
                copied += self._copy_row(triple, field, f"{iri}-{local_name(field.path)}-{rows[field.path]}", iri, record)
            elif isinstance(value, Literal):
                copied.append((Iri(iri), predicate, normalise(value, field.datatype or XSD.string)))
            elif field.code_list and isinstance(value, Iri):
                copied.append((Iri(iri), predicate, value))
            else:
                self.refusals.append(Refusal(record, triple, WRONG_OBJECT))
        return copied

    def _unknown_field(self, triple: Triple, kind: Kind, record: str, row: str) -> Refusal:
        predicate = triple[1].value
        if predicate.startswith(PG):
            return Refusal(record, triple, CONCLUSION, row=row)
        spaces = {namespace(f.path) for f in kind.fields}
        shown = plain(predicate, spaces)
        labels = {local_name(f.path): f.name for f in kind.fields}
        # A name of this vocabulary is written as the file wrote its own; one from elsewhere needs the whole IRI.
        written = {local_name(f.path): f"<{f.path}>" if shown.startswith("<") else local_name(f.path) for f in kind.fields}
        found = self._near(local_name(predicate), labels)
        why = NOT_A_FIELD.format(name=shown)
        if found:
            why = NEAR.format(why=why, near=described([written[n] for n in found], {written[n]: labels[n] for n in found}))
        return Refusal(record, triple, why, MISTYPED.format(kind=kind.short), row)

    def outside(self, triple: Triple) -> Refusal:
        """Return the refusal of a statement about nothing that is a record: its kind may be mistyped."""
        _, predicate, value = triple
        labels = {k.short: k.label for k in self._kinds.values() if k.is_record}
        if predicate == _TYPE and (found := self._near(local_name(value.value), labels)) and value.value not in self._kinds:
            why = NO_KIND.format(name=_type_shown(value, self._kinds))
            return Refusal("", triple, NEAR.format(why=why, near=described(found, labels)))
        return Refusal("", triple, NOT_A_RECORD)

    def _near(self, name: str, labels: Mapping[str, Text]) -> tuple[str, ...]:
        """Return near misses while anybody will see them: past the limit the file is refused as a whole."""
        return near(name, labels) if len(self.refusals) < MAX_REFUSALS else ()

    def _copy_row(self, triple: Triple, field: Field, iri: str, owner: str, record: str) -> list[Triple]:
        row = triple[2]
        own = isinstance(row, Blank) or (isinstance(row, Iri) and not self._known(row))
        if not own or row in self.used:
            self.refusals.append(Refusal(record, triple, SHARED_ROW if own else WRONG_OBJECT))
            return []
        self.used.add(row)
        self._origins[iri] = self._lines.origin(self._origins[record].path, self._by_subject.get(row, []))
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
        why, found = NAMES_NO_FIELD.format(name=name), self._near(name, self._fields)
        return NEAR.format(why=why, near=described(found, self._fields)) if found else why


def _own_name(node: Term) -> str:
    """Return what a file calls a node, '' for a blank one."""
    return node.value.removeprefix(OWN_BASE) if isinstance(node, Iri) else ""


def _receipt(where: str) -> InputError:
    file = shlex.quote(where) if where and where != "<stdin>" else "FILE"
    return InputError(
        Text("这是判读凭证，不是申报文件。", "This is a receipt, not a submission."),
        Text(f"请用：policygraph replay {file}", f"Use: policygraph replay {file}"),
        where,
    )


def _type_shown(term: Term, kinds: Mapping[str, Kind]) -> str:
    return plain(term.value, {namespace(iri) for iri in kinds}) if isinstance(term, Iri) else f"“{term.value}”"


def _no_record(by_subject: Mapping[Term, list[Triple]], kinds: Mapping[str, Kind], where: str) -> InputError:
    types = sorted({o for own in by_subject.values() for _, p, o in own if p == _TYPE}, key=lambda t: (t.value, type(t).__name__))[:5]
    known = {k.iri: k for k in sorted(kinds.values(), key=lambda k: k.iri) if k.is_record}
    labels = {k.short: k.label for k in known.values()}
    found = list(dict.fromkeys(n for t in types for n in near(local_name(t.value), labels)))
    seen = [_type_shown(t, kinds) for t in types]
    what = Text(
        f"文件中没有已知种类的申报记录。所见类型：{'、'.join(seen) or '无'}。",
        f"The file holds no record of a known kind. Types seen: {', '.join(seen) or 'none'}.",
    )
    lists = Text("", "")
    for space in dict.fromkeys(namespace(iri) for iri in known):
        own = [k for k in known.values() if namespace(k.iri) == space]
        lists = Text(
            f"{lists.zh}\n<{space}>" + "".join(f"\n  {k.short}  {k.label.zh}" for k in own),
            f"{lists.en}\n<{space}>" + "".join(f"\n  {k.short}  {k.label.en}" for k in own),
        )
    fix = Text(
        "请将记录的 rdf:type（JSON-LD 为 @type）写为以下之一：{lists}",
        "Give the record one of these as its rdf:type (@type in JSON-LD):{lists}",
    ).format(lists=lists)
    if found:
        fix = Text("是否指：{near}？\n{fix}", "Did you mean: {near}?\n{fix}").format(near=described(found, labels), fix=fix)
    return InputError(what, fix, where)
