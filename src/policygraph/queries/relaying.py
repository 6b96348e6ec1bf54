"""Foreign SPARQL passed on to a remote store, in a pool's workers: what `answering` is for the embedded ones.

A query is first run on an empty store of our own: what is no SPARQL 1.1 is never sent, so a server's pragmas and extensions stay out of
reach. Its answer is read and written anew here, so that callers get the same forms whatever the server can write.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from policygraph.graph.memory import Graph
from policygraph.graph.relayed import rewritten
from policygraph.graph.replying import Asked, reply
from policygraph.queries.answering import MOST, undeclared
from policygraph.queries.lexer import decode
from policygraph.queries.sandbox import inspect
from policygraph.store.opening import connect
from policygraph.store.retrying import Patience
from policygraph.vocab import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from policygraph.graph.stopping import Limits
    from policygraph.store.remote import RemoteStore

_PATIENCE = Patience(attempts=3, first=0.2, longest=1.0)  # the caller waits, and may ask again himself


@dataclass(frozen=True, slots=True)
class State:
    """What queries are passed on to.

    Attributes:
        store: The server.
        prefixes: prefix → namespace, for prefixes that a query does not declare.
        empty: A store without any statement.
    """

    store: RemoteStore
    prefixes: Mapping[str, str]
    empty: Graph


def prepare(job: dict[str, Any]) -> State:
    """Make ready; nothing is sent yet.

    Args:
        job: `address` of the server; `prefixes`.
    """
    return State(connect(job["address"], patience=_PATIENCE), {**PREFIXES, **job.get("prefixes", {})}, Graph())


def work(
    state: State, head: dict[str, Any], body: bytes, limits: Limits, tell: Callable[[dict[str, Any]], None]
) -> tuple[dict[str, Any], bytes]:
    """Answer a query: see `answering.work`, which takes and gives the same.

    Raises:
        PolicyGraphError: The query must not run, breaks the syntax, has too large an answer, or the server does not answer.
    """
    query = decode(head["query"])  # escapes mean the same to every server when there are none
    found = inspect(query, datasets=True)
    assumed = found.prefixes - found.declared
    if unknown := sorted(assumed - state.prefixes.keys()):
        raise undeclared(unknown[0])
    form = head.get("form") or ()
    most = min(MOST, int(head.get("rows") or MOST))
    media = (form,) if isinstance(form, str) else tuple(form)
    used = {prefix: state.prefixes[prefix] for prefix in sorted(assumed)}
    default, named = head.get("default"), head.get("named")
    told, _ = reply(state.empty, Asked(query, used, most, default, named, media), state.prefixes, limits)
    dataset: dict[str, Any]
    if default or named:
        dataset = {"default": list(default or ()), "named": list(named or ())}
    else:
        # FROM in the text counts only when the request names no graph; a server knows no graph but those that it stores.
        dataset = {"default": [] if "FROM" in found.words else None}
    kinds = {"rows": "SELECT", "ask": "ASK", "graph": "CONSTRUCT"}
    declared = "".join(f"PREFIX {prefix}: <{namespace}>\n" for prefix, namespace in used.items())
    answer = state.store.relay(declared + query, kinds[told["form"]], **dataset)
    return rewritten(answer, told["form"], told["media"], most, state.prefixes, limits)
