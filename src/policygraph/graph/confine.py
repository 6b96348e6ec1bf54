"""Runs a job on foreign input in a child process that can be killed: with deadline, memory limit and output cap.

pyoxigraph has no timeout, and some inputs crash its parsers. A crash, a hang or a memory bomb ends the child, not the caller. The child
limits itself before it reads the job, and keeps an alarm of its own in case its parent dies first.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import resource
import signal
import subprocess
import sys
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from policygraph.errors import LimitError, PolicyGraphError, StoreError, Text

if TYPE_CHECKING:
    from collections.abc import Callable

_TIME_SIGNALS = frozenset({signal.SIGALRM, signal.SIGXCPU, signal.SIGKILL})
_GRACE = 1.0  # the child's own alarm rings after the parent's deadline


@dataclass(frozen=True, slots=True)
class Limits:
    """What a child may use.

    Attributes:
        seconds: Wall time, and processor time, until it is killed.
        memory: Bytes of address space.
        output: Bytes that it may answer with.
    """

    seconds: float = 10.0
    memory: int = 1 << 30
    output: int = 64 << 20


def run(module: str, job: dict[str, Any], body: bytes, limits: Limits) -> tuple[dict[str, Any], bytes]:
    """Run a module's `main()` in a child and return its answer: a head and a body.

    Args:
        module: Module that calls `serve` when run.
        job: What to do, in JSON's types.
        body: The foreign input.
        limits: What the child may use.

    Raises:
        LimitError: The child was stopped at a limit, or the input crashed the parser.
        PolicyGraphError: What the child raised.
    """
    head = json.dumps({"job": job, "limits": asdict(limits)}).encode()
    child = subprocess.Popen(  # noqa: S603 - our own module; the foreign input goes through stdin
        [sys.executable, "-P", "-m", module],  # -P: a file in the current folder must not stand in for a library
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,  # Ctrl-C reaches the caller, which then kills the child in the finally below
    )
    try:
        answer, noise = child.communicate(head + b"\n" + body, timeout=limits.seconds)
    except subprocess.TimeoutExpired:
        raise _out_of_time(limits) from None
    finally:
        if child.poll() is None:
            child.kill()
            child.communicate()
    if child.returncode != 0 or b"\n" not in answer:
        raise _stopped(child.returncode, noise.decode("utf-8", "replace"), limits)
    first, _, rest = answer.partition(b"\n")
    found: dict[str, Any] = json.loads(first)
    if "error" in found:
        raise _rebuilt(found["error"])
    return found, rest


def serve(work: Callable[[dict[str, Any], bytes, Limits], tuple[dict[str, Any], bytes]]) -> None:
    """Be the child: read one job from stdin under its limits, do it, answer on stdout."""
    head, _, body = sys.stdin.buffer.read().partition(b"\n")
    asked = json.loads(head)
    limits = Limits(**asked["limits"])
    _restrain(limits)
    try:
        found, rest = work(asked["job"], body, limits)
    except MemoryError:
        found, rest = _told(_out_of_memory(limits)), b""
    except PolicyGraphError as error:
        found, rest = _told(error), b""
    sys.stdout.buffer.write(json.dumps(found).encode() + b"\n" + rest)
    sys.stdout.buffer.flush()


def forbid_opening() -> None:
    """Let this process open no further file or socket: what a query engine might still try, it cannot."""
    try:
        highest = max(int(name) for name in os.listdir("/dev/fd"))  # noqa: PTH208 - its entries are numbers, no files
    except OSError:
        highest = 16
    _limit(resource.RLIMIT_NOFILE, min(highest, 16))


class Capped(io.BytesIO):
    """A file in memory that refuses to grow over a cap."""

    def __init__(self, limits: Limits) -> None:
        super().__init__()
        self._limits = limits

    def write(self, data: Any) -> int:
        """Keep some bytes.

        Raises:
            LimitError: There is no room for them.
        """
        written = super().write(data)
        if self.tell() > self._limits.output:
            raise _too_much(self._limits)
        return written


def _told(error: PolicyGraphError) -> dict[str, Any]:
    texts = {"what": asdict(error.what), "fix": asdict(error.fix)}
    return {"error": {"kind": type(error).__name__, "where": error.where, **texts}}


def _rebuilt(told: dict[str, Any]) -> PolicyGraphError:
    kinds = {kind.__name__: kind for kind in PolicyGraphError.__subclasses__()}
    return kinds[told["kind"]](Text(**told["what"]), Text(**told["fix"]), told["where"])


def _restrain(limits: Limits) -> None:
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, limits.seconds + _GRACE)
    _limit(resource.RLIMIT_CPU, int(limits.seconds + _GRACE) + 1)
    _limit(resource.RLIMIT_AS, limits.memory)
    _limit(resource.RLIMIT_CORE, 0)


def _limit(kind: int, amount: int) -> None:
    # Some systems refuse a limit (macOS for address space); the deadline holds everywhere.
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(kind, (amount, amount))


def _out_of_time(limits: Limits) -> LimitError:
    return LimitError(
        Text(f"超过 {limits.seconds:g} 秒仍未完成，已中止。", f"It was not done within {limits.seconds:g} seconds and was stopped."),
        Text("请缩小范围或简化输入。", "Narrow it down, or simplify the input."),
    )


def _out_of_memory(limits: Limits) -> LimitError:
    megabytes = limits.memory >> 20
    return LimitError(
        Text(f"所需内存超过 {megabytes} MB，已中止。", f"It needed more than {megabytes} MB of memory and was stopped."),
        Text("请缩小范围或简化输入。", "Narrow it down, or simplify the input."),
    )


def _too_much(limits: Limits) -> LimitError:
    megabytes = limits.output / (1 << 20)
    return LimitError(
        Text(f"结果超过 {megabytes:g} MB，已中止。", f"The result is larger than {megabytes:g} MB; it was stopped."),
        Text("请缩小范围，例如加 LIMIT。", "Narrow it down, for instance with LIMIT."),
    )


def _stopped(returncode: int, noise: str, limits: Limits) -> LimitError | StoreError:
    if "memory allocation" in noise or "MemoryError" in noise or "Cannot allocate memory" in noise:
        return _out_of_memory(limits)
    if -returncode in _TIME_SIGNALS:
        return _out_of_time(limits)
    if returncode < 0:
        return LimitError(
            Text("嵌套过深或过长，解析程序无法处理，已中止。", "It is nested too deeply or too long for the parser; it was stopped."),
            Text("请减少嵌套与长度。", "Make it flatter and shorter."),
        )
    last = (noise.strip().splitlines() or [f"exit {returncode}"])[-1]
    return StoreError(
        Text(f"子进程未能运行：{last}", f"The child process could not run: {last}"),
        Text("请运行 policygraph doctor。", "Run policygraph doctor."),
    )
