"""Describes any entity: its statements, what points to it, and the verbatim sentences behind it."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from policygraph.graph.terms import order
from policygraph.model.terms import Blank, Iri, Literal, Term, Triple
from policygraph.vocab import ELI, OA, PG, RDF, RDFS, SKOS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from policygraph.graph.memory import Graph

_FIRST_SHOWN = (RDF.type, RDFS.label, SKOS.prefLabel, SKOS.altLabel, PG.formalName, PG["title"], SKOS.definition, PG.quote, PG.translation)
NOT_A_MENTION = frozenset({RDF.type, RDFS.isDefinedBy, PG.sentence})


@dataclass(frozen=True, slots=True)
class Members:
    """An RDF list as a value."""

    members: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Quotation:
    """Words of the text that concern an entity.

    Attributes:
        item: Provision, heading, enumeration … that holds the words.
        words: The quote, verbatim.
        translation: Its English, '' when there is none.
        sentence: The sentence in which it stands, '' when not known.
        section: The section in which it stands.
        start: First character in the canonical text.
        end: After the last character.
    """

    item: Iri
    words: str
    translation: str
    sentence: str
    section: Iri | None
    start: int | None
    end: int | None


@dataclass(frozen=True, slots=True)
class Description:
    """What the graph states about an entity.

    Attributes:
        entity: The entity.
        statements: Predicate → values, in reading order.
        mentions: Predicate → what points to the entity by it, directly or in a list.
        quotations: The text, in its order.
        triples: The statements as triples, lists included.
    """

    entity: Iri
    statements: Mapping[Iri, tuple[Term | Members, ...]]
    mentions: Mapping[Iri, tuple[Term, ...]]
    quotations: tuple[Quotation, ...]
    triples: tuple[Triple, ...]


def describe(graph: Graph, entity: Iri) -> Description:
    """Describe an entity by the statements of a graph, which should be the stated ones only."""
    out = _bounded(graph, entity)
    statements: dict[Iri, list[Term | Members]] = defaultdict(list)
    for _, predicate, value in sorted((t for t in out if t[0] == entity), key=lambda t: (_place(t[1]), order(t[2]))):
        statements[predicate].append(_value(graph, value))
    mentions: dict[Iri, set[Term]] = defaultdict(set)
    listed: dict[Iri, set[Term]] = defaultdict(set)
    pointing: list[Triple] = []
    for triple in graph.triples(value=entity):
        pointing.append(triple)
        owner = _owner(graph, triple)
        if owner is not None:
            (listed if isinstance(triple[0], Blank) else mentions)[owner[1]].add(owner[0])
    for predicate, subjects in listed.items():  # a list mostly repeats plain statements in an order of its own
        mentions[predicate] |= {subject for subject in subjects if not any(subject in others for others in mentions.values())}
    around = {v for vs in statements.values() for value in vs for v in (value.members if isinstance(value, Members) else (value,))}
    around |= {subject for predicate, subjects in mentions.items() if predicate.value not in NOT_A_MENTION for subject in subjects}
    items = [term for term in {entity, *around} if isinstance(term, Iri)]
    return Description(
        entity=entity,
        statements={predicate: tuple(values) for predicate, values in statements.items()},
        mentions={p: tuple(sorted(mentions[p], key=_natural)) for p in sorted(mentions, key=_place) if mentions[p]},
        quotations=quotations(graph, items),
        triples=tuple(dict.fromkeys([*out, *pointing])),
    )


def _place(predicate: Iri) -> tuple[int, str]:
    value = predicate.value
    return (_FIRST_SHOWN.index(value) if value in _FIRST_SHOWN else len(_FIRST_SHOWN), value)


def _natural(term: Term) -> tuple[tuple[object, ...], ...]:
    """Return a key that puts m2 before m10."""
    parts = re.split(r"(\d+)", term.value)
    return tuple((int(part), "") if part.isdecimal() else (-1, part) for part in parts)


def _bounded(graph: Graph, node: Term) -> list[Triple]:
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


def _value(graph: Graph, term: Term) -> Term | Members:
    """Return a term, or the members when it is the head of a list."""
    if not isinstance(term, Blank) or not graph.objects(term, RDF.first):
        return term
    members: list[Term] = []
    cell: Term = term
    while (first := graph.objects(cell, RDF.first)) and (rest := graph.objects(cell, RDF.rest)):
        members.append(first[0])
        cell = rest[0]
    return Members(tuple(members))


def _owner(graph: Graph, triple: Triple) -> tuple[Term, Iri] | None:
    """Return who points by which predicate; for a list cell, who points to its list."""
    subject, predicate, _ = triple
    seen: set[Term] = set()
    while isinstance(subject, Blank) and subject not in seen:
        seen.add(subject)
        above = next(graph.triples(value=subject), None)
        if above is None:
            return None
        subject, predicate = above[0], predicate if above[1].value == RDF.rest else above[1]
    return (subject, predicate) if predicate.value not in {RDF.first, RDF.rest} else None


def quotations(graph: Graph, items: Iterable[Iri]) -> tuple[Quotation, ...]:
    """Return the words of those items that have some, in the order of the text."""
    found = [q for item in items if (q := _quotation(graph, item)) is not None]
    return tuple(sorted(found, key=lambda q: (q.start is None, q.start or 0, q.item)))


def _quotation(graph: Graph, item: Iri) -> Quotation | None:
    words = _words(graph, item, PG.quote)
    if not words or Iri(PG.Sentence) in graph.objects(item, RDF.type):
        return None
    holder = next(iter(graph.objects(item, PG.enumeratedIn)), item)
    section = next((s for s in graph.objects(holder, ELI.is_part_of) if isinstance(s, Iri)), None)
    sentence = next(iter(graph.objects(holder, PG.sentence)), None)
    anchor = next(iter(graph.objects(item, PG.anchor)), None)
    whole = _words(graph, sentence, PG.quote) if sentence is not None else ""
    return Quotation(
        item=item,
        words=words,
        translation=_words(graph, item, PG.translation),
        sentence=whole if whole != words else "",
        section=section,
        start=_number(graph, anchor, OA.start),
        end=_number(graph, anchor, OA.end),
    )


def _words(graph: Graph, subject: Term, predicate: str) -> str:
    return next((value.value for value in sorted(graph.objects(subject, predicate), key=order) if isinstance(value, Literal)), "")


def _number(graph: Graph, subject: Term | None, predicate: str) -> int | None:
    values = graph.objects(subject, predicate) if subject is not None else ()
    return int(values[0].value) if values and values[0].value.isdecimal() else None
