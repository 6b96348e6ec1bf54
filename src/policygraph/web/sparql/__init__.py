"""SPARQL over HTTP: the query protocol, the service description, and the reading half of the graph store protocol."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policygraph.web.endpoints import Endpoint
from policygraph.web.sparql import graphstore, operations, querying
from policygraph.web.sparql.asked import MOST_BYTES

if TYPE_CHECKING:
    from policygraph.web.service import Service

_TAG = "SPARQL"


def endpoints(service: Service) -> tuple[Endpoint, ...]:
    """Return the endpoints."""
    return (
        Endpoint("/sparql", _TAG, (operations.ASK, operations.ASK_BY_POST), querying.sparql, most=MOST_BYTES),
        Endpoint("/graph", _TAG, (operations.STORE,), graphstore.indirect),
        Endpoint("/graph/{path:path}", _TAG, (operations.GRAPH,), graphstore.direct),
    )
