"""Fills the workbook of a report: sheets of what was submitted by kind, of all findings, of the decisions, and of the summary."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

from policygraph.errors import Text
from policygraph.reports.cells import Cell, table
from policygraph.reports.entries import Entries, Entry
from policygraph.reports.lines import VERDICTS
from policygraph.reports.rows import DECISION_HEADERS, FINDING_HEADERS, FINDING_VERDICT, Rows
from policygraph.reports.summary import summarise
from policygraph.reports.xlsx.book import MOST_COMMENTS, Book, Sheet
from policygraph.reports.xlsx.overview import overview

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from policygraph.model.answers import CheckReport, RecordReport
    from policygraph.model.grounds import Named
    from policygraph.reports.summary import Summary

_FINDINGS, _DECISIONS, _SUMMARY = Text("发现", "Findings"), Text("判读", "Decisions"), Text("汇总", "Summary")
_RECORD, _OF_RECORD, _ROW = Text("记录", "record"), Text("所属记录", "of record"), Text("行", "row")
_PLACE, _VERDICT, _DECIDED = Text("位置", "place"), Text("结论", "verdict"), Text("判读", "decision")
_FOUND, _MEND, _BASIS = Text("发现", "findings"), Text("如何改正", "to do"), Text("依据", "basis")
_MISSING = Text("（未填）", "(not stated)")
_MOST_COLUMNS = 250
_WIDE = 44
# Headers whose cells hold sentences.
_SENTENCES = {"问题", "所填", "所见", "依据原文", "条款", "数值", "改正", "原因", "内容", "未满足或待定的条件", "尚待证明", "无效原因"}


def fill(report: CheckReport, language: str, out: BinaryIO) -> None:
    """Write the workbook of a report."""
    summary = summarise(report)
    filling = _Filling(summary, language)
    for finding in report.file_findings:
        filling.finding(filling.entries.entry(finding), None)
    for record in report.records:
        filling.record(record)
    overview(filling.book, _SUMMARY.in_language(language), report, summary, language, filling.limited())
    filling.book.save(out)


class _Filling:
    def __init__(self, summary: Summary, language: str) -> None:
        self.book = Book()
        self.entries = Entries(language)
        self.rows = Rows(self.entries)
        self._language = language
        self._columns: dict[tuple[str, str], list[Named]] = {}
        self._sheets: dict[tuple[str, str], Sheet] = {}
        for (kind, name), layout in sorted(summary.layouts.items(), key=lambda each: (each[0][1] != "", each[0])):
            label = self.entries.label(summary.kinds[kind])
            self._columns[kind, name] = columns = layout.columns()[:_MOST_COLUMNS]
            first = [_OF_RECORD, _ROW, _PLACE] if name else [_RECORD, _PLACE]
            beside = [_VERDICT, _FOUND, _MEND, _BASIS] if name else [_VERDICT, _FOUND, _MEND, _BASIS, _DECIDED]
            headers = [
                *((text.in_language(language), 26 if text is _PLACE else 9) for text in first),
                *((self.entries.label(column), 16) for column in columns),
                *((text.in_language(language), 12 if text is _VERDICT else _WIDE) for text in beside),
            ]
            title = layout.title or f"{label} {name}" if name else label
            # Child tables of several kinds may have one name; a number behind it would not say which is whose.
            shared = sum(other.title == layout.title for other in summary.layouts.values()) > 1
            self._sheets[kind, name] = self.book.sheet(f"{title} - {label}" if name and layout.title and shared else title, headers)
        self._findings = self.book.sheet(_FINDINGS.in_language(language), self._headers(FINDING_HEADERS))
        self._decisions = self.book.sheet(_DECISIONS.in_language(language), self._headers(DECISION_HEADERS)) if summary.outcomes else None

    def _headers(self, headers: Sequence[Text]) -> list[tuple[str, int]]:
        return [(text.in_language(self._language), _WIDE if text.zh in _SENTENCES else 14) for text in headers]

    def finding(self, entry: Entry, record: RecordReport | None) -> None:
        row = self.rows.finding(entry, record)
        self._findings.append([(value, entry.verdict) if number == FINDING_VERDICT else value for number, value in enumerate(row)])

    def record(self, record: RecordReport) -> None:
        entries = [self.entries.entry(finding, record) for finding in record.findings]
        for entry in entries:
            self.finding(entry, record)
        if not entries:
            self._findings.append(self.rows.without(record))
        if self._decisions:
            for decision in record.decisions:
                self._decisions.append(self.rows.decision(decision, record))
        rows: dict[str, list[Cell]] = {"": []}
        for cell in self.entries.cells(record):
            rows.setdefault(cell.row, []).append(cell)
        for row, cells in rows.items():
            name, number = table(record, row) if row else ("", 0)
            sheet = self._sheets.get((record.kind.iri, name))
            if sheet is None:
                continue
            own = self._own(entries, cells, row)
            by_field = {cell.field.iri: cell for cell in cells}
            filled = [self._cell(by_field.get(column.iri), entries) for column in self._columns[record.kind.iri, name]]
            place = next((cell.place for cell in cells if row and cell.place), record.place)
            shown = (record.position, number, self.entries.place(place)) if row else (record.position, self.entries.place(place))
            sheet.append([*shown, *filled, *self._beside(record, own, whole=not row)])

    def _own(self, entries: Sequence[Entry], cells: Iterable[Cell], row: str) -> list[Entry]:
        """Return the findings that belong beside a row: those about its cells; beside the record's row stand all."""
        if not row:
            return list(entries)
        return [entries[number - 1] for number in sorted({number for cell in cells for number in cell.findings})]

    def _cell(self, cell: Cell | None, entries: Sequence[Entry]) -> str | tuple[str, str, str]:
        if cell is None:
            return ""
        value = self.entries.value(cell) or _MISSING.in_language(self._language)
        if not cell.findings:
            return value
        return value, cell.verdict, "\n\n".join(self._comment(entries[number - 1]) for number in cell.findings)

    def _comment(self, entry: Entry) -> str:
        colon = self.entries.pick("：", ": ")
        lines = [f"{entry.word}{colon}{entry.message}"]
        lines += [f"{_MEND.in_language(self._language)}{colon}{entry.mending}"] if entry.mending else []
        return "\n".join(lines)

    def _beside(self, record: RecordReport, entries: Sequence[Entry], *, whole: bool) -> list[str | tuple[str, str]]:
        if whole:
            verdict, word = record.verdict.short, self.entries.label(record.verdict)
        else:
            verdict, word = min(((e.verdict, e.word) for e in entries), key=lambda each: VERDICTS.index(each[0]), default=("", ""))
        colon = self.entries.pick("：", ": ")
        quotes = dict.fromkeys(f"“{quote.words}” [{quote.source}]" for entry in entries for quote in entry.quotes)
        beside: list[str | tuple[str, str]] = [
            (word, verdict if verdict != "unchecked" else ""),
            "\n".join(f"{entry.mark} {entry.word}{colon}{entry.message}" for entry in entries),
            "\n".join(dict.fromkeys(entry.mending for entry in entries if entry.mending)),
            "\n".join(quotes),
        ]
        return [*beside, "\n".join(self.entries.decision(decision) for decision in record.decisions)] if whole else beside

    def limited(self) -> list[Text]:
        """Return what was left out because there was too much of it."""
        found = []
        if self.book.comments >= MOST_COMMENTS:
            found.append(
                Text(
                    f"批注只加到第 {MOST_COMMENTS} 处；各项发现都写在行旁和“发现”表中。",
                    f"Comments end after {MOST_COMMENTS}; every finding stands beside its row and in the sheet “Findings”.",
                )
            )
        if any(len(columns) >= _MOST_COLUMNS for columns in self._columns.values()):
            found.append(Text(f"每张表最多 {_MOST_COLUMNS} 个字段列。", f"A sheet has at most {_MOST_COLUMNS} columns of fields."))
        return found
