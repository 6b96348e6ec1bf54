"""Receipts as RDF: a PROV-O record of one run, with the facts used and what was concluded from them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from policygraph.model.terms import Iri, Literal
from policygraph.reports.rdf import decision_triples
from policygraph.vocab import BASE, PG, PROV, RDF, RDFS, XSD

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from policygraph.model.answers import CheckReport, DecisionResult
    from policygraph.model.terms import Triple

RECEIPT = BASE + "submission#receipt"
_RUN, _ENGINE, _GRAPH = CIRCUMSTANCES = tuple(BASE + f"submission#{name}" for name in ("run", "engine", "graph"))
# What is not covered by a receipt's own digest: the digest and the signature over it.
SEALS = (PG.receiptDigest, PG.signature, PG.publicKey)


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a run rests on, as its receipt names it.

    Attributes:
        version: Version of the engine.
        graph: Digest of the policy's files: ontology, shapes and queries.
        texts: Digest of each policy's text, by the policy's IRI.
        overlays: Digest of each overlay file, by its name.
        made: When the run ended, as xsd:dateTime in UTC.
    """

    version: str
    graph: str
    texts: Mapping[str, str]
    overlays: Mapping[str, str]
    made: str


def receipt_triples(report: CheckReport, facts: Mapping[str, Sequence[Triple]], about: Circumstances) -> tuple[Triple, ...]:
    """Return the receipt of a run, without digest and signature.

    Args:
        report: What was concluded.
        facts: Statements of each record and of its rows, by the record's IRI.
        about: What the run rests on.
    """
    return tuple(dict.fromkeys((*_circumstances(about), *(t for r in report.records for t in record_triples(r.iri, report, facts)))))


def _circumstances(about: Circumstances) -> Iterator[Triple]:
    receipt, run, engine, graph = Iri(RECEIPT), Iri(_RUN), Iri(_ENGINE), Iri(_GRAPH)
    yield receipt, Iri(RDF.type), Iri(PG.Receipt)
    yield receipt, Iri(RDF.type), Iri(PROV.Entity)
    yield receipt, Iri(PROV.wasGeneratedBy), run
    yield run, Iri(RDF.type), Iri(PROV.Activity)
    yield run, Iri(PROV.endedAtTime), Literal(about.made, XSD.dateTime)
    yield run, Iri(PROV.wasAssociatedWith), engine
    yield engine, Iri(RDF.type), Iri(PROV.SoftwareAgent)
    yield engine, Iri(RDFS.label), Literal("policygraph")
    yield engine, Iri(PG.engineVersion), Literal(about.version)
    yield run, Iri(PROV.used), graph
    yield graph, Iri(RDF.type), Iri(PROV.Entity)
    yield graph, Iri(PG.policyDigest), Literal(about.graph)
    for index, (policy, sha256) in enumerate(sorted(about.texts.items()), 1):
        text = Iri(f"{BASE}submission#text-{index}")
        yield run, Iri(PROV.used), text
        yield text, Iri(RDF.type), Iri(PG.SourceText)
        yield text, Iri(PG.sha256), Literal(sha256)
        yield text, Iri(PROV.specializationOf), Iri(policy)
    for index, (name, sha256) in enumerate(sorted(about.overlays.items()), 1):
        overlay = Iri(f"{BASE}submission#overlay-{index}")
        yield run, Iri(PROV.used), overlay
        yield overlay, Iri(RDF.type), Iri(PG.Overlay)
        yield overlay, Iri(RDFS.label), Literal(name)
        yield overlay, Iri(PG.sha256), Literal(sha256)


def record_triples(iri: str, report: CheckReport, facts: Mapping[str, Sequence[Triple]]) -> Iterator[Triple]:
    """Yield what a receipt says of one record: its facts, its verdict and its decisions."""
    record = next(r for r in report.records if r.iri == iri)
    yield Iri(_RUN), Iri(PROV.used), Iri(iri)
    yield Iri(iri), Iri(PG.sourcePosition), Literal(str(record.position), XSD.integer)
    yield Iri(iri), Iri(PG.asOf), Literal(record.as_of, XSD.date)
    yield Iri(iri), Iri(PG.verdict), Iri(record.verdict.iri)
    yield from facts[iri]
    yield from numbered(iri, record.decisions)
    for index, parameter in enumerate({p.node.iri: p for d in record.decisions for p in d.parameters}.values(), 1):
        used = Iri(f"{iri}.number-{index}")
        yield Iri(_RUN), Iri(PROV.used), used
        yield used, Iri(PROV.specializationOf), Iri(parameter.node.iri)
        yield used, Iri(PG["value"]), parameter.value


def numbered(record: str, decisions: Iterable[DecisionResult]) -> Iterator[Triple]:
    """Yield the statements of a record's decisions, named by their place."""
    for index, decision in enumerate(decisions, 1):
        yield from decision_triples(decision, f"{record}.decision-{index}", record)
