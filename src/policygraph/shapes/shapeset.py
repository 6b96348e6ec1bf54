"""Shape files as plain values: what a shape says about itself, without any SHACL engine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from policygraph.model.index import Index
from policygraph.model.terms import Blank, Iri, local_name
from policygraph.vocab import RDF, SH

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from pathlib import Path

    from policygraph.model.terms import Term, Triple

# By these a shape refers to other shapes.
_REFERRING = (str(SH), RDF.first, RDF.rest)
# These point at what is checked, not at shapes.
_ELSEWHERE = frozenset({SH.path, SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf, SH["class"], SH.hasValue})
# SHACL's property path operators, in SPARQL's notation.
_REPEATS = {"zeroOrMorePath": "*", "oneOrMorePath": "+", "zeroOrOnePath": "?"}


@dataclass(frozen=True, slots=True)
class ShapeSet:
    """Shapes read from files.

    Attributes:
        files: The files, in the order given.
        facts: Every statement of the files, and which parameters SHACL's core components have.
    """

    files: tuple[Path, ...]
    facts: Index

    @classmethod
    def of(cls, files: Iterable[Path], triples: Iterable[Triple]) -> ShapeSet:
        """Index the statements of shape files."""
        return cls(tuple(files), Index.of(triples))

    def swapped(self, swaps: Mapping[Triple, Triple]) -> ShapeSet:
        """Return the shapes with some statements exchanged for others."""
        return ShapeSet(self.files, Index.of(swaps.get(triple, triple) for triple in self.facts.triples())) if swaps else self

    def referred(self, shapes: Collection[str]) -> set[str]:
        """Return shapes with those that they refer to, directly or not."""
        found: set[Term] = set()
        queue: list[Term] = [Iri(shape) for shape in shapes]
        while queue:
            node = queue.pop()
            if node not in found:
                found.add(node)
                row = self.facts.by_subject.get(node, {})
                queue += (v for p, values in row.items() if p.startswith(_REFERRING) and p not in _ELSEWHERE for v in values)
        kinds = {Iri(SH.NodeShape), Iri(SH.PropertyShape)}
        return {n.value for n in found if isinstance(n, Iri) and kinds.intersection(self.facts.objects(n, RDF.type))} | {*shapes}

    def owner(self, node: Term) -> str:
        """Return the IRI of a shape, or for an anonymous one of the nearest shape that holds it."""
        seen: set[Term] = set()
        queue = [node]
        while queue:
            node = queue.pop(0)
            if isinstance(node, Iri):
                return node.value
            seen.add(node)
            users = (user for row in self.facts.by_object.values() for user in row.get(node, ()))
            queue.extend(user for user in users if user not in seen)
        return ""

    def path(self, node: Term) -> str:
        """Return a property path: the IRI itself when it is one, else SPARQL's notation."""
        return node.value if isinstance(node, Iri) else self._path(node)

    def _path(self, node: Term) -> str:
        if isinstance(node, Iri):
            return f"<{node.value}>"
        if self.facts.objects(node, RDF.first):
            return "/".join(self._path(step) for step in self.facts.members(node))
        for inverse in self.facts.objects(node, SH.inversePath):
            return "^" + self._path(inverse)
        for choices in self.facts.objects(node, SH.alternativePath):
            return "(" + "|".join(self._path(choice) for choice in self.facts.members(choices)) + ")"
        for name, sign in _REPEATS.items():
            for repeated in self.facts.objects(node, SH[name]):
                return f"({self._path(repeated)}){sign}"
        return ""

    def parameters(self, shape: Term, component: str) -> tuple[tuple[str, Term], ...]:
        """Return what a shape gives to a component, by local name; a list gives one entry a member, blank nodes are left out."""
        found: list[tuple[str, Term]] = []
        for parameter in self.facts.objects(Iri(component), SH.parameter):
            for path in self.facts.objects(parameter, SH.path):
                for value in self.facts.objects(shape, path.value):
                    members = self.facts.members(value) or (value,)
                    found += [(local_name(path.value), member) for member in members if not isinstance(member, Blank)]
        return tuple(found)
