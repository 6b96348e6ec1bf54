"""The one seam between questions and where the triples are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable

    from policygraph.model.terms import Table, Triple


class Store(Protocol):
    """Triples that answer SPARQL 1.1.

    Every method raises StoreError when the store does not answer as it should, and InputError when a query breaks SPARQL's syntax.
    Queries are our own or have passed `queries.sandbox`.
    """

    def select(self, query: str) -> Table:
        """Return the rows of a SELECT in their order."""
        ...

    def ask(self, query: str) -> bool:
        """Return the truth of an ASK."""
        ...

    def construct(self, query: str) -> tuple[Triple, ...]:
        """Return the triples of a CONSTRUCT or DESCRIBE, sorted."""
        ...

    def update(self, text: str) -> None:
        """Run a SPARQL update."""
        ...

    def load(self, triples: Iterable[Triple]) -> None:
        """Add triples; blank nodes shared among them stay shared."""
        ...

    def dump(self) -> tuple[Triple, ...]:
        """Return all triples, sorted; the names of blank nodes are the store's own."""
        ...
