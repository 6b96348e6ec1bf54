"""Runs the service until it is told to stop."""

from __future__ import annotations

import contextlib
import logging
import signal
from typing import TYPE_CHECKING

import uvicorn

from policygraph.web.wire import GuardedProtocol

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Iterator
    from types import FrameType

    from starlette.types import ASGIApp

_CONNECTIONS = 1000  # open at once; the next is told to come again later
_PARTING = 10  # seconds for requests under way when the server is told to stop


class Server(uvicorn.Server):
    """A server that says when it is ready."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready, self._hurried = ready, False

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and say so."""
        await super().startup(sockets)
        if not self.should_exit:
            self._ready()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Take SIGINT and SIGTERM as orders to stop, and no more: uvicorn would raise them again at the end, as if it had been killed."""
        before = {number: signal.signal(number, self.handle_exit) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop when requests under way are done; told so again, break them off; and a third time, end at once."""
        if self.should_exit and not self._hurried:
            self._hurried = True
            for task in tuple(self.server_state.tasks):
                task.get_loop().call_soon_threadsafe(task.cancel)
            return
        super().handle_exit(sig, frame)


def run(app: ASGIApp, bound: socket.socket, ready: Callable[[], None], *, log: bool = False) -> bool:
    """Serve until SIGINT or SIGTERM, then finish what is under way.

    Args:
        app: The application.
        bound: The socket to listen on.
        ready: Is called when it answers.
        log: Write an access log to standard error.

    Returns:
        Whether it had started.
    """
    if log:
        handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
        own = logging.getLogger("policygraph.web")
        own.addHandler(handler)
        own.setLevel(logging.INFO)
    config = uvicorn.Config(
        app,
        http=GuardedProtocol,
        ws="none",
        lifespan="on",
        access_log=False,
        log_level="warning",
        server_header=False,
        limit_concurrency=_CONNECTIONS,
        timeout_keep_alive=20,
        timeout_graceful_shutdown=_PARTING,
        proxy_headers=False,
    )
    server = Server(config, ready)
    server.run(sockets=[bound])
    return server.started
