"""The child that parses foreign RDF: `python -m policygraph.graph.child`, started by `graph.confine`."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any
from xml.parsers import expat  # in a confined process; expat itself fetches nothing

import pyoxigraph as ox

from policygraph.graph import confine
from policygraph.graph.syntax import Fault, fault_of
from policygraph.graph.terms import from_oxigraph

_FORMATS = {
    "turtle": ox.RdfFormat.TURTLE,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "trig": ox.RdfFormat.TRIG,
    "jsonld": ox.RdfFormat.JSON_LD,
    "rdfxml": ox.RdfFormat.RDF_XML,
}


def work(job: dict[str, Any], body: bytes, limits: confine.Limits) -> tuple[dict[str, Any], bytes]:
    """Parse the body and answer with N-Triples, or with where it breaks its syntax."""
    confine.forbid_opening()
    out = confine.Capped(limits)
    if job["format"] == "rdfxml" and (fault := _not_xml(body)) is not None:
        return {"fault": asdict(fault)}, b""
    try:
        triples = [quad.triple for quad in ox.parse(body, format=_FORMATS[job["format"]], base_iri=job["base"])]
    except SyntaxError as error:
        return {"fault": asdict(fault_of(error, body.decode("utf-8")))}, b""
    for triple in triples:
        from_oxigraph(triple.object)  # refuses what exists in RDF 1.2 only
    ox.serialize(triples, out, format=ox.RdfFormat.N_TRIPLES)
    return {}, out.getvalue()


def _not_xml(body: bytes) -> Fault | None:
    """Return where a text is not well-formed XML: pyoxigraph takes a file that breaks off for a whole one."""
    parser = expat.ParserCreate()
    try:
        parser.Parse(body, True)
    except expat.ExpatError as error:
        words = expat.ErrorString(error.code)
        return Fault(error.lineno, error.offset + 1, words, at_end=words in {"no element found", "unclosed token"})
    return None


if __name__ == "__main__":
    confine.serve(work)
