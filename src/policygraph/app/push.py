"""Puts the policy graph into a remote store: beside its place, verified there, and then moved in one step.

Readers see the former graph until the new one is there in full. A push that is cut off leaves the former graph as it was, and the next
one starts with an empty place. Other graphs of the store are not touched.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from policygraph.errors import InputError, StoreError, Text
from policygraph.graph.likeness import Difference, fingerprint, plain
from policygraph.store.arriving import arrival
from policygraph.store.remote import insertions

if TYPE_CHECKING:
    from collections.abc import Callable

    from policygraph.graph.memory import Graph
    from policygraph.store.remote import RemoteStore

SENDING = Text("推送", "pushing")


@dataclass(frozen=True, slots=True)
class Pushed:
    """What a push did.

    Attributes:
        count: Statements of the graph.
        fingerprint: sha256 over its canonical form, in which what stores do to literals makes no difference.
        before: Statements that stood in its place.
        sent: Whether it was sent; not when it was there already, nor in a rehearsal.
        difference: What differs: what arrived otherwise, or in a rehearsal what stands there.
    """

    count: int
    fingerprint: str
    before: int
    sent: bool
    difference: Difference


def push(
    store: RemoteStore,
    graph: Graph,
    *,
    rehearsal: bool = False,
    tell: Callable[[Text, int, int], None] = lambda *_: None,
) -> Pushed:
    """Put the policy graph into a store, unless it is there already.

    Args:
        store: Where to; it names the graph that is replaced.
        graph: The policy graph.
        rehearsal: Only look.
        tell: Hears how far it has come.

    Raises:
        StoreError: The store did not answer, or refused.
    """
    expected = plain(graph)
    before, mark = store.count(), fingerprint(expected)
    wrong = arrival(store, expected).difference if before == len(expected) else Difference(expected, ())
    if rehearsal or not wrong:
        return Pushed(len(expected), mark, before, sent=False, difference=wrong)
    staging = store.beside(f"{store.graph}/staging")
    try:
        _send(staging, graph, tell)
    except InputError as error:  # a batch of ours is no foreign query
        raise StoreError(error.what, error.fix, error.where) from error
    wrong = arrival(staging, expected).difference
    if wrong:
        staging.update(f"DROP SILENT GRAPH <{staging.graph}>", repeatable=True)
    else:
        _move(staging, store, len(expected))
        wrong = arrival(store, expected).difference
    return Pushed(len(expected), mark, before, sent=True, difference=wrong)


def _send(staging: RemoteStore, graph: Graph, tell: Callable[[Text, int, int], None]) -> None:
    """Fill the place beside; its first request also empties it, so that each of them can be sent again when its answer was lost."""
    done, first = 0, f"DROP SILENT GRAPH <{staging.graph}> ;\n"
    tell(SENDING, 0, len(graph))
    for batch, update in insertions(graph, staging.graph):
        staging.update(first + update, repeatable=True)
        first, done = "", done + len(batch)
        tell(SENDING, done, len(graph))


def _move(staging: RemoteStore, store: RemoteStore, count: int) -> None:
    """Replace the graph by the one beside it; never sent twice, since a second time would empty it."""
    try:
        store.update(f"MOVE GRAPH <{staging.graph}> TO GRAPH <{store.graph}>")
    except StoreError:
        # Its answer may have been lost only.
        if store.count() != count:
            raise
