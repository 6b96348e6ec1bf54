"""Puts the service together: routes from the endpoints, errors as problems, what every answer carries."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import logging
import time
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from policygraph.errors import BusyError, PolicyGraphError, Text, UsageError
from policygraph.web import catalogue
from policygraph.web.front import Front
from policygraph.web.pages.trouble import takes_pages, trouble
from policygraph.web.problems import INTERNAL, NOT_ALLOWED, NOT_FOUND, USAGE, Problem, ProblemError, problem

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping, Sequence

    from starlette.types import ASGIApp, Receive, Scope, Send

    from policygraph.web.endpoints import Endpoint
    from policygraph.web.service import Service

_LOG = logging.getLogger("policygraph.web")
# What scripts of other sites may send and see; nothing that is open needs a credential.
_CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Last-Modified, Link, Location, Content-Location, Retry-After, Content-Disposition, "
    "Policygraph-Truncated",
}
_PREFLIGHT_SECONDS = "86400"
_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'",
}
_LONGEST_PATH, _MOST_PARAMETERS = 8 << 10, 1000  # a longer address names nothing, and takes time to look for
_TOO_LONG = UsageError(
    Text("地址过长，或参数过多。", "The address is too long, or has too many parameters."),
    Text("查询请用 POST 发送。", "Send queries by POST."),
)
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EMFILE, errno.ENFILE})
_FULL = BusyError(
    Text("服务器的磁盘已满，或打开的文件过多。", "The server's disk is full, or too many files are open."),
    Text("请稍后再试，或发送较小的文件。", "Try again later, or send a smaller file."),
    seconds=60,
)
_STOPPING = BusyError(
    Text("服务正在停止，此请求未完成。", "The service stops; this request was not completed."),
    Text("请稍后再试。", "Try again later."),
    seconds=10,
)
_REPORT = Text("请把所做的请求报告给维护者。", "Report the request to the maintainers.")


def build(service: Service) -> ASGIApp:
    """Return the application of a service; it starts and ends the service's workers with the server."""
    endpoints = catalogue.endpoints(service)

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        await service.start()
        yield
        await service.close()

    app = Starlette(routes=[_route(endpoint) for endpoint in endpoints], lifespan=lifespan)
    app.router.redirect_slashes = False
    app.router.default = _nothing_here
    app.state.service = service
    app.state.endpoints = endpoints
    return _Prefix(_Logged(Front(_Headers(app))), service.prefix)


def _route(endpoint: Endpoint) -> Route:
    """Return the route of an endpoint: its handler with errors as problems, OPTIONS, and 405 for other methods."""
    methods = endpoint.methods
    allow = ", ".join([*methods, "OPTIONS"])
    cors = _CORS if endpoint.open else {}

    async def answer(request: Request) -> Response:
        if len(request.scope["raw_path"]) > _LONGEST_PATH or request.scope["query_string"].count(b"&") >= _MOST_PARAMETERS:
            return Problem(USAGE, _TOO_LONG).response(request)
        if request.method == "OPTIONS":
            return _options(request, allow, endpoint)
        response = await (_guarded(request, endpoint.handler) if request.method in methods else _refused(request, allow))
        for name, value in cors.items():
            response.headers.setdefault(name, value)
        return response

    # Starlette would answer other methods by itself, without a problem's body; and `methods=None` leaves HEAD to us as well.
    route = Route(endpoint.path, answer, name=endpoint.operations[0].name)
    route.methods = None
    return route


def _options(request: Request, allow: str, endpoint: Endpoint) -> Response:
    headers = {"Allow": allow}
    if endpoint.open:
        asked = request.headers.get("access-control-request-headers", "")
        headers |= _CORS | {"Access-Control-Allow-Methods": allow, "Access-Control-Max-Age": _PREFLIGHT_SECONDS}
        if asked.isprintable() and asked:
            headers["Access-Control-Allow-Headers"] = asked
    return Response(None, 204, headers)


async def _refused(request: Request, allow: str) -> Response:
    error = UsageError(
        Text(f"此处不接受 {request.method}。", f"{request.method} is not allowed here."),
        Text(f"可用：{allow}", f"There are: {allow}"),
    )
    return _told(request, Problem(NOT_ALLOWED, error, {"Allow": allow}))


async def _guarded(request: Request, handler: Callable[[Request], Awaitable[Response]]) -> Response:
    """Return what a handler answers; a caller who goes away ends it."""
    try:
        return await handler(request)
    except (PolicyGraphError, ProblemError) as error:
        return _told(request, problem(error))
    except ClientDisconnect:
        return Response(None, 499)  # nobody reads it
    except asyncio.CancelledError:  # the server stops, and has waited long enough
        return problem(_STOPPING).response(request)
    except Exception as error:
        if isinstance(error, OSError) and error.errno in _NO_ROOM:
            return problem(_FULL).response(request)
        # The trace tells the maintainers; the caller learns nothing of the inside.
        _LOG.exception("%s %s", request.method, request.scope["path"].split("?")[0][:200])
        inner = UsageError(Text("服务器未能完成此请求。", "The server could not complete this request."), _REPORT)
        return Problem(INTERNAL, inner).response(request)


async def _nothing_here(scope: Scope, receive: Receive, send: Send) -> None:
    request = Request(scope, receive)
    error = UsageError(
        Text("此地址下没有资源。", "There is nothing at this address."),
        Text("/ 列出服务的各个入口。", "/ lists what the service offers."),
    )
    await _told(request, Problem(NOT_FOUND, error))(scope, receive, send)


def _told(request: Request, found: Problem) -> Response:
    """Return a problem as the caller reads it: a page for people, else the problem itself."""
    return trouble(request, found) if takes_pages(request) else found.response(request)


class _Headers:
    """Adds to every answer what it always carries."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._always: Sequence[tuple[bytes, bytes]] = [(n.lower().encode(), v.encode()) for n, v in _ALWAYS.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def sending(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                given = {name for name, _ in message["headers"]}
                message["headers"] = [*message["headers"], *(pair for pair in self._always if pair[0] not in given)]
            await send(message)

        await self._app(scope, receive, sending)


class _Logged:
    """Writes the access log: no address of a caller, no query, no token."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not _LOG.isEnabledFor(logging.INFO):
            await self._app(scope, receive, send)
            return
        started, status = time.perf_counter(), 0

        async def sending(message: MutableMapping[str, Any]) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, sending)
        finally:
            took = (time.perf_counter() - started) * 1000
            _LOG.info("%s %s %d %.1f ms", scope["method"], _loggable(scope), status, took)


def _loggable(scope: Scope) -> str:
    """Return the path as it may be logged: of the register only which part it was, and no name of a job, which is a key."""
    path = str(scope["path"])
    if "/api/jobs/" in path:
        return "/api/jobs/…"
    if "/check/reports/" in path:
        return "/check/reports/…"
    if "/api/register" in path:
        return "/api/register/…"
    if path.startswith("/register"):
        return "/register/…"
    return "".join(c if c.isprintable() else "�" for c in path)[:200]


class _Prefix:
    """Takes the path of the service's root off the path of a request, which a proxy may have left there."""

    def __init__(self, app: ASGIApp, prefix: str) -> None:
        self._app, self._prefix = app, prefix.rstrip("/")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._prefix and scope["type"] == "http":
            path = scope["path"].removeprefix(self._prefix) if scope["path"].startswith(self._prefix + "/") else scope["path"]
            raw = scope["raw_path"].removeprefix(self._prefix.encode()) if path != scope["path"] else scope["raw_path"]
            taken = path != scope["path"]
            scope = {**scope, "path": "/" if path == self._prefix else path, "raw_path": raw, "policygraph.prefixed": taken}
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        with contextlib.suppress(asyncio.CancelledError):  # in the middle of an answer, as the server stops: it breaks off
            await self._app(scope, receive, send)
