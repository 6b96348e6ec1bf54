"""What people come for, from the home page to the end; with a mouse, and with a keyboard alone.

What they do is data of `tests/browser/journeys.yaml`; what they must find is read from the graph.
"""

from __future__ import annotations

import datetime as dt
import re
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
import yaml
from openpyxl import Workbook, load_workbook

from browsing import REPOSITORY, Machine, Window, machine, spoken
from policygraph.graph.loading import PUBLIC, Graph, load
from policygraph.model.terms import Iri, Literal, local_name
from policygraph.paths import data_roots
from policygraph.vocab import BASE, PG, RDFS, SKOS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Page

    from policygraph.model.terms import Term

JOURNEYS: dict[str, Any] = yaml.safe_load((REPOSITORY / "tests/browser/journeys.yaml").read_text("utf-8"))
WAYS = {"map": {"zh": "责任图", "en": "Map"}, "check": {"zh": "核查", "en": "Check"}}
ABOVE = 3  # rows of a template above the first that is filled in
XLSX = "a[href*='format=xlsx']"
_QUESTIONS = 40  # more than any interview asks


@pytest.fixture(scope="module")
def browser() -> Iterator[Machine]:
    with machine() as started:
        yield started


@cache
def graph() -> Graph:
    return load(data_roots(), PUBLIC)


def words(subject: Term, predicate: str, language: str = "zh") -> list[str]:
    """Return what the graph says of a thing in a language."""
    return [v.value for v in graph().objects(subject, predicate) if isinstance(v, Literal) and v.language == language]


def label(thing: Iri, language: str = "zh") -> str:
    return (words(thing, RDFS.label, language) or words(thing, SKOS.prefLabel, language))[0]


def plain(text: str) -> str:
    """Return words as they are compared: spaces and line breaks are the page's affair."""
    return re.sub(r"\s+", "", text)


def sees(page: Page, *expected: str, where: str = "main") -> None:
    seen = plain(page.locator(where).first.inner_text())
    missing = [each for each in expected if plain(each) not in seen]
    assert expected and not missing, f"{page.url}: {missing}"


def goes(window: Window, name: str) -> Page:
    """Take one of the site's ways from where the window is."""
    window.page.locator("header nav a", has_text=re.compile(f"^{WAYS[name][window.language]}$")).click()
    window.page.wait_for_load_state("load")
    return window.page


# ---------------------------------------------------------------- the researcher
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_researcher_finds_who_shares_a_measure(browser: Machine, language: str) -> None:
    measure = Iri(BASE + JOURNEYS["researcher"]["measure"])
    agencies = graph().objects(measure, PG.responsibleAgency)
    provisions = [node for node in graph().subjects(PG.within, measure) if (words(node, PG.quote)) and graph().objects(node, PG.modality)]
    assert len(agencies) > 2
    assert len(provisions) > 2
    with browser.window(language) as window:
        window.open("")
        page = goes(window, "map")
        page.locator("svg a", has=page.locator(f"title:text-is('{label(measure, language)}')")).first.click()
        page.wait_for_load_state("load")
        sees(page, *(label(agency, language) for agency in agencies if isinstance(agency, Iri)))
        sees(page, *(said for node in provisions for said in words(node, PG.quote)))


def test_a_researcher_finds_a_clause_by_its_words(browser: Machine) -> None:
    """Search box, result, clause: with the keyboard alone."""
    provision = Iri(BASE + JOURNEYS["clerk"]["provision"])
    (said,) = words(provision, PG.quote)
    with browser.window() as window:
        page = window.open("")
        tab_to(page, "header input[type=search]")
        page.keyboard.type(said)
        page.keyboard.press("Enter")
        page.wait_for_url("**/search?**")
        tab_to(page, f"main a[href*='clause={local_name(provision.value)}']")
        page.keyboard.press("Enter")
        page.locator("aside#provision").wait_for()
        sees(page, said, label(provision), where="aside#provision")


# ---------------------------------------------------------------- the clerk
def test_a_clerk_mends_a_wrong_share(browser: Machine, tmp_path: Path) -> None:
    told = JOURNEYS["clerk"]
    file = tmp_path / "年度报告.xlsx"
    with browser.window() as window:
        window.open("")
        page = goes(window, "check")
        page.locator(f"main a[href*='/check/{told['kind']}']").first.click()
        with page.expect_download() as template:
            page.locator(f"main {XLSX}").first.click()
        template.value.save_as(file)
        book = load_workbook(file)
        filled(book, told["cells"], page)
        book.save(file)
        page = goes(window, "check")
        send(page, file)
        (said,) = words(Iri(BASE + told["provision"]), PG.quote)
        finding = page.locator("li.finding.violation")
        assert finding.count() == 1
        heading = heading_of(page, told["wrong"])
        sees(page, said, heading, where="li.finding.violation")
        assert finding.locator(".mending").inner_text().strip()
        row = page.locator("table.cells tr.fault", has_text=heading)
        sees(page, str(told["cells"][told["wrong"]]), where="table.cells tr.fault")
        assert row.count() == 1
        # mended where the page says, and sent again
        filled(book, {told["wrong"]: told["mended"]}, page)
        book.save(file)
        page = goes(window, "check")
        send(page, file)
        assert page.locator("li.finding.violation").count() == 0
        assert page.locator("article.record .badge.pass").count() > 0


def test_a_clerk_checks_a_file_with_the_keyboard(browser: Machine) -> None:
    with browser.window() as window:
        page = window.open("check")
        tab_to(page, "input[type=file]")
        page.locator("input[type=file]").first.set_input_files(REPOSITORY / "examples/employer-year-below.ttl")  # the system's own dialog
        tab_to(page, "#files button[type=submit]")
        page.keyboard.press("Enter")
        page.locator(".report li.finding.violation").wait_for()
        assert page.evaluate("document.activeElement.closest('main') !== null"), "who reads out goes on at the report"


def filled(book: Workbook, cells: dict[str, Any], page: Page) -> None:
    """Write cells below the template's example, under the headings that the fields have."""
    sheet = book.worksheets[0]
    headings = {cell.value: column for column, cell in enumerate(sheet[1], 1)}
    sheet.cell(ABOVE + 1, 1).value = 1
    for name, value in cells.items():
        day = dt.datetime(value.year, value.month, value.day) if isinstance(value, dt.date) else value  # noqa: DTZ001 - a cell has no zone
        sheet.cell(ABOVE + 1, headings[heading_of(page, name)]).value = day


def heading_of(page: Page, name: str) -> str:
    """Return the heading of a field in templates and reports."""
    found = page.request.get(f"{page.url.split('/check')[0]}/api/kinds/{JOURNEYS['clerk']['kind']}?format=json").json()
    (heading,) = [field["label"]["zh"] for field in found["fields"] if field["field"] == name]
    return str(heading)


def send(page: Page, file: Path) -> None:
    page.locator("#files input[type=file]").set_input_files(file)
    page.locator("#files button[type=submit]").click()
    page.locator(".report").wait_for()


HOSTILE = "</bdi></td><img src=x onerror=alert(1)><script>alert(2)</script><svg onload=alert(3)>"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_words_of_others_are_shown_and_never_run(browser: Machine, language: str, tmp_path: Path) -> None:
    """In an address, in a field and in a file; a window complains of dialogs, of scripts and of what is fetched."""
    file = tmp_path / "hostile.ttl"
    example, name = (REPOSITORY / "examples/employer-year-below.ttl").read_text("utf-8"), JOURNEYS["clerk"]["cells"]["employerName"]
    assert name in example
    file.write_text(example.replace(name, HOSTILE), "utf-8")
    with browser.window(language, expected=frozenset({400, 404})) as window:
        page = window.open("check")
        send(page, file)
        sees(page, HOSTILE)
        for path in ("search?q=", "ask?q=", "ask/measures-of-agency?agency=", "read/cn-410700/xinban-2023-10?actor=", "map?policy="):
            page = window.open(path + quote(HOSTILE))
            assert page.locator("h1").count() == 1
            assert page.locator("main script, main img").count() == 0


# ---------------------------------------------------------------- the worker
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_worker_learns_what_a_medal_is_worth(browser: Machine, language: str) -> None:
    told = JOURNEYS["worker"]
    provision = Iri(BASE + told["provision"])
    (section,) = [node for node in graph().objects(provision, PG.within) if graph().objects(node, PG.responsibleAgency)]
    agencies = [label(node, language) for node in graph().objects(section, PG.responsibleAgency) if isinstance(node, Iri)]
    with browser.window(language) as window:
        page = window.open("")
        page.locator("main a[href*='entitlements']").first.click()
        page.locator(f"button[name=kind][value={told['kind']}]").click()
        answer(page, told, language)
        found = page.locator("article, section", has_text=words(provision, PG.quote)[0]).last
        sees(page, *words(provision, PG.quote), *words(provision, PG.hedge), *agencies)
        assert found.count() == 1
        assert spoken("entitlements", language) in page.url, "answers stand in no address"
        assert not [each for each in told["answers"].values() if local_name(each) in page.url]


def answer(page: Page, told: dict[str, Any], language: str) -> None:
    """Answer one question after the other until none is left that could change the answer."""
    for _ in range(_QUESTIONS):
        page.wait_for_load_state("load")
        at = page.locator("#interview input[name=at]")
        if not at.count():
            return
        name = (at.first.get_attribute("value") or "").rpartition("/")[2]
        wanted = told["answers"].get(name)
        if name == told["rows"]:
            more = page.locator("#answers", has_text=label(Iri(BASE + told["answers"]["medal"]), language)).count()
            page.locator("input[name=say]").nth(1 if more else 0).check()
        elif wanted:
            page.get_by_label(label(Iri(BASE + wanted), language), exact=True).check()
        press = "next" if wanted or name == told["rows"] else "unknown"
        page.locator(f"button[name=act][value={press}]").click()
    raise AssertionError("the interview does not end")


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until an element has the focus, and see that the focus can be seen."""
    for _ in range(300):
        page.keyboard.press("Tab")
        if page.evaluate("wanted => document.activeElement.matches(wanted)", selector):
            outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert outline != "none", f"the focus on {selector} cannot be seen"
            return
    raise AssertionError(f"{selector} is not reached with the keyboard")
