"""The invented policy of `tests/second-policy`, in a field and namespace of its own, loaded beside the first policy."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from policygraph.app.checking import Setting
from policygraph.graph.loading import PUBLIC, digest, load
from policygraph.model.terms import Table
from policygraph.paths import DataRoots, data_roots
from policygraph.queries.catalogue import Question, read_questions
from policygraph.queries.entities import Entities
from policygraph.queries.parameters import resolve

if TYPE_CHECKING:
    from policygraph.graph.memory import Graph

ROOT = Path(__file__).parent / "second-policy"
REPOSITORY = ROOT.parent.parent
EXPECTED = yaml.safe_load((ROOT / "expected.yaml").read_text("utf-8"))
SECOND, AMENDMENT = "https://example.org/linlan/policy/retrofit-2024", "https://example.org/linlan/policy/cap-2025"
TEAMS, COMBINED = "https://example.org/linlan/policy/teams-2025", "https://example.org/linlan/policy/combined-2025"


def both() -> DataRoots:
    """Return the data of both policies."""
    return data_roots((str(ROOT),))


@dataclass(frozen=True)
class World:
    """A set of data roots, loaded."""

    setting: Setting
    entities: Entities
    questions: dict[str, Question]

    @classmethod
    def of(cls, roots: DataRoots) -> World:
        """Load what the data roots publish."""
        graph = load(roots, PUBLIC)
        return cls(Setting(roots, graph, digest(roots), EXPECTED["today"]), Entities(graph), read_questions(roots))

    @property
    def graph(self) -> Graph:
        """The graph that is asked."""
        return self.setting.graph

    def ask(self, question: str, params: dict[str, str] | None = None, language: str = "zh") -> Table:
        """Ask a question of the catalogue."""
        asked = self.questions[question]
        table = self.graph.query(asked.bind(resolve(asked, params or {}, self.entities), language))
        assert isinstance(table, Table)
        return table


@cache
def both_policies() -> World:
    """Return both policies, loaded."""
    return World.of(both())


@cache
def first_alone() -> World:
    """Return the first policy, loaded without the second."""
    return World.of(data_roots())
