"""Loading, derivation, digest, foreign files and the five serialisations."""

from __future__ import annotations

import http.server
import random
import shutil
import threading
from pathlib import Path

import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib.compare import to_isomorphic

from policygraph.errors import DataError, InputError, LimitError, PolicyGraphError, UsageError
from policygraph.graph import confine, parsing
from policygraph.graph.canonical import canonical
from policygraph.graph.loading import Graph, digest, load, source_files
from policygraph.graph.serialising import serialise, serialise_graphs
from policygraph.graph.terms import spell
from policygraph.model.terms import Blank, Iri, Literal, Triple
from policygraph.paths import DataRoots, data_roots
from policygraph.vocab import ELI, PG, RDF, RDFS, SKOS, XSD

RDFLIB_FORMATS = {"turtle": "turtle", "ntriples": "nt", "trig": "trig", "jsonld": "json-ld", "rdfxml": "xml"}
RDFLIB_ITSELF = "ignore:.*deprecated:DeprecationWarning:rdflib"
RDF_XML = b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e/">'


@pytest.fixture(scope="module")
def graph() -> Graph:
    return load(data_roots())


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A small data root of its own: the schema and nothing else."""
    for folder in ("ontology", "queries/derive"):
        (tmp_path / folder).mkdir(parents=True)
    base = data_roots().base
    shutil.copy(base / "ontology/core.ttl", tmp_path / "ontology")
    for path in (base / "queries/derive").glob("*.rq"):
        shutil.copy(path, tmp_path / "queries/derive")
    return tmp_path


# ---------------------------------------------------------------- loading and deriving
def test_the_graph_is_what_rdflib_reads_from_the_same_files() -> None:
    stated = load(data_roots(), derived=False)
    other = rdflib.Graph()
    for file in source_files(data_roots()):
        other.parse(file.path, format="turtle")
    assert len(stated) == len(other) > 10_000


def closure(graph: Graph, predicate: str) -> set[tuple[str, str]]:
    """The transitive closure of a predicate, computed plainly."""
    pairs = {(s, o) for s, _, o in graph.triples(predicate=Iri(predicate)) if isinstance(o, Iri)}
    while more := {(a, d) for a, b in pairs for c, d in pairs if b == c} - pairs:
        pairs |= more
    return {(a.value, b.value) for a, b in pairs}


def test_derivation_closes_types_parts_and_concepts(graph: Graph) -> None:
    stated = load(data_roots(), derived=False)
    pairs = {name: {(s.value, o.value) for s, _, o in graph.triples(predicate=Iri(name))} for name in (PG.within, SKOS.broaderTransitive)}
    assert pairs[PG.within] == closure(stated, ELI.is_part_of)
    assert pairs[SKOS.broaderTransitive] >= closure(stated, SKOS.broader) != set()
    above = closure(stated, RDFS.subClassOf)
    types = {(s, o.value) for s, _, o in stated.triples(predicate=Iri(RDF.type))}
    wanted = types | {(s, higher) for s, o in types for lower, higher in above if lower == o}
    found = {(s, o.value) for s, _, o in graph.triples(predicate=Iri(RDF.type))}
    assert {pair for pair in found if isinstance(pair[0], Iri)} == {pair for pair in wanted if isinstance(pair[0], Iri)}
    concepts = graph.subjects(RDF.type, Iri(SKOS.Concept))
    assert all(set(graph.objects(c, SKOS.prefLabel)) == set(graph.objects(c, RDFS.label)) for c in concepts)
    assert {o for s, p, o in stated.triples(predicate=Iri(SKOS.prefLabel))} == set()


def test_a_copy_is_independent(graph: Graph) -> None:
    twin = graph.copy()
    twin.extend([(Iri("a:b"), Iri("a:c"), Literal("d"))])
    assert len(twin) == len(graph) + 1
    assert Iri("a:b") in twin
    assert Iri("a:b") not in graph


BROKEN = [
    ("ontology/x.ttl", b"@prefix a: <a:> .\na:b a:c 'd' e .\n", ":2:13"),
    ("ontology/x.ttl", b"a:b a:c 'd' .\n", ":1:1"),
    ("ontology/x.ttl", "<a:b> <a:c> '中文' .\n".encode("gbk"), ":1:14"),
    ("ontology/x.ttl", b"<a:b> <a:c> 'd' ;\n", ":2:1"),
    ("queries/derive/x.rq", b"CONSTRUCT { ?a ?b ?c } WHERE { ?a ?b }", "x.rq:1:39"),
    ("queries/derive/x.rq", b"SELECT * WHERE { ?a ?b ?c }", "x.rq"),
]


@pytest.mark.parametrize(("name", "content", "place"), BROKEN)
def test_a_broken_file_is_named_with_line_and_column(root: Path, name: str, content: bytes, place: str) -> None:
    (root / name).write_bytes(content)
    with pytest.raises(DataError) as caught:
        load(DataRoots((root,)))
    assert caught.value.where.endswith(place)
    assert str(root) in caught.value.where
    assert all(caught.value.render(language).count("\n") == 1 for language in ("zh", "en"))


def test_the_digest_changes_with_every_data_file_and_with_nothing_else(root: Path) -> None:
    roots = DataRoots((root,))
    seen = {digest(roots)}
    (root / "notes.txt").write_text("not data")
    (root / "ontology/.swap").write_text("an editor's")
    assert digest(roots) in seen
    for path in (root / "ontology/new.ttl", root / "queries/derive/new.rq", root / "ontology/core.ttl"):
        with path.open("a") as stream:
            stream.write("# one more line\n")
        seen.add(digest(roots))
    (root / "ontology/new.ttl").rename(root / "ontology/renamed.ttl")
    seen.add(digest(roots))
    assert len(seen) == 5


# ---------------------------------------------------------------- foreign files
FAULTS = [
    ("empty", b"", "turtle", InputError, ""),
    ("blank", b" \n\t\r\n", "jsonld", InputError, ""),
    ("zeros", b"\0" * 50, "turtle", InputError, ""),
    ("gbk", '<a:b> <a:c>\n "中文" .'.encode("gbk"), "turtle", InputError, ":2:3"),
    ("utf-16", '<a:b> <a:c> "中文" .'.encode("utf-16"), "turtle", InputError, ":1:1"),
    ("half a character", '<a:b> <a:c> "中'.encode()[:-1], "turtle", InputError, ":1:14"),
    ("syntax after chinese", '<a:b> <a:c> "中文"@zh x .'.encode(), "turtle", InputError, ":1:21"),
    ("undeclared prefix", b"<a:b>\n a:c 1 .", "turtle", InputError, ":2:2"),
    ("truncated turtle", b'<a:b> <a:c> "abc', "turtle", InputError, ":1:13"),
    ("truncated statement", b"<a:b> <a:c> <a:d> ;\n", "turtle", InputError, ":2:1"),
    ("truncated json", b'{"@id":"a:b", "a:c": "d"', "jsonld", InputError, ":1:25"),
    ("json with a comma too many", b'{"@id":"a:b",\n}', "jsonld", InputError, ":2:1"),
    ("n-triples without a dot", b"<a:b> <a:c> <a:d>\n", "ntriples", InputError, ":2:1"),
    ("xml without its end", RDF_XML + b"<rdf:Description>", "rdfxml", InputError, ":1:103"),
    ("xml syntax", RDF_XML + b"\n<rdf:Description></e:p></rdf:RDF>", "rdfxml", InputError, ":2:20"),
    ("trig without its end", b"<a:g> { <a:b> <a:c> <a:d> .\n", "trig", InputError, ":2:1"),
    ("relative iri", b"<b> <a:c> <a:d> .", "turtle", InputError, ":1:1"),
    ("triple term", b"<a:b> <a:c> <<( <a:a> <a:b> <a:c> )>> .", "turtle", InputError, ""),
    ("text direction", b'<a:b> <a:c> "x"@ar--rtl .', "turtle", InputError, ""),
    ("too large", b"#" * (parsing.MAX_BYTES + 1), "turtle", LimitError, ""),
    ("external entity", b'<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + RDF_XML + b"</rdf:RDF>", "rdfxml", InputError, ""),
]


@pytest.mark.parametrize(("name", "data", "form", "kind", "place"), FAULTS, ids=[case[0] for case in FAULTS])
def test_a_bad_file_gives_one_clear_error(name: str, data: bytes, form: str, kind: type[PolicyGraphError], place: str) -> None:
    with pytest.raises(kind) as caught:
        parsing.parse(data, form, name=name)
    assert caught.value.where == name + place
    for language in ("zh", "en"):
        what, fix = caught.value.render(language).removeprefix(f"{name}{place}: ").split("\n")
        assert what
        assert fix
        assert ("请" in fix) == (language == "zh")


def bombs() -> dict[str, tuple[bytes, str]]:
    entities = b"".join(b'<!ENTITY a%d "%s">' % (i, (b"&a%d;" % (i - 1) if i else b"x" * 9999) * 10) for i in range(10))
    nested = b"<rdf:Description><e:p>", b"</e:p></rdf:Description>"
    return {
        "nested xml": (RDF_XML + nested[0] * 200_000 + nested[1] * 200_000 + b"</rdf:RDF>", "rdfxml"),
        "entities": (
            b"<!DOCTYPE r [" + entities + b"]>" + RDF_XML + b"<rdf:Description><e:p>&a9;</e:p></rdf:Description></rdf:RDF>",
            "rdfxml",
        ),
        "nested json": (b'{"a:b":' * 300_000 + b"1" + b"}" * 300_000, "jsonld"),
        "open brackets": (b"<a:b> <a:c> " + b"[ <a:c> " * 500_000, "turtle"),
    }


@pytest.mark.parametrize("name", bombs())
def test_a_bomb_is_stopped(name: str) -> None:
    data, form = bombs()[name]
    with pytest.raises((LimitError, InputError)):
        parsing.parse(data, form, limits=confine.Limits(seconds=2, memory=512 << 20))


def test_nothing_is_fetched() -> None:
    asked: list[str] = []

    class Listener(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Listener) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}/context"
        with pytest.raises(InputError, match="nothing is ever fetched"):
            parsing.parse(f'{{"@context": "{address}", "@id": "a:b", "p": 1}}'.encode(), "jsonld")
        assert parsing.parse(f"<{address}> <a:b> <{address}> .".encode(), "turtle")
        server.shutdown()
    assert asked == []


def test_the_same_bytes_give_the_same_triples() -> None:
    data = '\ufeff<a:b> <a:c> [ <a:d> [] ] , ( 1 2.50 "三"@zh ) , _:own .'.encode()
    first = parsing.parse(data, "turtle")
    assert first == parsing.parse(data, "turtle")
    assert {term.value for triple in first for term in triple if isinstance(term, Blank)} == {f"b{n}" for n in range(6)}
    assert (Literal("2.50", XSD.decimal) in {o for _, _, o in first}) is True


@pytest.mark.parametrize(
    ("name", "form"), [("a.ttl", "turtle"), ("a.JSONLD", "jsonld"), ("a.rdf", "rdfxml"), ("a.nt", "ntriples"), ("a", None)]
)
def test_the_ending_tells_the_format(name: str, form: str | None) -> None:
    if form:
        assert parsing.format_of(Path(name)) == form
    else:
        with pytest.raises(UsageError):
            parsing.format_of(Path(name))


@pytest.mark.parametrize("name", ["missing.ttl", "."])
def test_an_unreadable_file(name: str, tmp_path: Path) -> None:
    with pytest.raises(InputError):
        parsing.parse_file(tmp_path / name, "turtle")


# ---------------------------------------------------------------- serialising
@pytest.mark.parametrize("form", RDFLIB_FORMATS)
def test_a_serialisation_is_stable_and_reads_back(graph: Graph, form: str) -> None:
    triples = [t for t in graph if t[1].value != RDF.type or isinstance(t[0], Blank)][:6000] + list(graph.triples(predicate=Iri(RDF.first)))
    triples += list(graph.triples(predicate=Iri(RDF.rest)))
    renamed = {b: Blank(f"other{i}") for i, b in enumerate({t for s, _, o in triples for t in (s, o) if isinstance(t, Blank)})}
    shuffled = [(renamed.get(s, s), p, renamed.get(o, o)) for s, p, o in triples]
    random.shuffle(shuffled)
    text = serialise(triples, form, graph.namespaces())
    assert text == serialise(shuffled, form, graph.namespaces())
    assert canonical(parsing.parse(text.encode(), form)) == canonical(triples)


NODES = st.sampled_from([Iri("http://e/a"), Iri("http://e/b#c"), Iri("urn:x:1"), Iri(RDF.nil), *(Blank(n) for n in "pqrs")])
SUBJECTS = NODES.filter(lambda node: node != Iri(RDF.nil))
PREDICATES = st.sampled_from([Iri("http://e/p"), Iri("http://e/ns#q"), Iri(RDF.type), Iri(RDF.first), Iri(RDF.rest)])
WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\"\\\n\r\t<>&'"), max_size=6)
LITERALS = st.one_of(
    st.builds(Literal, WORDS),
    st.builds(lambda words, tag: Literal(words, RDF.langString, tag), WORDS, st.sampled_from(["zh", "en"])),
    st.sampled_from([Literal("1", XSD.integer), Literal("-07", XSD.integer), Literal("1.50", XSD.decimal), Literal("2", XSD.decimal)]),
    st.sampled_from([Literal("true", XSD.boolean), Literal("2023-08-21", XSD.date), Literal("x", "urn:x:own")]),
)
TRIPLES = st.frozensets(st.tuples(SUBJECTS, PREDICATES, NODES | LITERALS), max_size=9)


@pytest.mark.filterwarnings(RDFLIB_ITSELF)
@settings(max_examples=150, deadline=None)
@given(TRIPLES)
def test_any_graph_survives_every_format(triples: frozenset[Triple]) -> None:
    prefixes = {"e": "http://e/", "n": "http://e/ns#", "rdf": str(RDF), "xsd": str(XSD)}
    reference = rdflib.Graph().parse(data=serialise(triples, "ntriples"), format="nt")
    for form, other in RDFLIB_FORMATS.items():
        text = serialise(triples, form, prefixes)
        found = rdflib.Dataset().parse(data=text, format=other) if form == "trig" else rdflib.Graph().parse(data=text, format=other)
        plain = rdflib.Graph()
        for s, p, o, *_ in found:
            plain.add((s, p, o))
        assert to_isomorphic(plain) == to_isomorphic(reference), (form, text)


@pytest.mark.filterwarnings(RDFLIB_ITSELF)
def test_named_graphs_keep_their_statements_apart() -> None:
    shared = Blank("x")
    graphs = {"http://e/2": [(Iri("a:b"), Iri("a:c"), shared)], "http://e/1": [(shared, Iri("a:d"), Literal("e"))]}
    text = serialise_graphs(graphs)
    found = rdflib.Dataset().parse(data=text, format="trig")
    assert {str(g) for _, _, _, g in found} == set(graphs)
    assert len({o for _, p, o, _ in found if str(p) == "a:c"} & {s for s, p, _, _ in found if str(p) == "a:d"}) == 1


def test_spelling_escapes_what_it_must() -> None:
    assert spell(Literal('a"b\\c\nd\u0007')) == '"a\\"b\\\\c\\nd\\u0007"'
    assert spell(Literal("中", RDF.langString, "zh")) == '"中"@zh'
    assert spell(Literal("1", XSD.integer)) == f'"1"^^<{XSD.integer}>'
