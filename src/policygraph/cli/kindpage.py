"""What there is to say about one kind of submission: its fields, child tables, checks and rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from policygraph.app.kindplain import explanation
from policygraph.cli.width import pad, width, wrap
from policygraph.errors import Text
from policygraph.model.terms import Literal, Table, local_name
from policygraph.records.templates.layout import lay_out
from policygraph.records.templates.wording import SORTS, choices, how_to_fill, roles, unit_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policygraph.app.kinds import About, Clause
    from policygraph.model.grounds import Named
    from policygraph.records.forms import Forms
    from policygraph.records.templates.layout import Column
    from policygraph.records.templates.layout import Table as Sheet

_COLUMNS = {
    "table": Text("表", "table"),
    "label": Text("字段", "field"),
    "name": Text("短名", "short name"),
    "sort": Text("类型", "sort"),
    "unit": Text("单位", "unit"),
    "description": Text("含义", "meaning"),
    "how": Text("填写要求", "what to write"),
    "values": Text("可选值", "values"),
    "role": Text("作用", "role"),
    "example": Text("示例", "example"),
}
_SEVERITIES = {"violation": Text("不符合", "violation"), "warning": Text("提示", "warning"), "note": Text("说明", "note")}
_ABOUT = Text("所涉主体：{names}", "about: {names}")
_FIELDS = Text("字段（{count}）", "fields ({count})")
_TABLE = Text("子表：{label}（{name}，{count} 个字段）", "child table: {label} ({name}, {count} fields)")
_CHECKS = Text("核查（{count}）", "checks ({count})")
_RULES = Text("判读规则（{count}）", "rules ({count})")
_NO_CHECKS = Text("没有核查看此种记录。", "No check looks at such a record.")
_PROFILE = Text(
    "据此判读其可能享有的各项待遇：policygraph entitlements 文件", "All benefits are decided from it: policygraph entitlements FILE"
)
_BENEFIT = Text("得到：{name}", "gives: {name}")
_CONFORMITY = Text("只判定是否相符", "decides on conformity only")
_PART = Text("部分：{name}", "part: {name}")
_VALUES = Text("可选：{values}", "values: {values}")
_EXAMPLE = Text("示例：{example}", "example: {example}")
_TEMPLATE = Text("填报模板：policygraph template {name} -o {file}.xlsx", "template: policygraph template {name} -o {file}.xlsx")
_SCHEMA = Text("JSON 模式：policygraph schema {name}", "JSON Schema: policygraph schema {name}")


class KindPage:
    """Explains a kind.

    Args:
        about: The kind.
        forms: The forms of all kinds.
        language: zh or en.
    """

    def __init__(self, about: About, forms: Forms, language: str) -> None:
        self._about, self._forms, self._language = about, forms, language
        self._layout = lay_out(about.kind, forms)
        self._comma = "、" if language == "zh" else ", "

    def lines(self, columns: int) -> Iterator[str]:
        """Yield the explanation.

        Args:
            columns: Width of the terminal; 0 leaves lines as long as they are.
        """
        for line in self._all():
            yield from wrap(line, columns) if columns else [line]

    def table(self) -> tuple[Table, list[str]]:
        """Return the fields as a table and its headings."""
        rows = tuple(tuple(map(Literal, self._cells(table, column))) for table in self._layout.tables for column in table.columns)
        return Table(tuple(_COLUMNS), rows), [heading.in_language(self._language) for heading in _COLUMNS.values()]

    def plain(self) -> dict[str, Any]:
        """Return the explanation in JSON's types."""
        return explanation(self._about, self._forms)

    def _w(self, text: Text, **values: object) -> str:
        return text.format(**values).in_language(self._language)

    def _all(self) -> Iterator[str]:
        about, kind = self._about, self._about.kind
        other = kind.label.en if self._language == "zh" else kind.label.zh
        yield f"{kind.label.in_language(self._language)}  {self._layout.name}  {other}"
        yield kind.iri
        yield about.definition.in_language(self._language)
        if about.subjects:
            yield self._w(_ABOUT, names=self._comma.join(s.label.in_language(self._language) for s in about.subjects))
        yield from ("", self._w(_TEMPLATE, name=self._layout.name, file=kind.short), self._w(_SCHEMA, name=self._layout.name))
        yield from ("", self._w(_FIELDS, count=len(self._layout.records.columns)))
        yield from self._table(self._layout.records)
        for table in self._layout.children:
            yield from ("", self._w(_TABLE, label=table.label, name=table.short, count=len(table.columns)))
            yield from self._table(table)
        if about.profile:
            yield from ("", self._w(_PROFILE))
        else:
            yield from ("", self._w(_CHECKS, count=len(about.checks)) if about.checks else self._w(_NO_CHECKS))
        for check in about.checks:
            yield f"  ● {check.check.label.in_language(self._language)}{self._aside(self._w(_SEVERITIES[check.severity]), check.part)}"
            yield from self._clauses(check.clauses)
        if about.rules:
            yield from ("", self._w(_RULES, count=len(about.rules)))
        for rule in about.rules:
            gives = self._w(_BENEFIT, name=rule.benefit.label) if rule.benefit else self._w(_CONFORMITY)
            yield f"  ● {rule.rule.label.in_language(self._language)}{self._aside(gives, rule.part)}"
            yield from self._clauses(rule.clauses)

    def _aside(self, first: str, part: Named | None) -> str:
        words = [first, *([self._w(_PART, name=part.label)] if part else [])]
        return f"（{'；'.join(words)}）" if self._language == "zh" else f" ({'; '.join(words)})"

    def _clauses(self, clauses: tuple[Clause, ...]) -> Iterator[str]:
        section = None
        for clause in clauses:
            if clause.section != section:
                section = clause.section
                yield f"      {section.short} {section.label.in_language(self._language)}"
            quoted = f"「{clause.quote}」" if self._language == "zh" else f"“{clause.quote}”"
            yield f"      {quoted}"
            if self._language == "en" and clause.translation:
                yield f"      {clause.translation}"

    def _table(self, table: Sheet) -> Iterator[str]:
        margin = max((width(c.field.name.in_language(self._language)) for c in table.columns), default=0)
        for number, column in enumerate(table.columns, 1):
            facts = [SORTS[column.sort].in_language(self._language), unit_of(column, self._language)]
            facts += [role.in_language(self._language) for role in roles(column, table.kind)]
            name = pad(column.field.name.in_language(self._language), margin)
            yield f"{number:4} {name}  {local_name(column.field.path)} · {' · '.join(filter(None, facts))}"
            space = "" if self._language == "zh" else " "
            said = (column.field.description.in_language(self._language), how_to_fill(column).in_language(self._language))
            yield f"     {space.join(filter(None, said))}"
            if column.codes:
                yield f"     {self._w(_VALUES, values=self._comma.join(choices(column, self._language)))}"
            if example := column.example.in_language(self._language):
                yield f"     {self._w(_EXAMPLE, example=example)}"

    def _cells(self, table: Sheet, column: Column) -> list[str]:
        field = column.field
        shown = (
            table.label,
            field.name,
            Text(local_name(field.path), local_name(field.path)),
            SORTS[column.sort],
            Text(unit_of(column, "zh"), unit_of(column, "en")),
            field.description,
            how_to_fill(column),
            Text("、".join(choices(column, "zh")), ", ".join(choices(column, "en"))),
            Text(*(self._comma.join(role.in_language(each) for role in roles(column, table.kind)) for each in ("zh", "en"))),
            column.example,
        )
        return [text.in_language(self._language) for text in shown]
