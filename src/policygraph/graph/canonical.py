"""One order and one naming of blank nodes, whatever their names were: RDFC-1.0."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from policygraph.graph.terms import from_quad, to_quad, triple_order
from policygraph.model.terms import Blank

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from policygraph.model.terms import Triple


def canonical(triples: Iterable[Triple]) -> tuple[Triple, ...]:
    """Return triples sorted, without repeats, with blank nodes named by RDFC-1.0.

    The algorithm is exponential on graphs made to hurt it: foreign ones go through it in a child only.
    """
    unique = set(triples)
    # A blank node's name comes from the statements that mention blank nodes; the others need not be looked at.
    blank = {triple for triple in unique if isinstance(triple[0], Blank) or isinstance(triple[2], Blank)}
    if blank:
        dataset = ox.Dataset(map(to_quad, blank))
        dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
        unique = (unique - blank).union(map(from_quad, dataset))
    return tuple(sorted(unique, key=triple_order))


def canonical_graphs(graphs: Mapping[str, Iterable[Triple]]) -> dict[str, list[Triple]]:
    """Return named graphs with blank nodes named by RDFC-1.0 over all of them together."""
    dataset = ox.Dataset(to_quad(triple, ox.NamedNode(name)) for name, triples in graphs.items() for triple in triples)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    found: dict[str, list[Triple]] = {name: [] for name in graphs}
    for quad in dataset:
        found[quad.graph_name.value].append(from_quad(quad))
    return found
