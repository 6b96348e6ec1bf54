"""Chooses the media type and the language of an answer by what the caller accepts (RFC 9110, section 12)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import mimeparse

from policygraph.errors import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request


@dataclass(frozen=True, slots=True)
class Media:
    """A form in which an answer can be had.

    Attributes:
        name: What it is called in `?format=` and, for most, as the ending of an address: `ttl`.
        type: Media type that is sent: `text/turtle`.
        form: Name of the writer behind it, where there is one: `turtle`.
        others: Further media types under which it is asked for.
        quality: How much the service prefers it among equals, from 0 to 1.
    """

    name: str
    type: str
    form: str = ""
    others: tuple[str, ...] = ()
    quality: float = 1.0

    @property
    def sent(self) -> str:
        """The Content-Type header."""
        textual = self.type.startswith("text/") or self.type == "application/xml"
        return f"{self.type}; charset=utf-8" if textual else self.type


HTML = Media("html", "text/html", "html", ("application/xhtml+xml",))
TURTLE = Media("ttl", "text/turtle", "turtle", ("application/x-turtle",))
TRIG = Media("trig", "application/trig", "trig", ("application/x-trig",), 0.9)
NTRIPLES = Media("nt", "application/n-triples", "ntriples", ("text/plain",), 0.9)
JSONLD = Media("jsonld", "application/ld+json", "jsonld", ("application/json",), 0.9)
RDFXML = Media("rdf", "application/rdf+xml", "rdfxml", ("application/xml", "text/xml"), 0.8)
JSON = Media("json", "application/json", "json")
CSV = Media("csv", "text/csv", "csv", (), 0.8)
XLSX = Media("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx", (), 0.8)

RDF = (TURTLE, TRIG, NTRIPLES, JSONLD, RDFXML)
# A caller who takes anything, such as curl, is a program more often than a person: Turtle comes first, and a browser asks for HTML by name.
DOCUMENTS = (TURTLE, HTML, TRIG, NTRIPLES, JSONLD, RDFXML)
_LONGEST = 2000  # characters of a header; those of browsers have 200


def choose(accept: str | None, offered: Sequence[Media]) -> Media | None:
    """Return the form that the caller likes best, None when none is acceptable.

    Args:
        accept: The Accept header, None or empty for anything.
        offered: The forms that there are; the first wins among equals.
    """
    return _chosen(_heard(accept or ""), tuple(offered))


def _heard(header: str) -> str:
    """Return as much of a header as is read: a longer one only takes time and memory, whoever sends it."""
    return header.strip() if len(header) <= _LONGEST else header[:_LONGEST].rpartition(",")[0].strip()


@lru_cache(maxsize=1024)
def _chosen(accept: str, offered: tuple[Media, ...]) -> Media | None:
    if not accept:
        return offered[0]
    ranges = []
    for each in accept.split(","):
        try:
            ranges.append(mimeparse.parse_media_range(each.strip().lower()))
        except mimeparse.MimeTypeParseException:
            continue  # what is no media range asks for nothing
    # Another name counts only where it is named: `text/turtle;q=0, */*` refuses Turtle under all its names.
    named = {f"{kind}/{subtype}": float(given["q"]) for kind, subtype, given in ranges if "*" not in (kind, subtype)}
    liked = [
        (max([mimeparse.quality_parsed(media.type, ranges), *(named.get(other, 0.0) for other in media.others)]) * media.quality, media)
        for media in offered
    ]
    quality, media = max(liked, key=lambda pair: pair[0], default=(0.0, None))
    return media if quality > 0 else None


def accepted(request: Request) -> str | None:
    """Return the Accept header, its repeats joined."""
    return ", ".join(request.headers.getlist("accept")) or None


def language(request: Request) -> str:
    """Return zh or en: what `?lang=` says, else what Accept-Language likes better, else Chinese."""
    asked = request.query_params.get("lang", "")
    if asked in LANGUAGES:
        return asked
    return _liked(_heard(request.headers.get("accept-language", "")))


@lru_cache(maxsize=1024)
def _liked(header: str) -> str:
    best, most = LANGUAGES[0], 0.0
    for each in header.split(","):
        tag, _, rest = each.strip().partition(";")
        name, _, value = rest.strip().partition("=")
        try:
            quality = float(value) if name == "q" else 1.0
        except ValueError:
            quality = 0.0
        short = tag.split("-")[0].lower()
        if short in LANGUAGES and most < quality <= 1:
            best, most = short, quality
    return best


def takes_gzip(accept_encoding: str) -> bool:
    """Say whether a caller takes gzip (RFC 9110, 12.5.3)."""
    weights: dict[str, float] = {}
    for each in accept_encoding.lower().split(","):
        name, _, rest = each.strip().partition(";")
        _, given = mimeparse.parse_mime_type(f"x/x;{rest}")[1:] if rest else ("", {})
        try:
            weights[name.strip()] = float(given.get("q", 1)) if rest else 1.0
        except ValueError:
            weights[name.strip()] = 0.0
    return weights.get("gzip", weights.get("x-gzip", weights.get("*", 0.0))) > 0
