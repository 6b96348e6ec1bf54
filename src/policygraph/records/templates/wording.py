"""What a template says about its columns, and how to fill it in; each sentence in both languages, none mixed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from policygraph.errors import Text
from policygraph.records.templates.layout import EXAMPLE, KEY, OWNER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policygraph.records.kinds import Kind
    from policygraph.records.templates.layout import Column, Layout, Table

SORTS = {
    "text": Text("文字", "text"),
    "integer": Text("整数", "whole number"),
    "decimal": Text("数字", "number"),
    "date": Text("日期", "date"),
    "truth": Text("是或否", "yes or no"),
    "code": Text("代码表中的值", "value of a code list"),
}
REQUIRED = Text("必填", "required")
KEY_ROLE = Text("用于识别重复申报", "tells duplicates apart")
NAME_ROLE = Text("报告以此称呼该记录", "names the record in reports")
DATE_ROLE = Text("缺省以此为判读基准日", "day as of which the record is judged, unless another is given")
_CHOICES = Text("可选：{codes}", "Values: {codes}")
_UNIT = Text("单位：{unit}", "Unit: {unit}")
_EXAMPLE = Text("示例：{example}", "Example: {example}")
_ROLES = Text("{roles}。", "{roles}.")
_NAMES_FIELD = Text("写同一记录的一个列名。", "Write the heading of a column of the same record.")
_KEY_HELP = Text(
    "每条记录一个编号，不能重复；写“{example}”的行不读取。",
    "A number for each record, none twice; a row that has “{example}” here is not read.",
)
_OWNER_HELP = Text("所属记录在“{sheet}”表中的序号。", "Number of the record in the sheet “{sheet}” to which the row belongs.")
# One character of a pattern, or one of a class, as often as a number says.
_CHARACTERS = re.compile(r"(?:\[[^\[\]\\]+\]|[^\\\[\](){}|*+?.^$])(?:\{(?P<times>[0-9]+)\})?(?![*+?{])")
_INTRODUCTION = (
    Text(
        "每行填一条记录，从示例行之下填起；示例行（灰色斜体）不读取，不必删除。",
        "One record a row, below the example (grey, italic), which is not read and may stay.",
    ),
    Text(
        "请勿改动表头、工作表名称与列的次序；橙色表头为必填列。",
        "Leave headings, names of sheets and the order of columns as they are; an orange heading marks a required column.",
    ),
    Text(
        "“{key}”填每条记录的编号，如 1、2、3；其他工作表以“{owner}”指明各行属于哪条记录。",
        "“{key}” numbers the records, such as 1, 2, 3; other sheets say with “{owner}” to which record a row belongs.",
    ),
    Text("不知道的留空；空白不会被当作“否”或 0。", "Leave empty what is not known; an empty cell is never read as no or as 0."),
    Text(
        "日期写作 2024-09-20；金额以列名所注单位填写，不写单位。",
        "Write dates as 2024-09-20, and amounts in the unit that the heading names, without the unit.",
    ),
    Text("填好后核查：policygraph check 文件名", "When it is filled in, check it: policygraph check FILE"),
)


def introduction() -> tuple[Text, ...]:
    """Return how to fill in the template as a whole."""
    return tuple(text.format(key=KEY, owner=OWNER) for text in _INTRODUCTION)


def key_help(table: Table, layout: Layout, language: str) -> Text:
    """Return what the first column of a table is for; the sheet is called as it is in a template of that language."""
    if table.field is None:
        return _KEY_HELP.format(example=EXAMPLE)
    title = layout.titles(language)[layout.records.short]
    return _OWNER_HELP.format(sheet=title)


def how_to_fill(column: Column) -> Text:
    """Return what to write in a column."""
    return _NAMES_FIELD if column.field.names_field else column.limits.how


def choices(column: Column, language: str) -> tuple[str, ...]:
    """Return the labels of a column's codes, each once."""
    return tuple(dict.fromkeys(code.label.in_language(language) for code in column.codes))


def roles(column: Column, kind: Kind) -> tuple[Text, ...]:
    """Return what a column is for beside stating a fact."""
    path = column.field.path
    held = (
        (column.field.required, REQUIRED),
        (path in kind.unique_key, KEY_ROLE),
        (path == kind.name_field, NAME_ROLE),
        (path == kind.claim_date_field, DATE_ROLE),
    )
    return tuple(words for holds, words in held if holds)


def notes(column: Column, kind: Kind, language: str) -> Iterator[str]:
    """Yield all that there is to say about a column, line by line, in one language."""
    comma, semicolon = ("、", "；") if language == "zh" else (", ", "; ")
    yield column.field.description.in_language(language)
    yield how_to_fill(column).in_language(language)
    if column.codes:
        yield _CHOICES.in_language(language).format(codes=comma.join(choices(column, language)))
    if unit := unit_of(column, language):
        yield _UNIT.in_language(language).format(unit=unit)
    if own := roles(column, kind):
        said = _ROLES.in_language(language).format(roles=semicolon.join(role.in_language(language) for role in own))
        yield said[0].upper() + said[1:]
    if example := column.example.in_language(language):
        yield _EXAMPLE.in_language(language).format(example=example)


def unit_of(column: Column, language: str) -> str:
    """Return the unit's name; one in brackets only tells that there is none to be written."""
    name = column.unit.in_language(language)
    return "" if name.startswith(("（", "(")) else name


def fixed_length(pattern: str) -> int | None:
    """Return how many characters a text must have that matches a pattern of the kind that shapes use, None where it may vary."""
    if not re.fullmatch(rf"\^(?:{_CHARACTERS.pattern})+\$", pattern):
        return None
    return sum(int(match["times"] or 1) for match in _CHARACTERS.finditer(pattern[1:-1]))
