"""What people fill into a form: read from the body, made into one record of plain JSON, and put back into the form."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from policygraph.errors import Text
from policygraph.model.terms import local_name
from policygraph.web import bodies
from policygraph.web.pages.check.fields import FALSE, TRUE
from policygraph.web.problems import MEDIA, usage

if TYPE_CHECKING:
    from starlette.requests import Request

    from policygraph.records.templates.layout import Column, Layout, Table

URLENCODED = "application/x-www-form-urlencoded"
MOST, MOST_ROWS, MOST_PARTS = 1 << 20, 100, 5_000
FILE = "form.json"  # what a report calls it
_ROW = re.compile(r"r\.([^.]+)\.([0-9]{1,3})\.(.+)")
_TRUTH = {TRUE: True, FALSE: False}


@dataclass(frozen=True, slots=True)
class Filled:
    """A form that was filled in.

    Attributes:
        values: Field → what was written.
        rows: Child table → rows, each field → what was written; no row is wholly empty.
        asked: What else was sent: `as-of`, `format`, `add`.
        more: Child table → how many empty rows are asked for.
    """

    values: dict[str, str] = field(default_factory=dict)
    rows: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    asked: dict[str, str] = field(default_factory=dict)
    more: dict[str, int] = field(default_factory=dict)

    def record(self, layout: Layout) -> bytes:
        """Return it as a file of one record."""
        found: dict[str, Any] = {"kind": layout.name, **_members(self.values, layout.records)}
        for table in layout.children:
            if rows := self.rows.get(table.short):
                found[table.short] = [_members(row, table) for row in rows]
        return json.dumps(found, ensure_ascii=False).encode("utf-8", "replace")

    def pairs(self) -> list[tuple[str, str]]:
        """Return what was written as the controls that hold it."""
        found = [(f"f.{name}", value) for name, value in self.values.items()]
        return found + [
            (f"r.{table}.{number}.{name}", value)
            for table, rows in self.rows.items()
            for number, row in enumerate(rows, 1)
            for name, value in row.items()
        ]


async def read(request: Request) -> Filled:
    """Return what a request brings.

    Raises:
        ProblemError: It is no form, or too large.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != URLENCODED:
        raise usage(
            "此处只接受表单。",
            "Only a form is taken here.",
            Text(f"请以 {URLENCODED} 发送；文件请用 /check。", f"Send it as {URLENCODED}; files go to /check."),
            MEDIA,
        )
    body = await bodies.read(request, MOST)
    try:
        pairs = parse_qsl(body.decode("utf-8", "replace"), max_num_fields=MOST_PARTS)
    except ValueError:
        raise bodies.too_large(MOST) from None
    values: dict[str, str] = {}
    rows: dict[tuple[str, int], dict[str, str]] = {}
    asked: dict[str, str] = {}
    for name, value in ((name, value.strip()) for name, value in pairs):
        if name.startswith("f."):
            values[name[2:]] = value
        elif (place := _ROW.fullmatch(name)) is not None:
            rows.setdefault((place[1], int(place[2])), {})[place[3]] = value
        else:
            asked[name] = value
    found: dict[str, list[dict[str, str]]] = {}
    for (table, _), row in sorted(rows.items()):
        if any(row.values()):
            found.setdefault(table, []).append({name: value for name, value in row.items() if value})
    more = {asked["add"]: 1} if asked.get("add") else {}
    return Filled({name: value for name, value in values.items() if value}, found, asked, more)


def _members(written: dict[str, str], table: Table) -> dict[str, Any]:
    """Return the members of an object, those of the table alone, in its order."""
    found = {}
    for column in table.columns:
        value = written.get(local_name(column.field.path), "")
        if value:
            found[local_name(column.field.path)] = _value(column, value)
    return found


def _value(column: Column, value: str) -> str | bool:
    return _TRUTH.get(value, value) if column.sort == "truth" else value
