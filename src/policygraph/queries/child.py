"""The child that runs foreign SPARQL: `python -m policygraph.queries.child`, started by `graph.confine`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from policygraph.graph import confine
from policygraph.graph.loading import PUBLIC, load
from policygraph.paths import DataRoots
from policygraph.queries.answering import undeclared
from policygraph.queries.lexer import decode, scan


def work(job: dict[str, Any], body: bytes, limits: confine.Limits) -> tuple[dict[str, Any], bytes]:
    """Load the graph, then run the query in the body."""
    graph = load(DataRoots(tuple(map(Path, job["roots"]))), PUBLIC)
    confine.forbid_opening()
    out = confine.Capped(limits)
    query, prefixes = body.decode(), graph.namespaces()
    found = scan(decode(query))
    unknown = sorted(found.prefixes - found.declared - set(prefixes))
    if unknown:
        raise undeclared(unknown[0])
    head = graph.respond(query, out, prefixes)
    return head, out.getvalue()


if __name__ == "__main__":
    confine.serve(work)
