"""Finds what the two sides of a comparison are: a policy in the graph, a data folder, or an overlay."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from policygraph.errors import Text, UsageError
from policygraph.graph.loading import PUBLIC, derive, load
from policygraph.model.terms import Iri
from policygraph.paths import DataRoots, data_roots
from policygraph.queries.entities import Entities
from policygraph.vocab import ELI, PG, RDF

if TYPE_CHECKING:
    from policygraph.graph.memory import Graph

_POLICIES = ("ontology/policies/", "shapes/policies/")


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a comparison.

    Attributes:
        name: As the caller named it.
        graph: The graph that describes it.
        policies: IRIs of the policies that are compared.
    """

    name: str
    graph: Graph
    policies: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Found:
    """A side before the other is known; a side that amends takes over the other's policies."""

    graph: Graph
    policies: frozenset[str]
    amends: bool = False


class _WithoutPolicies(DataRoots):
    """Data roots whose base gives its schema and queries, and none of its policies."""

    def files(self, folder: str, pattern: str) -> list[tuple[str, Path]]:
        found = DataRoots.files(self, folder, pattern)
        return [(name, path) for name, path in found if not name.startswith(_POLICIES)]


def both_sides(roots: DataRoots, before: str, after: str) -> tuple[Side, Side]:
    """Return the two sides of a comparison.

    Args:
        roots: Where the policies' files are.
        before: A policy's name, number or IRI, a data folder, or an overlay.
        after: The same.

    Raises:
        UsageError: Nothing goes by a name, or it is no policy.
        InputError: An overlay breaks the policy.
    """
    graph = load(roots, PUBLIC)
    found = [_find(name, graph, roots) for name in (before, after)]
    # What amends is compared as the policy that the other side is, amended.
    amended = next((f.policies for f in found if not f.amends), _policies(graph))
    own = [f.policies | amended if f.amends else f.policies for f in found]
    a, b = (Side(name, f.graph, p) for name, f, p in zip((before, after), found, own, strict=True))
    return a, b


def amended_sides(graph: Graph, amended: Graph, policy: str, overlay: str) -> tuple[Side, Side]:
    """Return a policy and the same amended, of graphs that are at hand.

    Args:
        graph: The policy graph.
        amended: The same with overlays.
        policy: The policy's name, number or IRI.
        overlay: What to call the overlays.

    Raises:
        UsageError: Nothing goes by the name, or it is no policy.
    """
    own = frozenset({policy_called(policy, graph).value})
    return Side(policy, graph, own), Side(overlay, amended, own | (_policies(amended) - _policies(graph)))


def _find(name: str, graph: Graph, roots: DataRoots) -> _Found:
    path = Path(name).expanduser()
    if path.is_dir():
        return _folder(path.resolve(), roots)
    if path.suffix.lower() in {".ttl", ".turtle"}:
        return _overlay(path, graph, roots)
    if "://" not in name and (path.exists() or path.parent != Path()):
        raise UsageError(
            Text("不是政策、数据目录或叠加文件。", "It is no policy, data folder or overlay."),
            Text("请给出政策名称、含 ontology/ 的目录，或 .ttl 文件。", "Name a policy, a folder that holds ontology/, or a .ttl file."),
            name,
        )
    return _Found(graph, frozenset({policy_called(name, graph).value}))


def policy_called(name: str, graph: Graph) -> Iri:
    """Return the policy of a graph that goes by a name, a number or an IRI.

    Raises:
        UsageError: Nothing goes by it, or it is no policy.
    """
    policies = sorted(_policies(graph))
    entity = Entities(graph).resolve(name, like=Iri(policies[0]) if policies else None)
    if entity.value not in policies:
        raise UsageError(
            Text("这不是政策文件。", "This is no policy."),
            Text("policygraph show pg:Policy 列出各项政策。", "`policygraph show pg:Policy` lists the policies."),
            name,
        )
    return Iri(entity.value)


def _overlay(path: Path, graph: Graph, roots: DataRoots) -> _Found:
    from policygraph.app.overlays import overlay
    from policygraph.app.setting import Setting

    amended = overlay(Setting(roots, graph, "", dt.date.min), [path])
    return _Found(amended.graph, _policies(amended.graph) - _policies(graph), amends=True)


def _folder(folder: Path, roots: DataRoots) -> _Found:
    if (folder / "ontology" / "core.ttl").is_file():  # a checkout of its own
        graph = load(DataRoots((folder,)), PUBLIC, derived=False)
        derive(graph, roots)
        return _Found(graph, _policies(graph))
    added = data_roots((str(folder),)).roots[-1]
    both = DataRoots((*roots.roots, *([added] if added not in roots.roots else [])))
    alone = load(DataRoots((added,)), ("ontology",), derived=False)
    own, base = _policies(alone), _policies(load(roots, ("ontology",), derived=False))
    if own & base:  # another version of a policy that is here
        both = _WithoutPolicies(both.roots)
    changing = {s.value for policy in base for s in alone.subjects(ELI.amends, Iri(policy))}
    return _Found(load(both, PUBLIC), own, amends=own <= changing)


def _policies(graph: Graph) -> frozenset[str]:
    return frozenset(s.value for s in graph.subjects(RDF.type, Iri(PG.Policy)))
