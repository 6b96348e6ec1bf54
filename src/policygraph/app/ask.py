"""Asks the graph one of the questions in `queries/ask/`, or lists them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from policygraph.errors import DataError, InputError, Text, UsageError
from policygraph.model.terms import Iri, Literal, Table
from policygraph.queries.catalogue import read_headings, read_named, read_questions
from policygraph.queries.parameters import odd_ones, resolve
from policygraph.vocab import SCHEME, SKOS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from policygraph.graph.memory import Graph
    from policygraph.model.terms import Term, Triple
    from policygraph.paths import DataRoots
    from policygraph.queries.catalogue import Question
    from policygraph.queries.entities import Entities

_TOPICS = SCHEME["topic"]
_OTHER = Text("其他", "Other")


@dataclass(frozen=True, slots=True)
class Answer:
    """A question with its values and what the graph says.

    Attributes:
        question: The question.
        values: Parameter → value, in the question's order.
        samples: Parameters that keep the sample of the question's file.
        result: Rows, truth, or triples.
        notes: What explains an empty answer.
    """

    question: Question
    values: Mapping[str, Term]
    samples: frozenset[str]
    result: Table | bool | tuple[Triple, ...]
    notes: tuple[Text, ...]


def answer(question: Question, given: Mapping[str, str], entities: Entities, language: str) -> Answer:
    """Ask a question.

    Args:
        question: The question.
        given: Parameter → what the caller wrote for it.
        entities: The graph with its names.
        language: Language of the labels in the answer.

    Raises:
        UsageError: An unknown parameter or entity.
        DataError: The question's file is broken.
    """
    bound = resolve(question, given, entities)
    try:
        result = entities.graph.query(question.bind(bound, language))
    except InputError as error:
        raise DataError(error.what, error.fix, f"{question.path}:{error.where.removeprefix('SPARQL:')}") from error
    empty = isinstance(result, Table | tuple) and not result
    return Answer(
        question=question,
        values={parameter: bound.get(parameter) or question.sample(parameter) for parameter in question.params},
        samples=frozenset(set(question.params) - set(bound)),
        result=result,
        notes=odd_ones(question, bound, entities) if empty else (),
    )


def find_question(name: str, roots: DataRoots) -> Question:
    """Return a question by name, reading the whole catalogue only when there is none.

    Raises:
        UsageError: There is none; suggests near misses by name and by wording.
        DataError: A question's file is malformed.
    """
    question = read_named(roots, name)
    if question is not None:
        return question
    questions = read_questions(roots)
    import difflib

    wanted = name.casefold().removesuffix(".rq")
    wordings = {w.casefold(): n for n, q in questions.items() for w in (q.summary.zh, q.summary.en)}
    near = dict.fromkeys(n for n in questions if wanted in n or n in wanted)
    near |= dict.fromkeys(difflib.get_close_matches(wanted, list(questions), 5, 0.5))
    near |= dict.fromkeys(n for w, n in wordings.items() if len(wanted) > 1 and wanted in w)
    near |= dict.fromkeys(wordings[w] for w in difflib.get_close_matches(wanted, list(wordings), 3, 0.5))
    if not near:
        fix = Text("policygraph ask 列出全部问题。", "`policygraph ask` lists all questions.")
    else:
        lines = [(n, questions[n].summary) for n in list(near)[:6]]
        fix = Text(
            "您是否要问：" + "".join(f"\n  {n}  {summary.zh}" for n, summary in lines),
            "Did you mean:" + "".join(f"\n  {n}  {summary.en}" for n, summary in lines),
        )
    raise UsageError(Text(f"没有问题“{name}”。", f"There is no question “{name}”."), fix)


def headings_of(question: Question, columns: Sequence[str], roots: DataRoots) -> tuple[Text, ...]:
    """Return the headings of columns: the question's own, else the shared ones, else the variable's name."""
    shared = {**read_headings(roots), **question.columns}
    name_of = shared.get("label", Text("名称", "name"))

    def heading(variable: str) -> Text:
        stem = variable.removesuffix("Label")
        if variable in shared:
            return shared[variable]
        if stem != variable and stem in shared:
            return Text("{of}{name}", "{name} of {of}").format(of=shared[stem], name=name_of)
        return Text(variable, variable)

    return tuple(heading(variable) for variable in columns)


def by_topic(questions: Mapping[str, Question], graph: Graph, entities: Entities) -> list[tuple[Text, list[Question]]]:
    """Return the questions under their topics, both in order; a first tag that no topic describes is its own heading."""
    groups: dict[str, list[Question]] = {}
    for question in questions.values():
        groups.setdefault(question.tags[0] if question.tags else "", []).append(question)

    def place(tag: str) -> tuple[int, str]:
        found = graph.objects(Iri(f"{_TOPICS}/{tag}"), SKOS.notation)
        return (int(found[0].value) if found and isinstance(found[0], Literal) else 1000 + (not tag)), tag

    def heading(tag: str) -> Text:
        topic = Iri(f"{_TOPICS}/{tag}")
        if not tag:
            return _OTHER
        return Text(entities.label(topic, "zh"), entities.label(topic, "en")) if topic in graph else Text(tag, tag)

    return [(heading(tag), groups[tag]) for tag in sorted(groups, key=place)]
