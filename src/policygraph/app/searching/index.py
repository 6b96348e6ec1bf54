"""The index: ranks what contains the words of a query, and where nothing does, what shares most pairs of characters with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from policygraph.app.searching.entries import GROUPS, entries
from policygraph.app.searching.folding import asked, hits, pairs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from policygraph.app.searching.entries import Entry, Name
    from policygraph.graph.memory import Graph
    from policygraph.queries.catalogue import Question

LONGEST = 200  # characters of a query
_EXACT, _BEGINS, _HOLDS, _SENTENCE, _WORDS = 100.0, 82.0, 64.0, 68.0, 34.0
_NEAR, _NEAR_SHARE = 12, 0.34
_BETTER = {"actors": 6.0, "sections": 5.0, "questions": 3.0, "kinds": 3.0, "terms": 2.0, "vocabulary": -40.0}


@dataclass(frozen=True, slots=True)
class Hit:
    """Something found.

    Attributes:
        entry: What.
        score: How well it fits; more is better.
        name: The name or words in which the hit stands.
        spans: Where it stands in them.
        of_name: Whether `name` is one of its names, else words about it.
    """

    entry: Entry
    score: float
    name: Name
    spans: tuple[tuple[int, int], ...]
    of_name: bool


@dataclass(frozen=True, slots=True)
class Found:
    """What a query found.

    Attributes:
        query: The query as it was understood.
        groups: Group → hits, the best first; the groups with the best hits first.
        near: What comes near, when nothing was found.
    """

    query: str
    groups: Mapping[str, Sequence[Hit]]
    near: tuple[Hit, ...]

    @property
    def total(self) -> int:
        """How much was found."""
        return sum(map(len, self.groups.values()))


class SearchIndex:
    """Everything that can be found in a graph.

    Args:
        graph: The policy graph.
        questions: The saved questions.
    """

    def __init__(self, graph: Graph, questions: Mapping[str, Question]) -> None:
        self._entries = entries(graph, questions)
        self._pairs = tuple((entry, name, pairs(name.folded.words)) for entry in self._entries for name in (*entry.names, *_own(entry)))

    def __len__(self) -> int:
        return len(self._entries)

    def search(self, query: str) -> Found:
        """Return what a query finds."""
        shown = " ".join(query.split())[:LONGEST]
        words = asked(shown)
        if not words:
            return Found(shown, {}, ())
        found: dict[str, list[Hit]] = {}
        for entry in self._entries:
            if (hit := _best(entry, words)) is not None:
                found.setdefault(entry.group, []).append(hit)
        for listed in found.values():
            listed.sort(key=lambda hit: (-hit.score, hit.entry.path, hit.entry.anchor, hit.entry.iri))
        order = sorted(found, key=lambda group: (-found[group][0].score, list(GROUPS).index(group)))
        return Found(shown, {group: tuple(found[group]) for group in order}, () if found else self._near(words))

    def _near(self, words: tuple[str, ...]) -> tuple[Hit, ...]:
        wanted = frozenset(pair for word in words for pair in pairs(word))
        best: dict[tuple[str, str, str], Hit] = {}
        for entry, name, own in self._pairs:
            shared = wanted & own
            share = len(shared) / len(wanted) if wanted else 0.0
            if share < _NEAR_SHARE:
                continue
            alike = share + len(shared) / max(len(own), 1) / 2 + _BETTER.get(entry.group, 0) / 100
            key = (entry.path, entry.anchor, entry.iri)
            if key not in best or best[key].score < alike:
                best[key] = Hit(entry, alike, name, hits(name.folded, tuple(sorted(shared))), name in entry.names)
        return tuple(sorted(best.values(), key=lambda hit: (-hit.score, hit.entry.path, hit.entry.anchor))[:_NEAR])


def _own(entry: Entry) -> tuple[Name, ...]:
    """Return the words of a sentence, by which it is known as others are by their names."""
    return entry.words if entry.group == "sentences" else ()


def _best(entry: Entry, words: tuple[str, ...]) -> Hit | None:
    best: tuple[float, Name, bool] | None = None
    for name in entry.names:
        score = _named(name, words)
        if score and (best is None or score > best[0]):
            best = (score, name, True)
    if best is None:
        for name in entry.words:
            if all(word in name.folded.words for word in words):
                score = (_SENTENCE if entry.group == "sentences" else _WORDS) + min(12, max(map(len, words))) - name.rank
                best = (score, name, False)
                break
    if best is None:
        return None
    return Hit(entry, best[0] + _BETTER.get(entry.group, 0.0), best[1], hits(best[1].folded, words), best[2])


def _named(name: Name, words: tuple[str, ...]) -> float:
    """Return how well the words fit a name, 0 when they are not all in it."""
    own = name.folded.words
    if not all(word in own for word in words):
        return 0.0
    whole = " ".join(words)
    share = min(1.0, sum(map(len, words)) / max(len(own), 1))
    base = _EXACT if whole == own else _BEGINS if own.startswith(words[0]) else _HOLDS
    return base - 12 * (1 - share) - name.rank
