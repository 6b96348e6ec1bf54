"""Runs the ordered CONSTRUCTs over records and keeps what they conclude.

The queries are the engine; this module only orders them: what is read of the policy (0x), facts (1x), then stratum by stratum values
(2x) and conditions (3x), then attempts (4x), decisions (5x) and what several of them come to (6x). Nothing here knows a rule or a field.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from policygraph.engine.algebra import compile_algebra
from policygraph.errors import DataError, Text
from policygraph.vocab import PG, RDF, STATUS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from policygraph.model.terms import Term, Triple
    from policygraph.paths import DataRoots
    from policygraph.store.base import Store
    from policygraph.store.embedded import EmbeddedStore

_STRATUM = re.compile(r"VALUES \?stratum \{ \d+ \}")
# The nodes that a step evaluates: its operator, and whatever else the step asks of them.
_NODES = re.compile(r"\?\w+ a (pg:\w+) ; pg:stratum \?stratum\b([^.{}]*)")
_PREFIXES = re.compile(r"^PREFIX .*$", re.MULTILINE)
_SETTLED = {STATUS.satisfied, STATUS.failed}
# Nodes that some record needs.
_NEEDED = f"SELECT ?node WHERE {{ ?node <{PG.stratum}> ?stratum . FILTER EXISTS {{ ?needing <{PG.evaluates}> ?node }} }} ORDER BY ?node"
# Whether anything may be ambiguous; `_refuse_ambiguity` says whether it is, and names it.
_AMBIGUOUS = f"""
ASK {{
  {{ ?thing <{PG.low}> ?one , ?other }} UNION {{ ?thing <{PG.high}> ?one , ?other }}
  UNION {{ ?thing <{PG.status}> <{STATUS.satisfied}> , <{STATUS.failed}> . BIND(1 AS ?one) BIND(2 AS ?other) }}
  FILTER(!sameTerm(?one, ?other))
}}"""
# Whether some rule bears on another, or shares a ceiling with it.
_RELATIONS = " ".join(f"<{PG[name]}>" for name in ("additionalTo", "excludes", "higherOnlyWith", "sharedBy"))
_RELATED = f"ASK {{ ?one ?relation ?other . VALUES ?relation {{ {_RELATIONS} }} }}"
_STAGES = "0123456"
_READING, _BY_STRATUM = "0", "23"


@dataclass(frozen=True, slots=True)
class Step:
    """One CONSTRUCT of the engine: its file name and text."""

    name: str
    text: str

    @property
    def stage(self) -> str:
        """Number of the stage it belongs to."""
        return self.name[:1]

    @property
    def operator(self) -> str:
        """IRI of the operator whose nodes it evaluates, '' for a step that does not go by stratum."""
        found = _NODES.search(self.text)
        return PG[found[1].removeprefix("pg:")] if found else ""

    @property
    def nodes(self) -> str:
        """Query for the nodes that it evaluates, ?node; '' for a step that does not go by stratum."""
        found = _NODES.search(self.text)
        if found is None:
            return ""
        prefixes = "\n".join(_PREFIXES.findall(self.text))
        return f"{prefixes}\nSELECT DISTINCT ?node WHERE {{ ?node a {found[1]}{found[2]} }} ORDER BY ?node"

    def at(self, stratum: int) -> str:
        """Return the query for one stratum."""
        return _STRATUM.sub(f"VALUES ?stratum {{ {stratum} }}", self.text)


def load_steps(roots: DataRoots) -> tuple[Step, ...]:
    """Read the engine's queries in the order of their names.

    Raises:
        DataError: A file's name does not start with a stage number, or it does not say where it runs.
    """
    steps = []
    for name, path in roots.files("queries/decide", "*.rq"):
        step = Step(path.stem, path.read_text(encoding="utf-8"))
        by_stratum = step.stage in _BY_STRATUM
        marked = bool(_STRATUM.search(step.text)), bool(step.nodes)
        if step.stage not in _STAGES or marked != (by_stratum, by_stratum):
            raise DataError(
                Text(
                    "文件名须以阶段号开头，求值与条件须含 VALUES ?stratum 行并指明算子。",
                    "The name must start with a stage number; values and conditions need the VALUES ?stratum line and name their operator.",
                ),
                Text("请按 queries/decide/ 中其他文件改正。", "Follow the other files in queries/decide/."),
                name,
            )
        steps.append(step)
    return tuple(sorted(steps, key=lambda s: s.name))


@dataclass(frozen=True, slots=True)
class Engine:
    """The rules of a policy graph, compiled once, and the steps that evaluate them.

    Attributes:
        steps: The engine's queries.
        facts: Strata and scopes, to be loaded beside the rules.
        evaluated: Stage, query and the nodes that it evaluates, of each step stratum by stratum in their order.
        related: Whether some rule is related to another; else the steps 6x have nothing to conclude.
    """

    steps: tuple[Step, ...]
    facts: tuple[Triple, ...]
    evaluated: tuple[tuple[str, str, frozenset[str]], ...]
    related: bool

    def conclude(self, store: Store) -> tuple[Triple, ...]:
        """Evaluate every rule and check condition on the records in a store.

        Args:
            store: Holds what the steps read of the policy, the engine's facts and the records; what is concluded is added to it.

        Returns:
            Everything that was concluded, without repeats: facts, values, evaluations, attempts, decisions.

        Raises:
            DataError: Two values of one parameter set are in force at once.
        """
        concluded: dict[Triple, None] = {}
        sure = False
        for stage, query in self.queries(store):
            if not sure and stage > _BY_STRATUM[-1]:
                _refuse_ambiguity(concluded)
                sure = True
            triples = store.construct(query)
            store.load(triples)
            concluded.update(dict.fromkeys(triples))
        return tuple(concluded)

    def evaluate(self, store: EmbeddedStore) -> None:
        """Do what `conclude` does, leaving the conclusions in the store: several times as fast where only some of them are read.

        Raises:
            DataError: Two values of one parameter set are in force at once.
        """
        sure = False
        for stage, query in self.queries(store):
            if not sure and stage > _BY_STRATUM[-1]:
                if store.ask(_AMBIGUOUS):
                    _refuse_ambiguity(store.dump())
                sure = True
            store.infer(query)

    def queries(self, store: Store) -> Iterator[tuple[str, str]]:
        """Yield (stage, query) in the order in which they run; what is needed by stratum is known once the first stage has run.

        Args:
            store: The store on which they run, between one and the next.
        """
        yield from self._texts("1")
        needed = {row["node"].value for row in store.select(_NEEDED).dicts()}
        for stage, query, nodes in self.evaluated:
            if not needed.isdisjoint(nodes):
                yield stage, query
        yield from self._texts("456" if self.related else "45")

    def read(self, store: Store) -> tuple[Triple, ...]:
        """Return what the steps read of the policy graph in a store, with the engine's facts: all that is needed beside records."""
        found = (triple for _, query in self._texts(_READING) for triple in store.construct(query))
        return (*dict.fromkeys(found), *self.facts)

    def _texts(self, stages: str) -> Iterator[tuple[str, str]]:
        return ((step.stage, step.text) for step in self.steps if step.stage in stages)


def prepare(store: Store, steps: Sequence[Step]) -> Engine:
    """Compile the rules and checks in a store.

    Raises:
        DataError: Something is outside the algebra.
    """
    compiled = compile_algebra(store)
    strata = {node.value: int(level.value) for node, predicate, level in compiled.facts if predicate.value == PG.stratum}
    # Expressions that the compiler made, by operator.
    made = [(node.value, kind.value) for node, predicate, kind in compiled.facts if predicate.value == RDF.type]
    by_stratum = [
        (step, [*(row["node"].value for row in store.select(step.nodes).dicts()), *(node for node, kind in made if kind == step.operator)])
        for step in steps
        if step.stage in _BY_STRATUM
    ]
    evaluated = (
        (step.stage, step.at(stratum), frozenset(node for node in nodes if strata.get(node) == stratum))
        for stratum in range(compiled.strata)
        for step, nodes in by_stratum
    )
    return Engine(tuple(steps), compiled.facts, tuple(entry for entry in evaluated if entry[-1]), store.ask(_RELATED))


def conclude(store: Store, steps: Sequence[Step]) -> tuple[Triple, ...]:
    """Compile the rules in a store and evaluate them on the records in it; see `Engine.conclude`."""
    engine = prepare(store, steps)
    store.load(engine.facts)
    return engine.conclude(store)


def _refuse_ambiguity(concluded: Iterable[Triple]) -> None:
    """Stop when a value has two ends or a condition two verdicts: two parameters of one set are in force at once.

    Raises:
        DataError: Names the parameters.
    """
    seen: dict[tuple[Term, str], Term] = {}
    used: dict[Term, list[str]] = defaultdict(list)
    for subject, predicate, value in concluded:
        if predicate.value == PG.usedParameter:
            used[subject].append(value.value)
    for subject, predicate, value in concluded:
        settled = predicate.value == PG.status and value.value in _SETTLED and len(used[subject]) > 1
        single = settled or predicate.value in {PG.low, PG.high}
        if single and seen.setdefault((subject, predicate.value), value) != value:
            raise DataError(
                Text("同一参数组有两个数值同时有效。", "Two values of one parameter set are in force at once."),
                Text("请为较早的数值写明 pg:validUntil。", "Close the earlier one with pg:validUntil."),
                " ".join(f"<{iri}>" for iri in sorted(used[subject])),
            )
