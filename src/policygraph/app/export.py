"""Exports the whole graph, sorted, so that two exports are equal byte for byte."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policygraph.errors import Text, UsageError
from policygraph.graph.canonical import canonical
from policygraph.graph.loading import DERIVED, PUBLIC, derive, load, source_files
from policygraph.graph.memory import Graph
from policygraph.graph.parsing import FORMATS
from policygraph.graph.serialising import serialise_graphs, write

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from policygraph.model.terms import Triple
    from policygraph.paths import DataRoots

ALIASES = {
    "ttl": "turtle",
    "nt": "ntriples",
    "n-triples": "ntriples",
    "json-ld": "jsonld",
    "rdf": "rdfxml",
    "xml": "rdfxml",
    "rdf/xml": "rdfxml",
}


def export(roots: DataRoots, form: str, *, derived: bool = True) -> str:
    """Return the graph in a format.

    Args:
        roots: Where the files are.
        form: A name of `FORMATS`.
        derived: Also what `queries/derive/` infers; in TriG it has a graph of its own beside those of the source files.
    """
    return next(text for _, text in exports(roots, (form,), derived=derived))


def exports(roots: DataRoots, forms: Iterable[str], *, derived: bool = True) -> Iterator[tuple[str, str]]:
    """Yield (format, the graph in it) for several formats, reading the files once."""
    # From the files, not from the store: a store keeps 0.60 as 0.6.
    files = source_files(roots, PUBLIC)
    graphs: dict[str, list[Triple]] = {file.graph: list(file.triples()) for file in files}
    prefixes = load(roots, PUBLIC, derived=False).namespaces()
    if derived:
        whole = Graph(triple for triples in graphs.values() for triple in triples)
        before = set(whole)
        derive(whole, roots)
        graphs[DERIVED] = [triple for triple in whole if triple not in before]
    ordered: tuple[Triple, ...] = ()
    for form in forms:
        if form == "trig":
            yield form, serialise_graphs(graphs, prefixes)
        else:
            ordered = ordered or canonical(triple for triples in graphs.values() for triple in triples)
            yield form, write(ordered, form, prefixes)


def export_format(name: str | None, output: str | None) -> str:
    """Return the format that a name or the ending of the output file stands for; Turtle by default.

    Raises:
        UsageError: There is no such format.
    """
    if name is None:
        ending = "." + output.rpartition(".")[2].lower() if output and "." in output else ""
        return next((form for form, endings in FORMATS.items() if ending in endings), "turtle")
    chosen = ALIASES.get(name.lower(), name.lower())
    if chosen in FORMATS:
        return chosen
    raise UsageError(
        Text(f"没有格式“{name}”。", f"There is no format “{name}”."),
        Text(f"可用：{'、'.join(FORMATS)}", f"There are: {', '.join(FORMATS)}"),
        "--format",
    )
