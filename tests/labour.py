"""What the tests of the pool have its workers do: each request names one of these kinds of work."""

from __future__ import annotations

import ctypes
import os
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from policygraph.errors import DataError, StoreError, Text

if TYPE_CHECKING:
    from collections.abc import Callable

    from policygraph.graph.stopping import Limits

KEPT: list[bytes] = []


def prepare(job: dict[str, Any]) -> dict[str, Any]:
    if "broken" in job:
        raise DataError(Text("坏了。", "It is broken."), Text("请修。", "Mend it."), "here.ttl:1:1")
    return job


def opened(state: dict[str, Any]) -> dict[str, Any]:
    if "unopened" in state:
        raise StoreError(Text("打不开。", "It does not open."), Text("请看。", "Look."), "there")
    return state


def work(
    state: dict[str, Any], head: dict[str, Any], body: bytes, limits: Limits, tell: Callable[[dict[str, Any]], None]
) -> tuple[dict[str, Any], bytes]:
    kind, amount = head["kind"], head.get("amount", 0)
    answer: dict[str, Any] = {"pid": os.getpid()}
    if kind == "spin":
        while True:
            pass
    elif kind == "burn":
        until = time.process_time() + amount
        while time.process_time() < until:
            pass
    elif kind == "sleep":
        time.sleep(amount)
    elif kind == "hog":
        body = bytes(bytearray(amount))[:1]
    elif kind == "keep":
        KEPT.append(b"x" * amount)
    elif kind == "crash":
        ctypes.string_at(0)
    elif kind == "fail":
        raise ZeroDivisionError("of our own")
    elif kind == "refuse":
        raise DataError(Text("不行。", "No."), Text("算了。", "Leave it."), "where")
    elif kind == "answer":
        body = b"x" * amount
    elif kind == "tell":
        for done in range(amount):
            tell({"done": done, "total": amount})
    elif kind == "spawn":
        child = subprocess.Popen(["sleep", "600"], start_new_session=True)
        tell({"child": child.pid})
        time.sleep(600)
    elif kind == "open":
        answer["fds"] = sorted(int(name) for name in os.listdir("/proc/self/fd"))  # noqa: PTH208
        answer["stdin"] = str(Path("/proc/self/fd/0").readlink())
    return answer, body
