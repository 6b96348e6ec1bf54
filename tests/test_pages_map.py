"""The map and the home page over HTTP: they show what the saved questions answer, in the text's order, and name no lead."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode, urlsplit

import pytest
from lxml import etree

from pages import Element, page_of
from policygraph.graph.loading import load
from policygraph.model.terms import Iri, Literal
from policygraph.paths import data_roots
from policygraph.vocab import ELI, PG, RDF
from second import COMBINED, ROOT, SECOND
from sending import BROWSER, STANDING, sound
from serving import served

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policygraph.graph.memory import Graph
    from serving import Served

SVG = "{http://www.w3.org/2000/svg}"
LEAST_TYPE = 12  # pixels


@pytest.fixture(scope="module")
def api() -> Iterator[Served]:
    with served() as running:
        yield running


@pytest.fixture(scope="module")
def graph() -> Graph:
    return load(data_roots())


@pytest.fixture(scope="module")
def policy(graph: Graph) -> Iri:
    (found,) = graph.subjects(RDF.type, Iri(PG.Policy))
    assert isinstance(found, Iri)
    return found


def opened(api: Served, path: str, spoken: str, **query: str) -> Element:
    """Return a page that is well made, in a language."""
    reply = api.get(f"/{path}?{urlencode({**query, 'lang': spoken})}", accept=BROWSER)
    assert (reply.status, reply.type, reply.headers["content-language"]) == (200, "text/html", spoken), reply.text[:400]
    sound(reply, spoken)
    return page_of(reply.text)


def answered(api: Served, question: str, spoken: str) -> list[dict[str, str]]:
    """Return the rows of a saved question."""
    rows = api.get(f"/ask/{question}?format=json&lang={spoken}").json["rows"]
    return [{name: cell.get("value") or cell["iri"] for name, cell in row.items()} for row in rows]


def picture(page: Element, key: str) -> Element:
    (found,) = [svg for svg in page.all("svg") if svg.attributes.get("aria-labelledby") == f"{key}-title"]
    return found


def said(element: Element) -> str:
    """Return words without the spaces between the lines of a picture."""
    return re.sub(r"\s", "", element.text)


@pytest.mark.parametrize("spoken", ["zh", "en"])
def test_the_map_has_a_dot_for_every_unit_that_the_text_lists(api: Served, spoken: str) -> None:
    rows = answered(api, "responsibilities", spoken)
    drawn = picture(opened(api, "map", spoken), "map")
    dots = {re.sub(r"\s", "", dot.all("title")[0].text) for dot in drawn.all("circle")}
    assert len(rows) == len(drawn.all("circle")) == len(dots) > 50
    separator = {"zh": "：", "en": ":"}[spoken]
    for row in rows:
        assert any(d.startswith(re.sub(r"\s", "", f"{row['label']}{separator}{row['agencyLabel']}")) for d in dots), row
    heads = [said(head) for head in drawn.all("text") if "head" in head.attributes["class"].split()]
    counted = Counter(row["agencyLabel"] for row in rows)
    ordered = sorted(counted, key=lambda name: -counted[name])  # those of one count as the text has them
    assert heads == [re.sub(r"\s", "", name) for name in ordered]
    names = [said(name) for name in drawn.all("text") if "name" in name.attributes["class"].split()]
    assert names == list(dict.fromkeys(re.sub(r"\s", "", row["label"]) for row in rows)), "measures in the text's order"
    sums = [text.text for text in drawn.all("text") if "sum" in text.attributes["class"].split()]
    assert Counter(sums) == Counter(str(n) for n in [*counted.values(), *Counter(row["label"] for row in rows).values(), len(rows)])


@pytest.mark.parametrize("spoken", ["zh", "en"])
def test_the_second_picture_counts_clauses_and_leads_to_them(api: Served, spoken: str) -> None:
    rows = answered(api, "strengths-by-bearer", spoken)
    drawn = picture(opened(api, "map", spoken), "strength")
    cells = [link for link in drawn.all("a") if any("count" in t.attributes["class"].split() for t in link.all("text"))]
    assert Counter(cell.all("text")[0].text for cell in cells) == Counter(row["clauses"] for row in rows)
    for cell in [cell for cell in cells if "bearer=" in cell.attributes["href"]][:3]:
        page = page_of(api.get(cell.attributes["href"], accept=BROWSER).text)
        marked = [link for link in page.all("a") if {"c", "off"} & set(link.attributes.get("class", "").split()) == {"c"}]
        kept = {link.attributes["href"] for link in marked if " m-" in link.attributes["class"] and link.attributes.get("data-s")}
        assert len(kept) == int(cell.all("text")[0].text)


def test_nothing_in_a_picture_is_too_small_or_styled_inside_and_links_answer(api: Served) -> None:
    sheet = next(link.attributes["href"] for link in opened(api, "map", "zh").all("link") if "pictures" in link.attributes["href"])
    sizes = [float(size) for size in re.findall(r"font-size: ([\d.]+)px", api.get(sheet).text)]
    assert len(sizes) > 3
    assert min(sizes) >= LEAST_TYPE
    for key in ("map", "strength"):
        drawn = picture(opened(api, "map", "zh"), key)
        assert not [e for e in drawn._below() if "style" in e.attributes or e.tag == "style"]
        for place in sorted({link.attributes["href"] for link in drawn.all("a")})[:40]:
            assert api.get(place, accept=BROWSER).status in (200, 303), place


@pytest.mark.parametrize("name", ["map.svg", "map-strength.svg"])
def test_a_picture_stands_alone(api: Served, name: str) -> None:
    reply = api.get(f"/{name}?lang=en")
    assert (reply.status, reply.type) == (200, "image/svg+xml")
    root = etree.fromstring(reply.body)
    (style,) = root.findall(f"{SVG}style")
    assert "var(" not in (style.text or "")
    assert "script" not in reply.text
    links = [link.attrib["href"] for link in root.iter(f"{SVG}a")]
    assert len(links) > 20
    assert all(link.startswith(api.url) for link in links)
    assert "sha256-" in reply.headers["content-security-policy"]
    assert api.get(f"/{name}?lang=en", if_none_match=reply.headers["etag"]).status == 304


def test_the_map_is_a_table_as_well_and_links_to_its_data(api: Served, graph: Graph) -> None:
    page = opened(api, "map", "zh")
    first = page.all("table")[0]
    rows = first.all("tbody")[0].all("tr")
    measures = graph.subjects(RDF.type, Iri(PG.Measure))
    assert len(rows) == len(measures)
    for row in rows:
        listed, counted = row.all("td")[0].all("li"), row.all("td")[1].text
        assert len(listed) == int(counted)
    data = [a.attributes["href"] for a in page.all("a") if a.text in {"JSON", "CSV", "XLSX"}]
    assert len(data) == 6
    assert all(api.get(place).status == 200 for place in data)
    assert all(api.get(a.attributes["href"]).status == 200 for a in page.all("a") if ".svg" in a.attributes["href"])


def test_a_policy_that_is_none_is_refused(api: Served, graph: Graph) -> None:
    measure = graph.subjects(RDF.type, Iri(PG.Measure))[0]
    for path in ("map", ""):
        for asked in ("nothing-of-this-name", measure.value):
            assert api.get(f"/{path}?policy={quote(asked, safe='')}", accept=BROWSER).status == 400


@pytest.mark.parametrize("spoken", ["zh", "en"])
def test_home_tells_in_one_screen_what_the_policy_is(api: Served, graph: Graph, policy: Iri, spoken: str) -> None:
    page = opened(api, "", spoken)
    labels = {v.language: v.value for v in graph.objects(policy, "http://www.w3.org/2000/01/rdf-schema#label") if isinstance(v, Literal)}
    assert page.all("h1")[0].text == labels[spoken]
    lead = page.all("p", **{"class": "lead"})[0].text
    for predicate in (PG.documentNumber, PG.dateIssued):
        assert graph.objects(policy, predicate)[0].value in lead
    goals = answered(api, "goals-with-figures", spoken)
    figures = [goal.all("p")[0].text for goal in page.all("li", **{"class": "goal"})]
    assert len(figures) == len(goals) > 3
    if spoken == "zh":
        assert figures == [goal["words"] for goal in goals]
    shares = [goal for goal in goals if goal["unit"].endswith("FRACTION")]
    bars = [svg.all("rect")[1].attributes["width"] for svg in page.all("svg", **{"class": "share-bar"})]
    assert [float(bar) for bar in bars] == pytest.approx([100 * float(goal["value"]) for goal in shares])
    assert STANDING[spoken] in page.text


def test_home_has_the_measures_in_the_texts_order_and_leads_everywhere(api: Served, graph: Graph) -> None:
    page = opened(api, "", "zh")
    shown = [card.all("a")[0].text for cards in page.all("ol", **{"class": "cards measures"}) for card in cards.all("li")]
    assert shown == list(dict.fromkeys(row["label"] for row in answered(api, "responsibilities", "zh")))
    positions = {m: int(graph.objects(m, PG.position)[0].value) for m in graph.subjects(RDF.type, Iri(PG.Measure))}
    groups = [graph.objects(m, ELI.is_part_of)[0] for m in sorted(positions, key=lambda m: (positions[m], m.value))]
    assert groups != sorted(groups), "a place counts within its group only: to sort by it alone would mix the groups"
    (main,) = page.all("main")
    places = dict.fromkeys(a.attributes["href"] for a in main.all("a") if not a.attributes["href"].startswith(("http", "#")))
    assert len(places) > 50
    for place in places:
        if not urlsplit(place).path.startswith(("/dumps/", "/catalog")):  # made on the first request, which takes seconds
            assert api.get(place, accept=BROWSER).status in (200, 303), place
    for path in ("/void", "/catalog", "/openapi.json", "/sparql", "/schemas"):
        assert any(urlsplit(place).path == path for place in places), path


def test_several_policies_are_told_apart() -> None:
    with served("--data", str(ROOT)) as api:
        for path in ("", "map"):
            page = opened(api, path, "zh")
            (other,) = [a for a in page.all("a") if f"policy={quote(SECOND, safe='')}" in a.attributes["href"] and a.text][:1]
            second = page_of(api.get(other.attributes["href"], accept=BROWSER).text)
            heading = second.all("h1")[0].text + "".join(p.text for p in second.all("p", **{"class": "lead"}))
            assert other.text in heading
        assert api.get(f"/map.svg?policy={quote(COMBINED, safe='')}").status == 200
