"""Findings and decisions as rows of a table: one row a finding, and one for a record without any; csv and xlsx write the same rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policygraph.errors import Text
from policygraph.model.places import heading
from policygraph.vocab import STATUS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from policygraph.model.answers import CheckReport, DecisionResult, RecordReport
    from policygraph.model.places import Place
    from policygraph.reports.entries import Entries, Entry, Quote

Value = str | int
_WHERE = (
    Text("文件", "file"),
    Text("工作表", "sheet"),
    Text("行", "row"),
    Text("列", "column"),
    Text("列标题", "header"),
    Text("行号", "line"),
    Text("路径", "path"),
    Text("记录", "record"),
    Text("名称", "name"),
    Text("种类", "kind"),
    Text("记录结论", "verdict of the record"),
)
FINDING_HEADERS = (
    *_WHERE,
    Text("发现结论", "finding"),
    Text("核查", "check"),
    Text("核查标识", "check IRI"),
    Text("子表行", "row of a child table"),
    Text("问题", "message"),
    Text("所填", "filled in"),
    Text("所见", "found"),
    Text("依据原文", "quote"),
    Text("条款", "provision"),
    Text("数值", "parameter"),
    Text("改正", "to do"),
    Text("原因", "cause"),
)
FINDING_VERDICT = len(_WHERE)
DECISION_HEADERS = (
    *_WHERE,
    Text("判读基准日", "as of"),
    Text("规则", "rule"),
    Text("规则标识", "rule IRI"),
    Text("判读结果", "outcome"),
    Text("原因", "cause"),
    Text("数额下限", "at least"),
    Text("数额上限", "at most"),
    Text("单位", "unit"),
    Text("内容", "content"),
    Text("未满足或待定的条件", "conditions failed or open"),
    Text("尚待证明", "proof to be shown"),
    Text("依据原文", "quote"),
    Text("条款", "provision"),
    Text("数值", "parameter"),
    Text("无效原因", "why invalid"),
)


class Rows:
    """Makes rows in one language; texts are as foreign as the submission, whoever writes them makes them harmless."""

    def __init__(self, entries: Entries) -> None:
        self._entries = entries

    def findings(self, report: CheckReport) -> Iterator[tuple[Value, ...]]:
        """Yield one row a finding, those of no record first, and one row for a record without findings."""
        for finding in report.file_findings:
            yield self.finding(self._entries.entry(finding), None)
        for record in report.records:
            for finding in record.findings:
                yield self.finding(self._entries.entry(finding, record), record)
            if not record.findings:
                yield self.without(record)

    def without(self, record: RecordReport) -> tuple[Value, ...]:
        """Return the row of a record without findings."""
        where = self._where(record.place, record)
        return (*where, *("",) * (len(FINDING_HEADERS) - len(where)))

    def finding(self, entry: Entry, record: RecordReport | None) -> tuple[Value, ...]:
        """Return the row of a finding."""
        return (
            *self._where(entry.where, record),
            entry.word,
            entry.check,
            entry.shape,
            entry.row,
            entry.message,
            entry.value,
            entry.found,
            *self._basis(entry.quotes, entry.parameters),
            entry.mending,
            entry.causes,
        )

    def decisions(self, report: CheckReport) -> Iterator[tuple[Value, ...]]:
        """Yield one row a decision, and one for a record without any, with why it is invalid."""
        for finding in report.file_findings:
            where = self._where(finding.place, None)
            yield (*where, *("",) * (len(DECISION_HEADERS) - len(where) - 1), self._entries.entry(finding).message)
        for record in report.records:
            for decision in record.decisions:
                yield self.decision(decision, record)
            if not record.decisions:
                where = self._where(record.place, record)
                invalid = (self._entries.entry(f, record).message for f in record.findings if f.verdict == "invalid")
                yield (*where, record.as_of, *("",) * (len(DECISION_HEADERS) - len(where) - 2), self._join(invalid))

    def decision(self, decision: DecisionResult, record: RecordReport) -> tuple[Value, ...]:
        """Return the row of a decision."""
        entries = self._entries
        unmet = {c.node: c.status for a in decision.alternatives for c in a.conditions if c.status.iri != STATUS.satisfied}
        return (
            *self._where(record.place, record),
            decision.as_of,
            entries.label(decision.rule),
            decision.rule.iri,
            entries.label(decision.outcome),
            self._join(entries.label(cause) for cause in decision.causes),
            decision.low,
            decision.high,
            entries.label(decision.unit) if decision.unit else "",
            entries.words(decision.benefit),
            self._join(
                entries.pick(f"{entries.label(n)}：{entries.label(s)}", f"{entries.label(n)}: {entries.label(s)}") for n, s in unmet.items()
            ),
            self._join(dict.fromkeys(entries.label(fact.field) for fact in decision.proofs)),
            *self._basis(tuple(entries.quotes(decision.citations)), tuple(entries.parameter(p) for p in decision.parameters)),
            "",
        )

    def _where(self, place: Place | None, record: RecordReport | None) -> tuple[Value, ...]:
        shown = self._entries.foreign
        header = self._entries.pick(heading(place.header, "zh"), heading(place.header, "en")) if place else ""
        return (
            *((shown(place.file), shown(place.sheet), place.row or "", place.column, shown(header)) if place else ("",) * 5),
            *((place.line or "", shown(place.path)) if place else ("", "")),
            record.position if record else "",
            self._entries.name(record) if record else "",
            self._entries.label(record.kind) if record else "",
            self._entries.label(record.verdict) if record else "",
        )

    def _basis(self, quotes: tuple[Quote, ...], parameters: tuple[str, ...]) -> tuple[str, str, str]:
        """Return verbatim words with what they mean in English, where they stand, and the numbers compared with."""
        words = (f"“{quote.words}”" + (f" ({quote.translation})" if quote.translation else "") for quote in quotes)
        return self._join(words), self._join(quote.source for quote in quotes), self._join(parameters)

    def _join(self, parts: Iterable[str]) -> str:
        return self._entries.pick("；", "; ").join(parts)
