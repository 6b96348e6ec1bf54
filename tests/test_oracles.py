"""OWL defined classes, realised by HermiT and by an OWL RL engine, have the positives of the rules as their members."""

from __future__ import annotations

from functools import cache
from itertools import product
from typing import TYPE_CHECKING, Any

import owlrl
import pytest
import rdflib
import yaml

from policygraph.app.deciding import Decider
from policygraph.graph.parsing import parse, parse_file
from policygraph.graph.serialising import serialise
from policygraph.model.terms import Iri, Literal
from policygraph.reasoning.copy import ReasonerCopy, reasoner_copy
from policygraph.reasoning.hermit import infer
from policygraph.records.copying import copy_submission
from policygraph.vocab import OUTCOME, OWL, RDF
from submitting import TESTS, Submitted, standard, turtle

if TYPE_CHECKING:
    from policygraph.model.terms import Triple
    from policygraph.records.record import Record

ORACLE = "https://example.org/oracle#"
MATRICES: list[dict[str, Any]] = yaml.safe_load((TESTS / "oracles/matrices.yaml").read_text("utf-8"))
LEAST_RULES = 5


@cache
def decider() -> Decider:
    return Decider(standard())


def word(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


@cache
def records(number: int) -> tuple[Record, ...]:
    matrix = MATRICES[number]
    axes = list(matrix["axes"].items())
    every = [dict(zip((name for name, _ in axes), values, strict=True)) for values in product(*(values for _, values in axes))]
    facts = [{k: word(v) for k, v in {**matrix["facts"], **own}.items() if v is not None} for own in every]
    text = turtle([Submitted(matrix["kind"], own) for own in facts])
    copied = copy_submission(parse(text.encode(), "turtle", base="https://submitted.invalid/"), decider().kinds, lambda _: False)
    assert not copied.refusals
    assert len(copied.records) == len(every)
    return copied.records


@cache
def positives(number: int) -> frozenset[str]:
    rule = MATRICES[number]["rule"]
    outcomes = decider().outcomes(records(number))
    return frozenset(record for (record, by), found in outcomes.items() if by.endswith(f"/{rule}") and found.outcome == OUTCOME.eligible)


@cache
def ontology(number: int) -> ReasonerCopy:
    """Return the defined classes with the records as individuals; what differs in name is different."""
    facts: list[Triple] = [t for record in records(number) for t in record.triples]
    declared: dict[Triple, None] = {}
    for _, predicate, value in facts:
        if predicate.value != RDF.type:
            kind = OWL.DatatypeProperty if isinstance(value, Literal) else OWL.ObjectProperty
            declared[predicate, Iri(RDF.type), Iri(kind)] = None
    return reasoner_copy([*parse_file(TESTS / "oracles/classes.ttl"), *facts, *declared])


@pytest.mark.parametrize("number", range(len(MATRICES)), ids=lambda n: str(MATRICES[n]["rule"]))
def test_hermit_agrees(number: int) -> None:
    wanted = ORACLE + MATRICES[number]["class"]
    found = infer(ontology(number))
    assert found.consistent
    assert frozenset(individual for individual, kind in found.types if kind == wanted) == positives(number)


@pytest.mark.parametrize("number", range(len(MATRICES)), ids=lambda n: str(MATRICES[n]["rule"]))
def test_owl_rl_agrees(number: int) -> None:
    graph = rdflib.Graph().parse(data=serialise(ontology(number).triples, "ntriples"), format="nt")
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
    members = graph.subjects(rdflib.RDF.type, rdflib.URIRef(ORACLE + MATRICES[number]["class"]))
    assert frozenset(str(m) for m in members) == positives(number)


@pytest.mark.parametrize("number", range(len(MATRICES)), ids=lambda n: str(MATRICES[n]["rule"]))
def test_matrix_has_both_sides(number: int) -> None:
    assert 0 < len(positives(number)) < len(records(number))


def test_enough_rules() -> None:
    assert len({m["rule"] for m in MATRICES}) >= LEAST_RULES
