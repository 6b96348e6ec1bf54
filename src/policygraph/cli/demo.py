"""`policygraph demo`: the commands listed in `examples/demo.toml`, run one after the other as a person would type them."""

from __future__ import annotations

import contextlib
import sys
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from policygraph.errors import DataError, Text

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from pathlib import Path

    from policygraph.cli.context import Context

SUMMARY = Text(
    "演示：查询政策、核查三份申报、判读一例，每一步都附原句。",
    "A tour: ask the policy, check three submissions, decide a case, each with the sentence behind it.",
)
EXAMPLE = "policygraph demo"
_STEP = Text("第 {number} 步，共 {total} 步：{title}", "Step {number} of {total}: {title}")
_DONE = Text("演示完成。各命令的说明：policygraph --help", "That was the tour. Every command: policygraph --help")


@dataclass(frozen=True, slots=True)
class Step:
    """One command of the tour.

    Attributes:
        title: What it shows.
        command: The words after `policygraph`; files are named from the folder that holds `examples/`.
        expected: Exit code that the command must have.
    """

    title: Text
    command: tuple[str, ...]
    expected: int


def configure(parser: ArgumentParser, language: str) -> None:
    """Add no options."""


def execute(args: Namespace, context: Context) -> int:
    """Run the tour; 0 when every command ended as it should."""
    from policygraph.cli.main import EXIT_CLOSED_PIPE, EXIT_INTERRUPTED, main

    base = context.roots.base
    steps = read_steps(base / "examples" / "demo.toml")
    data = [part for root in context.roots.roots[1:] for part in ("--data", str(root))]
    for number, step in enumerate(steps, 1):
        title = _STEP.format(number=number, total=len(steps), title=step.title)
        print(f"{'═' * 78}\n{title.in_language(context.language)}\n$ policygraph {' '.join(step.command)}\n", flush=True)
        with contextlib.chdir(base):
            code = main([*step.command, "--lang", context.language, *data])
        if code in {EXIT_INTERRUPTED, EXIT_CLOSED_PIPE}:
            return code
        if code != step.expected:
            raise DataError(
                Text(f"该命令应以 {step.expected} 退出，实为 {code}。", f"The command ended with {code}, not {step.expected}."),
                Text("请运行 policygraph doctor。", "Run policygraph doctor."),
                " ".join(step.command),
            )
        print(flush=True)
    print(_DONE.in_language(context.language))
    sys.stdout.flush()
    return 0


def read_steps(path: Path) -> tuple[Step, ...]:
    """Read the tour.

    Raises:
        DataError: The file is missing or malformed.
    """
    try:
        listed = tomllib.loads(path.read_text(encoding="utf-8"))["step"]
        return tuple(Step(Text(s["zh"], s["en"]), tuple(s["command"]), int(s.get("exit", 0))) for s in listed)
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise DataError(
            Text(f"演示步骤无法读取：{error}", f"The steps of the tour cannot be read: {error}"),
            Text("请重新安装，或改正该文件。", "Reinstall, or correct the file."),
            str(path),
        ) from error
