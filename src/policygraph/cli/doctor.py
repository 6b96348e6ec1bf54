"""`policygraph doctor`: what works on this machine, and what to do about what does not."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from policygraph.errors import Text

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from policygraph.app.doctor import Check
    from policygraph.cli.context import Context

SUMMARY = Text("检查本机环境：Java、存储、数据与各库版本。", "Check this machine: Java, store, data, versions of the libraries.")
EXAMPLE = "policygraph doctor"
_FORMAT = Text("输出格式：text 或 json", "form of the output: text or json")
_WELL = Text("一切正常。", "Everything works.")
_ILL = Text("有 {count} 处需要处理。", "Things to mend: {count}.")


def configure(parser: ArgumentParser, language: str) -> None:
    """Add the options."""
    parser.add_argument("--format", choices=("text", "json"), default="text", help=_FORMAT.in_language(language))


def execute(args: Namespace, context: Context) -> int:
    """Print what was found; 1 if anything does not work."""
    from policygraph.app.doctor import examine
    from policygraph.cli.output import write

    checks = []
    for check in examine(context.roots):
        checks.append(check)
        if args.format == "text":
            write(line(check, context.language))  # at once, since Java and the sandbox take a moment
    ill = sum(not check.works for check in checks)
    if args.format == "json":
        write(json.dumps({"works": not ill, "checks": [_plain(check) for check in checks]}, ensure_ascii=False, indent=2) + "\n")
    else:
        write((_ILL.format(count=ill) if ill else _WELL).in_language(context.language) + "\n")
    return int(bool(ill))


def line(check: Check, language: str) -> str:
    """Return a line for a check, and one with what to do when it does not work."""
    from policygraph.cli.width import pad

    mark = "✓" if check.works else "✗"
    found = check.found.in_language(language).replace("\n", "\n" + " " * 30)
    text = f"{mark} {pad(check.name.in_language(language), 26)}  {found}\n"
    if not check.works and check.fix is not None:
        text += f"{' ' * 30}→ {check.fix.in_language(language)}\n"
    return text


def _plain(check: Check) -> dict[str, object]:
    def both(text: Text | None) -> dict[str, str] | None:
        return {"zh": text.zh, "en": text.en} if text else None

    return {"name": both(check.name), "works": check.works, "found": both(check.found), "fix": both(check.fix)}
