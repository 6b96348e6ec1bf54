"""The JSON-LD context of submissions, and the JSON Schemas of all kinds of submission and of reports."""

from __future__ import annotations

import json
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import anyio

from policygraph.errors import Text, UsageError
from policygraph.records.forms import load_forms
from policygraph.records.jsonld import derive_context
from policygraph.records.kinds import load_kinds
from policygraph.records.schema import kind_schema
from policygraph.reports.schema import REPORTS, report_schema
from policygraph.store.embedded import EmbeddedStore
from policygraph.vocab import BASE
from policygraph.web.answers import Answer, respond
from policygraph.web.problems import NOT_FOUND, ProblemError

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request
    from starlette.responses import Response

    from policygraph.records.forms import Forms
    from policygraph.web.service import Service

SCHEMA = "application/schema+json"


class Schemas:
    """Answers with schemas.

    Args:
        service: The service.
    """

    def __init__(self, service: Service) -> None:
        self._service = service

    @cached_property
    def _forms(self) -> Forms:
        return load_forms(EmbeddedStore(self._service.graph), self._service.roots)

    async def context(self, request: Request) -> Response:
        """Answer with the context that plain keys of submissions are read with."""

        def made() -> dict[str, Any]:
            return {"@context": derive_context(load_kinds(EmbeddedStore(self._service.graph)))}

        return await self._answer(request, ("context",), made, "application/ld+json")

    async def listing(self, request: Request) -> Response:
        """Answer with a list of all schemas."""

        def made() -> dict[str, Any]:
            kinds = [(self._forms.name_of(kind), {"zh": kind.label.zh, "en": kind.label.en}) for kind in self._forms.records]
            named = [(name, {"zh": f"{name} 的报告", "en": f"report of {name}"}) for name in REPORTS]
            listed = [{"name": name, "title": title, "url": self._place(name)} for name, title in (*kinds, *named)]
            return {"schemas": listed}

        return await self._answer(request, ("schemas",), made, "application/json")

    async def schema(self, request: Request) -> Response:
        """Answer with one schema.

        Raises:
            ProblemError: There is none of that name.
        """
        name = str(request.path_params["name"]).removesuffix(".json")

        def made() -> dict[str, Any]:
            return report_schema(name) if name in REPORTS else kind_schema(self._forms.find(name), self._forms)

        try:
            return await self._answer(request, ("schema", name), made, SCHEMA)
        except UsageError as error:
            fix = Text("{fix}\n/schemas 列出全部。", "{fix}\n/schemas lists all of them.").format(fix=error.fix)
            raise ProblemError(NOT_FOUND, UsageError(error.what, fix, error.where)) from error

    def _place(self, name: str) -> str:
        return self._service.link(f"{BASE}schemas/{quote(name, safe='')}")

    async def _answer(self, request: Request, key: tuple[str, ...], made: Callable[[], dict[str, Any]], media_type: str) -> Response:
        found = self._service.cache.get(key)
        if found is None:

            def body() -> bytes:
                return (json.dumps(made(), ensure_ascii=False, indent=2) + "\n").encode()

            found = self._service.cache.keep(key, Answer(await anyio.to_thread.run_sync(body), media_type))
        return respond(request, found, self._service.modified)
