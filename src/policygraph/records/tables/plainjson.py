"""Reads plain JSON: a list of objects, one object, a kind with its records, or one object a line."""

from __future__ import annotations

import codecs
import json
import re
from typing import TYPE_CHECKING, BinaryIO

from policygraph.errors import Text
from policygraph.records.tables import wire
from policygraph.records.tables.faults import EMPTY, MAX_ROW, MAX_ROWS, SPLIT, TOO_MANY, UNSAVED, broken, over
from policygraph.records.tables.scanning import Scanner
from policygraph.records.tables.tokens import NOT_UTF8, blanks

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from policygraph.records.tables.wire import Line

MAX_BYTES = 256 << 20  # of a document, which is read as a whole; a file of lines is not
_MAX_LINE = 4 * MAX_ROW  # bytes of that many characters
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

# Keys that make a document JSON-LD. Inside a text a quotation mark is escaped, so that these patterns meet keys alone.
_LINKED_WORDS = ("context", "graph", "value", "list", "set", "reverse", "included", "nest")
_LINKED = re.compile(rb'"@(?:%s)"\s*+:' % "|".join(_LINKED_WORDS).encode())
_ESCAPED_LETTER = re.compile(rb"\\u00[4-7][0-9A-Fa-f]")
_ESCAPED_KEY = re.compile(rb'("(?:[@a-z]|\\u00[4-7][0-9A-Fa-f]){4,9}+")\s*+:')


def read(file: BinaryIO, form: str) -> Iterator[Line]:
    """Yield the records of a file.

    Args:
        file: The file, at its beginning.
        form: json or jsonl.
    """
    for count, line in enumerate(_lines(file) if form == "jsonl" else _document(file), 1):
        if count > MAX_ROWS:
            raise over(TOO_MANY, where=str(line[1]))
        yield line


def _document(file: BinaryIO) -> Iterator[Line]:
    data = file.read(MAX_BYTES + 1).removeprefix(codecs.BOM_UTF8)
    if len(data) > MAX_BYTES:
        raise over(
            Text("JSON 文件大于 {n} MB。", "The JSON file is larger than {n} MB.").format(n=MAX_BYTES >> 20),
            Text("请拆分文件，或改用每行一条记录的 .jsonl。", "Split it, or write one record a line, as .jsonl."),
        )
    if data.startswith(_UTF16):
        raise broken(*NOT_UTF8)
    start = blanks(data, 0)
    if start == len(data):
        raise broken(EMPTY, UNSAVED)
    if _is_linked(data):
        yield wire.LINKED
        return
    scanner = Scanner(data)
    opening = data[start : start + 1]
    if opening == b"[":
        end = yield from scanner.records(start, "", "")
    elif opening == b"{":
        end = yield from _object(scanner, start)
    else:
        raise scanner.fault(start, Text("文件应是一个对象，或由对象组成的数组。", "The file must be an object, or a list of objects."))
    scanner.finish(end)


def _object(scanner: Scanner, start: int) -> Generator[Line, None, int]:
    """Yield the one record that a document is, or the records that it holds under one kind; return where it ends."""
    enclosed = scanner.enclosed(start)
    if enclosed is None:
        record, end = scanner.record(start, "")
        yield ("object", *record)
        return end
    pointer, kind, at = enclosed
    if not kind:  # it may stand behind the records
        kind, _ = scanner.behind(_drain(scanner.records(at, pointer, "")), "")
        scanner.rewind()
    end = yield from scanner.records(at, pointer, kind)
    return scanner.behind(end, enclosed[1])[1]


def _drain(records: Generator[Line, None, int]) -> int:
    while True:
        try:
            next(records)
        except StopIteration as stop:
            return int(stop.value)


def _lines(file: BinaryIO) -> Iterator[Line]:
    number, empty = 0, True
    while data := file.readline(_MAX_LINE + 1):
        number += 1
        if len(data) > _MAX_LINE:
            raise over(Text("这一行过长。", "This line is too long."), SPLIT, str(number))
        if number == 1:
            data = data.removeprefix(codecs.BOM_UTF8)
            if data.startswith(_UTF16):
                raise broken(*NOT_UTF8)
        start = blanks(data, 0)
        if start == len(data):
            continue
        empty, scanner = False, Scanner(data, number)
        if _is_linked(data):
            raise broken(
                Text("这一行是 JSON-LD。", "This line is JSON-LD."),
                Text("请把 JSON-LD 存为 .jsonld 文件，不要按行存放。", "Save JSON-LD as one .jsonld file, not line by line."),
                str(number),
            )
        if data[start : start + 1] != b"{":
            raise scanner.fault(start, Text("每一行应是一个对象。", "Every line must be one object."))
        record, end = scanner.record(start, "")
        scanner.finish(end)
        yield ("object", *record)
    if empty:
        raise broken(EMPTY, UNSAVED)


def _is_linked(data: bytes) -> bool:
    if _LINKED.search(data):
        return True
    if not _ESCAPED_LETTER.search(data):
        return False
    keys = {f"@{word}" for word in _LINKED_WORDS}
    return any(b"\\" in match[1] and json.loads(match[1]) in keys for match in _ESCAPED_KEY.finditer(data))
