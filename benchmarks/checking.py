"""Rows a second and memory of `policygraph check` on tables of 1,000 to 100,000 rows, and the ratio to plain pySHACL at 1,000.

Run: `.venv/bin/python benchmarks/checking.py [--counts 1000 10000 100000] [--form csv|xlsx|jsonl] [--peer 1000] [--json]`. Each count runs
the command as its users do, in a process of its own: read, checked, decided, explained, reported as CSV. Times are processor time of the
process and its children. The peer is what one would write without this project: the same records, with the engine's conclusions for
nothing, in one rdflib graph in memory, validated by pySHACL against the same shapes; it reads no table, decides and explains nothing.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from policygraph.app.checking import read
from policygraph.app.facts import facts
from policygraph.app.judging import Judge
from policygraph.app.setting import setting
from policygraph.paths import data_roots
from policygraph.records.codebook import CodeBook
from policygraph.records.kinds import load_kinds
from policygraph.store.embedded import EmbeddedStore

if TYPE_CHECKING:
    from policygraph.records.kinds import Field

TODAY = dt.date(2026, 11, 22)
KIND = "AwardClaim"
SEED = 20261122


def rows(count: int) -> tuple[list[str], list[list[str]]]:
    """Return headers and rows of made-up records: codes drawn from the code lists, numbers and dates from small ranges."""
    store = EmbeddedStore(setting(data_roots(), TODAY).graph)
    codes, draw = CodeBook.of(store), random.Random(SEED)  # noqa: S311 - not for secrets
    kind = next(k for k in load_kinds(store).values() if k.short == KIND)
    fields = [f for f in kind.fields if not f.row_class]

    def cell(field: Field, number: int) -> str:
        if field.code_list:
            return codes.label(draw.choice(field.codes), "zh")
        sort = field.datatype.rpartition("#")[2]
        if sort == "date":
            return (dt.date(2024, 1, 1) + dt.timedelta(days=draw.randrange(300))).isoformat()
        if sort == "boolean":
            return draw.choice(["是", "否"])
        if sort in {"integer", "decimal"}:
            return str(draw.randint(1, 5))
        return "" if "Id" in field.path else f"{field.name.zh}{number if field.path == kind.name_field else draw.randrange(50)}"

    return [f.name.zh for f in fields], [[cell(f, n) for f in fields] for n in range(count)]


def write(path: Path, count: int) -> None:
    """Write a table."""
    headers, table = rows(count)
    if path.suffix == ".jsonl":
        lines = (json.dumps({"kind": KIND, **{h: v for h, v in zip(headers, row, strict=True) if v}}, ensure_ascii=False) for row in table)
        path.write_text("\n".join(lines), "utf-8")
    elif path.suffix == ".xlsx":
        from openpyxl import Workbook

        book = Workbook(write_only=True)
        sheet = book.create_sheet("Sheet1")
        for row in [headers, *table]:
            sheet.append(row)
        book.save(path)
    else:
        with path.open("w", encoding="utf-8-sig", newline="") as stream:
            csv.writer(stream).writerows([headers, *table])


def measure(count: int, form: str) -> dict[str, float]:
    """Check a table with the command."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{KIND}.{form}"
        write(path, count)
        command = [
            sys.executable,
            "-m",
            "policygraph.cli.main",
            "check",
            str(path),
            "--kind",
            KIND,
            "--format",
            "csv",
            "-o",
            f"{folder}/out",
        ]
        begun = time.perf_counter()
        done = subprocess.run(command, capture_output=True, check=False, text=True)  # noqa: S603 - our own words
        wall = time.perf_counter() - begun
        if done.returncode not in {0, 1}:
            raise SystemExit(done.stderr)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = used.ru_utime + used.ru_stime
    return {"rows": count, "rows a CPU second": count / spent, "seconds": wall, "MB": used.ru_maxrss / 1024}


def peer(count: int) -> dict[str, float]:
    """Validate a table's records with plain pySHACL on rdflib, and check them here, without reading and reporting."""
    import pyshacl
    import rdflib

    from policygraph.graph.serialising import serialise

    rests_on = setting(data_roots(), TODAY)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{KIND}.csv"
        write(path, count)
        records = list(read(rests_on, str(path), None, KIND).records)
    judge = Judge(rests_on)
    begun = time.process_time()
    for start in range(0, count, 100):
        batch = records[start : start + 100]
        judge.judge(batch, judge.form(batch), {}, {})
    ours = time.process_time() - begun
    given = [t for r in records for t in (*r.triples, *facts(r, rests_on))]
    data = [
        (judge.base, given, judge.shape_files("shapes/records")),
        (judge.compared, [*given, *judge.conclusions(records)], judge.shape_files("shapes/policies")),
    ]
    theirs = 0.0
    for beside, own, files in data:
        graph = rdflib.Graph().parse(data=serialise([*beside, *own], "ntriples"), format="nt")
        shapes = rdflib.Graph()
        for file in files:
            shapes.parse(file, format="turtle")
        begun = time.process_time()
        pyshacl.validate(graph, shacl_graph=shapes, advanced=True)
        theirs += time.process_time() - begun
    return {"rows": count, "ours": count / ours, "pySHACL": count / theirs, "ratio": theirs / ours}


def main() -> None:
    """Measure and print a table, or JSON with --json."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--counts", type=int, nargs="+", default=[1_000, 10_000, 100_000], help="numbers of rows")
    parser.add_argument("--form", choices=("csv", "xlsx", "jsonl"), default="csv", help="form of the table")
    parser.add_argument("--peer", type=int, default=1_000, help="rows for pySHACL; 0 leaves it out")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--one", choices=("measure", "peer"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        count = options.counts[0]
        print(json.dumps(measure(count, options.form) if options.one == "measure" else peer(count)))
        return
    results = [_alone("measure", count, options.form) for count in options.counts]
    against = _alone("peer", options.peer, options.form) if options.peer else {}
    if options.json:
        print(json.dumps({"ours": results, "peer": against}, indent=2))
        return
    print(f"{'rows':>9}{'rows a CPU s':>14}{'seconds':>10}{'MB':>7}")
    for r in results:
        print(f"{r['rows']:9}{r['rows a CPU second']:14.0f}{r['seconds']:10.0f}{r['MB']:7.0f}")
    if against:
        print(
            f"\nJudging alone, {against['rows']} rows: {against['ours']:.0f} rows a CPU second here, "
            f"{against['pySHACL']:.0f} with plain pySHACL on rdflib; ratio {against['ratio']:.1f}"
        )


def _alone(what: str, count: int, form: str) -> dict[str, Any]:
    """Run one measurement in a process of its own."""
    command = [sys.executable, __file__, "--one", what, "--counts", str(count), "--form", form]
    found = subprocess.run(command, capture_output=True, check=True, text=True)  # noqa: S603 - our own words
    return dict(json.loads(found.stdout))


if __name__ == "__main__":
    main()
