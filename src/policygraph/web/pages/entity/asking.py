"""Saved questions that can be asked of a thing, with the thing already filled in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policygraph.model.terms import Iri
from policygraph.reports.html.markup import Markup, element
from policygraph.vocab import OWL, PG, RDF, RDFS, SKOS
from policygraph.web.pages.entity.parts import listed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from policygraph.model.terms import Term
    from policygraph.queries.catalogue import Question
    from policygraph.web.pages.voice import Voice


class Asking:
    """Knows which question takes which kind of thing.

    Args:
        questions: The saved questions.
    """

    def __init__(self, questions: Mapping[str, Question]) -> None:
        self._takes = [(q, name, q.sample(name)) for q in questions.values() for name in q.params]
        self._wanted: dict[tuple[str, Term], set[Term]] = {}

    def of(self, voice: Voice, node: Iri) -> Markup:
        """Return links to the questions that a thing can be filled into."""
        kinds = _kinds(voice, node)
        found = [(q, name) for q, name, sample in self._takes if isinstance(sample, Iri) and kinds & self._kinds(voice, name, sample)]
        if not found:
            return Markup("")
        items = [voice.to(f"ask/{q.name}", voice.say(q.summary), **{name: node.value}) for q, name in found]
        return element("section", element("h2", voice.t("可以问的", "What can be asked of it")), listed(voice, items), id="ask")

    def _kinds(self, voice: Voice, name: str, sample: Iri) -> set[Term]:
        if (name, sample) not in self._wanted:
            self._wanted[name, sample] = _wanted(voice, name, sample)
        return self._wanted[name, sample]


def _kinds(voice: Voice, node: Iri) -> set[Term]:
    """Return the classes and lists that a thing belongs to; for a class those above it."""
    found = set(voice.objects(node, RDF.type)) | set(voice.objects(node, SKOS.inScheme))
    return set(voice.objects(node, RDFS.subClassOf)) if Iri(OWL.Class) in found else found


def _wanted(voice: Voice, name: str, sample: Iri) -> set[Term]:
    """Return the kinds that a parameter takes: the class that it is named after, else those of its sample that tell most."""
    named = Iri(PG[name[:1].upper() + name[1:]])
    kinds = _kinds(voice, sample)
    if named in kinds:
        return {named}
    return (set(voice.entities.specific_kinds(sample)) & kinds or kinds) - {Iri(SKOS.Concept)}
