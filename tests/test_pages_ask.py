"""The pages of saved questions: found, filled in, answered, ordered, narrowed and downloaded without a script."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from pages import Element, page_of
from policygraph.paths import data_roots
from policygraph.queries.catalogue import read_questions
from policygraph.web.pages.ask.arranging import NAMES
from policygraph.web.pages.shell import STANDING
from serving import served

if TYPE_CHECKING:
    from collections.abc import Iterator

    from serving import Served

HTML = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
QUESTION = "/ask/units-of-measure"


@pytest.fixture(scope="module")
def site() -> Iterator[Served]:
    with served() as running:
        yield running


def got(site: Served, path: str, status: int = 200) -> Element:
    reply = site.get(path, accept=HTML)
    assert (reply.status, reply.type) == (status, "text/html"), reply.body[:300]
    return page_of(reply.text)


def rows(page: Element) -> list[list[str]]:
    (table,) = page.all("table", id="answer-table")
    (body,) = table.all("tbody")
    return [[cell.text for cell in row.children] for row in body.all("tr")]


def test_no_question_has_a_parameter_that_pages_need() -> None:
    for question in read_questions(data_roots()).values():
        assert not set(question.params) & {*NAMES, "format", "lang"}, question.name


# ---------------------------------------------------------------- the list
def test_the_list_holds_every_question_once_under_its_topic(site: Served) -> None:
    listed = site.get("/ask?format=json").json["topics"]
    page = got(site, "/ask?lang=zh")
    sections = [section for section in page.all("section") if section.attributes.get("class") == "topic"]
    assert [section.all("h2")[0].text for section in sections] == [topic["topic"]["zh"] for topic in listed]
    for section, topic in zip(sections, listed, strict=True):
        links = [(a.attributes["href"], a.text) for li in section.all("li") for a in li.all("a")]
        assert links == [(q["address"] + "?lang=zh", q["summary"]["zh"]) for q in topic["questions"]]
    assert len(sections) >= 10


@pytest.mark.parametrize(("words", "language"), [("责任 单位", "zh"), ("award", "en"), ("units-of-measure", "en")])
def test_the_list_narrows_without_a_script(site: Served, words: str, language: str) -> None:
    page = got(site, f"/ask?lang={language}&q={quote(words)}")
    (box,) = page.all("input", id="questions-filter")
    assert box.attributes["value"] == words
    found = page.all("li", **{"data-words": None})
    assert 0 < len(found) < len(got(site, "/ask?lang=zh").all("li", **{"data-words": None}))
    assert all(word in li.attributes["data-words"] for li in found for word in words.casefold().split())


def test_a_list_without_a_hit_says_so_and_shows_foreign_words_as_text(site: Served) -> None:
    page = got(site, f"/ask?lang=en&q={quote('<script>alert(1)</script>')}")
    (empty,) = page.all("p", id="questions-empty")
    assert "<script>alert(1)</script>" in empty.text
    assert not [script for script in page.all("script") if not script.attributes.get("src")]


# ---------------------------------------------------------------- the form
def test_every_question_has_a_page_that_says_what_it_is(site: Served) -> None:
    for topic in site.get("/ask?format=json").json["topics"]:
        for question in topic["questions"]:
            for language in ("zh", "en"):
                page = got(site, f"{question['address']}?lang={language}")
                assert [h.text for h in page.all("h1")] == [question["summary"][language]]
                assert STANDING.in_language(language) in page.all("section", id="answer")[0].text
                assert (
                    {i.attributes["name"] for i in page.all("form", id="ask-form")[0].all("input") if i.attributes["type"] != "hidden"}
                    == set(question["params"])
                    if question["params"]
                    else not page.all("form", id="ask-form")
                )


def test_a_field_lists_what_may_stand_there_with_all_its_names(site: Served) -> None:
    page = got(site, "/ask/measures-of-agency?lang=zh")
    (field,) = page.all("input", name="agency")
    (label,) = page.all("label", **{"for": field.attributes["id"]})
    assert "示例" in label.text
    (choices,) = page.all("datalist", id=field.attributes["list"])
    told = site.get("/ask/measures-of-agency").json["parameters"]["agency"]
    names = {option.attributes["value"]: option.text for option in choices.all("option")}
    assert field.attributes["value"] == told["value"]["label"]["zh"]
    assert told["value"]["label"]["en"] in names[told["value"]["label"]["zh"]]
    for name in names:  # each is understood, and means one thing
        assert site.get(f"/ask/measures-of-agency?agency={quote(name)}").status == 200
    assert len(names) >= 15


def test_a_filled_form_is_answered_and_shows_the_name_of_what_was_meant(site: Served) -> None:
    page = got(site, f"{QUESTION}?lang=zh&measure=m8")
    (field,) = page.all("input", id="param-measure")
    told = site.get(f"{QUESTION}?measure=m8").json
    assert field.attributes["value"] == told["parameters"]["measure"]["value"]["label"]["zh"]
    assert "示例" not in page.all("label", **{"for": field.attributes["id"]})[0].text
    assert not page.all("p", id="answer-sample")
    assert got(site, f"{QUESTION}?lang=zh").all("p", id="answer-sample")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_wrong_value_is_explained_beside_its_field(site: Served, language: str) -> None:
    page = got(site, f"{QUESTION}?lang={language}&measure={quote('<b>没有这个')}", 400)
    (field,) = page.all("input", name="measure")
    assert field.attributes["aria-invalid"] == "true"
    assert field.attributes["value"] == "<b>没有这个"
    (fault,) = page.all("p", id=field.attributes["aria-describedby"].split()[0])
    assert "<b>没有这个" in fault.text
    assert not page.all("section", id="answer")


def test_a_program_gets_the_problem_itself(site: Served) -> None:
    reply = site.get(f"{QUESTION}?measure=nothing-of-that-name&format=html", accept="*/*")
    assert (reply.status, reply.type) == (400, "application/problem+json")


# ---------------------------------------------------------------- the answer
def test_cells_show_names_linked_to_their_pages_and_quotes_as_quotes(site: Served) -> None:
    told = site.get(f"{QUESTION}?measure=m8").json
    page = got(site, f"{QUESTION}?lang=zh&measure=m8")
    (table,) = page.all("table", id="answer-table")
    for row, shown in zip(told["rows"], table.all("tbody")[0].all("tr"), strict=True):
        links = {a.attributes["title"]: a for a in shown.all("a")}
        assert links[row["agency"]["iri"]].text == row["label"]["value"]
        assert [q.text for q in shown.all("q")] == [row["quote"]["value"]]
        assert site.get(links[row["agency"]["iri"]].attributes["href"], accept=HTML).status in {200, 303}


def test_the_english_page_keeps_the_words_of_the_text_and_translates_them(site: Served) -> None:
    page = got(site, "/ask/provisions-of-strength?lang=en")
    quotes = page.all("table", id="answer-table")[0].all("q")
    assert quotes
    assert all(q.attributes["lang"] == "zh-Hans" for q in quotes)
    assert page.all("span", **{"class": "translation"})
    assert all(parse_qs(urlsplit(a.attributes["href"]).query).get("lang") == ["en"] for a in page.all("table")[0].all("tbody")[0].all("a"))


def test_headings_sort_and_the_box_narrows_without_a_script(site: Served) -> None:
    page = got(site, f"{QUESTION}?lang=zh&measure=m8")
    plain = rows(page)
    (position,) = page.all("a", **{"data-column": "position"})
    up = got(site, position.attributes["href"])
    assert rows(up) == plain
    (again,) = up.all("a", **{"data-column": "position"})
    down = got(site, again.attributes["href"])
    assert rows(down) == plain[::-1]
    assert down.all("thead")[0].all("th")[0].attributes["aria-sort"] == "descending"
    word = plain[0][1]
    form = down.all("input", id="answer-filter")[0]
    assert form.attributes["name"] == "filter"
    narrowed = got(site, f"{QUESTION}?lang=zh&measure=m8&sort=position&order=desc&filter={quote(plain[0][0] + ' ' + word)}")
    assert 0 < len(rows(narrowed)) < len(plain)


def test_what_is_downloaded_is_what_is_shown(site: Served) -> None:
    query = f"{QUESTION}?lang=zh&measure=m8&sort=position&order=desc"
    page = got(site, query)
    (links,) = page.all("ul", **{"class": "downloads"})
    by_name = {a.text: a.attributes["href"] for a in links.all("a")}
    assert set(by_name) == {"CSV", "XLSX", "JSON", "SPARQL"}
    table = list(csv.reader(io.StringIO(site.get(by_name["CSV"]).body.decode("utf-8-sig"))))
    assert [row[0] for row in table[1:]] == [row[0] for row in rows(page)]
    assert [row["position"]["value"] for row in site.get(by_name["JSON"]).json["rows"]] == [row[0] for row in table[1:]]
    assert site.get(by_name["XLSX"]).body[:2] == b"PK"


def test_the_query_behind_it_runs_and_leads_to_the_editor(site: Served) -> None:
    page = got(site, f"{QUESTION}?lang=zh&measure=m8")
    query = site.get(f"{QUESTION}?measure=m8&format=rq&lang=zh")
    assert query.type == "application/sparql-query"
    assert page.all("pre")[0].text == query.text
    told = site.ask("POST", "/sparql", query.body, content_type="application/sparql-query", accept="application/sparql-results+json").json
    assert len(told["results"]["bindings"]) == len(rows(page))
    (link,) = [a for a in page.all("a") if "#query=" in a.attributes.get("href", "")]
    assert parse_qs(urlsplit(link.attributes["href"]).fragment)["query"] == [query.text]
    assert "query" not in parse_qs(urlsplit(link.attributes["href"]).query)  # nothing of it is sent to the server


@pytest.mark.parametrize(
    ("query", "status"), [("sort=nothing", 400), ("order=up", 400), ("sort=position&order=asc", 200), ("filter=", 200)]
)
def test_arrangements_that_cannot_be_are_refused(site: Served, query: str, status: int) -> None:
    for form in ("json", "csv", "html"):
        assert site.get(f"{QUESTION}?{query}&format={form}").status == status


def test_an_empty_answer_is_explained(site: Served) -> None:
    agency = site.get("/ask/measures-of-agency").json["parameters"]["agency"]["value"]
    page = got(site, f"{QUESTION}?lang=zh&measure={quote(agency['iri'], safe='')}")
    (empty,) = page.all("div", id="answer-empty")
    assert agency["label"]["zh"] in empty.text
    assert not page.all("table", id="answer-table")
    narrowed = got(site, f"{QUESTION}?lang=en&filter=zzzz")
    assert "zzzz" in narrowed.all("div", id="answer-empty")[0].text


def test_pages_are_kept_by_language_and_form(site: Served) -> None:
    bodies = set()
    for accept, language in ((HTML, "zh"), (HTML, "en"), ("application/json", "zh")):
        reply = site.get(QUESTION, accept=accept, accept_language=language)
        assert {each.strip() for each in reply.headers["vary"].split(",")} >= {"Accept", "Accept-Language"}
        assert site.get(QUESTION, accept=accept, accept_language=language, if_none_match=reply.headers["etag"]).status == 304
        bodies.add(reply.body)
    assert len(bodies) == 3
    assert json.loads(site.get(QUESTION).body)["question"] == "units-of-measure"
