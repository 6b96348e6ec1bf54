"""What auditors see: whether the chain is sound, the register as a file, who used it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from policygraph.app.register.times import local
from policygraph.errors import Text
from policygraph.reports.html.markup import element, foreign, table
from policygraph.web.negotiation import CSV, RDF
from policygraph.web.pages.registry.parts import number, page
from policygraph.web.pages.shell import place, respond, spoken
from policygraph.web.register import reading

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from policygraph.web.register.guarding import Guest

_VERIFY, _EXPORT, _USES = Text("核验", "Verify"), Text("导出", "Export"), Text("使用记录", "Uses")
FORMS = (*RDF, CSV)


async def verified(request: Request, guest: Guest) -> Response:
    """Walk the chain, and show what in it is not as it was written."""
    told = json.loads(bytes((await reading.verification(request, guest)).body))
    if told["sound"]:
        said = spoken(Text("链完好：{n} 条登记前后相扣，没有发现改动。", "The chain is sound: {n} entries, no change found."), request)
        parts = [
            element("p", element("span", "✓ ", aria_hidden="true"), said.format(n=told["entries"]), class_="badge pass sound", id="sound")
        ]
    else:
        said = spoken(Text("发现 {n} 处不对：", "{n} things are not as they were written:"), request).format(n=len(told["flaws"]))
        items = [element("li", *([number(request, f["entry"]), " "] if f["entry"] else []), foreign(f["what"])) for f in told["flaws"]]
        parts = [element("div", element("p", said, class_="error"), element("ul", *items), role="alert", id="flaws")]
    since = told.get("since")
    if since is not None and request.query_params.get("head") and told["sound"]:
        parts.append(element("p", spoken(Text("此后新增 {n} 条。", "{n} entries since."), request).format(n=since)))
    head = element(
        "dl", element("dt", spoken(Text("链头", "Head"), request)), element("dd", element("code", told["head"], id="head-value")),
        class_="chain",
    )  # fmt: skip
    note = spoken(
        Text(
            "请把链头另行记下；日后填在下面，可发现截断与改写。",
            "Note the head elsewhere; given below later, it finds what was cut off or rewritten.",
        ),
        request,
    )
    lang = request.query_params.get("lang", "")
    held = [element("input", type="hidden", name="lang", value=lang)] if lang in {"zh", "en"} else []
    form = element(
        "form",
        *held,
        element(
            "div",
            element("label", spoken(Text("以前记下的链头", "A head noted earlier"), request), for_="head"),
            element("input", id="head", name="head", pattern="[0-9a-f]{64}", maxlength="64", value=request.query_params.get("head", "")),
            class_="field",
        ),
        element("button", spoken(Text("核验", "Verify"), request), type="submit"),
        method="get",
        action=place(request, "register/verification").partition("?")[0],
        id="verify",
    )
    return respond(
        request, page(request, guest, _VERIFY, *parts, head, element("p", note, class_="soft"), form, way="register/verification")
    )


async def export(request: Request, guest: Guest) -> Response:
    """Show in which forms the register can be had."""
    options = [element("option", f"{form.name} · {form.type}", value=form.name) for form in FORMS]
    box = element("input", type="checkbox", id="anonymous", name="anonymous", value="true", checked="checked")
    form = element(
        "form",
        element(
            "div",
            element("label", spoken(Text("格式", "Form"), request), for_="format"),
            element("select", *options, id="format", name="format"),
            class_="field",
        ),
        element("p", element("label", box, " ", spoken(Text("略去个人信息", "leave out personal data"), request))),
        element("button", spoken(Text("下载", "Download"), request), type="submit"),
        method="get",
        action=place(request, "register/export/file").partition("?")[0],
        id="export",
    )
    return respond(request, page(request, guest, _EXPORT, form, way="register/export"))


async def uses(request: Request, guest: Guest) -> Response:
    """Show the latest uses of the register through the service."""
    told = json.loads(bytes((await reading.uses(request, guest)).body))["uses"]
    heads = [spoken(w, request) for w in (Text("时间", "Time"), Text("令牌", "Token"), Text("操作", "Operation"), Text("答复", "Answer"))]
    rows = [[local(use["time"]), str(use["token"] or "–"), element("code", use["operation"]), str(use["status"])] for use in told]
    caption = spoken(Text("最近 {n} 次使用", "The latest {n} uses"), request).format(n=len(rows))
    note = spoken(
        Text("记录不含地址与条目：两者都可能指向个人。", "They name neither addresses nor entries, for both can tell of persons."), request
    )
    own = element("div", table(caption, heads, rows, class_="uses"), class_="scroll")
    return respond(request, page(request, guest, _USES, element("p", note, class_="soft"), own, way="register/uses"))
