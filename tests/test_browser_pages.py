"""Every page in a browser: in both languages, on a desktop and on a phone, in light and in dark, for eyes and for what reads out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from browsing import ADDRESSES, LANGUAGES, PHONE, Machine, machine, reach
from policygraph.web.pages.shell import STANDING

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def browser() -> Iterator[Machine]:
    with machine() as started:
        yield started


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("address", [pytest.param(each, id=each["name"]) for each in ADDRESSES])
def test_a_page(browser: Machine, address: dict[str, Any], language: str) -> None:
    """One visit for all that is asked of a page, since visits take the time. axe is asked once a page: languages share markup."""
    with browser.window(language, expected=frozenset({address.get("status", 200)})) as window:
        page = reach(window, address)
        seen = window.measure()
        faults = []
        if seen["language"] != LANGUAGES[language]:
            faults.append(f"its language is {seen['language']}")
        if len(seen["titles"]) != 1 or not seen["title"].startswith(seen["titles"][0]):
            faults.append(f"titles: {seen['titles']} in {seen['title']!r}")
        if STANDING.in_language(language) not in seen["text"]:
            faults.append("it does not say what its answers are")
        faults += [f"{what}: {found}" for what in ("skipped", "repeated", "dead") for found in seen[what]]
        if language == "en":
            faults += [f"Chinese that is not marked: {found}" for found in seen["foreign"]]
        if language == "zh":
            faults += [f"axe: {found}" for found in window.axe()]
            page.emulate_media(color_scheme="dark")
            faults += [f"axe in the dark: {found}" for found in window.axe("color-contrast")]
        page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
        faults += [f"scrolls sideways on a phone: {found}" for found in window.sideways()]
        assert not faults, "\n".join(faults)


@pytest.mark.parametrize("address", [pytest.param(each, id=each["name"]) for each in ADDRESSES if each.get("scriptless")])
def test_a_page_says_the_same_without_scripts(browser: Machine, address: dict[str, Any]) -> None:
    with browser.window() as window:
        reach(window, address)
        scripted = window.measure()
    with browser.window(script=False) as window:
        reach(window, address)
        plain = window.measure()
    assert plain["said"] == scripted["said"] != []
