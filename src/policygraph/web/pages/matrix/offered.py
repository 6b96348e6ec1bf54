"""What the map offers, declared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policygraph.errors import Text
from policygraph.model.terms import Iri
from policygraph.vocab import PG, RDF
from policygraph.web.endpoints import Answers, Content, Endpoint, Operation, Parameter
from policygraph.web.linked.parameters import LANG, VALIDATORS
from policygraph.web.pages.matrix.page import PICTURES, page, picture

if TYPE_CHECKING:
    from policygraph.web.service import Service

_TAG = "pages"
_NAMES = (
    Text("措施与责任单位的图", "Picture of measures and responsible units"),
    Text("承担主体与条款强度的图", "Picture of actors and strengths"),
)


def endpoints(service: Service) -> tuple[Endpoint, ...]:
    """Return the endpoints."""
    some = min((node.value for node in service.graph.subjects(RDF.type, Iri(PG.Policy)) if isinstance(node, Iri)), default=None)
    policy = Parameter("policy", Text("政策：名称、文号或 IRI", "policy: label, number or IRI"), example=some)
    found = Answers(200, Text("页面", "The page"), (Content("text/html"),), VALIDATORS)
    same = Answers(304, Text("未更改", "Not changed"))
    about = Text(
        "措施 × 责任单位、承担主体 × 条款强度，各为图与表。",
        "Measures × responsible units, and actors × strength of clauses, each as a picture and as a table.",
    )
    title = Text("责任图", "Map of responsibility")
    shown = Operation("GET", "getMap", title, about, (policy, LANG), answers=(found, same), problems=(400,))
    files = []
    for name, summary in zip(PICTURES, _NAMES, strict=True):
        drawn = Answers(200, summary, (Content("image/svg+xml"),), VALIDATORS)
        own = "getMapPicture" if name == PICTURES[0] else "getStrengthPicture"
        operation = Operation("GET", own, summary, parameters=(policy, LANG), answers=(drawn, same), problems=(400, 404))
        files.append(Endpoint(f"/{name}", _TAG, (operation,), picture))
    return (Endpoint("/map", _TAG, (shown,), page), *files)
