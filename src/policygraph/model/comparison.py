"""What tells two policies, or two versions of one, apart: differences with the sentences of both sides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from policygraph.errors import Text
    from policygraph.model.grounds import Citation, Named

# What is compared, in the order of the report.
ASPECTS = ("text", "provisions", "strengths", "numbers", "units", "rules")
KINDS = ("added", "removed", "changed")


@dataclass(frozen=True, slots=True)
class Aspect:
    """One side of a difference: the node, what it says, and the sentences behind it."""

    node: Named
    words: Text
    citations: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class FieldChange:
    """Something about a node that differs; '' where one side does not state it."""

    field: Text
    before: Text
    after: Text


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference.

    Attributes:
        aspect: One of `ASPECTS`.
        kind: One of `KINDS`.
        before: The first side, None when it was added.
        after: The second side, None when it was removed.
        changes: What differs, where both sides have it.
    """

    aspect: str
    kind: str
    before: Aspect | None
    after: Aspect | None
    changes: tuple[FieldChange, ...] = ()


@dataclass(frozen=True, slots=True)
class Tally:
    """How many things of an aspect differ, and how many are the same."""

    aspect: str
    added: int
    removed: int
    changed: int
    same: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two policies, or two versions, compared.

    Attributes:
        before: What the first side is, as the caller named it.
        after: What the second side is.
        policies_before: Policies of the first side.
        policies_after: Policies of the second.
        tallies: Counts by aspect.
        differences: In the order of the aspects.
    """

    before: str
    after: str
    policies_before: tuple[Named, ...]
    policies_after: tuple[Named, ...]
    tallies: tuple[Tally, ...]
    differences: tuple[Difference, ...]
