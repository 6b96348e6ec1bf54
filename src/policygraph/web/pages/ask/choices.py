"""What may stand for a question's parameter: the entities of the kind of its sample, with all their names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from policygraph.model.terms import Iri, Literal, local_name
from policygraph.queries.entities import NAMES
from policygraph.vocab import OWL, PG, RDF, RDFS, SKOS
from policygraph.web.pages.ask.arranging import spoken_order

if TYPE_CHECKING:
    from policygraph.model.terms import Term
    from policygraph.queries.entities import Entities

_NO_KINDS = frozenset({Iri(SKOS.Concept), Iri(OWL.NamedIndividual)})


@dataclass(frozen=True, slots=True)
class Choice:
    """One entity that may be chosen.

    Attributes:
        iri: The entity.
        value: What a form sends for it: a name that only it goes by.
        label: What it is called in the page's language.
        others: Its other names, in both languages.
    """

    iri: Iri
    value: str
    label: str
    others: tuple[str, ...]


def choices(sample: Term, entities: Entities, language: str) -> tuple[Choice, ...]:
    """Return the entities that are of one kind with a sample, in the order of the text, else of their names.

    Args:
        sample: The sample in the question's file; a literal has no choices.
        entities: The graph with its names.
        language: zh or en.
    """
    if not isinstance(sample, Iri):
        return ()
    found = [_choice(iri, entities, language) for iri in _likes(sample, entities)]
    return tuple(sorted(found, key=lambda choice: (_position(choice.iri, entities), spoken_order(choice.label), choice.iri)))


def name_of(iri: Iri, entities: Entities, language: str) -> str:
    """Return a name that only this entity goes by: its label, else a short name, else its IRI."""
    names = (entities.label(iri, language), entities.label(iri, "zh"), local_name(iri.value), entities.short(iri))
    return next((name for name in names if entities.find(name) == {iri}), iri.value)


def _likes(sample: Iri, entities: Entities) -> set[Iri]:
    graph, kinds = entities.graph, entities.specific_kinds(sample)
    if Iri(OWL.Class) in kinds:  # of classes, those below the same class
        above = graph.objects(sample, RDFS.subClassOf)
        return {each for kind in above for each in graph.subjects(RDFS.subClassOf, kind) if isinstance(each, Iri)} | {sample}
    wanted = (kinds - _NO_KINDS) or kinds
    return {s for kind in wanted for p in (RDF.type, SKOS.inScheme) for s in graph.subjects(p, kind) if isinstance(s, Iri)} | {sample}


def _choice(iri: Iri, entities: Entities, language: str) -> Choice:
    label = entities.label(iri, language)
    names = {v.value: None for name in NAMES for v in entities.graph.objects(iri, name) if isinstance(v, Literal) and v.value != label}
    return Choice(iri, name_of(iri, entities, language), label, tuple(names))


def _position(iri: Iri, entities: Entities) -> int:
    found = [int(v.value) for v in entities.graph.objects(iri, PG.position) if v.value.isdecimal()]
    return min(found, default=0)
