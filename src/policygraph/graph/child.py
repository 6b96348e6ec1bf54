"""The child that parses foreign RDF: `python -m policygraph.graph.child`, started by `graph.confine`."""

from __future__ import annotations

import io
from dataclasses import asdict
from typing import Any
from xml.parsers import expat  # in a confined process; expat itself fetches nothing

import pyoxigraph as ox

from policygraph.graph import confine
from policygraph.graph.syntax import Fault, fault_of
from policygraph.graph.terms import from_oxigraph

# What is read line by line; the other formats' parsers do not stop at the end of a line.
_LINEWISE = {"turtle", "ntriples", "trig"}
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
    lines: list[int] = []
    source = _Lines(body) if job["format"] in _LINEWISE else body
    triples = []
    try:
        for quad in ox.parse(source, format=_FORMATS[job["format"]], base_iri=job["base"]):  # type: ignore[arg-type]
            triples.append(quad.triple)
            if isinstance(source, _Lines):
                lines.append(source.line)
    except SyntaxError as error:
        return {"fault": asdict(fault_of(error, body.decode("utf-8")))}, b""
    for triple in triples:
        from_oxigraph(triple.object)  # refuses what exists in RDF 1.2 only
    ox.serialize(triples, out, format=ox.RdfFormat.N_TRIPLES)
    return {"lines": lines}, out.getvalue()


class _Lines:
    """Hands a text to the parser line by line: what it has asked for so far tells on which line it is."""

    def __init__(self, body: bytes) -> None:
        self._rest = io.BytesIO(body)
        self._ended = 0
        self.line = 0

    def read(self, size: int = -1) -> bytes:
        """Return the next line, or as much of a long one as is asked for."""
        chunk = self._rest.readline(size)
        if chunk:
            self.line = self._ended + 1
            self._ended += chunk.endswith(b"\n")
        return chunk


def _not_xml(body: bytes) -> Fault | None:
    """Return where a text is not well-formed XML: pyoxigraph takes a file that breaks off for a whole one."""
    parser = expat.ParserCreate()
    try:
        parser.Parse(body, True)
    except (LookupError, ValueError, OSError):  # from Python's codecs, of an encoding that expat does not know itself
        return Fault(1, 1, "unknown encoding")
    except expat.ExpatError as error:
        words = expat.ErrorString(error.code)
        return Fault(error.lineno, error.offset + 1, words, at_end=words in {"no element found", "unclosed token"})
    return None


if __name__ == "__main__":
    confine.serve(work)
