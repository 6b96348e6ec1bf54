"""A question as a form: one field a parameter, what may stand there as a list to search, the sample filled in and marked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from policygraph.errors import Text
from policygraph.model.terms import Iri, Literal
from policygraph.reports.html.markup import Markup, element, lined
from policygraph.vocab import XSD
from policygraph.web.negotiation import language
from policygraph.web.pages.ask.choices import name_of
from policygraph.web.pages.shell import spoken

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from starlette.requests import Request

    from policygraph.model.terms import Term
    from policygraph.queries.catalogue import Question
    from policygraph.queries.entities import Entities
    from policygraph.web.pages.ask.choices import Choice

_TYPES = {XSD.date: "date"}
_MODES = {XSD.integer: "numeric", XSD.gYear: "numeric", XSD.decimal: "decimal"}
_MOST = "2000"
_SAMPLE = Text("示例", "sample")
_HOW = Text(
    "列出 {count} 个可选项；也可写简称、别名或 IRI。", "{count} to choose from; another name, a short name or an IRI will do as well."
)


@dataclass(frozen=True, slots=True)
class Filled:
    """What a form is filled with.

    Attributes:
        words: Parameter → what the caller wrote.
        values: Parameter → what that means.
        faults: Parameter → why that will not do.
    """

    words: Mapping[str, str]
    values: Mapping[str, Term]
    faults: Mapping[str, Text]


def form(
    request: Request,
    question: Question,
    filled: Filled,
    entities: Entities,
    choices: Callable[[Term], tuple[Choice, ...]],
    action: str,
) -> Markup:
    """Return the form of a question; one without parameters needs none.

    Args:
        request: The request.
        question: The question.
        filled: What to put in.
        entities: The graph with its names.
        choices: Sample → what may stand in its place.
        action: Where the form is sent.
    """
    if not question.params:
        return Markup("")
    said, fields = language(request), []
    for name, about in question.params.items():
        sample = question.sample(name)
        term = filled.values.get(name, sample)
        value = filled.words[name] if name in filled.faults else name_of(term, entities, said) if isinstance(term, Iri) else term.value
        fields.append(_field(request, name, about, filled, value, sample, choices(sample)))
    button = element("button", spoken(Text("提问", "Ask"), request), type="submit")
    parts = [element("div", *fields, element("div", button, class_="field go"), class_="fields"), hidden(request)]
    return element("form", *parts, action=action, method="get", class_="ask", id="ask-form")


def chosen_language(request: Request) -> str:
    """Return the language that addresses and forms of a page must name so that it stays, '' where it stays by itself."""
    said = language(request)
    return said if said != "zh" or request.query_params.get("lang") else ""


def hidden(request: Request, values: Iterable[tuple[str, str]] = ()) -> Markup:
    """Return fields that are sent without being shown: the page's language where it is not the first, and further values."""
    said = chosen_language(request)
    pairs = [*values, *([("lang", said)] if said else [])]
    return Markup("".join(element("input", type="hidden", name=name, value=value) for name, value in pairs))


def _field(request: Request, name: str, about: Text, filled: Filled, value: str, sample: Term, choices: tuple[Choice, ...]) -> Markup:
    given, fault, key = filled.words.get(name), filled.faults.get(name), f"param-{name}"
    marks = [" ", element("span", spoken(_SAMPLE, request), class_="badge note")] if given is None else []
    helps, described = [], []
    if fault is not None:
        helps.append(element("p", lined(spoken(fault, request)), id=f"{key}-fault", class_="error"))
        described.append(f"{key}-fault")
    if choices:
        helps.append(element("p", spoken(_HOW.format(count=len(choices)), request), id=f"{key}-help", class_="help"))
        described.append(f"{key}-help")
    datatype = sample.datatype if isinstance(sample, Literal) else ""
    attributes = {
        "id": key,
        "name": name,
        "type": _TYPES.get(datatype, "text") if fault is None else "text",
        "value": value,
        "inputmode": _MODES.get(datatype, ""),
        "maxlength": _MOST,
        "required": "required",
        "autocomplete": "off",
        "list": f"{key}-list" if choices else "",
        "aria-describedby": " ".join(described),
        "aria-invalid": "true" if fault is not None else "",
    }
    field = element("input", **{attribute.replace("-", "_"): word for attribute, word in attributes.items()})
    options = element("datalist", *map(_option, choices), id=f"{key}-list") if choices else ""
    label = element("label", spoken(about, request), *marks, for_=key)
    return element("div", label, field, options, *helps, class_="field")


def _option(choice: Choice) -> Markup:
    """Return one entry: browsers search in its value and in the words beside it."""
    words = [name for name in (choice.label, *choice.others) if name != choice.value]
    return element("option", " · ".join(words), value=choice.value)
