"""Describes a thing for others to read: its statements, what points to it page by page, and the labels of all that is mentioned.

The graph that is described from is the one that SPARQL answers from and that the dumps hold, what is derived included: three ways to
the same statements must not differ, a reader elsewhere has no reasoner (the CCCEV and CPSV-AP types are derived), and one graph can
lie on disk or elsewhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from policygraph.graph.terms import order
from policygraph.model.terms import Blank, Iri
from policygraph.queries.entities import LABELS
from policygraph.vocab import RDF

if TYPE_CHECKING:
    from collections.abc import Iterable

    from policygraph.graph.memory import Graph
    from policygraph.model.terms import Term, Triple

PAGE = 100  # statements that point to a thing, on one page
COUNTED = 5000  # as many are counted and put in order; more come as the store gives them, so that no page takes long
_LONGEST_LIST = 10_000


@dataclass(frozen=True, slots=True)
class Pointer:
    """A statement that points to a thing.

    Attributes:
        owner: What points to it.
        predicate: By which predicate; for a member of a list, the one that has the list.
        triples: The statement, with the blank nodes and lists that lie between.
    """

    owner: Term
    predicate: Iri
    triples: tuple[Triple, ...]


@dataclass(frozen=True, slots=True)
class Description:
    """One page of what the graph says of a thing.

    Attributes:
        thing: The thing.
        own: Its statements, and those of the blank nodes and terms that belong to it.
        pointers: What points to it, on this page.
        labels: Labels of everything that is mentioned.
        total: How many statements point to it; None when they are more than are counted.
        page: From 1.
        pages: How many there are; None when they are not counted.
    """

    thing: Iri
    own: tuple[Triple, ...]
    pointers: tuple[Pointer, ...]
    labels: tuple[Triple, ...]
    total: int | None
    page: int
    pages: int | None

    @property
    def triples(self) -> tuple[Triple, ...]:
        """All statements, without repeats."""
        pointing = (triple for pointer in self.pointers for triple in pointer.triples)
        return tuple(dict.fromkeys([*self.own, *pointing, *self.labels]))

    @property
    def more(self) -> bool:
        """Whether a page follows."""
        return len(self.pointers) == PAGE if self.pages is None else self.page < self.pages


def describe(graph: Graph, thing: Iri, members: Iterable[Iri] = (), page: int = 1) -> Description | None:
    """Describe a thing; None when there is no such page.

    Args:
        graph: The graph.
        thing: The thing.
        members: Terms of a document, which are described with it.
        page: Page of what points to it, from 1.
    """
    members = tuple(members)
    own = tuple(dict.fromkeys(triple for node in (thing, *members) for triple in bounded(graph, node)))
    inside = set(members)
    pointing = (triple for triple in graph.triples(value=thing) if triple[0] not in inside)
    first = list(islice(pointing, COUNTED + 1))
    start = (page - 1) * PAGE
    if len(first) <= COUNTED:
        ordered = sorted((_pointer(graph, triple) for triple in first), key=_reading_order)
        total: int | None = len(ordered)
        pages: int | None = max(1, -(-len(ordered) // PAGE))
        chosen = tuple(ordered[start : start + PAGE])
    else:
        again = (triple for triple in graph.triples(value=thing) if triple[0] not in inside)
        total, pages = None, None
        chosen = tuple(_pointer(graph, triple) for triple in islice(again, start, start + PAGE))
    if not chosen and page != 1:
        return None
    mentioned = [*own, *(triple for pointer in chosen for triple in pointer.triples)]
    return Description(thing, own, chosen, labels(graph, mentioned, {thing, *members}), total, page, pages)


def bounded(graph: Graph, node: Term) -> list[Triple]:
    """Return the statements of a node and of the blank nodes that they lead to."""
    found: list[Triple] = []
    waiting, seen = [node], {node}
    while waiting:
        for triple in graph.triples(waiting.pop()):
            found.append(triple)
            if isinstance(triple[2], Blank) and triple[2] not in seen:
                seen.add(triple[2])
                waiting.append(triple[2])
    return found


def labels(graph: Graph, triples: Iterable[Triple], known: Iterable[Term] = ()) -> tuple[Triple, ...]:
    """Return the labels of every IRI in triples, but for those whose statements are there already."""
    mentioned = dict.fromkeys(term for triple in triples for term in triple if isinstance(term, Iri))
    for term in known:
        mentioned.pop(term, None)  # type: ignore[arg-type]
    found: list[Triple] = []
    for term in mentioned:
        for predicate in LABELS:
            if own := tuple(graph.triples(term, Iri(predicate))):
                found += own
                break
    return tuple(found)


def _pointer(graph: Graph, triple: Triple) -> Pointer:
    """Return who makes a statement; what a blank node or list says is said by who holds it."""
    subject, predicate, _ = triple
    top: Blank | None = None
    for _ in range(_LONGEST_LIST):
        if not isinstance(subject, Blank):
            break
        above = min(graph.triples(value=subject), key=lambda t: (isinstance(t[0], Blank), order(t[0])), default=None)
        if above is None:
            break
        top = subject
        predicate = predicate if above[1].value == RDF.rest and predicate.value != RDF.first else above[1]
        subject = above[0]
    if top is None:
        return Pointer(subject, predicate, (triple,))
    return Pointer(subject, predicate, ((subject, predicate, top), *bounded(graph, top)))


def _reading_order(pointer: Pointer) -> tuple[object, ...]:
    """Return a key by predicate, and then such that m2 goes before m10."""
    parts = re.split(r"(\d+)", pointer.owner.value)
    natural = tuple((int(part), "") if part.isdecimal() else (-1, part) for part in parts)
    return pointer.predicate.value, isinstance(pointer.owner, Blank), natural
