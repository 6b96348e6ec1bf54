"""Writes RDF in five formats: sorted and byte-stable, with blank nodes named by RDFC-1.0."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policygraph.graph.canonical import canonical, canonical_graphs
from policygraph.graph.jsonld import write_jsonld
from policygraph.graph.rdfxml import write_rdfxml
from policygraph.graph.terms import spell
from policygraph.graph.turtle import write_trig, write_turtle
from policygraph.vocab import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from policygraph.model.terms import Triple


def serialise(triples: Iterable[Triple], form: str, prefixes: Mapping[str, str] = PREFIXES) -> str:
    """Return triples in a format; the same set of triples gives the same text, however its blank nodes were named.

    Args:
        triples: What to write.
        form: turtle, trig, ntriples, jsonld or rdfxml.
        prefixes: prefix → namespace, for the formats that have them.

    Raises:
        StoreError: RDF/XML cannot hold a predicate or character.
    """
    return write(canonical(triples), form, prefixes)


def write(ordered: Sequence[Triple], form: str, prefixes: Mapping[str, str] = PREFIXES) -> str:
    """Return triples that are canonical already in a format; see `serialise`."""
    writers = {"turtle": write_turtle, "jsonld": write_jsonld, "rdfxml": write_rdfxml}
    if form == "ntriples":
        return "".join(f"{spell(s)} {spell(p)} {spell(o)} .\n" for s, p, o in ordered)
    return write_trig({"": ordered}, prefixes) if form == "trig" else writers[form](ordered, prefixes)


def serialise_graphs(graphs: Mapping[str, Iterable[Triple]], prefixes: Mapping[str, str] = PREFIXES) -> str:
    """Return named graphs in TriG, sorted; blank nodes are named over all of them together."""
    return write_trig(canonical_graphs(graphs), prefixes)
