"""Addresses of the reader: a policy's text, a clause in it, the clauses of a measure or a strength."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policygraph.app.reader.document import named
from policygraph.model.terms import Iri, local_name
from policygraph.vocab import BASE, OA, PG, RDF
from policygraph.web.pages.shell import place

if TYPE_CHECKING:
    from policygraph.model.terms import Term
    from policygraph.web.pages.voice import Voice


def policy_of(voice: Voice, node: Term) -> Iri | None:
    """Return the policy in whose text something stands; a policy stands in its own."""
    if Iri(PG.Policy) in voice.objects(node, RDF.type):
        return node if isinstance(node, Iri) else None
    for found in voice.objects(node, PG.within):
        if isinstance(found, Iri) and Iri(PG.Policy) in voice.objects(found, RDF.type):
            return found
    return None


def short(node: Iri, policy: Iri) -> str:
    """Return by what a thing is called in addresses of the reader."""
    return node.value.removeprefix(policy.value + "/").removeprefix(BASE)


def reader(voice: Voice, policy: Iri, anchor: str = "", **query: str) -> str:
    """Return where a policy is read."""
    found = place(voice.request, f"read/{named(policy)}", **query)
    return f"{found}#{anchor}" if anchor else found


def where(voice: Voice, item: Iri) -> str:
    """Return where a text item is read, with its panel open and its sentence in view; '' when it stands in no policy."""
    policy = policy_of(voice, item)
    if policy is None:
        return ""
    sentence = voice.one(item, PG.sentence)
    number = voice.word(sentence, PG.position) if sentence is not None else ""
    anchor = f"s-{int(number):03}" if number.isdecimal() else ""
    return reader(voice, policy, anchor, clause=short(item, policy))


def start(voice: Voice, item: Term) -> int:
    """Return at which character a text item begins."""
    anchor = voice.one(item, PG.anchor)
    said = voice.word(anchor if anchor is not None else item, OA.start)
    return int(said) if said.isdecimal() else 1 << 30


def clauses_of(voice: Voice, policy: Iri, **wanted: Iri | None) -> str:
    """Return where the clauses of a policy are read that filters of the reader keep, '' when one of their values is not there."""
    if any(node is None for node in wanted.values()):
        return ""
    keys = {
        name: local_name(node.value) if name == "strength" else short(node, policy) for name, node in wanted.items() if node is not None
    }
    return reader(voice, policy, **keys)
