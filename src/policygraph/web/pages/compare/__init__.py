"""Comparing as pages: two policies, or a policy and what is laid over it; with a submission also the answers that change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policygraph.errors import Text
from policygraph.web.api.common import LANG
from policygraph.web.api.intake import MULTIPART
from policygraph.web.api.wording import on_the_web
from policygraph.web.endpoints import Answers, Content, Endpoint, Operation, Parameter
from policygraph.web.pages.compare.handling import Comparing
from policygraph.web.pages.compare.sides import samples
from policygraph.web.pages.trouble import paged

if TYPE_CHECKING:
    from policygraph.web.service import Service

_TAG, _TURTLE = "pages", "text/turtle"
_ABOUT = Text(
    "供人使用的页面；程序请用 /api/diff 与 /api/whatif。所发内容在答复后即删除，不作记录。",
    "A page for people; programs use /api/diff and /api/whatif. What is sent is removed with the answer and nowhere recorded.",
)


def endpoints(service: Service) -> tuple[Endpoint, ...]:
    """Return the endpoints."""
    comparing, shipped = Comparing(service), samples(service)
    name = shipped[0].name if shipped else None
    overlay = shipped[0].path.read_text(encoding="utf-8") if shipped else None
    sides = tuple(Parameter(side, Text("政策的名称、文号或 IRI", "a policy's name, number or IRI")) for side in ("before", "after"))
    sample = Parameter("sample", Text("随附的叠加文件，代替 after", "an overlay that ships, instead of `after`"), example=name)
    as_of = Parameter("as-of", Text("判读基准日", "day as of which to judge"), schema={"type": "string", "format": "date"})
    of = Parameter("name", Text("叠加文件的名称", "name of the overlay"), "path", required=True, example=name)
    got = Answers(200, Text("页面", "The page"), (Content("text/html"),))
    title, laid = Text("比较页", "The page of comparing"), Text("叠加文件后的差别，答以页面", "What an overlay changes, as a page")
    taken = (Content(_TURTLE, example=overlay), Content(MULTIPART, {"type": "object"}))
    refused = (400, 404, 413, 415, 422, 503)
    file = Operation(
        "GET", "sampleOverlay", Text("随附的叠加文件", "An overlay that ships"), parameters=(of,),
        answers=(Answers(200, Text("文件", "The file"), (Content(_TURTLE),)),), problems=(404,),
    )  # fmt: skip
    return (
        Endpoint(
            "/compare",
            _TAG,
            (
                Operation("GET", "comparePage", title, _ABOUT, (*sides, sample, LANG), (), (got,), (400, 404, 422, 503)),
                Operation("POST", "compareFiles", laid, _ABOUT, (sides[0], as_of, LANG), taken, (got,), refused),
            ),
            on_the_web(paged(comparing.compared, "compare")),
        ),
        Endpoint("/compare/samples/{name}", _TAG, (file,), on_the_web(paged(comparing.sample, "compare"))),
    )
