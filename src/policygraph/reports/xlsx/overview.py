"""The summary sheet: what the report is and is not, counts, every check with how many records it looked at, files, texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policygraph.reports.adoption import overlay_lines
from policygraph.reports.entries import Entries
from policygraph.reports.overall import OverallLines
from policygraph.reports.summary import spans

if TYPE_CHECKING:
    from collections.abc import Iterable

    from policygraph.errors import Text
    from policygraph.model.answers import CheckReport
    from policygraph.reports.summary import Summary
    from policygraph.reports.xlsx.book import Book


def overview(book: Book, title: str, report: CheckReport, summary: Summary, language: str, limits: Iterable[Text]) -> None:
    """Add the summary sheet."""
    entries, lines = Entries(language), OverallLines(language)
    pick = entries.pick
    sheet = book.sheet(title, [("", 44), ("", 60), ("", 70)], filtered=False)

    def section(words: str) -> None:
        sheet.append(["", "", ""])
        sheet.append([words, "", ""], "section")

    sheet.append([(pick("核查报告", "Report on a submission"), "head"), ("", "head"), ("", "head")])
    sheet.append([pick("说明", "Notice"), entries.standing(), ""])
    sheet.append([pick("结论", "Verdict"), (entries.label(report.verdict), report.verdict.short), lines.in_one_line(summary)])
    sheet.append([pick("来源", "Source"), entries.foreign(report.source), ""])
    days = " – ".join(dict.fromkeys(filter(None, summary.days)))
    sheet.append([pick("判读基准日", "As of"), days, ""])
    sheet.append([pick("政策图谱摘要", "Digest of the policy graph"), report.digest, ""])
    for line in overlay_lines(report.overlays, language):
        sheet.append([pick("叠加文件", "Overlay"), entries.foreign(line.strip()), ""])
    for limit in limits:
        sheet.append([pick("本表的限度", "Limits of this workbook"), entries.words(limit), ""])

    section(pick("按结论（记录数）", "By verdict (records)"))
    for verdict in lines.verdicts(summary):
        sheet.append([(entries.label(summary.names[verdict]), verdict if verdict != "unchecked" else ""), summary.verdicts[verdict], ""])
    section(pick("按核查（发现数）", "By check (findings)"))
    for check in summary.checks:
        provisions = pick("、", ", ").join(entries.label(provision) for provision in check.provisions)
        sheet.append([entries.label(check.shape), lines.by_verdict(check.verdicts), provisions])
    section(pick("按列或字段（发现数）", "By column or field (findings)"))
    for column in summary.columns:
        sheet.append([lines.column(column, summary), column.total, entries.foreign(column.file)])
    section(pick("做过的核查（看过的记录数）", "Checks that ran (records looked at)"))
    for run in report.checks:
        looked = run.looked_at or pick("0（没有适用的记录）", "0 (applied to none)")
        sheet.append([entries.label(run.shape), looked, run.shape.iri])
    if summary.unchecked:
        sheet.append([pick("没有核查适用的记录", "Records that no check applied to"), pick("、", ", ").join(spans(summary.unchecked)), ""])
    if report.files:
        section(pick("读取的文件", "Files read"))
    for file in report.files:
        records = pick(f"{file.form}，{file.records} 条记录", f"{file.form}, {file.records} records")
        sheet.append([entries.foreign(file.name), records, f"sha256 {file.sha256}"])
        for line in entries.unread(file):
            sheet.append([pick("没有读取", "Not read"), line, ""])
    if summary.texts:
        section(pick("所引文本", "Texts quoted"))
    for document, digest in summary.texts:
        sheet.append([document, f"sha256 {digest}", ""])
