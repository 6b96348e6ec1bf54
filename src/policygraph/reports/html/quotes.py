"""Sentences of the policy with a link to where they stand, for the parts of pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policygraph.errors import Text
from policygraph.reports.html.markup import Markup, chinese, element

if TYPE_CHECKING:
    from collections.abc import Callable

    from policygraph.model.grounds import Citation

_STALE = Text("（其数值已由后来的条款替代）", " (its number was replaced by a later clause)")


def cited(citation: Citation, language: str, address: Callable[[str], str]) -> Markup:
    """Return a citation with its translation in English, and a link to its provision.

    Args:
        citation: The citation.
        language: zh or en.
        address: Where a thing of the graph is served.
    """
    name = citation.provision.label.in_language(language)
    stale = _STALE.in_language(language) if citation.superseded else ""
    translation = citation.translation if language == "en" else ""
    link = element("a", name, href=address(citation.provision.iri))
    document = f"{citation.document} " if language == "zh" else ""
    return element(
        "blockquote",
        element("p", chinese(f"“{citation.quote}”"), stale),
        element("p", translation, class_="translation") if translation else "",
        element("footer", document, link),
        cite=citation.provision.iri,
    )
