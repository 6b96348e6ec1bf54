"""The benefits of one subject in HTML: four groups at a glance, then each with its reasons, sentences, open points and where to ask."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import quote

from policygraph.errors import Text
from policygraph.reports.adoption import brought_lines
from policygraph.reports.entitlements import EntitlementText
from policygraph.reports.entries import Entries, Quote
from policygraph.reports.html.markup import Markup, chinese, element, foreign, join, with_quotes
from policygraph.reports.html.nesting import nested
from policygraph.reports.lines import OUTCOME_MARKS
from policygraph.vocab import BASE, OUTCOME

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from policygraph.model.answers import Finding
    from policygraph.model.entitled import Entitlement, EntitlementReport, Need, Support
    from policygraph.model.grounds import Named, Point, Responsible

_GROUPS = (
    ("yes", Text("符合条件", "Yes")),
    ("perhaps", Text("可能符合，尚待确定", "Perhaps")),
    ("supported", Text("只是支持或鼓励", "Only encouraged")),
    ("no", Text("不符合条件", "No")),
)
_ABOUT = {
    "yes": Text("按所述事实，文本规定的条件都已满足。", "On the facts as stated, the conditions in the text are met."),
    "perhaps": Text("还缺事实，或文本没有说清，或要由机关裁量。", "Facts are missing, the text is silent, or an authority decides."),
    "supported": Text("文本表示支持、鼓励或可以，没有给出可申报的待遇。", "The text encourages or permits; it grants nothing to claim."),
    "no": Text("按所述事实，至少有一项条件不满足。", "On the facts as stated, a condition is not met."),
}
_CLASSES = {"eligible": "pass", "undetermined": "undetermined", "not-eligible": "note", "not-in-force": "note"}
_NONE = Text("没有。", "None.")
_ANSWER = Text("回答", "Answer")
_MOST_NAMED = 6
_INVALID = Text("所填情况有误，没有判读：", "The profile is invalid, so nothing was decided:")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a page knows beside the report.

    Attributes:
        root: Address of the service's root, with the query that every link carries.
        needs: Field and row of an open question → its pointer, by which it can be asked; empty where nothing is to be asked.
        was: Rule → outcome that was shown before, for what changed.
        silences: What the text leaves open on where and how to claim.
    """

    root: str = "/"
    needs: Mapping[str, str] = field(default_factory=dict)
    was: Mapping[str, str] = field(default_factory=dict)
    silences: tuple[Text, ...] = ()


def benefits(report: EntitlementReport, language: str, around: Surroundings) -> Markup:
    """Return the four groups."""
    return Benefits(language, around).whole(report)


def profile_findings(findings: Iterable[Finding], language: str) -> Markup:
    """Return what is wrong in a profile."""
    entries = Entries(language)
    said = (entries.entry(finding) for finding in findings)
    items = [
        element("li", foreign(e.message), f"（{e.value}）" if e.value and language == "zh" else f" ({e.value})" if e.value else "")
        for e in said
    ]
    return element("div", element("p", entries.words(_INVALID), class_="error"), element("ul", *items), role="alert", id="findings")


class Benefits(Entries, EntitlementText):
    """Writes benefits in one language."""

    def __init__(self, language: str, around: Surroundings) -> None:
        super().__init__(language)
        self._around, self._number = around, 0

    def whole(self, report: EntitlementReport) -> Markup:
        """Return the report."""
        own = {"yes": report.yes, "perhaps": report.perhaps, "no": report.no}
        parts = [self._changed([*report.yes, *report.perhaps, *report.no]), self._glance(report), self._silent()]
        for name, title in _GROUPS:
            items = [self._supported(s) for s in report.supported] if name == "supported" else [self._benefit(e) for e in own[name]]
            body = items or [element("p", self._w(_NONE), class_="soft")]
            if name == "supported" and items:
                body = [element("ul", *items, class_="supports")]
            count = len(items)
            head = element("h2", self._w(title), " ", element("span", str(count), class_="count"), id=f"{name}-title")
            parts.append(
                element(
                    "section", head, element("p", self._w(_ABOUT[name]), class_="soft"), *body,
                    class_=f"group {name}", id=name, aria_labelledby=f"{name}-title",
                )
            )  # fmt: skip
        return join(parts)

    # ---------------------------------------------------------------- at a glance
    def _glance(self, report: EntitlementReport) -> Markup:
        cards = []
        numbers = {"yes": len(report.yes), "perhaps": len(report.perhaps), "supported": len(report.supported), "no": len(report.no)}
        own = {"yes": report.yes, "perhaps": report.perhaps, "no": report.no}
        at = 0
        for name, title in _GROUPS:
            items = []
            for support in report.supported[:_MOST_NAMED] if name == "supported" else ():
                items.append(element("li", element("a", self._n(support.citation.provision), href="#supported")))
            for one in own.get(name, ()):
                at += 1
                amount = self._amounts(one) if name != "no" else ""
                link = element("a", self._n(one.rule), href=f"#benefit-{at}")
                items.append(element("li", link, *([element("span", amount, class_="amount")] if amount else [])))
            head = element("h2", element("a", self._w(title), href=f"#{name}"), " ", element("span", str(numbers[name]), class_="count"))
            cards.append(element("section", head, element("ul", *items) if items else "", class_=f"tally {name}"))
        return element("div", *cards, class_="glance", id="glance")

    def _silent(self) -> Markup:
        """Return what the text leaves open on where and how to claim."""
        if not self._around.silences:
            return Markup("")
        title = element("strong", self._t("申报之前：", "Before claiming: "))
        return element("p", title, self._t("", " ").join(map(self._w, self._around.silences)), id="silent")

    def _changed(self, now: Sequence[Entitlement]) -> Markup:
        """Return which outcomes are others than they were shown before."""
        if not self._around.was:
            return Markup("")
        items = []
        for one in now:
            old = self._around.was.get(one.rule.iri, one.outcome.iri)
            if old != one.outcome.iri:
                marks = f"{OUTCOME_MARKS.get(old.rpartition('/')[2], '')} → {OUTCOME_MARKS[one.outcome.short]}"
                items.append(element("li", element("strong", self._n(one.rule)), f" {marks} {self._n(one.outcome)}"))
        said = element("ul", *items) if items else element("p", self._t("各项结果没有变化。", "No result has changed."))
        title = element("h2", self._t("与上次看到的结果相比", "Compared with the result shown before"), id="changed-title")
        return element("section", title, said, class_="changed", id="changed", aria_labelledby="changed-title")

    # ---------------------------------------------------------------- one benefit
    def _benefit(self, one: Entitlement) -> Markup:
        self._number += 1
        anchor = f"benefit-{self._number}"
        badge = element(
            "span", element("span", OUTCOME_MARKS[one.outcome.short], aria_hidden="true"), " ", self._n(one.outcome),
            class_=f"badge {_CLASSES[one.outcome.short]}",
        )  # fmt: skip
        causes = element("span", self._names(one.causes), class_="soft") if one.causes else ""
        title = element("h3", self._link(one.rule), " ", badge, " ", causes, id=f"{anchor}-title")
        amount = self._amounts(one) if one.outcome.iri != OUTCOME["not-eligible"] else ""
        parts = [element("header", title, element("p", amount, class_="amount") if amount else "")]
        if self._w(one.benefit) != self._n(one.rule) and one.outcome.iri == OUTCOME.eligible:
            parts.append(element("p", self._w(one.benefit)))
        parts += self._reasons(one)
        quotes = list(self.quotes(one.citations))
        parts += [element("div", *map(self._quote, quotes), class_="quotes")] if quotes else []
        rows = [(term, words) for term, words in self._rows(one) if words]
        if rows:
            parts.append(element("dl", *(p for term, words in rows for p in (element("dt", term), element("dd", words)))))
        parts += self._more(one)
        kind = _CLASSES[one.outcome.short]
        return element("article", *parts, class_=f"benefit {kind}", id=anchor, aria_labelledby=f"{anchor}-title", data_rule=one.rule.iri)

    def _reasons(self, one: Entitlement) -> Iterator[Markup]:
        if self._w(one.reason):
            yield element("p", self._w(one.reason))
        carrying = one.carrying
        alone = len(one.cases) == 1 and not one.cases[0].about
        lines: list[str] = []
        if not alone:
            lines += self._cases([case for case in one.cases if case in carrying or not case.further], "")
        if one.outcome.iri in {OUTCOME["not-eligible"], OUTCOME.undetermined}:
            lines += self._against(carrying)
        lines += self._total(carrying, "")
        if lines:
            yield element("div", nested([((len(w) - len(w.lstrip(" "))) // 2, w.strip()) for w in lines]), class_="reasons")

    def _rows(self, one: Entitlement) -> Iterator[tuple[str, Markup]]:
        decisions = [case.decision for case in one.carrying]
        numbers = dict.fromkeys(p for d in decisions for p in d.parameters)
        yield self._t("数值", "Number"), self._listed(with_quotes(self._parameter(p)) for p in numbers)
        needed = self._t("还需要的事实", "Facts still needed")
        bears = self._t("仍可能影响", "May still bear on it")
        yield bears if one.outcome.iri == OUTCOME.eligible else needed, self._listed(map(self._needed, one.needs))
        if one.outcome.iri in {OUTCOME.eligible, OUTCOME.undetermined}:
            fields = dict.fromkeys(f.field for c in one.carrying for f in c.decision.proofs if f.field.iri not in c.requested)
            yield self._t("尚待证明", "Still to be proven"), Markup(join([self._names(fields)]))
        yield self._t("何处可问", "Where to ask"), self._where(dict.fromkeys(r for d in decisions for r in d.responsible))
        brought = brought_lines(dict.fromkeys(b for d in decisions for b in d.brought), self._language, "")
        yield self._t("叠加", "Overlay"), self._listed(map(foreign, brought))

    def _where(self, all_: Iterable[Responsible]) -> Markup:
        """Return the units that the text lists, and that it names no counter where it does not."""
        said = []
        for each in all_:
            section = self._link(each.section)
            if each.units:
                units = [part for unit in each.units for part in (self._t("、", ", "), self._link(unit))][1:]
                rest = self._t(
                    "（文本就 {} 所列责任单位，按原文顺序，不分牵头）",
                    " (units that the text lists as responsible for {}, in its order; none leads)",
                )
            else:
                units = []
                rest = self._t("文本就 {} 未列责任单位", "the text names no responsible unit for {}")
            before, after = rest.split("{}")
            said.append(join([*units, before, section, after]))
        return self._listed(said)

    def _needed(self, need: Need) -> Markup:
        pointer = self._around.needs.get(f"{need.field.iri} {need.row.zh}")
        words = self._need(need)
        if pointer is None:
            return join([words])
        label = self._t(f"回答：{words}", f"Answer: {words}")
        button = element(
            "button", self._w(_ANSWER), type="submit", form="interview", name="act", value=f"ask {pointer}", class_="quiet small",
            aria_label=label,
        )  # fmt: skip
        return join([words, " ", button])

    def _more(self, one: Entitlement) -> Iterator[Markup]:
        """Yield what is folded away: what would change it, readings, open points."""
        decisions = [case.decision for case in one.carrying]
        if changes := list(self._changes(decisions, "")):
            words = [((len(w) - len(w.lstrip(" "))) // 2, w.strip()) for w in changes]
            title = self._t("怎样才能改变或确定", "What would change or settle it")
            yield element("details", element("summary", title), nested(words))
        for title, points in (
            (self._t("文本没有回答的", "What the text leaves open"), _distinct(d.open_points for d in decisions)),
            (self._t("采用的读法", "Readings adopted"), _distinct(d.readings for d in decisions)),
        ):
            if points:
                items = [
                    element("li", self._w(p.statement), " ", element("a", "→", href=self._address(p.node.iri), aria_label=self._n(p.node)))
                    for p in points
                ]
                yield element("details", element("summary", f"{title} ({len(items)})"), element("ul", *items))

    # ---------------------------------------------------------------- what is only encouraged
    def _supported(self, support: Support) -> Markup:
        quotes = self._quote(next(self.quotes((support.citation,))))
        words = (self._t("对象：", "addressed to: ") if support.addressed else self._t("受益者：", "to benefit: ")) + self._n(support.actor)
        strength = element("span", self._n(support.citation.strength), class_="badge warning")
        return element("li", element("p", strength, " ", element("span", words, class_="soft")), quotes)

    # ---------------------------------------------------------------- small things
    def _quote(self, own: Quote) -> Markup:
        stale = f" ({own.stale})" if own.stale else ""
        sentence = (
            [element("details", element("summary", self._t("全句", "Whole sentence")), element("p", chinese(own.sentence)))]
            if own.sentence
            else []
        )
        return element(
            "blockquote",
            element("p", chinese(f"“{own.words}”"), stale),
            *([element("p", own.translation, class_="translation")] if own.translation else []),
            *sentence,
            element("footer", element("a", own.label, href=self._address(own.provision)), self._t("；", "; "), own.source),
            cite=own.provision,
        )

    def _link(self, named: Named) -> Markup:
        return element("a", self._n(named), href=self._address(named.iri))

    def _address(self, iri: str) -> str:
        if not iri.startswith(BASE):
            return iri
        base, mark, query = self._around.root.partition("?")
        path, hash_, fragment = iri.removeprefix(BASE).partition("#")
        return f"{base}{quote(path, safe='/%')}{mark}{query}{hash_}{fragment}"

    @staticmethod
    def _listed(parts: Iterable[Markup]) -> Markup:
        items = [element("li", part) for part in parts]
        return element("ul", *items, class_="plain") if items else Markup("")


def _distinct(groups: Iterable[tuple[Point, ...]]) -> tuple[Point, ...]:
    return tuple(dict.fromkeys(item for group in groups for item in group))
