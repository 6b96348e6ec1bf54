"""Answers for things and their documents: 303 from a thing to its document, 200 for documents, in the form that is asked for."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import anyio
from starlette.responses import Response

from policygraph.app.linked.description import Description, describe, labels
from policygraph.app.linked.things import Things
from policygraph.errors import LANGUAGES
from policygraph.graph.serialising import serialise
from policygraph.model.terms import Iri
from policygraph.model.terms import Literal as Words
from policygraph.queries.catalogue import read_questions
from policygraph.vocab import RDF, VOID, XSD
from policygraph.web.answers import Answer, respond
from policygraph.web.linked.addresses import Target, document, find
from policygraph.web.linked.missing import no_page, nothing
from policygraph.web.negotiation import DOCUMENTS, HTML, accepted, language
from policygraph.web.offering import chosen
from policygraph.web.pages import shell
from policygraph.web.pages.entity import entity_page
from policygraph.web.pages.entity.asking import Asking
from policygraph.web.pages.voice import Voice
from policygraph.web.service import uri

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

    from policygraph.model.terms import Triple
    from policygraph.web.negotiation import Media
    from policygraph.web.service import Service

_DIGITS = 10  # of the number of a page, fewer than these
_FOAF, _HYDRA = "http://xmlns.com/foaf/0.1/", "http://www.w3.org/ns/hydra/core#"


class Documents:
    """The things of a service's graph, and what is said of them.

    Args:
        service: The service.
    """

    def __init__(self, service: Service) -> None:
        self._service = service
        self._things = Things(service.graph)
        self._namespaces: Mapping[str, str] = service.graph.namespaces() | {"foaf": _FOAF, "hydra": _HYDRA, "void": str(VOID)}
        self._datasets = service.graph.subjects(RDF.type, Iri(VOID.Dataset))

    @cached_property
    def _asking(self) -> Asking:
        return Asking(read_questions(self._service.roots))

    async def answer(self, request: Request) -> Response:
        """Answer a request for whatever address no other part of the service has."""
        accept, spoken = accepted(request), language(request)
        target = self._target(request)
        asked = request.query_params.get("format")
        if target.media is None and not self._things.is_document(target.iri):
            media = chosen(accept, asked, DOCUMENTS, self._available(target))
            return self._see_other(request, target, media)
        if target.media is not None and asked is not None:
            media = chosen(None, asked, DOCUMENTS, self._available(target))
            if media != target.media:
                return self._see_other(request, target, media)
        media = target.media or chosen(accept, asked, DOCUMENTS, self._available(target))
        page = self._page(request)
        # A page links to itself in the other language, with the query that it was asked for.
        asked_for = (spoken, str(request.query_params)) if media == HTML else ()
        key = ("document", target.iri, media.name, str(page), asked_for, "" if target.media else "negotiated")
        answer = self._service.cache.get(key)
        if answer is None:
            answer = await anyio.to_thread.run_sync(self._made, target, media, page, request)
            if len(asked_for) == 0 or set(request.query_params) <= {"lang", "page"}:
                answer = self._service.cache.keep(key, answer)
        return respond(request, answer, self._service.modified)

    def _target(self, request: Request) -> Target:
        path = request.scope["raw_path"].decode("utf-8", "replace").removeprefix("/")
        query = request.scope["query_string"].decode("utf-8", "replace")
        found = find(self._things, path, query)
        if found is None and self._service.prefix and request.scope.get("policygraph.prefixed"):
            # A proxy took the prefix off, and what looked like it a second time was the beginning of the thing's own path.
            found = find(self._things, f"{self._service.prefix.strip('/')}/{path}", query)
        if found is None:
            raise nothing(self._service, self._things, path)
        return found

    def _available(self, target: Target) -> dict[str, str]:
        """Return form → address of the document in it."""
        return {media.name: self._service.link(document(self._things, target.iri, media)) for media in DOCUMENTS}

    def _see_other(self, request: Request, target: Target, media: Media) -> Response:
        kept = {name: value for name in ("lang", "page") if (value := request.query_params.get(name))}
        kept = {name: value for name, value in kept.items() if value in LANGUAGES or value.isdecimal()}
        place = self._service.link(document(self._things, target.iri, media))
        place += ("&" if "?" in place else "?") + urlencode(kept) if kept else ""
        headers = {"Location": place, "Vary": "Accept", "Link": self._links(target), "Cache-Control": "public, no-cache"}
        return Response(None, 303, headers)

    @staticmethod
    def _page(request: Request) -> int:
        asked = request.query_params.get("page", "1")
        if not (asked.isascii() and asked.isdecimal() and len(asked) < _DIGITS and int(asked) > 0):
            raise no_page(asked)
        return int(asked)

    def _links(self, target: Target, media: Media | None = None, described: Description | None = None) -> str:
        """Return the Link header: the thing, all forms of its document, what describes it, its types, the pages beside this one."""
        service, thing = self._service, self._things.described(target.iri)
        iri = uri(target.iri)
        links = [f'<{iri}>; rel="canonical"']
        for name, place in self._available(target).items():
            form = next(each for each in DOCUMENTS if each.name == name)
            links.append(f'<{place}>; rel="alternate"; type="{form.type}"')
        own = service.link(document(self._things, target.iri, media)) if media is not None else self._available(target)[DOCUMENTS[0].name]
        links.append(f'<{own}>; rel="describedby"; anchor="{iri}"')
        kinds = sorted(kind.value for kind in service.graph.objects(thing, RDF.type) if isinstance(kind, Iri))
        links += [f'<{uri(kind)}>; rel="type"; anchor="{iri}"' for kind in kinds]
        if described is not None:
            links += [f'<{own}?page={number}>; rel="{name}"' for name, number in _beside(described).items()]
        return ", ".join(links)

    def _made(self, target: Target, media: Media, page: int, request: Request) -> Answer:
        """Make a document; runs in a thread."""
        thing = self._things.described(target.iri)
        members = self._things.terms.get(thing.value, ())
        found = describe(self._service.graph, thing, members, page)
        if found is None:
            raise no_page(str(page))
        headers = [("Link", self._links(target, media, found))]
        varying = ["Accept"] if target.media is None else []
        if media == HTML:
            drawn = entity_page(Voice(request), self._asking, found, members, self._available(target))
            body = shell.render(request, drawn)
            own = shell.headers(request, drawn)
            headers += [(name, value) for name, value in own.items() if name != "Vary"]
            varying.append("Accept-Language")
        else:
            about = self._about(target, media, found)
            triples = (*found.triples, *about, *labels(self._service.graph, about, {thing}))
            body = serialise(triples, media.form, self._namespaces)
        if target.media is None:
            headers.append(("Content-Location", self._service.link(document(self._things, target.iri, media))))
        if varying:
            headers.append(("Vary", ", ".join(varying)))
        return Answer(body.encode(), media.sent, tuple(headers))

    def _about(self, target: Target, media: Media, found: Description) -> list[Triple]:
        """Return what a document says of itself: what it is about, to which dataset it belongs, and its pages."""
        own = Iri(document(self._things, target.iri, media))
        said: list[Triple] = [(own, Iri(_FOAF + "primaryTopic"), found.thing)]
        said += [(own, Iri(VOID.inDataset), dataset) for dataset in self._datasets]
        if found.pages == 1:
            return said
        view = Iri(f"{own.value}?page={found.page}")
        said += [(own, Iri(_HYDRA + "view"), view), (view, Iri(RDF.type), Iri(_HYDRA + "PartialCollectionView"))]
        if found.total is not None:
            said.append((own, Iri(_HYDRA + "totalItems"), Words(str(found.total), XSD.integer)))
        names = {"prev": "previous"}
        for name, number in _beside(found).items():
            said.append((view, Iri(_HYDRA + names.get(name, name)), Iri(f"{own.value}?page={number}")))
        return said


def _beside(found: Description) -> dict[str, int]:
    """Return the pages beside one: relation → number."""
    if found.pages == 1:
        return {}
    pages = {"first": 1}
    if found.page > 1:
        pages["prev"] = found.page - 1
    if found.more:
        pages["next"] = found.page + 1
    if found.pages is not None:
        pages["last"] = found.pages
    return pages
