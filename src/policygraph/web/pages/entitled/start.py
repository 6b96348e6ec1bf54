"""The first page of the interview: whom it is about, or a file with what is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policygraph.errors import Text
from policygraph.reports.html.markup import Markup, element
from policygraph.vocab import SKOS
from policygraph.web.pages.shell import STANDING, Page, place
from policygraph.web.pages.voice import Voice

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request

    from policygraph.web.pages.entitled.handling import Subject

TITLE = Text("我能享受什么", "What am I entitled to")
PATH, WAY, SHEET = "entitlements", "entitlements", "entitlements.css"
LEAD = Text(
    "一次只问一个问题，只问还能改变结果的事实；不知道的可以答“不知道”。随时可以看结果，也可以改任何一条回答再看。",
    "One question at a time, and only about facts that can still change a result; “I do not know” is an answer. See the result at any "
    "time, change any answer, and look again.",
)
KEPT = Text(
    "什么都不保存：所答内容只随页面往返，不写入地址、日志或 Cookie；关掉页面就没有了。",
    "Nothing is kept: answers travel with the page and back, and stand in no address, log or cookie; close the page and they are gone.",
)
ENDINGS = ".ttl,.jsonld,.json"


def begin(request: Request, kinds: Sequence[Subject]) -> Page:
    """Return the page."""
    v = Voice(request)
    cards = []
    for kind in kinds:
        claims = [v.label(claim) for claim in kind.about]
        said = v.text(kind.iri, SKOS.definition)
        name = v.label(kind.iri)
        cards.append(
            element(
                "li",
                element("h3", name, id=f"kind-{kind.short}"),
                element("p", said) if said else "",
                element("p", v.t("关系到：", "It concerns: "), v.t("、", "; ").join(claims), class_="soft small") if claims else "",
                element(
                    "p",
                    element(
                        "button", v.t("开始", "Begin"), type="submit", name="kind", value=kind.short, aria_describedby=f"kind-{kind.short}"
                    ),
                ),
                class_="card",
            )
        )  # fmt: skip
    choose = element(
        "form",
        element("h2", v.t("要了解谁的情况？", "Whom is it about?")),
        element("ul", *cards, class_="cards subjects"),
        method="post",
        action=place(request, PATH),
        id="choose",
    )
    load = element(
        "form",
        element("h2", v.t("已经存有文件？", "Is there a saved file?")),
        element(
            "div",
            element(
                "label",
                v.t("一个主体的情况（.ttl、.jsonld 或 .json）", "What is known of one subject (.ttl, .jsonld or .json)"),
                for_="file",
            ),
            Markup(f'<input type="file" id="file" name="file" accept="{ENDINGS}" required>'),
            class_="field",
        ),
        element("button", v.t("载入", "Load"), type="submit", class_="quiet"),
        method="post",
        action=place(request, PATH),
        enctype="multipart/form-data",
        id="load",
    )
    data = element(
        "p",
        v.t("同样的判读也有接口：", "The same as an interface: "),
        v.to("openapi.json", "POST /api/entitlements"),
        v.t("；字段见 ", "; fields: "),
        v.to("api/kinds", "/api/kinds"),
        class_="soft",
    )
    notice = element("p", v.say(STANDING), " ", v.say(KEPT), class_="notice")
    return Page(v.say(TITLE), (notice, choose, load, data), WAY, v.say(LEAD), sheets=(SHEET,))
