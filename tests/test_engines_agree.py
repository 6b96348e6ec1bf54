"""The engine's own queries say the same on rdflib as on Oxigraph: derived facts and explanations."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

import pytest
import rdflib

from policygraph.engine.deciding import conclude, load_steps
from policygraph.graph.loading import PUBLIC, load
from policygraph.graph.terms import spell
from policygraph.model.terms import Blank, Iri, Literal, Table, Term, Triple
from policygraph.paths import data_roots
from policygraph.store.embedded import EmbeddedStore
from policygraph.vocab import PG, RDF, XSD
from submitting import kinds, turtle
from test_cases import cases

if TYPE_CHECKING:
    from collections.abc import Iterable

ROOTS = data_roots()
NUMERIC = {XSD.integer, XSD.decimal}
EXPLAIN = sorted(path for _, path in ROOTS.files("queries/explain", "*.rq"))
DERIVE = sorted(path for _, path in ROOTS.files("queries/derive", "*.rq"))
SAMPLE = ("award-claim", "award-claim-other-results", "green-channel", "employer-year")
# What the first policy does not relate, or the sample does not state.
UNUSED = {"ceilings", "combinations", "evidence", "payable"}
LEAST_RECORDS = 8
LEAST_CONCLUSIONS = 900


class RdflibStore:
    """The Store protocol over an rdflib graph, as far as the engine uses it."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self.graph = rdflib.Graph(bind_namespaces="none")
        self.load(triples)

    def load(self, triples: Iterable[Triple]) -> None:
        text = "".join(f"{spell(s)} {spell(p)} {spell(o)} .\n" for s, p, o in triples)
        self.graph.parse(data=text, format="nt")

    def select(self, query: str) -> Table:
        found = self.graph.query(query)
        names = tuple(str(name) for name in found.vars or ())
        return Table(names, tuple(tuple(None if c is None else term(c) for c in row) for row in found))  # type: ignore[union-attr]

    def construct(self, query: str) -> tuple[Triple, ...]:
        rows = self.graph.query(query)
        return tuple((term(s), Iri(str(p)), term(o)) for s, p, o in rows)  # type: ignore[misc, union-attr]

    def ask(self, query: str) -> bool:
        return bool(self.graph.query(query).askAnswer)

    def update(self, text: str) -> None:
        self.graph.update(text)

    def dump(self) -> tuple[Triple, ...]:
        return tuple((term(s), Iri(str(p)), term(o)) for s, p, o in self.graph)


def term(found: object) -> Term:
    if isinstance(found, rdflib.Literal):
        if found.language:
            return Literal(str(found), RDF.langString, found.language)
        return Literal(str(found), str(found.datatype or XSD.string))
    return Blank(str(found)) if isinstance(found, rdflib.BNode) else Iri(str(found))


def by_value(cell: Term | None) -> object:
    """Return a term so that 0.6 equals 0.60, and any blank node another."""
    if isinstance(cell, Literal) and cell.datatype in NUMERIC:
        return float(cell.value)
    return None if isinstance(cell, Blank) else cell


@cache
def records() -> tuple[Triple, ...]:
    """A few cases of every file, renamed into one batch, as the pipeline would hand them to the engine."""
    from policygraph.graph.parsing import parse
    from policygraph.records.copying import copy_submission
    from policygraph.records.keys import duplicates

    chosen = [case.record for name in SAMPLE for case in cases(name)[:60:20] if case.wanted.get("verdict") != "invalid"]
    found = copy_submission(
        parse(turtle(chosen).encode(), "turtle", base="https://submitted.invalid/"), {k.iri: k for k in kinds().values()}, lambda _: False
    )
    assert not found.refusals
    assert len(found.records) >= LEAST_RECORDS
    facts_ = [
        fact
        for record in found.records
        for fact in (
            (Iri(record.iri), Iri(PG.sourcePosition), Literal(str(record.position), XSD.integer)),
            *((Iri(row), Iri(PG.asOf), Literal("2026-11-22", XSD.date)) for row in record.rows()),
        )
    ]
    return (*(t for record in found.records for t in record.triples), *facts_, *duplicates(found.records))


@pytest.fixture(scope="module")
def stores() -> tuple[EmbeddedStore, RdflibStore]:
    graph = load(ROOTS, PUBLIC)
    start = [*graph.triples(), *records()]
    ours, other = EmbeddedStore(graph), RdflibStore(start)
    ours.load(records())
    return ours, other


def test_derived_facts_agree() -> None:
    plain = load(ROOTS, PUBLIC, derived=False)
    ours, other = EmbeddedStore(plain), RdflibStore(plain.triples())
    for path in DERIVE:
        query = path.read_text("utf-8")
        mine = {tuple(map(by_value, t)) for t in ours.construct(query)}
        assert mine, path
        assert mine == {tuple(map(by_value, t)) for t in other.construct(query)}, path


def test_explanations_agree(stores: tuple[EmbeddedStore, RdflibStore]) -> None:
    """On the same conclusions; that rdflib concludes the same is shown in test_rules_everywhere."""
    ours, other = stores
    mine = conclude(ours, load_steps(ROOTS))
    assert len(mine) >= LEAST_CONCLUSIONS
    other.load(mine)
    for path in EXPLAIN:
        query = path.read_text("utf-8")
        rows = [tuple(map(by_value, row)) for row in ours.select(query).rows]
        assert rows or path.stem in UNUSED, path
        assert rows == [tuple(map(by_value, row)) for row in other.select(query).rows], path
    assert not re.search(r"\bMINUS\b", "".join(path.read_text("utf-8") for path in EXPLAIN))
