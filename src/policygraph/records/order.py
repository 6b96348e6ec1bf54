"""The order of codes: that in which their files describe them, and in which people expect a list."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from policygraph.graph.loading import source_files
from policygraph.vocab import SKOS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from policygraph.paths import DataRoots


class CodeOrder:
    """Puts codes in order; reads the files when it is first asked, since most runs never ask.

    Args:
        roots: Where the files are.
    """

    def __init__(self, roots: DataRoots) -> None:
        self._roots = roots

    def of(self, codes: Iterable[str]) -> tuple[str, ...]:
        """Return codes in their order; those of no file come last."""
        return tuple(sorted(codes, key=lambda code: (self._places.get(code, len(self._places)), code)))

    @cached_property
    def _places(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for file in source_files(self._roots):
            if b"inScheme" in file.read():
                for subject, predicate, _ in file.triples():
                    if predicate.value == SKOS.inScheme:
                        found.setdefault(subject.value, len(found))
        return found
