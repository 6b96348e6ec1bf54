"""Checks and decides submissions: read → keys → batches, each judged under the setting and, where readings were adopted, under the others.

The same pipeline serves `check` and `decide`. Records are judged in batches and lie on disk when there are many.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

from policygraph.app.adopted import Adopted
from policygraph.app.batches import batches
from policygraph.app.judging import WORST_FIRST, Judge, Judged
from policygraph.app.setting import Setting, setting
from policygraph.errors import Text
from policygraph.model.answers import CheckReport, Finding, RecordReport
from policygraph.model.terms import Iri
from policygraph.records.codebook import CodeBook
from policygraph.records.intake import Intake
from policygraph.records.keys import KeyIndex, Repeat
from policygraph.records.kinds import Kind, load_kinds
from policygraph.records.order import CodeOrder
from policygraph.records.origins import Sheet
from policygraph.records.spool import Spool
from policygraph.store.embedded import EmbeddedStore
from policygraph.vocab import PG

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from policygraph.records.record import Record, Submission

__all__ = ["WORST_FIRST", "Setting", "check_submission", "setting"]
_JUDGING = Text("核查", "checking")


class Known(Protocol):
    """What is known of earlier submissions beyond the files at hand: a register."""

    def about(self, record: Record) -> tuple[Record, Repeat | None]:
        """Return a record with the facts that were determined on it, and the earlier entry that states the same fact."""


Progress = "Callable[[Text, int, int], None]"


@dataclass(frozen=True, slots=True)
class Run:
    """What a run may have beside setting and files.

    Attributes:
        known: The register to compare with, None for none.
        progress: Is told what is being done, how much is done, and how much there is (0 while unknown).
        judge: Was made for a setting on the same graph before, None if it is to be made.
    """

    known: Known | None = None
    progress: Callable[[Text, int, int], None] = field(default=lambda *_: None)
    judge: Judge | None = None

    def judge_on(self, setting: Setting) -> Judge:
        """Return what judges under a setting."""
        return self.judge.on(setting) if self.judge is not None and self.judge.setting.graph is setting.graph else Judge(setting)


def check_submission(setting: Setting, source: str | Sequence[str], form: str | None = None) -> CheckReport:
    """Check files and decide their records.

    Args:
        setting: What the run rests on.
        source: A path, `-` for standard input, or several.
        form: Format of the files; by default what their endings say.

    Raises:
        InputError: A file cannot be read, or none holds a record of a known kind.
    """
    return check_with_records(setting, source, form)[0]


def check_with_records(
    setting: Setting, source: str | Sequence[str], form: str | None = None, kind: str | None = None, run: Run | None = None
) -> tuple[CheckReport, Sequence[Record]]:
    """Check files like `check_submission`, and return the records as they were judged beside the report.

    Args:
        setting: What the run rests on.
        source: A path, `-` for standard input, or several.
        form: Format of the files; by default what their endings say.
        kind: Kind of the records in files that do not say it.
        run: What the run has beside these.
    """
    submission = read(setting, source, form, kind, run)
    return _Checking(setting, _named(source), submission, run or Run()).result()


def read(
    setting: Setting, source: str | Sequence[str], form: str | None = None, kind: str | None = None, run: Run | None = None
) -> Submission:
    """Read the records of files, to be judged under one setting or under several."""
    graph = setting.graph
    store = EmbeddedStore(graph)
    intake = Intake(
        kinds=load_kinds(store),
        codes=CodeBook.of(store, CodeOrder(setting.roots)),
        known=lambda iri: next(graph.triples(subject=iri), None) is not None,
        progress=(run or Run()).progress,
    )
    return intake.read([source] if isinstance(source, str) else source, form, kind)


def check_read(setting: Setting, source: str | Sequence[str], submission: Submission, run: Run | None = None) -> CheckReport:
    """Check and decide what was read of files; where an overlay adopts a reading, also under its other options."""
    return _Checking(setting, _named(source), submission, run or Run()).result()[0]


def _named(source: str | Sequence[str]) -> str:
    return ", ".join("<stdin>" if each == "-" else each for each in ([source] if isinstance(source, str) else source))


class _Checking:
    """One run of the pipeline over what was read."""

    def __init__(self, setting: Setting, source: str, submission: Submission, run: Run) -> None:
        self._setting, self._source, self._submission, self._run = setting, source, submission, run
        self._judge = run.judge_on(setting)
        self._judges = {id(setting): self._judge}
        self._adopted = Adopted(setting)
        self._refused: dict[str, list[Finding]] = defaultdict(list)
        self._file_findings = [self._judge.maker.misread(misread) for misread in submission.unread]

    def result(self) -> tuple[CheckReport, Sequence[Record]]:
        """Return the report, and the records as they were judged."""
        reports: Spool[RecordReport] = Spool()
        judged: Spool[Record] = Spool((Kind, Sheet))
        looked: dict[str, int] = defaultdict(int)
        kinds: dict[str, None] = {}
        self._sort_refusals()
        worst = [finding.verdict for finding in self._file_findings]
        index, total = KeyIndex(), len(self._submission.records)
        for batch in batches(self._submission.records):
            records, said = self._batch(batch, index)
            judged.extend(records)
            reports.extend(said.records)
            for shape, count in said.looked_at.items():
                looked[shape] += count
            kinds |= dict.fromkeys(record.kind.iri for record in batch)
            worst = [min([*worst, *(r.verdict.short for r in said.records)], key=WORST_FIRST.index)]
            self._run.progress(_JUDGING, len(reports), total)
        report = CheckReport(
            source=self._source,
            digest=self._setting.digest,
            records=reports.settled(),
            file_findings=tuple(self._file_findings),
            checks=self._judge.checks(kinds, looked),
            verdict=self._judge.verdict(min(worst or ["unchecked"], key=WORST_FIRST.index)),
            overlays=self._adopted.overlays,
            files=self._submission.files,
        )
        return report, judged.settled()

    def _sort_refusals(self) -> None:
        """Lay refused statements with the records in which they stood, and the others with the file."""
        for refusal in self._submission.refusals:
            finding = self._judge.maker.refusal(refusal)
            (self._refused[refusal.record] if refusal.record else self._file_findings).append(finding)

    def _batch(self, batch: Sequence[Record], index: KeyIndex) -> tuple[Sequence[Record], Judged]:
        records, repeats = self._known(batch)
        maker = self._judge.maker.about(records)
        refused = {r.iri: [*self._refused.get(r.iri, ()), *map(maker.refusal, r.refused)] for r in records}
        formed = self._judge.form(records, [iri for iri, own in refused.items() if own])
        for record in formed.valid:
            if (repeat := index.enter(record)) is not None and not (record.iri in repeats and not repeat.certain):
                repeats.setdefault(record.iri, repeat)
        records = tuple(_repeating(r, repeats) for r in records)
        formed = replace(formed, valid=tuple(_repeating(r, repeats) for r in formed.valid))

        def judge(setting: Setting) -> Judged:
            own = self._judges.setdefault(id(setting), self._judge)
            if own.setting is not setting:
                own = self._judges[id(setting)] = Judge(setting)
            return own.judge(records, formed, refused, repeats)

        said = judge(self._setting)
        named = self._adopted.name(said.records, lambda other: judge(other).records)
        return records, Judged(named, said.looked_at)

    def _known(self, batch: Sequence[Record]) -> tuple[tuple[Record, ...], dict[str, Repeat]]:
        """Return a batch with what is known of its records beyond the files, and the earlier entries that they repeat."""
        if self._run.known is None:
            return tuple(batch), {}
        records, repeats = [], {}
        for record in batch:
            one, repeat = self._run.known.about(record)
            records.append(one)
            if repeat is not None:
                repeats[record.iri] = repeat
        return tuple(records), repeats


def _repeating(record: Record, repeats: Mapping[str, Repeat]) -> Record:
    """Return a record with the earlier one that it certainly repeats, as the engine reads it."""
    repeat = repeats.get(record.iri)
    if repeat is None or not repeat.certain:
        return record
    return replace(record, added=(*record.added, (Iri(record.iri), Iri(PG.duplicateOf), Iri(repeat.iri))))
