"""Finds records that state the same fact: the same values under every field of a kind's unique key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policygraph.model.terms import Iri
from policygraph.vocab import PG

if TYPE_CHECKING:
    from collections.abc import Iterable

    from policygraph.model.terms import Triple
    from policygraph.records.copying import Record


def duplicates(records: Iterable[Record]) -> tuple[Triple, ...]:
    """Return `pg:duplicateOf` for each record after the first with the same key; an incomplete key matches nothing."""
    first: dict[tuple[str, ...], str] = {}
    found: list[Triple] = []
    for record in records:
        key = [record.kind.iri]
        for path in record.kind.unique_key:
            key += sorted("".join(term.value.split()).casefold() for term in record.values(path)) or [""]
        if not record.kind.unique_key or "" in key:
            continue
        earlier = first.setdefault(tuple(key), record.iri)
        if earlier != record.iri:
            found.append((Iri(record.iri), Iri(PG.duplicateOf), Iri(earlier)))
    return tuple(found)
