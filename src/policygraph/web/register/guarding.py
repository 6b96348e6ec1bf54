"""Lets the holders of tokens at the register, by their role: refused ones are slowed down, every use is noted."""

from __future__ import annotations

import datetime as dt
import logging
import time
from collections import OrderedDict
from typing import TYPE_CHECKING

import anyio

from policygraph.app.register.opening import placed
from policygraph.app.register.times import stamp
from policygraph.app.register.tokens import ROLE_NAMES, Token, Tokens, Use, beside
from policygraph.errors import PolicyGraphError, Text
from policygraph.web.problems import FORBIDDEN, NOT_FOUND, TOO_MANY, UNAUTHORIZED, ProblemError, problem, usage

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from starlette.requests import Request
    from starlette.responses import Response

    Guarded = Callable[["Request", "Guest"], Awaitable[Response]]

_LOG = logging.getLogger("policygraph.web")
# Wrong tokens that one address may show in a minute, and requests that one token may make.
MOST_WRONG, MOST_RIGHT = 10, 600
_MINUTE = 60.0
_MOST_KEPT = 10_000
_CHALLENGE = {"WWW-Authenticate": 'Bearer realm="register"'}
# Answers hold personal data: no proxy and no browser keeps them.
_PRIVATE = {"Cache-Control": "no-store", "Pragma": "no-cache", "Vary": "Authorization"}
_GET_ONE = Text(
    "请向登记簿管理人索取令牌（policygraph register token make），并以“Authorization: Bearer 令牌”出示。",
    "Ask the register's keeper for a token (policygraph register token make), and present it as “Authorization: Bearer TOKEN”.",
)


class Rates:
    """How often something happened of late, by who did it; a bucket that empties over a minute.

    Args:
        most: How often it may happen in a minute.
        clock: Tells the time in seconds.
    """

    def __init__(self, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._most, self._clock = most, clock
        self._seen: OrderedDict[object, tuple[float, float]] = OrderedDict()  # level, and when it was so

    def wait(self, who: object) -> float:
        """Return the seconds until somebody may do it again, 0 for at once."""
        return max(0.0, (self._level(who) - self._most + 1) * _MINUTE / self._most) if who in self._seen else 0.0

    def count(self, who: object) -> None:
        """Count that somebody did it."""
        self._seen[who] = self._level(who) + 1, self._clock()
        self._seen.move_to_end(who)
        while len(self._seen) > _MOST_KEPT:
            self._seen.popitem(last=False)

    def _level(self, who: object) -> float:
        level, at = self._seen.get(who, (0.0, self._clock()))
        return max(0.0, level - (self._clock() - at) * self._most / _MINUTE)


class Guest:
    """The holder of a token in one request.

    Attributes:
        token: The token.
        register: File of the register.
        tokens: Its tokens.
    """

    def __init__(self, token: Token, register: Path, tokens: Tokens) -> None:
        self.token, self.register, self.tokens = token, register, tokens


class Guard:
    """Guards one register.

    Args:
        register: Its file, '' where the service has none.
    """

    def __init__(self, register: str) -> None:
        self._register = placed(register) if register else None
        self._tokens = Tokens(beside(self._register)) if self._register else None
        self._wrong, self._right = Rates(MOST_WRONG), Rates(MOST_RIGHT)

    @property
    def there(self) -> bool:
        """Whether there is a register."""
        return self._register is not None

    def guarded(self, handler: Guarded, name: str, roles: tuple[str, ...]) -> Callable[[Request], Awaitable[Response]]:
        """Return a handler that lets in only the holders of tokens with one of these roles, and notes the use under a name."""

        async def answer(request: Request) -> Response:
            guest: Guest | None = None
            try:
                guest = await self._guest(request)
                if guest.token.role not in roles:
                    raise not_for(guest.token, roles)
                response = await handler(request, guest)
            except (PolicyGraphError, ProblemError) as error:
                response = problem(error).response(request)
            response.headers.update(_PRIVATE)
            if guest is not None or response.status_code == UNAUTHORIZED.status:  # what is refused for its number leaves no trace
                await self.note(guest.token.number if guest else 0, name, response.status_code)
            return response

        return answer

    async def _guest(self, request: Request) -> Guest:
        """Return who asks, by the Authorization header alone: no cookie opens the interface.

        Raises:
            ProblemError: There is no register, no token, a wrong one, or one that asks too often.
        """
        self.require_register()
        return await self.admit(bearer(request), request)

    def require_register(self) -> None:
        """Refuse when there is no register.

        Raises:
            ProblemError: There is none.
        """
        if self._register is None:
            raise usage(
                "此服务没有登记簿。",
                "This service has no register.",
                Text("请用 policygraph serve --register FILE 启动。", "Start it with policygraph serve --register FILE."),
                NOT_FOUND,
            )

    async def admit(self, spelling: str, request: Request) -> Guest:
        """Return the holder of a token.

        Args:
            spelling: The token as it was presented, '' for none.
            request: The request.

        Raises:
            ProblemError: There is no register, no token, a wrong one, or one that asks too often.
        """
        self.require_register()
        assert self._register is not None and self._tokens is not None  # noqa: S101 - else it was refused
        address = request.client.host if request.client else ""
        if not spelling:
            raise usage("需要令牌。", "A token is needed.", _GET_ONE, UNAUTHORIZED, _CHALLENGE)
        today = dt.datetime.now(tz=dt.UTC).astimezone().date()
        token = await anyio.to_thread.run_sync(self._tokens.holder, spelling.strip(), today)
        if token is None:
            if seconds := self._wrong.wait(address):
                raise _too_often(seconds)
            self._wrong.count(address)
            headers = {"WWW-Authenticate": _CHALLENGE["WWW-Authenticate"] + ', error="invalid_token"'}
            raise usage("令牌无效、已到期或已撤销。", "The token is wrong, expired or revoked.", _GET_ONE, UNAUTHORIZED, headers)
        if seconds := self._right.wait(token.number):
            raise _too_often(seconds)
        self._right.count(token.number)
        return Guest(token, self._register, self._tokens)

    async def note(self, token: int, name: str, status: int) -> None:
        """Note a use."""
        if self._tokens is not None:
            use = Use(stamp(dt.datetime.now(tz=dt.UTC)), token, name, status)
            try:
                await anyio.to_thread.run_sync(self._tokens.note, use)
            except PolicyGraphError as error:
                _LOG.warning("register: a use could not be noted: %s", error.what.en)


def bearer(request: Request) -> str:
    """Return the token in the Authorization header, '' for none."""
    scheme, _, spelling = request.headers.get("authorization", "").partition(" ")
    return spelling if scheme.lower() == "bearer" else ""


def _too_often(seconds: float) -> ProblemError:
    whole = max(1, round(seconds + 0.5))
    return usage(
        "请求过于频繁。", "There were too many requests.",
        Text(f"请在 {whole} 秒后再试。", f"Try again in {whole} seconds."), TOO_MANY, {"Retry-After": str(whole)},
    )  # fmt: skip


def not_for(token: Token, roles: tuple[str, ...]) -> ProblemError:
    """Return the problem of a token whose role may not do something."""
    named = [ROLE_NAMES[role] for role in roles]
    needed = Text("、".join(n.zh for n in named), ", ".join(n.en for n in named))
    return ProblemError(
        FORBIDDEN,
        PolicyGraphError(
            Text("此令牌的角色是“{role}”，不能这样做。", "The token's role is “{role}”; it may not do this.").format(
                role=ROLE_NAMES[token.role]
            ),
            Text("需要的角色：{roles}", "Roles that may: {roles}").format(roles=needed),
        ),
    )
