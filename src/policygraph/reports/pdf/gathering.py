"""Gathers a report for the template: plain values whose every word can be set with the font."""

from __future__ import annotations

from itertools import groupby, islice
from typing import TYPE_CHECKING, Any

from policygraph.errors import Text, clean
from policygraph.reports.adoption import overlay_lines
from policygraph.reports.entries import Entries
from policygraph.reports.lines import UNCHECKED, VERDICT_MARKS
from policygraph.reports.overall import OverallLines
from policygraph.reports.points import Points
from policygraph.reports.summary import Summary, spans, summarise

if TYPE_CHECKING:
    from collections.abc import Iterable

    from policygraph.model.answers import CheckReport, RecordReport
    from policygraph.reports.cells import Cell
    from policygraph.reports.entries import Entry, Quote
    from policygraph.reports.pdf.glyphs import Glyphs

# Up to MANY records all are shown; of more, those with findings, up to MOST_SHOWN: more pages than these nobody turns.
MANY, MOST_SHOWN = 200, 500
_MOST_ROWS, _MOST_UNREAD = 60, 200
_CHECK, _DECIDE = Text("核查报告", "Report on a submission"), Text("判读报告", "Decisions on a submission")


def gather(report: CheckReport, language: str, glyphs: Glyphs, *, decisions: bool) -> Any:
    """Return what the template lays out."""
    return _written(_Gathering(report, language, decisions).done(), glyphs)


def _written(value: Any, glyphs: Glyphs) -> Any:
    match value:
        case str():
            return glyphs.written(clean(value))
        case dict():
            return {key: _written(each, glyphs) for key, each in value.items()}
        case list() | tuple():
            return [_written(each, glyphs) for each in value]
    return value


class _Gathering:
    def __init__(self, report: CheckReport, language: str, decisions: bool) -> None:
        self._report, self._language, self._decisions = report, language, decisions
        self._summary: Summary = summarise(report)
        self._entries, self._lines, self._points = Entries(language), OverallLines(language), Points()
        self._t = self._entries.pick

    def done(self) -> dict[str, Any]:
        summary, t = self._summary, self._t
        every = summary.records <= MANY
        shown = summary.records if every else min(MOST_SHOWN, summary.with_findings)
        records = list(islice((r for r in self._report.records if every or r.findings), shown))
        return {
            "lang": self._language,
            "title": (_DECIDE if self._decisions else _CHECK).in_language(self._language),
            "source": self._entries.foreign(self._report.source)[:90],
            "notice": self._entries.standing(),
            "verdict": self._report.verdict.short,
            "verdict_word": self._badge(self._report.verdict.short, self._entries.label(self._report.verdict)),
            "facts": self._facts(),
            "one_line": self._lines.in_one_line(summary),
            "bar": [
                {
                    "verdict": v,
                    "count": summary.verdicts[v],
                    "word": self._badge(v, f"{self._entries.label(summary.names[v])} {summary.verdicts[v]}"),
                }
                for v in self._lines.verdicts(summary)
            ],
            "tables": self._tables(),
            "file_findings": [self._finding(n, self._entries.entry(f)) for n, f in enumerate(self._report.file_findings, 1)],
            "list": {
                "caption": t("一览", "At a glance"),
                "headers": [
                    t(*w)
                    for w in (
                        ("记录", "Record"),
                        ("名称", "Name"),
                        ("种类", "Kind"),
                        ("结论", "Verdict"),
                        ("发现", "Findings"),
                        *([("判读", "Decisions")] if summary.outcomes else []),
                    )
                ],
                "rows": [self._row(record) for record in records],
            },
            "records": [self._record(record) for record in records],
            "left": self._left(shown, every),
            "checks": self._checks(),
            "points": self._shared(),
            **self._sources(),
            "words": {
                "verdict": t("结论", "Verdict"),
                "summary": t("汇总", "Summary"),
                "records": t("逐条结果", "Records"),
                "basis": t("依据", "Basis"),
                "mending": t("改正", "To do"),
                "cells": [t("字段", "field"), t("所填", "stated"), t("位置", "place")],
                "passes": t("比较过而没有问题的", "What was compared and found nothing amiss"),
                "decisions": t("判读", "Decisions"),
                "checks": t("做过的核查", "Checks that ran"),
                "sources": t("文件与文本", "Files and texts"),
            },
        }

    @staticmethod
    def _badge(verdict: str, word: str) -> str:
        return f"{VERDICT_MARKS[verdict]} {word}"

    def _facts(self) -> list[list[str]]:
        t = self._t
        found = [
            [t("来源", "Source"), self._entries.foreign(self._report.source)],
            [t("判读基准日", "As of"), " – ".join(dict.fromkeys(filter(None, self._summary.days)))],
            [t("政策图谱摘要", "Policy graph"), self._report.digest],
        ]
        return found + [
            [t("叠加", "Overlay"), self._entries.foreign(line.strip())] for line in overlay_lines(self._report.overlays, self._language)
        ]

    def _tables(self) -> list[dict[str, Any]]:
        t, entries, lines = self._t, self._entries, self._lines
        colon = t("：", ": ")
        checks = [
            [entries.label(c.shape), lines.by_verdict(c.verdicts), t("、", ", ").join(map(entries.label, c.provisions))]
            for c in self._summary.checks
        ]
        columns = [[lines.column(c, self._summary), str(c.total)] for c in self._summary.columns]
        rules = [line.strip().split(colon, 1) for line in lines.outcome_lines(self._summary) if line.startswith("  ")]
        tables = (
            (t("按核查", "By check"), [3, 2, 4], [t("核查", "Check"), t("发现", "Findings"), t("条款", "Provisions")], checks),
            (t("按列或字段", "By column or field"), [1, "auto"], [t("列或字段", "Column or field"), t("发现", "Findings")], columns),
            (t("按规则", "By rule"), [1, 1], [t("规则", "Rule"), t("判读结果", "Outcomes")], rules),
        )
        return [{"caption": c, "columns": w, "headers": h, "rows": rows[:_MOST_ROWS]} for c, w, h, rows in tables if rows]

    # ---------------------------------------------------------------- records
    def _row(self, record: RecordReport) -> list[Any]:
        word = self._badge(record.verdict.short, self._entries.label(record.verdict))
        decided = list(map(self._entries.decision, record.decisions))
        kind = self._entries.label(record.kind)
        return [
            str(record.position),
            self._entries.name(record),
            kind,
            record.verdict.short,
            word,
            str(len(record.findings) or ""),
            decided,
        ]

    def _record(self, record: RecordReport) -> dict[str, Any]:
        entries, t = self._entries, self._t
        findings = [entries.entry(finding, record) for finding in record.findings]
        day = t(f"判读基准日 {record.as_of}", f"as of {record.as_of}")
        said = [f"{name}{t('：', ': ')}{word}" for name, _, word in entries.parts(record)]
        said += [entries.words(UNCHECKED)] if record.verdict.short == "unchecked" and not self._decisions else []
        return {
            "title": entries.title(record),
            "verdict": record.verdict.short,
            "word": self._badge(record.verdict.short, entries.label(record.verdict)),
            "place": t("；", "; ").join(filter(None, (entries.place(record.place), day))),
            "parts": t("；", "; ").join(said),
            "groups": [
                {"title": entries.row(record, row) if row else "", "cells": [self._cell(cell) for cell in own]}
                for row, own in groupby(entries.cells(record), key=lambda cell: cell.row)
            ],
            "findings": [self._finding(number, entry) for number, entry in enumerate(findings, 1)],
            "passes": [self._pass(entries.entry(passed, record)) for passed in record.passes],
            "decisions": [
                {
                    "head": entries.decision(decision),
                    "lines": [list(line) for line in entries.decision_details(decision)] if self._decisions else [],
                    "quotes": [] if self._decisions or record.findings else self._quotes(tuple(entries.quotes(decision.citations))),
                }
                for decision in record.decisions
            ],
        }

    def _cell(self, cell: Cell) -> dict[str, str]:
        place = cell.place
        line = self._t(f"第 {place.line} 行", f"line {place.line}") if place and place.line else ""
        return {
            "field": self._entries.label(cell.field),
            "value": self._entries.value(cell) or self._t("（未填）", "(not stated)"),
            "place": (place.column or line) if place else "",
            "marks": " ".join(f"{VERDICT_MARKS[cell.verdict]} {number}" for number in cell.findings),
            "verdict": cell.verdict,
        }

    def _finding(self, number: int, entry: Entry) -> dict[str, Any]:
        t, label = self._t, self._entries.label
        proofs = (
            (t("数值", "Number"), entry.parameters),
            (t("叠加", "Overlay"), entry.brought),
            (t("读法", "Reading"), [f"{n}. {label(p.node)}" for n, p in self._points.readings_of(entry.readings)]),
            (t("未定", "Open"), [f"{n}. {label(p.node)}" for n, p in self._points.open_points_of(entry.open_points)]),
        )
        return {
            "number": number,
            "verdict": entry.verdict,
            "word": self._badge(entry.verdict, entry.word),
            "message": entry.message,
            "details": [list(each) for each in self._entries.details(entry)],
            "quotes": self._quotes(entry.quotes),
            "proofs": [[term, t("；", "; ").join(said)] for term, said in proofs if said],
            "mending": entry.mending,
        }

    def _pass(self, entry: Entry) -> str:
        self._points.quoted(entry.quotes)
        return f"{VERDICT_MARKS['pass']} {entry.check}{self._t('：', ': ')}{entry.message} {entry.found}".rstrip()

    def _quotes(self, quotes: tuple[Quote, ...]) -> list[dict[str, str]]:
        self._points.quoted(quotes)
        return [{"words": q.words, "translation": q.translation, "source": q.source, "stale": q.stale} for q in quotes]

    # ---------------------------------------------------------------- the rest
    def _left(self, shown: int, every: bool) -> list[str]:
        if every:
            return []
        summary, said = self._summary, []
        if left := summary.with_findings - shown:
            said.append(
                self._t(
                    f"还有 {left} 条有发现的记录未在此列出；全部见 --format xlsx 或 --format csv。",
                    f"{left} more records with findings are not listed here; --format xlsx or --format csv has all of them.",
                )
            )
        for verdict, runs in summary.quiet.items():
            name, spanned = self._entries.label(summary.names[verdict]), self._t("、", ", ").join(spans(runs, 100))
            said.append(self._t(f"{name}而没有发现的记录：{spanned}。", f"Records without findings, {name}: {spanned}."))
        return said

    def _checks(self) -> dict[str, Any]:
        t, said = self._t, []
        if idle := self._entries.idle(self._report):
            said.append(t(f"没有适用的记录：{idle}。", f"Applied to none: {idle}."))
        if self._summary.unchecked:
            spanned = t("、", ", ").join(spans(self._summary.unchecked, 100))
            said.append(t(f"没有核查适用的记录：{spanned}。", f"Records that no check applied to: {spanned}."))
        rows = [[self._entries.label(run.shape), str(run.looked_at)] for run in self._report.checks]
        return {"said": said, "headers": [t("核查", "Check"), t("看过的记录数", "Records looked at")], "rows": rows}

    def _shared(self) -> list[dict[str, Any]]:
        t, entries = self._t, self._entries
        numbered = [
            (title, [[f"{n}. {entries.label(p.node)}", entries.words(p.statement)] for n, p in own.values()])
            for title, own in (
                (
                    t("读法：文本未定之处，本图谱采用的理解", "Readings: how this graph understands what the text leaves open"),
                    self._points.readings,
                ),
                (t("未定问题：文本没有回答", "Open points: what the text does not answer"), self._points.open_points),
            )
        ]
        whole = [[quote.label, quote.sentence] for quote in self._points.provisions.values() if quote.sentence]
        groups = [{"title": title, "points": points, "verbatim": False} for title, points in numbered]
        groups.append({"title": t("所引条款的全句", "Whole sentences of the provisions quoted"), "points": whole, "verbatim": True})
        return [group for group in groups if group["points"]]

    def _sources(self) -> dict[str, Any]:
        t, entries = self._t, self._entries
        rows = [[entries.foreign(f.name), f.form, str(f.records), f.sha256] for f in self._report.files]
        left: Iterable[str] = [line for file in self._report.files for line in entries.unread(file)]
        unread = [t("没有读取：", "Not read: ") + line for line in left]
        more = len(unread) - _MOST_UNREAD
        return {
            "files": {"headers": [t("文件", "File"), t("格式", "Format"), t("记录", "Records"), "sha256"], "rows": rows},
            "unread": unread[:_MOST_UNREAD] + ([t(f"还有 {more} 处没有读取。", f"{more} more were not read.")] if more > 0 else []),
            "texts": [
                t(f"所引文本 {name}，sha256 {digest}", f"Text quoted: {name}, sha256 {digest}") for name, digest in self._summary.texts
            ],
        }
