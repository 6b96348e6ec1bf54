"""The page for developers: every endpoint with an example that works, the data as a whole, vocabularies, limits, version."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policygraph.errors import Text
from policygraph.web.api.common import LANG
from policygraph.web.endpoints import Answers, Content, Endpoint, Operation
from policygraph.web.pages.develop import overview, vocabulary
from policygraph.web.pages.keeping import kept

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from policygraph.web.service import Service

_TAG = "pages"


def endpoints(owner: Service) -> tuple[Endpoint, ...]:
    """Return the endpoints."""

    async def developers(request: Request) -> Response:
        offered = request.app.state.endpoints
        return await kept(request, ("developers", owner.root(request)), lambda: overview.page(request, offered))

    async def terms(request: Request) -> Response:
        return await kept(request, ("vocabulary",), lambda: vocabulary.page(request))

    got = Answers(200, Text("页面", "The page"), (Content("text/html"),))
    about = Text("接口、数据、词汇、限制与版本", "Endpoints, data, vocabularies, limits and version")
    return (
        Endpoint("/developers", _TAG, (Operation("GET", "developers", about, parameters=(LANG,), answers=(got,)),), developers),
        Endpoint(
            "/developers/vocabulary", _TAG, (Operation("GET", "vocabulary", vocabulary.TITLE, parameters=(LANG,), answers=(got,)),), terms
        ),
    )
