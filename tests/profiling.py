"""Makes profiles of the subjects of an invented policy (`tests/entitlements/data`) and reads the answers back as case files write them."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from policygraph.app.entitlements import Entitler
from policygraph.app.interview import Interviewer
from policygraph.model.terms import Iri, Literal
from policygraph.paths import data_roots
from policygraph.records.record import Record
from policygraph.vocab import RDF
from submitting import setting

if TYPE_CHECKING:
    from policygraph.model.entitled import EntitlementReport
    from policygraph.model.terms import Term, Triple

FOLDER = Path(__file__).resolve().parent / "entitlements"
RD = "https://example.org/readers#"
SCHEME = "https://example.org/readers/scheme/"
Facts = dict[str, Any]


def read(name: str) -> Any:
    return yaml.load((FOLDER / name).read_text("utf-8"), yaml.BaseLoader)  # noqa: S506 - builds strings only


@cache
def world() -> tuple[Any, Entitler, Interviewer]:
    under = setting(data_roots((str(FOLDER / "data"),)))
    entitler = Entitler(under)
    return under, entitler, Interviewer(entitler, under)


def terms(kind: str, name: str, value: Any) -> Term:
    field = world()[1].kinds[RD + kind].field(RD + name)
    assert field is not None, name
    return Iri(f"{field.code_list}/{value}") if field.code_list else Literal(str(value), field.datatype)


def profile(kind: str, facts: Facts, iri: str = "urn:p") -> Record:
    """Return a profile made in memory."""
    triples: list[Triple] = [(Iri(iri), Iri(RDF.type), Iri(RD + kind))]
    for name, value in facts.items():
        if isinstance(value, list):
            for number, row in enumerate(value, 1):
                node = Iri(f"{iri}-{name}-{number}")
                triples += [(Iri(iri), Iri(RD + name), node), (node, Iri(RDF.type), Iri(RD + "Result"))]
                triples += [(node, Iri(RD + n), terms("Result", n, v)) for n, v in row.items()]
        else:
            triples.append((Iri(iri), Iri(RD + name), terms(kind, name, value)))
    return Record(iri, 1, "", world()[1].kinds[RD + kind], tuple(triples))


def seen(report: EntitlementReport) -> dict[str, Any]:
    """Return a report as a case file writes it."""

    def short(iri: str) -> str:
        return iri.rpartition("#")[2].rpartition("/")[2]

    found: dict[str, Any] = {}
    for group in ("yes", "perhaps", "no"):
        for e in getattr(report, group):
            own: dict[str, Any] = {"group": group}
            own["due"] = [c.decision.low for c in e.carrying if c.decision.low and c.decision.low == c.decision.high]
            own["causes"] = sorted(c.short for c in e.causes)
            own["needs"] = [f"{n.row.en.rpartition('. ')[2]}.{n.field.short}" if n.row.en else n.field.short for n in e.needs]
            own["asked"] = sorted(short(f.value.en) for c in e.carrying for f in c.about if f.field.iri in c.requested)
            failing = {c.node.short for case in e.carrying for a in case.decision.alternatives for c in a.conditions}
            own["failing"] = sorted(
                n
                for n in failing
                if any(
                    c.node.short == n and c.status.short == "failed"
                    for case in e.carrying
                    for a in case.decision.alternatives
                    for c in a.conditions
                )
            )
            own["reason"] = e.reason.en
            own["change"] = sorted(
                " + ".join(sorted(f"{c.field.short} {c.bound}{c.shown.en}" for c in r.changes))
                for case in e.carrying
                for r in (case.decision.remedies.supply if case.decision.remedies else ())
            )
            own["quotes"] = [c.provision.short for c in e.citations]
            own["ask"] = [u.short for u in dict.fromkeys(u for c in e.carrying for r in c.decision.responsible for u in r.units)]
            found[e.rule.short.removeprefix("rule-")] = own
    return found
