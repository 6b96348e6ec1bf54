"""A register as a table: one row an entry, one column a field."""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from policygraph.app.register.statements import FIRST, read, term
from policygraph.app.register.times import local
from policygraph.errors import Text
from policygraph.model.terms import Iri, Literal, local_name
from policygraph.reports.csv import harmless
from policygraph.vocab import VERDICT, XSD

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from policygraph.app.register.entries import Entry
    from policygraph.app.register.store import Register
    from policygraph.model.terms import Term, Triple
    from policygraph.records.codebook import CodeBook
    from policygraph.records.kinds import Kind

_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
ACTIONS = {
    "add": Text("登记", "added"),
    "correct": Text("更正", "corrected"),
    "determine": Text("认定", "determined"),
    "erase": Text("删除", "erased"),
}
YES, NO = Text("是", "yes"), Text("否", "no")
_WHO = Text("经办人", "by")
HEADERS = {
    "number": Text("编号", "entry"),
    "time": Text("时间", "time"),
    "who": _WHO,
    "action": Text("事项", "action"),
    "refers_to": Text("所指编号", "refers to"),
    "kind": Text("种类", "kind"),
    "verdict": Text("结论", "verdict"),
    "as_of": Text("判读基准日", "as of"),
    "standing": Text("是否现行", "standing"),
    "head": Text("链值", "chain value"),
}


class Words:
    """Names of what a register holds, in one language.

    Args:
        kinds: Kinds by class IRI.
        codes: Names of codes.
        language: zh or en.
    """

    def __init__(self, kinds: Mapping[str, Kind], codes: CodeBook, language: str) -> None:
        self.kinds, self._codes, self.language = kinds, codes, language
        self._names = {field.path: field.name for kind in kinds.values() for field in reversed(kind.fields)}

    def say(self, text: Text) -> str:
        """Return a text in the language."""
        return text.in_language(self.language)

    def kind(self, iri: str) -> str:
        """Return what a kind is called."""
        return self.say(self.kinds[iri].label) if iri in self.kinds else local_name(iri)

    def field(self, path: str, kind: str = "") -> str:
        """Return what a field is called, in a kind or in any."""
        own = self.kinds[kind].field(path) if kind in self.kinds else None
        return self.say(own.name if own else self._names.get(path, Text(local_name(path), local_name(path))))

    def verdict(self, short: str) -> str:
        """Return what a verdict is called."""
        return self._codes.label(VERDICT[short], self.language) if short else ""

    def value(self, value: Term) -> str:
        """Return a value as people read it."""
        if isinstance(value, Literal):
            return self.say(YES if value.value == "true" else NO) if value.datatype == XSD.boolean else value.value
        return self._codes.label(value.value, self.language)

    def facts(self, triples: Iterable[Triple], kind: str, without: Collection[str] = ()) -> Iterator[tuple[str, str, str]]:
        """Yield path, name and value of each field of a record in its order; rows of a child table are one value each."""
        stated: dict[str, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
        for subject, predicate, value in triples:
            if predicate.value not in without:
                stated[subject.value][predicate.value].append(value)
        for field in self.kinds[kind].fields if kind in self.kinds else ():
            values = stated[FIRST].pop(field.path, [])
            if field.row_class:
                for value in sorted(values, key=lambda row: int(row.value.rpartition("-")[2])):
                    cells = self.facts(_as_first(stated[value.value]), field.row_class)
                    yield field.path, self.say(field.name), self.say(Text("，", ", ")).join(f"{name} {said}" for _, name, said in cells)
            elif values:
                yield field.path, self.say(field.name), self.say(Text("、", ", ")).join(map(self.value, values))


def _as_first(stated: Mapping[str, list[Term]]) -> Iterator[Triple]:
    return ((Iri(FIRST), Iri(path), value) for path, values in stated.items() for value in values)


def write_table(register: Register, words: Words, without: Collection[str] | None = None) -> str:
    """Return a register as comma-separated values that spreadsheet programs open as text.

    Args:
        register: The register.
        words: Names in the language that is wanted.
        without: IRIs of fields to leave out, with all else that names anybody; None to leave out nothing.
    """
    fixed = [name for name in HEADERS if without is None or name != "who"]
    columns: dict[str, str] = {}
    rows = []
    standing = register.standing()
    held = {entry.number: document for entry, document in register.documents()}
    for entry in register.entries():
        facts = _facts(entry, held.get(entry.number, {}), words, without)
        columns |= {path: name for path, name, _ in facts if path not in columns}
        cells: dict[str, list[str]] = defaultdict(list)
        for path, _, value in facts:
            cells[path].append(value)
        rows.append(([cell(entry, name, words, standing) for name in fixed], cells))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([*(words.say(HEADERS[name]) for name in fixed), *columns.values()])
    for own, cells in rows:
        every = (*own, *(" | ".join(cells.get(path, ())) for path in columns))
        writer.writerow([value if _NUMBER.fullmatch(value) else harmless(value) for value in every])
    return "\ufeff" + out.getvalue()


def _facts(entry: Entry, document: dict[str, Any], words: Words, without: Collection[str] | None) -> list[tuple[str, str, str]]:
    left = without or ()
    if "facts" in document:
        return list(words.facts(read(document["facts"]), entry.kind, left))
    if "field" in document and document["field"] not in left:
        path = str(document["field"])
        return [(path, words.field(path, entry.kind), words.value(term(document["value"])))]
    return []


def cell(entry: Entry, name: str, words: Words, standing: Collection[int]) -> str:
    """Return what stands of an entry in a column of HEADERS."""
    if name == "standing":
        return words.say(YES if entry.number in standing else NO) if entry.records else ""
    value = getattr(entry, name)
    shown = {"kind": words.kind, "verdict": words.verdict, "time": local}
    if name == "action":
        return words.say(ACTIONS[entry.action])
    return shown[name](value) if name in shown else str(value or "")
