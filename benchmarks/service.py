"""Requests a second of `policygraph serve` against the oxigraph server and rdflib-endpoint, on the same data, in the same run.

Run: `.venv/bin/python benchmarks/service.py [--peers DIR] [--seconds 5] [--concurrency 16 64] [--json]`, with wrk on the machine, and
rdflib-endpoint and oxigraph in the bin folder that --peers names (`python -m venv X; X/bin/pip install rdflib-endpoint oxigraph`).

Two questions. A small SELECT in JSON: all get the same, and the rows are compared before anything is timed. The description of a thing
in Turtle: the peers have none, so they get a CONSTRUCT of its statements and of what points to it; ours holds these (this is checked) and
the labels of all that they mention, so it is the larger answer. Each is asked in two ways: `same`, one address again and again, which
policygraph answers from its cache of answers (the graph does not change while it runs); and `varied`, for the SELECT with another comment
in each query, which no cache knows, and for descriptions over the addresses of all things in turn.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from policygraph.app.export import export
from policygraph.graph.loading import PUBLIC, load
from policygraph.graph.parsing import parse
from policygraph.model.terms import Blank, Iri
from policygraph.paths import data_roots
from policygraph.vocab import BASE, PG, RDF

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from policygraph.graph.memory import Graph

SELECT = "SELECT ?p ?o WHERE {{ <{thing}> ?p ?o }} ORDER BY ?p ?o LIMIT 20"
DESCRIPTION = "CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {{ BIND(<{thing}> AS ?s) ?s ?p ?o }} UNION {{ BIND(<{thing}> AS ?o) ?s ?p ?o }} }}"
JSON_RESULTS, TURTLE = "application/sparql-results+json", "text/turtle"
_RATE = re.compile(r"Requests/sec:\s+([\d.]+)")
_BAD = re.compile(r"Non-2xx or 3xx responses: (\d+)|Socket errors: (.*)")
_STARTING = 120


@dataclass(frozen=True, slots=True)
class Server:
    """A server that runs: what it is called, the address of its SPARQL service, and of its root."""

    name: str
    sparql: str
    root: str


@dataclass(frozen=True, slots=True)
class Measure:
    """What wrk found: requests a second, and answers that were none."""

    server: str
    question: str
    way: str
    concurrency: int
    rate: float
    bad: str


def things(graph: Graph) -> list[str]:
    """Return the provisions and measures whose statements have no blank nodes, in order."""
    found = sorted({s.value for kind in (PG.Provision, PG.Measure) for s in graph.subjects(RDF.type, Iri(kind))})
    return [iri for iri in found if not any(isinstance(t[2], Blank) for t in graph.triples(Iri(iri)))]


def free() -> int:
    """Return a port that nobody uses."""
    with socket.create_server(("127.0.0.1", 0)) as bound:
        return int(bound.getsockname()[1])


@contextlib.contextmanager
def running(name: str, command: Sequence[str], port: int, path: str) -> Iterator[tuple[Server, float]]:
    """Run a server until the block ends; yield it and the seconds until it answered."""
    root = f"http://127.0.0.1:{port}"
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603 - our own command line
    began = time.perf_counter()
    try:
        while True:
            try:
                fetch(f"{root}{path}?query=ASK%20%7B%7D", JSON_RESULTS)
                break
            except OSError:
                if process.poll() is not None or time.perf_counter() - began > _STARTING:
                    raise SystemExit(f"{name} did not start: {' '.join(command)}") from None
                time.sleep(0.02)
        yield Server(name, root + path, root), time.perf_counter() - began
    finally:
        process.terminate()
        process.wait()


def fetch(address: str, accept: str) -> bytes:
    """Return what an address gives."""
    with urllib.request.urlopen(urllib.request.Request(address, headers={"Accept": accept})) as answer:  # noqa: S310 - loopback
        return bytes(answer.read())


def wrk(address: str, accept: str, concurrency: int, seconds: int, paths: Sequence[str] = (), nonce: bool = False) -> tuple[float, str]:
    """Return requests a second, and what went wrong."""
    lines = [f'wrk.headers["Accept"] = "{accept}"', "local n = 0"]
    if paths:
        listed = ", ".join(json.dumps(path) for path in paths)
        lines += [f"local paths = {{ {listed} }}", "request = function() n = n + 1; return wrk.format(nil, paths[n % #paths + 1]) end"]
    elif nonce:
        lines += ["request = function() n = n + 1; return wrk.format(nil, wrk.path .. '%20%23' .. n) end"]
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write("\n".join(lines))
        script.flush()
        command = ["wrk", "-t1", f"-c{concurrency}", f"-d{seconds}s", "--timeout", "30s", "-s", script.name, address]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603 - as above
    found, bad = _RATE.search(said), _BAD.search(said)
    return float(found[1]) if found else 0.0, bad[0] if bad else ""


def asked(server: Server, query: str) -> str:
    """Return the address of a query."""
    return f"{server.sparql}?query={quote(query)}"


def same_answers(servers: Sequence[Server], thing: str) -> None:
    """See that all give the same rows, and that the description holds what the peers' CONSTRUCT gives.

    Raises:
        SystemExit: They do not.
    """
    rows, graphs = [], []
    for server in servers:
        told = json.loads(fetch(asked(server, SELECT.format(thing=thing)), JSON_RESULTS))["results"]["bindings"]
        rows.append(
            sorted(json.dumps({n: (b["type"], b["value"], b.get("xml:lang")) for n, b in row.items()}, sort_keys=True) for row in told)
        )
        own = server.name == "policygraph"
        address = f"{server.root}/{thing.removeprefix(BASE)}.ttl" if own else asked(server, DESCRIPTION.format(thing=thing))
        graphs.append({(s.value, p.value, o.value) for s, p, o in parse(fetch(address, TURTLE), "turtle")})
    if any(each != rows[0] for each in rows) or any(each - graphs[0] for each in graphs):
        raise SystemExit("The servers do not answer alike.")


def main() -> None:
    """Run the comparison and print it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--peers", type=Path, help="bin folder with rdflib-endpoint and oxigraph")
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--concurrency", type=int, nargs="+", default=[16, 64])
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    if not shutil.which("wrk"):
        raise SystemExit("wrk is missing: apt-get install wrk")
    roots = data_roots()
    every = things(load(roots, PUBLIC))
    thing = every[len(every) // 2]
    measures: list[Measure] = []
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        data = Path(folder) / "graph.nt"
        data.write_text(export(roots, "ntriples"), encoding="utf-8")
        ports = [free() for _ in range(3)]
        commands = [("policygraph", [sys.executable, "-m", "policygraph.cli.main", "serve", "--port", str(ports[0])], "/sparql")]
        if args.peers:
            oxigraph, store = str(args.peers / "oxigraph"), str(Path(folder) / "store")
            loading = [oxigraph, "load", "--location", store, "--file", str(data)]
            subprocess.run(loading, check=True, capture_output=True)  # noqa: S603 - as above
            commands += [
                ("oxigraph", [oxigraph, "serve-read-only", "--location", store, "--bind", f"127.0.0.1:{ports[1]}"], "/query"),
                ("rdflib-endpoint", [str(args.peers / "rdflib-endpoint"), "serve", "--port", str(ports[2]), str(data)], "/"),
            ]
        servers = []
        for port, (name, command, path) in zip(ports, commands, strict=False):
            server, took = stack.enter_context(running(name, command, port, path))
            print(f"{name}: answered {took:.2f} s after its start", file=sys.stderr)
            servers.append(server)
        same_answers(servers, thing)
        for concurrency in args.concurrency:
            for server in servers:
                for question, way, (rate, bad) in timed(server, thing, every, concurrency, args.seconds):
                    measures.append(Measure(server.name, question, way, concurrency, rate, bad))
                    print(f"{server.name:16} {question:12} {way:7} c={concurrency:<3} {rate:10.0f}/s {bad}", file=sys.stderr)
    if args.json:
        print(json.dumps([asdict(measure) for measure in measures], indent=2))
    else:
        table(measures)


def timed(server: Server, thing: str, every: Sequence[str], concurrency: int, seconds: int) -> Iterator[tuple[str, str, tuple[float, str]]]:
    """Yield question, way, and what wrk found."""
    select = asked(server, SELECT.format(thing=thing))
    yield "SELECT", "same", wrk(select, JSON_RESULTS, concurrency, seconds)
    yield "SELECT", "varied", wrk(select, JSON_RESULTS, concurrency, seconds, nonce=True)
    if server.name == "policygraph":
        paths = [f"/{iri.removeprefix(BASE)}.ttl" for iri in every]
    else:
        paths = [asked(server, DESCRIPTION.format(thing=iri)).removeprefix(server.root) for iri in every]
    own = paths[every.index(thing)]
    yield "description", "same", wrk(server.root + own, TURTLE, concurrency, seconds)
    yield "description", "varied", wrk(server.root, TURTLE, concurrency, seconds, paths=paths)


def table(measures: Sequence[Measure]) -> None:
    """Print the rates, and ours as a multiple of each peer's."""
    found = {(m.question, m.way, m.concurrency, m.server): m.rate for m in measures}
    for question, way, concurrency in dict.fromkeys((m.question, m.way, m.concurrency) for m in measures):
        own = found[question, way, concurrency, "policygraph"]
        peers = {m.server for m in measures} - {"policygraph"}
        ratios = "  ".join(f"{own / found[question, way, concurrency, peer]:.2f} × {peer}" for peer in sorted(peers))
        print(f"{question:12} {way:7} c={concurrency:<3} {own:8.0f}/s  {ratios}")


if __name__ == "__main__":
    main()
