"""The page of one policy: legend and filters, the text, and beside it a panel, the clauses found, or how to find one's way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policygraph.app.reader.citing import citations
from policygraph.app.reader.facets import NAMES
from policygraph.errors import Text
from policygraph.model.terms import Iri, local_name
from policygraph.reports.html.markup import Markup, chinese, element, join
from policygraph.vocab import BASE, ELI, PG
from policygraph.web.pages.reader.links import Links
from policygraph.web.pages.reader.panel import PanelView, cited
from policygraph.web.pages.reader.text import TextView, toc
from policygraph.web.pages.shell import STANDING, Page, place, spoken

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request

    from policygraph.app.reader.document import Item
    from policygraph.app.reader.facets import Filtered, Option
    from policygraph.web.pages.reader.shelf import Book, Shelf

_MOST_WORDS = 60
_LISTED = ("actor", "measure", "theme")  # filters whose values are chosen from lists
_INDENT = "\u3000"
_FORMS = (("ttl", "text/turtle"), ("jsonld", "application/ld+json"))


class View:
    """Writes the page.

    Args:
        request: The request.
        shelf: The policies.
        book: The one that is read.
        filtered: What the filters leave.
        item: The item whose panel is open.
    """

    def __init__(self, request: Request, shelf: Shelf, book: Book, filtered: Filtered, item: Item | None) -> None:
        self._request, self._shelf, self._book, self._filtered, self._item = request, shelf, book, filtered, item
        self._spoken = spoken(Text("zh", "en"), request)
        self._path = shelf.service.address(BASE + book.path)
        self._links = Links(request, filtered.chosen, self._path)

    def page(self) -> Page:
        """Return the page."""
        shown = {clause.item.node for clause in self._filtered.matching} if self._filtered.chosen else None
        current = self._item.node if self._item is not None else None
        text = TextView(self._shelf, self._book, self._links, self._spoken, shown, current).markup()
        if self._item is not None:
            beside = PanelView(self._request, self._shelf, self._book, self._links, self._spoken).markup(self._item)
        else:
            beside = self._matches() if self._filtered.chosen else self._guide()
        return Page(
            title=self._t(self._shelf.facts.label(self._book.document.policy)),
            main=(
                tabs(self._links, self._spoken, ""),
                self._record(),
                self._legend(),
                self._form(),
                self._said(),
                element("div", text, beside, class_="reader"),
            ),
            way="read",
            lead=record_line(self._shelf, self._book.document.policy, self._spoken),
            scripts=("read.js",),
            sheets=("read.css",),
            links=alternates(self._shelf, self._book),
        )

    def _w(self, zh: str, en: str) -> str:
        return en if self._spoken == "en" else zh

    def _t(self, text: Text) -> str:
        return text.in_language(self._spoken)

    # ---------------------------------------------------------------- above the text
    def _record(self) -> Markup:
        policy = self._book.document.policy
        page = element("a", self._w("政策的页面", "Page of the policy"), href=place(self._request, policy.value))
        asked = element("a", self._w("文件自身的记载", "What the document says of itself"), href=self._asked("document-record", policy))
        forms = [element("a", name, href=self._shelf.service.address(f"{policy.value}.{name}"), type=media) for name, media in _FORMS]
        data = [element("a", "json", href=f"{self._path}?format=json", type="application/json"), *forms]
        links = [page, *([asked] if "document-record" in self._shelf.questions else [])]
        parts = [*(element("li", link) for link in links), element("li", self._w("数据：", "Data: "), *_between(data, self._w("、", ", ")))]
        return element("ul", *parts, class_="inline soft")

    def _asked(self, name: str, policy: Iri) -> str:
        return place(self._request, f"ask/{name}", policy=policy.value)

    def _legend(self) -> Markup:
        chips = []
        for option in self._filtered.facets["strength"]:
            strength = self._book.strengths[option.node]
            chips.append(
                element(
                    "li",
                    element(
                        "a",
                        element("span", self._t(strength.sign), class_="sign", aria_hidden="true"),
                        self._t(strength.label),
                        " ",
                        element("span", str(option.count), class_="count"),
                        class_=f"strength m-{local_name(option.node.value)}" + (" on" if option.chosen else ""),
                        href=self._links.toggled("strength", option.key),
                        title=self._t(strength.definition),
                        aria_current="true" if option.chosen else "",
                    ),
                )
            )
        hedge = element("li", element("u", self._w("限定语", "hedge"), class_="hedge"), class_="key")
        none = element("li", element("span", self._t(self._shelf.facts.label(Iri(PG.NonNormativeItem))), class_="none"), class_="key")
        title = element("h2", self._w("条款强度", "Strength of the clauses"), id="legend-title")
        help_ = self._w(
            "每一条款前有表示强度的标记；点一种强度只看这种条款。",
            "A sign before each clause says its strength; choose one to see only such clauses.",
        )
        return element(
            "nav",
            title,
            element("p", help_, class_="soft small"),
            element("ul", *chips, hedge, none, class_="legend"),
            class_="strengths",
            aria_labelledby="legend-title",
        )

    def _form(self) -> Markup:
        fields = []
        for name in _LISTED:
            options = self._filtered.facets[name]
            label = self._t(NAMES[name])
            every = Markup(f'<option value="">{self._w("全部", "all")}</option>')
            field = element("select", every, *self._options(options), name=name, id=f"filter-{name}")
            fields.append(element("div", element("label", label, for_=f"filter-{name}"), field, class_="field"))
        kept = [element("input", type="hidden", name=n, value=v) for n, v in self._links.filters if n not in _LISTED]
        kept += [element("input", type="hidden", name=n, value=v) for n, v in self._links.language]
        button = element("button", self._w("筛选", "Filter"), type="submit")
        clear = element("a", self._w("清除筛选", "Clear"), href=self._links.plain(), class_="button quiet") if self._filtered.chosen else ""
        form = element("form", *fields, *kept, button, clear, action=self._path, method="get", class_="filters", id="filters")
        summary = element("summary", self._w("按主体、章节与措施、主题筛选", "Filter by actor, section or measure, theme"))
        return element("details", summary, form, open="open" if self._filtered.chosen else "", class_="filtering")

    def _options(self, options: Sequence[Option]) -> list[Markup]:
        groups: dict[str, list[Markup]] = {}
        for option in options:
            if option.count or option.chosen:
                words = f"{_INDENT * option.depth}{self._t(option.label)} ({option.count})"
                made = element("option", words, value=option.key, selected="selected" if option.chosen else "")
                groups.setdefault(self._t(option.group), []).append(made)
        return [m for name, made in groups.items() for m in ([element("optgroup", *made, label=name)] if name else made)]

    def _said(self) -> Markup:
        parts = []
        for name, value in self._filtered.unknown:
            words = self._w(
                f"{self._t(NAMES[name])}里没有“{value}”，未按它筛选。", f"{self._t(NAMES[name])}: there is no “{value}”, so it was ignored."
            )
            parts.append(element("p", words, class_="error"))
        if self._filtered.chosen:
            count, every = len(self._filtered.matching), len(self._book.clauses)
            chosen = [
                element(
                    "a",
                    f"{self._t(NAMES[name])}{self._w('：', ': ')}{self._t(option.label)}",
                    element("span", " ✕", aria_hidden="true"),
                    href=self._links.toggled(name, option.key),
                    title=self._w("去掉这一筛选", "Remove this filter"),
                    class_="button quiet small",
                )
                for name, option in self._filtered.chosen
            ]
            said = self._w(f"共 {every} 条条款，{count} 条符合：", f"{count} of {every} clauses match: ")
            parts.append(element("p", element("strong", said), " ", *_between(chosen, " "), role="status", id="matching"))
        return join(parts)

    # ---------------------------------------------------------------- beside the text
    def _matches(self) -> Markup:
        rows = []
        for clause in self._filtered.matching:
            document = self._book.document
            words = document.words(clause.item)
            short = words if len(words) <= _MOST_WORDS else words[:_MOST_WORDS] + "…"
            strength = self._book.strengths.get(clause.strength) if clause.strength is not None else None
            sign = element("span", self._t(strength.sign), class_="sign", title=self._t(strength.label)) if strength is not None else ""
            mark = f"m-{local_name(strength.node.value)}" if strength is not None else ""
            link = element(
                "a",
                self._t(self._shelf.facts.label(clause.item.node)),
                href=self._links.clause(document.short(clause.item.node), document.sentence_at(clause.item.start).anchor),
            )
            rows.append(element("li", sign, link, element("div", chinese(short), class_="soft small"), class_=mark))
        title = element("h2", self._w("符合的条款", "Clauses that match"), id="matches-title")
        empty = element("p", self._w("没有这样的条款。", "There is no such clause."), class_="empty") if not rows else ""
        listed = element("ol", *rows, class_="rows matches")
        return element("aside", title, empty, listed, class_="panel static", aria_labelledby="matches-title")

    def _guide(self) -> Markup:
        title = element("h2", self._w("目录", "Contents"), id="guide-title")
        help_ = self._w(
            "点任一条款，看它怎样被理解，哪些数值、规则、核查和问题以它为据。句前的数字是该句的固定链接。",
            "Choose any clause to see how it was read and which numbers, rules, checks and questions rest on it. "
            "The number before a sentence is its stable link.",
        )
        document = self._book.document
        return element(
            "aside",
            element("details", element("summary", title), toc(self._shelf, self._book, self._spoken), open="open"),
            element("p", help_),
            cited(citations(self._shelf.service.graph, document.policy), self._spoken, "policy"),
            element(
                "p", self._w("规范文本的 sha256：", "sha256 of the canonical text: "), element("code", document.digest), class_="soft small"
            ),
            element("p", STANDING.in_language(self._spoken), class_="notice"),
            class_="panel static",
            aria_labelledby="guide-title",
        )


def tabs(links: Links, said: str, view: str) -> Markup:
    """Return the two views of a policy, the present one marked."""
    names = (("", Text("正文", "Text")), ("audit", Text("审计", "Audit")))
    items = (
        element("li", element("a", name.in_language(said), href=links.plain(key), aria_current="page" if key == view else ""))
        for key, name in names
    )
    return element("nav", element("ul", *items), class_="tabs", aria_label=Text("视图", "Views").in_language(said))


def record_line(shelf: Shelf, policy: Iri, said: str) -> str:
    """Return number, issuers and date of a policy in a line."""
    facts = shelf.facts
    issuers = facts.members(policy, PG.issuerList) or facts.iris(policy, PG.issuer)
    names = Text("、", ", ").in_language(said).join(facts.label(issuer).in_language(said) for issuer in issuers)
    return " · ".join(filter(None, [facts.word(policy, PG.documentNumber), names, facts.word(policy, ELI.date_document)]))


def alternates(shelf: Shelf, book: Book) -> tuple[Markup, ...]:
    """Return the links of the head to the same as data."""
    policy = book.document.policy.value
    forms = [(shelf.service.address(f"{policy}.{name}"), media) for name, media in _FORMS]
    forms.append((shelf.service.address(BASE + book.path) + "?format=json", "application/json"))
    return tuple(element("link", rel="alternate", type=media, href=address) for address, media in forms)


def _between(parts: Sequence[str], mark: str) -> list[str]:
    found: list[str] = []
    for part in parts:
        found += [mark, part] if found else [part]
    return found
