"""What a child may use, what is said when it was stopped, and errors on their way from child to parent."""

from __future__ import annotations

import signal
from dataclasses import asdict, dataclass
from typing import Any

from policygraph.errors import LimitError, PolicyGraphError, StoreError, Text

_TIME_SIGNALS = frozenset({signal.SIGALRM, signal.SIGXCPU, signal.SIGKILL})
_MAX_COMPLAINT = 300  # characters of what a child said last


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


def told_of(error: PolicyGraphError) -> dict[str, Any]:
    """Return an error as JSON that `rebuilt` understands."""
    texts = {"what": asdict(error.what), "fix": asdict(error.fix)}
    return {"error": {"kind": type(error).__name__, "where": error.where, **texts}}


def rebuilt(told: dict[str, Any]) -> PolicyGraphError:
    """Return the error that a child told of."""
    kinds = {kind.__name__: kind for kind in PolicyGraphError.__subclasses__()}
    return kinds[told["kind"]](Text(**told["what"]), Text(**told["fix"]), told["where"])


def out_of_time(limits: Limits) -> LimitError:
    """Return what to raise for a child that reached its deadline."""
    return LimitError(
        Text(f"超过 {limits.seconds:g} 秒仍未完成，已中止。", f"It was not done within {limits.seconds:g} seconds and was stopped."),
        Text("请缩小范围或简化输入。", "Narrow it down, or simplify the input."),
    )


def silent(seconds: float) -> LimitError:
    """Return what to raise for a child that said nothing for so long."""
    return LimitError(
        Text(f"连续 {seconds:g} 秒没有进展，已中止。", f"Nothing came of it for {seconds:g} seconds; it was stopped."),
        Text("请缩小范围或简化输入。", "Narrow it down, or simplify the input."),
    )


def out_of_memory(limits: Limits) -> LimitError:
    """Return what to raise for a child that needed more memory than it may use."""
    megabytes = limits.memory >> 20
    return LimitError(
        Text(f"所需内存超过 {megabytes} MB，已中止。", f"It needed more than {megabytes} MB of memory and was stopped."),
        Text("请缩小范围或简化输入。", "Narrow it down, or simplify the input."),
    )


def too_much(limits: Limits) -> LimitError:
    """Return what to raise for a child that said more than it may."""
    megabytes = limits.output / (1 << 20)
    return LimitError(
        Text(f"结果超过 {megabytes:g} MB，已中止。", f"The result is larger than {megabytes:g} MB; it was stopped."),
        Text("请缩小范围（查询可加 LIMIT），或拆分文件。", "Narrow it down (a query with LIMIT), or split the file."),
    )


def stopped(returncode: int, noise: str, limits: Limits) -> LimitError | StoreError:
    """Return what to raise for a child that ended without an answer, by its exit status and its last complaints."""
    if "memory allocation" in noise or "MemoryError" in noise or "Cannot allocate memory" in noise:
        return out_of_memory(limits)
    if -returncode in _TIME_SIGNALS:
        return out_of_time(limits)
    if returncode < 0:
        return LimitError(
            Text("嵌套过深或过长，解析程序无法处理，已中止。", "It is nested too deeply or too long for the parser; it was stopped."),
            Text("请减少嵌套与长度。", "Make it flatter and shorter."),
        )
    last = (noise.strip().splitlines() or [f"exit {returncode}"])[-1][:_MAX_COMPLAINT]
    return StoreError(
        Text(f"子进程未能运行：{last}", f"The child process could not run: {last}"),
        Text("请运行 policygraph doctor。", "Run policygraph doctor."),
    )
