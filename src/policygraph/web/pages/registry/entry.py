"""One entry of a register with its chain: facts, what became of it, determinations, its receipt."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from policygraph.app.register.times import local
from policygraph.errors import Text
from policygraph.reports.html.markup import Markup, element, foreign, table
from policygraph.web.pages.registry.parts import action, badge, number, page
from policygraph.web.pages.shell import crumbs, place, respond, spoken
from policygraph.web.register import reading

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from policygraph.web.register.guarding import Guest

_CLERK = "clerk"


async def shown(request: Request, guest: Guest) -> Response:
    """Show an entry."""
    told = json.loads(bytes((await reading.entry(request, guest)).body))
    own = told["number"]
    title = Text(f"第 {own} 号登记", f"Entry {own}")
    steps = [(spoken(Text("登记簿", "Register"), request), "register"), (spoken(title, request), f"register/entries/{own}")]
    parts = [crumbs(request, steps), _summary(request, told), _facts(request, told), _determination(request, told)]
    parts += [_determinations(request, told), _later(request, told), _chain(request, told), _ways(request, told, guest)]
    return respond(request, page(request, guest, title, *filter(None, parts)))


async def receipt(request: Request, guest: Guest) -> Response:
    """Give the receipt as a file."""
    response = await reading.receipt(request, guest)
    ending = {"text/turtle": "ttl", "application/trig": "trig", "application/n-triples": "nt", "application/ld+json": "jsonld"}
    named = ending.get(response.headers["content-type"].partition(";")[0], "rdf")
    response.headers["Content-Disposition"] = f'attachment; filename="receipt-{reading.numbered(request)}.{named}"'
    return response


def _listed(request: Request, rows: list[tuple[Text, str]]) -> Markup:
    return element("dl", *(part for term, words in rows if words for part in (element("dt", spoken(term, request)), element("dd", words))))


def _summary(request: Request, told: dict[str, Any]) -> Markup:
    stands = ""
    if told["action"] in {"add", "correct"}:
        stands = spoken(Text("现行", "it stands") if told["standing"] else Text("不再现行", "it no longer stands"), request)
    rows: list[tuple[Text, str]] = [
        (Text("事项", "Action"), action(request, told["action"])),
        (Text("种类", "Kind"), told["kindName"]),
        (Text("结论", "Verdict"), badge(request, told["verdict"], told["verdictName"])),
        (Text("状态", "State"), stands),
        (Text("时间", "Time"), local(told["time"])),
        (Text("经办人", "By"), foreign(told["who"])),
        (Text("判读基准日", "As of"), told["as_of"]),
        (Text("所指", "Refers to"), number(request, told["refers_to"]) if told["refers_to"] else ""),
        (Text("理由", "Reason"), foreign(told["reason"]) if told["reason"] else ""),
        (Text("来源", "Place"), foreign(told["place"]) if told.get("place") else ""),
    ]
    return element("section", _listed(request, rows), class_="card", id="entry")


def _facts(request: Request, told: dict[str, Any]) -> Markup:
    if "facts" not in told:
        if told["action"] in {"add", "correct"}:
            return element("p", spoken(Text("所存内容已删除。", "What it held was erased."), request), class_="empty")
        return Markup("")
    heads = [spoken(each, request) for each in (Text("字段", "Field"), Text("所填", "Stated"))]
    rows = [[fact["name"], foreign(fact["value"])] for fact in told["facts"]]
    own = table(spoken(Text("所登记的事实", "Facts as entered"), request), heads, rows)
    return element("section", element("h2", spoken(Text("事实", "Facts"), request)), element("div", own, class_="scroll"), id="facts")


def _determination(request: Request, told: dict[str, Any]) -> Markup:
    if "determination" not in told:
        return Markup("")
    said = told["determination"]
    rows = [
        (Text("认定为", "Determined"), foreign(said["value"])),
        (Text("机关", "Authority"), foreign(said["authority"])),
        (Text("认定人", "By"), foreign(said["by"])),
        (Text("日期", "Date"), said["date"]),
        (Text("文号", "Document"), foreign(said["document"])),
    ]
    return element("section", element("h2", spoken(Text("认定", "Determination"), request)), _listed(request, rows), id="determination")


def _determinations(request: Request, told: dict[str, Any]) -> Markup:
    if not told.get("determinations"):
        return Markup("")
    words = (
        Text("编号", "Entry"),
        Text("事实", "Fact"),
        Text("认定为", "Determined"),
        Text("机关", "Authority"),
        Text("日期", "Date"),
        Text("文号", "Document"),
    )
    rows = [
        [number(request, d["entry"]), d["name"], foreign(d["value"]), foreign(d["authority"]), d["date"], foreign(d["document"])]
        for d in told["determinations"]
    ]
    own = table(spoken(Text("对其事实的认定", "Determinations on its facts"), request), [spoken(w, request) for w in words], rows)
    title = element("h2", spoken(Text("认定", "Determinations"), request))
    return element("section", title, element("div", own, class_="scroll"), id="determinations")


def _later(request: Request, told: dict[str, Any]) -> Markup:
    if not told["later"]:
        return Markup("")
    items = [element("li", number(request, each)) for each in told["later"]]
    title = element("h2", spoken(Text("其后的更正、认定与删除", "Later corrections, determinations and erasures"), request))
    return element("section", title, element("ul", *items), id="later")


def _chain(request: Request, told: dict[str, Any]) -> Markup:
    rows: list[tuple[Text, str]] = [
        (Text("前一条的链值", "Chain value before"), element("code", told["previous"])),
        (Text("所存内容的摘要", "Digest of what it holds"), element("code", told["digest"]) if told["digest"] else ""),
        (Text("本条的链值", "Its chain value"), element("code", told["head"])),
        (Text("政策图谱摘要", "Policy graph"), element("code", told["policy"]) if told["policy"] else ""),
    ]
    return element("section", element("h2", spoken(Text("链", "Chain"), request)), _listed(request, rows), class_="chain", id="chain")


def _ways(request: Request, told: dict[str, Any], guest: Guest) -> Markup:
    own, links = told["number"], []
    if told["receipt"]:
        words = spoken(Text("下载凭证（Turtle，可重演）", "Download the receipt (Turtle, for replay)"), request)
        links.append(
            element("a", words, href=place(request, f"register/entries/{own}/receipt"), class_="button quiet", download="download")
        )
    if guest.token.role == _CLERK and told["standing"] and told["action"] in {"add", "correct"}:
        words = spoken(Text("更正", "Correct it"), request)
        links.append(element("a", words, href=place(request, f"register/entries/{own}/correction"), class_="button quiet"))
    data = element("span", spoken(Text("数据：", "Data: "), request), element("code", f"GET /api/register/{own}"), class_="soft")
    return element("p", *links, data, class_="row")
