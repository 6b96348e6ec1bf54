"""Answers as plain values: citations, decisions, findings and reports, ready to be rendered in any form."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from policygraph.errors import Text
from policygraph.vocab import UNIT

if TYPE_CHECKING:
    from policygraph.model.terms import Term

NOTICE = Text("依文本判读，非行政决定。", "Read from the text; not an administrative decision.")
ON_FACTS = Text("以所述事实为准。", "On the facts as stated.")
# Units of factors, never of an amount: a share of a sum of money is money.
_PURE = frozenset({UNIT.FRACTION, UNIT.PERCENT, UNIT.NUM})


@dataclass(frozen=True, slots=True)
class Named:
    """A node with its label."""

    iri: str
    label: Text

    @property
    def short(self) -> str:
        """Last segment of the IRI."""
        return self.iri.rstrip("/").rpartition("/")[2].rpartition("#")[2]


@dataclass(frozen=True, slots=True)
class Citation:
    """A provision with its verbatim words and where they stand.

    Attributes:
        provision: The provision.
        quote: Verbatim words.
        translation: Unofficial English, '' if none.
        start: Offset of the first character in the canonical text, -1 if not anchored.
        end: Offset after the last character.
        sentence: The whole sentence in which the quote begins.
        strength: Modality.
        hedges: Words that leave discretion or refer elsewhere.
        document: Number of the document.
        sha256: Digest of the canonical text.
        superseded: Whether its number was closed and a later one was used instead; the words stand, the value does not.
    """

    provision: Named
    quote: str
    translation: str
    start: int
    end: int
    sentence: str
    strength: Named
    hedges: tuple[str, ...]
    document: str
    sha256: str
    superseded: bool = False


@dataclass(frozen=True, slots=True)
class Point:
    """A reading or an open question on which an answer leans."""

    node: Named
    statement: Text


@dataclass(frozen=True, slots=True)
class ParameterUse:
    """A number of the policy that an answer used: value, unit, words, half-open validity, and the IRI of its set."""

    node: Named
    value: Term
    unit: Named | None
    verbatim: str
    valid_from: str
    valid_until: str
    parameter_set: str


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact found in a record: its field and the value as people read it."""

    field: Named
    value: Text


@dataclass(frozen=True, slots=True)
class ConditionResult:
    """A condition, its status on a record and the facts found."""

    node: Named
    status: Named
    found: tuple[Fact, ...]
    parameters: tuple[ParameterUse, ...]
    provisions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AlternativeResult:
    """One way for a rule to hold, and how it stands: one status, or every cause why it is open."""

    node: Named
    statuses: tuple[Named, ...]
    conditions: tuple[ConditionResult, ...]


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

    @property
    def unit(self) -> Named | None:
        """Unit of what is due: the one on which the numbers behind it agree, shares and counts left aside; None when they differ."""
        units = {p.unit.iri: p.unit for p in self.parameters if p.unit and p.unit.iri not in _PURE}
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


@dataclass(frozen=True, slots=True)
class CheckRun:
    """A check and how many records it looked at; nought is said, never hidden."""

    shape: Named
    looked_at: int


@dataclass(frozen=True, slots=True)
class CheckReport:
    """Report on a submission."""

    source: str
    digest: str
    records: tuple[RecordReport, ...]
    file_findings: tuple[Finding, ...]
    checks: tuple[CheckRun, ...]
    verdict: Named

    notice: Text = NOTICE
    on_facts: Text = ON_FACTS
