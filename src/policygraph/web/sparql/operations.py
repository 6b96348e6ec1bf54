"""What the SPARQL endpoint and the graph store offer, as OpenAPI describes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policygraph.errors import Text
from policygraph.vocab import BASE
from policygraph.web import negotiation
from policygraph.web.endpoints import Answers, Content, Operation, Parameter
from policygraph.web.sparql import asked, forms
from policygraph.web.sparql.querying import TRUNCATED

if TYPE_CHECKING:
    from collections.abc import Iterable

    from policygraph.web.negotiation import Media

QUERY = "SELECT ?measure ?label WHERE { ?measure a pg:Measure ; rdfs:label ?label } ORDER BY ?measure ?label LIMIT 3"
_ABOUT = Text(
    "按 SPARQL 1.1 协议只读查询。图谱文件中声明的前缀可直接使用，无需 PREFIX。"
    "数据集由 default-graph-uri 与 named-graph-uri 给出时取代 FROM；"
    "两者都不给且无 FROM 时，默认图是全部陈述（含推导所得），命名图是各源文件。"
    "未知的图视为空图，绝不联网获取。不支持 SERVICE 与更新。"
    "查询有时限与结果上限，超出为 422；繁忙为 503 并附 Retry-After。",
    "Queries by the SPARQL 1.1 Protocol, read-only. Prefixes that the graph's files declare need no PREFIX. "
    "A dataset given by default-graph-uri and named-graph-uri takes the place of FROM; with neither and without FROM, "
    "the default graph holds all statements, derived ones included, and the named graphs are the source files. "
    "An unknown graph is an empty one; none is ever fetched. SERVICE and updates are refused. "
    "A query has a deadline and its result a cap: 422 beyond them; 503 with Retry-After when all workers are busy.",
)
_GRAPHS = {"type": "array", "items": {"type": "string", "format": "uri"}, "maxItems": asked.MOST_GRAPHS}
_DATASET = (
    Parameter(
        "default-graph-uri",
        Text("并入默认图的图，可重复。", "A graph of which the default graph is made; may be repeated."),
        schema=_GRAPHS,
    ),
    Parameter("named-graph-uri", Text("可用 GRAPH 查询的图，可重复。", "A graph for GRAPH; may be repeated."), schema=_GRAPHS),
)
_ALL_NAMES = tuple(dict.fromkeys(media.name for media in (*forms.RESULTS, *negotiation.RDF, negotiation.HTML)))


def _format(names: Iterable[str]) -> Parameter:
    return Parameter(
        "format",
        Text("结果格式，优先于 Accept。", "Form of the result; goes before Accept."),
        schema={"type": "string", "enum": list(names)},
    )


def _content(offered: Iterable[Media]) -> tuple[Content, ...]:
    return tuple(Content(media.type, {"type": "object"} if media.type.endswith("json") else {"type": "string"}) for media in offered)


_RESULT = Answers(
    200,
    Text("查询结果", "The result"),
    _content((*forms.RESULTS, *negotiation.RDF, negotiation.HTML)),
    {
        TRUNCATED: Text(
            "仅当行数达到上限、其后的行被略去时出现。", "Only when there were more rows than the cap allows, and the rest was left out."
        )
    },
)
_PROBLEMS = (400, 403, 406, 422, 503)

ASK = Operation(
    "GET",
    "query",
    Text(
        "查询图谱；没有 query 时返回服务描述，浏览器则得到编辑器",
        "Query the graph; without a query, the service description, for browsers the editor",
    ),
    _ABOUT,
    (
        Parameter("query", Text("SPARQL 1.1 查询", "A SPARQL 1.1 query"), example=QUERY),
        *_DATASET,
        _format(_ALL_NAMES),
    ),
    answers=(_RESULT,),
    problems=_PROBLEMS,
)
ASK_BY_POST = Operation(
    "POST",
    "queryByPost",
    Text("以请求体查询图谱", "Query the graph with the query in the body"),
    _ABOUT,
    (*_DATASET, _format(_ALL_NAMES)),
    (
        Content(asked.DIRECT, example=QUERY),
        Content(
            asked.FORM,
            {
                "type": "object",
                "required": ["query"],
                "properties": {
                    "query": {"type": "string"},
                    "default-graph-uri": _GRAPHS,
                    "named-graph-uri": _GRAPHS,
                    "format": {"type": "string", "enum": list(_ALL_NAMES)},
                },
            },
            {"query": QUERY},
        ),
    ),
    (_RESULT,),
    (*_PROBLEMS, 408, 413, 415),
)
_FOUND = Answers(200, Text("该图的全部陈述", "All statements of the graph"), _content(negotiation.RDF))
_RDF_NAMES = tuple(media.name for media in negotiation.RDF)
STORE = Operation(
    "GET",
    "graph",
    Text("按参数读取整个图", "Read a whole graph, named by a parameter"),
    Text(
        "SPARQL 1.1 图存储 HTTP 协议的读取部分（间接标识）。须给出 graph 或 default 之一。",
        "The reading half of the SPARQL 1.1 Graph Store HTTP Protocol (indirect identification). Give either graph or default.",
    ),
    (
        Parameter(
            "graph",
            Text("图的 IRI", "IRI of the graph"),
            schema={"type": "string", "format": "uri"},
            example=f"{BASE}graph/ontology/core.ttl",
        ),
        Parameter("default", Text("要默认图；不带值", "The default graph; has no value"), schema={"type": "string", "enum": [""]}),
        _format(_RDF_NAMES),
    ),
    answers=(_FOUND,),
    one_of=("graph", "default"),
    problems=(400, 404, 406, 422, 503),
)
GRAPH = Operation(
    "GET",
    "graphAtItsAddress",
    Text("读取此地址的图", "Read the graph at this address"),
    Text(
        "SPARQL 1.1 图存储 HTTP 协议的读取部分（直接标识）：一个源文件是一个图。",
        "The reading half of the SPARQL 1.1 Graph Store HTTP Protocol (direct identification): a source file is a graph.",
    ),
    (
        Parameter(
            "path", Text("源文件在数据目录中的路径", "The source file's path in the data folder"), "path", True, example="ontology/core.ttl"
        ),
        _format(_RDF_NAMES),
    ),
    answers=(_FOUND,),
    problems=(400, 404, 406, 422, 503),
)
