"""The kinds of submission, and the templates to fill in for them: made of the graph, kept once made."""

from __future__ import annotations

import json
from functools import cached_property
from typing import TYPE_CHECKING, Any

from anyio import to_thread

from policygraph.app.kindplain import explanation, overview
from policygraph.app.kinds import read_kinds
from policygraph.errors import UsageError
from policygraph.records.forms import load_forms
from policygraph.store.embedded import EmbeddedStore
from policygraph.web.answers import Answer, respond
from policygraph.web.api import forms
from policygraph.web.api.wording import reworded
from policygraph.web.negotiation import HTML, JSON, language
from policygraph.web.pages.keeping import kept
from policygraph.web.problems import NOT_FOUND, ProblemError

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request
    from starlette.responses import Response

    from policygraph.app.kinds import About
    from policygraph.records.forms import Forms
    from policygraph.records.kinds import Kind
    from policygraph.web.service import Service


class Kinds:
    """What the service says of kinds.

    Args:
        owner: The service.
    """

    def __init__(self, owner: Service) -> None:
        self._owner = owner

    @cached_property
    def forms(self) -> Forms:
        """The forms of all kinds."""
        return load_forms(EmbeddedStore(self._owner.graph), self._owner.roots)

    @cached_property
    def about(self) -> dict[str, About]:
        """What the graph says of each kind, by its IRI."""
        found = read_kinds(EmbeddedStore(self._owner.graph), self.forms, self._owner.entities)
        return {about.kind.iri: about for about in found}

    async def listed(self, request: Request) -> Response:
        """List the kinds, as data or as a page."""
        from policygraph.web.pages.kinds import listing

        if forms.wanted(request, (JSON, HTML)) is HTML:
            return await kept(request, ("kinds",), lambda: listing(request))

        def make() -> Answer:
            return _json([overview(about, self.forms) for about in self.about.values()])

        return await self._kept(request, ("kinds",), make)

    async def explained(self, request: Request) -> Response:
        """Explain a kind: fields, child tables, checks and rules."""
        from policygraph.web.pages.kinds import explained

        media = forms.wanted(request, (JSON, HTML))
        kind = await to_thread.run_sync(self.find, request.path_params["kind"])
        if media is HTML:
            return await kept(request, ("kind", kind.iri), lambda: explained(request, self.about[kind.iri]))
        return await self._kept(request, ("kind", kind.iri), lambda: _json(explanation(self.about[kind.iri], self.forms)))

    async def template(self, request: Request) -> Response:
        """Return the template of a kind."""
        media, spoken = forms.wanted(request, forms.TEMPLATES), language(request)
        kind = await to_thread.run_sync(self.find, request.path_params["kind"])

        def make() -> Answer:
            headers = {**forms.words(request, media, kind.short), "Content-Language": spoken}
            headers["Content-Disposition"] = forms.disposition(f"{kind.short}.{media.name}")
            return Answer(self.template_of(kind, media.name, spoken), media.sent, tuple(headers.items()))

        return await self._kept(request, ("template", kind.iri, media.name, spoken), make)

    def template_of(self, kind: Kind, form: str, spoken: str) -> bytes:
        """Return the template of a kind as xlsx, csv or json."""
        from policygraph.records.templates.layout import lay_out

        layout = lay_out(kind, self.forms)
        if form == "xlsx":
            from policygraph.records.templates.workbook import write_workbook

            return write_workbook(layout, spoken, self._owner.digest)
        if form == "csv":
            from policygraph.records.templates.delimited import write_delimited

            return write_delimited(layout, spoken).encode()
        from policygraph.records.templates.plainjson import write_json

        return write_json(layout, spoken).encode()

    def find(self, name: str) -> Kind:
        """Return the kind that goes by a name.

        Raises:
            ProblemError: There is none, or more than one.
        """
        try:
            return self.forms.find(name)
        except UsageError as error:
            raise ProblemError(NOT_FOUND, UsageError(error.what, reworded(error.fix))) from error

    async def _kept(self, request: Request, key: tuple[str, ...], make: Callable[[], Answer]) -> Response:
        found = self._owner.cache.get(("api", *key)) or self._owner.cache.keep(("api", *key), await to_thread.run_sync(make))
        return respond(request, found, self._owner.modified)


def _json(told: Any) -> Answer:
    body = (json.dumps(told, ensure_ascii=False, indent=2) + "\n").encode()
    return Answer(body, JSON.type, (("Content-Language", "zh, en"), ("Vary", "Accept")))
