"""Writes conditions and expressions of the algebra in words, from the labels of their operators, fields and values alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policygraph.errors import Text
from policygraph.model.terms import Iri, Literal
from policygraph.vocab import PG, RDF, RDFS, XSD

if TYPE_CHECKING:
    from policygraph.model.index import Index
    from policygraph.model.terms import Term

_SHACL = "http://www.w3.org/ns/shacl#"
# What says something about a node and is no part of it.
_BESIDE = frozenset({PG.hasReading, PG.hasOpenQuestion, PG.review, PG.insteadOf, PG.underOption, PG.mending, PG.verbatim})
_DEPTH = 12


class Formulas:
    """Formulas of the algebra's nodes in words.

    Args:
        facts: The graph with its schema.
    """

    def __init__(self, facts: Index) -> None:
        self._facts = facts
        self._nodes = frozenset(facts.subjects(RDF.type, Iri(PG.AlgebraNode)))
        self._rules = frozenset(facts.subjects(RDF.type, Iri(PG.Rule)))
        components = facts.subjects(RDF.type, Iri(_SHACL + "ConstraintComponent"))
        self._constraints = frozenset(
            path.value for c in components for p in facts.objects(c, _SHACL + "parameter") for path in facts.objects(p, _SHACL + "path")
        )

    def of(self, node: Term) -> Text:
        """Return a node in words: operator(property value, …), with its operands inside."""
        return self._of(node, _DEPTH)

    def of_check(self, shape: Term) -> Text:
        """Return what a check shape compares: conditions, or the rules that it asks."""
        compared = [n for predicate in sorted(self._constraints) for n in self._facts.objects(shape, predicate)]
        found = [self._value(n, _DEPTH) for n in compared if n in self._nodes or n in self._rules]
        return Text("；".join(t.zh for t in found), "; ".join(t.en for t in found))

    def _of(self, node: Term, depth: int) -> Text:
        row = self._facts.by_subject.get(node, {})
        operator = self._operator(node)
        parts = []
        for predicate in sorted(row):
            if not predicate.startswith(PG) or predicate in _BESIDE:
                continue
            name = self._facts.label(Iri(predicate))
            for value in row[predicate]:
                said = self._value(value, depth)
                parts.append(Text(f"{name.zh} {said.zh}", f"{name.en} {said.en}"))
        inner = Text("，".join(p.zh for p in parts), ", ".join(p.en for p in parts))
        return Text(f"{operator.zh}（{inner.zh}）", f"{operator.en} ({inner.en})") if parts else operator

    def _operator(self, node: Term) -> Text:
        """Return the label of a node's class, the most specific one."""
        types = [t for t in self._facts.objects(node, RDF.type) if t.value.startswith(PG)]
        above = {a for t in types for a in self._facts.objects(t, RDFS.subClassOf)}
        return self._facts.label(next((t for t in types if t not in above), node))

    def _value(self, value: Term, depth: int) -> Text:
        if isinstance(value, Literal):
            if value.datatype == XSD.boolean:
                return Text("是", "yes") if value.value in {"true", "1"} else Text("否", "no")
            return Text(value.value, value.value)
        return self._of(value, depth - 1) if value in self._nodes and depth else self._facts.label(value)
