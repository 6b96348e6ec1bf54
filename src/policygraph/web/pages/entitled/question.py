"""The page with one question: what is asked, why, and what can be answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from policygraph.errors import Text
from policygraph.model.terms import local_name
from policygraph.reports.html.markup import Markup, chinese, element, foreign
from policygraph.web.negotiation import language
from policygraph.web.pages.entitled import sheet
from policygraph.web.pages.entitled.sheet import button, hidden, word
from policygraph.web.pages.entitled.start import KEPT, SHEET, TITLE, WAY
from policygraph.web.pages.shell import STANDING, Page, place, spoken

if TYPE_CHECKING:
    from starlette.requests import Request

    from policygraph.web.pages.entitled.handling import Filled

_MOST_RADIOS = 12
_MOST_BENEFITS = 4
_ANY = Text("有没有“{name}”？", "Are there any “{name}”?")
_MORE = Text("还有没有其他“{name}”？", "Are there further “{name}”?")
_PROPOSED = Text("表单建议的值：{value}", "The form proposes: {value}")
_TYPES = {"date": ("date", ""), "integer": ("number", "1"), "decimal": ("number", "any"), "gYear": ("number", "1")}
_CHOOSE = Text("请先选一项；不清楚就答“不知道”。", "Choose one; “I do not know” is an answer too.")
_FILL = Text("请先填写；不清楚就答“不知道”。", "Fill it in first; “I do not know” is an answer too.")


def asking(request: Request, told: dict[str, Any], filled: Filled) -> Page:
    """Return the page."""
    question = told["question"] | {"wrong": told["complaint"] is not None}
    told = told | {"question": question}
    back = [button(spoken(Text("上一题", "Back"), request), "back")] if told["lines"] and not question["again"] else []
    cancel = [button(spoken(Text("不改了", "Leave it as it was"), request), filled.view)] if question["again"] else []
    acts = element(
        "p",
        button(spoken(Text("下一步", "Next"), request), "next", quiet=False),
        button(spoken(Text("不知道", "I do not know"), request), "unknown"),
        *back,
        *cancel,
        button(spoken(Text("先看结果", "See the result now"), request), "show"),
        class_="row acts",
    )
    # Where a result was shown and one answer is being changed, the result is what comes next.
    view = filled.view if question["again"] else "ask"
    parts = (hidden("at", question["pointer"]), _question(request, told), acts)
    form = sheet.form(request, told, dict(filled.was), view, *parts)
    other = element("p", sheet.other_language(request, "ask"), class_="row")
    beside = sheet.answers(request, told, sheet.day_field(request, filled, "ask"), sheet.saving(request, result=False), other)
    notice = element("p", spoken(STANDING, request), " ", spoken(KEPT, request), class_="notice")
    main = element("div", element("div", sheet.progress(request, told), form, class_="step"), beside, class_="interview")
    return Page(spoken(TITLE, request), (main, notice), WAY, sheets=(SHEET,), keep=False)


def _question(request: Request, told: dict[str, Any]) -> Markup:
    question = told["question"]
    name = _name(request, question)
    about = [element("p", element("span", word(request, question["row"]), class_="crumb"))] if question["row"] else []
    said = _help(request, question)
    helps = [element("p", said, class_="help", id="help")] if said else []
    complaint = _complaint(request, told)
    field = _choices(request, question, name) if question["numbered"] else _field(request, question, name)
    return element("div", *about, field, *helps, *complaint, _why(request, question), class_="question")


def _name(request: Request, question: dict[str, Any]) -> str:
    name = word(request, question["field"]["label"])
    if question["sort"] == "rows":
        return spoken(_MORE if question["more"] else _ANY, request).format(name=name)
    return name


def _complaint(request: Request, told: dict[str, Any]) -> list[Markup]:
    if told["complaint"] is None:
        return []
    if not told["question"]["said"]:
        words = spoken(_CHOOSE if told["question"]["numbered"] else _FILL, request)
    else:
        words = word(request, told["complaint"])
    return [element("p", words, class_="error", role="alert", id="complaint")]


def _choices(request: Request, question: dict[str, Any], name: str) -> Markup:
    """Return the choices as radio buttons, or as a list where there are many."""
    described = _described(request, question)
    chosen = _chosen(question)
    choices = [c for c in question["choices"] if c["answer"] != "?"]  # that it is not known has its own button
    if len(choices) > _MOST_RADIOS:
        options = [Markup('<option value=""></option>')]
        options += [
            element("option", word(request, c["label"]), value=c["answer"], selected="selected" if c["answer"] == chosen else "")
            for c in choices
        ]
        label = element("h2", element("label", name, for_="say"))
        return element("div", label, element("select", *options, id="say", name="say", aria_describedby=described), class_="field")
    items = []
    for number, choice in enumerate(choices, 1):
        radio = element(
            "input", type="radio", name="say", id=f"say-{number}", value=choice["answer"],
            checked="checked" if choice["answer"] == chosen else "",
        )  # fmt: skip
        items.append(element("li", element("label", radio, " ", element("span", word(request, choice["label"])), for_=f"say-{number}")))
    legend = element("legend", element("h2", name))
    return element("fieldset", legend, element("ul", *items, class_="choices"), aria_describedby=described, class_="asked-for")


def _chosen(question: dict[str, Any]) -> str:
    """Return the number of the choice that was made before, '' for none."""
    said = question["said"]
    if question["sort"] == "rows":
        return {"+": "1", "-": "2"}.get(said, "")
    for choice in question["choices"]:
        if said and (choice["answer"] == said or (choice["iri"] and local_name(choice["iri"]) == said)):
            return str(choice["answer"])
    return {"true": "1", "false": "2"}.get(said, "")


def _field(request: Request, question: dict[str, Any], name: str) -> Markup:
    """Return a field to type in."""
    kind, step = _TYPES.get(question["sort"], ("text", ""))
    said = "" if question["said"] == "?" else question["said"]
    numeric = kind == "number"
    typed = element(
        "input", type=kind, id="say", name="say", value=said, step=step, required="required", maxlength="" if numeric else "1000",
        min=question["least"] if kind != "text" else "", max=question["most"] if numeric else "",
        inputmode="decimal" if step == "any" else "numeric" if numeric else "", aria_describedby=_described(request, question),
        aria_invalid="true" if question["wrong"] else "",
    )  # fmt: skip
    unit = [" ", element("span", word(request, question["unitName"]), class_="unit")] if question["unitName"] else []
    example = []
    if question["example"]:
        example = [element("p", spoken(Text("例：", "For instance: "), request), foreign(question["example"]), class_="help", id="example")]
    return element("div", element("h2", element("label", name, for_="say")), element("p", typed, *unit), *example, class_="field")


def _help(request: Request, question: dict[str, Any]) -> str:
    """Return what the field means, '' when its name says as much."""
    said = word(request, question["description"])
    return "" if said.rstrip("。.") == word(request, question["field"]["label"]) else said


def _described(request: Request, question: dict[str, Any]) -> str:
    """Return the ids of what describes the field."""
    return " ".join(filter(None, ("complaint" if question["wrong"] else "", "help" if _help(request, question) else "", "why")))


def _why(request: Request, question: dict[str, Any]) -> Markup:
    """Return why it is asked: the benefits that hang on it, and the sentence."""
    title = element("h3", spoken(Text("为什么问", "Why it is asked"), request))
    benefits = [word(request, benefit) for benefit in question["benefits"]]
    if not benefits:
        words = spoken(
            Text(
                "按现有回答，这一项不会改变任何结果；可以照答，也可以不答。",
                "On the present answers this changes no result; answer it or not.",
            ),
            request,
        )
        return element("div", title, element("p", words), class_="why", id="why")
    few, rest = benefits[:_MOST_BENEFITS], benefits[_MOST_BENEFITS:]
    parts = [title, element("p", spoken(Text("关系到：", "It bears on:"), request)), element("ul", *(element("li", b) for b in few))]
    if rest:
        more = spoken(Text("另有 {n} 项", "{n} more"), request).format(n=len(rest))
        parts.append(element("details", element("summary", more), element("ul", *(element("li", b) for b in rest))))
    if question["proposal"]:
        parts.append(element("p", spoken(_PROPOSED, request).format(value=word(request, question["proposal"])), class_="soft"))
    if (cited := question["citation"]) is not None:
        translation = cited["translation"] if language(request) == "en" else ""
        label = word(request, cited["provision"]["label"])
        parts.append(
            element(
                "blockquote",
                element("p", chinese(f"“{cited['quote']}”")),
                *([element("p", translation, class_="translation")] if translation else []),
                element("footer", element("a", label, href=place(request, cited["provision"]["iri"])), " · ", cited["document"]),
                cite=cited["provision"]["iri"],
            )
        )
    return element("div", *parts, class_="why", id="why")
