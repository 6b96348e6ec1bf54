"""Every IRI of the graph leads to what is said of it, in every form, under every way of asking for it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

import pyoxigraph as ox
import pytest

from asking import Heard, Inside
from policygraph.app.linked.description import PAGE
from policygraph.graph.terms import from_quad
from policygraph.model.terms import Blank, Iri, Literal
from policygraph.paths import DataRoots, data_roots
from policygraph.vocab import BASE, PG, RDF, RDFS, VOID
from policygraph.web.negotiation import DOCUMENTS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from policygraph.model.terms import Triple

TYPES = {media.name: media.type for media in DOCUMENTS}
LABEL = Iri(RDFS.label)


@pytest.fixture(scope="module")
def inside() -> Iterator[Inside]:
    asked = Inside(data_roots())
    yield asked
    asked.close()


@pytest.fixture(scope="module")
def measure(inside: Inside) -> str:
    """Path of some measure."""
    return min(node.value for node in inside.service.graph.subjects(RDF.type, Iri(PG.Measure))).removeprefix(BASE)


def rdf(heard: Heard) -> set[Triple]:
    form = ox.RdfFormat.from_media_type(heard.type)
    assert form is not None
    return {from_quad(quad) for quad in ox.parse(heard.body, format=form)}


def test_every_iri_below_the_base_dereferences(inside: Inside) -> None:
    graph = inside.service.graph
    named = {term.value for triple in graph for term in triple if isinstance(term, Iri) and term.value.startswith(BASE)}
    documents: dict[str, list[str]] = {}
    for iri in named:
        documents.setdefault(iri.partition("#")[0], []).append(iri)
    assert len(named) > 3000
    for document, terms in sorted(documents.items()):
        target = "/" + document.removeprefix(BASE)
        heard = inside.get(target, accept="application/n-triples")
        if heard.status == 303:
            heard = inside.get(heard.headers["location"])
        assert heard.status == 200, document
        told = heard.text
        missing = [iri for iri in terms if f"<{iri}>" not in told and not any(iri in v for v in _versions(inside))]
        assert missing == [], document


def _versions(inside: Inside) -> set[str]:
    return {v.value for _, _, v in inside.service.graph.triples(predicate=Iri("http://www.w3.org/2002/07/owl#versionIRI"))}


def test_all_forms_say_the_same(inside: Inside, measure: str) -> None:
    said = {}
    for name in ("ttl", "trig", "nt", "jsonld", "rdf"):
        heard = inside.get(f"/{measure}.{name}")
        assert (heard.status, heard.type) == (200, TYPES[name])
        own = Iri(f"{BASE}{measure}.{name}")  # what a document says of itself differs by its name
        said[name] = {triple for triple in rdf(heard) if triple[0] != own and not any(isinstance(term, Blank) for term in triple)}
        assert (own, Iri("http://xmlns.com/foaf/0.1/primaryTopic"), Iri(BASE + measure)) in rdf(heard)
        assert any(t[0] == own and t[1] == Iri(VOID.inDataset) for t in rdf(heard))
    assert len({frozenset(each) for each in said.values()}) == 1


def test_a_description_has_statements_labels_and_what_points_to_it(inside: Inside, measure: str) -> None:
    graph, thing = inside.service.graph, Iri(BASE + measure)
    told = rdf(inside.get(f"/{measure}.nt"))
    plain = {t for t in graph.triples(thing) if not isinstance(t[2], Blank)}
    assert plain <= told
    assert {t for t in graph.triples(value=thing) if isinstance(t[0], Iri)} <= told
    mentioned = {term for triple in told for term in triple if isinstance(term, Iri)}
    labelled = {term for term in mentioned if graph.objects(term, RDFS.label)}
    assert {t[0] for t in told if t[1] == LABEL} >= labelled
    lists = [t for t in told if t[0] == thing and t[1] == Iri(PG.responsibleAgencyList)]
    assert lists, "a list is told with its members"
    assert any(t[1] == Iri(RDF.first) for t in told)


@pytest.mark.parametrize(
    ("accept", "name"),
    [
        ("", "ttl"),
        ("*/*", "ttl"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "html"),
        ("text/turtle;q=0.4, application/rdf+xml", "rdf"),
        ('application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted"', "jsonld"),
        ("application/n-triples;q=0.2, application/trig;q=0.3", "trig"),
        ("text/*", "ttl"),
        ("text/turtle;q=0, */*", "html"),
        ("application/json", "jsonld"),
        ("nonsense, text/plain", "nt"),
    ],
)
def test_a_thing_leads_to_the_document_that_the_caller_likes(inside: Inside, measure: str, accept: str, name: str) -> None:
    heard = inside.get(f"/{measure}", accept=accept)
    assert (heard.status, heard.headers["location"]) == (303, f"/{measure}.{name}")
    assert "Accept" in heard.headers["vary"]


@pytest.mark.parametrize(("asked", "name"), [("nt", "nt"), ("turtle", "ttl"), ("json-ld", "jsonld"), ("application/rdf+xml", "rdf")])
def test_format_goes_before_accept(inside: Inside, measure: str, asked: str, name: str) -> None:
    assert inside.get(f"/{measure}?format={asked}", accept="text/html").headers["location"] == f"/{measure}.{name}"
    assert inside.get(f"/{measure}.ttl?format={asked}").status == (200 if name == "ttl" else 303)


def test_what_cannot_be_had_is_refused_with_what_there_is(inside: Inside, measure: str) -> None:
    for heard in (inside.get(f"/{measure}", accept="image/png"), inside.get(f"/{measure}?format=pdf")):
        assert (heard.status, heard.type) == (406, "application/problem+json")
        assert [each["format"] for each in heard.json["available"]] == list(TYPES)
        assert all(inside.get(each["url"]).status == 200 for each in heard.json["available"])


def test_the_link_header_names_all_forms_the_thing_and_its_types(inside: Inside, measure: str) -> None:
    for target in (f"/{measure}", f"/{measure}.ttl"):
        links = inside.get(target).headers["link"]
        assert f'<{BASE}{measure}>; rel="canonical"' in links
        for name, media in TYPES.items():
            assert f'</{measure}.{name}>; rel="alternate"; type="{media}"' in links
        assert f'<{PG.Measure}>; rel="type"' in links
        assert 'rel="describedby"' in links


def test_conditional_requests_head_options_and_cors(inside: Inside, measure: str) -> None:
    first = inside.get(f"/{measure}.ttl")
    assert first.headers["access-control-allow-origin"] == "*"
    again = inside.get(f"/{measure}.ttl", if_none_match=first.headers["etag"])
    assert (again.status, again.body) == (304, b"")
    assert inside.get(f"/{measure}.ttl", if_modified_since=first.headers["last-modified"]).status == 304
    assert inside.get(f"/{measure}.ttl", if_none_match='"other"').status == 200
    assert inside.ask("HEAD", f"/{measure}.ttl").status == 200
    options = inside.ask("OPTIONS", f"/{measure}")
    assert (options.status, options.headers["allow"]) == (204, "GET, HEAD, OPTIONS")
    assert inside.ask("POST", f"/{measure}").status == 405


def test_ontologies_and_their_versions_are_documents(inside: Inside) -> None:
    graph = inside.service.graph
    for ontology, _, version in graph.triples(predicate=Iri("http://www.w3.org/2002/07/owl#versionIRI")):
        for iri in (ontology.value, version.value):
            path = "/" + iri.removeprefix(BASE)
            heard = inside.get(path, accept="text/turtle")
            assert (heard.status, heard.headers["content-location"]) == (200, f"{path}.ttl")
            assert heard.headers["vary"] == "Accept"
    told = rdf(inside.get("/core.nt"))
    terms = set(graph.subjects(RDFS.isDefinedBy, Iri(BASE + "core")))
    assert len(terms) > 300
    assert terms <= {triple[0] for triple in told}
    assert '<section id="Provision">' in inside.get("/core.html").text


def test_what_points_to_a_thing_comes_page_by_page(inside: Inside) -> None:
    graph = inside.service.graph
    policy = next(node for node in graph.subjects(RDF.type, Iri(PG.Policy)))
    path, pointing = "/" + policy.value.removeprefix(BASE), {t for t in graph.triples(value=policy) if isinstance(t[0], Iri)}
    assert len(pointing) > PAGE
    target, seen, pages = f"{path}.nt", set(), 0
    while target:
        heard = inside.get(target)
        told, pages = rdf(heard), pages + 1
        assert any(t[1].value.endswith("#totalItems") and t[2].value == str(len(pointing)) for t in told)
        seen |= told & pointing
        found = re.search(r'<([^>]*)>; rel="next"', heard.headers["link"])
        target = found[1] if found else ""
    assert (seen, pages) == (pointing, -(-len(pointing) // PAGE))
    assert inside.get(f"{path}.nt?page={pages + 1}").status == 404
    for wrong in ("0", "-1", "x", "²"):
        assert inside.get(f"{path}.nt?page={quote(wrong)}").status in (400, 404)
    assert inside.get(f"{path}?page=2").headers["location"] == f"{path}.ttl?page=2"


def test_nothing_is_404_with_what_is_near(inside: Inside, measure: str) -> None:
    heard = inside.get(f"/elsewhere/{measure.rpartition('/')[2]}")
    assert heard.status == 404
    assert {"iri": BASE + measure, "url": f"/{measure}"} in heard.json["near"]
    for target in ("/" + "a" * 5000, "/%00", "/%FF%FE", "/a b", "/<>", "/policy/%", "/.ttl", "/..ttl", "//x", "/\u6587"):
        assert inside.get(target).status == 404, target


def test_a_page_is_in_one_language_without_script_and_says_what_it_is(inside: Inside, measure: str) -> None:
    zh, en = inside.get(f"/{measure}.html"), inside.get(f"/{measure}.html", accept_language="en-GB,en;q=0.9,zh;q=0.3")
    assert "依文本判读，非行政决定" in zh.text
    assert "A reading of the text, not an administrative decision" in en.text
    assert (zh.headers["content-language"], en.headers["content-language"]) == ("zh", "en")
    assert inside.get(f"/{measure}.html?lang=en").body == en.body
    for page in (zh.text, en.text):
        assert "<script" not in page
        assert re.search(r'<html lang="(zh-Hans|en)">', page)
    assert "Responsible" in en.text
    place = urlsplit(next(iter(re.findall(r'<li><a href="(/policy/[^"]*)"', en.text)))).path
    assert inside.get(place).status == 303


ODD = """@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
<{base}odd/report> rdfs:label "报告"@zh , "report"@en .
<{base}odd/report.ttl> rdfs:label "像后缀"@zh , "like an ending"@en .
<{base}odd/政策/第一条> rdfs:label "中文"@zh , "Chinese"@en .
<{base}odd/%E6%96%87%E4%BB%B6> rdfs:label "已编码"@zh , "encoded"@en .
<{base}odd/文%2F件> rdfs:label "斜线"@zh , "slash"@en .
<{base}odd/q?x=1> rdfs:label "查询"@zh , "query"@en .
<{base}odd/notes#a> a rdfs:Resource ; rdfs:label "片段"@zh , "fragment"@en .
<{base}odd/dots..> rdfs:label "点"@zh , "dots"@en ; rdfs:seeAlso <{base}odd/only-mentioned> .
"""


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Inside]:
    """A service with a policy of one's own whose IRIs are made to trip it."""
    root: Path = tmp_path_factory.mktemp("odd")
    (root / "ontology").mkdir()
    (root / "ontology" / "odd.ttl").write_text(ODD.replace("{base}", BASE), "utf-8")
    asked = Inside(DataRoots((*data_roots().roots, root)))
    yield asked
    asked.close()


@pytest.mark.parametrize(
    ("target", "iri"),
    [
        ("odd/report", "odd/report"),
        ("odd/report.ttl", "odd/report.ttl"),
        (quote("odd/政策/第一条"), "odd/政策/第一条"),
        (quote("odd/政策/第一条").lower(), "odd/政策/第一条"),
        ("odd/政策/第一条", "odd/政策/第一条"),
        ("odd/%E6%96%87%E4%BB%B6", "odd/%E6%96%87%E4%BB%B6"),
        ("odd/%e6%96%87%e4%bb%b6", "odd/%E6%96%87%E4%BB%B6"),
        (quote("odd/文") + "%2F" + quote("件"), "odd/文%2F件"),
        ("odd/q?x=1", "odd/q?x=1"),
        ("odd/dots..", "odd/dots.."),
        ("odd/only-mentioned", "odd/only-mentioned"),
        ("odd/notes", "odd/notes#a"),
    ],
)
def test_iris_of_any_shape_dereference(odd: Inside, target: str, iri: str) -> None:
    heard = odd.get(f"/{target}", accept="application/n-triples")
    if heard.status == 303:
        assert heard.headers["location"].isascii()
        heard = odd.get(heard.headers["location"])
    assert heard.status == 200
    told = rdf(heard)
    assert [t for t in told if Iri(BASE + iri) in (t[0], t[2]) and t[1].value != "http://xmlns.com/foaf/0.1/primaryTopic"]
    labels = {t[2] for t in told if t[0] == Iri(BASE + iri) and t[1] == LABEL}
    assert labels == {v for v in odd.service.graph.objects(Iri(BASE + iri), RDFS.label) if isinstance(v, Literal)}


def test_a_base_url_maps_addresses_and_leaves_iris_alone(measure: str) -> None:
    asked = Inside(data_roots(), "https://data.example.cn/policy/")
    try:
        own = "https://data.example.cn/policy/"
        stripped, kept = asked.get(f"/{measure}"), asked.get(f"/policy/{measure}")
        for heard in (stripped, kept):  # behind a proxy that takes the prefix off, and one that leaves it
            assert (heard.status, heard.headers["location"]) == (303, f"{own}{measure}.ttl")
            assert f'<{BASE}{measure}>; rel="canonical"' in heard.headers["link"]
            assert f"<{own}{measure}.html>" in heard.headers["link"]
        assert asked.get(f"/policy/{measure}.nt").body == asked.get(f"/{measure}.nt").body
        assert f"<{BASE}{measure}>" in asked.get(f"/{measure}.nt").text
        assert f'href="{own}{measure}.ttl"' in asked.get(f"/{measure}.html").text
        assert asked.get("/policy/nowhere").json["type"] == "/policy/problems/not-found"
        assert f"<{own}sparql>" in asked.get("/void.nt").text
        assert asked.get("/policy/void.nt").status == asked.get("/policy").status == 200
    finally:
        asked.close()
