"""What stands behind a text item: how it was read, and the numbers, rules, checks and questions that rest on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from policygraph.app.reader.facts import Facts
from policygraph.errors import LANGUAGES, Text
from policygraph.model.terms import Iri, Literal
from policygraph.vocab import DCTERMS, ELI, PG, PROV, RDF, SH

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from policygraph.graph.memory import Graph
    from policygraph.queries.catalogue import Question


_SEVERITIES = {
    SH.Violation: Text("不满足则为不符合", "a violation where it fails"),
    SH.Warning: Text("不满足则提示注意", "a warning where it fails"),
    SH.Info: Text("只作提示", "a note only"),
}


@dataclass(frozen=True, slots=True)
class Named:
    """A thing with what it is called, and a word about it."""

    node: Iri
    label: Text
    note: Text = Text("", "")  # noqa: RUF009 - it is frozen


@dataclass(frozen=True, slots=True)
class Understanding:
    """A reading or an open question of an item.

    Attributes:
        node: The reading.
        label: What it is called.
        statement: What it says.
        others: What else the words could mean, by language; the two are in no common order.
        options: Understandings that an office may adopt instead.
        review: Whether it is confirmed.
        source: Where it comes from.
    """

    node: Iri
    label: Text
    statement: Text
    others: Mapping[str, tuple[str, ...]]
    options: tuple[Named, ...]
    review: Text
    source: str


@dataclass(frozen=True, slots=True)
class Listing:
    """An enumeration in an item's words."""

    named: Named
    quote: str
    open: bool
    declared: str
    members: tuple[Named, ...]


@dataclass(frozen=True, slots=True)
class Panel:
    """What stands behind an item; see the fields of `core.ttl` of the same names."""

    node: Iri
    label: Text
    quote: str
    translation: str
    kind: Text
    reason: Text
    modality: Iri | None
    cues: tuple[str, ...]
    hedges: tuple[str, ...]
    bearer_status: Text
    bearers: tuple[Named, ...]
    beneficiaries: tuple[Named, ...]
    agencies: tuple[Named, ...]
    inherits: tuple[Named, ...]
    depends: tuple[Named, ...]
    mentions: tuple[Named, ...]
    readings: tuple[Understanding, ...]
    questions: tuple[Understanding, ...]
    numbers: tuple[Named, ...]
    listings: tuple[Listing, ...]
    rules: tuple[Named, ...]
    checks: tuple[Named, ...]
    review: Text
    no_rule: Text


def panel(graph: Graph, node: Iri, kind: Iri) -> Panel:
    """Gather what stands behind an item."""
    facts = Facts(graph)
    section = facts.iri(node, ELI.is_part_of)
    derived = facts.pointing(PROV.wasDerivedFrom, node)
    listed = facts.pointing(PG.enumeratedIn, node)
    return Panel(
        node=node,
        label=facts.label(node),
        quote=facts.word(node, PG.quote),
        translation=facts.word(node, PG.translation),
        kind=facts.label(kind),
        reason=facts.text(node, PG.reason),
        modality=facts.iri(node, PG.modality),
        cues=facts.words(node, PG.cue),
        hedges=facts.words(node, PG.hedge),
        bearer_status=_labelled(facts, facts.iri(node, PG.bearerStatus)),
        bearers=_named(facts, facts.iris(node, PG.bearer)),
        beneficiaries=_named(facts, facts.iris(node, PG.beneficiary)),
        agencies=_named(facts, facts.members(section, PG.responsibleAgencyList) or facts.iris(section, PG.responsibleAgency)),
        inherits=tuple(Named(n, facts.label(n), _both(facts.word(n, PG.quote))) for n in facts.iris(node, PG.inheritsFrom)),
        depends=_named(facts, facts.iris(node, PG.dependsOn)),
        mentions=_named(facts, facts.iris(node, PG.mentions)),
        readings=tuple(_understanding(facts, each) for each in facts.iris(node, PG.hasReading)),
        questions=tuple(_understanding(facts, each) for each in facts.iris(node, PG.hasOpenQuestion)),
        numbers=tuple(_number(facts, each) for each in derived if facts.is_a(each, PG.Parameter)),
        listings=tuple(_listing(facts, each) for each in listed),
        rules=tuple(Named(n, facts.label(n), _kinds(facts, n, PG.forKind)) for n in derived if facts.is_a(n, PG.Rule)),
        checks=_checks(facts, node),
        review=_review(facts, node),
        no_rule=facts.text(node, PG.noRuleBecause),
    )


@dataclass(frozen=True, slots=True)
class Askable:
    """A parameter of a saved question for which a provision or a section may be given.

    Attributes:
        question: The question.
        name: Its parameter.
        kinds: Classes that the sample of the parameter is of.
    """

    question: Question
    name: str
    kinds: frozenset[Iri]


def askable(graph: Graph, questions: Iterable[Question]) -> tuple[Askable, ...]:
    """Return the parameters for which a provision or a section may be given."""
    facts, wanted = Facts(graph), {Iri(PG.Provision), Iri(PG.Section)}
    found = []
    for question in questions:
        for name in question.params:
            sample = question.sample(name)
            kinds = frozenset(facts.iris(sample, RDF.type)) if isinstance(sample, Iri) else frozenset()
            if kinds & wanted:
                found.append(Askable(question, name, kinds))
    return tuple(found)


def asked_about(graph: Graph, every: Iterable[Askable], node: Iri, section: Iri | None) -> tuple[tuple[Askable, Iri], ...]:
    """Return what can be asked of an item or of the section around it, with the value to give."""
    facts = Facts(graph)
    own, around = frozenset(facts.iris(node, RDF.type)), frozenset(facts.iris(section, RDF.type))
    found = []
    for each in every:
        if Iri(PG.Provision) in each.kinds & own:
            found.append((each, node))
        elif section is not None and Iri(PG.Section) in each.kinds <= around:
            found.append((each, section))
    return tuple(found)


def _both(words: str) -> Text:
    return Text(words, words)


def _labelled(facts: Facts, node: Iri | None) -> Text:
    return facts.label(node) if node is not None else Text("", "")


def _named(facts: Facts, nodes: Iterable[Iri]) -> tuple[Named, ...]:
    return tuple(Named(node, facts.label(node)) for node in nodes)


def _kinds(facts: Facts, node: Iri, predicate: str) -> Text:
    labels = [facts.label(kind) for kind in facts.iris(node, predicate)]
    return Text("、".join(label.zh for label in labels), ", ".join(label.en for label in labels))


def _review(facts: Facts, node: Iri) -> Text:
    return _labelled(facts, facts.iri(facts.iri(node, PG.review), PG.reviewStatus))


def _understanding(facts: Facts, node: Iri) -> Understanding:
    others = {language: facts.words(node, PG.alternativeReading, language) for language in LANGUAGES}
    return Understanding(
        node,
        facts.label(node),
        facts.text(node, PG.statement),
        others,
        _named(facts, facts.iris(node, PG.hasOption)),
        _review(facts, node),
        facts.word(node, DCTERMS.source),
    )


def _number(facts: Facts, node: Iri) -> Named:
    values = [v.value if isinstance(v, Literal) else facts.label(v).zh for v in facts.graph.objects(node, PG.value)]
    unit = _labelled(facts, facts.iri(node, PG.unit))
    said = ", ".join(values)
    since = facts.word(node, PG.validFrom)
    about = facts.word(node, PG.approximate) in ("true", "1")
    return Named(
        node,
        facts.label(node),
        Text(
            f"原词“{facts.word(node, PG.verbatim)}”，值 {said}{'（约数）' if about else ''}"
            + (f"，单位：{unit.zh}" if unit.zh else "")
            + (f"，自 {since} 起" if since else ""),
            f"words “{facts.word(node, PG.verbatim)}”, value {said}{' (approximate)' if about else ''}"
            + (f", unit: {unit.en}" if unit.en else "")
            + (f", from {since}" if since else ""),
        ),
    )


def _listing(facts: Facts, node: Iri) -> Listing:
    members = facts.members(node, PG.memberList)
    return Listing(
        Named(node, facts.label(node)),
        facts.word(node, PG.quote),
        facts.word(node, PG["open"]) in ("true", "1"),
        facts.word(node, PG.declaredCount),
        _named(facts, members),
    )


def _checks(facts: Facts, node: Iri) -> tuple[Named, ...]:
    """Return the checks of a provision, without those that only say what is undecided."""
    found = []
    for check in facts.pointing(PG.onProvision, node):
        if not facts.is_a(check, PG.UndeterminedShape):
            severity = facts.iri(check, SH.severity)
            found.append(Named(check, facts.label(check), _SEVERITIES.get(severity.value if severity else "", Text("", ""))))
    return tuple(found)
