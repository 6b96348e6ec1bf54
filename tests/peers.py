"""The engine's steps run by pySHACL: each CONSTRUCT a SPARQL rule, in the order of sh:order, over a pyoxigraph store."""

from __future__ import annotations

from typing import TYPE_CHECKING

import rdflib
from oxrdflib import OxigraphStore
from pyshacl import shacl_rules
from rdflib import RDF, SH, Literal, URIRef
from rdflib.graph import DATASET_DEFAULT_GRAPH_ID

from policygraph.graph.memory import Graph

if TYPE_CHECKING:
    from collections.abc import Iterable

    from policygraph.model.terms import Triple

# The rules look at the whole graph; they hang on one node, so that each runs once.
SHAPE, NODE = URIRef("urn:peers:shape"), URIRef("urn:peers:node")


def shapes(queries: Iterable[str]) -> rdflib.Graph:
    """Return a shapes graph with one SPARQL rule for each query, in order."""
    graph = rdflib.Graph(bind_namespaces="none")
    graph.add((SHAPE, RDF.type, SH.NodeShape))
    graph.add((SHAPE, SH.targetNode, NODE))
    for place, query in enumerate(queries, 1):
        rule = URIRef(f"urn:peers:rule-{place:03}")
        graph.add((SHAPE, SH.rule, rule))
        graph.add((rule, RDF.type, SH.SPARQLRule))
        graph.add((rule, SH.order, Literal(place)))
        graph.add((rule, SH.construct, Literal(query)))
    return graph


def conclude(triples: Iterable[Triple], rules: rdflib.Graph) -> set[Triple]:
    """Return what the rules add to some triples."""
    given = Graph(triples)
    before = set(given)
    data = rdflib.Graph(OxigraphStore(store=given.store), identifier=DATASET_DEFAULT_GRAPH_ID, bind_namespaces="none")
    normalize, rdflib.NORMALIZE_LITERALS = rdflib.NORMALIZE_LITERALS, False
    try:
        shacl_rules(data, shacl_graph=rules, advanced=True, inplace=True)
    finally:
        rdflib.NORMALIZE_LITERALS = normalize
    return set(given) - before
