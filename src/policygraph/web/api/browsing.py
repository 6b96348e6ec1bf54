"""What the service offers of the graph itself, declared: kinds, templates, saved questions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from policygraph.errors import PolicyGraphError, Text
from policygraph.model.terms import Literal
from policygraph.vocab import XSD
from policygraph.web.api import forms, schemas
from policygraph.web.api.common import LANG, contents, form_parameter
from policygraph.web.api.wording import on_the_web
from policygraph.web.endpoints import Answers, Endpoint, Operation, Parameter
from policygraph.web.negotiation import HTML, JSON
from policygraph.web.pages.ask.arranging import ORDERS
from policygraph.web.pages.trouble import paged

if TYPE_CHECKING:
    from policygraph.model.terms import Term
    from policygraph.queries.catalogue import Question
    from policygraph.queries.entities import Entities
    from policygraph.web.api.catalogue import Kinds
    from policygraph.web.api.questions import Questions
    from policygraph.web.api.samples import Samples
    from policygraph.web.service import Service

_KINDS, _ASK = "kinds", "questions"
_SCHEMAS = {
    XSD.integer: {"type": "integer"},
    XSD.decimal: {"type": "number"},
    XSD.boolean: {"type": "boolean"},
    XSD.date: {"type": "string", "format": "date"},
}


def endpoints(owner: Service, kinds: Kinds, questions: Questions, samples: Samples) -> tuple[Endpoint, ...]:
    """Return the endpoints."""
    return (*_kinds(kinds, samples), *_questions(owner, questions))


def _kinds(kinds: Kinds, samples: Samples) -> tuple[Endpoint, ...]:
    name = kinds.forms.name_of(samples.claim) if samples.claim else ""
    kind = Parameter(
        "kind",
        Text("申报种类：短名、中英文名称或 IRI", "kind of submission: short name, label or IRI"),
        "path",
        required=True,
        example=name or None,
    )
    listed = Answers(200, Text("各申报种类", "The kinds"), contents((JSON, HTML), schemas.some(schemas.KIND)))
    page = Answers(200, Text("字段、子表、核查与规则", "Fields, child tables, checks, rules"), contents((JSON, HTML), schemas.KIND_PAGE))
    said = (form_parameter((JSON, HTML)), LANG)
    saved = {"Content-Disposition": Text("文件名", "name of the file")}
    template = Answers(200, Text("模板", "The template"), contents(forms.TEMPLATES, schemas.TEMPLATE), saved)
    return (
        Endpoint(
            "/api/kinds",
            _KINDS,
            (
                Operation(
                    "GET",
                    "listKinds",
                    Text("列出申报种类", "List the kinds of submission"),
                    parameters=said,
                    answers=(listed,),
                    problems=(406,),
                ),
            ),
            on_the_web(paged(kinds.listed, "check")),
        ),
        Endpoint(
            "/api/kinds/{kind}",
            _KINDS,
            (
                Operation(
                    "GET",
                    "explainKind",
                    Text("说明一种申报", "Explain a kind of submission"),
                    parameters=(kind, *said),
                    answers=(page,),
                    problems=(404, 406),
                ),
            ),
            on_the_web(paged(kinds.explained, "check", "api/kinds")),
        ),
        Endpoint(
            "/api/templates/{kind}",
            _KINDS,
            (
                Operation(
                    "GET",
                    "template",
                    Text("某种申报的填报模板", "Template of a kind of submission"),
                    parameters=(kind, form_parameter(forms.TEMPLATES), LANG),
                    answers=(template,),
                    problems=(404, 406),
                ),
            ),
            on_the_web(kinds.template),
        ),
    )


def _questions(owner: Service, questions: Questions) -> tuple[Endpoint, ...]:
    both = (JSON, HTML)
    listed = Answers(200, Text("按主题列出的问题", "The questions by topic"), contents(both, schemas.QUESTIONS))
    listing = Operation(
        "GET",
        "listQuestions",
        Text("列出可问的问题", "List the questions that can be asked"),
        parameters=(_WORDS, form_parameter(both), LANG),
        answers=(listed,),
        problems=(406,),
    )
    name = Parameter("name", Text("问题的名称，见 /ask", "name of the question, see /ask"), "path", required=True)
    one = Operation(
        "GET",
        "ask",
        Text("回答一个问题", "Answer a question"),
        parameters=(name,),
        answers=(_answered(),),
        problems=(400, 404, 406, 503),
    )

    def instances() -> tuple[Endpoint, ...]:
        return tuple(_instance(question, owner.entities, answering) for question in questions.all.values())

    answering = Endpoint("/ask/{name}", _ASK, (one,), paged(on_the_web(questions.answered), "ask"), instances=instances)
    return Endpoint("/ask", _ASK, (listing,), paged(on_the_web(questions.listed), "ask")), answering


_WORDS = Parameter("q", Text("页面上只列含有这些词的问题", "words that a question must hold, for the page"))
_ARRANGING = (
    Parameter("sort", Text("按此列排序；缺省为问题自身的次序", "column to sort by; by default the question's own order")),
    Parameter("order", Text("升序或降序", "ascending or descending"), schema={"enum": list(ORDERS)}, example="desc"),
    Parameter("filter", Text("只要含有这些词的行", "words that a row must hold")),
)


def _answered() -> Answers:
    about = Text("各行；实体带 IRI 与中英文名称", "The rows; entities with IRI and labels in both languages")
    return Answers(200, about, contents(forms.ANSWERS, schemas.component("Answer")))


def _instance(question: Question, entities: Entities, like: Endpoint) -> Endpoint:
    """Return the endpoint of one question, with a working example of each parameter."""
    parameters = [_parameter(name, about, question.sample(name), entities) for name, about in question.params.items()]
    operation = Operation(
        "GET",
        f"ask-{question.name}",
        question.summary,
        question.description or Text("", ""),
        (*parameters, *_ARRANGING, form_parameter(forms.ANSWERS), LANG),
        answers=(_answered(),),
        problems=(400, 406, 503),
    )
    return Endpoint(f"/ask/{question.name}", _ASK, (operation,), like.handler)


def _parameter(name: str, about: Text, sample: Term, entities: Entities) -> Parameter:
    """Describe a parameter by its sample: an entity by any of its names, or a literal of a datatype."""
    if isinstance(sample, Literal):
        schema: dict[str, Any] = _SCHEMAS.get(sample.datatype, schemas.STRING)
        example: Any = int(sample.value) if sample.datatype == XSD.integer else sample.value
        return Parameter(name, about, schema=schema, example=example)
    words = Text("：名称、简称或 IRI；缺省为示例", ": its label, another name, or its IRI; by default the example")
    said = Text(about.zh + words.zh, about.en + words.en)
    label = entities.label(sample, "zh")
    try:
        found = entities.resolve(label, like=sample)
    except PolicyGraphError:
        found = None
    return Parameter(name, said, example=label if found == sample else sample.value)
