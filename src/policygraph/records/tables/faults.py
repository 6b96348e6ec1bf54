"""How much a table may hold, and errors that say where in it they lie."""

from __future__ import annotations

from policygraph.errors import InputError, LimitError, Text
from policygraph.model.places import letters

MAX_ROWS = 1_000_000  # rows with content, or records, of a file
MAX_COLUMNS = 1_000  # last column that may hold something
MAX_CELL = 32_767  # characters of a cell, as Excel has it
MAX_ROW = 1 << 20  # characters of a whole row, or of a record with its child rows

DAMAGED = Text("请在表格程序中打开并另存为 .xlsx，再提交。", "Open it in a spreadsheet program, save it as .xlsx again and submit that.")
CORRECT = Text("请修正该处，或检查文件是否保存完整。", "Correct that place, or check that the file was saved completely.")
SPLIT = Text("请拆分文件，或删去多余内容。", "Split the file, or remove what does not belong in it.")
EMPTY = Text("文件是空的。", "The file is empty.")
UNSAVED = Text("请检查文件是否保存完整。", "Check that it was saved completely.")
TOO_LONG = Text("单元格超过 {most} 个字符。", "The cell has more than {most} characters.").format(most=f"{MAX_CELL:,}")
TOO_WIDE = Text("第 {most} 列之后仍有内容。", "There is content beyond column {most}.").format(most=f"{MAX_COLUMNS:,}")
TOO_MANY = Text("超过 {most} 行。", "There are more than {most} rows.").format(most=f"{MAX_ROWS:,}")
TOO_FULL = Text("此行内容合计超过 {most} 个字符。", "This row holds more than {most} characters in all.").format(most=f"{MAX_ROW:,}")


def broken(what: Text, fix: Text = CORRECT, where: str = "", *, sheet: str = "", row: int = 0, column: int = 0) -> InputError:
    """Return the error of a file that cannot be read.

    Args:
        what: What is wrong.
        fix: What to do next.
        where: Line, or line:column, of a file of text.
        sheet: Sheet of a workbook in which it lies.
        row: Row of that sheet, or 0.
        column: Column of that sheet, from 1, or 0.
    """
    return InputError(placed(what, sheet, row, column), fix, where)


def over(what: Text, fix: Text = SPLIT, where: str = "", *, sheet: str = "", row: int = 0, column: int = 0) -> LimitError:
    """Return the error of a file that holds too much; the arguments are those of `broken`."""
    return LimitError(placed(what, sheet, row, column), fix, where)


def placed(what: Text, sheet: str = "", row: int = 0, column: int = 0) -> Text:
    """Return a text with the place in a workbook before it."""
    zh = (f"工作表“{sheet}”" if sheet else "") + (f"第 {row} 行" if row else "") + (f" {letters(column)} 列" if column else "")
    en = [f"sheet “{sheet}”" if sheet else "", f"row {row}" if row else "", f"column {letters(column)}" if column else ""]
    if not zh:
        return what
    place = ", ".join(filter(None, en))
    return Text(f"{zh.strip()}：{what.zh}", f"{place[0].upper()}{place[1:]}: {what.en}")
