"""Compiles rules and checks into strata and scopes; refuses what is outside the closed algebra.

The compiler knows operators, never a rule: it reads the nodes that rules, alternatives and check shapes use, computes the
stratum of each (leaves are 0) and says which class of record needs it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from policygraph.errors import DataError, Text
from policygraph.model.terms import Iri, Literal
from policygraph.vocab import PG, RDF, SCHEME, XSD

if TYPE_CHECKING:
    from policygraph.model.terms import Term, Triple
    from policygraph.store.base import Store


@dataclass(frozen=True, slots=True)
class Operator:
    """An operator of the algebra.

    Attributes:
        needs: Properties that a node must have, exactly once unless in `many`.
        operands: Those of them that are nodes evaluated on the same record.
        row_operands: Those that are nodes evaluated on each row of a child table.
        many: Properties that may have several values.
    """

    needs: tuple[str, ...] = ()
    operands: tuple[str, ...] = ()
    row_operands: tuple[str, ...] = ()
    many: tuple[str, ...] = ()


_BINARY = Operator(needs=("left", "right"), operands=("left", "right"))
_FIELD = Operator(needs=("field",))
OPERATORS: dict[str, Operator] = {
    "ParameterExpression": Operator(needs=("parameterSet",)),
    "FieldExpression": _FIELD,
    "Sum": _BINARY,
    "Product": _BINARY,
    "Minimum": _BINARY,
    "Maximum": _BINARY,
    "Range": _BINARY,
    "Over": Operator(needs=("rows", "aggregate"), row_operands=("each", "where"), many=("where",)),
    "Unstated": Operator(),
    "OneOf": Operator(needs=("field", "allowed"), many=("allowed",)),
    "UnderConcept": Operator(needs=("field", "concept")),
    "Given": _FIELD,
    "Absent": _FIELD,
    "ByAuthority": _FIELD,
    "Unsettled": Operator(),
    "Equal": _BINARY,
    "Less": _BINARY,
    "LessEqual": _BINARY,
    "Greater": _BINARY,
    "ShareAtLeast": Operator(needs=("part", "base", "parameterSet"), many=("base",)),
}
# What an aggregate needs beside its rows.
AGGREGATES: dict[str, tuple[str, ...]] = {"sum": ("each",), "max": ("each",), "count": ()}
# How rules and their alternatives point at nodes; a check shape points at them with its component's parameter.
_FROM_ALTERNATIVE = ("hasCondition", "amount", "total")

_NODES = f"""
SELECT ?node ?property ?value WHERE {{
  ?node a ?operator ; ?property ?value .
  VALUES ?operator {{ {" ".join(f"<{PG[name]}>" for name in OPERATORS)} }}
}} ORDER BY ?node ?property ?value"""
_USED = f"""
SELECT DISTINCT ?class ?node ?type WHERE {{
  {{ ?rule <{PG.forKind}> ?class ; <{PG.hasAlternative}> ?alternative . ?alternative ?uses ?node .
    VALUES ?uses {{ {" ".join(f"<{PG[name]}>" for name in _FROM_ALTERNATIVE)} }} }}
  UNION
  {{ ?shape <http://www.w3.org/ns/shacl#targetClass> ?class ; ?constraint ?node .
    ?component <http://www.w3.org/ns/shacl#parameter> ?parameter . ?parameter <http://www.w3.org/ns/shacl#path> ?constraint .
    ?component <{PG.implementsOperator}> ?operator }}
  OPTIONAL {{ ?node a ?type }}
}} ORDER BY ?class ?node ?type"""


@dataclass(frozen=True, slots=True)
class Compiled:
    """The compiled algebra.

    Attributes:
        facts: Strata and scopes, to be loaded beside the rules.
        strata: Number of strata.
    """

    facts: tuple[Triple, ...]
    strata: int


@dataclass(frozen=True, slots=True)
class _Node:
    operator: str
    values: dict[str, tuple[Term, ...]]

    def operands(self) -> list[str]:
        return [v.value for name in OPERATORS[self.operator].operands for v in self.values.get(name, ())]

    def row_operands(self) -> list[str]:
        return [v.value for name in OPERATORS[self.operator].row_operands for v in self.values.get(name, ())]


def compile_algebra(store: Store) -> Compiled:
    """Read the nodes in a store and compute their strata and scopes.

    Raises:
        DataError: A node uses an unknown operator, lacks an operand, or refers to itself.
    """
    nodes = _read_nodes(store)
    used: dict[str, set[str]] = defaultdict(set)
    for row in store.select(_USED).dicts():
        node = row["node"].value
        if node not in nodes:
            raise _fault(
                node,
                Text("此节点不是已知算子。", "This node is not a known operator of the algebra."),
                Text("可用算子：{names}", "Known operators: {names}").format(names=", ".join(sorted(OPERATORS))),
            )
        used[row["class"].value].add(node)
    strata: dict[str, int] = {}
    for node in sorted(nodes):
        _stratum(node, nodes, strata, ())
    facts: list[Triple] = []
    for node, stratum in sorted(strata.items()):
        facts.append((Iri(node), Iri(PG.stratum), Literal(str(stratum), XSD.integer)))
    for owner, roots in sorted(used.items()):
        facts += [(Iri(owner), Iri(PG.usesNode), Iri(node)) for node in sorted(_closure(roots, nodes))]
    for name, node_ in sorted(nodes.items()):
        if rows := node_.row_operands():
            facts += [(Iri(name), Iri(PG.usesRowNode), Iri(node)) for node in sorted(_closure(set(rows), nodes))]
    return Compiled(tuple(facts), max(strata.values(), default=-1) + 1)


def _read_nodes(store: Store) -> dict[str, _Node]:
    raw: dict[str, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
    for row in store.select(_NODES).dicts():
        values = raw[row["node"].value][row["property"].value]
        if row["value"] not in values:
            values.append(row["value"])
    nodes = {}
    for name, properties in raw.items():
        types = [t.value[len(PG) :] for t in properties[RDF.type] if t.value.startswith(PG)]
        operators = [t for t in types if t in OPERATORS]
        if len(operators) != 1:
            raise _fault(
                name,
                Text("一个节点只能是一种算子。", "A node must be exactly one operator."),
                Text("请只保留其中之一：{names}", "Keep one of: {names}").format(names=", ".join(sorted(operators))),
            )
        arguments = {p[len(PG) :]: tuple(v) for p, v in properties.items() if p.startswith(PG)}
        operator = OPERATORS[operators[0]]
        for need in (*operator.needs, *_needs_of_aggregate(name, arguments.get("aggregate", ()))):
            found = arguments.get(need, ())
            if not found or (len(found) > 1 and need not in operator.many):
                raise _fault(
                    name,
                    Text("算子 {operator} 的 {need} 应恰有一个值。", "Operator {operator} needs exactly one {need}.").format(
                        operator=operators[0], need=f"pg:{need}"
                    ),
                    Text("请在政策的规则文件中改正。", "Correct the policy's rules file."),
                )
        nodes[name] = _Node(operators[0], arguments)
    return nodes


def _needs_of_aggregate(node: str, aggregate: tuple[Term, ...]) -> tuple[str, ...]:
    """Return what an aggregate needs; without it the engine would conclude nothing, and a condition on it would vanish unnoticed."""
    needs: tuple[str, ...] = ()
    for term in aggregate:
        known = AGGREGATES.get(term.value.removeprefix(SCHEME["aggregate/"]))
        if known is None:
            raise _fault(
                node,
                Text("此聚合方式不是已知的。", "This aggregate is not a known one."),
                Text("可用聚合：{names}", "Known aggregates: {names}").format(names=", ".join(sorted(AGGREGATES))),
            )
        needs += known
    return needs


def _stratum(name: str, nodes: dict[str, _Node], strata: dict[str, int], path: tuple[str, ...]) -> int:
    if name in strata:
        return strata[name]
    if name in path:
        raise _fault(
            name,
            Text("此节点经由其操作数引用了自身。", "This node refers to itself through its operands."),
            Text("请消除循环。", "Remove the cycle."),
        )
    node = nodes.get(name)
    if node is None:
        raise _fault(
            name,
            Text("操作数不存在或不是已知算子。", "The operand does not exist or is not a known operator."),
            Text("请在规则文件中定义它。", "Define it in the rules file."),
        )
    below = [_stratum(o, nodes, strata, (*path, name)) for o in (*node.operands(), *node.row_operands())]
    strata[name] = max(below, default=-1) + 1
    return strata[name]


def _closure(roots: set[str], nodes: dict[str, _Node]) -> set[str]:
    """Return the nodes and all operands that are evaluated on the same record or row."""
    found: set[str] = set()
    queue = list(roots)
    while queue:
        name = queue.pop()
        if name not in found:
            found.add(name)
            queue += nodes[name].operands()
    return found


def _fault(node: str, what: Text, fix: Text) -> DataError:
    return DataError(what, fix, f"<{node}>")
