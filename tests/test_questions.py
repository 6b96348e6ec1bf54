"""Every question answers as its table in `tests/questions/` says, and alike on Oxigraph and on rdflib.

The tables are written from the policy's text. An IRI stands there as its last segment, numbers are compared by value, and null is an
unbound cell.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import rdflib
import yaml

from policygraph.graph.loading import PUBLIC, load
from policygraph.graph.terms import spell
from policygraph.model.terms import Blank, Iri, Literal, Table, Term
from policygraph.paths import data_roots
from policygraph.queries.catalogue import LANGUAGE_PARAMETER, read_questions
from policygraph.queries.entities import Entities, local_name
from policygraph.queries.parameters import resolve
from policygraph.store.embedded import EmbeddedStore
from policygraph.vocab import RDF, SCHEME, SKOS, XSD

TABLES = Path(__file__).parent / "questions"
QUESTIONS = read_questions(data_roots())
LEAST_QUESTIONS = 80
LEAST_CASES = 200
SMALL = 25  # rows: a table up to this size is stated in full
AUDIENCES = {"researcher", "hr", "school", "worker", "compliance", "integrator"}
NUMERIC = {XSD.integer, XSD.decimal, XSD.double, XSD.gYear}
OWN_IRI = re.compile(r"<(https://w3id\.org/policygraph/[^>]+)>")
OPEN_NAMESPACE = re.compile(r"#$|/scheme/[\w-]+/$")
PARAMETER = re.compile(r"^\s*VALUES \?(\w+) \{[^{}]*\}\s*$", re.MULTILINE)

Cell = str | Decimal | bool | None
Row = tuple[Cell, ...]


@dataclass(frozen=True)
class Case:
    """One case of a question's table: its parameters and language, and what the answer's columns hold.

    Attributes:
        rows: All rows in order, or None when only some are stated.
        count: How many rows, when not all are stated.
    """

    question: str
    number: int
    params: tuple[tuple[str, str], ...]
    language: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...] | None
    count: int | None
    includes: tuple[Row, ...]
    excludes: tuple[Row, ...]

    def __str__(self) -> str:
        return f"{self.question}-{self.number}"


def read_cases(path: Path) -> list[Case]:
    content = yaml.safe_load(path.read_text("utf-8"))
    assert set(content) == {"question", "cases"}, path
    assert content["question"] == path.stem
    return [read_case(path.stem, number, case) for number, case in enumerate(content["cases"], 1)]


def read_case(question: str, number: int, case: dict[str, Any]) -> Case:
    where = f"{question}, case {number}"
    assert not set(case) - {"params", "language", "columns", "rows", "count", "includes", "excludes"}, where
    assert not {"rows", "count"} <= set(case), f"{where}: rows are counted already"
    listed = {key: tuple(tuple(map(expected, row)) for row in case.get(key, ())) for key in ("rows", "includes", "excludes")}
    assert all(len(row) == len(case["columns"]) for rows in listed.values() for row in rows), where
    return Case(
        question=question,
        number=number,
        params=tuple((name, str(value)) for name, value in case.get("params", {}).items()),
        language=case.get("language", "zh"),
        columns=tuple(case["columns"]),
        rows=listed["rows"] if "rows" in case else None,
        count=case.get("count"),
        includes=listed["includes"],
        excludes=listed["excludes"],
    )


def expected(value: object) -> Cell:
    """Return a cell of a table as `found` returns a term."""
    if value is None or isinstance(value, bool | str):
        return value
    return value.isoformat() if isinstance(value, date) else Decimal(str(value))


def found(term: Term | None) -> Cell:
    match term:
        case None:
            return None
        case Iri(value):
            return local_name(value)
        case Literal(value, XSD.boolean):
            return value in {"true", "1"}
        case Literal(value, datatype) if datatype in NUMERIC:
            return Decimal(value)
        case Literal(value):
            return value
    raise AssertionError(f"no cell of a table: {term}")


CASES = [case for path in sorted(TABLES.glob("*.yaml")) for case in read_cases(path)]


@dataclass
class Engines:
    """The same graph in both engines; an answer is computed once."""

    embedded: EmbeddedStore
    entities: Entities
    other: rdflib.Graph

    def query(self, case: Case) -> str:
        question = QUESTIONS[case.question]
        return question.bind(resolve(question, dict(case.params), self.entities), case.language)

    def __post_init__(self) -> None:
        self.select = cache(self.embedded.select)
        self.select_other = cache(self._select_other)

    def _select_other(self, query: str) -> Table:
        result = self.other.query(query)
        columns = tuple(str(variable) for variable in result.vars or ())
        return Table(columns, tuple(tuple(plain(row.get(variable)) for variable in result.vars or ()) for row in result.bindings))


def plain(term: rdflib.term.Node | None) -> Term | None:
    if term is None:
        return None
    if isinstance(term, rdflib.Literal):
        datatype = RDF.langString if term.language else str(term.datatype or XSD.string)
        return Literal(str(term), datatype, term.language or "")
    return Iri(str(term)) if isinstance(term, rdflib.URIRef) else Blank(str(term))


@pytest.fixture(scope="module")
def engines() -> Engines:
    graph = load(data_roots(), PUBLIC)
    lines = (" ".join(map(spell, triple)) + " ." for triple in graph)
    return Engines(EmbeddedStore(graph), Entities(graph), rdflib.Graph().parse(data="\n".join(lines), format="nt"))


# ---------------------------------------------------------------- the answers
@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_question_answers_as_its_table_says(case: Case, engines: Engines) -> None:
    table = engines.select(engines.query(case))
    assert set(case.columns) <= set(table.columns)
    places = [table.columns.index(column) for column in case.columns]
    rows = [tuple(found(row[place]) for place in places) for row in table.rows]
    if case.rows is not None:
        assert rows == list(case.rows)
    elif case.count is not None:
        assert len(rows) == case.count
    assert [row for row in case.includes if row not in rows] == []
    assert [row for row in case.excludes if row in rows] == []


@pytest.mark.parametrize("case", CASES, ids=str)
def test_both_engines_give_the_same_rows_in_the_same_order(case: Case, engines: Engines) -> None:
    query = engines.query(case)
    ours, theirs = engines.select(query), engines.select_other(query)
    assert ours.columns == theirs.columns
    assert [values(row) for row in ours.rows] == [values(row) for row in theirs.rows]


def values(row: tuple[Term | None, ...]) -> tuple[object, ...]:
    """Return a row with its numbers by value and all other terms as they are."""
    return tuple(found(cell) if isinstance(cell, Literal) and cell.datatype in {*NUMERIC, XSD.boolean} else cell for cell in row)


# ---------------------------------------------------------------- the tables
def test_every_question_has_a_table_and_every_table_a_question() -> None:
    assert {case.question for case in CASES} == {path.stem for path in TABLES.iterdir()} == set(QUESTIONS)
    assert len(QUESTIONS) >= LEAST_QUESTIONS
    assert len(CASES) >= LEAST_CASES


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_table_covers_both_languages_and_states_small_answers_in_full(name: str) -> None:
    cases = [case for case in CASES if case.question == name]
    assert {case.language for case in cases} == {"zh", "en"}
    assert all(case.rows or case.includes or case.excludes for case in cases), "a count alone says little"
    in_full = any(case.rows for case in cases)
    assert in_full or all(case.count is None or case.count > SMALL for case in cases)


@pytest.mark.parametrize("name", QUESTIONS)
def test_no_question_answers_with_an_empty_table(name: str, engines: Engines) -> None:
    for language in ("zh", "en"):
        table = engines.select(QUESTIONS[name].bind({}, language))
        assert table.rows
        assert len(set(table.rows)) == len(table.rows), "rows that are the same twice"
        labels = [place for place, column in enumerate(table.columns) if column.endswith(("label", "Label"))]
        tags = {cell.language for row in table.rows for place in labels if isinstance(cell := row[place], Literal)}
        assert tags <= {language, ""}, "labels in another language than asked for"


# ---------------------------------------------------------------- the files
@pytest.mark.parametrize("name", QUESTIONS)
def test_a_header_is_complete(name: str, engines: Engines) -> None:
    question = QUESTIONS[name]
    assert question.summary.zh.endswith("？") and question.summary.en.endswith("?")
    assert Iri(f"{SCHEME['topic']}/{question.tags[0]}") in set(engines.entities.graph.subjects(SKOS.inScheme, Iri(SCHEME["topic"])))
    assert question.audience and set(question.audience) <= AUDIENCES
    assert set(PARAMETER.findall(question.text)) - {LANGUAGE_PARAMETER} == set(question.params)


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_fits_any_policy_and_any_engine(name: str) -> None:
    body = PARAMETER.sub("", QUESTIONS[name].text)
    individuals = [iri for iri in OWN_IRI.findall(body) if not OPEN_NAMESPACE.search(iri)]
    assert individuals == [], "a policy's own IRI stands in sample lines only"
    assert re.search(r"^\} .*\bORDER BY\b", body, re.MULTILINE), "rows need an order"
    assert not re.search(r"\bMINUS\b|\bSERVICE\b", body)
    assert not re.search(r"^\}.*\bVALUES\b", body, re.MULTILINE), "engines differ on VALUES at the end"
