"""The pages of comparing over HTTP: what differs is what the interfaces say, with the sentences of both sides."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest

from sending import BROWSER, multipart, sound, words
from serving import served

if TYPE_CHECKING:
    from collections.abc import Iterator

    from serving import Served

OVERLAY = Path("examples/overlays/amend-awards.ttl")
DAY = "2026-09-01"


@pytest.fixture(scope="module")
def face() -> Iterator[Served]:
    with served() as running:
        yield running


@pytest.fixture(scope="module")
def claim(face: Served) -> bytes:
    """A claim of the declared example, on a result after the overlay begins."""
    document = face.get("/openapi.json").json
    record = document["paths"]["/api/check"]["post"]["requestBody"]["content"]["application/json"]["example"]
    return json.dumps(record | {"resultDate": "2026-08-01", "claimDate": DAY, "otherResult": []}).encode()


@pytest.mark.parametrize("spoken", ["zh", "en"])
def test_every_overlay_that_ships_is_offered(face: Served, spoken: str) -> None:
    text = sound(face.get(f"/compare?lang={spoken}", accept=BROWSER), spoken)
    for path in sorted(OVERLAY.parent.glob("*.ttl")):
        assert f"sample={path.stem}" in text
        reply = face.get(f"/compare/samples/{path.stem}")
        assert (reply.status, reply.type, reply.body) == (200, "text/turtle", path.read_bytes())


def test_what_an_overlay_adds_and_ends_is_shown_with_its_words(face: Served) -> None:
    overlay = OVERLAY.read_text(encoding="utf-8")
    reply = face.get(f"/compare?sample={OVERLAY.stem}&lang=en", accept=BROWSER)
    text = sound(reply, "en")
    said = words(text)
    quotes = re.findall(r'pg:quote "([^"]+)"@zh', overlay)
    numbers = re.findall(r'pg:verbatim "([^"]+)"@zh', overlay)
    assert quotes and numbers
    assert all(quote in said for quote in quotes)
    assert all(f"“{number}” = " in said for number in numbers)
    assert text.count('class="difference added"') == len(quotes)
    assert text.count('class="difference changed"') == len(numbers)
    assert "etag" in reply.headers  # it says nothing of the caller
    again = face.get(f"/compare?sample={OVERLAY.stem}&lang=en", accept=BROWSER)
    assert again.body == reply.body
    served_things = set(re.findall(r'href="(/policy/[^"?#]+)', text))
    assert served_things
    assert all(face.get(thing).status in {200, 303} for thing in served_things)  # what only the overlay brings is no link


def test_a_submission_shows_what_is_gained_on_which_sentences(face: Served, claim: bytes) -> None:
    body, media = multipart({"file": ("a.json", claim), "with": ("", b"")}, sample=OVERLAY.stem, before="", **{"as-of": ""})
    found = face.ask("POST", f"/api/whatif?{urlencode({'with': OVERLAY.read_text('utf-8')})}", claim, content_type="application/json").json
    reply = face.ask("POST", "/compare?lang=en", body, content_type=media, accept=BROWSER)
    text = sound(reply, "en")
    said = words(text)
    changes = [change for record in found["records"] for change in record["changes"] if change["difference"]]
    assert changes
    for change in changes:
        assert f"{abs(float(change['difference'])):,.0f}" in said
        for side in (change["before"], change["after"]):
            assert all(citation["quote"] in said for citation in side["citations"][-1:])
    assert text.count('class="amount gained"') == len(changes)
    assert reply.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/compare?sample=no-such-overlay&lang=en", 404, OVERLAY.stem),
        ("/compare?before=no-such-policy&after=neither&lang=en", 400, "no-such-policy"),
        ("/compare?before=/etc&after=/etc&lang=en", 400, "/etc"),
    ],
)
def test_what_there_is_not_is_said_on_a_page(face: Served, path: str, status: int, said: str) -> None:
    reply = face.get(path, accept=BROWSER)
    assert (reply.status, reply.type) == (status, "text/html")
    assert said in sound(reply, "en")


@pytest.mark.parametrize(("overlay", "status"), [(b"", 400), (b"<x> <y", 422), (b"<urn:x> <urn:y> 1 .", 422)])
def test_overlays_that_are_none_are_refused_on_a_page(face: Served, overlay: bytes, status: int) -> None:
    body, media = multipart({"with": ("" if not overlay else "o.ttl", overlay)})
    reply = face.ask("POST", "/compare?lang=en", body, content_type=media, accept=BROWSER)
    assert (reply.status, reply.type) == (status, "text/html")
    assert 'id="problem"' in sound(reply, "en")
