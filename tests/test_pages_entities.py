"""Pages of things: plain facts first, the words that they rest on, the statements below; a page for every kind of thing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest

from asking import Inside
from pages import Element, page_of
from policygraph.model.terms import Blank, Iri, Literal
from policygraph.paths import data_roots
from policygraph.vocab import BASE, ELI, OWL, PG, PROV, RDF, RDFS, SH
from sending import BROWSER, STANDING, sound

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policygraph.graph.memory import Graph
    from policygraph.model.terms import Term

# Classes of which a thing has plain facts, and what a page of one must have at the least: parts with a heading.
TOLD = {
    PG.Policy: 3, PG.Measure: 3, PG.Safeguard: 1, PG.Provision: 1, PG.Heading: 0, PG.ResponsibilityStatement: 0, PG.NonNormativeItem: 0,
    PG.Sentence: 1, PG.Enumeration: 2, PG.ExternalDocument: 0, PG.Agency: 1, PG.ActorGroup: 0, PG.Parameter: 1, PG.ParameterSet: 0,
    PG.Rule: 2, PG.Alternative: 1, PG.Condition: 1, PG.Expression: 0, PG.Benefit: 1, PG.NormShape: 1, PG.ClaimShape: 1, PG.Reading: 1,
    PG.ReadingOption: 0, PG.OpenQuestion: 0, PG.ExternalFact: 0, PG.Review: 0, PG.Term: 0,
}  # fmt: skip
LEAST_CLASSES = 90


@pytest.fixture(scope="module")
def inside() -> Iterator[Inside]:
    asked = Inside(data_roots())
    yield asked
    asked.close()


@pytest.fixture(scope="module")
def graph(inside: Inside) -> Graph:
    return inside.service.graph


def opened(inside: Inside, iri: str, spoken: str = "zh") -> Element:
    """Return the page of a thing, which is well made."""
    path = iri.removeprefix(BASE).partition("#")[0]
    heard = inside.get(f"/{path}?lang={spoken}", accept=BROWSER)
    if heard.status == 303:
        heard = inside.get(heard.headers["location"], accept=BROWSER)
    assert (heard.status, heard.type) == (200, "text/html"), iri
    sound(heard, spoken)  # type: ignore[arg-type] - it has the same parts as an answer of the server
    return page_of(heard.text)


def some(graph: Graph, kind: str) -> Iri:
    """Return some thing of a kind that has a page of its own."""
    return min(n for n in graph.subjects(RDF.type, Iri(kind)) if isinstance(n, Iri) and n.value.startswith(BASE) and "#" not in n.value)


def facts(page: Element) -> Element:
    return page.all("div", **{"class": "facts"})[0]


def parts(page: Element) -> dict[str, Element]:
    """Return what stands in plain words, by heading."""
    return {section.all("h2")[0].text: section for section in facts(page).all("section") if section.all("h2")}


def words(graph: Graph, node: Term, predicate: str) -> list[str]:
    return [value.value for value in graph.objects(node, predicate) if isinstance(value, Literal)]


def members(graph: Graph, node: Iri, predicate: str) -> list[Term]:
    found: list[Term] = []
    cell: Term | None = next(iter(graph.objects(node, predicate)), None)
    while isinstance(cell, Blank):
        found += graph.objects(cell, RDF.first)
        cell = next(iter(graph.objects(cell, RDF.rest)), None)
    return found


@pytest.mark.parametrize("spoken", ["zh", "en"])
def test_a_thing_of_every_class_has_a_page_that_is_well_made(inside: Inside, graph: Graph, spoken: str) -> None:
    first: dict[str, Iri] = {}
    for node, _, kind in sorted(graph.triples(predicate=Iri(RDF.type)), key=str):
        if isinstance(node, Iri) and node.value.startswith(BASE) and "#" not in node.value and Iri(OWL.Ontology) != kind:
            first.setdefault(kind.value, node)
    assert len(first) > LEAST_CLASSES
    for node in sorted(set(first.values())):
        page = opened(inside, node.value, spoken)
        labels = {v.language: v.value for v in graph.objects(node, RDFS.label) if isinstance(v, Literal)}
        if spoken in labels:
            assert page.all("h1")[0].text == labels[spoken]
        assert {e.attributes["id"] for e in page.all("details") + page.all("section") if "id" in e.attributes} >= {"statements", "pointing"}


@pytest.mark.parametrize("kind", TOLD, ids=[kind.rpartition("#")[2] for kind in TOLD])
def test_things_are_told_in_plain_words_with_the_statements_folded_below(inside: Inside, graph: Graph, kind: str) -> None:
    page = opened(inside, some(graph, kind).value)
    assert len(parts(page)) >= TOLD[kind], sorted(parts(page))
    folded = [each for each in page.all("details") if each.attributes.get("id") in {"statements", "pointing"}]
    assert len(folded) == 2
    assert not any("open" in each.attributes for each in folded)
    assert facts(page).all("p", **{"class": "lead"})[0].text


def test_a_measure_lists_its_units_in_the_texts_order_and_its_clauses(inside: Inside, graph: Graph) -> None:
    for measure in graph.subjects(RDF.type, Iri(PG.Measure)):
        assert isinstance(measure, Iri)
        told = parts(opened(inside, measure.value))
        listed = [item.text for item in told["责任单位"].all("ol")[0].all("li")]
        wanted = [inside.service.entities.label(unit, "zh") for unit in members(graph, measure, PG.responsibleAgencyList)]
        assert listed == wanted
        clauses = [c for c in graph.subjects(ELI.is_part_of, measure) if Iri(PG.Provision) in graph.objects(c, RDF.type)]
        shown = [p.text for p in told["条款（按原文顺序）"].all("p", **{"class": "quoted"})]
        assert sorted(shown) == sorted(words(graph, clause, PG.quote)[0] for clause in clauses)
        assert "牵头" in told["责任单位"].text


def test_a_clause_shows_its_words_their_english_and_where_they_are_read(inside: Inside, graph: Graph) -> None:
    clause = some(graph, PG.Provision)
    page = opened(inside, clause.value, "en")
    (quoted,) = [q for q in facts(page).all("blockquote") if q.all("p")[0].text == words(graph, clause, PG.quote)[0]]
    assert quoted.all("p")[1].text == words(graph, clause, PG.translation)[0]
    assert quoted.all("p")[0].all("span", lang="zh-Hans")
    (target,) = [a.attributes["href"] for a in quoted.all("a") if "clause=" in a.attributes["href"]]
    assert inside.get(target.partition("#")[0], accept=BROWSER).status == 200
    assert re.search(r"#s-\d{3}$", target)


def test_a_rule_gives_every_alternative_with_its_conditions_in_words(inside: Inside, graph: Graph) -> None:
    for rule in sorted(graph.subjects(RDF.type, Iri(PG.Rule)), key=str)[:6]:
        page = opened(inside, rule.value, "en")
        shown = page.all("section", **{"class": "alternative"})
        alternatives = graph.objects(rule, PG.hasAlternative)
        assert len(shown) == len(alternatives)
        told = sorted(len(each.all("ul", **{"class": "conditions"})[0].children) for each in shown if each.all("ul"))
        assert told == sorted(n for a in alternatives if (n := len(graph.objects(a, PG.hasCondition))))
        assert all(formula.text for formula in page.all("small", **{"class": "formula"}))


def test_numbers_have_their_unit_and_validity(inside: Inside, graph: Graph) -> None:
    shares = [
        p for p in graph.subjects(PG.unit, Iri("http://qudt.org/vocab/unit/FRACTION")) if Iri(PG.Parameter) in graph.objects(p, RDF.type)
    ]
    share = min(shares, key=lambda node: node.value)
    page = facts(opened(inside, share.value))
    value = float(words(graph, share, PG.value)[0])
    assert f"{value * 100:g}%" in page.text
    assert words(graph, share, PG.validFrom)[0] in page.text
    assert words(graph, share, PG.verbatim)[0] in page.text
    table = max((s for s in graph.subjects(RDF.type, Iri(PG.ParameterSet))), key=lambda s: (len(graph.objects(s, PG.dimension)), s.value))
    rows = facts(opened(inside, table.value)).all("tbody")[0].all("tr")
    assert len(rows) == len(graph.subjects(PG.inSet, table)) > 1


def test_a_check_and_a_kind_name_rules_words_and_fields(inside: Inside, graph: Graph) -> None:
    check = some(graph, PG.ClaimShape)
    text = facts(opened(inside, check.value)).text
    for predicate in (SH.message, PG.mending):
        assert next(v.value for v in graph.objects(check, predicate) if isinstance(v, Literal) and v.language == "zh") in text
    for provision in graph.objects(check, PG.onProvision):
        assert words(graph, provision, PG.quote)[0] in text
    kinds = [a.attributes["href"] for a in facts(opened(inside, check.value)).all("a") if "/api/kinds/" in a.attributes["href"]]
    assert kinds
    assert all(inside.get(kind, accept=BROWSER).status == 200 for kind in kinds)
    vocabulary = graph.objects(check, SH.targetClass)[0].value
    assert any("/api/kinds/" in a.attributes["href"] for a in opened(inside, vocabulary).all("a"))


def test_readings_say_that_they_are_not_the_text(inside: Inside, graph: Graph) -> None:
    reading = min(
        graph.subjects(RDF.type, Iri(PG.Reading)), key=lambda node: (-len(graph.objects(node, PG.alternativeReading)), node.value)
    )
    page = opened(inside, reading.value, "en")
    told = facts(page).text
    assert "not its words" in told
    for each in graph.objects(reading, PG.alternativeReading):
        assert isinstance(each, Literal)
        if each.language == "en":
            assert each.value in told


def test_saved_questions_come_with_the_thing_filled_in(inside: Inside, graph: Graph) -> None:
    for kind, parameter in ((PG.Agency, "agency"), (PG.Measure, "measure"), (PG.Provision, "provision"), (PG.Rule, "rule")):
        node = some(graph, kind)
        (asked,) = [s for s in opened(inside, node.value).all("section") if s.attributes.get("id") == "ask"]
        filled = [parse_qs(urlsplit(a.attributes["href"]).query) for a in asked.all("a")]
        assert any(query.get(parameter) == [node.value] for query in filled)
        assert all([node.value] in query.values() for query in filled)


def test_the_picture_names_neighbours_with_links_and_says_so_in_words(inside: Inside, graph: Graph) -> None:
    measure = some(graph, PG.Measure)
    page = opened(inside, measure.value)
    (drawn,) = [svg for svg in page.all("svg") if svg.attributes.get("aria-labelledby") == "near-title"]
    links = [a.attributes["href"] for a in drawn.all("a")]
    assert 3 <= len(links) <= 12
    assert len(set(links)) == len(links)
    assert all(inside.get(link, accept=BROWSER).status in (200, 303) for link in links)
    assert float(drawn.attributes["width"]) <= 360, "it fits a phone"
    assert drawn.all("desc")[0].text in page.all("figcaption")[0].text
    units = len(graph.objects(measure, PG.responsibleAgency))
    assert f"责任单位 {units}" in drawn.all("desc")[0].text


def test_what_points_to_a_thing_is_paged_and_shown_on_later_pages(inside: Inside, graph: Graph) -> None:
    policy = some(graph, PG.Policy).value.removeprefix(BASE)
    page = page_of(inside.get(f"/{policy}.html?lang=zh").text)
    (following,) = page.all("a", rel="next")
    later = page_of(inside.get(following.attributes["href"].partition("#")[0], accept_language="zh").text)
    assert later.all("a", rel="prev")
    assert later.all("section", id="pointing"), "asked for, so not folded"


def test_a_query_of_no_meaning_is_not_kept_for_others(inside: Inside, graph: Graph) -> None:
    path = some(graph, PG.Agency).value.removeprefix(BASE)
    assert "evil" in inside.get(f"/{path}.html?lang=zh&evil=1").text  # the link to the other language repeats what was asked
    assert "evil" not in inside.get(f"/{path}.html?lang=zh").text


def test_documents_and_vocabularies_stay_and_wear_the_shell(inside: Inside) -> None:
    for path in ("core.html", "talent.html", "void.html", "problems.html"):
        page = page_of(inside.get(f"/{path}?lang=zh").text)
        assert page.all("header", **{"class": "site"}), path
        assert STANDING["zh"] in page.text
    core = page_of(inside.get("/core.html?lang=zh").text)
    assert core.all("section", id="Provision")


def test_hostile_words_stay_words(inside: Inside, graph: Graph) -> None:
    node = Iri(BASE + "odd/hostile")
    label = '</title><script>alert(1)</script>"onmouseover="x'
    graph.extend(
        [
            (node, Iri(RDF.type), Iri(PG.Term)),
            (node, Iri(RDFS.label), Literal(label, RDF.langString, "zh")),
            (node, Iri(PROV.wasDerivedFrom), node),
        ]
    )
    page = opened(inside, node.value)
    assert page.all("h1")[0].text == label
    assert not page.all("script")
