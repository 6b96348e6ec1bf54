"""`queries.answering` without the caps that come before it, to show that the pool holds without them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from policygraph.queries import answering
from policygraph.queries.answering import SEALED, opened, prepare

if TYPE_CHECKING:
    from policygraph.graph.stopping import Limits

__all__ = ["SEALED", "opened", "prepare", "work"]


def work(state: answering.State, head: dict[str, Any], body: bytes, limits: Limits, tell: object) -> tuple[dict[str, Any], bytes]:
    return answering.evaluate(state, head, limits, state.prefixes)
