"""What the service offers to judge what callers send, declared."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from policygraph.errors import Text
from policygraph.web.api import forms, judging, later, schemas
from policygraph.web.api.common import LANG, contents, form_parameter
from policygraph.web.api.intake import MOST_OVERLAYS, MULTIPART, TYPES
from policygraph.web.api.wording import on_the_web
from policygraph.web.endpoints import Answers, Content, Endpoint, Operation, Parameter

if TYPE_CHECKING:
    from policygraph.web.api.jobs import Jobs
    from policygraph.web.api.samples import Samples

_TAG = "judging"
_BINARY: dict[str, Any] = {"type": "string", "format": "binary"}
_TURTLE = "text/turtle"
_AS_OF = Parameter(
    "as-of",
    Text("判读基准日；缺省为记录的申报或报告日期，否则为今天", "day as of which to judge; by default the record's claim date, else today"),
    schema={"type": "string", "format": "date"},
    example="2024-12-31",
)
_KIND = Parameter(
    "kind", Text("申报种类：短名、名称或 IRI，见 /api/kinds", "kind of the records: short name, label or IRI, see /api/kinds")
)
_ALL = Parameter(
    "all-changes",
    Text("也列出涉及既成事实的改动", "show also changes of facts that are past and fixed"),
    schema={"type": "boolean"},
    example=True,
)
_PREFER = Parameter(
    "Prefer",
    Text("respond-async：先答 202，再到所给地址看进度、取报告", "respond-async: 202 first; watch and fetch at the address that is given"),
    "header",
    schema={"enum": ["respond-async"]},
    example="respond-async",
)
_FORM_SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["file"],
    "properties": {
        "file": {"type": "array", "minItems": 1, "items": _BINARY},
        "with": {"type": "array", "maxItems": MOST_OVERLAYS, "items": _BINARY},
        "kind": schemas.STRING,
        "as-of": {"type": "string", "format": "date"},
    },
}
_PERSONAL = Text("所发内容在答复后即删除，不作记录。", "What is sent is removed with the answer and nowhere recorded.")
_CHECKED = Text(
    "报告；有不符合之处也是 200，因为核查本身已完成，结论见 verdict",
    "The report; 200 also when it holds violations, for the check itself succeeded: see `verdict`",
)


def endpoints(jobs: Jobs, samples: Samples) -> tuple[Endpoint, ...]:
    """Return the endpoints."""
    return (*_submissions(jobs, samples), *later.endpoints(jobs), *_others(samples))


def _submissions(jobs: Jobs, samples: Samples) -> tuple[Endpoint, ...]:
    said = {
        "check": Text("核查申报：逐条给出结论、依据的原句与改正办法", "Check a submission: verdict, sentence behind it and how to mend it"),
        "decide": Text("判读申报：是否符合条件、数额与依据", "Decide a submission: who is entitled to what, and why"),
    }
    about = Text(
        "请求体是一条记录（JSON，键为字段短名或名称）、多条记录，或一个文件；表单可带多个文件与叠加（with）。" + _PERSONAL.zh,
        "The body is one record (JSON with plain keys), several, or a file; a form takes several files, and overlays as `with`. "
        + _PERSONAL.en,
    )
    later = Answers(
        202,
        Text("已接受，地址在 Location", "Accepted; the address is in Location"),
        (Content("application/json", schemas.JOB),),
        {"Location": Text("任务的地址", "address of the job")},
    )
    given = Answers(200, _CHECKED, contents(forms.REPORTS, schemas.component("CheckReport")))
    parameters = (_KIND, _AS_OF, form_parameter(forms.REPORTS), LANG, overlay_parameter(samples), _PREFER)
    return tuple(
        Endpoint(
            f"/api/{name}",
            _TAG,
            (
                Operation(
                    "POST",
                    name,
                    summary,
                    about,
                    (*parameters, _ALL) if name == "decide" else parameters,
                    _bodies(samples),
                    (given, later),
                    (400, 406, 413, 415, 422, 503),
                ),
            ),
            on_the_web(judging.submissions(name, jobs)),
        )
        for name, summary in said.items()
    )


def overlay_parameter(samples: Samples) -> Parameter:
    """Return the parameter that lays something over the policy."""
    return Parameter(
        "with",
        Text("叠加：修改政策或采用读法的 Turtle 文本", "overlay: Turtle that amends the policy or adopts a reading"),
        example=samples.overlay or None,
    )


def _bodies(samples: Samples) -> tuple[Content, ...]:
    record = samples.record(samples.claim)
    examples = {"application/json": record, _TURTLE: samples.turtle or None}
    schema = schemas.component("Submission")
    taken = tuple(
        Content(t, schema if t == "application/json" else schemas.STRING if t.startswith("text/") else _BINARY, examples.get(t))
        for t in TYPES
    )
    return (*taken, Content(MULTIPART, _FORM_SCHEMA))


def _others(samples: Samples) -> tuple[Endpoint, ...]:
    turn = Answers(
        200,
        Text("四组待遇及理由，与下一个问题", "Four groups of benefits with reasons, and the next question"),
        contents(forms.PROFILES, schemas.component("Turn")),
    )
    asked = Text(
        "无状态：每次发来全部事实与回答（answers 依次为各问题的回答，unknown 为问过而不知道的字段，last 为刚谈到的一行）；"
        "答复中的 facts、unknown、last 已并入回答，可与下一个回答一起发回。也可直接发来主体情况的文件。" + _PERSONAL.zh,
        "Stateless: every call brings all facts and answers (`answers` one after the other as the questions came, `unknown` what was asked "
        "for and is not known, `last` the row last talked about). The answer's `facts`, `unknown` and `last` have them folded in and may "
        "be sent back with the next answer alone. A file with a profile is taken as well. " + _PERSONAL.en,
    )
    changes = Text("变化的答案，两边并列", "The answers that change, both sides")
    changed = Answers(200, changes, contents(forms.BRIEF, schemas.component("WhatIf")))
    differences = Text("差别，附两边原句", "The differences, with both sentences")
    compared = Answers(200, differences, contents(forms.BRIEF, schemas.component("Comparison")))
    subject = samples.record(samples.subject)
    overlay = samples.overlay or None
    side = {
        name: Parameter(name, Text("政策的名称、文号或 IRI", "a policy's name, number or IRI"), required=True, example=samples.policy)
        for name in ("before", "after")
    }
    laid = Text("；用表单时可作其 with 部分", "; of a form, its part `with` will do")
    whatif_with = replace(overlay_parameter(samples), required=True)
    whatif_with = replace(whatif_with, about=Text(whatif_with.about.zh + laid.zh, whatif_with.about.en + laid.en))
    problems = (400, 406, 413, 415, 422, 503)
    return (
        Endpoint(
            "/api/entitlements",
            _TAG,
            (
                Operation(
                    "POST",
                    "entitlements",
                    Text("某个主体的全部待遇与下一个问题", "All benefits of a subject, and what to ask next"),
                    asked,
                    (_KIND, _AS_OF, form_parameter(forms.PROFILES), LANG, overlay_parameter(samples), _ALL),
                    (
                        Content("application/json", schemas.component("TurnAsked"), {"facts": subject, "answers": []}),
                        *(Content(t, schemas.STRING if t.startswith("text/") else _BINARY) for t in TYPES if t != "application/json"),
                        Content(MULTIPART, _FORM_SCHEMA),
                    ),
                    (turn,),
                    problems,
                ),
            ),
            on_the_web(judging.entitlements),
        ),
        Endpoint(
            "/api/whatif",
            _TAG,
            (
                Operation(
                    "POST",
                    "whatIf",
                    Text("试算叠加：哪些答案会变、差多少", "Try an overlay: which answers change, by how much"),
                    _PERSONAL,
                    (_AS_OF, form_parameter(forms.BRIEF), LANG, whatif_with),
                    _bodies(samples),
                    (changed,),
                    problems,
                ),
            ),
            on_the_web(judging.what_if),
        ),
        Endpoint(
            "/api/diff",
            _TAG,
            (
                Operation(
                    "GET",
                    "diff",
                    Text("比较两项政策", "Compare two policies"),
                    Text("", ""),
                    (*side.values(), form_parameter(forms.BRIEF), LANG),
                    (),
                    (compared,),
                    (400, 406, 422, 503),
                ),
                Operation(
                    "POST",
                    "diffWithOverlay",
                    Text("比较政策与所发的叠加文件", "Compare a policy with an overlay that is sent"),
                    _PERSONAL,
                    (side["before"], form_parameter(forms.BRIEF), LANG),
                    (Content(_TURTLE, schemas.STRING, overlay), Content(MULTIPART, {"type": "object"})),
                    (compared,),
                    problems,
                ),
            ),
            on_the_web(judging.difference),
        ),
    )
