"""Where the data folders are: a checkout, the installed wheel, and further roots that add policies."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from policygraph.errors import MachineError, Text, UsageError

_PACKAGE = Path(__file__).resolve().parent
ENV_DATA = "POLICYGRAPH_DATA"


@dataclass(frozen=True, slots=True)
class DataRoots:
    """Folders that each hold some of `ontology/`, `shapes/`, `queries/`; the first is the base."""

    roots: tuple[Path, ...]

    @property
    def base(self) -> Path:
        """Folder with the engine's own schema, shapes and queries."""
        return self.roots[0]

    def files(self, folder: str, pattern: str) -> list[tuple[str, Path]]:
        """Return (path relative to its root, path) of the files below a folder, sorted, over all roots."""
        found = []
        for index, root in enumerate(self.roots):
            for path in sorted((root / folder).rglob(pattern)):
                prefix = "" if index == 0 else f"+{index}/"
                found.append((prefix + path.relative_to(root).as_posix(), path))
        return found


def base_root() -> Path:
    """Return the checkout's root when running from one, else the data inside the installed package."""
    for candidate in (_PACKAGE.parent.parent, _PACKAGE / "data"):
        if (candidate / "ontology" / "core.ttl").is_file():
            return candidate
    raise MachineError(
        Text("找不到随程序提供的 ontology/ 目录。", "The ontology/ folder that ships with the program is missing."),
        Text("请重新安装 policygraph。", "Reinstall policygraph."),
        str(_PACKAGE),
    )


def data_roots(extra: tuple[str, ...] = ()) -> DataRoots:
    """Return the base root and the further roots named by the caller or by POLICYGRAPH_DATA.

    Args:
        extra: Folders that add policies; each holds `ontology/`, and may hold `shapes/` and `queries/`.

    Raises:
        UsageError: A folder does not exist or has no `ontology/`.
    """
    named = [*os.environ.get(ENV_DATA, "").split(os.pathsep), *extra]
    roots = [base_root()]
    for name in filter(None, named):
        path = Path(name).expanduser().resolve()
        if not (path / "ontology").is_dir():
            raise UsageError(
                Text("此目录不含 ontology/ 子目录。", "This folder has no ontology/ inside."),
                Text("请用 --data 指向含 ontology/ 的目录。", "Point --data at a folder that holds ontology/."),
                str(path),
            )
        if path not in roots:
            roots.append(path)
    return DataRoots(tuple(roots))
