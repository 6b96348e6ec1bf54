"""Problems of addresses that mean nothing: what is near, and where to begin."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote

from policygraph.errors import Text
from policygraph.vocab import BASE
from policygraph.web.linked.addresses import spellings
from policygraph.web.problems import NOT_FOUND, USAGE, usage

if TYPE_CHECKING:
    from policygraph.app.linked.things import Things
    from policygraph.web.problems import ProblemError
    from policygraph.web.service import Service

_FEW = 6
_NAMED_UP_TO = 1_000_000  # statements up to which all names are indexed for near misses
_SHORT = 200


def nothing(service: Service, things: Things, path: str) -> ProblemError:
    """Return the problem of an address of which nothing is known, with what is near: things of the same name, and those above it."""
    found: dict[str, None] = {}
    last = unquote(path.rstrip("/").rpartition("/")[2])
    if service.size <= _NAMED_UP_TO and len(last) <= _SHORT:
        names = dict.fromkeys((last, last.rpartition(".")[0]))
        same = {iri.value for name in names if name for iri in service.entities.find(name) if iri.value.startswith(BASE)}
        found |= dict.fromkeys(sorted(same)[:_FEW])
    above = path.rstrip("/")
    while above and len(above) <= _SHORT:
        if (near := next((BASE + each for each in spellings(above) if things.known(BASE + each)), None)) is not None:
            found[near] = None
            break
        above = above.rpartition("/")[0]
    extra = {"near": [{"iri": iri, "url": service.link(iri)} for iri in found]} if found else {}
    fix = (
        Text("您是否要找：{list}", "Did you mean: {list}") if found else Text("/ 列出服务的各个入口。", "/ lists what the service offers.")
    )
    listed = Text("、".join(found), ", ".join(found))
    return usage("图中没有此 IRI。", "The graph says nothing of this IRI.", fix.format(list=listed), NOT_FOUND, {"Vary": "Accept"}, **extra)


def no_page(asked: str) -> ProblemError:
    """Return the problem of a page that there is not."""
    shown = asked[:20]
    return usage(
        f"没有第“{shown}”页。",
        f"There is no page “{shown}”.",
        Text("页码从 1 开始；Link 头给出前后各页。", "Pages are counted from 1; the Link header names those beside."),
        NOT_FOUND if asked.isdecimal() and int(asked[:9]) > 0 else USAGE,
    )
