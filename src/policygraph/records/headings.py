"""A heading taken apart: the name that it is compared by, the unit in its brackets, and the ways in which it may be two names.

A unit, and marks such as * or 必填, say how a column is filled in and not what it holds.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from policygraph.records.quantities import unit_of
from policygraph.records.spelling import alike, spelt

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policygraph.records.codebook import CodeBook

LONGEST, _MOST_SPLITS = 160, 12
_REMARKS = frozenset(
    spelt(word)
    for word in (
        *("必填", "必填项", "选填", "可选", "如有", "是/否", "有/无", "年月日", "年/月/日", "年-月-日", "18位", "下拉选择", "请选择"),
        *("required", "mandatory", "optional", "if any", "yes/no", "y/n", "yyyy-mm-dd", "yyyy/mm/dd", "yyyymmdd"),
    )
)
_GROUP = re.compile(r"\(([^()]*)\)")
_LAST_GROUP = re.compile(r"\([^()]*\)$")
_STAR = re.compile(r"[*★※]+|必填项?$")
_SUFFIX = re.compile(r"(?P<name>.+?)[,:/](?P<unit>[^,:]{1,8})")
_STATES_UNIT = re.compile(r"^(?:金额)?单位:(?:人民币)?|^unit:|^in ")
_NOTE = re.compile(r"单位:(?:人民币)?(?P<unit>[^(),;。]{1,8})")
_CHILD = re.compile(r"(?P<child>.+?)(?:[#第]?(?P<row>[0-9]{1,3})[项条行]?[:.\-_/]?|[:.])(?P<field>[^0-9:.].*)")
_JOINTS = str.maketrans("", "", "_-")
_HAN, _LATIN = re.compile("[\u3400-\u9fff]"), re.compile("[a-z]")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading taken apart.

    Attributes:
        name: As it is compared: in one width and case, without blanks, marks and its unit.
        unit: The unit in its brackets, '' if none.
    """

    name: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class ChildHeading:
    """A heading of a numbered child column: 其他成绩 1：名次.

    Attributes:
        child: Name of the child table.
        row: Number of its row.
        field: Heading within the row.
    """

    child: str
    row: int
    field: str


def take_apart(header: str, codes: CodeBook) -> Heading:
    """Take a heading apart."""
    unit = ""

    def drop(match: re.Match[str]) -> str:
        nonlocal unit
        inside = _STATES_UNIT.sub("", match[1].strip())
        if spelt(inside) in _REMARKS:
            return ""
        if not unit and is_unit(inside, codes):
            unit = inside
            return ""
        return match[0]

    words = _GROUP.sub(drop, alike(header[:LONGEST]))
    return Heading(_name(words), unit)


def names_of(written: str, codes: CodeBook, *, numeric: bool) -> frozenset[str]:
    """Return the names by which a field called so is recognised: a number also without its unit, which the graph need not know."""
    whole = _name(alike(written))
    found = {take_apart(written, codes).name, whole}
    return frozenset(found | ({_LAST_GROUP.sub("", whole)} if numeric else set())) - {""}


def unit_behind(header: str, codes: CodeBook) -> Heading | None:
    """Return a heading whose unit stands behind a comma, colon or stroke instead of in brackets, None if it is none."""
    match = _SUFFIX.fullmatch(_name(alike(header[:LONGEST])))
    inside = _STATES_UNIT.sub("", match["unit"]) if match else ""
    if match is None or not is_unit(inside, codes):
        return None
    return Heading(_STATES_UNIT.sub("", match["name"]).removesuffix("单位").strip(",:/"), inside)


def in_child(header: str) -> ChildHeading | None:
    """Return a heading as one of a child table's row, None if it cannot be; a row without number is the first."""
    match = _CHILD.fullmatch("".join(alike(header[:LONGEST]).strip(" *").split()))
    return ChildHeading(match["child"], int(match["row"] or 1), match["field"]) if match else None


def in_two(header: str) -> Iterator[tuple[str, str]]:
    """Yield the ways in which a heading may be one name in two languages: at a line end, a stroke, brackets or where the script changes."""
    text = alike(header[:LONGEST]).strip()
    if not (_HAN.search(text) and _LATIN.search(text)):
        return
    found = 0
    if text.endswith(")") and "(" in text:
        opening = text.index("(")
        yield text[:opening], text[opening + 1 : -1]
    for index in range(1, len(text)):
        here, before = text[index], text[index - 1]
        if here in "\n/|;":
            parts = text[:index], text[index + 1 :]
        elif (_LATIN.match(here) and not _LATIN.match(before)) or (_HAN.match(here) and not _HAN.match(before)):
            parts = text[:index], text[index:]
        else:
            continue
        found += 1
        if found > _MOST_SPLITS:
            return
        yield parts


def languages(header: str) -> tuple[str, ...]:
    """Return the names in a heading that puts one per line or between strokes."""
    return tuple(part for part in re.split(r"[\n/|]", header[:LONGEST]) if part.strip())


def note_of(text: str, codes: CodeBook) -> str:
    """Return the unit that a line above the headings states for all amounts (单位：万元), '' if it states none."""
    match = _NOTE.search("".join(alike(text[:LONGEST]).split()))
    return match["unit"] if match and is_unit(match["unit"], codes) else ""


def is_unit(words: str, codes: CodeBook) -> bool:
    """Say whether words are a unit, in whatever multiple: 万元, %, 元/月."""
    unit = unit_of(words)
    return unit.share or bool(codes.units(unit.word)) or (not unit.word and unit.power > 0)


def _name(words: str) -> str:
    return spelt(_STAR.sub("", words.strip())).translate(_JOINTS).strip(":.,")
