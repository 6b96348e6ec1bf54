"""Between pyoxigraph's terms and the plain ones of `model.terms`, and the one order and spelling of terms."""

from __future__ import annotations

import re
from typing import TypeAlias

import pyoxigraph as ox

from policygraph.errors import InputError, Text
from policygraph.model.terms import Blank, Iri, Literal, Term, Triple
from policygraph.vocab import RDF, XSD

OxTerm: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple

_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}
_ESCAPED = re.compile(r'[\\"\x00-\x1f\x7f]')


def from_oxigraph(term: OxTerm) -> Term:
    """Return a pyoxigraph term as a plain one.

    Raises:
        InputError: The term exists in RDF 1.2 only.
    """
    if isinstance(term, ox.NamedNode):
        return Iri(term.value)
    if isinstance(term, ox.Literal):
        if term.language and term.direction is None:
            return Literal(term.value, RDF.langString, term.language)
        if not term.language:
            return Literal(term.value, term.datatype.value)
    if isinstance(term, ox.BlankNode):
        return Blank(term.value)
    raise InputError(
        Text(
            "含 RDF 1.2 的三元组项或书写方向，本程序只读 RDF 1.1。",
            "It has triple terms or text directions of RDF 1.2; RDF 1.1 is read here.",
        ),
        Text("请改用普通的三元组与语言标签。", "Use plain triples and language tags instead."),
    )


def to_oxigraph(term: Term) -> ox.NamedNode | ox.BlankNode | ox.Literal:
    """Return a plain term as a pyoxigraph one."""
    if isinstance(term, Iri):
        return ox.NamedNode(term.value)
    if isinstance(term, Blank):
        return ox.BlankNode(term.value)
    if term.language:
        return ox.Literal(term.value, language=term.language)
    return ox.Literal(term.value, datatype=ox.NamedNode(term.datatype))


def to_quad(triple: Triple, graph: ox.NamedNode | None = None) -> ox.Quad:
    """Return a plain triple as a quad of a graph, by default of the default graph."""
    subject, predicate, value = triple
    return ox.Quad(to_oxigraph(subject), ox.NamedNode(predicate.value), to_oxigraph(value), graph)  # type: ignore[arg-type]


def from_quad(quad: ox.Quad | ox.Triple) -> Triple:
    """Return the plain triple of a quad or triple."""
    return from_oxigraph(quad.subject), Iri(quad.predicate.value), from_oxigraph(quad.object)


def quoted(text: str) -> str:
    """Return a string in double quotes with the escapes that N-Triples, Turtle and SPARQL share."""
    return '"' + _ESCAPED.sub(lambda m: _ESCAPES.get(m[0]) or f"\\u{ord(m[0]):04X}", text) + '"'


def spell(term: Term) -> str:
    """Return a term as N-Triples writes it, which SPARQL reads too."""
    if isinstance(term, Iri):
        return f"<{term.value}>"
    if isinstance(term, Blank):
        return f"_:{term.value}"
    if term.language:
        return f"{quoted(term.value)}@{term.language}"
    return quoted(term.value) if term.datatype == XSD.string else f"{quoted(term.value)}^^<{term.datatype}>"


def order(term: Term | None) -> tuple[int, str, str, str]:
    """Return a key that sorts terms of all kinds: nothing, IRIs, literals, blank nodes."""
    if term is None:
        return (0, "", "", "")
    if isinstance(term, Iri):
        return (1, term.value, "", "")
    if isinstance(term, Literal):
        return (2, term.value, term.language, term.datatype)
    return (3, term.value, "", "")


def triple_order(triple: Triple) -> tuple[object, ...]:
    """Return a key that sorts triples by subject, predicate and object."""
    return order(triple[0]), order(triple[1]), order(triple[2])
