"""The pool's end of one worker: sends it a request, reads what it says, and knows how it ended."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import tempfile
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from policygraph.errors import BusyError, PolicyGraphError, Text
from policygraph.graph import framing
from policygraph.graph.stopping import Limits, out_of_time, rebuilt, stopped, too_much

if TYPE_CHECKING:
    from collections.abc import Callable

Answer: TypeAlias = tuple[dict[str, Any], bytes]
Told: TypeAlias = "Callable[[dict[str, Any]], None] | None"
_HEAD = 1 << 20  # bytes of a head, besides the body that the limits are for
_NOISE = 1 << 16  # bytes of its last complaints that are read


class Handle(asyncio.Protocol):
    """One worker, from before its fork until its end.

    Args:
        freed: Called when it can take a request: at first, and after each answer.
        gone: Called once when it takes no more, with the error if it ended while beginning.
    """

    def __init__(self, freed: Callable[[Handle], None], gone: Callable[[Handle, PolicyGraphError | None], None]) -> None:
        self.uses, self.worn = 0, False
        self.begun = False
        self._freed, self._gone = freed, gone
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._noise = _complaints()
        self._process = self._pidfd = -1
        self._code: int | None = None
        self._closed = self._over = False
        self._said = bytearray()
        self._answer: asyncio.Future[Answer] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._limits = Limits()
        self._told: Told = None
        self._quiet = 0  # length of the complaints of earlier requests

    async def connect(self) -> tuple[socket.socket, int]:
        """Open its socket; return the worker's end and the file for its complaints."""
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        try:
            await self._loop.create_unix_connection(lambda: self, sock=ours)
        except BaseException:
            ours.close()
            theirs.close()
            raise
        return theirs, self._noise

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self._transport = cast("asyncio.Transport", transport)  # uvloop's own class is none

    def forked(self, process: int, pidfd: int) -> None:
        """Note which process it is."""
        self._process, self._pidfd = process, pidfd
        if self._over:
            self._signal()

    def ask(self, head: dict[str, Any], body: bytes, limits: Limits, told: Told) -> asyncio.Future[Answer]:
        """Send a request; the future holds its answer or the error that ended it."""
        if self._over:  # it ended between its turn and this
            raise restarting()
        said = framing.written(head).encode()
        opening = framing.ASKED.pack(len(said), len(body), limits.seconds, limits.memory, limits.output)
        self.uses += 1
        self._limits, self._told = limits, told
        self._quiet = os.fstat(self._noise).st_size
        self._answer = self._loop.create_future()
        self._timer = self._loop.call_later(limits.seconds, self._late)
        assert self._transport is not None  # noqa: S101 - it has said that it is ready
        self._transport.write(opening + said + body)
        return self._answer

    def data_received(self, data: bytes) -> None:
        """Take what the worker says."""
        self._said += data
        while len(self._said) >= framing.SAID.size and not self._over:
            kind, head_size, body_size = framing.SAID.unpack_from(self._said)
            if head_size > _HEAD or body_size > self._limits.output:
                self.end(too_much(self._limits))
                return
            begin = framing.SAID.size + head_size
            end = begin + body_size
            if len(self._said) < end:
                return
            head = json.loads(self._said[framing.SAID.size : begin])
            with memoryview(self._said) as view:
                body = bytes(view[begin:end])
            del self._said[:end]
            self._take(kind, head, body)

    def _take(self, kind: bytes, head: dict[str, Any], body: bytes) -> None:
        if kind == framing.PROGRESS:
            if self._told is not None:
                self._told(head)
            return
        if kind == framing.READY:
            if "error" in head:
                self.end(rebuilt(head["error"]))
                return
            self.begun = True
        else:
            self.worn = kind == framing.LAST_ANSWER
            self._settle(head, body)
        self._freed(self)

    def _settle(self, head: dict[str, Any], body: bytes) -> None:
        answer = self._rest()
        if answer is None or answer.done():
            return
        if "error" in head:
            answer.set_exception(rebuilt(head["error"]))
        else:
            answer.set_result((head, body))

    def _rest(self) -> asyncio.Future[Answer] | None:
        """Forget the request; return where its answer belongs."""
        if self._timer is not None:
            self._timer.cancel()
        answer, self._answer, self._timer, self._told = self._answer, None, None, None
        return answer

    def _late(self) -> None:
        self.end(out_of_time(self._limits))

    def connection_lost(self, exc: Exception | None) -> None:
        """Note that it closed its socket; how it ended, the zygote says."""
        self._closed = True
        self._ended()

    def exited(self, code: int) -> None:
        """Note how it ended; what it had said before may still have to be read."""
        self._code = code
        self._shut_pidfd()
        self._ended()

    def _ended(self) -> None:
        if self._closed and self._code is not None and not self._over:
            size = os.fstat(self._noise).st_size
            noise = os.pread(self._noise, _NOISE, max(self._quiet, size - _NOISE)).decode("utf-8", "replace")
            self.end(stopped(self._code, noise, self._limits) if self._answer or not self.begun else None)

    def end(self, error: PolicyGraphError | None = None) -> None:
        """Kill it. What it was asked fails with the error; without one, nobody waits for it any more."""
        if self._over:
            return
        self._over = True
        if self._code is None:
            self._signal()
        if self._transport is not None:
            self._transport.abort()
        self._said.clear()
        os.close(self._noise)
        answer = self._rest()
        if answer is not None and not answer.done():
            if error is None:
                answer.cancel()
            else:
                answer.set_exception(error)
        self._gone(self, None if self.begun else error)

    def lost(self) -> None:
        """Note that no zygote will say any more how it ended."""
        self._shut_pidfd()

    def _signal(self) -> None:
        with suppress(ProcessLookupError):
            if self._pidfd >= 0:
                signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)
            elif self._process > 0:
                os.kill(self._process, signal.SIGKILL)

    def _shut_pidfd(self) -> None:
        if self._pidfd >= 0:
            os.close(self._pidfd)
        self._process = self._pidfd = -1


def _complaints() -> int:
    """Return a file in memory for what a worker complains of; on disk where there is none such."""
    if hasattr(os, "memfd_create"):
        return os.memfd_create("policygraph-complaints", os.MFD_CLOEXEC)
    with tempfile.TemporaryFile(prefix="policygraph-") as file:
        return os.dup(file.fileno())


def restarting() -> BusyError:
    """Return what to raise while there are no workers."""
    return BusyError(
        Text("处理进程正在重新启动。", "The workers are being started again."),
        Text("请 1 秒后再试。", "Try again in 1 second."),
    )
