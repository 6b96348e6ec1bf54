"""Where clerks enter a submission, or one in the place of an earlier entry, and what became of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import anyio

from policygraph.app.register.accepting import ALSO
from policygraph.errors import Text
from policygraph.records.sources import FORMS
from policygraph.reports.html.markup import Markup, element, foreign
from policygraph.vocab import VERDICT
from policygraph.web.pages.registry.parts import badge, number, page
from policygraph.web.pages.shell import place, respond, spoken
from policygraph.web.register import reading
from policygraph.web.register.writing import enter

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from policygraph.app.register.tabular import Words
    from policygraph.web.register.guarding import Guest

_WAY = "register/enter"
_OPTION = re.compile(r"--also (\w+)")
_OPTIONS = re.compile(r"(?:加 |add )?(?:--also \w+ )+--because \w+")
_TITLE, _CORRECT = Text("登记申报", "Enter a submission"), Text("更正第 {n} 号", "Correct entry {n}")
_ALSO = {
    "violation": Text("不符合的也登记", "enter what is in violation too"),
    "unchecked": Text("没有核查适用的也登记", "enter what no check applied to"),
    "duplicate": Text("重复的也登记", "enter repeats too"),
    "incomplete": Text("识别项不全的也登记", "enter what lacks its key"),
}


async def form(request: Request, guest: Guest) -> Response:
    """Show the form."""
    corrects = reading.numbered(request) if "entry" in request.path_params else 0
    names = await anyio.to_thread.run_sync(reading.words, request)
    kinds = sorted((kind.short, names.kind(kind.iri)) for kind in names.kinds.values() if kind.is_record)
    every = Markup(f'<option value="">{spoken(Text("文件自己写明", "as the file says"), request)}</option>')
    endings = ",".join(sorted({ending for own in FORMS.values() for ending in own}))
    boxes = [
        element(
            "li", element("label", element("input", type="checkbox", name=f"also-{name}", value="true"), " ", spoken(_ALSO[name], request))
        )
        for name in ALSO
    ]
    said = Text(
        "先核查，再登记：通过、提示和待定的记录登记，其他的说明理由后退回。",
        "It is checked first: records that pass, carry a warning or are undetermined are entered; others come back with the reason.",
    )
    own = element(
        "form",
        element(
            "div",
            element("label", spoken(Text("申报文件", "File"), request), for_="file"),
            Markup(f'<input type="file" id="file" name="file" accept="{endings}" required>'),
            class_="field",
        ),
        element(
            "div",
            element("label", spoken(Text("种类", "Kind"), request), for_="kind"),
            element("select", every, *(element("option", words, value=value) for value, words in kinds), id="kind", name="kind"),
            class_="field",
        ),
        element(
            "div",
            element("label", spoken(Text("判读基准日（空着按申报日期）", "As of (empty for the claim date)"), request), for_="as-of"),
            element("input", type="date", id="as-of", name="as-of"),
            class_="field",
        ),
        element(
            "fieldset",
            element("legend", spoken(Text("确需登记的，须写明理由", "To enter these too, say why"), request)),
            element("ul", *boxes, class_="plain"),
            element(
                "div",
                element("label", spoken(Text("理由", "Reason"), request), for_="because"),
                element("input", id="because", name="because", maxlength="500"),
                class_="field",
            ),
        ),
        element("button", spoken(Text("核查并登记", "Check and enter"), request), type="submit"),
        method="post",
        action=place(request, f"register/entries/{corrects}/correction" if corrects else _WAY),
        enctype="multipart/form-data",
        id="enter",
        autocomplete="off",
    )
    title = _CORRECT.format(n=corrects) if corrects else _TITLE
    return respond(request, page(request, guest, title, element("p", spoken(said, request)), own, way=_WAY))


async def entered(request: Request, guest: Guest) -> Response:
    """Check what came, enter what is accepted, and show both."""
    corrects = reading.numbered(request) if "entry" in request.path_params else 0
    told = await enter(request, guest, corrects)
    names = await anyio.to_thread.run_sync(reading.words, request)
    parts = [_accepted(request, told, names), _declined(request, told)]
    if told["aside"]:
        said = spoken(Text("另有 {n} 处发现不属于任何记录。", "{n} findings belong to no record."), request)
        parts.append(element("p", said.format(n=told["aside"]), class_="soft"))
    parts.append(element("p", spoken(Text("链头 ", "Head "), request), element("code", told["head"]), class_="chain"))
    again = element("a", spoken(Text("再登记一份", "Enter another"), request), href=place(request, _WAY), class_="button quiet")
    parts.append(element("p", again))
    title = _CORRECT.format(n=corrects) if corrects else _TITLE
    return respond(request, page(request, guest, title, *parts, way=_WAY, status=201 if told["accepted"] else 200))


def _accepted(request: Request, told: dict[str, Any], names: Words) -> Markup:
    title = spoken(Text("已登记 {n} 条", "{n} entered"), request).format(n=len(told["accepted"]))
    items = []
    for each in told["accepted"]:
        verdict = badge(request, each["verdict"].removeprefix(str(VERDICT)), names.verdict(each["verdict"]))
        notes = [element("li", foreign(note)) for note in each["notes"]]
        place_ = element("span", foreign(each["place"]), class_="soft")
        items.append(element("li", number(request, each["entry"]), " ", verdict, " ", place_, *([element("ul", *notes)] if notes else [])))
    return element("section", element("h2", title), element("ul", *items) if items else "", id="accepted")


def _for_people(request: Request, fix: str) -> str:
    """Return what to do as a person on the page understands it: options of the command line are boxes of the form."""

    def boxes(said: re.Match[str]) -> str:
        names = [spoken(_ALSO[name], request) for name in _OPTION.findall(said[0]) if name in _ALSO]
        words = spoken(Text("勾选“{names}”并写明理由", "tick “{names}” and say why"), request)
        return words.format(names=spoken(Text("”“", "”, “"), request).join(names))

    return _OPTIONS.sub(boxes, fix)


def _declined(request: Request, told: dict[str, Any]) -> Markup:
    if not told["declined"]:
        return Markup("")
    title = spoken(Text("没有登记 {n} 条", "{n} not entered"), request).format(n=len(told["declined"]))
    items = [
        element(
            "li",
            element("p", foreign(e["place"]), class_="soft"),
            element("p", foreign(e["why"])),
            element("p", foreign(_for_people(request, e["fix"]))),
        )
        for e in told["declined"]
    ]
    return element("section", element("h2", title), element("ul", *items, class_="declined"), id="declined")
