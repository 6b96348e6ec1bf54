"""Lines that sum up a report on many records, in one language: counts by verdict, check, column and outcome."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policygraph.errors import Text
from policygraph.model.places import heading
from policygraph.reports.decisions import DecisionLines
from policygraph.reports.lines import FINDING_WORDS, OUTCOME_MARKS, VERDICT_MARKS, VERDICTS

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterator

    from policygraph.reports.summary import CheckCount, ColumnCount, Summary

MOST_LISTED = 20
_BY_VERDICT = Text("按结论（记录数）", "By verdict (records)")
_BY_CHECK = Text("按核查（发现数）", "By check (findings)")
_BY_COLUMN = Text("按列或字段（发现数）", "By column or field (findings)")
_BY_OUTCOME = Text("按规则与判读结果（判读数）", "By rule and outcome (decisions)")
_FURTHER = Text("…另有 {count} 项", "… {count} more")
_OTHER_COLUMNS = Text("其他各列", "other columns")
_ALL = Text("共 {records} 条记录：{verdicts}；{findings} 项发现。", "{records} in all: {verdicts}; {findings}.")


class OverallLines(DecisionLines):
    """Writes what a report comes to, in one language."""

    def overall_lines(self, summary: Summary) -> Iterator[str]:
        """Yield counts by verdict, by check with its provisions, and by column."""
        yield ""
        yield self._w(_BY_VERDICT)
        for verdict in self.verdicts(summary):
            yield f"  {VERDICT_MARKS[verdict]} {self._n(summary.names[verdict])}{self._colon}{summary.verdicts[verdict]}"
        yield from self._listed(_BY_CHECK, [self.check_count(check) for check in summary.checks])
        yield from self._listed(_BY_COLUMN, [f"{self.column(c, summary)}{self._colon}{c.total}" for c in summary.columns])

    def outcome_lines(self, summary: Summary) -> Iterator[str]:
        """Yield how many decisions each rule came to, by outcome."""
        yield ""
        yield self._w(_BY_OUTCOME)
        for rule, outcomes in sorted(summary.outcomes.items()):
            counts = self._t("，", ", ").join(
                f"{OUTCOME_MARKS[node.short]} {self._n(node)} {count}"
                for node, count in sorted(((summary.nodes[iri], count) for iri, count in outcomes.items()), key=lambda each: each[0].iri)
            )
            yield f"  {self._n(summary.nodes[rule])}{self._colon}{counts}"

    def in_one_line(self, summary: Summary) -> str:
        """Return how many records have which verdict, and how many findings there are."""
        verdicts = (f"{self._n(summary.names[verdict])} {summary.verdicts[verdict]}" for verdict in self.verdicts(summary))
        return self._w(_ALL).format(
            records=summary.records if self._language == "zh" else _count(summary.records, "record"),
            verdicts=self._t("，", ", ").join(verdicts),
            findings=summary.total if self._language == "zh" else _count(summary.total, "finding"),
        )

    @staticmethod
    def verdicts(summary: Summary) -> list[str]:
        """Return the verdicts that occur, worst first."""
        return [verdict for verdict in VERDICTS if summary.verdicts[verdict]]

    def check_count(self, check: CheckCount) -> str:
        """Return a check with its findings by verdict and the clauses behind it."""
        behind = self._names(check.provisions)
        provisions = self._t(f"（{behind}）", f" ({behind})") if behind else ""
        return f"{VERDICT_MARKS[check.worst]} {self._n(check.shape)}{provisions}{self._colon}{self.by_verdict(check.verdicts)}"

    def by_verdict(self, counts: Counter[str]) -> str:
        """Return how many findings have which verdict."""
        return self._t("，", ", ").join(words for _, words in self.each_verdict(counts))

    def each_verdict(self, counts: Counter[str]) -> Iterator[tuple[str, str]]:
        """Yield each verdict that occurs, worst first, with how many findings have it."""
        for verdict in VERDICTS:
            if counts[verdict]:
                yield verdict, f"{self._w(FINDING_WORDS[verdict])} {counts[verdict]}"

    def column(self, column: ColumnCount, summary: Summary) -> str:
        """Return what a column is called: file if there are several, sheet, letters and header, or the field if there are no columns."""
        if column.header == "…":
            return self._w(_OTHER_COLUMNS)
        header = heading(column.header, self._language)
        name = header if column.column or column.sheet or not column.field else self._n(column.field)
        file = column.file if summary.several_files else ""
        parts = (file, column.sheet, self._t(f"{column.column} 列", f"column {column.column}") if column.column else "", name)
        return self._shown(self._t("，", ", ").join(filter(None, parts)), 200)

    @property
    def _colon(self) -> str:
        return self._t("：", ": ")

    def _listed(self, title: Text, lines: list[str]) -> Iterator[str]:
        if not lines:
            return
        yield ""
        yield self._w(title)
        yield from (f"  {line}" for line in lines[:MOST_LISTED])
        if len(lines) > MOST_LISTED:
            yield "  " + self._w(_FURTHER.format(count=len(lines) - MOST_LISTED))


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
