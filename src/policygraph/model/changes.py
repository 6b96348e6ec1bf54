"""What would settle or change an answer, as plain values: facts to supply, determinations, open questions, and proven changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from policygraph.model.terms import Literal
from policygraph.vocab import XSD

if TYPE_CHECKING:
    from policygraph.errors import Text
    from policygraph.model.grounds import Lacking, Named, Point
    from policygraph.model.terms import Term


@dataclass(frozen=True, slots=True)
class Change:
    """One fact to state, or to state otherwise.

    Attributes:
        field: The field.
        value: Its value after the change, None when the fact is withdrawn.
        from_: Its value before, None when none was stated.
        shown: The new value as people read it.
        shown_from: The old value as people read it, empty when none was stated.
        bound: `<=` or `>=` when the value is the boundary of all that would do, `any` when it is a sample, else ''.
        row: Row of a child table in which the field stands, '' for the record itself.
        table: Child table of that row, if it stands in one.
        adds_row: Whether the change adds a row to the child table that `field` names.
    """

    field: Named
    value: Term | None
    from_: Term | None
    shown: Text
    shown_from: Text
    bound: str = ""
    row: str = ""
    table: Named | None = None
    adds_row: bool = False

    @property
    def dated(self) -> bool:
        """Whether the value is a day."""
        return isinstance(self.value, Literal) and self.value.datatype == XSD.date


@dataclass(frozen=True, slots=True)
class Remedy:
    """A smallest set of changes, proven by deciding the changed record.

    Attributes:
        changes: What to change; nothing less reaches the outcome.
        outcome: What the rule then says.
        causes: Why that is still undetermined, if it is.
        low: Lower bound of what would be due, '' if unknown.
        high: Upper bound, '' if unknown.
        unit: Unit of the bounds, None when it is not known.
        fixed: Whether it touches a stated fact that is past and cannot change.
    """

    changes: tuple[Change, ...]
    outcome: Named
    causes: tuple[Named, ...]
    low: str
    high: str
    unit: Named | None
    fixed: bool


@dataclass(frozen=True, slots=True)
class Ask:
    """Something on which an undetermined answer waits.

    Attributes:
        cause: A fact is missing, it is left to discretion, or the text is silent.
        condition: The condition that waits, or the alternative whose amount does.
        fields: Facts that are missing, or in which the determination is stated.
        questions: Open questions of the text that stand behind it.
    """

    cause: Named
    condition: Named
    fields: tuple[Lacking, ...]
    questions: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Remedies:
    """What would settle an undetermined answer or change a no.

    Attributes:
        asks: On what an undetermined answer waits.
        supply: Changes that can still be made: facts to supply or to obtain.
        past: Changes of facts that are past and fixed; looked for only when asked.
        past_searched: Whether they were looked for.
        more_needed: Whether some way takes more facts than are tried: more that can still be supplied or obtained.
        past_more_needed: Whether some way takes more facts than are tried, past ones among them.
        capped: Whether the search stopped before every way was tried.
    """

    asks: tuple[Ask, ...]
    supply: tuple[Remedy, ...]
    past: tuple[Remedy, ...]
    past_searched: bool
    more_needed: bool
    past_more_needed: bool
    capped: bool
