"""The W3C's tests of the SPARQL protocols, sent as the manifests have them; those that a read-only service cannot answer are listed."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

import pytest
import yaml
from rdflib import RDF, Graph, Namespace, URIRef
from rdflib.compare import isomorphic

import w3c
from policygraph.vocab import BASE
from serving import Reply, Served, served

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.skipif(not w3c.FOLDER.is_dir(), reason="shared/third-party does not lie beside this checkout")
LISTED = yaml.safe_load((Path(__file__).parent / "protocol/unanswered.yaml").read_text("utf-8"))
SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
# The data of the tests of queries, under the names by which their queries call them.
DATA = {f"http://kasei.us/2009/09/sparql/data/data{number}.rdf": f"data{number}.nt" for number in (1, 2, 3)}
STORED = f"{BASE}graph/+1/ontology/"
TYPES = {
    "boolean": {"application/sparql-results+json", "application/sparql-results+xml"},
    "tabular": {"application/sparql-results+json", "application/sparql-results+xml", "text/csv", "text/tab-separated-values"},
    "RDF": {"application/rdf+xml", "text/turtle", "application/n-triples"},
}
MANIFESTS = {
    "protocol": ("protocol/manifest.ttl",),
    "graph-store-protocol": ("graph-store-protocol/manifest-direct.ttl", "graph-store-protocol/manifest-indirect.ttl"),
}


def entries(part: str) -> list[w3c.Test]:
    return [test for path in MANIFESTS[part] for test in w3c.tests(path)]


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    root = tmp_path_factory.mktemp("w3c")
    folder = root / "ontology/w3c"
    folder.mkdir(parents=True)
    for name in DATA.values():
        (folder / name).with_suffix(".ttl").write_bytes((w3c.FOLDER / "protocol" / name).read_bytes())
    for path, turtle in lying_there():
        (root / "ontology" / path).parent.mkdir(parents=True, exist_ok=True)
        (root / "ontology" / path).write_text(turtle, "utf-8")
    with served("--data", str(root)) as running:
        yield running


def lying_there() -> Iterator[tuple[str, str]]:
    """Yield file and content of each graph as each request to read would find it, had the writing before it been done."""
    for test in entries("graph-store-protocol"):
        graphs: dict[str, str | None] = {}
        for index, request in enumerate(test.requests):
            name = unquote(request.path).partition("/gsp/")[2]
            graphs[name] = w3c.written(request, graphs.get(name))
            yield from ((f"gsp/{test.name}/{index}/{name}", turtle) for name, turtle in graphs.items() if name and turtle is not None)


def sent(service: Served, request: w3c.Request, path: str) -> Reply:
    return service.ask(request.method, path, request.body, **request.headers)


def asked(request: w3c.Request) -> str:
    """Return the path of a request to the endpoint, with the names under which the service has the data."""

    def stored(match: re.Match[str]) -> str:
        file = DATA.get(unquote(match[2]))
        return match[1] + (quote(f"{STORED}w3c/{Path(file).stem}.ttl", safe="") if file else match[2])

    return re.sub(r"(-graph-uri=)([^&]*)", stored, request.path.replace("/sparql/", "/sparql", 1))


def as_expected(request: w3c.Request, reply: Reply) -> bool:
    truth = None
    if request.boolean is not None and reply.status == 200:
        truth = reply.json["boolean"] if reply.type.endswith("json") else b">true<" in reply.body
    alike = request.graph is None or (reply.status == 200 and same(turtle(reply.text), turtle(request.graph)))
    typed = not request.format or reply.type in TYPES[request.format]
    return request.accepts(reply.status) and truth == request.boolean and typed and alike


def same(one: Graph, other: Graph) -> bool:
    return len(one) == len(other) and isomorphic(one, other)  # which takes very long over a large graph


def turtle(text: str) -> Graph:
    return Graph().parse(data=text, format="turtle")


def test_queries(service: Served) -> None:
    failed: dict[str, list[int]] = defaultdict(list)
    for test in entries("protocol"):
        assert test.requests
        for request in test.requests:
            reply = sent(service, request, asked(request))
            if not as_expected(request, reply):
                failed[test.name].append(reply.status)
    assert set(failed) == set(LISTED["protocol"])
    assert {statuses[0] for statuses in failed.values()} == {403}
    assert len(entries("protocol")) >= 34


def test_whole_graph_store_tests(service: Served) -> None:
    failed = {}
    for test in entries("graph-store-protocol"):
        replies = [(request, sent(service, request, request.path.replace("/gsp", "/graph", 1))) for request in test.requests]
        if not all(as_expected(request, reply) for request, reply in replies):
            failed[test.name] = replies[0][1]
    assert set(failed) == set(LISTED["graph-store-protocol"])
    assert {(reply.status, reply.headers["allow"]) for reply in failed.values()} == {(405, "GET, HEAD, OPTIONS")}
    assert len(entries("graph-store-protocol")) >= 13


def test_reading_halves_of_graph_store_tests(service: Served) -> None:
    failed, done = set(), 0
    for test in entries("graph-store-protocol"):
        for index, request in enumerate(test.requests):
            if request.method not in {"GET", "HEAD"}:
                continue
            path = placed(request.path, f"{STORED}gsp/{test.name}/{index}/")
            done += 1
            if not as_expected(request, sent(service, request, path)):
                failed.add(test.name)
    assert failed == set(LISTED["graph-store-protocol-reading"])
    assert done >= 16


def placed(path: str, ours: str) -> str:
    """Return the path of a request for a graph whose content lies in a folder of ours."""
    theirs = "http://www.example/gsp/"
    if path.startswith("/gsp/"):
        return f"/{ours.removeprefix(BASE)}{path.removeprefix('/gsp/')}"
    for safe in (":/", ""):
        path = path.replace(quote(theirs, safe=safe), quote(ours, safe=safe))
    return path.replace("/gsp?", "/graph?", 1)


def test_the_older_tests_of_the_graph_store_are_withdrawn() -> None:
    older = list(w3c.tests("http-rdf-update/manifest.ttl"))
    assert len(older) >= 18
    assert all(test.deprecated for test in older)


def test_every_unanswered_test_has_its_reason() -> None:
    assert all(isinstance(reason, str) and len(reason) > 20 for part in LISTED.values() for reason in part.values())


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # within rdflib's reader of JSON-LD
def test_service_description(service: Served) -> None:
    found = {test.name for test in w3c.tests("service-description/manifest.ttl")}
    assert found == {"has-endpoint-triple", "returns-rdf", "conforms-to-schema"}
    endpoint = URIRef(service.url + "sparql")
    for accept, form in (("text/turtle", "turtle"), ("application/rdf+xml", "xml"), ("application/ld+json", "json-ld"), ("*/*", "turtle")):
        reply = service.get("/sparql", Accept=accept)
        assert reply.status == 200
        graph = Graph().parse(data=reply.text, format=form)
        assert (None, SD.endpoint, endpoint) in graph
    assert_schema(graph)


# Class or datatype of what stands before and after each property, as the recommendation has them (sections 3.3 and 3.4).
SCHEMA = {
    SD.endpoint: (SD.Service, None),
    SD.feature: (SD.Service, None),
    SD.supportedLanguage: (SD.Service, None),
    SD.resultFormat: (SD.Service, None),
    SD.defaultDataset: (SD.Service, SD.Dataset),
    SD.defaultGraph: (SD.Dataset, SD.Graph),
    SD.namedGraph: (SD.Dataset, SD.NamedGraph),
    SD.name: (SD.NamedGraph, None),
    SD.graph: (SD.NamedGraph, SD.Graph),
}


def assert_schema(graph: Graph) -> None:
    used = {p for p in graph.predicates() if str(p).startswith(str(SD))}
    assert used == set(SCHEMA)
    for predicate, (domain, reach) in SCHEMA.items():
        for subject, value in graph.subject_objects(predicate):
            assert (subject, RDF.type, domain) in graph
            assert isinstance(value, URIRef)
            assert reach is None or (value, RDF.type, reach) in graph
    assert len(list(graph.objects(None, SD.endpoint))) == len(list(graph.subjects(RDF.type, SD.Service))) == 1
    assert set(graph.objects(None, SD.supportedLanguage)) == {SD.SPARQL11Query}
    assert set(graph.objects(None, SD.feature)) == {SD.UnionDefaultGraph}
