"""What OWL reasoners say of the graph: profiles, consistency, unsatisfiable classes, types that nobody stated."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from policygraph.graph.loading import load, source_files
from policygraph.model.terms import Iri
from policygraph.reasoning.clash import clash
from policygraph.reasoning.copy import reasoner_copy
from policygraph.reasoning.hermit import infer
from policygraph.reasoning.profiles import profile_violations
from policygraph.vocab import RDF

if TYPE_CHECKING:
    from policygraph.paths import DataRoots
    from policygraph.reasoning.profiles import Violation

PARTS = (("schema", "DL"), ("schema", "RL"), ("graph", "DL"))
EXPLAINED = 3  # an explanation asks the reasoner about a hundred times


@dataclass(frozen=True, slots=True)
class Reasoned:
    """What was found.

    Attributes:
        read: Triples that the reasoners read.
        left_out: Triples that they cannot read, by reason.
        violations: What is outside its profile.
        consistent: Whether the graph can be true at all.
        clash: A smallest set of axioms that contradict each other, if it cannot.
        unsatisfiable: Class that can have no instance → the axioms why; empty axioms beyond the first few classes.
        untyped: (individual, class) that follow and that no file states.
    """

    read: int
    left_out: dict[str, int]
    violations: tuple[Violation, ...]
    consistent: bool
    clash: tuple[str, ...]
    unsatisfiable: dict[str, tuple[str, ...]]
    untyped: tuple[tuple[str, str], ...]

    @property
    def faulty(self) -> bool:
        """Whether there is anything to repair; a type that follows without being stated is only worth a look."""
        return bool(self.violations or self.unsatisfiable) or not self.consistent


def reason(roots: DataRoots, deadline: float | None = None) -> Reasoned:
    """Check the schema and the whole graph.

    The schema is what lies directly in `ontology/`; it must be in OWL 2 DL and in OWL 2 RL, the whole graph in DL.

    Args:
        roots: Where the files are.
        deadline: Seconds for each run of a reasoner.

    Raises:
        LimitError: A reasoner did not end in time.
        MachineError: Java or a library is missing.
    """
    stated = load(roots, derived=False)
    graph = reasoner_copy(stated)
    schema = reasoner_copy(triple for file in source_files(roots) if _is_schema(file.name) for triple in file.triples())
    copies = {"schema": schema, "graph": graph}
    violations = profile_violations([(part, copies[part], profile) for part, profile in PARTS], deadline)
    found = infer(graph, deadline)
    typed = load(roots).triples(None, Iri(RDF.type))
    known = {(s.value, o.value) for s, _, o in typed if isinstance(s, Iri) and isinstance(o, Iri)}
    return Reasoned(
        read=len(graph.triples),
        left_out=graph.left_out,
        violations=violations,
        consistent=found.consistent,
        clash=() if found.consistent else clash(graph, deadline=deadline),
        unsatisfiable={name: clash(graph, name, deadline) if place < EXPLAINED else () for place, name in enumerate(found.unsatisfiable)},
        untyped=tuple(sorted(found.types - known)),
    )


def _is_schema(name: str) -> bool:
    """Tell whether a file lies directly in a root's `ontology/` folder."""
    return PurePosixPath(name).parent.name == "ontology"
