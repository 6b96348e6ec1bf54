"""What every page of ours must be, over HTTP; and forms as browsers send them."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from serving import Reply

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
VOID = frozenset({"br", "hr", "img", "input", "link", "meta", "rect"})
STANDING = {"zh": "依文本判读，非行政决定", "en": "not an administrative decision"}


class Balance(HTMLParser):
    """Sees that every element is closed where it was opened, that no id stands twice, and that what is referred to by id is there."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.wanted: set[str] = set()
        self.headings: list[int] = []
        self.styled = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        own = dict(attrs)
        self.styled |= "style" in own or any(name.startswith("on") for name in own)
        if own.get("id"):
            self.ids.append(own["id"] or "")
        self.wanted |= set((own.get("aria-describedby") or "").split()) | ({own["for"] or ""} if "for" in own else set())
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag


def sound(reply: Reply, spoken: str) -> str:
    """Return the text of a page that is well made."""
    page = Balance()
    page.feed(reply.text)
    assert not page.open
    assert len(page.ids) == len(set(page.ids))
    assert page.wanted <= set(page.ids)
    assert not page.styled
    assert page.headings[0] == 1
    assert all(after <= before + 1 for before, after in zip(page.headings, page.headings[1:], strict=False)), page.headings
    assert STANDING[spoken] in reply.text
    assert "unsafe-inline" not in reply.headers["content-security-policy"]
    assert reply.headers["content-language"] == spoken
    return reply.text


def words(text: str) -> str:
    """Return a page without its tags."""
    return html.unescape(re.sub("<[^>]*>", "", text))


def multipart(files: Mapping[str, tuple[str, bytes]], **values: str) -> tuple[bytes, str]:
    parts = [f'--x\r\nContent-Disposition: form-data; name="{n}"; filename="{f}"\r\n\r\n'.encode() + b for n, (f, b) in files.items()]
    parts += [f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}'.encode() for name, value in values.items()]
    return b"\r\n".join([*parts, b"--x--\r\n"]), "multipart/form-data; boundary=x"
