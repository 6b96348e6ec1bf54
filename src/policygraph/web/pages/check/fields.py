"""One field of a form made from a shape: its control, what to write in it, the clauses that rest on it, and what a check said of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policygraph.errors import Text
from policygraph.model.terms import local_name
from policygraph.records.templates.layout import NO, YES
from policygraph.records.templates.wording import REQUIRED, how_to_fill, unit_of
from policygraph.reports.html.markup import Markup, chinese, element, foreign
from policygraph.reports.lines import VERDICT_MARKS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from policygraph.app.kinds import Clause
    from policygraph.records.templates.layout import Column, Layout

RADIOS = 4  # as many choices stand side by side; more are a list
TRUE, FALSE = "true", "false"
_UNSTATED = Text("未填", "not stated")
_CLAUSES = Text("依据的原句（{n}）", "Sentences that rest on it ({n})")
_EXAMPLE = Text("示例：{example}", "Example: {example}")
_SEE = Text("见报告中的发现 {n}", "see finding {n} of the report")


class Fields:
    """Writes the fields of one form.

    Args:
        layout: The form's kind and tables.
        language: zh or en.
        clauses: (child table, IRI of the field) → clauses that rest on it.
        address: Where a thing of the graph is served.
        said: (child table, row, field) → what the check said of it.
    """

    def __init__(
        self,
        layout: Layout,
        language: str,
        clauses: Mapping[tuple[str, str], Sequence[Clause]],
        address: Callable[[str], str],
        said: Mapping[tuple[str, int, str], Sequence[Mapping[str, object]]],
    ) -> None:
        self._layout, self._language, self._clauses, self._address, self._said = layout, language, clauses, address, said

    def field(self, column: Column, name: str, value: str, table: str = "", row: int = 0) -> Markup:
        """Return a field.

        Args:
            column: What it holds.
            name: Name of its control.
            value: What was filled in.
            table: IRI of the child table's field, '' for the record itself.
            row: Number of its row.
        """
        mark = name.replace(".", "-")
        short = local_name(column.field.path)
        said = self._said.get((local_name(table) if table else "", row, short), ())
        helps = [*([f"{mark}-help"] if self._help(column) else []), *([f"{mark}-said"] if said else [])]
        attributes = {"aria_describedby": " ".join(helps)}
        if any(each["verdict"] in {"invalid", "violation"} for each in said):
            attributes["aria_invalid"] = TRUE
        choices = self._choices(column)
        title = [self._w(column.field.name), *self._required(column)]
        after = [*self._helped(column, mark), *self._clauses_of(column, table), *self._findings(said, mark)]
        classes = " ".join(["field", *([str(said[0]["verdict"]), "marked"] if said else [])])
        if choices and len(choices) <= RADIOS:
            options = [self._radio(name, f"{mark}-{n}", option, value) for n, option in enumerate([("", self._w(_UNSTATED)), *choices])]
            legend = element("legend", *title)
            return element("fieldset", legend, element("div", *options, class_="options"), *after, class_=classes, **attributes)
        label = element("label", *title, for_=mark)
        control = self._select(name, mark, choices, value, attributes) if choices else self._input(column, name, mark, value, attributes)
        return element("div", label, control, *after, class_=classes)

    def _w(self, text: Text) -> str:
        return text.in_language(self._language)

    def _required(self, column: Column) -> list[Markup | str]:
        return [" ", element("span", self._w(REQUIRED), class_="required")] if column.field.required else []

    # ---------------------------------------------------------------- controls
    def _choices(self, column: Column) -> list[tuple[str, str]]:
        if column.sort == "truth":
            return [(TRUE, self._w(YES)), (FALSE, self._w(NO))]
        if column.field.names_field:
            return [(self._w(c.field.name), self._w(c.field.name)) for c in self._layout.records.columns]
        return [(code.iri, self._w(code.label)) for code in column.codes]

    def _radio(self, name: str, mark: str, option: tuple[str, str], value: str) -> Markup:
        checked = {"checked": "checked"} if option[0] == value else {}
        # The one for “not stated” has an empty value, which `element` would leave out.
        control = element("input", type="radio", name=name, id=mark, value=option[0], **checked)
        if not option[0]:
            control = Markup(control.replace("<input", '<input value=""', 1))
        return element("label", control, " ", option[1], for_=mark)

    def _select(self, name: str, mark: str, choices: Sequence[tuple[str, str]], value: str, attributes: Mapping[str, str]) -> Markup:
        options = [Markup(f'<option value="">{self._w(_UNSTATED)}</option>')]
        for own, words in choices:
            options.append(element("option", words, value=own, selected="selected" if own == value else ""))
        return element("select", *options, name=name, id=mark, **attributes)

    def _input(self, column: Column, name: str, mark: str, value: str, attributes: Mapping[str, str]) -> Markup:
        sort = {"date": "date"}.get(column.sort, "text")
        mode = {"integer": "numeric", "decimal": "decimal"}.get(column.sort, "")
        most = str(column.limits.most_length) if column.limits.most_length else ""
        required = "required" if column.field.required else ""
        control = element(
            "input", type=sort, name=name, id=mark, value=value, inputmode=mode, maxlength=most, required=required, autocomplete="off",
            **attributes,
        )  # fmt: skip
        unit = unit_of(column, self._language)
        return element("span", control, " ", element("span", unit, class_="unit"), class_="with-unit") if unit else control

    # ---------------------------------------------------------------- what is said about it
    def _help(self, column: Column) -> list[str]:
        told = [self._w(column.field.description), self._w(how_to_fill(column))]
        if column.example.in_language(self._language) and not column.codes and column.sort != "truth" and not column.field.names_field:
            told.append(self._w(_EXAMPLE.format(example=column.example)))
        return [line for line in told if line]

    def _helped(self, column: Column, mark: str) -> list[Markup]:
        lines = self._help(column)
        return (
            [element("p", ("" if self._language == "zh" else " ").join(map(_ended, lines)), class_="help", id=f"{mark}-help")]
            if lines
            else []
        )

    def _clauses_of(self, column: Column, table: str) -> list[Markup]:
        clauses = self._clauses.get((table, column.field.path), ())
        if not clauses:
            return []
        quotes = [
            element(
                "blockquote",
                element("p", chinese(f"“{clause.quote}”")),
                *([element("p", clause.translation, class_="translation")] if self._language == "en" and clause.translation else []),
                element("footer", element("a", self._w(clause.provision.label), href=self._address(clause.provision.iri))),
                cite=clause.provision.iri,
            )
            for clause in clauses
        ]
        return [element("details", element("summary", self._w(_CLAUSES.format(n=len(clauses)))), *quotes, class_="clauses")]

    def _findings(self, said: Sequence[Mapping[str, object]], mark: str) -> list[Markup]:
        items = []
        for each in said:
            verdict, number = str(each["verdict"]), str(each["number"])
            sign = element("span", VERDICT_MARKS[verdict], aria_hidden="true")
            badge = element("span", sign, " ", str(each["word"]), class_=f"badge {verdict}")
            see = element("a", self._w(_SEE.format(n=number)), href=f"#record-1-finding-{number}")
            mending = [element("p", foreign(str(each["mending"])), class_="mending")] if each["mending"] else []
            items.append(element("li", badge, " ", foreign(str(each["message"])), " ", see, *mending, class_=f"finding {verdict}"))
        return [element("ul", *items, class_="said", id=f"{mark}-said")] if items else []


def _ended(words: str) -> str:
    """Return a line as a sentence, so that lines can follow each other."""
    if words[-1] in "。.；;！!？?":
        return words
    return words + ("。" if any("\u4e00" <= letter <= "\u9fff" for letter in words) else ".")
