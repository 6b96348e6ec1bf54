"""A graph in memory: pyoxigraph's store with its default graph only, queried in SPARQL 1.1."""

from __future__ import annotations

from itertools import chain
from typing import IO, TYPE_CHECKING, Any

import pyoxigraph as ox

from policygraph.errors import InputError, StoreError, Text
from policygraph.graph.canonical import canonical
from policygraph.graph.syntax import Fault, fault_of
from policygraph.graph.terms import from_oxigraph, from_quad, spell, to_oxigraph, to_quad
from policygraph.model.terms import Iri, Table, Term, Triple
from policygraph.vocab import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path


class Graph:
    """Triples with queries over them.

    Args:
        triples: What the graph starts with.
        prefixes: prefix → the namespaces that source files bind it to; more than one when files disagree.
        store: A pyoxigraph store to wrap instead of a new one in memory.
    """

    def __init__(
        self,
        triples: Iterable[Triple] = (),
        prefixes: Mapping[str, tuple[str, ...]] | None = None,
        store: ox.Store | None = None,
    ) -> None:
        self.store = ox.Store() if store is None else store
        self.prefixes: Mapping[str, tuple[str, ...]] = prefixes or {}
        if triples := tuple(triples):
            self.extend(triples)

    def __len__(self) -> int:
        return len(self.store)

    def __iter__(self) -> Iterator[Triple]:
        return self.triples()

    def copy(self) -> Graph:
        """Return a graph of its own with the same triples, for adding to without touching this one."""
        twin = Graph(prefixes=self.prefixes)
        twin.store.extend(self.store)
        return twin

    def namespaces(self) -> dict[str, str]:
        """Return prefix → namespace for the well-known prefixes and those on which all source files agree."""
        agreed = {prefix: spaces[0] for prefix, spaces in sorted(self.prefixes.items()) if len(spaces) == 1 and prefix}
        return agreed | PREFIXES

    def triples(self, subject: Term | None = None, predicate: Iri | None = None, value: Term | None = None) -> Iterator[Triple]:
        """Yield the triples that match; None matches anything. Their order means nothing."""
        s, p, o = (None if term is None else to_oxigraph(term) for term in (subject, predicate, value))
        return map(from_quad, self.store.quads_for_pattern(s, p, o, ox.DefaultGraph()))  # type: ignore[arg-type]

    def objects(self, subject: Term, predicate: str) -> tuple[Term, ...]:
        """Return the values of a property."""
        return tuple(triple[2] for triple in self.triples(subject, Iri(predicate)))

    def subjects(self, predicate: str, value: Term) -> tuple[Term, ...]:
        """Return what has a value under a property."""
        return tuple(triple[0] for triple in self.triples(None, Iri(predicate), value))

    def __contains__(self, term: Term) -> bool:
        """Say whether a term occurs anywhere: as subject, predicate or object."""
        places = [self.triples(subject=term), self.triples(value=term)]
        if isinstance(term, Iri):
            places.append(self.triples(predicate=term))
        return next(chain(*places), None) is not None

    def extend(self, triples: Iterable[Triple]) -> None:
        """Add triples; all of them or none.

        Raises:
            StoreError: The store is read-only.
        """
        try:
            self.store.extend([to_quad(triple) for triple in triples])
        except (OSError, RuntimeError) as error:
            raise given_up(error) from error

    def exchange(self, swaps: Mapping[Triple, Triple]) -> None:
        """Take statements out and put others in their place.

        Raises:
            StoreError: The store is read-only.
        """
        try:
            for triple in swaps:
                self.store.remove(to_quad(triple))
        except (OSError, RuntimeError) as error:
            raise given_up(error) from error
        self.extend(swaps.values())

    def query(self, text: str) -> Table | bool | tuple[Triple, ...]:
        """Run a query of our own: rows of a SELECT, truth of an ASK, triples of a CONSTRUCT or DESCRIBE.

        Foreign queries run in `queries.sandbox`, for nothing here stops one.

        Raises:
            InputError: The query breaks SPARQL's syntax; names line and column.
            StoreError: The engine gave up.
        """
        try:
            found = self.store.query(text)
            if isinstance(found, ox.QueryBoolean):
                return bool(found)
            if isinstance(found, ox.QueryTriples):
                return tuple(dict.fromkeys(map(from_quad, found)))
            columns = tuple(variable.value for variable in found.variables)
            cells = (tuple(None if cell is None else from_oxigraph(cell) for cell in row) for row in found)
            return Table(columns, tuple(cells))
        except SyntaxError as error:
            raise unparsed(fault_of(error, text)) from error
        except (OSError, RuntimeError, ValueError) as error:
            raise given_up(error) from error

    def infer(self, text: str) -> None:
        """Add the triples of a CONSTRUCT; the same as adding what `query` returns, without making plain terms of them.

        Raises:
            InputError: It breaks SPARQL's syntax, or is no CONSTRUCT.
            StoreError: The engine gave up.
        """
        try:
            found = self.store.query(text)
            if not isinstance(found, ox.QueryTriples):
                raise InputError(
                    Text("此处只能是 CONSTRUCT 查询。", "Only a CONSTRUCT may stand here."),
                    Text("请改写为 CONSTRUCT，或移到别的目录。", "Write it as a CONSTRUCT, or move it to another folder."),
                )
            self.store.extend([ox.Quad(triple.subject, triple.predicate, triple.object) for triple in found])
        except SyntaxError as error:
            raise unparsed(fault_of(error, text)) from error
        except (OSError, RuntimeError, ValueError) as error:
            raise given_up(error) from error

    def respond(self, text: str, out: IO[bytes], prefixes: Mapping[str, str]) -> dict[str, Any]:
        """Run a query and write its answer to a file as it comes: JSON results, or N-Triples for triples.

        Args:
            text: The query.
            out: Where to write; what it raises ends the query.
            prefixes: prefix → namespace, for prefixes that the query does not declare.

        Returns:
            `form` (rows, ask or graph), and `value` for an ASK.

        Raises:
            InputError: The query breaks SPARQL's syntax; names line and column.
            StoreError: The engine gave up.
        """
        try:
            found = self.store.query(text, prefixes=dict(prefixes))
            if isinstance(found, ox.QueryBoolean):
                return {"form": "ask", "value": bool(found)}
            if isinstance(found, ox.QueryTriples):
                for triple in canonical(map(from_quad, found)):
                    out.write(f"{spell(triple[0])} {spell(triple[1])} {spell(triple[2])} .\n".encode())
                return {"form": "graph"}
            found.serialize(out, format=ox.QueryResultsFormat.JSON)
        except SyntaxError as error:
            raise unparsed(fault_of(error, text)) from error
        except (OSError, RuntimeError, ValueError) as error:
            raise given_up(error) from error
        return {"form": "rows"}

    def update(self, text: str) -> None:
        """Run a SPARQL update of our own.

        Raises:
            InputError: The update breaks SPARQL's syntax.
            StoreError: The engine gave up.
        """
        try:
            self.store.update(text)
        except SyntaxError as error:
            raise unparsed(fault_of(error, text)) from error
        except (OSError, RuntimeError, ValueError) as error:
            raise given_up(error) from error


def open_folder(folder: Path, *, read_only: bool) -> Graph:
    """Return a graph kept on disk; see `store.embedded`.

    Raises:
        StoreError: Another process writes to it, or it is no store.
    """
    try:
        return Graph(store=ox.Store.read_only(str(folder)) if read_only else ox.Store(folder))
    except (OSError, ValueError) as error:
        raise StoreError(
            Text(
                "无法打开此目录中的存储：可能正被另一进程写入，或并非存储目录。",
                "The store in this folder cannot be opened: another process may be writing to it, or it is none.",
            ),
            Text("请先结束另一进程，或以只读方式打开。", "End the other process first, or open it read-only."),
            str(folder),
        ) from error


def unparsed(fault: Fault) -> InputError:
    """Return the error for a query that breaks SPARQL's syntax."""
    return InputError(
        fault.text(),
        Text("请检查该处的括号、变量与前缀。", "Check brackets, variables and prefixes there."),
        fault.place("SPARQL"),
    )


def given_up(error: Exception) -> StoreError:
    """Return the error for an engine that gave up."""
    return StoreError(
        Text(f"存储未能完成：{error}", f"The store gave up: {error}"),
        Text("请简化查询；若是写入，请检查存储是否只读。", "Simplify the query; for a change, check that the store is not read-only."),
    )
