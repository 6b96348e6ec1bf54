"""What an address means: a thing, or a document about one in a form; and the address of a document.

A document is called as its thing with an ending: `…/m7` → `…/m7.ttl`. A thing's own name may end like one, so what the graph knows
goes first, and where `…/m7.ttl` is a thing itself, the document of `…/m7` gets one dot more: `…/m7..ttl`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote

from policygraph.vocab import BASE
from policygraph.web.negotiation import DOCUMENTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policygraph.app.linked.things import Things
    from policygraph.web.negotiation import Media

_ENDINGS = {media.name: media for media in DOCUMENTS}
_MOST_DOTS = 16  # before an ending
_ENCODED = re.compile(r"(?:%[0-9A-Fa-f]{2})+")


@dataclass(frozen=True, slots=True)
class Target:
    """What an address means.

    Attributes:
        iri: The thing.
        media: The form of the document that is asked for; None when it is the thing itself.
    """

    iri: str
    media: Media | None = None


def document(things: Things, iri: str, media: Media) -> str:
    """Return the IRI of a thing's document."""
    name = f"{iri}.{media.name}"
    while things.known(name):
        name = f"{name.removesuffix(media.name)}.{media.name}"
    return name


def find(things: Things, path: str, query: str = "") -> Target | None:
    """Return what an address below the base means, None when nothing is known of it.

    Args:
        things: What is known.
        path: The path as it was sent, percent-encoded, without the slash at its start.
        query: The query as it was sent, for an IRI may have one.
    """
    for spelling in dict.fromkeys(spellings(f"{path}?{query}") if query else ()) | dict.fromkeys(spellings(path)):
        iri = BASE + spelling
        if things.known(iri):
            return Target(iri)
        stem, dot, ending = iri.rpartition(".")
        if dot and (media := _ENDINGS.get(ending)) is not None:
            own = stem.rstrip(".")
            for kept in range(min(len(stem) - len(own), _MOST_DOTS) + 1):  # a thing's own name may end in dots
                thing = own + "." * kept
                if things.known(thing) and document(things, thing, media) == iri:
                    return Target(thing, media)
    return None


def spellings(sent: str) -> Iterator[str]:
    """Yield the names that an address may stand for: as it was sent, as an IRI (RFC 3987, 3.2), and wholly decoded."""
    yield sent
    if "%" in sent:
        yield _ENCODED.sub(lambda match: match[0].upper(), sent)
        yield _ENCODED.sub(lambda match: _beyond_ascii(match[0]), sent)
        yield unquote(sent, errors="replace")


def _beyond_ascii(encoded: str) -> str:
    """Return percent-encoded bytes with the characters beyond ASCII decoded: `%E6%96%87%2F` → `文%2F`."""
    try:
        decoded = unquote(encoded, errors="strict")
    except UnicodeDecodeError:
        return encoded
    return "".join(c if ord(c) > 127 else f"%{ord(c):02X}" for c in decoded)
