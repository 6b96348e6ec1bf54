"""Foreign queries: what is refused at sight, what is stopped, and that nothing gets out."""

from __future__ import annotations

import functools
import http.server
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from policygraph.errors import InputError, LimitError, PolicyGraphError, UsageError
from policygraph.graph import confine
from policygraph.model.terms import Blank, Iri, Literal, Table
from policygraph.paths import data_roots
from policygraph.queries import sandbox
from policygraph.queries.lexer import decode, scan
from policygraph.vocab import PG, RDF

ROOTS = data_roots()
CROSS = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


def unchecked(query: str, **limits: float) -> object:
    """Run a query in the child without the caps that come first."""
    job = {"roots": [str(root) for root in ROOTS.roots]}
    allowed = {"seconds": 3.0, "memory": 1 << 30, "output": 1 << 20, **limits}
    return confine.run("policygraph.queries.child", job, query.encode(), confine.Limits(**allowed))


# ---------------------------------------------------------------- what a query may do
def test_the_four_forms() -> None:
    rows = sandbox.run("SELECT ?m ?none WHERE { ?m a pg:Measure } ORDER BY ?m", ROOTS)
    assert isinstance(rows, Table)
    assert rows.columns == ("m", "none")
    assert len(rows) == 11
    assert sandbox.run("ASK { ?m a pg:Measure }", ROOTS) is True
    triples = sandbox.run("CONSTRUCT { ?m a pg:Section ; rdfs:seeAlso [] } WHERE { ?m a pg:Measure }", ROOTS)
    assert isinstance(triples, tuple)
    assert len(triples) == 22
    assert {o.value for _, _, o in triples if isinstance(o, Blank)} == {f"c14n{n}" for n in range(11)}
    described = sandbox.run(f"DESCRIBE <{PG.Measure}>", ROOTS)
    assert isinstance(described, tuple)
    assert (Iri(PG.Measure), Iri(RDF.type), Iri("http://www.w3.org/2002/07/owl#Class")) in described


HARMLESS = [
    'SELECT ("SERVICE" AS ?service) (<http://x/FROM> AS ?from) WHERE { } # SERVICE FROM INSERT',
    "PREFIX service: <http://e/> SELECT * WHERE { ?s service:from ?o }",
    'SELECT ("""a "quoted" SERVICE\n""" AS ?x) WHERE { }',
    "SELECT * WHERE { ?s a ?t FILTER(?s<?t&&?t>?s) } LIMIT 1",
    "SELECT * WHERE { ?s ?p 'x'@service } LIMIT 1",
    "BASE <http://e/> ASK { _:service a <from> }",
    "ASK { ?s ?p '\\\\u0041' }",
]


@pytest.mark.parametrize("query", HARMLESS)
def test_words_that_are_no_keywords_are_harmless(query: str) -> None:
    sandbox.run(query, ROOTS)


# ---------------------------------------------------------------- refused at sight
UNICODE = "SELECT * WHERE { SERV\\u0049CE <http://127.0.0.1/> { ?s ?p ?o } }"
REFUSED = [
    ("SELECT * WHERE { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }", UsageError),
    ("SELECT * WHERE { service silent ?x { ?s ?p ?o } }", UsageError),
    (UNICODE, UsageError),
    (UNICODE.replace("\\u0049", "\\U00000049"), UsageError),
    ("SELECT * WHERE { FILTER EXISTS { { SELECT * WHERE { SERVICE?x{} } } } }", UsageError),
    ("SELECT * WHERE { ?s ?p 'it\\'s' . SERVICE <http://e/> {} }", UsageError),
    ("SELECT * WHERE { ?s ?p '''a\\'''b''' . SERVICE <http://e/> {} }", UsageError),
    ('SELECT * WHERE { ?s ?p "#" . SERVICE <http://e/> {} }', UsageError),
    ("SELECT * WHERE { ?s <http://e/#> ?p . SERVICE <http://e/> {} }", UsageError),
    ("SELECT * WHERE { ?s e:a\\'b ?p . SERVICE <http://e/> {} }", UsageError),
    ("SELECT * WHERE { ?s ?p \\u0022x\\u0022 . SERVICE <http://e/> {} }", UsageError),
    ("# \\u000A SELECT * WHERE { SERVICE <http://e/> {} }", UsageError),
    ("SELECT * FROM <file:///etc/passwd> WHERE { ?s ?p ?o }", UsageError),
    ("SELECT * FROM NAMED <http://127.0.0.1/> WHERE { GRAPH ?g { ?s ?p ?o } }", UsageError),
    ("ASK FR\\u004FM <http://127.0.0.1/> { ?s ?p ?o }", UsageError),
    ("INSERT DATA { <a:b> <a:c> <a:d> }", UsageError),
    ("PREFIX a: <a:> delete where { ?s ?p ?o }", UsageError),
    ("LOAD <file:///etc/passwd>", UsageError),
    ("WITH <a:b> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }", UsageError),
    ("CLEAR ALL", UsageError),
    ("", InputError),
    (" \n# only a comment", InputError),
    ("SELECT * " + "{" * 3000 + "}" * 3000, LimitError),
    ("SELECT * WHERE { " + "?s ?p [ ?q " * 100 + "1" + "]" * 100 + "}", LimitError),
    ("SELECT * WHERE { " + "?a ?b ?c . " * 4000 + "}", LimitError),
    ("SELECT * WHERE { ?s " + "/".join("a" * 6000) + " ?o }", LimitError),
    ("SELECT * WHERE { ?s ?p ?o FILTER(?o IN (" + ",".join("1" * 6000) + ")) }", LimitError),
    ("SELECT * WHERE { FILTER(" + "!" * 11_000 + "true) }", LimitError),
    ("ASK { ?s ?p '" + "x" * 60_000 + "' }", LimitError),
]


@pytest.mark.parametrize(("query", "kind"), REFUSED, ids=range(len(REFUSED)))
def test_refused_at_sight(query: str, kind: type[PolicyGraphError]) -> None:
    with pytest.raises(kind) as caught:
        sandbox.inspect(query)
    assert caught.value.what.zh
    assert caught.value.fix.en


SYNTAX = [
    ("SELECT *\nWHERE { ?s '中文' x }", "SPARQL:2:17"),
    ("SELECT * WHERE { ?s ?p ?o", "SPARQL:1:26"),
    ("SELECT * WHERE { ?s zz:p ?o }", ""),
    ("FLY ME TO THE MOON", ""),
    ("PREFIX a: <a:>", ""),
    ("SELECT (TRIPLE(<a:b>, <a:b>, <a:b>) AS ?t) WHERE { }", ""),
]


@pytest.mark.parametrize(("query", "place"), SYNTAX)
def test_a_syntax_error_says_where(query: str, place: str) -> None:
    with pytest.raises(InputError) as caught:
        sandbox.run(query, ROOTS)
    assert caught.value.where == place
    assert ("zz:" in caught.value.what.zh) == ("zz:" in query)


def test_scanning_counts_what_there_is() -> None:
    found = scan(decode("PREFIX a: <a:> SELECT * WHERE { ?s a:b [ a:c ( 1 2.5e3 ) ] FILTER(?s != b:c) }"))
    assert (found.first, found.depth) == ("SELECT", 3)
    assert (set(found.prefixes), set(found.declared)) == ({"a", "b"}, {"a"})
    assert decode("\\u4E2D\\U0001F600\\uD800") == "中😀\ufffd"


# ---------------------------------------------------------------- stopped while running
ATTACKS = {
    "nested braces": ("SELECT * " + "{" * 3000 + "}" * 3000, {}),
    "20,000 patterns": ("SELECT * WHERE { " + "?a ?b ?c . " * 20_000 + "}", {}),
    "20,000 steps": ("SELECT * WHERE { ?s " + "/".join("a" * 20_000) + " ?o }", {}),
    "150,000 items": ("SELECT * WHERE { ?s ?p ?o FILTER(?o IN (" + ",".join(map(str, range(150_000))) + ")) }", {"seconds": 2}),
    "3,000 blank nodes": ("SELECT * WHERE { ?s ?p " + "[ ?a " * 3000 + "1" + "]" * 3000 + " }", {"seconds": 2}),
    "cross product": (CROSS, {"seconds": 1}),
    "large answer": ("SELECT * WHERE { ?a ?b ?c . ?d ?e ?f }", {}),
    "large graph": ("CONSTRUCT { ?a ?b ?f } WHERE { ?a ?b ?c . ?d ?e ?f }", {"memory": 512 << 20}),
    "sorting": ("SELECT * WHERE { ?a ?b ?c . ?d ?e ?f } ORDER BY ?f ?a", {"memory": 512 << 20}),
    "capped path": ("SELECT * WHERE { ?s " + "/".join("a" * 4900) + " ?o }", {"seconds": 1}),
    "poisoned blank nodes": (
        "CONSTRUCT { " + "".join(f"_:b{i} <a:p> _:b{j} . " for i in range(9) for j in range(9) if i != j) + "} WHERE { }",
        {},
    ),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_is_stopped_in_time(name: str) -> None:
    query, limits = ATTACKS[name]
    started = time.monotonic()
    with pytest.raises(LimitError):
        unchecked(query, **limits)
    assert time.monotonic() - started < 8


def test_no_socket_is_opened_even_if_the_caps_were_fooled() -> None:
    asked: list[str] = []

    class Listener(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        do_POST = do_GET  # noqa: N815 - the name that http.server looks for

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Listener) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}/sparql"
        for keyword in ("SERVICE", "SERVICE SILENT", "SERV\\u0049CE SILENT"):
            query = f"SELECT * WHERE {{ {keyword} <{address}> {{ ?s ?p ?o }} }}"
            try:
                unchecked(query)
            except PolicyGraphError:
                pass
            else:
                assert "SILENT" in keyword
        server.shutdown()
    assert asked == []


def test_a_library_in_the_current_folder_is_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pyoxigraph.py").write_text("raise SystemExit(99)")
    (tmp_path / "policygraph").mkdir()
    (tmp_path / "policygraph/__init__.py").write_text("raise SystemExit(99)")
    monkeypatch.chdir(tmp_path)
    assert sandbox.run("ASK { ?s ?p ?o }", ROOTS) is True


# ---------------------------------------------------------------- signals
def children_of(pid: int) -> list[int]:
    """Processes below one, by /proc."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = entry.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == pid and fields[0] != "Z":
            found.append(int(entry.parent.name))
    return found


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def start(seconds: int) -> tuple[subprocess.Popen[str], int]:
    """Start a runaway query from the command line; return it and its child."""
    command = [sys.executable, "-m", "policygraph.cli.main", "sparql", CROSS, "--timeout", str(seconds)]
    # A shell that starts the tests in the background has them ignore Ctrl-C, and what they start would inherit that.
    heeding = functools.partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    caller = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=heeding)
    for _ in range(200):
        if below := children_of(caller.pid):
            time.sleep(0.3)
            return caller, below[0]
        time.sleep(0.05)
    caller.kill()
    raise AssertionError(caller.communicate())


def gone_within(pid: int, seconds: float) -> bool:
    until = time.monotonic() + seconds
    while alive(pid) and time.monotonic() < until:
        time.sleep(0.05)
    return not alive(pid)


@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="needs /proc")  # noqa: PTH112
def test_ctrl_c_ends_caller_and_child_quietly() -> None:
    caller, child = start(60)
    caller.send_signal(signal.SIGINT)
    out, err = caller.communicate(timeout=10)
    assert (caller.returncode, out, err) == (130, "", "")
    assert gone_within(child, 5)


@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="needs /proc")  # noqa: PTH112
def test_a_child_outlives_a_killed_caller_by_its_own_alarm_only() -> None:
    caller, child = start(2)
    caller.kill()
    caller.communicate(timeout=10)
    assert gone_within(child, 8)


def test_literals_come_back_as_they_are() -> None:
    found = sandbox.run("SELECT ('中\\n\"' AS ?a) ('x'@en AS ?b) (1.0 AS ?c) (xsd:date('2023-08-21') AS ?d) (?none AS ?e) WHERE { }", ROOTS)
    assert isinstance(found, Table)
    values = [(cell.value, cell.language) if isinstance(cell, Literal) else cell for cell in found.rows[0]]
    assert values[:2] == [('中\n"', ""), ("x", "en")]
    assert values[3:] == [("2023-08-21", ""), None]
