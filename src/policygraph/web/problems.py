"""Errors as RFC 9457 problem details, in the caller's language."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from policygraph.errors import (
    BusyError,
    DataError,
    InputError,
    LimitError,
    MachineError,
    PolicyGraphError,
    StoreError,
    Text,
    UsageError,
)
from policygraph.web.negotiation import language

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Sort:
    """A sort of problem.

    Attributes:
        name: Last part of its IRI, `problems/NAME` below the service.
        status: HTTP status code.
        title: What is wrong in general.
    """

    name: str
    status: int
    title: Text


USAGE = Sort("usage", 400, Text("请求有误", "The request is off"))
INPUT = Sort("input", 422, Text("输入无法读取", "The input cannot be read"))
LIMIT = Sort("limit", 422, Text("超出限制，已中止", "It went over a limit and was stopped"))
NOT_FOUND = Sort("not-found", 404, Text("没有此资源", "There is no such resource"))
NOT_ALLOWED = Sort("method", 405, Text("此处不接受该方法", "The method is not allowed here"))
NOT_ACCEPTABLE = Sort("not-acceptable", 406, Text("没有所要的格式", "There is no such form"))
TOO_LARGE = Sort("too-large", 413, Text("请求体过大", "The body is too large"))
TOO_SLOW = Sort("too-slow", 408, Text("请求体来得太慢", "The body came too slowly"))
MEDIA = Sort("media-type", 415, Text("不接受该媒体类型", "The media type is not accepted"))
UNAUTHORIZED = Sort("token", 401, Text("需要有效的令牌", "A valid token is needed"))
FORBIDDEN = Sort("forbidden", 403, Text("不允许", "It is not allowed"))
CONFLICT = Sort("conflict", 409, Text("与现有内容冲突", "It conflicts with what there is"))
TOO_MANY = Sort("too-many", 429, Text("请求过于频繁", "Too many requests"))
BUSY = Sort("busy", 503, Text("暂时繁忙", "Busy for the moment"))
DATA = Sort("data", 500, Text("政策数据有缺陷", "The policy's data are broken"))
STORE = Sort("store", 502, Text("存储没有应答", "The store did not answer"))
MACHINE = Sort("machine", 501, Text("服务器缺少所需组件", "The server lacks something"))
INTERNAL = Sort("internal", 500, Text("服务器内部错误", "The server failed"))

SORTS = (
    USAGE, INPUT, LIMIT, NOT_FOUND, NOT_ALLOWED, NOT_ACCEPTABLE, TOO_LARGE, TOO_SLOW, MEDIA, UNAUTHORIZED, FORBIDDEN, CONFLICT, TOO_MANY,
    BUSY, DATA, STORE, MACHINE, INTERNAL,
)  # fmt: skip
_OF = {
    UsageError: USAGE,
    InputError: INPUT,
    DataError: DATA,
    LimitError: LIMIT,
    StoreError: STORE,
    MachineError: MACHINE,
    BusyError: BUSY,
}


class ProblemError(Exception):
    """What a handler raises to answer with a problem.

    Args:
        sort: Its sort.
        error: What is wrong, where, and what to do.
        headers: Headers of the answer.
        extra: Further members of the problem.
    """

    def __init__(self, sort: Sort, error: PolicyGraphError, headers: Mapping[str, str] | None = None, **extra: Any) -> None:
        super().__init__(error.what.en)
        self.sort, self.error, self.headers, self.extra = sort, error, dict(headers or {}), extra


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem as it is sent."""

    sort: Sort
    error: PolicyGraphError
    headers: Mapping[str, str] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict)

    def response(self, request: Request) -> Response:
        """Return the answer in the caller's language."""
        spoken = language(request)
        body = json.dumps(self.plain(spoken, _prefix(request)), ensure_ascii=False).encode()
        headers = {"Content-Language": spoken, "Cache-Control": "no-store", **self.headers}
        return Response(body, self.sort.status, headers, MEDIA_TYPE)

    def plain(self, spoken: str, root: str = "") -> dict[str, Any]:
        """Return its members in a language."""
        told: dict[str, Any] = {
            "type": f"{root}/problems/{self.sort.name}",
            "title": self.sort.title.in_language(spoken),
            "status": self.sort.status,
            "detail": self.error.what.in_language(spoken),
            "fix": self.error.fix.in_language(spoken),
        }
        if self.error.where:
            told["where"] = self.error.where
        return told | dict(self.extra)


def _prefix(request: Request) -> str:
    """Return the path of the service's root as callers see it."""
    app = request.scope.get("app")
    return str(app.state.service.prefix.rstrip("/")) if app is not None else ""


def problem(error: Exception) -> Problem:
    """Return the problem for an error of ours."""
    if isinstance(error, ProblemError):
        return Problem(error.sort, error.error, error.headers, error.extra)
    if isinstance(error, PolicyGraphError):
        headers = {"Retry-After": str(max(1, round(error.seconds)))} if isinstance(error, BusyError) else {}
        return Problem(_OF[type(error)], error, headers)
    raise TypeError(error)


def usage(zh: str, en: str, fix: Text, sort: Sort = USAGE, headers: Mapping[str, str] | None = None, **extra: Any) -> ProblemError:
    """Return a problem with what is wrong and what to do."""
    return ProblemError(sort, UsageError(Text(zh, en), fix), headers, **extra)
