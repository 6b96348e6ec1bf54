"""What pages of things are put together from: headed parts, lists that stay short, words of the text, numbers with their unit."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING
from urllib.parse import quote

from policygraph.model.terms import Iri, Literal
from policygraph.reports.html.markup import Markup, chinese, element, join
from policygraph.vocab import PG, PROV, UNIT, XSD
from policygraph.web.pages.reading import start, where

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from policygraph.model.terms import Term
    from policygraph.web.pages.voice import Voice

_SHORT = 12


@dataclass(slots=True)
class Plain:
    """What is said of a thing in plain words.

    Attributes:
        lead: What it is, in a sentence.
        parts: What stands below, in order.
        near: Heading → its neighbours, the most important first.
    """

    lead: str
    parts: list[Markup] = field(default_factory=list)
    near: dict[str, list[Term]] = field(default_factory=dict)

    def tell(self, title: str, *content: str) -> None:
        """Add a part under a heading; nothing when there is nothing to say."""
        if any(content):
            self.parts.append(element("section", element("h2", title), *content))

    def lead_to(self, heading: str, nodes: Iterable[Term]) -> None:
        """Name neighbours for the picture."""
        found = [node for node in nodes if isinstance(node, Iri)]
        if found:
            self.near[heading] = [*self.near.get(heading, []), *found]


def facts(voice: Voice, rows: Iterable[tuple[str, str]]) -> Markup:
    """Return names and values, those without a value left out."""
    shown = [(name, value) for name, value in rows if value]
    return element("dl", *(part for name, value in shown for part in (element("dt", name), element("dd", value)))) if shown else Markup("")


def listed(voice: Voice, items: Sequence[str], *, numbered: bool = False, class_: str = "") -> Markup:
    """Return items as a list; of a long one the rest is folded."""
    if not items:
        return Markup("")
    tag = "ol" if numbered else "ul"
    first = element(tag, *(element("li", item) for item in items[:_SHORT]), class_=class_)
    if len(items) <= _SHORT:
        return first
    rest = items[_SHORT:]
    shown = element("summary", voice.t(f"另有 {len(rest)} 项", f"{len(rest)} more"))
    more = element(tag, *(element("li", item) for item in rest), class_=class_, start=str(_SHORT + 1) if numbered else "")
    return join([first, element("details", shown, more, class_="more")])


def links(voice: Voice, nodes: Iterable[Term]) -> Markup:
    """Return things as links in a line."""
    found: list[str] = []
    for node in nodes:
        found += [voice.t("、", ", "), voice.link(node)] if found else [voice.link(node)]
    return join(found)


def is_kind(voice: Voice, node: Term) -> bool:
    """Say whether a class is a kind of submission, or part of one, that has a page of its own."""
    return any(whole.value in voice.owner.kinds.about for whole in (node, *voice.objects(node, PG.partOf)))


def kind(voice: Voice, node: Term) -> Markup:
    """Return a link to the page of a kind of submission; a part leads to the page of the whole."""
    for whole in (node, *voice.objects(node, PG.partOf)):
        about = voice.owner.kinds.about.get(whole.value)
        if about is not None:
            name = quote(voice.owner.kinds.forms.name_of(about.kind), safe="")
            return voice.to(f"api/kinds/{name}", voice.label(node))
    return voice.link(node)


def words(voice: Voice, item: Term, *, named: bool = True) -> Markup:
    """Return the words of a text item, with translation in English, where they are read, and its strength.

    Args:
        voice: The page.
        item: The item.
        named: Whether to say what it is called, with a link to it.
    """
    said, translation = voice.word(item, PG.quote), voice.word(item, PG.translation)
    target = where(voice, item) if isinstance(item, Iri) else ""
    foot = [voice.link(item)] if named else []
    foot += [strength(voice, found) for found in voice.objects(item, PG.modality)]
    foot += [element("a", voice.t("在原文中阅读", "Read it in the text"), href=target)] if target else []
    return element(
        "blockquote",
        element("p", chinese(said)),
        element("p", translation, class_="translation", lang="en") if voice.language == "en" and translation else "",
        element("footer", *_spaced(foot)) if foot else "",
        class_="words",
    )


def clause(voice: Voice, node: Term, *, marked: bool = True) -> Markup:
    """Return a clause for a list: what it is called, its strength, its words, and their translation in English."""
    marks = [strength(voice, each) for each in voice.objects(node, PG.modality)] if marked else []
    said, translation = voice.word(node, PG.quote), voice.word(node, PG.translation)
    return join(
        [
            voice.link(node),
            *(part for mark in marks for part in (" ", mark)),
            element("p", said, lang="zh-Hans", class_="quoted") if said else "",
            element("p", translation, class_="translated") if voice.language == "en" and translation else "",
        ]
    )


def strength(voice: Voice, modality: Term) -> Markup:
    """Return a strength as a label."""
    return voice.link(modality, class_="strength")


def sources(voice: Voice, node: Term, predicate: str = PROV.wasDerivedFrom) -> list[Term]:
    """Return the text items on which a thing rests, in the text's order."""
    return sorted(voice.objects(node, predicate), key=lambda item: (start(voice, item), item.value))


def resting(voice: Voice, plain: Plain, node: Term, predicate: str = PROV.wasDerivedFrom) -> None:
    """Tell the sentences on which a thing rests."""
    found = sources(voice, node, predicate)
    quoted = [words(voice, item) for item in found if voice.word(item, PG.quote)]
    others = [voice.link(item) for item in found if not voice.word(item, PG.quote)]
    plain.tell(voice.t("所依据的原文", "The words it rests on"), *quoted, listed(voice, others))
    plain.lead_to(voice.t("所据条款", "Rests on"), found)


def points(voice: Voice, plain: Plain, node: Term) -> None:
    """Tell the readings and open questions of a thing."""
    readings, questions = voice.objects(node, PG.hasReading), voice.objects(node, PG.hasOpenQuestion)
    plain.tell(
        voice.t("怎样判读（不是原文）", "How it was read (not the text's words)"), listed(voice, [_point(voice, r) for r in readings])
    )
    plain.tell(voice.t("文本没有回答的", "What the text leaves open"), listed(voice, [_point(voice, q) for q in questions]))
    plain.lead_to(voice.t("判读", "Readings"), readings)
    plain.lead_to(voice.t("未定之处", "Open questions"), questions)


def _point(voice: Voice, node: Term) -> Markup:
    return join([voice.link(node), voice.t("：", ": "), voice.text(node, PG.statement)])


def value(voice: Voice, node: Term) -> str:
    """Return a parameter's value with its unit, as people write it."""
    found, unit = voice.one(node, PG.value), voice.one(node, PG.unit)
    if isinstance(found, Iri):
        return voice.label(found)
    if not isinstance(found, Literal):
        return voice.t("未载明", "not stated")
    about = voice.word(node, PG.approximate) in ("true", "1")
    said = amount(voice, found, unit.value if unit is not None else "")
    return voice.t(f"约 {said}", f"about {said}") if about else said


def amount(voice: Voice, found: Literal, unit: str) -> str:
    """Return a number with its unit: shares in percent, money and counts with separators, others with what the unit is called."""
    try:
        number = Decimal(found.value)
    except InvalidOperation:
        return found.value
    if unit == UNIT.FRACTION:
        return f"{(number * 100).normalize():f}%"
    if unit == UNIT.YR or found.datatype == XSD.gYear:
        return found.value
    said = f"{number.normalize():,f}"
    if unit in ("", UNIT.NUM):
        return said
    return f"{said} {voice.label(Iri(unit))}"


def validity(voice: Voice, node: Term) -> str:
    """Return from when until when something holds."""
    since, until = voice.word(node, PG.validFrom), voice.word(node, PG.validUntil)
    if not since:
        return ""
    if until:
        return voice.t(f"自 {since} 起，至 {until} 前", f"from {since} until {until}")
    return voice.t(f"自 {since} 起，文本未载明终止日", f"from {since}; the text states no end")


def _spaced(parts: Sequence[str]) -> list[str]:
    return [part for n, each in enumerate(parts) for part in ((Markup(" · "), each) if n else (each,))]
