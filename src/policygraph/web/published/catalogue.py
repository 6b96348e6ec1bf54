"""What the service says of itself and its data: `/` as RDF, `/void`, `/catalog`, and the types of problems."""

from __future__ import annotations

import threading
from functools import cached_property
from typing import TYPE_CHECKING

from starlette.responses import Response

from policygraph.app.published.dcat import dcat
from policygraph.app.published.dumps import FORMS, Dumps
from policygraph.app.published.figures import count
from policygraph.app.published.statements import about, words
from policygraph.app.published.void import void
from policygraph.errors import Text
from policygraph.model.terms import Iri, Literal
from policygraph.vocab import BASE, RDF, RDFS, SKOS
from policygraph.web.negotiation import DOCUMENTS, HTML, accepted
from policygraph.web.offering import chosen
from policygraph.web.pages.home import home
from policygraph.web.problems import SORTS
from policygraph.web.published.documents import Document, Documents, missing

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.requests import Request

    from policygraph.app.published.figures import Figures
    from policygraph.model.terms import Term, Triple
    from policygraph.web.service import Service

_PROBLEMS = BASE + "problems"
_TITLE = Text("问题类型", "types of problems")
_STATUS = Text("HTTP 状态码 {status}。", "HTTP status {status}.")


class Catalogue:
    """The documents about a service.

    Args:
        service: The service.
        dumps: Its dumps.
    """

    def __init__(self, service: Service, dumps: Dumps) -> None:
        self._service, self._dumps, self._documents = service, dumps, Documents(service)
        self._counting = threading.Lock()
        self._void = Document("void", lambda root: void(service.graph, self._figures, root, FORMS))
        self._dcat = Document("catalog", lambda root: dcat(service.graph, dumps.all(), root, service.modified, service.digest[:12]))

    @cached_property
    def _counted(self) -> Figures:
        return count(self._service.graph)

    @property
    def _figures(self) -> Figures:
        with self._counting:
            return self._counted

    async def home(self, request: Request) -> Response:
        """Answer for the root: a page for people, the description of the dataset for programs."""
        media = chosen(accepted(request), request.query_params.get("format"), DOCUMENTS, self._documents.places(self._void))
        if media == HTML:
            return await home(request, self._documents.links(self._void), lambda: self._figures)
        return await self._documents.answer(request, self._void)

    async def void(self, request: Request) -> Response:
        """Answer with the VoID description."""
        return await self._documents.answer(request, self._void, request.path_params.get("ending", ""))

    async def dcat(self, request: Request) -> Response:
        """Answer with the DCAT description."""
        return await self._documents.answer(request, self._dcat, request.path_params.get("ending", ""))

    async def well_known(self, request: Request) -> Response:
        """Lead to the VoID description, from where its specification has clients look for it."""
        return Response(None, 302, {"Location": self._service.link(BASE + "void")})

    async def problem(self, request: Request) -> Response:
        """Answer with what a type of problem means, or all of them."""
        name, _, ending = str(request.path_params.get("name", "")).partition(".")
        if name and name not in {sort.name for sort in SORTS}:
            raise missing(name, [sort.name for sort in SORTS])
        document = Document(f"problems/{name}" if name else "problems", lambda _: _sorts(name))
        return await self._documents.answer(request, document, ending or request.path_params.get("ending", ""))


def _sorts(name: str) -> tuple[Triple, ...]:
    scheme = Iri(_PROBLEMS)
    found = list(about(scheme, {RDF.type: Iri(SKOS.ConceptScheme), RDFS.label: words(_TITLE)}))
    for sort in SORTS:
        if name in ("", sort.name):
            node = Iri(f"{_PROBLEMS}/{sort.name}")
            said = _STATUS.format(status=sort.status)
            rows: dict[str, Term | Iterable[Term]] = {
                RDF.type: Iri(SKOS.Concept),
                SKOS.inScheme: scheme,
                SKOS.notation: Literal(sort.name),
                RDFS.label: words(sort.title),
                SKOS.definition: words(Text(f"{sort.title.zh}。{said.zh}", f"{sort.title.en}. {said.en}")),
            }
            found += about(node, rows)
    return tuple(found)
