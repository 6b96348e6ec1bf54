"""Answers what readers and auditors ask of the register."""

from __future__ import annotations

import contextlib
import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, TypeVar

import anyio
from starlette.responses import Response

from policygraph.app.export import export_format
from policygraph.app.register import searching, times
from policygraph.app.register.personal import personal_fields
from policygraph.app.register.rdf import register_triples
from policygraph.app.register.statements import read, term
from policygraph.app.register.store import Register
from policygraph.app.register.tabular import Words, write_table
from policygraph.app.register.verifying import verify
from policygraph.errors import Text
from policygraph.graph.serialising import serialise
from policygraph.records.codebook import CodeBook
from policygraph.records.kinds import load_kinds
from policygraph.store.embedded import EmbeddedStore
from policygraph.web import bodies, negotiation
from policygraph.web.problems import INPUT, NOT_ACCEPTABLE, NOT_FOUND, usage
from policygraph.web.service import service

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from starlette.requests import Request

    from policygraph.app.register.entries import Entry
    from policygraph.web.register.guarding import Guest

_T = TypeVar("_T")
MOST_ENTRIES, FEWEST = 1000, 100
_MOST_QUESTION = 4096  # bytes of a search
_JSON = "application/json"


def answer(told: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Return an answer in JSON."""
    return Response(json.dumps(told, ensure_ascii=False).encode(), status, headers, _JSON)


def words(request: Request) -> Words:
    """Return the names of what a register holds, in the caller's language."""
    store = EmbeddedStore(service(request).graph)
    return Words(load_kinds(store), CodeBook.of(store), negotiation.language(request))


async def opened(guest: Guest, work: Callable[[Register], _T]) -> _T:
    """Return what some work gives on the register, in a thread of its own."""

    def run() -> _T:
        with Register.open(guest.register) as register:
            return work(register)

    return await anyio.to_thread.run_sync(run)


# ---------------------------------------------------------------- entries
async def entries(request: Request, guest: Guest) -> Response:
    """List entries, without what they hold."""
    asked = request.query_params
    names = await anyio.to_thread.run_sync(words, request)
    wanted = searching.Filter(
        kind=_kind(asked["kind"], names) if asked.get("kind") else "",
        verdict=asked.get("verdict", ""),
        since=times.day(asked["since"], "since") if asked.get("since") else None,
        until=times.day(asked["until"], "until") if asked.get("until") else None,
        who=asked.get("who", ""),
        standing=asked.get("standing", "") == "true",
    )
    after, most = _whole(asked.get("after"), "after", 0), min(MOST_ENTRIES, max(1, _whole(asked.get("most"), "most", FEWEST)))

    def work(register: Register) -> dict[str, Any]:
        standing = register.standing()
        found = [entry for entry in searching.listed(register, wanted) if entry.number > after]
        told: dict[str, Any] = {"total": len(found), "entries": [_entry(e, e.number in standing, names) for e in found[:most]]}
        if len(found) > most:
            told["next"] = found[most - 1].number
        return told

    return answer(await opened(guest, work))


async def entry(request: Request, guest: Guest) -> Response:
    """Show all that the register holds of an entry, its receipt aside."""
    number = numbered(request)
    names = await anyio.to_thread.run_sync(words, request)
    return answer(await opened(guest, lambda register: shown(register, number, names)))


def shown(register: Register, number: int, names: Words) -> dict[str, Any]:
    """Return an entry with its facts, the determinations on them and what became of it."""
    own = register.entry(number)
    told = _entry(own, register.stands(number), names)
    told["later"] = [each.number for action in ("correct", "erase", "determine") for each in register.referring(number, action)]
    payload = register.payload(number)
    if payload is not None and "facts" in payload.document:
        told["facts"] = [{"path": p, "name": n, "value": v} for p, n, v in names.facts(read(payload.document["facts"]), own.kind)]
        told["place"] = names.say(Text(**payload.document["place"])) if "place" in payload.document else ""
    elif payload is not None:
        said = payload.document
        told["determination"] = {name: str(said.get(name, "")) for name in ("field", "by", "authority", "date", "document")}
        told["determination"]["value"] = names.value(term(str(said["value"])))
    if own.records:
        told["determinations"] = [
            asdict(d) | {"value": names.value(d.value), "name": names.field(d.field, own.kind)} for d in register.determinations_of(number)
        ]
    told["receipt"] = bool(payload is not None and payload.receipt)
    return told


async def receipt(request: Request, guest: Guest) -> Response:
    """Give the receipt of an entry, with which it can be replayed."""
    number = numbered(request)
    media = negotiation.choose(negotiation.accepted(request), negotiation.RDF)
    if media is None:
        raise usage(
            "没有所要的格式。",
            "There is no such form.",
            Text("例如 Accept: text/turtle。", "For instance Accept: text/turtle."),
            NOT_ACCEPTABLE,
            available=[m.type for m in negotiation.RDF],
        )

    def work(register: Register) -> str:
        register.entry(number)
        payload = register.payload(number)
        return serialise(read(payload.receipt), media.form) if payload is not None and payload.receipt else ""

    text = await opened(guest, work)
    if not text:
        raise usage(
            "该条登记没有凭证，或已删除。",
            "The entry has no receipt, or it was erased.",
            Text("请查看该条登记。", "Look at the entry."),
            NOT_FOUND,
        )
    return Response(text.encode(), 200, {"Content-Type": media.sent})


async def search(request: Request, guest: Guest) -> Response:
    """Find entries by words of what they hold; the words are in the body, for addresses are logged on their way."""
    body = await bodies.read(request, _MOST_QUESTION)
    try:
        text = json.loads(body)["text"]
        if not isinstance(text, str):
            raise TypeError
    except (ValueError, KeyError, TypeError, RecursionError):
        raise usage(
            "请求体须是 JSON 对象。",
            "The body must be a JSON object.",
            Text('例如 {"text": "张"}', 'For instance {"text": "Zhang"}'),
            INPUT,
        ) from None
    return answer({"matches": await matching(request, guest, text)})


async def matching(request: Request, guest: Guest, text: str) -> list[dict[str, Any]]:
    """Return the entries that hold some words.

    Raises:
        UsageError: The text has no letter and no digit.
    """
    names = await anyio.to_thread.run_sync(words, request)

    def work(register: Register) -> list[dict[str, Any]]:
        standing = register.standing()
        return [
            _entry(m.entry, m.entry.number in standing, names)
            | {"name": m.name, "fields": [{"path": path, "name": names.field(path, m.entry.kind)} for path in m.fields]}
            for m in searching.search(register, text)
        ]

    return await opened(guest, work)


# ---------------------------------------------------------------- the whole
async def verification(request: Request, guest: Guest) -> Response:
    """Walk the chain and tell what in it is not as it was written."""
    head, spoken = request.query_params.get("head", ""), negotiation.language(request)
    found = await opened(guest, lambda register: verify(register, head))
    flaws = [{"entry": flaw.entry, "what": flaw.what.in_language(spoken)} for flaw in found.flaws]
    return answer(asdict(found) | {"sound": not flaws, "flaws": flaws})


async def export(request: Request, guest: Guest) -> Response:
    """Give the register as RDF or as a table, without personal data if so wished."""
    asked = request.query_params.get("format", "")
    offered = (*negotiation.RDF, negotiation.CSV)
    media = (
        next((m for m in offered if asked in {m.name, m.form}), None)
        if asked
        else negotiation.choose(negotiation.accepted(request), offered)
    )
    if media is None:
        raise usage(
            "没有所要的格式。",
            "There is no such form.",
            Text("请用 ?format=ttl 或 ?format=csv。", "Use ?format=ttl or ?format=csv."),
            NOT_ACCEPTABLE,
            available=[m.type for m in offered],
        )
    graph = service(request).graph
    names = await anyio.to_thread.run_sync(words, request)

    def work(register: Register) -> str:
        without = personal_fields(EmbeddedStore(graph)) if request.query_params.get("anonymous") == "true" else None
        if media is negotiation.CSV:
            return write_table(register, names, without)
        return serialise(register_triples(register, without), export_format(media.form, None), graph.namespaces())

    text = await opened(guest, work)
    headers = {"Content-Type": media.sent, "Content-Disposition": f'attachment; filename="register.{media.name}"'}
    return Response(text.encode(), 200, headers)


async def uses(request: Request, guest: Guest) -> Response:
    """List the latest uses of the register through the service."""
    most = min(MOST_ENTRIES, max(1, _whole(request.query_params.get("most"), "most", FEWEST)))
    found = await anyio.to_thread.run_sync(guest.tokens.uses, most)
    return answer({"uses": [asdict(use) for use in found]})


# ---------------------------------------------------------------- small things
def numbered(request: Request) -> int:
    """Return the number of the entry that a request is about.

    Raises:
        ProblemError: It is no number.
    """
    text = request.path_params["entry"]
    if text.isascii() and text.isdigit() and len(text) < 10:
        return int(text)
    raise usage("没有这样的编号。", "There is no such entry.", Text("/api/register 列出全部编号。", "/api/register lists them."), NOT_FOUND)


def _entry(own: Entry, stands: bool, names: Words) -> dict[str, Any]:
    labels = {"kindName": names.kind(own.kind), "verdictName": names.verdict(own.verdict)}
    return asdict(own) | {"standing": stands} | labels


def _kind(name: str, names: Words) -> str:
    """Return the IRI of the kind that a caller means; what is no kind matches nothing."""
    for kind in names.kinds.values():
        if name in {kind.iri, kind.short, kind.label.zh, kind.label.en}:
            return kind.iri
    raise usage(
        f"没有申报种类“{name}”。", f"There is no kind of submission “{name}”.", Text("/api/kinds 列出全部种类。", "/api/kinds lists them.")
    )


def _whole(text: str | None, name: str, otherwise: int) -> int:
    if text is None or text == "":
        return otherwise
    with contextlib.suppress(ValueError):
        if text.isascii() and len(text) < 10 and int(text) >= 0:
            return int(text)
    raise usage(
        f"{name} 须是非负整数。", f"{name} must be a whole number, not below 0.", Text(f"例如 {name}=100", f"For instance {name}=100")
    )
