"""RDF terms and query results as plain values, independent of any RDF library."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

_XSD = "http://www.w3.org/2001/XMLSchema#"


@dataclass(frozen=True, slots=True, order=True)
class Iri:
    """An absolute IRI."""

    value: str


@dataclass(frozen=True, slots=True, order=True)
class Blank:
    """A blank node; its label means something within one result only."""

    value: str


@dataclass(frozen=True, slots=True, order=True)
class Literal:
    """A literal with its lexical form, datatype IRI and language tag ('' if none)."""

    value: str
    datatype: str = _XSD + "string"
    language: str = ""


Term: TypeAlias = Iri | Blank | Literal
Triple: TypeAlias = tuple[Term, Iri, Term]


def local_name(iri: str) -> str:
    """Return the last part of an IRI."""
    own = iri.rstrip("/#")
    return iri[max(own.rfind("#"), own.rfind("/")) + 1 :]


def namespace(iri: str) -> str:
    """Return what stands before the last part of an IRI."""
    return iri.removesuffix(local_name(iri))


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of a SELECT in their order; an unbound cell is None."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Term | None, ...], ...]

    def __len__(self) -> int:
        return len(self.rows)

    def dicts(self) -> list[dict[str, Term]]:
        """Return each row as a mapping that leaves out unbound cells."""
        return [{name: cell for name, cell in zip(self.columns, row, strict=True) if cell is not None} for row in self.rows]
