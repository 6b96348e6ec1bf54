"""Enters what clerks send into the register: submissions, corrections, and what an authority determined."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from policygraph.app.register.accepting import ALSO
from policygraph.errors import Text, clean
from policygraph.web import bodies
from policygraph.web.api import judging
from policygraph.web.api.intake import private_folder, take
from policygraph.web.negotiation import language
from policygraph.web.problems import INPUT, usage
from policygraph.web.register.reading import numbered
from policygraph.web.service import service

if TYPE_CHECKING:
    from starlette.requests import Request

    from policygraph.web.register.guarding import Guest

_JSON = "application/json"
_MOST_FINDING = 16 << 10  # bytes of a determination
FINDING = ("field", "value", "by", "authority", "date", "document")
_LIKE = Text(
    '例如 {"field": "assessment", "value": "passed", "by": "王", "authority": "某机关", "date": "2024-08-30", "document": "7/2024"}',
    'Such as {"field": "assessment", "value": "passed", "by": "Wang", "authority": "office", "date": "2024-08-30", "document": "7/2024"}',
)


async def add(request: Request, guest: Guest) -> Response:
    """Check a submission and enter the records that are accepted."""
    return await _enter(request, guest, 0)


async def correct(request: Request, guest: Guest) -> Response:
    """Check a submission of one record and enter it in the place of an earlier one."""
    return await _enter(request, guest, numbered(request))


async def _enter(request: Request, guest: Guest, corrects: int) -> Response:
    told = await enter(request, guest, corrects)
    return Response(json.dumps(told, ensure_ascii=False), 201 if told["accepted"] else 200, {"Content-Language": language(request)}, _JSON)


async def enter(request: Request, guest: Guest, corrects: int) -> dict[str, Any]:
    """Check what a request brings and enter what is accepted.

    Args:
        request: The request; `also` may come in its address or its form, where a page has a box `also-NAME` for each.
        guest: Who enters it.
        corrects: Entry that the only record corrects, 0 for none.

    Returns:
        What was entered, what was not and why, and the head of the chain.
    """
    async with private_folder() as folder:
        taken = await take(request, folder, service(request).options.upload)
        judging.require(taken)
        told = judging.head(request, "register.add") | judging.parts(taken) | _own(guest, request)
        also = [*request.query_params.getlist("also"), *filter(None, [taken.values.get("also", "")])]
        also += [name for name in ALSO if taken.values.get(f"also-{name}")]
        told |= {"files": list(taken.files), "overlays": list(taken.overlays), "folder": str(folder), "corrects": corrects}
        # A reason may name a person, and addresses are logged on their way: it comes in the form.
        _, body = await service(request).judge(told | {"also": also, "because": taken.values.get("because", "")})
    found: dict[str, Any] = json.loads(body)
    return found


async def determine(request: Request, guest: Guest) -> Response:
    """Record what an authority determined on a fact of an entry, and judge it again."""
    body = await bodies.read(request, _MOST_FINDING)
    said = _finding(body)
    async with private_folder() as folder:
        told = _own(guest, request) | {"job": "register.determine", "entry": numbered(request), "folder": str(folder)}
        _, answer = await service(request).judge(told | said)
    return Response(answer, 201, {"Content-Language": told["language"]}, _JSON)


def _finding(body: bytes) -> dict[str, str]:
    """Return the members of a determination.

    Raises:
        ProblemError: The body is no JSON object, or one of them is missing or no text.
    """
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict):
        raise usage("请求体须是 JSON 对象。", "The body must be a JSON object.", _LIKE, INPUT)
    for name in FINDING:
        if not isinstance(said.get(name), str):
            raise usage(f"缺少“{name}”，或不是文字。", f"“{name}” is missing, or no text.", _LIKE, INPUT, pointer=f"/{name}")
    if strange := sorted(set(said) - set(FINDING)):
        name = clean(str(strange[0]))[:60]
        raise usage(f"没有“{name}”这一项。", f"There is no “{name}”.", _LIKE, INPUT)
    return {name: said[name] for name in FINDING}


def _own(guest: Guest, request: Request) -> dict[str, Any]:
    return {"register": str(guest.register), "who": guest.token.name, "language": language(request)}
