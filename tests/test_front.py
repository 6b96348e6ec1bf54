"""Which answers are repeated from memory without asking the application."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from policygraph.web.answers import NOTE
from policygraph.web.front import Front

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

ASKED = {"method": "GET", "scheme": "http", "raw_path": b"/a", "query_string": b"q=1", "headers": [(b"host", b"a"), (b"user-agent", b"x")]}


class App:
    """Answers with the number of its calls."""

    def __init__(self, *, lasting: bool) -> None:
        self.calls, self.lasting = 0, lasting

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.calls += 1
        if NOTE in scope and self.lasting:
            scope[NOTE].lasting = True
        await send({"type": "http.response.start", "status": 200, "headers": [(b"etag", b'"1"')]})
        await send({"type": "http.response.body", "body": b"%d" % self.calls})


def bodies(app: App, *requests: dict[str, Any]) -> list[bytes]:
    front, sent = Front(app), []

    async def receive() -> dict[str, Any]:
        raise AssertionError("nobody should read")

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            assert list(message["headers"]) == [(b"etag", b'"1"')]
            message["headers"] = [*message["headers"], (b"date", b"today")]  # as a server might
        else:
            sent.append(message["body"])

    async def all_of_them() -> None:
        for request in requests:
            await front({"type": "http", **ASKED, **request}, receive, send)

    asyncio.run(all_of_them())
    return sent


def headers(*more: tuple[bytes, bytes]) -> dict[str, Any]:
    return {"headers": [*ASKED["headers"], *more]}


def test_what_lasts_is_repeated() -> None:
    assert bodies(App(lasting=True), {}, {}, {}) == [b"1", b"1", b"1"]


def test_what_does_not_last_is_not() -> None:
    assert bodies(App(lasting=False), {}, {}) == [b"1", b"2"]


@pytest.mark.parametrize(
    "other",
    [
        {"method": "HEAD"},
        {"scheme": "https"},
        {"raw_path": b"/%61"},
        {"query_string": b"q=2"},
        {"headers": [(b"host", b"b")]},
        *(headers((name, b"x")) for name in (b"accept", b"accept-language", b"accept-encoding", b"x-forwarded-host")),
    ],
)
def test_what_an_answer_may_depend_on_sets_requests_apart(other: dict[str, Any]) -> None:
    assert bodies(App(lasting=True), {}, other, {}, other) == [b"1", b"2", b"1", b"2"]


@pytest.mark.parametrize(
    "particular",
    [
        {"method": "POST"},
        *(
            headers((name, b"x"))
            for name in (b"authorization", b"cookie", b"range", b"if-none-match", b"if-modified-since", b"content-length")
        ),
    ],
)
def test_particular_requests_go_the_whole_way(particular: dict[str, Any]) -> None:
    assert bodies(App(lasting=True), {}, particular, {}, particular) == [b"1", b"2", b"1", b"3"]


def test_others_of_a_caller_make_no_difference() -> None:
    assert bodies(App(lasting=True), {}, headers((b"x-forwarded-for", b"1.2.3.4"), (b"accept-charset", b"utf-8"))) == [b"1", b"1"]
