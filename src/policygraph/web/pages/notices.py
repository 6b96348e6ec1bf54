"""Third-party notices: what software and type the pages and reports use, by whom, under which licence."""

from __future__ import annotations

from importlib import metadata
from typing import TYPE_CHECKING

from policygraph.errors import Text
from policygraph.reports.html.markup import Markup, element, lined
from policygraph.web.answers import respond
from policygraph.web.endpoints import Answers, Content, Endpoint, Operation
from policygraph.web.negotiation import language
from policygraph.web.pages import shell
from policygraph.web.pages.assets import asset
from policygraph.web.pages.shell import Page, spoken

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from policygraph.web.answers import Answer
    from policygraph.web.service import Service

FILE = "notices.txt"  # written by hatch_build.py
_TITLE = Text("第三方声明", "Third-party notices")
_LEAD = Text("页面与报告所用的他人软件与字体，及其许可。", "Software and type of others that pages and reports use, with their licences.")
_LIBRARIES = Text("浏览器中运行的程序库", "Libraries that run in the browser")
_NONE = Text("没有装入程序库：SPARQL 编辑器为普通表单。", "No library is installed: the SPARQL editor is a plain form.")
_FONTS = Text("字体", "Type")
_DEVICE = Text("网页使用设备自带的字体，不下载任何字体。", "Pages use the type of your device and download none.")
_LONGEST = 60  # some packages name their licence by its whole text
_FONT_PACKAGES = ("pylopdf-fonts-zh-cn",)
_EMBEDDED = Text(
    "PDF 报告嵌入 {name} {version} 的中文字体，许可：{licence}。", "PDF reports embed Chinese type of {name} {version}, licence: {licence}."
)
_PYTHON = Text("服务器上的 Python 程序库", "Python libraries on the server")
_OWN_LICENCES = Text("各带其许可文本，随其软件包安装。", "Each carries the text of its licence in its own package.")


def endpoint(service: Service) -> Endpoint:
    """Return the endpoint of the page."""

    async def notices(request: Request) -> Response:
        key = ("notices", language(request), bool(request.query_params.get("lang")))
        found: Answer = service.cache.get(key) or service.cache.keep(key, shell.answer(request, _page(request)))
        return respond(request, found, service.modified)

    operation = Operation("GET", "notices", _TITLE, _LEAD, answers=(Answers(200, _LEAD, (Content("text/html"),)),))
    return Endpoint("/notices", "pages", (operation,), notices)


def _page(request: Request) -> Page:
    found = asset(FILE)
    libraries = element("pre", lined(found.body.decode()), tabindex="0", lang="en") if found else element("p", spoken(_NONE, request))
    return Page(
        spoken(_TITLE, request),
        (
            element("h2", spoken(_LIBRARIES, request)),
            libraries,
            element("h2", spoken(_FONTS, request)),
            element("p", spoken(_DEVICE, request)),
            *(element("p", line) for line in filter(None, (_font(request, name) for name in _FONT_PACKAGES))),
            element("h2", spoken(_PYTHON, request)),
            element("p", spoken(_OWN_LICENCES, request)),
            _python(),
        ),
        lead=spoken(_LEAD, request),
        way="developers",
        sheets=("notices.css",),
    )


def _font(request: Request, name: str) -> str:
    try:
        told = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return ""
    return spoken(_EMBEDDED.format(name=name, version=told["Version"], licence=_licence(told)), request)


def _python() -> Markup:
    items = []
    for wanted in metadata.requires("policygraph") or ():
        if "extra ==" in wanted:
            continue
        name = wanted.partition(";")[0].rstrip("0123456789.,<>=!~ ").strip()
        try:
            told = metadata.metadata(name)
        except metadata.PackageNotFoundError:
            continue
        items.append(element("li", f"{told['Name']} {told['Version']}", " · ", _licence(told)))
    return element("ul", *items)


def _licence(told: metadata.PackageMetadata) -> str:
    """Return the licence that a package names, in one line."""
    expressions, words = told.get_all("License-Expression") or (), told.get_all("License") or ()
    named = next((line for line in (each.strip().partition("\n")[0] for each in (*expressions, *words)) if line), "")
    classes = [line.rpartition("::")[2].strip() for line in told.get_all("Classifier") or () if line.startswith("License ::")]
    return named if named and len(named) < _LONGEST else ", ".join(classes) or "—"
