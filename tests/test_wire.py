"""Requests byte by byte: what may be read in two ways, what never ends, and what is only unusual."""

from __future__ import annotations

import contextlib
import re
import socket
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from serving import Served, served

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

TABLE = yaml.safe_load((Path(__file__).parent / "protocol/wire.yaml").read_text("utf-8"))
_STATUS = re.compile(rb"HTTP/1\.1 (\d{3}) ")
_HEAD = b"GET /problems HTTP/1.1\r\nHost: a\r\n"
_POST = b"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Type: application/sparql-query\r\n"
_CHUNKED = _POST + b"Transfer-Encoding: chunked\r\n\r\n"
# As the service, but it waits for slow callers only for a second.
_HURRIED = """
import policygraph.web.bodies, policygraph.web.wire
policygraph.web.bodies.SECONDS = policygraph.web.wire.HEAD_SECONDS = 1.0
from policygraph.cli.main import run
run()
"""


@pytest.fixture(scope="module")
def service() -> Iterator[Served]:
    with served() as running:
        yield running


@pytest.fixture(scope="module")
def hurried() -> Iterator[Served]:
    with served(program=("-c", _HURRIED)) as running:
        yield running


def exchange(service: Served, pieces: Sequence[bytes], answers: int, patience: float = 5.0) -> tuple[list[int], bool]:
    """Send pieces; return the status of what comes back, and whether the connection ended. A second is waited for what must not come."""
    heard, ended = b"", False
    with socket.create_connection(service.place, patience) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with contextlib.suppress(ConnectionError):  # it may answer before all is sent
            for piece in pieces:
                connection.sendall(piece)
                time.sleep(0.05 if len(pieces) > 1 else 0)
        end = time.monotonic() + patience
        while not ended and time.monotonic() < end:
            if len(_STATUS.findall(heard)) >= answers:
                connection.settimeout(0.25)
            try:
                chunk = connection.recv(1 << 16)
            except TimeoutError:
                break
            except ConnectionError:
                chunk = b""
            heard, ended = heard + chunk, not chunk
    return [int(status) for status in _STATUS.findall(heard)], ended


def test_there_are_enough_cases() -> None:
    assert len(TABLE["cases"]) >= TABLE["least"]


@pytest.mark.parametrize("case", TABLE["cases"], ids=lambda case: str(case["name"]))
def test_requests(service: Served, case: dict[str, Any]) -> None:
    sent = case["send"] if isinstance(case["send"], list) else [case["send"]]
    pieces = [piece.replace("{h}", TABLE["head"]).encode("latin-1") for piece in sent]
    assert exchange(service, pieces, len(case["answers"])) == (case["answers"], case.get("ends", False))


HUGE = {
    "address": b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
    "header": _HEAD + b"X: " + b"a" * 70_000 + b"\r\n\r\n",
    "headers": _HEAD + b"X: a\r\n" * 200 + b"\r\n",
    "header without end": _HEAD + b"X: " + b"a" * 900_000,
    "extension of a chunk": _CHUNKED + b"6;" + b"a" * 3_000_000 + b"\r\nASK {}\r\n0\r\n\r\n",
    "trailer": _CHUNKED + b"6\r\nASK {}\r\n0\r\nX: " + b"a" * 300_000 + b"\r\n\r\n",
    "trailers without end": _CHUNKED + b"6\r\nASK {}\r\n0\r\n" + b"X: a\r\n" * 100_000,
    "zeros of a chunk": _CHUNKED + b"0" * 400_000,
}


@pytest.mark.parametrize("name", HUGE)
def test_what_is_huge_is_refused(service: Served, name: str) -> None:
    statuses, ended = exchange(service, [HUGE[name]], 1)
    assert statuses in ([400], []) and ended  # the refusal may be lost when the caller still sends
    assert service.get("/problems").status == 200


def test_trailers_are_no_headers(service: Served) -> None:
    """A proxy guards headers, such as tokens; nobody guards trailers."""
    body = b"6\r\nASK {}\r\n0\r\nAccept: application/nothing\r\n\r\n"
    assert exchange(service, [_CHUNKED, body], 1) == ([200], False)


def test_many_requests_sent_ahead_are_all_answered(service: Served) -> None:
    offer = b"Connection: Upgrade\r\nUpgrade: h2c\r\n"
    assert exchange(service, [(_HEAD + b"\r\n" + _HEAD + offer + b"\r\n") * 150], 300, 20.0) == ([200] * 300, False)


@pytest.mark.parametrize("pieces", [[_HEAD], [_HEAD[:3]], [_HEAD, *[b"X: a\r\n"] * 12, b""], []], ids=len)
def test_a_slow_head_is_not_waited_for(hurried: Served, pieces: list[bytes]) -> None:
    started = time.monotonic()
    with socket.create_connection(hurried.place, 5) as connection, contextlib.suppress(ConnectionError):
        for piece in pieces:
            connection.sendall(piece)
            time.sleep(0.1 if len(pieces) > 2 else 0)
        assert connection.recv(1 << 16) == b""
    assert 0.5 < time.monotonic() - started < 4


def test_a_slow_body_is_told_of_and_the_connection_ends(hurried: Served) -> None:
    assert exchange(hurried, [_POST + b"Content-Length: 6\r\n\r\nASK"], 1) == ([408], True)
    form = b"POST /api/check HTTP/1.1\r\nHost: a\r\nContent-Type: text/csv\r\nContent-Length: 600\r\n\r\nASK"
    assert exchange(hurried, [form], 1) == ([408], True)


def test_slow_callers_do_not_keep_others_out(hurried: Served) -> None:
    slow = [socket.create_connection(hurried.place, 5) for _ in range(200)]
    try:
        for connection in slow:
            connection.sendall(_HEAD)
        started = time.monotonic()
        assert hurried.get("/problems").status == 200
        assert time.monotonic() - started < 1
    finally:
        for connection in slow:
            connection.close()
