"""What the service offers of the register, and to whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from policygraph.app.register.accepting import ALSO
from policygraph.app.register.tokens import AUDITOR, CLERK, READER
from policygraph.errors import Text
from policygraph.web.api.intake import MULTIPART, TYPES
from policygraph.web.endpoints import Answers, Content, Endpoint, Operation, Parameter
from policygraph.web.negotiation import CSV, RDF
from policygraph.web.register import reading, writing
from policygraph.web.register.guarding import Guard

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request
    from starlette.responses import Response

    from policygraph.web.register.guarding import Guarded
    from policygraph.web.service import Service

_TAG = "register"
_ANY, _AUDIT, _CLERK = (READER, CLERK, AUDITOR), (AUDITOR,), (CLERK,)
_JSON, _WHOLE, _TRUTH = "application/json", {"type": "integer", "minimum": 0, "maximum": 999_999_999}, {"type": "boolean"}
_OBJECT: dict[str, Any] = {"type": "object"}
_ENTRY_SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["number", "time", "who", "action", "kind", "standing", "head"],
    "properties": {
        **{name: {"type": "integer"} for name in ("number", "refers_to", "batch")},
        **{name: {"type": "string"} for name in ("time", "who", "kind", "verdict", "as_of", "policy", "reason", "kindName", "verdictName")},
        **{name: {"type": "string", "pattern": "^[0-9a-f]*$"} for name in ("digest", "previous", "head")},
        "action": {"enum": ["add", "correct", "determine", "erase"]},
        "standing": {"type": "boolean"},
    },
}
_NUMBER = Parameter("entry", Text("编号", "number of the entry"), "path", required=True, schema=_WHOLE, example=1)
_MOST = Parameter("most", Text("最多几条，不超过 1000", "how many at most, up to 1000"), schema=_WHOLE, example=100)


def _listing(name: str, item: dict[str, Any], **more: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "required": [name, *more], "properties": {name: {"type": "array", "items": item}, **more}}


def _given(about: Text, schema: dict[str, Any]) -> tuple[Answers, ...]:
    return (Answers(200, about, (Content(_JSON, schema),)),)


_FILTERS = (
    Parameter("kind", Text("申报种类", "kind of submission")),
    Parameter("verdict", Text("结论", "verdict"), schema={"enum": ["pass", "warning", "undetermined", "violation", "unchecked"]}),
    Parameter("since", Text("自此日起", "from this day on"), schema={"type": "string", "format": "date"}, example="2024-01-01"),
    Parameter("until", Text("至此日止", "until this day"), schema={"type": "string", "format": "date"}),
    Parameter("who", Text("经办人", "who entered it")),
    Parameter("standing", Text("只列现行记录", "only records that stand"), schema=_TRUTH),
    Parameter("after", Text("编号大于此数", "entries after this number"), schema=_WHOLE),
    _MOST,
)
_READING: tuple[tuple[str, Guarded, Operation], ...] = (
    (
        "/api/register",
        reading.entries,
        Operation(
            "GET",
            "listEntries",
            Text("列出登记，不含个人信息", "List entries, nothing personal in them"),
            parameters=_FILTERS,
            token=_ANY,
            problems=(400,),
            answers=_given(Text("各条登记", "The entries"), _listing("entries", _ENTRY_SCHEMA, total={"type": "integer"})),
        ),
    ),
    (
        "/api/register/verification",
        reading.verification,
        Operation(
            "GET",
            "verifyRegister",
            Text("核验登记簿的链", "Verify the chain of the register"),
            parameters=(
                Parameter(
                    "head", Text("以前记下的链头", "a head that was noted earlier"), schema={"type": "string", "pattern": "^[0-9a-f]{64}$"}
                ),
            ),
            token=_AUDIT,
            problems=(400,),
            answers=_given(Text("核验结果", "What was found"), _OBJECT | {"required": ["entries", "head", "sound", "flaws"]}),
        ),
    ),
    (
        "/api/register/export",
        reading.export,
        Operation(
            "GET",
            "exportRegister",
            Text("导出登记簿", "Export the register"),
            parameters=(
                Parameter(
                    "format",
                    Text("格式，缺省看 Accept", "form, by default what Accept says"),
                    schema={"enum": [m.name for m in (*RDF, CSV)]},
                    example="ttl",
                ),
                Parameter("anonymous", Text("略去个人信息", "leave out personal data"), schema=_TRUTH, example=True),
            ),
            token=_AUDIT,
            problems=(406,),
            answers=(Answers(200, Text("登记簿", "The register"), tuple(Content(m.type) for m in (*RDF, CSV))),),
        ),
    ),
    (
        "/api/register/uses",
        reading.uses,
        Operation(
            "GET",
            "listUses",
            Text("列出最近的使用记录", "List the latest uses through the service"),
            parameters=(_MOST,),
            token=_AUDIT,
            problems=(400,),
            answers=_given(Text("使用记录", "The uses"), _listing("uses", _OBJECT)),
        ),
    ),
    (
        "/api/register/search",
        reading.search,
        Operation(
            "POST",
            "searchRegister",
            Text("按所存内容的文字查找", "Find entries by words of what they hold"),
            body=(
                Content(
                    _JSON,
                    {"type": "object", "required": ["text"], "properties": {"text": {"type": "string", "minLength": 1}}},
                    {"text": "2024"},
                ),
            ),
            token=_ANY,
            problems=(400, 422),
            answers=_given(Text("查到的登记", "What was found"), _listing("matches", _ENTRY_SCHEMA)),
        ),
    ),
    (
        "/api/register/{entry}",
        reading.entry,
        Operation(
            "GET",
            "showEntry",
            Text("显示一条登记", "Show an entry"),
            parameters=(_NUMBER,),
            token=_ANY,
            problems=(400,),
            answers=_given(Text("登记及其事实、认定", "The entry with its facts and determinations"), _ENTRY_SCHEMA),
        ),
    ),
    (
        "/api/register/{entry}/receipt",
        reading.receipt,
        Operation(
            "GET",
            "giveReceipt",
            Text("取得凭证，供重演", "Get the receipt, for replay"),
            parameters=(_NUMBER,),
            token=_ANY,
            problems=(400, 406),
            answers=(Answers(200, Text("凭证", "The receipt"), tuple(Content(m.type) for m in RDF)),),
        ),
    ),
)


_FORM: dict[str, Any] = {
    "type": "object",
    "required": ["file"],
    "properties": {
        "file": {"type": "string", "format": "binary"},
        "kind": {"type": "string"},
        "as-of": {"type": "string", "format": "date"},
        "because": {"type": "string"},
    },
}
_ENTERED: dict[str, Any] = {
    "type": "object",
    "required": ["accepted", "declined", "aside", "head"],
    "properties": {
        "accepted": {"type": "array", "items": {"type": "object", "required": ["entry", "kind", "verdict", "place", "notes"]}},
        "declined": {"type": "array", "items": {"type": "object", "required": ["place", "why", "fix"]}},
        "aside": {"type": "integer"},
        "head": {"type": "string"},
    },
}
_BODIES = (*(Content(media_type) for media_type in TYPES), Content(MULTIPART, _FORM))
_TAKEN = (
    Parameter("kind", Text("文件没有写明时的申报种类", "kind of the records in files that do not say it")),
    Parameter("as-of", Text("判读基准日", "day as of which to judge"), schema={"type": "string", "format": "date"}),
    Parameter(
        "also",
        Text("也登记有此结论的，或重复的；须在表单的 because 部分说明", "enter these too; the form's part `because` must say why"),
        schema={"type": "array", "items": {"enum": list(ALSO)}},
    ),
)
_ENTERING = (
    Answers(201, Text("已登记", "Something was entered"), (Content(_JSON, _ENTERED),)),
    Answers(200, Text("没有可登记的记录，附理由", "Nothing was entered; it says why"), (Content(_JSON, _ENTERED),)),
)
_FINDING: dict[str, Any] = {
    "type": "object",
    "required": list(writing.FINDING),
    "additionalProperties": False,
    "properties": {name: {"type": "string", **({"format": "date"} if name == "date" else {})} for name in writing.FINDING},
}
_WRITING: tuple[tuple[str, Guarded, Operation], ...] = (
    (
        "/api/register",
        writing.add,
        Operation(
            "POST",
            "enterSubmission",
            Text("核查申报并登记可接受的记录", "Check a submission and enter the records that are accepted"),
            parameters=_TAKEN,
            body=_BODIES,
            token=_CLERK,
            problems=(400, 413, 415, 422),
            answers=_ENTERING,
        ),
    ),
    (
        "/api/register/{entry}/correction",
        writing.correct,
        Operation(
            "POST",
            "correctEntry",
            Text("登记更正后的记录，原记录不再现行", "Enter a record in the place of an earlier one, which no longer stands"),
            parameters=(_NUMBER, *_TAKEN),
            body=_BODIES,
            token=_CLERK,
            problems=(400, 413, 415, 422),
            answers=_ENTERING,
        ),
    ),
    (
        "/api/register/{entry}/determinations",
        writing.determine,
        Operation(
            "POST",
            "determineFact",
            Text(
                "登记有权机关对一项事实的认定，并据以重新判读", "Record what an authority determined on a fact, and judge the entry again"
            ),
            parameters=(_NUMBER,),
            body=(Content(_JSON, _FINDING),),
            token=_CLERK,
            problems=(400, 422),
            answers=(Answers(201, Text("认定及其后的结论", "The determination, and the verdict since"), (Content(_JSON, _OBJECT),)),),
        ),
    ),
)


def endpoints(service: Service) -> tuple[Endpoint, ...]:
    """Return the endpoints of the register; without one they say so."""
    guard = Guard(service.options.register)
    by_path: dict[str, list[tuple[Guarded, Operation]]] = {}
    for path, handler, operation in (*_READING, *_WRITING):
        by_path.setdefault(path, []).append((handler, operation))
    return tuple(
        Endpoint(
            path, _TAG, tuple(o for _, o in own), _by_method({o.method: guard.guarded(h, o.name, o.token) for h, o in own}), open=False
        )
        for path, own in by_path.items()
    )


def _by_method(handlers: dict[str, Callable[[Request], Awaitable[Response]]]) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        return await handlers["GET" if request.method == "HEAD" else request.method](request)

    return answer
