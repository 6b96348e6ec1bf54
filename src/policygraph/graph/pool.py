"""Runs foreign work in a pool of killable processes, from asyncio and without threads.

`graph.zygote` prepares a state once; workers are forked from it ahead of need, share its memory, and answer one request at a time. One
that goes over a limit, crashes, or whose caller went away is killed, and another is forked in its place within milliseconds.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections import deque
from typing import TYPE_CHECKING, Any

from policygraph.errors import BusyError, PolicyGraphError, StoreError, Text
from policygraph.graph.handle import Handle, Told, restarting
from policygraph.graph.nursery import Nursery
from policygraph.graph.stopping import Limits

if TYPE_CHECKING:
    from collections.abc import Coroutine

__all__ = ["Limits", "Pool"]

_PAUSE = 1.0  # seconds between two starts of a zygote, or after a worker that could not begin
_SPARE = 1  # workers forked beyond those that may be busy, so that nobody waits for a fork


class Pool:
    """Workers of one module.

    The module has `prepare(job) -> state`, called once; `work(state, head, body, limits, tell) -> (head, body)`; perhaps
    `opened(state) -> state`, called in each worker after the fork; and perhaps `SEALED = True`, after which it can open no file.

    Args:
        module: Its dotted name.
        job: What to prepare, in JSON's types.
        size: Requests at once.
        queue: Requests that may wait.
        limits: What a request may use; memory is counted from what a worker has when it begins.
        reuse: Requests after which a worker is replaced.
    """

    def __init__(self, module: str, job: dict[str, Any], *, size: int, queue: int, limits: Limits, reuse: int = 1000) -> None:
        self._size, self._queue, self._limits, self._reuse = size, queue, limits, reuse
        self._nursery = Nursery(module, job, self._lost)
        self._alive: set[Handle] = set()
        self._idle: list[Handle] = []
        self._waiting: deque[asyncio.Future[Handle]] = deque()
        self._tasks: set[asyncio.Task[None]] = set()
        self._busy: set[Handle] = set()
        self._down: PolicyGraphError | None = _stopping()  # why there are no workers
        self._closed = True
        self._changed = asyncio.Event()

    async def start(self) -> None:
        """Prepare the state and fork the workers; return when they are ready.

        Raises:
            PolicyGraphError: What preparing raised.
        """
        self._closed = False
        try:
            await self._begin()
            while len(self._idle) < self._size:
                self._changed.clear()
                await self._changed.wait()
                if self._down is not None:
                    raise self._down
        except BaseException:
            await self.close()
            raise

    async def close(self) -> None:
        """Kill everything; what is still asked for fails."""
        self._closed, self._down = True, _stopping()
        for task in tuple(self._tasks):
            task.cancel()
        self._clear(self._down)
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._nursery.close()

    async def run(
        self, head: dict[str, Any], body: bytes = b"", *, limits: Limits | None = None, told: Told = None
    ) -> tuple[dict[str, Any], bytes]:
        """Have a worker do something; cancelling the awaiting task kills the worker.

        Args:
            head: What to do, in JSON's types.
            body: The foreign input.
            limits: What it may use; the pool's by default.
            told: Called with each progress report.

        Raises:
            BusyError: Nobody is free to do it.
            LimitError: It was stopped at a limit, or crashed the worker.
            PolicyGraphError: What the work raised.
        """
        limits = limits or self._limits
        worker = self._taken() if self._free() and not self._waiting else await self._turn(limits)
        answer = worker.ask(head, body, limits, told)
        try:
            return await answer
        except asyncio.CancelledError:
            if answer.cancelled():  # else it had come, and the worker may be somebody else's by now
                worker.end()
            raise

    def _free(self) -> bool:
        return bool(self._idle) and len(self._busy) < self._size

    def _taken(self) -> Handle:
        worker = self._idle.pop()
        self._busy.add(worker)
        return worker

    async def _turn(self, limits: Limits) -> Handle:
        """Wait for a worker."""
        if self._down is not None:
            raise self._down
        if len(self._waiting) >= self._queue:
            raise _busy(self._limits)
        turn: asyncio.Future[Handle] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            async with asyncio.timeout(limits.seconds):
                return await turn
        except BaseException as error:
            if turn in self._waiting:
                self._waiting.remove(turn)
            if turn.done() and not turn.cancelled() and turn.exception() is None:  # its turn had come just then
                self._freed(turn.result())
            if isinstance(error, TimeoutError):
                raise _busy(self._limits) from None
            raise

    def _serve(self) -> None:
        """Give workers to those who wait for one."""
        while self._waiting and self._free():
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(self._taken())

    def _freed(self, worker: Handle) -> None:
        """Take a worker back, or in."""
        if worker not in self._alive:  # it ended just then
            return
        self._busy.discard(worker)
        if worker.worn or worker.uses >= self._reuse:
            worker.end()
            return
        self._down = None
        self._idle.append(worker)
        self._serve()
        self._changed.set()

    def _gone(self, worker: Handle, error: PolicyGraphError | None) -> None:
        """Replace a worker; a while later if it could not even begin."""
        if worker not in self._alive:
            return
        self._alive.discard(worker)
        self._busy.discard(worker)
        if worker in self._idle:
            self._idle.remove(worker)
        if error is None:
            self._order()
        else:
            if not any(other.begun for other in self._alive):
                self._fail(error)
            asyncio.get_running_loop().call_later(_PAUSE, self._order)
        self._serve()  # one less is busy, and there may be a spare one

    def _order(self) -> None:
        """Have as many workers forked as are missing."""
        while self._nursery.ready and len(self._alive) < self._size + _SPARE:
            worker = Handle(self._freed, self._gone)
            self._alive.add(worker)
            self._spawn(self._nursery.fork(worker))

    async def _begin(self) -> None:
        await self._nursery.start()
        self._down = None
        self._order()

    def _lost(self) -> None:
        """Begin anew after the zygote ended: what runs fails, and so does what is asked for meanwhile."""
        self._clear(restarting())
        if not self._closed:
            self._spawn(self._revive())

    async def _revive(self) -> None:
        while not self._closed:
            await asyncio.sleep(max(0.0, self._nursery.started + _PAUSE - time.monotonic()))
            try:
                await self._begin()
            except PolicyGraphError as error:
                self._down = error
            else:
                return

    def _fail(self, error: PolicyGraphError) -> None:
        """Let whoever waits know why there is no worker."""
        self._down = error
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_exception(error)
        self._changed.set()

    def _clear(self, error: PolicyGraphError) -> None:
        workers, self._alive = self._alive, set()
        self._idle.clear()
        self._busy.clear()
        for worker in workers:
            worker.end(error)
        self._fail(error)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _busy(limits: Limits) -> BusyError:
    seconds = max(1, math.ceil(limits.seconds))  # by then, those that are busy now are done or were stopped
    return BusyError(
        Text("所有处理进程都在忙。", "All workers are busy."),
        Text(f"请 {seconds} 秒后再试。", f"Try again in {seconds} seconds."),
        seconds=seconds,
    )


def _stopping() -> StoreError:
    return StoreError(
        Text("服务未在运行，不接受请求。", "The service is not running; it takes no requests."),
        Text("请稍后再试。", "Try again later."),
    )
