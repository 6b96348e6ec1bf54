"""What shape files themselves must satisfy; SHACL engines ignore most of these faults silently."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policygraph.errors import Text
from policygraph.model.anchoring import Problem
from policygraph.model.index import term_key
from policygraph.model.terms import Blank, Iri, Literal
from policygraph.vocab import PG, RDF, RDFS, SH, XSD

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from policygraph.model.terms import Term
    from policygraph.shapes.shapeset import ShapeSet

CHECKS = (
    "unknown-shacl-term",
    "anonymous-shape",
    "shape-without-severity",
    "shape-without-message",
    "shape-without-label",
    "dead-target",
    "policy-shape-with-sparql",
    "policy-shape-with-number",
)
# A shape that these hang on a target reports by itself; one that only decides for another (sh:or, sh:node …) says nothing.
_TARGETS = (SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf, SH.target)
_POLICY_KINDS = (PG.NormShape, PG.ClaimShape, PG.UndeterminedShape)
_NUMBERS = {XSD.integer, XSD.decimal, XSD.double, XSD.float}
_WORD_PREDICATES = (SH.message, SH.name, SH.description, RDFS.label)


def check(shapes: ShapeSet, vocabulary: Collection[str], classes: Collection[str]) -> tuple[Problem, ...]:
    """Return the faults of shape files.

    Args:
        shapes: The shapes.
        vocabulary: Every term that SHACL defines.
        classes: Every class that the graph declares, for finding targets that match nothing.
    """
    found = [*_misspelt(shapes, vocabulary)]
    by_themselves, declared = reporting(shapes), {*classes, *vocabulary}
    for node in _shapes(shapes, by_themselves):
        found += _shape(shapes, node, declared)
        if node in by_themselves:
            found += _words(shapes, node, shapes.owner(node))
    return tuple(sorted(dict.fromkeys(found), key=lambda p: (p.check, p.node, p.what.en)))


def reporting(shapes: ShapeSet) -> frozenset[Term]:
    """Return the shapes that report by themselves: those with a target, and the property shapes below them."""
    facts = shapes.facts
    found = {node for predicate in _TARGETS for node in facts.subjects(predicate)}
    queue = list(found)
    while queue:
        below = set(facts.objects(queue.pop(), SH.property)) - found
        found |= below
        queue += below
    return frozenset(found)


def _shapes(shapes: ShapeSet, by_themselves: Collection[Term]) -> list[Term]:
    facts = shapes.facts
    typed = [node for kind in (SH.NodeShape, SH.PropertyShape) for node in facts.subjects(RDF.type, Iri(kind))]
    return list(dict.fromkeys([*typed, *facts.subjects(SH.severity), *sorted(by_themselves, key=term_key)]))


def _misspelt(shapes: ShapeSet, vocabulary: Collection[str]) -> Iterator[Problem]:
    for subject, predicate, value in shapes.facts.triples():
        for term in (predicate, value):
            if isinstance(term, Iri) and term.value.startswith(SH) and term.value not in vocabulary:
                yield Problem(
                    "unknown-shacl-term",
                    shapes.owner(subject),
                    Text(f"SHACL 没有 sh:{term.value.removeprefix(SH)}。", f"SHACL has no sh:{term.value.removeprefix(SH)}."),
                    Text("请改正拼写；引擎会不声不响地略过它。", "Correct the spelling; engines pass over it in silence."),
                )


def _shape(shapes: ShapeSet, node: Term, classes: Collection[str]) -> Iterator[Problem]:
    facts, name = shapes.facts, shapes.owner(node)
    if isinstance(node, Blank):
        yield Problem(
            "anonymous-shape",
            name,
            Text("含没有 IRI 的形状。", "It holds a shape without an IRI."),
            Text("请给它一个 IRI，否则结果中的名称不稳定。", "Give it an IRI; without one its name in results is not stable."),
        )
    if not facts.objects(node, SH.severity):
        yield Problem(
            "shape-without-severity",
            name,
            Text("没有写严重度。", "Its severity is not written."),
            Text("请加 sh:severity。", "Add sh:severity."),
        )
    for target in facts.objects(node, SH.targetClass):
        if target.value not in classes:
            yield Problem(
                "dead-target",
                name,
                Text(f"目标类未声明：{target.value}", f"Its target class is not declared: {target.value}"),
                Text("请改正类的 IRI；此形状不会检查任何事物。", "Correct the IRI of the class; the shape would look at nothing."),
            )
    if any(Iri(kind) in facts.objects(node, RDF.type) for kind in _POLICY_KINDS):
        yield from _policy_shape(shapes, node, name)


def _words(shapes: ShapeSet, node: Term, name: str) -> Iterator[Problem]:
    facts = shapes.facts
    constraints = [c for c in facts.objects(node, SH.property) if not isinstance(c, Blank)]
    only_groups = bool(constraints) and not facts.objects(node, SH.message)
    if not only_groups and _languages(facts.objects(node, SH.message)) < {"zh", "en"}:
        yield Problem(
            "shape-without-message",
            name,
            Text("没有中英文消息。", "It has no message in both languages."),
            Text('请加 sh:message "…"@zh , "…"@en，写明怎么办。', 'Add sh:message "…"@zh , "…"@en that says what to do.'),
        )
    labels = (*facts.objects(node, RDFS.label), *facts.objects(node, SH.name))
    if _languages(labels) < {"zh", "en"}:
        yield Problem(
            "shape-without-label",
            name,
            Text("没有中英文名称。", "It has no name in both languages."),
            Text("请加 rdfs:label 或 sh:name。", "Add rdfs:label or sh:name."),
        )


def _policy_shape(shapes: ShapeSet, node: Term, name: str) -> Iterator[Problem]:
    facts = shapes.facts
    if facts.objects(node, SH.sparql):
        yield Problem(
            "policy-shape-with-sparql",
            name,
            Text("政策的核查形状不得含 SPARQL。", "A policy's check holds no SPARQL."),
            Text("请改用约束组件，并指向代数条件。", "Use a constraint component and point it at a condition of the algebra."),
        )
    for predicate, values in facts.by_subject.get(node, {}).items():
        if predicate not in _WORD_PREDICATES and any(isinstance(v, Literal) and v.datatype in _NUMBERS for v in values):
            yield Problem(
                "policy-shape-with-number",
                name,
                Text(f"政策的核查形状不得含数值（{predicate}）。", f"A policy's check holds no number ({predicate})."),
                Text(
                    "请把数值写成参数，并用 pg:parameterSet 指向它。", "Make the number a parameter and point at it with pg:parameterSet."
                ),
            )


def _languages(terms: tuple[Term, ...]) -> set[str]:
    return {term.language for term in terms if isinstance(term, Literal)}
