"""`policygraph kinds` lists every kind and explains each, in both languages and all forms, within the terminal's width."""

from __future__ import annotations

import csv
import io
import json
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from policygraph.app.kinds import read_kinds
from policygraph.cli import main
from policygraph.cli.kindlist import KindList
from policygraph.cli.kindpage import KindPage
from policygraph.cli.width import width
from policygraph.graph.loading import PUBLIC, load
from policygraph.model.terms import Iri, local_name
from policygraph.paths import data_roots
from policygraph.queries.entities import Entities
from policygraph.store.embedded import EmbeddedStore
from policygraph.vocab import PG, RDF, SH
from templating import forms

if TYPE_CHECKING:
    from policygraph.app.kinds import About
    from policygraph.graph.memory import Graph

KINDS = [kind.short for kind in forms().records]

pytestmark = pytest.mark.usefixtures("plain_environment")


@cache
def graph() -> Graph:
    return load(data_roots(), PUBLIC)


@cache
def kinds() -> dict[str, About]:
    return {about.kind.short: about for about in read_kinds(EmbeddedStore(graph()), forms(), Entities(graph()))}


def output(capfd: pytest.CaptureFixture[str], *words: str) -> str:
    assert main.main(["kinds", *words]) == 0
    return capfd.readouterr().out


# ---------------------------------------------------------------- what the graph says
def test_every_check_and_rule_looks_at_some_kind() -> None:
    def of(*classes: str) -> set[str]:
        return {s.value for each in classes for s in graph().subjects(RDF.type, Iri(each)) if isinstance(s, Iri)}

    claims = [about for about in kinds().values() if not about.profile]
    assert {check.check.iri for about in claims for check in about.checks} == of(PG.NormShape, PG.ClaimShape)
    assert {rule.rule.iri for about in claims for rule in about.rules} == of(PG.Rule)
    assert all(each.clauses for about in claims for each in (*about.checks, *about.rules))


def test_a_severity_is_the_shapes_own() -> None:
    names = {SH.Violation: "violation", SH.Warning: "warning", SH.Info: "note"}
    found = {check.check.iri: check.severity for about in kinds().values() for check in about.checks}
    wanted = {iri: names[o.value] for iri in found for o in graph().objects(Iri(iri), SH.severity)}
    assert found == wanted
    assert set(found.values()) == set(names.values())


@pytest.mark.parametrize(
    ("kind", "sections", "checks", "rules", "parts"),
    [
        ("AwardClaim", ["m8"], 3, 1, 0),
        ("CityReport", ["part-1", "m5", "m7"], 7, 5, 12),
        ("EmployerYear", ["m2", "m6", "s2"], 11, 3, 14),
        ("PilotQuery", ["m9"], 1, 1, 0),
        ("LivingAllowanceRequest", ["m7"], 0, 1, 0),
    ],
)
def test_what_serves_which_section(kind: str, sections: list[str], checks: int, rules: int, parts: int) -> None:
    about = kinds()[kind]
    assert [section.short for section in about.sections] == sections
    assert (len(about.checks), len(about.rules)) == (checks, rules)
    assert sum(each.part is not None for each in (*about.checks, *about.rules)) == parts


def test_a_profile_has_the_rules_of_what_its_subject_can_ask_for() -> None:
    assert {short for short, about in kinds().items() if about.profile} == {"Person", "Employer", "School"}
    person = {rule.rule.short for rule in kinds()["Person"].rules}
    assert {"rule-award", "rule-green", "rule-craftsman"} <= person
    assert "rule-surcharge-credit" not in person
    assert kinds()["Person"].checks == ()


# ---------------------------------------------------------------- the list
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_list_names_every_kind_and_fits(language: str) -> None:
    shown = KindList(list(kinds().values()), forms(), Entities(graph()), language)
    for columns in (0, 60, 80, 100, 140):
        lines = list(shown.lines(columns))
        text = "\n".join(lines)
        for about in kinds().values():
            assert text.count(about.kind.label.in_language(language)) >= 1
            assert f" {about.kind.short}" in text
        if columns:
            assert max(map(width, lines)) <= columns
    counts = [line for line in shown.lines(0) if "AwardClaim" in line]
    assert [line.split()[-4:] for line in counts] == [["18", "2", "3", "1"]]


def test_the_list_is_grouped_by_whom_the_kinds_are_about(capfd: pytest.CaptureFixture[str]) -> None:
    text = output(capfd)
    places = [text.index(word) for word in ("主体情况\n", "申报与申请（个人情况）", "AwardClaim", "报告与其他", "CityReport", "\n依据")]
    assert places == sorted(places)
    assert text.endswith("例如：policygraph kinds AwardClaim\n")


def test_the_list_in_forms_for_programs(capfd: pytest.CaptureFixture[str]) -> None:
    listed = json.loads(output(capfd, "--format", "json"))
    assert [each["kind"] for each in listed] == KINDS
    rows = list(csv.DictReader(io.StringIO(output(capfd, "--format", "csv"))))
    assert [(row["kind"], int(row["checks"]), int(row["rules"])) for row in rows] == [
        (each["kind"], each["checks"], each["rules"]) for each in listed
    ]
    assert output(capfd, "--format", "markdown", "--lang", "en").splitlines()[0].startswith("| name | short name |")


# ---------------------------------------------------------------- one kind
@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_is_explained_in_full(kind: str, language: str) -> None:
    about = kinds()[kind]
    page = KindPage(about, forms(), language)
    text = "\n".join(page.lines(0))
    fields = [*about.kind.fields, *(f for t in about.kind.fields if t.row_class for f in forms().kinds[t.row_class].fields)]
    for field in fields:
        assert field.name.in_language(language) in text
        assert local_name(field.path) in text
        if not field.row_class:
            assert field.description.in_language(language) in text
        for code in forms().codes_of(field):
            assert code.label.in_language(language) in text
    for check in about.checks:
        assert check.check.label.in_language(language) in text
    for rule in about.rules:
        assert rule.rule.label.in_language(language) in text
    for clause in (c for each in (*about.checks, *about.rules) for c in each.clauses):
        assert clause.quote in text
    assert max(map(width, page.lines(70))) <= 70
    plain = page.plain()
    assert json.loads(json.dumps(plain)) == plain
    shown = [*plain["fields"], *(f for table in plain["tables"] for f in table["fields"])]
    assert {f["iri"] for f in shown} == {f.path for f in fields if not f.row_class}
    assert [c["iri"] for c in plain["checks"]] == [c.check.iri for c in about.checks]


def test_a_field_says_all_that_its_shape_does(capfd: pytest.CaptureFixture[str]) -> None:
    page = json.loads(output(capfd, "award-claim", "--format", "json"))
    fields: dict[str, Any] = {field["field"]: field for field in page["fields"]}
    assert (fields["rank"]["minimum"], fields["rank"]["maximum"], fields["rank"]["sort"]) == ("1", "1000000", "integer")
    assert fields["personId"]["pattern"] and fields["personId"]["key"] and not fields["personId"]["required"]
    assert fields["claimDate"]["date"] and fields["personName"]["name"]
    assert fields["tier"]["codes"][1]["label"] == {"zh": "国家级", "en": "national"}
    assert fields["tier"]["example"] == {"zh": "国家级", "en": "national"}
    assert page["key"] == ["contestName", "edition", "event", "personId"]
    assert [table["field"] for table in page["tables"]] == ["otherResult", "evidence"]
    assert page["checks"][0]["clauses"][0]["quote"]
    (required,) = (field for field in page["tables"][1]["fields"] if field["required"])
    assert required["field"] == "aboutField"
    rows = list(csv.DictReader(io.StringIO(output(capfd, "award-claim", "--format", "csv"))))
    assert len(rows) == len(page["fields"]) + sum(len(table["fields"]) for table in page["tables"])


@pytest.mark.parametrize(
    "name", ["AwardClaim", "awardclaim", "award-claim", "award claim", "竞赛奖励申报", "https://w3id.org/policygraph/talent#AwardClaim"]
)
def test_a_kind_goes_by_its_names(name: str) -> None:
    assert forms().find(name).short == "AwardClaim"


def test_a_wrong_name_has_near_misses(capfd: pytest.CaptureFixture[str]) -> None:
    assert main.main(["kinds", "AwardClain", "--lang", "en"]) == 2
    assert "Did you mean: AwardClaim — award claim" in capfd.readouterr().err
    assert main.main(["kinds", "Evidence"]) == 2  # rows are no submission
    assert main.main(["kinds", "竞赛奖励"]) == 2
    assert "AwardClaim — 竞赛奖励申报" in capfd.readouterr().err
