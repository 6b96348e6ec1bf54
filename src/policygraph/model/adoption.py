"""Overlays as answers show them: what was laid over the policy, which reading was adopted, and what the others would give."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from policygraph.errors import Text
    from policygraph.model.grounds import Named


@dataclass(frozen=True, slots=True)
class AppliedOverlay:
    """A file laid over the policy.

    Attributes:
        source: The file.
        sha256: Digest of its bytes.
        adopted: Options that it adopts.
        closed: Numbers and rules that it ends, with the day on which they have ended.
        added: Numbers, alternatives and conditions that it adds.
    """

    source: str
    sha256: str
    adopted: tuple[Named, ...]
    closed: tuple[tuple[Named, str], ...]
    added: tuple[Named, ...]


@dataclass(frozen=True, slots=True)
class OtherResult:
    """What an answer would be under another option of a reading.

    Attributes:
        option: The option, None for the reading as stored.
        statement: What it says.
        result: Outcome of the decision or verdict of the check.
        causes: Every cause of an undetermined result.
        low: Lower bound of what is due, '' if unknown or for a check.
        high: Upper bound.
        same: Whether it is the result under the adopted option too.
    """

    option: Named | None
    statement: Text
    result: Named
    causes: tuple[Named, ...]
    low: str
    high: str
    same: bool


@dataclass(frozen=True, slots=True)
class AdoptedReading:
    """A reading on which an answer leans and for which an overlay adopted an option.

    Attributes:
        reading: The reading.
        option: The option adopted.
        statement: What the option says.
        source: File that adopts it.
        others: The result under the reading as stored and under its other options.
    """

    reading: Named
    option: Named
    statement: Text
    source: str
    others: tuple[OtherResult, ...] = ()


@dataclass(frozen=True, slots=True)
class Brought:
    """What an answer rests on that is not the policy's own but an overlay's.

    Attributes:
        source: The overlay.
        nodes: Alternatives, conditions, numbers and clauses that it added and that carry the answer.
    """

    source: str
    nodes: tuple[Named, ...]
