"""Runs a query over the stored graphs and writes its answer as SPARQL results or RDF, in any of their media types."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from policygraph.errors import InputError, Text
from policygraph.graph import cutting
from policygraph.graph.confine import Capped
from policygraph.graph.memory import given_up, unparsed
from policygraph.graph.serialising import serialise
from policygraph.graph.syntax import fault_of
from policygraph.graph.terms import from_quad
from policygraph.vocab import BASE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from policygraph.graph.memory import Graph
    from policygraph.graph.stopping import Limits

# In the order of preference; a truth value in CSV or TSV, which SPARQL 1.1 does not define, is the bare word.
ROWS = {
    "application/sparql-results+json": (ox.QueryResultsFormat.JSON, cutting.JSON),
    "application/sparql-results+xml": (ox.QueryResultsFormat.XML, cutting.XML),
    "text/csv": (ox.QueryResultsFormat.CSV, cutting.CSV),
    "text/tab-separated-values": (ox.QueryResultsFormat.TSV, cutting.TSV),
}
# Written by us, so that the same triples are the same bytes however the engine named their blank nodes; large graphs by the engine,
# many times faster, except RDF/XML: it names elements wrongly for predicates that end in a digit.
GRAPHS: dict[str, tuple[str, ox.RdfFormat | None]] = {
    "text/turtle": ("turtle", ox.RdfFormat.TURTLE),
    "application/trig": ("trig", ox.RdfFormat.TRIG),
    "application/n-triples": ("ntriples", ox.RdfFormat.N_TRIPLES),
    "application/ld+json": ("jsonld", ox.RdfFormat.JSON_LD),
    "application/rdf+xml": ("rdfxml", None),
}
_LARGE = 50_000  # triples


@dataclass(frozen=True, slots=True)
class Asked:
    """A query with what its caller wants.

    Attributes:
        query: SPARQL 1.1, known to have no SERVICE.
        assumed: prefix → namespace, for those that the query uses and does not declare; fewer are faster.
        most: The most rows or triples.
        default: Graphs that make up the default graph, or None.
        named: Named graphs, or None; when either is given, both take the place of the query's own FROM clauses.
        media: Media types wanted, the best first; of those, the first that fits the kind of answer is used.
    """

    query: str
    assumed: Mapping[str, str]
    most: int
    default: Sequence[str] | None = None
    named: Sequence[str] | None = None
    media: Sequence[str] = ()


def reply(graph: Graph, asked: Asked, prefixes: Mapping[str, str], limits: Limits) -> tuple[dict[str, Any], bytes]:
    """Return the answer to a query.

    Nothing is fetched: a graph that is not stored is an empty one. Relative IRIs rest on the base of the policy graph.

    Args:
        graph: What to ask.
        asked: The query.
        prefixes: prefix → namespace, for what is written.
        limits: The bytes that the answer may have.

    Returns:
        `form` (rows, ask or graph), `media`, `rows` (or triples) and whether some were `cut` off; then the document.

    Raises:
        InputError: The query breaks SPARQL's syntax, or a graph's name is no IRI.
        LimitError: The answer is too large.
        StoreError: The engine gave up, or RDF/XML cannot hold the answer.
    """
    dataset: dict[str, Any] = {}
    if asked.default is not None or asked.named is not None:
        dataset = {"default_graph": _nodes(asked.default), "named_graphs": _nodes(asked.named)}
    try:
        found = graph.store.query(asked.query, base_iri=BASE, prefixes=dict(asked.assumed), **dataset)
        if isinstance(found, ox.QueryTriples):
            return _triples(found, asked, prefixes, limits)
        media = _chosen(asked.media, ROWS)
        form, cut_form = ROWS[media]
        if isinstance(found, ox.QueryBoolean):
            return {"form": "ask", "media": media, "value": bool(found)}, found.serialize(format=form) or b""
        out = cutting.Rows(limits, cut_form, asked.most)
        with suppress(cutting.EnoughError):
            found.serialize(out, format=form)
        document, rows, cut = out.whole()
        if cut_form is cutting.XML:
            document = document.replace(b"\r", b"&#13;")  # else XML's readers make a line feed of it
    except SyntaxError as error:
        raise unparsed(fault_of(error, asked.query)) from error
    except (OSError, RuntimeError, ValueError) as error:
        raise given_up(error) from error
    return {"form": "rows", "media": media, "rows": rows} | ({"cut": True} if cut else {}), document


def _triples(found: ox.QueryTriples, asked: Asked, prefixes: Mapping[str, str], limits: Limits) -> tuple[dict[str, Any], bytes]:
    triples: list[ox.Triple] = list(islice(found, asked.most))
    media = _chosen(asked.media, GRAPHS)
    head = {"form": "graph", "media": media, "rows": len(triples)} | ({"cut": True} if next(found, None) is not None else {})
    out = Capped(limits)
    ours, engines = GRAPHS[media]
    if engines is not None and len(triples) > _LARGE:
        ox.serialize(triples, out, format=engines, prefixes=dict(prefixes))
    else:
        out.write(serialise(map(from_quad, triples), ours, prefixes).encode())
    return head, out.getvalue()


def _chosen(wanted: Sequence[str], known: Mapping[str, object]) -> str:
    return next((media for media in wanted if media in known), next(iter(known)))


def _nodes(names: Sequence[str] | None) -> list[ox.NamedNode]:
    try:
        return [ox.NamedNode(name) for name in names or ()]
    except ValueError as error:
        raise InputError(
            Text("图的名称不是绝对 IRI。", "The name of a graph is no absolute IRI."),
            Text("请给出完整的 IRI。", "Give the whole IRI."),
            "default-graph-uri, named-graph-uri",
        ) from error
