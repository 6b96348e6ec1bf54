"""The reader over HTTP: the whole text as published, each clause with its strength, what rests on it, and the audit."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode, urljoin

import pytest
from lxml import html

from policygraph.app.reader.citing import citations
from policygraph.app.reader.document import named, read, readable
from policygraph.graph.loading import load
from policygraph.model.terms import Iri, local_name
from policygraph.paths import data_roots
from policygraph.vocab import PG, RDF, RDFS
from serving import served

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policygraph.app.reader.document import Document
    from policygraph.graph.memory import Graph
    from serving import Served

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
SECOND = "tests/second-policy"
LARGEST = 300_000
STANDING = {"zh": "依文本判读，非行政决定", "en": "not an administrative decision"}


@pytest.fixture(scope="module")
def api() -> Iterator[Served]:
    with served() as running:
        yield running


@pytest.fixture(scope="module")
def graph() -> Graph:
    return load(data_roots())


@pytest.fixture(scope="module")
def document(graph: Graph) -> Document:
    return read(graph, readable(graph)[0])


@pytest.fixture(scope="module")
def path(document: Document) -> str:
    return f"/read/{named(document.policy)}"


def page(api: Served, address: str, **query: str) -> html.HtmlElement:
    """Return a page that is well made."""
    reply = api.get(address + ("?" + urlencode(query) if query else ""), accept=BROWSER)
    assert reply.status == 200, reply.text[:300]
    assert reply.type == "text/html"
    assert len(reply.body) < LARGEST
    assert STANDING[reply.headers["content-language"]] in reply.text
    found = html.document_fromstring(reply.text)
    ids = found.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert not found.xpath("//@style | //script[not(@src)]")
    levels = [int(tag.tag[1]) for tag in found.iter("h1", "h2", "h3", "h4", "h5", "h6")]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels)), levels
    assert set(found.xpath("//@aria-labelledby")) <= set(ids)
    return found


def test_the_only_policy_is_read_straight_away(api: Served, path: str) -> None:
    reply = api.get("/read?lang=en", accept=BROWSER)
    assert (reply.status, reply.headers["location"]) == (303, f"{path}?lang=en")


@pytest.mark.parametrize("spoken", ["zh", "en"])
def test_the_text_stands_there_as_published(api: Served, path: str, document: Document, spoken: str) -> None:
    """Signs and numbers are drawn by the style sheet: what is read, copied and searched is the text itself."""
    found = page(api, path, lang=spoken)
    (text,) = found.xpath("//article[@id='text']")
    for translated in text.xpath(".//*[contains(@class, 'translation')]"):
        translated.drop_tree()
    assert text.text_content() == document.text
    sentences = [sentence for block in document.blocks for sentence in block.sentences]
    assert set(text.xpath(".//span[@class='s']/@id")) == {sentence.anchor for sentence in sentences}


def test_headings_have_the_order_and_depth_of_the_sections(api: Served, path: str, document: Document, graph: Graph) -> None:
    found = page(api, path)
    headed = [section for section in document.sections if graph.objects(section, PG.heading)]
    shown = found.xpath("//article//*[self::h2 or self::h3 or self::h4 or self::h5]")
    assert [each.get("id") for each in shown] == [f"section-{local_name(section.value)}" for section in headed]
    assert set(found.xpath("//ol[@class='toc']//a/@href")) == {f"#{each.get('id')}" for each in shown}


def test_every_clause_is_a_link_marked_by_its_strength(api: Served, path: str, document: Document, graph: Graph) -> None:
    links = page(api, path).xpath("//article//a[@data-s]")
    provisions = [item for item in document.items if item.kind.value == PG.Provision]
    by_clause = {re.search(r"clause=([^&#]+)", link.get("href"))[1]: link for link in links}  # type: ignore[index]
    signs: dict[str, str] = {}
    for item in provisions:
        link = by_clause[document.short(item.node)]
        (strength,) = graph.objects(item.node, PG.modality)
        name = local_name(strength.value)
        assert f"m-{name}" in link.get("class").split()
        assert signs.setdefault(name, link.get("data-s")) == link.get("data-s")
        assert link.get("href").endswith(document.sentence_at(item.start).anchor)
    assert len(set(signs.values())) == len(signs) > 5


def test_hedges_and_words_without_a_norm_are_told_apart(api: Served, path: str, document: Document, graph: Graph) -> None:
    found = page(api, path)
    hedges = {value.value for item in document.items for value in graph.objects(item.node, PG.hedge)}
    assert {hedge.text_content() for hedge in found.xpath("//article//u[@class='hedge' and @title]")} == hedges
    plain = [item for item in document.items if item.kind.value == PG.NonNormativeItem]
    marked = found.xpath("//article//a[contains(@class, 'item')]/@href")
    assert all(any(f"clause={document.short(item.node)}#" in href for href in marked) for item in plain)


def test_filters_count_and_add_up(api: Served, path: str) -> None:
    whole = page(api, path)
    (chip,) = whole.xpath("//ul[@class='legend']//a[contains(@class, 'm-grant')]")
    count = int(chip.xpath("string(.//*[@class='count'])"))
    reply = api.get(path + chip.get("href"), accept=BROWSER)
    filtered = html.document_fromstring(reply.text)
    assert len(filtered.xpath("//ol[contains(@class, 'matches')]/li")) == count
    assert len(filtered.xpath("//article//a[@data-s and contains(@class, 'm-') and not(contains(@class, 'off'))]")) == count
    option = filtered.xpath("//select[@name='measure']//option[@value and @value != '']")[-1]
    both = page(api, path, strength="grant", measure=option.get("value"))
    left = len(both.xpath("//ol[contains(@class, 'matches')]/li"))
    assert option.text_content().endswith(f"({left})")
    two = page(api, path + "?strength=grant&strength=permission")
    assert len(two.xpath("//ol[contains(@class, 'matches')]/li")) > count


def test_a_filter_takes_key_label_and_iri(api: Served, path: str, graph: Graph) -> None:
    agency = min(graph.subjects(RDF.type, Iri(PG.Agency)), key=lambda a: (-len(graph.subjects(PG.responsibleAgency, a)), a.value))
    label = next(v.value for v in graph.objects(agency, RDFS.label) if v.language == "zh")  # type: ignore[union-attr]
    said = {page(api, path, actor=value).xpath("string(//*[@id='matching'])") for value in (agency.value, label)}
    assert len(said) == 1
    assert label in said.pop()
    assert "nobody" in page(api, path, actor="nobody").xpath("string(//p[@class='error'])")


def test_a_clause_opens_its_panel_beside_the_text(api: Served, path: str, document: Document, graph: Graph) -> None:
    """The clause on which most rests, so that every part of a panel is there."""
    provisions = [item for item in document.items if item.kind.value == PG.Provision]
    item = max(provisions, key=lambda i: (len(graph.objects(i.node, PG.hasReading)) + len(graph.subjects(PG.onProvision, i.node)), i.node))
    found = page(api, path, clause=document.short(item.node))
    (panel,) = found.xpath("//aside[@id='provision']")
    said = panel.text_content()
    assert document.words(item) in said
    for predicate in (PG.hasReading, PG.hasOpenQuestion):
        for node in graph.objects(item.node, predicate):
            statement = next(v.value for v in graph.objects(node, PG.statement) if v.language == "zh")  # type: ignore[union-attr]
            assert statement in said
    links = panel.xpath(".//a/@href")
    assert f"{path}?clause={document.short(item.node)}#{document.sentence_at(item.start).anchor}" in links
    assert any(link.startswith("/ask/") for link in links)
    assert panel.xpath(".//button") == []
    (current,) = set(found.xpath("//article//a[@aria-current]/@href"))
    assert current == "#provision"
    assert [c.words for c in citations(graph, document.policy, item.section, document.words(item))] == [
        each.text_content() for each in panel.xpath(".//*[@class='cite']//q")
    ]


def test_every_text_item_has_a_panel(api: Served, path: str, document: Document) -> None:
    for item in document.items[::9]:
        assert page(api, path, clause=document.short(item.node)).xpath("//aside[@id='provision']//h2/text()")
    assert api.get(f"{path}?clause=nothing", accept=BROWSER).status == 404


def test_links_of_a_page_lead_somewhere(api: Served, path: str, document: Document) -> None:
    item = next(item for item in document.items if item.kind.value == PG.Provision)
    found = page(api, path, clause=document.short(item.node), lang="en")
    outside_text = found.xpath("//main//a[not(ancestor::article)]/@href") + found.xpath("//head/link/@href")
    for link in sorted({urljoin(f"{path}?lang=en", href).partition("#")[0] for href in outside_text if not href.startswith("http")}):
        assert api.get(quote(link, safe="/?=&%:+"), accept=BROWSER).status in (200, 303), link


def test_translation_is_shown_in_english_only(api: Served, path: str, document: Document, graph: Graph) -> None:
    assert not page(api, path).xpath("//*[contains(@class, 'translation')]")
    english = page(api, path, lang="en").xpath("string(//article)")
    for item in document.items[::7]:
        for value in graph.objects(item.node, PG.translation):
            assert value.value.rstrip(".;, ") in english


def test_citations_are_made_of_the_record(graph: Graph, document: Document) -> None:
    number = next(iter(graph.objects(document.policy, PG.documentNumber))).value
    standard, official = (citation.words for citation in citations(graph, document.policy))
    assert standard.startswith("中共新乡市委办公室, 新乡市人民政府办公室. 关于印发《")
    assert standard.endswith(f"》的通知: {number}[Z]. 2023-08-21.")
    assert official.startswith("《中共新乡市委办公室 新乡市人民政府办公室关于印发〈")
    assert official.endswith(f"〉的通知》（{number}）")


def test_the_audit_accounts_for_every_sentence(api: Served, path: str, document: Document, graph: Graph) -> None:
    found = page(api, path, view="audit")
    assert "100%" in found.xpath("string(//*[@id='verdict'])")
    rows = found.xpath("//table[contains(@class, 'sentences')]/tbody/tr")
    sentences = [sentence for block in document.blocks for sentence in block.sentences]
    assert [row.xpath("string(td[1])") for row in rows] == [document.words(sentence) for sentence in sentences]
    assert all(row.xpath("td[2]//a") for row in rows)
    for node in graph.subjects(RDF.type, Iri(PG.NonNormativeItem)):
        for reason in graph.objects(node, PG.reason):
            assert reason.language == "en" or reason.value in found.text_content()  # type: ignore[union-attr]
    said = api.get(f"{path}?view=audit&format=json").json
    assert (said["passed"], said["coverage"]) == (True, 1.0)


def test_the_same_is_there_as_data(api: Served, path: str, document: Document) -> None:
    said = api.get(f"{path}?strength=grant", accept="application/json").json
    assert said["sha256"] == document.digest
    assert "".join(s["words"] for block in said["blocks"] for s in block["sentences"]) == document.text
    kept = [item for item in said["items"] if item.get("matches")]
    assert len(kept) == said["matching"] > 0
    assert all(item["words"] == document.text[item["start"] : item["end"]] for item in said["items"])


def test_an_answer_can_be_kept(api: Served, path: str) -> None:
    first = api.get(path, accept=BROWSER)
    assert api.get(path, accept=BROWSER, if_none_match=first.headers["etag"]).status == 304
    assert "script-src 'self'" in first.headers["content-security-policy"]


def test_hostile_values_are_words(api: Served, path: str) -> None:
    reply = api.get(f"{path}?actor=" + quote("<script>alert(1)</script>"), accept=BROWSER)
    assert reply.status == 200
    assert "<script>alert" not in reply.text


def test_other_policies_are_read_alike() -> None:
    """Titles such as “Article 1” stand within their first sentence there, and IRIs are another's."""
    with served(POLICYGRAPH_DATA=SECOND) as running:
        known = running.get("/read", accept="application/json").json["policies"]
        assert len(known) > 2
        listed = html.document_fromstring(running.get("/read", accept=BROWSER).text)
        both = load(data_roots((SECOND,)))
        for each in known:
            assert each["page"] in listed.xpath("//main//a/@href")
            text = read(both, Iri(each["policy"]))
            found = page(running, each["page"])
            assert found.xpath("string(//article)") == text.text
            assert not found.xpath("//article//h4//a[@data-s]")
