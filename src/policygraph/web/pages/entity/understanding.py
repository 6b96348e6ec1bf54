"""Readings, their options, open questions, reviews and facts from outside the text, in plain words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policygraph.model.terms import Iri, Literal
from policygraph.reports.html.markup import element
from policygraph.vocab import DCTERMS, PG, PROV, RDF
from policygraph.web.pages.entity.parts import Plain, amount, clause, facts, links, listed, words
from policygraph.web.pages.reading import start

if TYPE_CHECKING:
    from policygraph.model.terms import Term
    from policygraph.web.pages.voice import Voice


def reading(voice: Voice, node: Iri) -> Plain:
    """Describe a reading, or an option that an office may adopt instead."""
    option = Iri(PG.ReadingOption) in voice.objects(node, RDF.type)
    plain = Plain(
        voice.t("可供机关采用的另一种读法。", "Another understanding, which an office may adopt.")
        if option
        else voice.t(
            "对文本的一种判读，不是原文；可有别的理解。",
            "How the text was read; these are not its words, and it could be understood otherwise.",
        )
    )
    plain.parts.append(element("p", voice.text(node, PG.statement), class_="statement"))
    others = [v.value for v in voice.objects(node, PG.alternativeReading) if isinstance(v, Literal) and v.language == voice.language]
    plain.tell(voice.t("另有理解", "It could also mean"), listed(voice, others))
    options, instead = voice.objects(node, PG.hasOption), voice.subjects(PG.hasOption, node)
    rows = [
        (voice.t("机关可改采", "An office may adopt"), links(voice, options)),
        (voice.t("代替的判读", "In place of"), links(voice, instead)),
        (voice.t("须由机关给出", "To be supplied by the office"), links(voice, voice.objects(node, PG.asksFor))),
        *_review(voice, node),
    ]
    plain.parts.append(facts(voice, rows))
    _resting(voice, plain, node, PG.hasReading)
    plain.near = {voice.t("可改采", "May be adopted"): options, voice.t("代替", "In place of"): instead, **plain.near}
    return plain


def question(voice: Voice, node: Iri) -> Plain:
    """Describe what the text leaves open."""
    plain = Plain(voice.t("文本没有回答的一个问题。", "Something that the text leaves open."))
    plain.parts.append(element("p", voice.text(node, PG.statement), class_="statement"))
    nearest = sorted(voice.objects(node, PG.nearest), key=lambda item: start(voice, item))
    rows = [(voice.t("对判读的影响", "Bearing on decisions"), links(voice, voice.objects(node, PG.decides))), *_review(voice, node)]
    plain.parts.append(facts(voice, rows))
    plain.tell(voice.t("最接近的原文", "The nearest words of the text"), *(words(voice, item) for item in nearest))
    plain.lead_to(voice.t("最接近的条款", "Nearest clauses"), nearest)
    _resting(voice, plain, node, PG.hasOpenQuestion)
    return plain


def _resting(voice: Voice, plain: Plain, node: Iri, predicate: str) -> None:
    """Tell what a reading or question is stated of, by kind."""
    groups = (
        (PG.TextItem, voice.t("涉及的条款", "Clauses concerned")),
        (PG.Policy, voice.t("涉及的政策", "Policies concerned")),
        (PG.Rule, voice.t("涉及的规则", "Rules concerned")),
        (PG.Parameter, voice.t("涉及的数值", "Numbers concerned")),
    )
    found = sorted(voice.subjects(predicate, node), key=lambda each: (start(voice, each), each.value))
    left = list(found)
    for kind, heading in groups:
        own = [each for each in left if Iri(kind) in voice.objects(each, RDF.type)]
        left = [each for each in left if each not in own]
        plain.tell(heading, listed(voice, [clause(voice, each, marked=False) for each in own]))
        plain.lead_to(heading, own)
    plain.tell(voice.t("其他涉及之处", "Also concerned"), listed(voice, [voice.link(each) for each in left if isinstance(each, Iri)]))


def outside(voice: Voice, node: Iri) -> Plain:
    """Describe a fact from outside the text."""
    plain = Plain(voice.t("文本以外的事实，不由任何条款得出。", "A fact from outside the text; no clause states it."))
    statement = voice.text(node, PG.statement)
    if statement:
        plain.parts.append(element("p", statement, class_="statement"))
    unit = voice.one(node, PG.unit)
    values = [
        amount(voice, v, unit.value if unit else "") if isinstance(v, Literal) else voice.label(v) for v in voice.objects(node, PG.value)
    ]
    rows = [
        (voice.t("值", "Value"), voice.t("、", ", ").join(values)),
        (voice.t("出处", "Source"), voice.text(node, DCTERMS.source)),
        *_review(voice, node),
    ]
    plain.parts.append(facts(voice, rows))
    used = voice.subjects(PROV.wasDerivedFrom, node)
    plain.tell(voice.t("用到它的", "Used by"), listed(voice, [voice.link(each) for each in used if isinstance(each, Iri)]))
    plain.lead_to(voice.t("用于", "Used by"), used)
    return plain


def review(voice: Voice, node: Iri) -> Plain:
    """Describe who looked at something, and when."""
    plain = Plain(voice.t("一次审核的记录。", "Record of a review."))
    plain.parts.append(facts(voice, _of_review(voice, node)))
    return plain


def _review(voice: Voice, node: Iri) -> list[tuple[str, str]]:
    found = voice.one(node, PG.review)
    return _of_review(voice, found) if found is not None else []


def _of_review(voice: Voice, node: Term) -> list[tuple[str, str]]:
    by, on = voice.word(node, PG.reviewedBy), voice.word(node, PG.reviewedOn)
    return [
        (voice.t("审核状态", "Review"), links(voice, voice.objects(node, PG.reviewStatus))),
        (voice.t("审核者", "Reviewed by"), voice.t(f"{by}，{on}", f"{by}, {on}") if by and on else by or on),
    ]
