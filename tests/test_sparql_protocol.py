"""SPARQL over HTTP: the protocol's forms and errors, Chinese IRIs, what is kept and what is not, and limits under load."""

from __future__ import annotations

import json
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, quote_plus, urlencode

import pytest
import yaml

from policygraph.graph.loading import PUBLIC, load
from policygraph.graph.serialising import serialise
from policygraph.model.terms import Blank
from policygraph.paths import data_roots
from policygraph.vocab import BASE, OWL, RDF
from policygraph.web.sparql import asked, opening
from serving import Reply, Served, served

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

CASES: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "protocol/requests.yaml").read_text("utf-8"))
SECONDS = 4.0
FORM, DIRECT = "application/x-www-form-urlencoded", "application/sparql-query"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
RAW, ENCODED = "https://example.org/措施/人才", "https://example.org/%E6%8E%AA%E6%96%BD"
GRAPH = f"{BASE}graph/+1/ontology/%E6%94%BF%E7%AD%96+1.ttl"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    root = tmp_path_factory.mktemp("chinese")
    (root / "ontology").mkdir()
    (root / "ontology/政策+1.ttl").write_text(f"<{RAW}> <urn:p> 1 . <{ENCODED}> <urn:p> 2 .", "utf-8")
    with served("--data", str(root), "--timeout", str(SECONDS)) as running:
        yield running


def get(service: Served, query: str, **parameters: str) -> Reply:
    return service.get("/sparql?" + urlencode({"query": query, **parameters}, quote_via=quote))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_requests(service: Served, case: dict[str, Any]) -> None:
    path = case.get("path", "/sparql")
    if "query" in case:
        path = f"/sparql?query={quote(case['query'])}"
    body = case.get("body")
    method = case.get("method", "GET" if body is None else "POST")
    reply = service.ask(method, path, None if body is None else body.encode(), **case.get("headers", {}))
    assert reply.status == case["status"], reply.text
    assert reply.type == case.get("type", reply.type)
    if reply.status >= 400:
        assert reply.type == "application/problem+json"
        assert {"type", "title", "status", "detail", "fix"} <= set(reply.json)
    if method == "HEAD":
        assert not reply.body
    for text in case.get("holds", ()):
        assert text in reply.text
    for name, value in case.get("back", {}).items():
        assert reply.headers[name] == value


def test_there_are_enough_cases() -> None:
    assert len(CASES) >= 69
    assert len({case["name"] for case in CASES}) == len(CASES)


# ---------------------------------------------------------------- Chinese
WAYS: dict[str, Callable[[Served, str, list[tuple[str, str]]], Reply]] = {
    "address": lambda s, q, d: s.get("/sparql?" + urlencode([("query", q), *d], quote_via=quote)),
    "address, spaces as plus": lambda s, q, d: s.get("/sparql?" + urlencode([("query", q), *d], quote_via=quote_plus)),
    "address, everything encoded": lambda s, q, d: s.get("/sparql?" + "&".join(f"{n}={every(v)}" for n, v in [("query", q), *d])),
    "form": lambda s, q, d: s.ask("POST", "/sparql", urlencode([("query", q), *d]), content_type=FORM),
    "form, not encoded": lambda s, q, d: s.ask(
        "POST", "/sparql", "&".join(f"{n}={v.replace('%', '%25').replace('+', '%2B')}" for n, v in [("query", q), *d]), content_type=FORM
    ),
    "form, dataset in the address": lambda s, q, d: s.ask("POST", "/sparql?" + urlencode(d), urlencode({"query": q}), content_type=FORM),
    "body": lambda s, q, d: s.ask("POST", "/sparql?" + urlencode(d), q, content_type=DIRECT),
}


def every(text: str) -> str:
    return "".join(f"%{byte:02x}" for byte in text.encode())


@pytest.mark.parametrize("way", WAYS)
def test_chinese_iris_survive(service: Served, way: str) -> None:
    query = f"SELECT ?n ?g {{ GRAPH ?g {{ <{RAW}> <urn:p> ?one . <{ENCODED}> <urn:p> ?two }} BIND(?one + 10 * ?two AS ?n) }}"
    reply = WAYS[way](service, query, [("named-graph-uri", GRAPH), ("default-graph-uri", "urn:无"), ("format", "csv")])
    assert reply.status == 200, reply.text
    assert reply.text == f"n,g\r\n21,{GRAPH}\r\n"


def test_an_address_is_decoded_once(service: Served) -> None:
    names = {quote(GRAPH, safe=""): 200, GRAPH.replace("+", "%2B"): 404, GRAPH.replace("%", "%25"): 404, quote(quote(GRAPH)): 404}
    for name, status in names.items():
        assert service.get(f"/graph?graph={name}").status == status
    path = "/" + GRAPH.removeprefix(BASE)
    for spelt, status in ((path, 200), (path.lower().replace("ttl", "%74tl"), 200), (path.replace("%", "%25"), 404)):
        assert service.get(spelt, accept="application/n-triples").status == status


def test_nothing_decoded_twice_in_a_query(service: Served) -> None:
    assert get(service, "SELECT ('%41+%2B' AS ?text) {}", format="csv").text == "text\r\n%41+%2B\r\n"


# ---------------------------------------------------------------- what is kept
def test_answers_are_kept_and_known_again(service: Served) -> None:
    query = "SELECT ?s { ?s a pg:Policy } ORDER BY ?s"
    first = get(service, query)
    assert get(service, query).headers["etag"] == first.headers["etag"]
    posted = service.ask("POST", "/sparql", query, content_type=DIRECT)
    assert (posted.body, posted.headers["etag"]) == (first.body, first.headers["etag"])
    path = f"/sparql?query={quote(query)}"
    assert (again := service.get(path, if_none_match=first.headers["etag"])).status == 304
    assert again.body == b""
    assert service.get(path, if_none_match='"other"').status == 200
    assert service.get(path, if_modified_since=first.headers["last-modified"]).status == 304
    head = service.ask("HEAD", path)
    assert (head.status, head.body, head.headers["etag"]) == (200, b"", first.headers["etag"])
    assert int(head.headers["content-length"]) == len(first.body)


def test_blank_nodes_have_the_same_names_each_time(service: Served) -> None:
    query = "CONSTRUCT { ?s owl:members ?list . ?list rdf:first ?first } { ?s owl:members ?list . ?list rdf:first ?first }"
    found = load(data_roots(), PUBLIC).query(f"PREFIX owl: <{OWL}> PREFIX rdf: <{RDF}> {query}")
    assert isinstance(found, tuple)
    assert any(isinstance(subject, Blank) for subject, _, _ in found)
    assert get(service, query, format="nt").text == serialise(found, "ntriples")


def test_forms_are_kept_apart(service: Served) -> None:
    path = f"/sparql?query={quote('ASK {}')}"
    for _ in range(2):
        found = {accept: service.get(path, accept=accept).type for accept in ("application/json", "text/csv", "application/xml")}
        assert list(found.values()) == ["application/sparql-results+json", "text/csv", "application/sparql-results+xml"]
    assert service.get(path, accept="image/png").status == 406


def test_the_description_names_the_address_that_was_used(service: Served) -> None:
    port = service.place[1]
    for _ in range(2):
        for host in (f"127.0.0.1:{port}", f"localhost:{port}"):
            assert f"sd:endpoint <http://{host}/sparql>" in service.get("/sparql", host=host).text


@pytest.mark.parametrize("call", ["NOW()", "rand()", "UUID()", "StrUUID ( )", "BNODE()", "str(#\nNow#\n())"])
def test_what_differs_each_time_is_made_anew(service: Served, call: str) -> None:
    query = f"SELECT ?v {{ BIND({call} AS ?v) }}"
    first = get(service, query)
    time.sleep(0.002)
    second = get(service, query)
    assert first.status == second.status == 200
    assert first.headers["cache-control"] == "no-store"
    assert "etag" not in first.headers
    if "BNODE" not in call:
        assert first.body != second.body


@pytest.mark.parametrize(
    ("query", "kind", "volatile"),
    [
        ("SELECT * {}", "rows", False),
        ("#SELECT\nbase <urn:a>prefix:<urn:b#>\tPREFIX ask: <urn:c>ask{}", "ask", False),
        ("PREFIX 政策: <urn:d> construct where {}", "graph", False),
        ("describe<urn:a>", "graph", False),
        ("\ufeffSEL\\u0045CT(1 AS ?now){}", "rows", False),
        ("SELECT ?x { ?x rdfs:label 'now' }", "rows", True),
        ("ASK { FILTER(?rand = $uuid) }", "ask", False),
        ("ASK { FILTER(R\\u0041ND\\U00000028) > 0) }", "ask", True),
        ("WITH <urn:g> DELETE {} WHERE {}", "update", False),
        ("<urn:a> SELECT", "rows", False),  # the worker says what is wrong with it
        ("{ SELECT * {} }", "", False),
        ("", "", False),
    ],
)
def test_what_a_query_opens_with(query: str, kind: str, volatile: bool) -> None:
    assert (opening.kind(query), opening.volatile(query)) == (kind, volatile)


@pytest.mark.parametrize(
    "bomb", ["PREFIX " * 20_000, "<" * 100_000, "a" * 100_000, "a:" * 50_000, "#\n" * 50_000, "\\u0020" * 20_000 + "("]
)
def test_looking_at_a_query_takes_no_time(bomb: str) -> None:
    before = time.process_time()
    opening.kind(bomb)
    opening.volatile(bomb)
    assert time.process_time() - before < 0.5


# ---------------------------------------------------------------- limits
def test_rows_that_were_left_out_are_told_of(service: Served) -> None:
    query = "SELECT (1 AS ?x) { ?a ?b ?c . ?d ?e ?f }"
    for form, mark in (("json", b',"truncated":true}'), ("xml", b"<!-- truncated -->"), ("csv", b"1\r\n"), ("tsv", b"1\n")):
        reply = get(service, query, format=form)
        assert reply.status == 200, reply.text
        assert reply.headers["policygraph-truncated"] == "rows=100000"
        assert reply.body.endswith(mark)
        if form == "json":
            assert len(json.loads(reply.body)["results"]["bindings"]) == 100_000
    whole = get(service, "SELECT (1 AS ?x) { ?a ?b ?c } LIMIT 10")
    assert "policygraph-truncated" not in whole.headers
    assert "truncated" not in whole.text


def test_triples_that_were_left_out_are_told_of(service: Served) -> None:
    query = "CONSTRUCT { ?a <urn:p> ?d } { ?a a ?c . ?d a ?f }"
    for form, mark in (("nt", b"# truncated\n"), ("ttl", b"# truncated\n")):
        reply = get(service, query, format=form)
        assert reply.status == 200, reply.text
        assert reply.headers["policygraph-truncated"] == "rows=100000"
        assert reply.body.endswith(mark)


def test_too_long(service: Served) -> None:
    long = "ASK {} #" + "长" * 50_000
    assert service.ask("POST", "/sparql", long, content_type=DIRECT).status == 422
    assert service.ask("POST", "/sparql", urlencode({"query": long}), content_type=FORM).status == 422
    far = "ASK {} #" + "x" * asked.MOST_BYTES
    reply = service.ask("POST", "/sparql", far, content_type=DIRECT)
    assert reply.status == 413
    assert service.ask("POST", "/sparql", "query=ASK%7B%7D&x=" + far, content_type=FORM).status == 413
    graphs = "&".join(f"named-graph-uri=urn:{n}" for n in range(asked.MOST_GRAPHS + 1))
    assert service.get(f"/sparql?query=ASK%7B%7D&{graphs}").status == 422


def test_a_runaway_query_is_cut_off_while_others_are_served(service: Served) -> None:
    with ThreadPoolExecutor(1) as threads:
        started = time.monotonic()
        runaway = threads.submit(get, service, ENDLESS)
        served_meanwhile = 0
        while not runaway.done():
            assert get(service, f"SELECT (RAND() AS ?r) ({served_meanwhile} AS ?n) {{}}").status == 200
            served_meanwhile += 1
        reply = runaway.result()
    assert reply.status == 422, reply.text
    assert SECONDS <= time.monotonic() - started < 4 * SECONDS
    assert served_meanwhile > 10


def test_a_caller_who_goes_away_frees_the_worker(service: Served) -> None:
    ask = f"GET /sparql?query={quote(ENDLESS)} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
    for _ in range(3):  # of four workers at once; were they not freed, the queue would be full of the first when the last come
        callers = [socket.create_connection(service.place) for _ in range(12)]
        for caller in callers:
            caller.sendall(ask)
        time.sleep(0.3)
        for caller in callers:
            caller.close()
    started = time.monotonic()
    assert get(service, "SELECT (RAND() AS ?r) {}").status == 200
    assert time.monotonic() - started < SECONDS / 2


def test_above_the_limits_there_is_503(service: Served) -> None:
    with ThreadPoolExecutor(90) as threads:
        replies = list(threads.map(lambda n: get(service, f"{ENDLESS} #{n}"), range(90)))
    statuses = {reply.status for reply in replies}
    assert statuses == {422, 503}
    busy = [reply for reply in replies if reply.status == 503]
    assert all(int(reply.headers["retry-after"]) >= 1 for reply in busy)
    assert all(reply.json["status"] == 503 for reply in busy)
    assert get(service, "ASK {}").status == 200
