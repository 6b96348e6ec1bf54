"""Reports as RDF: a SHACL validation report with the policy's sentences, and the decisions beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

from policygraph.graph.canonical import canonical
from policygraph.graph.turtle import TurtleWriter
from policygraph.model.terms import Iri, Literal
from policygraph.reports.rdf_changes import grounds, remedies
from policygraph.vocab import BASE, OA, PG, PREFIXES, PROV, RDF, SH, XSD

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from policygraph.errors import Text
    from policygraph.model.adoption import AdoptedReading
    from policygraph.model.answers import CheckReport, Citation, DecisionResult, Finding, RecordReport
    from policygraph.model.places import Place
    from policygraph.model.terms import Triple

_REPORT = BASE + "submission#report"
_SEVERITY = {
    "invalid": SH.Violation,
    "violation": SH.Violation,
    "undetermined": SH.Warning,
    "warning": SH.Warning,
    "note": SH.Info,
}


def report_triples(report: CheckReport) -> tuple[Triple, ...]:
    """Return a report as statements; nodes are named by source position, so the same input gives the same graph."""
    return (*_report(report), *(t for record in report.records for t in _record(record)))


def write_turtle(report: CheckReport, out: BinaryIO) -> None:
    """Write the same statements in Turtle, record by record: what many records share is written once, after them."""
    writer = TurtleWriter(PREFIXES)
    header = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in sorted(PREFIXES.items()))
    shared: set[Triple] = set()

    def block(triples: Iterable[Triple]) -> None:
        out.write(f"\n{writer.block(canonical(triples))}".encode())

    out.write(header.encode())
    block(_report(report))
    for record in report.records:
        own: list[Triple] = []
        for triple in _record(record):
            subject = triple[0].value
            if subject == _REPORT or subject == record.iri or subject.startswith((f"{record.iri}.", f"{record.iri}-")):
                own.append(triple)
            else:
                shared.add(triple)
        block(own)
    if shared:
        block(shared)


def _report(report: CheckReport) -> Iterator[Triple]:
    node = Iri(_REPORT)
    yield node, Iri(RDF.type), Iri(SH.ValidationReport)
    # True only as SHACL means it: no result at all. Verdicts are taken from pg:verdict, never from here.
    found = bool(report.file_findings) or any(record.findings for record in report.records)
    yield node, Iri(SH.conforms), Literal("false" if found else "true", XSD.boolean)
    yield node, Iri(PG.verdict), Iri(report.verdict.iri)
    yield node, Iri(PG.policyDigest), Literal(report.digest)
    for text in (report.notice, report.on_facts):
        yield from worded(node, "http://www.w3.org/2000/01/rdf-schema#comment", text)
    for run in report.checks:
        yield Iri(run.shape.iri), Iri(PG.lookedAt), Literal(str(run.looked_at), XSD.integer)
    for index, finding in enumerate(report.file_findings, 1):
        yield from _finding(finding, f"{BASE}submission#finding-{index}", node.value, finding.place)


def _record(record: RecordReport) -> Iterator[Triple]:
    node = Iri(record.iri)
    yield node, Iri(RDF.type), Iri(record.kind.iri)
    yield node, Iri(PG.verdict), Iri(record.verdict.iri)
    yield node, Iri(PG.asOf), Literal(record.as_of, XSD.date)
    yield node, Iri(PG.sourcePosition), Literal(str(record.position), XSD.integer)
    yield from _placed(node, record.place)
    for index, finding in enumerate(record.findings, 1):
        yield from _finding(finding, f"{record.iri}.finding-{index}", record.iri, finding.place or record.place)
    for index, decision in enumerate(record.decisions, 1):
        yield from decision_triples(decision, f"{record.iri}.decision-{index}", record.iri)


def _finding(finding: Finding, iri: str, focus: str, place: Place | None) -> Iterator[Triple]:
    node = Iri(iri)
    yield Iri(_REPORT), Iri(SH.result), node
    yield node, Iri(RDF.type), Iri(SH.ValidationResult)
    yield node, Iri(SH.focusNode), Iri(focus)
    yield node, Iri(SH.resultSeverity), Iri(_SEVERITY[finding.verdict])
    yield node, Iri(SH.sourceShape), Iri(finding.shape.iri)
    yield from worded(node, SH.resultMessage, finding.message)
    yield from worded(node, PG.mending, finding.mending)
    yield node, Iri(SH.sourceConstraintComponent), Iri(_component(finding))
    yield from _placed(node, place)
    if finding.path:
        yield node, Iri(SH.resultPath), Iri(finding.path.iri)
    if finding.value.zh:
        yield node, Iri(SH.value), Literal(finding.value.zh)
    for cause in finding.causes:
        yield node, Iri(PG.cause), Iri(cause.iri)
    for parameter in finding.parameters:
        yield node, Iri(PG.usedParameter), Iri(parameter.node.iri)
    yield from cited(node, finding.citations)
    yield from settled(node, finding.adopted)


def _component(finding: Finding) -> str:
    """Return the component of a finding; SHACL wants one also for what no engine found."""
    if finding.component:
        return finding.component
    if finding.shape.iri == PG.uniqueKey:
        return PG.UniqueKeyConstraintComponent
    # A value that its field cannot take, or a statement that the kind does not have.
    return SH.ClosedConstraintComponent if finding.shape.iri == PG.FormatShape else SH.DatatypeConstraintComponent


def _placed(node: Iri, place: Place | None) -> Iterator[Triple]:
    if place is None:
        return
    own = Iri(f"{node.value}.place")
    yield node, Iri(PG.place), own
    yield own, Iri(RDF.type), Iri(PG.Place)
    words = {
        PG.placeFile: place.file,
        PG.placeSheet: place.sheet,
        PG.placeColumn: place.column,
        PG.placeHeader: place.header,
        PG.placePath: place.path,
    }
    yield from ((own, Iri(predicate), Literal(word)) for predicate, word in words.items() if word)
    for predicate, number in ((PG.placeRow, place.row), (PG.placeLine, place.line)):
        if number:
            yield own, Iri(predicate), Literal(str(number), XSD.integer)


def decision_triples(decision: DecisionResult, iri: str, record: str) -> Iterator[Triple]:
    """Yield a decision on a record, with what it rests on and what would change it."""
    node = Iri(iri)
    yield Iri(record), Iri(PG.decision), node
    yield node, Iri(RDF.type), Iri(PG.Decision)
    yield node, Iri(PG.byRule), Iri(decision.rule.iri)
    yield node, Iri(PG.outcome), Iri(decision.outcome.iri)
    yield node, Iri(PG.asOf), Literal(decision.as_of, XSD.date)
    amounts = {
        PG.low: decision.low,
        PG.high: decision.high,
        PG.totalLow: decision.total_low,
        PG.totalHigh: decision.total_high,
        PG.payableLow: decision.payable.low if decision.payable else "",
        PG.payableHigh: decision.payable.high if decision.payable else "",
    }
    for predicate, amount in amounts.items():
        if amount:
            yield node, Iri(predicate), Literal(amount, XSD.decimal)
    if decision.unstated:
        yield node, Iri(PG.unstated), Literal("true", XSD.boolean)
    for cause in decision.causes:
        yield node, Iri(PG.cause), Iri(cause.iri)
    for limit in decision.payable.limited_by if decision.payable else ():
        yield node, Iri(PG.limitedBy), Iri(limit.iri)
    for parameter in decision.parameters:
        yield node, Iri(PG.usedParameter), Iri(parameter.node.iri)
    yield from cited(node, decision.citations)
    yield from settled(node, decision.adopted)
    yield from grounds(node, record, decision)
    yield from remedies(node, decision.remedies)
    for index, alternative in enumerate(decision.alternatives, 1):
        attempt = Iri(f"{iri}.attempt-{index}")
        yield node, Iri(PG.attempt), attempt
        yield attempt, Iri(PG.alternative), Iri(alternative.node.iri)
        for status in alternative.statuses:
            yield attempt, Iri(PG.status), Iri(status.iri)
        for number, condition in enumerate(alternative.conditions, 1):
            evaluation = Iri(f"{attempt.value}.evaluation-{number}")
            yield attempt, Iri(PG.evaluation), evaluation
            yield evaluation, Iri(PG.onCondition), Iri(condition.node.iri)
            yield evaluation, Iri(PG.status), Iri(condition.status.iri)


def cited(node: Iri, citations: tuple[Citation, ...]) -> Iterator[Triple]:
    """Yield the sentences behind a node: words, place, and the text that the place counts in, named by its digest."""
    for citation in citations:
        provision = Iri(citation.provision.iri)
        yield node, Iri(PROV.wasDerivedFrom), provision
        yield provision, Iri(PG.quote), _zh(citation.quote)
        yield provision, Iri(PG.modality), Iri(citation.strength.iri)
        for hedge in citation.hedges:
            yield provision, Iri(PG.hedge), _zh(hedge)
        if citation.start >= 0:
            yield provision, Iri(OA.start), Literal(str(citation.start), XSD.integer)
            yield provision, Iri(OA.end), Literal(str(citation.end), XSD.integer)
        if citation.sha256:
            text = Iri(f"{BASE}submission#text-{citation.sha256[:12]}")
            yield node, Iri(PROV.used), text
            yield text, Iri(RDF.type), Iri(PG.SourceText)
            yield text, Iri(PG.sha256), Literal(citation.sha256)


def settled(node: Iri, adopted: tuple[AdoptedReading, ...]) -> Iterator[Triple]:
    """Yield the readings behind a node that overlays settled, and the options that they adopt."""
    for each in adopted:
        yield node, Iri(PG.hasReading), Iri(each.reading.iri)
        yield Iri(each.reading.iri), Iri(PG.adopts), Iri(each.option.iri)


def worded(node: Iri, predicate: str, text: Text) -> Iterator[Triple]:
    """Yield a text in both languages."""
    for language, words in (("zh", text.zh), ("en", text.en)):
        if words:
            yield node, Iri(predicate), Literal(words, RDF.langString, language)


def _zh(words: str) -> Literal:
    return Literal(words, RDF.langString, "zh")
