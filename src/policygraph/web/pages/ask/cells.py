"""The rows of an answer as cells for people: entities by name and linked, quotes as quotes, a name's column folded into its entity's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from policygraph.model.terms import Iri, Literal
from policygraph.reports.answered import spell_out
from policygraph.reports.html.markup import Markup, element
from policygraph.vocab import PG, RDF, XSD

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from policygraph.graph.memory import Graph
    from policygraph.model.terms import Table, Term

_QUOTED = (PG.quote, PG.verbatim)
_SORTS = dict.fromkeys((XSD.integer, XSD.decimal, XSD.double), "number") | {XSD.date: "date"}
_LONG = 16  # characters of a quote that wants room
_TEXTS = frozenset({XSD.string, RDF.langString})
_TAGS = {"zh": "zh-Hans", "en": "en"}


@dataclass(frozen=True, slots=True)
class Column:
    """A column that is shown.

    Attributes:
        at: Where it stands in the table.
        name: Its variable, by which it can be sorted.
        words: Where the words for its entities stand in the table, None when they are its own.
        sort: `number` or `date` where it holds nothing else.
    """

    at: int
    name: str
    words: int | None
    sort: str


def columns(table: Table, names: Callable[[Term], Collection[str]]) -> tuple[Column, ...]:
    """Return the columns to show: `?label` after entities, and `?xLabel` beside `?x`, are the words of the entities' own column.

    Args:
        table: The rows.
        names: Term → its labels; a column folds only when it says nothing else of its entity.
    """
    folded: dict[int, int] = {}
    for at, name in enumerate(table.columns):
        before = range(at - 1, -1, -1) if name == "label" else _named_so(table.columns, name.removesuffix("Label"), name)
        owner = next((each for each in before if each not in folded.values() and _named(table, each, at, names)), None)
        if owner is not None:
            folded[at] = owner
    words = {owner: at for at, owner in folded.items()}
    return tuple(Column(at, name, words.get(at), _sort(table, at)) for at, name in enumerate(table.columns) if at not in folded)


def quotations(graph: Graph) -> dict[str, str]:
    """Return the verbatim words that the graph quotes, with their translation where there is one."""
    found: dict[str, str] = {}
    for predicate in _QUOTED:
        for owner, _, quote in graph.triples(predicate=Iri(predicate)):
            translations = [v.value for v in graph.objects(owner, PG.translation)] if predicate == PG.quote else []
            found[quote.value] = found.get(quote.value) or (translations[0] if translations else "")
    return found


class Cells:
    """Writes the cells of one answer.

    Args:
        language: zh or en.
        label: Term → how to call it.
        place: IRI → where it is shown.
        quotes: Verbatim words → their translation.
    """

    def __init__(self, language: str, label: Callable[[Term], str], place: Callable[[str], str], quotes: Mapping[str, str]) -> None:
        self._language, self._label, self._place, self._quotes = language, label, place, quotes

    def of(self, row: Sequence[Term | None], column: Column) -> Markup:
        """Return what a cell shows."""
        term, words = row[column.at], row[column.words] if column.words is not None else None
        if isinstance(term, Iri):
            name = words.value if isinstance(words, Literal) else self._label(term)
            spoken = words.language if isinstance(words, Literal) else ""
            return element("a", name, href=self._place(term.value), title=term.value, lang=self._tag(spoken))
        return self._literal(term if term is not None else words)

    def _literal(self, term: Term | None) -> Markup:
        if not isinstance(term, Literal):
            return Markup("")
        if term.value not in self._quotes or term.datatype not in _TEXTS:
            return element("span", spell_out(term, self._language), lang=self._tag(term.language))
        quote = element("q", term.value, lang="zh-Hans", class_="long" if len(term.value) > _LONG else "")
        translation = self._quotes[term.value] if self._language == "en" else ""
        return Markup(quote + element("span", translation, class_="translation")) if translation else quote

    def _tag(self, language: str) -> str:
        return _TAGS.get(language, language) if language not in ("", self._language) else ""


def _named_so(columns: Sequence[str], name: str, other: str) -> tuple[int, ...]:
    """Return where the column of a name stands, if there is one and it is another one."""
    return (columns.index(name),) if name != other and name in columns else ()


def _named(table: Table, owner: int, at: int, names: Callable[[Term], Collection[str]]) -> bool:
    """Say whether a column holds the names of the entities of another, and no other words where there is an entity."""
    pairs = [(row[owner], row[at]) for row in table.rows]
    own = [(term, words) for term, words in pairs if term is not None]
    return bool(own) and all(
        isinstance(term, Iri) and (words is None or (isinstance(words, Literal) and words.value in names(term))) for term, words in own
    )


def _sort(table: Table, at: int) -> str:
    cells = [row[at] for row in table.rows if row[at] is not None]
    found = {_SORTS.get(cell.datatype, "") if isinstance(cell, Literal) else "" for cell in cells}
    return found.pop() if len(found) == 1 else ""
