"""The build hook that brings in browser libraries: only what is pinned, whole or not at all, and never in the way."""

from __future__ import annotations

import base64
import hashlib
import importlib.util
import io
import json
import re
import stat
import tarfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from types import ModuleType

ROOT = Path(__file__).resolve().parent.parent
PLAN = json.loads((ROOT / "vendor.json").read_text("utf-8"))
NAME = "library@1.0.0"


@pytest.fixture(scope="module")
def hook() -> ModuleType:
    spec = importlib.util.spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class App:
    """What the hook shows its warnings with."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def display_warning(self, message: str) -> None:
        self.said.append(message)


@pytest.fixture
def archive() -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        body = b"export default 1;\n"
        entry = tarfile.TarInfo("package/build/library.js")
        entry.size = len(body)
        tar.addfile(entry, io.BytesIO(body))
    return packed.getvalue()


@pytest.fixture
def project(tmp_path: Path, archive: bytes, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with one library, and an npm that hands out the archive beside it, if there is one."""
    root, programs = tmp_path / "project", tmp_path / "bin"
    (root / "src/policygraph/web/assets").mkdir(parents=True)
    (root / "LICENSES").mkdir()
    programs.mkdir()
    integrity = "sha512-" + base64.b64encode(hashlib.sha512(archive).digest()).decode()
    package = {"integrity": integrity, "files": {"build/library.js": "library.js"}, "licence": "MIT", "copyright": "(c) A", "contains": []}
    (root / "vendor.json").write_text(json.dumps({"packages": {NAME: package}, "licences": {"MIT": "Granted."}}), "utf-8")
    served = tmp_path / "library.tgz"
    served.write_bytes(archive)
    npm = programs / "npm"
    npm.write_text(
        f'#!/bin/sh\nwhile [ "$1" != --pack-destination ]; do shift; done\n[ -f "{served}" ] && cp "{served}" "$2/library-1.0.0.tgz"\n'
    )
    npm.chmod(npm.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{programs}:/usr/bin:/bin")
    monkeypatch.delenv("CI", raising=False)
    return root


def run(hook: ModuleType, project: Path) -> App:
    app = App()
    made: Any = hook.VendorHook(str(project), {}, None, None, str(project), "wheel", app)
    made.initialize("standard", {})
    return app


def vendored(hook: ModuleType, project: Path) -> set[str]:
    folder = project / hook.VENDOR
    return {path.name for path in folder.iterdir()} if folder.is_dir() else set()


def test_what_is_pinned_is_brought_in_with_its_notices(hook: ModuleType, project: Path) -> None:
    assert run(hook, project).said == []
    assert vendored(hook, project) == {"library.js", "notices.txt", "vendor.sha256"}
    assert (project / hook.VENDOR / "library.js").read_bytes() == b"export default 1;\n"
    assert "(c) A" in (project / hook.VENDOR / "notices.txt").read_text("utf-8")


def test_what_is_there_is_not_fetched_again_until_the_plan_changes(hook: ModuleType, project: Path) -> None:
    run(hook, project)
    (project.parent / "library.tgz").unlink()
    assert run(hook, project).said == []
    (project / "vendor.json").write_text((project / "vendor.json").read_text("utf-8") + " ", "utf-8")
    assert run(hook, project).said
    assert "library.js" in vendored(hook, project)  # the older one stays until there is another


def test_without_the_registry_the_build_goes_on_and_says_what_is_missing(hook: ModuleType, project: Path) -> None:
    (project.parent / "library.tgz").unlink()
    (said,) = run(hook, project).said
    assert "plain form" in said
    assert vendored(hook, project) == set()
    assert not list((project / "src/policygraph/web/assets").iterdir())  # nothing half done is left


def test_without_the_registry_ci_fails(hook: ModuleType, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (project.parent / "library.tgz").unlink()
    monkeypatch.setenv("CI", "true")
    with pytest.raises(OSError, match="npm pack"):
        run(hook, project)


def test_other_bytes_are_refused_everywhere(hook: ModuleType, project: Path, archive: bytes) -> None:
    (project.parent / "library.tgz").write_bytes(archive + b"\0")
    with pytest.raises(hook.IntegrityError, match=r"vendor\.json pins"):
        run(hook, project)
    assert vendored(hook, project) == set()


def test_node_is_asked_for_only_where_something_must_be_fetched_without_npm(
    hook: ModuleType, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def asked() -> list[str]:
        made: Any = hook.VendorHook(str(project), {}, None, None, str(project), "wheel", App())
        found: list[str] = made.dependencies()
        return found

    assert asked() == []
    monkeypatch.setenv("PATH", "/nonexistent")
    assert asked() == [hook.NODE]


# ---------------------------------------------------------------- the plan itself
def test_the_plan_pins_versions_and_hashes_and_names_no_registry() -> None:
    text = (ROOT / "vendor.json").read_text("utf-8") + (ROOT / "hatch_build.py").read_text("utf-8")
    assert not re.search(r"https?://", text)
    for name, package in PLAN["packages"].items():
        assert re.fullmatch(r"(@[\w.-]+/)?[\w.-]+@\d+\.\d+\.\d+", name)
        assert len(base64.b64decode(package["integrity"].removeprefix("sha512-"))) == 64
        assert all("/" not in file for file in package["files"].values())
        assert package["contains"]


def test_every_licence_of_the_plan_has_its_text(hook: ModuleType) -> None:
    text = hook.notices(PLAN, ROOT / "LICENSES")
    for name, package in PLAN["packages"].items():
        assert name in text
        for part in package["contains"]:
            assert part["name"] in text
            assert part["copyright"] in text
            assert f"{'=' * 78}\n{part['licence']}\n" in text


def test_git_ignores_what_is_brought_in() -> None:
    assert "/src/policygraph/web/assets/vendor/" in (ROOT / ".gitignore").read_text("utf-8").splitlines()
