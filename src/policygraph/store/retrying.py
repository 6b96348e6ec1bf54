"""Tries a request again, more and more slowly, when the server was not there or too busy."""

from __future__ import annotations

from dataclasses import dataclass
from http.client import BadStatusLine, IncompleteRead
from typing import TYPE_CHECKING, TypeVar
from urllib.error import HTTPError, URLError

if TYPE_CHECKING:
    from collections.abc import Callable

    from tenacity import RetryCallState

_T = TypeVar("_T")
_BUSY = {502, 503, 504}


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to go on.

    Attributes:
        attempts: How often to try at most.
        first: Seconds before the second attempt; each later pause is twice as long, with a little chance in it.
        longest: Longest pause, also when the server asks for more with Retry-After.
    """

    attempts: int = 5
    first: float = 0.5
    longest: float = 8.0


def persist(work: Callable[[], _T], patience: Patience, *, repeatable: bool) -> _T:
    """Return what some work returns, trying again on connection errors and on 502, 503 and 504.

    Args:
        work: Sends one request.
        patience: How long to go on.
        repeatable: Doing it twice does no harm. Otherwise it is tried again only when it cannot have reached the server.
    """
    from tenacity import Retrying, retry_if_exception, stop_after_attempt

    retrying = Retrying(
        stop=stop_after_attempt(patience.attempts),
        wait=lambda state: _pause(state, patience),
        retry=retry_if_exception(lambda error: _passes(error, repeatable=repeatable)),
        before_sleep=_let_go,
        reraise=True,
    )
    return retrying(work)


def _passes(error: BaseException, *, repeatable: bool) -> bool:
    """Say whether an error may be gone next time."""
    if isinstance(error, HTTPError):
        # 503 comes from a server that did not begin; 502 and 504 from one in between that does not know.
        return error.code in _BUSY and (repeatable or error.code == 503)
    cause = error.reason if isinstance(error, URLError) else error
    if isinstance(cause, ConnectionRefusedError):
        return True
    return repeatable and isinstance(cause, ConnectionError | BadStatusLine | IncompleteRead)


def _pause(state: RetryCallState, patience: Patience) -> float:
    """Return the seconds before the next attempt."""
    from tenacity import wait_exponential, wait_random

    doubling = wait_exponential(multiplier=patience.first, max=patience.longest) + wait_random(0, patience.first / 2)
    seconds = float(doubling(state))
    error = state.outcome.exception() if state.outcome else None
    if isinstance(error, HTTPError):
        asked = error.headers.get("Retry-After", "")
        if asked.isdecimal():
            seconds = max(seconds, min(float(asked), patience.longest))
    return seconds


def _let_go(state: RetryCallState) -> None:
    """Close the connection of an attempt that is followed by another."""
    error = state.outcome.exception() if state.outcome else None
    if isinstance(error, HTTPError):
        error.close()
