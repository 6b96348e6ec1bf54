"""The store at a SPARQL 1.1 endpoint, through SPARQLWrapper."""

from __future__ import annotations

import json
from contextlib import closing
from itertools import islice
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError

from policygraph.errors import InputError, PolicyGraphError, StoreError, Text
from policygraph.graph.parsing import parse
from policygraph.graph.results import read_table
from policygraph.graph.terms import spell, triple_order
from policygraph.model.terms import Blank, Table, Triple
from policygraph.store.embedded import wrong_form

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_BATCH = 2000
_EVERYTHING = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"


class RemoteStore:
    """A SPARQL endpoint behind the Store protocol.

    Args:
        endpoint: Address of the query service.
        update_endpoint: Address of the update service; the same by default.
        graph: IRI of the only named graph to read and write. Name one where the default graph is the union of all (Virtuoso).
        seconds: How long to wait for an answer.
        user: Name for HTTP authentication, with a password.
        password: Its password.
        digest: Use Digest instead of Basic authentication (Virtuoso's /sparql-auth).
    """

    def __init__(
        self,
        endpoint: str,
        update_endpoint: str = "",
        *,
        graph: str = "",
        seconds: int = 60,
        user: str = "",
        password: str = "",
        digest: bool = False,
    ) -> None:
        self._endpoint, self._update_endpoint = endpoint, update_endpoint or endpoint
        self._graph, self._seconds = graph, seconds
        self._user, self._password, self._digest = user, password, digest

    def select(self, query: str) -> Table:
        """Return the rows of a SELECT in their order."""
        answer = self._json(query, "SELECT")
        if "results" not in answer:
            raise wrong_form("SELECT")
        try:
            return read_table(answer)
        except ValueError as error:
            raise self._unreadable() from error

    def ask(self, query: str) -> bool:
        """Return the truth of an ASK; Virtuoso's row with 1 or 0 counts as well."""
        answer = self._json(query, "ASK")
        if isinstance(answer.get("boolean"), bool):
            return bool(answer["boolean"])
        if "__ASK_RETVAL" in answer.get("head", {}).get("vars", []):
            return any(row["__ASK_RETVAL"]["value"] in {"1", "true"} for row in answer["results"]["bindings"])
        raise wrong_form("ASK")

    def construct(self, query: str) -> tuple[Triple, ...]:
        """Return the triples of a CONSTRUCT or DESCRIBE, sorted."""
        answer = self._send(query, "CONSTRUCT")
        if not answer.strip():
            return ()
        try:
            return tuple(sorted(parse(answer, "turtle", name=self._endpoint), key=triple_order))
        except InputError as error:
            raise self._unreadable() from error

    def update(self, text: str) -> None:
        """Run a SPARQL update; where the store has a graph of its own, the update names it (WITH, GRAPH)."""
        self._send(text, "INSERT")

    def load(self, triples: Iterable[Triple]) -> None:
        """Add triples in batches; those with blank nodes go in one, since a name ends with its request."""
        unique = dict.fromkeys(triples)
        blank = [t for t in unique if isinstance(t[0], Blank) or isinstance(t[2], Blank)]
        ground = iter([t for t in unique if not isinstance(t[0], Blank) and not isinstance(t[2], Blank)])
        for batch in _batches(blank, ground):
            data = "".join(f"{spell(s)} {spell(p)} {spell(o)} .\n" for s, p, o in batch)
            self.update(f"INSERT DATA {{ GRAPH <{self._graph}> {{ {data} }} }}" if self._graph else f"INSERT DATA {{ {data} }}")

    def dump(self) -> tuple[Triple, ...]:
        """Return all triples, sorted."""
        return self.construct(_EVERYTHING)

    def _json(self, query: str, kind: str) -> dict[str, Any]:
        try:
            answer = json.loads(self._send(query, kind))
        except ValueError as error:
            raise self._unreadable() from error
        if isinstance(answer, dict):
            return answer
        raise self._unreadable()

    def _send(self, text: str, kind: str) -> bytes:
        """Send one request with a return format (stores differ in what they send unasked) and return the answer's bytes.

        Args:
            text: Query or update.
            kind: SELECT, ASK, CONSTRUCT (also for DESCRIBE) or INSERT (for any update).
        """
        from http.client import HTTPException

        from SPARQLWrapper import ASK, BASIC, DIGEST, INSERT, JSON, POST, SELECT, TURTLE, SPARQLWrapper
        from SPARQLWrapper.SPARQLExceptions import QueryBadFormed, SPARQLWrapperException

        address = self._update_endpoint if kind == INSERT else self._endpoint
        request = SPARQLWrapper(self._endpoint, updateEndpoint=self._update_endpoint)
        request.setMethod(POST)
        request.setTimeout(self._seconds)
        # Not setQuery(): it guesses the kind from the first such word, and takes “add” in a comment for an update.
        request.queryString, request.queryType = text, kind
        request.setReturnFormat(JSON if kind in {SELECT, ASK} else TURTLE)
        if self._graph and kind != INSERT:  # an update that says WITH must not be sent with using-graph-uri
            request.addParameter("default-graph-uri", self._graph)
        if self._user:
            request.setHTTPAuth(DIGEST if self._digest else BASIC)
            request.setCredentials(self._user, self._password)
        try:
            with closing(request.query().response) as response:
                answer: bytes = response.read()
        except QueryBadFormed as error:
            _close(error)
            raise InputError(
                Text("该端点认为查询不合 SPARQL 语法。", "The endpoint finds a syntax error in the query."),
                Text("请检查查询；细节见端点日志。", "Check the query; the endpoint's log has details."),
                address,
            ) from error
        except (OSError, HTTPException, ValueError, SPARQLWrapperException) as error:
            _close(error)
            reason = str(getattr(error, "reason", "") or error or type(error).__name__).splitlines()[0]
            raise StoreError(
                Text(f"该端点没有应答（{reason}）。", f"The endpoint did not answer ({reason})."),
                Text("请检查地址、网络与权限。", "Check the address, the network and your rights."),
                address,
            ) from error
        return answer

    def _unreadable(self) -> PolicyGraphError:
        return StoreError(
            Text("该端点的应答无法读取。", "The endpoint's answer cannot be read."),
            Text("请检查这是否为 SPARQL 1.1 端点的地址。", "Check that this is the address of a SPARQL 1.1 endpoint."),
            self._endpoint,
        )


def _close(error: BaseException) -> None:
    """Close the connection that an HTTP error, or the one behind it, still holds."""
    for cause in (error, error.__context__):
        if isinstance(cause, HTTPError):
            cause.close()


def _batches(blank: list[Triple], ground: Iterator[Triple]) -> Iterator[list[Triple]]:
    if blank:
        yield blank
    while batch := list(islice(ground, _BATCH)):
        yield batch
