"""What an export and a search of the register tell, and whom they name."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

import pytest

from entering import BY, ID, NAMING, OTHER_ID, claim, determine, enter
from policygraph.app.register.erasing import erase
from policygraph.app.register.personal import personal_fields
from policygraph.app.register.rdf import register_triples
from policygraph.app.register.searching import search
from policygraph.app.register.store import Register
from policygraph.app.register.tabular import Words, write_table
from policygraph.graph.serialising import serialise
from policygraph.model.terms import Iri, Literal
from policygraph.records.codebook import CodeBook
from policygraph.records.kinds import load_kinds
from policygraph.store.embedded import EmbeddedStore
from policygraph.vocab import PG, PROV, RDF
from submitting import Submitted, kinds, standard

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Register]:
    """A register with two records, a correction, a determination and an erasure, for reading."""
    with Register.create(tmp_path_factory.mktemp("filled") / "register.db", BY.time) as register:
        formula, erased = claim(contestName="=cmd|' /C calc'!A0"), claim(personName="欧阳修", personId=OTHER_ID)
        enter(register, formula, Submitted("CraftsmanNaming", NAMING), erased)
        enter(register, claim(rank="1"), corrects=1)
        determine(register, 4, "personName", "张三丰", "2024-10-01")
        erase(register, [3], "保存期满", "王科长", BY.time)
        yield register


# ---------------------------------------------------------------- exporting
SECRETS = ("张三", ID, "李强", "欧阳修", OTHER_ID, "officer", "王科长", "王主任", "2024年第7号", "保存期满", "的申报")


def test_an_export_names_nodes_by_number_and_tells_what_happened(filled: Register) -> None:
    triples = list(register_triples(filled))
    iris = {t.value for triple in triples for t in triple if isinstance(t, Iri)}
    assert not [iri for iri in iris for secret in SECRETS if secret in iri]
    entry = "https://w3id.org/policygraph/register#entry-{}"
    assert (Iri(entry.format(4)), Iri(PROV.wasRevisionOf), Iri(entry.format(1))) in triples
    assert (Iri(entry.format(5)), Iri(RDF.type), Iri(PG.Determination)) in triples
    assert any(s == Iri(entry.format(3)) and p.value == PROV.wasInvalidatedBy for s, p, _ in triples)
    said = {o.value for _, _, o in triples if isinstance(o, Literal)}
    assert {"张三", "李强", ID, "officer", "王科长", "王主任", "保存期满"} <= said
    assert "欧阳修" not in said  # erased
    declared = {t.value for t in standard().graph.subjects(RDF.type, Iri("http://www.w3.org/2002/07/owl#Class"))}
    used = {p.value for _, p, _ in triples if p.value.startswith(PG)}
    assert {o.value for _, p, o in triples if p.value == RDF.type and o.value.startswith(PG)} <= declared
    assert all(next(standard().graph.triples(Iri(p)), None) for p in used)
    for form in ("turtle", "trig", "ntriples", "jsonld", "rdfxml"):
        assert serialise(triples, form) == serialise(list(register_triples(filled)), form)


def test_an_anonymous_export_names_nobody(filled: Register) -> None:
    store = EmbeddedStore(standard().graph)
    without = personal_fields(store)
    words = Words(load_kinds(store), CodeBook.of(store), "zh")
    text, table = serialise(register_triples(filled, without), "turtle"), write_table(filled, words, without)
    assert [secret for secret in SECRETS if secret in text + table] == []
    assert "全省职业技能大赛" in text
    assert "全省职业技能大赛" in table
    whole = write_table(filled, words)
    assert all(secret in whole for secret in ("张三", ID, "officer"))
    rows = list(csv.DictReader(io.StringIO(whole.removeprefix("\ufeff"))))
    assert [row["编号"] for row in rows] == [str(number) for number in range(1, 7)]
    assert rows[0]["赛事名称"] == "'=cmd|' /C calc'!A0"  # text stays text in a spreadsheet
    assert rows[4]["姓名"] == "张三丰"


def test_every_name_and_number_of_a_person_is_marked_personal() -> None:
    fields = personal_fields(EmbeddedStore(standard().graph))
    paths = {field.path for kind in kinds().values() for field in kind.fields}
    named = {path for path in paths if re.search("(person|talent|graduate)(Name|Id)$", path)}
    assert len(named) >= 4
    assert named <= fields
    assert not [path for path in fields if re.search("(employer|school|unit|contest|authority)Name$", path)]


def test_words_of_a_person_are_searched_everywhere(filled: Register) -> None:
    for words, wanted in ((ID[:12], [1, 4]), ("张三丰", [5]), ("王主任", [5]), ("欧阳修", []), ("国家级", [])):
        assert [match.entry.number for match in search(filled, words)] == wanted
