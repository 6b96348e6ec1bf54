"""What is said of a cell that cannot be read: what is wrong, and every form in which it may be written."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from policygraph.errors import Text, clean
from policygraph.records import days, quantities
from policygraph.records.near import near
from policygraph.vocab import SCHEME, UNIT, XSD

if TYPE_CHECKING:
    from collections.abc import Mapping

    from policygraph.records.codebook import CodeBook
    from policygraph.records.kinds import Field

RANK = SCHEME["units/rank"]
# A cell as it is quoted in a sentence, and as it is kept for the record.
_QUOTED, _KEPT = 40, 500
_LABELS = 10
_PLACE = re.compile(r"\{([a-z]+)\}")


@dataclass(frozen=True, slots=True)
class Complaint:
    """A cell that cannot be read as a value of its field.

    Attributes:
        message: What is wrong.
        mending: How it may be written.
        shown: The cell as it stands, to go into the record as plain text.
    """

    message: Text
    mending: Text
    shown: str


TRUTHS = Text(
    "是/否、有/无、已/未、对/错、√/×、Y/N、yes/no、true/false、1/0", "yes/no, true/false, Y/N, 1/0, √/×, 是/否, 有/无, 已/未, 对/错"
)
_DATE_FORMS = Text("2024-09-20、2024/9/20、2024年9月20日 或 20240920", "2024-09-20, 2024/9/20, 2024年9月20日 or 20240920")
_FORMS = {
    UNIT.FRACTION: Text("60%、0.6 或 百分之六十", "60%, 0.6 or 百分之六十"),
    UNIT.YR: Text("2024 或 2024年", "2024 or 2024年"),
    RANK: Text("3、第3名 或 第三名", "3, 3rd or 第三名"),
    UNIT.CCY_CNY: Text("12000、12,000、12000元、1.2万元 或 一万二千元", "12000, 12,000, CNY 12000, 1.2万元 or 一万二千元"),
}
_WHOLE = Text("整数，如 12、1,200 或 十二", "a whole number such as 12, 1,200 or 十二")
_DECIMAL = Text("数字，如 12.5 或 1,200", "a number such as 12.5 or 1,200")
_WRITE = Text("可写作：{forms}。", "Write it as {forms}.")
_WORDS = Text("请以文字填写，并将该单元格设为文本格式。", "Write it as text, and format the cell as text.")

EMPTY_OR_NOUGHT = Text("“{shown}”可指 0，也可指未填。", "“{shown}” can mean nought or not stated.")
NOUGHT = Text("没有则写 0，不填则留空。{forms}", "Write 0 for none, or leave it empty. {forms}")
EMPTY_OR_NO = Text("“{shown}”可指“否”，也可指未填。", "“{shown}” can mean no or not stated.")
NO_NUMBER = Text("“{shown}”不是数字。", "“{shown}” is no number.")
NOT_WHOLE = Text("“{shown}”不是整数。", "“{shown}” is no whole number.")
TOO_LONG = Text("“{shown}”超过 15 位整数或 6 位小数。", "“{shown}” has more than 15 integer or 6 fraction digits.")
ROUND_IT = Text("请自行取舍到 6 位小数以内。{forms}", "Round it to at most 6 fraction digits yourself. {forms}")
OTHER_UNIT = Text("“{shown}”的单位“{unit}”与该字段不符。", "The unit “{unit}” of “{shown}” does not fit the field.")
NO_SHARE = Text("该字段不是份额，“{shown}”不能用百分数。", "The field is no share, so “{shown}” cannot be a percentage.")
BARE_SHARE = Text(
    "“{shown}”作为份额大于 1：是 {percent}%（即 {fraction}）吗？",
    "“{shown}” is above 1 for a share: is it {percent}% (that is {fraction})?",
)
SMALL_PERCENT = Text(
    "列名以 % 计，“{shown}”可指 {percent}%，也可指 {hundreds}%。",
    "The heading counts in %, so “{shown}” can mean {percent}% or {hundreds}%.",
)
PERCENT_SIGN = Text("请写明百分号：{percent}% 或 {hundreds}%。", "Write the percent sign: {percent}% or {hundreds}%.")
WITH_SIGN = Text("请写明百分号，或写小数：{percent}% 或 {fraction}。", "Write the percent sign, or a fraction: {percent}% or {fraction}.")
MIXED = Text(
    "本列既有“{other}”，又有不带单位的“{shown}”：后者的单位不明。",
    "The column has “{other}” beside the bare “{shown}”, whose unit is not clear.",
)
STATE_UNIT = Text(
    "请逐格写明单位，或在列名中注明，如“（元）”“（万元）”。{forms}",
    "Write the unit in each cell, or in the heading, such as （元） or （万元）. {forms}",
)
NO_RANK = Text("“{shown}”是次序，该字段要的是数量。", "“{shown}” is a place in an order; the field wants a number of things.")
SHORT_YEAR = Text("“{shown}”不是四位年份。", "“{shown}” is no year of four digits.")
IS_DATE = Text(
    "该单元格是日期“{shown}”，可能由表格程序自行改成。",
    "The cell holds the date “{shown}”; the spreadsheet may have made it of something else.",
)
IS_TRUTH = Text("该单元格是逻辑值“{shown}”。", "The cell holds the truth value “{shown}”.")
IS_PERCENT = Text("该单元格是百分数“{shown}”。", "The cell holds the percentage “{shown}”.")
DIGITS_LOST = Text(
    "该单元格是超过 15 位的数字，15 位以后的数字已被程序取舍。",
    "The cell is a number of more than 15 digits; programs have rounded what follows them.",
)
AS_TEXT = Text(
    "请将该列设为文本格式后重新填写（JSON 中加引号）。", "Format the column as text and type it again (in JSON, put it in quotes)."
)
ERROR = Text("该单元格是错误值 {shown}。", "The cell holds the error {shown}.")
FORMULA = Text("该单元格的公式没有存下结果。", "The cell's formula was stored without its result.")
RECALCULATE = Text(
    "请用表格程序打开、改正并保存，或直接填写结果。{forms}",
    "Open, correct and save the file in a spreadsheet program, or type the result. {forms}",
)
HIDDEN = Text("文字中有看不见的控制字符 {code}。", "The text holds the invisible control character {code}.")
RETYPE = Text("请清除该格后重新键入。{forms}", "Clear the cell and type it again. {forms}")
NO_TRUTH = Text("“{shown}”不是“是”或“否”。", "“{shown}” is neither yes nor no.")
NO_CODE = Text("“{shown}”不在该字段的可选值之中。", "“{shown}” is none of the field's values.")
TWO_CODES = Text("“{shown}”可指多个值：{codes}。", "“{shown}” can mean more than one value: {codes}.")
ONE_CODE = Text("“{shown}”含有多个值，该字段只能填一个。", "“{shown}” holds several values; the field takes one.")
CHOOSE = Text("可填：{labels}。", "Values: {labels}.")
IS_TABLE = Text("“{field}”是子表，不能填在一格里。", "“{field}” is a table of its own and cannot stand in one cell.")
OWN_SHEET = Text(
    "请填在名为“{field}”的工作表中，或用编号列，如“{field} 1：…”。",
    "Use a sheet called “{field}”, or numbered columns such as “{field} 1: …”.",
)
_MISREAD = {
    quantities.Fault.NONE: NO_NUMBER,
    quantities.Fault.SEVERAL: Text("“{shown}”中不止一个数字。", "“{shown}” holds more than one number."),
    quantities.Fault.ABOUT: Text("“{shown}”不是确数（“{words}”）。", "“{shown}” is not exact (“{words}”)."),
    quantities.Fault.UNKNOWN: Text("“{shown}”既写数字又写“{words}”。", "“{shown}” has a number and “{words}” beside it."),
    quantities.Fault.GROUPING: Text("“{shown}”的千位分隔有误。", "The digits of “{shown}” are grouped wrongly."),
    quantities.Fault.EXPONENT: Text("“{shown}”是科学记数法，可能已丢失数字。", "“{shown}” has an exponent and may have lost digits."),
    quantities.Fault.COLLOQUIAL: Text("“{shown}”省略了单位，有两种读法。", "“{shown}” leaves a unit out and is read in two ways."),
}
_NO_DAY = {
    days.Fault.NONE: Text("“{shown}”不是日期。", "“{shown}” is no date."),
    days.Fault.SEVERAL: Text("“{shown}”中不止一个日期。", "“{shown}” holds more than one date."),
    days.Fault.ORDER: Text("“{shown}”的年月日次序不明：{maybe}？", "The order of day and month in “{shown}” is not clear: {maybe}?"),
    days.Fault.SHORT_YEAR: Text("“{shown}”的年份不是四位。", "The year in “{shown}” has no four digits."),
    days.Fault.NO_DAY: Text("“{shown}”没有写到日。", "“{shown}” does not say the day."),
    days.Fault.IMPOSSIBLE: Text("“{shown}”这一天不存在。", "There is no such day as “{shown}”."),
    days.Fault.TIME: Text("“{shown}”带有时刻，该字段只要日期。", "“{shown}” has a time of day; the field wants the date alone."),
    days.Fault.SERIAL: Text(
        "“{shown}”可能是表格程序的日期序号：是 {maybe} 吗？", "“{shown}” may be a spreadsheet's number of a day: is it {maybe}?"
    ),
}


def quoted(text: str) -> str:
    """Return a cell for quoting in a sentence: nothing that moves the cursor, and no more than a line."""
    shown = clean(text)
    return shown if len(shown) <= _QUOTED else f"{shown[:_QUOTED]}…"


def forms(field: Field, codes: CodeBook) -> Text:
    """Return every form in which a field's value may be written."""
    if field.code_list:
        return choices(field, codes)
    if field.datatype == XSD.date:
        return _WRITE.format(forms=_DATE_FORMS)
    if field.datatype == XSD.boolean:
        return _WRITE.format(forms=TRUTHS)
    if field.datatype in {XSD.integer, XSD.decimal}:
        return _WRITE.format(forms=_FORMS.get(field.unit, _WHOLE if field.datatype == XSD.integer else _DECIMAL))
    return _WORDS


def choices(field: Field, codes: CodeBook, wanted: str = "") -> Text:
    """Return the values of a field's code list, those that resemble what was written first."""
    labels = {code: codes.name(code) for code in codes.in_order(field.codes)}
    ordered = list(dict.fromkeys([*(near(wanted, labels) if wanted else ()), *labels]))
    some = [labels[code] for code in ordered[:_LABELS]]
    words = Text("、".join(t.zh for t in some), ", ".join(t.en for t in some))
    if len(ordered) <= _LABELS:
        return CHOOSE.format(labels=words)
    return Text(f"可填（共 {len(ordered)} 项）：{words.zh} 等。", f"Values ({len(ordered)} in all), among them: {words.en}.")


def complain(shown: str, message: Text, mending: Text, **values: object) -> Complaint:
    """Return a complaint on a cell; `values` are filled into its message."""
    # Half a surrogate pair cannot be written to any file.
    kept = shown.encode("utf-8", "replace").decode("utf-8")[:_KEPT]
    return Complaint(_filled(message, {"shown": quoted(kept), **values}), mending, kept)


def _filled(message: Text, values: Mapping[str, object]) -> Text:
    """Fill values into a message, each once: braces in a cell's own words mean nothing."""

    def fill(words: str, language: str) -> str:
        def value(match: re.Match[str]) -> str:
            found = values.get(match[1], match[0])
            return found.in_language(language) if isinstance(found, Text) else str(found)

        return _PLACE.sub(value, words)

    return Text(fill(message.zh, "zh"), fill(message.en, "en"))


def no_number(shown: str, misread: quantities.Misread, mending: Text) -> Complaint:
    """Return the complaint on a text that states no one number."""
    return complain(shown, _MISREAD[misread.fault], mending, words=quoted(misread.words))


def no_day(shown: str, found: days.NoDay, mending: Text) -> Complaint:
    """Return the complaint on a text that states no one day."""
    fault = days.Fault.NONE if found.fault is days.Fault.ORDER and not found.maybe else found.fault
    maybe = Text("、".join(d.isoformat() for d in found.maybe), " or ".join(d.isoformat() for d in found.maybe))
    return complain(shown, _NO_DAY[fault], mending, maybe=maybe)
