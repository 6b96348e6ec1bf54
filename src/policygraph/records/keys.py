"""Finds records that state the same fact: the same values under every field of a kind's unique key."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from typing import TYPE_CHECKING

from policygraph.model.terms import Iri
from policygraph.vocab import PG

if TYPE_CHECKING:
    from collections.abc import Iterable

    from policygraph.model.terms import Triple
    from policygraph.records.copying import Record


def _spelt(record: Record, path: str) -> tuple[str, ...]:
    """Return a field's values so that width, case, blanks, marks and invisible characters do not tell them apart."""
    wide = (unicodedata.normalize("NFKC", term.value).casefold() for term in record.values(path))
    return tuple(sorted("".join(c for c in value if c.isalnum()) for value in wide))


def possible_duplicates(records: Iterable[Record]) -> dict[str, str]:
    """Return later record → earlier one where nothing that both state tells them apart, and who or what it is about is stated in both.

    Such a pair is shown, never decided on: the key that would settle it is incomplete.
    """
    seen: dict[tuple[str, str, tuple[str, ...]], list[Record]] = defaultdict(list)
    found: dict[str, str] = {}
    for record in records:
        if not record.kind.unique_key:
            continue
        told = [path for path in (record.kind.name_field, *record.kind.unique_key) if _spelt(record, path)]
        buckets = [(record.kind.iri, path, _spelt(record, path)) for path in told]
        rivals = min((seen[bucket] for bucket in buckets), key=len, default=[])
        earlier = next((rival for rival in rivals if _alike(record, rival)), None)
        if earlier is not None:
            found[record.iri] = earlier.iri
        for bucket in buckets:
            seen[bucket].append(record)
    return found


def _alike(one: Record, other: Record) -> bool:
    paths = (f.path for f in one.kind.fields if not f.row_class and f.path != one.kind.claim_date_field)
    stated = ((_spelt(one, path), _spelt(other, path)) for path in paths)
    return all(mine == theirs for mine, theirs in stated if mine and theirs)


def duplicates(records: Iterable[Record]) -> tuple[Triple, ...]:
    """Return `pg:duplicateOf` for each record after the first with the same key; an incomplete key matches nothing."""
    first: dict[tuple[str, ...], str] = {}
    found: list[Triple] = []
    for record in records:
        key = [record.kind.iri]
        for path in record.kind.unique_key:
            key += _spelt(record, path) or ("",)
        if not record.kind.unique_key or "" in key:
            continue
        earlier = first.setdefault(tuple(key), record.iri)
        if earlier != record.iri:
            found.append((Iri(record.iri), Iri(PG.duplicateOf), Iri(earlier)))
    return tuple(found)
