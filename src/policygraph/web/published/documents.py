"""Documents about the service as a whole, made of statements: negotiated, or in the form that the ending of the address says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import anyio

from policygraph.app.linked.description import describe
from policygraph.app.linked.things import Things
from policygraph.errors import Text
from policygraph.graph.memory import Graph
from policygraph.graph.serialising import serialise
from policygraph.model.terms import Iri
from policygraph.vocab import BASE, DCAT, DCTERMS, VOID
from policygraph.web.answers import Answer, respond
from policygraph.web.negotiation import DOCUMENTS, HTML, accepted, language
from policygraph.web.offering import chosen
from policygraph.web.pages import shell
from policygraph.web.pages.entity import entity_page
from policygraph.web.pages.entity.asking import Asking
from policygraph.web.pages.voice import Voice
from policygraph.web.problems import NOT_FOUND, usage
from policygraph.web.service import uri

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from starlette.requests import Request
    from starlette.responses import Response

    from policygraph.model.terms import Triple
    from policygraph.web.negotiation import Media
    from policygraph.web.pages.shell import Page
    from policygraph.web.problems import ProblemError
    from policygraph.web.service import Service

_PREFIXES = {
    "dcat": str(DCAT),
    "dcterms": str(DCTERMS),
    "foaf": "http://xmlns.com/foaf/0.1/",
    "spdx": "http://spdx.org/rdf/terms#",
    "void": str(VOID),
}


@dataclass(frozen=True, slots=True)
class Document:
    """A document.

    Attributes:
        path: Its address below the service's root, without an ending.
        triples: Makes its statements for a service's root; runs in a thread.
    """

    path: str
    triples: Callable[[str], tuple[Triple, ...]]

    @property
    def iri(self) -> str:
        """What it is about."""
        return BASE + self.path


class Documents:
    """Answers with documents.

    Args:
        service: The service.
    """

    def __init__(self, service: Service) -> None:
        self._service = service
        self._namespaces = service.graph.namespaces() | _PREFIXES

    def places(self, document: Document) -> dict[str, str]:
        """Return form → address of a document in it."""
        return {media.name: self._service.link(f"{document.iri}.{media.name}") for media in DOCUMENTS}

    async def answer(self, request: Request, document: Document, ending: str = "") -> Response:
        """Answer with a document, in the form of an ending or as negotiated.

        Raises:
            ProblemError: There is no such form.
        """
        if ending:
            media = next((media for media in DOCUMENTS if media.name == ending), None)
            if media is None:
                raise missing(ending, [media.name for media in DOCUMENTS])
        else:
            media = chosen(accepted(request), request.query_params.get("format"), DOCUMENTS, self.places(document))
        root, spoken = self._service.root(request), language(request)
        # A page links to itself in the other language, with the query that it was asked for.
        asked = (spoken, str(request.query_params)) if media == HTML else ()
        key = ("published", document.path, media.name, root, asked, bool(ending))
        found = self._service.cache.get(key)
        if found is None:
            found = await anyio.to_thread.run_sync(self._made, document, media, root, request, not ending)
            if media != HTML or set(request.query_params) <= {"lang"}:
                found = self._service.cache.keep(key, found)
        return respond(request, found, self._service.modified)

    def _made(self, document: Document, media: Media, root: str, request: Request, negotiated: bool) -> Answer:
        """Make an answer; runs in a thread."""
        triples, places = document.triples(root), self.places(document)
        headers = [("Link", self.links(document))]
        varying = ["Accept"] if negotiated else []
        if media == HTML:
            drawn = self._page(document, triples, request)
            body = shell.render(request, drawn)
            headers += [(name, value) for name, value in shell.headers(request, drawn).items() if name != "Vary"]
            varying.append("Accept-Language")
        else:
            body = serialise(triples, media.form, self._namespaces)
        if negotiated:
            headers.append(("Content-Location", places[media.name]))
        if varying:
            headers.append(("Vary", ", ".join(varying)))
        return Answer(body.encode(), media.sent, tuple(headers))

    def links(self, document: Document) -> str:
        """Return the Link header of a document."""
        places = self.places(document)
        links = [f'<{uri(document.iri)}>; rel="canonical"']
        links += [f'<{places[media.name]}>; rel="alternate"; type="{media.type}"' for media in DOCUMENTS]
        links.append(f'<{self._service.link(BASE + "openapi.json")}>; rel="service-desc"')
        links.append(f'<{self._service.link(BASE + "void")}>; rel="describedby"')
        return ", ".join(links)

    def _page(self, document: Document, triples: tuple[Triple, ...], request: Request) -> Page:
        graph = Graph(triples)
        things = Things(graph)
        members = things.terms.get(document.iri, ())
        found = describe(graph, Iri(document.iri), members)
        assert found is not None  # noqa: S101 - the first page is always there
        return entity_page(Voice(request), Asking({}), found, members, self.places(document))


def missing(name: str, there: Sequence[str]) -> ProblemError:
    """Return the problem of a name, or an ending of an address, that there is not.

    Args:
        name: What was asked for.
        there: What there is.
    """
    listed = Text("、".join(there), ", ".join(there))
    fix = Text("可用：{list}", "There are: {list}").format(list=listed)
    return usage(f"没有“{name[:100]}”。", f"There is no “{name[:100]}”.", fix, NOT_FOUND)
