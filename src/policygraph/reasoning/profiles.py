"""Membership in the profiles OWL 2 DL and OWL 2 RL, by OWL API."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from policygraph.reasoning.process import run_task

if TYPE_CHECKING:
    from collections.abc import Sequence

    from policygraph.reasoning.copy import ReasonerCopy


@dataclass(frozen=True, slots=True, order=True)
class Violation:
    """One thing outside a profile.

    Attributes:
        part: Name of the graph that was checked.
        profile: "DL" or "RL".
        kind: OWL API's name of the rule that is broken, for instance UseOfUndeclaredClass.
        axiom: The axiom, in functional syntax.
    """

    part: str
    profile: str
    kind: str
    axiom: str


def profile_violations(parts: Sequence[tuple[str, ReasonerCopy, str]], deadline: float | None = None) -> tuple[Violation, ...]:
    """Check copies of the graph against profiles, all in one JVM.

    Args:
        parts: Name of the part, its copy, and "DL" or "RL".
        deadline: Seconds until the JVM is killed.

    Returns:
        The violations, sorted; none when every part is in its profile.
    """
    found = run_task("profiles", [copy for _, copy, _ in parts], [profile for *_, profile in parts], deadline)
    checked = zip(parts, found, strict=True)
    return tuple(sorted({Violation(part, profile, *row) for (part, _, profile), rows in checked for row in rows}))


def answer_profiles(files: list[str], profiles: list[str]) -> list[list[tuple[str, str]]]:
    """Check files in this process; see `profile_violations` for the face that the parent uses."""
    from policygraph.reasoning.java import java_class, load_ontology, start_jvm

    start_jvm()
    answer = []
    for file, profile in zip(files, profiles, strict=True):
        checker = java_class(f"org.semanticweb.owlapi.profiles.OWL2{profile}Profile")()
        found = checker.checkOntology(load_ontology(file)).getViolations()
        answer.append([(str(v.getClass().getSimpleName()), str(v.getAxiom() or v)) for v in found])
    return answer
