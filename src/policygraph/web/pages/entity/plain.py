"""Finds who describes a thing: by its classes, the most telling first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policygraph.model.terms import Iri
from policygraph.reports.html.markup import element
from policygraph.vocab import OWL, PG, RDF, RDFS, SKOS
from policygraph.web.pages.entity import parties, rules, texts, understanding
from policygraph.web.pages.entity.parts import Plain

if TYPE_CHECKING:
    from collections.abc import Callable

    from policygraph.web.pages.voice import Voice

    Describer = Callable[[Voice, Iri], Plain]

_BY_CLASS: tuple[tuple[str, Describer], ...] = (
    (PG.Policy, texts.policy),
    (PG.Section, texts.section),
    (PG.TextItem, texts.item),
    (PG.Sentence, texts.sentence),
    (PG.Enumeration, texts.enumeration),
    (PG.ExternalDocument, texts.document),
    (PG.Agency, parties.agency),
    (PG.Actor, parties.actor),
    (PG.Parameter, rules.parameter),
    (PG.ParameterSet, rules.parameter_set),
    (PG.Rule, rules.rule),
    (PG.Alternative, rules.step),
    (PG.AlgebraNode, rules.step),
    (PG.Benefit, rules.benefit),
    (PG.CheckShape, rules.check),
    (PG.Reading, understanding.reading),
    (PG.ReadingOption, understanding.reading),
    (PG.OpenQuestion, understanding.question),
    (PG.ExternalFact, understanding.outside),
    (PG.Review, understanding.review),
    (SKOS.ConceptScheme, parties.scheme),
    (PG.Term, parties.term),
    (SKOS.Concept, parties.term),
)
_VOCABULARY = (OWL.Class, RDF.Property, OWL.ObjectProperty, OWL.DatatypeProperty, RDFS.Class)


def plain(voice: Voice, node: Iri) -> Plain | None:
    """Return what is said of a thing in plain words; None for documents and graphs, which only state."""
    kinds = set(voice.objects(node, RDF.type))
    found = next((describe for kind, describe in _BY_CLASS if Iri(kind) in kinds), None)
    if found is not None:
        return found(voice, node)
    if any(Iri(kind) in kinds for kind in _VOCABULARY):
        return parties.vocabulary(voice, node)
    return _other(voice, node)


def _other(voice: Voice, node: Iri) -> Plain | None:
    """Return the definition of anything else, if it has one."""
    for predicate in (SKOS.definition, RDFS.comment, PG.statement, PG.reason):
        if words := voice.text(node, predicate):
            return Plain("", [element("p", words, class_="statement")])
    return None
