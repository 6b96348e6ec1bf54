"""HTTP/1.1 as uvicorn and httptools speak it, with what the open internet needs beside: caps, a deadline, no smuggled requests.

Neither refuses by itself a request framed both by Content-Length and by Transfer-Encoding, a head without end, or one that comes
byte by byte. And both stop at a head that offers to go over to another protocol, as Java's client does with each first request: its body
would be lost, or worse, read as the next request.
"""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from policygraph.errors import BusyError, Text
from policygraph.web.problems import BUSY, ProblemError, problem

if TYPE_CHECKING:
    import asyncio

MAX_HEAD = 64 << 10  # bytes of request line and headers
MAX_HEADERS = 100
HEAD_SECONDS = 15.0  # from its first byte to its last
_FULL = ProblemError(
    BUSY,
    BusyError(Text("连接过多。", "There are too many connections."), Text("请稍后再试。", "Try again later."), seconds=5),
    {"Retry-After": "5", "Connection": "close"},
)
_NOT_ASCII = re.compile(rb"[\x80-\xff]")
_HOST = re.compile(rb"[A-Za-z0-9._~!$&'()*+,;=%:\[\]-]*")  # RFC 3986: host and port
_FRAMING = frozenset({b"content-length", b"transfer-encoding"})


class GuardedProtocol(HttpToolsProtocol):
    """One connection."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self._most, self.limit_concurrency = self.limit_concurrency, None  # uvicorn's own refusal does not say when to come again
        self._own_app = self.app
        self._size = 0  # bytes that came since a head was due, or since the last of a body
        self._in_line = True  # whether its first line still comes
        self._slow: asyncio.TimerHandle | None = None
        self._framing: bytes | None = None  # how the body is framed that follows an offer to go over to another protocol
        self._fed, self._rest = b"", b""

    def connection_made(self, transport: Any) -> None:
        """Begin, and wait for a head no longer than its deadline."""
        super().connection_made(transport)
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """End."""
        self._head_came()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take bytes; what is refused gets 400, and the connection is closed."""
        if self._slow is None and (self.cycle is None or self.cycle.response_complete):
            self._await_head()
        if self._in_line:
            data = self._ascii(data)
        self._size += len(data)
        self._rest = data
        while self._rest:
            self._fed, self._rest = self._rest, b""
            super().data_received(self._fed)
        if self._size > MAX_HEAD and not self.transport.is_closing():  # of trailers as well, and of what else stands between chunks
            self.send_400_response("The head of the request is too large.")

    def on_message_begin(self) -> None:
        """Begin a request, unless it is the rest of one."""
        if self._framing is None:
            super().on_message_begin()

    def on_body(self, body: bytes) -> None:
        """Take a part of the body."""
        self._size = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        """End a request, unless its body still comes."""
        if self._framing is None:
            super().on_message_complete()

    def on_headers_complete(self) -> None:
        """Look at the head as a whole, then start the handler."""
        if self._framing is not None:  # the head that `_unsupported_upgrade_warning` wrote
            self._framing = None
            return
        self._head_came()
        framing = [(name, value) for name, value in self.headers if name in _FRAMING]
        coded = any(name == b"transfer-encoding" and value.strip().lower() != b"chunked" for name, value in framing)
        hosts = [value for name, value in self.headers if name == b"host"]
        homeless = len(hosts) > 1 or not (_HOST.fullmatch(hosts[0]) if hosts else self.parser.get_http_version() == "1.0")
        if len(framing) > 1 or coded or homeless or len(self.headers) > MAX_HEADERS or self._too_large():
            raise _RefusedError  # httptools makes a parser's error of it, and uvicorn 400
        self._size = 0
        if framing and self.parser.should_upgrade():
            self._framing = b": ".join(framing[0])
        full = self._most is not None and len(self.connections) > self._most
        self.app = _turned_away if full else self._own_app
        super().on_headers_complete()
        self.headers = []  # trailers are no headers: they are counted and forgotten

    def _too_large(self) -> bool:
        """Say whether the head is: it may have come at once, and what came with it may be other requests."""
        return len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers) > MAX_HEAD

    def _unsupported_upgrade_warning(self) -> None:
        """Decline an offer to go over to another protocol; the parser stopped there, and takes the body behind a head without offer."""
        stopped = sys.exc_info()[1]
        at = stopped.args[0] if stopped is not None else len(self._fed)
        head = b"" if self._framing is None else b"POST / HTTP/1.1\r\n" + self._framing + b"\r\n\r\n"
        self._rest = head + self._fed[at:]

    def _await_head(self) -> None:
        self._size, self._in_line = 0, True
        self._slow = self.loop.call_later(HEAD_SECONDS, self._too_slow)

    def _ascii(self, data: bytes) -> bytes:
        """Percent-encode what is no ASCII in the first line: curl sends Chinese as it is typed, and the parser would refuse it."""
        line, end, rest = data.partition(b"\n")
        self._in_line = not end
        return (line if line.isascii() else _NOT_ASCII.sub(lambda byte: b"%%%02X" % byte[0][0], line)) + end + rest

    def _head_came(self) -> None:
        if self._slow is not None:
            self._slow.cancel()
            self._slow = None

    def _too_slow(self) -> None:
        self._slow = None
        if not self.transport.is_closing():
            self.transport.close()


async def _turned_away(scope: Any, receive: Any, send: Any) -> None:
    """Answer a request beyond the connections that there may be."""
    await problem(_FULL).response(Request(scope))(scope, receive, send)


class _RefusedError(Exception):
    pass
