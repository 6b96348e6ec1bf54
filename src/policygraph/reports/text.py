"""Reports for people on a terminal, in one language: what was found, the sentence behind it, and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policygraph.errors import Text, clean
from policygraph.reports.adoption import adopted_lines, brought_lines, overlay_lines
from policygraph.reports.decisions import DecisionLines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policygraph.model.answers import CheckReport, Finding, RecordReport

_MARKS = {
    "invalid": "✗",
    "violation": "✗",
    "undetermined": "?",
    "warning": "!",
    "note": "·",
    "pass": "✓",
    "unchecked": "–",
}
_NOTE = Text("附注", "note")


class TextReport(DecisionLines):
    """Writes reports in one language."""

    # ---------------------------------------------------------------- check
    def check(self, report: CheckReport) -> str:
        """Return the report on a submission: verdicts, findings with proof and mending, and what was checked."""
        return "".join(f"{clean(line)}\n" for line in self._check_lines(report))

    def _check_lines(self, report: CheckReport) -> Iterator[str]:
        yield self._t("核查结论：", "Verdict: ") + f"{_MARKS[report.verdict.short]} {self._n(report.verdict)}"
        count = len(report.records)
        yield self._t(
            f"{report.source}：{count} 条记录；政策图谱 {report.digest[:12]}",
            f"{report.source}: {count} record{'s' if count != 1 else ''}; policy graph {report.digest[:12]}",
        )
        yield self._standing()
        yield from overlay_lines(report.overlays, self._language)
        for finding in report.file_findings:
            yield ""
            yield from self._finding_lines(finding, indent="")
        for record in report.records:
            yield ""
            yield from self._record_lines(record)
        yield ""
        yield self._t("做过的核查", "Checks that ran")
        for run in report.checks:
            if run.looked_at:
                looked = self._t(f"{run.looked_at} 条记录", f"{run.looked_at} record{'s' if run.looked_at != 1 else ''}")
                yield f"  {self._n(run.shape)}{self._t('：', ': ')}{looked}"
        if idle := self._names(run.shape for run in report.checks if not run.looked_at):
            yield f"  {self._t('没有适用的记录：', 'applied to none: ')}{idle}"
        unchecked = [str(r.position) for r in report.records if not r.checks]
        if unchecked:
            yield self._t("  没有核查适用的记录：", "  Records that no check applied to: ") + ", ".join(unchecked)
        yield from self._text_lines(report)

    def _record_lines(self, record: RecordReport) -> Iterator[str]:
        yield (self._record_head(record) + self._t("：", ": ") + f"{_MARKS[record.verdict.short]} {self._n(record.verdict)}")
        for part in record.parts:
            if part.verdict:
                yield f"  {self._n(part.part)}{self._t('：', ': ')}{self._n(part.verdict)}"
        if unreported := self._names(part.part for part in record.parts if not part.verdict):
            yield f"  {self._t('未报告，不核查：', 'not reported, not checked: ')}{unreported}"
        for finding in record.findings:
            yield from self._finding_lines(finding)
        for passed in record.passes:
            yield from self._finding_lines(passed)
        for decision in record.decisions:
            yield f"  {self._t('判读', 'Decision')}{self._t('：', ': ')}{self._decision_head(decision)}"
            if not record.findings:
                yield from self._citation_lines(decision.citations, "      ")

    def _record_head(self, record: RecordReport) -> str:
        name = f" {record.name}" if record.name else ""
        return self._t(
            f"记录 {record.position}（{self._n(record.kind)}）{name}，判读基准日 {record.as_of}",
            f"Record {record.position} ({self._n(record.kind)}){name}, as of {record.as_of}",
        )

    def _finding_lines(self, finding: Finding, indent: str = "  ") -> Iterator[str]:
        verdict = self._w(_NOTE) if finding.verdict == "note" else self._verdict_word(finding)
        row = f" [{finding.row}]" if finding.row else ""
        value = self._w(finding.value)
        found = self._t(f"（所填：{value}）", f" (found: {value})") if value else ""
        yield f"{indent}{_MARKS[finding.verdict]} {verdict}{self._t('：', ': ')}{self._w(finding.message)}{found}{row}"
        inner = indent + "    "
        if finding.found:
            facts = self._t("；", "; ").join(self._fact(f) for f in finding.found)
            yield f"{inner}{self._t('所见', 'Found')}{self._t('：', ': ')}{facts}"
        if finding.causes:
            yield f"{inner}{self._t('原因', 'Cause')}{self._t('：', ': ')}{self._names(finding.causes)}"
        yield from self._citation_lines(finding.citations, inner)
        yield from self._parameter_lines(finding.parameters, inner)
        yield from brought_lines(finding.brought, self._language, inner)
        yield from adopted_lines(finding.adopted, self._language, inner)
        yield from self._point_lines(finding.readings, self._t("读法", "Reading"), inner)
        yield from self._point_lines(finding.open_points, self._t("未定", "Open point"), inner)
        if self._w(finding.mending) and self._w(finding.mending) != self._w(finding.message):
            yield f"{inner}{self._t('改正', 'To do')}{self._t('：', ': ')}{self._w(finding.mending)}"

    def _verdict_word(self, finding: Finding) -> str:
        words = {
            "invalid": self._t("无效", "Invalid"),
            "violation": self._t("不符合", "Violation"),
            "undetermined": self._t("待定", "Undetermined"),
            "warning": self._t("提示", "Warning"),
            "pass": self._n(finding.shape),
        }
        return words[finding.verdict]

    # ---------------------------------------------------------------- decide
    def decide(self, report: CheckReport) -> str:
        """Return the decisions on a submission, each with its conditions and sentences."""
        return "".join(f"{clean(line)}\n" for line in self._decide_lines(report))

    def _decide_lines(self, report: CheckReport) -> Iterator[str]:
        yield self._standing()
        yield self._t(f"政策图谱 {report.digest[:12]}", f"Policy graph {report.digest[:12]}")
        yield from overlay_lines(report.overlays, self._language)
        for finding in report.file_findings:
            yield ""
            yield from self._finding_lines(finding, indent="")
        for record in report.records:
            yield ""
            yield self._record_head(record)
            if not record.decisions:
                refused = [f for f in record.findings if f.verdict == "invalid"]
                if refused:
                    yield self._t("  无效，不作判读：", "  Invalid, so nothing was decided:")
                    for finding in refused:
                        yield from self._finding_lines(finding)
                else:
                    yield self._t(
                        "  没有规则适用于该种申报。核查用 policygraph check；一个主体的情况用 policygraph entitlements。",
                        "  No rule applies to this kind of submission. policygraph check checks it;"
                        " policygraph entitlements takes the profile of one subject.",
                    )
            for decision in record.decisions:
                yield from self.decision_lines(decision)
        yield from self._text_lines(report)

    # ---------------------------------------------------------------- both
    def _text_lines(self, report: CheckReport) -> Iterator[str]:
        """Name the texts that were quoted, by their digests: offsets mean something in that text only."""
        findings = [*report.file_findings, *(f for r in report.records for f in (*r.findings, *r.passes))]
        quoted = [c for finding in findings for c in finding.citations]
        quoted += [c for r in report.records for d in r.decisions for c in d.citations]
        for document, digest in sorted({(c.document, c.sha256) for c in quoted if c.sha256}):
            yield ""
            yield self._t(f"所引文本 {document}，sha256 {digest}", f"Text quoted: {document}, sha256 {digest}")
