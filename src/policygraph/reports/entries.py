"""Findings and records in the words of one language, flat: what html, pdf, xlsx and csv lay out, so that all of them say the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from policygraph.errors import Text
from policygraph.reports.adoption import adopted_lines, brought_lines
from policygraph.reports.cells import Cell, cells, short, table
from policygraph.reports.decisions import DecisionLines
from policygraph.reports.lines import VERDICT_MARKS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policygraph.model.answers import CheckReport, DecisionResult, Finding, RecordReport
    from policygraph.model.grounds import Citation, Named, ParameterUse, Point
    from policygraph.model.places import Place
    from policygraph.model.submitted import FileRead

_NOTE = Text("附注", "Note")
_MANY = 40
_MORE = Text("…（共 {count} 项）", "… ({count} in all)")


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence of the policy behind a finding.

    Attributes:
        words: Verbatim words, Chinese in every language.
        translation: Unofficial English, only in English reports.
        source: Document, provision, offsets, strength and hedges.
        provision: IRI of the provision.
        label: Name of the provision.
        sentence: The whole sentence where it says more than the quote.
        stale: That its number was replaced, '' otherwise.
    """

    words: str
    translation: str
    source: str
    provision: str
    label: str
    sentence: str
    stale: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A finding in the words of one language.

    Attributes:
        verdict: Its verdict: invalid, violation, undetermined, warning, note or pass.
        word: The verdict in words.
        mark: The verdict as a mark.
        shape: IRI of the check.
        check: Name of the check.
        message: What is wrong.
        value: What was filled in, '' if that is not the matter.
        found: Facts that the check compared.
        row: Row of a child table in which it stands, in words.
        place: Where it stands, or else its record, '' if neither is known.
        where: The same in its parts.
        causes: Why it is undetermined.
        quotes: What the policy says.
        parameters: Numbers it compared with.
        brought: What overlays brought to it.
        readings: Readings it leans on.
        open_points: Open questions beside it.
        mending: What to do, '' when the message says it.
    """

    verdict: str
    word: str
    mark: str
    shape: str
    check: str
    message: str
    value: str
    found: str
    row: str
    place: str
    where: Place | None
    causes: str
    quotes: tuple[Quote, ...]
    parameters: tuple[str, ...]
    brought: tuple[str, ...]
    readings: tuple[Point, ...]
    open_points: tuple[Point, ...]
    mending: str


class Entries(DecisionLines):
    """Writes findings and records in one language."""

    def entry(self, finding: Finding, record: RecordReport | None = None) -> Entry:
        """Return a finding in words; the record names the row in which it stands."""
        where = finding.place or (record.place if record else None)
        message, mending = self._shown(self._w(finding.message)), self._shown(self._w(finding.mending))
        facts = [self._shown(self._fact(fact)) for fact in finding.found[:_MANY]]
        facts += [self._w(_MORE).format(count=len(finding.found))] if len(finding.found) > _MANY else []
        adopted = (line.strip() for line in adopted_lines(finding.adopted, self._language, ""))
        brought = (line.strip() for line in brought_lines(finding.brought, self._language, ""))
        return Entry(
            verdict=finding.verdict,
            word=self._w(_NOTE) if finding.verdict == "note" else self._verdict_word(finding),
            mark=VERDICT_MARKS[finding.verdict],
            shape=finding.shape.iri,
            check=self._n(finding.shape),
            message=message,
            value=self._shown(self._w(finding.value)),
            found=self._t("；", "; ").join(facts),
            row=self.row(record, finding.row) if record and finding.row else "",
            place=self.place(where),
            where=where,
            causes=self._names(finding.causes),
            quotes=tuple(self.quotes(finding.citations)),
            parameters=tuple(self._parameter(p) for p in finding.parameters),
            brought=tuple(self._shown(line) for line in (*brought, *adopted)),
            readings=finding.readings,
            open_points=finding.open_points,
            mending="" if mending == message else mending,
        )

    def details(self, entry: Entry) -> tuple[tuple[str, str], ...]:
        """Return what is said of a finding before its proofs: name and words, only what there is to say."""
        said = (
            (self._t("核查", "Check"), entry.check),
            (self._t("位置", "Place"), entry.place),
            (self._t("子表行", "Row"), entry.row),
            (self._t("所填", "Filled in"), entry.value),
            (self._t("所见", "Found"), entry.found),
            (self._t("原因", "Cause"), entry.causes),
        )
        return tuple(each for each in said if each[1])

    def place(self, place: Place | None) -> str:
        """Return where something stands, in words."""
        return self._shown(self._place(place), 400)

    def row(self, record: RecordReport, row: str) -> str:
        """Return a row of a child table in words."""
        name, number = table(record, row)
        # A table has a title where it was submitted as a sheet of its own.
        sheets = (s.place.sheet for s in record.stated if s.place and s.row and short(s.row) == row)
        name = self.foreign(next(filter(None, sheets), name))
        return self._t(f"{name} 第 {number} 行", f"{name}, row {number}") if number else name

    def value(self, cell: Cell) -> str:
        """Return what was stated in a cell."""
        return self._shown(self._t("；", "; ").join(self._w(value) for value in cell.values[:_MANY]))

    def title(self, record: RecordReport) -> str:
        """Return what a record is called: its number, kind and name."""
        name = f" {self.name(record)}" if record.name else ""
        return self._t(f"记录 {record.position}（{self._n(record.kind)}）", f"Record {record.position} ({self._n(record.kind)})") + name

    def name(self, record: RecordReport) -> str:
        """Return the name of the person or unit that a record states."""
        return self._shown(record.name, 200)

    def label(self, named: Named) -> str:
        """Return a node's label."""
        return self._n(named)

    def words(self, text: Text) -> str:
        """Return a text in the language of the report."""
        return self._shown(self._w(text))

    def foreign(self, words: str) -> str:
        """Return words of the submission as a report may show them."""
        return self._shown(words, 400)

    def pick(self, zh: str, en: str) -> str:
        """Return one of two wordings."""
        return self._t(zh, en)

    def cells(self, record: RecordReport) -> tuple[Cell, ...]:
        """Return the record's cells, those at fault marked."""
        return cells(record)

    def parts(self, record: RecordReport) -> tuple[tuple[str, str, str], ...]:
        """Return the record's parts with their verdicts, short and in words, or why they have none."""
        why = self._without_verdict(record)
        return tuple(
            (self._n(part.part), part.verdict.short if part.verdict else "", self._n(part.verdict) if part.verdict else why)
            for part in record.parts
        )

    def decision(self, decision: DecisionResult) -> str:
        """Return what a rule says of a record, in one line: the rule, the outcome and the amount."""
        return f"{self._n(decision.rule)}{self._t('：', ': ')}{self._decision_head(decision)}"

    def decision_details(self, decision: DecisionResult) -> Iterator[tuple[int, str]]:
        """Yield the lines on a decision after the first one, each with the depth at which it stands."""
        for number, line in enumerate(self.decision_lines(decision)):
            if number:
                words = line.lstrip(" ")
                yield max(0, (len(line) - len(words) - 6) // 2), self._shown(words)

    def standing(self) -> str:
        """Return what the report is not and what it rests on."""
        return self._standing()

    def unread(self, file: FileRead) -> Iterator[str]:
        """Yield what of a file was not read, and why."""
        for each in file.unread:
            yield f"{self.place(each.place)}{self._t('：', ': ')}{self.words(each.why)}"

    def idle(self, report: CheckReport) -> str:
        """Return the checks that applied to no record."""
        return self._names(run.shape for run in report.checks if not run.looked_at)

    def quotes(self, citations: tuple[Citation, ...]) -> Iterator[Quote]:
        """Yield sentences of the policy in words."""
        for c in citations:
            yield Quote(
                words=c.quote,
                translation=c.translation if self._language == "en" else "",
                source=self._source(c),
                provision=c.provision.iri,
                label=self._n(c.provision),
                sentence="" if c.sentence == c.quote else c.sentence,
                stale=self._t("其数值已由后来的条款替代", "its number was replaced by a later clause") if c.superseded else "",
            )

    def parameter(self, parameter: ParameterUse) -> str:
        """Return a number of the policy with its words and validity."""
        return self._parameter(parameter)
