"""Compares the answers to a submission without and with overlays: which change, by how much, on which sentences."""

from __future__ import annotations

from contextlib import suppress
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from policygraph.app.checking import check_read, read
from policygraph.engine.sources import Sources
from policygraph.model.whatif import AnswerChange, RecordChanges, Side, WhatIf
from policygraph.store.embedded import EmbeddedStore
from policygraph.vocab import VERDICT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from policygraph.app.setting import Setting
    from policygraph.model.answers import CheckReport, DecisionResult, Finding, RecordReport
    from policygraph.model.grounds import Named

_Answers = dict[tuple[bool, str], tuple["Named", Side]]


def what_if(before: Setting, after: Setting, source: str | Sequence[str], form: str | None = None) -> WhatIf:
    """Judge a file under two settings and return what differs.

    Args:
        before: The policy as it stands.
        after: The same, amended by overlays.
        source: A path, `-` for standard input, or several.
        form: Format of the files; by default what their endings say.

    Raises:
        InputError: The file cannot be read, or holds no record of a known kind.
    """
    submission = read(before, source, form)
    return compare_reports(check_read(before, source, submission), check_read(after, source, submission), after)


def compare_reports(old: CheckReport, new: CheckReport, after: Setting) -> WhatIf:
    """Return what differs between two reports on the same records.

    Args:
        old: The report without overlays.
        new: The report with them.
        after: The setting of the second.
    """
    names = Sources(EmbeddedStore(after.graph), after.roots)
    records = tuple(_record(a, b, names) for a, b in zip(old.records, new.records, strict=True))
    changed = sum(not change.basis_only for record in records for change in record.changes)
    return WhatIf(new.source, new.digest, new.overlays, records, changed)


def _record(old: RecordReport, new: RecordReport, names: Sources) -> RecordChanges:
    before, after = _answers(old, names), _answers(new, names)
    changes: list[AnswerChange] = []
    unchanged = 0
    for key in sorted(before.keys() | after.keys()):
        subject = (after.get(key) or before[key])[0]
        one, other = (answers[key][1] if key in answers else None for answers in (before, after))
        if one is None or other is None or _said(one) != _said(other) or one.parameters != other.parameters:
            same = one is not None and other is not None and _said(one) == _said(other)
            changes.append(AnswerChange(subject, key[0], one, other, _difference(one, other), same))
        else:
            unchanged += 1
    changes.sort(key=lambda c: (c.basis_only, c.check, c.subject.iri))
    return RecordChanges(new.iri, new.position, new.kind, new.name, new.as_of, old.verdict, new.verdict, tuple(changes), unchanged)


def _answers(record: RecordReport, names: Sources) -> _Answers:
    found: _Answers = {(False, d.rule.iri): (d.rule, _of_decision(d)) for d in record.decisions}
    passed = names.named(VERDICT["pass"])
    for check in record.checks:
        found[True, check] = names.named(check), Side(passed, ())
    for finding in (*record.passes, *reversed(record.findings)):  # the worst is first, and stands
        check = finding.blocks or finding.shape.iri
        if finding.verdict != "note" and (True, check) in found:
            found[True, check] = names.named(check), _of_finding(finding, names)
    return found


def _of_decision(d: DecisionResult) -> Side:
    return Side(
        d.outcome, d.causes, d.low, d.high, d.total_low, d.total_high, d.unstated, d.unit, d.parameters, d.citations, d.adopted
    )  # fmt: skip


def _of_finding(f: Finding, names: Sources) -> Side:
    return Side(names.named(VERDICT[f.verdict]), f.causes, parameters=f.parameters, citations=f.citations, adopted=f.adopted)


def _said(side: Side) -> tuple[object, ...]:
    return (
        side.result.iri, [c.iri for c in side.causes], *map(_number, (side.low, side.high, side.total_low, side.total_high)), side.unstated
    )  # fmt: skip


def _number(text: str) -> Decimal | str:
    with suppress(InvalidOperation):
        return Decimal(text)
    return text


def _difference(one: Side | None, other: Side | None) -> str:
    """Return by how much a determined amount changes, '' when it is not determined on both sides."""
    if one is None or other is None or not (one.low == one.high and other.low == other.high):
        return ""
    a, b = _number(one.low), _number(other.low)
    if isinstance(a, Decimal) and isinstance(b, Decimal) and a != b:
        return f"{(b - a).normalize():+f}"
    return ""
