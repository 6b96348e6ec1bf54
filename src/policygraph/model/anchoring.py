"""Where every section, sentence and text item of a policy stands in its text; says what does not fit, in both languages."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from policygraph.errors import Text
from policygraph.model.mentions import mentions
from policygraph.model.terms import Iri, Literal
from policygraph.model.text import (
    CanonicalText,
    NotLocatedError,
    Section,
    SectionRange,
    Span,
    canonicalise,
    locate,
    section_at,
    section_ranges,
)
from policygraph.vocab import ELI, PG

if TYPE_CHECKING:
    from policygraph.model.index import Index
    from policygraph.model.terms import Term

CHECKS = ("section-not-in-text", "quote-not-in-text")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a policy's data that does not fit its text.

    Attributes:
        check: Name of the check that found it.
        node: IRI of the node at fault.
        what: What is wrong.
        fix: What to do next.
    """

    check: str
    node: str
    what: Text
    fix: Text


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence and the innermost section that it stands in."""

    span: Span
    section: str


@dataclass(frozen=True, slots=True)
class Item:
    """A text item and where its quote stands."""

    node: str
    span: Span


@dataclass(frozen=True, slots=True)
class AnchoredText:
    """A policy's text with everything that stands in it.

    Attributes:
        policy: IRI of the policy.
        node: IRI of its text.
        seed_sha256: Digest of the seed.
        canonical: The text and its breaks.
        sections: Where each section stands, in the order of the text.
        sentences: The sentences; together they are the whole text.
        items: Text items, in the order of the text, an outer one before those that it nests.
        mentions: Terms and actors whose name stands in an item's words, by the item.
        problems: What could not be placed.
    """

    policy: str
    node: str
    seed_sha256: str
    canonical: CanonicalText
    sections: dict[str, SectionRange]
    sentences: tuple[Sentence, ...]
    items: tuple[Item, ...]
    mentions: dict[str, tuple[str, ...]]
    problems: tuple[Problem, ...]

    @property
    def text(self) -> str:
        """The canonical text."""
        return self.canonical.text

    def quote(self, span: Span) -> str:
        """Return the words of a span."""
        return self.text[span.start : span.end]


def anchor(facts: Index, policy: str, seed: str) -> AnchoredText:
    """Place a policy's sections and text items in its text.

    Args:
        facts: The policy's statements.
        policy: IRI of the policy.
        seed: The text as received, with its line breaks.

    Raises:
        ValueError: The seed has carriage returns.
    """
    canonical = canonicalise(seed)
    problems: list[Problem] = []
    sections = _place_sections(facts, policy, canonical, problems)
    items = _place_items(facts, canonical.text, sections, problems)
    cuts = [place.own.start for place in sections.values()]
    sentences = tuple(Sentence(span, section_at(sections, span.start) or policy) for span in canonical.sentences(cut_at=cuts))
    return AnchoredText(
        policy,
        facts.iri(Iri(policy), PG.text),
        hashlib.sha256(seed.encode()).hexdigest(),
        canonical,
        sections,
        sentences,
        tuple(sorted(items, key=lambda item: (item.span.start, -item.span.end, item.node))),
        mentions(facts, canonical.text, [(item.node, item.span) for item in items]),
        tuple(problems),
    )


def _place_sections(facts: Index, policy: str, canonical: CanonicalText, problems: list[Problem]) -> dict[str, SectionRange]:
    found = []
    for node in dict.fromkeys((*facts.subjects(PG.opensWith), *facts.subjects(PG.heading))):
        heading = facts.one(node, PG.heading)
        opening = (heading and facts.word(heading, PG.quote)) or facts.word(node, PG.opensWith)
        position = facts.word(node, PG.position)
        if not opening:
            continue  # a heading without a quote: the shapes report it
        found.append(Section(node.value, facts.iri(node, ELI.is_part_of), int(position) if position.isdecimal() else 0, opening))
    try:
        placed = section_ranges(canonical, found, policy)
    except NotLocatedError as error:
        problems.append(
            Problem(
                "section-not-in-text",
                next((s.key for s in found if s.opening == error.words), policy),
                Text(
                    f"原文中按顺序找不到章节起始词：“{error.words}”。",
                    f"The opening words of a section do not stand in the text, in order: “{error.words}”.",
                ),
                Text(
                    "请按原文改正标题引文或 pg:opensWith，并核对 pg:position 的次序。",
                    "Copy the heading's quote or pg:opensWith from the text, and check the order in pg:position.",
                ),
            )
        )
        return {}
    for lost in sorted({section.key for section in found} - placed.keys()):
        problems.append(
            Problem(
                "section-not-in-text",
                lost,
                Text("章节不在本政策的章节树中。", "This section is not in the policy's tree of sections."),
                Text("请用 eli:is_part_of 连到政策或其章节。", "Link it with eli:is_part_of to the policy or one of its sections."),
            )
        )
    return placed


def _place_items(facts: Index, text: str, sections: dict[str, SectionRange], problems: list[Problem]) -> list[Item]:
    items = []
    for node in facts.subjects(PG.quote):
        section = facts.iri(node, ELI.is_part_of)
        if not section or not isinstance(node, Iri):
            continue  # enumerations and exemptions quote too, but stand in no section
        quotes = [o.value for o in facts.objects(node, PG.quote) if isinstance(o, Literal)]
        if section not in sections:
            problems.append(
                Problem(
                    "quote-not-in-text",
                    node.value,
                    Text("所属章节在原文中没有位置。", "Its section has no place in the text."),
                    Text("请给章节加 pg:heading 或 pg:opensWith。", "Give the section a pg:heading or pg:opensWith."),
                )
            )
            continue
        for quote in quotes:
            try:
                items.append(Item(node.value, locate(text, sections[section], quote, facts.word(node, PG.quotePrefix))))
            except NotLocatedError as error:
                problems.append(_misplaced(node, error, text))
    return items


def _misplaced(node: Term, error: NotLocatedError, text: str) -> Problem:
    what = Text(
        f"引文在其章节中出现{error.count}次：“{error.words}”。",
        f"The quote occurs {error.count} times in its section: “{error.words}”.",
    )
    if error.count:
        fix = Text("请用 pg:quotePrefix 写出引文之前的几个字。", "Add pg:quotePrefix with the words right before the quote.")
    elif error.words in text:
        fix = Text("引文在别的章节：请改正 eli:is_part_of。", "The words stand in another section: correct eli:is_part_of.")
    else:
        fix = Text("请从 text.txt 逐字复制引文。", "Copy the quote word for word from text.txt.")
    return Problem("quote-not-in-text", node.value, what, fix)
