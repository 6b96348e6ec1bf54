"""Entry of the child process: `python -m policygraph.reasoning.child JOB ANSWER`, both files of JSON."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


def _task(name: str) -> Callable[[list[str], list[str]], Any]:
    if name == "hermit":
        from policygraph.reasoning.hermit import answer_inference

        return answer_inference
    if name == "profiles":
        from policygraph.reasoning.profiles import answer_profiles

        return answer_profiles
    from policygraph.reasoning.clash import answer_clash

    return answer_clash


def main(job: str, answer: str) -> None:
    """Do the job described in one file and write the answer to another."""
    asked = json.loads(Path(job).read_text(encoding="utf-8"))
    found = _task(asked["task"])(asked["files"], asked["options"])
    Path(answer).write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
