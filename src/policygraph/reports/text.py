"""Reports for people on a terminal, in one language: what was found, the sentence behind it, and what to do."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from policygraph.errors import Text
from policygraph.model.places import Place
from policygraph.reports.adoption import adopted_lines, brought_lines, overlay_lines
from policygraph.reports.lines import UNCHECKED, VERDICT_MARKS
from policygraph.reports.overall import OverallLines
from policygraph.reports.summary import spans, summarise

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from policygraph.model.answers import CheckReport, Finding, RecordReport
    from policygraph.model.submitted import FileRead
    from policygraph.reports.summary import Summary

# More records than these are summed up first, and shown one by one only up to a number that is said.
MANY, MOST_SHOWN = 50, 30
_COLOURS = {"✗": "31", "?": "33", "!": "33", "✓": "32", "·": "2", "–": "2"}
# A mark of ours opens a line, or the end of one that heads a record or a decision.
_OPENING = re.compile(r" *([✗?!✓·–]) ")
_ENDING = re.compile(r" {0,2}\S.*[：:] ?(([✗?!✓–]) [^：:]*)")
_LONGEST_LINE = 4_000
_MORE = Text(
    "…还有 {count} 条有发现的记录未在此列出；全部见 --format csv 或 --format xlsx。",
    "… {count} more records with findings are not listed here; --format csv or --format xlsx has all of them.",
)
_MORE_DECIDED = Text(
    "…还有 {count} 条记录未在此列出；全部见 --format csv 或 --format xlsx。",
    "… {count} more records are not listed here; --format csv or --format xlsx has all of them.",
)


class TextReport(OverallLines):
    """Writes reports in one language.

    Args:
        language: zh or en.
        colour: Whether verdicts stand out by colour, for a terminal that shows it.
    """

    def __init__(self, language: str, *, colour: bool = False) -> None:
        super().__init__(language)
        self._colour, self._file = colour, ""

    def check(self, report: CheckReport) -> str:
        """Return the report on a submission: verdicts, findings with proof and mending, and what was checked."""
        return "".join(self.check_lines(report))

    def check_lines(self, report: CheckReport) -> Iterator[str]:
        """Yield the same line by line."""
        return self._finished(self._check_lines(report))

    def decide(self, report: CheckReport) -> str:
        """Return the decisions on a submission, each with its conditions and sentences."""
        return "".join(self.decide_lines(report))

    def decide_lines(self, report: CheckReport) -> Iterator[str]:
        """Yield the same line by line."""
        return self._finished(self._decide_lines(report))

    def _finished(self, lines: Iterable[str]) -> Iterator[str]:
        """Take out of each line what could fool a terminal or flood it, then colour it."""
        cleaned = (self._shown(line, _LONGEST_LINE) for line in lines)
        return (f"{_coloured(line) if self._colour else line}\n" for line in cleaned)

    # ---------------------------------------------------------------- check
    def _check_lines(self, report: CheckReport) -> Iterator[str]:
        self._file = report.source
        yield self._t("核查结论：", "Verdict: ") + f"{VERDICT_MARKS[report.verdict.short]} {self._n(report.verdict)}"
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
        summary = summarise(report)
        many = summary.records > MANY
        if many:
            yield from self.overall_lines(summary)
        shown = 0
        for record in report.records:
            if many and not record.findings:
                continue
            shown += 1
            if many and shown > MOST_SHOWN:
                break
            yield ""
            yield from self._record_lines(record)
        if many and summary.with_findings > MOST_SHOWN:
            yield ""
            yield self._w(_MORE.format(count=summary.with_findings - MOST_SHOWN))
        yield ""
        yield self._t("做过的核查", "Checks that ran")
        for run in report.checks:
            if run.looked_at:
                looked = self._t(f"{run.looked_at} 条记录", f"{run.looked_at} record{'s' if run.looked_at != 1 else ''}")
                yield f"  {self._n(run.shape)}{self._t('：', ': ')}{looked}"
        if idle := self._names(run.shape for run in report.checks if not run.looked_at):
            yield f"  {self._t('没有适用的记录：', 'applied to none: ')}{idle}"
        if summary.unchecked:
            yield self._t("  没有核查适用的记录：", "  Records that no check applied to: ") + self._t("、", ", ").join(
                spans(summary.unchecked)
            )
        yield from self._text_lines(summary)
        yield from self._unread_lines(report.files)
        if summary.records > 1:
            yield ""
            yield self.in_one_line(summary)

    def _record_lines(self, record: RecordReport) -> Iterator[str]:
        yield (self._record_head(record) + self._t("：", ": ") + f"{VERDICT_MARKS[record.verdict.short]} {self._n(record.verdict)}")
        yield from self._place_lines(record.place, "  ")
        for part in record.parts:
            if part.verdict:
                yield f"  {self._n(part.part)}{self._t('：', ': ')}{self._n(part.verdict)}"
        if without := self._names(part.part for part in record.parts if not part.verdict):
            yield f"  {self._without_verdict(record)}{self._t('：', ': ')}{without}"
        if record.verdict.short == "unchecked":
            yield f"  {self._w(UNCHECKED)}"
        for finding in (*record.findings, *record.passes):
            # A finding on the record as a whole stands where the record does.
            yield from self._finding_lines(replace(finding, place=None) if finding.place == record.place else finding)
        for decision in record.decisions:
            rule = self._t(f"（{self._n(decision.rule)}）", f" ({self._n(decision.rule)})") if len(record.decisions) > 1 else ""
            yield f"  {self._t('判读', 'Decision')}{rule}{self._t('：', ': ')}{self._decision_head(decision)}"
            yield from self._total_lines(decision)
            if not record.findings:
                yield from self._citation_lines(decision.citations, "      ")

    def _record_head(self, record: RecordReport) -> str:
        name = f" {record.name}" if record.name else ""
        return self._t(
            f"记录 {record.position}（{self._n(record.kind)}）{name}，判读基准日 {record.as_of}",
            f"Record {record.position} ({self._n(record.kind)}){name}, as of {record.as_of}",
        )

    def _place_lines(self, place: Place | None, indent: str) -> Iterator[str]:
        """Yield where something stands, unless that is no more than the one file that the report names."""
        if place and place != Place(self._file):
            yield f"{indent}{self._t('位置', 'Place')}{self._t('：', ': ')}{self._place(place)}"

    def _finding_lines(self, finding: Finding, indent: str = "  ") -> Iterator[str]:
        # A check that found nothing amiss is named; the others say what is wrong.
        verdict = self._n(finding.shape) if finding.verdict == "pass" else self._verdict_word(finding)
        row = f" [{finding.row}]" if finding.row else ""
        value = self._w(finding.value)
        found = self._t(f"（所填：{value}）", f" (found: {value})") if value else ""
        yield f"{indent}{VERDICT_MARKS[finding.verdict]} {verdict}{self._t('：', ': ')}{self._w(finding.message)}{found}{row}"
        inner = indent + "    "
        yield from self._place_lines(finding.place, inner)
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

    # ---------------------------------------------------------------- decide
    def _decide_lines(self, report: CheckReport) -> Iterator[str]:
        self._file = report.source
        yield self._standing()
        yield self._t(f"政策图谱 {report.digest[:12]}", f"Policy graph {report.digest[:12]}")
        yield from overlay_lines(report.overlays, self._language)
        for finding in report.file_findings:
            yield ""
            yield from self._finding_lines(finding, indent="")
        summary = summarise(report)
        many = summary.records > MANY
        if many:
            yield from self.outcome_lines(summary)
        for number, record in enumerate(report.records):
            if many and number >= MOST_SHOWN:
                yield ""
                yield self._w(_MORE_DECIDED.format(count=summary.records - MOST_SHOWN))
                break
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
        yield from self._text_lines(summary)

    # ---------------------------------------------------------------- both
    def _text_lines(self, summary: Summary) -> Iterator[str]:
        """Name the texts that were quoted, by their digests: offsets mean something in that text only."""
        for document, digest in summary.texts:
            yield ""
            yield self._t(f"所引文本 {document}，sha256 {digest}", f"Text quoted: {document}, sha256 {digest}")

    def _unread_lines(self, files: Iterable[FileRead]) -> Iterator[str]:
        left = [each for file in files for each in file.unread]
        if left:
            yield ""
            yield self._t("没有读取", "Not read")
        for each in left[:MOST_SHOWN]:
            yield f"  {self._place(each.place)}{self._t('：', ': ')}{self._w(each.why)}"
        if len(left) > MOST_SHOWN:
            yield self._t(f"  …还有 {len(left) - MOST_SHOWN} 处", f"  … {len(left) - MOST_SHOWN} more")


def _coloured(line: str) -> str:
    if opening := _OPENING.match(line):
        head, separator, rest = line.partition("：" if "：" in line else ": ")
        return f"\x1b[{_COLOURS[opening[1]]}m{head}\x1b[0m{separator}{rest}"
    if ending := _ENDING.fullmatch(line):
        return f"{line[: ending.start(1)]}\x1b[{_COLOURS[ending[2]]}m{ending[1]}\x1b[0m"
    return line
