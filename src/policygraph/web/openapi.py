"""The OpenAPI 3.1 document of the service, made of what its parts declare."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from anyio import to_thread

from policygraph import __version__
from policygraph.errors import Text
from policygraph.web.answers import Answer, respond
from policygraph.web.endpoints import Answers, Content, Endpoint, Operation
from policygraph.web.negotiation import language
from policygraph.web.openapi_schemas import schemas
from policygraph.web.problems import MEDIA_TYPE, SORTS
from policygraph.web.service import service

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from starlette.requests import Request
    from starlette.responses import Response

    from policygraph.web.endpoints import Parameter
    from policygraph.web.service import Service

PATH, TYPE = "/openapi.json", "application/openapi+json;version=3.1"
VERSION = "3.1.1"
_TITLE = Text("policygraph：政策知识图谱服务", "policygraph: a policy document as a service")
ABOUT = Text(
    "依文本判读，非行政决定。除登记簿外无需凭证，也不记录所发内容。GET 处皆可 HEAD，各处皆可 OPTIONS。错误按 RFC 9457，语言由 lang 或 "
    "Accept-Language 决定。",
    "Answers are read from the text and are no administrative decisions. Only the register needs a credential, and nothing else that is "
    "sent is kept. Where there is GET there is HEAD, and OPTIONS everywhere. Errors are problems by RFC 9457, in the language of `lang` or "
    "Accept-Language.",
)
TAGS = {
    "SPARQL": Text("SPARQL 查询", "SPARQL queries"),
    "questions": Text("已存的问题", "saved questions"),
    "kinds": Text("申报种类与模板", "kinds of submission and templates"),
    "judging": Text("核查、判读、待遇、试算、比较", "check, decide, benefits, what-if, differences"),
    "register": Text("登记簿（凭令牌）", "the register, by token"),
    "published": Text("数据与服务的说明", "descriptions of the data and the service"),
    "linked data": Text("图谱中的事物", "things of the graph"),
    "description": Text("接口说明", "description of the interfaces"),
    "pages": Text("供人使用的页面", "pages for people"),
}
_TOKEN = "token"  # noqa: S105 - name of the scheme
_PROBLEM = Text("错误（RFC 9457）", "a problem (RFC 9457)")
_ROLES = Text("需要令牌，角色之一：{roles}。", "Needs a token with one of the roles {roles}.")
_WITH_TOKEN = (401, 403, 404, 429)  # 404 where the service has no register
_PARSED = {"type": ["object", "array"]}
_CONVERTER = re.compile(r"\{(\w+):\w+\}")


def endpoints(owner: Service) -> tuple[Endpoint, ...]:
    """Return the endpoint of the document."""
    operation = Operation(
        "GET",
        "openapi",
        Text("本接口的说明（OpenAPI 3.1）", "The description of this service (OpenAPI 3.1)"),
        answers=(
            Answers(200, Text("说明", "The description"), (Content("application/json", {"type": "object", "required": ["openapi"]}),)),
        ),
    )
    return (Endpoint(PATH, "description", (operation,), answer),)


async def answer(request: Request) -> Response:
    """Answer with the document in the caller's language."""
    owner, spoken = service(request), language(request)
    key = ("openapi", spoken)
    found = owner.cache.get(key)
    if found is None:
        body = await to_thread.run_sync(lambda: _written(owner, request.app.state.endpoints, spoken))
        headers = (("Vary", "Accept-Language"), ("Content-Language", spoken))
        found = owner.cache.keep(key, Answer(body, "application/json", headers))
    return respond(request, found, owner.modified)


def _written(owner: Service, offered: Sequence[Endpoint], spoken: str) -> bytes:
    return (json.dumps(document(owner, offered, spoken), ensure_ascii=False, separators=(",", ":")) + "\n").encode()


def document(owner: Service, offered: Iterable[Endpoint], spoken: str) -> dict[str, Any]:
    """Return the document in a language.

    Args:
        owner: The service.
        offered: What its parts offer.
        spoken: zh or en.
    """
    shown = [each for endpoint in offered for each in (endpoint.instances() if endpoint.instances else (endpoint,))]
    described = _Described(spoken)
    paths: dict[str, Any] = {}
    for endpoint in shown:
        paths.setdefault(_CONVERTER.sub(r"{\1}", endpoint.path), {}).update(described.path(endpoint))
    tags = dict.fromkeys(endpoint.tag for endpoint in shown)
    return {
        "openapi": VERSION,
        "info": {
            "title": _TITLE.in_language(spoken),
            "version": __version__,
            "description": ABOUT.in_language(spoken),
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": owner.prefix or "/"}],
        "tags": [{"name": tag, "description": TAGS.get(tag, Text(tag, tag)).in_language(spoken)} for tag in tags],
        "paths": paths,
        "components": {
            "schemas": schemas(owner),
            "responses": {"Problem": described.problem(_PROBLEM)},
            "securitySchemes": {_TOKEN: {"type": "http", "scheme": "bearer"}},
        },
    }


class _Described:
    """Describes endpoints in a language."""

    def __init__(self, spoken: str) -> None:
        self._spoken = spoken
        self._titles: dict[int, list[Text]] = {}
        for sort in SORTS:
            self._titles.setdefault(sort.status, []).append(sort.title)

    def path(self, endpoint: Endpoint) -> dict[str, Any]:
        """Return the path item of an endpoint."""
        return {operation.method.lower(): self._operation(operation, endpoint.tag) for operation in endpoint.operations}

    def problem(self, about: Text) -> dict[str, Any]:
        """Return the description of a problem."""
        return {"description": self._w(about), "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}}

    def _operation(self, operation: Operation, tag: str) -> dict[str, Any]:
        about = [operation.about] if operation.about.zh else []
        if operation.token:
            about.append(_ROLES.format(roles=Text("、".join(operation.token), ", ".join(operation.token))))
        found: dict[str, Any] = {"tags": [tag], "operationId": operation.name, "summary": self._w(operation.summary)}
        if about:
            found["description"] = "\n\n".join(map(self._w, about))
        if operation.parameters:
            found["parameters"] = [self._parameter(parameter) for parameter in operation.parameters]
        if operation.one_of:
            found["x-one-of"] = list(operation.one_of)  # OpenAPI has no word for it
        if operation.body:
            found["requestBody"] = {"required": True, "content": self._contents(operation.body)}
        found["responses"] = self._responses(operation)
        if operation.token:
            found["security"] = [{_TOKEN: [role]} for role in operation.token]  # any one of the roles
        return found

    def _responses(self, operation: Operation) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for answers in operation.answers:
            said: dict[str, Any] = {"description": self._w(answers.about)}
            if answers.headers:
                said["headers"] = {n: {"description": self._w(a), "schema": {"type": "string"}} for n, a in answers.headers.items()}
            if answers.content:
                said["content"] = self._contents(answers.content)
            found[str(answers.status)] = said
        for status in sorted({*operation.problems, *(_WITH_TOKEN if operation.token else ())}):
            titles = self._titles.get(status, [_PROBLEM])
            about = Text("；".join(t.zh for t in titles), "; ".join(t.en for t in titles))
            found.setdefault(str(status), self.problem(about))
        return {**dict(sorted(found.items())), "default": {"$ref": "#/components/responses/Problem"}}

    def _parameter(self, parameter: Parameter) -> dict[str, Any]:
        found: dict[str, Any] = {"name": parameter.name, "in": parameter.place, "description": self._w(parameter.about)}
        if parameter.required or parameter.place == "path":
            found["required"] = True
        found["schema"] = dict(parameter.schema)
        if parameter.example is not None:
            found["example"] = parameter.example
        return found

    @staticmethod
    def _contents(contents: Iterable[Content]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for content in contents:
            bare = content.media_type.endswith("+json") and content.schema.get("type") == "string"  # parsed, it is no string
            found[content.media_type] = {"schema": dict(_PARSED if bare else content.schema)}
            if content.example is not None:
                found[content.media_type]["example"] = content.example
        return found

    def _w(self, text: Text) -> str:
        return text.in_language(self._spoken)
