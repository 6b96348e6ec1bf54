"""SPARQLWrapper's request, sent through an opener of our own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from SPARQLWrapper import ASK, INSERT, JSON, POST, SELECT, TURTLE, SPARQLWrapper

if TYPE_CHECKING:
    from collections.abc import Iterable
    from urllib.request import OpenerDirector

    from policygraph.store.address import Address


class Request(SPARQLWrapper):
    """One request of the SPARQL protocol.

    Args:
        address: Where it goes.
        opener: What opens that; SPARQLWrapper itself uses the one of the whole process, which opens much else, and replaces it for Digest.
        seconds: How long to wait for the server to say something.
    """

    def __init__(self, address: Address, opener: OpenerDirector, seconds: float) -> None:
        super().__init__(address.query, updateEndpoint=address.update)
        self._opener, self._seconds = opener, seconds
        self.setMethod(POST)

    def ask(self, text: str, kind: str, default: Iterable[str], named: Iterable[str] = ()) -> None:
        """Take a query or an update.

        Args:
            text: Its text.
            kind: SELECT, ASK, CONSTRUCT or INSERT.
            default: The graphs that a query is about, none for the server's default.
            named: The graphs that it may name.
        """
        # Not setQuery(): it guesses the kind from the first such word, and takes “add” in a comment for an update.
        self.queryString, self.queryType = text, kind
        self.setReturnFormat(JSON if kind in {SELECT, ASK} else TURTLE)
        if kind == INSERT:  # an update that says WITH must not be sent with using-graph-uri
            return
        for name, graphs in (("default-graph-uri", default), ("named-graph-uri", named)):
            for graph in graphs:
                self.addParameter(name, graph)

    def _query(self) -> tuple[Any, str]:
        """Send it; what goes wrong comes as urllib's errors."""
        return self._opener.open(self._createRequest(), timeout=self._seconds), self.returnFormat
