"""Errors as pages, for callers who ask for HTML by name; programs get the problem itself."""

from __future__ import annotations

import re
from functools import wraps
from typing import TYPE_CHECKING

from policygraph.errors import PolicyGraphError, Text
from policygraph.reports.html.markup import element
from policygraph.web.negotiation import HTML, Media, accepted, choose
from policygraph.web.pages.shell import Page, place, respond, spoken
from policygraph.web.problems import MEDIA_TYPE, ProblemError, problem

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request
    from starlette.responses import Response

    from policygraph.web.problems import Problem

    Handler = Callable[[Request], Awaitable[Response]]

PROBLEM = Media("problem", MEDIA_TYPE, "problem", ("application/json",))
_AGAIN, _WHERE, _SORT = Text("返回重试", "Back, and try again"), Text("位置：", "Where: "), Text("问题类型", "Type of problem")
_HOME, _NEAR = Text("到首页", "To the home page"), Text("您是否要找：", "Did you mean:")
NOWHERE = "-"  # a page that belongs to none of the site's ways
_NOTHING_KEPT = Text("所发内容已删除，未作记录。", "What was sent has been removed and was recorded nowhere.")
# What messages say in terms of the command line or of the interfaces, as people on a page understand it.
_LIST = r"`?(?:policygraph kinds|GET /api/kinds)`?"
_SAID = tuple(
    (re.compile(pattern), zh, en)
    for pattern, zh, en in (
        (
            rf"policygraph template KIND -o FILE\.xlsx(?:；种类见 {_LIST}|; {_LIST} lists the kinds)",
            "见“核查”页",
            "the page “Check” has them",
        ),
        (rf"{_LIST}(?: ?列出全部种类| lists the kinds| lists them all)?", "“核查”页列有全部种类", "the page “Check” lists the kinds"),
        (r"--kind(?: [\w-]+)?|\?kind=[\w-]*", "“种类”一栏", "the field “kind”"),
        (r"--as-of(?: [\w-]+)?|\?as-of=[\w-]*", "“基准日”一栏", "the field “day”"),
        (r"--input-format(?: [\w-]+)?|Content-Type", "文件名的后缀", "the ending of the file's name"),
    )
)


def paged(handler: Handler, way: str, back: str = "") -> Handler:
    """Return a handler whose errors are pages where the caller takes HTML.

    Args:
        handler: The handler.
        way: The way of `shell.WAYS` to which its pages belong.
        back: Path to try again from; the way by default.
    """

    @wraps(handler)
    async def answer(request: Request) -> Response:
        try:
            return await handler(request)
        except (PolicyGraphError, ProblemError) as error:
            if not takes_pages(request):
                raise
            return trouble(request, problem(error), way, back or way)

    return answer


def takes_pages(request: Request) -> bool:
    """Say whether a caller takes HTML rather than the problem itself."""
    return choose(accepted(request), (PROBLEM, HTML)) is HTML


def trouble(request: Request, found: Problem, way: str = NOWHERE, back: str = "") -> Response:
    """Return the page of a problem, with its status.

    Args:
        request: The request.
        found: The problem.
        way: The way of `shell.WAYS` to which the page belongs.
        back: Path to try again from; the home page by default.
    """
    error = found.error
    if near := [each["iri"] for each in found.extra.get("near", ())]:
        links = [element("li", element("a", iri, href=place(request, iri))) for iri in near]
        fix: str = element("div", element("p", spoken(_NEAR, request)), element("ul", *links))
    else:
        fix = element("p", element("bdi", spoken(for_people(error.fix), request)))
    where = [element("p", spoken(_WHERE, request), element("bdi", error.where), class_="soft")] if error.where else []
    sort = element("a", spoken(found.sort.title, request), href=place(request, f"problems/{found.sort.name}"))
    kept = [element("p", spoken(_NOTHING_KEPT, request), class_="soft")] if request.method == "POST" else []
    main = (
        element(
            "div",
            element("p", element("bdi", spoken(for_people(error.what), request)), class_="error"),
            fix,
            *where,
            role="alert",
            class_="trouble",
            id="problem",
        ),
        *kept,
        element("p", element("a", spoken(_AGAIN if back else _HOME, request), href=place(request, back), class_="button")),
        element("p", f"{spoken(_SORT, request)} ", sort, f" · HTTP {found.sort.status}", class_="soft"),
    )
    page = Page(spoken(found.sort.title, request), main, way, status=found.sort.status, keep=False)
    response = respond(request, page)
    response.headers.update({name: value for name, value in found.headers.items() if name.lower() != "content-type"})
    return response


def for_people(text: Text) -> Text:
    """Return a message as people on a page understand it."""
    zh, en = text.zh, text.en
    for pattern, own_zh, own_en in _SAID:
        zh, en = pattern.sub(own_zh, zh), pattern.sub(own_en, en)
    return Text(zh, en)
