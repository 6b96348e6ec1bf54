"""What a run rests on: the policy graph as loaded, its digest, and the days that stand in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from policygraph.graph.loading import digest, load

if TYPE_CHECKING:
    import datetime as dt

    from policygraph.app.overlays import Amended
    from policygraph.graph.memory import Graph
    from policygraph.paths import DataRoots


@dataclass(frozen=True, slots=True)
class Setting:
    """What a run rests on.

    Attributes:
        roots: Where the policy's files are.
        graph: The policy graph with shapes, loaded; it is not changed.
        digest: Digest of the policy's files.
        today: Day that stands in when neither the caller nor the record names one.
        as_of: Day as of which everything is judged, None for each record's own.
        amended: What was laid over the policy's files, None if nothing; the graph has it already.
    """

    roots: DataRoots
    graph: Graph
    digest: str
    today: dt.date
    as_of: dt.date | None = None
    amended: Amended | None = None


def setting(roots: DataRoots, today: dt.date, as_of: dt.date | None = None, graph: Graph | None = None) -> Setting:
    """Return the setting of a run.

    Args:
        roots: Where the policy's files are.
        today: Day that stands in when neither the caller nor the record names one.
        as_of: Day as of which everything is judged.
        graph: The graph of these files where it is at hand, as `store.opening` gives it; else it is loaded.
    """
    return Setting(roots, load(roots, ("ontology", "shapes")) if graph is None else graph, digest(roots), today, as_of)
