"""Runs the ordered CONSTRUCTs over records and keeps what they conclude.

The queries are the engine; this module only orders them: facts (1x), then stratum by stratum values (2x) and conditions (3x),
then attempts (4x) and decisions (5x). Nothing here knows a rule, a field or an operator.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from policygraph.engine.algebra import compile_algebra
from policygraph.errors import DataError, Text
from policygraph.vocab import PG, STATUS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from policygraph.model.terms import Term, Triple
    from policygraph.paths import DataRoots
    from policygraph.store.base import Store

_STRATUM = re.compile(r"VALUES \?stratum \{ \d+ \}")
_SETTLED = {STATUS.satisfied, STATUS.failed}
_STAGES = ("1", "2", "3", "4", "5")


@dataclass(frozen=True, slots=True)
class Step:
    """One CONSTRUCT of the engine: its file name and text."""

    name: str
    text: str

    def at(self, stratum: int) -> str:
        """Return the query for one stratum."""
        return _STRATUM.sub(f"VALUES ?stratum {{ {stratum} }}", self.text)


def load_steps(roots: DataRoots) -> tuple[Step, ...]:
    """Read the engine's queries in the order of their names.

    Raises:
        DataError: A file's name does not start with a stage number.
    """
    steps = []
    for name, path in roots.files("queries/decide", "*.rq"):
        step = Step(path.stem, path.read_text(encoding="utf-8"))
        staged = step.name[:1] in _STAGES
        if not staged or (step.name[:1] in "23") != bool(_STRATUM.search(step.text)):
            raise DataError(
                Text(
                    "文件名须以阶段号开头，求值与条件须含 VALUES ?stratum 行。",
                    "The name must start with a stage number; values and conditions need the VALUES ?stratum line.",
                ),
                Text("请按 queries/decide/ 中其他文件改正。", "Follow the other files in queries/decide/."),
                name,
            )
        steps.append(step)
    return tuple(sorted(steps, key=lambda s: s.name))


def conclude(store: Store, steps: Sequence[Step]) -> tuple[Triple, ...]:
    """Evaluate every rule and check condition on the records in a store.

    Args:
        store: Holds the policy graph and the records; what is concluded is added to it.
        steps: The engine's queries.

    Returns:
        Everything that was concluded, without repeats: facts, values, evaluations, attempts, decisions.
    """
    compiled = compile_algebra(store)
    store.load(compiled.facts)
    concluded: dict[Triple, None] = {}

    def run(query: str) -> None:
        triples = store.construct(query)
        store.load(triples)
        concluded.update(dict.fromkeys(triples))

    for step in steps:
        if step.name[0] == "1":
            run(step.text)
    for stratum in range(compiled.strata):
        for step in steps:
            if step.name[0] in "23":
                run(step.at(stratum))
    _refuse_ambiguity(concluded)
    for step in steps:
        if step.name[0] in "45":
            run(step.text)
    return tuple(concluded)


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
