"""Serves the policy graph among a million made-up statements, or ten million, from a folder: how long pages and bounded questions take.

Run: `.venv/bin/python benchmarks/large.py [--triples 1000000] [--store DIR]`. The statements come from a seed. With --store the folder is
kept, and found filled the next time; otherwise all is made in a temporary folder and removed. Each thing and question is asked once, so
that no cache of answers knows it; the disk's own cache is as the filling left it.
"""

from __future__ import annotations

import argparse
import http.client
import random
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from soak import below, resident

from policygraph.vocab import BASE, RDFS

if TYPE_CHECKING:
    from collections.abc import Iterator

EACH = 10  # statements of a thing
THING, LINK, SIZE = f"{BASE}made-up#Thing", f"{BASE}made-up#near", f"{BASE}made-up#size"
HUB = f"{BASE}made-up/0"  # every hundredth thing points to it
QUERIES = {
    "statements of a thing": f"SELECT ?p ?o {{ <{BASE}made-up/{{n}}> ?p ?o }}",
    "two steps away": f"SELECT ?c ?label {{ <{BASE}made-up/{{n}}> <{LINK}>/<{LINK}> ?c . ?c <{RDFS.label}> ?label }} LIMIT 100",
    "by its name": f"SELECT ?s {{ ?s <{RDFS.label}> '东西{{n}}'@zh }}",
    "first hundred": f"SELECT ?s ?size {{ ?s <{SIZE}> ?size }} OFFSET {{n}} LIMIT 100",
    "who points to the hub": f"SELECT ?s {{ ?s <{LINK}> <{HUB}> }} OFFSET {{n}} LIMIT 100",
}


def main() -> None:
    """Make, serve, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--triples", type=int, default=1_000_000, help="made-up statements")
    parser.add_argument("--store", type=Path, help="folder of the store, kept for the next time")
    parser.add_argument("--asked", type=int, default=200, help="things and questions of each sort")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="policygraph-large-") as temporary:
        root, store = Path(temporary), args.store or Path(temporary) / "store"
        make(root, args.triples)
        for turn in ("first start, which fills the store", "second start"):
            started = time.monotonic()
            with serving(root, store) as (url, pid):
                print(f"{turn}: ready after {time.monotonic() - started:.1f} s", flush=True)
                if turn.startswith("second"):
                    measure(url, pid, args.triples // EACH, args.asked)
        print(f"store: {sum(file.stat().st_size for file in store.rglob('*') if file.is_file()) >> 20} MB on disk")


def make(root: Path, triples: int) -> None:
    """Write the made-up statements as a data folder, a file for each million."""
    chance, things = random.Random(1), triples // EACH  # noqa: S311 - no secret
    (root / "ontology").mkdir()
    started, per_file = time.monotonic(), 1_000_000 // EACH
    for first in range(0, things, per_file):
        with (root / f"ontology/made-up-{first}.ttl").open("w", encoding="utf-8") as out:
            out.write(f"@prefix m: <{BASE}made-up/> .\n")
            for n in range(first, min(first + per_file, things)):
                near = " , ".join(f"m:{chance.randrange(things)}" for _ in range(4))
                hub = f"<{HUB}>" if n % 100 == 0 else f"m:{chance.randrange(things)}"
                out.write(
                    f'm:{n} a <{THING}> ; <{RDFS.label}> "东西{n}"@zh , "thing {n}"@en ; <{RDFS.comment}> "第 {n} 个编造的东西。"@zh ;\n'
                    f" <{LINK}> {near} , {hub} ; <{SIZE}> {n} .\n"
                )
    print(f"made {things * EACH:,} statements in {time.monotonic() - started:.1f} s", flush=True)


def measure(url: str, pid: int, things: int, asked: int) -> None:
    """Ask for pages and questions, and print how long they took."""
    chance = random.Random(2)  # noqa: S311 - no secret
    some = [chance.randrange(1, things) for _ in range(asked)]
    print(f"{'':32} {'p50 ms':>9} {'p99 ms':>9} {'worst ms':>9}")
    for ending in ("ttl", "html", "jsonld"):
        row(url, f"page, {ending}", [f"/made-up/{n}.{ending}" for n in some])
    row(url, "page of the hub", [f"/made-up/0.ttl?page={page}" for page in range(1, max(1, min(things // 10_000, asked)) + 1)])
    row(url, "nothing of that name", [f"/made-up/no/{n}" for n in some], 404)
    for name, query in QUERIES.items():
        row(url, name, [f"/sparql?query={quote(query.replace('{n}', str(n)))}" for n in some])
    row(url, "saved questions", [f"/ask/{name}?format=json" for name in ("measures", "numbers", "readings", "deadlines")])
    total = sum(map(resident, below(pid)))
    print(f"resident: service {resident(pid) >> 20} MB, its {len(below(pid))} processes {total >> 20} MB")


def row(url: str, name: str, paths: list[str], expected: int = 200) -> None:
    """Ask for paths one after another, and print a line."""
    parts, times = urlsplit(url), []
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port or 80, timeout=60)
    for path in paths:
        started = time.perf_counter()
        connection.request("GET", path)
        reply = connection.getresponse()
        reply.read()
        times.append((time.perf_counter() - started) * 1000)
        if reply.status != expected:
            sys.exit(f"{name}: {reply.status} for {path}")
    connection.close()
    cut = statistics.quantiles(times * (2 if len(times) == 1 else 1), n=100)
    print(f"{name:32} {cut[49]:9.1f} {cut[98]:9.1f} {max(times):9.1f}", flush=True)


@contextmanager
def serving(root: Path, store: Path) -> Iterator[tuple[str, int]]:
    """Serve from a folder until the end of the block."""
    command = [
        sys.executable,
        "-m",
        "policygraph.cli.main",
        "serve",
        "--port",
        "0",
        "--lang",
        "en",
        "--data",
        str(root),
        "--store",
        str(store),
    ]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)  # noqa: S603 - our own words
    assert process.stderr is not None  # noqa: S101 - it is a pipe
    try:
        for line in process.stderr:
            if found := re.search(r"http://\S+/", line):
                yield found[0], process.pid
                break
        else:
            sys.exit("the service did not start")
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)


if __name__ == "__main__":
    main()
