"""The service on a store in a folder and on a remote one: the same answers as in memory, and clear words when the store is away."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from policygraph.cli import main
from policygraph.vocab import BASE
from servers import Oxigraph
from serving import Served, served

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Every form of answer, ordered, with terms of every sort; %s is a thing of the graph.
QUERIES = {
    "rows": "SELECT ?s ?label WHERE { ?s a pg:Measure ; rdfs:label ?label } ORDER BY ?s ?label",
    "numbers": "SELECT ?p ?v WHERE { ?p a pg:Parameter ; pg:value ?v FILTER(isNumeric(?v)) } ORDER BY ?p STR(?v)",
    "ask": "ASK { ?s a pg:Measure }",
    "nothing": "SELECT ?s WHERE { ?s a pg:NoSuchThing }",
    "construct": "CONSTRUCT { ?s rdfs:label ?label } WHERE { ?s a pg:Measure ; rdfs:label ?label }",
    "strings": 'SELECT ("高技能 \\"人才\\"\\n"@zh AS ?a) (1.50 AS ?b) (true AS ?c) (<urn:x> AS ?d) ?e WHERE { }',
    "counted": "SELECT (COUNT(*) AS ?n) WHERE { ?s a pg:Provision }",
    "unknown graph": "SELECT (COUNT(*) AS ?n) FROM <urn:no-such-graph> WHERE { ?s ?p ?o }",
}
ROWS = ("application/sparql-results+json", "application/sparql-results+xml", "text/csv", "text/tab-separated-values")
GRAPHS = ("text/turtle", "application/n-triples", "application/rdf+xml")
REFUSED = {
    "SELECT * WHERE { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }": 400,
    'DEFINE get:soft "soft" SELECT * WHERE { ?s ?p ?o }': 422,
    "SELECT * WHERE { ?s bif:contains ?o ": 400,
    "SELECT sql:now() WHERE { }": 400,
}


@pytest.fixture(scope="module")
def memory() -> Iterator[Served]:
    with served() as service:
        yield service


@pytest.fixture(scope="module")
def oxigraph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Oxigraph]:
    with Oxigraph(tmp_path_factory.mktemp("oxigraph")) as server:
        assert main.main(["push", server.address]) == 0
        yield server


@pytest.fixture(scope="module", params=["folder", "remote"])
def other(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, oxigraph: Oxigraph) -> Iterator[Served]:
    where = str(tmp_path_factory.mktemp("store") / "kept") if request.param == "folder" else oxigraph.address
    with served("--store", where) as service:
        yield service


@pytest.mark.parametrize("name", QUERIES)
def test_queries_answer_alike(memory: Served, other: Served, name: str) -> None:
    path = f"/sparql?query={quote(QUERIES[name])}"
    for media in GRAPHS if name == "construct" else ROWS:
        wanted, got = memory.get(path, accept=media), other.get(path, accept=media)
        assert (wanted.status, got.status) == (200, 200), (wanted.text, got.text)
        assert got.body == wanted.body, media


@pytest.mark.parametrize("query", REFUSED)
def test_what_is_no_sparql_of_ours_is_never_sent(memory: Served, other: Served, query: str) -> None:
    path = f"/sparql?query={quote(query)}"
    assert other.get(path).status == memory.get(path).status
    assert 400 <= other.get(path).status < 500


def test_things_questions_and_decisions_are_alike(memory: Served, other: Served) -> None:
    measure = memory.get(f"/sparql?query={quote(QUERIES['rows'])}").json["results"]["bindings"][0]["s"]["value"]
    for path in (f"/{measure.removeprefix(BASE)}.ttl", f"/ask/units-of-measure?format=csv&measure={quote(measure)}"):
        assert other.get(path).body == memory.get(path).body
    with open("examples/green-channel-good.ttl", "rb") as file:  # noqa: PTH123
        body = file.read()
    replies = [service.ask("POST", "/api/decide?format=json", body, content_type="text/turtle") for service in (memory, other)]
    assert replies[0].status == replies[1].status == 200
    assert replies[0].body == replies[1].body


def test_a_server_that_goes_away_is_told_and_comes_back(tmp_path: Path) -> None:
    with Oxigraph(tmp_path) as server:
        assert main.main(["push", server.address]) == 0
        with served("--store", server.address) as service:
            path = f"/sparql?query={quote('ASK { ?s a pg:Measure }')}"
            assert service.get(path).json["boolean"]
            server.stop()
            away = service.get(f"/sparql?query={quote('ASK { ?s a pg:Provision }')}")
            assert away.status == 502
            assert away.headers["content-type"] == "application/problem+json"
            assert service.get("/core.ttl").status == 200, "what needs no query goes on"
            server.start()
            assert service.get(f"/sparql?query={quote('ASK { ?s a pg:Provision }')}").json["boolean"]


@pytest.mark.parametrize("where", ["http://127.0.0.1:9/", "file:///etc/passwd", "ftp://127.0.0.1/", "http://u:p@127.0.0.1:9/"])
def test_a_store_that_will_not_do_ends_with_a_clear_error(where: str) -> None:
    command = [sys.executable, "-m", "policygraph.cli.main", "serve", "--port", "0", "--lang", "en", "--store", where]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 2
    assert done.stderr.startswith("error: ")
    assert "u:p" not in done.stderr
    assert "Traceback" not in done.stderr
