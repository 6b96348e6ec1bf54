"""Opens the store that `--store memory | DIR | URL` names.

The embedded ones hold the whole graph as their default graph, and beside it the statements of each source file in its named graph.

On a server the whole policy graph stands in one named graph, and every query names it as its default graph. It is the only layout that
answers alike everywhere: Virtuoso's default graph is the union of all its graphs, its own among them, while Oxigraph's is empty when
everything is in named graphs; and over a graph for each source file (168 of them, to be named in every request) Virtuoso gives a row for
each file that states it.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from policygraph.graph.loading import PUBLIC, digest, load, load_dataset
from policygraph.store.address import is_address, read_address
from policygraph.store.credentials import read_credentials
from policygraph.store.embedded import EmbeddedStore
from policygraph.vocab import BASE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from policygraph.graph.memory import Graph
    from policygraph.paths import DataRoots
    from policygraph.store.base import Store
    from policygraph.store.remote import RemoteStore
    from policygraph.store.retrying import Patience

MEMORY = "memory"
WHOLE = f"{BASE}graph/whole"
ENV_UPDATE, ENV_GRAPH = "POLICYGRAPH_STORE_UPDATE", "POLICYGRAPH_STORE_GRAPH"


@dataclass(frozen=True, slots=True)
class Opened:
    """A store that is ready.

    Attributes:
        store: Answers queries.
        graph: The same policy graph in this process, for checks and decisions; not to be changed.
        digest: Digest of the data files that it was made of.
        place: What it is, fit to be shown: memory, a folder, an address.
    """

    store: Store
    graph: Graph
    digest: str
    place: str


def open_store(where: str, roots: DataRoots, *, patience: Patience | None = None) -> Opened:
    """Open a store.

    Args:
        where: memory, a folder, or the address of a SPARQL server to which the graph was pushed.
        roots: Where the data files are.
        patience: How long to go on when a server is away.

    Raises:
        UsageError: The address will not do.
        StoreError: The folder cannot be used, or the server does not answer or holds another graph.
        DataError: A data file is broken.
    """
    if is_address(where):
        from policygraph.store.arriving import fetch

        remote, expected = connect(where, patience=patience), load(roots, PUBLIC)
        return Opened(remote, fetch(remote, expected, expected.prefixes), digest(roots), where)
    if where == MEMORY:
        graph = load_dataset(roots, PUBLIC)
    else:
        from policygraph.store.kept import open_kept

        graph = open_kept(Path(where).expanduser(), roots)
    return Opened(EmbeddedStore(graph), graph, digest(roots), where)


def connect(where: str, update: str = "", *, patience: Patience | None = None, environment: Mapping[str, str] = os.environ) -> RemoteStore:
    """Return the store at an address, with the credentials of the environment; nothing is sent yet.

    Args:
        where: Address of the server, of its query service, or of both services.
        update: Address of its update service where that is another one; by default POLICYGRAPH_STORE_UPDATE.
        patience: How long to go on when the server is away.
        environment: POLICYGRAPH_STORE_GRAPH names the graph where several installations share a server; `store.credentials` has the others.

    Raises:
        UsageError: The address or the credentials will not do.
    """
    from policygraph.store.remote import RemoteStore

    address = read_address(where, update or environment.get(ENV_UPDATE, ""))
    credentials = read_credentials(address.host, environment)
    graph = environment.get(ENV_GRAPH) or WHOLE
    return RemoteStore(address.query, address.update, graph=graph, credentials=credentials, patience=patience)
