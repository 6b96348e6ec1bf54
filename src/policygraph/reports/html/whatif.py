"""What overlays would change for a submission, as a part of a page: each answer before and after, with the sentences of both sides."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from policygraph.errors import Text
from policygraph.reports.adoption import adopted_lines, overlay_lines
from policygraph.reports.html.markup import Markup, element, foreign, join, with_quotes
from policygraph.reports.html.quotes import cited
from policygraph.reports.lines import VERDICT_MARKS
from policygraph.reports.whatif import CHANGED, NOTHING, UNCHANGED, number_words, result_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from policygraph.model.grounds import Named
    from policygraph.model.whatif import AnswerChange, RecordChanges, Side, WhatIf

    Address = Callable[[str], str]

_BEFORE, _AFTER = Text("之前", "Before"), Text("之后", "After")
_KINDS = {True: Text("核查", "Check"), False: Text("判读", "Decision")}
_BASIS_ONLY = Text("结果不变，依据的数值或原句改变", "the same result, on another number or sentence")
_GAINED, _LOST = Text("增加 {n} {unit}", "{n} {unit} more"), Text("减少 {n} {unit}", "{n} {unit} less")
_RECORD = Text("记录 {n}：{kind}", "Record {n}: {kind}")
_DAY = Text("判读基准日 {day}", "as of {day}")
_VERDICT = Text("核查结论", "Verdict")
_LAID = Text("叠加内容", "What was laid over the policy")


def what_if_part(answer: WhatIf, language: str, address: Address) -> Markup:
    """Return what changes, as a part of a page.

    Args:
        answer: What changes.
        language: zh or en.
        address: Where a thing of the graph is served.
    """
    return join(_Part(answer, language, address).parts())


class _Part:
    def __init__(self, answer: WhatIf, language: str, address: Address) -> None:
        self._answer, self._language, self._address = answer, language, address

    def parts(self) -> Iterator[Markup]:
        answer = self._answer
        space = "" if self._language == "zh" else " "
        yield element("p", f"{self._w(answer.notice)}{space}{self._w(answer.on_facts)}", class_="notice")
        yield element("p", self._w(CHANGED.format(n=answer.changed)) if answer.changed else self._w(NOTHING), class_="lead")
        laid = [foreign(line.strip()) for line in overlay_lines(answer.overlays, self._language)]
        if laid:
            yield element("details", element("summary", self._w(_LAID)), element("ul", *(element("li", line) for line in laid)))
        for record in answer.records:
            yield self._record(record)

    def _w(self, text: Text) -> str:
        return text.in_language(self._language)

    def _record(self, record: RecordChanges) -> Markup:
        title = self._w(_RECORD.format(n=record.position, kind=record.kind.label))
        name = [" ", foreign(record.name)] if record.name else []
        verdict = [self._w(_VERDICT), " ", self._badge(record.before)]
        if record.before.iri != record.after.iri:
            verdict += [" → ", self._badge(record.after)]
        head = element(
            "header",
            element("h3", title, *name),
            element("p", *verdict),
            element("p", self._w(_DAY.format(day=record.as_of)), class_="soft"),
        )
        rest = element("p", self._w(UNCHANGED.format(n=record.unchanged)), class_="soft") if record.unchanged else ""
        body = element("div", *map(self._change, record.changes), rest, class_="changes")
        return element("article", head, body, class_="record")

    def _badge(self, verdict: Named) -> Markup:
        mark = element("span", VERDICT_MARKS.get(verdict.short, ""), aria_hidden="true")
        return element("span", mark, " ", self._w(verdict.label), class_=f"badge {verdict.short}")

    def _change(self, change: AnswerChange) -> Markup:
        subject = element("a", self._w(change.subject.label), href=self._address(change.subject.iri))
        title = element("h4", element("span", self._w(_KINDS[change.check]), class_="soft"), " ", subject, self._amount(change))
        same = element("p", self._w(_BASIS_ONLY), class_="soft") if change.basis_only else ""
        columns = (
            self._side(_BEFORE, "before", change.before, change.after),
            self._side(_AFTER, "after", change.after, change.before),
        )
        return element("section", title, same, element("div", *columns, class_="sides"), class_="change")

    def _amount(self, change: AnswerChange) -> Markup:
        try:
            number = Decimal(change.difference)
        except InvalidOperation:
            return Markup("")
        unit = next((s.unit.label for s in (change.after, change.before) if s and s.unit), Text("", ""))
        words = (_GAINED if number > 0 else _LOST).format(n=f"{abs(number):,f}", unit=unit)
        return join([" ", element("span", self._w(words).strip(), class_=f"amount {'gained' if number > 0 else 'lost'}")])

    def _side(self, word: Text, name: str, side: Side | None, other: Side | None) -> Markup:
        parts: list[Markup] = [element("h5", self._w(word)), element("p", self._w(result_words(side)), class_="result")]
        if side is not None:
            theirs = other.citations if other else ()
            own = [c for c in side.citations if c not in theirs] or list(side.citations)
            parts += [cited(c, self._language, self._address) for c in own]
            known = other.parameters if other else ()
            numbers = [self._w(number_words(p)) for p in side.parameters if p not in known]
            numbers += [line.strip() for line in adopted_lines(side.adopted, self._language, "")]
            if numbers:
                parts.append(element("ul", *(element("li", with_quotes(line)) for line in numbers), class_="plain"))
        return element("div", *parts, class_=f"side {name}")
