"""The policies that can be read: each put together once, when it is first asked for."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from policygraph.app.reader.clauses import clauses, strengths
from policygraph.app.reader.document import named, read, readable
from policygraph.app.reader.facets import Facets
from policygraph.app.reader.facts import Facts
from policygraph.app.reader.panel import askable
from policygraph.queries.catalogue import read_questions

if TYPE_CHECKING:
    from policygraph.app.reader.clauses import Clause, Strength
    from policygraph.app.reader.document import Document
    from policygraph.app.reader.panel import Askable
    from policygraph.model.terms import Iri
    from policygraph.queries.catalogue import Question
    from policygraph.web.service import Service


@dataclass(frozen=True, slots=True)
class Book:
    """A policy as it is read.

    Attributes:
        document: Its text.
        clauses: Its provisions, by node.
        strengths: The strengths that they have, by node.
        facets: Filters over them.
    """

    document: Document
    clauses: dict[Iri, Clause]
    strengths: dict[Iri, Strength]
    facets: Facets

    @property
    def path(self) -> str:
        """Path of its page below the root."""
        return f"read/{named(self.document.policy)}"


class Shelf:
    """The policies of a service.

    Args:
        service: The service.
    """

    def __init__(self, service: Service) -> None:
        self.service = service
        self.facts = Facts(service.graph)
        self._books: dict[Iri, Book] = {}
        self._lock = threading.Lock()

    @cached_property
    def policies(self) -> dict[str, Iri]:
        """Name in addresses → policy."""
        return {named(policy): policy for policy in readable(self.service.graph)}

    @cached_property
    def questions(self) -> dict[str, Question]:
        """The saved questions."""
        return read_questions(self.service.roots)

    @cached_property
    def askable(self) -> tuple[Askable, ...]:
        """What of them can be asked of a clause or of its section."""
        return askable(self.service.graph, self.questions.values())

    def book(self, policy: Iri) -> Book:
        """Return a policy put together."""
        with self._lock:
            if policy not in self._books:
                self._books[policy] = self._made(policy)
            return self._books[policy]

    def _made(self, policy: Iri) -> Book:
        graph = self.service.graph
        document = read(graph, policy)
        found = clauses(graph, document)
        ranked = strengths(graph, found)
        facets = Facets(graph, document, found, [strength.node for strength in ranked])
        return Book(document, {clause.item.node: clause for clause in found}, {s.node: s for s in ranked}, facets)
