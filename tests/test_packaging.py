"""The wheel is complete: installed in an environment of its own, it answers from any folder."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import sysconfig
import tomllib
import zipfile
from email import message_from_string
from pathlib import Path

import pytest

import policygraph

ROOT = Path(__file__).resolve().parent.parent
DATA = ("ontology", "shapes", "queries", "examples")


def run(*command: str | Path, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command without anything that could lead it back to the checkout."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "POLICYGRAPH", "VIRTUAL"))}
    return subprocess.run(
        [str(word) for word in command],
        cwd=cwd,
        env={**kept, "PYTHONUTF8": "1", **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel built from a source distribution, so that both are known to hold what they must."""
    folder = tmp_path_factory.mktemp("dist")
    built = run(sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, ROOT, cwd=folder)
    assert built.returncode == 0, built.stdout + built.stderr
    (found,) = folder.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new environment with the wheel in it, and this one's libraries in sight.

    Its .pth line adds the folder of the libraries, not what that folder's own .pth files add: the editable checkout.
    """
    folder = tmp_path_factory.mktemp("environment")
    assert run(sys.executable, "-m", "venv", "--without-pip", folder, cwd=folder).returncode == 0
    (packages,) = folder.glob("lib/python*/site-packages")
    libraries = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    (packages / "libraries.pth").write_text("".join(f"{library}\n" for library in sorted(libraries)))
    quiet = ("-q", "--disable-pip-version-check", "--no-deps", "--no-index")
    into = ("--python", folder / "bin" / "python")
    installed = run(sys.executable, "-m", "pip", *into, "install", *quiet, wheel, cwd=folder)
    assert installed.returncode == 0, installed.stderr
    return folder


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("elsewhere")


def test_wheel_holds_every_data_file(wheel: Path) -> None:
    packed = set(zipfile.ZipFile(wheel).namelist())
    tracked = {
        path.relative_to(ROOT).as_posix()
        for folder in DATA
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and not path.name.startswith(".")
    }
    assert len(tracked) > 100
    assert sorted(name for name in tracked if f"policygraph/data/{name}" not in packed) == []
    assert {"policygraph/py.typed", "policygraph/cli/main.py"} <= packed
    assert not [name for name in packed if name.startswith(("tests/", "benchmarks/"))]


def test_wheel_holds_the_browser_libraries_and_their_notices(wheel: Path) -> None:
    """They need no node where it is installed; a build without the registry goes without them, and CI refuses that."""
    packed = set(zipfile.ZipFile(wheel).namelist())
    plan = json.loads((ROOT / "vendor.json").read_text("utf-8"))
    wanted = {file for package in plan["packages"].values() for file in package["files"].values()} | {"notices.txt"}
    assert wanted >= {"yasgui.js", "yasgui.css"}
    if os.environ.get("CI") != "true" and not (ROOT / "src/policygraph/web/assets/vendor").is_dir():
        pytest.skip("the browser libraries of vendor.json are not installed")
    assert {f"policygraph/web/assets/vendor/{file}" for file in wanted} <= packed
    assert {"policygraph/web/assets/app.css", "policygraph/web/assets/sparql.js", "policygraph/reports/assets/report.css"} <= packed


def test_wheel_declares_its_licences(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    (metadata,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
    head = message_from_string(archive.read(metadata).decode("utf-8"))
    names = set(head["License-Expression"].split(" AND "))
    assert {Path(name).stem for name in head.get_all("License-File")} == names
    declared = tomllib.loads((ROOT / "REUSE.toml").read_text("utf-8"))["annotations"]
    assert {entry["SPDX-License-Identifier"] for entry in declared} == names
    assert {path.stem for path in (ROOT / "LICENSES").iterdir()} == names
    assert head["Version"] == policygraph.__version__


def test_checkout_has_no_copy_of_the_data() -> None:
    assert not (ROOT / "src" / "policygraph" / "data").exists()


def test_installed_package_is_the_wheel(environment: Path, elsewhere: Path) -> None:
    script = "import policygraph, policygraph.paths as p; print(policygraph.__file__); print(p.base_root())"
    shown = run(environment / "bin" / "python", "-c", script, cwd=elsewhere)
    assert shown.returncode == 0, shown.stderr
    assert all(Path(line).is_relative_to(environment) for line in shown.stdout.split("\n") if line), shown.stdout


def test_version_names_the_digest_of_the_graph(environment: Path, elsewhere: Path) -> None:
    here = run(sys.executable, "-m", "policygraph.cli.main", "--version", cwd=ROOT)
    there = run(environment / "bin" / "python", "-m", "policygraph.cli.main", "--version", cwd=elsewhere)
    assert there.returncode == 0, there.stderr
    assert policygraph.__version__ in there.stdout
    assert re.search(r"\b[0-9a-f]{12,64}\b", there.stdout)
    assert there.stdout == here.stdout


@pytest.mark.parametrize("command", [("ask",), ("reason", "--format", "json")])
def test_commands_run_from_any_folder(environment: Path, elsewhere: Path, command: tuple[str, ...]) -> None:
    shown = run(environment / "bin" / "policygraph", *command, cwd=elsewhere)
    assert shown.returncode == 0, shown.stderr
    assert shown.stdout.strip()
    assert not shown.stderr.strip()


def test_every_question_runs_without_an_argument(environment: Path, elsewhere: Path) -> None:
    name = min((ROOT / "queries" / "ask").glob("*.rq")).stem
    shown = run(environment / "bin" / "policygraph", "ask", name, cwd=elsewhere)
    assert shown.returncode == 0, shown.stderr
    assert len(shown.stdout.splitlines()) > 1


def test_constraints_pin_what_is_declared_and_name_no_registry() -> None:
    text = (ROOT / "constraints.txt").read_text("utf-8")
    pinned = {_key(line.split("==")[0]) for line in text.splitlines() if "==" in line}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    declared = (*project["dependencies"], *extras["test"], *extras["signing"], *extras["pdf"])
    wanted = {_key(re.split(r"[<>=!~\[ ]", line)[0]) for line in declared}
    assert wanted - {project["name"]} <= pinned  # the test extra names another extra of this project
    assert not re.search(r"(?m)://|^-|^--", text)


def _key(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
