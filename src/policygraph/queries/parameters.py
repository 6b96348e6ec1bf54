"""Turns the words of a caller into the value of a question's parameter."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from policygraph.errors import Text, UsageError
from policygraph.model.terms import Iri, Literal, Term
from policygraph.vocab import XSD

if TYPE_CHECKING:
    from collections.abc import Mapping

    from policygraph.queries.catalogue import Question
    from policygraph.queries.entities import Entities

_NUMBERS = {
    XSD.integer: (r"[+-]?\d{1,18}", Text("整数，如 12", "a whole number such as 12")),
    XSD.decimal: (r"[+-]?\d{1,15}(\.\d{1,6})?", Text("数值，如 0.6", "a number such as 0.6")),
    XSD.boolean: (r"true|false", Text("true 或 false", "true or false")),
    XSD.gYear: (r"\d{4}", Text("年份，如 2023", "a year such as 2023")),
}


def split_parameters(pairs: list[str]) -> dict[str, str]:
    """Return `name=value` words as a mapping.

    Raises:
        UsageError: A word has no equals sign, or a name comes twice.
    """
    found: dict[str, str] = {}
    for pair in pairs:
        name, sign, value = pair.partition("=")
        if not sign or not name.strip() or not value.strip() or name.strip() in found:
            raise UsageError(
                Text(f"“{pair}”须写成 名称=值，且每个名称只写一次。", f"“{pair}” must be written name=value, each name once."),
                Text("例如：--param measure=m7", "For instance: --param measure=m7"),
            )
        found[name.strip()] = value.strip()
    return found


def resolve(question: Question, given: Mapping[str, str], entities: Entities) -> dict[str, Term]:
    """Return the terms for the values that a caller gave.

    The sample in the question's file says what is wanted: an entity of that kind, or a literal of that datatype.

    Raises:
        UsageError: An unknown parameter, an unknown or ambiguous entity, or a malformed literal.
    """
    unknown = [name for name in given if name not in question.params]
    if unknown:
        question.bind({unknown[0]: Literal("")})
    return {name: _term(name, value, question.sample(name), entities) for name, value in given.items()}


def odd_ones(question: Question, bound: Mapping[str, Term], entities: Entities) -> tuple[Text, ...]:
    """Say which values are of another kind than the question's sample, which explains an empty answer."""
    notes = []
    template = Text("{value} 与此问题的示例 {sample} 不属同类。", "{value} is not of the same kind as this question's sample, {sample}.")
    for name, term in bound.items():
        sample = question.sample(name)
        if isinstance(term, Iri) and isinstance(sample, Iri) and not entities.kinds(term) & entities.specific_kinds(sample):
            notes.append(template.format(value=entities.both(term), sample=entities.both(sample)))
    return tuple(notes)


def _term(name: str, text: str, sample: Term, entities: Entities) -> Term:
    if not isinstance(sample, Literal):
        return entities.resolve(text, like=sample)
    if sample.language:
        return Literal(text, sample.datatype, sample.language)
    if sample.datatype == XSD.date:
        return Literal(_date(name, text), XSD.date)
    if sample.datatype in _NUMBERS:
        pattern, wanted = _NUMBERS[sample.datatype]
        if not re.fullmatch(pattern, text, re.ASCII):
            raise _malformed(name, text, wanted)
    return Literal(text, sample.datatype)


def _date(name: str, text: str) -> str:
    """Return a day as 2023-08-21; 2023年8月21日 and 2023/8/21 are read too."""
    match = re.fullmatch(r"(\d{4})(?:-|/|\.|年)(\d{1,2})(?:-|/|\.|月)(\d{1,2})日?", text, re.ASCII)
    try:
        if match:
            return date(int(match[1]), int(match[2]), int(match[3])).isoformat()
    except ValueError:
        pass
    raise _malformed(name, text, Text("日期，如 2023-08-21", "a date such as 2023-08-21"))


def _malformed(name: str, text: str, wanted: Text) -> UsageError:
    return UsageError(
        Text(f"参数 {name} 的值“{text}”不合要求。", f"The value “{text}” of the parameter {name} will not do."),
        Text("须为{wanted}。", "It must be {wanted}.").format(wanted=wanted),
    )
