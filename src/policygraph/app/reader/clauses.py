"""What the reader marks and filters a clause by: strength, hedges, actors, sections, themes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from policygraph.app.reader.facts import Facts
from policygraph.vocab import ELI, PG, RDF, SKOS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from policygraph.app.reader.document import Document, Item
    from policygraph.errors import Text
    from policygraph.graph.memory import Graph
    from policygraph.model.terms import Iri


@dataclass(frozen=True, slots=True)
class Strength:
    """A strength that clauses may have.

    Attributes:
        node: The concept.
        label: What it is called.
        definition: What it means.
        sign: A short sign for it in either language, which says without colour what it is.
    """

    node: Iri
    label: Text
    definition: Text
    sign: Text


@dataclass(frozen=True, slots=True)
class Clause:
    """A provision, with what it is filtered by.

    Attributes:
        item: Where it stands.
        strength: Its strength.
        cues: Words from which the strength is read.
        hedges: Words that soften it.
        bearers: Actors whom it binds, as far as they are stated.
        actors: Bearers, beneficiaries, and actors that it names.
        agencies: Units responsible for the section in which it stands.
        sections: The sections around it, the innermost first.
        terms: Terms that it names.
        themes: Kinds of these terms.
    """

    item: Item
    strength: Iri | None
    cues: tuple[str, ...]
    hedges: tuple[str, ...]
    bearers: frozenset[Iri]
    actors: frozenset[Iri]
    agencies: frozenset[Iri]
    sections: tuple[Iri, ...]
    terms: frozenset[Iri]
    themes: frozenset[Iri]


def clauses(graph: Graph, document: Document) -> tuple[Clause, ...]:
    """Return the provisions of a text in its order."""
    facts = Facts(graph)
    kinds = facts.below(PG.Term)
    return tuple(_clause(facts, item, kinds) for item in document.items if item.kind.value == PG.Provision)


def strengths(graph: Graph, found: Iterable[Clause]) -> tuple[Strength, ...]:
    """Return the strengths that clauses have, the strongest first."""
    facts = Facts(graph)
    nodes = {clause.strength for clause in found if clause.strength is not None}
    ranked = sorted(nodes, key=lambda node: (facts.number(node, SKOS.notation), node.value))
    return tuple(Strength(node, facts.label(node), facts.text(node, SKOS.definition), sign(facts.label(node))) for node in ranked)


def sign(label: Text) -> Text:
    """Return a short sign made of a label: its first character, or its first two letters."""
    return type(label)(label.zh[:1], label.en[:2].capitalize())


def _clause(facts: Facts, item: Item, kinds: frozenset[Iri]) -> Clause:
    node = item.node
    sections: list[Iri] = []
    section = item.section
    while section is not None and section not in sections and facts.is_a(section, PG.Section):
        sections.append(section)
        section = facts.iri(section, ELI.is_part_of)
    mentioned = facts.iris(node, PG.mentions)
    terms = frozenset(m for m in mentioned if facts.is_a(m, PG.Term))
    bearers = facts.iris(node, PG.bearer)
    actors = {*bearers, *facts.iris(node, PG.beneficiary), *(m for m in mentioned if facts.is_a(m, PG.Actor))}
    return Clause(
        item=item,
        strength=facts.iri(node, PG.modality),
        cues=facts.words(node, PG.cue),
        hedges=facts.words(node, PG.hedge),
        bearers=frozenset(bearers),
        actors=frozenset(actors),
        agencies=frozenset(agency for each in sections for agency in facts.iris(each, PG.responsibleAgency)),
        sections=tuple(sections),
        terms=terms,
        themes=frozenset(kind for term in terms for kind in facts.iris(term, RDF.type) if kind in kinds),
    )
