"""Asks the service within this process, without a socket: quick enough to dereference every IRI."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from policygraph.web.application import build
from policygraph.web.service import Options, Service

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import ASGIApp

    from policygraph.paths import DataRoots


@dataclass(frozen=True, slots=True)
class Heard:
    """An answer; headers in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def type(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0]


class Inside:
    """A service without workers."""

    def __init__(self, roots: DataRoots, base_url: str = "") -> None:
        self.service = Service(roots, Options(base_url=base_url))
        self._app: ASGIApp = build(self.service)
        self._loop = asyncio.new_event_loop()

    def close(self) -> None:
        for close in self.service.closing:
            self._loop.run_until_complete(close())
        self._loop.run_until_complete(self._loop.shutdown_default_executor())
        self._loop.close()

    def ask(self, method: str, target: str, **headers: str) -> Heard:
        """Send a request as a server would hand it on; `target` is percent-encoded where it must be."""
        return self._loop.run_until_complete(self._asked(method, target, headers))

    def get(self, target: str, **headers: str) -> Heard:
        return self.ask("GET", target, **headers)

    async def _asked(self, method: str, target: str, headers: Mapping[str, str]) -> Heard:
        path, _, query = target.partition("?")
        sent: list[Any] = []
        named = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
        scope = {
            "type": "http", "asgi": {"version": "3.0", "spec_version": "2.4"}, "http_version": "1.1", "method": method, "scheme": "http",
            "path": unquote(path), "raw_path": path.encode(), "query_string": query.encode(), "root_path": "",
            "headers": [(b"host", b"data.example.org"), *named], "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80),
        }  # fmt: skip

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Any) -> None:
            sent.append(message)

        await self._app(scope, receive, send)
        found = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
        return Heard(sent[0]["status"], found, b"".join(message.get("body", b"") for message in sent[1:]))
