"""The register's pages, for people with a token: the same as /api/register, declared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.responses import RedirectResponse

from policygraph.app.register.tokens import AUDITOR, CLERK, READER
from policygraph.errors import PolicyGraphError, Text
from policygraph.web.api.intake import MULTIPART
from policygraph.web.endpoints import Answers, Content, Endpoint, Operation, Parameter
from policygraph.web.negotiation import CSV, RDF
from policygraph.web.pages.registry import auditing, entering, entry, listing, session
from policygraph.web.pages.registry.guarding import Desk, private, refusal
from policygraph.web.pages.registry.listing import FORM, small_form
from policygraph.web.pages.registry.parts import no_register, sign_in
from policygraph.web.pages.shell import place, respond
from policygraph.web.problems import ProblemError, problem
from policygraph.web.register import reading
from policygraph.web.register.guarding import bearer

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request
    from starlette.responses import Response

    from policygraph.web.register.guarding import Guarded
    from policygraph.web.service import Service

    Handler = Callable[[Request], Awaitable[Response]]

_TAG = "register pages"
_ANY, _AUDIT, _CLERK = (READER, CLERK, AUDITOR), (AUDITOR,), (CLERK,)
_PAGE = (Answers(200, Text("页面", "The page"), (Content("text/html"),)),)
_ENTERED = (*_PAGE, Answers(201, Text("已登记", "Something was entered"), (Content("text/html"),)))
_OBJECT: dict[str, Any] = {"type": "object"}
_SIGNING = {"type": "object", "required": ["token"], "properties": {"token": {"type": "string", "format": "password"}}}
_WHOLE = {"type": "integer", "minimum": 0, "maximum": 999_999_999}
_NUMBER = Parameter("entry", Text("编号", "number of the entry"), "path", required=True, schema=_WHOLE, example=1)
_FILE = (Content(MULTIPART, {"type": "object", "required": ["file"], "properties": {"file": {"type": "string", "format": "binary"}}}),)
_SENT = (400, 413, 415, 422)
_ROWS: tuple[tuple[str, Guarded, Operation], ...] = (
    (
        "/register/search",
        listing.searched,
        Operation(
            "POST",
            "registerSearchPage",
            Text("查找登记", "Search the register"),
            body=(Content(FORM, _OBJECT),),
            answers=_PAGE,
            problems=_SENT,
        ),
    ),
    (
        "/register/entries/{entry}",
        entry.shown,
        Operation("GET", "registerEntryPage", Text("一条登记", "One entry"), parameters=(_NUMBER,), answers=_PAGE, problems=(400,)),
    ),
    (
        "/register/entries/{entry}/receipt",
        entry.receipt,
        Operation(
            "GET",
            "registerReceiptFile",
            Text("下载凭证", "Download the receipt"),
            parameters=(_NUMBER,),
            problems=(400, 406),
            answers=(Answers(200, Text("凭证", "The receipt"), tuple(Content(m.type) for m in RDF)),),
        ),
    ),
    (
        "/register/entries/{entry}/correction",
        entering.form,
        Operation(
            "GET",
            "registerCorrectionPage",
            Text("更正一条登记的表单", "The form to correct an entry"),
            parameters=(_NUMBER,),
            answers=_PAGE,
            token=_CLERK,
        ),
    ),
    (
        "/register/entries/{entry}/correction",
        entering.entered,
        Operation(
            "POST",
            "registerCorrect",
            Text("更正一条登记", "Correct an entry"),
            parameters=(_NUMBER,),
            body=_FILE,
            answers=_ENTERED,
            token=_CLERK,
            problems=_SENT,
        ),
    ),
    (
        "/register/enter",
        entering.form,
        Operation("GET", "registerEnterPage", Text("登记申报的表单", "The form to enter a submission"), answers=_PAGE, token=_CLERK),
    ),
    (
        "/register/enter",
        entering.entered,
        Operation(
            "POST", "registerEnter", Text("登记申报", "Enter a submission"), body=_FILE, answers=_ENTERED, token=_CLERK, problems=_SENT
        ),
    ),
    (
        "/register/verification",
        auditing.verified,
        Operation(
            "GET",
            "registerVerifyPage",
            Text("核验登记簿的链", "Verify the chain"),
            answers=_PAGE,
            token=_AUDIT,
            problems=(400,),
            parameters=(Parameter("head", Text("以前记下的链头", "a head that was noted earlier")),),
        ),
    ),
    (
        "/register/export",
        auditing.export,
        Operation("GET", "registerExportPage", Text("导出的表单", "The form to export"), answers=_PAGE, token=_AUDIT),
    ),
    (
        "/register/export/file",
        reading.export,
        Operation(
            "GET",
            "registerExportFile",
            Text("登记簿文件", "The register as a file"),
            token=_AUDIT,
            problems=(406,),
            parameters=(
                Parameter("format", Text("格式", "form"), schema={"enum": [m.name for m in auditing.FORMS]}, example="ttl"),
                Parameter("anonymous", Text("略去个人信息", "leave out personal data"), schema={"type": "boolean"}, example=True),
            ),
            answers=(Answers(200, Text("登记簿", "The register"), tuple(Content(m.type) for m in (*RDF, CSV))),),
        ),
    ),
    (
        "/register/uses",
        auditing.uses,
        Operation("GET", "registerUsesPage", Text("使用记录", "Uses of the register"), answers=_PAGE, token=_AUDIT, problems=(400,)),
    ),
)


def endpoints(service: Service) -> tuple[Endpoint, ...]:
    """Return the endpoints of the register's pages."""
    desk = Desk(service.options.register)
    by_path: dict[str, list[tuple[Operation, Handler]]] = {}
    for path, handler, operation in _ROWS:
        roles = operation.token or _ANY
        shown = Operation(**{name: getattr(operation, name) for name in Operation.__slots__} | {"token": roles})
        by_path.setdefault(path, []).append((shown, desk.page(handler, operation.name, roles)))
    front = _Front(desk)
    gone = Answers(303, headers={"Location": Text("登记簿的首页", "the register's first page")}, about=Text("见登记簿", "See the register"))
    first = Operation(
        "GET",
        "registerPage",
        Text("登记簿：登录，或各条登记", "The register: sign in, or its entries"),
        answers=_PAGE,
        problems=(400, 401, 429),
    )
    enter = Operation(
        "POST", "registerSignIn", Text("登录：令牌在表单中", "Sign in with the token in the form"), body=(Content(FORM, _SIGNING),),
        answers=(gone,), problems=(401, 403, 404, *_SENT, 429),
    )  # fmt: skip
    leave = Operation("POST", "registerSignOut", Text("退出", "Sign out"), answers=(gone,), token=_ANY)
    by_path["/register"] = [(first, front.answer)]
    by_path["/register/session"] = [(enter, front.enter)]
    by_path["/register/session/end"] = [(leave, front.leave)]
    return tuple(
        Endpoint(path, _TAG, tuple(o for o, _ in own), _by_method({o.method: handler for o, handler in own}), open=False)
        for path, own in by_path.items()
    )


class _Front:
    """The first page, signing in and out."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._listed = desk.page(listing.listed, "registerPage", _ANY)

    async def answer(self, request: Request) -> Response:
        """Show the entries to who is signed in, else where to sign in, or how to start a register."""
        if not self._desk.guard.there:
            return private(respond(request, no_register(request)))
        if not (bearer(request) or session.held(request)):
            return private(respond(request, sign_in(request)))
        return await self._listed(request)

    async def enter(self, request: Request) -> Response:
        """Sign in: put a token that works into the cookie."""
        number = 0
        try:
            self._desk.guard.require_register()
            if not bearer(request):
                session.require_same_origin(request)
            token = (await small_form(request)).get("token", "").strip()
            number = (await self._desk.guard.admit(token, request)).token.number
            response: Response = RedirectResponse(place(request, session.PATH), 303)
            session.keep(request, response, token)
        except (PolicyGraphError, ProblemError) as error:
            response = refusal(request, problem(error))
        if number or response.status_code == 401:
            await self._desk.guard.note(number, "registerSignIn", response.status_code)
        return private(response)

    async def leave(self, request: Request) -> Response:
        """Sign out: take the cookie away; who has none is not signed in."""
        try:
            if session.held(request):
                session.require_same_origin(request)
            elif not bearer(request):
                await self._desk.guard.admit("", request)
            response: Response = RedirectResponse(place(request, session.PATH), 303)
            session.drop(request, response)
        except ProblemError as error:
            response = refusal(request, problem(error))
        return private(response)


def _by_method(handlers: dict[str, Handler]) -> Handler:
    async def answer(request: Request) -> Response:
        return await handlers["GET" if request.method == "HEAD" else request.method](request)

    return answer
