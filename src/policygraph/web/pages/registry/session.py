"""Signing in: the token lies in a cookie that no script can read, that goes to these pages only, and that lives for a short while."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from policygraph.errors import Text
from policygraph.vocab import BASE
from policygraph.web.problems import FORBIDDEN, usage
from policygraph.web.service import service

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

COOKIE = "policygraph_register"
SECONDS = 1_800  # without a use, until one has to sign in again
PATH = "register"


def held(request: Request) -> str:
    """Return the token in the cookie, '' for none."""
    return request.cookies.get(COOKIE, "")


def keep(request: Request, response: Response, token: str) -> None:
    """Put a token into the cookie, or begin its time anew."""
    response.set_cookie(COOKIE, token, SECONDS, path=_path(request), secure=_secure(request), httponly=True, samesite="strict")


def drop(request: Request, response: Response) -> None:
    """Take the cookie away."""
    response.delete_cookie(COOKIE, path=_path(request), secure=_secure(request), httponly=True, samesite="strict")


def require_same_origin(request: Request) -> None:
    """Refuse what a page of another site sends in the name of who is signed in here.

    Raises:
        ProblemError: The browser says that it comes from elsewhere, or does not say where it comes from.
    """
    site = request.headers.get("sec-fetch-site")
    if site is None:  # an older browser, or a place that is not secure
        origin, own = urlsplit(request.headers.get("origin", "")), urlsplit(service(request).root(request))
        same = bool(origin.netloc) and (origin.scheme, origin.netloc.lower()) == (own.scheme, own.netloc.lower())
    else:
        same = site == "same-origin"
    if not same:
        raise usage(
            "此请求不是从本站页面发出的，没有执行。",
            "The request does not come from a page of this site; nothing was done.",
            Text("请在登记簿页面上操作；程序请用 /api/register。", "Use the register's pages; programs use /api/register."),
            FORBIDDEN,
        )


def _path(request: Request) -> str:
    return service(request).address(f"{BASE}{PATH}")


def _secure(request: Request) -> bool:
    """Say whether the browser reached us by https, perhaps through a proxy; it then sends the cookie by https only."""
    said = (service(request).root(request), request.headers.get("x-forwarded-proto", ""), request.headers.get("origin", ""))
    return any(each.startswith("https") for each in said)
