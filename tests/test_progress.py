"""Long work tells how far it is, on a terminal and only there."""

from __future__ import annotations

import os
import pty
import subprocess
import sys

SCRIPT = """
from policygraph.cli.progress import showing
from policygraph.errors import Text
with showing("zh") as tell:
    for done in range(0, {total} + 1, 100):
        tell(Text("核查", "checking"), done, {total})
"""


def shown(total: int) -> str:
    """Return what appears on a terminal."""
    leader, follower = pty.openpty()
    process = subprocess.Popen([sys.executable, "-c", SCRIPT.format(total=total)], stderr=follower)
    os.close(follower)
    found = b""
    while chunk := _read(leader):
        found += chunk
    os.close(leader)
    assert process.wait() == 0
    return found.decode()


def _read(leader: int) -> bytes:
    try:
        return os.read(leader, 4096)
    except OSError:  # the other end is closed
        return b""


def test_a_bar_appears_on_a_terminal_and_is_gone_at_the_end() -> None:
    found = shown(1000)
    assert "核查" in found and "1000" in found
    assert found.rstrip(" ").endswith("\r")


def test_short_work_shows_nothing() -> None:
    assert shown(200) == ""


def test_nothing_is_shown_elsewhere() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT.format(total=1000)], capture_output=True, check=True)
    assert (done.stdout, done.stderr) == (b"", b"")
