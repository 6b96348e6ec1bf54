"""Which characters of a policy's text are modelled, which quotes overlap, and which numbers no data account for."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from policygraph.model.numerals import Kind, find
from policygraph.model.terms import Iri
from policygraph.model.text import Span, at, occurrences
from policygraph.model.wording import stated_value
from policygraph.vocab import ELI, PG, PROV, RDF

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policygraph.model.anchoring import AnchoredText, Item
    from policygraph.model.index import Index
    from policygraph.model.numerals import Number

# Signs that belong to a number or a name and so are words, though Unicode calls them punctuation.
_WORDS_TOO = "%％‰"
_KINDS = (PG.Provision, PG.Heading, PG.ResponsibilityStatement, PG.NonNormativeItem)


@dataclass(frozen=True, slots=True)
class Gap:
    """Words that no text item covers.

    Attributes:
        span: Where they stand.
        words: What they are.
        sentence: Number of the sentence, from 1.
    """

    span: Span
    words: str
    sentence: int


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two text items that share words without `pg:nests`; `same` when they quote the same place."""

    first: str
    second: str
    words: str
    same: bool


@dataclass(frozen=True, slots=True)
class Coverage:
    """How a policy's text is modelled.

    Attributes:
        characters: Length of the text.
        separators: Punctuation and spaces, counted apart.
        covered: Characters of the body that some item covers.
        by_kind: Class of text item → characters of the body that such items cover.
        gaps: Words that no item covers.
        overlaps: Items that share words without saying so.
        misnested: (outer, inner) of `pg:nests` that the text does not bear out.
        numbers: Numbers in the text.
        unaccounted: Numbers that no parameter, count, date, heading number or exemption accounts for.
        idle_exemptions: Exemptions whose words hold no number of the text.
    """

    characters: int
    separators: int
    covered: int
    by_kind: dict[str, int]
    gaps: tuple[Gap, ...]
    overlaps: tuple[Overlap, ...]
    misnested: tuple[tuple[str, str], ...]
    numbers: tuple[Number, ...]
    unaccounted: tuple[Number, ...]
    idle_exemptions: tuple[str, ...]

    @property
    def body(self) -> int:
        """Number of characters that are neither punctuation nor space."""
        return self.characters - self.separators

    @property
    def fraction(self) -> Fraction:
        """Covered share of the body; 1 for an empty text."""
        return Fraction(self.covered, self.body) if self.body else Fraction(1)


def cover(text: AnchoredText, facts: Index, own: Index) -> Coverage:
    """Measure how a policy's text is modelled.

    Args:
        text: The policy's text with everything placed.
        facts: All facts, also those of later policies that amend this one.
        own: What the policy's own folder says; its exemptions hold for its own text only.
    """
    body = [is_body(character) for character in text.text]
    covered = [False] * len(body)
    by_kind: dict[str, int] = {}
    for item in text.items:
        kind = next((k for k in _KINDS if Iri(k) in facts.objects(Iri(item.node), RDF.type)), PG.TextItem)
        fresh = [i for i in range(item.span.start, item.span.end) if body[i] and not covered[i]]
        by_kind[kind] = by_kind.get(kind, 0) + len(fresh)
        for index in fresh:
            covered[index] = True
    overlaps, misnested = _overlaps(text, facts)
    numbers = find(text.text)
    accounted = list(_accounted(text, facts))
    exemptions = list(_exempt(text, own))
    return Coverage(
        characters=len(body),
        separators=body.count(False),
        covered=covered.count(True),
        by_kind=by_kind,
        gaps=tuple(_gaps(text, body, covered)),
        overlaps=overlaps,
        misnested=misnested,
        numbers=numbers,
        unaccounted=tuple(n for n in numbers if not _holds(n, [*accounted, *(span for _, span in exemptions)])),
        idle_exemptions=tuple(
            node.value
            for node in own.subjects(RDF.type, Iri(PG.NumberExemption))
            if not any(_holds(n, [span for owner, span in exemptions if owner == node]) for n in numbers)
        ),
    )


def is_body(character: str) -> bool:
    """Say whether a character is part of the words: neither punctuation, space nor control."""
    return character in _WORDS_TOO or unicodedata.category(character)[0] not in "PZC"


def _holds(number: Number, spans: list[Span]) -> bool:
    return any(span.start <= number.start and number.end <= span.end for span in spans)


def _gaps(text: AnchoredText, body: list[bool], covered: list[bool]) -> Iterator[Gap]:
    """Yield uncovered stretches; punctuation between uncovered words of one sentence does not part them."""
    sentences = [sentence.span for sentence in text.sentences]
    stretches: list[list[int]] = []
    for index in (i for i in range(len(body)) if body[i] and not covered[i]):
        last = stretches[-1][-1] if stretches else index
        goes_on = stretches and not any(covered[last:index]) and at(sentences, last) == at(sentences, index)
        if goes_on:
            stretches[-1].append(index)
        else:
            stretches.append([index])
    for stretch in stretches:
        span = Span(stretch[0], stretch[-1] + 1)
        yield Gap(span, text.quote(span), at(sentences, span.start) + 1)


def _overlaps(text: AnchoredText, facts: Index) -> tuple[tuple[Overlap, ...], tuple[tuple[str, str], ...]]:
    declared = {(o.node, inner.value) for o in text.items for inner in facts.objects(Iri(o.node), PG.nests)}
    found: list[Overlap] = []
    borne_out: set[tuple[str, str]] = set()
    open_items: list[Item] = []
    for item in text.items:  # sorted by start, outer before inner
        open_items = [other for other in open_items if other.span.end > item.span.start]
        for other in open_items:
            if (other.node, item.node) in declared and other.span.holds(item.span):
                borne_out.add((other.node, item.node))
            elif (item.node, other.node) in declared and item.span.holds(other.span):
                borne_out.add((item.node, other.node))
            else:
                shared = Span(max(other.span.start, item.span.start), min(other.span.end, item.span.end))
                found.append(Overlap(other.node, item.node, text.quote(shared), other.span == item.span))
        open_items.append(item)
    return tuple(found), tuple(sorted(declared - borne_out))


def _exempt(text: AnchoredText, own: Index) -> Iterator[tuple[Iri, Span]]:
    everywhere = Span(0, len(text.text))
    for node in own.subjects(RDF.type, Iri(PG.NumberExemption)):
        words = own.word(node, PG.quote)
        for start in occurrences(text.text, words, everywhere):
            if isinstance(node, Iri):
                yield node, Span(start, start + len(words))


def _accounted(text: AnchoredText, facts: Index) -> Iterator[Span]:
    """Yield the places whose numbers are data: parameters, declared counts, the document's dates, heading numbers."""
    sentences = [sentence.span for sentence in text.sentences]
    for item in text.items:
        node = Iri(item.node)
        for user in facts.subjects(PROV.wasDerivedFrom, node):
            if Iri(PG.Parameter) in facts.objects(user, RDF.type):
                yield from _words(text, facts.word(user, PG.verbatim), item.span, sentences[at(sentences, item.span.start)])
        for enumeration in facts.subjects(PG.enumeratedIn, node):
            declared = stated_value(facts.one(enumeration, PG.declaredCount))
            for number in find(text.quote(item.span)):
                if declared is not None and number.value == declared:
                    yield Span(item.span.start + number.start, item.span.start + number.end)
        for section in facts.subjects(PG.heading, node):
            printed = facts.word(section, PG.number)
            if printed and text.quote(item.span).startswith(printed):
                yield Span(item.span.start, item.span.start + len(printed))
    policy = Iri(text.policy)
    dates = {stated_value(d) for p in (ELI.date_document, PG.dateIssued) for d in facts.objects(policy, p)}
    for number in find(text.text):
        if number.kind is Kind.DATE and number.value in dates:
            yield Span(number.start, number.end)


def _words(text: AnchoredText, words: str, *places: Span) -> list[Span]:
    """Return where words stand in the first place that has them."""
    for place in places:
        if found := occurrences(text.text, words, place):
            return [Span(start, start + len(words)) for start in found]
    return []
