"""What is published about the service and its data as a whole: home, VoID, DCAT, dumps, schemas, types of problems."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policygraph.app.published.dumps import FORMS, NAME, Dumps
from policygraph.errors import Text
from policygraph.web.endpoints import Answers, Content, Endpoint, Operation, Parameter
from policygraph.web.linked.parameters import FORMAT, HEADERS, LANG, VALIDATORS
from policygraph.web.negotiation import DOCUMENTS
from policygraph.web.problems import SORTS
from policygraph.web.published.catalogue import Catalogue
from policygraph.web.published.dumping import Dumping
from policygraph.web.published.schemas import SCHEMA, Schemas

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request
    from starlette.responses import Response

    from policygraph.web.service import Service

    _Handler = Callable[[Request], Awaitable[Response]]

_TAG = "published"
_ENDING = Parameter(
    "ending",
    Text("格式的后缀", "ending of the form"),
    place="path",
    required=True,
    schema={"type": "string", "enum": [media.name for media in DOCUMENTS]},
    example="ttl",
)
_SCHEMA_NAME = Parameter(
    "name",
    Text("申报种类的短名或名称，或报告的名称", "short name or label of a kind of submission, or the name of a report"),
    place="path",
    required=True,
    example="check",
)
_DUMP_NAME = Parameter(
    "name",
    Text("文件名；加 .gz 为压缩包", "name of the file; with .gz it is packed"),
    place="path",
    required=True,
    schema={"type": "string", "enum": [f"{NAME}.{form.ending}{gz}" for form in FORMS for gz in ("", ".gz")]},
    example=f"{NAME}.ttl",
)
_PROBLEM_NAME = Parameter("name", Text("问题类型的名称", "name of a type of problem"), place="path", required=True, example=SORTS[0].name)
_JSON = {"type": "object"}
_BINARY = {"type": "string", "format": "binary"}


def endpoints(service: Service) -> tuple[Endpoint, ...]:
    """Return the endpoints."""
    dumps = Dumps(service.roots)

    async def close() -> None:
        dumps.close()

    service.closing.append(close)
    catalogue, dumping, schemas = Catalogue(service, dumps), Dumping(service, dumps), Schemas(service)
    about_void, about_dcat = Text("数据集的 VoID 说明", "The dataset in VoID"), Text("数据目录（DCAT）", "The catalogue in DCAT")
    about_problem = Text("问题类型的含义", "What a type of problem means")
    once = Text("首次请求时生成各份数据，需数秒。", "The first request makes the dumps, which takes seconds.")
    about_context = Text("申报的 JSON-LD 上下文", "JSON-LD context of submissions")
    about_id = Text("按 $id 取 JSON Schema", "A JSON Schema by its $id")
    home = Text("首页：HTML，或数据集的 RDF 说明", "Home: HTML, or the description of the dataset in RDF")
    void_from = Operation(
        "GET", "wellKnownVoid", Text("引向 VoID 说明", "Lead to the VoID description"),
        answers=(Answers(302, Text("VoID 说明所在", "Where the description is"), headers={"Location": Text("地址", "address")}),),
    )  # fmt: skip
    return (
        _document("/", "home", home, catalogue.home),
        Endpoint("/.well-known/void", _TAG, (void_from,), catalogue.well_known),
        _document("/void", "void", about_void, catalogue.void),
        _document("/void.{ending}", "voidIn", about_void, catalogue.void, _ENDING),
        _document("/catalog", "catalog", about_dcat, catalogue.dcat, about=once),
        _document("/catalog.{ending}", "catalogIn", about_dcat, catalogue.dcat, _ENDING, about=once),
        _document("/problems", "problemTypes", Text("全部问题类型", "All types of problems"), catalogue.problem),
        _document("/problems.{ending}", "problemTypesIn", Text("全部问题类型", "All types of problems"), catalogue.problem, _ENDING),
        _document("/problems/{name}", "problemType", about_problem, catalogue.problem, _PROBLEM_NAME),
        _json("/context.jsonld", "context", about_context, schemas.context, "application/ld+json"),
        _json("/schemas", "schemas", Text("全部 JSON Schema", "All JSON Schemas"), schemas.listing, "application/json"),
        _json("/schemas/{name}", "schema", Text("一份 JSON Schema", "A JSON Schema"), schemas.schema, SCHEMA, _SCHEMA_NAME),
        _json("/schema/{name}", "schemaById", about_id, schemas.schema, SCHEMA, _SCHEMA_NAME),
        _dump(dumping.dump, once),
    )  # fmt: skip


def _document(
    path: str, name: str, summary: Text, handler: _Handler, of: Parameter | None = None, *, about: Text | None = None
) -> Endpoint:
    negotiated = of is None or of.name == "name"
    parameters = ((of,) if of is not None else ()) + ((FORMAT,) if negotiated else ()) + (LANG,)
    answers = (
        Answers(200, summary, tuple(Content(media.type) for media in DOCUMENTS), HEADERS | VALIDATORS),
        Answers(304, Text("未更改", "Not changed")),
    )
    problems = ((404,) if of is not None else ()) + ((406,) if negotiated else ())
    return Endpoint(
        path, _TAG, (Operation("GET", name, summary, about or Text("", ""), parameters, answers=answers, problems=problems),), handler
    )


def _json(path: str, name: str, summary: Text, handler: _Handler, media_type: str, of: Parameter | None = None) -> Endpoint:
    answers = (Answers(200, summary, (Content(media_type, _JSON),), VALIDATORS), Answers(304, Text("未更改", "Not changed")))
    parameters, problems = ((of,), (404,)) if of is not None else ((), ())
    return Endpoint(path, _TAG, (Operation("GET", name, summary, parameters=parameters, answers=answers, problems=problems),), handler)


def _dump(handler: _Handler, about: Text) -> Endpoint:
    content = (*(Content(form.media_type, _BINARY) for form in FORMS), Content("application/gzip", _BINARY))
    summary = Text("全部数据", "The whole graph")
    answers = (
        Answers(200, summary, content, VALIDATORS | {"Content-Encoding": Text("gzip，若接受", "gzip, when it is accepted")}),
        Answers(206, Text("其中一段", "A part of it"), content),
        Answers(304, Text("未更改", "Not changed")),
    )
    operation = Operation("GET", "dump", summary, about, (_DUMP_NAME,), answers=answers, problems=(404,))
    return Endpoint("/dumps/{name}", _TAG, (operation,), handler)
