"""The answer as a table that can be sorted and filtered, without a script by links and a form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from policygraph.errors import Text
from policygraph.reports.html.markup import Markup, element
from policygraph.web.pages.ask.form import hidden
from policygraph.web.pages.shell import spoken

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request

    from policygraph.model.terms import Table
    from policygraph.web.pages.ask.arranging import Arrangement
    from policygraph.web.pages.ask.cells import Cells, Column

_ROWS = Text("共 {count} 行", "Rows: {count}")
_SOME = Text("{all} 行中的 {count} 行", "{count} of {all} rows")
_FILTER = Text("在答案中筛选", "Filter the answer")


@dataclass(frozen=True, slots=True)
class Links:
    """Where the page leads to.

    Attributes:
        address: The page, without a query.
        values: Parameters of the question that the caller gave.
        language: Language that addresses must name, '' for none.
    """

    address: str
    values: tuple[tuple[str, str], ...]
    language: str

    def to(self, *pairs: tuple[str, str], language: bool = True) -> str:
        """Return the address of the same question with further query parameters."""
        spoken = [("lang", self.language)] if language and self.language else []
        query = urlencode([*self.values, *((name, value) for name, value in pairs if value), *spoken])
        return self.address + (f"?{query}" if query else "")


def filtering(request: Request, links: Links, arranged: Arrangement, count: int, all_rows: int) -> Markup:
    """Return the form that narrows the rows, with how many there are."""
    label = spoken(_FILTER, request)
    said = _SOME.format(count=count, all=all_rows) if count != all_rows else _ROWS.format(count=count)
    order = [("sort", arranged.sort), ("order", "desc" if arranged.descending else "")] if arranged.sort else []
    return element(
        "form",
        element("label", label, for_="answer-filter", class_="quiet"),
        element("input", type="search", name="filter", id="answer-filter", value=arranged.words, maxlength="200"),
        hidden(request, [*links.values, *((name, value) for name, value in order if value)]),
        element("button", spoken(Text("筛选", "Filter"), request), type="submit", class_="quiet"),
        element("p", spoken(said, request), id="answer-count", class_="count", role="status", data_all=str(all_rows)),
        action=links.address,
        method="get",
        class_="filter",
        role="search",
        aria_label=label,
    )


def table(
    request: Request,
    found: Table,
    columns: Sequence[Column],
    headings: Sequence[Text],
    cells: Cells,
    links: Links,
    arranged: Arrangement,
    caption: str,
) -> Markup:
    """Return the rows; each heading is a link that sorts by it."""
    names = [spoken(headings[column.at], request) for column in columns]
    head = [_heading(request, column, name, links, arranged) for column, name in zip(columns, names, strict=True)]
    body = []
    for row in found.rows:
        shown = []
        for number, (column, name) in enumerate(zip(columns, names, strict=True)):
            tag, role = ("th", "rowheader") if not number else ("td", "cell")
            inner, kind = cells.of(row, column), column.sort
            scope = "row" if not number else ""
            shown.append(element(tag, inner, scope=scope, role=role, class_=kind, data_label=name) if inner else element(tag, role=role))
        body.append(element("tr", *shown, role="row"))
    made = element(
        "table",
        element("caption", caption, class_="hidden"),
        element("thead", element("tr", *head, role="row"), role="rowgroup"),
        element("tbody", *body, role="rowgroup"),
        class_="answer",
        id="answer-table",
        role="table",
    )
    return element("div", made, class_="scroll", role="region", aria_label=caption, tabindex="0")


def _heading(request: Request, column: Column, name: str, links: Links, arranged: Arrangement) -> Markup:
    own = arranged.sort == column.name
    up = own and not arranged.descending
    href = links.to(("sort", column.name), ("order", "desc" if up else ""), ("filter", arranged.words))
    mark = element("span", "▲" if up else "▼" if own else "↕", class_="mark", aria_hidden="true")
    title = spoken(Text("按{name}排序", "Sort by {name}").format(name=name), request)
    state = ("ascending" if up else "descending") if own else "none"
    return element(
        "th",
        element("a", name, " ", mark, href=href + "#answer", title=title, data_column=column.name, rel="nofollow"),
        scope="col",
        role="columnheader",
        aria_sort=state,
        class_=column.sort,
    )
