"""What the service offers, declared once: the routes and the OpenAPI document are both made from it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from policygraph.errors import Text

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from starlette.requests import Request
    from starlette.responses import Response

Handler = "Callable[[Request], Awaitable[Response]]"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of an operation.

    Attributes:
        name: Its name.
        about: What it means.
        place: query, path or header.
        required: Whether it must be given.
        schema: JSON Schema of its value.
        example: A value that works.
    """

    name: str
    about: Text
    place: str = "query"
    required: bool = False
    schema: Mapping[str, Any] = field(default_factory=lambda: {"type": "string"})
    example: Any = None


@dataclass(frozen=True, slots=True)
class Content:
    """A body that is taken or given, in one media type.

    Attributes:
        schema: JSON Schema of it; for other types a string, binary where it is no text.
        example: One that works.
    """

    media_type: str
    schema: Mapping[str, Any] = field(default_factory=lambda: {"type": "string"})
    example: Any = None


@dataclass(frozen=True, slots=True)
class Answers:
    """What comes back under one status code."""

    status: int
    about: Text
    content: tuple[Content, ...] = ()
    headers: Mapping[str, Text] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of an endpoint.

    Attributes:
        method: GET, POST …
        name: operationId, unique.
        summary: What it does, in a line.
        about: What else a caller should know.
        parameters: What it takes beside a body.
        body: Bodies that it takes, one a media type.
        answers: What it gives back; problems that any request may meet are added by `openapi`.
        problems: Status codes of problems of its own.
        token: Roles of which the caller must have one; none for everybody.
        one_of: Parameters of which exactly one must be given.
    """

    method: str
    name: str
    summary: Text
    about: Text = Text("", "")  # noqa: RUF009 - it is frozen
    parameters: tuple[Parameter, ...] = ()
    body: tuple[Content, ...] = ()
    answers: tuple[Answers, ...] = ()
    problems: tuple[int, ...] = ()
    token: tuple[str, ...] = ()
    one_of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An address of the service.

    Attributes:
        path: Its path as Starlette writes it, from the service's root: `/api/kinds/{kind}`.
        tag: Group in the documentation.
        operations: Its methods; HEAD comes with GET, OPTIONS with all.
        handler: What answers them.
        open: Whether scripts of other sites may read it (CORS).
        most: Bytes of the largest body that it takes.
        instances: Makes what stands for it in the documentation, for instance one endpoint for each saved question.
    """

    path: str
    tag: str
    operations: tuple[Operation, ...]
    handler: Callable[[Request], Awaitable[Response]]
    open: bool = True
    most: int = 1 << 20
    instances: Callable[[], tuple[Endpoint, ...]] | None = None

    @property
    def methods(self) -> tuple[str, ...]:
        """The methods that it answers, HEAD included."""
        named = [operation.method for operation in self.operations]
        return tuple(dict.fromkeys([*named, *(["HEAD"] if "GET" in named else [])]))
