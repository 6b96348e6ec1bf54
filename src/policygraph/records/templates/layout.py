"""What stands in a template: its tables, columns and example, in both languages; the writers only give it a form.

Readers rely on the words and the order here: see `KEY`, `OWNER`, `EXAMPLE`, `HELP` and `CODES`.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from policygraph.errors import Text
from policygraph.model.terms import local_name
from policygraph.records.forms import NOTHING, Limits
from policygraph.vocab import XSD

if TYPE_CHECKING:
    from collections.abc import Collection

    from policygraph.records.codebook import Code
    from policygraph.records.forms import Forms
    from policygraph.records.kinds import Field, Kind

KEY = Text("序号", "No.")
OWNER = Text("所属序号", "belongs to No.")
EXAMPLE = Text("示例", "example")
HELP = Text("说明", "Help")
CODES = Text("代码", "Codes")
YES, NO = Text("是", "yes"), Text("否", "no")
SORTS = {XSD.integer: "integer", XSD.decimal: "decimal", XSD.date: "date", XSD.boolean: "truth"}
_NUMBER, _DATE = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,6})?"), re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# What spreadsheet programs accept as the name of a sheet.
_LONGEST_TITLE, _NOT_IN_TITLES = 31, frozenset("[]:*?/\\")


@dataclass(frozen=True, slots=True)
class Column:
    """One field as a column.

    Attributes:
        field: The field.
        sort: text, integer, decimal, date, truth or code.
        codes: Values of its code list, in their order.
        limits: What its shape demands of a text.
        unit: Name of the unit in which its number is stated, empty if none.
        example: A value as a person would write it, empty if none.
    """

    field: Field
    sort: str
    codes: tuple[Code, ...]
    limits: Limits
    unit: Text
    example: Text

    def value(self, language: str) -> str | int | float | dt.date | None:
        """Return the example as a spreadsheet holds it: numbers and dates as such, all else in words."""
        words = self.example.in_language(language)
        if self.sort in {"integer", "decimal"} and _NUMBER.fullmatch(words):
            return float(words) if "." in words else int(words)
        if self.sort == "date" and _DATE.fullmatch(words):
            return dt.date.fromisoformat(words)
        return words or None


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the template: the records themselves, or rows that belong to them.

    Attributes:
        kind: Kind of what a row states.
        label: What to call it.
        short: A name for it without blanks or marks, which fits everywhere.
        columns: Its columns, in the order of the shape.
        field: Field of the record that the rows stand under, None for the records themselves.
    """

    kind: Kind
    label: Text
    short: str
    columns: tuple[Column, ...]
    field: Field | None = None

    @property
    def key(self) -> Text:
        """Heading of its first column."""
        return OWNER if self.field else KEY


@dataclass(frozen=True, slots=True)
class Layout:
    """A template.

    Attributes:
        kind: Kind of submission.
        name: How files name the kind.
        records: Table of the records.
        children: Tables of rows, in the order of the shape.
    """

    kind: Kind
    name: str
    records: Table
    children: tuple[Table, ...]

    @property
    def tables(self) -> tuple[Table, ...]:
        """All tables, the records first."""
        return (self.records, *self.children)

    def titles(self, language: str) -> dict[str, str]:
        """Return table → title of its sheet: its label, or its short name where no spreadsheet could have a sheet of that label."""
        titles: dict[str, str] = {}
        taken = {text.in_language(each).casefold() for text in (HELP, CODES) for each in ("zh", "en")}
        for table in self.tables:
            label = table.label.in_language(language)
            titles[table.short] = label if _fits(label, taken) else table.short[:_LONGEST_TITLE]
            taken.add(titles[table.short].casefold())
        return titles


def lay_out(kind: Kind, forms: Forms) -> Layout:
    """Return the template of a kind."""
    simple = [field for field in kind.fields if not field.row_class]
    named = _named_in_example(kind, simple)
    children = (
        Table(row, field.name, local_name(field.path), tuple(_column(f, forms, named) for f in row.fields if not f.row_class), field)
        for field in kind.fields
        if (row := forms.kinds.get(field.row_class)) is not None
    )
    records = Table(kind, kind.label, kind.short, tuple(_column(f, forms, named) for f in simple))
    return Layout(kind, forms.name_of(kind), records, tuple(children))


def sort_of(field: Field) -> str:
    """Return what a field holds: text, integer, decimal, date, truth or code."""
    return "code" if field.code_list else SORTS.get(field.datatype, "text")


def _column(field: Field, forms: Forms, named: Text) -> Column:
    codes = forms.codes_of(field)
    limits = forms.limits.get(field.shape, Limits())
    unit = forms.book.name(field.unit) if field.unit else NOTHING
    return Column(field, sort_of(field), codes, limits, unit, named if field.names_field else _example(field, codes))


def _example(field: Field, codes: tuple[Code, ...]) -> Text:
    """Return a field's example in both languages: codes and truth values have names in each."""
    written = field.example
    for code in codes:
        if written and written in code.names:
            return code.label
    if field.datatype == XSD.boolean:
        return next((word for word in (YES, NO) if written in {word.zh, word.en}), NOTHING)
    return Text(written, written)


def _named_in_example(kind: Kind, fields: Collection[Field]) -> Text:
    """Return the field of a record that a row of its example names: a fact of it, not who or when it is."""
    about = {kind.name_field, kind.claim_date_field, *kind.unique_key}
    stated = [f for f in fields if f.example]
    facts = [f for f in stated if f.path not in about and sort_of(f) != "text"]
    return next((f.name for f in (*facts, *stated, *fields)), NOTHING)


def _fits(title: str, taken: Collection[str]) -> bool:
    sound = title == title.strip("' ") and not _NOT_IN_TITLES & set(title)
    return sound and 0 < len(title) <= _LONGEST_TITLE and title.casefold() not in taken
