"""Rules, their alternatives and conditions in words; checks; numbers and their tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policygraph.app.formulas import Formulas
from policygraph.errors import Text
from policygraph.model.index import Index
from policygraph.model.terms import Iri, Literal
from policygraph.reports.html.markup import Markup, element, join, table
from policygraph.vocab import PG, PROV, RDF, RDFS, SH
from policygraph.web.pages.entity.parts import Plain, facts, kind, links, listed, points, resting, validity, value, words
from policygraph.web.pages.reading import start

if TYPE_CHECKING:
    from policygraph.model.terms import Term, Triple
    from policygraph.web.pages.voice import Voice

_DEEP = 12
_SEVERITIES = {
    SH.Violation: Text("不满足即为不符合", "a violation where it fails"),
    SH.Warning: Text("不满足则提示注意", "a warning where it fails"),
    SH.Info: Text("只作提示", "a note only"),
}


def rule(voice: Voice, node: Iri) -> Plain:
    """Describe a rule: what it gives, and each alternative with its conditions in words."""
    conformity = Iri(PG.ConformityRule) in voice.objects(node, RDF.type)
    alternatives = voice.objects(node, PG.hasAlternative)
    benefits, kinds = voice.objects(node, PG.benefit), voice.objects(node, PG.forKind)
    many = len(alternatives)
    if conformity:
        lead = voice.t(
            f"判读所述事实是否合于条款的规则；{many} 个方案中任一个的条件全部成立，即为相合。",
            f"Decides whether stated facts conform to the text: they do when all conditions of one of its alternatives ({many}) hold.",
        )
    else:
        lead = voice.t(
            f"判读能否享受的规则；{many} 个方案中任一个的条件全部成立，即符合条件。",
            f"Decides who meets the conditions: whoever meets all of those of one of its alternatives ({many}).",
        )
    plain = Plain(lead)
    rows = [
        (voice.t("待遇", "Benefit"), links(voice, benefits)),
        (voice.t("判读的申报", "Decides on"), join(_apart(voice, [kind(voice, each) for each in kinds]))),
        (voice.t("有效", "In force"), validity(voice, node)),
    ]
    plain.parts.append(facts(voice, rows))
    formulas = Formulas(_algebra(voice, node))
    plain.tell(voice.t("方案与条件", "Alternatives and their conditions"), *(_alternative(voice, each, formulas) for each in alternatives))
    resting(voice, plain, node)
    checks = [*voice.subjects(PG.mustBeDue, node), *voice.subjects(PG.undecidedRule, node)]
    plain.tell(voice.t("以它为据的核查", "Checks that rest on it"), listed(voice, [voice.link(each) for each in checks]))
    points(voice, plain, node)
    plain.near = {
        voice.t("方案", "Alternatives"): [*alternatives],
        voice.t("待遇", "Benefit"): [*benefits],
        voice.t("申报", "Submission"): [*kinds],
        voice.t("核查", "Checks"): [*checks],
        **plain.near,
    }
    return plain


def _alternative(voice: Voice, node: Term, formulas: Formulas) -> Markup:
    conditions = [join([voice.label(each), _formula(voice, each, formulas)]) for each in voice.objects(node, PG.hasCondition)]
    sums = [
        (name, join([voice.label(each), _formula(voice, each, formulas)]))
        for predicate, name in ((PG.amount, voice.t("数额", "Amount")), (PG.total, voice.t("合计", "Total")))
        for each in voice.objects(node, predicate)
    ]
    return element(
        "section",
        element("h3", voice.link(node)),
        element("p", voice.t("须全部成立：", "All of these must hold:"), class_="soft") if conditions else "",
        element("ul", *(element("li", each) for each in conditions), class_="conditions") if conditions else "",
        facts(voice, sums),
        class_="alternative",
    )


def _formula(voice: Voice, node: Term, formulas: Formulas) -> Markup:
    return element("small", formulas.of(node).in_language(voice.language), class_="formula")


def _apart(voice: Voice, shown: list[Markup]) -> list[str]:
    return [part for n, each in enumerate(shown) for part in ((voice.t("、", ", "), each) if n else (each,))]


def step(voice: Voice, node: Iri) -> Plain:
    """Describe an alternative, a condition or an expression."""
    kinds = voice.objects(node, RDF.type)
    formulas = Formulas(_algebra(voice, node))
    if Iri(PG.Alternative) in kinds:
        plain = Plain(
            voice.t("规则的一个方案：条件全部成立，方案即成立。", "An alternative of a rule: it holds when all of its conditions do.")
        )
        plain.tell(voice.t("条件", "Conditions"), _alternative(voice, node, formulas))
        owners = voice.subjects(PG.hasAlternative, node)
        plain.lead_to(voice.t("条件", "Conditions"), voice.objects(node, PG.hasCondition))
    else:
        plain = Plain(voice.t("规则所用的一个条件或算式。", "A condition or expression that rules use."))
        plain.parts.append(facts(voice, [(voice.t("写成算式", "As a formula"), formulas.of(node).in_language(voice.language))]))
        owners = [owner for predicate in (PG.hasCondition, PG.amount, PG.total) for owner in voice.subjects(predicate, node)]
        plain.lead_to(voice.t("读取的字段", "Reads"), voice.objects(node, PG.field))
    plain.tell(voice.t("用于", "Used by"), listed(voice, [voice.link(each) for each in owners]))
    plain.near = {voice.t("用于", "Used by"): owners, **plain.near}
    resting(voice, plain, node)
    points(voice, plain, node)
    return plain


def benefit(voice: Voice, node: Iri) -> Plain:
    """Describe a benefit."""
    plain = Plain(voice.t("文本给予或准许的一项待遇。", "Something that the text grants or permits."))
    rules = voice.subjects(PG.benefit, node)
    plain.tell(voice.t("按哪些规则给予", "Rules by which it is given"), listed(voice, [voice.link(each) for each in rules]))
    plain.lead_to(voice.t("规则", "Rules"), rules)
    resting(voice, plain, node)
    points(voice, plain, node)
    return plain


def check(voice: Voice, node: Iri) -> Plain:
    """Describe a check of submissions."""
    plain = Plain(voice.t("对申报内容的一项核查。", "A check of submissions."))
    rules = [*voice.objects(node, PG.mustBeDue), *voice.objects(node, PG.undecidedRule)]
    kinds = voice.objects(node, SH.targetClass)
    rows = [
        (voice.t("不满足时说", "Says where it fails"), voice.text(node, SH.message)),
        (voice.t("怎样改正", "How to mend it"), voice.text(node, PG.mending)),
        (
            voice.t("严重度", "Severity"),
            join([voice.say(_SEVERITIES[s.value]) for s in voice.objects(node, SH.severity) if s.value in _SEVERITIES]),
        ),
        (voice.t("严重度的由来", "Why so"), voice.text(node, PG.severityReading)),
        (voice.t("核查的申报", "Checks"), join(_apart(voice, [kind(voice, each) for each in kinds]))),
        (voice.t("核查的字段", "Field"), links(voice, voice.objects(node, SH.path))),
        (voice.t("所用规则", "Rule"), links(voice, rules)),
        (voice.t("比较", "Compares"), Formulas(_algebra(voice, node)).of_check(node).in_language(voice.language)),
    ]
    plain.parts.append(facts(voice, rows))
    resting(voice, plain, node, PG.onProvision)
    plain.lead_to(voice.t("规则", "Rule"), rules)
    plain.lead_to(voice.t("申报", "Submission"), kinds)
    return plain


def parameter(voice: Voice, node: Iri) -> Plain:
    """Describe a number of the policy."""
    stated, said = voice.word(node, PG.verbatim), value(voice, node)
    plain = Plain(voice.t(f"文本中的一个数值：“{stated}”，即 {said}。", f"A number of the text: {said}."))
    whole = voice.objects(node, PG.inSet)
    places = [(voice.label(Iri(at)), _at(voice, node, at)) for at in _dimensions(voice, whole)]
    rows = [
        (voice.t("原词", "Words"), voice.quote(stated) if stated else ""),
        (voice.t("值", "Value"), said),
        *places,
        (voice.t("有效", "In force"), validity(voice, node)),
        (voice.t("期限", "Deadline"), voice.word(node, PG.deadline)),
        (voice.t("属于", "One of"), links(voice, whole)),
    ]
    plain.parts.append(facts(voice, rows))
    resting(voice, plain, node)
    used = [use for each in whole for use in _uses(voice, each)]
    plain.tell(voice.t("用到它的条件与算式", "Conditions and expressions that use it"), listed(voice, [voice.link(each) for each in used]))
    plain.lead_to(voice.t("属于", "One of"), whole)
    plain.lead_to(voice.t("用于", "Used by"), used)
    points(voice, plain, node)
    return plain


def parameter_set(voice: Voice, node: Iri) -> Plain:
    """Describe a number, or a table of them, with all of its values."""
    values = voice.subjects(PG.inSet, node)
    dimensions = [each.value for each in voice.objects(node, PG.dimension)]
    plain = Plain(
        voice.t(
            f"文本中的一个数，或一张数表；现有 {len(values)} 个值。", f"A number of the text, or a table of them; values: {len(values)}."
        )
        if values
        else voice.t(
            "文本没有给出数值；采用某种读法的机关自行给出。", "The text states no value; an office that adopts a reading supplies it."
        )
    )
    heads = (voice.t("数值", "Number"), *(voice.label(Iri(d)) for d in dimensions), voice.t("值", "Value"), voice.t("有效", "In force"))
    rows = [
        (voice.link(each), *(_at(voice, each, d) for d in dimensions), value(voice, each), validity(voice, each))
        for each in sorted(values, key=lambda v: _reading_order(voice, v))
    ]
    title = voice.t("取值", "Values")
    plain.tell(
        title, element("div", table(title, heads, rows), class_="scroll", tabindex="0", role="region", aria_label=title) if rows else ""
    )
    stated = {item for each in values for item in voice.objects(each, PROV.wasDerivedFrom)}
    items = sorted(stated, key=lambda item: (start(voice, item), item.value))
    plain.tell(voice.t("所依据的原文", "The words they rest on"), *(words(voice, item) for item in items if voice.word(item, PG.quote)))
    used = _uses(voice, node)
    plain.tell(voice.t("用到它的条件与算式", "Conditions and expressions that use it"), listed(voice, [voice.link(each) for each in used]))
    plain.lead_to(voice.t("取值", "Values"), values)
    plain.lead_to(voice.t("所据条款", "Rests on"), items)
    plain.lead_to(voice.t("用于", "Used by"), used)
    points(voice, plain, node)
    return plain


def _reading_order(voice: Voice, node: Term) -> tuple[int, str, str]:
    """Return a key that puts numbers in the text's order."""
    items = voice.objects(node, PROV.wasDerivedFrom)
    return min((start(voice, item) for item in items), default=1 << 30), voice.word(node, PG.validFrom), node.value


def _dimensions(voice: Voice, sets: list[Term]) -> list[str]:
    return list(dict.fromkeys(each.value for whole in sets for each in voice.objects(whole, PG.dimension)))


def _at(voice: Voice, node: Term, dimension: str) -> str:
    found = voice.objects(node, dimension)
    return join([each.value if isinstance(each, Literal) else voice.link(each) for each in found])


def _uses(voice: Voice, whole: Term) -> list[Term]:
    found = (subject for subject, predicate, _ in voice.graph.triples(value=whole) if predicate.value != PG.inSet)
    return sorted({s for s in found if Iri(PG.AlgebraNode) in voice.objects(s, RDF.type)}, key=lambda s: s.value)


def _algebra(voice: Voice, node: Iri) -> Index:
    """Return what is needed to write a node's formulas: its nodes, their operands, and what all of them are called."""
    found: list[Triple] = []
    waiting: list[tuple[Term, int]] = [(node, _DEEP)]
    seen: set[Term] = {node}
    while waiting:
        subject, depth = waiting.pop()
        own = list(voice.graph.triples(subject))
        found += own
        types = {o.value for _, p, o in own if p.value == RDF.type}
        inner = bool(types & {PG.AlgebraNode, PG.Rule, PG.Alternative, PG.CheckShape})
        for _, predicate, value_ in own:
            if isinstance(value_, Literal) or value_ in seen or not depth or not inner or not predicate.value.startswith(PG):
                continue
            seen.add(value_)
            waiting.append((value_, depth - 1))
    named = {t for triple in found for t in triple if isinstance(t, Iri)}
    known = {s for s, _, _ in found}
    for term in named - known:
        found += [*voice.graph.triples(term, Iri(RDFS.label)), *voice.graph.triples(term, Iri(RDFS.subClassOf))]
    for component in voice.graph.subjects(RDF.type, Iri(SH.ConstraintComponent)):
        found.append((component, Iri(RDF.type), Iri(SH.ConstraintComponent)))
        for each in voice.objects(component, SH.parameter):
            found += [(component, Iri(SH.parameter), each), *voice.graph.triples(each, Iri(SH.path))]
    return Index.of(found)
