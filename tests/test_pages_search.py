"""The one box: what people would type finds what they mean, best first, with the hit marked; the same as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

import pytest
from lxml import html

from policygraph.app.reader.document import named, read, readable
from policygraph.app.searching.entries import GROUPS
from policygraph.app.searching.folding import asked, fold, hits
from policygraph.app.searching.index import SearchIndex
from policygraph.graph.loading import load
from policygraph.paths import data_roots
from policygraph.queries.catalogue import read_questions
from serving import served

if TYPE_CHECKING:
    from collections.abc import Iterator

    from serving import Served

BROWSER = "text/html,*/*;q=0.8"
# What is typed → group that comes first → label of its first hit.
FIRST = {
    "市人社": ("actors", "市人社局"),
    "市人社局": ("actors", "市人社局"),
    "人力资源和社会保障局": ("actors", "市人社局"),
    "世赛": ("terms", "世界技能大赛"),
    "ＷｏｒｌｄＳＫＩＬＬＳ": ("terms", "世界技能大赛"),
    "国赛": ("terms", "国赛"),
    "新办[2023]10号": ("sections", "新乡市加强新时代高技能人才队伍建设的实施方案"),
    "措施8": ("sections", "加大高技能人才奖补力度"),
    "measure 8": ("sections", "加大高技能人才奖补力度"),
    "award claim": ("kinds", "竞赛奖励申报"),
    "哪个单位牵头": ("questions", "某项措施由哪个单位牵头？"),
    "分别一次性给予１０万元": ("sentences", "第 78 句 · 加大高技能人才奖补力度"),
}


@pytest.fixture(scope="module")
def index() -> SearchIndex:
    return SearchIndex(load(data_roots()), read_questions(data_roots()))


@pytest.fixture(scope="module")
def api() -> Iterator[Served]:
    with served() as running:
        yield running


def page(api: Served, **query: str) -> html.HtmlElement:
    reply = api.get("/search" + ("?" + urlencode(query) if query else ""), accept=BROWSER)
    assert (reply.status, reply.type) == (200, "text/html")
    found = html.document_fromstring(reply.text)
    ids = found.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert set(found.xpath("//@aria-labelledby")) <= set(ids)
    return found


@pytest.mark.parametrize("query", FIRST)
def test_what_is_meant_comes_first(index: SearchIndex, query: str) -> None:
    found = index.search(query)
    group, label = FIRST[query]
    best, listed = next(iter(found.groups.items()))
    assert (best, listed[0].entry.label.zh) == (group, label)


def test_folding_keeps_places() -> None:
    """Ｗidth, case, brackets, and the space at which a line was broken."""
    folded = fold("新办〔２０２３〕10号　的 Skilled  Talent")
    assert folded.words == "新办[2023]10号的skilled talent"
    assert hits(folded, asked("[2023] TALENT")) == ((2, 8), (23, 29))
    assert hits(fold("㎡以上"), ("m2",)) == ((0, 1),)


def test_every_sentence_is_found_by_its_own_words(index: SearchIndex) -> None:
    graph = load(data_roots())
    document = read(graph, readable(graph)[0])
    for block in document.blocks:
        for sentence in block.sentences:
            said = document.words(sentence)[:30].replace(" ", "")
            found = index.search(said).groups.get("sentences", ())
            assert sentence.node.value in {hit.entry.iri for hit in found}, said


def test_every_question_is_found_by_its_own_words(index: SearchIndex) -> None:
    for name, question in read_questions(data_roots()).items():
        found = index.search(question.summary.zh).groups
        assert f"ask/{name}" in {hit.entry.path for hit in found["questions"]}


def test_all_words_of_a_query_must_be_there(index: SearchIndex) -> None:
    both, one = index.search("选手 奖励").groups["sentences"], index.search("选手").groups["sentences"]
    assert 0 < len(both) < len(one)
    assert all({"选手", "奖励"} <= {hit.name.words[a:b] for a, b in hit.spans} for hit in both)


def test_a_miss_lists_what_is_near(index: SearchIndex) -> None:
    found = index.search("人社局电话")
    assert found.total == 0
    assert found.near[0].entry.label.zh == "市人社局"
    assert index.search("ｑｑｑｑ").near == ()


def test_hits_are_marked_and_lead_to_the_text(api: Served) -> None:
    found = page(api, q="分别一次性给予")
    row = found.xpath("//section[@class='of-sentences']//li")[0]
    assert "分别一次性给予" in row.xpath(".//mark/text()")
    target = row.xpath(".//a/@href")[0]
    assert target.startswith(f"/read/{named(readable(load(data_roots()))[0])}?clause=")
    opened = api.get(target.partition("#")[0], accept=BROWSER)
    assert f'id="{target.partition("#")[2]}"' in opened.text
    assert 'id="provision"' in opened.text


@pytest.mark.parametrize("spoken", ["zh", "en"])
def test_hits_of_every_group_lead_somewhere(api: Served, spoken: str) -> None:
    seen = set()
    for query in ("奖励", "award", "技能", "文件"):
        found = page(api, q=query, lang=spoken)
        for group in GROUPS:
            for link in found.xpath(f"//section[@class='of-{group}']//li[1]/a/@href"):
                seen.add(group)
                assert api.get(quote(link.partition("#")[0], safe="/?=&%:"), accept=BROWSER).status in (200, 303), link
    assert seen == set(GROUPS)


def test_a_long_group_is_shown_alone(api: Served) -> None:
    found = page(api, q="技能人才")
    (more,) = found.xpath("//section[@class='of-sentences']//a[contains(@class, 'button')]/@href")
    alone = html.document_fromstring(api.get(more, accept=BROWSER).text)
    assert alone.xpath("//section/@class") == ["of-sentences"]
    assert len(alone.xpath("//section//li")) == int(alone.xpath("string(//section//*[@class='count'])")) > 6


def test_empty_and_missed_searches_say_how_to_go_on(api: Served) -> None:
    assert page(api).xpath("//main//nav//a")
    missed = page(api, q="人社局电话")
    assert missed.xpath("//*[@role='status']")
    assert missed.xpath("//section[@aria-labelledby='near']//li")
    assert page(api, q="人社局电话", lang="en").xpath("string(//h1)") == "Search for “人社局电话”"


def test_a_search_is_there_as_data(api: Served) -> None:
    said = api.get(f"/search?q={quote('市人社')}", accept="application/json").json
    first = said["groups"][0]["hits"][0]
    assert first["label"]["zh"] == "市人社局"
    (span,) = first["found"]["spans"]
    assert first["found"]["words"][slice(*span)] == "市人社"
    assert api.get(f"/search?q={quote('市人社')}&format=json").json == said
    assert api.get("/search?format=json").json == {"query": "", "total": 0, "groups": [], "near": []}


def test_hostile_queries_are_words(api: Served) -> None:
    for query in ("<script>alert(1)</script>", '"><img src=x onerror=1>', "x" * 5000, "\x00\u202e", "%", "'"):
        reply = api.get("/search?" + urlencode({"q": query}), accept=BROWSER)
        assert reply.status == 200
        assert "<script>alert" not in reply.text
        assert "<img" not in reply.text
