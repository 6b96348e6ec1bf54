"""What the service offers for judgements that take long: their state, their report, their end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policygraph.errors import Text
from policygraph.web.api import forms, schemas
from policygraph.web.api.common import LANG, contents, form_parameter
from policygraph.web.api.jobs import EVENTS, KEPT
from policygraph.web.api.wording import on_the_web
from policygraph.web.endpoints import Answers, Content, Endpoint, Operation, Parameter

if TYPE_CHECKING:
    from policygraph.web.api.jobs import Jobs

_TAG = "judging"


def endpoints(jobs: Jobs) -> tuple[Endpoint, ...]:
    """Return the endpoints of jobs."""
    id_ = Parameter("id", Text("任务的名称", "name of the job"), "path", required=True)
    about = Text(
        f"结果在完成后保留 {KEPT / 60:g} 分钟，DELETE 立即删除。",
        f"Results are kept for {KEPT / 60:g} minutes after the end; DELETE forgets them at once.",
    )
    state = Answers(
        200,
        Text("状态与进度", "State and progress"),
        (Content("application/json", schemas.JOB), Content(EVENTS.type)),
    )
    report = Answers(200, Text("报告", "The report"), contents(forms.REPORTS, schemas.component("CheckReport")))
    event_form = Parameter("format", Text("json 或 events", "json or events"), schema={"enum": ["json", "events"]})
    return (
        Endpoint(
            "/api/jobs/{id}",
            _TAG,
            (
                Operation(
                    "GET",
                    "job",
                    Text("任务的状态与进度", "State and progress of a job"),
                    about,
                    (id_, event_form, LANG),
                    (),
                    (state,),
                    (404, 406),
                ),
                Operation(
                    "DELETE",
                    "cancelJob",
                    Text("取消并删除任务", "Cancel and forget a job"),
                    about,
                    (id_,),
                    (),
                    (Answers(204, Text("已删除", "It is forgotten")),),
                    (404,),
                ),
            ),
            on_the_web(jobs.state),
        ),
        Endpoint(
            "/api/jobs/{id}/report",
            _TAG,
            (
                Operation(
                    "GET",
                    "jobReport",
                    Text("任务的报告，任一格式", "Report of a job, in any form"),
                    about,
                    (id_, form_parameter(forms.REPORTS), LANG),
                    (),
                    (report,),
                    (404, 406, 409, 422),
                ),
            ),
            on_the_web(jobs.report),
        ),
    )
