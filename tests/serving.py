"""Starts the real service in a process of its own, and asks it over HTTP."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_READY = re.compile(r"https?://\S+/")
_STOPPING = 30  # seconds


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer; `headers` has the names in lower case, repeats joined."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def type(self) -> str:
        """Media type, without parameters."""
        return self.headers.get("content-type", "").partition(";")[0]

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True, slots=True)
class Served:
    """A running service; `url` ends with a slash, and `process` runs it."""

    url: str
    process: subprocess.Popen[str]

    @property
    def place(self) -> tuple[str, int]:
        """Host and port."""
        parts = urlsplit(self.url)
        return parts.hostname or "", parts.port or 0

    def ask(self, method: str, path: str, body: bytes | str | None = None, timeout: float = 120, **headers: str) -> Reply:
        """Send one request; `content_type=…` is the header Content-Type, and so on. Nothing is followed, nothing decoded."""
        connection = http.client.HTTPConnection(*self.place, timeout=timeout)
        try:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body.encode() if isinstance(body, str) else body, named)
            reply = connection.getresponse()
            found: dict[str, str] = {}
            for name, value in reply.getheaders():
                found[name.lower()] = f"{found[name.lower()]}, {value}" if name.lower() in found else value
            return Reply(reply.status, found, reply.read())
        finally:
            connection.close()

    def get(self, path: str, **headers: str) -> Reply:
        """Send a GET."""
        return self.ask("GET", path, **headers)


@contextmanager
def served(*options: str, program: tuple[str, ...] = ("-m", "policygraph.cli.main"), **environment: str) -> Iterator[Served]:
    """Serve on a free port, and see that the service ends well when it is told to."""
    command = [sys.executable, *program, "serve", "--port", "0", "--lang", "en", *options]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=os.environ | environment)
    said: list[str] = []
    assert process.stderr is not None
    try:
        for line in process.stderr:
            said.append(line)
            if found := _READY.search(line):
                break
        else:
            raise AssertionError("".join(said))
        rest = threading.Thread(target=lambda: said.extend(process.stderr or ()), daemon=True)  # nobody else empties the pipe
        rest.start()
        yield Served(found[0], process)
        process.send_signal(signal.SIGTERM)
        assert process.wait(_STOPPING) == 0, "".join(said)
        rest.join(_STOPPING)
        assert "Traceback" not in "".join(said), "".join(said)
    finally:
        process.kill()
        process.wait()
        process.stderr.close()
