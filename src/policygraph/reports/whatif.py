"""What overlays would change, for people: each answer before and after, with the sentences of both sides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policygraph.errors import Text, clean
from policygraph.reports.adoption import adopted_lines, overlay_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policygraph.model.grounds import Citation, ParameterUse
    from policygraph.model.whatif import AnswerChange, RecordChanges, Side, WhatIf

NOTHING = Text("没有答案改变。", "No answer changes.")
CHANGED = Text("{n} 个答案改变。", "Answers that change: {n}.")
_RECORD = Text("记录 {position}（{kind}）{name}，判读基准日 {day}", "Record {position} ({kind}){name}, as of {day}")
_VERDICT = Text("核查结论：{before} → {after}", "Verdict: {before} → {after}")
_SAME_VERDICT = Text("核查结论不变：{after}", "Verdict unchanged: {after}")
_RULE, _CHECK = Text("判读", "Decision"), Text("核查", "Check")
_BASIS_ONLY = Text("{kind} {subject}：结果不变，依据的数值改变", "{kind} {subject}: the same result, on another number")
_ANSWER = Text("{kind} {subject}：{before} → {after}{difference}", "{kind} {subject}: {before} → {after}{difference}")
_DIFFERENCE = Text("（{difference} {unit}）", " ({difference} {unit})")
_BEFORE, _AFTER = Text("原", "before"), Text("改后", "after")
_NONE = Text("无", "none")
UNCHANGED = Text("其余 {n} 个答案不变。", "Other answers, unchanged: {n}.")
_AMOUNT = Text("{result}，数额 {low}", "{result}, amount {low}")
_BETWEEN = Text("{result}，数额 {low} … {high}", "{result}, amount {low} … {high}")
_TOTAL = Text("{result}，合计 {low} … {high}", "{result}, total {low} … {high}")
_UNSTATED = Text("{result}，文本未载明数额", "{result}, the text states no amount")
_CAUSES = Text("{result}（{causes}）", "{result} ({causes})")
_UNKNOWN = Text("未知", "unknown")
_NUMBER = Text("“{words}” = {value}（{validity}）", "“{words}” = {value} ({validity})")
_STALE = Text("（其数值已由后来的条款替代）", " (its number was replaced by a later clause)")
_SINCE = Text("自 {day} 起", "from {day}")
_UNTIL = Text("自 {day} 起至 {end} 前", "from {day} to the day before {end}")


def what_if_text(answer: WhatIf, language: str) -> str:
    """Return the report in one language."""
    return "".join(f"{clean(line)}\n" for line in _lines(answer, language))


def _lines(answer: WhatIf, language: str) -> Iterator[str]:
    def say(text: Text, **values: object) -> str:
        return text.format(**values).in_language(language)

    yield say(CHANGED, n=answer.changed) if answer.changed else say(NOTHING)
    yield say(answer.notice) + ("" if language == "zh" else " ") + say(answer.on_facts)
    yield from overlay_lines(answer.overlays, language)
    for record in answer.records:
        yield ""
        yield from _record_lines(record, language)


def _record_lines(record: RecordChanges, language: str) -> Iterator[str]:
    def say(text: Text, **values: object) -> str:
        return text.format(**values).in_language(language)

    name = f" {record.name}" if record.name else ""
    yield say(_RECORD, position=record.position, kind=record.kind.label, name=name, day=record.as_of)
    words = _SAME_VERDICT if record.before.iri == record.after.iri else _VERDICT
    yield "  " + say(words, before=record.before.label, after=record.after.label)
    for change in record.changes:
        yield from ("  " + line for line in _change_lines(change, language))
    if record.unchanged:
        yield "  " + say(UNCHANGED, n=record.unchanged)


def _change_lines(change: AnswerChange, language: str) -> Iterator[str]:
    kind = _CHECK if change.check else _RULE
    unit = next((s.unit.label for s in (change.after, change.before) if s and s.unit), Text("", ""))
    difference = _DIFFERENCE.format(difference=change.difference, unit=unit) if change.difference else Text("", "")
    words = _BASIS_ONLY if change.basis_only else _ANSWER
    yield words.format(
        kind=kind, subject=change.subject.label, before=result_words(change.before), after=result_words(change.after), difference=difference
    ).in_language(language)
    for word, side, opposite in ((_BEFORE, change.before, change.after), (_AFTER, change.after, change.before)):
        if side is None:
            continue
        mark = word.in_language(language) + ("：" if language == "zh" else ": ")
        theirs = opposite.citations if opposite else ()
        for citation in [c for c in side.citations if c not in theirs] or side.citations:
            stale = _STALE.in_language(language) if citation.superseded else ""
            yield f"    {mark}{_cited(citation)}{stale}"
        yield from adopted_lines(side.adopted, language, "    ")
        known = opposite.parameters if opposite else ()
        for parameter in side.parameters:
            if parameter not in known:
                yield f"    {mark}{number_words(parameter).in_language(language)}"


def result_words(side: Side | None) -> Text:
    """Return what an answer is, with its amount and the causes why it is open."""
    if side is None:
        return _NONE
    words = side.result.label
    if side.causes:
        labels = [c.label for c in side.causes]
        causes = Text("、".join(c.zh for c in labels), ", ".join(c.en for c in labels))
        words = _CAUSES.format(result=words, causes=causes)
    if side.low and side.low == side.high:
        words = _AMOUNT.format(result=words, low=side.low)
    elif side.low or side.high:
        words = _BETWEEN.format(result=words, low=side.low or _UNKNOWN, high=side.high or _UNKNOWN)
    elif side.unstated:
        words = _UNSTATED.format(result=words)
    if side.total_low and (side.total_low, side.total_high) != (side.low, side.high):
        words = _TOTAL.format(result=words, low=side.total_low, high=side.total_high or _UNKNOWN)
    return words


def _cited(citation: Citation) -> str:
    place = ", ".join(filter(None, [citation.document, citation.provision.short]))
    whole = citation.sentence if citation.sentence not in ("", citation.quote) else ""
    return f"“{citation.quote}” [{place}]" + (f" — {whole}" if whole else "")


def number_words(parameter: ParameterUse) -> Text:
    """Return a number of the policy with its words and validity."""
    unit = parameter.unit.label if parameter.unit else Text("", "")
    value = Text(f"{parameter.value.value} {unit.zh}".strip(), f"{parameter.value.value} {unit.en}".strip())
    validity = (_UNTIL if parameter.valid_until else _SINCE).format(day=parameter.valid_from, end=parameter.valid_until)
    return _NUMBER.format(words=parameter.verbatim, value=value, validity=validity)
