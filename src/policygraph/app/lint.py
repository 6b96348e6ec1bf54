"""Checks the policy graph itself: shapes, fault queries, words against values, generated files, and the shapes' own form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from policygraph.app import anchors
from policygraph.app.places import Places
from policygraph.engine.algebra import compile_algebra
from policygraph.errors import DataError, Text
from policygraph.graph.loading import load
from policygraph.model import anchoring, wording
from policygraph.model.index import Index
from policygraph.model.terms import Iri, Literal, Table, local_name
from policygraph.queries.catalogue import read_questions
from policygraph.store.embedded import EmbeddedStore
from policygraph.vocab import OWL, PG, RDF, SH

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from policygraph.graph.loading import Graph
    from policygraph.model.anchoring import Problem
    from policygraph.model.terms import Term
    from policygraph.paths import DataRoots
    from policygraph.queries.catalogue import Question
    from policygraph.shapes.runner import Result
    from policygraph.shapes.shapeset import ShapeSet

ERROR, WARNING = "error", "warning"
SEVERITIES = (ERROR, WARNING)
GRAPH_SHAPES = "shapes/graph.ttl"
_STALE = "stale-file"
_ALGEBRA = "algebra"
_RUN = "policygraph anchors --write"


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault of the graph.

    Attributes:
        check: Name of the shape, query or check that found it.
        severity: `error` or `warning`.
        node: IRI of the node at fault, or path of the file.
        label: What the node is called.
        where: File and line that describe it, '' if unknown.
        what: What is wrong.
        fix: What to do.
    """

    check: str
    severity: str
    node: str
    label: Text
    where: str
    what: Text
    fix: Text


@dataclass(frozen=True, slots=True)
class Lint:
    """What `lint` found.

    Attributes:
        findings: Errors first, then by check and node.
        checks: Names of the shapes, queries and other checks that ran.
        idle: Shapes of the graph that matched nothing.
    """

    findings: tuple[Finding, ...]
    checks: tuple[str, ...]
    idle: tuple[str, ...]

    def count(self, severity: str) -> int:
        """Return how many findings have a severity."""
        return sum(finding.severity == severity for finding in self.findings)


@dataclass(frozen=True, slots=True)
class _Raw:
    """A finding before its node is named and located."""

    check: str
    severity: str
    node: str
    what: Text
    fix: Text


def run(roots: DataRoots, progress: Callable[[Text], None] = lambda _: None) -> Lint:
    """Check the policy graph.

    Args:
        roots: Where the files are.
        progress: Is told what is being checked.

    Raises:
        DataError: A file is broken, so that nothing can be checked.
    """
    from policygraph.shapes import hygiene
    from policygraph.shapes.runner import load_shapes, targets, validate, vocabulary

    progress(Text("读取图谱", "reading the graph"))
    graph = load(roots, ("ontology", "shapes"))
    facts = Index.of(graph)
    raw: list[_Raw] = []

    progress(Text("核对原文与引文", "comparing quotes and values with the text"))
    for folder in anchors.policy_folders(roots):
        found = anchors.compare(folder)
        raw += [_stale(file) for file in found.files if file.state is not anchors.State.CURRENT]
        raw += _problems((*found.problems, *wording.check(found.text, facts)))

    progress(Text("检查形状文件", "checking the shape files"))
    every = load_shapes(path for _, path in roots.files("shapes", "*.ttl"))
    classes = {node.value for node in facts.subjects(RDF.type, Iri(OWL.Class))}
    raw += _problems(hygiene.check(every, vocabulary(), classes))

    progress(Text("按形状检查图谱", "checking the graph against its shapes"))
    own = load_shapes([roots.base / GRAPH_SHAPES])
    reporting = sorted(node.value for node in hygiene.reporting(own))
    raw += [_broken(result, own, facts) for result in validate(graph, own)]
    looked = {shape for shape, _ in targets(graph, own)}

    progress(Text("编译规则", "compiling the rules"))
    raw += _uncompiled(graph)

    queries = read_questions(roots, "queries/hygiene")
    for name, question in queries.items():
        progress(Text(f"查询 {name}", f"query {name}"))
        raw += _rows(question, graph, facts)

    places = Places.of(roots)
    findings = [
        Finding(r.check, r.severity, r.node, facts.label(Iri(r.node)), places.find(r.node), r.what, r.fix) for r in dict.fromkeys(raw)
    ]
    findings.sort(key=lambda f: (SEVERITIES.index(f.severity), f.check, f.node, f.what.en))
    return Lint(
        tuple(findings),
        (_STALE, _ALGEBRA, *anchoring.CHECKS, *wording.CHECKS, *hygiene.CHECKS, *map(local_name, reporting), *queries),
        tuple(shape for shape in reporting if shape not in looked),
    )


def _stale(file: anchors.FileState) -> _Raw:
    return _Raw(
        _STALE,
        ERROR,
        file.name,
        Text("生成的文件缺失或过时。", "This generated file is missing or outdated."),
        Text(f"请运行 {_RUN}。", f"Run {_RUN}."),
    )


def _uncompiled(graph: Graph) -> Iterator[_Raw]:
    """Yield the fault that keeps the rules from being compiled: an unknown operator, an operand that does not resolve, a cycle."""
    try:
        compile_algebra(EmbeddedStore(graph))
    except DataError as error:
        yield _Raw(_ALGEBRA, ERROR, error.where.strip("<>"), error.what, error.fix)


def _problems(problems: Iterable[Problem]) -> Iterator[_Raw]:
    return (_Raw(p.check, ERROR, p.node, p.what, p.fix) for p in problems)


def _broken(result: Result, shapes: ShapeSet, facts: Index) -> _Raw:
    """Return the finding for a result of `shapes/graph.ttl`, which says what to do in `pg:mending`."""
    return _Raw(
        local_name(result.shape),
        ERROR if result.severity == SH.Violation else WARNING,
        result.focus.value,
        result.words(lambda term: _name(term, facts)),
        shapes.facts.text(Iri(result.shape), PG.mending) or Text("", ""),
    )


def _rows(question: Question, graph: Graph, facts: Index) -> Iterator[_Raw]:
    """Yield the findings of a fault query: its first column is the node at fault, the others tell more.

    Raises:
        DataError: The query is no SELECT, or its header names no severity or fix.
    """
    table = graph.query(question.text)
    if not isinstance(table, Table) or question.severity not in SEVERITIES or question.fix is None:
        raise DataError(
            Text(
                "缺陷查询须为 SELECT，并写明 severity（error 或 warning）与 fix。",
                "A fault query is a SELECT with a severity (error or warning) and a fix.",
            ),
            Text("请参照 queries/hygiene/ 中的其他查询。", "Take the other queries in queries/hygiene/ as a pattern."),
            str(question.path),
        )
    for row in table.rows:
        details = [
            (question.columns.get(column, Text(column, column)), _name(term, facts))
            for column, term in zip(table.columns[1:], row[1:], strict=True)
            if term is not None
        ]
        zh = "，".join(f"{column.zh} {name.zh}" for column, name in details)
        en = ", ".join(f"{column.en} {name.en}" for column, name in details)
        what = Text(
            question.summary.zh + (f"（{zh}）" if zh else ""),
            question.summary.en + (f" ({en})" if en else ""),
        )
        yield _Raw(question.name, question.severity, row[0].value if row[0] else "", what, question.fix)


def _name(term: Term, facts: Index) -> Text:
    if isinstance(term, Literal):
        return Text(term.value, term.value)
    label, short = facts.label(term), local_name(term.value)
    return Text(*(short if words == short else f"{short}“{words}”" for words in (label.zh, label.en)))
