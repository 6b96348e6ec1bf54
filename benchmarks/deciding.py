"""Time and memory of deciding all benefits of a subject, at 1 to 10,000 subjects, and the ratio to pySHACL running the same rules.

Run: `.venv/bin/python benchmarks/deciding.py [--counts 1 100 1000 10000] [--peer 5] [--json]`. A subject is the person of
`examples/person.jsonld` under a name of its own; its benefits are every submission that its profile could make, and all of them are
decided and explained. Each count runs in a process of its own, so that memory is that count's; times are processor time, in which the
clock of a busy machine does not show. The peer runs the same CONSTRUCTs as SPARQL rules (sh:order) over a pyoxigraph store, on a few
subjects only and without explaining anything; the ratio compares concluding alone, on the same subjects.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import resource
import subprocess
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from policygraph.app.checking import read
from policygraph.app.deciding import Decider
from policygraph.app.facts import facts
from policygraph.app.projection import Projector
from policygraph.app.setting import setting
from policygraph.model.terms import Iri
from policygraph.paths import data_roots
from policygraph.store.embedded import EmbeddedStore

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policygraph.model.terms import Term, Triple
    from policygraph.records.record import Record

ROOT = Path(__file__).resolve().parent.parent
SUBJECT = ROOT / "examples" / "person.jsonld"
TODAY = dt.date(2026, 11, 22)
# Subjects whose candidates are handed to the decider at once; their results are dropped before the next ones.
AT_ONCE = 50


@dataclass(frozen=True)
class Bench:
    """A loaded decider, and subjects that are all alike but for their name."""

    decider: Decider
    projector: Projector
    profile: Record

    @classmethod
    def load(cls) -> Bench:
        """Load the policy and read the subject's profile."""
        rests_on = setting(data_roots(), TODAY)
        store, decider = EmbeddedStore(rests_on.graph), Decider(rests_on)
        (profile,) = read(rests_on, str(SUBJECT)).records
        return cls(decider, Projector(store, decider.kinds), profile)

    def candidates(self, number: int) -> list[Record]:
        """Return every submission that a subject could make."""
        own = replace(self.profile, iri=f"{self.profile.iri}{number:06}", triples=tuple(self._renamed(number)))
        return [c.record for c in self.projector.candidates(own)]

    def _renamed(self, number: int) -> Iterator[Triple]:
        old = self.profile.iri

        def renamed(term: Term) -> Any:
            return Iri(term.value.replace(old, f"{old}{number:06}", 1)) if isinstance(term, Iri) and term.value.startswith(old) else term

        return ((renamed(s), p, renamed(o)) for s, p, o in self.profile.triples)


def measure(count: int) -> dict[str, float]:
    """Decide and explain all benefits of so many subjects; the first run of all, which fills caches, does not count."""
    bench = Bench.load()
    bench.decider.decide(bench.candidates(0))
    records, spent, answers = 0, 0.0, 0
    for start in range(1, count + 1, AT_ONCE):
        own = [r for number in range(start, min(start + AT_ONCE, count + 1)) for r in bench.candidates(number)]
        begun = time.process_time()
        found = bench.decider.decide(own)
        spent += time.process_time() - begun
        records += len(own)
        answers += sum(map(len, found.values()))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"subjects": count, "submissions": records, "decisions": answers, "ms a subject": spent / count * 1000, "MB": memory}


def peer(count: int) -> dict[str, float]:
    """Conclude so many subjects with the engine and with pySHACL."""
    sys.path.insert(0, str(ROOT / "tests"))
    import peers

    bench = Bench.load()
    own = [r for number in range(1, count + 1) for r in bench.candidates(number)]
    rests_on = setting(data_roots(), TODAY)
    given = [t for r in own for t in (*r.triples, *facts(r, rests_on))]
    store = bench.decider.store()
    start = [*store.dump(), *given]
    asked: list[str] = []

    class Noting(EmbeddedStore):
        def construct(self, query: str) -> tuple[Triple, ...]:
            asked.append(query)
            return super().construct(query)

    store.load(given)
    bench.decider.engine.conclude(Noting(store.graph))
    rules = peers.shapes(asked)
    times = []
    for run in (lambda: bench.decider.outcomes(own), lambda: peers.conclude(start, rules)):
        begun = time.process_time()
        run()
        times.append((time.process_time() - begun) / count * 1000)
    return {"subjects": count, "ms a subject": times[0], "pySHACL ms a subject": times[1], "ratio": times[0] / times[1]}


def main() -> None:
    """Measure and print a table, or JSON with --json."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--counts", type=int, nargs="+", default=[1, 100, 1_000, 10_000], help="numbers of subjects")
    parser.add_argument("--peer", type=int, default=5, help="subjects for pySHACL; 0 leaves it out")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--one", choices=("measure", "peer"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps({"measure": measure, "peer": peer}[options.one](options.counts[0])))
        return
    results = [_alone("measure", count) for count in options.counts]
    against = _alone("peer", options.peer) if options.peer else {}
    if options.json:
        print(json.dumps({"ours": results, "peer": against}, indent=2))
        return
    print(f"{'subjects':>9}{'submissions':>13}{'decisions':>11}{'ms a subject':>14}{'MB':>7}")
    for r in results:
        print(f"{r['subjects']:9}{r['submissions']:13}{r['decisions']:11}{r['ms a subject']:14.1f}{r['MB']:7.0f}")
    if against:
        print(
            f"\nConcluding alone, {against['subjects']} subjects: ours {against['ms a subject']:.1f} ms a subject, "
            f"pySHACL {against['pySHACL ms a subject']:.1f} ms; ratio {against['ratio']:.3f}"
        )


def _alone(what: str, count: int) -> dict[str, Any]:
    """Run one measurement in a process of its own."""
    command = [sys.executable, __file__, "--one", what, "--counts", str(count)]
    found = subprocess.run(command, capture_output=True, check=True, text=True)  # noqa: S603 - our own words
    return dict(json.loads(found.stdout))


if __name__ == "__main__":
    main()
