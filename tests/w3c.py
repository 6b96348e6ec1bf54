"""Reads the W3C's manifests of protocol tests: each test's requests, with what is expected of the answers."""

from __future__ import annotations

import email
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rdflib import RDF, Graph, Namespace, URIRef
from rdflib.collection import Collection

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdflib.term import Node

FOLDER = Path(__file__).resolve().parents[2] / "shared/third-party/rdf-tests/sparql/sparql11"
MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
HT = Namespace("http://www.w3.org/2011/http#")
CNT = Namespace("http://www.w3.org/2011/content#")
DAWG = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-dawg#")
_STATUS = {"Created": 201, "OK": 200, "NoContent": 204, "NotFound": 404}


@dataclass(frozen=True)
class Request:
    """One request, and what must come back.

    `statuses` holds codes, and hundreds for whole classes; `graph` is what the answer's graph must be, in Turtle.
    """

    method: str
    path: str
    headers: dict[str, str]
    body: bytes | None
    statuses: frozenset[int]
    boolean: bool | None
    format: str
    graph: str | None
    location: str | None

    def accepts(self, status: int) -> bool:
        return not self.statuses or status in self.statuses or status // 100 in self.statuses


@dataclass(frozen=True)
class Test:
    """One test of a manifest."""

    __test__ = False
    name: str
    requests: tuple[Request, ...]
    deprecated: bool


def manifest(path: str) -> Graph:
    return Graph().parse(FOLDER / path, format="turtle")


def tests(path: str) -> Iterator[Test]:
    graph = manifest(path)
    for entries in graph.objects(None, MF.entries):
        for entry in Collection(graph, entries):
            action = graph.value(entry, MF.action)
            listed = () if action is None else Collection(graph, graph.value(action, HT.requests))
            deprecated = (entry, DAWG.approval, DAWG.Deprecated) in graph
            yield Test(str(entry).partition("#")[2], tuple(_request(graph, node) for node in listed), deprecated)


def _request(graph: Graph, node: Node) -> Request:
    answer = graph.value(node, HT.resp)
    boolean, body = graph.value(answer, MF.expectedBoolean), graph.value(answer, HT.body)
    location = graph.value(answer, MF.expectedLocation)
    return Request(
        str(graph.value(node, HT.methodName)),
        str(graph.value(node, HT.absolutePath)),
        _headers(graph, node),
        _content(graph, graph.value(node, HT.body)),
        frozenset(_status(code) for code in graph.objects(answer, MF.expectedStatus)),
        None if boolean is None else bool(boolean.toPython()),  # type: ignore[attr-defined]
        str(graph.value(answer, MF.expectedFormat) or ""),
        None if body is None else str(graph.value(body, CNT.chars)),
        None if location is None else str(location),
    )


def _headers(graph: Graph, node: Node) -> dict[str, str]:
    listed = graph.value(node, HT.headers)
    return {str(graph.value(h, HT.fieldName)): str(graph.value(h, HT.fieldValue)) for h in (Collection(graph, listed) if listed else ())}


def _content(graph: Graph, node: Node | None) -> bytes | None:
    if node is None:
        return None
    assert (node, RDF.type, CNT.ContentAsText) in graph
    return str(graph.value(node, CNT.chars)).encode(str(graph.value(node, CNT.characterEncoding)))


def _status(code: Node) -> int:
    assert isinstance(code, URIRef)
    name = str(code).partition("#")[2]
    return int(name[-3]) if name.startswith("StatusCode") else _STATUS[name]


def written(request: Request, before: str | None) -> str | None:
    """Return what a graph holds in Turtle after a request to a graph store, None for no graph."""
    if request.method == "DELETE":
        return None
    if request.method == "PUT":
        return (request.body or b"").decode()
    if request.method != "POST":
        return before
    kind = request.headers["content-type"]
    if not kind.startswith("multipart/"):
        return (before or "") + (request.body or b"").decode()
    parts = email.message_from_bytes(f"Content-Type: {kind}\r\n\r\n".encode() + (request.body or b"")).get_payload()
    return (before or "") + "\n".join(part.get_payload(decode=True).decode() for part in parts)  # type: ignore[union-attr,misc]
