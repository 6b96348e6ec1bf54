"""Cuts records into the batches that are judged together."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from policygraph.records.record import Record

# Enough to share the cost of the engines, few enough that no join grows.
BATCH = 100


def batches(records: Iterable[Record]) -> Iterator[tuple[Record, ...]]:
    """Yield records in batches, in their order; no more than one batch is held."""
    rest = iter(records)
    while batch := tuple(islice(rest, BATCH)):
        yield batch
