"""Reads .xlsx workbooks: every sheet in its order, every row that holds something.

openpyxl opens the package: what its parts are, which sheets it has, from when it counts days. The bulk, shared strings and rows, is read
here as it is unpacked: openpyxl's reader builds a tree of each row, fills gaps up to the size that a sheet claims, takes the Chinese date
formats for plain numbers, does not say in which cell it failed, and gives either formulas or their values.
"""

from __future__ import annotations

import unicodedata
import warnings
from typing import TYPE_CHECKING, BinaryIO

from defusedxml import DefusedXmlException  # type: ignore[import-untyped]
from openpyxl.packaging.relationship import get_dependents, get_rels_path
from openpyxl.reader.excel import ExcelReader
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.xml.constants import ARC_CONTENT_TYPES, ARC_WORKBOOK

from policygraph.errors import PolicyGraphError, Text
from policygraph.records.tables import wire
from policygraph.records.tables.archive import has_doctype, open_archive
from policygraph.records.tables.faults import DAMAGED, EMPTY, MAX_ROWS, TOO_MANY, UNSAVED, broken, over
from policygraph.records.tables.formats import Styles
from policygraph.records.tables.merging import Merged
from policygraph.records.tables.parts import Handler, Nothing, SharedStrings, parse
from policygraph.records.tables.sheets import SheetRows

if TYPE_CHECKING:
    from collections.abc import Iterator
    from zipfile import ZipFile

    from policygraph.records.tables.wire import Line

_BOOK = "workbook.xml"
# What is left → the types of the relations that lead to it; of macros also how the name of the part ends.
_LEFT = {"macros": {"vbaProject", "xlMacrosheet", "xlIntlMacrosheet", "dialogsheet"}, "links": {"externalLink", "externalLinkPath"}}
_MACROS = "vbaproject.bin"
_MAX_NAME = 255  # characters of a sheet's name; Excel allows 31
_NO_WORKBOOK = Text("压缩包内没有可读取的工作簿。", "The archive holds no workbook that can be read.")
_NO_PART = Text("工作表的内容缺失或被重复引用。", "The content of the sheet is missing, or is that of another sheet.")
_LONG_NAME = Text("工作表名称过长。", "The name of a sheet is too long.")
_NO_SHEET = Text("工作簿没有工作表。", "The workbook has no sheet.")


class _Package:
    """What openpyxl says of a package.

    Attributes:
        sheets: Name, part and whether it is hidden, of each sheet with cells.
        styles: Part with the styles, '' if none.
        strings: Part with the shared strings, '' if none.
        since_1904: Whether days are counted from 1904.
        left: What it holds beside sheets with cells and is not read, as `wire` has it.
    """

    def __init__(self, file: BinaryIO) -> None:
        reader = ExcelReader(file, read_only=True, data_only=True, keep_links=False)
        _refuse_deep(reader.archive, ARC_CONTENT_TYPES)
        reader.read_manifest()
        named = (part.PartName.lstrip("/") for part in reader.package.Override if part.ContentType.endswith("main+xml"))
        for name in {ARC_WORKBOOK, *named}:
            _refuse_deep(reader.archive, name)
            _refuse_deep(reader.archive, get_rels_path(name))  # type: ignore[no-untyped-call]
        reader.read_workbook()
        related = get_dependents(reader.archive, get_rels_path(reader.parser.workbook_part_name))  # type: ignore[no-untyped-call]
        parts = {r.Type.rpartition("/")[2]: r.target for r in related if r.TargetMode != "External"}
        types = {r.Type.rpartition("/")[2] for r in related} | {
            "vbaProject" for n in reader.archive.namelist() if n.lower().endswith(_MACROS)
        }
        self.left = [what for what, found in _LEFT.items() if types & found]
        self.styles, self.strings = str(parts.get("styles", "")), str(parts.get("sharedStrings", ""))
        self.since_1904 = reader.wb.epoch == CALENDAR_MAC_1904
        self.sheets = [
            (unicodedata.normalize("NFC", sheet.name), str(relation.target), sheet.state != "visible")
            for sheet, relation in reader.parser.find_sheets()
            if relation.Type.endswith("/worksheet")
        ]


def read(file: BinaryIO, form: str) -> Iterator[Line]:
    """Yield the sheets of a workbook and their rows.

    Macros are not run and links are not followed: the parts that hold them are not opened, and that is said.

    Args:
        file: The file.
        form: xlsx.
    """
    archive = open_archive(file)
    package = _package(file)
    for what in package.left:
        yield ("left", what)
    styles, strings = Styles(), SharedStrings()
    styles.since_1904 = package.since_1904
    present = set(archive.namelist())
    handlers: list[tuple[str, Handler]] = [(package.styles, styles), (package.strings, strings)]
    for part, handler in handlers:
        if part in present:
            for _ in parse(archive, part, handler):
                yield wire.BEAT
    count, used = 0, set()
    for name, part, hidden in package.sheets:
        if part not in present or part in used:
            raise broken(_NO_PART, DAMAGED, sheet=name)
        used.add(part)
        yield ("sheet", name, hidden)
        for line in _rows(archive, part, name, strings.cells, styles):
            if line:
                count += 1
                if count > MAX_ROWS:
                    raise over(TOO_MANY, sheet=name, row=line[1])
            yield line
    if not count:
        raise broken(EMPTY, UNSAVED)


def _package(file: BinaryIO) -> _Package:
    """Open a package.

    Raises:
        InputError: openpyxl cannot, for whatever reason, or it has no sheet.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            package = _Package(file)
    except DefusedXmlException as error:  # openpyxl parses through defusedxml; parts by odd names were not looked at before
        raise has_doctype(_BOOK) from error
    except (PolicyGraphError, MemoryError):
        raise
    except Exception as error:  # a foreign file can make it raise anything
        raise broken(_NO_WORKBOOK, DAMAGED) from error
    if not package.sheets:
        raise broken(_NO_SHEET, DAMAGED)
    if any(len(name) > _MAX_NAME for name, _, _ in package.sheets):
        raise broken(_LONG_NAME, DAMAGED)
    return package


def _refuse_deep(archive: ZipFile, part: str) -> None:
    """Refuse a part that openpyxl will build a tree of, if it is nested too deeply."""
    if part in archive.namelist():
        for _ in parse(archive, part, Nothing()):
            pass


def _rows(archive: ZipFile, part: str, sheet: str, strings: list[str | None], styles: Styles) -> Iterator[Line]:
    """Yield the rows of a sheet, and signs of life where there are none for long."""
    merged = Merged(archive, part, sheet)
    handler = SheetRows(sheet, strings, styles, merged)
    for _ in parse(archive, part, handler, sheet):
        yield wire.BEAT
        for number, cells in handler.rows:
            ranges = merged.starting(number, cells)
            yield ("row", number, cells, ranges) if ranges else ("row", number, cells)
        handler.rows.clear()
