"""Answers queries: from what is kept, else by a worker that can be killed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from policygraph.errors import InputError, PolicyGraphError
from policygraph.web.answers import Answer, respond
from policygraph.web.connected import while_connected
from policygraph.web.negotiation import HTML, TURTLE, accepted
from policygraph.web.problems import USAGE, ProblemError
from policygraph.web.service import service
from policygraph.web.sparql import asked, forms
from policygraph.web.sparql.description import describe
from policygraph.web.sparql.editing import editor, for_people, refusal, result
from policygraph.web.sparql.opening import CHANGE, GRAPH, ROWS, kind, volatile

if TYPE_CHECKING:
    from starlette.requests import Request

    from policygraph.web.negotiation import Media
    from policygraph.web.sparql.asked import Asked

VARY = ("Vary", "Accept")
TRUNCATED = "Policygraph-Truncated"
_REMARKS = {"xml": (b"<!-- ", b" -->"), "rdfxml": (b"<!-- ", b" -->\n")} | dict.fromkeys(("turtle", "trig", "ntriples"), (b"# ", b"\n"))
_PLACE = re.compile(r"SPARQL:(\d+):(\d+)")


async def sparql(request: Request) -> Response:
    """Answer a request to the SPARQL endpoint."""
    wanted = await asked.read(request)
    if wanted is None:
        return await (editor(request) if for_people(request) else describe(request))
    if wanted.format == HTML.name:
        return await by_form(request, wanted)
    sort = kind(wanted.query)
    if sort == CHANGE:
        raise asked.update_refused()
    # What does not begin like a query is refused by the worker, which says why.
    media = forms.chosen(forms.OFFERED[sort or ROWS], wanted.format, accepted(request))
    owner = service(request)
    if volatile(wanted.query):
        answer = await run(request, wanted, media)
        return Response(answer.body, 200, {"Content-Type": answer.media_type, "Cache-Control": "no-store", **dict(answer.headers)})
    key = ("sparql", wanted.query, wanted.default, wanted.named, media.type)
    answer = owner.cache.get(key) or owner.cache.keep(key, await run(request, wanted, media))
    return respond(request, answer, owner.modified)


async def by_form(request: Request, wanted: Asked) -> Response:
    """Answer the plain form with a page, also when the query is at fault."""
    sort = kind(wanted.query)
    try:
        if sort == CHANGE:
            raise asked.update_refused()
        answer = await run(request, wanted, TURTLE if sort == GRAPH else forms.JSON)
    except (PolicyGraphError, ProblemError) as error:
        return await refusal(request, wanted.query, error)
    return await result(request, wanted.query, answer.body, graph=sort == GRAPH)


async def run(request: Request, wanted: Asked, media: Media) -> Answer:
    """Return what a worker answers.

    Raises:
        ProblemError: The query breaks SPARQL's syntax; names line and column.
    """
    head: dict[str, Any] = {"query": wanted.query, "form": media.type}
    if wanted.default or wanted.named:  # both take the place of FROM, also when only one is given
        head |= {"default": wanted.default, "named": wanted.named}
    try:
        told, body = await while_connected(request, service(request).queries.run(head))
    except InputError as error:
        place = _PLACE.fullmatch(error.where)
        told_where = {"line": int(place[1]), "column": int(place[2])} if place else {}
        raise ProblemError(USAGE, error, None, **told_where) from error
    if not told.get("cut"):
        return Answer(body, media.sent, (VARY,))
    return Answer(_marked(body, media), media.sent, (VARY, (TRUNCATED, f"rows={told['rows']}")))


def _marked(body: bytes, media: Media) -> bytes:
    """Say in an answer that its end is missing, in the formats that leave room for it."""
    if media.type == forms.JSON.type:
        return body[: body.rindex(b"}")] + b',"truncated":true}'
    before, after = _REMARKS.get(media.form, (b"", b""))
    return body + before + b"truncated" + after if before else body
