"""Keeps pages that say nothing of the caller."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anyio import to_thread

from policygraph.web import answers
from policygraph.web.negotiation import language
from policygraph.web.pages import shell
from policygraph.web.service import service

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from starlette.requests import Request
    from starlette.responses import Response

    from policygraph.web.pages.shell import Page


async def kept(request: Request, key: tuple[Hashable, ...], make: Callable[[], Page]) -> Response:
    """Answer with a page that depends on nothing but its address and language.

    Args:
        request: The request; what else its query says would stand in the page's links, so that such a page is not kept.
        key: What the page is.
        make: Makes it; runs in a thread.
    """
    if set(request.query_params) - {"lang"}:
        return shell.respond(request, await to_thread.run_sync(make))
    owner = service(request)
    named = ("page", *key, language(request), request.query_params.get("lang", ""))
    found = owner.cache.get(named)
    if found is None:
        found = owner.cache.keep(named, await to_thread.run_sync(lambda: shell.answer(request, make())))
    return answers.respond(request, found, owner.modified)
