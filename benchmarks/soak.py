"""Serves mixed requests, good and bad, for a while: memory of every process over time, faults, and how long answers take.

Run: `.venv/bin/python benchmarks/soak.py [--seconds 120] [--callers 8]`. With `wrk` on the path it then asks below the limits, where
every answer must be 200, and above them, where every other answer must be a clean 503. Ends with 1 when any of this does not hold.
Repeatable: the requests come from a seed. Answers are kept by the service as always; a third of the queries are new each time.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import re
import shutil
import signal
import statistics
import subprocess
import sys
import threading
import time
from collections import Counter, defaultdict
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
SPARQL = {"Content-Type": "application/sparql-query"}
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
MEGABYTE = 1 << 20
GROWTH = 32 * MEGABYTE  # of the service itself from the first quarter to the end, beside which its caches have caps
LUA = """
local counts = {}
local threads = {}
function setup(thread) table.insert(threads, thread) end
function init() answered = "" seen = {} end
function response(status, headers, body)
  local clean = status ~= 503 or (headers["retry-after"] ~= nil and headers["content-type"] == "application/problem+json")
  local name = clean and tostring(status) or "unclean"
  seen[name] = (seen[name] or 0) + 1
  answered = ""
  for each, count in pairs(seen) do answered = answered .. each .. "=" .. count .. " " end
end
function done()
  for _, thread in ipairs(threads) do io.write("answered " .. thread:get("answered") .. "\\n") end
end
"""


class Load:
    """Callers who ask without a pause, each by one connection that is opened again when the service closes it.

    Args:
        url: The service.
        callers: How many.
    """

    def __init__(self, url: str, callers: int) -> None:
        parts = urlsplit(url)
        self._place = parts.hostname or "", parts.port or 80
        self._things = _things(url)
        self.took: dict[str, list[float]] = defaultdict(list)
        self.statuses: dict[str, Counter[int]] = defaultdict(Counter)
        self.faults: Counter[str] = Counter()
        self._over = threading.Event()
        self._threads = [threading.Thread(target=self._call, args=(number,)) for number in range(callers)]

    def begin(self) -> None:
        """Start asking."""
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        """Stop asking."""
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _call(self, number: int) -> None:
        chance, connection = random.Random(number), http.client.HTTPConnection(*self._place, timeout=60)  # noqa: S311 - no secret
        while not self._over.is_set():
            name, allowed, request = self._request(chance)
            started = time.perf_counter()
            try:
                connection.request(*request)
                reply = connection.getresponse()
                reply.read()
            except (OSError, http.client.HTTPException) as error:
                self.faults[f"{name}: {type(error).__name__}"] += 1
                connection.close()
                continue
            self.took[name].append(time.perf_counter() - started)
            self.statuses[name][reply.status] += 1
            if reply.status not in allowed:
                self.faults[f"{name}: {reply.status}"] += 1
        connection.close()

    def _request(self, chance: random.Random) -> tuple[str, set[int], tuple[str, str, str | bytes | None, dict[str, str]]]:
        """Return a name, the statuses that it may have, and the request."""
        at, thing = chance.random(), chance.choice(self._things)
        if at < 0.2:
            return "document", {200}, ("GET", thing + chance.choice((".ttl", ".html", ".jsonld", ".rdf")), None, {})
        if at < 0.35:
            form = chance.choice(("text/turtle", "application/ld+json", "application/rdf+xml", "text/html"))
            return "thing", {200, 303, 304}, ("GET", thing, None, {"Accept": form})
        if at < 0.65:
            new = f"SELECT ?p ?o {{ <https://w3id.org/policygraph{thing}> ?p ?o }} LIMIT {chance.randrange(1, 10**9)}"
            return "query", {200}, ("POST", "/sparql", new, SPARQL)
        if at < 0.75:
            return "question", {200}, ("GET", "/ask/measures-of-agency?format=csv", None, {})
        if at < 0.76:
            return "check", {200, 503}, ("POST", "/api/check", _EXAMPLE, {"Content-Type": "text/csv"})
        if at < 0.762:
            return "runaway", {422, 503}, ("POST", "/sparql", f"{ENDLESS} # {chance.random()}", SPARQL)
        bad = [
            ({400}, ("POST", "/sparql", "SELECT nonsense", SPARQL)),
            ({422}, ("POST", "/sparql", "SELECT * " + "{" * 3000 + "}" * 3000, SPARQL)),
            ({403}, ("POST", "/sparql", "DROP ALL", SPARQL)),
            ({404}, ("GET", "/no/such/" + quote("东西") + str(chance.random()), None, {})),
            ({406}, ("GET", thing, None, {"Accept": "image/png"})),
            ({415}, ("POST", "/api/check", b"x", {"Content-Type": "image/png"})),
            ({405}, ("DELETE", "/sparql", None, {})),
        ]
        return "bad", *chance.choice(bad)


_EXAMPLE = (ROOT / "examples/award-claim-table.csv").read_bytes()


def main() -> None:
    """Run, print, and end with 1 when something does not hold."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=120, help="how long to ask")
    parser.add_argument("--callers", type=int, default=8, help="how many ask at once")
    parser.add_argument("--url", default="", help="a service that runs already, instead of one of its own")
    parser.add_argument("--pid", type=int, default=0, help="its process, for --url")
    args = parser.parse_args()
    with _running(args.url, args.pid) as (url, pid):
        faults = soak(url, pid, args.seconds, args.callers)
        faults += limits(url) if shutil.which("wrk") else []
    for fault in faults:
        print("FAULT:", fault)
    sys.exit(1 if faults else 0)


def soak(url: str, pid: int, seconds: float, callers: int) -> list[str]:
    """Ask mixed requests, print what was seen, and return the faults."""
    load, sizes = Load(url, callers), []
    load.begin()
    started = time.monotonic()
    print(f"{'seconds':>8} {'service':>9} {'below it':>9} {'processes':>9} {'requests':>9}   (resident MB)")
    while (now := time.monotonic() - started) < seconds:
        time.sleep(min(seconds / 12, seconds - now + 0.01))
        children = below(pid)
        sizes.append(resident(pid))
        total = sum(map(resident, children))
        count = sum(len(times) for times in load.took.values())
        print(f"{time.monotonic() - started:8.0f} {sizes[-1] >> 20:9} {total >> 20:9} {len(children):9} {count:9}", flush=True)
    load.end()
    print(f"{'':12} {'requests':>9} {'p50 ms':>9} {'p99 ms':>9} {'worst ms':>9}   statuses")
    for name, times in sorted(load.took.items()):
        cut = statistics.quantiles(times * (2 if len(times) == 1 else 1), n=100)
        said = " ".join(f"{status}×{count}" for status, count in sorted(load.statuses[name].items()))
        print(f"{name:12} {len(times):9} {cut[49] * 1000:9.1f} {cut[98] * 1000:9.1f} {max(times) * 1000:9.1f}   {said}")
    faults = [f"{what} × {count}" for what, count in load.faults.items()]
    if sizes[-1] - sizes[len(sizes) // 4] > GROWTH:
        faults.append(f"the service grew from {sizes[len(sizes) // 4] >> 20} to {sizes[-1] >> 20} MB")
    return faults


def limits(url: str) -> list[str]:
    """Ask below and above the limits with wrk, print what came, and return the faults."""
    faults = []
    thing = url.rstrip("/") + _things(url)[0] + ".ttl"
    slow = url + "sparql?query=" + quote("SELECT (COUNT(*) AS ?n) (RAND() AS ?r) { ?a a ?b . ?a ?c ?d }")
    for what, address, callers, allowed in (
        ("below: a document", thing, 64, {"200"}),
        ("below: a slow query", slow, 16, {"200"}),
        ("above: a slow query", slow, 300, {"200", "503"}),
        ("above: connections", thing, 1500, {"200", "503"}),
        ("below again", thing, 64, {"200"}),
    ):
        answered, socket_errors = _wrk(address, callers)
        print(f"{what:22} {callers:5} at once: {dict(answered)} {socket_errors}")
        if set(answered) - allowed or not answered or (socket_errors and what.startswith("below")):
            faults.append(f"{what}: {dict(answered)} {socket_errors}")
    return faults


def _wrk(address: str, callers: int) -> tuple[Counter[str], str]:
    script = Path(os.environ.get("TMPDIR", "/tmp")) / f"soak-{os.getpid()}.lua"  # noqa: S108 - its name has our number
    script.write_text(LUA, "utf-8")
    try:
        command = ["wrk", "-t", "2", "-c", str(callers), "-d", "8s", "--timeout", "20s", "-s", str(script), address]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603 - our own words
    finally:
        script.unlink()
    answered: Counter[str] = Counter()
    for name, count in re.findall(r"(\w+)=(\d+)", "".join(line for line in said.splitlines() if line.startswith("answered"))):
        answered[name] += int(count)
    errors = re.search(r"Socket errors: .*", said)
    return answered, errors[0] if errors else ""


def _things(url: str) -> list[str]:
    """Return the paths of some things."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port or 80, timeout=60)
    query = "SELECT DISTINCT ?s { ?s a ?kind FILTER(STRSTARTS(STR(?s), 'https://w3id.org/policygraph/policy/')) } ORDER BY ?s LIMIT 300"
    connection.request("POST", "/sparql", query, SPARQL | {"Accept": "application/sparql-results+json"})
    found = json.loads(connection.getresponse().read())["results"]["bindings"]
    connection.close()
    return [quote(urlsplit(row["s"]["value"]).path.removeprefix("/policygraph"), safe="/") for row in found if "#" not in row["s"]["value"]]


def below(pid: int) -> list[int]:
    """Return the processes below one."""
    try:
        children = [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []
    return children + [each for child in children for each in below(child)]


def resident(pid: int) -> int:
    """Return the bytes that a process holds in memory, shared ones included."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


@contextmanager
def _running(url: str, pid: int) -> Iterator[tuple[str, int]]:
    if url:
        yield url.rstrip("/") + "/", pid
        return
    command = [sys.executable, "-m", "policygraph.cli.main", "serve", "--port", "0", "--lang", "en"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)  # noqa: S603 - our own words
    assert process.stderr is not None  # noqa: S101 - it is a pipe
    first = process.stderr.readline()
    try:
        yield re.findall(r"http://\S+/", first)[0], process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        said = process.communicate(timeout=30)[1]
        print("ended with", process.returncode, "" if "Traceback" not in said else said[-2000:])


if __name__ == "__main__":
    main()
