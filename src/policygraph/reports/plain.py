"""Answers as plain JSON values: both languages side by side, every node with its IRI."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from typing import Any

from policygraph.errors import Text
from policygraph.model.answers import Named
from policygraph.model.terms import Blank, Iri, Literal


def to_plain(answer: object) -> Any:
    """Return a JSON-ready value.

    Args:
        answer: A dataclass of `model.answers`, or anything made of them.

    Returns:
        Objects keep the names of the dataclass fields; a `Text` becomes {"zh", "en"}, a `Named` {"iri", "label"}; numbers and dates
        stay strings, so that no digit is lost.
    """
    match answer:
        case Text(zh, en):
            return {"zh": zh, "en": en}
        case Named(iri, label) if type(answer) is Named:  # what derives from it says more
            return {"iri": iri, "label": to_plain(label)}
        case Iri(value) | Blank(value) | Literal(value):
            return value
        case str():
            return answer
        case Sequence():
            return [to_plain(member) for member in answer]
        case dict():
            return {str(key): to_plain(value) for key, value in answer.items()}
    if is_dataclass(answer):
        return {f.name: to_plain(getattr(answer, f.name)) for f in fields(answer)}
    return answer
