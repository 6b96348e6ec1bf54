"""The page with the result: four groups, the answers that they rest on, and what-if by changing one of them or the day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from policygraph.errors import Text
from policygraph.reports.html.markup import element
from policygraph.web.pages.entitled import sheet
from policygraph.web.pages.entitled.sheet import button, word
from policygraph.web.pages.entitled.start import KEPT, SHEET, TITLE, WAY
from policygraph.web.pages.shell import STANDING, Page, place, spoken

if TYPE_CHECKING:
    from starlette.requests import Request

    from policygraph.reports.html.markup import Markup
    from policygraph.web.pages.entitled.handling import Filled

_ON_FACTS = Text("以所述事实为准。", "On the facts as stated.")
_DONE = Text("再没有能改变结果的问题了。", "No further question could change a result.")
_OPEN = Text("还有 {left} 个问题可能改变结果。", "{left} questions could still change a result.")
_WHAT_IF = Text(
    "想知道“如果……会怎样”：改一条回答，或换一个日期，再看结果；变了什么会列在最前面。",
    "What if: change an answer or the day and look again; what changed stands first.",
)


def shown(request: Request, told: dict[str, Any], filled: Filled, benefits: Markup) -> Page:
    """Return the page."""
    left = spoken(_OPEN if told["left"] else _DONE, request).format(left=told["left"])
    go_on = [button(spoken(Text("继续回答", "Go on answering"), request), "ask", quiet=False)] if told["left"] else []
    printing = element("button", spoken(Text("打印", "Print"), request), type="button", class_="quiet", id="print", hidden="hidden")
    tools = element(
        "div",
        sheet.day_field(request, filled, "show"),
        element("p", *go_on, printing, sheet.other_language(request, "show"), class_="row"),
        element("p", spoken(_WHAT_IF, request), class_="soft small"),
        class_="tools",
    )
    form = sheet.form(request, told, told["outcomes"], "show", tools)
    facts = element(
        "p", element("strong", word(request, told["kindName"])), spoken(Text("，判读基准日 ", ", as of "), request),
        element("time", told["asOf"], datetime=told["asOf"]), spoken(Text("。", ". "), request), left, id="basis",
    )  # fmt: skip
    notice = element("p", spoken(STANDING, request), " ", spoken(_ON_FACTS, request), class_="notice")
    again = element("p", element("a", spoken(Text("从头开始", "Begin again"), request), href=place(request, "entitlements")))
    beside = sheet.answers(
        request, told, sheet.saving(request, result=True), again, element("p", spoken(KEPT, request), class_="soft small")
    )
    result = element("div", notice, facts, form, benefits, class_="result", id="result")
    title = spoken(Text("结果：我能享受什么", "Result: what I am entitled to"), request)
    return Page(
        title, (element("div", result, beside, class_="interview"),), WAY, scripts=("entitlements.js",), sheets=(SHEET,), keep=False
    )


def found_wrong(request: Request, findings: Markup) -> Page:
    """Return the page that says what is wrong in a file."""
    again = element("p", element("a", spoken(Text("返回", "Back"), request), href=place(request, "entitlements"), class_="button"))
    kept = element("p", spoken(KEPT, request), class_="soft")
    return Page(spoken(TITLE, request), (findings, again, kept), WAY, sheets=(SHEET,), status=422, keep=False)
