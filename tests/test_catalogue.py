"""The questions' headers, their parameters, and the names by which entities are found."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from policygraph.errors import DataError, UsageError
from policygraph.graph.loading import PUBLIC, Graph, load
from policygraph.graph.terms import spell
from policygraph.model.terms import Iri, Literal, Table
from policygraph.paths import DataRoots, data_roots
from policygraph.queries.catalogue import read_headings, read_question, read_questions
from policygraph.queries.entities import Entities, local_name
from policygraph.queries.header import read_header
from policygraph.queries.parameters import odd_ones, resolve, split_parameters
from policygraph.vocab import SCHEME, SKOS, XSD

FILES = [path for folder in ("queries/ask", "queries/hygiene") for _, path in data_roots().files(folder, "*.rq")]
QUESTIONS = read_questions(data_roots())
BODY = 'SELECT ?x WHERE {\n  VALUES ?x { <http://e/x> }\n  VALUES ?lang { "zh" }\n  ?x ?p ?o\n} ORDER BY ?x\n'
HEAD = "#+ summary: {zh: 问, en: question}\n"


@pytest.fixture(scope="module")
def entities() -> Entities:
    return Entities(load(data_roots(), PUBLIC))


# ---------------------------------------------------------------- headers
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_header_means_what_yaml_means(path: Path) -> None:
    text = path.read_text("utf-8")
    lines = [line.removeprefix("#+ ").removeprefix("#+") for line in text.splitlines() if line.startswith("#+")]
    assert read_header(text, str(path)) == yaml.load("\n".join(lines), yaml.BaseLoader)  # noqa: S506 - strings only


SAME_AS_YAML = [
    "a: plain words, with a comma",
    'a: "quoted: \\"so\\" [1] {2}"',
    "a: 'it''s'",
    "a: []",
    "a: {}",
    'a: [one, two words, "three, four"]',
    "a: {zh: 问题：甲、乙？, en: 'which, what?'}",
    "a: {x: {zh: 单位, en: a unit}, y: z / w}",
    "a: {x: http://e/x}",
    "a: {zh: 一,\n  en: two}",
]


@pytest.mark.parametrize("text", SAME_AS_YAML)
def test_a_value_means_what_yaml_means(text: str) -> None:
    header = "".join(f"#+ {line}\n" for line in text.split("\n"))
    assert read_header(header, "x") == yaml.load(text, yaml.BaseLoader)  # noqa: S506 - strings only


MALFORMED = [
    ("#+summary: {zh: 问, en: q}\n", 1),
    ("#+ Summary: x\n", 1),
    (HEAD + "#+ tags: [a, b\n", 2),
    (HEAD + "#+ tags: [a, b] c\n", 2),
    (HEAD + "#+ tags: [a,, b]\n", 2),
    (HEAD + "#+ tags: [a: b]\n", 2),
    (HEAD + "#+ tags: a\n", 0),
    (HEAD + "#+ params: {x}\n", 2),
    (HEAD + "#+ params: {x:y}\n", 2),
    (HEAD + "#+ params: {x: a, x: b}\n", 2),
    (HEAD + '#+ params: {x: "a}\n', 2),
    (HEAD + "#+ params: {x: *a}\n", 2),
    (HEAD + "#+ params: {x: words in one language}\n", 0),
    (HEAD + "#+ params: {y: 甲 / a}\n", 0),
    (HEAD + "#+ flavour: sweet\n", 0),
    (HEAD + HEAD, 2),
    ("#+ summary: question\n", 0),
    ("#+ summary: {zh: 问}\n", 0),
    ("#+ tags: [a]\n", 0),
    ("#+   en: x}\n", 1),
]


@pytest.mark.parametrize(("header", "line"), MALFORMED)
def test_a_malformed_header_is_refused_with_its_line(header: str, line: int) -> None:
    with pytest.raises(DataError) as caught:
        read_question("q", Path("/folder/q.rq"), header + BODY)
    assert caught.value.where == "/folder/q.rq" + (f":{line}" if line else "")


def test_two_questions_of_one_name(tmp_path: Path) -> None:
    for root in ("a", "b"):
        (tmp_path / root / "queries/ask").mkdir(parents=True)
        (tmp_path / root / "queries/ask/q.rq").write_text(HEAD + BODY)
    with pytest.raises(DataError):
        read_questions(DataRoots((tmp_path / "a", tmp_path / "b")))


# ---------------------------------------------------------------- values
@pytest.mark.parametrize("value", [Iri("http://e/y"), Literal('a "b" \\ { } \n VALUES ?lang { "en" }'), Literal("7", XSD.integer)])
def test_a_value_takes_the_place_of_the_sample_and_of_nothing_else(value: Iri | Literal) -> None:
    question = read_question("q", Path("q.rq"), HEAD + "#+ params: {x: 甲 / a}\n" + BODY)
    text = question.bind({"x": value}, "en")
    assert text == question.text.replace("<http://e/x>", spell(value)).replace('"zh"', '"en"')
    assert question.sample("x") == Iri("http://e/x")


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_runs_with_its_sample_given_in_every_way(name: str, entities: Entities) -> None:
    question = QUESTIONS[name]
    answers = []
    for language in ("zh", "en"):
        plain = entities.graph.query(question.bind({}, language))
        answers.append(plain)
        for spelling in (entities.short, lambda term: term.value, lambda term: entities.label(term, "zh"), lambda t: f"<{t.value}>"):
            given = {
                parameter: (spelling(sample) if isinstance(sample, Iri) else sample.value)
                for parameter, sample in ((p, question.sample(p)) for p in question.params)
            }
            try:
                bound = resolve(question, given, entities)
            except UsageError as error:  # several things of one kind may share a label
                assert all(entities.short(question.sample(p)) in error.render("zh") for p in question.params)
                continue
            assert odd_ones(question, bound, entities) == ()
            assert entities.graph.query(question.bind(bound, language)) == plain
    assert all(isinstance(answer, Table) and len(answer) for answer in answers)


DATES = {"2023-08-21": "2023-08-21", "2023年8月21日": "2023-08-21", "2023/8/1": "2023-08-01", "2023-02-30": None, "yesterday": None}
LITERALS = [
    *(('"2000-01-01"^^xsd:date', given, wanted) for given, wanted in DATES.items()),
    *(("5", given, wanted) for given, wanted in {"12": "12", "-3": "-3", "1.5": None, "x": None, "٣": None, "9" * 30: None}.items()),
    *(("0.5", given, wanted) for given, wanted in {"12": "12", "0.75": "0.75", "1e3": None, "0.1234567": None}.items()),
    *(("true", given, wanted) for given, wanted in {"false": "false", "yes": None}.items()),
    ('"甲"@zh', "任何 字", "任何 字"),
    ('"a"', 'x" }', 'x" }'),
]


@pytest.mark.parametrize(("sample", "given", "wanted"), LITERALS)
def test_a_literal_is_read_as_the_sample_says(sample: str, given: str, wanted: str | None, entities: Entities) -> None:
    head = HEAD + "#+ params: {x: 甲 / a}\nPREFIX xsd: <http://www.w3.org/2001/XMLSchema#>\n"
    question = read_question("q", Path("q.rq"), head + BODY.replace("<http://e/x>", sample))
    if wanted is None:
        with pytest.raises(UsageError):
            resolve(question, {"x": given}, entities)
    else:
        term = resolve(question, {"x": given}, entities)["x"]
        kind = question.sample("x")
        assert isinstance(kind, Literal)
        assert term == Literal(wanted, kind.datatype, kind.language)


@pytest.mark.parametrize("pairs", [["x"], ["x="], ["=y"], ["x=1", "x=2"]])
def test_a_malformed_parameter(pairs: list[str]) -> None:
    with pytest.raises(UsageError):
        split_parameters(pairs)


def test_a_value_may_hold_an_equals_sign() -> None:
    assert split_parameters(["x=a=b", " y = c "]) == {"x": "a=b", "y": "c"}


# ---------------------------------------------------------------- names
NAMES = [
    ("市人社局", "agency:rsj"),
    ("rsj", "agency:rsj"),
    ("agency:rsj", "agency:rsj"),
    ("新乡市人力资源和社会保障局", "agency:rsj"),
    ("Municipal Finance Bureau", "agency:czj"),
    ("municipal finance  bureau", "agency:czj"),
    ("m7", "xx:m7"),
    ("xx:m7", "xx:m7"),
    ("新办[2023]10号", "<https://w3id.org/policygraph/policy/cn-410700/xinban-2023-10>"),
    ("新办〔２０２３〕１０号", "<https://w3id.org/policygraph/policy/cn-410700/xinban-2023-10>"),
    ("pg:Policy", "pg:Policy"),
    ("s:obligation", "modality:obligation"),
]


@pytest.mark.parametrize(("text", "short"), NAMES)
def test_an_entity_is_found_by_any_of_its_names(text: str, short: str, entities: Entities) -> None:
    assert entities.short(entities.resolve(text)) == short


NEAR = [("市人社", "agency:rsj"), ("人社局", "agency:rsj"), ("agency:rs", "agency:rsj"), ("Municipal Finance Buro", "agency:czj")]


@pytest.mark.parametrize(("text", "short"), NEAR)
def test_a_near_miss_is_suggested(text: str, short: str, entities: Entities) -> None:
    with pytest.raises(UsageError) as caught:
        entities.resolve(text)
    assert all(short in caught.value.render(language) for language in ("zh", "en"))


@pytest.mark.parametrize("text", ["http://e/none", "xx:", ":", "<>", "<a b>", "☃☃☃☃", "x" * 5000])
def test_an_unknown_name_is_an_error_with_a_way_out(text: str, entities: Entities) -> None:
    with pytest.raises(UsageError) as caught:
        entities.resolve(text)
    assert caught.value.fix.zh
    assert caught.value.fix.en


def test_an_ambiguous_name_lists_its_candidates_and_a_sample_settles_it() -> None:
    files = {
        "http://e/one/m1": ("甲", "http://e/Measure"),
        "http://e/two/m1": ("乙", "http://e/Measure"),
        "http://e/two/x": ("甲", "http://e/Other"),
    }
    label, kind = Iri("http://www.w3.org/2000/01/rdf-schema#label"), Iri("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    graph = Graph(
        (Iri(iri), label, Literal(name, "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString", "zh")) for iri, (name, _) in files.items()
    )
    graph.extend((Iri(iri), kind, Iri(cls)) for iri, (_, cls) in files.items())
    entities = Entities(graph)
    for text, candidates in {"m1": ["one/m1", "two/m1"], "甲": ["one/m1", "two/x"]}.items():
        with pytest.raises(UsageError) as caught:
            entities.resolve(text)
        assert all(f"http://e/{candidate}" in caught.value.render("en") for candidate in candidates)
    assert entities.resolve("甲", like=Iri("http://e/two/m1")) == Iri("http://e/one/m1")


@pytest.mark.parametrize(("iri", "name"), [("http://e/a/b", "b"), ("http://e/a#b", "b"), ("http://e/a/", "a/"), ("urn:x", "urn:x")])
def test_the_last_part_of_an_iri(iri: str, name: str) -> None:
    assert local_name(iri) == name


# ---------------------------------------------------------------- what people read
def test_every_column_has_a_heading_and_every_topic_a_name(entities: Entities) -> None:
    headings = read_headings(data_roots())
    columns = set()
    for question in QUESTIONS.values():
        found = entities.graph.query(question.bind({}))
        assert isinstance(found, Table)
        columns |= set(found.columns) - set(question.columns)
    assert {column for column in columns if column.removesuffix("Label") not in headings} == set()
    topics = {question.tags[0] for question in QUESTIONS.values()}
    named = {local_name(s.value) for s in entities.graph.subjects(SKOS.inScheme, Iri(SCHEME["topic"]))}
    assert topics <= named


def test_the_form_shown_in_the_readme_is_one_that_runs(entities: Entities) -> None:
    text = (data_roots().base / "queries/README.md").read_text("utf-8")
    example = text.split("```sparql\n")[1].split("```")[0]
    question = read_question("example", Path("example.rq"), example)
    found = entities.graph.query(question.bind(resolve(question, {"measure": "m8"}, entities), "en"))
    assert isinstance(found, Table)
    assert len(found) == 6
