"""Says whether two graphs are the same, whatever a store did to the spelling of their literals and the names of their blank nodes.

Stores rewrite literals as RDF lets them: 0.60 comes back as 0.6, Virtuoso makes an xsd:integer of a whole xsd:decimal and 1 of true, and
language tags know no case. Nothing else is let pass.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from policygraph.graph.canonical import canonical
from policygraph.graph.terms import spell
from policygraph.model.terms import Literal
from policygraph.vocab import XSD

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from policygraph.model.terms import Term, Triple

_NUMBERS = {XSD.integer, XSD.decimal, XSD.int, XSD.long, XSD.nonNegativeInteger, XSD.positiveInteger}
_TRUTHS = {"1": "true", "0": "false"}


@dataclass(frozen=True, slots=True)
class Difference:
    """What two graphs do not share, each statement in its plain form.

    Attributes:
        missing: Statements of the first that the second lacks.
        unexpected: Statements of the second that the first lacks.
    """

    missing: tuple[Triple, ...]
    unexpected: tuple[Triple, ...]

    def __bool__(self) -> bool:
        return bool(self.missing or self.unexpected)


def plain(triples: Iterable[Triple]) -> tuple[Triple, ...]:
    """Return triples sorted, with literals in one spelling a value and blank nodes named by RDFC-1.0."""
    return canonical((subject, predicate, _plain(value)) for subject, predicate, value in triples)


def fingerprint(triples: Iterable[Triple]) -> str:
    """Return the sha256 (hex) over the N-Triples lines of a graph that is in its plain form."""
    total = hashlib.sha256()
    for triple in triples:
        total.update((" ".join(map(spell, triple)) + " .\n").encode())
    return total.hexdigest()


def difference(ours: Collection[Triple], theirs: Collection[Triple]) -> Difference:
    """Return what two graphs, both in their plain form, do not share."""
    here, there = set(ours), set(theirs)
    return Difference(tuple(t for t in ours if t not in there), tuple(t for t in theirs if t not in here))


def _plain(term: Term) -> Term:
    if not isinstance(term, Literal):
        return term
    if term.language:
        return Literal(term.value, term.datatype, term.language.lower())
    if term.datatype == XSD.boolean:
        return Literal(_TRUTHS.get(term.value, term.value), XSD.boolean)
    if term.datatype in _NUMBERS:
        try:
            # Not normalize(): that rounds to the context's precision.
            digits = f"{Decimal(term.value):f}"
        except InvalidOperation:
            return term
        short = digits.rstrip("0").rstrip(".") if "." in digits else digits
        sign, size = ("-", short[1:]) if short.startswith("-") else ("", short.removeprefix("+"))
        size = size.lstrip("0") or "0"
        size = f"0{size}" if size.startswith(".") else size
        return Literal("0" if size == "0" else sign + size, XSD.decimal)
    return term
