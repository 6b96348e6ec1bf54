"""Lines that reports for people share, in one language: sentences, numbers, points, facts and what a decision comes to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policygraph.errors import Text, clean
from policygraph.model.answers import NOTICE, ON_FACTS
from policygraph.vocab import OUTCOME

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from policygraph.model.answers import DecisionResult, Finding, RecordReport
    from policygraph.model.grounds import Citation, Fact, Named, ParameterUse, Point
    from policygraph.model.places import Place

OUTCOME_MARKS = {"eligible": "✓", "not-eligible": "✗", "undetermined": "?", "not-in-force": "–"}
VERDICT_MARKS = {
    "invalid": "✗",
    "violation": "✗",
    "undetermined": "?",
    "warning": "!",
    "note": "·",
    "unchecked": "–",
    "pass": "✓",
}
VERDICTS = tuple(VERDICT_MARKS)  # worst first
FINDING_WORDS = {
    "invalid": Text("无效", "Invalid"),
    "violation": Text("不符合", "Violation"),
    "undetermined": Text("待定", "Undetermined"),
    "warning": Text("提示", "Warning"),
    "note": Text("附注", "Note"),
    "pass": Text("通过", "Pass"),
}
_CUT = Text("{start}…（共 {length} 个字符，此处只显示开头）", "{start}… ({length} characters in all, only the beginning is shown)")
UNCHECKED = Text(
    "只看过格式，没有一项核查适用于这条记录；未核查不等于通过。",
    "Only its form was looked at: no check applied to this record. Unchecked is not a pass.",
)
_NOT_REPORTED = Text("未报告，不核查", "not reported, not checked")
_NOT_REACHED = Text("记录无效，未核查", "not checked, as the record is invalid")
# Longest piece of foreign text that a report shows in full.
LONGEST = 1_000


class Lines:
    """Writes lines in one language.

    Args:
        language: zh or en.
    """

    def __init__(self, language: str) -> None:
        self._language = language

    def _t(self, zh: str, en: str) -> str:
        return en if self._language == "en" else zh

    def _w(self, text: Text) -> str:
        return text.in_language(self._language)

    def _n(self, named: Named) -> str:
        return self._w(named.label)

    def _verdict_word(self, finding: Finding) -> str:
        return self._w(FINDING_WORDS[finding.verdict])

    def _place(self, place: Place | None) -> str:
        return self._w(place.words()) if place else ""

    def _shown(self, words: str, longest: int = LONGEST) -> str:
        """Return foreign words as a report may show them: nothing that moves the cursor or fools the eye, cut when they go on and on."""
        if len(words) > longest:
            start = clean(words[: longest // 2])
            return self._w(_CUT).format(start=start, length=len(words))
        return clean(words)

    def _without_verdict(self, record: RecordReport) -> str:
        """Return why parts of a record have no verdict: nothing can be said of an invalid record's parts, stated or not."""
        return self._w(_NOT_REACHED if record.verdict.short == "invalid" else _NOT_REPORTED)

    def _standing(self) -> str:
        return self._w(NOTICE) + ("" if self._language == "zh" else " ") + self._w(ON_FACTS)

    def _decision_head(self, decision: DecisionResult) -> str:
        head = f"{OUTCOME_MARKS[decision.outcome.short]} {self._n(decision.outcome)}"
        if decision.causes:
            head += self._t("（", " (") + self._names(decision.causes) + self._t("）", ")")
        if decision.low and decision.low == decision.high:
            indicative = decision.outcome.iri != OUTCOME.eligible
            name = self._w(decision.amount_name) if decision.amount_name else self._t("应得", "due")
            word = self._t("，参考数额 ", ", indicative amount ") if indicative else self._t(f"，{name} ", f", {name} ")
            head += f"{word}{decision.low} {self._unit(decision)}"
        elif decision.low or decision.high:
            unknown = self._t("未知", "unknown")
            head += self._t("，数额在 ", ", between ") + f"{decision.low or unknown} … {decision.high or unknown} {self._unit(decision)}"
        elif decision.unstated and decision.outcome.iri == OUTCOME.eligible:
            head += self._t("，文本未载明数额", ", the text states no amount")
        return head.rstrip()

    def _unit(self, decision: DecisionResult) -> str:
        return self._n(decision.unit) if decision.unit else ""

    def _fact(self, fact: Fact) -> str:
        documents = dict.fromkeys(e.document for e in fact.evidence if e.document)
        proof = self._t("，据 ", ", shown by ") + self._t("、", ", ").join(documents) if documents else ""
        proof += self._t("，官方", ", official") if fact.standing == "official" else ""
        number = fact.row.rpartition("-")[2]
        row = self._t(f"第 {number} 行", f"row {number} ") if number.isdigit() else ""
        return f"{row}{self._n(fact.field)}{self._t(' ', ': ')}{self._w(fact.value)}{proof}"

    def _names(self, named: Iterable[Named]) -> str:
        return self._t("、", ", ").join(self._n(n) for n in named)

    def _source(self, c: Citation) -> str:
        """Return where a quote stands: document, provision, offsets, how strong it is, and what hedges it."""
        place = self._t(f"字符 {c.start}–{c.end}", f"characters {c.start}–{c.end}") if c.start >= 0 else ""
        parts = [p for p in (c.document, c.provision.short, place, self._n(c.strength)) if p]
        hedges = self._t("；限定：", "; hedges: ") + "、".join(c.hedges) if c.hedges else ""
        return self._t("，", ", ").join(parts) + hedges

    def _citation_lines(self, citations: tuple[Citation, ...], indent: str) -> Iterator[str]:
        sentence = ""
        for c in citations:
            stale = self._t("（其数值已由后来的条款替代）", " (its number was replaced by a later clause)") if c.superseded else ""
            yield f"{indent}{self._t('依据', 'Basis')}{self._t('：', ': ')}“{c.quote}”{stale}"
            if self._language == "en" and c.translation:
                yield f"{indent}  ({c.translation})"
            yield f"{indent}  [{self._source(c)}]"
            if c.sentence not in ("", c.quote, sentence):
                sentence = c.sentence
                yield f"{indent}  {self._t('全句', 'Sentence')}{self._t('：', ': ')}{c.sentence}"

    def _parameter_lines(self, parameters: tuple[ParameterUse, ...], indent: str) -> Iterator[str]:
        for p in parameters:
            yield f"{indent}{self._t('数值', 'Number')}{self._t('：', ': ')}{self._parameter(p)}"

    def _parameter(self, p: ParameterUse) -> str:
        unit = f" {self._n(p.unit)}" if p.unit else ""
        until = self._t(f" 至 {p.valid_until} 前", f" to the day before {p.valid_until}") if p.valid_until else ""
        since = self._t(f"自 {p.valid_from} 起{until}", f"from {p.valid_from}{until}") if p.valid_from else ""
        tail = self._t(f"（{since}）", f" ({since})") if since else ""
        return f"“{p.verbatim}” = {p.value.value}{unit}{tail}"

    def _point_lines(self, points: tuple[Point, ...], word: str, indent: str) -> Iterator[str]:
        for point in points:
            yield f"{indent}{word}{self._t('：', ': ')}{self._w(point.statement)}"
