"""Opens the archive that a workbook is, once its directory shows that unpacking it is safe."""

from __future__ import annotations

import struct
import zipfile
import zlib
from contextlib import contextmanager
from itertools import pairwise
from typing import TYPE_CHECKING, BinaryIO
from xml.parsers import expat  # in a confined process; expat itself fetches nothing

from policygraph.errors import InputError, Text
from policygraph.records.tables.faults import DAMAGED, broken, over

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_MEMBERS = 2_000
MAX_UNPACKED = 1 << 30  # bytes of all members together
MAX_RATIO = 200  # unpacked to packed, of large members: sheets reach 50
_LARGE = 10 << 20
_CHUNK = 1 << 16
_PROLOG = 1 << 16  # bytes in which an XML part must have begun
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_LOCAL_HEADER = struct.Struct("<26xHH")  # ends with the lengths of name and extra field
_ENCRYPTED = 1
_READING_ERRORS = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, KeyError, NotImplementedError, RuntimeError, struct.error)

_CUT = Text("工作簿已损坏或不完整。", "The workbook is damaged or incomplete.")
_UNSAFE = Text("请在表格程序中另存为 .xlsx，并拆分过大的内容。", "Save it as .xlsx in a spreadsheet program, and split what is too large.")
_DOCTYPE = Text("工作簿内的 {part} 含有 DOCTYPE；表格程序不会这样写。", "{part} in it has a DOCTYPE; no spreadsheet program writes one.")
_NO_PART = Text("工作簿内的 {part} 不是工作簿的部件。", "{part} in the workbook is no part of one.")


def open_archive(file: BinaryIO) -> zipfile.ZipFile:
    """Return a workbook's archive.

    Raises:
        InputError: It is damaged, encrypted, or made as no spreadsheet program makes it.
        LimitError: It would unpack to more than a workbook may hold.
    """
    with reading():
        archive = zipfile.ZipFile(file)
        members = archive.infolist()
    if len(members) > MAX_MEMBERS:
        raise over(Text("压缩包含有 {n} 个部件，过多。", "The archive has {n} parts, too many.").format(n=len(members)), _UNSAFE)
    size = sum(member.file_size for member in members)
    if size > MAX_UNPACKED:
        raise over(
            Text("解压后有 {n} MB，超过 {most} MB。", "It unpacks to {n} MB, more than {most} MB.").format(
                n=size >> 20, most=MAX_UNPACKED >> 20
            ),
            _UNSAFE,
        )
    for member in members:
        if member.flag_bits & _ENCRYPTED:
            raise broken(Text("压缩包设有密码。", "The archive is locked with a password."), DAMAGED)
        if member.compress_type not in _METHODS:
            raise broken(Text("压缩方式不是工作簿所用的。", "It is compressed as no workbook is."), DAMAGED)
        if member.file_size > max(_LARGE, MAX_RATIO * member.compress_size):
            raise over(Text("压缩比异常，疑为压缩炸弹。", "It unpacks to far more than a sheet would: it may be a zip bomb."), _UNSAFE)
    _refuse_shared_bytes(file, members)
    for member in members:
        if member.filename.lower().endswith((".xml", ".rels", ".vml")):
            _refuse_doctype(archive, member)
    return archive


@contextmanager
def reading() -> Iterator[None]:
    """Turn what can go wrong with a damaged archive into an error that says so.

    Raises:
        InputError: It is damaged.
    """
    try:
        yield
    except _READING_ERRORS as error:
        raise broken(_CUT, DAMAGED) from error


def has_doctype(part: str) -> InputError:
    """Return the error of a part with a document type, which alone can declare entities."""
    return broken(_DOCTYPE.format(part=part), DAMAGED)


def _refuse_shared_bytes(file: BinaryIO, members: list[zipfile.ZipInfo]) -> None:
    """Refuse members of the same name, and members that lie in each other: a small archive would unpack to a huge one."""
    if len({member.filename.lower() for member in members}) < len(members):
        raise broken(Text("压缩包内有同名部件。", "The archive has two parts of the same name."), DAMAGED)
    spans = []
    with reading():
        for member in members:
            file.seek(member.header_offset)
            header = file.read(_LOCAL_HEADER.size)
            begin = member.header_offset + len(header) + sum(_LOCAL_HEADER.unpack(header))
            spans.append((member.header_offset, begin + member.compress_size))
    if any(end > begin for (_, end), (begin, _) in pairwise(sorted(spans))):
        raise broken(Text("压缩包内的部件相互重叠，疑为压缩炸弹。", "Parts of the archive overlap: it may be a zip bomb."), DAMAGED)


def _refuse_doctype(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    """Refuse a part with a document type; it can stand before the first element only, whatever the encoding."""
    seen: list[str] = []
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = lambda *_: seen.append("doctype")
    parser.StartElementHandler = lambda *_: seen.append("element")
    with reading(), archive.open(member) as part:
        read = 0
        while not seen and (chunk := part.read(_CHUNK if read else 4 << 10)):
            read += len(chunk)
            try:
                parser.Parse(chunk, False)
            except (
                expat.ExpatError,
                LookupError,
                ValueError,
                OSError,
            ):  # no XML in a known encoding: an error once somebody needs the part
                break
            if read > _PROLOG:
                raise broken(_NO_PART.format(part=member.filename), DAMAGED)
    if seen[:1] == ["doctype"]:
        raise has_doctype(member.filename)
