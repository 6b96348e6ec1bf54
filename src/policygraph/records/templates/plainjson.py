"""A template as JSON: one record that is an example, with the fields by their names in a language."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

from policygraph.records.templates.layout import YES

if TYPE_CHECKING:
    from policygraph.records.templates.layout import Column, Layout, Table


def write_json(layout: Layout, language: str) -> str:
    """Return the template as a JSON document; fields without an example are null, which states nothing."""
    record: dict[str, Any] = {"example": True, **_members(layout.records, language)}
    for table in layout.children:
        record[table.label.in_language(language)] = [_members(table, language)]
    return json.dumps({"kind": layout.name, "records": [record]}, ensure_ascii=False, indent=2) + "\n"


def _members(table: Table, language: str) -> dict[str, Any]:
    return {column.field.name.in_language(language): _value(column, language) for column in table.columns}


def _value(column: Column, language: str) -> str | int | float | bool | None:
    value = column.value(language)
    if column.sort == "truth" and value is not None:
        return column.example == YES
    return value.isoformat() if isinstance(value, dt.date) else value
