"""Puts the page of a thing together; documents of vocabularies and named graphs show their terms instead of plain facts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policygraph.errors import Text
from policygraph.model.terms import Iri
from policygraph.reports.html.markup import Markup, element, join
from policygraph.web.negotiation import DOCUMENTS
from policygraph.web.pages import outline
from policygraph.web.pages.drawing import SHEET
from policygraph.web.pages.entity.picture import neighbourhood
from policygraph.web.pages.entity.plain import plain
from policygraph.web.pages.entity.statements import Statements
from policygraph.web.pages.shell import LANGUAGES, STANDING, Page, crumbs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from policygraph.app.linked.description import Description
    from policygraph.web.pages.entity.asking import Asking
    from policygraph.web.pages.voice import Voice

_HOME = Text("首页", "Home")


def entity_page(voice: Voice, asking: Asking, found: Description, members: Sequence[Iri], places: Mapping[str, str]) -> Page:
    """Return the page of a thing.

    Args:
        voice: The page's voice.
        asking: Knows the saved questions.
        found: What is stated of the thing, and what points to it.
        members: Terms that a document holds.
        places: Form → address of the document in it.
    """
    stated, node = Statements(voice, found), found.thing
    told = None if members else plain(voice, node)
    title = stated.label(node)
    main: list[str] = [crumbs(voice.request, [*_above(voice, node), (title, "")]), _kinds(voice, node, title)]
    if told is not None:
        drawn = neighbourhood(voice, node, told.near)
        lead = element("p", told.lead, class_="lead") if told.lead else ""
        facts = element("div", lead, *told.parts, asking.of(voice, node), class_="facts")
        main.append(
            element("div", facts, element("aside", drawn, class_="beside-facts") if drawn else "", class_="entity" if drawn else "")
        )
        main.append(element("p", STANDING.in_language(voice.language), class_="notice"))
    main += [_folded(voice.t("陈述（RDF）", "Statements (RDF)"), stated.own(node), "statements", shown=told is None)]
    main += [stated.term(member) for member in members]
    pointing = stated.pointing(places["html"])
    main.append(_folded(voice.t("指向它的陈述", "What points to it"), pointing, "pointing", shown=told is None or found.page > 1))
    main.append(element("section", element("h2", voice.t("其他格式", "Other forms")), stated.forms(places), id="forms"))
    links = tuple(element("link", rel="alternate", type=form.type, href=places[form.name]) for form in DOCUMENTS if form.form != "html")
    return Page(title, tuple(main), way="-", links=links, sheets=(SHEET, "entity.css"))


def _above(voice: Voice, node: Iri) -> list[tuple[str, str]]:
    """Return where a thing stands: home, and the policy and sections that hold it."""
    return [(voice.say(_HOME), ""), *((voice.label(each), each.value) for each in outline.above(voice, node))]


def _kinds(voice: Voice, node: Iri, title: str) -> Markup:
    """Return what else a thing is called, what it is, and its IRI."""
    other = "zh" if voice.language == "en" else "en"
    translated = voice.labels(node).get(other, "")
    kinds = sorted((kind for kind in voice.entities.specific_kinds(node) if isinstance(kind, Iri)), key=lambda kind: kind.value)
    kept = [kind for kind in kinds if voice.labels(kind)]
    return element(
        "div",
        element("p", translated, lang=LANGUAGES[other], class_="soft") if translated and translated != title else "",
        element("p", join(element("span", voice.link(kind), class_="kind") for kind in kept)) if kept else "",
        element("p", element("code", node.value)),
        class_="what",
    )


def _folded(title: str, content: str, key: str, *, shown: bool) -> Markup:
    """Return a part that is folded under its heading unless there is nothing plainer."""
    if shown:
        return element("section", element("h2", title), content, id=key)
    return element("details", element("summary", element("h2", title)), content, id=key, class_="folded")
