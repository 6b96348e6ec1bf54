"""A worker of a pool, forked from the zygote: limits itself, then answers one request after another."""

from __future__ import annotations

import contextlib
import io
import json
import math
import os
import resource
import signal
import socket
import sys
import time
import traceback
from typing import TYPE_CHECKING, Any

from policygraph.errors import PolicyGraphError
from policygraph.graph import confine, framing
from policygraph.graph.stopping import Limits, out_of_memory, told_of

if TYPE_CHECKING:
    from collections.abc import Callable

_SOCKET = 3
_GRACE = 1.0  # its own alarm rings after the pool's deadline
_GROWTH = 96 << 20  # bytes of resident memory over what it began with, after which it asks to be replaced
_UNIT = 1 if sys.platform == "darwin" else 1024  # of ru_maxrss
_ROOM = 1 << 16  # bytes to read at once


def begin(module: Any, state: Any, line: int, noise: int) -> None:
    """Be a worker until the pool closes its socket.

    Args:
        module: Has `work`, perhaps `opened`, and `SEALED` when its work opens no file or socket.
        state: What its `prepare` returned.
        line: The socket to the pool.
        noise: The file for complaints.
    """
    pool = _settle(line, noise)
    before = _address_space()
    try:
        if opened := getattr(module, "opened", None):
            state = opened(state)
    except PolicyGraphError as error:
        _say(pool, framing.READY, told_of(error))
        return
    except Exception:  # whatever it is, the pool quotes its last line
        traceback.print_exc()
        return
    used = _address_space() or before  # a module may have forbidden the opening of files
    if getattr(module, "SEALED", False):
        confine.forbid_opening()
    _answer(pool, module.work, state, used)


def _settle(line: int, noise: int) -> socket.socket:
    """Keep the socket and the file for complaints, and nothing else that was open in the zygote."""
    if noise == _SOCKET:
        noise = os.dup(noise)
    os.dup2(line, _SOCKET)
    os.dup2(noise, 2)
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    os.closerange(_SOCKET + 1, min(resource.getrlimit(resource.RLIMIT_NOFILE)[0], 1 << 20))
    # The zygote's own stderr may be a file object that somebody replaced or buffered.
    sys.stderr = io.TextIOWrapper(io.FileIO(2, "w", closefd=False), encoding="utf-8", errors="replace", write_through=True)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    return socket.socket(fileno=_SOCKET)


def _answer(pool: socket.socket, work: Callable[..., tuple[dict[str, Any], bytes]], state: Any, base: int) -> None:
    floor = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    memory = cpu = 0
    decode, unpack, room = json.loads, framing.ASKED.unpack_from, framing.ASKED.size

    def tell(progress: dict[str, Any]) -> None:
        _say(pool, framing.PROGRESS, progress)

    _say(pool, framing.READY, {})
    while first := _received(pool):
        head_size, body_size, *allowed = unpack(first)
        data = _whole(pool, first, room + head_size + body_size)
        limits = Limits(*allowed)
        signal.setitimer(signal.ITIMER_REAL, limits.seconds + _GRACE)
        # Processor time adds up over requests; the kernel counts it in whole seconds.
        if (needed := math.ceil(time.process_time() + limits.seconds + _GRACE)) != cpu:
            cpu = _soft(resource.RLIMIT_CPU, needed)
        if base and limits.memory != memory:
            memory = limits.memory
            _soft(resource.RLIMIT_AS, base + memory)
        try:
            head, body = work(state, decode(data[room : room + head_size]), bytes(memoryview(data)[room + head_size :]), limits, tell)
        except PolicyGraphError as error:
            head, body = told_of(error), b""
        except MemoryError:
            head, body = told_of(out_of_memory(limits)), b""
        except Exception:  # a fault of ours: the pool quotes the last line, and a new worker takes over
            traceback.print_exc()
            return
        del first, data
        signal.setitimer(signal.ITIMER_REAL, 0)
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - floor) * _UNIT
        _say(pool, framing.LAST_ANSWER if grown > _GROWTH else framing.ANSWER, head, body)


def _say(pool: socket.socket, kind: bytes, head: dict[str, Any], body: bytes = b"") -> None:
    said = framing.written(head).encode()
    opening = framing.SAID.pack(kind, len(said), len(body)) + said
    if len(body) < _ROOM:
        pool.sendall(opening + body)
        return
    pool.sendall(opening)
    pool.sendall(body)


def _received(pool: socket.socket) -> bytes:
    """Return at least the opening of the next request, mostly all of it; nothing when the pool has closed."""
    try:
        data = pool.recv(_ROOM)
        while data and len(data) < framing.ASKED.size:
            if not (more := pool.recv(_ROOM)):
                return b""
            data += more
    except ConnectionError:
        return b""
    return data


def _whole(pool: socket.socket, data: bytes, size: int) -> bytes | bytearray:
    if len(data) >= size:
        return data
    whole = bytearray(size)
    whole[: len(data)] = data
    view, at = memoryview(whole), len(data)
    while at < size:
        if not (count := pool.recv_into(view[at:])):
            os._exit(0)
        at += count
    view.release()
    return whole


def _address_space() -> int:
    """Return the bytes of address space in use; 0 where the system does not say."""
    try:
        with open("/proc/self/statm", encoding="ascii") as statm:  # noqa: PTH123
            return int(statm.read().split()[0]) * resource.getpagesize()
    except OSError:
        return 0


def _soft(kind: int, amount: int) -> int:
    """Set a limit that the next request may raise again; some systems refuse (macOS for address space)."""
    with contextlib.suppress(ValueError, OSError):
        _, hard = resource.getrlimit(kind)
        resource.setrlimit(kind, (amount if hard == resource.RLIM_INFINITY else min(amount, hard), hard))
    return amount
