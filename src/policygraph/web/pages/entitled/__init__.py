"""What somebody is entitled to: an interview made from the rules. All answers travel in the form that is sent; nothing is kept here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policygraph.errors import Text
from policygraph.web.api.intake import MULTIPART
from policygraph.web.endpoints import Answers, Content, Endpoint, Operation
from policygraph.web.pages.entitled.handling import FILES, FORM, Interviews
from policygraph.web.pages.trouble import paged

if TYPE_CHECKING:
    from typing import Any

    from policygraph.web.service import Service

_HTML = "text/html"
_FIELDS: dict[str, Any] = {
    "type": "object",
    "properties": {
        "kind": {"type": "string"},
        "line": {"type": "array", "items": {"type": "string"}},
        "act": {"type": "string"},
        "as-of": {"type": "string"},
    },
}
_KEPT = Text("所发回答不作记录，也不进入任何地址。", "What is sent is recorded nowhere, and comes into no address.")


def endpoints(service: Service) -> tuple[Endpoint, ...]:
    """Return the endpoints of the interview."""
    pages = Interviews(service)
    kind = pages.kinds[0].short if pages.kinds else ""
    example = {"kind": kind, "act": "ask"}
    page = (Answers(200, Text("页面", "The page"), (Content(_HTML),)),)
    start = Operation("GET", "entitlementsPage", Text("选择要了解谁的情况", "Choose whom it is about"), answers=page)
    step = Operation(
        "POST",
        "entitlementsStep",
        Text("回答一个问题，得到下一个问题或结果", "Answer a question; get the next one, or the result"),
        _KEPT,
        body=(Content(FORM, _FIELDS, example), Content(MULTIPART, {"type": "object", "properties": {"file": {"type": "string"}}})),
        answers=page,
        problems=(400, 413, 415, 422, 503),
    )
    saved = Operation(
        "POST",
        "entitlementsFile",
        Text("把回答或结果存为文件", "Save the answers, or the result, as a file"),
        _KEPT,
        body=(Content(FORM, _FIELDS, example | {"format": "ttl"}),),
        answers=(
            Answers(
                200,
                Text("文件", "The file"),
                tuple(Content(media) for media in dict.fromkeys(media for media, _ in FILES.values())),
                {"Content-Disposition": Text("文件名", "name of the file")},
            ),
        ),
        problems=(400, 413, 415, 422, 503),
    )
    return (
        Endpoint("/entitlements", "pages", (start, step), paged(pages.answer, "entitlements"), open=False),
        Endpoint("/entitlements/file", "pages", (saved,), paged(pages.file, "entitlements"), open=False),
    )
