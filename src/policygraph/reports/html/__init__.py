"""Reports as one self-contained page: no script, nothing to load, and it prints."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, BinaryIO

from policygraph.errors import Text
from policygraph.reports.entries import Entries
from policygraph.reports.html.page import FOOT, head
from policygraph.reports.html.records import Records
from policygraph.reports.html.sections import Sections
from policygraph.reports.points import Points
from policygraph.reports.summary import summarise

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policygraph.model.answers import CheckReport, RecordReport

# Up to MANY records all are shown; of more, those with findings, up to MOST_SHOWN: a browser can hold no more at ease.
MANY, MOST_SHOWN = 200, 1_000
_CHECK, _DECIDE = Text("核查报告", "Report on a submission"), Text("判读报告", "Decisions on a submission")


def write_html(report: CheckReport, language: str, out: BinaryIO, *, decisions: bool) -> None:
    """Write a report record by record.

    Args:
        report: The report.
        language: zh or en, for the whole page; quotes of the policy stay verbatim.
        out: Where to write.
        decisions: Whether decisions are shown with their conditions.
    """
    entries, points, summary = Entries(language), Points(), summarise(report)
    records = Records(entries, points, decisions=decisions)
    title = (_DECIDE if decisions else _CHECK).in_language(language)
    sections = Sections(report, summary, language, records)

    def write(part: str) -> None:
        out.write(f"{part}\n".encode())

    write(head(f"{title}{entries.pick('：', ': ')}{entries.foreign(report.source)}", language))
    write(sections.opening(title))
    if report.file_findings:
        write(sections.of_no_record())
    every = summary.records <= MANY
    shown = summary.records if every else min(MOST_SHOWN, summary.with_findings)
    write(sections.begin_records())
    if shown > 1:
        write(sections.begin_list())
        for record in _shown(report, shown, every=every):
            write(records.line(record, decided=bool(summary.outcomes)))
        write(sections.end_list())
    for record in _shown(report, shown, every=every):
        write(records.record(record))
    write(sections.end_records(shown, every=every))
    write(sections.closing(points))
    write(FOOT)


def _shown(report: CheckReport, most: int, *, every: bool) -> Iterator[RecordReport]:
    return islice((record for record in report.records if every or record.findings), most)
