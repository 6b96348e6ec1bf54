"""The words that the editor completes: prefixes, classes and properties of this graph, with their names. Nothing comes from elsewhere."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from anyio import to_thread

from policygraph.errors import Text
from policygraph.model.terms import Iri
from policygraph.vocab import OWL, RDF, RDFS
from policygraph.web.answers import Answer, respond
from policygraph.web.endpoints import Answers, Content, Endpoint, Operation
from policygraph.web.negotiation import JSON

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from policygraph.model.terms import Term
    from policygraph.queries.entities import Entities
    from policygraph.web.service import Service

PATH = "api/vocabulary"
_CLASSES = (OWL.Class, RDFS.Class)
_PROPERTIES = (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty, RDF.Property)
_STRING = {"type": "string"}
_WORD = {
    "type": "object",
    "required": ["name", "iri", "label"],
    "properties": {"name": _STRING, "iri": _STRING, "label": {"type": "object", "properties": {"zh": _STRING, "en": _STRING}}},
}
_WORDS = {"type": "array", "items": _WORD}
_SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["prefixes", "classes", "properties"],
    "properties": {
        "prefixes": {"type": "object", "additionalProperties": _STRING},
        "classes": _WORDS,
        "properties": _WORDS,
    },
}


def endpoint(service: Service) -> Endpoint:
    """Return the endpoint that lists the words."""

    async def listed(request: Request) -> Response:
        key = ("vocabulary",)
        found = service.cache.get(key) or service.cache.keep(key, await to_thread.run_sync(_made, service.entities))
        return respond(request, found, service.modified)

    about = Text("前缀、类与属性，附中英文名称", "Prefixes, classes and properties, with their labels")
    operation = Operation(
        "GET",
        "queryWords",
        Text("查询中可用的词", "Words for queries"),
        about,
        answers=(Answers(200, about, (Content(JSON.type, _SCHEMA),)),),
    )
    return Endpoint(f"/{PATH}", "SPARQL", (operation,), listed)


def vocabulary(entities: Entities) -> dict[str, Any]:
    """Return prefixes, and the classes and properties that the graph declares or uses."""
    graph = entities.graph
    classes: set[Term] = {each for kind in _CLASSES for each in graph.subjects(RDF.type, Iri(kind))}
    properties: set[Term] = {each for kind in _PROPERTIES for each in graph.subjects(RDF.type, Iri(kind))}
    for _, predicate, value in graph.triples():
        properties.add(predicate)
        if predicate.value == RDF.type:
            classes.add(value)
    return {
        "prefixes": dict(sorted(graph.namespaces().items())),
        "classes": _words(classes, entities),
        "properties": _words(properties, entities),
    }


def _words(terms: set[Term], entities: Entities) -> list[dict[str, Any]]:
    found = []
    for term in terms:
        if not isinstance(term, Iri):
            continue
        short = entities.short(term)
        label = {spoken: name for spoken in ("zh", "en") if (name := entities.label(term, spoken)) != short}
        found.append({"name": short, "iri": term.value, "label": label})
    return sorted(found, key=lambda word: (word["name"].startswith("<"), str(word["name"])))


def _made(entities: Entities) -> Answer:
    body = (json.dumps(vocabulary(entities), ensure_ascii=False) + "\n").encode()
    return Answer(body, JSON.type, (("Content-Language", "zh, en"),))
