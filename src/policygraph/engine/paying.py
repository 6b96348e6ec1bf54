"""Reads back what several rules on one record come to: what limits a benefit and what is payable together."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING

from policygraph.engine.sources import Sources
from policygraph.model.payable import Payable, Together

if TYPE_CHECKING:
    from collections.abc import Iterable

    from policygraph.model.terms import Term


class Paying(Sources):
    """What is payable, as the steps 6x concluded it."""

    def payable(self, decision: str, record: str, rule: str) -> Payable | None:
        """Return what is payable by a decision, None where the policy relates its rule to no other."""
        rows = self._payable.get(decision)
        if rows is None:
            return None
        text = {name: term.value for name, term in rows[0].items()}
        limits = [row["by"].value for row in rows if "by" in row]
        together = tuple(t for t in self._together.get(record, ()) if rule in {r.iri for r in t.rules})
        return Payable(
            low=text.get("low", ""),
            high=text.get("high", ""),
            limited_by=tuple(map(self.named, limits)),
            together=together,
            provisions=self._relating(rule, [*limits, *(t.over.iri for t in together), *(r.iri for t in together for r in t.rules)]),
        )

    def _relating(self, rule: str, others: Iterable[str]) -> tuple[str, ...]:
        """Return the provisions behind a ceiling, or behind both of two rules."""
        own, found = set(self._grounds.get(rule, ())), dict[str, None]()
        for other in others:
            behind = self._grounds.get(other, ()) if other != rule else ()
            found.update(dict.fromkeys(p for p in behind if p in own or other in self._ceilings))
        return tuple(found)

    @cached_property
    def _ceilings(self) -> frozenset[str]:
        return frozenset(row["ceiling"].value for row in self._rows("ceilings"))

    @cached_property
    def _payable(self) -> dict[str, list[dict[str, Term]]]:
        found: dict[str, list[dict[str, Term]]] = defaultdict(list)
        for row in self._rows("payable"):
            found[row["decision"].value].append(row)
        return found

    @cached_property
    def _together(self) -> dict[str, list[Together]]:
        sums: dict[tuple[str, str], list[dict[str, Term]]] = defaultdict(list)
        for row in self._rows("combinations"):
            sums[row["record"].value, row["over"].value].append(row)
        found: dict[str, list[Together]] = defaultdict(list)
        for (record, over), rows in sums.items():
            text = {name: term.value for name, term in rows[0].items()}
            rules = dict.fromkeys(row["rule"].value for row in rows)
            used = [row["parameter"].value for row in rows if "parameter" in row]
            found[record].append(
                Together(
                    self.named(over),
                    tuple(self.named(rule) for rule in rules),
                    text.get("low", ""),
                    text.get("high", ""),
                    self.parameters(used),
                )
            )
        return found
