"""The pages for developers over HTTP: what is on them is declared, and the lines on them work."""

from __future__ import annotations

import html
import re
import shlex
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from policygraph.graph.loading import PUBLIC, load
from policygraph.model.terms import Iri
from policygraph.paths import data_roots
from policygraph.vocab import OWL, RDF, RDFS, SKOS
from policygraph.web.problems import SORTS
from sending import BROWSER, sound, words
from serving import served

if TYPE_CHECKING:
    from collections.abc import Iterator

    from serving import Served

# What needs a job, or takes seconds; the tests of the OpenAPI document try the same examples.
NEEDS_MORE = frozenset({"job", "cancelJob", "jobReport", "dump", "catalog", "catalogIn", "whatIf", "diff", "diffWithOverlay"})


@pytest.fixture(scope="module")
def face() -> Iterator[Served]:
    with served("--timeout", "7.5") as running:
        yield running


@pytest.fixture(scope="module")
def page(face: Served) -> str:
    return sound(face.get("/developers?lang=en", accept=BROWSER), "en")


def lines(page: str) -> dict[str, list[str]]:
    """Return operation → the words of its line of curl."""
    found = re.findall(r'<details class="operation" id="op-([^"]+)">.*?<pre[^>]*><code>(.*?)</code>', page, re.DOTALL)
    return {name: shlex.split(html.unescape(re.sub("<[^>]*>", "", line))) for name, line in found}


def test_every_operation_is_on_the_page(face: Served, page: str) -> None:
    declared = {
        operation["operationId"]
        for path, item in face.get("/openapi.json").json["paths"].items()
        for operation in item.values()
        if not operation["tags"][0].endswith("pages") and not path.startswith("/ask/")
    }
    assert declared <= set(lines(page))
    assert sound(face.get("/developers?lang=zh", accept=BROWSER), "zh") != page


def test_the_lines_work(face: Served, page: str) -> None:
    tried = 0
    for name, line in lines(page).items():
        assert line[0] == "curl"
        if name in NEEDS_MORE or any(word.startswith("Authorization") for word in line):
            continue
        method, headers, body, address, rest = "", {"accept": "*/*"}, None, "", iter(line[1:])
        for word in rest:
            match word:
                case "-X":
                    method = next(rest)
                case "-H":
                    key, _, value = next(rest).partition(": ")
                    headers[key.lower().replace("-", "_")] = value
                case "--data-binary":
                    body = next(rest)
                case _:
                    assert word.startswith(face.url), f"{name}: {word}"
                    address = word
        parts = urlsplit(address)
        reply = face.ask(method or ("POST" if body else "GET"), f"{parts.path}?{parts.query}", body, **headers)
        assert 200 <= reply.status < 400, f"{name}: {reply.status} {reply.body[:300]!r}"
        tried += 1
    assert tried > 20


def test_the_page_leads_to_what_there_is(face: Served, page: str) -> None:
    own = {html.unescape(address) for address in re.findall(r'href="(/[^"#]*)', page)}
    for address in sorted(own):
        if not address.startswith(("/dumps/", "/catalog", "/register")):  # seconds of dumping; there is no register
            assert face.get(address, accept="*/*").status in {200, 303}, address
    assert all(f"problems/{sort.name}" in page for sort in SORTS)


def test_limits_are_those_in_force(page: str) -> None:
    assert "7.5 seconds" in words(page)


@pytest.mark.parametrize("spoken", ["zh", "en"])
def test_every_term_stands_with_its_definition(face: Served, spoken: str) -> None:
    graph = load(data_roots(), PUBLIC)
    text = html.unescape(words(sound(face.get(f"/developers/vocabulary?lang={spoken}", accept=BROWSER), spoken)))
    for ontology in graph.subjects(RDF.type, Iri(OWL.Ontology)):
        for term in graph.subjects(RDFS.isDefinedBy, ontology):
            for definition in graph.objects(term, SKOS.definition):
                assert definition.value in text or getattr(definition, "language", "") != spoken
