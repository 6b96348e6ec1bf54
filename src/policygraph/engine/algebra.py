"""Compiles rules and checks into strata and scopes; refuses what is outside the closed algebra.

The compiler knows operators, never a rule: it reads the nodes that rules, alternatives and check shapes use, computes the
stratum of each (leaves are 0) and says which class of record needs it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from policygraph.engine.operators import AGGREGATES, CONDITION_SLOTS, GROUPED, OPERATORS, Operator
from policygraph.engine.rulebook import read_properties
from policygraph.errors import DataError, Text
from policygraph.model.terms import Iri, Literal
from policygraph.vocab import PG, RDF, SCHEME, XSD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policygraph.model.terms import Term, Triple
    from policygraph.store.base import Store

__all__ = ["AGGREGATES", "OPERATORS", "Compiled", "Operator", "compile_algebra"]
# How rules and their alternatives point at nodes; a check shape points at them with its component's parameter.
_FROM_ALTERNATIVE = ("hasCondition", "amount", "total")

_USED = f"""
SELECT DISTINCT ?class ?node ?uses WHERE {{
  {{ ?rule <{PG.forKind}> ?class ; <{PG.hasAlternative}> ?alternative . ?alternative ?uses ?node .
    VALUES ?uses {{ {" ".join(f"<{PG[name]}>" for name in _FROM_ALTERNATIVE)} }} }}
  UNION
  {{ ?shape <http://www.w3.org/ns/shacl#targetClass> ?class ; ?constraint ?node .
    ?component <http://www.w3.org/ns/shacl#parameter> ?parameter . ?parameter <http://www.w3.org/ns/shacl#path> ?constraint .
    ?component <{PG.implementsOperator}> ?operator
    BIND(<{PG.hasCondition}> AS ?uses) }}
}} ORDER BY ?class ?node ?uses"""
_DELEGATED = f"""
SELECT DISTINCT ?rule ?condition WHERE {{
  ?node a <{PG.ByRule}> ; <{PG.rule}> ?rule . ?rule <{PG.hasAlternative}> ?alternative . ?alternative <{PG.hasCondition}> ?condition
}} ORDER BY ?rule ?condition"""
_TYPES = "SELECT DISTINCT ?type WHERE {{ <{node}> a ?type }} ORDER BY ?type"
_IRI = re.compile(r"[a-z][a-z0-9+.-]*:[^\x00-\x20<>\"{}|\\^`]*\Z", re.IGNORECASE)
_IN_RULES = Text("请在政策的规则文件中改正。", "Correct the policy's rules file.")


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
    """A node of the algebra: its operator, its properties, and the nodes that it is made of."""

    operator: str
    values: dict[str, tuple[Term, ...]]
    operands: tuple[tuple[str, str], ...]
    row_operands: tuple[tuple[str, str], ...]


def compile_algebra(store: Store) -> Compiled:
    """Read the nodes in a store and compute their strata and scopes.

    Raises:
        DataError: A node uses an unknown operator, lacks an operand, or refers to itself.
    """
    nodes = _read_nodes(store)
    used: dict[str, set[str]] = defaultdict(set)
    for row in store.select(_USED).dicts():
        node = row["node"].value
        _require(store, nodes, node, row["uses"].value.removeprefix(PG))
        used[row["class"].value].add(node)
    for name in sorted(nodes):
        for slot, operand in (*nodes[name].operands, *nodes[name].row_operands):
            _require(store, nodes, operand, slot)
    strata = _strata(nodes)
    facts: list[Triple] = []
    for name, stratum in sorted(strata.items()):
        facts.append((Iri(name), Iri(PG.stratum), Literal(str(stratum), XSD.integer)))
    for owner, roots in sorted(used.items()):
        facts += [(Iri(owner), Iri(PG.usesNode), Iri(name)) for name in sorted(_closure(roots, nodes))]
    for name, node_ in sorted(nodes.items()):
        if node_.row_operands:
            own = _closure({operand for _, operand in node_.row_operands}, nodes)
            _refuse_rows_of_rows(name, own, nodes)
            facts += [(Iri(name), Iri(PG.usesRowNode), Iri(each)) for each in sorted(own)]
        if OPERATORS[node_.operator].bounded:
            (bounded,), bound = node_.values["parameterSet"], Iri(_bound(node_.values))
            facts += [(Iri(name), Iri(PG.bound), bound), (bound, Iri(RDF.type), Iri(PG.ParameterExpression))]
            facts.append((bound, Iri(PG.parameterSet), bounded))
    return Compiled(tuple(dict.fromkeys(facts)), max(strata.values(), default=-1) + 1)


# ---------------------------------------------------------------- reading
def _read_nodes(store: Store) -> dict[str, _Node]:
    delegated: dict[str, list[str]] = defaultdict(list)
    for row in store.select(_DELEGATED).dicts():
        delegated[row["rule"].value].append(row["condition"].value)
    nodes = {}
    for name, properties in read_properties(store).items():
        types = [t.value[len(PG) :] for t in properties[RDF.type] if t.value.startswith(PG)]
        operators = [t for t in types if t in OPERATORS]
        if len(operators) != 1:
            raise _fault(
                name,
                Text("一个节点只能是一种算子。", "A node must be exactly one operator."),
                Text("请只保留其中之一：{names}", "Keep one of: {names}").format(names=", ".join(sorted(operators))),
            )
        arguments = {p[len(PG) :]: tuple(v) for p, v in properties.items() if p.startswith(PG)}
        _require_arguments(name, operators[0], arguments)
        nodes[name] = _node(name, operators[0], arguments, delegated)
        if OPERATORS[operators[0]].bounded:
            bound = {"parameterSet": arguments["parameterSet"]}
            nodes[_bound(arguments)] = _Node("ParameterExpression", bound, (), ())
    return nodes


def _node(name: str, operator: str, arguments: dict[str, tuple[Term, ...]], delegated: dict[str, list[str]]) -> _Node:
    known = OPERATORS[operator]
    operands = [(slot, v.value) for slot in known.operands for v in arguments.get(slot, ())]
    if known.bounded:
        operands.append(("bound", _bound(arguments)))
    if operator == "ByRule":
        rule = arguments["rule"][0].value
        operands += [("hasCondition", condition) for condition in delegated[rule]]
        if not delegated[rule]:
            what = Text("所援引的规则 <{rule}> 没有方案和条件。", "The rule <{rule}> has no alternative with conditions.")
            raise _fault(name, what.format(rule=rule), _IN_RULES)
    rows = tuple((slot, v.value) for slot in known.row_operands for v in arguments.get(slot, ()))
    return _Node(operator, arguments, tuple(operands), rows)


def _bound(arguments: dict[str, tuple[Term, ...]]) -> str:
    """Name the expression that stands for a parameter set."""
    return arguments["parameterSet"][0].value + ".bound"


def _require_arguments(name: str, operator: str, arguments: dict[str, tuple[Term, ...]]) -> None:
    """Refuse a node without what its operator needs; the engine would conclude nothing, and a condition on it would vanish unnoticed."""
    known = OPERATORS[operator]
    needs = list(known.needs)
    grouped = "groupBy" in arguments or "groupAggregate" in arguments
    if grouped:
        needs += ["groupBy", "groupAggregate"]
    # In groups it is the inner aggregate that looks at the rows.
    looks = "groupAggregate" if grouped else "aggregate"
    for slot in ("aggregate", "groupAggregate"):
        for term in arguments.get(slot, ()):
            needed = AGGREGATES[_aggregate(name, term, GROUPED if grouped else AGGREGATES)]
            needs += needed if slot == looks else ()
    for need in needs:
        found = arguments.get(need, ())
        if not found or (len(found) > 1 and need not in known.many):
            what = Text("算子 {operator} 的 {need} 应恰有一个值。", "Operator {operator} needs exactly one {need}.")
            raise _fault(name, what.format(operator=operator, need=f"pg:{need}"), _IN_RULES)


def _aggregate(node: str, term: Term, known: dict[str, tuple[str, ...]] | tuple[str, ...]) -> str:
    name = term.value.removeprefix(SCHEME["aggregate/"])
    if name in known:
        return name
    raise _fault(
        node,
        Text("此聚合方式 {name} 不能用于此处。", "The aggregate {name} cannot stand here.").format(name=name),
        Text("可用聚合：{names}", "Known aggregates: {names}").format(names=", ".join(sorted(known))),
    )


# ---------------------------------------------------------------- refusing
def _require(store: Store, nodes: dict[str, _Node], name: str, slot: str) -> None:
    """Refuse what is no node of the algebra, naming what it claims to be, and an expression where a condition belongs or the reverse."""
    node = nodes.get(name)
    if node is None:
        named = _IRI.match(name)
        types = [row["type"].value for row in store.select(_TYPES.format(node=name)).dicts()] if named else []
        own = ", ".join(t.removeprefix(PG) for t in types if t not in {PG.Condition, PG.Expression, PG.AlgebraNode}) or "—"
        what = Text("此处（pg:{slot}）不是已知算子：{types}。", "What stands here (pg:{slot}) is no known operator: {types}.")
        raise _fault(
            name,
            what.format(slot=slot, types=own),
            Text("可用算子：{names}", "Known operators: {names}").format(names=", ".join(sorted(OPERATORS))),
        )
    if OPERATORS[node.operator].condition != (slot in CONDITION_SLOTS):
        what = Text("pg:{slot} 不能指向算子 {operator}。", "pg:{slot} cannot point at the operator {operator}.")
        fix = Text("条件之处应为条件，操作数之处应为表达式。", "A condition belongs where a condition is asked for, else an expression.")
        raise _fault(name, what.format(slot=slot, operator=node.operator), fix)


def _refuse_rows_of_rows(name: str, evaluated: set[str], nodes: dict[str, _Node]) -> None:
    for inner in sorted(evaluated):
        if nodes[inner].row_operands or "rows" in nodes[inner].values:
            what = Text("子表各行不能再有子表（<{inner}>）。", "A row of a child table has no rows of its own (<{inner}>).")
            raise _fault(name, what.format(inner=inner), _IN_RULES)


def _fault(node: str, what: Text, fix: Text) -> DataError:
    return DataError(what, fix, f"<{node}>")


# ---------------------------------------------------------------- ordering
def _strata(nodes: dict[str, _Node]) -> dict[str, int]:
    """Return the stratum of every node: one above the highest of its operands. Not recursive: rules may be of any depth.

    Raises:
        DataError: A node refers to itself; names the nodes on the way round.
    """
    strata: dict[str, int] = {}
    for root in sorted(nodes):
        if root in strata:
            continue
        path: dict[str, Iterator[str]] = {root: iter(_below(nodes[root]))}
        while path:
            name = next(reversed(path))
            below = next((operand for operand in path[name] if operand not in strata), None)
            if below is None:
                strata[name] = max((strata[operand] for operand in _below(nodes[name])), default=-1) + 1
                del path[name]
            elif below in path:
                ways = list(path)
                around = " → ".join(f"<{each}>" for each in [*ways[ways.index(below) :], below])
                what = Text("节点经由其操作数引用了自身：{around}", "A node refers to itself through its operands: {around}")
                raise _fault(below, what.format(around=around), Text("请消除循环。", "Remove the cycle."))
            else:
                path[below] = iter(_below(nodes[below]))
    return strata


def _below(node: _Node) -> list[str]:
    return [operand for _, operand in (*node.operands, *node.row_operands)]


def _closure(roots: set[str], nodes: dict[str, _Node]) -> set[str]:
    """Return the nodes and all operands that are evaluated on the same record or row."""
    found: set[str] = set()
    queue = list(roots)
    while queue:
        name = queue.pop()
        if name not in found:
            found.add(name)
            queue += [operand for _, operand in nodes[name].operands]
    return found
