"""The interview in a browser without scripts: one question at a time, every answer changeable, nothing in an address, nothing kept."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest

from pages import Element, page_of
from policygraph.app.sheets import with_line, without
from policygraph.graph.loading import load
from policygraph.model.terms import Iri, local_name
from policygraph.paths import data_roots
from policygraph.vocab import PG, RDFS
from serving import Reply, Served, served

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policygraph.graph.memory import Graph

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
FORM = "application/x-www-form-urlencoded"
PATH = "/entitlements"
WINNER = Path("examples/person-winner.ttl")
STANDING = "依文本判读，非行政决定"
MOST_STEPS = 60


@pytest.fixture(scope="module")
def site() -> Iterator[Served]:
    with served() as running:
        yield running


@pytest.fixture(scope="module")
def graph() -> Graph:
    return load(data_roots(), ("ontology", "shapes"))


@pytest.fixture(scope="module")
def first(site: Served) -> Reply:
    """The page that follows on the file of a winner."""
    return Visit(site).load(WINNER.read_bytes(), "p.ttl").reply


@pytest.fixture
def winner(site: Served, first: Reply) -> Visit:
    """A visit that begins with that page."""
    return Visit(site, reply=first)


class Visit:
    """A person with a browser that has no scripts: fills the form that the page holds, and presses its buttons."""

    def __init__(self, site: Served, lang: str = "zh", reply: Reply | None = None) -> None:
        self._site, self._lang = site, lang
        self.page = Element("", {})
        self.reply: Reply
        self._see(reply or site.get(f"{PATH}?lang={lang}", accept=BROWSER))

    def _see(self, reply: Reply) -> Visit:
        self.reply, self.page = reply, page_of(reply.text)
        return self

    def begin(self, kind: str) -> Visit:
        return self._post({"kind": kind})

    def press(self, act: str, say: str | None = None, **more: str) -> Visit:
        """Press a button of the interview that is on the page."""
        buttons = [b for b in self.page.all("button", form="interview", name="act") if b.attributes["value"] == act]
        assert buttons, f"no button {act}"
        return self._post([*self.fields(say), ("act", act), *more.items()])

    def enter(self, say: str) -> Visit:
        """Answer, and press the Enter key: the browser takes the first button of the form."""
        first = next(b for b in self.page.all("button", form="interview", type="submit"))
        return self._post([*self.fields(say), ("act", first.attributes["value"])])

    def fields(self, say: str | None = None, as_of: str = "") -> list[tuple[str, str]]:
        (form,) = self.page.all("form", id="interview")
        assert form.attributes["method"] == "post"
        held = [(i.attributes["name"], i.attributes.get("value", "")) for i in form.all("input", type="hidden")]
        day = [i.attributes.get("value", "") for i in self.page.all("input", id="as-of")]
        return [*held, *([("as-of", as_of or day[0])] if day else []), *([("say", say)] if say is not None else [])]

    def file(self, form: str) -> bytes:
        assert form.startswith("result-") or self.page.all("button", name="format", value=form)
        return self._site.ask("POST", f"{PATH}/file", urlencode([*self.fields(), ("format", form)]), content_type=FORM).body

    def load(self, data: bytes, name: str) -> Visit:
        body = b'--x\r\nContent-Disposition: form-data; name="file"; filename="' + name.encode() + b'"\r\n\r\n' + data + b"\r\n--x--\r\n"
        address = f"{PATH}?lang={self._lang}"
        return self._see(self._site.ask("POST", address, body, content_type="multipart/form-data; boundary=x", accept=BROWSER))

    def _post(self, fields: Any) -> Visit:
        return self._see(self._site.ask("POST", f"{PATH}?lang={self._lang}", urlencode(fields), content_type=FORM, accept=BROWSER))

    @property
    def asked(self) -> str:
        """What is asked now, '' when a result is shown."""
        questions = self.page.all("div", **{"class": "question"})
        return questions[0].all("h2")[0].text if questions else ""

    @property
    def choices(self) -> dict[str, str]:
        found = {}
        for item in self.page.all("input", type="radio"):
            (label,) = self.page.all("label", **{"for": item.attributes["id"]})
            found[label.text.strip()] = item.attributes["value"]
        return found

    @property
    def outcomes(self) -> dict[str, str]:
        """Rule → outcome, as the page that shows them holds them for the next comparison."""
        held = [i.attributes["value"] for i in self.page.all("input", name="was")]
        return dict(each.split(" ") for each in held)


def shown_rules(visit: Visit) -> dict[str, str]:
    """Rule → group in which its benefit stands."""
    return {
        article.attributes["data-rule"]: section.attributes["id"]
        for section in visit.page.all("section")
        if section.attributes.get("id") in {"yes", "perhaps", "no"}
        for article in section.all("article")
    }


def test_the_first_page_offers_every_kind_of_subject(site: Served, graph: Graph) -> None:
    kinds = {local_name(s.value) for s in graph.subjects(RDFS.subClassOf, Iri(PG.SubjectProfile)) if isinstance(s, Iri)}
    page = Visit(site).page
    assert {b.attributes["value"] for b in page.all("button", name="kind")} == kinds
    assert not page.all("script")
    assert STANDING in page.text
    assert page.all("form", id="load", enctype="multipart/form-data")


def test_an_interview_ends_in_the_result_that_the_interface_gives(site: Served) -> None:
    visit = Visit(site).begin("School")
    steps = 0
    while visit.asked:
        steps += 1
        assert steps < MOST_STEPS
        assert visit.reply.headers["cache-control"] == "no-store"
        assert not visit.page.all("script")
        why = visit.page.all("div", id="why")[0]
        assert why.all("li"), visit.asked
        assert why.all("blockquote"), visit.asked
        choices = visit.choices
        rows = visit.fields()
        more = next((value for name, value in rows if name == "at"), "")
        if choices:
            again = any(value == f"{more} +" for name, value in rows if name == "line")
            visit.press("next", list(choices.values())[1 if again else 0])
        else:
            kind = visit.page.all("input", id="say")[0].attributes["type"]
            visit.press("next", {"date": "2024-09-20", "number": "1"}.get(kind, "甲"))
    assert set(shown_rules(visit)) == set(visit.outcomes)
    asked = site.ask("POST", "/api/entitlements", visit.file("json"), content_type="application/json").json["report"]
    for group in ("yes", "perhaps", "no"):
        assert {e["rule"]["iri"] for e in asked[group]} == {rule for rule, own in shown_rules(visit).items() if own == group}
    assert len(asked["supported"]) == len(visit.page.all("section", id="supported")[0].all("blockquote"))
    assert STANDING in visit.page.all("div", id="result")[0].text


def test_a_worldskills_winner_sees_on_which_words_it_hangs(site: Served) -> None:
    visit = Visit(site).begin("Person")
    visit.press("next", visit.choices["有，添加一项"])
    for _ in range(MOST_STEPS):
        said = {"参赛身份": "选手", "赛事层级": "世界技能大赛", "奖牌": "优胜奖"}.get(visit.asked)
        if said is None:
            break
        visit.press("next", visit.choices[said])
    visit.press("show")
    (award,) = [a for a in visit.page.all("article") if "优胜奖" in a.text and "参照国家相应标准" in a.text]
    assert award.all("a", href="/policy/cn-410700/xinban-2023-10/m8-worldskills-award?lang=zh")
    assert "何处可问" in award.text


def test_answers_are_listed_and_can_be_changed_taken_back_and_removed(winner: Visit) -> None:
    visit = winner
    silver = shown_rules(visit.press("show"))
    assert "银牌" in visit.page.all("aside", id="answers")[0].text
    pointer = next(b.attributes["value"] for b in visit.page.all("button", name="act") if b.attributes["value"].endswith("/0/medal"))
    visit.press(pointer)
    assert visit.asked == "奖牌"
    (chosen,) = [i for i in visit.page.all("input", type="radio") if "checked" in i.attributes]
    assert chosen.attributes["value"] == visit.choices["银牌"]
    visit.press("next", visit.choices["金牌"])
    changed = visit.page.all("section", id="changed")[0]
    gold = shown_rules(visit)
    moved = {rule for rule in gold if gold[rule] != silver[rule]}
    assert moved
    assert len(changed.all("li")) == len(moved)
    visit.press(pointer.replace("change", "remove"))
    assert visit.asked == ""
    visit.press("ask")
    assert visit.asked == "奖牌"
    visit.press("unknown")
    assert "不知道" in visit.page.all("aside", id="answers")[0].text
    lines = len(visit.page.all("input", name="line"))
    visit.press("back")
    assert len(visit.page.all("input", name="line")) == lines - 1


def test_another_day_gives_another_result(site: Served, winner: Visit) -> None:
    visit = winner.press("show")
    fields = [*visit.fields(as_of="2020-01-01"), ("act", "show")]
    after = page_of(site.ask("POST", f"{PATH}?lang=zh", urlencode(fields), content_type=FORM, accept=BROWSER).text)
    assert "2020-01-01" in after.all("p", id="basis")[0].text
    assert after.all("section", id="changed")[0].all("li")


@pytest.mark.parametrize("form", ["ttl", "jsonld", "json"])
def test_saved_answers_load_again_to_the_same_result(site: Served, winner: Visit, form: str) -> None:
    visit = winner
    data = visit.file(form)
    again = Visit(site).load(data, f"answers.{form}")
    assert sorted(again.fields()) == sorted(visit.fields())
    assert again.file(form) == data


@pytest.mark.parametrize("form", ["result-json", "result-ttl", "result-txt"])
def test_the_result_can_be_saved(winner: Visit, form: str) -> None:
    data = winner.file(form).decode()
    assert "80000" in data
    if form == "result-json":
        assert len(json.loads(data)["yes"]) == 1


def test_what_cannot_be_taken_is_said_and_stays_in_the_field(winner: Visit) -> None:
    visit = winner.press("show").press("change /contestResult/0/resultDate")
    visit.enter("2999-01-01")
    field = visit.page.all("input", id="say")[0]
    assert field.attributes["value"] == "2999-01-01"
    assert "complaint" in field.attributes["aria-describedby"].split()
    assert visit.page.all("p", id="complaint", role="alert")
    visit.enter("")
    assert visit.page.all("p", id="complaint")
    assert visit.press("show").asked == ""


def test_needs_can_be_answered_from_the_result(site: Served) -> None:
    visit = Visit(site).begin("Person").press("show")
    asks = [b.attributes["value"] for b in visit.page.all("button", name="act") if b.attributes["value"].startswith("ask /")]
    assert asks
    visit.press(asks[-1])
    assert visit.asked
    assert ("at", asks[-1].removeprefix("ask ")) in visit.fields()


def test_the_english_page_says_the_same(site: Served) -> None:
    visit = Visit(site, "en").begin("Person")
    assert "WorldSkills" in visit.page.text or "contest" in visit.page.text
    other = [b for b in visit.page.all("button", lang="zh-Hans") if "formaction" in b.attributes]
    assert other[0].attributes["formaction"] == f"{PATH}?lang=zh"
    visit.press("show")
    assert "not an administrative decision" in visit.page.text
    assert visit.page.all("section", id="perhaps")[0].all("article")


def test_links_of_the_result_answer(site: Served, winner: Visit) -> None:
    visit = winner.press("show")
    (result,) = visit.page.all("div", id="result")
    places = {a.attributes["href"].partition("#")[0] for a in result.all("a")} - {""}
    assert len(places) > 10
    for place in sorted(places):
        assert site.get(place, accept=BROWSER).status in {200, 303}, place
    ids = {e.attributes["id"] for tag in ("article", "section") for e in result.all(tag) if "id" in e.attributes}
    assert {a.attributes["href"][1:] for a in result.all("a") if a.attributes["href"].startswith("#")} <= ids


def test_hostile_words_stay_words(site: Served) -> None:
    evil = '"><script>alert(1)</script>'
    data = {"kind": "Person", "personName": evil, "contestResult": [{"contestName": evil}]}
    visit = Visit(site).load(json.dumps(data).encode(), "x.json")
    assert evil in visit.page.text
    assert not visit.page.all("script")
    visit.press("show")
    assert [s.attributes["src"] for s in visit.page.all("script")] and all(s.attributes.get("src") for s in visit.page.all("script"))


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"kind": "Person", "line": "/nothing =1", "act": "ask"}, 422),
        ({"kind": "Person", "line": "/contestResult/0/medal gold", "act": "ask"}, 422),
        ({"kind": "Person", "line": "/skillGrade no-such-code", "act": "ask"}, 422),
        ({"kind": "Nobody", "act": "ask"}, 400),
        ({"kind": "Person", "act": "steal"}, 400),
        ({"kind": "Person", "act": "ask", "as-of": "2024-13-01"}, 400),
        ([("kind", "Person"), ("act", "ask"), *[("line", "/contestResult +")] * 61], 422),
    ],
)
def test_what_no_page_wrote_is_refused(site: Served, fields: Any, status: int) -> None:
    body = urlencode(fields)
    reply = site.ask("POST", PATH, body, content_type=FORM)
    assert (reply.status, reply.type) == (status, "application/problem+json")
    page = site.ask("POST", PATH, body, content_type=FORM, accept=BROWSER)
    assert (page.status, page.type) == (status, "text/html")
    page_of(page.text)


def test_a_file_with_faults_is_not_decided(site: Served) -> None:
    bad = WINNER.read_text(encoding="utf-8").replace('"2024-09-20"^^xsd:date', '"2999-09-20"^^xsd:date')
    visit = Visit(site).load(bad.encode(), "p.ttl")
    assert visit.reply.status == 422
    assert visit.page.all("div", id="findings")[0].all("li")
    claim = Path("examples/green-channel-good.ttl").read_bytes()
    assert Visit(site).load(claim, "c.ttl").reply.status == 422


def test_rows_move_up_when_one_is_removed() -> None:
    lines = ["/r +", "/r/0/a =1", "/r +", "/r/1/a =2", "/b gold", "/r -"]
    assert without(lines, "/r/0") == ["/r +", "/r/0/a =2", "/b gold", "/r -"]
    assert without(lines, "/r/1") == ["/r +", "/r/0/a =1", "/b gold", "/r -"]
    assert without(lines, "/r") == ["/r +", "/r/0/a =1", "/r +", "/r/1/a =2", "/b gold"]
    assert with_line(lines, "/b", "/b silver")[4] == "/b silver"
    assert with_line(lines, "/r", "/r +")[-1] == "/r +"
    assert "/r -" not in with_line(lines, "/r", "/r +")
