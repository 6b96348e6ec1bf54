"""What is payable of a benefit once other rules that hold on the same record are taken into account."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from policygraph.model.grounds import Named, ParameterUse


@dataclass(frozen=True, slots=True)
class Together:
    """A sum over several benefits of one record.

    Attributes:
        over: The ceiling that they share, or the rule to whose benefit the others are added.
        rules: The rules whose benefits are summed.
        low: Lower bound, '' if unknown.
        high: Upper bound, '' if unknown.
        parameters: Number of the ceiling.
    """

    over: Named
    rules: tuple[Named, ...]
    low: str
    high: str
    parameters: tuple[ParameterUse, ...]


@dataclass(frozen=True, slots=True)
class Payable:
    """What is payable by one decision beside the others; it never changes the outcome or what is due.

    Attributes:
        low: Lower bound, '' if unknown.
        high: Upper bound, '' if unknown; an undetermined decision says what would be payable if it held.
        limited_by: Rules and ceilings because of which less may be payable than is due.
        together: Sums that it is part of.
        provisions: IRIs of the clauses that relate its rule to the others: those behind both rules, and behind a ceiling.
    """

    low: str
    high: str
    limited_by: tuple[Named, ...]
    together: tuple[Together, ...]
    provisions: tuple[str, ...]
