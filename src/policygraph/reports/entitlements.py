"""The report on all benefits of one subject, for people on a terminal: four groups at a glance, then in full, in one language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policygraph.errors import Text, clean
from policygraph.reports.adoption import adopted_lines, brought_lines, overlay_lines
from policygraph.reports.lines import OUTCOME_MARKS
from policygraph.reports.overview import OverviewLines
from policygraph.vocab import OUTCOME

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from policygraph.model.answers import DecisionResult, Finding
    from policygraph.model.entitled import Case, Entitlement, EntitlementReport, Support
    from policygraph.model.grounds import Citation, Point

YES = Text("一、符合条件", "1. Yes, meets the conditions")
PERHAPS = Text("二、可能符合，尚待确定", "2. Perhaps, still undetermined")
SUPPORTED = Text(
    "三、支持或鼓励，没有给予什么（文本不因此给出任何可申报的待遇）",
    "3. Supported or encouraged, nothing granted (the text gives no claim to it)",
)
NO = Text("四、不符合条件", "4. No, does not meet the conditions")
_COUNT = Text("{title}：{count} 项", "{title}: {count}")
_SUPPLY = Text(
    "仍能影响结果、可以补充的（按询问次序）：{names}", "What can still change this and could be supplied, in the order asked: {names}"
)
_ALSO = Text("仍可能影响本项的：{names}", "What could still bear on this: {names}")
_ADDRESSED = Text("对象：{name}", "addressed to: {name}")
_FOR = Text("受益者：{name}", "to benefit: {name}")
_INVALID = Text("所填情况有误，不作判读：", "The profile is invalid, so nothing was decided:")
_UNCHANGEABLE = Text("没有仍可补充或取得的事实能使其符合条件。", "No fact that can still be supplied or obtained makes it eligible.")
_LEANT_ON = Text("各项判读共同依据的读法", "Readings that all answers lean on")
_IN_FULL = Text("去掉 --brief 显示依据、读法和未定之处。", "Leave --brief out for the sentences, readings and open points.")


class EntitlementText(OverviewLines):
    """Writes the report in one language."""

    def report(self, report: EntitlementReport, *, brief: bool = False) -> str:
        """Return the report; a brief one ends with the overview."""
        return "".join(f"{clean(line)}\n" for line in self._lines(report, brief))

    def _lines(self, report: EntitlementReport, brief: bool) -> Iterator[str]:
        yield self._standing()
        name = f" {report.name}" if report.name else ""
        yield self._t(
            f"{self._n(report.subject)}{name}，判读基准日 {report.as_of}；政策图谱 {report.digest[:12]}",
            f"{self._n(report.subject)}{name}, as of {report.as_of}; policy graph {report.digest[:12]}",
        )
        yield from overlay_lines(report.overlays, self._language)
        if report.findings:
            yield ""
            yield self._w(_INVALID)
            yield from map(self._finding, report.findings)
            return
        yield ""
        yield from self.overview(report)
        yield ""
        if brief:
            yield self._w(_IN_FULL)
            return
        shared = _shared((*report.yes, *report.perhaps, *report.no))
        for title, own in ((YES, report.yes), (PERHAPS, report.perhaps)):
            yield from self._in_group(title, own, shared)
            yield ""
        yield self._w(_COUNT.format(title=SUPPORTED, count=len(report.supported)))
        for support in report.supported:
            yield from self._support(support)
        yield ""
        yield from self._in_group(NO, report.no, shared)
        if shared:
            yield ""
            yield self._w(_LEANT_ON)
            yield from (f"  {self._w(point.statement)}" for point in shared)
        cited = [c for e in (*report.yes, *report.perhaps, *report.no) for c in e.citations] + [s.citation for s in report.supported]
        for document, digest in sorted({(c.document, c.sha256) for c in cited if c.sha256}):
            yield ""
            yield self._t(f"所引文本 {document}，sha256 {digest}", f"Text quoted: {document}, sha256 {digest}")

    def _in_group(self, title: Text, own: Sequence[Entitlement], shared: Collection[Point]) -> Iterator[str]:
        yield self._w(_COUNT.format(title=title, count=len(own)))
        for entitlement in own:
            yield from self._entitlement(entitlement, shared)

    def _finding(self, finding: Finding) -> str:
        value = self._w(finding.value)
        found = self._t(f"（所填：{value}）", f" (found: {value})") if value else ""
        return f"  ✗ {self._w(finding.message)}{found}" + (f" [{finding.row}]" if finding.row else "")

    # ---------------------------------------------------------------- one benefit
    def _entitlement(self, entitlement: Entitlement, shared: Collection[Point]) -> Iterator[str]:
        indent, colon = "      ", self._t("：", ": ")
        carrying = entitlement.carrying
        alone = entitlement.cases[0] if len(entitlement.cases) == 1 and not entitlement.cases[0].about else None
        yield f"  {self._n(entitlement.rule)}{colon}{self._head(entitlement, alone)}"
        if entitlement.outcome.iri == OUTCOME.eligible and self._w(entitlement.benefit) != self._n(entitlement.rule):
            yield f"{indent}{self._t('内容', 'Content')}{colon}{self._w(entitlement.benefit)}"
        if self._w(entitlement.reason):
            yield f"{indent}{self._w(entitlement.reason)}"
        if alone is None:
            shown = [case for case in entitlement.cases if case in carrying or not case.further]
            yield from self._cases(shown, indent)
        if entitlement.outcome.iri in {OUTCOME["not-eligible"], OUTCOME.undetermined}:
            yield from (indent + line for line in self._against(carrying))
        yield from self._total(carrying, indent)
        yield from self._citation_lines(entitlement.citations, indent)
        decisions = [case.decision for case in carrying]
        yield from self._parameter_lines(tuple(dict.fromkeys(p for d in decisions for p in d.parameters)), indent)
        if entitlement.needs:
            words = _SUPPLY if entitlement.outcome.iri == OUTCOME.undetermined else _ALSO
            yield indent + self._w(words.format(names=self._needs(entitlement.needs)))
        if entitlement.outcome.iri in {OUTCOME.eligible, OUTCOME.undetermined}:
            yield from self._proofs_of(carrying, indent)
        for responsible in dict.fromkeys(r for d in decisions for r in d.responsible):
            yield indent + self._responsible(responsible)
        yield from brought_lines(dict.fromkeys(b for d in decisions for b in d.brought), self._language, indent)
        for adopted in dict.fromkeys(a for d in decisions for a in d.adopted):
            yield from adopted_lines([adopted], self._language, indent)
        own = tuple(point for point in _distinct(d.readings for d in decisions) if point not in shared)
        yield from self._point_lines(own, self._t("读法", "Reading"), indent)
        yield from self._point_lines(_distinct(d.open_points for d in decisions), self._t("未定", "Open point"), indent)
        yield from self._changes(decisions, indent)

    def _head(self, entitlement: Entitlement, alone: Case | None) -> str:
        if alone is not None:
            return self._decision_head(alone.decision)
        causes = self._t("（", " (") + self._names(entitlement.causes) + self._t("）", ")") if entitlement.causes else ""
        return f"{OUTCOME_MARKS[entitlement.outcome.short]} {self._n(entitlement.outcome)}{causes}"

    def _total(self, cases: Sequence[Case], indent: str) -> Iterator[str]:
        totals = {(d.total_low, d.total_high) for d in (c.decision for c in cases) if (d.total_low, d.total_high) != (d.low, d.high)}
        for low, high in sorted(t for t in totals if t[0]):
            unit = self._unit(cases[0].decision)
            bounds = f"{low} … {high or self._t('未知', 'unknown')} {unit}".rstrip()
            yield f"{indent}{self._t('各项合计：待定，', 'Total of all: undetermined, ')}{bounds}"

    def _proofs_of(self, cases: Iterable[Case], indent: str) -> Iterator[str]:
        """Yield the facts that are only stated; what is asked for is no fact."""
        fields = dict.fromkeys(f.field for case in cases for f in case.decision.proofs if f.field.iri not in case.requested)
        if fields:
            yield f"{indent}{self._t('仅凭陈述、尚待证明：', 'Stated only, proof still to be shown: ')}{self._names(fields)}"

    def _changes(self, decisions: Sequence[DecisionResult], indent: str) -> Iterator[str]:
        """Yield what could still change a no; cases that share a way share its lines."""
        looked = [d for d in decisions if d.remedies is not None]
        found = [d for d in looked if d.remedies and (d.remedies.supply or d.remedies.past)]
        yield from dict.fromkeys(line for d in found for line in self.remedy_lines(d, indent))
        if looked and not found:
            yield indent + self._w(_UNCHANGEABLE)

    # ---------------------------------------------------------------- what is only encouraged
    def _support(self, support: Support) -> Iterator[str]:
        citation: Citation = support.citation
        role = (_ADDRESSED if support.addressed else _FOR).format(name=support.actor.label)
        strength = self._n(citation.strength)
        yield f"  · {strength}{self._t('：', ': ')}“{citation.quote}”{self._t('（', ' (')}{self._w(role)}{self._t('）', ')')}"
        if self._language == "en" and citation.translation:
            yield f"      ({citation.translation})"
        place = (
            self._t(f"字符 {citation.start}–{citation.end}", f"characters {citation.start}–{citation.end}") if citation.start >= 0 else ""
        )
        parts = [p for p in (citation.document, citation.provision.short, place) if p]
        yield f"      [{self._t('，', ', ').join(parts)}]"


def _distinct(groups: Iterable[tuple[Point, ...]]) -> tuple[Point, ...]:
    return tuple(dict.fromkeys(item for group in groups for item in group))


def _shared(entitlements: Iterable[Entitlement]) -> tuple[Point, ...]:
    """Return the readings on which every benefit leans that was decided on a case; none when there is only one such benefit."""
    decided = [_distinct(c.decision.readings for c in e.carrying) for e in entitlements if e.carrying]
    return tuple(point for point in decided[0] if all(point in own for own in decided)) if len(decided) > 1 else ()
