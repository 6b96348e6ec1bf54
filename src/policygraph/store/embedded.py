"""The store inside this process: in memory by default, or in a folder on disk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policygraph.errors import StoreError, Text
from policygraph.graph.memory import Graph, open_folder
from policygraph.graph.terms import triple_order
from policygraph.model.terms import Table

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from policygraph.model.terms import Triple


class EmbeddedStore:
    """A graph behind the Store protocol.

    Args:
        graph: What to query; a new one in memory by default.
    """

    def __init__(self, graph: Graph | None = None) -> None:
        self.graph = Graph() if graph is None else graph

    @classmethod
    def on_disk(cls, folder: Path, *, read_only: bool = False) -> EmbeddedStore:
        """Open a store in a folder.

        Args:
            folder: Where it is; created when it does not exist.
            read_only: See what was committed when it opened; any number of readers, beside one writer.

        Raises:
            StoreError: Another process writes to it, or it is no store.
        """
        return cls(open_folder(folder, read_only=read_only))

    def select(self, query: str) -> Table:
        """Return the rows of a SELECT in their order."""
        found = self.graph.query(query)
        if isinstance(found, Table):
            return found
        raise wrong_form("SELECT")

    def ask(self, query: str) -> bool:
        """Return the truth of an ASK."""
        found = self.graph.query(query)
        if isinstance(found, bool):
            return found
        raise wrong_form("ASK")

    def construct(self, query: str) -> tuple[Triple, ...]:
        """Return the triples of a CONSTRUCT or DESCRIBE, sorted."""
        found = self.graph.query(query)
        if isinstance(found, tuple):
            return tuple(sorted(found, key=triple_order))
        raise wrong_form("CONSTRUCT")

    def infer(self, query: str) -> None:
        """Add the triples of a CONSTRUCT: the same as loading what `construct` returns, without making plain terms of them."""
        self.graph.infer(query)

    def update(self, text: str) -> None:
        """Run a SPARQL update."""
        self.graph.update(text)

    def load(self, triples: Iterable[Triple]) -> None:
        """Add triples; all of them or none."""
        self.graph.extend(triples)

    def dump(self) -> tuple[Triple, ...]:
        """Return all triples, sorted."""
        return tuple(sorted(self.graph, key=triple_order))


def wrong_form(wanted: str) -> StoreError:
    """Return the error for a query of another form than the caller asked for."""
    return StoreError(
        Text(f"此处需要 {wanted} 查询。", f"A {wanted} query is needed here."),
        Text("请改写查询。", "Rewrite the query."),
    )
