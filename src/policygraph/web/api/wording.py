"""Says in terms of the service what errors say in terms of the command line."""

from __future__ import annotations

import re
from functools import wraps
from typing import TYPE_CHECKING

from policygraph.errors import BusyError, PolicyGraphError, Text

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request
    from starlette.responses import Response

    Handler = Callable[[Request], Awaitable[Response]]

_SAID = tuple(
    (re.compile(pattern), instead)
    for pattern, instead in (
        (r"`?policygraph kinds`?", "GET /api/kinds"),
        (r"`?policygraph ask`?", "GET /ask"),
        (r"`?policygraph decide`?", "POST /api/decide"),
        (r"`?policygraph show pg:Policy`?", "GET /ask"),
        (r"--kind ([\w-]+)", r"?kind=\1"),
        (r"--kind", "?kind="),
        (r"--param (\w+)=", r"?\1="),
        (r"--input-format", "Content-Type"),
        (r"--as-of", "?as-of="),
        (r"--with( FILE\.ttl)?", "?with="),
        (r"--format", "?format="),
    )
)


def reworded(text: Text) -> Text:
    """Return a message as callers of the service understand it."""
    zh, en = text.zh, text.en
    for pattern, instead in _SAID:
        zh, en = pattern.sub(instead, zh), pattern.sub(instead, en)
    return Text(zh, en)


def on_the_web(handler: Handler) -> Handler:
    """Return a handler whose errors speak of the service."""

    @wraps(handler)
    async def answer(request: Request) -> Response:
        try:
            return await handler(request)
        except BusyError:
            raise
        except PolicyGraphError as error:
            raise type(error)(reworded(error.what), reworded(error.fix), error.where) from error

    return answer
