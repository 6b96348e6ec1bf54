"""Hostile tables, one by one: each gives a clear error within bounds of time and memory; and children that misbehave are survived."""

from __future__ import annotations

import functools
import io
import os
import random
import re
import struct
import tempfile
import time
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from policygraph.errors import InputError, LimitError, PolicyGraphError, StoreError
from policygraph.graph import confine
from policygraph.graph.confine import Limits
from policygraph.records.tables import delimited, plainjson, workbooks
from policygraph.records.tables.reading import FORMS, LIMITS, read_table
from workbooks import MAIN, PACKAGE, book, parts, read, sheet, zipped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

STAND_INS = Path(__file__).resolve().parent / "tables"
PROC = pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="needs /proc")
ONE = '<row r="1"><c r="A1"><v>1</v></c></row>'
LAUGHS = (
    '<!DOCTYPE lolz [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefghi", "bcdefghij", strict=True))
    + "]>"
)


def with_part(name: str, content: str | bytes, *sheets: str) -> bytes:
    made: dict[str, str | bytes] = {**parts(*(sheets or (sheet(ONE),)))}
    return zipped({**made, name: content})


def in_part(name: str, before: str, after: str) -> bytes:
    made = parts(sheet(ONE))
    assert before in made[name]
    return with_part(name, made[name].replace(before, after, 1))


def patched(data: bytes, find: bytes, offset: int, value: bytes, count: int = 1) -> bytes:
    """Change bytes behind each of the last signatures in an archive."""
    found, at = bytearray(data), len(data)
    for _ in range(count):
        at = data.rindex(find, 0, at)
        found[at + offset : at + offset + len(value)] = value
    return bytes(found)


CENTRAL, LOCAL, END = b"PK\x01\x02", b"PK\x03\x04", b"PK\x05\x06"


def claiming(size: int) -> bytes:
    """An archive whose directory claims that its last member unpacks to so much."""
    return patched(with_part("xl/media/a.bin", b"0" * 100), CENTRAL, 24, struct.pack("<I", size))


def overlapping() -> bytes:
    """An archive in which one sheet lies inside the other."""
    data = with_part("xl/worksheets/sheet9.xml", sheet(ONE))
    return patched(data, CENTRAL, 42, struct.pack("<I", data.rindex(LOCAL, 0, data.rindex(LOCAL))))


def doctype(name: str, encoding: str = "utf-8") -> bytes:
    content = parts(sheet(ONE))[name]
    content = re.sub(r"^<\?xml.*?\?>", "", content)
    head = '<?xml version="1.0"?>' if encoding == "utf-8" else '<?xml version="1.0" encoding="UTF-16"?>'
    return with_part(name, (head + "<!-- x -->" + LAUGHS + content).encode(encoding))


def doctype_in_a_part_by_an_odd_name() -> bytes:
    made = parts(sheet(ONE))
    book = re.sub(r"表一", "&i;", made.pop("xl/workbook.xml"))
    made["xl/workbook.bin"] = '<?xml version="1.0"?>' + LAUGHS + book
    made["xl/_rels/workbook.bin.rels"] = made.pop("xl/_rels/workbook.xml.rels")
    made["[Content_Types].xml"] = made["[Content_Types].xml"].replace("workbook.xml", "workbook.bin")
    return zipped(made)


def external() -> bytes:
    entity = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    xml = sheet('<row r="1"><c r="A1" t="inlineStr"><is><t>&e;</t></is></c></row>')
    return with_part("xl/worksheets/sheet1.xml", xml.replace("?>", "?>" + entity, 1))


def elsewhere(target: str) -> bytes:
    """A workbook whose sheet is said to lie elsewhere."""
    return in_part("xl/_rels/workbook.xml.rels", 'Target="worksheets/sheet1.xml"', f'TargetMode="External" Target="{target}"')


def one_sheet_again_and_again() -> bytes:
    listed = "".join(f'<sheet name="s{n}" sheetId="{n}" r:id="rId1"/>' for n in range(2, 500))
    return in_part("xl/workbook.xml", "</sheets>", listed + "</sheets>")


def rows(count: int, cell: str = '<c s="1"/>') -> str:
    return "".join(f'<row r="{n}">{cell}</row>' for n in range(1, count + 1))


def deep(part: str, before: str) -> bytes:
    return in_part(part, before, "<a>" * 1_000_000 + "</a>" * 1_000_000 + before)


def many_members() -> bytes:
    return zipped({**parts(sheet(ONE)), **{f"x{n}": "" for n in range(2_001)}}, zipfile.ZIP_STORED)


def fat_rows() -> bytes:
    """Rows that share one long text: a small file that says a great deal."""
    cells = "".join(f'<c t="s"><v>{4}</v></c>' for _ in range(100))
    made = parts(sheet(f'<row r="1">{cells}</row>'))
    made["xl/sharedStrings.xml"] = made["xl/sharedStrings.xml"].replace("</sst>", f"<si><t>{'长' * 30_000}</t></si></sst>")
    return zipped(made)


# What it is → its bytes, its form, the kind of error, words in it.
HOSTILE: dict[str, tuple[Callable[[], bytes], str, type[PolicyGraphError], str]] = {
    "workbook that claims 3 GB": (functools.partial(claiming, 3 << 30), "xlsx", LimitError, "unpacks to"),
    "member of 100 MB of zeros": (lambda: with_part("xl/media/a.bin", bytes(100 << 20)), "xlsx", LimitError, "zip bomb"),
    "member longer than it claims": (
        lambda: patched(with_part("xl/worksheets/sheet1.xml", sheet(rows(3000))), CENTRAL, 24, struct.pack("<I", 500)),
        "xlsx",
        InputError,
        "damaged",
    ),
    "members inside each other": (overlapping, "xlsx", InputError, "overlap"),
    "members of one name": (lambda: with_part("XL/Workbook.XML", "<a/>"), "xlsx", InputError, "same name"),
    "2,000 members": (many_members, "xlsx", LimitError, "parts"),
    "locked archive": (lambda: patched(book(sheet(ONE)), CENTRAL, 8, b"\1"), "xlsx", InputError, "password"),
    "compressed otherwise": (lambda: zipped(parts(sheet(ONE)), zipfile.ZIP_LZMA), "xlsx", InputError, "compressed"),
    "cut off": (lambda: book(sheet(rows(1000)))[:-100], "xlsx", InputError, "damaged"),
    "cut off at the start": (lambda: book(sheet(ONE))[:50], "xlsx", InputError, "damaged"),
    "a byte changed": (lambda: patched(book(sheet(rows(1000))), LOCAL, 100, b"\xff\xff\xff"), "xlsx", InputError, "damaged"),
    "an empty archive": (lambda: zipped({}), "xlsx", InputError, "workbook"),
    "an archive of something else": (lambda: zipped({"a.txt": "x", "../../etc/passwd": "y"}), "xlsx", InputError, "no workbook"),
    "a document of another program": (
        lambda: zipped({"[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"/>', "word/document.xml": "<a/>"}),
        "xlsx",
        InputError,
        "no workbook",
    ),
    "laughs in a sheet": (lambda: doctype("xl/worksheets/sheet1.xml"), "xlsx", InputError, "DOCTYPE"),
    "laughs in a sheet in UTF-16": (lambda: doctype("xl/worksheets/sheet1.xml", "utf-16"), "xlsx", InputError, "DOCTYPE"),
    "laughs in the texts": (lambda: doctype("xl/sharedStrings.xml"), "xlsx", InputError, "DOCTYPE"),
    "laughs in the workbook": (lambda: doctype("xl/workbook.xml"), "xlsx", InputError, "DOCTYPE"),
    "laughs in the relations": (lambda: doctype("xl/_rels/workbook.xml.rels"), "xlsx", InputError, "DOCTYPE"),
    "laughs in the types": (lambda: doctype("[Content_Types].xml"), "xlsx", InputError, "DOCTYPE"),
    "laughs in a part by an odd name": (doctype_in_a_part_by_an_odd_name, "xlsx", InputError, "DOCTYPE"),
    "a local file as an entity": (external, "xlsx", InputError, "DOCTYPE"),
    "an unknown encoding": (
        lambda: in_part("xl/worksheets/sheet1.xml", "UTF-8", "punycode"),
        "xlsx",
        InputError,
        "unknown encoding",
    ),
    "a part that does not begin": (
        lambda: with_part("xl/worksheets/sheet1.xml", "<!--" + "x" * 200_000 + "-->" + sheet(ONE)[38:]),
        "xlsx",
        InputError,
        "no part",
    ),
    "a sheet on the network": (lambda: elsewhere("http://127.0.0.1:9/sheet.xml"), "xlsx", InputError, "missing"),
    "a sheet on the disk": (lambda: elsewhere("file:///etc/passwd"), "xlsx", InputError, "missing"),
    "one sheet again and again": (one_sheet_again_and_again, "xlsx", InputError, "another sheet"),
    "a sheet that is gone": (
        lambda: zipped({k: v for k, v in parts(sheet(ONE)).items() if "sheet1" not in k}),
        "xlsx",
        InputError,
        "missing",
    ),
    "no sheet": (lambda: book(), "xlsx", InputError, "no sheet"),
    "a name of 300 characters": (lambda: book(sheet(ONE), names=("x" * 300,)), "xlsx", InputError, "name"),
    "a sheet a million levels deep": (lambda: deep("xl/worksheets/sheet1.xml", "</sheetData>"), "xlsx", LimitError, "levels deep"),
    "cells in each other": (
        lambda: book(sheet(f'<row r="1"><c r="A1" t="inlineStr">{"<is>" * 1_000_000}')),
        "xlsx",
        LimitError,
        "levels deep",
    ),
    "texts a million levels deep": (lambda: deep("xl/sharedStrings.xml", "<si>"), "xlsx", LimitError, "levels deep"),
    "styles a million levels deep": (lambda: deep("xl/styles.xml", "<numFmts>"), "xlsx", LimitError, "levels deep"),
    "a workbook a million levels deep": (lambda: deep("xl/workbook.xml", "<sheets>"), "xlsx", LimitError, "levels deep"),
    "relations a million levels deep": (lambda: deep("xl/_rels/workbook.xml.rels", "<Relationship "), "xlsx", LimitError, "levels deep"),
    "types a million levels deep": (lambda: deep("[Content_Types].xml", "<Override "), "xlsx", LimitError, "levels deep"),
    "16,384 columns": (lambda: book(sheet(f'<row r="1">{"<c><v>1</v></c>" * 16_384}</row>')), "xlsx", LimitError, "column ALM"),
    "200,000 merged cells": (
        lambda: book(sheet(ONE, after="".join(f'<mergeCell ref="A{n}:B{n}"/>' for n in range(1, 200_001)))),
        "xlsx",
        LimitError,
        "merged",
    ),
    "rows that share a long text": (fat_rows, "xlsx", LimitError, "row 1, column"),
    "a csv cell of 50 MB": (lambda: b'a,b\n1,"' + b"x" * (50 << 20) + b'"\n', "csv", LimitError, "characters"),
    "a csv line of 50 MB": (lambda: b"a,b\n" + b"x" * (50 << 20), "csv", LimitError, "characters"),
    "a csv of 100,000 columns": (lambda: b"a,b\n" + b"1," * 100_000 + b"\n", "csv", LimitError, "column"),
    "a csv of one open quote": (lambda: b'a,b\n1,"' + b"1,2\n" * 100_000, "csv", InputError, "quot"),
    "half a million quotes": (lambda: b"a\n" + b'"' * 500_001, "csv", InputError, "quot"),
    "500,000 brackets": (lambda: b"[" * 500_000, "json", InputError, "record"),
    "500,000 objects in each other": (lambda: b'{"a":' * 500_000, "json", InputError, "nested"),
    "500,000 lists in a list": (lambda: b'[{"a":' + b"[" * 500_000, "json", InputError, "list"),
    "deep lines": (lambda: b'{"a":' * 100_000, "jsonl", InputError, "nested"),
    "a line of 50 MB": (lambda: b'{"a":"' + b"x" * (50 << 20) + b'"}', "jsonl", LimitError, "line"),
    "a text of 50 MB": (lambda: b'{"a":"' + b"x" * (50 << 20) + b'"}', "json", LimitError, "characters"),
    "an open text of 50 MB": (lambda: b'{"a":"' + b'\\"' * (25 << 20), "json", InputError, "does not end"),
    "a number of a million digits": (lambda: b'{"a":' + b"9" * 1_000_000 + b"}", "json", LimitError, "characters"),
    "a million keys": (lambda: b"{" + b",".join(b'"k%d":1' % n for n in range(1_000_000)) + b"}", "json", LimitError, "record"),
    "a million nulls": (lambda: b'{"a":[' + b",".join([b"null"] * 1_000_000) + b"]}", "json", LimitError, "record"),
    "a million child rows": (lambda: b'{"a":[' + b",".join([b"{}"] * 1_000_000) + b"]}", "json", LimitError, "record"),
    "a key of a million characters": (lambda: b'{"' + b"k" * 1_000_000 + b'": [[]]}', "json", InputError, "list"),
    "many child rows under a long key": (
        lambda: b'{"' + b"k" * 300_000 + b'":[' + b",".join([b"{}"] * 10_000) + b"]}",
        "json",
        LimitError,
        "record",
    ),
    "a NUL in JSON": (lambda: b'{"a":"\0"}', "json", InputError, "control"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused(name: str) -> None:
    make, form, kind, words = HOSTILE[name]
    data = make()
    started = time.monotonic()
    with pytest.raises(kind) as caught:
        read(data, form, LIMITS)
    assert time.monotonic() - started < 8
    assert words in f"{caught.value.what.en} {caught.value.fix.en}"
    assert caught.value.what.zh != caught.value.what.en
    assert caught.value.where.startswith("表.x")
    assert len(caught.value.render("zh")) < 400


@pytest.mark.parametrize("form", FORMS)
def test_noise_is_refused(form: str) -> None:
    noise = random.Random(7).randbytes(200_000)  # noqa: S311 - it need not be secret
    for data in (noise, b"PK\x03\x04" + noise, b"%PDF-1.7\n" + noise):
        with pytest.raises(InputError):
            read(data, form)
    with pytest.raises(InputError):
        read(b"", form)


def test_far_cells_without_content_cost_nothing() -> None:
    far = f'<row r="1048576" s="1">{"".join(f"<c r={chr(34)}XFD1048576{chr(34)} s={chr(34)}1{chr(34)}/>")}</row>'
    data = book(sheet(ONE + far, '<dimension ref="A1:XFD1048576"/>'))
    started = time.monotonic()
    assert len(read(data, "xlsx", Limits(seconds=10, memory=300 << 20, output=10_000))) == 2
    assert time.monotonic() - started < 3


def test_merged_ranges_of_the_whole_sheet_cost_little() -> None:
    """Excel has no two that overlap; a thousand of them over everything are no way to keep the reader busy."""
    after = "".join(f'<mergeCell ref="A{n}:XFD1048576"/>' for n in range(1, 1_001))
    started = time.monotonic()
    assert len(read(book(sheet(ONE + rows(0), after=after)), "xlsx")) == 2
    assert time.monotonic() - started < 5


# ---------------------------------------------------------------- limits of the child
@pytest.mark.parametrize(
    ("module", "data", "words"),
    [
        (delimited, b"a\n" * 11, "11"),
        (plainjson, b"[" + b"{},\n" * 10 + b"{}]", "11"),
        (workbooks, book(sheet(rows(6, "<c><v>1</v></c>")), sheet(rows(6, "<c><v>1</v></c>"))), "Sheet “表二”, row 5"),
    ],
)
def test_rows_are_counted(module: ModuleType, data: bytes, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Over all sheets; ten stand for a million."""
    monkeypatch.setattr(module, "MAX_ROWS", 10)
    with pytest.raises(LimitError) as caught:
        list(module.read(io.BytesIO(data), "json"))
    assert words in f"{caught.value.where} {caught.value.what.en}"


def test_memory_is_bounded() -> None:
    strings = f'<sst xmlns="{MAIN}">{"<si><t>x</t></si>" * 1_000_000}</sst>'
    data = zipped({**parts(sheet(ONE)), "xl/sharedStrings.xml": strings}, zipfile.ZIP_STORED)
    with pytest.raises(LimitError) as caught:
        read(data, "xlsx", Limits(seconds=30, memory=100 << 20, output=1 << 20))
    assert "memory" in caught.value.what.en


def test_time_is_bounded() -> None:
    """A token that never ends: expat looks at it again with each piece of it."""
    data = with_part("xl/worksheets/sheet1.xml", f'<worksheet xmlns="{MAIN}" a="' + "".join(map(str, range(2_000_000))))
    started = time.monotonic()
    with pytest.raises(PolicyGraphError):
        read(data, "xlsx", Limits(seconds=3), idle=1.0)
    assert time.monotonic() - started < 6


def test_output_is_bounded() -> None:
    with pytest.raises(LimitError) as caught:
        read(b"a\n" + b"x" * 1000 + b"\n" + b"1,2,3,4\n" * 100_000, "csv", Limits(output=100_000))
    assert "larger than" in caught.value.what.en


# ---------------------------------------------------------------- children that misbehave
@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(STAND_INS))


def lines(do: str, limits: Limits, idle: float = 60.0, content: bytes = b"", **job: int) -> Iterator[bytes]:
    with tempfile.TemporaryFile() as file:
        file.write(content)
        file.seek(0)
        yield from confine.stream("stand_in", {"do": do, **job}, file, limits, idle)


MISBEHAVIOUR: dict[str, tuple[type[PolicyGraphError], float, str]] = {
    "raise": (InputError, 60, "broken"),
    "hang": (LimitError, 1, "for 1 seconds"),
    "burn": (LimitError, 60, "within 2 seconds"),
    "crash": (LimitError, 60, "parser"),
    "exit": (StoreError, 60, "exit 3"),
    "fail": (StoreError, 60, "ZeroDivisionError"),
    "memory": (LimitError, 60, "memory"),
    "flood": (LimitError, 60, "larger than 64 MB"),
    "no end": (LimitError, 60, "larger than 16 MB"),
    "dribble": (LimitError, 1, "for 1 seconds"),
    "complain": (StoreError, 60, "xxx"),
}


@pytest.mark.usefixtures("stand_in")
@pytest.mark.parametrize("do", MISBEHAVIOUR)
def test_a_child_that_misbehaves_is_stopped(do: str) -> None:
    kind, idle, words = MISBEHAVIOUR[do]
    started = time.monotonic()
    with pytest.raises(kind) as caught:
        list(lines(do, Limits(seconds=2), idle))
    assert words in caught.value.what.en
    assert len(caught.value.what.en) < 400
    assert time.monotonic() - started < 5
    assert not below()


@pytest.mark.usefixtures("stand_in")
def test_lines_come_whole_and_in_order() -> None:
    assert list(lines("count", Limits(), to=100_000)) == [b"[%d]" % n for n in range(100_000)]
    assert list(lines("copy", Limits(), content=b"x" * 1_000_000)) == [b"[" + b"x" * 1_000_000 + b"]"]


@pytest.mark.usefixtures("stand_in")
def test_a_caller_who_takes_his_time_uses_up_no_limit() -> None:
    found = []
    for line in lines("count", Limits(seconds=1), idle=0.5, to=200_000):
        if len(found) in {10, 150_000}:
            time.sleep(1.1)
        found.append(line)
    assert len(found) == 200_000


@PROC
@pytest.mark.usefixtures("stand_in")
def test_a_caller_who_leaves_ends_the_child() -> None:
    left = lines("count", Limits(), to=10_000_000)
    assert next(left) == b"[0]"
    assert len(below()) == 1
    left.close()  # type: ignore[attr-defined]
    assert not below()


@PROC
def test_the_child_can_open_nothing_and_is_not_told_the_name() -> None:
    with tempfile.TemporaryFile() as file:
        file.write(b"\xe5\xa7\x93\n" * 500_000)
        raws = read_table(file, "csv", "张三的申领.csv")
        next(raws)
        (child,) = below()
        limits = Path(f"/proc/{child}/limits").read_text()
        command = Path(f"/proc/{child}/cmdline").read_bytes().decode()
        raws.close()  # type: ignore[attr-defined]
    assert int(re.findall(r"Max open files\s+(\d+)", limits)[0]) <= 16
    assert int(re.findall(r"Max address space\s+(\d+)", limits)[0]) == LIMITS.memory
    assert "张三" not in command


def below() -> list[int]:
    """Confined children of this process, by /proc; other tests of the process may have servers running."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = entry.read_text().rpartition(")")[2].split()
            command = entry.with_name("cmdline").read_bytes()
        except OSError:
            continue
        ours = b"stand_in" in command or b"policygraph.records.tables.child" in command
        if ours and int(fields[1]) == os.getpid() and fields[0] != "Z":
            found.append(int(entry.parent.name))
    return found
