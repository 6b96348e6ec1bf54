"""Lays files over the policy: amendments and adopted readings, for a run that is asked for with `--with`.

An overlay is foreign: it is parsed in a child process, judged statement by statement, and refused whole when one of them is not an
overlay's to make or the amended policy no longer holds together. Nothing is decided then.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from policygraph.app.admitting import admit
from policygraph.app.adopting import affected, substitutes, swaps
from policygraph.app.soundness import require
from policygraph.errors import InputError, LimitError, Text, UsageError, unreadable
from policygraph.graph import parsing
from policygraph.graph.loading import derive
from policygraph.model.terms import Iri
from policygraph.queries.entities import Entities
from policygraph.vocab import PG, RDF

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from policygraph.app.admitting import Admitted, Refused
    from policygraph.app.setting import Setting
    from policygraph.graph.memory import Graph
    from policygraph.model.terms import Triple

MAX_STATEMENTS = 5_000
_SHOWN = 20
_BASE = "https://overlay.invalid/"


@dataclass(frozen=True, slots=True)
class Overlay:
    """One file that was laid over the policy.

    Attributes:
        source: The file as the caller named it.
        sha256: Digest of its bytes.
        admitted: What it states.
    """

    source: str
    sha256: str
    admitted: Admitted


@dataclass(frozen=True, slots=True)
class Amended:
    """What makes an amended setting of a plain one.

    Attributes:
        before: The setting without overlays.
        overlays: The files, in their order.
        adopted: reading → option.
        swaps: Statements of rules and checks that were exchanged, for shapes that are read from files.
        affected: reading → rules and checks on which its options bear.
    """

    before: Setting
    overlays: tuple[Overlay, ...]
    adopted: Mapping[str, str]
    swaps: Mapping[Triple, Triple]
    affected: Mapping[str, frozenset[str]]

    def source(self, reading: str) -> str:
        """Return the file that adopts an option of a reading."""
        return next((o.source for o in self.overlays if reading in o.admitted.adopts), "")


def overlay(setting: Setting, paths: Sequence[str | Path]) -> Setting:
    """Return a setting whose graph is amended by overlays.

    Args:
        setting: What the run rests on.
        paths: Turtle files; a later one may build on an earlier one.

    Raises:
        UsageError: A file is no Turtle file by its name, or there is an amendment already.
        InputError: A file cannot be read, states what an overlay must not, or breaks the policy; names the fault.
        LimitError: It is too large or too slow to parse.
    """
    if not paths:
        return setting
    before = _before(setting)
    found: list[Overlay] = [*setting.amended.overlays] if setting.amended else []
    for path in paths:
        graph = _added(before, found)
        adopted = {reading: option for o in found for reading, option in o.admitted.adopts.items()}
        found.append(_read(Path(path), graph, adopted, f"{_BASE}{len(found) + 1}/"))
    adopted = {reading: option for o in found for reading, option in o.admitted.adopts.items()}
    amended = _amend(before, tuple(found), adopted)
    require(amended.graph, before.graph, before.roots, ", ".join(o.source for o in found))
    return amended


def others(setting: Setting) -> Iterator[tuple[str, str, Setting]]:
    """Yield (reading, option, setting) for each adopted reading under each of its other options; '' is the reading as stored."""
    amended = setting.amended
    if amended is None:
        return
    before = _before(setting)
    for reading, chosen in sorted(amended.adopted.items()):
        options = sorted(o.value for o in setting.graph.objects(Iri(reading), PG.hasOption))
        for option in ("", *options):
            if option != chosen:
                kept = {r: o for r, o in amended.adopted.items() if r != reading}
                yield reading, option, _amend(before, amended.overlays, kept | ({reading: option} if option else {}))


def _before(setting: Setting) -> Setting:
    """Return the setting without overlays, on the same days."""
    return replace(setting.amended.before, today=setting.today, as_of=setting.as_of) if setting.amended else setting


def _amend(before: Setting, overlays: tuple[Overlay, ...], adopted: Mapping[str, str]) -> Setting:
    graph = _added(before, overlays)
    instead = substitutes(graph, adopted.values())
    exchanged = swaps(graph, instead)
    bearing = {reading: affected(graph, _replaced(graph, reading)) for reading in adopted}
    if exchanged:
        graph.exchange(exchanged)
        derive(graph, before.roots)
    return replace(before, graph=graph, amended=Amended(before, overlays, dict(adopted), exchanged, bearing))


def _added(before: Setting, overlays: Sequence[Overlay]) -> Graph:
    graph = before.graph.copy()
    graph.extend(triple for o in overlays for triple in o.admitted.triples)
    derive(graph, before.roots)
    return graph


def _replaced(graph: Graph, reading: str) -> set[Iri]:
    """Return the nodes that some option of a reading replaces."""
    nodes = {new for option in graph.objects(Iri(reading), PG.hasOption) for new in graph.subjects(PG.underOption, option)}
    return {old for new in nodes for old in graph.objects(new, PG.insteadOf) if isinstance(old, Iri)}


# ---------------------------------------------------------------- reading
def _read(path: Path, graph: Graph, adopted: Mapping[str, str], base: str) -> Overlay:
    if path.suffix.lower() not in parsing.FORMATS["turtle"]:
        raise UsageError(
            Text("叠加文件须为 Turtle（.ttl）。", "An overlay is a Turtle file (.ttl)."),
            Text("请把要叠加的内容写成 Turtle。", "Write what is to be laid over in Turtle."),
            str(path),
        )
    try:
        with path.open("rb") as stream:
            data = stream.read(parsing.MAX_BYTES + 1)
    except OSError as error:
        raise InputError(*unreadable(error), str(path)) from error
    triples = parsing.parse(data, "turtle", name=str(path), base=base)
    if len(triples) > MAX_STATEMENTS:
        raise LimitError(
            Text("叠加文件有 {n} 条陈述，最多 {most} 条。", "The overlay makes {n} statements; at most {most} are read.").format(
                n=len(triples), most=MAX_STATEMENTS
            ),
            Text("请拆分文件。", "Split the file."),
            str(path),
        )
    admitted, refused = admit(triples, graph, adopted)
    if refused:
        raise _refusal(refused, graph, str(path))
    return Overlay(str(path), hashlib.sha256(data).hexdigest(), admitted)


def _refusal(refused: Sequence[Refused], graph: Graph, where: str) -> InputError:
    names = Entities(graph)

    @cache
    def statement(triple: Triple) -> str:
        subject, predicate, value = triple
        verb = "a" if predicate.value == RDF.type else names.short(predicate)
        said = names.short(value)
        return f"{names.short(subject)} {verb} {said if len(said) <= 80 else said[:79] + '…'}"

    def lines(language: str) -> str:
        said = "".join(f"\n  {statement(r.triple)}: {r.why.in_language(language)}" for r in refused[:_SHOWN])
        more = len(refused) - _SHOWN
        rest = Text(f"\n  …另有 {more} 条", f"\n  … and {more} more").in_language(language) if more > 0 else ""
        return said + rest

    return InputError(
        Text("叠加文件含不得叠加的陈述：" + lines("zh"), "The overlay states what an overlay must not:" + lines("en")),
        Text("请删去或改写这些陈述；未作任何判读。", "Remove or rewrite these statements; nothing was decided."),
        where,
    )
