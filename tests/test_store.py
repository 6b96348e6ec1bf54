"""Embedded and remote stores keep the same promises; the remote one talks to a real SPARQL server on loopback."""

from __future__ import annotations

import http.server
import json
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

import pytest

from policygraph.errors import InputError, StoreError
from policygraph.graph.canonical import canonical
from policygraph.graph.loading import PUBLIC, load
from policygraph.model.terms import Blank, Iri, Literal, Table, Triple
from policygraph.paths import data_roots
from policygraph.queries.catalogue import read_questions
from policygraph.store.embedded import EmbeddedStore
from policygraph.store.remote import RemoteStore
from policygraph.vocab import RDF, XSD

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from policygraph.store.base import Store

QUESTIONS = read_questions(data_roots())
LEAST_QUESTIONS = 45
ODD: tuple[Triple, ...] = (
    (Iri("http://e/a"), Iri("http://e/p"), Literal('quote " backslash \\ line\nend', XSD.string)),
    (Iri("http://e/a"), Iri("http://e/p"), Literal("中文；“引号”", RDF.langString, "zh")),
    (Iri("http://e/路径"), Iri("http://e/p"), Literal("0.6", XSD.decimal)),
    (Iri("http://e/a"), Iri("http://e/p"), Blank("x")),
    (Blank("x"), Iri("http://e/q"), Blank("y")),
    (Blank("y"), Iri("http://e/q"), Blank("x")),
)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of an Oxigraph server of its own process. Never with --timeout-s: that leaks a thread a query."""
    program = shutil.which("oxigraph", path=str(Path(sys.executable).parent))
    assert program, "pip install -e '.[test]' brings the oxigraph server"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder = tmp_path_factory.mktemp("oxigraph")
    with (folder / "log").open("wb") as log:
        running = subprocess.Popen([program, "serve", "--location", folder / "data", "--bind", f"127.0.0.1:{port}"], stderr=log, stdout=log)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(200):
            assert running.poll() is None, (folder / "log").read_text()
            try:
                urllib.request.urlopen(f"{address}/query?query=ASK%7B%7D", timeout=5).close()  # noqa: S310 - loopback
                break
            except OSError:
                time.sleep(0.05)
        yield address
    finally:
        running.kill()
        running.wait()


def remote_at(address: str, graph: str = "") -> RemoteStore:
    return RemoteStore(f"{address}/query", f"{address}/update", graph=graph, seconds=30)


@pytest.fixture(scope="module")
def embedded() -> EmbeddedStore:
    return EmbeddedStore(load(data_roots(), PUBLIC))


@pytest.fixture(scope="module")
def remote(server: str, embedded: EmbeddedStore) -> RemoteStore:
    store = remote_at(server)
    store.update("CLEAR ALL")
    store.load(embedded.dump())
    return store


@pytest.fixture(params=["memory", "disk", "remote", "remote graph"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    if request.param == "memory":
        return EmbeddedStore()
    if request.param == "disk":
        return EmbeddedStore.on_disk(tmp_path / "store")
    graph = "http://e/graph" if request.param == "remote graph" else "http://e/other"
    store = remote_at(request.getfixturevalue("server"), graph)
    store.update(f"CLEAR SILENT GRAPH <{graph}>")
    return store


def rows(table: Table) -> Counter[tuple[object, ...]]:
    """Rows to compare: blank nodes are blank nodes, whatever their names."""
    return Counter(tuple("blank" if isinstance(cell, Blank) else cell for cell in row) for row in table.rows)


# ---------------------------------------------------------------- the policy graph in both
def test_the_remote_store_holds_the_same_graph(embedded: EmbeddedStore, remote: RemoteStore) -> None:
    assert canonical(remote.dump()) == canonical(embedded.dump())


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_has_the_same_answer_in_both(name: str, language: str, embedded: EmbeddedStore, remote: RemoteStore) -> None:
    query = QUESTIONS[name].bind({}, language)
    here, there = embedded.select(query), remote.select(query)
    assert here.columns == there.columns
    assert rows(here) == rows(there)
    assert here.rows == there.rows or any(isinstance(cell, Blank) for row in here.rows for cell in row)


def test_there_are_questions() -> None:
    assert len(QUESTIONS) >= LEAST_QUESTIONS


# ---------------------------------------------------------------- the protocol, on every kind of store
def test_what_is_loaded_is_there(empty: Store) -> None:
    empty.load(ODD)
    assert canonical(empty.dump()) == canonical(ODD)
    assert empty.ask("ASK { ?s <http://e/q> ?o }") is True
    assert empty.ask("ASK { <http://e/none> ?p ?o }") is False
    found = empty.select("SELECT ?o ?none WHERE { <http://e/路径> ?p ?o }")
    assert found == Table(("o", "none"), ((Literal("0.6", XSD.decimal), None),))
    assert empty.construct("CONSTRUCT { ?s <http://e/r> ?o } WHERE { ?s ?p ?o FILTER(isLiteral(?o)) }") == tuple(
        sorted(((s, Iri("http://e/r"), o) for s, _, o in ODD if isinstance(o, Literal)), key=lambda t: (t[0].value, t[2].value))
    )
    assert empty.construct("CONSTRUCT { ?s ?p ?o } WHERE { ?s <http://e/none> ?o . ?s ?p ?o }") == ()


def test_words_in_comments_do_not_make_it_an_update(empty: Store) -> None:
    empty.load(ODD)
    query = "#+ summary: add\n#+ tags: [drop, load]\n# clear\nPREFIX delete: <http://e/>\nSELECT ?add WHERE { delete:路径 ?p ?add }"
    assert len(empty.select(query)) == 1


def test_a_large_load_keeps_blank_nodes_joined(empty: Store) -> None:
    ground = [(Iri(f"http://e/{n}"), Iri("http://e/p"), Literal(str(n))) for n in range(4500)]
    empty.load([*ground[:2000], *ODD, *ground[2000:]])
    assert len(empty.dump()) == 4500 + len(ODD)
    assert empty.ask("ASK { <http://e/a> <http://e/p>/<http://e/q>/<http://e/q>/<http://e/q> ?x }")


def test_an_update_changes_the_store(empty: Store) -> None:
    empty.load(ODD)
    where = "WITH <http://e/graph> " if isinstance(empty, RemoteStore) and empty.graph.endswith("graph") else ""
    where = where or ("WITH <http://e/other> " if isinstance(empty, RemoteStore) else "")
    empty.update(f"{where}DELETE {{ ?s ?p ?o }} WHERE {{ ?s ?p ?o FILTER(isBlank(?s) || isBlank(?o)) }}")
    assert set(empty.dump()) == set(ODD[:3])


WRONG: list[tuple[Callable[[Store], object], type[Exception]]] = [
    (lambda store: store.select("SELECT * WHERE { ?s ?p }"), InputError),
    (lambda store: store.ask("ASK { ?s ?p ?o"), InputError),
    (lambda store: store.construct("CONSTRUCT { ?s ?p ?o } WHERE { ?s zz:p ?o }"), InputError),
    (lambda store: store.update("INSERT DATA { <a:b> <a:c> }"), InputError),
    (lambda store: store.select("ASK { ?s ?p ?o }"), StoreError),
    (lambda store: store.ask("SELECT * WHERE { ?s ?p ?o }"), StoreError),
]


@pytest.mark.parametrize("case", range(len(WRONG)))
def test_a_wrong_query_is_refused(empty: Store, case: int) -> None:
    call, kind = WRONG[case]
    with pytest.raises(kind):
        call(empty)


# ---------------------------------------------------------------- endpoints that answer oddly
VIRTUOSO_ASK = {"head": {"vars": ["__ASK_RETVAL"]}, "results": {"bindings": [{"__ASK_RETVAL": {"type": "literal", "value": "1"}}]}}
TYPED = {"type": "typed-literal", "datatype": XSD.integer, "value": "7"}
VIRTUOSO_ROW = {"head": {"link": [], "vars": ["n"]}, "results": {"distinct": False, "ordered": True, "bindings": [{"n": TYPED}]}}
ANSWERS: dict[str, tuple[int, str, bytes]] = {
    "/virtuoso-ask": (200, "application/sparql-results+json", json.dumps(VIRTUOSO_ASK).encode()),
    "/virtuoso-row": (200, "application/sparql-results+json", json.dumps(VIRTUOSO_ROW).encode()),
    "/html": (200, "text/html", b"<html>Welcome</html>"),
    "/list": (200, "application/sparql-results+json", b"[]"),
    "/half": (200, "application/sparql-results+json", b'{"head": {"vars": ["n"]}, "results": {"bindings": [{"n": {}}]}}'),
    "/gone": (404, "text/plain", b"no"),
    "/secret": (401, "text/plain", b"no"),
    "/broken": (500, "text/plain", b"no"),
    "/busy": (503, "text/plain", b"later"),
}


@pytest.fixture(scope="module")
def odd_endpoint() -> Iterator[tuple[str, list[dict[str, list[str]]]]]:
    """A server that answers as its path says, and keeps the headers and forms that it was sent."""
    seen: list[dict[str, list[str]]] = []

    class Odd(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            seen.append({"accept": [self.headers["Accept"]], **parse_qs(body)})
            status, kind, answer = ANSWERS[self.path]
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Odd) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_port}", seen
        running.shutdown()


def test_virtuosos_spellings_are_understood(odd_endpoint: tuple[str, list[dict[str, list[str]]]]) -> None:
    address, seen = odd_endpoint
    assert RemoteStore(f"{address}/virtuoso-ask").ask("ASK { ?s ?p ?o }") is True
    found = RemoteStore(f"{address}/virtuoso-row", graph="http://e/g").select("SELECT ?n WHERE { ?s ?p ?n }")
    assert found.rows == ((Literal("7", XSD.integer),),)
    assert seen[-1]["default-graph-uri"] == ["http://e/g"]
    assert all("json" in request["accept"][0] and "xml" not in request["accept"][0] for request in seen)


@pytest.mark.parametrize("path", ["/html", "/list", "/half", "/gone", "/secret", "/broken", "/busy"])
def test_an_endpoint_that_does_not_answer_is_named(odd_endpoint: tuple[str, list[dict[str, list[str]]]], path: str) -> None:
    with pytest.raises(StoreError) as caught:
        RemoteStore(odd_endpoint[0] + path).select("SELECT ?n WHERE { ?s ?p ?n }")
    assert caught.value.where == odd_endpoint[0] + path
    assert caught.value.render("zh").count("\n") == 1


def test_nobody_at_home() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}/query"
        with pytest.raises(StoreError):
            RemoteStore(address, seconds=2).ask("ASK { ?s ?p ?o }")


# ---------------------------------------------------------------- on disk
def test_one_writer_and_many_readers(tmp_path: Path) -> None:
    writer = EmbeddedStore.on_disk(tmp_path / "store")
    writer.load(ODD)
    writer.graph.store.flush()
    with pytest.raises(StoreError) as caught:
        EmbeddedStore.on_disk(tmp_path / "store")
    assert "store" in caught.value.where
    reader = EmbeddedStore.on_disk(tmp_path / "store", read_only=True)
    writer.load([(Iri("http://e/late"), Iri("http://e/p"), Literal("x"))])
    assert canonical(reader.dump()) == canonical(ODD)
    with pytest.raises(StoreError):
        reader.load([(Iri("http://e/late"), Iri("http://e/p"), Literal("x"))])


def test_a_folder_that_is_no_store(tmp_path: Path) -> None:
    with pytest.raises(StoreError):
        EmbeddedStore.on_disk(tmp_path / "missing", read_only=True)
