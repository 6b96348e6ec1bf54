"""Filters over clauses: actor, section, strength, theme, bearer. Values of one filter add up; each value is counted."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from policygraph.app.reader.facts import Facts
from policygraph.errors import Text
from policygraph.model.terms import local_name
from policygraph.vocab import PG

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from policygraph.app.reader.clauses import Clause
    from policygraph.app.reader.document import Document
    from policygraph.graph.memory import Graph
    from policygraph.model.terms import Iri

NAMES = {
    "actor": Text("主体", "Actor"),
    "measure": Text("章节与措施", "Section or measure"),
    "strength": Text("强度", "Strength"),
    "theme": Text("主题", "Theme"),
    "bearer": Text("承担主体", "Bearer"),
}
_RESPONSIBLE = Text("所在措施的责任单位", "Unit responsible for the measure")
_CONCERNED = Text("条款所涉主体", "Actor in the clause")


@dataclass(frozen=True, slots=True)
class Option:
    """A value of a filter.

    Attributes:
        node: What it is.
        key: What stands for it in an address.
        label: What it is called.
        count: Clauses that it would keep beside the other filters.
        group: Under which heading it is listed.
        depth: How far it is indented.
        chosen: Whether it is in force.
    """

    node: Iri
    key: str
    label: Text
    count: int
    group: Text = Text("", "")  # noqa: RUF009 - it is frozen
    depth: int = 0
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Filtered:
    """What filters leave.

    Attributes:
        facets: Filter → its values, chosen or not.
        matching: The clauses that are left; all when nothing is chosen.
        unknown: Filter and value that nothing goes by.
    """

    facets: Mapping[str, tuple[Option, ...]]
    matching: tuple[Clause, ...]
    unknown: tuple[tuple[str, str], ...]

    @property
    def chosen(self) -> tuple[tuple[str, Option], ...]:
        """The values in force, by filter."""
        return tuple((name, option) for name, options in self.facets.items() for option in options if option.chosen)


class Facets:
    """The filters of one text.

    Args:
        graph: The policy graph.
        document: The text.
        found: Its clauses.
        strengths: Their strengths in order.
    """

    def __init__(self, graph: Graph, document: Document, found: Sequence[Clause], strengths: Sequence[Iri]) -> None:
        self._facts, self._document, self._clauses = Facts(graph), document, found
        self._nodes = {
            "actor": self._ranked({node for clause in found for node in clause.agencies | clause.actors}),
            "measure": [s for s in document.sections if any(s in clause.sections for clause in found)],
            "strength": list(strengths),
            "theme": self._ranked({node for clause in found for node in clause.themes}),
            "bearer": self._ranked({node for clause in found for node in clause.bearers}),
        }
        known = self._nodes | {"theme": [*self._nodes["theme"], *self._ranked({node for clause in found for node in clause.terms})]}
        self._plain = {name: {node: self._option(name, node) for node in nodes} for name, nodes in known.items()}

    def filtered(self, asked: Mapping[str, Sequence[str]]) -> Filtered:
        """Filter the clauses.

        Args:
            asked: Filter → values: their keys, IRIs or labels.
        """
        chosen: dict[str, list[Iri]] = {}
        unknown = []
        for name in NAMES:
            chosen[name] = []
            for value in filter(None, asked.get(name, ())):
                node = self._meant(name, value)
                if node is None:
                    unknown.append((name, value))
                elif node not in chosen[name]:
                    chosen[name].append(node)
        matching = tuple(c for c in self._clauses if all(_keeps(name, c, chosen[name]) for name in NAMES))
        facets = {name: self._options(name, chosen) for name in NAMES}
        return Filtered(facets, matching, tuple(unknown))

    def _options(self, name: str, chosen: Mapping[str, Sequence[Iri]]) -> tuple[Option, ...]:
        left = [c for c in self._clauses if all(_keeps(other, c, chosen[other]) for other in NAMES if other != name)]
        counts = Counter(node for clause in left for node in _values(name, clause))
        nodes = [*self._nodes[name], *(node for node in chosen[name] if node not in self._nodes[name])]
        plain = [self._plain[name][node] for node in nodes]
        return tuple(replace(option, count=counts[option.node], chosen=option.node in chosen[name]) for option in plain)

    def _option(self, name: str, node: Iri) -> Option:
        facts, label, group, depth = self._facts, self._facts.label(node), Text("", ""), 0
        if name == "actor":
            group = _RESPONSIBLE if any(node in clause.agencies for clause in self._clauses) else _CONCERNED
        if name == "measure":
            number = facts.word(node, PG.number)
            label = Text(f"{number} {label.zh}", f"{number} {label.en}") if number else label
            depth = sum(section in self._nodes["measure"] for section in facts.iris(node, PG.within))
        return Option(node, self._key(name, node), label, 0, group, depth)

    def _key(self, name: str, node: Iri) -> str:
        return local_name(node.value) if name in {"strength", "theme"} else self._document.short(node)

    def _meant(self, name: str, value: str) -> Iri | None:
        """Return the value that is meant: one that is offered, or for themes any term that a clause names."""
        for node, option in self._plain[name].items():
            names = (option.key, self._document.short(node), node.value, option.label.zh, option.label.en, self._facts.label(node).zh)
            if value in names:
                return node
        return None

    def _ranked(self, nodes: Iterable[Iri]) -> list[Iri]:
        """Return values, those of most clauses first."""
        counts = Counter(n for c in self._clauses for name in ("actor", "theme") for n in _values(name, c))
        return sorted(nodes, key=lambda node: (-counts[node], node.value))


def _keeps(name: str, clause: Clause, wanted: Sequence[Iri]) -> bool:
    return not wanted or not _values(name, clause).isdisjoint(wanted)


def _values(name: str, clause: Clause) -> frozenset[Iri]:
    match name:
        case "actor":
            return clause.actors | clause.agencies
        case "measure":
            return frozenset(clause.sections)
        case "strength":
            return frozenset(filter(None, [clause.strength]))
        case "bearer":
            return clause.bearers
    return clause.themes | clause.terms
