"""Folds words so that width, case, brackets and breaks of lines make no difference, and finds words in words."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_ALIKE = str.maketrans("〔［【〕］】“”„«»「」『』‘’", '[[[]]]"""""""""\'\'')
_LONGEST = 64  # characters of a word that is looked for
_MOST_WORDS = 8


@dataclass(frozen=True, slots=True)
class Folded:
    """Words as they are compared.

    Attributes:
        words: The folded words.
        places: For each of their characters, where it came from; one more for the end.
    """

    words: str
    places: tuple[int, ...]


def fold(text: str) -> Folded:
    """Fold a text; spaces next to characters beyond ASCII vanish, for they are breaks of lines, others are one space."""
    words: list[str] = []
    places: list[int] = []
    for index, character in enumerate(text):
        for part in _folded(character):
            if part.isspace():
                if not words or words[-1] == " " or not words[-1].isascii():
                    continue
                part = " "
            elif not part.isascii() and words and words[-1] == " ":
                words.pop()
                places.pop()
            words.append(part)
            places.append(index)
    return Folded("".join(words), (*places, len(text)))


@lru_cache(maxsize=8192)
def _folded(character: str) -> str:
    return unicodedata.normalize("NFKC", character.translate(_ALIKE)).casefold()


def plain(text: str) -> str:
    """Return a text folded, without where it came from; quicker for what is only compared."""
    return fold(text).words.strip()


@lru_cache(maxsize=512)
def asked(query: str) -> tuple[str, ...]:
    """Return the words of a query, folded, the first of each only."""
    return tuple(dict.fromkeys(filter(None, (plain(word)[:_LONGEST] for word in query.split()))))[:_MOST_WORDS]


def hits(folded: Folded, words: tuple[str, ...]) -> tuple[tuple[int, int], ...]:
    """Return where words stand in a text, as [start, end) of the original, merged."""
    found: list[tuple[int, int]] = []
    for word in words:
        start = folded.words.find(word)
        while start >= 0:
            found.append((folded.places[start], folded.places[start + len(word) - 1] + 1))
            start = folded.words.find(word, start + len(word))
    merged: list[tuple[int, int]] = []
    for begin, end in sorted(found):
        if merged and begin <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((begin, end))
    return tuple(merged)


def pairs(folded: str) -> frozenset[str]:
    """Return the pairs of characters in folded words; a single character is its own."""
    bare = folded.replace(" ", "")
    return frozenset(bare[i : i + 2] for i in range(len(bare) - 1)) or frozenset(filter(None, [bare]))
