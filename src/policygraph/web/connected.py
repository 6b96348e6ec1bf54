"""Stops work whose caller has gone away."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, TypeVar

from starlette.requests import ClientDisconnect

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from starlette.requests import Request

_T = TypeVar("_T")
_SOON = 0.05  # seconds; watching the connection costs more than most queries, so what is done within them goes unwatched


async def while_connected(request: Request, work: Coroutine[None, None, _T]) -> _T:
    """Return what some work gives, or stop it when the caller goes away; the request's body must have been read.

    Raises:
        ClientDisconnect: The caller went away.
    """
    watch = _Watch(request)
    timer = asyncio.get_running_loop().call_later(_SOON, watch.begin)
    try:
        return await work
    except asyncio.CancelledError:
        if watch.gone and watch.task.uncancel() == 0:
            raise ClientDisconnect from None
        raise
    finally:
        timer.cancel()
        watch.end()


class _Watch:
    """Cancels the current task when the caller of a request goes away."""

    def __init__(self, request: Request) -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - a request is always answered in one
        self.task, self.gone = task, False
        self._request = request
        self._watching: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """Watch from now on."""
        self._watching = asyncio.get_running_loop().create_task(self._watch())

    def end(self) -> None:
        """Watch no more."""
        if self._watching is not None:
            self._watching.cancel()

    async def _watch(self) -> None:
        while (await self._request.receive())["type"] != "http.disconnect":
            pass
        self.gone = True
        self.task.cancel()
