"""What overlays would change: answers of both sides, side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from policygraph.model.answers import NOTICE, ON_FACTS

if TYPE_CHECKING:
    from policygraph.errors import Text
    from policygraph.model.adoption import AdoptedReading, AppliedOverlay
    from policygraph.model.grounds import Citation, Named, ParameterUse


@dataclass(frozen=True, slots=True)
class Side:
    """One answer: of a rule or of a check.

    Attributes:
        result: Outcome or verdict.
        causes: Every cause of an undetermined result.
        low: Lower bound of what is due, '' if unknown or for a check.
        high: Upper bound.
        total_low: Lower bound of the total together with other results.
        total_high: Upper bound of that total.
        unstated: Whether it is granted without an amount.
        unit: Unit of the amount, if known.
        parameters: Numbers behind it.
        citations: Sentences behind it.
        adopted: Readings that an overlay settled, with the result under their other options.
    """

    result: Named
    causes: tuple[Named, ...]
    low: str = ""
    high: str = ""
    total_low: str = ""
    total_high: str = ""
    unstated: bool = False
    unit: Named | None = None
    parameters: tuple[ParameterUse, ...] = ()
    citations: tuple[Citation, ...] = ()
    adopted: tuple[AdoptedReading, ...] = ()


@dataclass(frozen=True, slots=True)
class AnswerChange:
    """An answer that differs.

    Attributes:
        subject: The rule or check.
        check: Whether it is a check.
        before: The answer without overlays, None if there is none.
        after: The answer with them.
        difference: By how much the amount changes, '' when it is not known on both sides.
        basis_only: Whether the answer is the same and only the number or sentence behind it is another.
    """

    subject: Named
    check: bool
    before: Side | None
    after: Side | None
    difference: str
    basis_only: bool


@dataclass(frozen=True, slots=True)
class RecordChanges:
    """What changes for one record.

    Attributes:
        iri: Named by its place.
        position: Place in the file, from 1.
        kind: Kind of submission.
        name: Name of the person or unit, '' if not stated.
        as_of: Day as of which it was judged.
        before: Verdict of the check without overlays.
        after: Verdict with them.
        changes: Answers that differ.
        unchanged: How many answers do not.
    """

    iri: str
    position: int
    kind: Named
    name: str
    as_of: str
    before: Named
    after: Named
    changes: tuple[AnswerChange, ...]
    unchanged: int


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What overlays would change for a submission."""

    source: str
    digest: str
    overlays: tuple[AppliedOverlay, ...]
    records: tuple[RecordChanges, ...]
    changed: int

    notice: Text = NOTICE
    on_facts: Text = ON_FACTS
