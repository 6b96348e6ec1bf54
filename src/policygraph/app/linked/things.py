"""Which IRIs the graph knows below the base, which of them are documents, and which terms a document holds."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING

from policygraph.model.terms import Iri, Table
from policygraph.vocab import BASE, OWL, RDF

if TYPE_CHECKING:
    from policygraph.graph.memory import Graph

# Only what has a type is looked at: at ten million triples a scan of all statements would take seconds.
_FRAGMENTS = f"""
SELECT DISTINCT ?term WHERE {{
  ?term a ?class . FILTER(isIRI(?term) && CONTAINS(STR(?term), "#") && STRSTARTS(STR(?term), "{BASE}"))
}} ORDER BY ?term"""


class Things:
    """What can be asked for by IRI.

    Args:
        graph: The policy graph.
    """

    def __init__(self, graph: Graph) -> None:
        self.graph = graph

    def known(self, iri: str) -> bool:
        """Say whether the graph says anything of an IRI, or of one that differs by its fragment only."""
        try:
            return Iri(iri) in self.graph or iri in self.terms
        except ValueError:  # it is no IRI
            return False

    def is_document(self, iri: str) -> bool:
        """Say whether an IRI names a document rather than a thing: an ontology, one version of it, what terms with a # lie in."""
        return iri in self.terms or iri in self.versions or iri in self._ontologies

    def described(self, iri: str) -> Iri:
        """Return what the document of an IRI is about: for a version of an ontology the ontology, else itself."""
        return Iri(self.versions.get(iri, iri))

    @cached_property
    def terms(self) -> dict[str, tuple[Iri, ...]]:
        """Document → the things whose IRIs are its own with a fragment."""
        found: dict[str, list[Iri]] = defaultdict(list)
        table = self.graph.query(_FRAGMENTS)
        for (term,) in table.rows if isinstance(table, Table) else ():
            if isinstance(term, Iri):
                found[term.value.partition("#")[0]].append(term)
        return {document: tuple(members) for document, members in found.items()}

    @cached_property
    def versions(self) -> dict[str, str]:
        """IRI of a version → its ontology."""
        stated = self.graph.triples(predicate=Iri(OWL.versionIRI))
        return {version.value: ontology.value for ontology, _, version in stated if isinstance(version, Iri)}

    @cached_property
    def _ontologies(self) -> frozenset[str]:
        return frozenset(node.value for node in self.graph.subjects(RDF.type, Iri(OWL.Ontology)))
