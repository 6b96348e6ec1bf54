"""What a developer finds here, made of what the service declares, so that it cannot be untrue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policygraph import __version__
from policygraph.app.published.dumps import FORMS
from policygraph.errors import Text
from policygraph.reports.html.markup import Markup, element, join, lined, table
from policygraph.vocab import BASE
from policygraph.web.openapi import ABOUT, TAGS
from policygraph.web.pages.develop.examples import curl
from policygraph.web.pages.develop.limits import limits
from policygraph.web.pages.shell import Page, place, spoken
from policygraph.web.problems import SORTS
from policygraph.web.service import service

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from starlette.requests import Request

    from policygraph.web.endpoints import Endpoint, Operation, Parameter

TITLE = Text("开发者", "Developers")
_LEAD = Text("全部数据与功能都可由程序使用，无需注册。", "All data and functions are open to programs, without signing up.")
# Address below the root → what is there; the order of first use.
_DATA = (
    ("openapi.json", Text("OpenAPI 3.1", "OpenAPI 3.1"), Text("全部接口的机器可读说明", "all interfaces, for machines")),
    ("sparql", Text("SPARQL 1.1", "SPARQL 1.1"), Text("只读查询端点与服务说明", "read-only endpoint, and its description")),
    ("developers/vocabulary", Text("词汇", "Vocabularies"), Text("每个类与属性的定义", "the definition of every class and property")),
    ("context.jsonld", Text("JSON-LD 上下文", "JSON-LD context"), Text("把 JSON 申报变成关联数据", "makes JSON submissions linked data")),
    ("schemas", Text("JSON Schema", "JSON Schemas"), Text("各种申报与报告", "of submissions and reports")),
    ("api/kinds", Text("申报种类", "Kinds of submission"), Text("字段、核查、规则与模板", "fields, checks, rules and templates")),
    ("void", Text("VoID", "VoID"), Text("数据集说明", "description of the dataset")),
    ("catalog", Text("DCAT", "DCAT"), Text("数据目录", "catalogue of the data")),
)
_FIRST, _ENDPOINTS = Text("从这里开始", "Start here"), Text("接口", "Endpoints")
_DUMPS = Text("全部数据", "All data")
_DUMPS_LEAD = Text(
    "整个图谱，一个文件；首次请求时生成，需数秒。", "The whole graph in one file; made at the first request, which takes seconds."
)
_EACH = Text(
    "每一行都可直接运行；示例取自接口自身的声明。", "Each line can be run as it is; its example is what the endpoint itself declares."
)
_TAKES, _GIVES, _REFUSES = Text("参数", "Parameters"), Text("答复", "Answers"), Text("可能的错误：", "Problems: ")
_BODY = Text("请求体：", "Body: ")
_PARAMETER = (Text("名称", "Name"), Text("位置", "In"), Text("含义", "Meaning"), Text("示例", "Example"))
_ANSWER = (Text("状态", "Status"), Text("内容", "What"), Text("格式", "Forms"))
_PLACES = {"query": Text("查询", "query"), "path": Text("路径", "path"), "header": Text("请求头", "header")}
_REQUIRED = Text("必给", "required")
_ALTOGETHER = Text("其余 {n} 个同类问题见“提问”：", "{n} more of the kind: ")
_ASK = Text("全部问题", "all questions")
_LIMITS, _LIMIT, _VALUE = Text("限制", "Limits"), Text("项目", "What"), Text("上限", "Most")
_OVER = Text("超出时答以 4xx，繁忙时 503 并附 Retry-After。", "What goes over gets 4xx; when busy, 503 with Retry-After.")
_PROBLEMS = Text("错误", "Problems")
_PROBLEMS_LEAD = Text(
    "按 RFC 9457：type 指向下列说明，detail 说哪里有误，fix 说怎样改。",
    "By RFC 9457: `type` points to these, `detail` says what is wrong, `fix` what to do.",
)
_VERSION = Text("版本与变化", "Version and changes")
_PROGRAM, _STATE = Text("程序", "Program"), Text("图谱状态", "State of the graph")
_CHANGED = Text("政策文件最近改动", "Files of the policy changed last")
_WHEN = Text(
    "状态随政策文件的任何改动而变；各答复带 ETag 与 Last-Modified，可按条件请求。两个状态之间的差别可在“比较”中看。",
    "The state changes with any file of the policy. Answers carry ETag and Last-Modified for conditional requests; "
    "“Compare” shows what tells two apart.",
)
_LONG = 160  # characters of an example in a table


def page(request: Request, offered: Sequence[Endpoint]) -> Page:
    """Return the page.

    Args:
        request: The request.
        offered: What the service offers.
    """
    return _Overview(request, offered).page()


class _Overview:
    def __init__(self, request: Request, offered: Sequence[Endpoint]) -> None:
        self._request, self._owner, self._root = request, service(request), service(request).root(request)
        self._offered = [endpoint for endpoint in offered if not endpoint.tag.endswith("pages")]

    def page(self) -> Page:
        sections = (
            (_FIRST, "start"),
            (_DUMPS, "dumps"),
            (_ENDPOINTS, "endpoints"),
            (_PROBLEMS, "problems"),
            (_LIMITS, "limits"),
            (_VERSION, "version"),
        )
        contents = (element("li", element("a", self._w(words), href=f"#{anchor}")) for words, anchor in sections)
        main = (
            element("nav", element("ul", *contents), aria_label=self._w(TITLE)),
            *self._start(),
            *self._dumps(),
            *self._endpoints(),
            *self._problems(),
            *self._limits(),
            *self._version(),
        )
        return Page(self._w(TITLE), main, "developers", self._w(_LEAD), sheets=("develop.css",))

    def _w(self, text: Text) -> str:
        return spoken(text, self._request)

    def _title(self, text: Text, anchor: str) -> Markup:
        return element("h2", self._w(text), id=anchor)

    def _start(self) -> Iterable[Markup]:
        yield self._title(_FIRST, "start")
        cards = []
        for path, name, about in _DATA:
            link = element("a", self._w(name), href=place(self._request, path))
            cards.append(element("li", element("h3", link), element("p", self._w(about), class_="soft"), class_="card"))
        yield element("ul", *cards, class_="cards")

    def _dumps(self) -> Iterable[Markup]:
        yield self._title(_DUMPS, "dumps")
        yield element("p", self._w(_DUMPS_LEAD))
        links = (element("a", form.label, href=self._owner.address(BASE + form.path), type=form.media_type) for form in FORMS)
        yield element("p", join(part for link in links for part in (link, " ")), class_="forms")

    # ---------------------------------------------------------------- endpoints
    def _endpoints(self) -> Iterable[Markup]:
        yield self._title(_ENDPOINTS, "endpoints")
        yield element("p", self._w(ABOUT))
        yield element("p", self._w(_EACH))
        for tag in dict.fromkeys(endpoint.tag for endpoint in self._offered):
            words = self._w(TAGS.get(tag, Text(tag, tag)))
            yield element("h3", words[0].upper() + words[1:], id=f"tag-{tag}")
            for endpoint in (e for e in self._offered if e.tag == tag):
                yield from self._endpoint(endpoint)

    def _endpoint(self, endpoint: Endpoint) -> Iterable[Markup]:
        instances = endpoint.instances() if endpoint.instances else ()
        for one in instances[:1] or (endpoint,):
            for operation in one.operations:
                yield self._operation(one, operation)
        if instances[1:]:
            link = element("a", self._w(_ASK), href=place(self._request, "ask"))
            yield element("p", self._w(_ALTOGETHER.format(n=len(instances) - 1)), link, class_="soft")

    def _operation(self, endpoint: Endpoint, operation: Operation) -> Markup:
        summary = element(
            "summary",
            element("span", operation.method, class_=f"method {operation.method.lower()}"),
            " ",
            element("code", endpoint.path),
            " ",
            element("span", self._w(operation.summary), class_="what"),
        )
        parts = [element("p", self._w(operation.about))] if operation.about.zh else []
        line = element("code", lined(curl(self._root, endpoint, operation)))
        parts.append(element("pre", line, tabindex="0", aria_label="curl"))
        if operation.parameters:
            rows = [self._parameter(parameter) for parameter in operation.parameters]
            parts.append(element("div", table(self._w(_TAKES), map(self._w, _PARAMETER), rows), class_="scroll", tabindex="0"))
        if operation.body:
            types = dict.fromkeys(content.media_type for content in operation.body)
            parts.append(element("p", self._w(_BODY), join(part for t in types for part in (element("code", t), " "))))
        rows = [[str(a.status), self._w(a.about), " ".join(dict.fromkeys(c.media_type for c in a.content))] for a in operation.answers]
        parts.append(element("div", table(self._w(_GIVES), map(self._w, _ANSWER), rows), class_="scroll", tabindex="0"))
        if operation.problems:
            parts.append(element("p", self._w(_REFUSES), " ".join(map(str, operation.problems)), class_="soft"))
        return element("details", summary, *parts, class_="operation", id=f"op-{operation.name}")

    def _parameter(self, parameter: Parameter) -> list[str]:
        required = [" ", element("span", self._w(_REQUIRED), class_="soft")] if parameter.required or parameter.place == "path" else []
        example = "" if parameter.example is None else str(parameter.example)
        shown = example if len(example) <= _LONG else f"{example[:_LONG]}…"
        where = self._w(_PLACES.get(parameter.place, Text(parameter.place, parameter.place)))
        return [
            join([element("code", parameter.name), *required]),
            where,
            self._w(parameter.about),
            element("code", shown) if shown else "",
        ]

    # ---------------------------------------------------------------- the rest
    def _problems(self) -> Iterable[Markup]:
        yield self._title(_PROBLEMS, "problems")
        yield element("p", self._w(_PROBLEMS_LEAD))
        rows = [[element("a", s.name, href=place(self._request, f"problems/{s.name}")), str(s.status), self._w(s.title)] for s in SORTS]
        heads = (Text("类型", "Type"), Text("状态", "Status"), Text("含义", "Meaning"))
        yield element("div", table(self._w(_PROBLEMS), map(self._w, heads), rows), class_="scroll", tabindex="0")

    def _limits(self) -> Iterable[Markup]:
        yield self._title(_LIMITS, "limits")
        yield element("p", self._w(_OVER))
        rows = [[self._w(what), self._w(most)] for what, most in limits(self._owner)]
        yield element(
            "div", table(self._w(_LIMITS), (self._w(_LIMIT), self._w(_VALUE)), rows, class_="limits"), class_="scroll", tabindex="0"
        )

    def _version(self) -> Iterable[Markup]:
        yield self._title(_VERSION, "version")
        facts = (
            (_PROGRAM, element("span", f"policygraph {__version__}")),
            (_STATE, element("code", self._owner.digest)),
            (_CHANGED, element("time", self._owner.modified.strftime("%Y-%m-%d %H:%M UTC"), datetime=self._owner.modified.isoformat())),
        )
        yield element("dl", *(part for words, value in facts for part in (element("dt", self._w(words)), element("dd", value))))
        yield element("p", self._w(_WHEN), " ", element("a", self._w(Text("比较", "Compare")), href=place(self._request, "compare")))
