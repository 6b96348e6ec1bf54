"""The child that reads foreign tables: `python -m policygraph.records.tables.child`, started by `graph.confine`."""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING, Any, BinaryIO

from policygraph.errors import Text
from policygraph.graph import confine
from policygraph.records.tables.faults import DAMAGED, broken
from policygraph.records.tables.wire import encoded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from policygraph.records.tables.wire import Line

_OLE, _ZIP = b"\xd0\xcf\x11\xe0", b"PK\x03\x04"
# Codecs are modules that are loaded when first asked for; later nothing can be opened any more.
_CODECS = ("utf-8-sig", "utf-16", "gb18030", "cp437")


def work(job: dict[str, Any], file: BinaryIO, limits: confine.Limits) -> Iterator[bytes]:
    """Yield what the file on standard input says; from here on, nothing else can be opened."""
    _reader(job["form"])
    for name in _CODECS:
        codecs.lookup(name)
    confine.forbid_opening()
    yield from map(encoded, lines(job["form"], file))


def lines(form: str, file: BinaryIO) -> Iterator[Line]:
    """Yield what a file says, as `wire` has it.

    Args:
        form: xlsx, csv, tsv, json or jsonl.
        file: The file.

    Raises:
        InputError: It cannot be read.
        LimitError: It holds too much.
    """
    file.seek(0)
    _refuse_other(form, file.read(8))
    file.seek(0)
    yield from _reader(form)(file, form)


def _reader(form: str) -> Callable[[BinaryIO, str], Iterator[Line]]:
    """Return what reads a form; what reads the others is not loaded."""
    if form == "xlsx":
        from policygraph.records.tables.workbooks import read as workbook

        return workbook
    if form in {"csv", "tsv"}:
        from policygraph.records.tables.delimited import read as delimited

        return delimited
    from policygraph.records.tables.plainjson import read as objects

    return objects


def _refuse_other(form: str, start: bytes) -> None:
    """Refuse a file that is something else than its name says, by how it begins."""
    if start.startswith(_OLE):
        raise broken(
            Text("这是旧版 .xls，或设有打开密码的工作簿。", "This is an old .xls, or a workbook that is locked with a password."),
            Text("请在表格程序中去掉密码，另存为 .xlsx。", "Remove the password in a spreadsheet program and save it as .xlsx."),
        )
    if form == "xlsx" and not start.startswith(_ZIP):
        raise broken(Text("这不是 .xlsx 工作簿。", "This is no .xlsx workbook."), DAMAGED)
    if form != "xlsx" and start.startswith(_ZIP):
        raise broken(
            Text("这是 xlsx 工作簿或压缩包，不是文本文件。", "This is an xlsx workbook or an archive, no file of text."),
            Text("若是工作簿，请把后缀改为 .xlsx；若是压缩包，请先解压。", "Give a workbook the ending .xlsx; unpack an archive first."),
        )


if __name__ == "__main__":
    confine.serve_lines(work)
