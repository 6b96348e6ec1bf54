"""The SPARQL 1.1 Service Description: what the endpoint understands, and of which graphs it can be asked."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import anyio.to_thread

from policygraph.graph.results import read_table
from policygraph.graph.serialising import serialise
from policygraph.model.terms import Iri, Literal
from policygraph.vocab import BASE, DCTERMS, PREFIXES, RDF, VOID, XSD, Namespace
from policygraph.web import negotiation
from policygraph.web.answers import Answer, respond
from policygraph.web.negotiation import accepted
from policygraph.web.service import service
from policygraph.web.sparql import asked, forms

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.requests import Request
    from starlette.responses import Response

    from policygraph.model.terms import Term, Triple
    from policygraph.web.service import Service

SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
FORMATS = Namespace("http://www.w3.org/ns/formats/")
# Names that the W3C gave to file formats (https://www.w3.org/ns/formats/), by media type.
_FORMAT_NAMES = {
    "application/sparql-results+json": "SPARQL_Results_JSON",
    "application/sparql-results+xml": "SPARQL_Results_XML",
    "text/csv": "SPARQL_Results_CSV",
    "text/tab-separated-values": "SPARQL_Results_TSV",
    "text/turtle": "Turtle",
    "application/trig": "TriG",
    "application/n-triples": "N-Triples",
    "application/ld+json": "JSON-LD",
    "application/rdf+xml": "RDF_XML",
}
_TITLES = (Literal("政策图谱 SPARQL 查询服务", RDF.langString, "zh"), Literal("SPARQL endpoint of the policy graph", RDF.langString, "en"))
_COUNTS = "SELECT ?g (COUNT(*) AS ?n) { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } } GROUP BY ?g ORDER BY ?g"


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many statements there are.

    Attributes:
        default: In the default graph.
        named: In each named graph, by its IRI.
    """

    default: int
    named: dict[str, int]


async def sizes(owner: Service) -> Sizes:
    """Return how many statements each graph has, asked once of the graph as queries see it."""
    key = ("sparql", "sizes")
    kept = owner.cache.get(key)
    if kept is None:
        _, body = await owner.queries.run({"query": _COUNTS, "form": forms.JSON.type})
        kept = owner.cache.keep(key, Answer(body, forms.JSON.type))
    counted = {row.get("g"): int(row["n"].value) for row in read_table(json.loads(kept.body)).dicts()}
    return Sizes(counted.get(None, 0), {iri.value: count for iri, count in counted.items() if isinstance(iri, Iri)})


async def describe(request: Request) -> Response:
    """Answer with the service description."""
    owner = service(request)
    formats = [value for name, value in asked.decoded(request.scope["query_string"]) if name in {"format", "output"}]
    media = forms.chosen(negotiation.RDF, formats[0] if formats else "", accepted(request))
    address = owner.root(request) + "sparql"
    key = ("sparql", "description", address, media.form)
    kept = owner.cache.get(key)
    if kept is None:
        triples = tuple(description(address, await sizes(owner)))
        prefixes = PREFIXES | {"sd": str(SD), "void": str(VOID), "formats": str(FORMATS)}
        text = await anyio.to_thread.run_sync(serialise, triples, media.form, prefixes)
        kept = owner.cache.keep(key, Answer(text.encode(), media.sent, (("Vary", "Accept"),)))
    return respond(request, kept, owner.modified)


def description(address: str, found: Sizes) -> Iterator[Triple]:
    """Yield the service description.

    Args:
        address: The endpoint as callers reach it.
        found: The graphs.
    """
    endpoint, dataset, default = Iri(address), Iri(address + "#dataset"), Iri(address + "#default-graph")
    a = Iri(RDF.type)

    def number(count: int) -> Literal:
        return Literal(str(count), XSD.integer)

    told: list[tuple[str, Term]] = [
        (RDF.type, Iri(SD.Service)),
        (SD.endpoint, endpoint),
        (SD.supportedLanguage, Iri(SD.SPARQL11Query)),
        (SD.feature, Iri(SD.UnionDefaultGraph)),
        (SD.defaultDataset, dataset),
        *((SD.resultFormat, Iri(FORMATS[_FORMAT_NAMES[media.type]])) for media in (*forms.RESULTS, *negotiation.RDF)),
        *((DCTERMS["title"], title) for title in _TITLES),
    ]
    yield from ((endpoint, Iri(predicate), value) for predicate, value in told)
    yield dataset, a, Iri(SD.Dataset)
    yield dataset, Iri(SD.defaultGraph), default
    yield default, a, Iri(SD.Graph)
    yield default, Iri(VOID.triples), number(found.default)
    for iri, count in sorted(found.named.items()):
        entry, graph = Iri(f"{address}#{iri.removeprefix(BASE)}"), Iri(iri)
        yield dataset, Iri(SD.namedGraph), entry
        yield entry, a, Iri(SD.NamedGraph)
        yield entry, Iri(SD.name), graph
        yield entry, Iri(SD.graph), graph
        yield graph, a, Iri(SD.Graph)
        yield graph, Iri(VOID.triples), number(count)
