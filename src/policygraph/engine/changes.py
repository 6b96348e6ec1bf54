"""Smallest sets of facts that bring a rule to a better outcome, each proven by deciding the changed record.

The rules say which facts are worth trying; the caller decides them. A set is kept when it reaches the outcome and none of its proper
subsets does. The search is bounded, and says when it stopped short.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from policygraph.engine.reaching import Trace, size
from policygraph.engine.solving import MAX_FACTS, Solver
from policygraph.model.terms import Iri
from policygraph.vocab import OUTCOME, STATUS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from policygraph.engine.reaching import Option, Place
    from policygraph.engine.rulebook import Rulebook
    from policygraph.engine.valuing import Facts
    from policygraph.model.terms import Term

# At most so many sets are decided for one search; up to so many of them in one go, since a run of the engine has a price of its own.
MAX_TRIED, AT_ONCE = 240, 60
_OPEN = {STATUS.missing, STATUS.discretion, STATUS.silent}


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found.

    Attributes:
        sets: Smallest sets of facts with the outcome that each was decided to reach, smallest first.
        bounds: The relation by which a value was found (<=, >= and the like), by place and value.
        more_needed: Whether some way was left out because it takes more than the most facts.
        capped: Whether the search stopped before every way was tried.
    """

    sets: tuple[tuple[Option, str], ...]
    bounds: Mapping[tuple[Place, Term | None], str]
    more_needed: bool
    capped: bool


class Search:
    """Looks for changes that bring one rule to a better outcome on one record.

    Args:
        book: How the rules are written.
        facts: What the record states.
        rule: IRI of the rule.
        statuses: Status of each condition of the rule on the record, by condition.
        decide: Decides changed records: the outcome of the rule under each option, in their order.
    """

    def __init__(
        self,
        book: Rulebook,
        facts: Facts,
        rule: str,
        statuses: Mapping[str, str],
        decide: Callable[[Sequence[Option]], Sequence[str]],
    ) -> None:
        self._book, self._facts, self._rule, self._statuses, self._decide = book, facts, rule, statuses, decide
        self._tried: dict[Option, str] = {}

    def run(self, outcome: str, allowed: Callable[[Place], bool]) -> Found:
        """Search for eligible; for a no also for undetermined, where nothing reaches eligible.

        Args:
            outcome: IRI of the outcome on the record as it stands.
            allowed: Says which places may be changed.
        """
        trace = Trace()
        refused = outcome == OUTCOME["not-eligible"]
        ways = self._ways(allowed, trace, leave_open=False)
        if refused:
            ways += self._ways(allowed, trace, leave_open=True)
        goals = (OUTCOME.eligible, OUTCOME.undetermined) if refused else (OUTCOME.eligible,)
        sets: tuple[tuple[Option, str], ...] = ()
        candidates = self._with_subsets(ways)
        trace.capped |= len(candidates) > MAX_TRIED
        self._try(candidates[:MAX_TRIED])
        for goal in goals:
            sets = sets or tuple((option, goal) for option in self._smallest(candidates, goal))
        return Found(sets, dict(trace.bounds), trace.more_needed, trace.capped)

    def _ways(self, allowed: Callable[[Place], bool], trace: Trace, *, leave_open: bool) -> list[Option]:
        """Return ways to make each alternative hold, or not to fail: conditions that the facts leave open are then let be."""
        start = Solver(self._book, self._facts)
        settled = {STATUS.satisfied} | (_OPEN if leave_open else set())

        def skip(condition: str, now: Solver) -> bool:
            stands = now.holds(condition, now.facts.record)
            untouched = stands is not False or stands == start.holds(condition, now.facts.record)
            return self._statuses.get(condition, "") in settled and untouched

        found: list[Option] = []
        for alternative, conditions in self._book.alternatives.get(self._rule, {}).items():
            solver = Solver(self._book, self._facts, allowed, trace)
            failing_first = sorted(conditions, key=lambda c: (self._statuses.get(c) == STATUS.satisfied, c))
            ways = solver.together(((c, self._facts.record) for c in failing_first), skip)
            found += ways if leave_open else [whole for way in ways for whole in self._with_amount(way, alternative, solver)]
        return [option for option in dict.fromkeys(found) if option]

    def _with_amount(self, way: Option, alternative: str, solver: Solver) -> list[Option]:
        """Return a way with the facts that the amount of its alternative lacks, at sample values."""
        amount = self._book.amounts.get(alternative, "")
        whole = [way | filled for filled in solver.given(way).filled(amount, self._facts.record)] or [way]
        solver.trace.more_needed |= any(size(option) > MAX_FACTS for option in whole)
        return [option for option in whole if size(option) <= MAX_FACTS]

    def _with_subsets(self, ways: Iterable[Option]) -> list[Option]:
        """Return ways and all their parts that could stand alone, smallest first."""
        found: dict[Option, None] = {}
        for way in ways:
            found[way] = None
            for count in range(1, len(way)):
                found.update(dict.fromkeys(part for part in map(frozenset, combinations(way, count)) if self._whole(part)))
        return sorted(found, key=lambda option: (size(option), _spelt(option)))

    def _whole(self, part: Option) -> bool:
        """Say whether a part of an option can stand alone: facts of a new row need the row."""
        added = {term.value for _, term in part if isinstance(term, Iri)}
        return all(subject in self._facts.stated or subject in added for (subject, _), _ in part)

    def _try(self, options: Sequence[Option]) -> None:
        """Decide options: few of them together, many of them smaller ones first, leaving out what holds a set that is eligible already."""
        sizes = [range(1, MAX_FACTS + 1)] if len(options) <= AT_ONCE else [range(n, n + 1) for n in range(1, MAX_FACTS + 1)]
        for facts in sizes:
            reached = [o for o, outcome in self._tried.items() if outcome == OUTCOME.eligible]
            due = [o for o in options if size(o) in facts and o not in self._tried and not any(r < o for r in reached)]
            self._tried.update(zip(due, self._decide(due), strict=True) if due else ())

    def _smallest(self, candidates: Sequence[Option], goal: str) -> list[Option]:
        reaching = [o for o in candidates if self._tried.get(o) == goal]
        return [o for o in reaching if not any(smaller < o for smaller in reaching)]


def _spelt(option: Option) -> list[tuple[str, str, str]]:
    return sorted((subject, path, term.value if term else "") for (subject, path), term in option)
