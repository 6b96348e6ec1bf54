"""Push, questions and decisions on the `oxigraph` server and on Virtuoso 7, compared with the embedded store."""

from __future__ import annotations

from functools import cache
from threading import Timer
from typing import TYPE_CHECKING

import pytest
import yaml

from commanding import process
from policygraph.app.checking import Setting, check_submission
from policygraph.app.push import push
from policygraph.errors import PolicyGraphError, StoreError, Text
from policygraph.graph.likeness import plain
from policygraph.graph.loading import PUBLIC, load
from policygraph.graph.memory import Graph
from policygraph.graph.terms import triple_order
from policygraph.model.terms import Blank, Iri, Literal, Table, Term
from policygraph.paths import data_roots
from policygraph.queries.entities import Entities
from policygraph.queries.parameters import resolve
from policygraph.store.embedded import EmbeddedStore
from policygraph.store.opening import open_store
from policygraph.store.retrying import Patience
from servers import Oxigraph, Server, Virtuoso
from submitting import TESTS, TODAY, standard
from test_questions import CASES, QUESTIONS, values

if TYPE_CHECKING:
    from collections.abc import Iterator

EXAMPLES = ("award-claim-amended.ttl", "award-claim-too-high.jsonld", "employer-good.ttl", "internship-report-bad.ttl")
SHORT = Patience(attempts=3, first=0.05, longest=0.1)
VIRTUOSO_CANNOT = yaml.safe_load((TESTS / "virtuoso-cannot.yaml").read_text("utf-8"))
FOREIGN = "http://e/somebody-elses"


@pytest.fixture(scope="module", params=[Oxigraph, Virtuoso], ids=["oxigraph", "virtuoso"])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with request.param(tmp_path_factory.mktemp("server")) as running:
        yield running


@cache
def graph() -> Graph:
    return load(data_roots(), PUBLIC)


@cache
def part() -> Graph:
    """A part of the graph that is sent in a few batches."""
    return Graph(triple for triple in sorted(graph(), key=triple_order)[:8000] if not any(isinstance(term, Blank) for term in triple))


@cache
def entities() -> Entities:
    return Entities(graph())


@pytest.fixture(scope="module")
def pushed(server: Server) -> Server:
    server.store().beside(FOREIGN).load([(Iri("http://e/a"), Iri("http://e/p"), Literal("theirs"))])
    assert not push(server.store(), graph()).difference
    return server


# ---------------------------------------------------------------- the three promises
@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_has_the_same_answer_there(name: str, pushed: Server) -> None:
    there, here = pushed.store(), EmbeddedStore(graph())
    queries = {QUESTIONS[name].bind(resolve(QUESTIONS[name], dict(c.params), entities()), c.language) for c in CASES if c.question == name}
    assert queries
    pairs = [(here.select(query), there.select(query)) for query in sorted(queries)]
    same = [ours.columns == theirs.columns and by_value(ours) == by_value(theirs) for ours, theirs in pairs]
    assert all(same) is not (isinstance(pushed, Virtuoso) and name in VIRTUOSO_CANNOT)


def test_what_virtuoso_cannot_do_are_questions() -> None:
    assert set(VIRTUOSO_CANNOT) <= set(QUESTIONS) and len(VIRTUOSO_CANNOT) <= 1


def by_value(table: Table) -> list[tuple[object, ...]]:
    """Rows in their order, numbers and truths by value, blank nodes without their names."""
    return [values(tuple(None if isinstance(cell, Blank) else cell for cell in row)) for row in table.rows]


def test_decisions_over_the_fetched_graph_are_the_same(pushed: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in pushed.environment().items():
        monkeypatch.setenv(name, value)
    opened = open_store(pushed.address, data_roots())
    assert opened.graph is not graph() and opened.place == pushed.address
    there = Setting(data_roots(), opened.graph, opened.digest, TODAY)
    for example in EXAMPLES:
        path = str(data_roots().base / "examples" / example)
        ours, theirs = check_submission(standard(), path), check_submission(there, path)
        assert ours.records and ours == theirs


def test_a_second_push_changes_nothing_and_other_graphs_stay(pushed: Server) -> None:
    store = pushed.store()
    again = push(store, graph())
    assert (again.sent, bool(again.difference), again.before) == (False, False, len(graph()))
    assert store.beside(FOREIGN).dump() == ((Iri("http://e/a"), Iri("http://e/p"), Literal("theirs")),)
    assert store.beside(f"{store.graph}/staging").count() == 0


# ---------------------------------------------------------------- what was there before
def test_a_push_replaces_what_was_there(pushed: Server) -> None:
    store = pushed.store().beside("http://e/replaced")
    old = Graph([(Iri("http://e/a"), Iri("http://e/p"), Blank("x")), (Blank("x"), Iri("http://e/p"), Literal("old"))])
    new = Graph([(Iri("http://e/a"), Iri("http://e/p"), Blank("x")), (Blank("x"), Iri("http://e/p"), Literal("new"))])
    for content, before in ((old, 0), (new, 2)):
        done = push(store, content)
        assert (done.sent, done.before, bool(done.difference)) == (True, before, False)
        assert plain(store.dump()) == plain(content)


def test_a_rehearsal_writes_nothing(pushed: Server) -> None:
    store = pushed.store().beside("http://e/rehearsed")
    done = push(store, graph(), rehearsal=True)
    assert (done.sent, done.count, done.before) == (False, len(graph()), 0)
    assert store.count() == 0


def test_what_a_store_does_to_literals_is_let_pass_and_nothing_else(pushed: Server) -> None:
    xsd = "http://www.w3.org/2001/XMLSchema#"
    odd: list[Term] = [Literal(v, f"{xsd}decimal") for v in ("0.60", "80000.0", "-1.50", "0.35")]
    odd += [Literal("true", f"{xsd}boolean"), Literal("0", f"{xsd}boolean"), Literal("007", f"{xsd}integer")]
    odd += [Literal("2024-02-29", f"{xsd}date"), Literal('行1\n\t“引号” \\ "', f"{xsd}string"), Literal("𠮷", "", "")]
    odd += [Literal("中文", "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString", "zh"), Iri("http://e/路径")]
    odd[9] = Literal("𠮷", f"{xsd}string")
    content = Graph((Iri(f"http://e/{n}"), Iri("http://e/p"), value) for n, value in enumerate(odd))
    store = pushed.store().beside("http://e/odd")
    assert not push(store, content).difference
    store.update("INSERT DATA { GRAPH <http://e/odd> { <http://e/0> <http://e/p> 0.61 } }")
    store.update("DELETE DATA { GRAPH <http://e/odd> { <http://e/11> <http://e/p> <http://e/路径> } }")
    again = push(store, content, rehearsal=True)
    assert {t[0] for t in again.difference.missing} == {Iri("http://e/11")}
    assert [t[2] for t in again.difference.unexpected] == [Literal("0.61", f"{xsd}decimal")]


def test_a_graph_of_other_files_is_not_opened(pushed: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in pushed.environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("POLICYGRAPH_STORE_GRAPH", FOREIGN)
    with pytest.raises(StoreError) as caught:
        open_store(pushed.address, data_roots())
    assert "push" in caught.value.fix.en


# ---------------------------------------------------------------- the command
def test_the_command(pushed: Server) -> None:
    place = {"POLICYGRAPH_STORE_GRAPH": "http://e/command", **pushed.environment()}
    runs = (("zh", ["--dry-run"], "演练"), ("en", [], "Pushed"), ("zh", [], "已经在那里"))
    digests = set()
    for tongue, more, first in runs:
        done = process("push", pushed.address, *more, POLICYGRAPH_LANG=tongue, **place)
        said = done.stdout.decode().splitlines()
        assert (done.returncode, done.stderr) == (0, b"")
        assert said[0].startswith(first) and "http://e/command" in said[1]
        digests.add(said[2].split()[-1].rpartition("：")[2])
    assert len(digests) == 1


def test_a_wrong_password_is_said_and_not_shown(server: Server) -> None:
    if server.credentials is None:
        pytest.skip("the oxigraph server knows no users")
    wrong = {**server.environment(), "POLICYGRAPH_STORE_PASSWORD": "geheim", "POLICYGRAPH_LANG": "en"}
    done = process("push", server.address, **wrong)
    assert done.returncode == 2
    assert b"401" in done.stderr and b"POLICYGRAPH_STORE_USER" in done.stderr
    assert b"geheim" not in done.stderr + done.stdout


# ---------------------------------------------------------------- a server that goes away
def test_a_push_outlives_a_restart(pushed: Server) -> None:
    store = pushed.store().beside("http://e/restarted")
    cut: list[Timer] = []

    def tell(_: Text, done: int, total: int) -> None:
        if done > total / 2 and not cut:
            pushed.stop()
            cut.append(Timer(0.5, pushed.start))
            cut[0].start()

    patient = store.beside(store.graph)
    patient._patience = Patience(attempts=40, first=0.2, longest=1.0)
    done = push(patient, part(), tell=tell)
    cut[0].join()
    assert done.sent and not done.difference


def test_a_server_that_stays_away_is_named_and_keeps_what_it_had(pushed: Server) -> None:
    before = Graph([(Iri("http://e/a"), Iri("http://e/p"), Literal("before"))])
    store = pushed.store(SHORT).beside("http://e/away")
    push(store, before)

    def tell(_: Text, done: int, total: int) -> None:
        if done > total / 2:
            pushed.stop()

    try:
        with pytest.raises(PolicyGraphError) as caught:
            push(store, part(), tell=tell)
    finally:
        pushed.stop()
        pushed.start()
    assert isinstance(caught.value, StoreError)
    assert caught.value.where == store.address.update
    assert store.dump() == tuple(before)
    assert not push(store, part()).difference, "the next push starts afresh"
