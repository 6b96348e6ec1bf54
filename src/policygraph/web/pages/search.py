"""The search page: one box for everything, hits by group with what was found marked; the same as JSON."""

from __future__ import annotations

import json
import threading
from functools import cached_property
from typing import TYPE_CHECKING, Any

from anyio import to_thread

from policygraph.app.searching.entries import GROUPS
from policygraph.app.searching.index import LONGEST, SearchIndex
from policygraph.errors import LANGUAGES, Text
from policygraph.queries.catalogue import read_questions
from policygraph.reports.html.markup import Markup, element, join
from policygraph.vocab import BASE
from policygraph.web.answers import Answer, respond
from policygraph.web.api.forms import wanted
from policygraph.web.endpoints import Answers, Content, Endpoint, Operation, Parameter
from policygraph.web.linked.parameters import LANG
from policygraph.web.negotiation import HTML, JSON
from policygraph.web.pages import shell

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request
    from starlette.responses import Response

    from policygraph.app.searching.index import Found, Hit
    from policygraph.web.negotiation import Media
    from policygraph.web.service import Service

_FIRST, _MOST = 6, 200  # hits shown of each group, and of one group alone
_AROUND, _WHOLE = 40, 130  # characters beside a hit, and of words that are shown whole
_TAGS = {"zh": "zh-Hans", "en": "en"}


def endpoints(service: Service) -> tuple[Endpoint, ...]:
    """Return the endpoint."""
    group = Parameter("group", Text("只看一组", "one group only"), schema={"enum": list(GROUPS)}, example="sentences")
    words = Parameter(
        "q",
        Text("要找的词，可以多个，都须出现", "words to find; all of them must be there"),
        schema={"type": "string", "maxLength": LONGEST},
    )
    form = Parameter("format", Text("格式，优先于 Accept", "form of the answer, goes before Accept"), schema={"enum": ["json", "html"]})
    operation = Operation(
        "GET",
        "search",
        Text("查找名称、同义词、原文、问题与判读", "Find names, synonyms, sentences, questions and readings"),
        Text(
            "不分全角半角与大小写；找不到时列出相近的。",
            "Width and case make no difference; where nothing is found, what is near is listed.",
        ),
        (words, group, form, LANG),
        answers=(
            Answers(200, Text("找到的，分组，最佳在前", "What was found, by group, the best first"), (_content(), Content("text/html"))),
            Answers(304, Text("未更改", "Not changed")),
        ),
        problems=(406,),
    )
    return (Endpoint("/search", "pages", (operation,), Search(service).answer),)


def _content() -> Content:
    return Content("application/json", {"type": "object", "required": ["query", "total", "groups", "near"]})


class Search:
    """Answers searches over one graph.

    Args:
        owner: The service.
    """

    def __init__(self, owner: Service) -> None:
        self._owner = owner
        self._lock = threading.Lock()

    @cached_property
    def _index(self) -> SearchIndex:
        return SearchIndex(self._owner.graph, read_questions(self._owner.roots))

    async def answer(self, request: Request) -> Response:
        """Answer one search."""
        media = wanted(request, (JSON, HTML))
        key = ("search", media.name, shell.spoken(Text(*LANGUAGES), request), request.url.query)
        found = self._owner.cache.get(key)
        if found is None:
            found = await to_thread.run_sync(self._made, request, media)
            if len(request.url.query) <= LONGEST * 9:  # a Chinese character takes nine in an address
                self._owner.cache.keep(key, found)
        return respond(request, found, self._owner.modified)

    def _made(self, request: Request, media: Media) -> Answer:
        with self._lock:  # it is built once, however many ask first
            index = self._index
        found = index.search(request.query_params.get("q", ""))
        group = request.query_params.get("group", "")
        if media is JSON:
            body = (json.dumps(self._plain(found, group), ensure_ascii=False, indent=1) + "\n").encode()
            return Answer(body, JSON.sent, (("Vary", "Accept, Accept-Language"), ("Content-Language", "zh, en")))
        return shell.answer(request, _Results(request, self._owner, found, group).page())

    # ---------------------------------------------------------------- data
    def _plain(self, found: Found, group: str) -> dict[str, Any]:
        return {
            "query": found.query,
            "total": found.total,
            "groups": [
                {
                    "group": name,
                    "label": {"zh": GROUPS[name].zh, "en": GROUPS[name].en},
                    "total": len(hits),
                    "hits": [self._hit(hit) for hit in hits[:_MOST]],
                }
                for name, hits in found.groups.items()
                if group in ("", name)
            ],
            "near": [self._hit(hit) for hit in found.near],
        }

    def _hit(self, hit: Hit) -> dict[str, Any]:
        path, query, anchor = _target(hit)
        address = self._owner.address(BASE + path.removeprefix(BASE)) + (f"?clause={query['clause']}" if query else "") + anchor
        return {
            "iri": hit.entry.iri or None,
            "label": {"zh": hit.entry.label.zh, "en": hit.entry.label.en},
            "address": address,
            "found": {"words": hit.name.words, "language": hit.name.language or None, "spans": [list(span) for span in hit.spans]},
            "score": round(hit.score, 2),
        }


class _Results:
    """Writes the page of one search."""

    def __init__(self, request: Request, owner: Service, found: Found, group: str) -> None:
        self._request, self._owner, self._found = request, owner, found
        self._group = group if group in found.groups else ""
        self._spoken = shell.spoken(Text(*LANGUAGES), request)

    def page(self) -> shell.Page:
        """Return the page."""
        query = self._found.query
        title = self._w(f"查找“{query}”", f"Search for “{query}”") if query else self._w("查找", "Search")
        data = element("link", rel="alternate", type="application/json", href=self._here(format="json"))
        return shell.Page(
            title,
            (self._form(), *(self._results() if query else self._beginning())),
            "search",
            sheets=("search.css",),
            links=(data,) if query else (),
        )

    def _w(self, zh: str, en: str) -> str:
        return en if self._spoken == "en" else zh

    def _here(self, **query: str) -> str:
        return shell.place(self._request, "search", q=self._found.query, **query)

    def _form(self) -> Markup:
        label = self._w(
            "找什么？单位、术语、原文里的话、问题都可以", "What are you looking for? Units, terms, words of the text, questions"
        )
        box = element("input", type="search", name="q", id="q", value=self._found.query, maxlength=str(LONGEST), autocomplete="off")
        kept = self._spoken == "en" or self._request.query_params.get("lang")
        spoken = element("input", type="hidden", name="lang", value=self._spoken) if kept else ""
        button = element("button", self._w("查找", "Find"), type="submit")
        row = element("div", box, button, class_="row")
        action = self._owner.address(BASE + "search")
        return element("form", element("label", label, for_="q"), row, spoken, action=action, method="get", class_="searching")

    # ---------------------------------------------------------------- what was found
    def _results(self) -> list[Markup]:
        found = self._found
        if not found.total:
            return self._nothing()
        said = self._w(f"找到 {found.total} 项。", f"{found.total} found.")
        data = element("a", "JSON", href=self._here(format="json"), type="application/json")
        parts = [element("p", said, " ", self._w("数据：", "Data: "), data, role="status", class_="soft")]
        if len(found.groups) > 1:
            parts.append(self._jumps())
        parts += [self._listed(name, hits) for name, hits in found.groups.items() if self._group in ("", name)]
        parts.append(element("p", shell.STANDING.in_language(self._spoken), class_="notice"))
        return parts

    def _jumps(self) -> Markup:
        items = [element("a", self._w("全部", "All"), href=self._here(), aria_current="true" if not self._group else "")]
        for name, hits in self._found.groups.items():
            current = "true" if name == self._group else ""
            items.append(
                element("a", f"{GROUPS[name].in_language(self._spoken)} {len(hits)}", href=self._here(group=name), aria_current=current)
            )
        return element(
            "nav", element("ul", *(element("li", item) for item in items)), class_="groups", aria_label=self._w("分组", "Groups")
        )

    def _listed(self, name: str, hits: Sequence[Hit]) -> Markup:
        most = _MOST if self._group else _FIRST
        rows = [self._row(hit) for hit in hits[:most]]
        title = element(
            "h2", GROUPS[name].in_language(self._spoken), " ", element("span", str(len(hits)), class_="count"), id=f"group-{name}"
        )
        more: Markup | str = ""
        if len(hits) > most and not self._group:
            words = self._w(f"全部 {len(hits)} 项", f"All {len(hits)}")
            more = element("p", element("a", words, href=self._here(group=name), class_="button quiet"))
        return element("section", title, element("ol", *rows, class_="hits"), more, aria_labelledby=f"group-{name}", class_=f"of-{name}")

    def _row(self, hit: Hit) -> Markup:
        path, query, anchor = _target(hit)
        address = shell.place(self._request, path, **query) + anchor
        label = hit.entry.label.in_language(self._spoken)
        own = hit.of_name and hit.name.words == label
        link = element("a", _marked(hit, 0, len(label)) if own else label, href=address)
        iri = element("code", hit.entry.iri.removeprefix(BASE), class_="soft") if hit.entry.group == "vocabulary" else ""
        if own:
            return element("li", link, " ", iri)
        begin, end = _window(hit)
        also = self._w("又名 ", "also ") if hit.of_name and hit.entry.group != "questions" else ""
        tag = _TAGS.get(hit.name.language, "")
        words = element("span", "…" if begin else "", _marked(hit, begin, end), "…" if end < len(hit.name.words) else "", lang=tag)
        return element("li", link, " ", iri, element("p", also, words, class_="words"))

    # ---------------------------------------------------------------- nothing yet
    def _nothing(self) -> list[Markup]:
        query = self._found.query
        said = self._w(f"没有找到“{query}”。", f"Nothing holds “{query}”.")
        fix = self._w(
            "可以少写几个字，或换一种说法；多个词须都出现。", "Try fewer or other words; where there are several, all must be there."
        )
        parts = [element("p", element("strong", said), " ", fix, role="status", class_="empty")]
        if self._found.near:
            title = element("h2", self._w("相近的", "What comes near"), id="near")
            rows = element("ol", *(self._row(hit) for hit in self._found.near), class_="hits")
            parts.append(element("section", title, rows, aria_labelledby="near"))
        return [*parts, *self._ways()]

    def _beginning(self) -> list[Markup]:
        said = self._w(
            "写几个字即可：单位的简称或全称、术语及其别名、原文里的一句话、想问的问题。全角半角、大小写都一样。",
            "A few letters will do: a unit, a term or another name of it, words of the text, a question. Width and case do not matter.",
        )
        return [element("p", said, class_="soft"), *self._ways()]

    def _ways(self) -> list[Markup]:
        names = [(path, name) for path, name in shell.WAYS if path in ("read", "ask", "map", "check", "entitlements")]
        items = (element("li", element("a", name.in_language(self._spoken), href=shell.place(self._request, path))) for path, name in names)
        title = element("h2", self._w("也可以从这里开始", "Or begin here"))
        return [element("nav", title, element("ul", *items), class_="begin", aria_label=self._w("入口", "Ways in"))]


def _target(hit: Hit) -> tuple[str, dict[str, str], str]:
    """Return path, query and fragment of where a hit leads: a sentence or clause is read in its text."""
    entry = hit.entry
    if not entry.anchor:
        return entry.path, {}, ""
    if entry.group == "clauses":
        return entry.path, {"clause": entry.clauses[0][2]}, f"#{entry.anchor}"
    at = hit.spans[0][0] if hit.spans and hit.name.language == "zh" else -1
    clause = next((short for start, end, short in entry.clauses if start <= at < end), "")
    return entry.path, {"clause": clause} if clause else {}, f"#{entry.anchor}"


def _window(hit: Hit) -> tuple[int, int]:
    """Return which part of the words is shown: all when they are short, else what stands around the first hit."""
    length = len(hit.name.words)
    if length <= _WHOLE or not hit.spans:
        return 0, min(length, _WHOLE)
    first, last = hit.spans[0]
    begin = max(0, first - _AROUND)
    return begin, min(length, max(last + _AROUND, begin + _WHOLE))


def _marked(hit: Hit, begin: int, end: int) -> Markup:
    """Return a part of the words with the hits in it marked."""
    words, parts, at = hit.name.words, [], begin
    for start, stop in hit.spans:
        if start >= at and stop <= end:
            parts += [words[at:start], element("mark", words[start:stop])]
            at = stop
    return join([*parts, words[at:end]])
