"""A template as a delimited file: one row of headings, which holds the child tables too, and the example."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from policygraph.errors import Text
from policygraph.records.templates.layout import EXAMPLE, KEY

if TYPE_CHECKING:
    from policygraph.records.templates.layout import Layout

# A field of a child table's nth row: other results 1: rank.
CHILD = Text("{table} {number}：{field}", "{table} {number}: {field}")
BOM = "\ufeff"


def write_delimited(layout: Layout, language: str) -> str:
    """Return the template as RFC 4180 has it, with the mark by which spreadsheet programs know UTF-8."""
    headings, example = [KEY.in_language(language)], [EXAMPLE.in_language(language)]
    for table in layout.tables:
        for column in table.columns:
            name = column.field.name
            if table.field is not None:
                name = CHILD.format(table=table.label, number=1, field=name)
            headings.append(name.in_language(language))
            example.append(column.example.in_language(language))
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerows([headings, example])
    return BOM + out.getvalue()
