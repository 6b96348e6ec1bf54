"""Where records and their rows stand in what was submitted."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from policygraph.model.places import Place

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet and its columns, shared by all of its rows.

    Attributes:
        file: Name of the file as it was given.
        name: Name of the sheet, '' if the file has none.
        headers: IRI of the field → letters and header of its column.
    """

    file: str
    name: str
    headers: Mapping[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a record or a row of it begins, and what is needed to find the places of its fields.

    Attributes:
        file: Name of the file as it was given.
        sheet: Its sheet with the columns, None outside tables.
        row: Row as a spreadsheet program numbers it, 0 outside tables.
        line: Line on which it begins, 0 if unknown.
        path: JSON Pointer to it, or what an RDF file calls the record, '' if neither.
        lines: IRI of the field → line of its value, where the file tells.
        members: IRI of the field → key under which a JSON object has it.
    """

    file: str
    sheet: Sheet | None = None
    row: int = 0
    line: int = 0
    path: str = ""
    lines: Mapping[str, int] = field(default_factory=dict)
    members: Mapping[str, str] = field(default_factory=dict)

    def place(self, path: str = "") -> Place:
        """Return the place of a field, or of the whole without one."""
        if self.sheet is not None:
            letters, header = self.sheet.headers.get(path, ("", ""))
            return Place(self.file, self.sheet.name, self.row, letters, header)
        pointer = self.path
        if path in self.members:
            pointer += "/" + self.members[path].replace("~", "~0").replace("/", "~1")
        return Place(self.file, line=self.lines.get(path, self.line), path=pointer)
