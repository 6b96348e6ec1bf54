"""Decides records in memory: compiles the rules once, then judges batches on a small copy of what the rules read."""

from __future__ import annotations

from collections import defaultdict
from copy import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING

from policygraph.app.batches import batches
from policygraph.app.facts import facts
from policygraph.engine.deciding import load_steps, prepare
from policygraph.engine.explaining import Explainer
from policygraph.graph.memory import Graph
from policygraph.records.kinds import load_kinds
from policygraph.store.embedded import EmbeddedStore
from policygraph.vocab import PG

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from policygraph.app.setting import Setting
    from policygraph.engine.deciding import Engine
    from policygraph.model.answers import DecisionResult
    from policygraph.model.terms import Triple
    from policygraph.records.kinds import Kind
    from policygraph.records.record import Record

_OUTCOMES = f"""
SELECT ?record ?rule ?outcome ?cause ?low ?high WHERE {{
  ?record <{PG.decision}> ?decision . ?decision <{PG.byRule}> ?rule ; <{PG.outcome}> ?outcome .
  OPTIONAL {{ ?decision <{PG.cause}> ?cause }} OPTIONAL {{ ?decision <{PG.low}> ?low }} OPTIONAL {{ ?decision <{PG.high}> ?high }}
}} ORDER BY ?record ?rule ?cause"""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a rule says of a record, without the reasons.

    Attributes:
        outcome: IRI of the outcome.
        causes: IRIs of the causes of an undetermined one, sorted.
        low: Lower bound of what is due, '' if unknown.
        high: Upper bound, '' if unknown.
    """

    outcome: str
    causes: tuple[str, ...]
    low: str
    high: str


class Decider:
    """Decides records by the rules of a policy graph; may be used any number of times.

    Records are judged one by one in effect: none looks at another, so several versions of one record may stand side by side. Their
    IRIs must differ.

    Args:
        setting: What the run rests on.

    Raises:
        DataError: The rules cannot be compiled.
    """

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        store = EmbeddedStore(setting.graph)
        self._kinds = load_kinds(store)
        self._engine = prepare(store, load_steps(setting.roots))
        self._small = Graph(self._engine.read(store))
        self._explainer = Explainer(store, setting.roots)

    @property
    def kinds(self) -> Mapping[str, Kind]:
        """Kinds of submission by class IRI."""
        return self._kinds

    @property
    def explainer(self) -> Explainer:
        """What answers rest on, looked up in the policy graph."""
        return self._explainer

    @property
    def engine(self) -> Engine:
        """The compiled rules."""
        return self._engine

    def on(self, setting: Setting) -> Decider:
        """Return a decider for other days of the same graph, which shares what was compiled."""
        other = copy(self)
        other._setting = setting
        return other

    def store(self) -> EmbeddedStore:
        """Return a new store with what the rules read of the policy, for adding records and conclusions to."""
        return EmbeddedStore(self._small.copy())

    def decide(self, records: Sequence[Record], beside: Collection[Triple] = ()) -> dict[str, tuple[DecisionResult, ...]]:
        """Return what the rules say of each record, by its IRI, explained; rules on conformity are left out.

        Args:
            records: Valid records.
            beside: Further facts about them, such as which repeats an earlier one.
        """
        found: dict[str, tuple[DecisionResult, ...]] = {}
        for batch, store in self._judged(records, beside):
            explainer = self._explainer.over(store)
            found.update((record.iri, explainer.benefits(record.iri)) for record in batch)
        return found

    def outcomes(self, records: Sequence[Record], beside: Collection[Triple] = ()) -> dict[tuple[str, str], Outcome]:
        """Return (record, rule) → outcome, for searching: the same answers as `decide` without reasons; all rules."""
        found: dict[tuple[str, str], Outcome] = {}
        for _, store in self._judged(records, beside):
            causes: dict[tuple[str, str], list[str]] = defaultdict(list)
            for row in store.select(_OUTCOMES).dicts():
                key = row["record"].value, row["rule"].value
                text = {name: term.value for name, term in row.items()}
                causes[key] += [text["cause"]] if "cause" in text else []
                found[key] = Outcome(text["outcome"], tuple(causes[key]), text.get("low", ""), text.get("high", ""))
        return found

    def conclusions(self, records: Sequence[Record], beside: Collection[Triple] = ()) -> tuple[Triple, ...]:
        """Return everything that the engine concludes of records: facts, values, evaluations, attempts, decisions."""
        return tuple(t for batch in batches(records) for t in self._engine.conclude(self._stated(batch, beside)))

    def _judged(self, records: Sequence[Record], beside: Collection[Triple]) -> Iterator[tuple[Sequence[Record], EmbeddedStore]]:
        for batch in batches(records):
            store = self._stated(batch, beside)
            self._engine.evaluate(store)
            yield batch, store

    def _stated(self, batch: Sequence[Record], beside: Collection[Triple]) -> EmbeddedStore:
        store = self.store()
        store.load([*(t for record in batch for t in (*record.triples, *facts(record, self._setting))), *_about(batch, beside)])
        return store


def _about(batch: Iterable[Record], beside: Collection[Triple]) -> list[Triple]:
    """Return those of some facts that are about the records of a batch."""
    own = {row for record in batch for row in record.rows()} if beside else set()
    return [triple for triple in beside if triple[0].value in own]
