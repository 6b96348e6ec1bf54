"""Runs a job on foreign input in a child process that can be killed: with deadline, memory limit and output cap.

pyoxigraph has no timeout, and some inputs crash its parsers. A crash, a hang or a memory bomb ends the child, not the caller. The child
limits itself before it reads the job, and keeps an alarm of its own in case its parent dies first.

`run` and `serve` hand over one input and one answer; `stream` and `serve_lines` read a file of any length and answer line by line.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import resource
import selectors
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, BinaryIO

from policygraph.errors import PolicyGraphError
from policygraph.graph.stopping import Limits, out_of_memory, out_of_time, rebuilt, silent, stopped, told_of, too_much

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

__all__ = ["MAX_LINE", "Capped", "Limits", "forbid_opening", "run", "serve", "serve_lines", "stream"]

_GRACE = 1.0  # the child's own alarm rings after the parent's deadline
MAX_LINE = 16 << 20  # bytes of one line of an answer
_CHUNK = 1 << 16
_NOISE = 1 << 16  # bytes of complaints that a child may leave on disk


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
        raise out_of_time(limits) from None
    finally:
        if child.poll() is None:
            child.kill()
            child.communicate()
    if child.returncode != 0 or b"\n" not in answer:
        raise stopped(child.returncode, noise.decode("utf-8", "replace"), limits)
    first, _, rest = answer.partition(b"\n")
    found: dict[str, Any] = json.loads(first)
    if "error" in found:
        raise rebuilt(found["error"])
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
        found, rest = told_of(out_of_memory(limits)), b""
    except PolicyGraphError as error:
        found, rest = told_of(error), b""
    sys.stdout.buffer.write(json.dumps(found).encode() + b"\n" + rest)
    sys.stdout.buffer.flush()


def stream(module: str, job: dict[str, Any], source: int | BinaryIO, limits: Limits, idle: float) -> Iterator[bytes]:
    """Run a module's `main()` in a child that reads a file from its stdin, and yield its lines as they come.

    A caller who takes his time holds up the child and uses up none of its limits: the deadline is on the time spent waiting for it.

    Args:
        module: Module that calls `serve_lines` when run.
        job: What to do, in JSON's types; other users of the machine can see it in the list of processes.
        source: A file on disk; the child shares its position, so nobody else may read it meanwhile.
        limits: What the child may use.
        idle: Seconds of waiting after which no line has come, until it is killed.

    Raises:
        LimitError: The child was stopped at a limit, or the input crashed the parser.
        PolicyGraphError: What the child raised.
    """
    told = json.dumps({"job": job, "limits": asdict(limits)})
    with tempfile.TemporaryFile(prefix="policygraph-") as noise:  # no pipe: nobody would empty it
        child = subprocess.Popen(  # noqa: S603 - our own module; the foreign input goes through stdin
            [sys.executable, "-P", "-m", module, told],
            stdin=source,
            stdout=subprocess.PIPE,
            stderr=noise,
            start_new_session=True,
        )
        try:
            for line in _lines(child, limits, idle):
                if not line.startswith(b"{"):
                    yield line
                    continue
                last: dict[str, Any] = json.loads(line)
                if "error" in last:
                    raise rebuilt(last["error"])
                return
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(_GRACE)
            noise.seek(0)
            complaint = noise.read(_NOISE).decode("utf-8", "replace")
            raise stopped(-signal.SIGKILL if child.returncode is None else child.returncode, complaint, limits)
        finally:
            child.kill()
            child.communicate()


def _lines(child: subprocess.Popen[bytes], limits: Limits, idle: float) -> Iterator[bytes]:
    """Yield whole lines without their ends until the child closes its output.

    Raises:
        LimitError: It took too long, said nothing for too long, or said too much.
    """
    total, waited, waited_for_line = 0, 0.0, 0.0
    begun: list[bytes] = []  # a line that has no end yet
    with selectors.DefaultSelector() as ready:
        assert child.stdout is not None  # noqa: S101 - it is a pipe
        pipe = ready.register(child.stdout, selectors.EVENT_READ).fd
        while True:
            started = time.monotonic()
            came = ready.select(max(0.0, min(limits.seconds - waited, idle - waited_for_line)))
            took = time.monotonic() - started
            waited, waited_for_line = waited + took, waited_for_line + took
            if waited >= limits.seconds:
                raise out_of_time(limits)
            if waited_for_line >= idle:
                raise silent(idle)
            if not came:
                continue
            if not (chunk := os.read(pipe, _CHUNK)):
                return
            total += len(chunk)
            if total > limits.output:
                raise too_much(limits)
            first, *others = chunk.split(b"\n")
            begun.append(first)
            if not others:
                if sum(map(len, begun)) > MAX_LINE:
                    raise too_much(Limits(output=MAX_LINE))
                continue
            yield b"".join(begun)
            yield from others[:-1]
            begun, waited_for_line = [others[-1]], 0.0


def serve_lines(work: Callable[[dict[str, Any], BinaryIO, Limits], Iterable[bytes]]) -> None:
    """Be the child of `stream`: under its limits, answer with the lines that the work yields, none of which begins with a brace."""
    asked = json.loads(sys.argv[1])
    limits = Limits(**asked["limits"])
    _restrain(limits)
    _limit(resource.RLIMIT_FSIZE, _NOISE)
    out = _Outlet(limits)
    try:
        for line in work(asked["job"], sys.stdin.buffer, limits):
            out.put(line)
        last: dict[str, Any] = {}
    except MemoryError:
        last = told_of(out_of_memory(limits))
    except PolicyGraphError as error:
        last = told_of(error)
    out.put(json.dumps(last).encode())
    out.flush()


class _Outlet:
    """Standard output, written in blocks, and at least once a second; the alarm is off while the parent makes us wait."""

    def __init__(self, limits: Limits) -> None:
        self._alarm = limits.seconds + _GRACE
        self._kept: list[bytes] = []
        self._size = 0
        self._due = time.monotonic() + 1.0

    def put(self, line: bytes) -> None:
        self._kept.append(line + b"\n")
        self._size += len(line)
        if self._size > _CHUNK or time.monotonic() > self._due:
            self.flush()

    def flush(self) -> None:
        signal.setitimer(signal.ITIMER_REAL, 0)
        sys.stdout.buffer.write(b"".join(self._kept))
        sys.stdout.buffer.flush()
        signal.setitimer(signal.ITIMER_REAL, self._alarm)
        self._kept, self._size, self._due = [], 0, time.monotonic() + 1.0


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
            raise too_much(self._limits)
        return written


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
