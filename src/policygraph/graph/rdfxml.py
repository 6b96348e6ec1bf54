"""Writes RDF/XML: one description a subject, sorted, the same bytes each time."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from policygraph.errors import StoreError, Text
from policygraph.graph.terms import triple_order
from policygraph.model.terms import Blank, Iri, Term
from policygraph.vocab import RDF, XSD

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from policygraph.model.terms import Triple

_LOCAL = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*$")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def write_rdfxml(triples: Iterable[Triple], prefixes: Mapping[str, str]) -> str:
    """Return triples in RDF/XML.

    Raises:
        StoreError: A predicate or a character cannot be written in XML.
    """
    names = {str(RDF): "rdf"} | {n: p for p, n in sorted(prefixes.items(), reverse=True) if p and n != RDF and p != "rdf"}
    used = {"rdf"}
    lines: list[str] = []
    last: Term | None = None
    for subject, predicate, value in sorted(set(triples), key=triple_order):
        if subject != last:
            lines += ["  </rdf:Description>"] if last is not None else []
            lines.append(f"  <rdf:Description {_reference('about', subject)}>")
            last = subject
        lines.append("    " + _property(predicate, value, names, used))
    lines += ["  </rdf:Description>"] if last is not None else []
    spaces = {prefix: namespace for namespace, prefix in names.items() if prefix in used}
    root = "".join(f"\n    xmlns:{prefix}={quoteattr(spaces[prefix])}" for prefix in sorted(spaces))
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<rdf:RDF{root}>\n' + "".join(f"{line}\n" for line in lines) + "</rdf:RDF>\n"


def _reference(attribute: str, term: Term) -> str:
    return f'rdf:nodeID="{term.value}"' if isinstance(term, Blank) else f"rdf:{attribute}={quoteattr(term.value)}"


def _property(predicate: Iri, value: Term, names: dict[str, str], used: set[str]) -> str:
    match = _LOCAL.search(predicate.value)
    if match is None:
        raise _unwritable(predicate.value)
    namespace, local = predicate.value[: match.start()], match[0]
    prefix = names.get(namespace)
    if prefix is None:
        tag, space = local, f" xmlns={quoteattr(namespace)}"
    else:
        used.add(prefix)
        tag, space = f"{prefix}:{local}", ""
    if isinstance(value, Iri | Blank):
        return f"<{tag}{space} {_reference('resource', value)}/>"
    if _NOT_XML.search(value.value):
        raise _unwritable(repr(value.value))
    kind = f' xml:lang="{value.language}"' if value.language else ""
    if not kind and value.datatype != XSD.string:
        kind = f" rdf:datatype={quoteattr(value.datatype)}"
    text = escape(value.value, {"\r": "&#13;"})
    return f"<{tag}{space}{kind}>{text}</{tag}>"


def _unwritable(what: str) -> StoreError:
    return StoreError(
        Text(f"{what} 无法写成 RDF/XML。", f"{what} cannot be written in RDF/XML."),
        Text("请改用 turtle 格式。", "Use the turtle format instead."),
    )
