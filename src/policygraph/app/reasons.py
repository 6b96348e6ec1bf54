"""Why a claim fails or is open, in few words: what its decision turns on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policygraph.engine.explaining import carrying
from policygraph.errors import Text
from policygraph.model.grounds import Named
from policygraph.vocab import STATUS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from policygraph.model.answers import DecisionResult

NOT_STATED = Text("未填“{field}”", "“{field}” is not stated")
# More than a few words say nothing; `decide` shows every condition.
MOST = 4


def reasons_of_claim(decisions: Iterable[DecisionResult], *, undetermined: bool) -> list[Named]:
    """Return what the decisions behind a claim turn on.

    Args:
        decisions: The decisions.
        undetermined: Whether they are open: facts that are not stated, then conditions that the text leaves open; else what fails.
    """
    found: dict[str, Named] = {}
    for decision in decisions:
        nearest = carrying(decision.alternatives)
        conditions = [c for a in (nearest if undetermined else nearest[:1]) for c in a.conditions]
        if undetermined:
            fields = dict.fromkeys(f for a in nearest for f in (*(f for c in a.conditions for f in c.missing), *a.missing))
            found |= {f.iri: Named(f.iri, NOT_STATED.format(field=f.label)) for f in fields}
        wanted = {STATUS.discretion, STATUS.silent} if undetermined else {STATUS.failed}
        found |= {c.node.iri: c.node for c in conditions if c.status.iri in wanted}
    return list(found.values())[:MOST]
