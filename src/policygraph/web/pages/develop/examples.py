"""Lines of curl that work, made of what the endpoints declare."""

from __future__ import annotations

import json
import re
import shlex
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

if TYPE_CHECKING:
    from policygraph.web.endpoints import Content, Endpoint, Operation, Parameter

_CONVERTER = re.compile(r"\{(\w+):\w+\}")
_MULTIPART = "multipart/form-data"
_FORM = "application/x-www-form-urlencoded"
_PREFERRED = ("application/json", "text/turtle")  # for what has an example


def curl(root: str, endpoint: Endpoint, operation: Operation) -> str:
    """Return a line of curl for an operation, with all that is required and what it declares as examples.

    Args:
        root: Address of the service, with a slash at the end.
        endpoint: The endpoint.
        operation: One of its operations.
    """
    path, query = _CONVERTER.sub(r"{\1}", endpoint.path), []
    words = ["curl"]
    if operation.method not in ("GET", "POST") or (operation.method == "POST" and not operation.body):
        words += ["-X", operation.method]
    if operation.token:
        words += ["-H", "Authorization: Bearer TOKEN"]
    asked = [p for p in operation.parameters if p.required or p.place == "path" or p.name == _one_of(operation)]
    for parameter in asked:
        value = _written(parameter)
        if parameter.place == "path":
            path = path.replace(f"{{{parameter.name}}}", quote(value, safe="/"))
        elif parameter.place == "query":
            query.append((parameter.name, value))
        elif parameter.place == "header":
            words += ["-H", f"{parameter.name}: {value}"]
    address = root + path.removeprefix("/") + (f"?{urlencode(query)}" if query else "")
    words.append(address)
    words += _body(operation)
    return " ".join(shlex.quote(word) if word != "curl" else word for word in words)


def _one_of(operation: Operation) -> str:
    """Return the one of alternative parameters that has an example."""
    own = {parameter.name: parameter for parameter in operation.parameters}
    return next((name for name in operation.one_of if name in own and own[name].example is not None and not operation.body), "")


def _written(parameter: Parameter) -> str:
    value = parameter.example
    if value is None:
        return parameter.name.upper()
    return json.dumps(value) if isinstance(value, bool) else str(value)


def _body(operation: Operation) -> list[str]:
    if not operation.body:
        return []
    shown = [content for content in operation.body if content.example is not None]
    best = next((c for name in _PREFERRED for c in shown if c.media_type == name), shown[0] if shown else None)
    if best is None:
        multipart = any(content.media_type == _MULTIPART for content in operation.body)
        return ["-F", "file=@FILE"] if multipart else ["-H", f"Content-Type: {operation.body[0].media_type}", "--data-binary", "@FILE"]
    return ["-H", f"Content-Type: {best.media_type}", "--data-binary", _content(best)]


def _content(content: Content) -> str:
    example: Any = content.example
    if isinstance(example, str):
        return example
    return urlencode(example) if content.media_type == _FORM else json.dumps(example, ensure_ascii=False)
