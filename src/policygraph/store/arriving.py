"""Fetches the policy graph from a remote store and says whether it is the one that ought to be there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from policygraph.errors import StoreError, Text
from policygraph.graph.likeness import Difference, difference, plain
from policygraph.graph.memory import Graph

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from policygraph.model.terms import Triple
    from policygraph.store.remote import RemoteStore


@dataclass(frozen=True, slots=True)
class Arrival:
    """What a remote store holds, compared with what ought to be there.

    Attributes:
        triples: What it holds.
        difference: What is missing and what is too much.
    """

    triples: tuple[Triple, ...]
    difference: Difference


def arrival(store: RemoteStore, expected: Collection[Triple]) -> Arrival:
    """Fetch a store's graph and compare it.

    Args:
        store: Where it is.
        expected: What ought to be there, in the plain form of `graph.likeness`.

    Raises:
        StoreError: It did not answer, or did not give all that it counts.
    """
    count, found = store.count(), store.dump()
    if len(found) != count:
        raise StoreError(
            Text(
                f"该存储共有 {count} 条陈述，却只给出 {len(found)} 条。",
                f"The store counts {count} statements and gives {len(found)} of them.",
            ),
            Text(
                "请调高服务器的结果上限（Virtuoso：ResultSetMaxRows），或检查是否另有写入。",
                "Raise the server's limit of results (Virtuoso: ResultSetMaxRows), or see whether something else writes to it.",
            ),
            store.address.query,
        )
    return Arrival(found, difference(expected, plain(found)))


def fetch(store: RemoteStore, expected: Graph, prefixes: Mapping[str, tuple[str, ...]]) -> Graph:
    """Return the policy graph as a remote store holds it, for decisions and checks, which run here.

    Args:
        store: Where it was pushed.
        expected: The graph of this machine's data files.
        prefixes: prefix → namespaces, which a store does not keep.

    Raises:
        StoreError: The store holds another graph than these files make, or nothing.
    """
    found = arrival(store, plain(expected))
    if found.difference:
        raise StoreError(
            Text(
                f"该存储中的图与本机数据文件不一致：缺 {len(found.difference.missing)} 条，多 {len(found.difference.unexpected)} 条。",
                f"The graph in the store is not that of the data files here: {len(found.difference.missing)} statements missing,"
                f" {len(found.difference.unexpected)} too many.",
            ),
            Text("请先运行 policygraph push。", "Run `policygraph push` first."),
            store.address.query,
        )
    return Graph(found.triples, prefixes)
