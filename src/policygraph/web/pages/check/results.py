"""Pages with a form of a kind, and pages with a report: the report is the one that files hold, put into the shell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from policygraph.errors import Text
from policygraph.model.terms import Iri
from policygraph.reports.html.markup import Markup, element
from policygraph.reports.lines import VERDICT_MARKS
from policygraph.vocab import VERDICT
from policygraph.web.api.forms import REPORTS
from policygraph.web.negotiation import language
from policygraph.web.pages.check.landing import NOTHING_KEPT, progress, routes, templates
from policygraph.web.pages.shell import Page, crumbs, place, spoken
from policygraph.web.service import service

if TYPE_CHECKING:
    from starlette.requests import Request

    from policygraph.records.kinds import Kind
    from policygraph.web.pages.check.form import Form

FORMATS = tuple(media.name for media in REPORTS)
_CHECK = Text("核查", "Check")
_REPORT = Text("核查报告", "Report on a submission")
_ANOTHER = Text("再查一个", "Check another")
_DOWNLOAD = Text("下载报告", "Download the report")
_AGAIN = Text("这次没有留下你的文件，所以要再选一次。", "Your file was not kept, so choose it once more.")
_READY = Text("由你浏览器里的同一文件重新核查后下载。", "The same file, still in your browser, is checked again for each download.")
_FILE = Text("文件", "File")
_FORMAT = Text("格式", "Form")
_MARKED = Text("所填内容与发现", "What you filled in, and the findings")
_TEMPLATE = Text("模板：", "Template: ")
_ABOUT = Text("这种申报的字段、核查与规则", "Fields, checks and rules of this kind")
_FOUND = Text("结论：", "Verdict: ")
_TO_REPORT = Text("看完整报告", "The whole report")
_TO_FORM = Text(
    "改了再查：下面的表单里有你填的内容与各项发现。", "Mend and check again: the form below holds what you filled in, with the findings."
)
_STATED = Text("依文本判读，非行政决定；以所述事实为准。", "Read from the text, not an administrative decision; on the facts as stated.")
_NO_DATA = Text("表单随页面发回，服务器不保留。", "The form came back with this page; the server keeps nothing.")


def form_page(request: Request, kind: Kind, form: Form, *, keep: bool = True) -> Page:
    """Return the page of an empty form, or of one that is still being filled in."""
    main = (_crumbs(request, kind), _about(request, kind), form.markup(), element("p", spoken(NOTHING_KEPT, request), class_="soft"))
    return _page(request, kind, main, keep=keep)


def filled_page(request: Request, kind: Kind, form: Form, report: Markup, found: dict[str, Any]) -> Page:
    """Return the page of a form that was checked: verdict, form with findings beside what was filled in, whole report."""
    verdict = str(found["verdict"])
    mark = element("span", VERDICT_MARKS[verdict], aria_hidden="true")
    badge = element("span", mark, " ", _verdict(request, verdict), class_=f"badge {verdict}")
    main = (
        _crumbs(request, kind),
        element(
            "section",
            element("p", spoken(_FOUND, request), badge, " ", element("a", spoken(_TO_REPORT, request), href="#report"), class_="verdict"),
            element("p", spoken(_STATED, request), class_="soft"),
            element("p", spoken(_TO_FORM, request), " ", spoken(_NO_DATA, request), class_="soft"),
            class_="panel",
            id="result",
        ),
        element("h2", spoken(_MARKED, request), id="marked"),
        form.markup(),
        element("h2", spoken(_REPORT, request), id="report"),
        element("section", element("h3", spoken(_DOWNLOAD, request)), form.again(FORMATS), class_="panel downloads"),
        element("div", report, class_="report"),
    )
    return _page(request, kind, main, keep=False)


def file_page(request: Request, report: Markup) -> Page:
    """Return the page of a report on files."""
    back = element("a", spoken(_ANOTHER, request), href=place(request, "check"), class_="button quiet")
    main = (
        crumbs(request, [(spoken(_CHECK, request), "check"), (spoken(_REPORT, request), "")]),
        element("p", back),
        element("div", report, class_="report"),
        _downloads(request),
        element("p", spoken(NOTHING_KEPT, request), class_="soft"),
    )
    return Page(spoken(_REPORT, request), main, "check", scripts=("check.js",), sheets=("check.css",), keep=False)


def _downloads(request: Request) -> Markup:
    """Return a form that asks for the report on the same file in another form: nothing was kept, so the file is chosen again."""
    options = [element("option", name.upper(), value=name) for name in FORMATS]
    again = element(
        "div",
        element("label", spoken(_FILE, request), for_="again-file"),
        element(
            "input", type="file", name="file", id="again-file", multiple="multiple", required="required", aria_describedby="again-help"
        ),
        element("p", spoken(_AGAIN, request), class_="help", id="again-help"),
        class_="field unscripted",
    )
    chosen = element(
        "div",
        element("label", spoken(_FORMAT, request), for_="again-format"),
        element("select", *options, name="format", id="again-format"),
        class_="field",
    )
    return element(
        "form",
        element("h2", spoken(_DOWNLOAD, request)),
        again,
        element("p", spoken(_READY, request), class_="help scripted"),
        chosen,
        element("p", element("button", spoken(_DOWNLOAD, request), type="submit")),
        progress(request),
        method="post",
        action=place(request, "check"),
        enctype="multipart/form-data",
        id="again",
        class_="panel downloads",
        **routes(request),
    )


def _crumbs(request: Request, kind: Kind) -> Markup:
    return crumbs(request, [(spoken(_CHECK, request), "check"), (spoken(kind.label, request), "")])


def _about(request: Request, kind: Kind) -> Markup:
    about = service(request).kinds.about[kind.iri]
    name = service(request).kinds.forms.name_of(kind)
    more = element("a", spoken(_ABOUT, request), href=place(request, f"api/kinds/{name}"))
    return element("p", spoken(_TEMPLATE, request), *templates(request, about), " · ", more)


def _verdict(request: Request, verdict: str) -> str:
    return service(request).entities.label(Iri(VERDICT[verdict]), language(request))


def _page(request: Request, kind: Kind, main: tuple[str, ...], *, keep: bool) -> Page:
    definition = spoken(service(request).kinds.about[kind.iri].definition, request)
    return Page(spoken(kind.label, request), main, "check", definition, ("form.js",), ("check.css",), keep=keep)
