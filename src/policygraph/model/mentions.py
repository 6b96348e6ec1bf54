"""Which terms stand in a text item by their own words: the longest name wins, so that 高级技师 is not also 技师."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from policygraph.model.terms import Iri, Literal
from policygraph.model.text import Span
from policygraph.vocab import PG, RDF, RDFS, SKOS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from policygraph.model.index import Index

_NAMED = (PG.Term, PG.Actor, PG.Agency, PG.ActorGroup)
_LEAST = 2  # characters: a name of one would stand in half of all words


def mentions(facts: Index, text: str, items: Iterable[tuple[str, Span]]) -> dict[str, tuple[str, ...]]:
    """Return item → terms and actors whose name stands in its words, not inside a longer name.

    Args:
        facts: The policy's statements.
        text: The canonical text.
        items: Text items and where they stand.
    """
    names = _names(facts)
    spans = [(span, node) for name, nodes in names.items() for span in _occurrences(text, name) for node in nodes]
    spans.sort(key=lambda each: (each[0].start, -each[0].end, each[1]))
    reach = -1
    outer: list[tuple[Span, str]] = []
    for span, node in spans:
        if span.end > reach or (outer and outer[-1][0] == span):
            outer.append((span, node))
            reach = max(reach, span.end)
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for item, words in items:
        for span, node in outer:
            if words.start <= span.start and span.end <= words.end:
                found[item][node] = None
    return {item: tuple(sorted(nodes)) for item, nodes in found.items()}


def _names(facts: Index) -> dict[str, tuple[str, ...]]:
    found: dict[str, set[str]] = defaultdict(set)
    for kind in _NAMED:
        for node in facts.subjects(RDF.type, Iri(kind)):
            for predicate in (RDFS.label, SKOS.altLabel):
                for name in facts.objects(node, predicate):
                    if isinstance(name, Literal) and name.language == "zh" and len(name.value) >= _LEAST:
                        found[name.value].add(node.value)
    return {name: tuple(sorted(nodes)) for name, nodes in found.items()}


def _occurrences(text: str, name: str) -> Iterator[Span]:
    start = text.find(name)
    while start >= 0:
        yield Span(start, start + len(name))
        start = text.find(name, start + 1)
