"""Statements of a record as the register keeps them: canonical N-Triples of the record as if it were the only one of its file."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass, replace
from operator import is_
from typing import TYPE_CHECKING, Any, TypeVar

from policygraph.errors import Text
from policygraph.graph.parsing import numbered, read_ntriples
from policygraph.graph.serialising import serialise
from policygraph.graph.terms import spell
from policygraph.model.grounds import Evidence
from policygraph.model.terms import Iri, Literal
from policygraph.vocab import BASE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from policygraph.model.terms import Term, Triple
    from policygraph.records.record import Record

T = TypeVar("T")
FIRST = BASE + "submission#record-1"


def write(triples: Iterable[Triple]) -> str:
    """Return statements as canonical N-Triples."""
    return serialise(triples, "ntriples")


def read(text: str) -> tuple[Triple, ...]:
    """Return statements that `write` wrote."""
    return numbered(read_ntriples(text.encode()))


def spelt(value: Term) -> str:
    """Return a term as N-Triples writes it."""
    return spell(value)


def term(text: str) -> Term:
    """Return a term that `spelt` wrote."""
    return read(f"<urn:x> <urn:x> {text} .")[0][2]


def as_first(record: Record) -> Record:
    """Return a record under the name that the only record of a file has, so that its place in the file tells nothing of others."""
    if record.iri == FIRST:
        return record
    own = _naming(record.iri)

    def named(value: Any) -> Any:
        return Iri(own.sub(FIRST, value.value)) if isinstance(value, Iri) else value

    return replace(record, iri=FIRST, position=1, triples=tuple((named(s), p, named(o)) for s, p, o in record.triples))


def renamed(value: T, iri: str) -> T:
    """Return a report, or a part of one, in which a record and its rows have the names of the only record of a file."""
    return value if iri == FIRST else _renamed(value, _naming(iri))


def _naming(iri: str) -> re.Pattern[str]:
    return re.compile(rf"\A{re.escape(iri)}(?=[-.]|\Z)")


def _renamed(value: Any, own: re.Pattern[str]) -> Any:
    if isinstance(value, str):
        return own.sub(FIRST, value)
    if isinstance(value, tuple):
        members = tuple(_renamed(member, own) for member in value)
        return value if all(map(is_, members, value)) else members
    if isinstance(value, Literal | Text | Evidence) or not is_dataclass(value) or isinstance(value, type):
        return value  # what somebody stated stays as it is
    changed = {f.name: new for f in fields(value) if (new := _renamed(old := getattr(value, f.name), own)) is not old}
    return replace(value, **changed) if changed else value
