"""Repeats answers from memory before any routing, for requests that say the same in everything an answer may depend on.

The graph does not change while the service runs, so what `answers.respond` sent once holds until the end.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from policygraph.web.answers import NOTE, Cache, Note

if TYPE_CHECKING:
    from collections.abc import Hashable, MutableMapping

    from starlette.types import ASGIApp, Receive, Scope, Send

_METHODS = frozenset({"GET", "HEAD"})
# Headers on which an answer may depend; and those with which a request goes the whole way.
_TELLING = frozenset(
    {b"accept", b"accept-language", b"accept-encoding", b"host", b"x-forwarded-proto", b"x-forwarded-host", b"x-forwarded-prefix"}
)
_PARTICULAR = frozenset(
    {
        b"authorization",
        b"cookie",
        b"range",
        b"if-match",
        b"if-none-match",
        b"if-modified-since",
        b"if-unmodified-since",
        b"if-range",
        b"content-length",
        b"transfer-encoding",
        b"forwarded",
    }
)


@dataclass(frozen=True, slots=True)
class _Sent:
    """An answer with status 200 as it went out."""

    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes


class Front:
    """Answers what it can by itself, and asks the application for the rest.

    Args:
        app: The application.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._kept: Cache[_Sent] = Cache(32 << 20, 1 << 20)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http" or (key := _key(scope)) is None:
            await self._app(scope, receive, send)
            return
        if (found := self._kept.get(key)) is not None:
            await send({"type": "http.response.start", "status": 200, "headers": found.headers})
            await send({"type": "http.response.body", "body": found.body})
            return
        note = scope[NOTE] = Note()
        headers: list[tuple[bytes, bytes]] = []

        async def sending(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                headers[:] = message["headers"]
            elif note.lasting:  # its body comes in one piece
                self._kept.keep(key, _Sent(tuple(headers), message.get("body", b"")))
            await send(message)

        await self._app(scope, receive, sending)


def _key(scope: Scope) -> Hashable | None:
    """Return all that the answer may depend on; None when it is not to be kept."""
    if scope["method"] not in _METHODS:
        return None
    telling = []
    for pair in scope["headers"]:
        if pair[0] in _TELLING:
            telling.append(pair)
        elif pair[0] in _PARTICULAR:
            return None
    return scope["method"], scope["scheme"], scope["raw_path"], scope["query_string"], *telling
