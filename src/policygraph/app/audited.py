"""The audit as data, and how its shares are said."""

from __future__ import annotations

from decimal import ROUND_DOWN, Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fractions import Fraction

    from policygraph.app.audit import Audit
    from policygraph.model.numerals import Number


def document(audits: tuple[Audit, ...]) -> dict[str, object]:
    """Return the audits as data; `coverage` is a fraction of 1, over all policies and for each."""
    body = sum(audit.coverage.body for audit in audits)
    covered = sum(audit.coverage.covered for audit in audits)
    return {
        "passed": all(audit.passed for audit in audits),
        "coverage": float(_floor(covered, body)),
        "policies": [_policy(audit) for audit in audits],
    }


def _policy(audit: Audit) -> dict[str, object]:
    found = audit.coverage
    return {
        "policy": audit.policy,
        "label": {"zh": audit.label.zh, "en": audit.label.en},
        "passed": audit.passed,
        "coverage": float(_floor(found.covered, found.body)),
        "characters": found.characters,
        "separators": found.separators,
        "body": found.body,
        "covered": found.covered,
        "covered_by": dict(found.by_kind),
        "uncovered": [
            {
                "start": gap.span.start,
                "end": gap.span.end,
                "words": gap.words,
                "sentence": gap.sentence,
                "section": audit.text.sentences[gap.sentence - 1].section,
                "sentence_text": audit.text.quote(audit.text.sentences[gap.sentence - 1].span),
            }
            for gap in found.gaps
        ],
        "overlaps": [{"first": o.first, "second": o.second, "words": o.words, "duplicate": o.same} for o in found.overlaps],
        "false_nesting": [{"outer": outer, "inner": inner} for outer, inner in found.misnested],
        "not_placed": [
            {"node": p.node, "what": {"zh": p.what.zh, "en": p.what.en}, "fix": {"zh": p.fix.zh, "en": p.fix.en}}
            for p in audit.text.problems
        ],
        "numbers": len(found.numbers),
        "numbers_without_data": [
            {"words": n.words, "start": n.start, "end": n.end, "sentence": sentence_of(audit, n)} for n in found.unaccounted
        ],
        "idle_exemptions": list(found.idle_exemptions),
        "unused_provisions": list(audit.unused),
    }


def percent(fraction: Fraction) -> str:
    """Return a share as a percentage, rounded down: 100% is said only of everything."""
    shown = _floor(fraction.numerator * 100, fraction.denominator, "0.01")
    return f"{shown.normalize():f}%"


def short(iri: str) -> str:
    """Return the last part of an IRI, by which commands know a node."""
    return iri.rpartition("/")[2]


def _floor(part: int, whole: int, places: str = "0.000001") -> Decimal:
    return (Decimal(part) / Decimal(whole)).quantize(Decimal(places), ROUND_DOWN) if whole else Decimal(1)


def sentence_of(audit: Audit, number: Number) -> int:
    """Return the number of the sentence in which a number stands."""
    return next(i for i, sentence in enumerate(audit.text.sentences, 1) if number.start in sentence.span)
