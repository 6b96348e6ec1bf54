"""Foreign SPARQL in the pool: datasets, forms, what is cut off, and that nothing gets out."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import pytest

from policygraph.errors import InputError, LimitError, PolicyGraphError, UsageError
from policygraph.graph.cutting import CSV, JSON, TSV, XML, EnoughError, Form, Rows
from policygraph.graph.loading import DERIVED, PUBLIC, load, load_dataset, source_files
from policygraph.graph.memory import Graph
from policygraph.graph.parsing import read_ntriples
from policygraph.graph.pool import Limits, Pool
from policygraph.graph.stopping import Limits as Allowed
from policygraph.model.terms import Blank, Iri, Literal
from policygraph.paths import data_roots
from policygraph.queries import answering
from policygraph.store.embedded import EmbeddedStore
from test_sandbox import ATTACKS, CROSS

if TYPE_CHECKING:
    from collections.abc import Callable

ROOTS = data_roots()
JOB = {"roots": [str(root) for root in ROOTS.roots]}
CORE = next(file for file in source_files(ROOTS, PUBLIC) if file.name == "ontology/core.ttl").graph
COUNT = "SELECT (COUNT(*) AS ?n) {} WHERE {{ {} }}"


@pytest.fixture(scope="module")
def state() -> answering.State:
    return answering.prepare(JOB)


def ask(state: answering.State, query: str, **head: Any) -> tuple[dict[str, Any], bytes]:
    return answering.work(state, {"query": query, **head}, b"", Allowed(), lambda _: None)


def number(state: answering.State, query: str, **head: Any) -> int:
    rows = json.loads(ask(state, query, **head)[1])["results"]["bindings"]
    return int(rows[0]["n"]["value"])


# ---------------------------------------------------------------- datasets
def test_the_default_graph_holds_what_the_command_line_asks(state: answering.State) -> None:
    assert number(state, COUNT.format("", "?s ?p ?o")) == len(load(ROOTS, PUBLIC))
    every = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o FILTER NOT EXISTS { GRAPH ?g { ?s ?p ?o } } }"
    assert number(state, every) == 0  # each statement stands in a named graph as well, its blank nodes the same


def test_datasets_are_chosen_among_stored_graphs(state: answering.State) -> None:
    triples, core = "?s ?p ?o", number(state, COUNT.format("", f"GRAPH <{CORE}> {{ ?s ?p ?o }}"))
    derived = number(state, COUNT.format(f"FROM <{DERIVED}>", triples))
    assert min(core, derived) > 100
    assert number(state, COUNT.format(f"FROM <{CORE}>", triples)) == core
    assert number(state, COUNT.format(f"FROM <{CORE}> FROM <{DERIVED}>", triples)) == core + derived
    assert number(state, COUNT.format(f"FROM NAMED <{CORE}>", "GRAPH ?g { ?s ?p ?o }")) == core
    assert number(state, COUNT.format(f"FROM NAMED <{CORE}>", triples)) == 0
    assert number(state, COUNT.format("FROM <http://127.0.0.1:1/none>", triples)) == 0
    # The protocol's dataset takes the place of the query's.
    assert number(state, COUNT.format(f"FROM <{DERIVED}>", triples), default=[CORE]) == core
    assert number(state, COUNT.format("", triples), named=[CORE]) == 0
    assert number(state, COUNT.format("", "GRAPH ?g { ?s ?p ?o }"), named=[CORE]) == core
    assert number(state, COUNT.format("", "GRAPH ?g { ?s ?p ?o }"), default=[CORE]) == 0
    assert number(state, COUNT.format("", triples), default=["http://127.0.0.1:1/中文"]) == 0
    with pytest.raises(InputError):
        ask(state, "ASK {}", default=["no iri"])


def test_load_dataset_keeps_what_the_default_graph_had() -> None:
    apart, together = ({t for t in graph if not any(isinstance(x, Blank) for x in t)} for graph in (load_dataset(ROOTS), load(ROOTS)))
    assert apart == together


def test_a_store_on_disk_is_opened_after_the_fork(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    store = EmbeddedStore.on_disk(folder)
    store.load([(Iri("http://e/a"), Iri("http://e/p"), Literal("中"))])
    store.update("INSERT { GRAPH <http://e/g> { ?s ?p ?o } } WHERE { ?s ?p ?o }")
    store.graph.store.flush()
    del store

    async def test() -> None:
        pool = Pool("policygraph.queries.answering", {"folder": str(folder)}, size=2, queue=8, limits=Limits())
        await pool.start()
        for _ in range(3):
            _, body = await pool.run({"query": "SELECT ?g ?o WHERE { GRAPH ?g { ?s ?p ?o } }", "form": "text/csv"})
            assert body.decode() == "g,o\r\nhttp://e/g,中\r\n"
        await pool.close()

    asyncio.run(test())


# ---------------------------------------------------------------- forms
def test_every_form_of_rows(state: answering.State) -> None:
    query = "SELECT ?a ?b WHERE { VALUES (?a ?b) { ('中\\r\\n\"},{\"' UNDEF) (UNDEF UNDEF) (1.50 'x'@en) } }"
    head, body = ask(state, query)
    assert head == {"form": "rows", "media": "application/sparql-results+json", "rows": 3}
    assert json.loads(body)["results"]["bindings"][0]["a"]["value"] == '中\r\n"},{"'
    _, body = ask(state, query, form="application/sparql-results+xml")
    assert ElementTree.fromstring(body).findtext(".//{*}literal") == '中\r\n"},{"'  # noqa: S314 - of our own
    head, body = ask(state, query, form=["text/turtle", "text/csv"])
    assert (head["media"], head["rows"]) == ("text/csv", 3)
    assert list(csv.reader(io.StringIO(body.decode(), newline="")))[1] == ['中\r\n"},{"', ""]
    head, body = ask(state, query, form="text/tab-separated-values")
    assert (head["rows"], body.count(b"\n")) == (3, 4)
    assert ask(state, "ASK {}", form="text/csv")[1] == b"true"
    assert json.loads(ask(state, "ASK { FILTER(false) }")[1])["boolean"] is False
    assert ask(state, "SELECT * WHERE { FILTER(false) }")[0]["rows"] == 0


def test_every_form_of_graphs(state: answering.State) -> None:
    query = (
        f"CONSTRUCT {{ ?s ?p ?o . ?s <http://e/1> '中\\r' }} WHERE {{ GRAPH <{CORE}> {{ ?s ?p ?o FILTER(!isBlank(?s) && !isBlank(?o)) }} }}"
    )
    head, body = ask(state, query, form="application/n-triples")
    expected = set(read_ntriples(body))
    assert head["rows"] == len(expected) > 100
    for media, form in {"text/turtle": "turtle", "application/trig": "trig", "application/ld+json": "jsonld"}.items():
        head, body = ask(state, query, form=media)
        assert head["media"] == media
        graph = Graph()
        graph.store.load(body, format=_format(form))
        assert set(graph) == expected
    assert b"@prefix pg:" in ask(state, query)[1]
    with pytest.raises(PolicyGraphError):  # XML has no name for that predicate
        ask(state, query, form="application/rdf+xml")
    named = query.replace("http://e/1", "http://e/one")
    graph.store.clear()
    graph.store.load(ask(state, named, form="application/rdf+xml")[1], format=_format("rdfxml"))
    assert len(graph) == len(expected)


def _format(name: str) -> Any:
    from policygraph.graph.child import _FORMATS

    return _FORMATS[name]


def test_rows_over_the_cap_are_cut_off(state: answering.State) -> None:
    everything = "SELECT * WHERE { ?s ?p ?o }"
    assert "cut" not in ask(state, everything)[0]
    readers: dict[str, Callable[[bytes], int]] = {
        "application/sparql-results+json": lambda body: len(json.loads(body)["results"]["bindings"]),
        "application/sparql-results+xml": lambda body: len(ElementTree.fromstring(body).findall(".//{*}result")),  # noqa: S314
        "text/csv": lambda body: len(list(csv.reader(io.StringIO(body.decode(), newline="")))) - 1,
        "text/tab-separated-values": lambda body: body.count(b"\n") - 1,
    }
    for media, count in readers.items():
        for most in (1, 2, 999):
            head, body = ask(state, everything, form=media, rows=most)
            assert (head["cut"], head["rows"], count(body)) == (True, most, most)
            head, body = ask(state, f"{everything} LIMIT {most}", form=media, rows=most)
            assert ("cut" in head, head["rows"], count(body)) == (False, most, most)
    head, _ = ask(state, "SELECT ?none WHERE { ?a ?b ?c . ?d ?e ?f }")
    assert (head["rows"], head["cut"]) == (answering.MOST, True)
    head, body = ask(state, "CONSTRUCT WHERE { ?s ?p ?o }", rows=5, form="application/n-triples")
    assert (head["rows"], head["cut"], body.count(b"\n")) == (5, True, 5)


DOCUMENTS = [
    (JSON, b'{"head":{},"results":{"bindings":[{"a":"x\\\\"},{},{"a":"},{\\"},{"},{"b":"\\\\\\""}]}}'),
    (XML, b"<?xml?><sparql><results><result></result><result>x</result><result></result><result></result></results></sparql>"),
    (CSV, b'a,b\r\n"x\r\n""\r\n",1\r\n\r\n3,\r\n"""\r\n",\r\n'),
    (TSV, b'?a\n"x"\n\n1\n2\n'),
]


@pytest.mark.parametrize(("form", "document"), DOCUMENTS)
def test_rows_are_counted_however_the_bytes_come(form: Form, document: bytes) -> None:
    for size in range(1, len(document) + 1):
        for most in range(1, 7):
            out = Rows(Allowed(), form, most)
            try:
                for at in range(0, len(document), size):
                    out.write(document[at : at + size])
            except EnoughError:
                pass
            left, rows, cut = out.whole()
            assert (rows, cut) == (min(4, most), most < 4)
            assert left.endswith(form.closing)
            assert (left == document) == (not cut)


# ---------------------------------------------------------------- what is refused, and what is stopped
def test_service_and_updates_are_refused(state: answering.State) -> None:
    for query in ("SELECT * { SERV\\u0049CE <http://127.0.0.1/> {} }", "INSERT DATA { <a:a> <a:a> 1 }", "LOAD <http://127.0.0.1/>"):
        with pytest.raises(UsageError):
            ask(state, query)
    with pytest.raises(InputError, match="zz:"):
        ask(state, "ASK { zz:a ?p ?o }")


def test_bombs_are_stopped_while_others_are_served(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))
    limits = Limits(seconds=1.5, memory=256 << 20, output=1 << 20)

    async def test() -> None:
        for module in ("uninspected", "policygraph.queries.answering"):
            pool = Pool(module, JOB, size=2, queue=50, limits=limits)
            await pool.start()
            for name, (query, _) in ATTACKS.items():
                if name in {"large answer", "large graph", "poisoned blank nodes"}:
                    continue  # cut off at the most rows, or written without naming blank nodes anew
                started = time.monotonic()
                bomb = asyncio.create_task(pool.run({"query": query}))
                _, body = await pool.run({"query": "ASK { ?s ?p ?o }"}, limits=Limits())
                assert json.loads(body)["boolean"] is True
                with pytest.raises(LimitError):
                    await bomb
                assert time.monotonic() - started < 6
            await pool.close()

    asyncio.run(test())


def test_a_query_makes_no_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))

    async def test() -> None:
        came: list[object] = []
        server = await asyncio.start_server(lambda _, writer: (came.append(1), writer.close()), "127.0.0.1", 0)
        address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
        for module in ("uninspected", "policygraph.queries.answering"):
            pool = Pool(module, JOB, size=1, queue=8, limits=Limits(seconds=5))
            await pool.start()
            for words in ("SERVICE", "SERVICE SILENT", "SERV\\u0049CE", "\\u0053ERVICE SILENT"):
                try:
                    await pool.run({"query": f"SELECT * WHERE {{ {words} <{address}> {{ ?s ?p ?o }} }}"})
                except PolicyGraphError:
                    continue
                assert "SILENT" in words
                assert module == "uninspected"
            found = [await pool.run({"query": COUNT.format(f"FROM <{address}>", "?s ?p ?o")})]
            found.append(await pool.run({"query": COUNT.format("", "?s ?p ?o"), "default": [address]}))
            assert all(b'"value":"0"' in body for _, body in found)
            await pool.close()
        server.close()
        assert came == []

    asyncio.run(test())


def test_a_cross_product_leaves_the_pool_as_it_was() -> None:
    async def test() -> None:
        pool = Pool("policygraph.queries.answering", JOB, size=1, queue=8, limits=Limits(seconds=0.5))
        await pool.start()
        for _ in range(3):
            with pytest.raises(LimitError):
                await pool.run({"query": CROSS})
            assert await pool.run({"query": "ASK {}"})
        await pool.close()

    asyncio.run(test())
