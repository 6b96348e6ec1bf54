"""Policies and their parts, in the order of the text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policygraph.model.terms import Iri
from policygraph.vocab import ELI, PG, RDF
from policygraph.web.problems import usage

if TYPE_CHECKING:
    from collections.abc import Iterable

    from policygraph.errors import Text
    from policygraph.model.terms import Term
    from policygraph.web.pages.voice import Voice

_DEEPEST = 20
_LAST = 1 << 30


def policies(voice: Voice) -> list[Iri]:
    """Return the policies, oldest first."""
    found = (node for node in voice.graph.subjects(RDF.type, Iri(PG.Policy)) if isinstance(node, Iri))
    return sorted(found, key=lambda node: (voice.word(node, PG.dateIssued), node.value))


def chosen(voice: Voice, fix: Text) -> Iri | None:
    """Return the policy that `?policy=` names, by default the first; None when there is none.

    Args:
        voice: The page.
        fix: What to do when it is no policy.

    Raises:
        ProblemError: It names something else.
        UsageError: It names nothing, or more than one thing.
    """
    every = policies(voice)
    asked = voice.request.query_params.get("policy", "")
    if not asked or not every:
        return every[0] if every else None
    found = voice.entities.resolve(asked, like=every[0])
    if found not in every:
        raise usage(f"“{voice.label(found)}”不是政策。", f"“{voice.label(found)}” is no policy.", fix)
    return found


def above(voice: Voice, part: Term) -> list[Iri]:
    """Return the sections that hold a part of a text, from the policy down, without the part itself."""
    found: list[Iri] = []
    node: Term | None = part
    while node is not None and len(found) < _DEEPEST:
        holder = voice.one(node, ELI.is_part_of) or voice.one(node, PG.enumeratedIn)
        if not isinstance(holder, Iri) or holder in found:
            break
        found.insert(0, holder)
        node = holder
    return found


def place_of(voice: Voice, part: Term) -> tuple[int, ...]:
    """Return where a section stands: its place in each section above it, from the policy down."""
    return tuple(_position(voice, each) for each in (*above(voice, part)[1:], part))


def in_order(voice: Voice, parts: Iterable[Term]) -> list[Term]:
    """Return sections in the order of the text."""
    return sorted(parts, key=lambda part: (place_of(voice, part), part.value))


def parts_of(voice: Voice, policy: Iri, kind: str) -> list[Term]:
    """Return the sections of a kind in a policy, in the order of the text."""
    return in_order(voice, (node for node in voice.subjects(PG.within, policy) if Iri(kind) in voice.objects(node, RDF.type)))


def _position(voice: Voice, node: Term) -> int:
    said = voice.word(node, PG.position)
    return int(said) if said.isdecimal() else _LAST
