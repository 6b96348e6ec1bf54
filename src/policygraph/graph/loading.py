"""Loads the policy graph from the files of all data roots, and names its state by a digest."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

import pyoxigraph as ox

from policygraph.errors import DataError, PolicyGraphError, Text, unreadable
from policygraph.graph.memory import Graph
from policygraph.graph.syntax import fault_of, undecodable
from policygraph.graph.terms import from_quad
from policygraph.vocab import BASE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from policygraph.model.terms import Triple
    from policygraph.paths import DataRoots

__all__ = ["DERIVED", "DIGESTED", "PUBLIC", "Graph", "SourceFile", "derive", "digest", "load", "load_dataset", "prefixes", "source_files"]

DIGESTED = ("ontology", "shapes", "queries")
# What is asked, shown and exported: some questions are about the checks, which stand in shapes/.
PUBLIC = ("ontology", "shapes")
DERIVED = f"{BASE}graph/derived"  # the named graph of what `queries/derive/` infers
_PREFIX = re.compile(r"^@prefix\s+([\w.-]*):\s*<([^<>\"\s]*)>\s*\.", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One Turtle file of the policy graph."""

    name: str
    path: Path

    @property
    def graph(self) -> str:
        """IRI of the named graph that holds this file's statements in a TriG export."""
        return f"{BASE}graph/{quote(self.name, safe='/+')}"

    def read(self) -> bytes:
        """Return the file's bytes, known to be UTF-8.

        Raises:
            DataError: The file cannot be read, or is not UTF-8.
        """
        try:
            data = self.path.read_bytes()
            data.decode("utf-8")
        except OSError as error:
            raise DataError(
                *unreadable(error),
                str(self.path),
            ) from error
        except UnicodeDecodeError as error:
            raise DataError(
                Text("不是 UTF-8 编码。", "It is not encoded in UTF-8."),
                Text("请将文件另存为 UTF-8。", "Save the file as UTF-8."),
                undecodable(data, error).place(str(self.path)),
            ) from error
        return data.removeprefix(b"\xef\xbb\xbf")

    def broken(self, error: SyntaxError) -> DataError:
        """Return the error for a syntax error in this file."""
        fault = fault_of(error, self.read().decode("utf-8"))
        return DataError(
            fault.text(),
            Text("请按 Turtle 语法修正该行。", "Correct that line; the file must be Turtle."),
            fault.place(str(self.path)),
        )

    def triples(self) -> Iterator[Triple]:
        """Yield the file's statements.

        Raises:
            DataError: The file is broken; names line and column.
        """
        try:
            yield from map(from_quad, ox.parse(self.read(), format=ox.RdfFormat.TURTLE, rename_blank_nodes=True))
        except SyntaxError as error:
            raise self.broken(error) from error


def source_files(roots: DataRoots, folders: tuple[str, ...] = ("ontology",)) -> tuple[SourceFile, ...]:
    """Return the Turtle files below folders of all roots, in order."""
    return tuple(SourceFile(name, path) for folder in folders for name, path in roots.files(folder, "*.ttl"))


def load(roots: DataRoots, folders: tuple[str, ...] = ("ontology",), *, derived: bool = True) -> Graph:
    """Load the policy graph.

    Args:
        roots: Where the files are.
        folders: Folders whose Turtle files to load.
        derived: Add what `queries/derive/` infers: type closure, `pg:within` and the like.

    Raises:
        DataError: A file is broken; names file, line and column.
    """
    graph = _loaded(roots, folders, apart=False)
    if derived:
        derive(graph, roots)
    return graph


def load_dataset(roots: DataRoots, folders: tuple[str, ...] = ("ontology",)) -> Graph:
    """Load the policy graph with what is inferred, and beside it each file's statements in its named graph, the inferred in `DERIVED`.

    Raises:
        DataError: A file is broken; names file, line and column.
    """
    graph = _loaded(roots, folders, apart=True)
    graph.update("INSERT { ?s ?p ?o } WHERE { GRAPH ?file { ?s ?p ?o } }")
    derive(graph, roots)
    inferred = "?s ?p ?o FILTER NOT EXISTS { GRAPH ?file { ?s ?p ?o } }"
    graph.update(f"INSERT {{ GRAPH <{DERIVED}> {{ ?s ?p ?o }} }} WHERE {{ {inferred} }}")
    return graph


def _loaded(roots: DataRoots, folders: tuple[str, ...], *, apart: bool) -> Graph:
    graph = Graph()
    for file in source_files(roots, folders):
        try:
            graph.store.load(file.read(), format=ox.RdfFormat.TURTLE, to_graph=ox.NamedNode(file.graph) if apart else None)
        except SyntaxError as error:
            raise file.broken(error) from error
    graph.prefixes = prefixes(roots, folders)
    return graph


def prefixes(roots: DataRoots, folders: tuple[str, ...] = ("ontology",)) -> dict[str, tuple[str, ...]]:
    """Return prefix → the namespaces that the source files bind it to."""
    bound: dict[str, dict[str, None]] = defaultdict(dict)
    for file in source_files(roots, folders):
        for prefix, namespace in _PREFIX.findall(file.read().decode("utf-8")):
            bound[prefix][namespace] = None
    return {prefix: tuple(namespaces) for prefix, namespaces in bound.items()}


def derive(graph: Graph, roots: DataRoots) -> None:
    """Add what the CONSTRUCTs of `queries/derive/` infer, in the order of their names.

    Raises:
        DataError: One of them is broken; names the file.
    """
    for _, path in sorted(roots.files("queries/derive", "*.rq"), key=lambda entry: (entry[1].name, entry[0])):
        text = SourceFile(path.name, path).read().decode("utf-8")
        try:
            graph.infer(text)
        except PolicyGraphError as error:
            place = ":".join(filter(None, [str(path), error.where.removeprefix("SPARQL:")]))
            raise DataError(error.what, error.fix, place) from error


def digest(roots: DataRoots) -> str:
    """Return the sha256 (hex) over the sorted relative paths and bytes of all data files; it changes when any of them does."""
    total = hashlib.sha256()
    entries = (entry for folder in DIGESTED for entry in roots.files(folder, "*"))
    for name, path in sorted(entries):
        if path.is_file() and not path.name.startswith("."):
            content = hashlib.sha256(path.read_bytes()).hexdigest()
            total.update(f"{name}\n{content}\n".encode())
    return total.hexdigest()
