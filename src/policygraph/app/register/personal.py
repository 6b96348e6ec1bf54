"""Which fields hold what tells a person apart: the shapes say so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policygraph.vocab import PG, SH

if TYPE_CHECKING:
    from policygraph.store.base import Store

_PERSONAL = f"""
SELECT DISTINCT ?path WHERE {{
  {{ ?field <{PG.personal}> true }} UNION {{ ?field <{PG.identityNumber}> true }}
  ?field <{SH.path}> ?path
}} ORDER BY ?path"""


def personal_fields(store: Store) -> frozenset[str]:
    """Return the IRIs of the fields that are personal in any kind; an identity number always is."""
    return frozenset(row["path"].value for row in store.select(_PERSONAL).dicts())
