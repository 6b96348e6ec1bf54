"""What can be compared: the policies of the graph, and the overlays that lie beside it as samples."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from policygraph.errors import Text, UsageError
from policygraph.model.terms import Iri
from policygraph.vocab import ELI, PG, RDF

if TYPE_CHECKING:
    from pathlib import Path

    from policygraph.web.service import Service

_FOLDER = "examples/overlays"
_AT_THE_HEAD = 20  # lines among which an overlay says what it is


@dataclass(frozen=True, slots=True)
class Sample:
    """An overlay that ships with the data.

    Attributes:
        name: Name of its file, without the ending.
        path: The file.
        about: What it says of itself, in its first comments.
    """

    name: str
    path: Path
    about: Text

    @property
    def title(self) -> Text:
        """The first of its sentences."""
        zh, en = self.about.zh.partition("。")[0], self.about.en.partition(". ")[0].rstrip(".")
        return Text(zh, en)

    @property
    def rest(self) -> Text:
        """The other sentences, '' if there are none."""
        return Text(self.about.zh.partition("。")[2], self.about.en.partition(". ")[2])


def policies(service: Service) -> list[Iri]:
    """Return the policies of the graph, the latest first."""
    found = {node for node in service.graph.subjects(RDF.type, Iri(PG.Policy)) if isinstance(node, Iri)}

    def issued(node: Iri) -> str:
        return max((value.value for value in service.graph.objects(node, ELI.date_document)), default="")

    return sorted(found, key=lambda node: (issued(node), node.value), reverse=True)


def samples(service: Service) -> list[Sample]:
    """Return the overlays that ship, by name."""
    found = {path.stem: path for _, path in service.roots.files(_FOLDER, "*.ttl")}
    return [Sample(name, path, _about(path)) for name, path in sorted(found.items())]


def sample(service: Service, name: str) -> Sample:
    """Return an overlay that ships.

    Raises:
        UsageError: There is none of that name.
    """
    every = samples(service)
    for each in every:
        if each.name == name:
            return each
    raise UsageError(
        Text("没有这个示例。", "There is no such sample."),
        Text("可用：" + "、".join(e.name for e in every), "There are: " + ", ".join(e.name for e in every)),
    )


def _about(path: Path) -> Text:
    """Return the first comments of a file: those in Chinese, and those in English."""
    said: dict[bool, list[str]] = {True: [], False: []}
    for line in path.read_text(encoding="utf-8").splitlines()[:_AT_THE_HEAD]:
        if not line.startswith("#"):
            break
        words = line.lstrip("# ").strip()
        said[any("\u4e00" <= letter <= "\u9fff" for letter in words)].append(words)
    chinese, english = "".join(said[True]), " ".join(said[False])
    return Text(chinese or english or path.stem, english or chinese or path.stem)
