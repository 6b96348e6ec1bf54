"""Lets people in at the register's pages: by their cookie, or by the header that programs send. The interface itself takes no cookie."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policygraph.errors import PolicyGraphError
from policygraph.web.negotiation import HTML, accepted, choose
from policygraph.web.pages.registry import session
from policygraph.web.pages.registry.parts import sign_in
from policygraph.web.pages.shell import respond
from policygraph.web.pages.trouble import PROBLEM, trouble
from policygraph.web.problems import UNAUTHORIZED, ProblemError, problem
from policygraph.web.register.guarding import Guard, bearer, not_for

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request
    from starlette.responses import Response

    from policygraph.web.problems import Problem
    from policygraph.web.register.guarding import Guarded, Guest

# With the policy of other pages a browser would not say where a form comes from.
_PRIVATE = {"Cache-Control": "no-store", "Pragma": "no-cache", "Referrer-Policy": "same-origin"}
_VARY = "Accept, Accept-Language, Authorization, Cookie"


class Desk:
    """Guards the pages of one register.

    Args:
        register: Its file, '' where the service has none.
    """

    def __init__(self, register: str) -> None:
        self.guard = Guard(register)

    def page(self, handler: Guarded, name: str, roles: tuple[str, ...]) -> Callable[[Request], Awaitable[Response]]:
        """Return a handler that lets in only who has one of these roles, and notes the use under a name."""

        async def answer(request: Request) -> Response:
            guest: Guest | None = None
            try:
                guest = await self.guest(request)
                if guest.token.role not in roles:
                    raise not_for(guest.token, roles)
                response = await handler(request, guest)
            except (PolicyGraphError, ProblemError) as error:
                response = refusal(request, problem(error))
            if guest is not None and not bearer(request) and "set-cookie" not in response.headers:
                session.keep(request, response, session.held(request))
            if guest is not None or response.status_code == UNAUTHORIZED.status:
                await self.guard.note(guest.token.number if guest else 0, name, response.status_code)
            return private(response)

        return answer

    async def guest(self, request: Request) -> Guest:
        """Return who asks.

        Raises:
            ProblemError: Nobody who may, or a form of another site.
        """
        self.guard.require_register()
        if token := bearer(request):  # no other site can make a browser send it
            return await self.guard.admit(token, request)
        held = session.held(request)
        if held and request.method == "POST":  # without a cookie nobody's name is lent
            session.require_same_origin(request)
        return await self.guard.admit(held, request)


def refusal(request: Request, found: Problem) -> Response:
    """Return why somebody was not let in: for people the page to sign in, for programs the problem."""
    if choose(accepted(request), (PROBLEM, HTML)) is not HTML:
        response = found.response(request)
    elif found.sort is UNAUTHORIZED:
        response = respond(request, sign_in(request, found))
        response.headers.update(found.headers)
    else:
        response = trouble(request, found, session.PATH, session.PATH)
    if found.sort is UNAUTHORIZED and session.held(request):
        session.drop(request, response)  # it opens nothing any more
    return response


def private(response: Response) -> Response:
    """Return an answer that nobody keeps."""
    response.headers.update(_PRIVATE)
    response.headers["Vary"] = _VARY
    return response
