"""Examples for the documentation that work, made of what the graph and the examples that ship with it hold."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from policygraph.model.terms import local_name
from policygraph.records.templates.layout import YES, lay_out
from policygraph.vocab import BASE

if TYPE_CHECKING:
    from pathlib import Path

    from policygraph.records.kinds import Kind
    from policygraph.records.templates.layout import Table
    from policygraph.web.api.catalogue import Kinds
    from policygraph.web.service import Service


class Samples:
    """Examples of a service.

    Args:
        owner: The service.
        kinds: Its kinds.
    """

    def __init__(self, owner: Service, kinds: Kinds) -> None:
        self._owner, self._kinds = owner, kinds

    @cached_property
    def claim(self) -> Kind | None:
        """A kind of submission on which rules decide, None if the policy has none."""
        found = [about.kind for about in self._kinds.about.values() if about.rules and not about.profile]
        return next(iter(found), None)

    @cached_property
    def subject(self) -> Kind | None:
        """A kind of subject, None if the policy has none."""
        return next((about.kind for about in self._kinds.about.values() if about.profile and about.rules), None)

    def record(self, kind: Kind | None) -> dict[str, Any]:
        """Return a record of a kind with plain keys, made of its fields' examples."""
        if kind is None:
            return {}
        layout = lay_out(kind, self._kinds.forms)
        record = {"kind": self._kinds.forms.name_of(kind), **_members(layout.records)}
        rows = {local_name(table.field.path): [_members(table)] for table in layout.children if table.field}
        return record | {name: row for name, row in rows.items() if row[0]}

    @cached_property
    def policy(self) -> str:
        """Name of a policy."""
        from policygraph.model.terms import Iri
        from policygraph.vocab import PG, RDF

        found = sorted(s.value for s in self._owner.graph.subjects(RDF.type, Iri(PG.Policy)))
        own = [iri for iri in found if iri.startswith(BASE)] or found
        return local_name(own[0]) if own else ""

    @cached_property
    def overlay(self) -> str:
        """An overlay as Turtle, '' if none ships."""
        return next((_read(path) for _, path in self._owner.roots.files("examples/overlays", "*.ttl")), "")

    @cached_property
    def turtle(self) -> str:
        """A submission in Turtle, '' if none ships."""
        found = [path for name, path in self._owner.roots.files("examples", "*.ttl") if "/overlays/" not in name]
        return next((_read(path) for path in found), "")


def _members(table: Table) -> dict[str, Any]:
    """Return the examples of a table's fields by their short names, as programs write them."""
    found: dict[str, Any] = {}
    for column in table.columns:
        value = column.value("zh")
        if value is None or value == "":
            continue
        code = next((local_name(code.iri) for code in column.codes if value in code.names), None)
        if column.sort == "truth":
            found[local_name(column.field.path)] = column.example == YES
        else:
            found[local_name(column.field.path)] = code or (value if isinstance(value, int | float) else str(value))
    return found


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")
