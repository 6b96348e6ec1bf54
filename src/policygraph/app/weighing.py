"""Weighs the ways in which an answer may come about, and finds which unstated facts decide it.

A rule holds when one of its alternatives does, and an alternative when all its conditions do. Of the alternatives that can still hold,
those that lack the fewest facts are asked about: whatever they lack decides, for no other one lacks less. When none can hold any more,
the facts that can still fail the last open ones are asked about; when one of them cannot fail either, nothing is asked.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from policygraph.model.answers import ConditionResult, DecisionResult


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """A place for a fact.

    Attributes:
        owner: Whose fact it is: the subject's or a row's.
        path: Its field; a table stands for the question whether it has further rows.
        within: Field that such a row would have to state, '' for any other fact; not part of the question.
    """

    owner: str
    path: str
    within: str = ""

    @property
    def place(self) -> Slot:
        """The place without what a further row would state there."""
        return replace(self, within="")


@dataclass(frozen=True, slots=True)
class Weighed:
    """A condition of an alternative, or its amount: what is unstated, and which way it can still turn.

    Attributes:
        decision: The decision that it belongs to.
        condition: The condition, None for the amount.
        slots: Unstated facts that can turn it.
        needed: Whether it does not hold without them.
        can_hold: Whether it holds, or can be made to.
        can_fail: Whether it can be made to fail.
        failed: Whether it fails now.
    """

    decision: DecisionResult
    condition: ConditionResult | None
    slots: frozenset[Slot] = frozenset()
    needed: bool = False
    can_hold: bool = True
    can_fail: bool = False
    failed: bool = False


Way: TypeAlias = "tuple[Weighed, ...]"


def sought(ways: Sequence[Way]) -> tuple[list[Way], Callable[[Slot], float]]:
    """Return the conditions whose facts decide an answer, way by way, and which share of the open ways reads a fact."""
    alive = [way for way in ways if all(c.can_hold or not c.failed for c in way)]

    def share(slot: Slot) -> float:
        return sum(any(slot == s.place for c in way for s in c.slots) for way in alive) / len(alive)

    if any(all(c.can_hold and not c.slots for c in way) for way in alive):
        return [], share  # it holds whatever is stated further
    reachable = [way for way in alive if all(c.can_hold for c in way)]
    if reachable:
        sure = [way for way in reachable if not any(c.needed for c in way)]
        # What holds while nothing is stated against it is asked last: it is only this that can turn it.
        return (sure or _fewest([tuple(c for c in way if c.needed) for way in reachable])), share
    open_ = [way for way in alive if not any(c.failed for c in way)]
    if open_:
        failing = [tuple(c for c in way if c.can_fail) for way in open_]
        return (_fewest(failing) if all(failing) else []), share
    return _fewest([tuple(c for c in way if c.failed) for way in alive]), share


def lacking(way: Way) -> int:
    """Return how many facts a way lacks."""
    return len({slot for c in way for slot in c.slots})


def _fewest(ways: Sequence[Way]) -> list[Way]:
    """Return the ways that lack the fewest facts."""
    least = min(map(lacking, ways), default=0)
    return [way for way in ways if lacking(way) == least]


def by_place(ways: Iterable[Way]) -> Iterator[tuple[Slot, DecisionResult, tuple[ConditionResult, ...]]]:
    """Yield each place of an unstated fact with the first decision that it can change and the conditions that read it there."""
    decisions: dict[Slot, DecisionResult] = {}
    conditions: dict[Slot, dict[str, ConditionResult]] = defaultdict(dict)
    for weighed in (c for way in ways for c in way):
        for place in sorted({slot.place for slot in weighed.slots}):
            if decisions.setdefault(place, weighed.decision) is weighed.decision and weighed.condition is not None:
                conditions[place][weighed.condition.node.iri] = weighed.condition
    yield from ((place, decision, tuple(conditions[place].values())) for place, decision in decisions.items())
