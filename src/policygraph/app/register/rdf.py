"""A register as RDF: entries as PROV-O entities with the activities that made them, named by their number, and the records they hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from policygraph.app.register.entries import CORRECT, DETERMINE, ERASE
from policygraph.app.register.knowing import ENTRY
from policygraph.app.register.statements import FIRST, read, term
from policygraph.model.terms import Iri, Literal
from policygraph.vocab import BASE, DCTERMS, PG, PROV, RDF, RDFS, VERDICT, XSD

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from policygraph.app.register.entries import Entry
    from policygraph.app.register.store import Register
    from policygraph.model.terms import Term, Triple

_RECORD, _ACTIVITY, _AGENT = (f"{BASE}register#{name}-" for name in ("record", "activity", "agent"))


def register_triples(register: Register, without: Collection[str] | None = None) -> Iterator[Triple]:
    """Yield a register as statements, without receipts.

    Args:
        register: The register.
        without: IRIs of fields to leave out, with all else that names anybody; None to leave out nothing.
    """
    standing = register.standing()
    agents: dict[str, int] = {}
    for entry in register.entries():
        agents.setdefault(entry.who, len(agents) + 1)
        yield from _entry(entry, entry.number in standing, f"{_AGENT}{agents[entry.who]}", named=without is None)
    if without is None:
        for who, number in agents.items():
            yield Iri(f"{_AGENT}{number}"), Iri(RDFS.label), Literal(who)
    for entry, document in register.documents():
        if entry.action == DETERMINE:
            yield from _determination(entry, document, without)
        else:
            yield Iri(f"{ENTRY}{entry.number}"), Iri(PG.registers), Iri(f"{_RECORD}{entry.number}")
            yield from _record(entry, document, without or ())


def _entry(entry: Entry, stands: bool, agent: str, *, named: bool) -> Iterator[Triple]:
    node, activity = Iri(f"{ENTRY}{entry.number}"), Iri(f"{_ACTIVITY}{entry.number}")
    sort = PG.Determination if entry.action == DETERMINE else PG.RegisterEntry
    yield node, Iri(RDF.type), Iri(sort)
    yield node, Iri(RDF.type), Iri(PROV.Entity)
    yield node, Iri(DCTERMS.identifier), Literal(str(entry.number))
    yield node, Iri(PG.forKind), Iri(entry.kind)
    yield node, Iri(PG.chainValue), Literal(entry.head)
    yield node, Iri(PROV.wasGeneratedBy), activity
    yield activity, Iri(RDF.type), Iri(PROV.Activity)
    yield activity, Iri(PROV.endedAtTime), Literal(entry.time, XSD.dateTime)
    yield activity, Iri(PROV.wasAssociatedWith), Iri(agent)
    yield Iri(agent), Iri(RDF.type), Iri(PROV.Agent)
    if entry.records:
        yield node, Iri(PG.standing), Literal(str(stands).lower(), XSD.boolean)
    for path, value in ((PG.payloadDigest, entry.digest), (PG.policyDigest, entry.policy)):
        if value:
            yield node, Iri(path), Literal(value)
    if entry.verdict:
        yield node, Iri(PG.verdict), Iri(VERDICT[entry.verdict])
        yield node, Iri(PG.asOf), Literal(entry.as_of, XSD.date)
    target = Iri(f"{ENTRY}{entry.refers_to}")
    if entry.action == CORRECT:
        yield node, Iri(PROV.wasRevisionOf), target
    elif entry.action == DETERMINE:
        yield node, Iri(PROV.wasDerivedFrom), target
    elif entry.action == ERASE:
        yield target, Iri(PROV.wasInvalidatedBy), activity
        if named:
            yield activity, Iri(RDFS.comment), Literal(entry.reason)


def _record(entry: Entry, document: dict[str, Any], without: Collection[str]) -> Iterator[Triple]:
    own = f"{_RECORD}{entry.number}"

    def named(value: Term) -> Term:
        return Iri(own + value.value.removeprefix(FIRST)) if isinstance(value, Iri) and value.value.startswith(FIRST) else value

    for subject, predicate, value in read(str(document["facts"])):
        if predicate.value not in without:
            yield named(subject), predicate, named(value)


def _determination(entry: Entry, document: dict[str, Any], without: Collection[str] | None) -> Iterator[Triple]:
    node = Iri(f"{ENTRY}{entry.number}")
    yield node, Iri(PG.determinedField), Iri(str(document["field"]))
    if without is None or document["field"] not in without:
        yield node, Iri(PG.determinedValue), term(str(document["value"]))
    yield node, Iri(DCTERMS.date), Literal(str(document["date"]), XSD.date)
    yield node, Iri(DCTERMS.publisher), Literal(str(document["authority"]))
    if without is None:
        yield node, Iri(DCTERMS.source), Literal(str(document["document"]))
        yield node, Iri(DCTERMS.contributor), Literal(str(document["by"]))
