"""Does the data say what the words say: values of parameters, counts of lists, the document's own record.

SHACL cannot read Chinese numerals; these checks stand beside `shapes/graph.ttl` and give findings of the same form.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from policygraph.errors import Text
from policygraph.model.anchoring import Problem
from policygraph.model.numerals import Kind, find, read
from policygraph.model.terms import Iri, Literal
from policygraph.vocab import ELI, PG, PREFIXES, PROV, RDF, XSD

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from policygraph.model.anchoring import AnchoredText
    from policygraph.model.index import Index
    from policygraph.model.numerals import Number
    from policygraph.model.terms import Term

CHECKS = (
    "value-against-words",
    "unit-against-words",
    "approximate-against-words",
    "count-against-words",
    "record-not-in-text",
)
_FRACTION, _PERCENT, _YUAN = (PREFIXES["unit"] + name for name in ("FRACTION", "PERCENT", "CCY_CNY"))
_UNITS = {Kind.SHARE: (_FRACTION, _PERCENT), Kind.POINTS: (_FRACTION, _PERCENT), Kind.MONEY: (_YUAN,)}
_NUMERIC = {XSD.integer, XSD.decimal, XSD.double, XSD.float}


def check(text: AnchoredText, facts: Index) -> tuple[Problem, ...]:
    """Compare a policy's data with its words.

    Args:
        text: The policy's text with everything placed.
        facts: All facts, also those from outside the policy.
    """
    items = {Iri(item.node) for item in text.items}
    parameters = dict.fromkeys(p for item in text.items for p in facts.subjects(PROV.wasDerivedFrom, Iri(item.node)))
    found: list[Problem] = []
    for parameter in parameters:
        if Iri(PG.Parameter) in facts.objects(parameter, RDF.type):
            found += check_parameter(parameter, facts, items)
    for item in text.items:
        for enumeration in facts.subjects(PG.enumeratedIn, Iri(item.node)):
            found += _enumeration(enumeration, text.quote(item.span), facts)
    return (*found, *_record(text, facts))


def stated_value(value: Term | None) -> Decimal | date | None:
    """Return a literal's number or date, None for anything else."""
    if isinstance(value, Literal):
        with suppress(InvalidOperation, ValueError):
            if value.datatype in _NUMERIC:
                return Decimal(value.value)
            if value.datatype == XSD.date:
                return date.fromisoformat(value.value)
    return None


def check_parameter(node: Term, facts: Index, items: Collection[Iri]) -> Iterator[Problem]:
    """Compare a parameter with the words that state it.

    Args:
        node: The parameter.
        facts: All facts, also those from outside the policy.
        items: Text items; any other source of a parameter lies outside the text.
    """
    words = facts.word(node, PG.verbatim, "zh")
    value = stated_value(facts.one(node, PG.value))
    if not words or value is None:
        return  # a concept, or something that the shapes report
    number = read(words)
    if number is None:
        outside = [s for s in facts.objects(node, PROV.wasDerivedFrom) if s not in items]
        if not any(stated_value(v) == value for source in outside for v in facts.objects(source, PG.value)):
            yield Problem(
                "value-against-words",
                node.value,
                Text(f"原词“{words}”没有说出一个数值。", f"The words “{words}” do not state one number."),
                Text(
                    "请只引用该数值的原词；数值来自文本之外的，用 prov:wasDerivedFrom 指向写明该值的外部事实。",
                    "Quote the words of this number only; a number from outside the text is derived from an outside fact with that value.",
                ),
            )
        return
    unit = facts.iri(node, PG.unit)
    wanted = number.value
    if unit == _PERCENT and isinstance(wanted, Decimal):
        wanted *= 100
    if value != wanted:
        yield Problem(
            "value-against-words",
            node.value,
            Text(f"值为 {value}，而原词“{words}”说的是 {wanted}。", f"The value is {value}, but the words “{words}” say {wanted}."),
            Text("请改正 pg:value 或 pg:verbatim。", "Correct pg:value or pg:verbatim."),
        )
    yield from _manner(node, words, number, unit, facts)


def _manner(node: Term, words: str, number: Number, unit: str, facts: Index) -> Iterator[Problem]:
    """Check unit and approximation of a parameter against its words."""
    allowed = _UNITS.get(number.kind, ())
    if allowed and unit not in allowed:
        yield Problem(
            "unit-against-words",
            node.value,
            Text(f"单位与原词“{words}”不符。", f"The unit does not fit the words “{words}”."),
            Text(f"请将 pg:unit 改为 <{allowed[0]}>。", f"Make pg:unit <{allowed[0]}>."),
        )
    approximate = facts.word(node, PG.approximate) in ("true", "1")
    if approximate != number.approximate:
        yield Problem(
            "approximate-against-words",
            node.value,
            Text(f"是否约数与原词“{words}”不符。", f"Whether the value is approximate does not fit the words “{words}”."),
            Text("请核对 pg:approximate；“左右”“约”为约数。", "Check pg:approximate; 左右 and 约 say about."),
        )


def _enumeration(node: Term, quote: str, facts: Index) -> Iterator[Problem]:
    declared = stated_value(facts.one(node, PG.declaredCount))
    if declared is not None and all(number.value != declared for number in find(quote)):
        yield Problem(
            "count-against-words",
            node.value,
            Text(f"条款中没有声明数量 {declared}。", f"The provision does not state the declared count {declared}."),
            Text(
                "请按原文改正 pg:declaredCount；原文没有声明的不写。",
                "Correct pg:declaredCount, or leave it out where the text declares none.",
            ),
        )


def _record(text: AnchoredText, facts: Index) -> Iterator[Problem]:
    """Check the document's own record, and that of the documents it names, against the text."""
    policy = Iri(text.policy)
    documents = [policy, *facts.objects(policy, ELI.based_on), *facts.objects(policy, ELI.cites)]
    for document in dict.fromkeys(documents):
        for predicate in (PG.documentNumber, PG["title"], PG.publicity):
            for words in facts.objects(document, predicate):
                if isinstance(words, Literal) and words.language in ("", "zh") and words.value not in text.text:
                    yield Problem(
                        "record-not-in-text",
                        document.value,
                        Text(f"原文中没有“{words.value}”。", f"The text does not contain “{words.value}”."),
                        Text("请从 text.txt 逐字复制。", "Copy the words from text.txt."),
                    )
    dates = {number.value for number in find(text.text) if number.kind is Kind.DATE}
    for predicate in (ELI.date_document, PG.dateIssued):
        for stated in facts.objects(policy, predicate):
            if stated_value(stated) not in dates:
                yield Problem(
                    "record-not-in-text",
                    text.policy,
                    Text(f"原文中没有日期 {stated.value}。", f"The text does not contain the date {stated.value}."),
                    Text("请按原文改正日期。", "Correct the date from the text."),
                )
