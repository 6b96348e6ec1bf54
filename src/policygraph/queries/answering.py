"""Foreign SPARQL in a pool's workers: `graph.pool` prepares the policy graph with this module, and each request is one query."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from policygraph.errors import InputError, Text
from policygraph.graph.loading import PUBLIC, load_dataset
from policygraph.graph.memory import Graph, open_folder
from policygraph.graph.replying import Asked, reply
from policygraph.paths import DataRoots
from policygraph.queries.sandbox import inspect
from policygraph.vocab import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from policygraph.graph.stopping import Limits

SEALED = True  # a worker opens nothing once it has begun, so that a query reaches neither files nor the network
MOST = 10**5


@dataclass(frozen=True, slots=True)
class State:
    """What queries run over.

    Attributes:
        graph: The graph in memory, or the store once it is open.
        folder: Where the store is, if it is on disk.
        prefixes: prefix → namespace, for prefixes that a query does not declare.
        most: The most rows of an answer.
    """

    graph: Graph
    folder: str
    prefixes: Mapping[str, str]
    most: int


def prepare(job: dict[str, Any]) -> State:
    """Load the graph, unless it is on disk.

    Args:
        job: `roots`, the data folders, or `folder`, a store's; perhaps `prefixes`, and `rows`, the most rows of an answer.
    """
    most = int(job.get("rows", MOST))
    if "folder" in job:
        return State(Graph(), job["folder"], {**PREFIXES, **job.get("prefixes", {})}, most)
    graph = load_dataset(DataRoots(tuple(map(Path, job["roots"]))), PUBLIC)
    return State(graph, "", graph.namespaces() | job.get("prefixes", {}), most)


def opened(state: State) -> State:
    """Open the store on disk: after the fork, since its threads would not live through one."""
    return replace(state, graph=open_folder(Path(state.folder), read_only=True)) if state.folder else state


def work(
    state: State, head: dict[str, Any], body: bytes, limits: Limits, tell: Callable[[dict[str, Any]], None]
) -> tuple[dict[str, Any], bytes]:
    """Answer a query: see `graph.replying` for the answer's head.

    Args:
        state: What to ask.
        head: `query`; perhaps `default` and `named`, IRIs of graphs; `form`, a media type or several in the order of preference;
            `rows`, fewer rows than the most.
        body: Nothing.
        limits: The bytes that the answer may have.
        tell: Not used.

    Raises:
        PolicyGraphError: The query must not run, breaks the syntax, or has too large an answer.
    """
    found = inspect(head["query"], datasets=True)
    assumed = found.prefixes - found.declared
    if unknown := sorted(assumed - state.prefixes.keys()):
        raise undeclared(unknown[0])
    return evaluate(state, head, limits, {prefix: state.prefixes[prefix] for prefix in assumed})


def evaluate(state: State, head: dict[str, Any], limits: Limits, assumed: Mapping[str, str]) -> tuple[dict[str, Any], bytes]:
    """Answer a query that was inspected."""
    form = head.get("form") or ()
    media = (form,) if isinstance(form, str) else tuple(form)
    most = min(state.most, int(head.get("rows") or state.most))
    asked = Asked(head["query"], assumed, most, head.get("default"), head.get("named"), media)
    return reply(state.graph, asked, state.prefixes, limits)


def undeclared(prefix: str) -> InputError:
    """Return the error for a prefix that nobody declares; Oxigraph reports it as a syntax error some words later."""
    return InputError(
        Text(f"前缀 {prefix}: 没有声明。", f"The prefix {prefix}: is not declared."),
        Text(f"请加上：PREFIX {prefix}: <…>", f"Add: PREFIX {prefix}: <…>"),
    )
