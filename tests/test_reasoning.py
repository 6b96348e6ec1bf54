"""OWL: the graph is in its profiles, consistent, and its disjointness and property chain do what they say."""

from __future__ import annotations

import pytest

from policygraph.graph.loading import Graph, load, source_files
from policygraph.model.terms import Blank, Iri, Triple
from policygraph.paths import data_roots
from policygraph.reasoning.clash import clash, quick_explain
from policygraph.reasoning.copy import ReasonerCopy, reasoner_copy
from policygraph.reasoning.hermit import Inference, infer
from policygraph.reasoning.profiles import Violation, profile_violations
from policygraph.vocab import BASE, OWL, PG, RDF, RDFS

TAL = BASE + "talent#"
EXAMPLE = "https://example.org/"
TYPE = Iri(RDF.type)
PATHS = """
PREFIX pg: <https://w3id.org/policygraph/core#> PREFIX eli: <http://data.europa.eu/eli/ontology#>
SELECT DISTINCT ?item ?agency WHERE { ?item a pg:Provision ; eli:is_part_of*/pg:responsibleAgency ?agency }
"""


def fact(subject: str, predicate: str, value: str) -> Triple:
    return Iri(subject), Iri(predicate), Iri(value)


@pytest.fixture(scope="module")
def graph() -> Graph:
    return load(data_roots(), derived=False)


@pytest.fixture(scope="module")
def schema() -> ReasonerCopy:
    files = [file for file in source_files(data_roots()) if file.name in {"ontology/core.ttl", "ontology/talent.ttl"}]
    assert len(files) == 2
    return reasoner_copy(triple for file in files for triple in file.triples())


@pytest.fixture(scope="module")
def whole(graph: Graph) -> ReasonerCopy:
    return reasoner_copy(graph)


@pytest.fixture(scope="module")
def inference(whole: ReasonerCopy) -> Inference:
    return infer(whole)


@pytest.fixture(scope="module")
def broken(schema: ReasonerCopy) -> dict[str, ReasonerCopy]:
    """The schema with one thing wrong each, or one thing that is fine in DL and not in RL."""
    c, union = Iri(EXAMPLE + "C"), Blank("union")
    more: dict[str, tuple[Triple, ...]] = {
        "undeclared class": (fact(EXAMPLE + "x", RDF.type, EXAMPLE + "Unknown"),),
        "undeclared property": (fact(EXAMPLE + "x", EXAMPLE + "unknown", EXAMPLE + "y"),),
        "class that is a datatype": (
            fact(EXAMPLE + "C", RDF.type, OWL.Class),
            fact(EXAMPLE + "C", RDF.type, RDFS.Datatype),
        ),
        "functional chain": (fact(PG.responsibleAgency, RDF.type, OWL.FunctionalProperty),),
        "union above a class": (
            (c, TYPE, Iri(OWL.Class)),
            (c, Iri(RDFS.subClassOf), union),
            (union, TYPE, Iri(OWL.Class)),
            (union, Iri(OWL.unionOf), Blank("first")),
            (Blank("first"), Iri(RDF.first), Iri(PG.Agency)),
            (Blank("first"), Iri(RDF.rest), Blank("second")),
            (Blank("second"), Iri(RDF.first), Iri(PG.ActorGroup)),
            (Blank("second"), Iri(RDF.rest), Iri(RDF.nil)),
        ),
    }
    return {name: reasoner_copy(schema.triples | set(triples)) for name, triples in more.items()}


@pytest.fixture(scope="module")
def violations(schema: ReasonerCopy, whole: ReasonerCopy, broken: dict[str, ReasonerCopy]) -> dict[tuple[str, str], set[str]]:
    parts = [("schema", schema, "DL"), ("schema", schema, "RL"), ("whole", whole, "DL")]
    parts += [(name, copy, profile) for name, copy in broken.items() for profile in ("DL", "RL")]
    found: dict[tuple[str, str], set[str]] = {}
    for violation in profile_violations(parts):
        found.setdefault((violation.part, violation.profile), set()).add(f"{violation.kind} {violation.axiom}")
    return found


@pytest.mark.parametrize(("part", "profile"), [("schema", "DL"), ("schema", "RL"), ("whole", "DL")])
def test_nothing_is_outside_its_profile(violations: dict[tuple[str, str], set[str]], part: str, profile: str) -> None:
    assert violations.get((part, profile), set()) == set()


@pytest.mark.parametrize(
    ("part", "profile", "kind", "axiom"),
    [
        ("undeclared class", "DL", "UseOfUndeclaredClass", EXAMPLE + "Unknown"),
        ("undeclared property", "DL", "UseOfUndeclaredAnnotationProperty", EXAMPLE + "unknown"),
        ("class that is a datatype", "DL", "DatatypeIRIAlsoUsedAsClassIRI", EXAMPLE + "C"),
        ("functional chain", "DL", "UseOfNonSimplePropertyInFunctionalPropertyAxiom", PG.responsibleAgency),
        ("union above a class", "RL", "UseOfNonSuperClassExpression", EXAMPLE + "C"),
    ],
)
def test_a_broken_ontology_is_outside_its_profile(
    violations: dict[tuple[str, str], set[str]], part: str, profile: str, kind: str, axiom: str
) -> None:
    rows = violations.get((part, profile), set())
    assert any(row.startswith(kind) and axiom in row for row in rows), rows


def test_what_is_fine_in_dl_is_said_to_be_so(violations: dict[tuple[str, str], set[str]]) -> None:
    assert ("union above a class", "DL") not in violations


def test_whole_graph_is_consistent_and_everything_satisfiable(inference: Inference) -> None:
    assert inference.consistent
    assert inference.unsatisfiable == ()


def test_every_individual_has_the_types_that_follow(inference: Inference) -> None:
    """What HermiT infers and nobody stated is a node without its type, or a property used on the wrong thing."""
    derived = load(data_roots()).triples(None, TYPE)
    known = {(s.value, o.value) for s, _, o in derived if isinstance(s, Iri) and isinstance(o, Iri)}
    assert sorted(inference.types - known) == []


def test_chain_and_path_query_agree_for_every_provision(graph: Graph, inference: Inference) -> None:
    provisions = {term.value for term in graph.subjects(RDF.type, Iri(PG.Provision)) if isinstance(term, Iri)}
    stated = {(s.value, o.value) for s, _, o in graph.triples(None, Iri(PG.responsibleAgency))}  # type: ignore[union-attr]
    inferred = {(s, o) for s, p, o in inference.relations if p == PG.responsibleAgency}
    reasoned = {pair for pair in stated | inferred if pair[0] in provisions}
    rows = graph.query(PATHS)
    assert reasoned == {(item.value, agency.value) for item, agency in rows.rows}  # type: ignore[union-attr]
    assert len(provisions) >= 150
    assert len(inferred) > len(stated) > 0


def test_inverse_of_the_chain_is_inferred(graph: Graph, inference: Inference) -> None:
    forth = {(s, o) for s, p, o in inference.relations if p == PG.responsibleAgency}
    back = {(o, s) for s, p, o in inference.relations if p == PG.responsibleFor}
    assert forth <= back


@pytest.mark.parametrize(
    ("one", "other", "between"),
    [
        (PG.Agency, PG.Provision, PG.Actor),
        (TAL + "Industry", TAL + "Brand", TAL + "Industry"),
        (PG.Measure, PG.Safeguard, PG.Measure),
    ],
)
def test_disjointness_bites(schema: ReasonerCopy, one: str, other: str, between: str) -> None:
    thing = EXAMPLE + "thing"
    copy = reasoner_copy(schema.triples | {fact(thing, RDF.type, one), fact(thing, RDF.type, other)})
    axioms = clash(copy)
    assert sum(thing in axiom for axiom in axioms) == 2
    assert any(axiom.startswith("DisjointClasses(") and between in axiom for axiom in axioms)


def test_an_agency_of_this_graph_that_is_also_a_provision_makes_it_inconsistent(graph: Graph) -> None:
    agency = min(term.value for term in graph.subjects(RDF.type, Iri(PG.Agency)) if isinstance(term, Iri))
    copy = reasoner_copy({*graph, fact(agency, RDF.type, PG.Provision)})
    assert infer(copy) == Inference(consistent=False)
    assert any("ClassAssertion" in axiom and agency in axiom for axiom in clash(copy))


def test_a_class_that_nothing_can_be_in_is_found_and_explained(schema: ReasonerCopy) -> None:
    """Also when the class is an individual too, which owlready2 confuses."""
    empty, used = EXAMPLE + "Empty", EXAMPLE + "Used"
    copy = reasoner_copy(
        schema.triples
        | {fact(cls, RDF.type, OWL.Class) for cls in (empty, used)}
        | {fact(cls, RDFS.subClassOf, above) for cls in (empty, used) for above in (PG.Agency, PG.Provision)}
        | {fact(used, PG.within, EXAMPLE + "other")}
    )
    assert infer(copy).unsatisfiable == (empty, used)
    assert any("DisjointClasses(" in axiom for axiom in clash(copy, empty))
    assert clash(copy) == ()


def test_graph_keeps_nearly_everything(graph: Graph, whole: ReasonerCopy) -> None:
    assert sum(whole.left_out.values()) == len(graph) - len(whole.triples) + 1
    assert len(whole.triples) > 0.8 * len(graph)


def test_smallest_conflict_is_found_among_many() -> None:
    asked = []

    def consistent(numbers: list[int]) -> bool:
        asked.append(numbers)
        return not {7, 300, 801} <= set(numbers)

    assert sorted(quick_explain([], range(1000), consistent)) == [7, 300, 801]
    assert len(asked) < 80


def test_violations_are_sorted_and_comparable() -> None:
    assert Violation("a", "DL", "K", "x") < Violation("a", "RL", "A", "x")
