"""Clients that others wrote, against the running service: curl, SPARQLWrapper, rdflib's SPARQLStore, pyld, comunica.

curl and comunica come from outside the Python packages. `.ci/run` installs them and says `required`; elsewhere a missing one is skipped.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn
from urllib.parse import quote
from xml.dom.minidom import Document

import pytest
from pyld import jsonld
from pyld.documentloader.requests import RequestsDocumentLoader
from rdflib import RDF, RDFS, Graph, Literal, URIRef
from rdflib.compare import isomorphic
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import CSV, GET, JSON, JSONLD, POST, POSTDIRECTLY, RDFXML, TSV, TURTLE, URLENCODED, XML, SPARQLWrapper

from policygraph.vocab import BASE, PG
from serving import Served, served
from small import REPOSITORY

if TYPE_CHECKING:
    from collections.abc import Iterator

# rdflib's reader of JSON-LD makes one by itself.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
REQUIRED = "POLICYGRAPH_TEST_CLIENTS"  # .ci/run says `required` where it installed them: there a missing client is a failure
COMUNICA = Path(sys.prefix) / "comunica/node_modules/.bin/comunica-sparql"
WORKBOOK = REPOSITORY / "tests/tables/libreoffice-award-claim.xlsx"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CHINESE = "http://example.org/新乡市/技能 人才#‘甲’".replace(" ", "%20")
MEASURES = (
    f"SELECT ?measure ?label WHERE {{ ?measure a <{PG.Measure}> ; <{RDFS.label}> ?label FILTER(lang(?label) = 'zh') }} ORDER BY ?measure"
)


@pytest.fixture(scope="module")
def service() -> Iterator[Served]:
    with served() as running:
        yield running


@pytest.fixture(scope="module")
def measures(service: Served) -> list[tuple[str, str]]:
    """Measures with their Chinese names, asked for in the plainest way."""
    found = service.get("/sparql?query=" + quote(MEASURES), Accept="application/sparql-results+json").json
    rows = [(row["measure"]["value"], row["label"]["value"]) for row in found["results"]["bindings"]]
    assert len(rows) > 5
    return rows


def missing(what: str) -> NoReturn:
    if os.environ.get(REQUIRED) == "required":
        pytest.fail(f"{what} is required here")
    pytest.skip(f"there is no {what}; .ci/run installs it")


def below(service: Served, iri: str) -> str:
    """The address at which an IRI of ours is served here."""
    return service.url + iri.removeprefix(BASE)


# ---------------------------------------------------------------- curl
def curl(*words: str) -> tuple[str, dict[str, str]]:
    """Run curl; return the body and what it says of the transfer."""
    program = shutil.which("curl") or missing("curl")
    said = "%{stderr}%{http_code} %{num_redirects} %{content_type}"
    done = subprocess.run([program, "--silent", "--max-time", "60", "--write-out", said, *words], capture_output=True, timeout=90)
    assert done.returncode == 0, done
    status, redirects, kind = (done.stderr.decode() + " ").split(" ", 2)
    return done.stdout.decode(), {"status": status, "redirects": redirects, "type": kind.strip()}


@pytest.mark.parametrize(
    ("accept", "form"), [("text/turtle", "turtle"), ("application/rdf+xml", "xml"), ("application/ld+json", "json-ld"), ("text/html", "")]
)
def test_curl_dereferences_a_measure(service: Served, measures: list[tuple[str, str]], accept: str, form: str) -> None:
    iri, label = measures[0]
    body, told = curl("--location", "--header", f"Accept: {accept}", below(service, iri))
    assert (told["status"], told["redirects"], told["type"].partition(";")[0]) == ("200", "1", accept)
    if not form:
        assert label in body and "<script" not in body
        return
    graph = Graph().parse(data=body, format=form)
    assert (URIRef(iri), RDF.type, URIRef(PG.Measure)) in graph
    assert Literal(label, "zh") in graph.objects(URIRef(iri), RDFS.label)


def test_curl_asks_only_for_what_changed(service: Served, measures: list[tuple[str, str]], tmp_path: Path) -> None:
    address, tag, page = below(service, measures[0][0]) + ".ttl", str(tmp_path / "etag"), str(tmp_path / "page")
    assert curl("--etag-save", tag, "--output", page, "--remote-time", address)[1]["status"] == "200"
    assert Path(page).stat().st_size > 100
    assert curl("--etag-compare", tag, address) == ("", {"status": "304", "redirects": "0", "type": ""})
    assert curl("--time-cond", page, address)[1]["status"] == "304"
    assert curl("--header", 'If-None-Match: "other"', address)[1]["status"] == "200"


@pytest.mark.parametrize(
    "way",
    [("--get", "--data-urlencode"), ("--data-urlencode",), ("--http1.0", "--get", "--data-urlencode"), ("--http2", "--data-urlencode")],
    ids=" ".join,
)
def test_curl_asks_in_chinese(service: Served, measures: list[tuple[str, str]], way: tuple[str, ...]) -> None:
    query = f"query=SELECT ?here {{ ?m <{RDFS.label}> '{measures[0][1]}'@zh BIND(<{CHINESE}> AS ?here) }}"
    body, told = curl(*way, query, "--header", "Accept: text/csv", service.url + "sparql")
    assert (told["status"], body.split()) == ("200", ["here", CHINESE])


def test_curl_uploads_a_workbook(service: Served) -> None:
    address = service.url + "api/check?lang=en"
    as_form, told = curl("--form", f"file=@{WORKBOOK}", "--header", "Accept: application/json", address)
    as_body, _ = curl("--data-binary", f"@{WORKBOOK}", "--header", f"Content-Type: {XLSX}", address)
    expected, _ = curl("--upload-file", str(WORKBOOK), "--request", "POST", "--header", f"Content-Type: {XLSX}", "--http1.0", address)
    assert told["status"] == "200"
    records = [json.loads(text)["records"] for text in (as_form, as_body, expected)]
    messages = [[(each["verdict"]["iri"], [finding["message"] for finding in each["findings"]]) for each in one] for one in records]
    assert messages[0] == messages[1]  # beside which stands the name of the file
    assert records[1] == records[2]
    assert any(findings for _, findings in messages[0])


def test_curl_gets_a_saved_question_as_csv(service: Served) -> None:
    """As the OpenAPI document has it, whose examples work."""
    examples = (
        (path, {p["name"]: str(p["example"]) for p in item["get"]["parameters"] if "example" in p and p["name"] not in {"format", "lang"}})
        for path, item in service.get("/openapi.json").json["paths"].items()
        if path.startswith("/ask/")
    )
    path, values = next((path, values) for path, values in examples if any(not value.isascii() for value in values.values()))
    words = [word for name, value in values.items() for word in ("--data-urlencode", f"{name}={value}")]
    body, told = curl("--get", *words, "--header", "Accept: text/csv", service.url + path.removeprefix("/"))
    assert (told["status"], told["type"]) == ("200", "text/csv; charset=utf-8")
    assert len(body.splitlines()) >= 2


# ---------------------------------------------------------------- SPARQLWrapper
def wrapper(service: Served, query: str, form: str, method: str = GET, request: str = URLENCODED) -> Any:
    asked = SPARQLWrapper(service.url + "sparql")
    asked.setQuery(query)
    asked.setReturnFormat(form)
    asked.setMethod(method)
    asked.setRequestMethod(request)
    asked.setTimeout(60)
    return asked.queryAndConvert()


WAYS = [(GET, URLENCODED), (POST, URLENCODED), (POST, POSTDIRECTLY)]


@pytest.mark.parametrize(("method", "request_"), WAYS, ids=str)
def test_sparqlwrapper_selects(service: Served, measures: list[tuple[str, str]], method: str, request_: str) -> None:
    found = wrapper(service, MEASURES, JSON, method, request_)["results"]["bindings"]
    assert [(row["measure"]["value"], row["label"]["value"]) for row in found] == measures
    assert {row["label"]["xml:lang"] for row in found} == {"zh"}
    as_xml = wrapper(service, MEASURES, XML, method, request_)
    assert isinstance(as_xml, Document)
    assert [node.firstChild.data for node in as_xml.getElementsByTagName("literal")] == [label for _, label in measures]  # type: ignore[union-attr]
    for form in (CSV, TSV):
        assert all(label in wrapper(service, MEASURES, form, method, request_).decode() for _, label in measures)


@pytest.mark.parametrize(("method", "request_"), WAYS, ids=str)
def test_sparqlwrapper_asks_and_constructs_with_chinese(
    service: Served, measures: list[tuple[str, str]], method: str, request_: str
) -> None:
    iri, label = measures[0]
    ask = f"ASK {{ <{iri}> <{RDFS.label}> '{label}'@zh FILTER(STR(<{CHINESE}>) = '{CHINESE}') }}"
    assert wrapper(service, ask, JSON, method, request_)["boolean"] is True
    construct = f"CONSTRUCT {{ <{CHINESE}> <{RDFS.label}> ?label }} WHERE {{ <{iri}> <{RDFS.label}> ?label }}"
    for form in (TURTLE, RDFXML, JSONLD):
        found = wrapper(service, construct, form, method, request_)
        graph = found if isinstance(found, Graph) else Graph().parse(data=found, format="turtle")
        assert (URIRef(CHINESE), RDFS.label, Literal(label, "zh")) in graph, form


def test_sparqlwrapper_may_not_update(service: Served) -> None:
    asked = SPARQLWrapper(service.url + "sparql")
    asked.setMethod(POST)
    asked.setQuery("INSERT DATA { <a:a> <a:a> <a:a> }")
    with pytest.raises(Exception, match="403"):
        asked.query()
    assert wrapper(service, "ASK { <a:a> ?p ?o }", JSON)["boolean"] is False


# ---------------------------------------------------------------- rdflib's SPARQLStore
@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
def test_sparqlstore_is_a_graph(service: Served, measures: list[tuple[str, str]], method: str) -> None:
    store = SPARQLStore(service.url + "sparql", method=method)
    graph = Graph(store)
    counted = wrapper(service, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", JSON)["results"]["bindings"][0]["n"]["value"]
    assert len(graph) == int(counted) > 1000
    iri, label = URIRef(measures[0][0]), Literal(measures[0][1], "zh")
    assert [(str(row.measure), str(row.label)) for row in graph.query(MEASURES)] == measures  # type: ignore[union-attr]
    assert (iri, RDFS.label, label) in graph
    assert graph.value(predicate=RDFS.label, object=label) == iri
    assert sorted(map(str, graph.subjects(RDF.type, URIRef(PG.Measure)))) == [known for known, _ in measures]
    assert len(list(graph.triples((iri, None, None)))) > 5


# ---------------------------------------------------------------- pyld
@cache
def loader(root: str) -> Any:
    """Load as pyld does, our own IRIs from the running service."""
    load = RequestsDocumentLoader()

    def loading(address: str, options: dict[str, Any]) -> Any:
        return load(address.replace(BASE, root, 1), options)

    return loading


def canonical(document: Any, **options: Any) -> str:
    return str(jsonld.normalize(document, {"algorithm": "URDNA2015", "format": "application/n-quads", **options}))


@pytest.mark.parametrize("which", ["measure", "ontology", "agency"])
def test_pyld_reads_the_triples_of_the_turtle(service: Served, measures: list[tuple[str, str]], which: str) -> None:
    kind = {"measure": PG.Measure, "ontology": "http://www.w3.org/2002/07/owl#Ontology", "agency": PG.Agency}[which]
    iri = min(iri for iri in Graph(SPARQLStore(service.url + "sparql")).subjects(RDF.type, URIRef(kind)) if iri.startswith(BASE))
    address = below(service, iri)
    document = json.loads(service.get(f"/{address.removeprefix(service.url)}.jsonld").text)
    assert jsonld.expand(document)
    ours = canonical(document)
    turtle = service.get(f"/{address.removeprefix(service.url)}.ttl").text
    theirs = canonical(Graph().parse(data=turtle, format="turtle").serialize(format="nt"), inputFormat="application/n-quads")
    # What a document says of itself bears its own name.
    assert ours.replace(f"<{iri}.jsonld", f"<{iri}.ttl") == theirs.replace(f"<{iri}.ttl", f"<{iri}.ttl")
    assert isomorphic(Graph().parse(data=ours.replace(f"<{iri}.jsonld", f"<{iri}.ttl"), format="nt"), Graph().parse(data=turtle))
    assert len(ours.splitlines()) > 10


def test_pyld_finds_the_context_at_the_service(service: Served) -> None:
    asked: list[str] = []

    def load(address: str, options: dict[str, Any]) -> Any:
        asked.append(address)
        return loader(service.url)(address, options)

    files = sorted((REPOSITORY / "examples").glob("*.jsonld"))
    for file in files:
        (*records,) = jsonld.expand(json.loads(file.read_text("utf-8")), {"documentLoader": load})
        assert records
        assert not re.search(r"unknown-key#", json.dumps(records)), file.name
        assert all(kind.startswith(BASE) for record in records for kind in record["@type"])
    assert len(files) >= 5
    assert set(asked) == {BASE + "context.jsonld"}


# ---------------------------------------------------------------- comunica
def comunica(query: str, *sources: str) -> list[dict[str, str]]:
    """Ask comunica, which finds out by itself what its sources are."""
    node = shutil.which("node") or missing("node")
    if not COMUNICA.exists():
        missing("comunica")
    command = [node, str(COMUNICA), *sources, "-q", query, "-t", "application/sparql-results+json"]
    done = subprocess.run(command, capture_output=True, timeout=90, text=True)
    assert done.returncode == 0, done.stderr
    return [{name: cell["value"] for name, cell in row.items()} for row in json.loads(done.stdout)["results"]["bindings"]]


def test_comunica_asks_the_endpoint(service: Served, measures: list[tuple[str, str]]) -> None:
    """Its address is enough: what is there tells comunica that it is an endpoint."""
    assert [(row["measure"], row["label"]) for row in comunica(MEASURES, service.url + "sparql")] == measures


def test_comunica_reads_documents_by_their_things(service: Served, measures: list[tuple[str, str]]) -> None:
    sources = [below(service, iri) for iri, _ in measures[:3]]
    query = f"SELECT ?label {{ ?m a <{PG.Measure}> ; <{RDFS.label}> ?label FILTER(lang(?label) = 'zh') }}"
    assert sorted(row["label"] for row in comunica(query, *sources)) == sorted(label for _, label in measures[:3])


def test_comunica_joins_the_endpoint_with_a_document(service: Served, measures: list[tuple[str, str]], tmp_path: Path) -> None:
    iri, label = measures[0]
    query = f"SELECT ?label {{ <{iri}> a ?kind ; <{RDFS.label}> ?label . ?kind a ?class FILTER(?label = '{label}'@zh) }}"
    assert {row["label"] for row in comunica(query, f"sparql@{service.url}sparql", below(service, iri))} == {label}
