"""Hostile words, in data and in addresses, become no markup, no header and no other address."""

from __future__ import annotations

import http.client
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

import pytest

from policygraph.vocab import BASE, PG
from serving import Reply, Served, served

if TYPE_CHECKING:
    from collections.abc import Iterator

SCRIPT, BREAK = "<script>alert(1)</script>", "\\\"'><img src=x onerror=alert(1)></style></title><svg onload=alert(1)>"
HOSTILE = f"""
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<{BASE}hostile> a <{PG.Measure}> ; rdfs:label "{SCRIPT}"@zh , "{BREAK}"@en ; skos:definition "{BREAK}"@zh , "{SCRIPT}"@en ;
    rdfs:comment "<a href='javascript:alert(1)'>a</a>" , "&lt;script&gt;" ;
    rdfs:seeAlso <javascript:alert(1)> , <data:text/html,x> , <http://e/'onmouseover='alert(1)> , <vbscript:x> .
<{BASE}hostile/'onclick='alert(1)'> a <{PG.Measure}> ; rdfs:label "'onclick='alert(1)"@zh ; rdfs:seeAlso <{BASE}hostile> .
"""


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    root = tmp_path_factory.mktemp("hostile")
    (root / "ontology").mkdir()
    (root / "ontology/hostile.ttl").write_text(HOSTILE, "utf-8")
    with served("--data", str(root)) as running:
        yield running


class Page(HTMLParser):
    """What a browser would run, and where it would go."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.handlers: set[str] = set()
        self.schemes: set[str] = set()
        self.foreign: set[str] = set()  # pictures that we did not draw: all of ours have a view box, the hostile one has none
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag == "svg" and "viewbox" not in dict(attrs):
            self.foreign.add(tag)
        self.handlers |= {name for name, _ in attrs if name.startswith("on") or name in {"srcdoc", "style"}}
        self.schemes |= {urlsplit(value or "").scheme for name, value in attrs if name in {"href", "src", "action", "formaction"}}


def harmless(reply: Reply) -> None:
    page = Page(reply.text)
    assert not page.tags & {"img", "iframe", "object", "embed", "base"}
    assert page.foreign == set()
    assert "script" not in page.tags or "alert" not in reply.text.partition("<script")[2].partition("</script>")[0]
    assert not page.handlers
    assert page.schemes <= {"", "http", "https", "mailto"}
    policy = reply.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "unsafe-inline" not in policy.partition("script-src")[2].partition(";")[0]
    assert reply.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", ["hostile", "hostile/'onclick='alert(1)'"])
def test_hostile_labels_become_no_markup(service: Served, name: str, language: str) -> None:
    reply = service.get(f"/{quote(name)}.html?lang={language}")
    assert reply.status == 200
    assert "alert(1)" in reply.text
    harmless(reply)


@pytest.mark.parametrize("path", ["/", "/?lang=en", "/ask/measures?format=html", "/ask/measures?format=html&lang=en"])
def test_pages_that_list_hostile_things(service: Served, path: str) -> None:
    reply = service.get(path, Accept="text/html")
    assert reply.type == "text/html"
    harmless(reply)


@pytest.mark.parametrize("form", ["text/turtle", "application/ld+json", "application/rdf+xml", "application/n-triples"])
def test_other_forms_are_never_taken_for_pages(service: Served, form: str) -> None:
    reply = service.ask("GET", "/hostile", Accept=form)
    assert reply.status == 303
    found = service.get(reply.headers["location"])
    assert (found.type, found.headers["x-content-type-options"]) == (form, "nosniff")


ADDRESSES = [
    f"/{SCRIPT}",
    f"/hostile/{SCRIPT}",
    f"/ask/{SCRIPT}",
    f"/ask/measures?format={SCRIPT}",
    f"/api/kinds/{SCRIPT}",
    f"/graph?graph={SCRIPT}",
    f"/sparql?query={SCRIPT}",
    f"/problems/{SCRIPT}",
    f"/schemas/{SCRIPT}",
    f"/core?page={SCRIPT}",
    f"/core?lang={SCRIPT}",
    "/\r\nSet-Cookie: a=b",
    "/core.ttl\r\nX-Injected: b",
    "/hostile?lang=\r\nX-Injected: b",
    "/ask/measures?format=\r\nX-Injected: b",
    "/hostile/\x00",
    "//e/%2f..",
    "/\\e/hostile",
    "/../../etc/passwd",
    "/dumps/../../pyproject.toml",
    "/graph/../../pyproject.toml",
]


@pytest.mark.parametrize("accept", ["text/html", "*/*"])
@pytest.mark.parametrize("address", ADDRESSES)
def test_hostile_addresses_become_no_markup_and_no_header(service: Served, address: str, accept: str) -> None:
    for sent in (quote(address, safe="/?=&"), quote(address, safe="?=&").replace("%2F", "%2f", 9).replace("%2f", "/", 1)):
        reply = service.get(sent, Accept=accept)
        assert reply.status < 500
        assert not {"x-injected", "set-cookie"} & set(reply.headers)
        assert urlsplit(reply.headers.get("location", "/")).netloc == ""
        if reply.type == "text/html":
            harmless(reply)
        assert "build-backend" not in reply.text and "root:" not in reply.text


# ---------------------------------------------------------------- who the caller says that the service is
FORGED = [
    "x-forwarded-host",
    "x-forwarded-proto",
    "x-forwarded-prefix",
    "forwarded",
    "x-original-url",
    "x-rewrite-url",
    "x-http-method-override",
]


@pytest.mark.parametrize(
    "path", ["/", "/sparql", "/openapi.json", "/hostile", "/hostile.ttl", "/core", "/catalog", "/schemas", "/.well-known/void"]
)
def test_no_header_leads_others_astray(service: Served, path: str) -> None:
    """What one caller forges shows in nobody else's answer, and in no header of his own."""
    before = service.get(path)
    for name in FORGED:
        forged = service.get(path, **{name: "evil.example"})
        assert (forged.status, forged.body) == (before.status, before.body), name
    astray = _with_host(service, path, "evil.example")
    assert "evil.example" not in repr(
        {name: value for name, value in astray.headers.items() if name in {"location", "link", "content-location"}}
    )
    after = service.get(path)
    assert (after.status, after.body) == (before.status, before.body)


def _with_host(service: Served, path: str, host: str) -> Reply:
    connection = http.client.HTTPConnection(*service.place, timeout=30)
    connection.putrequest("GET", path, skip_host=True)
    connection.putheader("Host", host)
    connection.endheaders()
    reply = connection.getresponse()
    found = Reply(reply.status, {name.lower(): value for name, value in reply.getheaders()}, reply.read())
    connection.close()
    return found


def test_answers_kept_for_one_caller_are_not_given_to_another(service: Served) -> None:
    """In every order: the form, the language and the method decide, and the answer says so in Vary."""
    asked = [
        {"Accept": accept, "Accept_Language": language}
        for accept in ("text/html", "text/turtle", "application/ld+json", "image/png", "text/html;q=0, */*")
        for language in ("zh", "en")
    ]
    for path in ("/core", "/", "/ask/measures", "/api/kinds", "/problems"):
        first = [service.get(path, **headers) for headers in asked]
        again = [service.get(path, **headers) for headers in reversed(asked)]
        heads = [service.ask("HEAD", path, **headers) for headers in asked]
        for headers, one, other, bare in zip(asked, first, reversed(again), heads, strict=True):
            assert (one.status, one.type, one.body) == (other.status, other.type, other.body), (path, headers)
            assert (bare.status, bare.type, bare.body) == (one.status, one.type, b""), (path, headers)
        for left in range(0, len(asked), 2):
            if first[left].status == 200 and first[left].body != first[left + 1].body:
                assert "accept-language" in first[left].headers.get("vary", "").lower(), (path, asked[left])
        if len({each.type for each in first if each.status == 200}) > 1:
            assert all("accept" in each.headers.get("vary", "").lower() for each in first), path
