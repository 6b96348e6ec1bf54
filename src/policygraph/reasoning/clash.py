"""Why a graph is inconsistent, or a class unsatisfiable: a smallest set of axioms that HermiT finds contradictory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from policygraph.reasoning.process import run_task

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from policygraph.reasoning.copy import ReasonerCopy

_WITNESS = "https://w3id.org/policygraph/inferred#witness"


def clash(graph: ReasonerCopy, about: str = "", deadline: float | None = None) -> tuple[str, ...]:
    """Return axioms that cannot be true together, none of which can be spared.

    Args:
        graph: The reasoners' copy.
        about: IRI of a class that can have no instance; empty to ask why the graph is inconsistent.
        deadline: Seconds until the search is killed.

    Returns:
        The axioms in functional syntax, sorted; none if there is no contradiction.
    """
    return tuple(run_task("clash", [graph], [about], deadline))


def quick_explain(
    background: list[Any], candidates: Sequence[Any], consistent: Callable[[list[Any]], bool], *, changed: bool = False
) -> list[Any]:
    """Return a smallest part of the candidates that is inconsistent with the background (Junker's QuickXplain).

    It asks about 2·k·log2(n/k) + 2·k times for a conflict of k among n candidates.

    Args:
        background: Axioms that stay.
        candidates: Axioms, inconsistent together with the background.
        consistent: Tells whether axioms can be true together.
        changed: Whether the background grew since it was last found consistent.
    """
    if changed and not consistent(background):
        return []
    if len(candidates) == 1:
        return list(candidates)
    left, right = candidates[: len(candidates) // 2], candidates[len(candidates) // 2 :]
    from_right = quick_explain([*background, *left], right, consistent, changed=True)
    from_left = quick_explain([*background, *from_right], left, consistent, changed=bool(from_right))
    return from_left + from_right


def answer_clash(files: list[str], options: list[str]) -> list[str]:
    """Search in this process; see `clash` for the face that the parent uses."""
    from policygraph.reasoning.java import java_class, load_ontology, start_jvm

    start_jvm()
    ontology = load_ontology(files[0])
    new_manager = java_class("org.semanticweb.owlapi.apibinding.OWLManager").createOWLOntologyManager
    settings = java_class("org.semanticweb.HermiT.Configuration")()
    settings.throwInconsistentOntologyException = False
    reasoner, hash_set = java_class("org.semanticweb.HermiT.Reasoner"), java_class("java.util.LinkedHashSet")

    def consistent(axioms: list[Any]) -> bool:
        made = reasoner(settings, new_manager().createOntology(hash_set(axioms)))
        answer = bool(made.isConsistent())
        made.dispose()
        return answer

    background = []
    if options[0]:
        make = ontology.getOWLOntologyManager().getOWLDataFactory()
        empty, witness = (java_class("org.semanticweb.owlapi.model.IRI").create(iri) for iri in (options[0], _WITNESS))
        background = [make.getOWLClassAssertionAxiom(make.getOWLClass(empty), make.getOWLNamedIndividual(witness))]
    axioms: list[Any] = []
    for stage in _stages(ontology):
        axioms += stage
        if not consistent([*background, *axioms]):
            return sorted(str(axiom) for axiom in quick_explain(background, axioms, consistent))
    return []


def _stages(ontology: Any) -> list[list[Any]]:
    """Return the axioms in parts: a clash mostly lies in the first few, and small sets are quicker to search."""
    stages: list[list[Any]] = [[], [], [], []]
    kinds = {"ClassAssertion": 1, "ObjectPropertyAssertion": 2, "DataPropertyAssertion": 3}
    for axiom in sorted(ontology.getLogicalAxioms(), key=str):
        stages[kinds.get(str(axiom.getAxiomType().getName()), 0)].append(axiom)
    return stages
