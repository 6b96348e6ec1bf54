"""HTML by parts: whatever is not made here is escaped, so no word of a submission becomes markup."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

from policygraph.errors import clean

if TYPE_CHECKING:
    from collections.abc import Iterable

_VOID = frozenset({"br", "hr", "img", "input", "link", "meta"})


class Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


def element(tag: str, /, *children: str, **attributes: str) -> Markup:
    """Return an element; children that are no `Markup` are escaped, and attributes that are '' are left out.

    Args:
        tag: Name of the element.
        *children: What it holds.
        **attributes: Its attributes; `_` at the end is dropped, `_` within stands for `-`.
    """
    said = "".join(f' {key.rstrip("_").replace("_", "-")}="{escape(clean(value))}"' for key, value in attributes.items() if value)
    return Markup(f"<{tag}{said}>") if tag in _VOID else Markup(f"<{tag}{said}>{join(children)}</{tag}>")


def join(parts: Iterable[str]) -> Markup:
    """Return parts one after the other, those that are no `Markup` escaped."""
    return Markup("".join(part if isinstance(part, Markup) else _escaped(part) for part in parts))


def _escaped(words: str) -> str:
    return escape(clean(words))


def foreign(words: str) -> Markup:
    """Return words of a submission, kept from turning the direction of what stands around them."""
    return element("bdi", words)


def lined(words: str) -> Markup:
    """Return words with their line ends and tabs, as code is shown."""
    return Markup("\n".join("\t".join(map(_escaped, line.split("\t"))) for line in words.replace("\r\n", "\n").split("\n")))


def chinese(words: str) -> Markup:
    """Return verbatim words of the policy."""
    return element("span", words, lang="zh-Hans")


def with_quotes(words: str) -> Markup:
    """Return words of ours in which verbatim words of the policy stand between quotation marks."""
    return join(chinese(part) if part.startswith("“") else part for part in re.split("(“[^”]*”)", words))


def table(caption: str, headers: Iterable[str], rows: Iterable[Iterable[str]], **attributes: str) -> Markup:
    """Return a table whose rows begin with their own header."""
    head = element("tr", *(element("th", header, scope="col") for header in headers))
    body = (element("tr", *(_cell(number, value) for number, value in enumerate(row))) for row in rows)
    return element("table", element("caption", caption), element("thead", head), element("tbody", *body), **attributes)


def _cell(number: int, value: str) -> Markup:
    return element("td", value) if number else element("th", value, scope="row")
