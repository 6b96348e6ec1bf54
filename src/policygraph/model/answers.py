"""Answers as plain values: citations, decisions, findings and reports, ready to be rendered in any form."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from policygraph.errors import Text
from policygraph.model.grounds import Citation, Evidence, Fact, Lacking, Named, ParameterUse, Point, Responsible
from policygraph.vocab import UNIT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from policygraph.model.adoption import AdoptedReading, AppliedOverlay, Brought
    from policygraph.model.changes import Remedies
    from policygraph.model.payable import Payable
    from policygraph.model.places import Place
    from policygraph.model.submitted import FileRead, Stated

__all__ = ["Citation", "Evidence", "Fact", "Lacking", "Named", "ParameterUse", "Point", "Responsible"]

NOTICE = Text("依文本判读，非行政决定。", "Read from the text; not an administrative decision.")
ON_FACTS = Text("以所述事实为准。", "On the facts as stated.")
# Units of factors, never of an amount: a share of a sum of money is money.
PURE = frozenset({UNIT.FRACTION, UNIT.PERCENT, UNIT.NUM})


@dataclass(frozen=True, slots=True)
class ConditionResult:
    """A condition, its status on a record and the facts found.

    Attributes:
        node: The condition.
        status: Satisfied, failed, missing, discretion or silent.
        found: Facts that it read.
        parameters: Numbers that it compared them with.
        provisions: IRIs of the clauses behind it.
        missing: Fields that it reads and that state nothing, or only that it is not known.
        questions: Questions that the text leaves open here.
    """

    node: Named
    status: Named
    found: tuple[Fact, ...]
    parameters: tuple[ParameterUse, ...]
    provisions: tuple[str, ...]
    missing: tuple[Lacking, ...] = ()
    questions: tuple[Point, ...] = ()


@dataclass(frozen=True, slots=True)
class AlternativeResult:
    """One way for a rule to hold, and how it stands.

    Attributes:
        node: The alternative.
        statuses: One status, or every cause why it is open.
        conditions: Its conditions: what speaks against it, then what is open, then what holds.
        missing: Fields that its amount reads and that state nothing, or only that it is not known.
    """

    node: Named
    statuses: tuple[Named, ...]
    conditions: tuple[ConditionResult, ...]
    missing: tuple[Lacking, ...] = ()


@dataclass(frozen=True, slots=True)
class DecisionResult:
    """What a rule says of a record.

    Attributes:
        rule: The rule.
        benefit: What the text grants or permits when it holds.
        outcome: Eligible, not eligible, undetermined or not in force.
        causes: Every cause of an undetermined outcome.
        as_of: Day as of which it was decided.
        low: Lower bound of what is due, '' if unknown.
        high: Upper bound, '' if unknown; equal to `low` when the amount is determined.
        total_low: Bounds of the total together with other results.
        total_high: Upper bound of that total.
        unstated: Whether the text grants it without stating an amount.
        parameters: Numbers behind the amount.
        alternatives: How each alternative stands.
        citations: The sentences behind the rule.
        readings: Readings it leans on.
        open_points: Open questions that are shown beside it.
        responsible: Whom the text names as responsible for the clauses behind it: where to ask.
        proofs: Facts that it used and that are only stated: proofs still to be shown.
        remedies: What would settle or change it, None when that was not looked for.
        adopted: Readings it leans on that an overlay settled, and what it would be under their other options.
        payable: What is payable beside other rules on the record, None where the policy relates it to none.
        brought: What it rests on that an overlay added.
        amount_name: What the amount is called, None for an amount that is due.
        amount_unit: Its unit where the benefit states one.
    """

    rule: Named
    benefit: Text
    outcome: Named
    causes: tuple[Named, ...]
    as_of: str
    low: str
    high: str
    total_low: str
    total_high: str
    unstated: bool
    parameters: tuple[ParameterUse, ...]
    alternatives: tuple[AlternativeResult, ...]
    citations: tuple[Citation, ...]
    readings: tuple[Point, ...]
    open_points: tuple[Point, ...]
    responsible: tuple[Responsible, ...] = ()
    proofs: tuple[Fact, ...] = ()
    remedies: Remedies | None = None
    adopted: tuple[AdoptedReading, ...] = ()
    payable: Payable | None = None
    brought: tuple[Brought, ...] = ()
    amount_name: Text | None = None
    amount_unit: Named | None = None

    @property
    def unit(self) -> Named | None:
        """Unit of what is due: the one on which the numbers behind it agree, shares and counts left aside; None when they differ."""
        if self.amount_unit:
            return self.amount_unit
        units = {p.unit.iri: p.unit for p in self.parameters if p.unit and p.unit.iri not in PURE}
        return next(iter(units.values())) if len(units) == 1 else None


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding of a check.

    Attributes:
        verdict: What it makes of the record: invalid, violation, undetermined, warning; or note.
        shape: The check.
        part: Report part or kind that the check looked at.
        path: Field concerned, if one.
        value: Value at fault, '' if none.
        component: IRI of the constraint component.
        message: What is wrong.
        mending: How to mend it.
        causes: Why it is undetermined.
        found: Facts that the check compared.
        parameters: Numbers it compared them with.
        citations: What the policy says.
        readings: Readings it leans on.
        open_points: Open questions shown beside it.
        blocks: The check that could not be decided.
        row: Row of a child table in which it stands, '' for the record itself.
        adopted: Readings it leans on that an overlay settled, and what the verdict would be under their other options.
        brought: What it rests on that an overlay added.
        place: Where it stands in what was submitted, None if it stands nowhere.
    """

    verdict: str
    shape: Named
    message: Text
    mending: Text
    part: Named | None = None
    path: Named | None = None
    value: Text = field(default=Text("", ""))
    component: str = ""
    causes: tuple[Named, ...] = ()
    found: tuple[Fact, ...] = ()
    parameters: tuple[ParameterUse, ...] = ()
    citations: tuple[Citation, ...] = ()
    readings: tuple[Point, ...] = ()
    open_points: tuple[Point, ...] = ()
    blocks: str = ""
    row: str = ""
    adopted: tuple[AdoptedReading, ...] = ()
    brought: tuple[Brought, ...] = ()
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class PartVerdict:
    """Verdict of one part of a record; `reported` is false when the part was left wholly empty."""

    part: Named
    reported: bool
    verdict: Named | None


@dataclass(frozen=True, slots=True)
class RecordReport:
    """Everything about one record.

    Attributes:
        iri: Named by its place: …#record-1.
        position: Place in the file, from 1.
        source: What the file called it.
        kind: Kind of submission.
        name: Name of the person or unit, '' if not stated.
        as_of: Day as of which it was judged.
        verdict: Worst of its parts.
        parts: Verdict of each part.
        findings: Findings, worst first.
        passes: What the checks compared that found nothing amiss.
        decisions: What the rules say.
        checks: Checks that looked at it.
        place: Where it begins in what was submitted, None if unknown.
        stated: The facts as submitted, in the order of the kind's fields.
    """

    iri: str
    position: int
    source: str
    kind: Named
    name: str
    as_of: str
    verdict: Named
    parts: tuple[PartVerdict, ...]
    findings: tuple[Finding, ...]
    passes: tuple[Finding, ...]
    decisions: tuple[DecisionResult, ...]
    checks: tuple[str, ...]
    place: Place | None = None
    stated: tuple[Stated, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckRun:
    """A check and how many records it looked at; nought is said, never hidden."""

    shape: Named
    looked_at: int


@dataclass(frozen=True, slots=True)
class CheckReport:
    """Report on a submission.

    Attributes:
        source: The file, or the files, as they were given.
        digest: Digest of the policy's files.
        records: The records in their order; may be read any number of times, and lies on disk when there are many.
        file_findings: Findings that belong to no record.
        checks: Every check of the kinds submitted, and how many records it looked at.
        verdict: Worst of all.
        notice: What the report is not.
        on_facts: What it rests on.
        overlays: What was laid over the policy.
        files: The files that were read, and what in them was not.
    """

    source: str
    digest: str
    records: Sequence[RecordReport]
    file_findings: tuple[Finding, ...]
    checks: tuple[CheckRun, ...]
    verdict: Named

    notice: Text = NOTICE
    on_facts: Text = ON_FACTS
    overlays: tuple[AppliedOverlay, ...] = ()
    files: tuple[FileRead, ...] = ()
