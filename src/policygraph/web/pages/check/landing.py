"""The page from which files are sent to be checked: a form that works without JavaScript, and the kinds with their forms and templates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policygraph.app.kinds import grouped
from policygraph.errors import Text
from policygraph.records.sources import FORMS
from policygraph.reports.html.markup import Markup, element
from policygraph.web.api.forms import TEMPLATES
from policygraph.web.api.intake import MOST_FILES
from policygraph.web.pages.check.form import CHECK, DAY, DAY_HELP
from policygraph.web.pages.shell import Page, place, spoken
from policygraph.web.service import service

if TYPE_CHECKING:
    from starlette.requests import Request

    from policygraph.app.kinds import About

TITLE = Text("核查", "Check")
_LEAD = Text(
    "选一个文件，或填一张表，逐条看哪里不符、依据哪一句、怎样改正。",
    "Choose a file or fill in a form: record by record you see what is wrong, which sentence says so, and how to mend it.",
)
_FILES, _DROP = Text("选择文件", "Choose files"), Text("也可把文件拖到这里。", "You may also drop them here.")
_TAKEN = Text(
    "可读：{forms}。一次最多 {files} 个文件，共 {size} MB。",
    "Read are {forms}. At most {files} files at once, {size} MB in all.",
)
_KIND, _ANY = Text("种类", "Kind"), Text("由文件识别", "told by the file")
_KIND_HELP = Text("表格由列名识别种类；识别不出时在此指明。", "Tables tell their kind by their headings; name it here where they do not.")
NOTHING_KEPT = Text(
    "什么都不保留：文件只为核查而读，答复后即从服务器删除，不作记录。",
    "Nothing is kept: a file is read only to check it, and removed from the server with the answer. No record of it is made.",
)
_FILL = Text("或填一张表", "Or fill in a form")
_FILL_LEAD = Text(
    "点名称直接填写；或下载模板，用表格软件填好后在上面核查。",
    "Fill one in here by its name, or download a template, fill it in with a spreadsheet program, and check it above.",
)
_TEMPLATE, _ABOUT = Text("模板：", "Template: "), Text("字段与核查", "fields and checks")
_WORKING = Text("正在核查", "Checking")
_CANCEL = Text("取消", "Cancel")


def page(request: Request) -> Page:
    """Return the page."""
    main = (
        _sending(request),
        element("h2", spoken(_FILL, request), id="forms"),
        element("p", spoken(_FILL_LEAD, request)),
        *kinds(request),
    )
    return Page(spoken(TITLE, request), main, "check", spoken(_LEAD, request), ("check.js",), ("check.css",))


def _sending(request: Request) -> Markup:
    """Return the form with which files are sent."""
    owner = service(request)
    endings = sorted({ending for own in FORMS.values() for ending in own})
    listed = Text("、".join(e.removeprefix(".") for e in endings), ", ".join(e.removeprefix(".") for e in endings))
    drop = element("span", spoken(_DROP, request), class_="scripted")
    taken = _TAKEN.format(forms=listed, files=MOST_FILES, size=owner.options.upload >> 20)
    choose = element(
        "div",
        element("label", spoken(_FILES, request), for_="file"),
        element(
            "input", type="file", name="file", id="file", multiple="multiple", required="required", accept=",".join(endings),
            aria_describedby="file-help",
        ),
        element("p", spoken(taken, request), " ", drop, class_="help", id="file-help"),
        element("ul", id="chosen", class_="plain chosen", hidden="hidden"),
        class_="field drop",
        id="drop",
    )  # fmt: skip
    return element(
        "form",
        choose,
        element("div", _kind(request), _day(request), class_="grid"),
        element("p", element("button", spoken(CHECK, request), type="submit", id="send")),
        element("p", spoken(NOTHING_KEPT, request), class_="soft", id="kept"),
        progress(request),
        method="post",
        action=place(request, "check"),
        enctype="multipart/form-data",
        id="files",
        class_="panel",
        **routes(request),
    )


def routes(request: Request) -> dict[str, str]:
    """Return the addresses that the script needs, as attributes."""
    return {
        "data_check": place(request, "api/check"),
        "data_report": place(request, "check/reports/-"),
        "data_most": str(service(request).options.upload),
        "data_most_said": spoken(Text("文件太大，请拆分后再查。", "The file is too large: split it and check the parts."), request),
        "data_failed": spoken(Text("没有收到答复，请检查网络后再试。", "No answer came: check the network, then try again."), request),
    }


def progress(request: Request) -> Markup:
    """Return what shows how far a check is; the script uncovers it."""
    return element(
        "div",
        element("p", spoken(_WORKING, request), id="doing", role="status"),
        element("progress", id="bar", aria_label=spoken(_WORKING, request)),
        element("p", element("button", spoken(_CANCEL, request), type="button", id="cancel", class_="quiet")),
        id="progress",
        hidden="hidden",
    )


def _kind(request: Request) -> Markup:
    owner = service(request)
    options = [Markup(f'<option value="">{spoken(_ANY, request)}</option>')]
    for heading, own in grouped(owner.kinds.about.values(), owner.entities):
        members = (element("option", spoken(a.kind.label, request), value=owner.kinds.forms.name_of(a.kind)) for a in own)
        options.append(element("optgroup", *members, label=spoken(heading, request)))
    return element(
        "div",
        element("label", spoken(_KIND, request), for_="kind"),
        element("select", *options, name="kind", id="kind", aria_describedby="kind-help"),
        element("p", spoken(_KIND_HELP, request), class_="help", id="kind-help"),
        class_="field",
    )


def _day(request: Request) -> Markup:
    return element(
        "div",
        element("label", spoken(DAY, request), for_="as-of"),
        element("input", type="date", name="as-of", id="as-of", aria_describedby="as-of-help"),
        element("p", spoken(DAY_HELP, request), class_="help", id="as-of-help"),
        class_="field",
    )


# ---------------------------------------------------------------- kinds
def kinds(request: Request) -> list[Markup]:
    """Return the kinds by whom they are about, each with its form and templates."""
    owner = service(request)
    found = []
    for heading, own in grouped(owner.kinds.about.values(), owner.entities):
        said = spoken(heading, request)
        found.append(element("h3", said[0].upper() + said[1:]))
        found.append(element("ul", *(_card(request, about) for about in own), class_="cards"))
    return found


def _card(request: Request, about: About) -> Markup:
    name = service(request).kinds.forms.name_of(about.kind)
    return element(
        "li",
        element("h4", element("a", spoken(about.kind.label, request), href=place(request, f"check/{name}"))),
        element("p", spoken(about.definition, request), class_="soft"),
        element("p", spoken(_TEMPLATE, request), *templates(request, about)),
        element("p", element("a", spoken(_ABOUT, request), href=place(request, f"api/kinds/{name}"))),
        class_="card",
    )


def templates(request: Request, about: About) -> list[Markup | str]:
    """Return links to the templates of a kind."""
    name = service(request).kinds.forms.name_of(about.kind)
    label = spoken(about.kind.label, request)
    links: list[Markup | str] = []
    for media in TEMPLATES:
        words = spoken(Text(f"{label}的 {media.name.upper()} 模板", f"template of {label} as {media.name.upper()}"), request)
        links += [
            element(
                "a",
                media.name.upper(),
                href=place(request, f"api/templates/{name}", format=media.name),
                aria_label=words,
                download="download",
            ),
            " ",
        ]
    return links
