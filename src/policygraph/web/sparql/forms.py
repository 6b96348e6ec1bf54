"""In which forms each kind of answer can be had, and how callers name them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policygraph.errors import Text
from policygraph.web import negotiation
from policygraph.web.negotiation import Media
from policygraph.web.problems import NOT_ACCEPTABLE, ProblemError, usage
from policygraph.web.sparql.opening import GRAPH, ROWS, TRUTH

if TYPE_CHECKING:
    from collections.abc import Sequence

JSON = Media("json", "application/sparql-results+json", "json", ("application/json",))
XML = Media("xml", "application/sparql-results+xml", "xml", ("application/xml", "text/xml"), 0.9)
CSV = Media("csv", "text/csv", "csv", (), 0.8)
TSV = Media("tsv", "text/tab-separated-values", "tsv", (), 0.8)

RESULTS = (JSON, XML, CSV, TSV)
OFFERED = {ROWS: RESULTS, TRUTH: RESULTS, GRAPH: negotiation.RDF}
# What common clients say for the same: SPARQLWrapper, for one, says xml whatever the kind of the query.
_ALIASES = {
    "turtle": "ttl", "n3": "ttl", "ntriples": "nt", "n-triples": "nt", "json-ld": "jsonld", "rdfxml": "rdf", "rdf+xml": "rdf",
    "xml": "rdf", "json": "jsonld", "srj": "json", "srx": "xml", "sparql-results+json": "json", "sparql-results+xml": "xml",
}  # fmt: skip


def chosen(offered: Sequence[Media], format: str, accept: str | None) -> Media:  # noqa: A002 - as the parameter is called
    """Return the form of an answer: the one that `?format=` names, else what the caller likes best.

    Raises:
        ProblemError: There is no such form; lists those that there are.
    """
    found = _named(offered, format) if format else negotiation.choose(accept, offered)
    if found is None:
        raise none_acceptable(offered)
    return found


def none_acceptable(offered: Sequence[Media]) -> ProblemError:
    """Return the problem of a caller who takes none of the forms."""
    return usage(
        "没有所要的格式。",
        "There is no such form.",
        Text(
            "可用：" + "；".join(f"{media.type}（format={media.name}）" for media in offered),
            "There are: " + "; ".join(f"{media.type} (format={media.name})" for media in offered),
        ),
        NOT_ACCEPTABLE,
        {"Vary": "Accept"},
        offered=[{"type": media.type, "format": media.name} for media in offered],
    )


def _named(offered: Sequence[Media], name: str) -> Media | None:
    """Return the form of a name, of one of its other names, or of a media type."""
    wanted = name.strip().lower().replace(" ", "+")  # a plus sign that the caller did not encode
    by_name = {media.name: media for media in offered}
    return by_name.get(wanted) or by_name.get(_ALIASES.get(wanted, "")) or next((m for m in offered if wanted in (m.type, *m.others)), None)
