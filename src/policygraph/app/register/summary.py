"""What a stored receipt says, in short."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from policygraph.app.register.statements import FIRST, read
from policygraph.model.terms import Iri
from policygraph.reports.receipt import RECEIPT
from policygraph.vocab import PG

if TYPE_CHECKING:
    from policygraph.model.terms import Term


@dataclass(frozen=True, slots=True)
class Concluded:
    """A decision as a receipt has it; amounts are '' where it has none."""

    rule: Term
    outcome: Term
    low: str
    high: str


@dataclass(frozen=True, slots=True)
class Summary:
    """What a receipt says, in short."""

    digest: str
    signed: bool
    decisions: tuple[Concluded, ...]


def summary(receipt: str) -> Summary:
    """Return what a receipt of one record says, in short."""
    said: dict[str, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
    for subject, predicate, value in read(receipt):
        said[subject.value][predicate.value].append(value)

    def word(node: str, path: str) -> str:
        return next((value.value for value in said[node][path]), "")

    decisions = [
        Concluded(Iri(word(node.value, PG.byRule)), Iri(word(node.value, PG.outcome)), word(node.value, PG.low), word(node.value, PG.high))
        for node in sorted(said[FIRST][PG.decision], key=lambda node: int(node.value.rpartition("-")[2]))
    ]
    return Summary(word(RECEIPT, PG.receiptDigest), bool(word(RECEIPT, PG.signature)), tuple(decisions))
