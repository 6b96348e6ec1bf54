"""The entries of a register: listed with filters, page by page, or found by words of what they hold."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

import anyio

from policygraph.app.register.times import day
from policygraph.errors import Text
from policygraph.reports.html.markup import Markup, element
from policygraph.web import bodies
from policygraph.web.api.intake import wrong_type
from policygraph.web.pages.registry.parts import entries, page
from policygraph.web.pages.shell import place, respond, spoken
from policygraph.web.problems import INPUT, usage
from policygraph.web.register import reading

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from policygraph.app.register.tabular import Words
    from policygraph.web.register.guarding import Guest

FORM = "application/x-www-form-urlencoded"
_MOST = 16 << 10  # bytes of a small form
_TITLE = Text("登记簿", "Register")
_VERDICTS = ("pass", "warning", "undetermined", "violation", "unchecked")
_FILTERS = ("kind", "verdict", "since", "until", "standing")


async def listed(request: Request, guest: Guest) -> Response:
    """Show the entries."""
    told = json.loads(bytes((await reading.entries(request, guest)).body))
    names = await anyio.to_thread.run_sync(reading.words, request)
    asked = {name: request.query_params.get(name, "") for name in _FILTERS}
    count = spoken(Text("共 {n} 条，本页 {m} 条", "{n} entries, {m} on this page"), request).format(n=told["total"], m=len(told["entries"]))
    found = entries(request, count, told["entries"]) if told["entries"] else element("p", spoken(_NONE, request), class_="empty")
    parts = (_search_form(request), _filters(request, names, asked), found, _pages(request, told, asked), _data(request))
    return respond(request, page(request, guest, _TITLE, *parts))


async def searched(request: Request, guest: Guest) -> Response:
    """Show the entries that hold some words; the words come in the body, for addresses are logged on their way."""
    text = (await small_form(request)).get("text", "")
    if not text.strip():
        raise usage("没有可查找的文字。", "There is nothing to search for.", Text("请输入文字。", "Type some words."), INPUT)
    matches = await reading.matching(request, guest, text)
    count = spoken(Text("查到 {n} 条", "{n} found"), request).format(n=len(matches))
    extra = (spoken(Text("名称", "Name"), request), spoken(Text("见于", "Found in"), request))
    found = entries(request, count, matches, extra) if matches else element("p", spoken(_NONE, request), class_="empty")
    title = Text("查找登记", "Search the register")
    return respond(request, page(request, guest, title, _search_form(request, text), found, _back(request)))


async def small_form(request: Request) -> dict[str, str]:
    """Return the fields of a form.

    Raises:
        ProblemError: It is none.
    """
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != FORM:
        raise wrong_type(media_type, [FORM])
    body = await bodies.read(request, _MOST)
    try:
        return dict(parse_qsl(body.decode("ascii"), errors="strict", max_num_fields=100))
    except ValueError:
        raise usage("表单无法读取。", "The form cannot be read.", Text("请从页面上提交。", "Send it from the page.")) from None


_NONE = Text("没有这样的登记。", "There are no such entries.")


def _search_form(request: Request, text: str = "") -> Markup:
    label = element("label", spoken(Text("按所存内容查找", "Search what they hold"), request), for_="text")
    help_ = spoken(
        Text("姓名、单位、证号等；所查文字不进入地址和日志。", "Names, units, numbers; the words come into no address and no log."), request
    )
    typed = element(
        "input", type="search", id="text", name="text", value=text, required="required", maxlength="200", aria_describedby="text-help"
    )
    button = element("button", spoken(Text("查找", "Search"), request), type="submit")
    return element(
        "form", label, element("span", typed, button, class_="row"), element("p", help_, class_="help soft", id="text-help"),
        method="post", action=place(request, "register/search"), id="search", autocomplete="off",
    )  # fmt: skip


def _filters(request: Request, names: Words, asked: dict[str, str]) -> Markup:
    def field(name: str, words: Text, control: Markup) -> Markup:
        return element("div", element("label", spoken(words, request), for_=name), control, class_="field")

    def options(name: str, choices: list[tuple[str, str]]) -> Markup:
        every = Markup(f'<option value="">{spoken(Text("全部", "all"), request)}</option>')
        made = [element("option", words, value=value, selected="selected" if asked[name] == value else "") for value, words in choices]
        return element("select", every, *made, id=name, name=name)

    kinds = sorted((kind.short, names.kind(kind.iri)) for kind in names.kinds.values() if kind.is_record)
    standing = element(
        "input", type="checkbox", id="standing", name="standing", value="true", checked="checked" if asked["standing"] == "true" else ""
    )
    fields = (
        field("kind", Text("种类", "Kind"), options("kind", kinds)),
        field("verdict", Text("结论", "Verdict"), options("verdict", [(v, names.verdict(v)) for v in _VERDICTS])),
        field("since", Text("自", "From"), element("input", type="date", id="since", name="since", value=_date(asked["since"]))),
        field("until", Text("至", "Until"), element("input", type="date", id="until", name="until", value=_date(asked["until"]))),
        element("div", element("label", standing, " ", spoken(Text("只看现行", "only what stands"), request)), class_="field box"),
        element("button", spoken(Text("筛选", "Filter"), request), type="submit", class_="quiet"),
    )
    # A form sent by GET leaves out the query of its action.
    lang = request.query_params.get("lang", "")
    held = [element("input", type="hidden", name="lang", value=lang)] if lang in {"zh", "en"} else []
    return element(
        "form", *held, *fields, method="get", action=place(request, "register").partition("?")[0], id="filters", class_="filters"
    )


def _date(text: str) -> str:
    return day(text, "since").isoformat() if text else ""


def _pages(request: Request, told: dict[str, Any], asked: dict[str, str]) -> Markup:
    kept = {name: value for name, value in asked.items() if value}
    links = []
    if request.query_params.get("after"):
        links.append(element("a", spoken(Text("第一页", "First page"), request), href=place(request, "register", **kept)))
    if "next" in told:
        words = spoken(Text("下一页", "Next page"), request)
        links.append(element("a", words, href=place(request, "register", **kept, after=str(told["next"])), rel="next"))
    if not links:
        return Markup("")
    return element("nav", element("ul", *(element("li", link) for link in links)), aria_label=spoken(Text("分页", "Pages"), request))


def _back(request: Request) -> Markup:
    return element("p", element("a", spoken(Text("全部条目", "All entries"), request), href=place(request, "register")))


def _data(request: Request) -> Markup:
    said = spoken(Text("程序凭令牌用：", "Programs use, with a token: "), request)
    return element("p", said, element("a", "GET /api/register", href=place(request, "openapi.json")), class_="soft")
