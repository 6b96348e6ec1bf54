"""Finds the line of a file that describes a node, so that a finding can say where to look."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from policygraph.graph.loading import source_files

if TYPE_CHECKING:
    from pathlib import Path

    from policygraph.paths import DataRoots

_PREFIX = re.compile(r"^\s*@prefix\s+([\w.-]*):\s*<([^<>]*)>", re.MULTILINE)
_BASE = re.compile(r"^\s*@base\s+<([^<>]*)>", re.MULTILINE)


def shown(name: str, path: Path) -> str:
    """Return how to name a file: within the base root by its relative path, elsewhere by the path that opens it."""
    return str(path) if name.startswith("+") else name


@dataclass(frozen=True, slots=True)
class Places:
    """The text of all Turtle files: (name, content)."""

    files: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, roots: DataRoots) -> Places:
        """Read the files."""
        files = source_files(roots, ("ontology", "shapes"))
        return cls(tuple((shown(f.name, f.path), f.read().decode("utf-8")) for f in files))

    def find(self, iri: str) -> str:
        """Return `file:line` of a node's description, '' if there is none; hand-written files come first."""
        for name, content in sorted(self.files, key=lambda file: bool(_BASE.search(file[1]))):
            match = re.search(rf"^(?:{'|'.join(self._spellings(iri, content))})(?=[\s;])", content, re.MULTILINE)
            if match:
                return f"{name}:{content.count(chr(10), 0, match.start()) + 1}"
        return ""

    @staticmethod
    def _spellings(iri: str, content: str) -> list[str]:
        """Return how a file can write a subject at the start of a line."""
        found = [re.escape(f"<{iri}>")]
        for prefix, namespace in _PREFIX.findall(content):
            if iri.startswith(namespace):
                found.append(re.escape(f"{prefix}:{iri.removeprefix(namespace)}"))
        for base in _BASE.findall(content):
            if iri.startswith(base):
                found.append(re.escape(f"<{iri.removeprefix(base)}>"))
        return found
