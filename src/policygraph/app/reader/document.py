"""A policy's text put together from the graph: blocks, sentences, and the runs of words that belong to one text item each."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from policygraph.app.reader.facts import Facts
from policygraph.model.terms import Iri
from policygraph.vocab import BASE, ELI, OA, PG, RDF

if TYPE_CHECKING:
    from policygraph.graph.memory import Graph

_FOLDER = "policy/"
_ENDS = "。；：，！？;:,"
_BRACKETS = "（("
_SHORT = 20  # characters of a line in a signature


@dataclass(frozen=True, slots=True)
class Item:
    """A text item: provision, heading, list of units, non-normative words.

    Attributes:
        node: The item.
        start: First character.
        end: After the last.
        kind: Its class.
        section: Innermost section.
    """

    node: Iri
    start: int
    end: int
    kind: Iri
    section: Iri | None


@dataclass(frozen=True, slots=True)
class Run:
    """Words of one sentence that belong to the same item, or to none; `begins` when the item begins with them."""

    start: int
    end: int
    item: Item | None
    begins: bool


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence.

    Attributes:
        node: The sentence.
        number: Its place in the text, from 1.
        start: First character.
        end: After the last.
        section: Innermost section.
        runs: Its words; together they are all of it.
    """

    node: Iri
    number: int
    start: int
    end: int
    section: Iri | None
    runs: tuple[Run, ...]

    @property
    def anchor(self) -> str:
        """Name under which links lead to it."""
        return _anchor(self.number)


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, title or signature.

    Attributes:
        sentences: Its sentences.
        heading: How many of them are the heading of a section that begins here.
        level: Depth of that section, from 1; 0 without a heading.
        role: masthead, signature or ''.
    """

    sentences: tuple[Sentence, ...]
    heading: int
    level: int
    role: str


@dataclass(frozen=True, slots=True)
class Document:
    """A policy's text.

    Attributes:
        policy: The policy.
        text: The canonical text.
        digest: Its sha256.
        blocks: Its blocks.
        items: Its text items in the order of the text.
        sections: Its sections in the order of the text.
    """

    policy: Iri
    text: str
    digest: str
    blocks: tuple[Block, ...]
    items: tuple[Item, ...]
    sections: tuple[Iri, ...]

    def words(self, part: Item | Run | Sentence) -> str:
        """Return the words of a part."""
        return self.text[part.start : part.end]

    def sentence_at(self, offset: int) -> Sentence:
        """Return the sentence that holds an offset."""
        every = [sentence for block in self.blocks for sentence in block.sentences]
        return every[max(0, bisect_right([sentence.start for sentence in every], offset) - 1)]

    def item(self, node: Iri) -> Item | None:
        """Return an item of the text."""
        return next((item for item in self.items if item.node == node), None)

    def short(self, node: Iri) -> str:
        """Return by what a thing is called in addresses: without what it shares with the policy."""
        return node.value.removeprefix(self.policy.value + "/").removeprefix(BASE)


def named(policy: Iri) -> str:
    """Return the name of a policy in addresses: what follows `policy/` in its IRI; of another's IRI, what follows its scheme."""
    own = policy.value.removeprefix(BASE)
    return own.removeprefix(_FOLDER) if own != policy.value else own.partition("://")[2]


def readable(graph: Graph) -> tuple[Iri, ...]:
    """Return the policies that have a text with sentences."""
    facts = Facts(graph)
    return tuple(p for p in facts.pointing(RDF.type, Iri(PG.Policy)) if _breaks(facts, p) is not None)


def in_text(graph: Graph, item: Iri) -> tuple[Iri, str] | None:
    """Return the policy in whose text an item stands, and the anchor of its sentence; None when it stands in none."""
    facts = Facts(graph)
    policy = next((each for each in facts.iris(item, PG.within) if facts.is_a(each, PG.Policy)), None)
    sentences = sorted(facts.number(each, PG.position) for each in facts.iris(item, PG.sentence))
    return (policy, _anchor(sentences[0])) if policy is not None and sentences else None


def read(graph: Graph, policy: Iri) -> Document:
    """Put a policy's text together."""
    facts = Facts(graph)
    sections = _sections(facts, policy)
    holders = {policy, *sections}
    nodes = {s for holder in holders for s in facts.pointing(ELI.is_part_of, holder)}
    sentences = sorted((facts.number(n, OA.start), facts.number(n, OA.end), n) for n in nodes if facts.is_a(n, PG.Sentence))
    text = "".join(facts.word(node, PG.quote) for _, _, node in sentences)
    items = _items(facts, nodes)
    owners: list[Item | None] = [None] * len(text)
    for item in items:  # an inner item comes after the one that holds it
        owners[item.start : item.end] = [item] * (item.end - item.start)
    made = [
        Sentence(
            node, facts.number(node, PG.position), start, end, facts.iri(node, ELI.is_part_of), _runs(owners, start, min(end, len(text)))
        )
        for start, end, node in sentences
    ]
    blocks = _blocks(facts, policy, made, text, items)
    return Document(policy, text, facts.word(facts.iri(policy, PG.text), PG.sha256), blocks, items, sections)


def _anchor(number: int) -> str:
    return f"s-{number:03}"


def _breaks(facts: Facts, policy: Iri) -> list[int] | None:
    """Return where blocks begin, None when the policy has no text."""
    source = facts.iri(policy, PG.text)
    if source is None or not facts.number(source, PG["length"]):
        return None
    breaks = facts.iris(source, PG.textBreak)
    return sorted({0, *(facts.number(b, OA.start) for b in breaks if facts.word(b, PG.insideSentence) not in ("true", "1"))})


def _sections(facts: Facts, policy: Iri) -> tuple[Iri, ...]:
    """Return the sections of a policy, walking the tree in the order of the text."""
    found: list[Iri] = []

    def walk(parent: Iri) -> None:
        inner = [s for s in facts.pointing(ELI.is_part_of, parent) if facts.is_a(s, PG.Section) and s not in found]
        for section in sorted(inner, key=lambda s: (facts.number(s, PG.position), s.value)):
            found.append(section)
            walk(section)

    walk(policy)
    return tuple(found)


def _items(facts: Facts, nodes: set[Iri]) -> tuple[Item, ...]:
    kinds = [Iri(k) for k in (PG.Provision, PG.Heading, PG.ResponsibilityStatement, PG.NonNormativeItem)]
    found = []
    for node in nodes:
        anchor = facts.iri(node, PG.anchor)
        if anchor is None:
            continue
        kind = next((k for k in kinds if facts.is_a(node, k.value)), Iri(PG.TextItem))
        found.append(Item(node, facts.number(anchor, OA.start), facts.number(anchor, OA.end), kind, facts.iri(node, ELI.is_part_of)))
    return tuple(sorted(found, key=lambda item: (item.start, -item.end, item.node)))


def _runs(owners: list[Item | None], start: int, end: int) -> tuple[Run, ...]:
    cuts = [start, *(i for i in range(start + 1, end) if owners[i] is not owners[i - 1]), end]
    return tuple(Run(a, b, owner, owner is not None and owner.start == a) for a, b in pairwise(cuts) if a < b for owner in [owners[a]])


def _blocks(facts: Facts, policy: Iri, sentences: list[Sentence], text: str, items: tuple[Item, ...]) -> tuple[Block, ...]:
    starts = _breaks(facts, policy) or [0]
    headings = {item.start: item for item in items if item.kind.value == PG.Heading}
    title = facts.word(policy, PG["title"])
    signatories = {facts.label(issuer).zh for issuer in facts.iris(policy, PG.issuer)}
    opened = text.find(title) if title else -1
    found: list[Block] = []
    for start, end in pairwise([*starts, len(text)]):
        inside = tuple(s for s in sentences if start <= s.start < end)
        if not inside:
            continue
        words, heading = text[start:end], headings.get(start)
        role = "masthead" if start <= opened and words[-1] not in _ENDS else ""
        signed = bool(found) and found[-1].role == "signature"
        plain = heading is None and len(words) < _SHORT and not any(mark in words for mark in _ENDS + _BRACKETS)
        if words in signatories or (signed and plain):
            role = role or "signature"
        count = sum(s.start < heading.end for s in inside) if heading is not None else 0
        level = _depth(facts, heading.section) if heading is not None and count else 0
        found.append(Block(inside, count, level, role))
    return tuple(found)


def _depth(facts: Facts, section: Iri | None) -> int:
    depth = 0
    while section is not None and facts.is_a(section, PG.Section):
        depth, section = depth + 1, facts.iri(section, ELI.is_part_of)
    return depth
