"""What a graph says of one thing, as plain words, numbers and things."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policygraph.errors import Text
from policygraph.graph.terms import order
from policygraph.model.terms import Blank, Iri, Literal, local_name
from policygraph.vocab import RDF, RDFS, SKOS

if TYPE_CHECKING:
    from policygraph.graph.memory import Graph
    from policygraph.model.terms import Term


class Facts:
    """Looks things up; everything it returns is sorted.

    Args:
        graph: The policy graph.
    """

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self._labels: dict[Term, Text] = {}

    def word(self, node: Term | None, predicate: str, language: str = "") -> str:
        """Return the first literal, of a language if one is asked for, or ''."""
        found = self.words(node, predicate, language)
        return found[0] if found else ""

    def words(self, node: Term | None, predicate: str, language: str = "") -> tuple[str, ...]:
        """Return the literals, of a language if one is asked for."""
        values = self.graph.objects(node, predicate) if node is not None else ()
        return tuple(v.value for v in sorted(values, key=order) if isinstance(v, Literal) and (v.language == language or not language))

    def number(self, node: Term | None, predicate: str) -> int:
        """Return a whole number, 0 when there is none."""
        word = self.word(node, predicate)
        return int(word) if word.isdecimal() else 0

    def iris(self, node: Term | None, predicate: str) -> tuple[Iri, ...]:
        """Return the things that a thing leads to."""
        values = self.graph.objects(node, predicate) if node is not None else ()
        return tuple(sorted(v for v in values if isinstance(v, Iri)))

    def iri(self, node: Term | None, predicate: str) -> Iri | None:
        """Return the first of them."""
        return next(iter(self.iris(node, predicate)), None)

    def pointing(self, predicate: str, value: Term) -> tuple[Iri, ...]:
        """Return the things that lead to a thing."""
        return tuple(sorted(s for s in self.graph.subjects(predicate, value) if isinstance(s, Iri)))

    def members(self, node: Term | None, predicate: str) -> tuple[Iri, ...]:
        """Return the members of the list that a thing has under a property."""
        found: list[Iri] = []
        cell: Term | None = next(iter(self.graph.objects(node, predicate)), None) if node is not None else None
        seen: set[Term] = set()
        while isinstance(cell, Blank) and cell not in seen:
            seen.add(cell)
            found += [member for member in self.graph.objects(cell, RDF.first) if isinstance(member, Iri)]
            cell = next(iter(self.graph.objects(cell, RDF.rest)), None)
        return tuple(found)

    def text(self, node: Term | None, predicate: str) -> Text:
        """Return the wording in both languages; where one lacks, the other stands in."""
        zh, en, some = (self.word(node, predicate, language) for language in ("zh", "en", ""))
        return Text(zh or en or some, en or zh or some)

    def label(self, node: Term) -> Text:
        """Return what a thing is called, else the end of its IRI."""
        if node not in self._labels:
            found = self.text(node, RDFS.label)
            if not found.zh:
                found = self.text(node, SKOS.prefLabel)
            short = local_name(node.value)
            self._labels[node] = found if found.zh else Text(short, short)
        return self._labels[node]

    def is_a(self, node: Term, kind: str) -> bool:
        """Say whether a thing is of a kind."""
        return Iri(kind) in self.graph.objects(node, RDF.type)

    def below(self, kind: str) -> frozenset[Iri]:
        """Return the classes below a class."""
        found: set[Iri] = set()
        waiting = [Iri(kind)]
        while waiting:
            new = {sub for sub in self.pointing(RDFS.subClassOf, waiting.pop()) if sub not in found}
            found |= new
            waiting += new
        return frozenset(found - {Iri(kind)})
