"""The canonical text of a policy: seed without line breaks, sentences, section ranges, and where a quote stands.

Pure functions over strings; offsets count Unicode characters of the canonical text, half-open.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_FINAL = "。！？!?…"
_CLOSERS = "”’」』）)》〉】"
_SENTENCE = re.compile(f"[{_FINAL}]+[{_CLOSERS}]*")
_PROSE = re.compile(f"[{_FINAL}，；,;]")  # titles, numbers and signatures have none of these


class NotLocatedError(ValueError):
    """Words that should stand in a stretch of the text exactly once stand there more or less often.

    Args:
        words: The words that were sought.
        count: How often they occur.
    """

    def __init__(self, words: str, count: int) -> None:
        super().__init__(f"{count} × {words}")
        self.words, self.count = words, count


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of the canonical text, [start, end)."""

    start: int
    end: int

    def __contains__(self, offset: int) -> bool:
        return self.start <= offset < self.end

    def holds(self, other: Span) -> bool:
        """Say whether another span lies wholly within this one."""
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: Span) -> bool:
        """Say whether two spans share a character."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Break:
    """Line breaks removed from the seed before a character of the canonical text."""

    start: int
    length: int
    inside_sentence: bool


@dataclass(frozen=True, slots=True)
class CanonicalText:
    """The seed without its line breaks, and where they were."""

    text: str
    breaks: tuple[Break, ...]

    @property
    def block_starts(self) -> tuple[int, ...]:
        """Offsets at which a paragraph, title or signature begins."""
        starts = {0, *(b.start for b in self.breaks if not b.inside_sentence)}
        return tuple(sorted(s for s in starts if s < len(self.text)))

    def sentences(self, cut_at: Iterable[int] = ()) -> tuple[Span, ...]:
        """Return the sentences; together they are the whole text, character for character.

        Args:
            cut_at: Where a sentence ends in any case, for instance at the start of a section.
        """
        ends = {match.end() for match in _SENTENCE.finditer(self.text)}
        cuts = sorted({*self.block_starts, *ends, *cut_at, len(self.text)})
        return tuple(Span(a, b) for a, b in pairwise(cuts))


@dataclass(frozen=True, slots=True)
class Section:
    """A section to be found in the text.

    Attributes:
        key: Its IRI.
        parent: IRI of the section or policy that holds it.
        position: Its place among its siblings.
        opening: Its heading or first words, verbatim.
    """

    key: str
    parent: str
    position: int
    opening: str


@dataclass(frozen=True, slots=True)
class SectionRange:
    """Where a section stands: its own words up to its first subsection, and all of it."""

    own: Span
    whole: Span


def canonicalise(seed: str) -> CanonicalText:
    """Remove the line breaks of a seed and nothing else.

    Raises:
        ValueError: The seed has carriage returns, which the breaks could not give back.
    """
    if "\r" in seed:
        raise ValueError("carriage return")
    blocks: list[tuple[int, int, str]] = []  # newlines before, offset, words
    offset = 0
    for match in re.finditer(r"(\n*)([^\n]*)", seed):
        newlines, words = match.groups()
        if newlines or words:
            blocks.append((len(newlines), offset, words))
        offset += len(words)
    breaks, before = [], ""
    for length, start, words in blocks:
        if length:
            breaks.append(Break(start, length, bool(words) and _goes_on(before)))
        before = words
    return CanonicalText("".join(words for _, _, words in blocks), tuple(breaks))


def restore(canonical: CanonicalText) -> str:
    """Put the line breaks back: the inverse of `canonicalise`."""
    parts, end = [], 0
    for line_break in canonical.breaks:
        parts += [canonical.text[end : line_break.start], "\n" * line_break.length]
        end = line_break.start
    return "".join([*parts, canonical.text[end:]])


def section_ranges(canonical: CanonicalText, sections: Iterable[Section], root: str) -> dict[str, SectionRange]:
    """Find every section, walking the tree in the order of the text.

    Args:
        canonical: The text.
        sections: All sections of the policy.
        root: IRI of the policy, parent of the outermost sections.

    Raises:
        NotLocatedError: The opening words of a section do not stand after those of the one before it.
    """
    children: dict[str, list[Section]] = {}
    for section in sorted(sections, key=lambda s: (s.position, s.key)):
        children.setdefault(section.parent, []).append(section)
    starts: list[int] = []
    order: list[tuple[str, int]] = []  # key, depth, in the order of the text
    block_starts = set(canonical.block_starts)

    def walk(parent: str, depth: int, after: int) -> int:
        for section in children.pop(parent, []):
            start = _opening(canonical.text, block_starts, section.opening, after)
            starts.append(start)
            order.append((section.key, depth))
            after = walk(section.key, depth + 1, start + (1 if not section.opening else len(section.opening)))
        return after

    walk(root, 0, 0)
    ranges: dict[str, SectionRange] = {}
    for index, (key, depth) in enumerate(order):
        later = [starts[i] for i in range(index + 1, len(order)) if order[i][1] <= depth]
        following = starts[index + 1] if index + 1 < len(starts) else len(canonical.text)
        whole = Span(starts[index], later[0] if later else len(canonical.text))
        ranges[key] = SectionRange(Span(starts[index], min(following, whole.end)), whole)
    return ranges


def section_at(ranges: dict[str, SectionRange], offset: int) -> str | None:
    """Return the innermost section at an offset, or None before the first one."""
    return next((key for key, place in ranges.items() if offset in place.own), None)


def locate(text: str, within: SectionRange, quote: str, prefix: str = "") -> Span:
    """Find a quote in its section: in the section's own words, else in its subsections.

    Args:
        text: The canonical text.
        within: Where the section stands.
        quote: The words to find.
        prefix: Words right before the quote, to tell repeated quotes apart.

    Raises:
        NotLocatedError: The quote does not occur there exactly once.
    """
    count = 0
    for span in (within.own, within.whole):
        found = occurrences(text, prefix + quote, span)
        if len(found) == 1:
            start = found[0] + len(prefix)
            return Span(start, start + len(quote))
        count = count or len(found)
    raise NotLocatedError(prefix + quote, count)


def occurrences(text: str, words: str, within: Span) -> list[int]:
    """Return the offsets at which words begin and also end within a span, overlapping ones too."""
    found: list[int] = []
    start = text.find(words, within.start, within.end) if words else -1
    while start >= 0:
        found.append(start)
        start = text.find(words, start + 1, within.end)
    return found


def at(spans: Sequence[Span], offset: int) -> int:
    """Return the index of the span that holds an offset; the spans tile the text."""
    return bisect_right([span.start for span in spans], offset) - 1


def _opening(text: str, block_starts: set[int], words: str, after: int) -> int:
    """Find opening words after an offset, first among the places where a paragraph begins."""
    found = occurrences(text, words, Span(after, len(text)))
    at_block = [start for start in found if start in block_starts]
    if not found:
        raise NotLocatedError(words, 0)
    return (at_block or found)[0]


def _goes_on(words: str) -> bool:
    """Say whether a block of the seed stops in the middle of a sentence: prose without a final mark.

    A page break cuts prose anywhere; titles and signatures also end without a mark, but hold no comma or full stop. A final bracket ends a
    block only when what it encloses is a sentence of its own (`…。（责任单位：…）`); a colon ends a salutation, a semicolon a list item.
    """
    bare = words.rstrip(_CLOSERS + "　 ")
    if not words.strip() or not _PROSE.search(words) or bare.endswith((*_FINAL, *"：:；;")):
        return False
    if words.rstrip().endswith(("）", ")")):
        opened = max(words.rfind("（"), words.rfind("("))
        before = words[:opened].rstrip("　 ") if opened >= 0 else ""
        return bool(before) and not before.rstrip(_CLOSERS).endswith(tuple(_FINAL))
    return True
