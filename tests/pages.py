"""Reads a page as a tree, and refuses one whose elements do not close as they should."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_VOID = frozenset({"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"})


@dataclass(slots=True)
class Element:
    """An element with what it holds."""

    tag: str
    attributes: dict[str, str]
    children: list[Element] = field(default_factory=list)
    words: list[str | Element] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All words in it, in order."""
        return "".join(word if isinstance(word, str) else word.text for word in self.words)

    def all(self, tag: str, **attributes: str | None) -> list[Element]:
        """Return the elements below that have a tag and attributes; None stands for any value."""

        def fits(element: Element) -> bool:
            return element.tag == tag and all(
                name in element.attributes and value in (None, element.attributes[name]) for name, value in attributes.items()
            )

        return [element for element in self._below() if fits(element)]

    def _below(self) -> Iterator[Element]:
        for child in self.children:
            yield child
            yield from child._below()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("", {})
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"<{tag}> has an attribute twice: {names}"
        element = Element(tag, {name: value or "" for name, value in attrs})
        self._open[-1].children.append(element)
        self._open[-1].words.append(element)
        if tag not in _VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        assert self._open[-1].tag == tag, f"</{tag}> closes <{self._open[-1].tag}>"
        self._open.pop()

    def handle_data(self, data: str) -> None:
        self._open[-1].words.append(data)

    def end(self) -> Element:
        assert len(self._open) == 1, f"<{self._open[-1].tag}> is not closed"
        return self.root


def page_of(text: str) -> Element:
    """Return a page as a tree; its ids are unique."""
    assert text.startswith("<!DOCTYPE html>")
    reader = _Reader()
    reader.feed(text)
    reader.close()
    root = reader.end()
    ids = [element.attributes["id"] for element in root._below() if "id" in element.attributes]
    assert len(ids) == len(set(ids)), sorted(each for each in ids if ids.count(each) > 1)
    return root
