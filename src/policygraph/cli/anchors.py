"""`policygraph anchors`: are the generated text and anchors of every policy current; with --write, make them so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policygraph.errors import Text

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Iterator

    from policygraph.app.anchors import Anchoring
    from policygraph.cli.context import Context

SUMMARY = Text(
    "核对或生成各政策的 text.txt 与 anchors.ttl。",
    "Check or write text.txt and anchors.ttl of every policy.",
)
EXAMPLE = "policygraph anchors --write"
STATES = {
    "current": Text("最新", "current"),
    "missing": Text("缺失", "missing"),
    "outdated": Text("过时", "outdated"),
    "written": Text("已写入", "written"),
}
_FILE = Text("{name}：{state}", "{name}: {state}")
_PROBLEM = Text("✗ {node}：{what}{fix}", "✗ {node}: {what} {fix}")
_SIZE = Text(
    "{policy}：{characters} 个字符，{sentences} 句，{items} 个文本单元",
    "{policy}: {characters} characters, {sentences} sentences, {items} text items",
)
_STALE = Text(
    "请运行 policygraph anchors --write。",
    "Run policygraph anchors --write.",
)
_BLOCKED = Text(
    "有未能定位的内容，未写入任何文件。",
    "Something could not be placed, so nothing was written.",
)


def configure(parser: ArgumentParser, language: str) -> None:
    """Add the options."""
    write = Text("写入缺失或过时的文件。", "Write the files that are missing or outdated.")
    parser.add_argument("--write", action="store_true", help=write.in_language(language))


def execute(args: Namespace, context: Context) -> int:
    """Print the state of each file; 1 if any is not current or something could not be placed."""
    from policygraph.app.anchors import run
    from policygraph.cli.output import write

    found = run(context.roots, write=args.write)
    write("".join(text.in_language(context.language) + "\n" for anchoring in found for text in lines(anchoring)))
    return int(not all(anchoring.current for anchoring in found))


def lines(found: Anchoring) -> Iterator[Text]:
    """Yield what was found for one policy."""
    yield _SIZE.format(
        policy=found.policy.rpartition("/")[2],
        characters=len(found.text.text),
        sentences=len(found.text.sentences),
        items=len(found.text.items),
    )
    for problem in found.problems:
        yield _PROBLEM.format(node=problem.node.rpartition("/")[2], what=problem.what, fix=problem.fix)
    for file in found.files:
        yield _FILE.format(name=file.name, state=STATES[file.state])
    if found.problems:
        yield _BLOCKED
    elif not found.current:
        yield _STALE
