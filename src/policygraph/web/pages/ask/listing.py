"""The list of saved questions by topic, with a box that narrows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policygraph.errors import Text
from policygraph.reports.html.markup import Markup, element
from policygraph.vocab import BASE
from policygraph.web.pages.ask.form import hidden
from policygraph.web.pages.shell import STANDING, Page, place, spoken
from policygraph.web.service import service

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request

    from policygraph.queries.catalogue import Question

_TITLE = Text("提问", "Ask")
_LEAD = Text(
    "{count} 个现成的问题；每个都可换对象、排序、筛选、下载，并附所据的原文。",
    "{count} ready questions; each can be asked of other things, sorted, filtered and downloaded, and shows the words that it rests on.",
)
_NONE = Text("没有问题含有“{words}”。", "No question holds “{words}”.")
_FILTER = Text("查找问题", "Find a question")
_OWN = Text("没有合适的？", "None that fits?")
_EDITOR = Text("用 SPARQL 自己提问", "Ask your own in SPARQL")


def listing(request: Request, topics: Sequence[tuple[Text, Sequence[Question]]], words: str) -> Page:
    """Return the page.

    Args:
        request: The request.
        topics: Questions under their topics.
        words: What they must hold, '' for all.
    """
    wanted = words.casefold().split()
    kept = [(heading, [q for q in group if all(word in _text(q, heading) for word in wanted)]) for heading, group in topics]
    kept = [(heading, group) for heading, group in kept if group]
    count = sum(len(group) for _, group in topics)
    nav = [
        element(
            "li", element("a", spoken(heading, request), href=f"#{_anchor(group)}"), " ", element("span", str(len(group)), class_="soft")
        )
        for heading, group in kept
    ]
    empty = element("p", spoken(_NONE.format(words=words), request), class_="empty", id="questions-empty")
    return Page(
        spoken(_TITLE, request),
        (
            _box(request, words),
            element("nav", element("ul", *nav), class_="topics", aria_label=spoken(Text("主题", "Topics"), request)) if kept else empty,
            *(_topic(request, heading, group) for heading, group in kept),
            element("p", spoken(_OWN, request), " ", element("a", spoken(_EDITOR, request), href=place(request, "sparql"))),
            element("p", spoken(STANDING, request), class_="notice"),
        ),
        "ask",
        spoken(_LEAD.format(count=count), request),
        scripts=("ask.js",),
        sheets=("ask.css",),
        links=(element("link", rel="alternate", type="application/json", href="?format=json"),),
    )


def _box(request: Request, words: str) -> Markup:
    label = spoken(_FILTER, request)
    return element(
        "form",
        element("label", label, for_="questions-filter"),
        element("input", type="search", name="q", id="questions-filter", value=words, maxlength="200", autocomplete="off"),
        hidden(request),
        element("button", spoken(Text("查找", "Find"), request), type="submit"),
        element("p", id="questions-count", class_="count", role="status"),
        action=service(request).address(BASE + "ask"),
        method="get",
        class_="filter",
        role="search",
        aria_label=label,
    )


def _topic(request: Request, heading: Text, group: Sequence[Question]) -> Markup:
    anchor, items = _anchor(group), []
    for question in group:
        parts: list[str] = [element("a", spoken(question.summary, request), href=place(request, f"ask/{question.name}"))]
        if question.params:
            comma = spoken(Text("、", ", "), request)
            names = comma.join(spoken(about, request) for about in question.params.values())
            parts += [" ", element("span", spoken(Text("可选：", "choose: "), request), names, class_="params")]
        if question.description:
            parts.append(element("p", spoken(question.description, request), class_="soft"))
        items.append(element("li", *parts, data_words=_text(question, heading)))
    title = element("h2", spoken(heading, request), id=f"{anchor}-title")
    return element(
        "section", title, element("ul", *items, class_="questions"), id=anchor, class_="topic", aria_labelledby=f"{anchor}-title"
    )


def _anchor(group: Sequence[Question]) -> str:
    return f"topic-{group[0].tags[0]}" if group[0].tags else "topic-other"


def _text(question: Question, heading: Text) -> str:
    """Return all words by which a question is found, in both languages."""
    texts = [question.summary, heading, *question.params.values(), *([question.description] if question.description else [])]
    return " ".join([question.name, *question.tags, *(words for text in texts for words in (text.zh, text.en))]).casefold()
