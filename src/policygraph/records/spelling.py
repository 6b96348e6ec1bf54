"""Spellings that mean the same: width, case, blanks, brackets, dashes; and characters that fool the eye.

Pure functions. What else tells two names apart stays: nothing here is fuzzy.
"""

from __future__ import annotations

import unicodedata

_BRACKETS = dict.fromkeys("[{〔【〈《「『〖", "(") | dict.fromkeys("]}〕】〉》」』〗", ")")
_DASHES = dict.fromkeys("‐‑‒–—―−﹘﹣－", "-")
_QUOTES = dict.fromkeys("’‘ʼ", "'") | dict.fromkeys("“”", '"')
_ALIKE = str.maketrans(_BRACKETS | _DASHES | _QUOTES)
# Full-width forms only: NFKC would also make 10² of 102.
_NARROW = str.maketrans({chr(c): chr(c - 0xFEE0) for c in range(0xFF01, 0xFF5F)} | _DASHES | {"￥": "¥", "−": "-"})
_LINE = frozenset("\t\n\r")
# Shown as nothing although they are letters or marks in Unicode's books.
_BLANK_LETTERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180e\u180f\u2800\u3164\uffa0")
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def spelt(name: str) -> str:
    """Return a name without what does not tell names apart."""
    words = "".join(alike(name).split())
    return words if words.isprintable() else "".join(c for c in words if unicodedata.category(c) != "Cf")


def alike(name: str) -> str:
    """Return a name in one width and case, with one sort of brackets, dashes and quotes; blanks stay."""
    return unicodedata.normalize("NFKC", name).translate(_ALIKE).casefold()


def narrow(text: str) -> str:
    """Return a text in half width, with plain minus signs and plain blanks, trimmed."""
    return "".join(" " if c.isspace() else c for c in text.translate(_NARROW)).strip()


def hidden(text: str) -> str:
    """Return the first character of a text that nobody sees and that changes what is read, '' if none; line breaks and tabs are blanks."""
    if text.isascii() and text.isprintable():
        return ""
    return next((c for c in text if c not in _LINE and (unicodedata.category(c) in _HIDDEN or c in _BLANK_LETTERS)), "")
