"""What pictures of ours share: how wide words are, where they break, vertical heads, and elements of SVG.

Pictures hold no style: `pictures.css` gives it, and `alone` puts that sheet into a picture that leaves the site.
"""

from __future__ import annotations

import base64
import hashlib
import re
import unicodedata
from typing import TYPE_CHECKING

from policygraph.reports.html.markup import Markup, element
from policygraph.web.pages.assets import asset

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

SHEET = "pictures.css"
_NARROW, _WIDE = 0.56, 1.0  # of the size of the type: a Latin letter on average, a Chinese character
_WORDS = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]|[^\s\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]+\s*")
_NOT_FIRST = "，。、；：！？”’）》〉】」』%"
_VARIABLE = re.compile(r"var\(--[\w-]+, (#[0-9a-f]{3,8})\)")


def ems(words: str) -> float:
    """Return how wide words are, in units of the size of their type."""
    return sum(_WIDE if unicodedata.east_asian_width(c) in "WF" else _NARROW for c in words)


def lines(words: str, limit: float) -> list[str]:
    """Return words broken into lines of about one length.

    Args:
        words: The words.
        limit: Width of the longest line in units of the size of the type; one word may be wider.
    """
    first = _broken(words, limit)
    for narrower in range(int(ems(words) / max(1, len(first))), int(limit)):  # the narrowest that needs no more lines
        tried = _broken(words, narrower)
        if len(tried) <= len(first) and max(map(ems, tried), default=0) <= limit:
            return tried
    return first


def _broken(words: str, limit: float) -> list[str]:
    found: list[str] = []
    current = ""
    for piece in _WORDS.findall(words):
        if current and ems((current + piece).rstrip()) > limit and piece not in _NOT_FIRST:
            found.append(current.rstrip())
            current = ""
        current += piece
    return [*found, current.rstrip()] if current.strip() else found


def number(value: float) -> str:
    """Return a coordinate as short as it can be said."""
    return f"{value:.1f}".removesuffix(".0")


def text(x: float, y: float, said: Sequence[str], class_: str, step: float = 17) -> Markup:
    """Return lines of words, the middle of all of them at a height."""
    top = y - (len(said) - 1) * step / 2
    spans = [element("tspan", line, x=number(x), y=number(top + n * step)) for n, line in enumerate(said)]
    return element("text", *_between(spans), class_=class_)


def upright(x: float, y: float, words: str, class_: str, step: float = 16) -> Markup:
    """Return Chinese characters one below the other, the last one at a height."""
    top = y - (len(words) - 1) * step
    spans = [element("tspan", c, x=number(x), y=number(top + n * step)) for n, c in enumerate(words)]
    return element("text", *spans, class_=class_)


def turned(x: float, y: float, said: Sequence[str], class_: str, step: float = 14) -> Markup:
    """Return lines that run upwards from a point, side by side."""
    left = -(len(said) - 1) * step / 2
    spans = [element("tspan", line, x="0", y=number(left + n * step)) for n, line in enumerate(said)]
    return element("text", *_between(spans), class_=class_, transform=f"translate({number(x)} {number(y)}) rotate(-90)")


def rect(x: float, y: float, width: float, height: float, class_: str, rounded: float = 0) -> Markup:
    """Return a rectangle."""
    named = {"x": x, "y": y, "width": width, "height": height} | ({"rx": rounded} if rounded else {})
    return element("rect", **{key: number(value) for key, value in named.items()}, class_=class_)


def line(x1: float, y1: float, x2: float, y2: float, class_: str) -> Markup:
    """Return a line."""
    return element("line", x1=number(x1), y1=number(y1), x2=number(x2), y2=number(y2), class_=class_)


def svg(key: str, title: str, about: str, size: tuple[float, float], parts: Iterable[str], **attributes: str) -> Markup:
    """Return a picture with its title and description.

    Args:
        key: Beginning of the ids inside.
        title: What it shows, in short.
        about: The same in a sentence, for those who do not see it.
        size: Width and height in pixels.
        parts: What is drawn.
        **attributes: Further attributes.
    """
    width, height = (number(value) for value in size)
    return element(
        "svg",
        element("title", title, id=f"{key}-title"),
        element("desc", about, id=f"{key}-about"),
        *parts,
        viewBox=f"0 0 {width} {height}",
        width=width,
        height=height,
        class_="picture",
        role="group",
        aria_labelledby=f"{key}-title",
        aria_describedby=f"{key}-about",
        xmlns="http://www.w3.org/2000/svg",
        **attributes,
    )


def alone(picture: str) -> tuple[bytes, str]:
    """Return a picture with its colours inside, and the digest of its style for a Content-Security-Policy."""
    sheet = asset(SHEET)
    style = _VARIABLE.sub(r"\1", sheet.body.decode() if sheet else "").replace("<", "")
    start = picture.index(">") + 1
    body = f'<?xml version="1.0" encoding="UTF-8"?>\n{picture[:start]}<style>{style}</style>{picture[start:]}\n'
    return body.encode(), base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()


def scrolled(picture: str, label: str) -> Markup:
    """Return a picture in a place of its own that scrolls sideways where the page is narrow."""
    return element("div", picture, class_="scroll canvas", role="region", aria_label=label, tabindex="0")


def _between(spans: Sequence[str]) -> list[str]:
    """Return spans with a space between them, so that what is copied or read out keeps its words apart."""
    return [part for n, span in enumerate(spans) for part in ((Markup(" "), span) if n else (span,))]
