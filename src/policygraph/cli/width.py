"""Text measured in terminal columns: Chinese characters take two."""

from __future__ import annotations

from functools import lru_cache

_WIDE, _SINGLE = frozenset("，。、；：？！（）《》「」〔〕％"), frozenset("“”‘’…—–·─")  # what Chinese and English texts are made of
_NO_LINE_START = frozenset("，。、；：？！）》〉」』”’…％%),.;:?!")


@lru_cache(maxsize=4096)
def _columns(character: str) -> int:
    if "一" <= character <= "鿿" or character in _WIDE:
        return 2
    if character in _SINGLE:
        return 1
    from wcwidth import wcwidth  # a quarter of the start-up time, and seldom needed

    return max(wcwidth(character), 0)


def width(text: str) -> int:
    """Return how many columns a text takes."""
    return len(text) if text.isascii() else sum(map(_columns, text))


def pad(text: str, columns: int, *, right: bool = False) -> str:
    """Fill a text with spaces to a width; on its left when it is to stand on the right."""
    space = " " * (columns - width(text))
    return space + text if right else text + space


def wrap(text: str, columns: int) -> list[str]:
    """Break a text into lines: between Chinese characters anywhere, in other words at spaces where that is possible.

    Leading spaces are kept on every line. Closing punctuation begins no line unless nothing else is possible.
    """
    indent = text[: len(text) - len(text.lstrip(" "))]
    room = max(columns - len(indent), 2)
    rest, lines = text.strip(), []
    while width(rest) > room:
        cut = _cut(rest, room)
        lines.append(indent + rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [*lines, indent + rest]


def _cut(text: str, room: int) -> int:
    """Return after how many characters to break the first line."""
    used = fits = 0
    for character in text:
        used += _columns(character)
        if used > room:
            break
        fits += 1
    fits = max(fits, 1)
    for cut in range(fits, max(fits // 2, 1), -1):
        before, after = text[cut - 1], text[cut : cut + 1]
        if after in _NO_LINE_START or after == "":
            continue
        if before == " " or after == " " or _columns(before) == 2 or _columns(after) == 2:
            return cut
    return fits
