"""What every page has: head, ways around, search, language, the notice, and a policy that lets the browser load only what is ours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from starlette.responses import Response

from policygraph.errors import Text
from policygraph.reports.html.markup import Markup, element, join
from policygraph.vocab import BASE
from policygraph.web.answers import Answer
from policygraph.web.negotiation import HTML, language
from policygraph.web.pages.assets import address
from policygraph.web.pages.tongues import marked
from policygraph.web.service import service

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.requests import Request

    from policygraph.web.service import Service

STANDING = Text("依文本判读，非行政决定。", "A reading of the text, not an administrative decision.")
LANGUAGES = {"zh": "zh-Hans", "en": "en"}
# Path below the root → what it is called. A page names the one that it belongs to.
WAYS = (
    ("", Text("首页", "Home")),
    ("read", Text("阅读", "Read")),
    ("map", Text("责任图", "Map")),
    ("ask", Text("提问", "Ask")),
    ("check", Text("核查", "Check")),
    ("entitlements", Text("我能享受什么", "What am I entitled to")),
    ("compare", Text("比较", "Compare")),
    ("register", Text("登记簿", "Register")),
    ("developers", Text("开发者", "Developers")),
)
_POLICY = (
    "default-src 'none'; style-src 'self'{styles}; script-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_VARY = "Accept, Accept-Language"


@dataclass(frozen=True, slots=True)
class Page:
    """A page before it is put into its shell.

    Attributes:
        title: Its title.
        main: What stands below the title, in order.
        way: The way of WAYS that it belongs to, '' with the home page.
        lead: A line below the title.
        scripts: Names of scripts of ours that it runs, as modules; it must also work without them where the issue says so.
        sheets: Names of further style sheets.
        inline_styles: Whether a library on it writes styles of its own (YASGUI does).
        links: Its links in other forms, for the head.
        status: HTTP status.
        keep: Whether it says nothing of the caller, so that it may be kept.
    """

    title: str
    main: tuple[str, ...]
    way: str = ""
    lead: str = ""
    scripts: tuple[str, ...] = ()
    sheets: tuple[str, ...] = ()
    inline_styles: bool = False
    links: tuple[Markup, ...] = ()
    status: int = 200
    keep: bool = True


def spoken(text: Text, request: Request) -> str:
    """Return a text in the page's language."""
    return text.in_language(language(request))


def place(request: Request, path: str, **query: str) -> str:
    """Return the address of a page or thing below the root, in the page's language.

    Args:
        request: The request.
        path: Path below the root, or an IRI; one below the base is a thing of ours, another's stays as it is.
        query: Query parameters.
    """
    if path.startswith(("http://", "https://")) and not path.startswith(BASE):
        return path
    found, mark, fragment = service(request).address(BASE + path.removeprefix(BASE)).partition("#")
    if language(request) == "en" or request.query_params.get("lang"):  # Chinese by choice stays so in an English browser
        query = {**query, "lang": language(request)}
    return found + ("?" + urlencode(query) if query else "") + mark + fragment


def render(request: Request, page: Page) -> str:
    """Return the HTML of a page."""
    said = language(request)
    owner = service(request)
    sheets = [element("link", rel="stylesheet", href=address(owner, name)) for name in ("app.css", *page.sheets)]
    scripts = [Markup(f'<script type="module" src="{address(owner, name)}"></script>') for name in page.scripts]
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("title", page.title if page.title == "policygraph" else f"{page.title} · policygraph"),
        element("link", rel="icon", href=address(owner, "icon.svg"), type="image/svg+xml"),
        *sheets,
        *page.links,
        *scripts,
    )
    body = (
        element("a", spoken(Text("跳到正文", "Skip to the content"), request), class_="skip", href="#main"),
        element("header", _brand(request), _ways(request, page), _search(request), _switch(request), class_="site"),
        element(
            "main",
            element("h1", page.title),
            element("p", page.lead, class_="lead") if page.lead else "",
            *page.main,
            id="main",
            tabindex="-1",
        ),
        _foot(request, owner),
    )
    whole = str(join([Markup(f'<!DOCTYPE html>\n<html lang="{LANGUAGES[said]}">\n'), head, element("body", *body), Markup("</html>\n")]))
    return whole if said == "zh" else marked(whole)


def headers(request: Request, page: Page) -> dict[str, str]:
    """Return the headers of a page."""
    policy = _POLICY.format(styles=" 'unsafe-inline'" if page.inline_styles else "")
    found = {"Content-Security-Policy": policy, "Content-Language": language(request), "Vary": _VARY}
    return found if page.keep else found | {"Cache-Control": "no-store"}


def answer(request: Request, page: Page) -> Answer:
    """Return a page that may be kept: pass it to `answers.respond`, and to the service's cache."""
    return Answer(render(request, page).encode(), HTML.sent, tuple(headers(request, page).items()))


def respond(request: Request, page: Page) -> Response:
    """Return a page as the response, without keeping it."""
    return Response(render(request, page).encode(), page.status, headers(request, page), HTML.sent)


def _brand(request: Request) -> Markup:
    return element("p", element("a", "policygraph", href=place(request, "")), class_="brand")


def _ways(request: Request, page: Page) -> Markup:
    items = []
    for path, name in WAYS:
        current = "page" if path == page.way else ""
        items.append(element("li", element("a", spoken(name, request), href=place(request, path), aria_current=current)))
    return element("nav", element("ul", *items), aria_label=spoken(Text("站内", "Site"), request))


def _search(request: Request) -> Markup:
    label = spoken(Text("查找名称、同义词与原文", "Find names, synonyms and sentences"), request)
    fields = [Markup(f'<input type="search" name="q" id="site-search" aria-label="{label}" placeholder="{label}" maxlength="200">')]
    if language(request) == "en" or request.query_params.get("lang"):
        fields.append(Markup(f'<input type="hidden" name="lang" value="{language(request)}">'))
    button = element("button", spoken(Text("查找", "Find"), request), type="submit")
    return element("form", *fields, button, action=service(request).address(BASE + "search"), method="get", role="search")


def _switch(request: Request) -> Markup:
    other = "zh" if language(request) == "en" else "en"
    name = {"zh": "中文", "en": "English"}[other]
    if request.method == "POST":  # what was sent must not come into an address
        return Markup("")
    query = [(key, value) for key, value in request.query_params.multi_items() if key != "lang"]
    target = "?" + urlencode([*query, ("lang", other)], quote_via=quote)
    return element("p", element("a", name, href=target, lang=LANGUAGES[other], hreflang=LANGUAGES[other], rel="alternate"), class_="switch")


def _foot(request: Request, owner: Service) -> Markup:
    state = element("code", owner.digest[:12])
    return element(
        "footer",
        element("p", STANDING.in_language(language(request)), class_="standing"),
        element("p", spoken(Text("图谱状态 ", "State of the graph "), request), state, class_="soft"),
        element(
            "p", element("a", spoken(Text("第三方声明", "Third-party notices"), request), href=place(request, "notices")), class_="soft"
        ),
        class_="end",
    )


def crumbs(request: Request, steps: Iterable[tuple[str, str]]) -> Markup:
    """Return where a page stands: steps of name and path, the last without a link."""
    found = list(steps)
    items = [element("li", element("a", name, href=place(request, path))) for name, path in found[:-1]]
    items += [element("li", element("span", name, aria_current="page")) for name, _ in found[-1:]]
    return element("nav", element("ol", *items), class_="crumbs", aria_label=spoken(Text("所在位置", "You are here"), request))
