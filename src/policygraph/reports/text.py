"""Reports for people on a terminal, in one language: what was found, the sentence behind it, and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policygraph.errors import Text, clean
from policygraph.model.answers import NOTICE, ON_FACTS
from policygraph.vocab import OUTCOME, STATUS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policygraph.model.answers import (
        AlternativeResult,
        CheckReport,
        Citation,
        ConditionResult,
        DecisionResult,
        Fact,
        Finding,
        Named,
        ParameterUse,
        Point,
        RecordReport,
    )

_MARKS = {
    "invalid": "✗",
    "violation": "✗",
    "undetermined": "?",
    "warning": "!",
    "note": "·",
    "pass": "✓",
    "unchecked": "–",
}
_OUTCOME_MARKS = {"eligible": "✓", "not-eligible": "✗", "undetermined": "?", "not-in-force": "–"}
_STATUS_MARKS = {"satisfied": "✓", "failed": "✗", "missing": "?", "discretion": "?", "silent": "?"}
_NOTE = Text("附注", "note")


class TextReport:
    """Writes reports in one language.

    Args:
        language: zh or en.
    """

    def __init__(self, language: str) -> None:
        self._language = language

    def _t(self, zh: str, en: str) -> str:
        return en if self._language == "en" else zh

    def _w(self, text: Text) -> str:
        return text.in_language(self._language)

    def _n(self, named: Named) -> str:
        return self._w(named.label)

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
        for finding in report.file_findings:
            yield ""
            yield from self._finding_lines(finding, indent="")
        for record in report.records:
            yield ""
            yield from self._record_lines(record)
        yield ""
        yield self._t("做过的核查", "Checks that ran")
        for run in report.checks:
            looked = self._t(f"{run.looked_at} 条记录", f"{run.looked_at} record{'s' if run.looked_at != 1 else ''}")
            nought = self._t("（没有适用的记录）", " (applied to none)") if not run.looked_at else ""
            yield f"  {self._n(run.shape)}{self._t('：', ': ')}{looked}{nought}"
        unchecked = [str(r.position) for r in report.records if not r.checks]
        if unchecked:
            yield self._t("  没有核查适用的记录：", "  Records that no check applied to: ") + ", ".join(unchecked)
        yield from self._text_lines(report)

    def _record_lines(self, record: RecordReport) -> Iterator[str]:
        yield (self._record_head(record) + self._t("：", ": ") + f"{_MARKS[record.verdict.short]} {self._n(record.verdict)}")
        for part in record.parts:
            verdict = self._n(part.verdict) if part.verdict else self._t("未报告，不核查", "not reported, not checked")
            yield f"  {self._n(part.part)}{self._t('：', ': ')}{verdict}"
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
            yield f"{inner}{self._t('原因', 'Cause')}{self._t('：', ': ')}{self._causes(finding.causes)}"
        yield from self._citation_lines(finding.citations, inner)
        yield from self._parameter_lines(finding.parameters, inner)
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
                    yield self._t("  没有规则适用于该种申报。", "  No rule applies to this kind of submission.")
            for decision in record.decisions:
                yield from self._decision_lines(decision)
        yield from self._text_lines(report)

    def _decision_lines(self, decision: DecisionResult) -> Iterator[str]:
        yield f"  {self._n(decision.rule)}{self._t('：', ': ')}{self._decision_head(decision)}"
        inner = "      "
        if decision.outcome.iri == OUTCOME.eligible and self._w(decision.benefit):
            yield f"{inner}{self._t('内容', 'Content')}{self._t('：', ': ')}{self._w(decision.benefit)}"
        if decision.total_low and (decision.total_low, decision.total_high) != (decision.low, decision.high):
            bounds = f"{decision.total_low} … {decision.total_high or self._t('未知', 'unknown')} {self._unit(decision)}"
            yield f"{inner}{self._t('连同其他成绩的合计', 'Total with other results')}{self._t('：待定，', ': undetermined, ')}{bounds}"
        yield from self._citation_lines(decision.citations, inner)
        yield from self._parameter_lines(decision.parameters, inner)
        for alternative in decision.alternatives:
            yield from self._alternative_lines(alternative, inner)
        yield from self._point_lines(decision.readings, self._t("读法", "Reading"), inner)
        yield from self._point_lines(decision.open_points, self._t("未定", "Open point"), inner)

    def _alternative_lines(self, alternative: AlternativeResult, indent: str) -> Iterator[str]:
        statuses = self._t("、", ", ").join(self._n(s) for s in alternative.statuses)
        yield f"{indent}{self._t('方案', 'Alternative')} {self._n(alternative.node)}{self._t('：', ': ')}{statuses}"
        failed = [c for c in alternative.conditions if c.status.iri == STATUS.failed]
        for condition in failed or alternative.conditions:
            yield f"{indent}  {self._condition(condition)}"

    def _condition(self, condition: ConditionResult) -> str:
        found = self._t("；", "; ").join(self._fact(f) for f in condition.found)
        stated = self._t("未填", "not stated") if condition.status.iri == STATUS.missing else ""
        shown = found or stated
        tail = self._t(f"（{shown}）", f" ({shown})") if shown else ""
        mark = _STATUS_MARKS[condition.status.short]
        return f"{mark} {self._n(condition.node)}{self._t('：', ': ')}{self._n(condition.status)}{tail}"

    # ---------------------------------------------------------------- shared pieces
    def _text_lines(self, report: CheckReport) -> Iterator[str]:
        """Name the texts that were quoted, by their digests: offsets mean something in that text only."""
        findings = [*report.file_findings, *(f for r in report.records for f in (*r.findings, *r.passes))]
        quoted = [c for finding in findings for c in finding.citations]
        quoted += [c for r in report.records for d in r.decisions for c in d.citations]
        for document, digest in sorted({(c.document, c.sha256) for c in quoted if c.sha256}):
            yield ""
            yield self._t(f"所引文本 {document}，sha256 {digest}", f"Text quoted: {document}, sha256 {digest}")

    def _standing(self) -> str:
        return self._w(NOTICE) + ("" if self._language == "zh" else " ") + self._w(ON_FACTS)

    def _decision_head(self, decision: DecisionResult) -> str:
        head = f"{_OUTCOME_MARKS[decision.outcome.short]} {self._n(decision.outcome)}"
        if decision.causes:
            head += self._t("（", " (") + self._causes(decision.causes) + self._t("）", ")")
        if decision.low and decision.low == decision.high:
            indicative = decision.outcome.iri != OUTCOME.eligible
            word = self._t("，参考数额 ", ", indicative amount ") if indicative else self._t("，应得 ", ", due ")
            head += f"{word}{decision.low} {self._unit(decision)}"
        elif decision.low or decision.high:
            unknown = self._t("未知", "unknown")
            head += self._t("，数额在 ", ", between ") + f"{decision.low or unknown} … {decision.high or unknown} {self._unit(decision)}"
        elif decision.unstated and decision.outcome.iri == OUTCOME.eligible:
            head += self._t("，文本未载明数额", ", the text states no amount")
        return head.rstrip()

    def _unit(self, decision: DecisionResult) -> str:
        return self._n(decision.unit) if decision.unit else ""

    def _fact(self, fact: Fact) -> str:
        return f"{self._n(fact.field)}{self._t(' ', ': ')}{self._w(fact.value)}"

    def _causes(self, causes: tuple[Named, ...]) -> str:
        return self._t("、", ", ").join(self._n(c) for c in causes)

    def _citation_lines(self, citations: tuple[Citation, ...], indent: str) -> Iterator[str]:
        sentence = ""
        for c in citations:
            place = self._t(f"字符 {c.start}–{c.end}", f"characters {c.start}–{c.end}") if c.start >= 0 else ""
            parts = [p for p in (c.document, c.provision.short, place, self._n(c.strength)) if p]
            hedges = self._t("；限定：", "; hedges: ") + "、".join(c.hedges) if c.hedges else ""
            stale = self._t("（其数值已由后来的条款替代）", " (its number was replaced by a later clause)") if c.superseded else ""
            yield f"{indent}{self._t('依据', 'Basis')}{self._t('：', ': ')}“{c.quote}”{stale}"
            if self._language == "en" and c.translation:
                yield f"{indent}  ({c.translation})"
            yield f"{indent}  [{self._t('，', ', ').join(parts)}{hedges}]"
            if c.sentence not in ("", c.quote, sentence):
                sentence = c.sentence
                yield f"{indent}  {self._t('全句', 'Sentence')}{self._t('：', ': ')}{c.sentence}"

    def _parameter_lines(self, parameters: tuple[ParameterUse, ...], indent: str) -> Iterator[str]:
        for p in parameters:
            unit = f" {self._n(p.unit)}" if p.unit else ""
            until = self._t(f" 至 {p.valid_until} 前", f" until {p.valid_until}") if p.valid_until else ""
            since = self._t(f"自 {p.valid_from} 起{until}", f"from {p.valid_from}{until}") if p.valid_from else ""
            tail = self._t(f"（{since}）", f" ({since})") if since else ""
            yield f"{indent}{self._t('数值', 'Number')}{self._t('：', ': ')}“{p.verbatim}” = {p.value.value}{unit}{tail}"

    def _point_lines(self, points: tuple[Point, ...], word: str, indent: str) -> Iterator[str]:
        for point in points:
            yield f"{indent}{word}{self._t('：', ': ')}{self._w(point.statement)}"
