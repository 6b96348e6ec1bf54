"""The page around a report: head, style, and a policy that lets the browser load and run nothing."""

from __future__ import annotations

import base64
import hashlib
from importlib.resources import files
from typing import TYPE_CHECKING

from policygraph.reports.html.markup import Markup, element, join

if TYPE_CHECKING:
    from collections.abc import Iterable

_LANGUAGES = {"zh": "zh-Hans", "en": "en"}


def style() -> str:
    """Return the style sheet."""
    return files("policygraph.reports").joinpath("assets/report.css").read_text("utf-8")


def head(title: str, language: str, links: Iterable[Markup] = ()) -> Markup:
    """Return everything before the content of the page.

    Args:
        title: Its title.
        language: zh or en.
        links: Where the same is in other forms, and what else is linked from the head.
    """
    sheet = style()
    digest = base64.b64encode(hashlib.sha256(sheet.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    parts = (
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=policy),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="referrer", content="no-referrer"),
        element("meta", name="color-scheme", content="light dark"),
        element("title", title),
        *links,
        element("style", Markup(sheet)),
    )
    return Markup(
        f'<!DOCTYPE html>\n<html lang="{_LANGUAGES[language]}">\n{element("head", *(join((p, Markup(chr(10)))) for p in parts))}\n<body>\n'
    )


FOOT = Markup("</body>\n</html>\n")
