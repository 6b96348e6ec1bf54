"""The pool's end of the zygote: starts it, has it fork workers, and hears how they end."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
import time
from itertools import count
from typing import TYPE_CHECKING, Any

from policygraph.errors import StoreError, Text
from policygraph.graph import framing
from policygraph.graph.stopping import rebuilt

if TYPE_CHECKING:
    from collections.abc import Callable

    from policygraph.graph.handle import Handle

_READ = 1 << 12
_PATIENCE = 5.0  # seconds that a zygote may take to kill what is below it


class Nursery:
    """One zygote at a time.

    Args:
        module: What it imports.
        job: What the module prepares.
        lost: Called when a zygote that was ready has ended by itself.
    """

    def __init__(self, module: str, job: dict[str, Any], lost: Callable[[], None]) -> None:
        self._told = json.dumps({"module": module, "job": job}).encode()
        self._lost = lost
        self.ready = False
        self.started = 0.0
        self._process: subprocess.Popen[bytes] | None = None
        self._socket: socket.socket | None = None
        self._workers: dict[int, Handle] = {}
        self._numbers = count()
        self._said = b""
        self._pidfds: list[int] = []
        self._prepared: asyncio.Future[None] | None = None

    async def start(self) -> None:
        """Start a zygote; return when it can fork.

        Raises:
            PolicyGraphError: What preparing raised.
            StoreError: It ended before it was ready; its own words are on stderr.
        """
        loop = asyncio.get_running_loop()
        self.started = time.monotonic()
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - our own module
                [sys.executable, "-P", "-m", "policygraph.graph.zygote", str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                start_new_session=True,  # Ctrl-C reaches the service, which then ends it
            )
        self._socket, self._said, self._prepared = ours, b"", loop.create_future()
        try:
            await loop.sock_sendall(ours, framing.JOB.pack(len(self._told)) + self._told)
            loop.add_reader(ours.fileno(), self._read)
            await self._prepared
        except BaseException as error:
            self._drop()
            if isinstance(error, ConnectionError):
                raise _unprepared() from error
            raise
        self.ready = True

    async def fork(self, worker: Handle) -> None:
        """Have a worker forked."""
        end, noise = await worker.connect()
        with end:
            if not self.ready or self._socket is None:
                worker.end()
                return
            number = next(self._numbers) & 0xFFFFFFFF
            self._workers[number] = worker
            try:
                socket.send_fds(self._socket, [framing.FORK.pack(number)], [end.fileno(), noise])
            except OSError:
                self._end()

    async def close(self) -> None:
        """End it and all that is below it."""
        self.ready = False
        process = self._process
        if self._socket is not None and process is not None:
            self._shut()
            until = time.monotonic() + _PATIENCE
            while process.poll() is None and time.monotonic() < until:
                await asyncio.sleep(0.005)
        self._drop()

    def _read(self) -> None:
        assert self._socket is not None  # noqa: S101 - it is being read
        try:
            said, pidfds, _, _ = socket.recv_fds(self._socket, _READ, 16)
        except BlockingIOError:
            return
        except OSError:
            said, pidfds = b"", []
        if not said:
            self._end()
            return
        self._pidfds += pidfds
        self._said += said
        while len(self._said) >= framing.EVENT.size:
            kind, number, value = framing.EVENT.unpack_from(self._said)
            size = framing.EVENT.size + (value if kind == framing.FAILED else 0)
            if len(self._said) < size:
                return
            rest, self._said = self._said[framing.EVENT.size : size], self._said[size:]
            self._heard(kind, number, value, rest)

    def _heard(self, kind: bytes, number: int, value: int, rest: bytes) -> None:
        if kind == framing.FORKED:
            self._workers[number].forked(value, self._pidfds.pop(0) if self._pidfds else -1)
        elif kind == framing.ENDED:
            self._workers.pop(number).exited(value)
        elif self._prepared is not None and not self._prepared.done():
            if kind == framing.PREPARED:
                self._prepared.set_result(None)
            else:
                self._prepared.set_exception(rebuilt(json.loads(rest)["error"]))

    def _end(self) -> None:
        """Note that the zygote closed its socket."""
        was_ready, self.ready = self.ready, False
        if self._prepared is not None and not self._prepared.done():
            self._prepared.set_exception(_unprepared())
            return  # `start` does the rest
        if was_ready:
            self._lost()
            self._drop()

    def _drop(self) -> None:
        self._shut()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        workers, self._workers = self._workers, {}
        for worker in workers.values():
            worker.lost()
        for pidfd in self._pidfds:
            os.close(pidfd)
        self._process, self._pidfds = None, []

    def _shut(self) -> None:
        if self._socket is not None:
            asyncio.get_running_loop().remove_reader(self._socket.fileno())
            self._socket.close()
            self._socket = None


def _unprepared() -> StoreError:
    return StoreError(
        Text("处理进程未能启动，原因见标准错误输出。", "The workers could not be started; the reason is on standard error."),
        Text("请运行 policygraph doctor。", "Run policygraph doctor."),
    )
