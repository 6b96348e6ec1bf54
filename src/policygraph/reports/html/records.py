"""Records in HTML: the submitted cells with those at fault marked, and beside them the findings with their proofs."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from policygraph.reports.html.markup import Markup, chinese, element, foreign, join, with_quotes
from policygraph.reports.html.nesting import nested
from policygraph.reports.lines import UNCHECKED, VERDICT_MARKS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from policygraph.model.answers import CheckReport, Finding, RecordReport
    from policygraph.reports.cells import Cell
    from policygraph.reports.entries import Entries, Entry, Quote
    from policygraph.reports.points import Points


class Records:
    """Writes records and findings in one language.

    Args:
        entries: The words.
        points: Gathers readings, open questions and provisions, which stand once at the end of the page.
        decisions: Whether decisions are shown with their conditions.
        address: Where a provision is served, for reports that link to it.
    """

    def __init__(self, entries: Entries, points: Points, *, decisions: bool, address: Callable[[str], str] | None = None) -> None:
        self._entries, self._points, self._decisions, self._address = entries, points, decisions, address
        self._t = entries.pick

    def file_findings(self, report: CheckReport) -> Markup:
        """Return the findings that belong to no record."""
        return self._list((self._entries.entry(finding) for finding in report.file_findings), "file")

    def line(self, record: RecordReport, *, decided: bool) -> Markup:
        """Return a record's row in the list of records, with a cell for its decisions if any record has some."""
        link = element("a", self._t(f"记录 {record.position}", f"Record {record.position}"), href=f"#record-{record.position}")
        decisions = (element("li", foreign(self._entries.decision(decision))) for decision in record.decisions)
        return element(
            "tr",
            element("th", link, scope="row"),
            element("td", foreign(self._entries.name(record))),
            element("td", self._entries.label(record.kind)),
            element("td", self._verdict(record)),
            element("td", str(len(record.findings) or "")),
            *([element("td", element("ul", *decisions, class_="plain"))] if decided else []),
        )

    def record(self, record: RecordReport) -> Markup:
        """Return everything about a record."""
        anchor = f"record-{record.position}"
        findings = [self._entries.entry(finding, record) for finding in record.findings]
        right = [self._list(findings, anchor)] if findings else []
        right += [self._passes(record.passes, record)] if record.passes else []
        right += [self._decided(record)] if record.decisions else []
        if record.verdict.short == "unchecked" and not self._decisions:
            right.insert(0, element("p", self._entries.words(UNCHECKED), class_="soft"))
        elif not right:
            right = [element("p", self._t("没有发现。", "No findings."), class_="soft")]
        cells = self._entries.cells(record)
        left = [self._cells(record, cells, anchor)] if cells else []
        beside = element("div", *left, element("div", *right), class_="beside" if left else "beside alone")
        return element("article", self._head(record, anchor), beside, class_="record", id=anchor, aria_labelledby=f"{anchor}-title")

    def badge(self, verdict: str, word: str) -> Markup:
        """Return a verdict as a badge, with a mark for those who see no colour."""
        return element("span", element("span", VERDICT_MARKS[verdict], aria_hidden="true"), " ", word, class_=f"badge {verdict}")

    def _head(self, record: RecordReport, anchor: str) -> Markup:
        title = element("h3", foreign(self._entries.title(record)), " ", self._verdict(record), id=f"{anchor}-title")
        place = self._entries.place(record.place)
        where = [foreign(place), self._t("；", "; ")] if place else []
        day = self._t(f"判读基准日 {record.as_of}", f"as of {record.as_of}")
        parts = [element("p", *where, day, class_="soft")]
        if record.parts:
            said = (f"{name}{self._t('：', ': ')}{word}" for name, _, word in self._entries.parts(record))
            parts.append(element("p", self._t("；", "; ").join(said)))
        return element("header", title, *parts)

    def _verdict(self, record: RecordReport) -> Markup:
        return self.badge(record.verdict.short, self._entries.label(record.verdict))

    # ---------------------------------------------------------------- cells
    def _cells(self, record: RecordReport, cells: Iterable[Cell], anchor: str) -> Markup:
        groups: list[Markup] = []
        for row, own in groupby(cells, key=lambda cell: cell.row):
            title = [element("tr", element("th", foreign(self._entries.row(record, row)), scope="rowgroup", colspan="3"), class_="group")]
            groups.append(element("tbody", *(title if row else ()), *(self._cell(cell, anchor) for cell in own)))
        headers = (self._t("字段", "field"), self._t("所填", "stated"), self._t("位置", "place"))
        head = element("thead", element("tr", *(element("th", header, scope="col") for header in headers)))
        caption = element("caption", self._t("提交的内容", "What was submitted"))
        return element("div", element("table", caption, head, *groups, class_="cells"), class_="scroll", tabindex="0")

    def _cell(self, cell: Cell, anchor: str) -> Markup:
        value = self._entries.value(cell)
        shown = foreign(value) if value else element("span", self._t("（未填）", "(not stated)"), class_="soft")
        marks = [
            element("a", f"{VERDICT_MARKS[cell.verdict]} {number}", href=f"#{anchor}-finding-{number}", aria_label=self._about(number))
            for number in cell.findings
        ]
        where = (
            cell.place.column or (self._t(f"第 {cell.place.line} 行", f"line {cell.place.line}") if cell.place.line else "")
            if cell.place
            else ""
        )
        return element(
            "tr",
            element("th", foreign(self._entries.label(cell.field)), scope="row"),
            element("td", shown, *(part for mark in marks for part in (" ", mark))),
            element("td", where, class_="soft"),
            class_=f"fault {cell.verdict}" if marks else "",
        )

    def _about(self, number: int) -> str:
        return self._t(f"见发现 {number}", f"see finding {number}")

    # ---------------------------------------------------------------- findings
    def _list(self, findings: Iterable[Entry], anchor: str) -> Markup:
        items = (
            element(
                "li", *self._finding(entry, number), class_=f"finding {entry.verdict}", id=f"{anchor}-finding-{number}",
                data_verdict=entry.verdict, data_shape=entry.shape,
            )
            for number, entry in enumerate(findings, 1)
        )  # fmt: skip
        return element("ol", *items, class_="findings")

    def _finding(self, entry: Entry, number: int) -> Iterator[Markup]:
        message = element("span", foreign(entry.message), class_="message")
        yield element("h4", f"{number}. ", self.badge(entry.verdict, entry.word), " ", message)
        rows = [
            *((term, foreign(words), "") for term, words in self._entries.details(entry)),
            *self._basis(entry),
            (self._t("改正", "To do"), foreign(entry.mending) if entry.mending else "", "mending"),
        ]
        yield element(
            "dl", *(part for term, words, kind in rows if words for part in (element("dt", term), element("dd", words, class_=kind)))
        )

    def _basis(self, entry: Entry) -> Iterator[tuple[str, str, str]]:
        self._points.quoted(entry.quotes)
        yield self._t("依据", "Basis"), join(map(self.quote, entry.quotes)), ""
        yield self._t("数值", "Number"), self._lines(entry.parameters), ""
        yield self._t("叠加", "Overlay"), self._lines(entry.brought), ""
        readings = self._points.readings_of(entry.readings)
        yield self._t("读法", "Reading"), self._links(((f"reading-{n}", self._entries.label(p.node)) for n, p in readings)), ""
        open_points = self._points.open_points_of(entry.open_points)
        yield self._t("未定", "Open"), self._links((f"open-{n}", self._entries.label(p.node)) for n, p in open_points), ""

    def quote(self, quote: Quote) -> Markup:
        """Return a sentence of the policy with where it stands."""
        stale = f" {self._t('（', '(')}{quote.stale}{self._t('）', ')')}" if quote.stale else ""
        return element(
            "blockquote",
            element("p", chinese(f"“{quote.words}”"), stale),
            *([element("p", quote.translation, class_="translation")] if quote.translation else []),
            element("footer", element("a", quote.source, href=self._address(quote.provision)) if self._address else quote.source),
            cite=quote.provision,
        )

    @staticmethod
    def _lines(lines: Iterable[str]) -> Markup:
        items = [element("li", with_quotes(line)) for line in lines]
        return element("ul", *items, class_="plain") if items else Markup("")

    @staticmethod
    def _links(links: Iterable[tuple[str, str]]) -> Markup:
        items = [element("li", element("a", label, href=f"#{anchor}")) for anchor, label in links]
        return element("ul", *items, class_="points") if items else Markup("")

    # ---------------------------------------------------------------- passes, decisions
    def _passes(self, passes: Iterable[Finding], record: RecordReport) -> Markup:
        items = []
        for passed in passes:
            entry = self._entries.entry(passed, record)
            self._points.quoted(entry.quotes)
            found = [" ", foreign(entry.found)] if entry.found else []
            items.append(element("li", f"{VERDICT_MARKS['pass']} {entry.check}{self._t('：', ': ')}", entry.message, *found))
        title = element("summary", self._t("比较过而没有问题的", "What was compared and found nothing amiss"))
        return element("details", title, element("ul", *items, class_="plain"), class_="passes", open="open")

    def _decided(self, record: RecordReport) -> Markup:
        parts = [element("h4", self._t("判读", "Decisions"))]
        for decision in record.decisions:
            below: list[Markup] = []
            if self._decisions:
                below = [nested(list(self._entries.decision_details(decision)))]
            elif not record.findings:
                quotes = tuple(self._entries.quotes(decision.citations))
                self._points.quoted(quotes)
                below = list(map(self.quote, quotes))
            parts.append(element("div", element("p", foreign(self._entries.decision(decision))), *below))
        return element("section", *parts, class_="decisions")
