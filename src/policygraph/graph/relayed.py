"""Reads what a remote store answered, and writes it anew in the form that a caller wants."""

from __future__ import annotations

import json
from contextlib import suppress
from itertools import islice
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from policygraph.errors import StoreError, Text
from policygraph.graph import cutting
from policygraph.graph.confine import Capped
from policygraph.graph.replying import GRAPHS, ROWS
from policygraph.graph.results import read_table, write_boolean, write_table
from policygraph.graph.serialising import serialise
from policygraph.graph.terms import from_quad

if TYPE_CHECKING:
    from collections.abc import Mapping

    from policygraph.graph.stopping import Limits


def rewritten(answer: bytes, form: str, media: str, most: int, prefixes: Mapping[str, str], limits: Limits) -> tuple[dict[str, Any], bytes]:
    """Return an answer as `graph.replying.reply` gives it.

    Args:
        answer: JSON results, or Turtle.
        form: rows, ask or graph.
        media: Media type to write.
        most: The most rows or triples.
        prefixes: prefix → namespace, for what is written.
        limits: The bytes that the answer may have.

    Raises:
        StoreError: It is not what the server should have answered.
        LimitError: It is too large.
    """
    try:
        if form == "graph":
            return _triples(answer, media, most, prefixes, limits)
        told = json.loads(answer)
        if form == "ask":
            value = _truth(told)
            found = ox.parse_query_results(write_boolean(value), format=ox.QueryResultsFormat.JSON)
            return {"form": "ask", "media": media, "value": value}, found.serialize(format=ROWS[media][0]) or b""
        # Read and written once more: stores spell terms in ways of their own, Virtuoso literals above all.
        rows = ox.parse_query_results(write_table(read_table(told)), format=ox.QueryResultsFormat.JSON)
        result_format, cut_form = ROWS[media]
        out = cutting.Rows(limits, cut_form, most)
        with suppress(cutting.EnoughError):
            rows.serialize(out, format=result_format)
        document, count, cut = out.whole()
    except (ValueError, SyntaxError, KeyError, RecursionError) as error:
        raise StoreError(
            Text("存储的应答无法读取。", "What the store answered cannot be read."),
            Text("请检查它是否为 SPARQL 1.1 服务。", "Check that it is a SPARQL 1.1 service."),
        ) from error
    return {"form": "rows", "media": media, "rows": count} | ({"cut": True} if cut else {}), document


def _truth(told: dict[str, Any]) -> bool:
    """Return the truth of an ASK; Virtuoso's row with 1 or 0 counts as well."""
    if isinstance(told.get("boolean"), bool):
        return bool(told["boolean"])
    return any(row["__ASK_RETVAL"]["value"] in {"1", "true"} for row in told["results"]["bindings"])


def _triples(answer: bytes, media: str, most: int, prefixes: Mapping[str, str], limits: Limits) -> tuple[dict[str, Any], bytes]:
    found = iter(ox.parse(answer, format=ox.RdfFormat.TURTLE, rename_blank_nodes=True) if answer.strip() else ())
    triples = [from_quad(quad) for quad in islice(found, most)]
    head = {"form": "graph", "media": media, "rows": len(triples)} | ({"cut": True} if next(found, None) is not None else {})
    out = Capped(limits)
    out.write(serialise(triples, GRAPHS[media][0], prefixes).encode())
    return head, out.getvalue()
