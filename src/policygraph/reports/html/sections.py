"""The sections of a page around its records: summary, checks, readings, files, texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policygraph.errors import Text
from policygraph.reports.adoption import overlay_lines
from policygraph.reports.entries import Entries
from policygraph.reports.html.markup import Markup, chinese, element, foreign, join, table
from policygraph.reports.overall import OverallLines
from policygraph.reports.summary import spans

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from policygraph.model.answers import CheckReport
    from policygraph.reports.html.records import Records
    from policygraph.reports.points import Points
    from policygraph.reports.summary import Summary

_WIDTH = 1_000
# Where all records are that a page leaves out: in a file of the command line, or in a download.
IN_FILES = Text("全部见 --format xlsx 或 --format csv", "--format xlsx or --format csv has all of them")
IN_DOWNLOADS = Text("全部见下载的 XLSX 或 CSV", "the download as XLSX or CSV has all of them")
_MOST_COLUMNS, _MOST_UNREAD = 100, 300


class Sections:
    """Writes the sections of one report in one language."""

    def __init__(self, report: CheckReport, summary: Summary, language: str, records: Records, elsewhere: Text = IN_FILES) -> None:
        self._report, self._summary, self._records, self._elsewhere = report, summary, records, elsewhere
        self._entries, self._lines, self._language = Entries(language), OverallLines(language), language
        self._t = self._entries.pick

    def opening(self, title: str) -> Markup:
        """Return the head of a page of its own, its contents and the summary."""
        skip = element("a", self._t("跳到逐条结果", "Skip to the records"), href="#records", class_="skip")
        return join([skip, element("header", element("h1", title), *self._introduction()), Markup("<main>\n"), self._summarised()])

    def part(self) -> Markup:
        """Return the same as a part of a page that has its own head."""
        return join([*self._introduction(), self._summarised()])

    def _summarised(self) -> Markup:
        return element("section", *self._counts(), id="summary", aria_labelledby="summary-title")

    def _introduction(self) -> Iterator[Markup]:
        """Yield what the report is not, what it rests on, and its contents."""
        report = self._report
        contents = [
            ("summary", self._t("汇总", "Summary")),
            ("records", self._t("逐条结果", "Records")),
            ("checks", self._t("做过的核查", "Checks that ran")),
            ("points", self._t("读法与未定问题", "Readings and open points")),
            ("sources", self._t("文件与文本", "Files and texts")),
        ]
        days = " – ".join(dict.fromkeys(filter(None, self._summary.days)))
        facts = [
            (self._t("结论", "Verdict"), self._records.badge(report.verdict.short, self._entries.label(report.verdict))),
            (self._t("来源", "Source"), foreign(self._entries.foreign(report.source))),
            (self._t("判读基准日", "As of"), days),
            (self._t("政策图谱摘要", "Policy graph"), element("code", report.digest)),
            *(
                (self._t("叠加", "Overlay"), foreign(self._entries.foreign(line.strip())))
                for line in overlay_lines(report.overlays, self._language)
            ),
        ]
        links = (element("li", element("a", words, href=f"#{anchor}")) for anchor, words in contents)
        yield element("p", self._entries.standing(), class_="notice")
        yield _listed(facts)
        yield element("nav", element("ul", *links), aria_label=self._t("本报告", "This report"))

    def _counts(self) -> Iterator[Markup]:
        summary, lines = self._summary, self._lines
        yield element("h2", self._t("汇总", "Summary"), id="summary-title")
        yield element("p", lines.in_one_line(summary))
        if summary.records:
            yield self._bar()
        checks = [
            [
                self._entries.label(c.shape),
                join(self._records.badge(verdict, words) for verdict, words in lines.each_verdict(c.verdicts)),
                self._t("、", ", ").join(map(self._entries.label, c.provisions)),
            ]
            for c in summary.checks
        ]
        columns = [[foreign(lines.column(c, self._summary)), str(c.total)] for c in summary.columns[:_MOST_COLUMNS]]
        tables = []
        headers: tuple[str, ...]
        if checks:
            headers = (self._t("核查", "Check"), self._t("发现", "Findings"), self._t("条款", "Provisions"))
            tables.append(element("div", table(self._t("按核查", "By check"), headers, checks), class_="scroll wide", tabindex="0"))
        if columns:
            headers = (self._t("列或字段", "Column or field"), self._t("发现", "Findings"))
            tables.append(
                element("div", table(self._t("按列或字段", "By column or field"), headers, columns), class_="scroll", tabindex="0")
            )
        if summary.outcomes:
            decided = [
                [line.partition(self._t("：", ": "))[0].strip(), line.partition(self._t("：", ": "))[2]] for line in self._outcomes()
            ]
            headers = (self._t("规则", "Rule"), self._t("判读结果", "Outcomes"))
            tables.append(element("div", table(self._t("按规则", "By rule"), headers, decided), class_="scroll", tabindex="0"))
        yield element("div", *tables, class_="counts")

    def _outcomes(self) -> list[str]:
        return [line for line in self._lines.outcome_lines(self._summary) if line.startswith("  ")]

    def _bar(self) -> Markup:
        """Return how the records divide over the verdicts, as a bar with words for those who do not see it."""
        summary, at, bars, keys = self._summary, 0.0, [], []
        for verdict in self._lines.verdicts(summary):
            width = _WIDTH * summary.verdicts[verdict] / summary.records
            bars.append(element("rect", x=f"{at:.1f}", y="0", width=f"{width:.1f}", height="20", class_=verdict))
            keys.append(
                element("li", self._records.badge(verdict, f"{self._entries.label(summary.names[verdict])} {summary.verdicts[verdict]}"))
            )
            at += width
        label = self._t("各结论的记录数", "Records by verdict")
        drawing = element("svg", *bars, class_="bar", viewBox=f"0 0 {_WIDTH} 20", preserveAspectRatio="none", role="img", aria_label=label)
        return join([drawing, element("ul", *keys, class_="keys")])

    # ---------------------------------------------------------------- records
    def of_no_record(self) -> Markup:
        """Return the findings that belong to no record."""
        title = element("h2", self._t("不属于任何记录的发现", "Findings that belong to no record"), id="file-title")
        return element("section", title, self._records.file_findings(self._report), id="file", aria_labelledby="file-title")

    def begin_records(self) -> Markup:
        """Return what stands before the records."""
        title = element("h2", self._t("逐条结果", "Records"), id="records-title")
        return join([Markup('<section id="records" aria-labelledby="records-title">'), title])

    def begin_list(self) -> Markup:
        """Return what stands before the rows of the list of records."""
        words = [("记录", "Record"), ("名称", "Name"), ("种类", "Kind"), ("结论", "Verdict"), ("发现", "Findings")]
        words += [("判读", "Decisions")] if self._summary.outcomes else []
        head = element("thead", element("tr", *(element("th", self._t(*each), scope="col") for each in words)))
        caption = element("caption", self._t("一览", "At a glance"))
        return join([Markup('<div class="scroll"><table class="list">'), caption, head, Markup("<tbody>")])

    @staticmethod
    def end_list() -> Markup:
        """Return what stands after them."""
        return Markup("</tbody></table></div>")

    def end_records(self, shown: int, *, every: bool) -> Markup:
        """Return what stands after the records: which are not shown, and where they are."""
        summary, said = self._summary, []
        left = 0 if every else summary.with_findings - shown
        if left:
            said.append(
                self._t(
                    f"还有 {left} 条有发现的记录未在此页列出；{self._elsewhere.zh}。",
                    f"{left} more records with findings are not on this page; {self._elsewhere.en}.",
                )
            )
        if not every:
            for verdict, runs in summary.quiet.items():
                name = self._entries.label(summary.names[verdict])
                spanned = self._t("、", ", ").join(spans(runs, 200))
                said.append(self._t(f"{name}而没有发现的记录：{spanned}。", f"Records without findings, {name}: {spanned}."))
        return join([*(element("p", words) for words in said), Markup("</section>")])

    # ---------------------------------------------------------------- the rest
    def closing(self, points: Points) -> Markup:
        """Return checks, readings and open questions, files and texts, and the end of a page of its own."""
        end = element("footer", element("p", self._entries.standing()), class_="end")
        return join([self.rest(points), Markup("</main>\n"), end])

    def rest(self, points: Points) -> Markup:
        """Return checks, readings and open questions, files and texts."""
        return join(
            [
                element("section", *self._checks(), id="checks", aria_labelledby="checks-title"),
                element("section", *self._points(points), id="points", aria_labelledby="points-title"),
                element("section", *self._sources(), id="sources", aria_labelledby="sources-title"),
            ]
        )

    def _checks(self) -> Iterator[Markup]:
        yield element("h2", self._t("做过的核查", "Checks that ran"), id="checks-title")
        if idle := self._entries.idle(self._report):
            yield element("p", self._t("没有适用的记录：", "Applied to none: "), idle, self._t("。", "."))
        if self._summary.unchecked:
            spanned = self._t("、", ", ").join(spans(self._summary.unchecked, 200))
            yield element("p", self._t(f"没有核查适用的记录：{spanned}。", f"Records that no check applied to: {spanned}."))
        rows = [[self._entries.label(run.shape), str(run.looked_at)] for run in self._report.checks]
        if rows:
            headers = (self._t("核查", "Check"), self._t("看过的记录数", "Records looked at"))
            yield element(
                "div", table(self._t("每项核查看过多少条记录", "How many records each check looked at"), headers, rows), class_="scroll"
            )

    def _points(self, points: Points) -> Iterator[Markup]:
        yield element("h2", self._t("读法与未定问题", "Readings and open points"), id="points-title")
        groups = (
            (
                "reading",
                self._t("读法：文本未定之处，本图谱采用的理解", "Readings: how this graph understands what the text leaves open"),
                points.readings,
            ),
            ("open", self._t("未定问题：文本没有回答", "Open points: what the text does not answer"), points.open_points),
        )
        for anchor, title, own in groups:
            if own:
                items = (
                    element(
                        "div",
                        element("dt", self._entries.label(p.node), id=f"{anchor}-{n}"),
                        element("dd", self._entries.words(p.statement)),
                    )
                    for n, p in own.values()
                )
                yield join([element("h3", title), element("dl", *items, class_="points-list")])
        whole = [quote for quote in points.provisions.values() if quote.sentence]
        if whole:
            items = (element("div", element("dt", q.label), element("dd", chinese(q.sentence))) for q in whole)
            title = self._t("所引条款的全句", "Whole sentences of the provisions quoted")
            yield join([element("h3", title), element("dl", *items, class_="points-list")])
        if not (points.readings or points.open_points or whole):
            yield element("p", self._t("没有。", "None."))

    def _sources(self) -> Iterator[Markup]:
        yield element("h2", self._t("文件与文本", "Files and texts"), id="sources-title")
        if self._report.files:
            headers = tuple(self._t(*words) for words in (("文件", "File"), ("格式", "Format"), ("记录", "Records"), ("sha256", "sha256")))
            rows = [
                [foreign(self._entries.foreign(f.name)), f.form, str(f.records), element("span", f.sha256, class_="digest")]
                for f in self._report.files
            ]
            yield element("div", table(self._t("读取的文件", "Files read"), headers, rows), class_="scroll", tabindex="0")
        left = [line for file in self._report.files for line in self._entries.unread(file)]
        if left:
            yield element("h3", self._t("没有读取的", "What was not read"))
            yield element("ul", *(element("li", foreign(line)) for line in left[:_MOST_UNREAD]))
        if len(left) > _MOST_UNREAD:
            more = len(left) - _MOST_UNREAD
            yield element("p", self._t(f"还有 {more} 处。", f"{more} more."))
        for document, digest in self._summary.texts:
            yield element(
                "p", self._t("所引文本 ", "Text quoted: "), chinese(document), self._t("，", ", "), "sha256 ", element("code", digest)
            )


def _listed(facts: Iterable[tuple[str, str]]) -> Markup:
    return element("dl", *(part for term, words in facts if words for part in (element("dt", term), element("dd", words))))
