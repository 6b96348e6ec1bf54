"""What a decision rests on beside sentences, and what would change it, as RDF."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policygraph.model.terms import Iri, Literal
from policygraph.vocab import PG, RDF, XSD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policygraph.model.answers import DecisionResult
    from policygraph.model.changes import Change, Remedies
    from policygraph.model.grounds import Fact
    from policygraph.model.terms import Triple


def grounds(node: Iri, record: str, decision: DecisionResult) -> Iterator[Triple]:
    """Yield readings, open points, whom to ask, the facts found with their evidence, and the proofs still to be shown."""
    for reading in decision.readings:
        yield node, Iri(PG.hasReading), Iri(reading.node.iri)
    for point in decision.open_points:
        yield node, Iri(PG.hasOpenQuestion), Iri(point.node.iri)
    for responsible in decision.responsible:
        for unit in responsible.units:
            yield node, Iri(PG.askAt), Iri(unit.iri)
    for proof in decision.proofs:
        yield node, Iri(PG.proofToShow), Iri(proof.field.iri)
    for fact in dict.fromkeys(f for a in decision.alternatives for c in a.conditions for f in c.found):
        yield from _fact(fact, record)


def _fact(fact: Fact, record: str) -> Iterator[Triple]:
    if fact.term is not None:
        yield Iri(fact.row or record), Iri(fact.field.iri), fact.term
    for number, evidence in enumerate(fact.evidence, 1):
        row = Iri(f"{record}.evidence-{fact.field.short}-{number}")
        yield Iri(record), Iri(PG.evidence), row
        yield row, Iri(RDF.type), Iri(PG.Evidence)
        yield row, Iri(PG.aboutField), Literal(fact.field.short)
        for path, words in ((PG.evidenceDocument, evidence.document), (PG.evidenceIssuer, evidence.issuer)):
            if words:
                yield row, Iri(path), Literal(words)
        if evidence.date:
            yield row, Iri(PG.evidenceDate), Literal(evidence.date, XSD.date)
        if evidence.official:
            yield row, Iri(PG.official), Literal("true", XSD.boolean)


def remedies(node: Iri, found: Remedies | None) -> Iterator[Triple]:
    """Yield the proven changes of a decision."""
    if found is None:
        return
    for number, remedy in enumerate((*found.supply, *found.past), 1):
        own = Iri(f"{node.value}.remedy-{number}")
        yield node, Iri(PG.remedy), own
        yield own, Iri(RDF.type), Iri(PG.Remedy)
        yield own, Iri(PG.reaches), Iri(remedy.outcome.iri)
        yield own, Iri(PG.fixed), Literal(str(remedy.fixed).lower(), XSD.boolean)
        for cause in remedy.causes:
            yield own, Iri(PG.cause), Iri(cause.iri)
        for place, change in enumerate(remedy.changes, 1):
            yield from _change(own, Iri(f"{own.value}.change-{place}"), change)


def _change(remedy: Iri, own: Iri, change: Change) -> Iterator[Triple]:
    yield remedy, Iri(PG.change), own
    yield own, Iri(RDF.type), Iri(PG.Change)
    yield own, Iri(PG.ofField), Iri(change.field.iri)
    if change.row:
        yield own, Iri(PG.focus), Iri(change.row)
    if change.value is not None:
        yield own, Iri(PG.newValue), change.value
    if change.from_ is not None:
        yield own, Iri(PG.oldValue), change.from_
