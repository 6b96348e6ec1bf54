"""Does a policy still hold together with overlays: numbers, rules and sentences are checked as those of the policy's own files are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policygraph.errors import DataError, InputError, Text
from policygraph.graph.terms import order
from policygraph.model import wording
from policygraph.model.index import Index
from policygraph.model.terms import Iri, Literal, Table
from policygraph.vocab import PG, RDF, SH

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from policygraph.graph.memory import Graph
    from policygraph.model.terms import Term
    from policygraph.paths import DataRoots

# Which of the checks of `lint` an overlay must pass: those on numbers, rules and options. How the document is described beyond the
# sentences that it brings is not asked.
SHAPES = (
    "parameter-set", "parameter-value", "parameter-words", "parameter-source", "parameter-valid-from", "parameter-interval",
    "parameter-unit", "parameter-dimensions", "derived", "alternative-condition", "words-in-chinese",
    "statement-zh", "statement-en", "option-of-reading", "option-node", "instead-of-kind",
)  # fmt: skip
QUERIES = (
    "parameter-overlap", "parameter-without-provision", "unused-parameter-set", "verbatim-not-in-quote", "hedge-not-in-quote",
    "contradictory-alternative", "subsumed-alternative", "field-not-of-kind", "row-field-not-of-table", "allowed-not-in-code-list",
    "undescribed-reference",
)  # fmt: skip
# Rules of real policies nest a handful of expressions; an overlay is foreign, and what it nests costs time that doubles with each level.
MAX_DEPTH = 24
_SHAPE = "https://w3id.org/policygraph/shape/graph/"
_UNCITED = f"""
SELECT ?provision WHERE {{
  ?provision a <{PG.Provision}> .
  FILTER NOT EXISTS {{ ?provision <{PG.quote}> ?quote ; <{PG.modality}> ?strength ; <{PG.within}> ?document . ?document a <{PG.Policy}> ;
    <{PG.documentNumber}> ?number }}
}} ORDER BY ?provision"""
_ENDED_FIRST = f"""
SELECT ?node WHERE {{
  ?node a <{PG.Rule}> ; <{PG.validFrom}> ?from ; <{PG.validUntil}> ?until . FILTER(?until <= ?from)
}} ORDER BY ?node"""
_OWN = (
    (
        _UNCITED,
        Text("不能引用的条款。", "This clause cannot be cited."),
        Text(
            "请写明引文、强度，并归入有文号的文件（pg:quote、pg:modality、eli:is_part_of）。",
            "Give its quote and strength, and make it part of a document with a number (pg:quote, pg:modality, eli:is_part_of).",
        ),
    ),
    (_ENDED_FIRST, Text("止日不晚于起日。", "It ends no later than it begins."), Text("请改正 pg:validUntil。", "Correct pg:validUntil.")),
)

Fault = tuple[str, Text, Text]


def require(graph: Graph, before: Graph, roots: DataRoots, where: str) -> None:
    """Check a graph that overlays amended.

    Args:
        graph: The amended graph.
        before: The graph without overlays; its own faults are not counted.
        roots: Where shapes and queries are.
        where: The overlays, for the error.

    Raises:
        InputError: Names every fault.
    """
    try:
        own = {*graph.subjects(RDF.type, Iri(PG.Parameter))} - {*before.subjects(RDF.type, Iri(PG.Parameter))}
        found = list(dict.fromkeys(_faults(graph, roots, own)))
        if found:
            known = {*_faults(before, roots, ())}
            found = [fault for fault in found if fault not in known]
        if not found:
            _compile(graph)
    except DataError as error:
        raise InputError(
            Text("叠加后政策不再成立：{what}", "With the overlay the policy no longer holds together: {what}").format(what=error.what),
            error.fix,
            ": ".join(filter(None, (where, error.where))),
        ) from error
    if found:
        raise InputError(
            _listed(Text("叠加后政策不再成立：", "With the overlay the policy no longer holds together:"), found, graph),
            Text("请改正叠加文件；未作任何判读。", "Correct the overlay; nothing was decided."),
            where,
        )


def _listed(head: Text, faults: list[Fault], graph: Graph) -> Text:
    from policygraph.queries.entities import Entities

    names = Entities(graph)

    def line(node: str, what: str, fix: str) -> str:
        return f"\n  {names.short(Iri(node))}: {what} {fix}"

    return Text(
        head.zh + "".join(line(node, what.zh, fix.zh) for node, what, fix in faults),
        head.en + "".join(line(node, what.en, fix.en) for node, what, fix in faults),
    )


def _compile(graph: Graph) -> None:
    from policygraph.engine.algebra import compile_algebra
    from policygraph.store.embedded import EmbeddedStore

    depth = compile_algebra(EmbeddedStore(graph)).strata
    if depth > MAX_DEPTH:
        raise DataError(
            Text("表达式嵌套 {depth} 层，最多 {most} 层。", "Expressions are nested {depth} deep; {most} is the most.").format(
                depth=depth, most=MAX_DEPTH
            ),
            Text("请简化表达式。", "Make the expressions simpler."),
        )


def _faults(graph: Graph, roots: DataRoots, parameters: Collection[Term]) -> Iterator[Fault]:
    """Yield (node, what is wrong, what to do)."""
    from policygraph.shapes.runner import load_shapes, validate

    facts = Index.of(graph)
    shapes = load_shapes([roots.base / "shapes" / "graph.ttl"])
    for result in validate(graph, shapes, only=[_SHAPE + name for name in SHAPES]):
        mending = shapes.facts.text(Iri(result.shape), PG.mending) or Text("", "")
        if result.severity == SH.Violation:
            yield result.focus.value, result.words(lambda t: Text(t.value, t.value) if isinstance(t, Literal) else facts.label(t)), mending
    yield from _rows(graph, roots)
    items = {s for s in facts.subjects(RDF.type, Iri(PG.TextItem)) if isinstance(s, Iri)}
    for parameter in sorted(parameters, key=order):
        yield from ((p.node, p.what, p.fix) for p in wording.check_parameter(parameter, facts, items))


def _rows(graph: Graph, roots: DataRoots) -> Iterator[Fault]:
    from policygraph.queries.catalogue import read_questions

    questions = read_questions(roots, "queries/hygiene")
    for name in QUERIES:
        question = questions[name]
        table = graph.query(question.text)
        if isinstance(table, Table):
            for first, *_ in table.rows:
                if first is not None:
                    yield first.value, question.summary, question.fix or Text("", "")
    for query, what, fix in _OWN:
        found = graph.query(query)
        if isinstance(found, Table):
            yield from ((row[0].value, what, fix) for row in found.rows if row[0] is not None)
