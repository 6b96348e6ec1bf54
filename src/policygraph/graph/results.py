"""SPARQL 1.1 query results in JSON: read from engines and endpoints, written for callers."""

from __future__ import annotations

import json
from typing import Any

from policygraph.model.terms import Blank, Iri, Literal, Table, Term
from policygraph.vocab import RDF, XSD


def read_table(answer: dict[str, Any]) -> Table:
    """Return the rows of parsed JSON results.

    Raises:
        ValueError: They are not in the form of SPARQL 1.1.
    """
    try:
        columns = tuple(str(name) for name in answer["head"]["vars"])
        rows = answer["results"]["bindings"]
        return Table(columns, tuple(tuple(_read(row[c]) if c in row else None for c in columns) for row in rows))
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"not SPARQL results: {error}") from error


def write_table(table: Table) -> str:
    """Return rows as SPARQL 1.1 JSON results."""
    rows = [{c: _write(cell) for c, cell in zip(table.columns, row, strict=True) if cell is not None} for row in table.rows]
    return json.dumps({"head": {"vars": list(table.columns)}, "results": {"bindings": rows}}, ensure_ascii=False, indent=1) + "\n"


def write_boolean(value: bool) -> str:
    """Return the answer to an ASK as SPARQL 1.1 JSON results."""
    return json.dumps({"head": {}, "boolean": value}) + "\n"


def _read(cell: dict[str, str]) -> Term:
    """Return one cell; `typed-literal` is an older spelling that Virtuoso keeps."""
    kind, value = cell["type"], cell["value"]
    if kind == "uri":
        return Iri(value)
    if kind == "bnode":
        return Blank(value)
    if kind not in {"literal", "typed-literal"}:
        raise ValueError(f"not a term of RDF 1.1: {kind}")
    language = cell.get("xml:lang", "")
    return Literal(value, RDF.langString if language else cell.get("datatype", XSD.string), language)


def _write(term: Term) -> dict[str, str]:
    if isinstance(term, Iri):
        return {"type": "uri", "value": term.value}
    if isinstance(term, Blank):
        return {"type": "bnode", "value": term.value}
    found = {"type": "literal", "value": term.value}
    if term.language:
        found["xml:lang"] = term.language
    elif term.datatype != XSD.string:
        found["datatype"] = term.datatype
    return found
