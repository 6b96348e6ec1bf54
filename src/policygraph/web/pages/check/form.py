"""The form of a kind: its fields in order and groups, child tables as groups of rows; works without JavaScript."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from policygraph.errors import Text
from policygraph.model.terms import Iri, local_name
from policygraph.records.templates.layout import lay_out
from policygraph.reports.html.links import addresses
from policygraph.reports.html.markup import Markup, element
from policygraph.web.negotiation import language
from policygraph.web.pages.check.fields import Fields
from policygraph.web.pages.check.filled import MOST_ROWS, Filled
from policygraph.web.pages.shell import place, spoken
from policygraph.web.service import service

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from starlette.requests import Request

    from policygraph.app.kinds import Clause
    from policygraph.records.kinds import Kind
    from policygraph.records.templates.layout import Column, Table

    Said = Mapping[tuple[str, int, str], Sequence[Mapping[str, object]]]

DAY = Text("判读基准日", "Day as of which to judge")
DAY_HELP = Text(
    "不填时，以记录中的申报或报告日期为准，没有则以今天为准。", "By default the record's own date of claim or report, or else today."
)
CHECK = Text("核查", "Check")
_GENERAL = Text("基本内容", "The record")
_ROW, _ADD = Text("第 {n} 行", "Row {n}"), Text("添加一行：{table}", "Add a row: {table}")
_OPTIONAL = Text("（没有可不填）", " (leave empty if there are none)")
_LEAVE = Text("不知道的留空；空白不会被当作“否”或 0。", "Leave empty what is not known: an empty field is never read as no or as 0.")


class Form:
    """Writes the form of a kind.

    Args:
        request: The request for its page.
        kind: The kind.
        clauses: (child table, field) → clauses that rest on it.
        filled: What was filled in.
        said: (child table, row, field) → what the check said of it.
    """

    def __init__(
        self, request: Request, kind: Kind, clauses: Mapping[tuple[str, str], Sequence[Clause]], filled: Filled, said: Said
    ) -> None:
        owner = service(request)
        self._request, self._owner, self._filled, self._language = request, owner, filled, language(request)
        self._layout = lay_out(kind, owner.kinds.forms)
        address = addresses(owner.prefix.rstrip("/"), self._language)
        self._fields = Fields(self._layout, self._language, clauses, address, said)
        self._said = said

    @property
    def path(self) -> str:
        """Path of its page below the root."""
        return f"check/{self._layout.name}"

    def markup(self) -> Markup:
        """Return the form."""
        day = element(
            "div",
            element("label", self._w(DAY), for_="as-of"),
            element(
                "input", type="date", name="as-of", id="as-of", value=self._filled.asked.get("as-of", ""), aria_describedby="as-of-help"
            ),
            element("p", self._w(DAY_HELP), class_="help", id="as-of-help"),
            class_="field day",
        )
        # The first button of a form is the one that the Enter key presses.
        first = element("button", self._w(CHECK), type="submit", class_="first", tabindex="-1", aria_hidden="true")
        return element(
            "form",
            first,
            element("p", self._w(_LEAVE), class_="soft"),
            *self._groups(),
            *map(self._table, self._layout.children),
            day,
            element("p", element("button", self._w(CHECK), type="submit"), class_="go"),
            method="post",
            action=place(self._request, self.path),
            id="fill",
            autocomplete="off",
        )

    def again(self, formats: Sequence[str]) -> Markup:
        """Return a form that asks for the report on the same values in other forms."""
        pairs = [*self._filled.pairs(), ("as-of", self._filled.asked.get("as-of", ""))]
        hidden = [element("input", type="hidden", name=name, value=value) for name, value in pairs if value]
        buttons = [element("button", each.upper(), type="submit", name="format", value=each, class_="quiet") for each in formats]
        return element("form", *hidden, element("p", *buttons, class_="formats"), method="post", action=place(self._request, self.path))

    def _w(self, text: Text) -> str:
        return spoken(text, self._request)

    def _groups(self) -> list[Markup]:
        """Return the record's own fields, those of a part of a report together."""
        columns = sorted(self._layout.records.columns, key=self._part_order)
        groups = [(part, list(own)) for part, own in groupby(columns, key=lambda column: column.field.part)]
        return [
            element(
                "fieldset",
                element("legend", self._owner.entities.label(Iri(part), self._language) if part else self._w(_GENERAL)),
                element("div", *(self._field(column) for column in own), class_="grid"),
                class_="group",
            )
            for part, own in groups
        ]

    def _part_order(self, column: Column) -> int:
        parts = list(dict.fromkeys(each.field.part for each in self._layout.records.columns))
        return parts.index(column.field.part)

    def _field(self, column: Column) -> Markup:
        short = local_name(column.field.path)
        return self._fields.field(column, f"f.{short}", self._filled.values.get(short, ""))

    # ---------------------------------------------------------------- child tables
    def _table(self, table: Table) -> Markup:
        rows = self._filled.rows.get(table.short, [])[:MOST_ROWS]
        more = self._filled.more.get(table.short, 0)
        empty = 0 if len(rows) >= MOST_ROWS else max(more, 0 if rows else 1)
        written = [*rows, *({} for _ in range(empty))]
        numbered = [self._row(table, number, row) for number, row in enumerate(written, 1)]
        add = element(
            "button", self._w(_ADD.format(table=table.label)), type="submit", name="add", value=table.short, class_="quiet add",
            formnovalidate="formnovalidate",
        )  # fmt: skip
        title = element("summary", self._w(table.label), element("span", self._w(_OPTIONAL), class_="soft"))
        opened = "open" if rows or more or any(key[0] == table.short for key in self._said) else ""
        return element(
            "details",
            title,
            element("div", *numbered, class_="rows"),
            element("p", add) if len(written) < MOST_ROWS else "",
            class_="table",
            id=f"table-{table.short}",
            open=opened,
        )

    def _row(self, table: Table, number: int, row: Mapping[str, str]) -> Markup:
        path = table.field.path if table.field else ""
        fields = []
        for column in table.columns:
            short = local_name(column.field.path)
            fields.append(self._fields.field(column, f"r.{table.short}.{number}.{short}", row.get(short, ""), path, number))
        legend = element("legend", f"{self._w(table.label)} · {self._w(_ROW.format(n=number))}")
        return element("fieldset", legend, element("div", *fields, class_="grid"), class_="row", data_row=str(number))
