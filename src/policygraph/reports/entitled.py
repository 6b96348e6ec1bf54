"""The report on all benefits of one subject as RDF: one decision a submission, grouped by benefit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policygraph.model.terms import Iri, Literal
from policygraph.reports.rdf import cited, decision_triples, worded
from policygraph.vocab import BASE, PG, RDF, RDFS, XSD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policygraph.model.entitled import Entitlement, EntitlementReport
    from policygraph.model.terms import Triple

_SUBJECT = BASE + "submission#record-1"


def report_triples(report: EntitlementReport) -> tuple[Triple, ...]:
    """Return a report as statements; nodes are named by their places, so that the same input gives the same graph."""
    return tuple(_report(report))


def _report(report: EntitlementReport) -> Iterator[Triple]:
    node = Iri(_SUBJECT)
    yield node, Iri(RDF.type), Iri(report.subject.iri)
    yield node, Iri(PG.asOf), Literal(report.as_of, XSD.date)
    yield node, Iri(PG.policyDigest), Literal(report.digest)
    for text in (report.notice, report.on_facts):
        yield from worded(node, RDFS.comment, text)
    for number, entitlement in enumerate((*report.yes, *report.perhaps, *report.no), 1):
        yield from _entitlement(entitlement, Iri(f"{_SUBJECT}.entitlement-{number}"))
    for support in report.supported:
        yield node, Iri(PG.supportedBy), Iri(support.citation.provision.iri)
        yield from cited(node, (support.citation,))


def _entitlement(entitlement: Entitlement, node: Iri) -> Iterator[Triple]:
    yield Iri(_SUBJECT), Iri(PG.entitlement), node
    yield node, Iri(RDF.type), Iri(PG.Entitlement)
    yield node, Iri(PG.byRule), Iri(entitlement.rule.iri)
    yield node, Iri(PG.outcome), Iri(entitlement.outcome.iri)
    yield from worded(node, RDFS.comment, entitlement.reason)
    for cause in entitlement.causes:
        yield node, Iri(PG.cause), Iri(cause.iri)
    for need in entitlement.needs:
        yield node, Iri(PG.couldUse), Iri(need.field.iri)
    yield from cited(node, entitlement.citations)
    for number, case in enumerate(entitlement.cases, 1):
        own = f"{node.value}.case-{number}"
        yield node, Iri(PG["case"]), Iri(own)
        yield Iri(own), Iri(RDF.type), Iri(entitlement.kind.iri)
        yield from decision_triples(case.decision, f"{own}.decision-1", own)
