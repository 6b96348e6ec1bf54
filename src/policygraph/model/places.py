"""Where something stands in what was submitted: file, sheet, row and column, or line and path."""

from __future__ import annotations

from dataclasses import dataclass

from policygraph.errors import Text


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a submitted file.

    Attributes:
        file: Name of the file as it was given.
        sheet: Name of the sheet, '' if the file has none.
        row: Row as a spreadsheet program numbers it, 0 if the file has none.
        column: Letters of the column, '' if none.
        header: Header of the column as written, '' if none.
        line: Line of the file, 0 if unknown.
        path: JSON Pointer, or what the file calls the record, '' if neither.
    """

    file: str
    sheet: str = ""
    row: int = 0
    column: str = ""
    header: str = ""
    line: int = 0
    path: str = ""

    def words(self) -> Text:
        """Return the place in words, in both languages."""
        zh, en = [self.file], [self.file]
        if self.sheet:
            zh.append(f"工作表“{self.sheet}”")
            en.append(f"sheet “{self.sheet}”")
        if self.row:
            zh.append(f"第 {self.row} 行")
            en.append(f"row {self.row}")
        if self.line:
            zh.append(f"第 {self.line} 行")
            en.append(f"line {self.line}")
        if self.column:
            zh.append(f"{self.column} 列" + (f"（{heading(self.header, 'zh')}）" if self.header else ""))
            en.append(f"column {self.column}" + (f" ({heading(self.header, 'en')})" if self.header else ""))
        if self.path:
            zh.append(self.path)
            en.append(self.path)
        return Text("，".join(zh), ", ".join(en))


def heading(header: str, language: str) -> str:
    """Return a heading in one language: a template's has a line in each, and no sentence mixes them."""
    lines = [line for line in header.splitlines() if line.strip()]
    chinese = [any("\u4e00" <= character <= "\u9fff" for character in line) for line in lines]
    return lines[chinese.index(language == "zh")] if sorted(chinese) == [False, True] else header


def letters(column: int) -> str:
    """Return a column's letters as a spreadsheet program writes them: 1 is A, 27 is AA."""
    found = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        found = chr(ord("A") + rest) + found
    return found
