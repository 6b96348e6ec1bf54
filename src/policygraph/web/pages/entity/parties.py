"""Agencies, actors, terms, code lists and vocabularies, in plain words."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING

from policygraph.model.terms import Iri, Literal
from policygraph.reports.html.markup import element, join, table
from policygraph.vocab import ELI, PG, RDF, RDFS, SKOS
from policygraph.web.pages import outline
from policygraph.web.pages.entity.parts import Plain, clause, facts, is_kind, kind, links, listed, points, strength, words
from policygraph.web.pages.reading import start

if TYPE_CHECKING:
    from policygraph.model.terms import Term
    from policygraph.web.pages.voice import Voice

_MANY = 8


def agency(voice: Voice, node: Iri) -> Plain:
    """Describe an agency: the measures for which the text lists it, and its place in each list."""
    sections = outline.in_order(voice, voice.subjects(PG.responsibleAgency, node))
    if sections:
        lead = voice.t(
            f"文本在 {len(sections)} 项措施中将其列为责任单位。次序不表示牵头，文本没有载明牵头单位。",
            f"The text lists it as a responsible unit of measures: {len(sections)}. Standing first is not leading; the text names no lead.",
        )
    else:
        lead = voice.t("文本提到的单位，没有列为任何措施的责任单位。", "A unit that the text names; it is responsible for no measure.")
    plain = Plain(lead)
    _names(voice, plain, node)
    rows = []
    for section in sections:
        members = voice.members(voice.one(section, PG.responsibleAgencyList))
        at = str(members.index(node) + 1) if node in members else ""
        number = voice.word(section, PG.number)
        others = links(voice, [each for each in members if each != node])
        rows.append(
            (
                join([f"{number} ", voice.link(section)]),
                element("span", voice.t(f"第 {at} 位，共 {len(members)}", f"{at} of {len(members)}"), class_="together"),
                others,
            )
        )
    heads = (voice.t("措施", "Measure"), voice.t("原文次序", "Place in the text's list"), voice.t("同列单位", "Listed with"))
    title = voice.t("负责的措施", "Measures it is responsible for")
    plain.tell(
        title, element("div", table(title, heads, rows), class_="scroll", tabindex="0", role="region", aria_label=title) if rows else ""
    )
    documents = voice.subjects(PG.issuer, node)
    plain.tell(voice.t("印发的文件", "Documents it issued"), listed(voice, [voice.link(each) for each in documents]))
    plain.lead_to(voice.t("负责的措施", "Measures"), sections)
    plain.lead_to(voice.t("同列的单位", "Listed with"), _beside(voice, node, sections))
    plain.lead_to(voice.t("印发的文件", "Documents it issued"), documents)
    _borne(voice, plain, node)
    _mentions(voice, plain, node, skip=PG.ResponsibilityStatement)
    return plain


def _beside(voice: Voice, node: Iri, sections: list[Term]) -> list[Term]:
    """Return the agencies that are listed with one, those that share most with it first."""
    shared = Counter(each for section in sections for each in voice.objects(section, PG.responsibleAgency) if each != node)
    return sorted(shared, key=lambda each: (-shared[each], each.value))


def actor(voice: Voice, node: Iri) -> Plain:
    """Describe an actor: what it bears and what benefits it."""
    borne, gets = voice.subjects(PG.bearer, node), voice.subjects(PG.beneficiary, node)
    plain = Plain(
        voice.t(
            f"文本所涉的主体：承担条款 {len(borne)} 条，受益条款 {len(gets)} 条。",
            f"A party that the text addresses; clauses that it bears: {len(borne)}, that benefit it: {len(gets)}.",
        )
    )
    _names(voice, plain, node)
    _borne(voice, plain, node)
    _mentions(voice, plain, node)
    points(voice, plain, node)
    return plain


def _borne(voice: Voice, plain: Plain, node: Iri) -> None:
    for predicate, heading in (
        (PG.bearer, voice.t("承担的条款（按强度）", "Clauses it bears, by strength")),
        (PG.beneficiary, voice.t("受益的条款（按强度）", "Clauses that benefit it, by strength")),
    ):
        found = [(voice.one(each, PG.modality), each) for each in voice.subjects(predicate, node)]
        ranked = sorted(((m, e) for m, e in found if m is not None), key=lambda pair: (_rank(voice, pair[0]), start(voice, pair[1])))
        shown = []
        for modality, group in groupby(ranked, key=lambda pair: pair[0]):
            clauses = [each for _, each in group]
            shown.append(element("h3", strength(voice, modality), f" {len(clauses)}"))
            shown.append(listed(voice, [clause(voice, each, marked=False) for each in clauses], class_="clauses"))
        plain.tell(heading, *shown)
        plain.lead_to(heading.partition("（")[0].partition(",")[0], [each for _, each in ranked])


def _rank(voice: Voice, modality: Term) -> tuple[int, str]:
    said = voice.word(modality, SKOS.notation)
    return (int(said) if said.isdecimal() else 1 << 30, modality.value)


def _names(voice: Voice, plain: Plain, node: Iri) -> None:
    own = [v for v in voice.objects(node, SKOS.altLabel) if isinstance(v, Literal)]
    wanted = [v.value for v in own if v.language in (voice.language, "")] or [v.value for v in own]
    rows = [
        (voice.t("又称", "Also called"), voice.t("、", ", ").join(wanted)),
        (voice.t("全称", "Formal name"), voice.text(node, PG.formalName)),
        (voice.t("名称出处", "Where the name comes from"), links(voice, voice.objects(node, RDFS.seeAlso))),
        (voice.t("定义", "Definition"), voice.text(node, SKOS.definition)),
    ]
    plain.parts.append(facts(voice, rows))


def _mentions(voice: Voice, plain: Plain, node: Iri, skip: str = "") -> None:
    found = sorted(voice.subjects(PG.mentions, node), key=lambda e: (start(voice, e), e.value))
    kept = [e for e in found if not skip or Iri(skip) not in voice.objects(e, RDF.type)]
    shown = [words(voice, each) for each in kept[:_MANY]]
    rest = [voice.link(each) for each in kept[_MANY:]]
    more = element("p", voice.t("还见于：", "Also in: ")) if rest else ""
    plain.tell(voice.t(f"提及它的原文（{len(kept)} 处）", f"Where the text names it ({len(kept)})"), *shown, more, listed(voice, rest))
    plain.lead_to(voice.t("提及它的条款", "Named in"), kept)


def term(voice: Voice, node: Iri) -> Plain:
    """Describe a term of the text, or a code of a list."""
    kinds = [kind for kind in voice.entities.specific_kinds(node) if kind.value.startswith("http") and kind != Iri(SKOS.Concept)]
    named = voice.t("、", ", ").join(voice.label(kind) for kind in sorted(kinds, key=lambda k: k.value))
    definition = voice.text(node, SKOS.definition)
    lead = definition or voice.t(f"文本所用的一个名称（{named}）。", f"A name that the text uses ({named}).")
    plain = Plain(lead)
    _names(voice, plain, node)
    schemes, broader = voice.objects(node, SKOS.inScheme), voice.objects(node, SKOS.broader)
    narrower = voice.subjects(SKOS.broader, node)
    rows = [
        (voice.t("所属代码表", "In the list"), links(voice, schemes)),
        (voice.t("上位", "Broader"), links(voice, broader)),
        (voice.t("下位", "Narrower"), links(voice, narrower)),
        (
            voice.t("易混", "Not to be confused with"),
            links(voice, [*voice.objects(node, PG.possibleVariantOf), *voice.objects(node, SKOS.related)]),
        ),
    ]
    plain.parts.append(facts(voice, rows))
    clauses = sorted(voice.subjects(PG.modality, node), key=lambda e: (start(voice, e), e.value))
    plain.tell(
        voice.t(f"这一强度的条款（{len(clauses)} 条）", f"Clauses of this strength ({len(clauses)})"),
        listed(voice, [clause(voice, each, marked=False) for each in clauses], class_="clauses") if clauses else "",
    )
    plain.lead_to(voice.t("条款", "Clauses"), clauses)
    plain.lead_to(voice.t("上位", "Broader"), broader)
    plain.lead_to(voice.t("下位", "Narrower"), narrower)
    plain.lead_to(voice.t("代码表", "List"), schemes)
    if voice.subjects(PG.mentions, node):
        _mentions(voice, plain, node)
    used = [s for s in voice.subjects(PG.allowed, node) if isinstance(s, Iri)]
    plain.tell(voice.t("用到它的条件", "Conditions that use it"), listed(voice, [voice.link(each) for each in used]))
    points(voice, plain, node)
    return plain


def scheme(voice: Voice, node: Iri) -> Plain:
    """Describe a code list."""
    codes = sorted(voice.subjects(SKOS.inScheme, node), key=lambda code: _rank(voice, code))
    plain = Plain(voice.text(node, SKOS.definition) or voice.t("一张代码表。", "A list of codes."))
    rows = [(voice.link(code), voice.text(code, SKOS.definition)) for code in codes]
    title = voice.t("代码", "Codes")
    heads = (title, voice.t("含义", "Meaning"))
    plain.tell(
        title, element("div", table(title, heads, rows), class_="scroll", tabindex="0", role="region", aria_label=title) if rows else ""
    )
    plain.lead_to(title, codes)
    return plain


def vocabulary(voice: Voice, node: Iri) -> Plain:
    """Describe a class or property of a vocabulary."""
    plain = Plain(
        voice.text(node, SKOS.definition) or voice.text(node, RDFS.comment) or voice.t("词汇中的一项。", "A term of the vocabulary.")
    )
    rows = [
        (voice.t("字段、核查与规则", "Fields, checks, rules"), kind(voice, node) if is_kind(voice, node) else ""),
        (
            voice.t("上位", "Below"),
            links(voice, [v for p in (RDFS.subClassOf, RDFS.subPropertyOf) for v in voice.objects(node, p) if isinstance(v, Iri)]),
        ),
        (voice.t("定义域", "Says something of"), links(voice, [v for v in voice.objects(node, RDFS.domain) if isinstance(v, Iri)])),
        (voice.t("值域", "Values"), links(voice, [v for v in voice.objects(node, RDFS.range) if isinstance(v, Iri)])),
        (voice.t("所在部分", "Part of"), links(voice, voice.objects(node, ELI.is_part_of))),
    ]
    plain.parts.append(facts(voice, rows))
    return plain
