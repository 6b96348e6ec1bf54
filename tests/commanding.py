"""Runs the command line in a process of its own, as a shell would."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

RUN = [sys.executable, "-m", "policygraph.cli.main"]


def process(*words: str, cwd: Path | None = None, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([*RUN, *words], env={**os.environ, **environment}, cwd=cwd, capture_output=True, timeout=60, check=False)
