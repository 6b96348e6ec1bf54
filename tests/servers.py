"""SPARQL servers in processes of their own, on loopback and in a temporary folder; each can be stopped and started again."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from abc import ABC, abstractmethod
from pathlib import Path
from typing import TYPE_CHECKING, Self

import pytest

from policygraph.store.credentials import Credentials
from policygraph.store.opening import connect

if TYPE_CHECKING:
    from policygraph.store.remote import RemoteStore
    from policygraph.store.retrying import Patience

REQUIRED = "POLICYGRAPH_TEST_VIRTUOSO"  # .ci/run says `required` where it installed one: there a missing server is a failure
_SECONDS = 60
_VIRTUOSO = """
[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
[TempDatabase]
DatabaseFile = temporary.db
TransactionFile = temporary.trx
[Parameters]
TempDBSize = 2000
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
ServerThreads = 8
NumberOfBuffers = 20000
MaxDirtyBuffers = 15000
CheckpointInterval = 0
[HTTPServer]
ServerPort = 127.0.0.1:{port}
ServerRoot = .
ServerThreads = 4
[SPARQL]
ResultSetMaxRows = 1000000
"""


class Server(ABC):
    """A SPARQL server; `with` starts and stops it."""

    credentials: Credentials | None = None

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self._running: subprocess.Popen[bytes] | None = None

    @property
    @abstractmethod
    def address(self) -> str: ...

    @abstractmethod
    def command(self) -> list[str]: ...

    @abstractmethod
    def is_ready(self, log: str) -> bool: ...

    def environment(self) -> dict[str, str]:
        if self.credentials is None:
            return {}
        return {"POLICYGRAPH_STORE_USER": self.credentials.user, "POLICYGRAPH_STORE_PASSWORD": self.credentials.password}

    def store(self, patience: Patience | None = None) -> RemoteStore:
        return connect(self.address, patience=patience, environment=self.environment())

    def start(self) -> None:
        log = self.folder / "output.log"
        with log.open("wb") as out:
            self._running = subprocess.Popen(self.command(), cwd=self.folder, stdout=out, stderr=out)
        end = time.monotonic() + _SECONDS
        while not self.is_ready(log.read_text("utf-8", "replace")):
            assert self._running.poll() is None, log.read_text("utf-8", "replace")
            assert time.monotonic() < end, "the server does not come up"
            time.sleep(0.05)

    def stop(self) -> None:
        """Stop it without a word, as a power cut does."""
        if self._running is not None:
            self._running.kill()
            self._running.wait()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


class Oxigraph(Server):
    """The `oxigraph` server of the test extra. Never with --timeout-s: that leaks a thread a query."""

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def command(self) -> list[str]:
        program = shutil.which("oxigraph", path=str(Path(sys.executable).parent))
        assert program, "pip install -e '.[test]' brings the oxigraph server"
        return [program, "serve", "--location", "data", "--bind", f"127.0.0.1:{self.port}"]

    def is_ready(self, log: str) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


class Virtuoso(Server):
    """Virtuoso 7 as Debian packages it; its SPARQL service with updates wants Digest."""

    credentials = Credentials("dba", "dba")  # of a new database, which nobody but this machine can reach

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/sparql-auth"

    def command(self) -> list[str]:
        program = shutil.which("virtuoso-t")
        if program is None and os.environ.get(REQUIRED) != "required":
            pytest.skip("virtuoso-t is not installed (Debian: apt install virtuoso-opensource-7-bin)")
        assert program, "virtuoso-t is required here"
        settings = self.folder / "virtuoso.ini"
        if not settings.exists():
            settings.write_text(_VIRTUOSO.format(port=self.port, sql=free_port()), "utf-8")
        return [program, "-f", "-c", settings.name]

    def is_ready(self, log: str) -> bool:
        return "Server online" in log


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port
