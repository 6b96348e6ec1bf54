"""What the service rests on: the graph, its digest and date, the pools in which foreign work runs, and the answers kept."""

from __future__ import annotations

import asyncio
import datetime as dt
import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from policygraph.graph.loading import DIGESTED, PUBLIC, digest, load
from policygraph.graph.pool import Pool
from policygraph.graph.stopping import Limits
from policygraph.queries.entities import Entities
from policygraph.store.address import is_address
from policygraph.store.kept import open_kept
from policygraph.store.opening import MEMORY, open_store
from policygraph.vocab import BASE
from policygraph.web.answers import Answer, Cache

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request

    from policygraph.graph.memory import Graph
    from policygraph.paths import DataRoots
    from policygraph.web.api.catalogue import Kinds
    from policygraph.web.api.jobs import Jobs

_URI = "/%:@!$&'()*+,;=~?#[]"  # beside letters and digits; what else an IRI may hold is percent-encoded


@dataclass(frozen=True, slots=True)
class Options:
    """How the service is run.

    Attributes:
        base_url: Address under which callers reach it, with its path; '' for the address that they used.
        store: `memory`, a folder, or the address of a SPARQL endpoint.
        register: File of the register, '' for none.
        seconds: Deadline of a query.
        job_seconds: Deadline of a check or decision.
        workers: Queries that run at once.
        jobs: Checks and decisions that run at once.
        queue: Calls that may wait for either.
        upload: Bytes of the largest submission that is taken.
    """

    base_url: str = ""
    store: str = "memory"
    register: str = ""
    seconds: float = 10.0
    job_seconds: float = 600.0
    workers: int = max(4, os.cpu_count() or 1)
    jobs: int = max(2, os.cpu_count() or 1)
    queue: int = 64
    upload: int = 32 << 20


class Service:
    """One running service.

    Args:
        roots: Where the policy's files are.
        options: How it is run.
    """

    def __init__(self, roots: DataRoots, options: Options) -> None:
        self.roots, self.options = roots, options
        self.digest = digest(roots)
        self.graph, asking, prepared = self._opened()
        self.entities = Entities(self.graph)
        self.cache: Cache[Answer] = Cache()
        self.closing: list[Callable[[], Awaitable[None]]] = []
        named = {"roots": [str(root) for root in roots.roots]}
        self.queries = Pool(
            asking,
            prepared,
            size=options.workers,
            queue=options.queue,
            limits=Limits(options.seconds, 1 << 30, 32 << 20),
        )
        self.jobs = Pool(
            "policygraph.app.jobs",
            named,
            size=options.jobs,
            queue=options.queue,
            limits=Limits(options.job_seconds, 4 << 30, 256 << 20),
            reuse=1,
        )

    def _opened(self) -> tuple[Graph, str, dict[str, Any]]:
        """Return the graph that things are described from, and with what and from where the pool answers queries.

        Raises:
            StoreError: The folder cannot be used, or the server does not answer or holds another graph.
        """
        where = self.options.store
        if where == MEMORY:
            return load(self.roots, PUBLIC), "policygraph.queries.answering", {"roots": [str(root) for root in self.roots.roots]}
        if is_address(where):
            graph = open_store(where, self.roots).graph
            return graph, "policygraph.queries.relaying", {"address": where, "prefixes": graph.namespaces()}
        folder = Path(where).expanduser().absolute()
        graph = open_kept(folder, self.roots)
        return graph, "policygraph.queries.answering", {"folder": str(folder / self.digest), "prefixes": graph.namespaces()}

    async def start(self) -> None:
        """Return when queries can be answered; the other pool comes up behind."""
        self._starting = asyncio.create_task(self.jobs.start())
        await self.queries.start()

    async def judge(self, head: dict[str, Any], told: Callable[[dict[str, Any]], None] | None = None) -> tuple[dict[str, Any], bytes]:
        """Have a worker of `app.jobs` do something, once that pool has come up; see `Pool.run`."""
        if self._starting.done() and self._starting.exception() is not None:  # it could not come up: perhaps now it can
            self._starting = asyncio.create_task(self.jobs.start())
        if not self._starting.done():
            await asyncio.shield(self._starting)
        return await self.jobs.run(head, told=told)

    async def close(self) -> None:
        """End all workers, and what else is to be ended."""
        self._starting.cancel()
        for end in self.closing:
            await end()
        await asyncio.gather(self.queries.close(), self.jobs.close(), self._starting, return_exceptions=True)

    @cached_property
    def stated(self) -> Graph:
        """The graph without what is derived."""
        return load(self.roots, PUBLIC, derived=False)

    @cached_property
    def kinds(self) -> Kinds:
        """The kinds of submission; the data and the pages about them share what is read of the graph."""
        from policygraph.web.api.catalogue import Kinds

        return Kinds(self)

    @cached_property
    def later(self) -> Jobs:
        """Checks and decisions that are done later."""
        from policygraph.web.api.jobs import Jobs

        return Jobs(self)

    @cached_property
    def size(self) -> int:
        """How many statements the graph has; a store on disk counts them one by one."""
        return len(self.graph)

    @cached_property
    def modified(self) -> dt.datetime:
        """When a file of the policy was changed last, in whole seconds."""
        times = [path.stat().st_mtime for folder in DIGESTED for _, path in self.roots.files(folder, "*") if path.is_file()]
        return dt.datetime.fromtimestamp(int(max(times)), dt.UTC)

    # ---------------------------------------------------------------- addresses
    @cached_property
    def prefix(self) -> str:
        """Path of the service's root as callers see it, without a slash at the end: '' or `/policy`."""
        return "/" + "/".join(self.options.base_url.split("/")[3:]).strip("/") if self.options.base_url.count("/") > 2 else ""

    def root(self, request: Request) -> str:
        """Return the address of the service's root as callers see it, with a slash at the end."""
        if self.options.base_url:
            return self.options.base_url.rstrip("/") + "/"
        return f"{request.url.scheme}://{request.url.netloc}/"

    def address(self, iri: str) -> str:
        """Return the address (a path, without host) under which a thing of ours is served; another's IRI stays as it is.

        It is a URI: what a header or a link may not hold is percent-encoded, and what is encoded already stays.
        """
        return f"{self.prefix.rstrip('/')}/{uri(iri.removeprefix(BASE))}" if iri.startswith(BASE) else uri(iri)

    def link(self, iri: str) -> str:
        """Return the address as headers say it: below the base URL when there is one, else a path, which no forged Host can lead astray."""
        if self.options.base_url and iri.startswith(BASE):
            return f"{self.options.base_url.rstrip('/')}/{uri(iri.removeprefix(BASE))}"
        return self.address(iri)


def uri(iri: str) -> str:
    """Return an IRI as the URI that stands for it in headers and links."""
    return quote(iri, safe=_URI)


def service(request: Request) -> Service:
    """Return the service that a request is made to."""
    found: Service = request.app.state.service
    return found
