"""In which forms reports and answers can be had, and the headers that go with each."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from starlette.responses import Response

from policygraph.web.negotiation import CSV, HTML, JSON, XLSX, Media, accepted, language
from policygraph.web.sparql.forms import chosen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request

TEXT = Media("text", "text/plain", "text", (), 0.9)
PDF = Media("pdf", "application/pdf", "pdf", (), 0.8)
TURTLE = Media("turtle", "text/turtle", "turtle", ("application/x-turtle",), 0.9)
# JSON first: who takes anything is a program.
REPORTS = (JSON, TEXT, HTML, PDF, XLSX, CSV, TURTLE)
BRIEF = (JSON, TEXT)
PROFILES = (JSON, TEXT, TURTLE)
TEMPLATES = (XLSX, CSV, JSON)
# A saved question itself, with the values put in.
QUERY = Media("rq", "application/sparql-query", "rq", (), 0.8)
ANSWERS = (JSON, CSV, XLSX, HTML, QUERY)
_BOTH = frozenset({"json", "turtle"})  # they hold both languages
_SAVED = frozenset({"xlsx", "csv", "pdf", "rq"})
NO_STORE = {"Cache-Control": "no-store"}


def wanted(request: Request, offered: Sequence[Media]) -> Media:
    """Return the form that a caller wants.

    Raises:
        ProblemError: There is no such form; lists those that there are.
    """
    return chosen(offered, request.query_params.get("format", ""), accepted(request))


def words(request: Request, media: Media, name: str) -> dict[str, str]:
    """Return the headers that say in which language an answer is, on what it depends, and as which file it is saved."""
    headers = {"Vary": "Accept, Accept-Language", "Content-Language": "zh, en" if media.form in _BOTH else language(request)}
    if media.form in _SAVED:
        headers["Content-Disposition"] = disposition(f"{name}.{media.form}")
    return headers


def disposition(name: str) -> str:
    """Return the header under which an answer is saved as a file (RFC 6266)."""
    plain = name.encode("ascii", "replace").decode().replace("?", "_").replace('"', "_")
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def report(request: Request, body: bytes, media: Media, name: str) -> Response:
    """Return an answer made of what the caller sent: nobody keeps it."""
    return Response(body, 200, {"Content-Type": media.sent, **words(request, media, name), **NO_STORE})
