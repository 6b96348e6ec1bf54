"""Component ≡ condition: the CONSTRUCT engine and the SHACL components give the same answer on generated records."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pyoxigraph as ox
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from policygraph.graph.memory import Graph
from policygraph.shapes.runner import load_shapes, validate
from policygraph.vocab import PG, RDF
from submitting import PROLOGUE, Submitted, concluded, standard

PREFIX = "https://w3id.org/policygraph/policy/cn-410700/xinban-2023-10/"
OPEN = {"missing", "discretion", "silent"}
# Condition → the kind it is read on, what reports that it fails, and what reports that it cannot be decided.
PAIRS = {
    "c-front-line-share": ("EmployerYear", "mustShareAtLeast", "undecidedShare"),
    "c-draw-in-full": ("EmployerYear", "mustLessEqual", "undecidedLessEqual"),
    "award-c-ranked": ("AwardClaim", "mustLessEqual", "undecidedLessEqual"),
}

amounts = st.one_of(
    st.none(),
    st.integers(0, 12).map(str),
    st.decimals(0, 10, places=6).map(str),
    st.sampled_from(["0", "0.6", "600", "1000", "599.999999", "599999999999999.4", "999999999999999"]),
)
fields = ("frontLineSpending", "fundSetAside", "fundUsed", "wageTotal")
years_of_employers = st.fixed_dictionaries(
    {
        "year": st.sampled_from([None, "2022", "2023", "2024", "2025"]),
        "statutoryRate": st.one_of(st.none(), st.decimals(0, 1, places=3).map(str)),
        **dict.fromkeys(fields, amounts),
    }
)
award_claims = st.fixed_dictionaries(
    {
        "tier": st.sampled_from([None, "national", "provincial", "county", "worldskills", "unknown"]),
        "rank": st.one_of(st.none(), st.integers(1, 6).map(str)),
        "resultDate": st.sampled_from([None, "2023-08-20", "2023-08-21", "2024-09-20"]),
    }
)
submitted = st.one_of(
    st.builds(lambda facts: Submitted("EmployerYear", facts), years_of_employers),
    st.builds(lambda facts: Submitted("AwardClaim", facts), award_claims),
).map(lambda record: replace(record, facts={name: value for name, value in record.facts.items() if value is not None}))


def _probes() -> str:
    """Shapes that look at every record of a kind, whatever it reports, one for each component and condition."""
    return PROLOGUE + "".join(
        f"<urn:probe:{condition}:{use}> a sh:NodeShape , pg:NormShape ; sh:targetClass tal:{kind} ;"
        f" sh:severity sh:Violation ; pg:{use} <{PREFIX}{condition}> .\n"
        for condition, (kind, *uses) in PAIRS.items()
        for use in uses
    )


def _answers(own: list[Submitted]) -> set[tuple[str, bool, bool]]:
    """Compare both engines on records; return which answers occurred: condition, fails, cannot be decided."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "probes.ttl"
        path.write_text(_probes(), encoding="utf-8")
        graph = standard().graph.copy()
        graph.store.load(path.read_bytes(), format=ox.RdfFormat.TURTLE)
        store = concluded(own, graph)
        data = Graph(t for t in store.dump() if t[1].value.startswith(("https://w3id.org/policygraph/", RDF)))
        results = validate(data, load_shapes([standard().roots.base / "shapes/components.ttl", path]))
    reported = {(r.focus.value, r.shape) for r in results}
    statuses: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in store.select(f"SELECT ?x ?c ?s WHERE {{ ?e <{PG.focus}> ?x ; <{PG.onCondition}> ?c ; <{PG.status}> ?s }}").dicts():
        if (name := row["c"].value.removeprefix(PREFIX)) in PAIRS:
            statuses[row["x"].value, name].add(row["s"].value.rpartition("/")[2])
    assert len(statuses) == sum(1 + (record.kind == "EmployerYear") for record in own)
    answers = set()
    for (record, name), status in statuses.items():
        fails, undecided = ((record, f"urn:probe:{name}:{use}") in reported for use in PAIRS[name][1:])
        assert (fails, undecided) == ("failed" in status, bool(status & OPEN)), (record, name, status)
        answers.add((name, fails, undecided))
    return answers


def test_component_and_condition_agree() -> None:
    """They say the same of every record: it fails, it holds, or it cannot be decided; and all three occur for each condition."""
    seen: set[tuple[str, bool, bool]] = set()

    @seed(410700)
    @settings(max_examples=4, deadline=None, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(st.lists(submitted, min_size=60, max_size=80))
    def agree(own: list[Submitted]) -> None:
        seen.update(_answers(own))

    agree()
    assert seen == {(name, *answer) for name in PAIRS for answer in ((True, False), (False, True), (False, False))}
