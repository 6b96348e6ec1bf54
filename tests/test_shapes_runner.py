"""The SHACL runner: every result in plain values with filled words in both languages, and none of pySHACL's traps."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest
import rdflib
import yaml

from policygraph.errors import DataError, Text
from policygraph.graph.loading import Graph, load
from policygraph.model.index import Index
from policygraph.model.terms import Iri, Literal
from policygraph.paths import DataRoots
from policygraph.shapes import hygiene
from policygraph.shapes.runner import load_shapes, targets, validate, vocabulary
from policygraph.vocab import OWL, RDF, SH, XSD
from small import REPOSITORY

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from policygraph.shapes.shapeset import ShapeSet

S = "https://test.example/shape/"
HEAD = """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix s: <https://test.example/shape/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix pg: <https://w3id.org/policygraph/core#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
HYGIENE = yaml.safe_load((REPOSITORY / "tests/shape-hygiene/cases.yaml").read_text("utf-8"))


@pytest.fixture
def shapes(tmp_path: Path) -> Callable[[str], ShapeSet]:
    def make(turtle: str) -> ShapeSet:
        path = tmp_path / "shapes.ttl"
        path.write_text(HEAD + turtle, "utf-8")
        return load_shapes([path])

    return make


def thing(name: str, **values: Literal | Iri) -> list[tuple[Iri, Iri, Iri | Literal]]:
    node = Iri(S + name)
    return [(node, Iri(RDF.type), Iri(S + "Thing")), *((node, Iri(S + p), value) for p, value in values.items())]


def number(value: str, datatype: str = XSD.decimal) -> Literal:
    return Literal(value, datatype)


SHARE = """s:share a sh:PropertyShape ; sh:targetClass s:Thing ; sh:path s:share ; sh:minInclusive 0.60 ; sh:severity sh:Warning ;
  sh:message "{$minInclusive}以下：{?value}"@zh , "{?value} is below {$minInclusive}"@en ."""


def test_result_has_everything_in_plain_values(shapes: Callable[[str], ShapeSet]) -> None:
    (result,) = validate(thing("a", share=number("0.5")), shapes(SHARE))
    assert (result.focus, result.path, result.value) == (Iri(S + "a"), S + "share", number("0.5"))
    assert (result.component, result.severity, result.shape) == (SH.MinInclusiveConstraintComponent, SH.Warning, S + "share")
    assert result.parameters == (("minInclusive", number("0.60")),)
    assert result.message == Text("0.60以下：0.5", "0.5 is below 0.60")


def test_words_are_named_by_the_caller(shapes: Callable[[str], ShapeSet]) -> None:
    shape = """s:in a sh:PropertyShape ; sh:targetClass s:Thing ; sh:path s:p ; sh:in ( s:x s:y ) ; sh:severity sh:Violation ;
      sh:message "{$this}只能取{$in}"@zh , "{$this} takes {$in}"@en ."""
    (result,) = validate(thing("a", p=Iri(S + "z")), shapes(shape))
    assert result.words(lambda t: Text(f"<{t.value[-1]}>", f"[{t.value[-1]}]")) == Text("<a>只能取<x>、<y>", "[a] takes [x], [y]")


def test_decimals_compare_by_value_where_shacl_says_so(shapes: Callable[[str], ShapeSet]) -> None:
    exact = (
        's:p a sh:PropertyShape ; sh:targetClass s:Thing ; sh:path s:p ; sh:hasValue 0.60 ; sh:severity sh:Violation ; sh:message "."@zh .'
    )
    assert validate(thing("a", p=number("0.6")), shapes(exact)) == ()
    assert validate(thing("a", p=number("0.60")), shapes(exact)) == ()


def test_results_are_sorted_and_the_same_every_time(shapes: Callable[[str], ShapeSet]) -> None:
    data = [t for i in (3, 1, 2) for t in thing(f"n{i}", share=number(f"0.{i}"))]
    first = validate(data, shapes(SHARE))
    assert [r.focus.value[-1] for r in first] == ["1", "2", "3"]
    assert validate(reversed(data), shapes(SHARE)) == first


def test_longer_paths_and_anonymous_shapes_have_stable_names(shapes: Callable[[str], ShapeSet]) -> None:
    shape = """s:outer a sh:NodeShape ; sh:targetClass s:Thing ; sh:severity sh:Violation ; sh:message "外"@zh ;
      sh:property [ sh:path ( s:p [ sh:inversePath s:q ] [ sh:zeroOrMorePath [ sh:alternativePath ( s:r s:t ) ] ] ) ; sh:minCount 1 ] ."""
    (result,) = validate(thing("a"), shapes(shape))
    assert result.shape == S + "outer"
    assert result.path == f"<{S}p>/^<{S}q>/((<{S}r>|<{S}t>))*"


def test_sparql_constraint_keeps_its_languages_and_survives_backslashes(shapes: Callable[[str], ShapeSet]) -> None:
    shape = r"""s:sparql a sh:NodeShape ; sh:targetClass s:Thing ; sh:severity sh:Violation ; sh:message "形"@zh , "shape"@en ;
      sh:sparql [ sh:message "值：{?value}"@zh , "value: {?value}"@en ;
        sh:select "SELECT $this ?value WHERE { $this <https://test.example/shape/p> ?value }" ] ."""
    hostile = r"\q {?this} \g<0> {$x}"
    (result,) = validate(thing("a", p=Literal(hostile)), shapes(shape))
    assert result.message == Text(f"值：{hostile}", f"value: {hostile}")


COMPONENT = """s:component a sh:ConstraintComponent ; sh:parameter [ sh:path s:most ] ;
  sh:propertyValidator [ a sh:SPARQLSelectValidator ; sh:message "不得超过{$most}"@zh , "at most {$most}"@en ;
    sh:select "SELECT $this ?value $most WHERE { $this $PATH ?value . FILTER(?value > $most) }" ] ."""


def test_component_speaks_for_each_result_alone(shapes: Callable[[str], ShapeSet]) -> None:
    shape = COMPONENT + " s:p a sh:PropertyShape ; sh:targetClass s:Thing ; sh:path s:p ; s:most 3 ; sh:severity sh:Violation ."
    data = [t for i in range(4, 7) for t in thing(f"n{i}", p=number(str(i), XSD.integer))]
    results = validate(data, shapes(shape))
    assert len(results) == 3
    assert {(r.message, r.parameters) for r in results} == {
        (Text("不得超过3", "at most 3"), (("most", number("3", XSD.integer)),)),
    }


def test_expression_is_not_passed_over(shapes: Callable[[str], ShapeSet]) -> None:
    shape = """s:expression a sh:NodeShape ; sh:targetClass s:Thing ; sh:severity sh:Violation ; sh:message "."@zh ;
      sh:expression [ sh:path s:flag ] ."""
    assert len(validate(thing("a", flag=number("false", XSD.boolean)), shapes(shape))) == 1
    assert validate(thing("a", flag=number("true", XSD.boolean)), shapes(shape)) == ()


def test_only_runs_the_shapes_named(shapes: Callable[[str], ShapeSet]) -> None:
    both = shapes(SHARE + SHARE.replace("s:share a", "s:other a"))
    results = validate(thing("a", share=number("0.5")), both, only=[S + "other"])
    assert [r.shape for r in results] == [S + "other"]


def test_targets_say_what_was_looked_at(shapes: Callable[[str], ShapeSet]) -> None:
    found = targets([*thing("b"), *thing("a")], shapes(SHARE + " s:idle a sh:NodeShape ; sh:targetClass s:Nothing ."))
    assert found == ((S + "share", Iri(S + "a")), (S + "share", Iri(S + "b")))


def test_subclasses_are_followed_inside_the_data(shapes: Callable[[str], ShapeSet]) -> None:
    sub = [
        (Iri(S + "Sub"), Iri("http://www.w3.org/2000/01/rdf-schema#subClassOf"), Iri(S + "Thing")),
        (Iri(S + "a"), Iri(RDF.type), Iri(S + "Sub")),
        (Iri(S + "a"), Iri(S + "share"), number("0.1")),
    ]
    assert len(validate(sub, shapes(SHARE))) == 1


def test_graph_is_read_in_place_and_left_alone(shapes: Callable[[str], ShapeSet]) -> None:
    graph = Graph(thing("a", share=number("0.5")))
    before = sorted(map(str, graph))
    assert validate(graph, shapes(SHARE)) == validate(thing("a", share=number("0.5")), shapes(SHARE))
    assert sorted(map(str, graph)) == before


@pytest.mark.parametrize("value", [True, False])
def test_switches_of_rdflib_are_put_back(shapes: Callable[[str], ShapeSet], monkeypatch: pytest.MonkeyPatch, value: bool) -> None:
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", value)
    from pyshacl.constraints.constraint_component import ConstraintComponent

    wording = ConstraintComponent.make_v_result_description
    validate(thing("a"), shapes(SHARE))
    with pytest.raises(DataError):
        validate(thing("a"), shapes(BROKEN[0]))
    assert rdflib.NORMALIZE_LITERALS is value
    assert ConstraintComponent.make_v_result_description is wording
    assert not logging.getLogger("rdflib.term").disabled


def test_impossible_dates_are_quiet(shapes: Callable[[str], ShapeSet], capsys: pytest.CaptureFixture[str]) -> None:
    shape = "s:p a sh:PropertyShape ; sh:targetClass s:Thing ; sh:path s:p ; sh:datatype xsd:date ; sh:severity sh:Violation ."
    assert len(validate(thing("a", p=number("2024-02-30", XSD.date)), shapes(shape))) == 1
    assert capsys.readouterr() == ("", "")


BROKEN = (
    's:s a sh:NodeShape ; sh:targetClass s:Thing ; sh:sparql [ sh:select "SELECT $this WHERE { $this ?p ?o MINUS { ?o ?q ?r } }" ] .',
    's:s a sh:NodeShape ; sh:targetClass s:Thing ; sh:sparql [ sh:select "SELECT $this WHERE { $this unknown:p ?o }" ] .',
    "s:s a sh:NodeShape ; sh:targetClass s:Thing ; sh:rule [ a sh:TripleRule ; sh:subject sh:this ; sh:predicate s:p ; sh:object s:o ] .",
    "s:s a sh:PropertyShape ; sh:targetClass s:Thing ; sh:path s:p ; sh:minCount 1 , 2 .",
)


@pytest.mark.parametrize("turtle", BROKEN)
def test_shape_that_cannot_run_is_an_error_and_never_a_pass(shapes: Callable[[str], ShapeSet], turtle: str) -> None:
    with pytest.raises(DataError) as error:
        validate(thing("a"), shapes(turtle))
    assert error.value.where.endswith("shapes.ttl")


def test_turtle_error_names_file_and_line(shapes: Callable[[str], ShapeSet]) -> None:
    with pytest.raises(DataError) as error:
        shapes("s:a s:b s:c s:d .")
    assert f"shapes.ttl:{HEAD.count(chr(10)) + 1}:" in error.value.where


# ---------------------------------------------------------------- the shape files themselves
@pytest.mark.parametrize("case", HYGIENE, ids=lambda case: case["check"])
def test_shape_hygiene(case: dict[str, str], shapes: Callable[[str], ShapeSet]) -> None:
    found = hygiene.check(shapes(case["shape"]), vocabulary(), {S + "Thing"})
    assert {problem.check for problem in found} == ({case["check"]} if case["check"] else set())


def test_every_shape_check_has_a_case() -> None:
    assert {case["check"] for case in HYGIENE if case["check"]} == set(hygiene.CHECKS)
    assert len(HYGIENE) >= 12


def test_shapes_of_this_repository() -> None:
    roots = DataRoots((REPOSITORY,))
    facts = Index.of(load(roots, derived=False))
    classes = {node.value for node in facts.subjects(RDF.type, Iri(OWL.Class))}
    shapes = load_shapes(path for _, path in roots.files("shapes", "*.ttl"))
    assert hygiene.check(shapes, vocabulary(), classes) == ()
    used = {t.value for s, p, o in shapes.facts.triples() for t in (p, o) if isinstance(t, Iri) and t.value.startswith(SH)}
    assert used <= vocabulary()
    assert len(vocabulary()) > 200
