"""Nothing acknowledged is lost: a writer is killed hard again and again, and every entry that it acknowledged is there, and no half one."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import textwrap
import time
from collections import Counter
from typing import TYPE_CHECKING

from policygraph.app.register.entries import ADD, ERASE
from policygraph.app.register.erasing import clear, uncleared
from policygraph.app.register.store import Register
from policygraph.app.register.verifying import verify

if TYPE_CHECKING:
    from pathlib import Path

KILLS, TOGETHER = 100, 3
BEGUN = "2026-01-02T03:04:05Z"
# Adds submissions of three records each without end, and erases one of them now and then; says what was done once it is.
WRITER = textwrap.dedent(
    f"""
    import itertools, os, sys
    from pathlib import Path
    from policygraph.app.register.entries import ADD, Draft
    from policygraph.app.register.erasing import erase
    from policygraph.app.register.store import Register

    run = sys.argv[2]
    with Register.open(Path(sys.argv[1]), writable=True) as register:
        print("open", flush=True)
        for turn in itertools.count():
            with register.writing():
                added = [
                    register.append(
                        Draft(
                            ADD, "{BEGUN}", "officer", "urn:kind", "pass", "2026-01-02", "ab",
                            document={{"facts": f"{{run}} {{turn}} {{row}} " + "facts " * 400, "key": [run, str(turn), str(row)]}},
                            receipt="receipt " * 500,
                        )
                    ).number
                    for row in range({TOGETHER})
                ]
            print("added", *added, flush=True)
            if int(run) % 5 == 0 and turn % 2 == 1:
                erase(register, added[:1], "expired", "officer", "{BEGUN}")
                print("erased", added[0], flush=True)
    """
)


def killed(register: Path, script: Path, run: int, lines: int, moment: float) -> list[list[str]]:
    """Run a writer, kill it a moment after it has said some lines, and return what it acknowledged."""
    writer = subprocess.Popen([sys.executable, str(script), str(register), str(run)], stdout=subprocess.PIPE, text=True)
    assert writer.stdout is not None
    assert writer.stdout.readline() == "open\n"
    said = "".join(writer.stdout.readline() for _ in range(lines))
    time.sleep(moment)
    writer.send_signal(signal.SIGKILL)
    said += writer.stdout.read()
    writer.stdout.close()
    assert writer.wait() == -signal.SIGKILL
    # A line that the kill cut off was not acknowledged.
    return [line.split() for line in said.splitlines(keepends=True) if line.endswith("\n")]


def test_no_acknowledged_entry_is_lost(tmp_path: Path) -> None:
    path, script, chance = tmp_path / "register.db", tmp_path / "writer.py", random.Random(20231022)  # noqa: S311
    script.write_text(WRITER)
    Register.create(path, BEGUN).close()
    added: list[int] = []
    erased: set[int] = set()
    for run in range(KILLS):
        for what, *numbers in killed(path, script, run, chance.randrange(5), chance.uniform(0, 0.02)):
            if what == "added":
                added += map(int, numbers)
            else:
                erased |= set(map(int, numbers))
    with Register.open(path) as register:
        found = verify(register)
        assert found.flaws == ()
        entries = {entry.number: entry for entry in register.entries()}
        assert sorted(entries) == list(range(1, len(entries) + 1))
        assert len(added) == len(set(added)) > KILLS  # the kills came while it was writing
        assert set(added) <= {number for number, entry in entries.items() if entry.action == ADD}
        assert erased <= {entry.refers_to for entry in entries.values() if entry.action == ERASE}
        assert len(erased) >= 1
        together = Counter(entry.batch for entry in entries.values() if entry.action == ADD)
        assert set(together.values()) == {TOGETHER}  # no submission is there by half
        gone = {entry.refers_to for entry in entries.values() if entry.action == ERASE}
        for number, entry in entries.items():
            held = register.payload(number)
            assert (held is not None) == (entry.action == ADD and number not in gone)
            if held:
                assert held.receipt
                assert register.earlier("urn:kind", held.document["key"]) is not None
    with Register.open(path, writable=True) as register:
        if uncleared(register):  # a kill between an erasure and the clearing of its bytes
            clear(register)
        assert not uncleared(register)
        assert verify(register, found.head).since == 0
