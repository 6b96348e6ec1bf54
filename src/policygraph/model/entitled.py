"""All benefits of one subject, as plain values in four groups."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from policygraph.model.answers import NOTICE, ON_FACTS

if TYPE_CHECKING:
    from policygraph.errors import Text
    from policygraph.model.adoption import AppliedOverlay
    from policygraph.model.answers import DecisionResult, Finding
    from policygraph.model.grounds import Citation, Fact, Named


@dataclass(frozen=True, slots=True)
class Case:
    """One submission that the subject could make for a benefit, and what the rule says of it.

    Attributes:
        about: What tells it apart from the others: the facts of its row, and what it asks for.
        requested: Fields of those facts that only say what it asks for.
        further: Whether it stands for rows that the profile does not state.
        decision: What the rule says of it.
    """

    about: tuple[Fact, ...]
    requested: tuple[str, ...]
    further: bool
    decision: DecisionResult


@dataclass(frozen=True, slots=True)
class Need:
    """Something that would have to be known, and can still change the answer.

    Attributes:
        field: The fact, or the table to which rows could be added.
        row: Row in which it stands, as people tell it apart; '' for the subject itself.
        sort: `fact`, `determination` (an authority's) or `rows`.
    """

    field: Named
    row: Text
    sort: str


@dataclass(frozen=True, slots=True)
class Entitlement:
    """One benefit, decided over everything that the subject could submit for it.

    Attributes:
        rule: The rule.
        benefit: What the text grants or permits when it holds.
        kind: Kind of submission by which it is claimed.
        outcome: Eligible, not eligible, undetermined or not in force.
        causes: Every cause of an undetermined outcome.
        reason: What no single case says, such as that a list declared complete is empty; '' if nothing.
        cases: The submissions on which it was decided, those that carry the outcome first.
        needs: What could still change the answer, in the order in which an interview asks for it.
        citations: The sentences behind it.
    """

    rule: Named
    benefit: Text
    kind: Named
    outcome: Named
    causes: tuple[Named, ...]
    reason: Text
    cases: tuple[Case, ...]
    needs: tuple[Need, ...]
    citations: tuple[Citation, ...]

    @property
    def carrying(self) -> tuple[Case, ...]:
        """The cases that carry the outcome."""
        return tuple(c for c in self.cases if c.decision.outcome == self.outcome)


@dataclass(frozen=True, slots=True)
class Support:
    """A clause that encourages, permits or explores something for the subject without granting anything.

    Attributes:
        actor: Kind of party that the clause names.
        addressed: Whether the clause is addressed to that party; else it is to benefit from it.
        citation: The clause, with its strength.
    """

    actor: Named
    addressed: bool
    citation: Citation


@dataclass(frozen=True, slots=True)
class EntitlementReport:
    """What one subject is entitled to.

    Attributes:
        source: Where the facts come from.
        digest: Digest of the policy graph.
        subject: Kind of subject.
        name: Name of the subject, '' if not stated.
        as_of: Day as of which it was decided.
        findings: What is wrong with the profile; when there are any, nothing was decided.
        yes: Benefits that are due.
        perhaps: Benefits that are undetermined.
        supported: What is supported or encouraged, and not granted.
        no: Benefits that are not due, or not in force.
        overlays: What was laid over the policy.
    """

    source: str
    digest: str
    subject: Named
    name: str
    as_of: str
    findings: tuple[Finding, ...]
    yes: tuple[Entitlement, ...]
    perhaps: tuple[Entitlement, ...]
    supported: tuple[Support, ...]
    no: tuple[Entitlement, ...]

    overlays: tuple[AppliedOverlay, ...] = ()
    notice: Text = NOTICE
    on_facts: Text = ON_FACTS
