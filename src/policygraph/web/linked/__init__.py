"""Linked data: every IRI of the graph leads to a description of what it names. Comes last, for any address could be a thing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policygraph.errors import Text
from policygraph.web.endpoints import Answers, Content, Endpoint, Operation, Parameter
from policygraph.web.linked.documents import Documents
from policygraph.web.linked.parameters import FORMAT, HEADERS, LANG, PAGE, VALIDATORS
from policygraph.web.negotiation import DOCUMENTS

if TYPE_CHECKING:
    from policygraph.web.service import Service


def endpoints(service: Service) -> tuple[Endpoint, ...]:
    """Return the endpoints."""
    handler = Documents(service).answer
    thing = Parameter(
        "path",
        Text("IRI 在基地址之后的部分，可带格式后缀", "what follows the base in an IRI, perhaps with the ending of a form"),
        place="path",
        required=True,
        example="core.ttl",
    )
    operation = Operation(
        "GET",
        "thing",
        Text("取某 IRI 的说明", "Dereference an IRI of the graph"),
        Text(
            "事物答以 303，指向其文档；文档（带 .ttl、.trig、.nt、.jsonld、.rdf、.html 后缀者）与本体文档答以 200。"
            "说明含其陈述、所提到的一切的名称，以及指向它的陈述（分页）。",
            "A thing is answered by 303 to its document; documents (with the ending .ttl, .trig, .nt, .jsonld, .rdf or .html) and "
            "ontologies by 200. "
            "A description holds the statements of a thing, the labels of all that it mentions, and what points to it, page by page.",
        ),
        (thing, FORMAT, PAGE, LANG),
        answers=(
            Answers(200, Text("文档", "The document"), tuple(Content(media.type) for media in DOCUMENTS), HEADERS | VALIDATORS),
            Answers(
                303, Text("见其文档", "See its document"), headers=HEADERS | {"Location": Text("文档的地址", "address of the document")}
            ),
            Answers(304, Text("未更改", "Not changed")),
        ),
        problems=(400, 404, 406),
    )
    return (Endpoint("/{path:path}", "linked data", (operation,), handler),)
