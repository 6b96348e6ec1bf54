"""Fuzzes the readers of submissions: `python tests/fuzzing.py --count 100000 --seed 1`.

The same seed draws the same inputs. What the confined children run is run here in forked processes, many inputs in each, so that what
kills one names its input. Whatever comes out but an error of ours, a hang, and a cell that gets lost are faults: the input is shrunk and
written to a file, and `--file` reads it again.
"""

from __future__ import annotations

import argparse
import io
import json
import mmap
import os
import re
import resource
import signal
import struct
import sys
import tempfile
import time
import traceback
import warnings
import zipfile
from collections import Counter, defaultdict
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from fuzzing_inputs import GRAPHS, NOTHINGS, TABLES, Input, Inputs
from policygraph.app.checking import check_read
from policygraph.errors import InputError, LimitError, PolicyGraphError, StoreError, Text, UsageError
from policygraph.graph import child as graph_child
from policygraph.graph import confine, parsing
from policygraph.graph.stopping import out_of_memory, rebuilt, told_of
from policygraph.model.places import letters
from policygraph.records import intake
from policygraph.records.headers import Headings
from policygraph.records.raw import Cell, RawObject, RawRow, RawSheet
from policygraph.records.sources import FORMS
from policygraph.records.spelling import spelt
from policygraph.records.tables import child as table_child
from policygraph.records.tables.reading import LIMITS
from policygraph.records.tables.wire import Decoder, encoded
from submitting import standard

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from policygraph.model.places import Place
    from policygraph.model.terms import Iri
    from policygraph.records.raw import Raw
    from policygraph.records.record import Submission

ALL = (*TABLES, *GRAPHS)
# JSON-LD takes thirty times as long as the others: the parser reads the context of all kinds each time.
TURNS = (*ALL, *(form for form in ALL if form != "jsonld"), "xlsx")
SECONDS = 5.0  # processor time of one input
SILENCE = 90.0  # seconds without a further input: what hangs outside Python does not heed an alarm
CHECKING = 180.0  # processor time of checking a batch
MEMORY = 4 << 30
CHUNK, CHECKED, BATCH = 250, 0.25, 100  # inputs of a process, share of processes that check a batch, records of it
KEPT = 3  # inputs kept of each fault
_NOTHINGS = {spelt(word) for word in NOTHINGS} | {"不清楚", "不明", "不知道", "待补", "unknown", "notknown", "notapplicable", ""}
_MARK = re.compile(r"[-/\\_]+")
_SHRINKING = 20.0  # seconds
_run = confine.run


class Hang(BaseException):
    """An input took too long."""


class Broken(Exception):  # noqa: N818 - a word of these tests
    """Something that must hold of every input does not."""


@dataclass(frozen=True)
class Fault:
    """What is wrong, and the inputs that show it: one, or those of a batch that was checked."""

    signature: str
    inputs: tuple[Input, ...]
    details: str = ""
    checked: bool = False


@dataclass
class Summary:
    """What came of a run."""

    outcomes: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    totals: Counter[str] = field(default_factory=Counter)
    faults: dict[str, list[Fault]] = field(default_factory=lambda: defaultdict(list))
    times: Counter[str] = field(default_factory=Counter)

    def add(self, fault: Fault) -> None:
        """Count a fault, and keep its inputs while there are few."""
        self.times[fault.signature] += 1
        if len(self.faults[fault.signature]) < KEPT:
            self.faults[fault.signature].append(fault)

    def words(self) -> str:
        """Return the summary as a table."""
        names = sorted({name for counts in self.outcomes.values() for name in counts})
        lines = [f"{'form':<9} {'inputs':>7} " + " ".join(f"{name:>10}" for name in names)]
        for form, counts in self.outcomes.items():
            lines.append(f"{form:<9} {counts.total():>7} " + " ".join(f"{counts[name]:>10}" for name in names))
        lines.append(", ".join(f"{count} {name}" for name, count in sorted(self.totals.items())))
        return "\n".join([*lines, *(f"FAULT ×{self.times[s]}: {s}" for s in self.faults)])


@cache
def inputs() -> Inputs:
    return Inputs()


@cache
def headings() -> Headings:
    return Headings(inputs().kinds, inputs().forms.book)


def drawn(seed: int, number: int, forms: tuple[str, ...] = ALL) -> Input:
    """Return the input of a number: the forms come one after the other."""
    form = forms[number % len(forms)]
    return inputs().draw(form, Random(f"{seed} {form} {number}"))  # noqa: S311 - no secret


# ---------------------------------------------------------------- reading in this process
class Reader:
    """Reads inputs as the program does, but for the processes in between; keeps what the first stage said, to compare."""

    def __init__(self, stage: Callable[[int], None] = lambda _: None) -> None:
        self._stage = stage
        self.raws: list[Raw] = []
        self.triples: tuple[Any, ...] = ()
        graph = standard().graph
        self._known: Callable[[Iri], bool] = lambda iri: next(graph.triples(subject=iri), None) is not None
        # This process is forked for the purpose and ends when its inputs do.
        confine.forbid_opening = lambda: None
        confine.run = self._answer
        intake.read_table = self._table
        intake.Headings = lambda *_: headings()  # type: ignore[assignment,misc]
        parse = parsing.parse_placed

        def placed(*args: Any, **named: Any) -> Any:
            found = parse(*args, **named)
            self.triples = found[0]
            return found

        parsing.parse_placed = placed

    def read(self, paths: list[str], form: str | None = None, kind: str = "") -> Submission:
        """Read files."""
        self.raws, self.triples = [], ()
        return intake.Intake(inputs().kinds, inputs().forms.book, self._known).read(paths, form, kind or None)

    def _table(self, stream: Any, form: str, name: str) -> Iterator[Raw]:
        if not os.fstat(stream.fileno()).st_size:
            raise InputError(Text("空", "empty"), Text("空", "empty"), name)
        decoder = Decoder()
        try:
            self._stage(1)
            for line in table_child.lines(form, stream):
                written = encoded(line)
                if b"\n" in written or written.startswith(b"{") or len(written) > confine.MAX_LINE:
                    raise Broken("a line of the child's answer is none")
                if (raw := decoder.decode(written)) is not None:
                    self.raws.append(raw)
                    self._stage(0)
                    yield raw
                    self._stage(1)
        except PolicyGraphError as error:
            again = rebuilt(json.loads(json.dumps(told_of(error)))["error"])
            where = f"{name}:{again.where}" if again.where else name
            raise type(again)(again.what, again.fix, where) from error
        except MemoryError:
            raise out_of_memory(LIMITS) from None
        finally:
            self._stage(0)

    def _answer(self, module: str, job: dict[str, Any], body: bytes, limits: Any) -> tuple[dict[str, Any], bytes]:
        if module != "policygraph.graph.child":
            return _run(module, job, body, limits)
        try:
            self._stage(1)
            return graph_child.work(json.loads(json.dumps(job)), body, limits)
        except MemoryError:
            raise out_of_memory(limits) from None
        finally:
            self._stage(0)


# ---------------------------------------------------------------- what must hold
def hold(reader: Reader, found: Submission, one: Input) -> None:
    """Say what does not hold of what an input came to.

    Raises:
        Broken: Something.
    """
    numbered(found)
    for misread in found.unread:
        worded(misread.why, misread.mending, misread.place.words())
    if one.form in TABLES and not reader.triples:
        _cells(reader.raws, found)
    else:
        stated = {p.value for r in found.records for _, p, _ in r.triples} | {r.statement[1].value for r in found.refusals}
        if lost := {p.value for _, p, _ in reader.triples} - stated:
            raise Broken("a statement is lost", lost)


def numbered(found: Submission) -> None:
    """Check the records' numbers, and the places and sentences of their refusals."""
    records = {record.iri: record for record in found.records}
    if [r.position for r in found.records] != list(range(1, len(found.records) + 1)) or len(records) != len(found.records):
        raise Broken("records are not numbered without gaps")
    if sum(file.records for file in found.files) != len(records):
        raise Broken("files count other records")
    for record in found.records:
        for triple in record.triples:
            triple[2].value.encode()
    for refusal in (*found.refusals, *(r for record in found.records for r in record.refused)):
        worded(refusal.why, refusal.mending)
        for term in refusal.statement:
            term.value.encode()
        if refusal.record:
            origin = records[refusal.record].origins[refusal.row or refusal.record]
            _placed(origin.place(refusal.statement[1].value), bool(origin.sheet), bool(origin.lines or origin.members))


def worded(*texts: Text) -> None:
    """Check that texts say something in both languages and can be written."""
    for text in texts:
        if not (text.zh.strip() and text.en.strip()):
            raise Broken("a sentence lacks a language", text)
        f"{text.zh}{text.en}".encode()


def _placed(place: Place, in_table: bool, lined: bool) -> None:
    if not place.file or (in_table and not (place.row and place.column and place.header)) or (lined and not place.line):
        raise Broken("a refusal has no place", place)
    worded(place.words())


def _cells(raws: list[Raw], found: Submission) -> None:
    """Check that every cell with a meaning in a column that is read became a term or a refusal."""
    stated = defaultdict(set)
    for record in found.records:
        for s, p, _ in record.triples:
            stated[s.value].add(p.value)
        for refusal in record.refused:
            stated[refusal.row or refusal.record].add(refusal.statement[1].value)
    if any(isinstance(raw, RawObject) for raw in raws):
        _members(raws, found, stated)
        return
    rows: dict[tuple[str, int], RawRow] = {}
    names: Counter[str] = Counter()
    sheet = ""
    for raw in raws:
        if isinstance(raw, RawSheet):
            sheet = raw.name
            names[sheet] += 1
        elif isinstance(raw, RawRow):
            rows[sheet, raw.number] = raw
    read: dict[tuple[str, str], set[str]] = defaultdict(set)  # sheet and kind → columns
    covered: dict[tuple[str, int], set[str]] = defaultdict(set)
    kinds: dict[tuple[str, int], str] = {}
    for record in found.records:
        for iri, origin in record.origins.items():
            if origin.sheet is None or names[origin.sheet.name] > 1:
                continue
            at = origin.sheet.name, origin.row
            kinds.setdefault(at, record.kind.iri)
            for path, (column, header) in origin.sheet.headers.items():
                read[at[0], record.kind.iri].add(column)
                covered[at].add(column)
                if _states(_at(rows[at], column)) and path not in stated[iri]:
                    raise Broken("a cell is lost", at, column, header, _at(rows[at], column))
    said = {(m.place.sheet, m.place.row) for m in found.unread} | {(u.place.sheet, u.place.row) for f in found.files for u in f.unread}
    kind_columns: dict[str, set[int]] = defaultdict(set)
    for (name, _), row in [*rows.items()]:
        kind_columns[name] |= {c for c, cell in enumerate(row.cells, 1) if cell and headings().mark(cell.text) == "kind"}
    first = {name: min(row for n, row in kinds if n == name) for name, _ in kinds}
    for (name, number), row in rows.items():
        if name not in first or number <= first[name] or (name, number) in said:
            continue
        own = kinds.get((name, number))
        if own is None and any(_states(_at(row, letters(c))) for c in kind_columns[name]):
            continue  # it names a kind that has none of these columns, which is said of the columns
        columns = set().union(*(c for (n, kind), c in read.items() if n == name and own in {None, kind}))
        if lost := [c for c in columns - covered[name, number] if _states(_at(row, c))]:
            raise Broken("a row is lost" if own is None else "a child row is lost", name, number, [_at(row, c) for c in lost])


def _members(raws: list[Raw], found: Submission, stated: dict[str, set[str]]) -> None:
    objects = {(raw.line, raw.pointer): raw for raw in raws if isinstance(raw, RawObject)}
    for raw in [*objects.values()]:
        inner = (v for _, values in raw.members for v in values if isinstance(v, RawObject))
        objects |= {(v.line, v.pointer): v for v in inner}
    seen = {(u.place.line, u.place.path) for f in found.files for u in f.unread}
    for record in found.records:
        for iri, origin in record.origins.items():
            seen.add((origin.line, origin.path))
            members = dict(objects[origin.line, origin.path].members)
            for path, key in origin.members.items():
                if any(isinstance(v, RawObject) or _states(v) for v in members[key]) and path not in stated[iri]:
                    raise Broken("a member is lost", origin.line, key, members[key])
    if lost := [(raw.line, raw.pointer) for raw in raws if isinstance(raw, RawObject) and (raw.line, raw.pointer) not in seen]:
        raise Broken("an object is lost", lost)


def _at(row: RawRow, column: str) -> Cell | None:
    number = 0
    for letter in column:
        number = number * 26 + ord(letter) - 64
    return row.cells[number - 1] if number <= len(row.cells) else None


def _states(cell: Cell | None) -> bool:
    """Say whether a cell states something, by a list of these tests: which words state nothing."""
    if cell is None or cell.sort != "text":
        return cell is not None
    words = [spelt(part) for part in re.split("[、;；,，\n]", cell.text)]
    return not all(word in _NOTHINGS or _MARK.fullmatch(word) for word in words)


# ---------------------------------------------------------------- one input, and batches
def attempt(reader: Reader, one: Input, folder: Path) -> tuple[str, Submission | None, Path]:
    """Read an input; return what came of it.

    Raises:
        BaseException: A fault.
    """
    path = folder / f"{one.stem}{FORMS[one.form][0]}"
    path.write_bytes(one.data)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        _alarm(SECONDS)
        try:
            found = reader.read([str(path)], one.form, one.kind)
            hold(reader, found, one)
        except PolicyGraphError as error:
            worded(error.what, error.fix)
            error.render("zh").encode()
            if isinstance(error, UsageError | StoreError) and not one.kind:
                raise Broken("not an error of a file", type(error).__name__, error.what.en) from error
            if isinstance(error, InputError | LimitError) and path.name not in error.where:
                raise Broken("an error does not name the file", error.what.en) from error
            return type(error).__name__, None, path
        finally:
            _alarm(0)
    return "read", found, path


def check(reader: Reader, paths: list[str]) -> int:
    """Read files together, and check and decide what is in them; return how many records it was."""
    _alarm(CHECKING)
    try:
        found = reader.read(paths)
        numbered(found)
        report = check_read(standard(), paths, found)
    finally:
        _alarm(0)
    if len(report.records) != len(found.records):
        raise Broken("reports are missing")
    graphs = {form for form in GRAPHS for path in paths if path.endswith(FORMS[form])}
    for record in report.records:
        for finding in record.findings:
            worded(finding.message)
            if finding.verdict == "invalid" and finding.place is None and not graphs:
                raise Broken("a finding has no place", finding.message.en)
    return len(report.records)


def _alarm(seconds: float) -> None:
    signal.setitimer(signal.ITIMER_PROF, seconds)


def _rung(*_: object) -> None:
    raise Hang


def signature(error: BaseException) -> str:
    """Return what tells a fault from others: the error, and where in our code it came from."""
    if isinstance(error, Broken):
        return f"broken: {error.args[0]}"
    frames = [f for f in traceback.extract_tb(error.__traceback__) if "/policygraph/" in f.filename]
    where = f"{frames[-1].filename.rpartition('/policygraph/')[2]}:{frames[-1].name}" if frames else "?"
    return f"{type(error).__name__} in {where}" + ("" if isinstance(error, Hang) else f": {str(error)[:60]!r}")


class Worker:
    """A forked process that takes some inputs, one after the other, and tells in a file what came of each."""

    def __init__(self, numbers: range, make: Callable[[int], Input], checking: bool) -> None:
        self._numbers, self._make, self._checking = numbers, make, checking
        self._told = tempfile.TemporaryFile()  # noqa: SIM115 - closed when it was read
        self._shared = mmap.mmap(-1, 16)  # how many inputs were begun, and whether confined code is at work
        self.died = ""
        self._moved = time.monotonic(), -1
        sys.stdout.flush()
        self.pid = os.fork()
        if not self.pid:
            status = 1
            with suppress(BaseException):
                self._work()
                status = 0
            os._exit(status)

    def over(self) -> bool:
        """Say whether the process has ended; one that stands still is killed."""
        begun = self._begun()[0]
        if begun != self._moved[1]:
            self._moved = time.monotonic(), begun
        if time.monotonic() - self._moved[0] > (SILENCE if begun < len(self._numbers) else 4 * CHECKING):
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
            self.died = "Hang outside Python"
            return True
        pid, status = os.waitpid(self.pid, os.WNOHANG)
        if pid and status:
            code = os.waitstatus_to_exitcode(status)
            self.died = f"crash by {signal.Signals(-code).name}" if code < 0 else f"exit {code}"
        return bool(pid)

    def result(self, summary: Summary) -> range:
        """Add what came of the inputs; return those that were not tried."""
        self._told.seek(0)
        for line in self._told.read().decode().splitlines():
            match json.loads(line):
                case ["outcome", form, outcome, *totals]:
                    summary.outcomes[form][outcome] += 1
                    summary.totals.update(dict(zip(("records", "refusals"), totals, strict=False)))
                case ["fault", number, words, details]:
                    summary.add(Fault(words, (self._make(number),), details))
                case ["checked", count]:
                    summary.totals.update({"batches checked": 1, "records checked": count})
                case ["batch", numbers, words, details]:
                    summary.add(Fault(words, tuple(map(self._make, numbers)), details, checked=True))
        self._told.close()
        begun, stage = self._begun()
        if not self.died:
            return range(0)
        if begun > len(self._numbers):
            summary.add(Fault(f"{self.died} while checking", (), repr(self._numbers), checked=True))
            return range(0)
        number = self._numbers[begun - 1]
        form = self._make(number).form
        if stage == 1 and self.died.startswith("crash"):  # the caller of a confined child says that it was stopped
            summary.outcomes[form]["stopped"] += 1
        else:
            summary.outcomes[form]["fault"] += 1
            summary.add(Fault(f"{self.died} of {form}", (self._make(number),)))
        return self._numbers[begun:]

    def _begun(self) -> tuple[int, int]:
        begun, stage = struct.unpack("qq", self._shared[:16])
        return begun, stage

    # ---------------------------------------------------------------- in the process
    def _work(self) -> None:
        signal.signal(signal.SIGPROF, _rung)
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # the parsers' last words
        begun = 0

        def stage(now: int) -> None:
            self._shared[:16] = struct.pack("qq", begun, now)

        reader, read = Reader(stage), []
        with tempfile.TemporaryDirectory(prefix="policygraph-fuzz-", dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as folder:  # noqa: S108
            for begun, number in enumerate(self._numbers, 1):  # noqa: B007 - told by stage()
                stage(0)
                one, own = self._make(number), Path(folder, str(number))
                own.mkdir()
                try:
                    outcome, found, path = attempt(reader, one, own)
                    if not one.kind and (found is None or len(found.records) <= BATCH // 4):
                        read.append((number, str(path), len(found.records) if found else 0))
                    totals = [len(found.records), sum(len(r.refused) for r in found.records) + len(found.refusals)] if found else []
                    self._tell("outcome", one.form, outcome, *totals)
                except BaseException as error:
                    self._tell("outcome", one.form, "fault")
                    self._tell("fault", number, signature(error), "".join(traceback.format_exception(error))[-3000:])
            if self._checking:
                begun += 1
                stage(0)
                self._check(reader, read)

    def _check(self, reader: Reader, read: list[tuple[int, str, int]]) -> None:
        chosen: list[tuple[int, str, int]] = []
        for each in read:
            if sum(c for _, _, c in chosen) + each[2] <= BATCH and (each[2] or len(chosen) % 3 == 0):
                chosen.append(each)
        if not any(c for _, _, c in chosen):
            return
        try:
            self._tell("checked", check(reader, [path for _, path, _ in chosen]))
        except BaseException as error:
            self._tell("batch", [n for n, _, _ in chosen], signature(error), "".join(traceback.format_exception(error))[-3000:])

    def _tell(self, *words: Any) -> None:
        os.write(self._told.fileno(), json.dumps(words).encode() + b"\n")


def fuzz(
    count: int,
    seed: int,
    jobs: int = 1,
    forms: tuple[str, ...] = ALL,
    checked: float = CHECKED,
    told: Callable[[int, Summary], None] | None = None,
) -> Summary:
    """Read so many inputs."""
    summary, chance = Summary(), Random(seed)  # noqa: S311 - no secret

    def make(number: int) -> Input:
        return drawn(seed, number, forms)

    headings()
    waiting = [(range(start, min(start + CHUNK, count)), chance.random() < checked) for start in reversed(range(0, count, CHUNK))]
    working: list[Worker] = []
    while waiting or working:
        while waiting and len(working) < jobs:
            numbers, checking = waiting.pop()
            working.append(Worker(numbers, make, checking))
        for worker in [w for w in working if w.over()]:
            working.remove(worker)
            if rest := worker.result(summary):
                waiting.append((rest, False))
            if told:
                told(sum(c.total() for c in summary.outcomes.values()), summary)
        time.sleep(0.02)
    return summary


# ---------------------------------------------------------------- shrinking and keeping
def tried(several: tuple[Input, ...], checked: bool) -> str:
    """Return the signature of what inputs come to in a process of their own, '' if all is well."""
    summary = Summary()
    worker = Worker(range(len(several)), lambda n: several[n], checked)
    while not worker.over():
        time.sleep(0.005)
    worker.result(summary)
    return next(iter(summary.faults), "")


def shrunk(fault: Fault) -> Fault:
    """Return a fault with fewer and shorter inputs that show the same."""
    until = time.monotonic() + _SHRINKING

    def same(several: tuple[Input, ...]) -> bool:
        return bool(several) and time.monotonic() < until and tried(several, fault.checked) == fault.signature

    several = fault.inputs
    size = len(several) // 2
    while size:
        for start in range(0, len(several), size):
            if same(less := several[:start] + several[start + size :]):
                several = less
                break
        else:
            size //= 2
    if len(several) == 1:
        one = several[0]
        for pieces, join in _pieces(one):
            size = max(1, len(pieces) // 2)
            while size and time.monotonic() < until:
                for start in range(0, len(pieces), size):
                    if same((replace(one, data=join(less := pieces[:start] + pieces[start + size :])),)):
                        pieces = less
                        break
                else:
                    size //= 2
            several = (one := replace(one, data=join(pieces)),) if same((replace(one, data=join(pieces)),)) else several
    return replace(fault, inputs=several)


def _pieces(one: Input) -> Iterator[tuple[list[Any], Callable[[list[Any]], bytes]]]:
    """Yield ways to cut an input in pieces: a workbook's rows and cells, a text's lines and bytes."""
    if one.form != "xlsx":
        yield one.data.splitlines(keepends=True), b"".join
        yield [bytes([b]) for b in one.data], b"".join
        return
    try:
        archive = zipfile.ZipFile(io.BytesIO(one.data))
        members = {name: archive.read(name) for name in archive.namelist()}
    except Exception:
        return
    for name in members:
        if "worksheets/sheet" in name and name.endswith(".xml"):

            def join(pieces: list[Any], name: str = name) -> bytes:
                out = io.BytesIO()
                members[name] = b"".join(pieces)
                with zipfile.ZipFile(out, "w") as written:
                    for each, content in members.items():
                        written.writestr(each, content)
                return out.getvalue()

            yield re.split(rb"(?=<row|<c |</row|</sheetData)", members[name]), join


def keep(faults: list[Fault], folder: Path) -> list[Path]:
    """Write the inputs of faults to files."""
    paths = []
    for number, fault in enumerate(faults, 1):
        own = folder / f"{number:03}"
        own.mkdir(parents=True, exist_ok=True)
        (own / "fault.txt").write_text(f"{fault.signature}\n\n{fault.details}\n", encoding="utf-8", errors="backslashreplace")
        for place, one in enumerate(fault.inputs, 1):
            paths.append(own / f"{place:03}-{one.form}-{one.kind or 'none'}-{one.stem}{FORMS[one.form][0]}")
            paths[-1].write_bytes(one.data)
    return paths


def kept(path: Path) -> Input:
    """Return an input that was written to a file."""
    _, form, kind, stem = path.name.split("-", 3)
    return Input(form, stem.rpartition(".")[0], "" if kind == "none" else kind, path.read_bytes())


def main() -> int:
    """Fuzz as the options say."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--forms", default=",".join(TURNS))
    parser.add_argument("--checked", type=float, default=CHECKED, help="share of processes that check a batch")
    parser.add_argument("--keep", type=Path, default=Path(tempfile.gettempdir()) / "policygraph-fuzz")
    parser.add_argument("--file", type=Path, nargs="*", help="read kept inputs again")
    args = parser.parse_args()
    if args.file:
        summary = Summary()
        worker = Worker(range(len(args.file)), lambda n: kept(args.file[n]), checking=len(args.file) > 1)
        while not worker.over():
            time.sleep(0.02)
        worker.result(summary)
        print(summary.words(), *(f.details for each in summary.faults.values() for f in each), sep="\n")
        return bool(summary.faults)
    started = time.monotonic()

    def told(done: int, summary: Summary) -> None:
        if sys.stderr.isatty() or not done // CHUNK % 40:
            rate = done / (time.monotonic() - started)
            end = "\r" if sys.stderr.isatty() else "\n"
            print(f"{done}/{args.count} inputs, {rate:.0f}/s, {len(summary.faults)} faults ", end=end, file=sys.stderr, flush=True)

    summary = fuzz(args.count, args.seed, args.jobs, tuple(args.forms.split(",")), args.checked, told)
    print(f"\n{summary.words()}\n{time.monotonic() - started:.0f} s", flush=True)
    for path in keep([shrunk(f) for each in summary.faults.values() for f in each[:1]], args.keep):
        print(path)
    return bool(summary.faults)


if __name__ == "__main__":
    sys.exit(main())
