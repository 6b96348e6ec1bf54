"""Which characters a font has, so that a name with a rare character is spelt out instead of becoming an empty box."""

from __future__ import annotations

import re
import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_UNICODE = {(0, 4), (0, 6), (3, 10)}  # platform and encoding of tables that hold all of Unicode
# A run without a place to break a line would leave the page.
_LONG = re.compile(r"[!-~]{24}(?=[!-~])")
_SAME = {"✗": "×", "�": "?"}


class Glyphs:
    """The characters of an OpenType font."""

    def __init__(self, font: Path) -> None:
        self._known = frozenset(_characters(font.read_bytes()))

    def written(self, words: str) -> str:
        """Return words with which the font can be set: characters that it lacks are spelt by their number."""
        spelt = "".join(c if ord(c) in self._known else _SAME.get(c, f"〔U+{ord(c):04X}〕") for c in words)
        return _LONG.sub(lambda run: f"{run[0]}\u200b", spelt)


def _characters(data: bytes) -> Iterator[int]:
    """Yield the characters of a font's `cmap` table, by its segmented coverage (format 12)."""
    tables = struct.unpack_from(">H", data, 4)[0]
    start = next(o for tag, _, o, _ in (struct.unpack_from(">4sIII", data, 12 + 16 * n) for n in range(tables)) if tag == b"cmap")
    count = struct.unpack_from(">H", data, start + 2)[0]
    for number in range(count):
        platform, encoding, offset = struct.unpack_from(">HHI", data, start + 4 + 8 * number)
        if (platform, encoding) in _UNICODE and struct.unpack_from(">H", data, start + offset)[0] == 12:
            groups = struct.unpack_from(">I", data, start + offset + 12)[0]
            for group in range(groups):
                first, last, _ = struct.unpack_from(">III", data, start + offset + 16 + 12 * group)
                yield from range(first, last + 1)
            return
