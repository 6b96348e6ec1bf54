"""The reading half of the SPARQL 1.1 Graph Store HTTP Protocol: whole graphs, at their own address or named by a parameter.

`/graph` is the store; a graph whose IRI is `…/graph/ontology/core.ttl` is read at that address below the service's root, and any at
`/graph?graph=IRI`; the default graph at `/graph?default`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from policygraph.errors import Text
from policygraph.vocab import BASE
from policygraph.web import negotiation
from policygraph.web.answers import respond
from policygraph.web.negotiation import accepted
from policygraph.web.problems import LIMIT, NOT_FOUND, usage
from policygraph.web.service import service
from policygraph.web.sparql import asked, forms
from policygraph.web.sparql.asked import Asked
from policygraph.web.sparql.description import sizes
from policygraph.web.sparql.querying import TRUNCATED, run

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

_DEFAULT = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
_NAMED = "CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{iri}> {{ ?s ?p ?o }} }}"
_LARGE = Text("请用 SPARQL 分批查询，或下载整库。", "Query it in parts with SPARQL, or download the dump.")
_HOW = Text("请给出 ?default 或 ?graph=IRI，只给一个、一次。", "Give either ?default or ?graph=IRI, once.")


async def indirect(request: Request) -> Response:
    """Answer with the graph that a parameter names."""
    pairs = asked.decoded(request.scope["query_string"])
    chosen = [(name, value) for name, value in pairs if name in {"graph", "default"}]
    if len(chosen) != 1 or (chosen[0][0] == "default" and chosen[0][1]):
        raise usage("没有说明要哪个图，或说了不止一个。", "It names no graph, or more than one.", _HOW)
    name, value = chosen[0]
    return await _graph(request, value if name == "graph" else None, dict(pairs).get("format", ""))


async def direct(request: Request) -> Response:
    """Answer with the graph at this address."""
    # Spelt as `graph.loading` spells it, whichever characters the caller encoded.
    iri = BASE + quote(request.scope["path"].removeprefix("/"), safe="/+")
    return await _graph(request, iri, dict(asked.decoded(request.scope["query_string"])).get("format", ""))


async def _graph(request: Request, iri: str | None, format: str) -> Response:  # noqa: A002 - as the parameter is called
    owner = service(request)
    if iri is not None and iri not in (await sizes(owner)).named:
        raise usage(
            f"没有图 {iri[:200]}。",
            f"There is no graph {iri[:200]}.",
            Text("GET /sparql（服务描述）列出所有图。", "GET /sparql, the service description, lists all graphs."),
            NOT_FOUND,
        )
    media = forms.chosen(negotiation.RDF, format, accepted(request))
    key = ("graph", iri, media.form)
    kept = owner.cache.get(key)
    if kept is None:
        query = _DEFAULT if iri is None else _NAMED.format(iri=iri)
        answer = await run(request, Asked(query), media)
        if any(name == TRUNCATED for name, _ in answer.headers):
            raise usage("此图过大，不能整个读取。", "The graph is too large to be read as a whole.", _LARGE, LIMIT)
        kept = owner.cache.keep(key, answer)
    return respond(request, kept, owner.modified)
