"""Answers for the reader: the list of policies, and one policy as page or as data."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from anyio import to_thread
from starlette.responses import Response

from policygraph.app import audit
from policygraph.app.audited import document as audited
from policygraph.app.reader.facets import NAMES
from policygraph.app.reader.plain import plain
from policygraph.errors import LANGUAGES, Text
from policygraph.model.terms import Iri
from policygraph.reports.html.markup import element
from policygraph.vocab import BASE
from policygraph.web.answers import Answer, respond
from policygraph.web.api.forms import wanted
from policygraph.web.negotiation import HTML, JSON
from policygraph.web.pages import shell
from policygraph.web.pages.reader.audit import AuditView
from policygraph.web.pages.reader.shelf import Shelf
from policygraph.web.pages.reader.view import View, record_line
from policygraph.web.problems import NOT_FOUND, usage

if TYPE_CHECKING:
    from starlette.requests import Request

    from policygraph.app.audit import Audit
    from policygraph.app.reader.document import Item
    from policygraph.web.negotiation import Media
    from policygraph.web.pages.reader.shelf import Book
    from policygraph.web.service import Service

_LONGEST = 500  # characters of a query whose answer is kept
_FORMS = (JSON, HTML)
_AUDIT = "audit"


class Reader:
    """The reader of a service.

    Args:
        owner: The service.
    """

    def __init__(self, owner: Service) -> None:
        self._owner = owner
        self.shelf = Shelf(owner)
        self._audits: dict[Iri, Audit] = {}

    async def listed(self, request: Request) -> Response:
        """List the policies, or lead to the only one."""
        policies = self.shelf.policies
        if len(policies) == 1:
            kept = {n: v for n in ("lang", "format") if (v := request.query_params.get(n, ""))}
            place = self._owner.link(f"{BASE}read/{next(iter(policies))}") + ("?" + urlencode(kept) if kept else "")
            return Response(None, 303, {"Location": place, "Cache-Control": "public, no-cache"})
        media = wanted(request, _FORMS)
        if media is JSON:
            return respond(request, _json({"policies": [self._row(name) for name in policies]}), self._owner.modified)
        return respond(request, shell.answer(request, self._list(request)), self._owner.modified)

    async def read(self, request: Request) -> Response:
        """Answer with one policy."""
        name = request.path_params["policy"]
        policy = self.shelf.policies.get(name) or next((p for p in self.shelf.policies.values() if p.value == BASE + name), None)
        if policy is None:
            known = list(self.shelf.policies)
            fix = Text(f"可以阅读：{'、'.join(known)}", f"To be read: {', '.join(known)}")
            raise usage("没有这份政策的文本。", "There is no text of such a policy.", fix, NOT_FOUND)
        media, query = wanted(request, _FORMS), request.url.query
        key = ("read", policy.value, media.name, shell.spoken(Text(*LANGUAGES), request), query)
        found = self._owner.cache.get(key)
        if found is None:
            found = await to_thread.run_sync(self._made, request, policy, media)
            if len(query) <= _LONGEST:
                self._owner.cache.keep(key, found)
        return respond(request, found, self._owner.modified)

    # ---------------------------------------------------------------- one policy
    def _made(self, request: Request, policy: Iri, media: Media) -> Answer:
        book = self.shelf.book(policy)
        if request.query_params.get("view", "") == _AUDIT:
            return self._audited(request, book, media)
        asked = {name: request.query_params.getlist(name) for name in NAMES}
        filtered = book.facets.filtered(asked)
        if media is JSON:
            matching = {clause.item.node for clause in filtered.matching}
            return _json(plain(self._owner.graph, book.document, book.clauses, matching))
        return shell.answer(request, View(request, self.shelf, book, filtered, self._item(request, book)).page())

    def _item(self, request: Request, book: Book) -> Item | None:
        """Return the item whose panel is wanted.

        Raises:
            ProblemError: The text has no such item.
        """
        name = request.query_params.get("clause", "")
        if not name:
            return None
        document = book.document
        found = document.item(Iri(f"{document.policy.value}/{name}")) or document.item(Iri(name)) or document.item(Iri(BASE + name))
        if found is None:
            fix = Text("请从政策全文中选择条款。", "Choose a clause in the text of the policy.")
            raise usage(f"文本中没有“{name[:80]}”这一条款。", f"The text has no clause “{name[:80]}”.", fix, NOT_FOUND)
        return found

    def _audited(self, request: Request, book: Book, media: Media) -> Answer:
        policy = book.document.policy
        if policy not in self._audits:
            self._audits[policy] = audit.run(self._owner.roots, policy.value)[0]
        found = self._audits[policy]
        if media is JSON:
            return _json(audited((found,)))
        return shell.answer(request, AuditView(request, self.shelf, book, found).page())

    # ---------------------------------------------------------------- all policies
    def _row(self, name: str) -> dict[str, Any]:
        policy = self.shelf.policies[name]
        label = self.shelf.facts.label(policy)
        return {"policy": policy.value, "label": {"zh": label.zh, "en": label.en}, "page": self._owner.address(f"{BASE}read/{name}")}

    def _list(self, request: Request) -> shell.Page:
        said = shell.spoken(Text(*LANGUAGES), request)
        cards = []
        for name, policy in self.shelf.policies.items():
            link = element("a", self.shelf.facts.label(policy).in_language(said), href=shell.place(request, f"read/{name}"))
            cards.append(
                element("li", element("h2", link), element("p", record_line(self.shelf, policy, said), class_="soft"), class_="card")
            )
        empty = element("p", Text("还没有带文本的政策。", "There is no policy with a text yet.").in_language(said), class_="empty")
        listed = element("ul", *cards, class_="cards") if cards else empty
        return shell.Page(Text("阅读政策", "Read the policies").in_language(said), (listed,), "read", sheets=("read.css",))


def _json(said: dict[str, Any]) -> Answer:
    body = (json.dumps(said, ensure_ascii=False, indent=1) + "\n").encode()
    return Answer(body, JSON.sent, (("Vary", "Accept, Accept-Language"), ("Content-Language", "zh, en")))
