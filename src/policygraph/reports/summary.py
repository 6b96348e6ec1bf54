"""What a report comes to, gathered in one pass: counts by verdict, check and column, texts quoted, columns of each kind."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from policygraph.reports.cells import short, table
from policygraph.reports.lines import VERDICTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from policygraph.model.answers import CheckReport, Finding, RecordReport
    from policygraph.model.grounds import Citation, Named

# More columns than a person would look through are counted together.
_MOST_COLUMNS = 2_000


@dataclass(frozen=True, slots=True)
class CheckCount:
    """A check with findings.

    Attributes:
        shape: The check.
        verdicts: Verdict → how many findings.
        provisions: The clauses behind it.
    """

    shape: Named
    verdicts: Counter[str]
    provisions: tuple[Named, ...]

    @property
    def total(self) -> int:
        """How many findings it has."""
        return self.verdicts.total()

    @property
    def worst(self) -> str:
        """Its worst verdict."""
        return min(self.verdicts, key=VERDICTS.index)


@dataclass(frozen=True, slots=True)
class ColumnCount:
    """A column, or a field where the file has no columns, with findings.

    Attributes:
        file: Name of the file, '' if unknown.
        sheet: Name of the sheet, '' if none.
        column: Letters of the column, '' if none.
        header: Its header, or the field's name; `field` has that in both languages.
        field: The field, None if only the header is known.
        total: How many findings stand in it.
    """

    file: str
    sheet: str
    column: str
    header: str
    field: Named | None
    total: int


@dataclass(slots=True)
class Layout:
    """Columns of the records of a kind, or of the rows of one of its child tables.

    Attributes:
        title: Title of its sheet as submitted, '' if unknown.
        records: How many records or rows it has.
    """

    title: str = ""
    records: int = 0
    _names: dict[str, Named] = field(default_factory=dict)
    _after: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def add(self, fields: Iterable[Named]) -> None:
        """Take over the fields of one record, in their order."""
        self.records += 1
        last = ""
        for each in fields:
            self._names.setdefault(each.iri, each)
            if last and last != each.iri:
                self._after[last].add(each.iri)
            last = each.iri

    def columns(self) -> list[Named]:
        """Return all fields in an order that agrees with every record's, as far as one does."""
        waiting = Counter(follower for followers in self._after.values() for follower in followers)
        left = dict(self._names)
        ordered: list[Named] = []
        while left:
            following = next((iri for iri in left if waiting[iri] <= 0), next(iter(left)))
            ordered.append(left.pop(following))
            waiting.subtract(self._after.get(following, ()))
        return ordered


@dataclass(slots=True)
class Summary:
    """What a report comes to.

    Attributes:
        records: How many records there are.
        with_findings: How many of them have findings, notes included.
        verdicts: Verdict → how many records; a verdict's name is in `names`.
        names: Verdict → its name.
        findings: Verdict → how many findings.
        checks: Checks with findings, worst and most frequent first.
        columns: Columns with findings, most frequent first.
        days: First and last day as of which records were judged, '' if there are none.
        unchecked: Records that no check looked at, as runs of positions.
        quiet: Verdict → records of it without findings, as runs of positions.
        texts: Documents quoted, with the digest of each text.
        layouts: (kind, child table or '') → its columns.
        kinds: IRI of a kind → the kind.
        outcomes: Rule → outcome → how many decisions.
        nodes: Rules and outcomes by IRI.
    """

    records: int = 0
    with_findings: int = 0
    verdicts: Counter[str] = field(default_factory=Counter)
    names: dict[str, Named] = field(default_factory=dict)
    findings: Counter[str] = field(default_factory=Counter)
    checks: tuple[CheckCount, ...] = ()
    columns: tuple[ColumnCount, ...] = ()
    days: tuple[str, str] = ("", "")
    unchecked: list[tuple[int, int]] = field(default_factory=list)
    quiet: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    texts: tuple[tuple[str, str], ...] = ()
    layouts: dict[tuple[str, str], Layout] = field(default_factory=dict)
    kinds: dict[str, Named] = field(default_factory=dict)
    outcomes: dict[str, Counter[str]] = field(default_factory=dict)
    nodes: dict[str, Named] = field(default_factory=dict)

    @property
    def several_files(self) -> bool:
        """Whether the columns with findings are in more than one file."""
        return len({column.file for column in self.columns if column.file}) > 1

    @property
    def total(self) -> int:
        """How many findings there are."""
        return self.findings.total()


def summarise(report: CheckReport) -> Summary:
    """Gather a report in one pass; what is kept grows with the policy and the columns, not with the records."""
    gathering = _Gathering()
    for finding in report.file_findings:
        gathering.finding(finding)
    for record in report.records:
        gathering.record(record)
    return gathering.done()


class _Gathering:
    def __init__(self) -> None:
        self.summary = Summary()
        self.days: set[str] = set()
        self.texts: set[tuple[str, str]] = set()
        self.checks: dict[str, tuple[Named, Counter[str], dict[str, Named]]] = {}
        self.columns: dict[tuple[str, str, str, str], tuple[Named | None, list[int]]] = {}

    def record(self, record: RecordReport) -> None:
        summary = self.summary
        summary.records += 1
        summary.with_findings += bool(record.findings)
        summary.verdicts[record.verdict.short] += 1
        summary.names.setdefault(record.verdict.short, record.verdict)
        summary.kinds.setdefault(record.kind.iri, record.kind)
        # The first and the last day are all that is kept of many.
        self.days = {min({*self.days, record.as_of}), max({*self.days, record.as_of})}
        if not record.checks:
            _extend(summary.unchecked, record.position)
        if not record.findings:
            _extend(summary.quiet.setdefault(record.verdict.short, []), record.position)
        for finding in record.findings:
            self.finding(finding)
        for finding in record.passes:
            self._quoted(finding.citations)
        for decision in record.decisions:
            self._quoted(decision.citations)
            for node in (decision.rule, decision.outcome):
                summary.nodes.setdefault(node.iri, node)
            summary.outcomes.setdefault(decision.rule.iri, Counter())[decision.outcome.iri] += 1
        self._layout(record)

    def finding(self, finding: Finding) -> None:
        self.summary.findings[finding.verdict] += 1
        self._quoted(finding.citations)
        _, verdicts, provisions = self.checks.setdefault(finding.shape.iri, (finding.shape, Counter(), {}))
        verdicts[finding.verdict] += 1
        provisions.update((c.provision.iri, c.provision) for c in finding.citations)
        place = finding.place
        if place and (place.column or place.header):
            key = (place.file, place.sheet, place.column, place.header)
        elif finding.path:
            key = (place.file if place else "", "", "", finding.path.iri)
        else:
            return
        if key not in self.columns and len(self.columns) >= _MOST_COLUMNS:
            key = ("", "", "", "…")
        self.columns.setdefault(key, (finding.path, [0]))[1][0] += 1

    def _quoted(self, citations: tuple[Citation, ...]) -> None:
        self.texts.update((c.document, c.sha256) for c in citations if c.sha256)

    def _layout(self, record: RecordReport) -> None:
        layouts = self.summary.layouts
        rows: dict[str, list[Named]] = {"": []}
        for fact in record.stated:
            rows.setdefault(short(fact.row), []).append(fact.field)
            if fact.row:
                name = table(record, short(fact.row))[0]
                layout = layouts.setdefault((record.kind.iri, name), Layout())
                layout.title = layout.title or (fact.place.sheet if fact.place else "")
        for finding in record.findings:
            # What is at fault because it was refused or left out has a column too.
            if finding.path and not any(finding.path.iri == f.iri for f in rows.get(short(finding.row), ())):
                rows.setdefault(short(finding.row), []).append(finding.path)
        for row, fields in rows.items():
            layouts.setdefault((record.kind.iri, table(record, row)[0] if row else ""), Layout()).add(fields)

    def done(self) -> Summary:
        summary = self.summary
        counts = (CheckCount(shape, verdicts, tuple(provisions.values())) for shape, verdicts, provisions in self.checks.values())
        summary.checks = tuple(sorted(counts, key=lambda c: (VERDICTS.index(c.worst), -c.total, c.shape.iri)))
        columns = (
            ColumnCount(file, sheet, column, header, path, count[0])
            for (file, sheet, column, header), (path, count) in self.columns.items()
        )
        summary.columns = tuple(sorted(columns, key=lambda c: (-c.total, c.file, c.sheet, len(c.column), c.column, c.header)))
        summary.days = (min(self.days, default=""), max(self.days, default=""))
        summary.texts = tuple(sorted(self.texts))
        return summary


def _extend(runs: list[tuple[int, int]], position: int) -> None:
    if runs and runs[-1][1] == position - 1:
        runs[-1] = (runs[-1][0], position)
    else:
        runs.append((position, position))


def spans(runs: list[tuple[int, int]], most: int = 30) -> Iterator[str]:
    """Yield runs of positions as people write them, `1–20`, and `…` where there are too many."""
    for first, last in runs[:most]:
        yield str(first) if first == last else f"{first}–{last}"
    if len(runs) > most:
        yield "…"
