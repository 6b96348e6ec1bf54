"""A small hand for writing statements down: `about(node, {predicate: values})`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policygraph.model.terms import Iri, Literal
from policygraph.vocab import XSD

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from policygraph.errors import Text
    from policygraph.model.terms import Term, Triple


def about(node: Term, rows: Mapping[str, Term | Iterable[Term]]) -> Iterator[Triple]:
    """Yield the statements of a node.

    Args:
        node: The node.
        rows: Predicate → its value or values.
    """
    for predicate, values in rows.items():
        for value in (values,) if isinstance(values, Iri | Literal) or not hasattr(values, "__iter__") else values:
            yield node, Iri(predicate), value


def whole(number: int, datatype: str = XSD.integer) -> Literal:
    """Return a whole number."""
    return Literal(str(number), datatype)


def words(text: Text) -> tuple[Literal, Literal]:
    """Return a text in both languages."""
    from policygraph.vocab import RDF

    return Literal(text.zh, RDF.langString, "zh"), Literal(text.en, RDF.langString, "en")
