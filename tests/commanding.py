"""Runs the command line in a process of its own, as a shell would."""

from __future__ import annotations

import os
import subprocess
import sys

RUN = [sys.executable, "-m", "policygraph.cli.main"]


def process(*words: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([*RUN, *words], env={**os.environ, **environment}, capture_output=True, timeout=60, check=False)
