"""What a form needs of the graph beside its kinds: the codes in their order, and what a field's shape demands of a value."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from policygraph.errors import Text
from policygraph.model.terms import Literal
from policygraph.records.codebook import Code, CodeBook
from policygraph.records.kinds import load_kinds
from policygraph.records.order import CodeOrder
from policygraph.records.recognition import kind_called
from policygraph.vocab import PG, SH

if TYPE_CHECKING:
    from collections.abc import Mapping

    from policygraph.model.terms import Term
    from policygraph.paths import DataRoots
    from policygraph.records.kinds import Field, Kind
    from policygraph.store.base import Store

_LIMITS = f"""
SELECT ?field ?property ?value WHERE {{
  ?shape <{PG.onClass}> ?class ; <{SH.property}> ?field . ?field ?property ?value .
  VALUES ?property {{ <{SH.pattern}> <{SH.minLength}> <{SH.maxLength}> <{SH.message}> <{SH.name}> }}
}} ORDER BY ?field ?property STR(?value)"""
NOTHING = Text("", "")


@dataclass(frozen=True, slots=True)
class Limits:
    """What a field's shape demands of a value, beyond its datatype and bounds.

    Attributes:
        pattern: Regular expression that its text must match, '' if none.
        least_length: Fewest characters, 0 if it does not say.
        most_length: Most characters, 0 if it does not say.
        how: What to fill in, in words: the shape's message without the field's name before it.
    """

    pattern: str = ""
    least_length: int = 0
    most_length: int = 0
    how: Text = NOTHING


@dataclass(frozen=True)
class Forms:
    """The forms of all kinds.

    Attributes:
        kinds: Kinds of submission and of rows, by class IRI.
        book: Names of codes and units.
        limits: Property shape → what it demands.
    """

    kinds: Mapping[str, Kind]
    book: CodeBook
    limits: Mapping[str, Limits]

    @property
    def records(self) -> tuple[Kind, ...]:
        """The kinds of submission, by their short names."""
        return tuple(sorted((k for k in self.kinds.values() if k.is_record), key=lambda k: (k.short, k.iri)))

    def codes_of(self, field: Field) -> tuple[Code, ...]:
        """Return the codes that a field may hold as their file has them, the one for what is not known last."""
        unknown = self.book.unknown(field.codes)
        ordered = sorted(self.book.in_order(field.codes), key=lambda iri: iri == unknown)
        return tuple(Code(iri, self.book.name(iri), self.book.names(iri), iri == unknown) for iri in ordered)

    def name_of(self, kind: Kind) -> str:
        """Return how files name a kind: its short name, or its IRI where another kind has the same."""
        return kind.short if [k.short for k in self.kinds.values()].count(kind.short) == 1 else kind.iri

    def find(self, name: str) -> Kind:
        """Return the kind of submission that a caller means, by short name, label in either language, or IRI.

        Raises:
            UsageError: There is no such kind, or more than one; names near misses.
        """
        return kind_called(name, self.kinds)


def load_forms(store: Store, roots: DataRoots) -> Forms:
    """Read the forms.

    Args:
        store: The policy graph with the record shapes.
        roots: Where its files are, for the order in which a code list stands in its file.
    """
    said: dict[str, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
    for row in store.select(_LIMITS).dicts():
        said[row["field"].value][row["property"].value].append(row["value"])
    limits = {shape: _limits(properties) for shape, properties in said.items()}
    return Forms(load_kinds(store), CodeBook.of(store, CodeOrder(roots)), limits)


def _limits(properties: Mapping[str, list[Term]]) -> Limits:
    def first(predicate: str) -> str:
        return next((t.value for t in properties.get(predicate, [])), "")

    how = {}
    for language, mark in (("zh", "："), ("en", ": ")):
        said, name = (_in(properties.get(predicate, []), language) for predicate in (SH.message, SH.name))
        how[language] = said.removeprefix(f"{name}{mark}")
    return Limits(first(SH.pattern), int(first(SH.minLength) or 0), int(first(SH.maxLength) or 0), Text(how["zh"], how["en"]))


def _in(terms: list[Term], language: str) -> str:
    """Return the wording in a language, else in any."""
    words = {t.language: t.value for t in terms if isinstance(t, Literal)}
    return words.get(language, next(iter(words.values()), ""))
