"""Pairs what two sides have in common: by IRI, else by their words."""

from __future__ import annotations

from collections import Counter
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

T = TypeVar("T")
# How much of the pairs of characters two wordings must share to be versions of one another.
ALIKE = 0.5


def pair(before: Mapping[str, T], after: Mapping[str, T], words: Callable[[T], str]) -> list[tuple[T | None, T | None]]:
    """Pair what two sides have: the same IRI, else the most similar words; what has no partner stands alone.

    Args:
        before: The first side by IRI.
        after: The second side.
        words: What to compare where IRIs differ.
    """
    partner = {iri: iri for iri in before if iri in after}
    left = {iri: _pairs(words(item)) for iri, item in before.items() if iri not in partner}
    right = {iri: _pairs(words(item)) for iri, item in after.items() if iri not in partner}
    close = ((likeness(a, b), one, other) for one, a in left.items() for other, b in right.items())
    taken: set[str] = set()
    for _, one, other in sorted((c for c in close if c[0] >= ALIKE), key=lambda c: (-c[0], c[1], c[2])):
        if one not in partner and other not in taken:
            partner[one] = other
            taken.add(other)
    found: list[tuple[T | None, T | None]] = [(item, after[partner[iri]] if iri in partner else None) for iri, item in before.items()]
    met = set(partner.values())
    return found + [(None, item) for iri, item in after.items() if iri not in met]


def pair_in_order(before: Sequence[T], after: Sequence[T], words: Callable[[T], str]) -> list[tuple[T | None, T | None]]:
    """Pair sentences of two texts in their order; within a stretch that differs, the most similar are versions of one another."""
    a, b = [words(item) for item in before], [words(item) for item in after]
    found: list[tuple[T | None, T | None]] = []
    for tag, i, j, k, m in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if tag == "equal":
            found += zip(before[i:j], after[k:m], strict=True)
        else:
            olds = {f"{n:06}-": item for n, item in enumerate(before[i:j])}
            news = {f"{n:06}+": item for n, item in enumerate(after[k:m])}
            differing: list[tuple[T | None, T | None]] = pair(olds, news, words)
            found += differing
    return found


def likeness(one: Counter[str], other: Counter[str]) -> float:
    """Return which share of their pairs of characters two wordings have in common (Dice)."""
    total = one.total() + other.total()
    return 2 * (one & other).total() / total if total else 1.0


def _pairs(words: str) -> Counter[str]:
    plain = "".join(words.split())
    return Counter(_two(plain)) or Counter([plain])


def _two(words: str) -> Iterable[str]:
    return (words[n : n + 2] for n in range(len(words) - 1))
