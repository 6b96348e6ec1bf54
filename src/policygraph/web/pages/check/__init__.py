"""Checking as pages: send files, or fill in a form that is made from a kind's shape; see the findings beside what was submitted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policygraph.errors import Text
from policygraph.web.api import forms, schemas
from policygraph.web.api.common import LANG, contents
from policygraph.web.api.intake import MULTIPART
from policygraph.web.api.wording import on_the_web
from policygraph.web.endpoints import Answers, Content, Endpoint, Operation, Parameter
from policygraph.web.pages.check.filled import URLENCODED
from policygraph.web.pages.check.handling import FORMATS, PAGE, Checking
from policygraph.web.pages.trouble import paged

if TYPE_CHECKING:
    from policygraph.web.service import Service

_TAG = "pages"
_HTML = Content("text/html")
_ABOUT = Text(
    "供人使用的页面；程序请用 /api/check。所发内容在答复后即删除，不作记录。",
    "A page for people; programs use /api/check. What is sent is removed with the answer and nowhere recorded.",
)


def endpoints(service: Service) -> tuple[Endpoint, ...]:
    """Return the endpoints."""
    from policygraph.web.api.samples import Samples

    checking, samples = Checking(service), Samples(service, service.kinds)
    name = service.kinds.forms.name_of(samples.claim) if samples.claim else ""
    kind = Parameter("kind", Text("申报种类", "kind of submission"), "path", required=True, example=name or None)
    as_of = Parameter("as-of", Text("判读基准日", "day as of which to judge"), schema={"type": "string", "format": "date"})
    form = Parameter(
        "format", Text("报告的格式，缺省为页面", "form of the report, by default the page"), schema={"enum": [PAGE, *FORMATS]}, example=PAGE
    )
    of = Parameter("kind", Text("申报种类，缺省由文件识别", "kind of the records, by default told by the file"))
    got = Answers(200, Text("页面", "The page"), (_HTML,))
    reported = Answers(
        200, Text("带报告的页面，或所要格式的报告", "The page with the report, or the report in the form wanted"),
        contents(forms.REPORTS, schemas.component("CheckReport")),
    )  # fmt: skip
    record = samples.record(samples.claim)
    written = {f"f.{key}": value for key, value in record.items() if isinstance(value, str) and key != "kind"}
    taken = (Content("application/json", schemas.component("Submission"), record), Content(MULTIPART, {"type": "object"}))
    refused = (400, 406, 413, 415, 422, 503)
    id_ = Parameter("id", Text("任务的名称", "name of the job"), "path", required=True)
    return (
        Endpoint(
            "/check",
            _TAG,
            (
                Operation("GET", "checkPage", Text("核查页", "The page of checking"), _ABOUT, (LANG,), (), (got,)),
                Operation(
                    "POST", "checkFiles", Text("核查文件，答以页面", "Check files, answer with a page"), _ABOUT, (of, as_of, form, LANG),
                    taken, (reported,), refused,
                ),
            ),
            on_the_web(paged(checking.ways_in, "check")),
        ),
        Endpoint(
            "/check/reports/{id}",
            _TAG,
            (
                Operation(
                    "GET", "checkDone", Text("任务报告的页面", "The report of a job as a page"), _ABOUT, (id_, LANG), (), (got,),
                    (404, 409, 422),
                ),
            ),
            on_the_web(paged(checking.done, "check")),
        ),
        Endpoint(
            "/check/{kind}",
            _TAG,
            (
                Operation("GET", "checkForm", Text("某种申报的表单", "The form of a kind"), _ABOUT, (kind, LANG), (), (got,), (404,)),
                Operation(
                    "POST", "checkFilled", Text("核查所填的表单", "Check a form that was filled in"), _ABOUT, (kind, LANG),
                    (Content(URLENCODED, {"type": "object"}, written),), (reported,), (400, 404, 406, 413, 415, 422, 503),
                ),
            ),
            on_the_web(paged(checking.of_kind, "check")),
        ),
    )  # fmt: skip
