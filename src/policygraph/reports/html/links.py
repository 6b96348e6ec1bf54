"""Where a report that is part of a page of the service finds the things of the graph."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from policygraph.vocab import BASE

if TYPE_CHECKING:
    from collections.abc import Callable

_URI = "/%:@!$&'()*+,;=~?#[]"  # beside letters and digits


def addresses(prefix: str, language: str, known: Callable[[str], bool] = lambda _: True) -> Callable[[str], str]:
    """Return what gives the address of a thing: below the service's root for one of ours, in the page's language.

    Args:
        prefix: Path of the root, without a slash at the end.
        language: zh or en.
        known: Whether there is a thing; what only an overlay brings is nowhere served, and has the address ''.
    """

    def address(iri: str) -> str:
        found, mark, fragment = quote(iri, safe=_URI).partition("#")
        if not found.startswith(BASE):
            return found + mark + fragment
        if not known(iri):
            return ""
        return f"{prefix}/{found.removeprefix(BASE)}{'?lang=en' if language == 'en' else ''}{mark}{fragment}"

    return address
