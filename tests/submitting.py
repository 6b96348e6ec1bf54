"""Writes submissions from plain facts, as Turtle or JSON-LD, and runs the real pipeline on them."""

from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from policygraph.app.checking import Setting, check_submission
from policygraph.app.deciding import Decider
from policygraph.app.facts import facts as stated_facts
from policygraph.app.overlays import overlay
from policygraph.engine.deciding import conclude, load_steps
from policygraph.graph.loading import digest, load
from policygraph.graph.parsing import parse
from policygraph.model.terms import Iri, Literal
from policygraph.paths import DataRoots, data_roots
from policygraph.records.copying import copy_submission
from policygraph.records.keys import duplicates
from policygraph.records.kinds import Field, Kind, load_kinds
from policygraph.store.embedded import EmbeddedStore
from policygraph.vocab import BASE, PG, PREFIXES, XSD

if TYPE_CHECKING:
    from policygraph.graph.memory import Graph
    from policygraph.model.answers import CheckReport, DecisionResult, RecordReport

TESTS = Path(__file__).resolve().parent
TODAY = dt.date(2026, 11, 22)
PROLOGUE = "".join(f"@prefix {p}: <{n}> .\n" for p, n in {**PREFIXES, "s": BASE + "scheme/", "tal": BASE + "talent#"}.items())
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")

Facts = dict[str, Any]


@dataclass(frozen=True)
class Submitted:
    """One record to be: its kind, its facts as words, and statements in Turtle that no fact can express."""

    kind: str
    facts: Facts = field(default_factory=dict)
    extra: str = ""


def setting(roots: DataRoots, as_of: str = "") -> Setting:
    """Return what a run rests on, with a fixed today."""
    day = dt.date.fromisoformat(as_of) if as_of else None
    return Setting(roots, load(roots, ("ontology", "shapes")), digest(roots), TODAY, day)


@cache
def standard(beside: str = "", as_of: str = "") -> Setting:
    """Return the setting of the policy as it stands, or with one of `tests/overlays` beside it."""
    return setting(data_roots((str(TESTS / "overlays" / beside),) if beside else ()), as_of)


def adopting(name: str, as_of: str = "", under: Setting | None = None) -> Setting:
    """Return the setting of the policy, or another one, with one of `examples/overlays` laid over it."""
    return overlay(under or standard("", as_of), [TESTS.parent / "examples/overlays" / f"{name}.ttl"])


@cache
def kinds() -> dict[str, Kind]:
    """Return the kinds by the last segment of their IRI."""
    return {kind.short: kind for kind in load_kinds(EmbeddedStore(standard().graph)).values()}


def turtle(records: list[Submitted]) -> str:
    """Write records in Turtle, in their order."""
    return PROLOGUE + "".join(
        f"<#r{number}> a <{kinds()[r.kind].iri}>{_statements(kinds()[r.kind], r.facts)}{f' ; {r.extra}' if r.extra else ''} .\n"
        for number, r in enumerate(records, 1)
    )


def jsonld(records: list[Submitted]) -> str:
    """Write records in JSON-LD with plain keys, short codes and real JSON numbers, as another system would."""
    return (
        json.dumps([{"@type": r.kind, **_plain(kinds()[r.kind], r.facts)} for r in records], ensure_ascii=False)
        .replace('"\\u0000', "")
        .replace('\\u0000"', "")
    )


def check(text: str | bytes, ending: str = ".ttl", under: Setting | None = None) -> CheckReport:
    """Run the pipeline on the text of a file."""
    with TemporaryDirectory(prefix="policygraph-") as folder:
        path = Path(folder) / f"submission{ending}"
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return check_submission(under or standard(), str(path))


def judgements(records: list[Submitted], under: Setting | None = None) -> list[tuple[DecisionResult, ...]]:
    """Return what every rule says of each record, rules on conformity too, which reports leave to their checks."""
    decider = Decider(under or standard())
    copied = copy_submission(parse(turtle(records).encode(), "turtle", base="https://submitted.invalid/"), decider.kinds, lambda _: False)
    store, repeated = decider.store(), duplicates(copied.records)
    known = [t for r in copied.records for t in (*r.triples, *stated_facts(r, under or standard()))]
    store.load([*known, *repeated, *decider.conclusions(copied.records, repeated)])
    found = decider.explainer.over(store).decisions
    return [found.get(record.iri, ()) for record in copied.records]


def concluded(records: list[Submitted], graph: Graph | None = None) -> EmbeddedStore:
    """Run the engine alone on records as of today, without any check, and return its store; records are numbered from 1."""
    store = EmbeddedStore((graph or standard().graph).copy())
    known = {kind.iri: kind for kind in kinds().values()}
    copied = copy_submission(parse(turtle(records).encode(), "turtle", base="https://submitted.invalid/"), known, lambda _: False)
    assert not copied.refusals
    for record in copied.records:
        facts = {PG.sourcePosition: Literal(str(record.position), XSD.integer), PG.asOf: Literal(TODAY.isoformat(), XSD.date)}
        store.load([*record.triples, *((Iri(record.iri), Iri(path), value) for path, value in facts.items())])
    conclude(store, load_steps(standard().roots))
    return store


def decided(records: list[Submitted]) -> list[set[str]]:
    """Return what the engine alone decides on each record."""
    rows = concluded(records).select(
        f"SELECT ?position ?outcome WHERE {{ ?x <{PG.sourcePosition}> ?position ; <{PG.decision}>/<{PG.outcome}> ?outcome }}"
    )
    found: list[set[str]] = [set() for _ in records]
    for row in rows.dicts():
        found[int(row["position"].value) - 1].add(row["outcome"].value.rpartition("/")[2])
    return found


def findings(report: RecordReport) -> dict[str, str]:
    """Return the findings of a record: field, or else short name of the check → verdict; notes on duplicates are left out."""
    return {f.path.short if f.path else f.shape.short: f.verdict for f in report.findings if f.shape.iri != PG.uniqueKey}


def _each(kind: Kind, facts: Facts) -> list[tuple[Field, list[Any]]]:
    fields = {f.path.rpartition("#")[2]: f for f in kind.fields}
    return [(fields[name], value if isinstance(value, list) else [value]) for name, value in facts.items()]


def _statements(kind: Kind, facts: Facts) -> str:
    return "".join(f" ; <{f.path}> {_object(f, value)}" for f, values in _each(kind, facts) for value in values)


def _object(of: Field, value: Any) -> str:
    if isinstance(value, dict) and "turtle" in value:
        return str(value["turtle"])
    if of.row_class:
        return f"[ a <{of.row_class}>{_statements(kinds()[of.row_class.rpartition('#')[2]], value)} ]"
    if of.code_list:
        return f"<{of.code_list}/{value}>"
    return f"{json.dumps(value, ensure_ascii=False)}^^<{of.datatype}>"


def _plain(kind: Kind, facts: Facts) -> dict[str, Any]:
    found = {}
    for of, values in _each(kind, facts):
        plain = [_plain_value(of, value) for value in values]
        found[of.path.rpartition("#")[2]] = plain if len(plain) > 1 else plain[0]
    return found


def _plain_value(of: Field, value: Any) -> Any:
    if of.row_class:
        return _plain(kinds()[of.row_class.rpartition("#")[2]], value)
    if of.datatype == XSD.boolean and value in {"true", "false"}:
        return value == "true"
    if of.datatype in {XSD.integer, XSD.decimal} and _NUMBER.fullmatch(value):
        return f"\0{value}\0"  # written as a JSON number without passing through a float
    return value
