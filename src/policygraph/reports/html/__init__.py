"""Reports as one self-contained page: no script, nothing to load, and it prints."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, BinaryIO

from policygraph.errors import Text
from policygraph.reports.entries import Entries
from policygraph.reports.html.page import FOOT, head
from policygraph.reports.html.records import Records
from policygraph.reports.html.sections import IN_DOWNLOADS, Sections
from policygraph.reports.points import Points
from policygraph.reports.summary import summarise

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from policygraph.model.answers import CheckReport, RecordReport
    from policygraph.reports.summary import Summary

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
    _put(head(f"{title}{entries.pick('：', ': ')}{entries.foreign(report.source)}", language), out)
    _put(sections.opening(title), out)
    _body(report, summary, sections, records, out)
    _put(sections.closing(points), out)
    _put(FOOT, out)


def write_part(report: CheckReport, language: str, out: BinaryIO, *, decisions: bool, address: Callable[[str], str]) -> None:
    """Write the same as a part of a page that has its own head and style.

    Args:
        report: The report.
        language: zh or en.
        out: Where to write.
        decisions: Whether decisions are shown with their conditions.
        address: Where a thing of the graph is served.
    """
    points, summary = Points(), summarise(report)
    records = Records(Entries(language), points, decisions=decisions, address=address)
    sections = Sections(report, summary, language, records, IN_DOWNLOADS)
    _put(sections.part(), out)
    _body(report, summary, sections, records, out)
    _put(sections.rest(points), out)


def _body(report: CheckReport, summary: Summary, sections: Sections, records: Records, out: BinaryIO) -> None:
    """Write the records, and before them what belongs to none."""
    if report.file_findings:
        _put(sections.of_no_record(), out)
    every = summary.records <= MANY
    shown = summary.records if every else min(MOST_SHOWN, summary.with_findings)
    _put(sections.begin_records(), out)
    if shown > 1:
        _put(sections.begin_list(), out)
        for record in _shown(report, shown, every=every):
            _put(records.line(record, decided=bool(summary.outcomes)), out)
        _put(sections.end_list(), out)
    for record in _shown(report, shown, every=every):
        _put(records.record(record), out)
    _put(sections.end_records(shown, every=every), out)


def _put(part: str, out: BinaryIO) -> None:
    out.write(f"{part}\n".encode())


def _shown(report: CheckReport, most: int, *, every: bool) -> Iterator[RecordReport]:
    return islice((record for record in report.records if every or record.findings), most)
