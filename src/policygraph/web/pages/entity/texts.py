"""Policies, sections, clauses and other parts of a text, in plain words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policygraph.model.terms import Iri
from policygraph.reports.html.markup import Markup, chinese, element, join
from policygraph.vocab import ELI, PG, PROV, RDF
from policygraph.web.pages import outline
from policygraph.web.pages.entity.parts import Plain, clause, facts, links, listed, points, value, words
from policygraph.web.pages.reading import policy_of, reader, short, start, where

if TYPE_CHECKING:
    from policygraph.model.terms import Term
    from policygraph.web.pages.voice import Voice


def policy(voice: Voice, node: Iri) -> Plain:
    """Describe a policy."""
    issuers = voice.members(voice.one(node, PG.issuerList)) or voice.objects(node, PG.issuer)
    number, issued = voice.word(node, PG.documentNumber), voice.word(node, PG.dateIssued)
    plain = Plain(voice.t("一份政策文件，其全文已逐句判读。", "A policy document, read sentence by sentence."))
    recipients = voice.members(voice.one(node, PG.recipientList)) or voice.objects(node, PG.recipient)
    based, cited = voice.objects(node, ELI.based_on), voice.objects(node, ELI.cites)
    rows = [
        (voice.t("文号", "Number"), number),
        (voice.t("标题", "Title"), chinese(title) if (title := voice.word(node, PG["title"])) else ""),
        (voice.t("印发机关", "Issued by"), links(voice, issuers)),
        (voice.t("何时印发", "Issued on"), issued),
        (voice.t("主送", "Addressed to"), links(voice, recipients)),
        (voice.t("依据", "Based on"), links(voice, based)),
        (voice.t("引用", "Cites"), links(voice, [each for each in cited if each not in based])),
        (voice.t("修改", "Amends"), links(voice, voice.objects(node, ELI.amends))),
    ]
    plain.parts.append(facts(voice, rows))
    go = [
        element("a", voice.t("阅读全文", "Read the text"), href=reader(voice, node), class_="button"),
        element("a", voice.t("责任图", "Map of responsibility"), href=_map(voice, node), class_="button quiet"),
    ]
    plain.parts.append(element("p", go[0], " ", go[1], class_="go"))
    measures = outline.parts_of(voice, node, PG.Measure)
    shown = [_numbered(voice, each) for each in measures]
    plain.tell(voice.t("措施（按原文顺序）", "Measures, in the text's order"), listed(voice, shown, class_="plain"))
    plain.lead_to(voice.t("措施", "Measures"), measures)
    plain.lead_to(voice.t("印发机关", "Issued by"), issuers)
    plain.lead_to(voice.t("依据与引用", "Based on, cites"), [*based, *cited])
    points(voice, plain, node)
    return plain


def _map(voice: Voice, node: Iri) -> str:
    from policygraph.web.pages.shell import place

    return place(voice.request, "map", policy=node.value)


def _numbered(voice: Voice, section: Term) -> Markup:
    number = voice.word(section, PG.number)
    return join([element("span", number, class_="soft"), " ", voice.link(section)]) if number else voice.link(section)


def section(voice: Voice, node: Iri) -> Plain:
    """Describe a section: its clauses, its units in the text's order, and where it is read."""
    units = voice.members(voice.one(node, PG.responsibleAgencyList)) or voice.objects(node, PG.responsibleAgency)
    inside = voice.subjects(ELI.is_part_of, node)
    kinds = {each: voice.objects(each, RDF.type) for each in inside}
    clauses = sorted((e for e in inside if Iri(PG.Provision) in kinds[e]), key=lambda e: start(voice, e))
    below = outline.in_order(voice, (e for e in inside if Iri(PG.Section) in kinds[e]))
    statements = [e for e in inside if Iri(PG.ResponsibilityStatement) in kinds[e]]
    plain = Plain(_of_section(voice, node, len(clauses), len(units)))
    whole = policy_of(voice, node)
    if whole is not None:
        target = reader(voice, whole, f"section-{short(node, whole)}", measure=short(node, whole))
        plain.parts.append(
            element("p", element("a", voice.t("在原文中阅读", "Read it in the text"), href=target, class_="button"), class_="go")
        )
    if units:
        note = voice.t(
            "按原文顺序；列在首位不等于牵头，文本没有载明牵头单位。",
            "In the text's order; standing first is not leading, and the text names no lead.",
        )
        shown = [voice.link(unit) for unit in units]
        quoted = [words(voice, each, named=False) for each in statements]
        plain.tell(
            voice.t("责任单位", "Responsible units"), listed(voice, shown, numbered=True), element("p", note, class_="soft"), *quoted
        )
    elif Iri(PG.Measure) in voice.objects(node, RDF.type) or clauses:
        plain.tell(
            voice.t("责任单位", "Responsible units"),
            element("p", voice.t("未载明：本章节没有列责任单位。", "Not stated: this section lists none.")),
        )
    plain.tell(voice.t("下设章节", "Sections below"), listed(voice, [_numbered(voice, each) for each in below], class_="plain"))
    plain.tell(
        voice.t("条款（按原文顺序）", "Clauses, in the text's order"),
        listed(voice, [clause(voice, each) for each in clauses], class_="clauses"),
    )
    built = [each for one in clauses for each in voice.subjects(PROV.wasDerivedFrom, one)]
    rules = list(dict.fromkeys(each for each in built if Iri(PG.Rule) in voice.objects(each, RDF.type)))
    numbers = list(dict.fromkeys(each for each in built if Iri(PG.Parameter) in voice.objects(each, RDF.type)))
    plain.tell(voice.t("数值", "Numbers"), listed(voice, [_number(voice, each) for each in numbers]))
    plain.tell(voice.t("规则", "Rules"), listed(voice, [voice.link(each) for each in rules]))
    plain.lead_to(voice.t("责任单位", "Responsible units"), units)
    plain.lead_to(voice.t("章节", "Sections"), below)
    plain.lead_to(voice.t("条款", "Clauses"), clauses)
    plain.lead_to(voice.t("规则", "Rules"), rules)
    plain.lead_to(voice.t("数值", "Numbers"), numbers)
    points(voice, plain, node)
    return plain


def _of_section(voice: Voice, node: Iri, clauses: int, units: int) -> str:
    number = voice.word(node, PG.number)
    kind = voice.label(min(voice.entities.specific_kinds(node), key=lambda k: k.value))
    named_zh = f"{kind}{number}" if number else kind
    named_en = f"{kind} {number}".strip()
    listed_zh = f"，列有责任单位 {units} 个" if units else ""
    listed_en = f", and lists responsible units: {units}" if units else ""
    return voice.t(
        f"{named_zh}，含条款 {clauses} 条{listed_zh}。", f"{named_en[:1].upper()}{named_en[1:]}. It holds clauses: {clauses}{listed_en}."
    )


def _number(voice: Voice, node: Term) -> Markup:
    return join([voice.link(node), voice.t("：", ": "), value(voice, node)])


def item(voice: Voice, node: Iri) -> Plain:
    """Describe a clause or another text item: its strength, its words, who it concerns, and what rests on it."""
    modality = voice.one(node, PG.modality)
    kind = voice.label(min(voice.entities.specific_kinds(node), key=lambda k: k.value))
    holder = voice.one(node, ELI.is_part_of)
    if modality is not None:
        plain = Plain(
            voice.t(
                f"“{voice.label(holder) if holder else ''}”中的一条，强度为“{voice.label(modality)}”。",
                f"A clause of “{voice.label(holder) if holder else ''}”; its strength: {voice.label(modality)}.",
            )
        )
    else:
        plain = Plain(voice.t(f"文本中的{kind}，不作为条款判读。", f"Part of the text ({kind}), not read as a clause."))
    plain.parts.append(words(voice, node, named=False))
    sentence = voice.one(node, PG.sentence)
    whole = voice.word(sentence, PG.quote) if sentence is not None else ""
    bearers, beneficiaries, named = (voice.objects(node, each) for each in (PG.bearer, PG.beneficiary, PG.mentions))
    units = voice.members(voice.one(holder, PG.responsibleAgencyList)) if holder is not None else []
    status = voice.one(node, PG.bearerStatus)
    rows = [
        (voice.t("强度词", "Cue"), _quoted(voice, node, PG.cue)),
        (voice.t("限定语", "Hedges"), _quoted(voice, node, PG.hedge)),
        (voice.t("承担主体", "Bearer"), links(voice, bearers) if bearers else voice.link(status) if status is not None else ""),
        (voice.t("受益主体", "Beneficiary"), links(voice, beneficiaries)),
        (voice.t("所在部分的责任单位", "Units responsible for its section"), links(voice, units)),
        (voice.t("承自", "Inherits from"), links(voice, voice.objects(node, PG.inheritsFrom))),
        (voice.t("取决于", "Depends on"), links(voice, voice.objects(node, PG.dependsOn))),
        (voice.t("提及", "Names"), links(voice, named)),
        (voice.t("不作规范判读，因为", "States no norm, because"), voice.text(node, PG.reason)),
        (voice.t("没有规则，因为", "No rule, because"), voice.text(node, PG.noRuleBecause)),
        (
            voice.t("整句", "Whole sentence"),
            join([chinese(whole), " ", voice.link(sentence)]) if sentence and whole != voice.word(node, PG.quote) else "",
        ),
    ]
    plain.parts.append(facts(voice, rows))
    _resting_on(voice, plain, node)
    plain.lead_to(voice.t("所在部分", "Part of"), [holder] if holder else [])
    plain.lead_to(voice.t("主体", "Actors"), [*bearers, *beneficiaries])
    plain.lead_to(voice.t("提及", "Names"), named)
    points(voice, plain, node)
    return plain


def _resting_on(voice: Voice, plain: Plain, node: Iri) -> None:
    built = voice.subjects(PROV.wasDerivedFrom, node)
    kinds = {each: voice.objects(each, RDF.type) for each in built}
    rules = [each for each in built if Iri(PG.Rule) in kinds[each]]
    numbers = [each for each in built if Iri(PG.Parameter) in kinds[each]]
    checks = [c for c in voice.subjects(PG.onProvision, node) if Iri(PG.UndeterminedShape) not in voice.objects(c, RDF.type)]
    lists = voice.subjects(PG.enumeratedIn, node)
    plain.tell(voice.t("数值", "Numbers"), listed(voice, [_number(voice, each) for each in numbers]))
    plain.tell(
        voice.t("列举", "Lists"), listed(voice, [join([voice.link(each), voice.t("：", ": "), _members(voice, each)]) for each in lists])
    )
    plain.tell(voice.t("以它为据的规则", "Rules that rest on it"), listed(voice, [voice.link(each) for each in rules]))
    plain.tell(voice.t("以它为据的核查", "Checks that rest on it"), listed(voice, [_check(voice, each) for each in checks]))
    plain.lead_to(voice.t("规则", "Rules"), rules)
    plain.lead_to(voice.t("数值", "Numbers"), numbers)
    plain.lead_to(voice.t("核查", "Checks"), checks)


def _check(voice: Voice, node: Term) -> Markup:
    message = voice.text(node, "http://www.w3.org/ns/shacl#message")
    return join([voice.link(node), voice.t("：", ": "), message])


def _quoted(voice: Voice, node: Term, predicate: str) -> Markup:
    found: list[str] = []
    for each in voice.objects(node, predicate):
        found += [voice.t("、", ", "), voice.quote(each.value)] if found else [voice.quote(each.value)]
    return join(found)


def _members(voice: Voice, node: Term) -> Markup:
    return links(voice, voice.members(voice.one(node, PG.memberList)))


def enumeration(voice: Voice, node: Iri) -> Plain:
    """Describe a list in the text."""
    members = voice.members(voice.one(node, PG.memberList))
    is_open = voice.word(node, PG["open"]) in ("true", "1")
    declared, named = voice.word(node, PG.declaredCount), voice.word(node, PG.namedCount) or str(len(members))
    plain = Plain(
        voice.t(
            f"文本中的一处列举，列名 {named} 个，{'以“等”收尾，未穷尽' if is_open else '已列尽'}。",
            f"A list in the text: named {named}; {'it ends in 等 and is open' if is_open else 'it is closed'}.",
        )
    )
    quote = voice.word(node, PG.quote)
    holders = voice.objects(node, PG.enumeratedIn)
    rows = [(voice.t("原词", "Words"), voice.quote(quote) if quote else ""), (voice.t("文中称有", "Declared"), declared)]
    plain.parts.append(facts(voice, rows))
    plain.tell(
        voice.t("成员（按原文顺序）", "Members, in the text's order"), listed(voice, [voice.link(m) for m in members], numbered=True)
    )
    plain.tell(voice.t("所在原文", "Where it stands"), *(words(voice, each) for each in holders))
    plain.lead_to(voice.t("成员", "Members"), members)
    plain.lead_to(voice.t("所在条款", "Stands in"), holders)
    points(voice, plain, node)
    return plain


def sentence(voice: Voice, node: Iri) -> Plain:
    """Describe a sentence: its words and how each of its items was read."""
    number, items = voice.word(node, PG.position), sorted(voice.subjects(PG.sentence, node), key=lambda e: start(voice, e))
    plain = Plain(voice.t(f"文本的第 {number} 句。", f"Sentence {number} of the text."))
    plain.parts.append(element("blockquote", element("p", chinese(voice.word(node, PG.quote))), class_="words"))
    whole = policy_of(voice, node)
    if whole is not None and number.isdecimal():
        target = reader(voice, whole, f"s-{int(number):03}")
        plain.parts.append(
            element("p", element("a", voice.t("在原文中阅读", "Read it in the text"), href=target, class_="button"), class_="go")
        )
    plain.tell(voice.t("怎样判读", "How it was read"), *(words(voice, each) for each in items))
    plain.lead_to(voice.t("所含条款", "Holds"), items)
    plain.lead_to(voice.t("所在部分", "Part of"), voice.objects(node, ELI.is_part_of))
    return plain


def document(voice: Voice, node: Iri) -> Plain:
    """Describe a document on which a text rests; only what the text says of it."""
    plain = Plain(
        voice.t(
            "文本所引用的文件；只记文本所载，其内容不作推断。", "A document that the text names; only what the text says of it is recorded."
        )
    )
    title = voice.word(node, PG["title"])
    rows = [
        (voice.t("文号", "Number"), voice.word(node, PG.documentNumber)),
        (voice.t("标题", "Title"), chinese(title) if title else ""),
        (voice.t("印发机关", "Issued by"), links(voice, voice.members(voice.one(node, PG.issuerList)) or voice.objects(node, PG.issuer))),
    ]
    plain.parts.append(facts(voice, rows))
    depending = sorted(voice.subjects(PG.dependsOn, node), key=lambda e: start(voice, e))
    named = sorted((e for e in voice.subjects(PG.mentions, node) if e not in depending), key=lambda e: start(voice, e))
    plain.tell(voice.t("取决于它的条款", "Clauses that depend on it"), *(words(voice, each) for each in depending))
    plain.tell(voice.t("提及它的原文", "Where it is named"), *(words(voice, each) for each in named))
    plain.lead_to(voice.t("取决于它的条款", "Clauses that depend on it"), depending)
    plain.lead_to(voice.t("提及", "Named in"), named)
    return plain


__all__ = ["document", "enumeration", "item", "policy", "section", "sentence", "where"]
