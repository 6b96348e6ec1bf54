"""What can be found: every thing that people would look for, with its names and words, from the graph and the questions."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from policygraph.app.reader.document import in_text, named, read, readable
from policygraph.app.reader.facts import Facts
from policygraph.app.searching.folding import Folded, fold
from policygraph.errors import Text
from policygraph.model.terms import Iri, Literal, local_name
from policygraph.vocab import BASE, DCTERMS, OWL, PG, RDF, RDFS, SH, SKOS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from policygraph.app.reader.document import Document, Sentence
    from policygraph.graph.memory import Graph
    from policygraph.queries.catalogue import Question

# Group → what it is called; earlier ones go first among equals.
GROUPS = {
    "actors": Text("单位与主体", "Units and actors"),
    "sections": Text("政策、章节与措施", "Policies, sections and measures"),
    "sentences": Text("原文", "Sentences of the text"),
    "questions": Text("可以问的问题", "Questions that can be asked"),
    "kinds": Text("申报种类", "Kinds of submission"),
    "terms": Text("术语", "Terms"),
    "clauses": Text("条款", "Clauses"),
    "rules": Text("数值、规则与核查", "Numbers, rules and checks"),
    "readings": Text("判读与未定问题", "Readings and open questions"),
    "documents": Text("文件与外部事实", "Documents and outside facts"),
    "vocabulary": Text("词汇与代码", "Vocabulary and codes"),
}
# Class → group; the first that a thing is of decides. '' leaves it out: nobody looks for an inner part of a rule, or for “sentence 45”.
_OF = (
    *((kind, "") for kind in (PG.Sentence, PG.Heading, PG.AlgebraNode, PG.Alternative, PG.FormatShape, PG.UndeterminedShape)),
    *((kind, "") for kind in (PG.NumberExemption, PG.Anchor, PG.TextBreak, PG.SourceText, PG.Review, PG.ResponsibilityStatement)),
    *((kind, "") for kind in (SH.PropertyShape, SH.ConstraintComponent, SH.SPARQLSelectValidator)),
    (PG.Actor, "actors"),
    *((kind, "sections") for kind in (PG.Policy, PG.Section)),
    *((kind, "clauses") for kind in (PG.Provision, PG.NonNormativeItem)),
    *((kind, "rules") for kind in (PG.Parameter, PG.ParameterSet, PG.Rule, PG.Benefit, PG.CheckShape, PG.Enumeration)),
    *((kind, "readings") for kind in (PG.Reading, PG.ReadingOption, PG.OpenQuestion)),
    *((kind, "documents") for kind in (PG.ExternalDocument, PG.ExternalFact)),
    (PG.Term, "terms"),
    (SH.NodeShape, ""),
)
_NAMES = {
    RDFS.label: 0,
    SKOS.prefLabel: 0,
    PG["title"]: 4,
    PG.documentNumber: 4,
    PG.formalName: 5,
    SKOS.altLabel: 5,
    DCTERMS["title"]: 6,
    SKOS.hiddenLabel: 12,
}
_WORDS = (PG.statement, SKOS.definition)


@dataclass(frozen=True, slots=True)
class Name:
    """A name of a thing; the rank says how far behind its label it comes."""

    words: str
    folded: Folded
    rank: int
    language: str


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that can be found.

    Attributes:
        group: Its group.
        iri: What it is; '' for a question.
        path: Path of its page below the root, or its IRI.
        label: What it is called.
        names: All its names.
        words: Longer words about it, the text's own first.
        clauses: For a sentence, where its clauses stand in it: start, end and short name; for a clause, only itself.
        anchor: For either, the sentence in the reader.
    """

    group: str
    iri: str
    path: str
    label: Text
    names: tuple[Name, ...]
    words: tuple[Name, ...] = ()
    clauses: tuple[tuple[int, int, str], ...] = ()
    anchor: str = ""


def entries(graph: Graph, questions: Mapping[str, Question]) -> tuple[Entry, ...]:
    """Return everything that can be found."""
    facts = Facts(graph)
    found = list(_things(graph, facts))
    for policy in readable(graph):
        document = read(graph, policy)
        every = (sentence for block in document.blocks for sentence in block.sentences)
        found += [_sentence(facts, document, sentence) for sentence in every]
    found += [_question(question) for question in questions.values()]
    return tuple(found)


def _things(graph: Graph, facts: Facts) -> Iterator[Entry]:
    names: dict[Iri, list[Name]] = defaultdict(list)
    for predicate, rank in _NAMES.items():
        for subject, _, value in graph.triples(predicate=Iri(predicate)):
            if isinstance(subject, Iri) and isinstance(value, Literal):
                names[subject].append(Name(value.value, fold(value.value), rank, value.language))
    for subject, _, number in graph.triples(predicate=Iri(PG.number)):
        if isinstance(subject, Iri) and facts.is_a(subject, PG.Section):
            names[subject] += _numbered(facts, subject, number.value)
    kinds = facts.below(PG.Submission) | facts.below(PG.SubjectProfile)
    for node in sorted(names):
        group = "kinds" if node in kinds else _group(facts, node)
        if group and (group != "vocabulary" or node.value.startswith(BASE)):
            own = sorted({(name.words, name.language): name for name in reversed(names[node])}.values(), key=lambda n: (n.rank, n.words))
            entry = Entry(group, node.value, node.value, facts.label(node), tuple(own), tuple(_words(facts, node)))
            yield _placed(graph, entry, node)


def _placed(graph: Graph, entry: Entry, node: Iri) -> Entry:
    """Return an entry with where it is read best: a clause in its text, a kind on the page of kinds, else its own page."""
    if entry.group == "kinds" and not graph.objects(node, PG.partOf):
        return replace(entry, path=f"api/kinds/{local_name(node.value)}")
    if entry.group == "clauses" and (found := in_text(graph, node)) is not None:
        policy, anchor = found
        short = node.value.removeprefix(policy.value + "/")
        return replace(entry, path=f"read/{named(policy)}", clauses=((0, 0, short),), anchor=anchor)
    return entry


def _group(facts: Facts, node: Iri) -> str:
    classes = {kind.value for kind in facts.iris(node, RDF.type)}
    return next((group for kind, group in _OF if kind in classes), "vocabulary" if classes - {OWL.Ontology} else "")


def _numbered(facts: Facts, section: Iri, number: str) -> Iterator[Name]:
    """Yield what a numbered section is called by its kind: 措施8, measure 8."""
    for kind in (PG.Measure, PG.Safeguard):
        if facts.is_a(section, kind):
            label = facts.label(Iri(kind))
            for words, language in ((f"{label.zh}{number}", "zh"), (f"{label.en} {number}", "en")):
                yield Name(words, fold(words), 4, language)


def _words(facts: Facts, node: Iri) -> Iterable[Name]:
    for predicate in _WORDS:
        for language in ("zh", "en"):
            for words in facts.words(node, predicate, language):
                yield Name(words, fold(words), 0, language)


def _sentence(facts: Facts, document: Document, sentence: Sentence) -> Entry:
    words = document.words(sentence)
    items = dict.fromkeys(run.item for run in sentence.runs if run.item is not None)
    english = " ".join(filter(None, (facts.word(item.node, PG.translation) for item in items)))
    spoken = [Name(words, fold(words), 0, "zh"), *([Name(english, fold(english), 6, "en")] if english else [])]
    section = facts.label(sentence.section) if sentence.section is not None else facts.label(document.policy)
    number = sentence.number
    return Entry(
        "sentences",
        sentence.node.value,
        f"read/{named(document.policy)}",
        Text(f"第 {number} 句 · {section.zh}", f"Sentence {number} · {section.en}"),
        (),
        tuple(spoken),
        tuple((run.start - sentence.start, run.end - sentence.start, document.short(run.item.node)) for run in sentence.runs if run.item),
        sentence.anchor,
    )


def _question(question: Question) -> Entry:
    spoken = [Name(question.summary.zh, fold(question.summary.zh), 0, "zh"), Name(question.summary.en, fold(question.summary.en), 0, "en")]
    about = question.description
    words = [Name(about.zh, fold(about.zh), 0, "zh"), Name(about.en, fold(about.en), 0, "en")] if about is not None else []
    return Entry("questions", "", f"ask/{question.name}", question.summary, tuple(spoken), tuple(words))
