"""Terms of other vocabularies exist, and what they are matched to exists here."""

from __future__ import annotations

import csv
import importlib
from pathlib import Path

import pytest

from policygraph.graph.loading import load, source_files
from policygraph.model.terms import Iri, Triple
from policygraph.paths import data_roots
from policygraph.vocab import BASE, OWL, PG, RDF, RDFS, SKOS, XSD

ROOT = Path(__file__).resolve().parent.parent
THIRD_PARTY = ROOT.parent / "shared" / "third-party"
LISTED = ROOT / "tests" / "data" / "external-terms.tsv"
OWN = (BASE, str(RDF), str(RDFS), str(OWL), str(XSD), "https://creativecommons.org/")
MATCHES = {RDFS.subClassOf, SKOS.closeMatch, SKOS.relatedMatch, SKOS.exactMatch, SKOS.broadMatch, SKOS.narrowMatch}


@pytest.fixture(scope="module")
def listed() -> dict[str, tuple[str, str]]:
    with LISTED.open(encoding="utf-8", newline="") as file:
        return {row["term"]: (row["kind"], row["source"]) for row in csv.DictReader(file, delimiter="\t")}


@pytest.fixture(scope="module")
def align() -> tuple[Triple, ...]:
    (file,) = (file for file in source_files(data_roots()) if file.name == "ontology/align.ttl")
    return tuple(file.triples())


def iris(triples: tuple[Triple, ...]) -> set[str]:
    return {term.value for triple in triples for term in triple if isinstance(term, Iri)}


def test_every_foreign_term_of_the_schema_was_verified(listed: dict[str, tuple[str, str]]) -> None:
    schema = (file for file in source_files(data_roots()) if file.name.count("/") == 1)
    used = iris(tuple(triple for file in schema for triple in file.triples()))
    assert sorted(term for term in used if not term.startswith(OWN) and term not in listed) == []
    assert len(used) > 200


def test_every_foreign_predicate_class_and_unit_of_the_data_was_verified(listed: dict[str, tuple[str, str]]) -> None:
    graph = load(data_roots(), derived=False)
    used = {predicate.value for _, predicate, _ in graph}
    for predicate in (RDF.type, PG.unit):
        used |= {o.value for _, _, o in graph.triples(None, Iri(predicate)) if isinstance(o, Iri)}
    assert sorted(term for term in used if not term.startswith(OWN) and term not in listed) == []


def test_the_list_has_no_term_twice_and_none_without_source(listed: dict[str, tuple[str, str]]) -> None:
    rows = LISTED.read_text("utf-8").splitlines()[1:]
    assert len(rows) == len(listed) >= 80
    assert {kind for kind, _ in listed.values()} == {"listing", "rdflib", "third-party"}
    assert all(source for _, source in listed.values())


def test_terms_said_to_be_in_rdflib_are(listed: dict[str, tuple[str, str]]) -> None:
    namespaces = importlib.import_module("rdflib.namespace")
    wrong = [term for term, (kind, name) in listed.items() if kind == "rdflib" and term not in getattr(namespaces, name)]
    assert wrong == []


@pytest.mark.skipif(not THIRD_PARTY.is_dir(), reason="shared/third-party does not lie beside this checkout")
def test_terms_said_to_be_in_a_third_party_file_are(listed: dict[str, tuple[str, str]]) -> None:
    wrong = [
        term
        for term, (kind, path) in listed.items()
        if kind == "third-party" and f"<{term}>" not in (THIRD_PARTY / path).read_text("utf-8")
    ]
    assert wrong == []


def test_what_is_matched_is_a_term_of_ours_and_the_match_is_foreign(align: tuple[Triple, ...]) -> None:
    known = {s.value for s, _, _ in load(data_roots(), derived=False).triples(None, Iri(RDFS.label)) if isinstance(s, Iri)}
    matches = [(s, o) for s, p, o in align if p.value in MATCHES]
    assert [s for s, _ in matches if not isinstance(s, Iri) or s.value not in known] == []
    assert [o for _, o in matches if not isinstance(o, Iri) or o.value.startswith(OWN)] == []
    assert len(matches) >= 50


def test_a_responsible_unit_is_no_competent_authority(align: tuple[Triple, ...]) -> None:
    authority = Iri("http://data.europa.eu/m8g/hasCompetentAuthority")
    assert {p.value for s, p, o in align if (s, o) == (Iri(PG.responsibleAgency), authority)} == {SKOS.closeMatch}


def test_every_vocabulary_of_the_design_is_matched(align: tuple[Triple, ...]) -> None:
    objects = {o.value for _, p, o in align if p.value in MATCHES and isinstance(o, Iri)}
    for namespace in (
        *("http://data.europa.eu/eli/ontology#", "http://data.europa.eu/m8g/", "http://purl.org/vocab/cpsv#"),
        *("http://www.w3.org/ns/org#", "http://www.w3.org/ns/prov#", "https://w3id.org/dpv#"),
        *("http://www.w3.org/ns/oa#", "http://qudt.org/schema/qudt/", "https://schema.org/"),
    ):
        assert any(term.startswith(namespace) for term in objects), namespace
