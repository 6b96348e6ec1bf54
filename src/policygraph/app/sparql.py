"""Runs a caller's own SPARQL over the graph, in the sandbox."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from policygraph.errors import InputError, Text, UsageError, unreadable
from policygraph.model.terms import Table
from policygraph.queries import sandbox
from policygraph.queries.lexer import decode, scan

if TYPE_CHECKING:
    from pathlib import Path
    from typing import BinaryIO

    from policygraph.model.terms import Triple
    from policygraph.paths import DataRoots

MOST_SECONDS = 600.0
_GRAPH_HINT = Text(
    "GRAPH 在此不会匹配：所有陈述都在默认图中，请去掉 GRAPH。",
    "GRAPH matches nothing here: all statements are in the default graph; leave GRAPH out.",
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a query found, and what explains an empty result."""

    result: Table | bool | tuple[Triple, ...]
    notes: tuple[Text, ...]


def query(text: str, roots: DataRoots, seconds: float) -> Outcome:
    """Run a foreign query under a deadline; see `queries.sandbox.run` for what it raises.

    Raises:
        UsageError: The deadline is no sensible number of seconds.
    """
    if not 0 < seconds <= MOST_SECONDS:
        raise UsageError(
            Text(f"时限须大于 0，不超过 {MOST_SECONDS:g} 秒。", f"The time limit must be above 0 and at most {MOST_SECONDS:g} seconds."),
            Text("例如 --timeout 30。", "For instance --timeout 30."),
        )
    result = sandbox.run(text, roots, replace(sandbox.LIMITS, seconds=seconds))
    empty = isinstance(result, Table | tuple) and not result
    return Outcome(result, (_GRAPH_HINT,) if empty and "GRAPH" in scan(decode(text)).words else ())


def read_query(source: BinaryIO | Path) -> str:
    """Return a query from a file or stream.

    Raises:
        InputError: It cannot be read, or is not UTF-8.
    """
    name = str(source.name if hasattr(source, "read") else source)
    try:
        if hasattr(source, "read"):
            data = source.read(4 * sandbox.MAX_CHARACTERS + 1)
        else:
            with source.open("rb") as stream:
                data = stream.read(4 * sandbox.MAX_CHARACTERS + 1)
        return data.decode("utf-8-sig")
    except OSError as error:
        raise InputError(
            *unreadable(error),
            name,
        ) from error
    except UnicodeDecodeError as error:
        raise InputError(
            Text("查询不是 UTF-8 编码。", "The query is not encoded in UTF-8."),
            Text("请将其另存为 UTF-8。", "Save it as UTF-8."),
            name,
        ) from error
