"""Triples looked up by subject and predicate, or by predicate and object, without any RDF library."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from policygraph.errors import Text
from policygraph.model.terms import Blank, Iri, Literal, local_name
from policygraph.vocab import RDF, RDFS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from policygraph.model.terms import Term, Triple


def term_key(term: Term | None) -> tuple[int, str, str, str]:
    """Return a key that sorts terms of all kinds, nothing first."""
    match term:
        case None:
            return (0, "", "", "")
        case Iri(value):
            return (1, value, "", "")
        case Literal(value, datatype, language):
            return (2, value, language, datatype)
        case Blank(value):
            return (3, value, "", "")


@dataclass(frozen=True, slots=True)
class Index:
    """A set of triples, indexed both ways; everything it returns is sorted."""

    by_subject: Mapping[Term, Mapping[str, tuple[Term, ...]]]
    by_object: Mapping[str, Mapping[Term, tuple[Term, ...]]]

    @classmethod
    def of(cls, triples: Iterable[Triple]) -> Index:
        """Index triples."""
        forward: dict[Term, dict[str, set[Term]]] = defaultdict(lambda: defaultdict(set))
        backward: dict[str, dict[Term, set[Term]]] = defaultdict(lambda: defaultdict(set))
        for subject, predicate, value in triples:
            forward[subject][predicate.value].add(value)
            backward[predicate.value][value].add(subject)
        return cls(_frozen(forward), _frozen(backward))

    def objects(self, subject: Term, predicate: str) -> tuple[Term, ...]:
        """Return the objects of a subject and predicate."""
        return self.by_subject.get(subject, {}).get(predicate, ())

    def subjects(self, predicate: str, value: Term | None = None) -> tuple[Term, ...]:
        """Return the subjects of a predicate, with a given object or any."""
        row = self.by_object.get(predicate, {})
        if value is not None:
            return row.get(value, ())
        return tuple(sorted({subject for subjects in row.values() for subject in subjects}, key=term_key))

    def one(self, subject: Term, predicate: str) -> Term | None:
        """Return the first object, or None."""
        return next(iter(self.objects(subject, predicate)), None)

    def iri(self, subject: Term, predicate: str) -> str:
        """Return the first object that is an IRI, or ''."""
        return next((o.value for o in self.objects(subject, predicate) if isinstance(o, Iri)), "")

    def word(self, subject: Term, predicate: str, language: str = "") -> str:
        """Return the first literal, of a language if one is asked for, or ''."""
        found = (o for o in self.objects(subject, predicate) if isinstance(o, Literal))
        return next((o.value for o in found if o.language == language or not language), "")

    def text(self, subject: Term, predicate: str) -> Text | None:
        """Return the zh and en wording under a predicate, or None when there is none."""
        words = {o.language: o.value for o in self.objects(subject, predicate) if isinstance(o, Literal)}
        if not words:
            return None
        some = next(iter(words.values()))
        return Text(words.get("zh", some), words.get("en", some))

    def label(self, node: Term) -> Text:
        """Return what a node is called: its label, or the end of its IRI."""
        short = local_name(node.value)
        return self.text(node, RDFS.label) or Text(short, short)

    def members(self, head: Term) -> tuple[Term, ...]:
        """Return the members of an RDF list."""
        found: list[Term] = []
        while self.objects(head, RDF.first) and len(found) < len(self.by_subject):
            found.append(self.objects(head, RDF.first)[0])
            head = (*self.objects(head, RDF.rest), Iri(RDF.nil))[0]
        return tuple(found)

    def triples(self) -> Iterator[Triple]:
        """Yield every triple."""
        for subject, row in self.by_subject.items():
            for predicate, objects in row.items():
                for value in objects:
                    yield subject, Iri(predicate), value


def _frozen(rows: Any) -> Any:
    return {a: {b: tuple(sorted(terms, key=term_key)) for b, terms in row.items()} for a, row in rows.items()}
