"""Writes Turtle and TriG: sorted, with prefixes, lists and nested blank nodes, the same bytes each time."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from policygraph.graph.nesting import TYPE, Nested, nest
from policygraph.graph.terms import quoted, spell
from policygraph.model.terms import Blank, Iri, Literal, Term
from policygraph.vocab import RDF, XSD

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from policygraph.model.terms import Triple

LOCAL_NAME = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?")
_SHORT = {
    XSD.integer: re.compile(r"[+-]?[0-9]+"),
    XSD.decimal: re.compile(r"[+-]?[0-9]*\.[0-9]+"),
    XSD.boolean: re.compile(r"true|false"),
}


def compact(iri: str, prefixes: Mapping[str, str]) -> str | None:
    """Return an IRI as `prefix:name`, or None when no prefix fits it.

    Args:
        iri: The IRI.
        prefixes: namespace → prefix.
    """
    cut = max(iri.rfind("#"), iri.rfind("/")) + 1
    prefix = prefixes.get(iri[:cut])
    return f"{prefix}:{iri[cut:]}" if prefix is not None and LOCAL_NAME.fullmatch(iri, cut) else None


class TurtleWriter:
    """Writes terms and remembers which prefixes it used.

    Args:
        prefixes: prefix → namespace.
    """

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        self._prefixes = prefixes
        self._by_namespace = {namespace: prefix for prefix, namespace in sorted(prefixes.items(), reverse=True)}
        self._used: set[str] = set()

    def header(self) -> str:
        """Return the prefixes used so far."""
        return "".join(f"@prefix {prefix}: <{self._prefixes[prefix]}> .\n" for prefix in sorted(self._used))

    def block(self, triples: Iterable[Triple], indent: str = "") -> str:
        """Return statements, one paragraph a subject."""
        nested = nest(triples)
        paragraphs = []
        for subject in nested.top:
            rows = f" ;\n{indent}    ".join(self._rows(subject, nested))
            paragraphs.append(f"{indent}{self.term(subject, nested)} {rows} .\n")
        return "\n".join(paragraphs)

    def term(self, term: Term, nested: Nested) -> str:
        """Return one term, nested when it can be."""
        if isinstance(term, Blank):
            if term in nested.lists:
                return "( " + " ".join(self.term(member, nested) for member in nested.lists[term]) + " )"
            return f"[ {' ; '.join(self._rows(term, nested))} ]" if term in nested.inline else spell(term)
        if isinstance(term, Iri):
            return "()" if term.value == RDF.nil else self._iri(term.value)
        short = _SHORT.get(term.datatype)
        if short is not None and short.fullmatch(term.value):
            return term.value
        if isinstance(term, Literal) and (term.language or term.datatype == XSD.string):
            return spell(term)
        return f"{quoted(term.value)}^^{self._iri(term.datatype)}"

    def _iri(self, iri: str) -> str:
        name = compact(iri, self._by_namespace)
        if name is None:
            return f"<{iri}>"
        self._used.add(name.partition(":")[0])
        return name

    def _rows(self, subject: Term, nested: Nested) -> list[str]:
        return [
            ("a" if predicate == TYPE else self._iri(predicate.value)) + " " + " , ".join(self.term(value, nested) for value in values)
            for predicate, values in nested.rows[subject].items()
        ]


def write_turtle(triples: Iterable[Triple], prefixes: Mapping[str, str]) -> str:
    """Return triples in Turtle."""
    writer = TurtleWriter(prefixes)
    body = writer.block(triples)
    return "\n".join(filter(None, [writer.header(), body]))


def write_trig(graphs: Mapping[str, Iterable[Triple]], prefixes: Mapping[str, str]) -> str:
    """Return named graphs in TriG; the name '' is the default graph."""
    writer = TurtleWriter(prefixes)
    blocks = []
    for name, triples in sorted(graphs.items()):
        body = writer.block(triples, indent="    " if name else "")
        if body:
            blocks.append(f"<{name}> {{\n{body}}}\n" if name else body)
    return "\n".join(filter(None, [writer.header(), *blocks]))
