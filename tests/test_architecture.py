"""Policy facts stand in the graph, never in Python; modules stay small; every import is a declared dependency."""

from __future__ import annotations

import ast
import re
import statistics
import sys
import tomllib
from decimal import Decimal
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from policygraph.graph.loading import Graph, load
from policygraph.model.terms import Iri, Literal
from policygraph.paths import data_roots
from policygraph.vocab import BASE, PG, RDF, RDFS, XSD

ROOT = Path(__file__).resolve().parent.parent
MODULES = sorted((ROOT / "src" / "policygraph").rglob("*.py"))
NAMED = ("Agency", "ActorGroup", "Actor", "Term", "Policy", "ExternalDocument", "ParameterSet", "Rule", "Benefit")
SHORTEST_NAME = 3  # characters: shorter names, such as 企业, are plain words
NUMERALS = {Decimal(10) ** power for power in range(5)}  # 千 and 万 are numbers of the language, not of a policy
# uvicorn's event loop and parser, Starlette's reader of forms: they import these when they are there.
NEEDED_BY_OTHERS = {"uvloop", "httptools", "python-multipart"}
OURS = {"policygraph", "_typeshed"}  # the latter is known to type checkers only
SMALL = 1000  # whole numbers below it are ordinary counts
OWN_SCHEMES = {
    "modality",
    "outcome",
    "cause",
    "status",
    "verdict",
    "bearing",
    "review-status",
    "bearer-status",
    "aggregate",
}


@pytest.fixture(scope="module")
def graph() -> Graph:
    return load(data_roots())


@pytest.fixture(scope="module")
def trees() -> dict[str, ast.Module]:
    assert len(MODULES) > 40
    return {path.relative_to(ROOT).as_posix(): ast.parse(path.read_text("utf-8")) for path in MODULES}


@pytest.fixture(scope="module")
def constants(trees: dict[str, ast.Module]) -> list[tuple[str, object]]:
    """(module, value) of every constant in code; comments and docstrings may give examples."""
    found = []
    for name, tree in trees.items():
        asides = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        nodes = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in asides)
        found += [(name, node.value) for node in nodes]
    return found


def holding(words: set[str], constants: list[tuple[str, object]]) -> list[tuple[str, str]]:
    pattern = re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True))))
    texts = ((name, pattern.search(value)) for name, value in constants if isinstance(value, str))
    return [(name, match[0]) for name, match in texts if match]


def test_no_name_of_the_policy_stands_in_code(graph: Graph, constants: list[tuple[str, object]]) -> None:
    things = {s for kind in NAMED for s in graph.subjects(RDF.type, Iri(PG[kind]))}
    labels = {o for s in things for o in graph.objects(s, RDFS.label) if isinstance(o, Literal)}
    names = {o.value for o in labels if o.language == "zh" and len(o.value) >= SHORTEST_NAME}
    assert len(names) > 100
    assert holding(names, constants) == []


def test_no_number_of_the_policy_stands_in_code(graph: Graph, constants: list[tuple[str, object]]) -> None:
    numeric = {XSD.integer, XSD.decimal}
    values = {o for _, _, o in graph.triples(None, Iri(PG.value)) if isinstance(o, Literal) and o.datatype in numeric}
    numbers = {number for number in (Decimal(o.value) for o in values) if number >= SMALL or number % 1} - NUMERALS
    assert len(numbers) > 5
    written = [(name, value) for name, value in constants if type(value) is int or _is_number(value)]  # no law in floats
    assert [(name, value) for name, value in written if Decimal(str(value)) in numbers] == []
    words = {o.value for _, _, o in graph.triples(None, Iri(PG.verbatim)) if isinstance(o, Literal)}
    assert holding({word for word in words if len(word) >= SHORTEST_NAME}, constants) == []


def test_no_individual_of_a_policy_stands_in_code(graph: Graph, constants: list[tuple[str, object]]) -> None:
    """Terms and the concepts of the engine's own schemes may; an agency, a code list or a policy may not."""
    policies = {s.value.removeprefix(BASE) for s in graph.subjects(RDF.type, Iri(PG.Policy)) if isinstance(s, Iri)}
    assert policies
    assert holding({*policies, BASE + "policy/", BASE + "agency/", BASE + "actor/"}, constants) == []
    schemes = {scheme for _, value in constants if isinstance(value, str) for scheme in re.findall("scheme/([a-z-]+)", value)}
    assert schemes <= OWN_SCHEMES


def test_modules_are_small() -> None:
    lengths = {path: path.read_text("utf-8").count("\n") for path in MODULES if path.name != "__init__.py"}
    assert [name for name, length in lengths.items() if length > 300] == []
    assert statistics.median(lengths.values()) <= 150


def test_every_import_is_a_declared_dependency_and_every_dependency_is_imported(trees: dict[str, ast.Module]) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extra = [*project["optional-dependencies"]["signing"], *project["optional-dependencies"]["pdf"]]
    declared = {re.split(r"[<>=!~\[ ]", line)[0].lower() for line in (*project["dependencies"], *extra)}
    foreign = {name for tree in trees.values() for name in _imports(tree)} - sys.stdlib_module_names - OURS
    distributions = packages_distributions()
    assert {distributions[name][0].lower() for name in foreign} == declared - NEEDED_BY_OTHERS


def _is_number(value: object) -> bool:
    return isinstance(value, str) and re.fullmatch(r"\d+(\.\d+)?", value) is not None


def _imports(tree: ast.Module) -> set[str]:
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module)
    return {name.split(".")[0] for name in names}
