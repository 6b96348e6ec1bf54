"""The cases would notice: no condition, check or number of the policy can be dropped or loosened without a case that fails."""

from __future__ import annotations

import datetime as dt
import shutil
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from policygraph.errors import DataError
from policygraph.graph.memory import Graph
from policygraph.model.terms import Iri, Literal
from policygraph.paths import DataRoots
from policygraph.shapes.runner import load_shapes, validate
from policygraph.vocab import PG, RDF, SH, SKOS, XSD
from submitting import Submitted, adopting, check, findings, kinds, setting, standard, turtle
from test_cases import FILES, Case, cases, observed, reports, rulings, source

if TYPE_CHECKING:
    from pathlib import Path

    from policygraph.model.answers import RecordReport
    from policygraph.model.terms import Term
    from policygraph.records.kinds import Field

ROOT = standard().roots.base
CHECKS = sorted((ROOT / "shapes/policies").rglob("*.ttl"))
PREFIX = "https://w3id.org/policygraph/policy/cn-410700/xinban-2023-10/"


@cache
def judged() -> dict[Case, RecordReport]:
    """All cases on the policy as it stands (no amendment, no other day) that the pipeline got right."""
    plain = [f for f in FILES if not {"contestAndMedal", "overlay", "with"} & source(f).keys()]
    pairs = ((case, report) for file in plain for case, report in reports(file).items())
    return {c: r for c, r in pairs if "asOf" not in c.wanted}


def seen(report: RecordReport) -> object:
    return report.verdict.short, findings(report), observed(report)


# ---------------------------------------------------------------- conditions
def outcome(alternatives: dict[str, dict[str, str]]) -> str:
    """Kleene's or of ands."""
    all_ = [set(conditions.values()) for conditions in alternatives.values()]
    if any(statuses <= {"satisfied"} for statuses in all_):
        return "eligible"
    return "undetermined" if any("failed" not in statuses for statuses in all_) else "not-eligible"


# Conditions that decide nothing alone, and why; they carry the reading and the open question that an answer shows.
REDUNDANT = (
    {
        (f"award-{tier}", "award-c-not-before-issue"): "before its first day the number of ranks awarded is silent as well"
        for tier in ("national", "provincial", "municipal")
    }
    | {
        (
            f"goal-{share}-not-due",
            "goal-c-not-due",
        ): "below an “about” the text is silent at any time; it decides once a tolerance is adopted"
        for share in ("employment-share", "skilled-share")
    }
    | {
        (f"{part}-before-issue", "c-before-issue-unsettled"): "a year that ended before the document is silent as well"
        for part in ("wages", "plan")
    }
)


def test_every_condition_of_every_alternative_stands_alone_in_some_case() -> None:
    """Dropping a condition from its alternative changes what some case comes to."""
    graph = standard().graph
    written = {
        (alternative.value.rpartition("/")[2], condition.value.rpartition("/")[2])
        for alternative, _, condition in graph.triples(predicate=Iri(PG.hasCondition))
    }
    needed = set()
    for case in judged():
        for decision in rulings(case.file).get(case, ()):
            stand = {a.node.short: {c.node.short: c.status.short for c in a.conditions} for a in decision.alternatives}
            for alternative, conditions in stand.items():
                for dropped in conditions:
                    fewer = {c: s for c, s in conditions.items() if c != dropped}
                    if outcome({**stand, alternative: fewer}) != outcome(stand):
                        needed.add((alternative, dropped))
    assert written
    assert written - needed == set(REDUNDANT)


def test_every_condition_is_failed_or_left_open_by_the_text_in_some_case() -> None:
    """One that only asks whether some row states a fact cannot be failed: rows that are not stated may exist; it is missing."""
    graph = standard().graph
    named: dict[str, set[str]] = {}
    for case in judged():
        for name, status in case.wanted.get("because", {}).items():
            named.setdefault(name, set()).add(status)
    written = {c for _, _, c in graph.triples(predicate=Iri(PG.hasCondition))}
    asking = {c for c in written if (held := graph.objects(c, PG.holds)) and all(Iri(PG.Given) in graph.objects(h, RDF.type) for h in held)}
    assert asking
    left = {
        name
        for c in written
        if not named.get(name := c.value.rpartition("/")[2], set()) & ({"missing"} if c in asking else {"failed", "silent"})
    }
    assert left == set()


# ---------------------------------------------------------------- checks
def check_shapes() -> list[str]:
    return sorted(q.subject.value for path in CHECKS for q in _quads(path) if q.predicate.value == SH.targetClass)


def _quads(path: Path) -> list[ox.Quad]:
    return list(ox.parse(path.read_bytes(), format=ox.RdfFormat.TURTLE))


def _without(folder: Path, dropped: set[tuple[str, str]]) -> DataRoots:
    """Return data roots whose policy checks lack some statements, named by subject and property."""
    for name in ("ontology", "queries"):
        (folder / name).symlink_to(ROOT / name)
    shutil.copytree(ROOT / "shapes", folder / "shapes")
    for path in (folder / "shapes/policies").rglob("*.ttl"):
        kept = [q.triple for q in _quads(path) if not dropped & {(q.subject.value, q.predicate.value), (q.subject.value, "")}]
        path.write_bytes(ox.serialize(kept, format=ox.RdfFormat.TURTLE) or b"")
    return DataRoots((folder,))


def _uses() -> dict[str, str]:
    """Return check shape → the component parameter that it uses."""
    components = {q.object.value for q in _quads(ROOT / "shapes/components.ttl") if q.predicate.value == SH.path}
    return {q.subject.value: q.predicate.value for path in CHECKS for q in _quads(path) if q.predicate.value in components}


def test_every_check_has_a_case() -> None:
    found = {f.shape.iri for report in (*judged().values(), *adopted().values()) for f in report.findings}
    assert set(check_shapes()) - found == set()
    assert set(_uses()) == set(check_shapes()), "a check without a component checks nothing"


@cache
def adopted() -> dict[Case, RecordReport]:
    """Return all cases under a reading that an overlay adopts."""
    return {case: report for file in FILES if "with" in source(file) for case, report in reports(file).items()}


@pytest.mark.parametrize("shape", check_shapes())
def test_a_check_cannot_lose_its_constraint(shape: str, tmp_path: Path) -> None:
    reported = [
        case for cases in (judged(), adopted()) for case, report in cases.items() if any(f.shape.iri == shape for f in report.findings)
    ]
    own = [case for case in reported if case.file == reported[0].file][:3]
    weakened = setting(_without(tmp_path, {(shape, _uses()[shape])}))
    if "with" in source(own[0].file):  # nothing but an adopted reading lets this check fail
        weakened = adopting(source(own[0].file)["with"], under=weakened)
    report = check(turtle([c.record for c in own]), under=weakened)
    assert all(seen(got) != seen(reports(case.file)[case]) for case, got in zip(own, report.records, strict=True))


def test_without_checks_nothing_passes(tmp_path: Path) -> None:
    own = [case for case, report in judged().items() if report.verdict.short != "invalid"][::12]
    report = check(turtle([c.record for c in own]), under=setting(_without(tmp_path, {(s, "") for s in check_shapes()})))
    assert {r.verdict.short for r in report.records} == {"unchecked"}


# ---------------------------------------------------------------- fields
RECORD_SHAPES = sorted((ROOT / "shapes/records").rglob("*.ttl"))
COMPONENT = "https://w3id.org/policygraph/component/"
CONSTRAINTS = {
    SH[name]: SH[f"{name[0].upper()}{name[1:]}ConstraintComponent"]
    for name in ("maxCount", "minInclusive", "maxInclusive", "datatype", "nodeKind", "minLength", "maxLength", "pattern", "class")
} | {PG.codeList: COMPONENT + "code-list", PG.notAfter: COMPONENT + "not-after"}
TWO = {XSD.integer: ("2000", "2001"), XSD.decimal: ("0.1", "0.2"), XSD.boolean: ("true", "false"), XSD.date: ("2024-01-01", "2024-01-02")}


def wrong(field: Field, constraint: str, limit: str) -> list[Term]:
    """Return values of a field that break one of its constraints, whatever else they break."""
    of = field.datatype
    match constraint:
        case SH.maxCount if field.code_list:
            return [Iri(f"{field.code_list}/{code}") for code in ("other", "unknown")]
        case SH.maxCount:
            return [Literal(value, of) for value in TWO.get(of, ("a", "b"))]
        case SH.minInclusive | SH.maxInclusive:
            step = 1 if constraint == SH.maxInclusive else -1
            day = of == XSD.date and (dt.date.fromisoformat(limit) + dt.timedelta(days=step)).isoformat()
            return [Literal(day or str(int(float(limit)) + step), of)]
        case SH.maxLength:
            return [Literal("长" * (int(limit) + 1))]
        case SH.minLength:
            return [Literal("")]
        case SH.pattern:
            return [Literal("0.1234567" if of == XSD.decimal else "?", of)]
        case PG.notAfter:
            return [Literal("2026-11-23", XSD.date)]
        case _ if constraint in {SH["class"], PG.codeList}:
            return [Iri("urn:none")]
        case _:
            return [Literal("x", XSD.string if of != XSD.string else XSD.integer)]


def test_every_constraint_of_every_field_is_broken_by_some_value() -> None:
    """A constraint that were deleted would leave its value unreported."""
    shapes = load_shapes([ROOT / "shapes/components.ttl", *RECORD_SHAPES])
    data = [t for t in standard().graph.triples() if t[1].value == SKOS.inScheme]
    expected = set()
    for kind in kinds().values():
        for field in kind.fields:
            for constraint, component in CONSTRAINTS.items():
                for number, limit in enumerate(shapes.facts.objects(Iri(field.shape), constraint)):
                    focus = Iri(f"urn:wrong:{len(expected)}:{number}")
                    expected.add((focus.value, field.shape, component))
                    data += [(focus, Iri(RDF.type), Iri(kind.iri)), (focus, Iri(PG.asOf), Literal("2026-11-22", XSD.date))]
                    data += [(focus, Iri(field.path), value) for value in wrong(field, constraint, limit.value)]
    found = {(r.focus.value, r.shape, r.component) for r in validate(Graph(data), shapes)}
    assert len(expected) > 140
    assert expected - found == set()


# ---------------------------------------------------------------- numbers
def parameters() -> list[str]:
    """Return the numbers of every set that a rule's expression or condition reads."""
    graph = standard().graph
    sets = {parameter_set for _, _, parameter_set in graph.triples(predicate=Iri(PG.parameterSet))}
    return sorted(p.value for s in sets for p in graph.subjects(PG.inSet, s))


def _uses_parameter(report: RecordReport, parameter: str) -> bool:
    uses = [p for f in (*report.findings, *report.passes) for p in f.parameters] + [p for d in report.decisions for p in d.parameters]
    uses += [p for d in report.decisions for a in d.alternatives for c in a.conditions for p in c.parameters]
    return any(p.node.iri == parameter for p in uses)


def _loosened(value: str, datatype: str) -> str:
    if datatype == XSD.date:
        return (dt.date.fromisoformat(value) - dt.timedelta(days=1)).isoformat()
    return str(int(value) + 1) if datatype == XSD.integer else str(float(value) - 0.00001)


@pytest.mark.parametrize("parameter", parameters())
def test_a_number_cannot_be_loosened(parameter: str) -> None:
    """A rank more, a yuan more, a thousandth of a per cent less or a day earlier: some case comes out otherwise."""
    graph = standard().graph.copy()
    (value,) = graph.objects(Iri(parameter), PG.value)
    # A day moves together with its own validity: before its first day a value is shown but decides nothing.
    for path in (PG.value, PG.validFrom) if value.datatype == XSD.date else (PG.value,):
        node, other = f"<{parameter}> <{path}>", f'"{_loosened(value.value, value.datatype)}"^^<{value.datatype}>'
        graph.update(f"DELETE {{ {node} ?old }} INSERT {{ {node} {other} }} WHERE {{ {node} ?old }}")
    own = [case for case, report in judged().items() if _uses_parameter(report, parameter) and report.verdict.short != "invalid"]
    own = [c for c in own if "印发" in c.name] if "issue-date" in parameter else own[:: max(1, len(own) // 20)]
    assert own, "no case uses this number"
    report = check(turtle([c.record for c in own]), under=replace(standard(), graph=graph))
    assert any(seen(got) != seen(judged()[case]) for case, got in zip(own, report.records, strict=True))


def test_two_numbers_in_force_at_once_decide_nothing() -> None:
    """An overlay that forgets to close the old number: the policy's data are at fault, and no record may pay for it."""
    graph = standard().graph.copy()
    for parameter, value in (("award-ranks-national-2023", "5"), ("front-line-share-2023", "0.7")):
        graph.update(
            f"INSERT {{ <urn:second:{parameter}> ?p ?o ; <{PG.value}> {value} }} "
            f"WHERE {{ <{PREFIX}{parameter}> ?p ?o FILTER(?p != <{PG.value}>) }}"
        )
    fourth = next(case.record for case in cases("award-claim") if case.wanted.get("facts") == {"rank": "4"})
    share = Submitted("EmployerYear", {"year": "2024", "frontLineSpending": "650", "fundUsed": "1000"})
    try:
        verdicts = {r.verdict.short for r in check(turtle([fourth, share]), under=replace(standard(), graph=graph)).records}
    except DataError:
        return
    assert verdicts == {"undetermined"}
