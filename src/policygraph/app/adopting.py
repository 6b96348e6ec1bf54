"""Puts the nodes of an adopted option in the place of those that they replace, in rules and in checks."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from policygraph.errors import InputError, Text
from policygraph.graph.terms import order
from policygraph.model.terms import Iri
from policygraph.vocab import PG, PROV, RDF

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from policygraph.graph.memory import Graph
    from policygraph.model.terms import Term, Triple

# What refers to a node that can be replaced: the algebra with its rules, and the checks.
_USERS = (PG.Rule, PG.Alternative, PG.AlgebraNode, PG.CheckShape)
_USED = (PG.Alternative, PG.AlgebraNode, PG.ParameterSet, PG.Rule, PG.CheckShape)
# Statements about a node that are no use of it.
_BESIDE = frozenset({RDF.type, PG.insteadOf, PG.underOption, PROV.wasDerivedFrom, PG.hasReading, PG.hasOpenQuestion, PG.benefit, PG.review})
_COMPONENTS = f"""
SELECT ?path ?operator WHERE {{
  ?component <{PG.implementsOperator}> ?operator ; <http://www.w3.org/ns/shacl#parameter>/<http://www.w3.org/ns/shacl#path> ?path
}} ORDER BY ?path ?operator"""
# How the two components of an operator are told apart by the names of their parameters.
_FAMILIES = (str(PG.must), str(PG.undecided))


def substitutes(graph: Graph, options: Collection[str]) -> dict[Term, Term]:
    """Return node → the node that takes its place under options.

    Raises:
        InputError: Two nodes take the place of the same one.
    """
    found: dict[Term, Term] = {}
    for option in sorted(options):
        for new in sorted(graph.subjects(PG.underOption, Iri(option)), key=order):
            for old in graph.objects(new, PG.insteadOf):
                if found.setdefault(old, new) != new:
                    raise InputError(
                        Text("所采用的读法中有两个节点代替同一节点。", "Two nodes of the options adopted take the place of the same one."),
                        Text("请只采用其中一种读法。", "Adopt one of these options only."),
                        f"<{found[old].value}> <{new.value}>",
                    )
    return found


def swaps(graph: Graph, instead: Mapping[Term, Term]) -> dict[Triple, Triple]:
    """Return each statement that uses a replaced node, and the one that takes its place.

    Raises:
        InputError: A check has no component for the operator of the node that takes the place.
    """
    uses = _uses(graph)
    roots = {s for kind in (PG.Rule, PG.CheckShape) for s in graph.subjects(RDF.type, Iri(kind))}
    reached = _closure(roots, uses)
    found: dict[Triple, Triple] = {}
    for old, new in instead.items():
        # The new node may be made of the old one: what only it uses is left alone.
        own = {new, *(_closure({new}, uses) - reached)}
        for user, row in uses.items():
            for predicate, value in row:
                if value == old and user not in own:
                    found[user, predicate, old] = user, _component(graph, predicate, new), new
    return found


def affected(graph: Graph, nodes: Iterable[Term]) -> frozenset[str]:
    """Return the rules and checks that some nodes bear on."""
    users: dict[Term, set[Term]] = defaultdict(set)
    for user, row in _uses(graph).items():
        for _, used in row:
            users[used].add(user)
    found: set[Term] = set()
    queue = list(nodes)
    while queue:
        new = users[queue.pop()] - found
        found |= new
        queue += new
    top = {s for kind in (PG.Rule, PG.CheckShape) for s in graph.subjects(RDF.type, Iri(kind))}
    return frozenset(node.value for node in found & top)


def _uses(graph: Graph) -> dict[Term, list[tuple[Iri, Term]]]:
    users = {s for kind in _USERS for s in graph.subjects(RDF.type, Iri(kind))}
    used = {s for kind in _USED for s in graph.subjects(RDF.type, Iri(kind))}
    return {user: [(p, o) for _, p, o in graph.triples(user) if o in used and p.value not in _BESIDE] for user in sorted(users, key=order)}


def _closure(roots: set[Term], uses: Mapping[Term, list[tuple[Iri, Term]]]) -> set[Term]:
    found = set(roots)
    queue = list(roots)
    while queue:
        new = {used for _, used in uses.get(queue.pop(), ())} - found
        found |= new
        queue += new
    return found


def _component(graph: Graph, predicate: Iri, node: Term) -> Iri:
    """Return the constraint parameter of the node's own operator where a check uses it by one."""
    from policygraph.store.embedded import EmbeddedStore

    rows = [(row["path"].value, row["operator"]) for row in EmbeddedStore(graph).select(_COMPONENTS).dicts()]
    operators = {operator for path, operator in rows if path == predicate.value}
    kinds = set(graph.objects(node, RDF.type))
    if not operators or operators & kinds:
        return predicate
    family = next((f for f in _FAMILIES if predicate.value.startswith(f)), "")
    for path, operator in rows:
        if family and operator in kinds and path.startswith(family):
            return Iri(path)
    raise InputError(
        Text("没有核查组件能用此节点的算子。", "No constraint component checks the operator of this node."),
        Text("请改用与被代替节点相同的算子。", "Use the operator of the node whose place it takes."),
        f"<{node.value}>",
    )
