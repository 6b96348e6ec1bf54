"""Why a claim or a check fails or is open, in few words: what its decision turns on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from policygraph.engine.explaining import carrying
from policygraph.errors import Text
from policygraph.model.grounds import Named
from policygraph.vocab import PG, STATUS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from policygraph.model.answers import AlternativeResult, ConditionResult, DecisionResult, Lacking

NOT_KNOWN = Text("“{field}”填为“{given}”", "“{field}” is given as “{given}”")
NOT_STATED = Text("未填“{field}”", "“{field}” is not stated")
NOT_MET = Text("{message}（未满足：{reasons}）", "{message} (not met: {reasons})")
OPEN = Text("{message}（待定：{reasons}）", "{message} (open: {reasons})")
OR_EXEMPT = Text("{reasons}；或属不作要求的情形：{exempt}", "{reasons}; or: exempt if {exempt}")
EXEMPT = Text("是否属不作要求的情形：{exempt}", "it is exempt if {exempt}")
EITHER = Text("{one}，或{other}", "{one}, or {other}")
BOTH = Text("{one}且{other}", "{one} and {other}")
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
            # A condition that holds all the same waits for nothing.
            fields = [f for a in nearest for c in a.conditions if c.status.iri != STATUS.satisfied for f in c.missing]
            fields += [f for a in nearest for f in a.missing]
            found |= {f.iri: Named(f.iri, _words(f)) for f in fields}
        wanted = {STATUS.discretion, STATUS.silent} if undetermined else {STATUS.failed}
        found |= {c.node.iri: c.node for c in conditions if c.status.iri in wanted}
    return list(found.values())[:MOST]


@dataclass(frozen=True, slots=True)
class Unmet:
    """What decisions on conformity turn on.

    Attributes:
        required: Conditions of what the clause asks for, that fail or are open.
        exempt: For each way of not being asked, the conditions of it that fail or are open.
    """

    required: tuple[ConditionResult, ...] = ()
    exempt: tuple[tuple[ConditionResult, ...], ...] = ()

    @property
    def conditions(self) -> tuple[ConditionResult, ...]:
        """All of them."""
        return (*self.required, *(c for own in self.exempt for c in own))

    def words(self) -> Text:
        """Return them as a list in words, the ways of not being asked apart."""
        required = listed(c.node for c in self.required)
        if not self.exempt:
            return required
        exempt = _joined([_joined(list(dict.fromkeys(c.node.label for c in own)), BOTH) for own in self.exempt], EITHER)
        return OR_EXEMPT.format(reasons=required, exempt=exempt) if self.required else EXEMPT.format(exempt=exempt)


def unmet(decisions: Iterable[DecisionResult], outside: Mapping[str, str], *, undetermined: bool) -> Unmet:
    """Return what decisions on conformity turn on.

    A requirement that fails is never explained by an alternative that the facts are merely not exempt under, or under which the text
    leaves open whether it asks: these may fail on fewer facts than the requirement does.

    Args:
        decisions: The decisions.
        outside: Alternatives that state no requirement → their class.
        undetermined: Whether they are open.
    """
    required: list[ConditionResult] = []
    exempt: list[tuple[ConditionResult, ...]] = []
    for decision in decisions:
        nearest = carrying(decision.alternatives)
        if undetermined:
            stating = [a for a in nearest if outside.get(a.node.iri) != PG.ExemptingAlternative]
            freeing = [a for a in nearest if a not in stating]
            required += [c for a in stating for c in _lacking(a)]
            exempt += [_lacking(a) for a in freeing]
        elif all(_fails(a) for a in nearest):
            stating = list(carrying(tuple(a for a in decision.alternatives if a.node.iri not in outside)))
            freeing = [a for a in decision.alternatives if outside.get(a.node.iri) == PG.ExemptingAlternative]
            required += [c for a in stating for c in _lacking(a) if c.status.iri == STATUS.failed]
            # One that also lacks a fact is no exemption that the facts come near to.
            exempt += [own for own in map(_lacking, freeing) if all(c.status.iri == STATUS.failed for c in own)]
    return Unmet(tuple(required), tuple(dict.fromkeys(own for own in exempt if own)) if required or undetermined else ())


def listed(nodes: Iterable[Named]) -> Text:
    """Return the labels of nodes as a list in words, without repeats."""
    labels = list(dict.fromkeys(node.label for node in nodes))
    return Text("；".join(label.zh for label in labels), "; ".join(label.en for label in labels))


def _words(field: Lacking) -> Text:
    return NOT_STATED.format(field=field.label) if field.given is None else NOT_KNOWN.format(field=field.label, given=field.given)


def _joined(texts: Sequence[Text], by: Text) -> Text:
    joined = texts[0]
    for text in dict.fromkeys(texts[1:]):
        joined = by.format(one=joined, other=text)
    return joined


def _lacking(alternative: AlternativeResult) -> tuple[ConditionResult, ...]:
    return tuple(c for c in alternative.conditions if c.status.iri != STATUS.satisfied)


def _fails(alternative: AlternativeResult) -> bool:
    return any(s.iri == STATUS.failed for s in alternative.statuses)
