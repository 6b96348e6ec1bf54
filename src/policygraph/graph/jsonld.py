"""Writes JSON-LD: one object a subject, sorted, with a context of its own and literals kept to the letter."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from policygraph.graph.nesting import TYPE, Nested, nest
from policygraph.graph.turtle import compact
from policygraph.model.terms import Blank, Iri, Term
from policygraph.vocab import RDF, XSD

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from policygraph.model.terms import Triple


def write_jsonld(triples: Iterable[Triple], prefixes: Mapping[str, str]) -> str:
    """Return triples in JSON-LD 1.1."""
    nested = nest(triples)
    writer = _Writer(prefixes, nested)
    nodes = [writer.node(subject) for subject in nested.top]
    context = {prefix: prefixes[prefix] for prefix in sorted(writer.used)}
    return json.dumps({"@context": context, "@graph": nodes}, ensure_ascii=False, indent=1) + "\n"


class _Writer:
    def __init__(self, prefixes: Mapping[str, str], nested: Nested) -> None:
        self._by_namespace = {namespace: prefix for prefix, namespace in sorted(prefixes.items(), reverse=True)}
        self._nested = nested
        self.used: set[str] = set()

    def node(self, subject: Term) -> dict[str, Any]:
        found: dict[str, Any] = {}
        if subject not in self._nested.inline:
            found["@id"] = self._name(subject)
        for predicate, values in self._nested.rows[subject].items():
            if predicate == TYPE and all(isinstance(value, Iri) for value in values):
                found["@type"] = [self._name(value) for value in values]
            else:
                found[self._name(predicate)] = [self._value(value) for value in values]
        return found

    def _name(self, term: Term) -> str:
        if isinstance(term, Blank):
            return f"_:{term.value}"
        name = compact(term.value, self._by_namespace)
        if name is None:
            return term.value
        self.used.add(name.partition(":")[0])
        return name

    def _value(self, term: Term) -> Any:
        if term in self._nested.lists:
            return {"@list": [self._value(member) for member in self._nested.lists[term]]}
        if term == Iri(RDF.nil):
            return {"@list": []}
        if term in self._nested.inline:
            return self.node(term)
        if isinstance(term, Iri | Blank):
            return {"@id": self._name(term)}
        if term.language:
            return {"@value": term.value, "@language": term.language}
        if term.datatype == XSD.string:
            return term.value
        return {"@value": term.value, "@type": self._name(Iri(term.datatype))}
