"""Says which statements an overlay may make; everything else is refused by name.

An overlay may add parameters, alternatives and conditions with the sentences behind them, close what is in force, and adopt a reading.
It describes nodes of its own and says four things of the policy's: see `_OF_POLICY`. Classes and properties are told apart by the schema.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from policygraph.engine.operators import OPERATORS
from policygraph.errors import Text
from policygraph.model.terms import Blank, Iri, Literal
from policygraph.vocab import BASE, DCTERMS, ELI, OWL, PG, PROV, RDF, RDFS, SH, SKOS, XSD

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from policygraph.graph.memory import Graph
    from policygraph.model.terms import Term, Triple

_WORDS = frozenset({RDFS.label, RDFS.comment, SKOS.definition, SKOS.scopeNote, DCTERMS.source})
_GROUNDS = frozenset({PROV.wasDerivedFrom, PG.hasReading, PG.hasOpenQuestion, PG.review})
_VALIDITY = frozenset({PG.validFrom, PG.validUntil})
_PLACE = frozenset({ELI.is_part_of, PG.number, PG.position, PG.quote, PG.statement})
# What an overlay may describe, with the properties that the schema does not tie to the class by a domain.
_DOCUMENT = frozenset({PG.documentNumber, PG["title"], PG.issuer, ELI.date_document, ELI.amends, ELI.based_on, ELI.cites})
_CLASSES: dict[str, frozenset[str]] = {
    PG.Policy: _DOCUMENT | _GROUNDS,
    PG.ExternalDocument: _DOCUMENT,
    PG.Section: _PLACE,
    PG.Provision: _PLACE | _GROUNDS | {PG.translation, PG.mentions},
    PG.ParameterSet: frozenset(),
    PG.Parameter: _GROUNDS | _VALIDITY | {PG.value, PG.verbatim},
    PG.Alternative: _GROUNDS | {PG.insteadOf, PG.underOption},
    PG.Reading: _PLACE | {PG.review},
    PG.ReadingOption: _PLACE | {PG.review},
    PG.OpenQuestion: _PLACE | {PG.review},
    PG.Review: frozenset(),
} | {
    PG[name]: _GROUNDS
    | {PG.parameterSet, PG.insteadOf, PG.underOption}
    | {PG[p] for p in (*o.needs, *o.operands, *o.row_operands, *o.many)}
    for name, o in OPERATORS.items()
}
# Found by the program from the text or the rules: where words stand, in which order nodes are evaluated.
_GENERATED = frozenset(
    {PG.anchor, PG.sentence, PG.text, PG.heading, PG.within, PG.stratum, PG.usesNode, PG.usesRowNode, PG.evaluates, PG.bound}
)
# Conclusions of the engine and of checks.
_CONCLUDED = frozenset({PG.outcome, PG.decision, PG.status, PG.cause, PG.low, PG.high, PG.verdict, PG.attempt, PG.evaluation, PG.byRule})
_CONCLUSIONS = frozenset({PG.Decision, PG.Attempt, PG.Evaluation, PG.Value})
_AXIOMS = tuple(map(str, (OWL, RDFS.subClassOf, RDFS.subPropertyOf, RDFS.domain, RDFS.range)))
# Names that are not an overlay's to give: the schema's terms and codes, checks, and the records of a submission.
_RESERVED = tuple(BASE + name for name in ("core#", "talent#", "scheme/", "shape/", "component/", "submission"))

CLOSED_ALREADY = Text("已于 {day} 终止", "it was closed already, on {day}")
NOT_A_DAY = Text('止日须为日期，写成 "2025-01-01"^^xsd:date', 'the day must be a date, written "2025-01-01"^^xsd:date')
NOT_A_VALUE = Text(
    "值须为整数、至多六位小数的小数、日期、真假值或代码",
    "a value is an integer, a decimal of at most six places, a date, a truth value or a code",
)
NO_SUCH_OPTION = Text("不是该判读的可选读法", "it is no option of that reading")
TWO_OPTIONS = Text("该判读已采用另一读法", "another option of that reading is adopted already")
CHANGES_VALUE = Text(
    "叠加文件不能改动已有的值；请用 pg:validUntil 终止旧值，另立新参数",
    "an existing value is not changed; close it with pg:validUntil and add a new parameter",
)
ABOUT_POLICY = Text(
    "叠加文件不能改动已有的节点；只能终止参数或规则、为规则加方案、为方案加条件、采用读法",
    "an existing node is not described anew; it can be closed, or given an alternative (a rule), a condition (an alternative) or an option"
    " (a reading)",
)
CONCLUSION = Text("结论只由引擎得出", "conclusions are drawn by the engine alone")
CHECK = Text("叠加文件不能含核查、形状或查询", "an overlay brings no checks, shapes or queries")
AXIOM = Text("叠加文件不能改动词汇或断言等同", "an overlay does not touch the vocabulary, nor say that things are the same")
NO_TYPE = Text("节点须恰好写明一个类型", "a node must state exactly one type")
OTHER_TYPE = Text("叠加文件不能含此类节点", "an overlay brings nothing of this class")
OTHER_PROPERTY = Text("此类节点不能有此属性", "a node of this class does not have this property")
NAMELESS = Text("节点须有 IRI", "a node must have an IRI")
RESERVED = Text("此名称不归叠加文件使用", "the name is not an overlay's to give")
UNKNOWN = Text("所指的事物没有描述", "nothing describes what it points at")
FOREIGN_SECTION = Text("不得把条款写进已有的文件", "a clause is not written into an existing document")
FOREIGN_OPTION = Text("已有的读法不得增加内容", "an existing option is not extended")
_DIGITS = 15, 6


@dataclass(frozen=True, slots=True)
class Refused:
    """A statement that an overlay may not make, and why."""

    triple: Triple
    why: Text


@dataclass(frozen=True, slots=True)
class Admitted:
    """What an overlay states.

    Attributes:
        triples: What is added to the graph.
        adopts: reading → option.
        closes: (node, day) of what it ends.
        own: The nodes that it describes.
    """

    triples: tuple[Triple, ...]
    adopts: dict[str, str]
    closes: tuple[tuple[str, str], ...]
    own: tuple[str, ...]


def admit(triples: Sequence[Triple], graph: Graph, adopted: Mapping[str, str]) -> tuple[Admitted, tuple[Refused, ...]]:
    """Judge the statements of an overlay one by one.

    Args:
        triples: The statements.
        graph: The policy graph, with what earlier overlays added.
        adopted: What earlier overlays adopted: reading → option.
    """
    return _Judge(triples, graph, adopted).judged()


class _Judge:
    def __init__(self, triples: Sequence[Triple], graph: Graph, adopted: Mapping[str, str]) -> None:
        self._triples = triples
        self._graph = graph
        self._adopted = dict(adopted)
        self._types: dict[Term, set[str]] = defaultdict(set)
        for subject, predicate, value in triples:
            if predicate.value == RDF.type and not self._known(subject):
                self._types[subject].add(value.value)
        self._properties: dict[str, frozenset[str]] = {}

    def judged(self) -> tuple[Admitted, tuple[Refused, ...]]:
        added: list[Triple] = []
        adopts: dict[str, str] = {}
        closes: list[tuple[str, str]] = []
        refused: list[Refused] = []
        for triple in self._triples:
            subject, predicate, value = triple
            if (why := self._why_not(triple)) is not None:
                refused.append(Refused(triple, why))
            elif predicate.value == PG.adopts:
                adopts[subject.value] = value.value
            else:
                added.append(triple)
                if predicate.value == PG.validUntil and subject not in self._types:
                    closes.append((subject.value, value.value))
        own = tuple(sorted(node.value for node in self._types))
        return Admitted(tuple(added), adopts, tuple(sorted(closes)), own), tuple(refused)

    def _known(self, term: Term) -> bool:
        return next(self._graph.triples(subject=term), None) is not None

    def _why_not(self, triple: Triple) -> Text | None:
        subject, predicate, value = triple
        if isinstance(subject, Blank) or isinstance(value, Blank):
            return NAMELESS
        if predicate.value.startswith(_AXIOMS) or (predicate.value == RDF.type and value.value.startswith(str(OWL))):
            return AXIOM
        if predicate.value.startswith(SH) or value.value.startswith(SH):
            return CHECK
        if predicate.value in _CONCLUDED or (predicate.value == RDF.type and value.value in _CONCLUSIONS):
            return CONCLUSION
        if self._known(subject):
            if next(self._graph.triples(*triple), None) is not None:
                return None  # says nothing new
            return self._of_policy(subject, predicate.value, value)
        if len(self._types.get(subject, ())) != 1:
            return NO_TYPE
        return self._of_own(subject, predicate.value, value)

    # ---------------------------------------------------------------- about the policy's nodes
    def _of_policy(self, subject: Term, predicate: str, value: Term) -> Text | None:
        kinds = {t.value for t in self._graph.objects(subject, RDF.type)}
        if predicate == PG.validUntil and kinds & {PG.Parameter, PG.Rule}:
            return self._closing(subject, value)
        if predicate == PG.adopts and PG.Reading in kinds:
            return self._adopting(subject, value)
        own = self._types.get(value, set())
        if predicate == PG.hasAlternative and PG.Rule in kinds and PG.Alternative in own:
            return None
        if predicate == PG.hasCondition and PG.Alternative in kinds and self._is_condition(own):
            return None
        if predicate == PG.hasOption and PG.Reading in kinds and PG.ReadingOption in own:
            return None
        return CHANGES_VALUE if predicate == PG.value else ABOUT_POLICY

    def _closing(self, subject: Term, day: Term) -> Text | None:
        stated = self._graph.objects(subject, PG.validUntil)
        if stated and stated != (day,):
            return CLOSED_ALREADY.format(day=stated[0].value)
        return None if _is_day(day) else NOT_A_DAY

    def _adopting(self, reading: Term, option: Term) -> Text | None:
        brought = (o for s, p, o in self._triples if (s, p.value) == (reading, PG.hasOption))
        if option not in {*self._graph.objects(reading, PG.hasOption), *brought}:
            return NO_SUCH_OPTION
        return TWO_OPTIONS if self._adopted.setdefault(reading.value, option.value) != option.value else None

    # ---------------------------------------------------------------- about the overlay's own nodes
    def _of_own(self, subject: Term, predicate: str, value: Term) -> Text | None:
        if subject.value.startswith(_RESERVED):
            return RESERVED
        (kind,) = self._types[subject]
        if predicate == RDF.type:
            return None if value.value in _CLASSES else OTHER_TYPE
        if predicate not in self._allowed(kind) and not self._is_dimension(subject, predicate):
            return OTHER_PROPERTY
        if isinstance(value, Iri) and not (self._known(value) or value in self._types):
            return UNKNOWN
        if predicate == ELI.is_part_of and value not in self._types:
            return FOREIGN_SECTION
        if predicate == PG.underOption and value not in self._types:
            return FOREIGN_OPTION
        if predicate in _VALIDITY:
            return None if _is_day(value) else NOT_A_DAY
        if predicate == PG.value and kind == PG.Parameter:
            return None if _is_value(value) else NOT_A_VALUE
        return None

    def _allowed(self, kind: str) -> frozenset[str]:
        """Return the properties of a class: those listed, and those that the schema ties to it or to a class above it."""
        if kind not in self._properties:
            ancestors = {kind, *self._above(Iri(kind))}
            tied = {p.value for a in ancestors for p in self._graph.subjects(RDFS.domain, Iri(a)) if p.value.startswith(PG)}
            self._properties[kind] = (_CLASSES.get(kind, frozenset()) | tied | _WORDS) - _GENERATED - {PG.adopts}
        return self._properties[kind]

    def _above(self, kind: Term) -> set[str]:
        found: set[str] = set()
        queue = [kind]
        while queue:
            new = [c for c in self._graph.objects(queue.pop(), RDFS.subClassOf) if isinstance(c, Iri) and c.value not in found]
            found |= {c.value for c in new}
            queue += new
        return found

    def _is_condition(self, kinds: Iterable[str]) -> bool:
        return any(kind in _CLASSES and PG.Condition in self._above(Iri(kind)) for kind in kinds)

    def _is_dimension(self, subject: Term, predicate: str) -> bool:
        """Say whether a property is a dimension of the set that a parameter is in."""
        own = [o for s, p, o in self._triples if (s, p.value) == (subject, PG.inSet)]
        stated = [o.value for s, p, o in self._triples if s in own and p.value == PG.dimension]
        return predicate in {*stated, *(d.value for parameter_set in own for d in self._graph.objects(parameter_set, PG.dimension))}


def _is_day(term: Term) -> bool:
    if isinstance(term, Literal) and term.datatype == XSD.date:
        with suppress(ValueError):
            return dt.date.fromisoformat(term.value).isoformat() == term.value
    return False


def _is_value(term: Term) -> bool:
    if not isinstance(term, Literal):
        return True
    if term.datatype in {XSD.integer, XSD.decimal}:
        whole, _, fraction = term.value.lstrip("+-").partition(".")
        digits = (whole + fraction).isdecimal() and (whole + fraction).isascii()
        return digits and len(whole) <= _DIGITS[0] and len(fraction) <= _DIGITS[1] and not (fraction and term.datatype == XSD.integer)
    return _is_day(term) or (term.datatype == XSD.boolean and term.value in {"true", "false"})
