"""Start-up and query times as ratios against rdflib doing the same work in the same run.

Run: `.venv/bin/python benchmarks/startup.py [--rounds N]`. A ratio of 0.1 means a tenth of rdflib's time. Absolute times are printed for
orientation only: they depend on the machine and on what else it does.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from typing import TYPE_CHECKING

from policygraph.graph.loading import PUBLIC, load, source_files
from policygraph.paths import data_roots
from policygraph.queries.catalogue import read_questions

if TYPE_CHECKING:
    from collections.abc import Callable

QUESTION = "units-of-measure"
OURS = ["-m", "policygraph.cli.main", "ask", QUESTION]
# The same files, the same question and the same table, in the plainest rdflib.
THEIRS = f"""
import rdflib
from policygraph.graph.loading import PUBLIC, source_files
from policygraph.paths import data_roots
from policygraph.queries.catalogue import read_questions
graph = rdflib.Graph(bind_namespaces="none")
for file in source_files(data_roots(), PUBLIC):
    graph.parse(file.path, format="turtle")
for row in graph.query(read_questions(data_roots())["{QUESTION}"].bind({{}})):
    print(*row)
"""


def main() -> None:
    """Measure and print a table, or JSON with --json."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5, help="how often to measure each thing; the median counts")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args()
    results = [*start_up(options.rounds), *in_process(options.rounds)]
    if options.json:
        print(json.dumps([{"what": what, "ours": a, "rdflib": b, "ratio": a / b} for what, a, b in results], indent=2))
        return
    print(f"{'':44}{'ours':>10}{'rdflib':>10}{'ratio':>8}")
    for what, ours, theirs in results:
        print(f"{what:44}{ours * 1000:8.1f}ms{theirs * 1000:8.1f}ms{ours / theirs:8.3f}")


def start_up(rounds: int) -> list[tuple[str, float, float]]:
    """Whole processes, with byte code written beforehand as pip does when it installs."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}

    def process(words: list[str]) -> Callable[[], object]:
        command = [sys.executable, *words]
        return lambda: subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=True)  # noqa: S603 - our own words

    pairs = {
        "python that does nothing / import rdflib": (process(["-c", ""]), process(["-c", "import rdflib"])),
        f"policygraph ask {QUESTION}": (process(OURS), process(["-c", THEIRS])),
    }
    return [(what, *alternate(ours, theirs, rounds)) for what, (ours, theirs) in pairs.items()]


def in_process(rounds: int) -> list[tuple[str, float, float]]:
    """Loading, and all questions, with both libraries imported."""
    import rdflib

    roots = data_roots()
    files = source_files(roots, PUBLIC)

    def load_rdflib() -> rdflib.Graph:
        graph = rdflib.Graph(bind_namespaces="none")
        for file in files:
            graph.parse(file.path, format="turtle")
        return graph

    ours = load(roots, PUBLIC)
    theirs = rdflib.Graph(bind_namespaces="none").parse(data=_ntriples(ours), format="nt")
    queries = {name: question.bind({}) for name, question in read_questions(roots).items()}
    found = [(f"load {len(ours)} triples (ours: and derive)", *alternate(lambda: load(roots, PUBLIC), load_rdflib, rounds))]
    each: list[tuple[str, float, float]] = []
    for name, query in queries.items():
        each.append((name, *alternate(lambda q=query: ours.query(q), lambda q=query: list(theirs.query(q)), 1)))  # type: ignore[misc]
    found.append((f"all {len(each)} questions", sum(a for _, a, _ in each), sum(b for _, _, b in each)))
    found.append(("median question", statistics.median(a for _, a, _ in each), statistics.median(b for _, _, b in each)))
    slowest = max(each, key=lambda row: row[1])
    found.append((f"slowest for us: {slowest[0]}", slowest[1], slowest[2]))
    return found


def alternate(ours: Callable[[], object], theirs: Callable[[], object], rounds: int) -> tuple[float, float]:
    """Run both in turn, so that a busy machine slows both, and return the median time of each."""
    times: tuple[list[float], list[float]] = ([], [])
    for turn in range(rounds + (rounds > 1)):
        for kept, work in zip(times, (ours, theirs), strict=True):
            begun = time.perf_counter()
            work()
            if turn or rounds == 1:  # the first turn warms caches
                kept.append(time.perf_counter() - begun)
    return statistics.median(times[0]), statistics.median(times[1])


def _ntriples(graph: object) -> str:
    from policygraph.graph.serialising import serialise

    return serialise(graph, "ntriples")  # type: ignore[arg-type]


if __name__ == "__main__":
    main()
