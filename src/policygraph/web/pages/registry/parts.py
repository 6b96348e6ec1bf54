"""What the register's pages share: signing in, the ways around, tables of entries, how to start one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from policygraph.app.register.entries import ACTIONS
from policygraph.app.register.tabular import ACTIONS as ACTION_NAMES
from policygraph.app.register.times import local
from policygraph.app.register.tokens import AUDITOR, CLERK, ROLE_NAMES
from policygraph.errors import Text
from policygraph.reports.html.markup import Markup, element, foreign, table
from policygraph.reports.lines import VERDICT_MARKS
from policygraph.web.pages.shell import STANDING, Page, place, spoken

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.requests import Request

    from policygraph.web.problems import Problem
    from policygraph.web.register.guarding import Guest

TITLE = Text("登记簿", "Register")
PATH, SHEET = "register", "register.css"
_WAYS: tuple[tuple[str, Text, tuple[str, ...]], ...] = (
    ("register", Text("条目", "Entries"), ()),
    ("register/enter", Text("登记申报", "Enter a submission"), (CLERK,)),
    ("register/verification", Text("核验", "Verify"), (AUDITOR,)),
    ("register/export", Text("导出", "Export"), (AUDITOR,)),
    ("register/uses", Text("使用记录", "Uses"), (AUDITOR,)),
)
_PERSONAL = Text(
    "登记簿含个人信息：令牌只放在本页面专用的 Cookie 里，半小时不用即失效；答复不留副本，每次使用都有记录。",
    "The register holds personal data. The token lies in a cookie for these pages only and ends after half an hour without use; no copy "
    "of an answer is kept, and every use is noted.",
)
_START = (
    (
        "policygraph register add FILE --register register.db --new",
        Text("建立登记簿，登记第一份申报", "make a register with a first submission"),
    ),
    (
        "policygraph register token make --role clerk --name NAME --register register.db",
        Text("发放令牌（角色：reader、clerk、auditor）", "make a token (roles: reader, clerk, auditor)"),
    ),
    ("policygraph serve --register register.db", Text("带登记簿启动服务", "start the service with it")),
)


def page(request: Request, guest: Guest, title: Text | str, *main: str, way: str = PATH, status: int = 200) -> Page:
    """Return a page for who is signed in."""
    words = title if isinstance(title, str) else spoken(title, request)
    notice = element("p", spoken(STANDING, request), class_="notice")
    return Page(words, (ways(request, guest, way), *main, notice), PATH, sheets=(SHEET,), status=status, keep=False)


def ways(request: Request, guest: Guest, way: str) -> Markup:
    """Return the ways that somebody's role opens, who it is, and the way out."""
    items = [
        element("li", element("a", spoken(name, request), href=place(request, path), aria_current="page" if path == way else ""))
        for path, name, roles in _WAYS
        if not roles or guest.token.role in roles
    ]
    who = element("span", foreign(guest.token.name), " · ", spoken(ROLE_NAMES[guest.token.role], request), class_="who")
    out = element(
        "form", who, " ", element("button", spoken(Text("退出", "Sign out"), request), type="submit", class_="quiet"),
        method="post", action=place(request, "register/session/end"), id="sign-out",
    )  # fmt: skip
    nav = element("nav", element("ul", *items), aria_label=spoken(TITLE, request))
    return element("div", nav, out, class_="desk")


def sign_in(request: Request, found: Problem | None = None) -> Page:
    """Return the page to sign in on, perhaps with why one has to."""
    asked = found is not None and "invalid_token" in found.headers.get("WWW-Authenticate", "")
    wrong = [element("p", spoken(found.error.what, request), class_="error", role="alert", id="wrong")] if found and asked else []
    label = element("label", spoken(Text("令牌", "Token"), request), for_="token")
    typed = element(
        "input", type="password", id="token", name="token", required="required", maxlength="200", autocomplete="off", spellcheck="false",
        aria_describedby="token-help",
    )  # fmt: skip
    about = spoken(
        Text(
            "令牌由登记簿管理人发放：policygraph register token make",
            "The register's keeper makes tokens: policygraph register token make",
        ),
        request,
    )  # fmt: skip
    form = element(
        "form",
        element("div", label, typed, element("p", about, class_="help", id="token-help"), class_="field"),
        element("button", spoken(Text("登录", "Sign in"), request), type="submit"),
        method="post",
        action=place(request, "register/session"),
        id="sign-in",
        class_="card",
    )
    lead = Text("凭令牌查阅、登记、核验已核查的申报。", "Read, enter and verify checked submissions, with a token.")
    kept = element("p", spoken(_PERSONAL, request), class_="soft")
    data = element(
        "p",
        spoken(Text("程序用 ", "Programs use "), request),
        element("a", "/api/register", href=place(request, "openapi.json")),
        class_="soft",
    )
    status = found.sort.status if found else 200
    return Page(spoken(TITLE, request), (*wrong, form, kept, data), PATH, spoken(lead, request), sheets=(SHEET,), status=status, keep=False)


def no_register(request: Request) -> Page:
    """Return the page of a service without a register: how to start one."""
    lead = Text("此服务没有登记簿。", "This service has no register.")
    about = Text(
        "登记簿记下核查过的申报：谁、何时、依据哪个版本的政策图谱登记，前后相扣，改动可查。要用它：",
        "A register keeps checked submissions: who entered them, when, and on which state of the policy graph, in a chain that shows any "
        "change. To use one:",
    )
    steps = [element("li", element("p", spoken(words, request)), element("pre", element("code", line))) for line, words in _START]
    notice = element("p", spoken(STANDING, request), class_="notice")
    main = (element("p", spoken(about, request)), element("ol", *steps, class_="steps"), notice)
    return Page(spoken(TITLE, request), main, PATH, spoken(lead, request), sheets=(SHEET,), keep=False)


# ---------------------------------------------------------------- entries
def badge(request: Request, short: str, name: str) -> Markup:
    """Return a verdict."""
    if not short:
        return Markup("")
    return element("span", element("span", VERDICT_MARKS.get(short, "·"), aria_hidden="true"), " ", name, class_=f"badge {short}")


def action(request: Request, name: str) -> str:
    """Return what was done, in words."""
    return spoken(ACTION_NAMES[name], request) if name in ACTIONS else name


def number(request: Request, of: int) -> Markup:
    """Return a link to an entry."""
    return element("a", spoken(Text(f"第 {of} 号", f"No. {of}"), request), href=place(request, f"register/entries/{of}"))


def entries(request: Request, caption: str, found: Iterable[dict[str, Any]], extra: tuple[str, ...] = ()) -> Markup:
    """Return a table of entries; `extra` names the columns of a search."""
    heads = [Text("编号", "Entry"), Text("时间", "Time"), Text("种类", "Kind"), Text("事项", "Action"), Text("结论", "Verdict")]
    heads += [Text("现行", "Stands"), Text("经办人", "By")]
    rows = []
    for each in found:
        row: list[str] = [number(request, each["number"]), local(each["time"]), each["kindName"], action(request, each["action"])]
        row += [badge(request, each["verdict"], each["verdictName"]), _stands(request, each), foreign(each["who"])]
        if extra:
            names = spoken(Text("、", ", "), request).join(field["name"] for field in each["fields"])
            row += [foreign(each["name"]), names]
        rows.append(row)
    own = table(caption, [*(spoken(h, request) for h in heads), *extra], rows, class_="entries")
    return element("div", own, class_="scroll", tabindex="0", role="region", aria_label=caption)


def _stands(request: Request, each: dict[str, Any]) -> str:
    if each["action"] not in {"add", "correct"}:
        return ""
    return spoken(Text("是", "yes") if each["standing"] else Text("否", "no"), request)
