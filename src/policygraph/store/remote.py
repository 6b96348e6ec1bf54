"""The store at a SPARQL 1.1 endpoint, through SPARQLWrapper."""

from __future__ import annotations

import json
from contextlib import closing
from copy import copy
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any

from policygraph.errors import InputError
from policygraph.graph.parsing import parse
from policygraph.graph.results import read_table
from policygraph.graph.terms import spell, triple_order
from policygraph.model.terms import Blank, Literal, Table, Triple
from policygraph.store.address import Address
from policygraph.store.embedded import wrong_form
from policygraph.store.failures import failed, too_long, unreadable_answer
from policygraph.store.retrying import Patience, persist

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from urllib.request import OpenerDirector

    from policygraph.store.credentials import Credentials

BATCH = 1000
MOST_BYTES = 512 * 1024 * 1024
_EVERYTHING = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
_COUNT = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"


class RemoteStore:
    """A SPARQL endpoint behind the Store protocol.

    Queries are tried again when the server is away or too busy; updates only when they cannot have reached it, or are `repeatable`.

    Args:
        endpoint: Address of the query service, or of both services.
        update_endpoint: Address of the update service; the same by default.
        graph: IRI of the only named graph to read and write. Name one where the default graph is the union of all (Virtuoso).
        seconds: How long to wait for the server to say something.
        credentials: Name and password, if it wants one.
        patience: How long to go on when it is away.
        most_bytes: Longest answer that is read.
    """

    def __init__(
        self,
        endpoint: str,
        update_endpoint: str = "",
        *,
        graph: str = "",
        seconds: float = 60,
        credentials: Credentials | None = None,
        patience: Patience | None = None,
        most_bytes: int = MOST_BYTES,
    ) -> None:
        self.address = Address(endpoint, update_endpoint or endpoint)
        self.graph = graph
        self._seconds, self._credentials = seconds, credentials
        self._patience, self._most_bytes = patience or Patience(), most_bytes

    def beside(self, graph: str) -> RemoteStore:
        """Return the store of another graph at the same endpoint."""
        other = copy(self)
        other.graph = graph
        return other

    def select(self, query: str) -> Table:
        """Return the rows of a SELECT in their order."""
        answer = self._json(query, "SELECT")
        if "results" not in answer:
            raise wrong_form("SELECT")
        try:
            return read_table(answer)
        except ValueError as error:
            raise unreadable_answer(self.address.query) from error

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
            return tuple(sorted(parse(answer, "turtle", name=self.address.query), key=triple_order))
        except InputError as error:
            raise unreadable_answer(self.address.query) from error

    def update(self, text: str, *, repeatable: bool = False) -> None:
        """Run a SPARQL update; where the store has a graph of its own, the update names it (WITH, GRAPH).

        Args:
            text: The update.
            repeatable: Running it twice does the same as running it once, so it is tried again when its answer got lost.
        """
        self._send(text, "INSERT", repeatable=repeatable)

    def load(self, triples: Iterable[Triple]) -> None:
        """Add triples in batches; those with blank nodes go in one, since a name ends with its request."""
        for batch, update in insertions(triples, self.graph):
            self.update(update, repeatable=not any(isinstance(term, Blank) for triple in batch for term in triple))

    def dump(self) -> tuple[Triple, ...]:
        """Return all triples, sorted."""
        return self.construct(_EVERYTHING)

    def count(self) -> int:
        """Return how many triples there are."""
        rows = self.select(_COUNT).rows
        if len(rows) == 1 and isinstance(cell := rows[0][0], Literal) and cell.value.isdecimal():
            return int(cell.value)
        raise unreadable_answer(self.address.query)

    def relay(self, query: str, kind: str, default: Sequence[str] | None = None, named: Sequence[str] = ()) -> bytes:
        """Return what the server answers, as it comes: JSON results, or Turtle.

        Args:
            query: A query that may be sent.
            kind: SELECT, ASK or CONSTRUCT (also for DESCRIBE).
            default: Graphs that make up its default graph; by default this store's graph.
            named: Graphs that it may name.
        """
        return self._send(query, kind, default=default, named=named)

    def _json(self, query: str, kind: str) -> dict[str, Any]:
        try:
            answer = json.loads(self._send(query, kind))
        except (ValueError, RecursionError) as error:
            raise unreadable_answer(self.address.query) from error
        if isinstance(answer, dict):
            return answer
        raise unreadable_answer(self.address.query)

    @cached_property
    def _opener(self) -> OpenerDirector:
        from policygraph.store.opener import build_opener

        return build_opener(self.address, self._credentials)

    def _send(
        self, text: str, kind: str, *, repeatable: bool = True, default: Sequence[str] | None = None, named: Sequence[str] = ()
    ) -> bytes:
        """Send one request with a return format (stores differ in what they send unasked) and return the answer's bytes.

        Args:
            text: Query or update.
            kind: SELECT, ASK, CONSTRUCT (also for DESCRIBE) or INSERT (for any update).
            repeatable: Whether it may be sent again when it may have been carried out.
            default: Graphs that make up a query's default graph; by default this store's graph.
            named: Graphs that a query may name.
        """
        from http.client import HTTPException

        from policygraph.store.wrapper import Request

        request = Request(self.address, self._opener, self._seconds)
        request.ask(text, kind, ([self.graph] if self.graph else []) if default is None else default, named)

        def once() -> bytes:
            with closing(request.query().response) as response:
                answer: bytes = response.read(self._most_bytes + 1)
            return answer

        address = self.address.update if kind == "INSERT" else self.address.query
        try:
            answer = persist(once, self._patience, repeatable=repeatable)
        except (OSError, HTTPException, ValueError) as error:
            raise failed(error, address) from error
        if len(answer) > self._most_bytes:
            raise too_long(address, self._most_bytes)
        return answer


def insertions(triples: Iterable[Triple], graph: str = "") -> Iterator[tuple[list[Triple], str]]:
    """Yield batches of triples with the update that adds each; those with blank nodes come first, in one batch."""
    unique = dict.fromkeys(triples)
    blank = [t for t in unique if isinstance(t[0], Blank) or isinstance(t[2], Blank)]
    ground = iter([t for t in unique if not isinstance(t[0], Blank) and not isinstance(t[2], Blank)])
    if blank:
        # Virtuoso knows no blank node in INSERT DATA; a template makes one for each name, as there is one solution.
        yield blank, f"INSERT {{ {_data(blank, graph)} }} WHERE {{ }}"
    while batch := list(islice(ground, BATCH)):
        yield batch, f"INSERT DATA {{ {_data(batch, graph)} }}"


def _data(batch: list[Triple], graph: str) -> str:
    data = "".join(f"{spell(s)} {spell(p)} {spell(o)} .\n" for s, p, o in batch)
    return f"GRAPH <{graph}> {{ {data} }}" if graph else data
