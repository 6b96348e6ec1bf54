"""Takes the forms of the interview: a worker does each step on what the form holds, and the page that follows holds it again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from starlette.responses import Response

from policygraph.errors import Text
from policygraph.model.terms import Iri, local_name
from policygraph.reports.html.markup import Markup
from policygraph.vocab import PG, RDFS
from policygraph.web import bodies
from policygraph.web.api import forms
from policygraph.web.api.intake import MULTIPART, private_folder, take, wrong_type
from policygraph.web.api.judging import day, require
from policygraph.web.connected import while_connected
from policygraph.web.negotiation import language
from policygraph.web.pages import shell
from policygraph.web.pages.entitled.question import asking
from policygraph.web.pages.entitled.result import found_wrong, shown
from policygraph.web.pages.entitled.start import begin
from policygraph.web.pages.keeping import kept
from policygraph.web.problems import usage
from policygraph.web.service import service

if TYPE_CHECKING:
    from starlette.requests import Request

    from policygraph.web.service import Service

FORM = "application/x-www-form-urlencoded"
# What `format` may say: media type, and what the file is called.
FILES = {
    "ttl": ("text/turtle", "answers.ttl"),
    "jsonld": ("application/ld+json", "answers.jsonld"),
    "json": ("application/json", "answers.json"),
    "result-json": ("application/json", "result.json"),
    "result-ttl": ("text/turtle", "result.ttl"),
    "result-txt": ("text/plain", "result.txt"),
}
_MOST, _MOST_FIELDS = 1 << 20, 2_000
_ACTS = frozenset({"next", "unknown", "change", "remove", "back", "ask", "show"})


@dataclass(frozen=True, slots=True)
class Subject:
    """A kind of subject: its class, its short name, and the kinds of claim that are about it."""

    iri: Iri
    short: str
    about: tuple[Iri, ...]


@dataclass(frozen=True, slots=True)
class Filled:
    """A form of the interview as it was sent.

    Attributes:
        kind: Kind of subject.
        lines: The answers so far.
        act: What is to be done.
        at: Pointer of the answer that it is done to.
        say: What was answered.
        view: What was shown: ask or show.
        as_of: Day as of which to judge, '' for today's.
        was: Rule → outcome as shown before.
        form: As which file to save.
    """

    kind: str = ""
    lines: tuple[str, ...] = ()
    act: str = "ask"
    at: str = ""
    say: str = ""
    view: str = "ask"
    as_of: str = ""
    was: tuple[tuple[str, str], ...] = ()
    form: str = ""


class Interviews:
    """Conducts interviews for callers; keeps nothing of them.

    Args:
        owner: The service.
    """

    def __init__(self, owner: Service) -> None:
        self._owner = owner
        self.kinds = _subjects(owner)

    async def answer(self, request: Request) -> Response:
        """Answer with the first page, or with the one that follows on a form."""
        if request.method != "POST":
            return await kept(request, ("entitlements",), lambda: begin(request, self.kinds))
        async with private_folder() as folder:
            files: tuple[str, ...] = ()
            if _media_type(request) == MULTIPART:
                taken = await take(request, folder, self._owner.options.upload)
                require(taken, 1)
                filled, files = Filled(act="load"), taken.files
            else:
                filled = await read(request)
            told, body = await self._step(request, filled, str(folder), {"files": files})
        found = Markup(body.decode())
        if told.get("findings"):
            return shell.respond(request, found_wrong(request, found))
        page = asking(request, told, filled) if told["question"] else shown(request, told, filled, found)
        return shell.respond(request, page)

    async def file(self, request: Request) -> Response:
        """Answer with a file made of the answers."""
        filled = await read(request)
        if filled.form not in FILES:
            raise usage("没有这种格式。", "There is no such form.", Text("可用：" + "、".join(FILES), "There are: " + ", ".join(FILES)))
        async with private_folder() as folder:
            _, body = await self._step(request, filled, str(folder), {"file": filled.form})
        media, name = FILES[filled.form]
        sent = media if media.endswith("json") else f"{media}; charset=utf-8"
        headers = {"Content-Disposition": forms.disposition(name), "Content-Language": "zh, en", **forms.NO_STORE}
        return Response(body, 200, {"Content-Type": sent, **headers})

    async def _step(self, request: Request, filled: Filled, folder: str, more: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        head = {
            "job": "interview", "folder": folder, "language": language(request), "root": shell.place(request, ""),
            "asOf": day(filled.as_of),
            "kind": filled.kind, "lines": filled.lines, "act": filled.act, "at": filled.at, "say": filled.say, "view": filled.view,
            "was": dict(filled.was),
        }  # fmt: skip
        return await while_connected(request, service(request).judge(head | more))


async def read(request: Request) -> Filled:
    """Return the form that a request brings.

    Raises:
        ProblemError: It is none, is too large, or says what no page of ours says.
    """
    if (media_type := _media_type(request)) != FORM:
        raise wrong_type(media_type, [FORM])
    body = await bodies.read(request, _MOST)
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS)
    except ValueError:  # of which those of encodings are some
        raise usage("表单无法读取。", "The form cannot be read.", Text("请从页面上重新提交。", "Send it from the page again.")) from None
    fields = dict(pairs)
    act, _, at = fields.get("act", "next" if "at" in fields else "ask").partition(" ")
    if act not in _ACTS:
        raise usage("没有这种操作。", "There is no such action.", Text("请用页面上的按钮。", "Use the buttons of the page."))
    was = [value.partition(" ") for name, value in pairs if name == "was"]
    return Filled(
        kind=fields.get("kind", ""),
        lines=tuple(value for name, value in pairs if name == "line"),
        act=act,
        at=at or (fields.get("at", "") if act in {"next", "unknown"} else ""),
        say=fields.get("say", ""),
        view="show" if fields.get("view") == "show" else "ask",
        as_of=fields.get("as-of", "").strip(),
        was=tuple((rule, outcome) for rule, _, outcome in was),
        form=fields.get("format", ""),
    )


def _media_type(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def _subjects(owner: Service) -> tuple[Subject, ...]:
    """Return the kinds of subject, those first about whom most can be claimed."""
    graph, found = owner.graph, []
    for kind in graph.subjects(RDFS.subClassOf, Iri(PG.SubjectProfile)):
        if isinstance(kind, Iri) and any(graph.subjects(PG.onClass, kind)):
            stated = graph.subjects(PG.aboutSubject, kind)
            classes = {
                c for node in stated for c in (*graph.objects(node, PG.onClass), *(() if graph.objects(node, PG.onClass) else (node,)))
            }
            found.append(Subject(kind, local_name(kind.value), tuple(sorted(c for c in classes if isinstance(c, Iri)))))
    return tuple(sorted(found, key=lambda s: (-len(s.about), s.iri)))
