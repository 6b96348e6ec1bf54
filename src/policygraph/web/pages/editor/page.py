"""The page at `/sparql` for browsers: YASGUI where scripts run and its files are installed, a plain form everywhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policygraph.errors import Text
from policygraph.reports.html.markup import Markup, element, lined
from policygraph.vocab import BASE
from policygraph.web.negotiation import language
from policygraph.web.pages.ask.form import hidden
from policygraph.web.pages.assets import address, asset
from policygraph.web.pages.editor.vocabulary import PATH
from policygraph.web.pages.shell import STANDING, Page, crumbs, place, spoken
from policygraph.web.service import service

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from starlette.requests import Request

    from policygraph.queries.catalogue import Question

LIBRARY, SHEET = "yasgui.js", "yasgui.css"
_TITLE = Text("SPARQL 查询", "SPARQL")
_LEAD = Text(
    "只读。图谱所用的前缀无需声明。查询在本机服务上运行，页面不保存任何内容。",
    "Read-only. Prefixes of the graph need no declaration. Queries run on this service, and the page keeps nothing.",
)
_MISSING = Text(
    "编辑器的程序库没有装上（安装时无法取得），此处改用普通表单。联网后重新安装 policygraph 即可补上。",
    "The editor's library is not installed (it could not be fetched at installation), so this is a plain form. "
    "Install policygraph again when the network can be reached.",
)
_MOST = "50000"
_ALTERNATIVES = ("text/turtle", "application/ld+json")


def installed() -> bool:
    """Say whether the editor's files were brought in when the package was built."""
    return asset(LIBRARY) is not None and asset(SHEET) is not None


def page(
    request: Request, topics: Sequence[tuple[Text, Sequence[Question]]], query: str, results: Iterable[Markup] = (), status: int = 200
) -> Page:
    """Return the page.

    Args:
        request: The request.
        topics: Saved questions under their topics.
        query: The query that stands in the form.
        results: What the plain form's query brought; with it, the page is the plain form.
        status: HTTP status.
    """
    shown = tuple(results)
    editing = installed() and not shown
    warned = () if installed() else (element("p", spoken(_MISSING, request), class_="notice", id="editor-missing"),)
    return Page(
        spoken(_TITLE, request),
        (
            crumbs(request, [(spoken(Text("提问", "Ask"), request), "ask"), (spoken(_TITLE, request), "")]),
            *warned,
            *((_editor(request, topics),) if editing else ()),
            _plain(request, query),
            *shown,
            element("p", spoken(STANDING, request), class_="notice"),
            _more(request),
        ),
        "ask",
        spoken(_LEAD, request),
        scripts=("sparql.js",) if editing else (),
        sheets=("ask.css", *((SHEET,) if editing else ()), "sparql.css"),
        inline_styles=editing,
        links=tuple(element("link", rel="alternate", type=kind, href=service(request).address(f"{BASE}sparql")) for kind in _ALTERNATIVES),
        status=status,
        keep=not shown,
    )


def _editor(request: Request, topics: Sequence[tuple[Text, Sequence[Question]]]) -> Markup:
    """Return the editor's place and its tools, hidden until the script has brought it up."""
    owner = service(request)
    groups = [
        element(
            "optgroup",
            *(element("option", spoken(question.summary, request), value=question.name) for question in group),
            label=spoken(heading, request),
        )
        for heading, group in topics
    ]
    choose = spoken(Text("选一个……", "Choose one …"), request)
    tools = element(
        "div",
        element("label", spoken(Text("现成的问题", "Saved questions"), request), for_="saved"),
        element("select", element("option", choose, value=""), *groups, id="saved"),
        element("button", spoken(Text("运行", "Run"), request), type="button", id="run", title="Ctrl+Enter"),
        element("button", spoken(Text("新标签页", "New tab"), request), type="button", id="fresh", class_="quiet"),
        element("button", spoken(Text("复制分享链接", "Copy a link to share"), request), type="button", id="share", class_="quiet"),
        element("p", id="editor-status", role="status", class_="count"),
        class_="tools",
    )
    keys = Text(
        "Ctrl+Enter 运行；Ctrl+空格补全；Esc 后可用 Tab 离开编辑框。",
        "Ctrl+Enter runs, Ctrl+Space completes, Esc lets Tab leave the editor.",
    )
    return element(
        "section",
        tools,
        element("div", id="yasgui"),
        element("p", spoken(keys, request), class_="soft keys-help"),
        id="editor",
        hidden="hidden",
        aria_label=spoken(Text("SPARQL 编辑器", "SPARQL editor"), request),
        data_library=address(owner, LIBRARY),
        data_endpoint=owner.address(BASE + "sparql"),
        data_vocabulary=owner.address(BASE + PATH),
        data_questions=owner.address(BASE + "ask/"),
        data_base=BASE,
        data_root=owner.address(BASE),
        data_lang=language(request),
    )


def _plain(request: Request, query: str) -> Markup:
    label = spoken(Text("查询", "Query"), request)
    return element(
        "form",
        element("label", label, for_="plain-query"),
        element(
            "textarea", lined(query), id="plain-query", name="query", rows="14", maxlength=_MOST, required="required", spellcheck="false"
        ),
        hidden(request, [("format", "html")]),
        element("button", spoken(Text("运行", "Run"), request), type="submit"),
        id="plain",
        class_="plain-sparql",
        action=place(request, "sparql"),
        method="post",
    )


def _more(request: Request) -> Markup:
    links = (
        ("ask", Text("现成的问题", "Saved questions")),
        (PATH, Text("前缀、类与属性（JSON）", "Prefixes, classes and properties (JSON)")),
        ("developers", Text("端点与接口", "Endpoints and interfaces")),
    )
    items = (element("li", element("a", spoken(words, request), href=place(request, path))) for path, words in links)
    return element("nav", element("ul", *items), aria_label=spoken(Text("另见", "See also"), request))
