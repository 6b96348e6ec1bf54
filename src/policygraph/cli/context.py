"""What every command gets besides its arguments."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from policygraph.paths import DataRoots, data_roots

if TYPE_CHECKING:
    from policygraph.graph.memory import Graph
    from policygraph.queries.entities import Entities


@dataclass(frozen=True)
class Context:
    """Language, data and the graph, which is loaded when first asked for.

    Attributes:
        language: zh or en.
        data: Folders named with --data.
    """

    language: str
    data: tuple[str, ...] = ()

    @cached_property
    def roots(self) -> DataRoots:
        """Where the files are."""
        return data_roots(self.data)

    @cached_property
    def graph(self) -> Graph:
        """The policy graph with its checks and what is derived from both."""
        from policygraph.graph.loading import PUBLIC, load

        return load(self.roots, PUBLIC)

    @cached_property
    def entities(self) -> Entities:
        """Names of the graph's entities."""
        from policygraph.queries.entities import Entities

        return Entities(self.graph)
