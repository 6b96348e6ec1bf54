"""The panel beside the text: how a clause was read, and what rests on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policygraph.app.reader.citing import citations
from policygraph.app.reader.panel import asked_about, panel
from policygraph.errors import Text
from policygraph.model.terms import local_name
from policygraph.reports.html.markup import Markup, chinese, element, join
from policygraph.vocab import BASE
from policygraph.web.pages.shell import STANDING, place

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from starlette.requests import Request

    from policygraph.app.reader.citing import Citation
    from policygraph.app.reader.document import Item
    from policygraph.app.reader.panel import Listing, Named, Panel, Understanding
    from policygraph.web.pages.reader.links import Links
    from policygraph.web.pages.reader.shelf import Book, Shelf

_FORMS = (("ttl", "text/turtle"), ("jsonld", "application/ld+json"))


class PanelView:
    """Writes the panel of one item.

    Args:
        request: The request.
        shelf: The policies.
        book: The one that is read.
        links: Links of the page.
        spoken: zh or en.
    """

    def __init__(self, request: Request, shelf: Shelf, book: Book, links: Links, spoken: str) -> None:
        self._request, self._shelf, self._book, self._links, self._spoken = request, shelf, book, links, spoken

    def markup(self, item: Item) -> Markup:
        """Return the panel of an item."""
        found = panel(self._shelf.service.graph, item.node, item.kind)
        sentence = self._book.document.sentence_at(item.start)
        title = element("h2", found.label.in_language(self._spoken), id="provision-title")
        close = element("a", self._w("关闭", "Close"), href=self._links.without_clause(sentence.anchor), class_="close button quiet")
        return element(
            "aside",
            element("header", title, close),
            self._badge(found),
            element("blockquote", element("p", chinese(found.quote))),
            element("p", found.translation, class_="translation", lang="en") if self._spoken == "en" and found.translation else "",
            element("p", self._w("不表达规范，因为：", "It states no norm: "), self._t(found.reason)) if found.reason.zh else "",
            self._facts(found),
            *self._resting(found),
            *self._read(found),
            *self._asking(item),
            *self._links_to(item, sentence.anchor),
            cited(citations(self._shelf.service.graph, self._book.document.policy, item.section, found.quote), self._spoken, "clause"),
            element("p", STANDING.in_language(self._spoken), class_="notice"),
            id="provision",
            class_="panel",
            aria_labelledby="provision-title",
            tabindex="-1",
        )

    # ---------------------------------------------------------------- words
    def _w(self, zh: str, en: str) -> str:
        return en if self._spoken == "en" else zh

    def _t(self, text: Text) -> str:
        return text.in_language(self._spoken)

    def _named(self, named: Named) -> Markup:
        return element("a", self._t(named.label), href=place(self._request, named.node.value))

    def _all(self, nodes: Sequence[Named]) -> Markup:
        return element("ul", *(element("li", self._named(node)) for node in nodes), class_="inline") if len(nodes) > 1 else self._one(nodes)

    def _one(self, nodes: Sequence[Named]) -> Markup:
        return self._named(nodes[0]) if nodes else join([])

    # ---------------------------------------------------------------- parts
    def _badge(self, found: Panel) -> Markup:
        strength = self._book.strengths.get(found.modality) if found.modality is not None else None
        if strength is None:
            return element("p", element("span", self._t(found.kind), class_="badge note"))
        sign = element("span", self._t(strength.sign), class_="sign", aria_hidden="true")
        name = element("span", sign, self._t(strength.label), class_=f"strength m-{local_name(strength.node.value)}")
        return element("p", name, " ", element("span", self._t(strength.definition), class_="soft"))

    def _facts(self, found: Panel) -> Markup:
        quoted = [join(["“", chinese(words), "”"]) for words in found.cues]
        hedges = [element("u", chinese(words), class_="hedge") for words in found.hedges]
        rows: list[tuple[str, str]] = [
            (self._w("强度词", "Cue"), join(_between(quoted, self._w("、", ", ")))),
            (self._w("限定语", "Hedge"), join(_between(hedges, self._w("、", ", ")))),
            (self._w("承担主体", "Bearer"), self._all(found.bearers) if found.bearers else self._t(found.bearer_status)),
            (self._w("受益主体", "Beneficiary"), self._all(found.beneficiaries)),
            (self._w("承自", "Inherits from"), self._all(found.inherits)),
            (self._w("取决于", "Depends on"), self._all(found.depends)),
            (self._w("责任单位", "Responsible units"), self._all(found.agencies)),
            (self._w("提及", "Names"), self._all(found.mentions)),
            (self._w("审核", "Review"), self._t(found.review)),
        ]
        shown = [(name, value) for name, value in rows if value]
        note = self._w("责任单位列在措施之后，文本未指明牵头单位。", "The units are listed with the measure; the text names no lead.")
        listed = element("dl", *(part for name, value in shown for part in (element("dt", name), element("dd", value))))
        return join([listed, element("p", note, class_="soft small") if found.agencies else ""])

    def _resting(self, found: Panel) -> Iterable[Markup]:
        yield self._group(self._w("数值", "Numbers"), [self._noted(each) for each in found.numbers])
        yield self._group(self._w("列举", "Lists"), [self._listing(each) for each in found.listings])
        rules = [self._noted(each) for each in found.rules]
        if not rules and found.no_rule.zh:
            rules = [join([self._w("没有规则：", "No rule: "), self._t(found.no_rule)])]
        yield self._group(self._w("规则", "Rules"), rules)
        yield self._group(self._w("核查", "Checks"), [self._noted(each) for each in found.checks])

    def _read(self, found: Panel) -> Iterable[Markup]:
        title = self._w("怎样理解（判读，不是原文）", "How it was read (readings, not the text's words)")
        yield self._group(title, [self._understanding(each) for each in found.readings])
        title = self._w("文本没有回答的", "What the text leaves open")
        yield self._group(title, [self._understanding(each) for each in found.questions])

    def _asking(self, item: Item) -> Iterable[Markup]:
        links = []
        for each, value in asked_about(self._shelf.service.graph, self._shelf.askable, item.node, item.section):
            about = self._t(self._shelf.facts.label(value))
            address = place(self._request, f"ask/{each.question.name}", **{each.name: value.value})
            link = element("a", self._t(each.question.summary), href=address)
            links.append(join([link, " ", element("span", about, class_="soft small")]))
        yield self._group(self._w("可以问的", "What can be asked"), links)

    def _links_to(self, item: Item, anchor: str) -> Iterable[Markup]:
        document, root = self._book.document, self._shelf.service
        own = root.address(BASE + self._book.path)
        number = str(document.sentence_at(item.start).number)
        stable = [
            join([self._w("本条款：", "This clause: "), _address(f"{own}?clause={document.short(item.node)}#{anchor}")]),
            join([self._w(f"第 {number} 句：", f"Sentence {number}: "), _address(f"{own}#{anchor}")]),
        ]
        yield self._group(self._w("固定链接", "Stable links"), stable)
        page = element("a", self._w("本条款的页面", "Page of this clause"), href=place(self._request, item.node.value))
        forms = [element("a", name, href=root.address(f"{item.node.value}.{name}"), type=media) for name, media in _FORMS]
        yield element("p", page, self._w("；数据：", "; data: "), *_between(forms, self._w("、", ", ")))

    # ---------------------------------------------------------------- rows
    @staticmethod
    def _group(title: str, rows: Sequence[str]) -> Markup:
        if not rows:
            return join([])
        return element("section", element("h3", title), element("ul", *(element("li", row) for row in rows), class_="rows"))

    def _noted(self, named: Named) -> Markup:
        note = self._t(named.note)
        return join([self._named(named), element("div", note, class_="soft small") if note else ""])

    def _listing(self, listing: Listing) -> Markup:
        members = join(_between([self._named(member) for member in listing.members], self._w("、", ", ")))
        declared = self._w(f"，文中称 {listing.declared} 个", f", declared {listing.declared}") if listing.declared else ""
        count = len(listing.members)
        kind = self._w("开放列举（等）", "open list") if listing.open else self._w("封闭列举", "closed list")
        said = self._w(f"{kind}，列名 {count} 个{declared}", f"{kind}, {count} named{declared}")
        return join([self._named(listing.named), element("div", said, class_="soft small"), element("div", members, class_="small")])

    def _understanding(self, each: Understanding) -> Markup:
        status = element("span", self._t(each.review), class_="badge note") if each.review.zh else ""
        others = [element("li", words) for words in each.others.get(self._spoken, ())]
        options = [element("li", self._named(option)) for option in each.options]
        return element(
            "details",
            element("summary", self._t(each.label), " ", status),
            element("p", self._t(each.statement)),
            join([element("p", self._w("另有理解：", "It could also mean:")), element("ul", *others)]) if others else "",
            join([element("p", self._w("机关可以改采：", "An office may adopt:")), element("ul", *options)]) if options else "",
            element("p", element("a", self._w("详细", "More"), href=place(self._request, each.node.value)), class_="small"),
        )


def cited(found: Sequence[Citation], spoken: str, name: str) -> Markup:
    """Return citations to copy."""
    title = Text("引用", "Cite").in_language(spoken)
    parts = []
    for each in found:
        key = f"cite-{name}-{each.name}"
        parts += [element("dt", each.label.in_language(spoken)), element("dd", element("q", chinese(each.words), id=key, class_="copy"))]
    return element("section", element("h3", title), element("dl", *parts, class_="cite"))


def _address(path: str) -> Markup:
    return element("a", path, href=path, class_="copy")


def _between(parts: Iterable[str], mark: str) -> list[str]:
    found: list[str] = []
    for part in parts:
        found += [mark, part] if found else [part]
    return found
