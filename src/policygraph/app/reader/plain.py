"""A policy's text as data: blocks, sentences with their place, and the items in them with strength and hedges."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from policygraph.app.reader.facts import Facts
from policygraph.vocab import PG

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from policygraph.app.reader.clauses import Clause
    from policygraph.app.reader.document import Document, Item, Sentence
    from policygraph.graph.memory import Graph
    from policygraph.model.terms import Iri


def plain(graph: Graph, document: Document, clauses: Mapping[Iri, Clause], matching: Collection[Iri]) -> dict[str, Any]:
    """Return a text as JSON can say it.

    Args:
        graph: The policy graph.
        document: The text.
        clauses: Its provisions.
        matching: The provisions that filters leave.
    """
    facts = Facts(graph)
    return {
        "policy": document.policy.value,
        "sha256": document.digest,
        "characters": len(document.text),
        "clauses": len(clauses),
        "matching": len(matching),
        "blocks": [
            {
                "role": "heading" if block.heading else block.role or "paragraph",
                "sentences": [_sentence(document, s) for s in block.sentences],
            }
            for block in document.blocks
        ],
        "items": [_item(facts, document, item, clauses.get(item.node), matches=item.node in matching) for item in document.items],
    }


def _sentence(document: Document, sentence: Sentence) -> dict[str, Any]:
    return {
        "iri": sentence.node.value,
        "number": sentence.number,
        "anchor": sentence.anchor,
        "start": sentence.start,
        "end": sentence.end,
        "words": document.words(sentence),
    }


def _item(facts: Facts, document: Document, item: Item, clause: Clause | None, *, matches: bool) -> dict[str, Any]:
    label = facts.label(item.node)
    said: dict[str, Any] = {
        "iri": item.node.value,
        "label": {"zh": label.zh, "en": label.en},
        "kind": item.kind.value,
        "section": item.section.value if item.section is not None else None,
        "start": item.start,
        "end": item.end,
        "words": document.words(item),
        "translation": facts.word(item.node, PG.translation) or None,
    }
    if clause is not None:
        strength = clause.strength.value if clause.strength is not None else None
        said |= {"strength": strength, "cues": list(clause.cues), "hedges": list(clause.hedges), "matches": matches}
    reason = facts.text(item.node, PG.reason)
    return said | ({"reason": {"zh": reason.zh, "en": reason.en}} if reason.zh else {})
