"""Hostile submissions: nothing is forged, nobody else's record suffers, and what is wrong is said in both languages.

`tests/attacks/records.yaml` holds statements that stand together in one file behind sound records; every other file there is an attack
of its own, named after what is wrong, with what must come of it in `files.yaml`.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from policygraph.app.checking import check_submission
from policygraph.errors import InputError, LimitError, PolicyGraphError
from policygraph.graph import parsing
from policygraph.graph.confine import Limits
from policygraph.records.jsonld import prepare
from policygraph.vocab import BASE
from submitting import PROLOGUE, TESTS, Submitted, check, findings, kinds, standard, turtle

if TYPE_CHECKING:
    from pathlib import Path

    from policygraph.model.answers import CheckReport

FOLDER = TESTS / "attacks"
POLICY = BASE + "policy/cn-410700/xinban-2023-10/"
PREFIXES = {"xx": POLICY, "check": POLICY + "check/", "tal": BASE + "talent#"} | {
    short: f"{BASE}scheme/{scheme}/"
    for short, scheme in {
        "role": "award-role",
        "tier": "contest-tier",
        "class": "contest-class",
        "medal": "medal",
        "out": "outcome",
        "status": "status",
    }.items()
}
_REST = (
    "tal:role role:contestant ; tal:contestClass class:class-1 ; "
    'tal:resultDate "2024-09-20"^^xsd:date ; tal:teamSize 1 ; tal:tied false ; tal:alreadyPaid false'
)
FILLED = {
    "{first}": f"{_REST} ; tal:tier tier:national ; tal:rank 1",
    "{rank4}": f"{_REST} ; tal:tier tier:national ; tal:rank 4",
    "{notier}": f"{_REST} ; tal:rank 1",
    "{long}": "长" * 5000,
}


def read(name: str) -> dict[str, Any]:
    return dict(yaml.load((FOLDER / name).read_text(encoding="utf-8"), yaml.BaseLoader))  # noqa: S506 - builds strings only


ATTACKS = read("records.yaml")["attacks"]
FILES = read("files.yaml")["files"]


def filled(text: str) -> str:
    for token, words in FILLED.items():
        text = text.replace(token, words)
    return text


def sound() -> list[Submitted]:
    return [Submitted(r["kind"], r["facts"]) for r in read("records.yaml")["sound"]]


# ---------------------------------------------------------------- statements
def prologue() -> str:
    return "".join(f"@prefix {p}: <{n}> .\n" for p, n in PREFIXES.items())


@cache
def together() -> CheckReport:
    """All attacks in one file behind the sound records."""
    texts = [filled(a["text"]) for a in ATTACKS]
    return check(turtle(sound()) + prologue() + "\n".join(texts))


def standing() -> dict[int, list[int]]:
    """Return attack → places of its records in the report."""
    place, found = len(sound()), {}
    for number, attack in enumerate(ATTACKS):
        found[number] = list(range(place, place + len(attack.get("records", []))))
        place += len(found[number])
    return found


_FILE = re.compile(r"file='[^']*'")


def test_sound_records_do_not_suffer() -> None:
    alone, beside = check(turtle(sound())), together()
    assert [r.verdict.short for r in alone.records] == ["pass", "violation"]
    said = [[_FILE.sub("", repr(replace(r, source=""))) for r in report.records[: len(alone.records)]] for report in (beside, alone)]
    assert said[0] == said[1]


@pytest.mark.parametrize("number", [pytest.param(n, id=a["name"]) for n, a in enumerate(ATTACKS)])
def test_statements(number: int) -> None:
    attack = ATTACKS[number]
    report = together()
    own = tuple(report.records[place] for place in standing()[number])
    assert [(r.verdict.short, findings(r)) for r in own] == [(w["verdict"], w["findings"]) for w in attack.get("records", [])]
    assert not any(r.decisions for r in own if r.verdict.short == "invalid"), "nothing is decided on an invalid record"
    assert all(f.message.zh and f.message.en and f.mending.zh and f.mending.en for r in own for f in r.findings if f.verdict != "note")
    if "about" in attack:
        shown = [f for f in report.file_findings if attack["about"] in f.value.zh.partition(" ")[0]]
        assert len(shown) == int(attack["file"])


def test_no_statement_is_lost() -> None:
    """Every statement is in a record or in a finding; the file as a whole is invalid."""
    report = together()
    assert len(ATTACKS) >= int(read("records.yaml")["least"])
    assert len(report.file_findings) == sum(int(a.get("file", 0)) for a in ATTACKS)
    assert len(report.records) == len(sound()) + sum(len(places) for places in standing().values())
    assert report.verdict.short == "invalid"


def test_the_policy_stays_as_it_is() -> None:
    before = len(standard().graph)
    check(turtle(sound()) + prologue() + "xx:award-national-2-2023 <https://w3id.org/policygraph/core#value> 999999 .")
    assert len(standard().graph) == before


# ---------------------------------------------------------------- files
@pytest.mark.parametrize("name", [pytest.param(name, id=name) for name, wanted in FILES.items()])
def test_file(name: str) -> None:
    wanted = FILES[name]
    if "error" in wanted:
        with pytest.raises(PolicyGraphError) as raised:
            check_submission(standard(), str(FOLDER / name))
        error = raised.value
        assert type(error).__name__ == wanted["error"]
        assert wanted["zh"] in error.render("zh") and wanted["en"] in error.render("en")
        assert error.where.startswith(f"{FOLDER / name}{':' if 'at' in wanted else ''}{wanted.get('at', '')}")
        return
    report = check_submission(standard(), str(FOLDER / name))
    assert [r.verdict.short for r in report.records] == wanted["records"]
    assert [sorted(findings(r)) for r in report.records] == wanted["findings"]
    assert len(report.file_findings) == int(wanted.get("file", 0))


def test_no_file_vanishes() -> None:
    assert len(FILES) >= int(read("files.yaml")["least"])
    assert {p.name for p in FOLDER.iterdir()} - {"records.yaml", "files.yaml"} == set(FILES) - {"missing.ttl"}


def _rdfxml(body: str) -> str:
    spaces = f'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:tal="{PREFIXES["tal"]}"'
    return f"<rdf:RDF {spaces}>{body}</rdf:RDF>"


DEEP = {
    "RDF/XML elements": (".rdf", _rdfxml("<rdf:Description><tal:x>" * 100_000 + "</tal:x></rdf:Description>" * 100_000)),
    "RDF/XML resources": (
        ".rdf",
        _rdfxml("<rdf:Description>" + '<tal:x rdf:parseType="Resource">' * 200_000 + "</tal:x>" * 200_000 + "</rdf:Description>"),
    ),
    "JSON lists": (".jsonld", "[" * 200_000 + "]" * 200_000),
    "JSON objects": (".jsonld", '{"a":' * 50_000 + "1" + "}" * 50_000),
    "Turtle blank nodes": (".ttl", PROLOGUE + "<#a> pg:x " + "[ pg:x " * 50_000 + "1" + "]" * 50_000 + " ."),
    "Turtle lists": (".ttl", PROLOGUE + "<#a> pg:x " + "(" * 20_000 + ")" * 20_000 + " ."),
}


@pytest.mark.parametrize("name", DEEP)
def test_deep_nesting_neither_hangs_nor_crashes(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(parsing.parse_placed.__kwdefaults__, "limits", Limits(seconds=1.5, memory=2 << 30, output=128 << 20))
    ending, text = DEEP[name]
    started = time.monotonic()
    with pytest.raises((LimitError, InputError)) as raised:
        check(text, ending)
    assert raised.value.what.zh and raised.value.fix.en
    assert time.monotonic() - started < 10


def test_json_of_every_depth() -> None:
    """At no depth does anything but an error of ours come out."""
    for depth in range(900, 1_010):
        try:
            prepare(b"[" * depth + b"]" * depth, kinds(), "deep.jsonld")
        except LimitError:
            continue


# ---------------------------------------------------------------- the same each time
_HASHED = """
import hashlib, sys
sys.path.insert(0, sys.argv[1])
from policygraph.app.checking import check_submission
from submitting import standard
print(hashlib.sha256(repr(check_submission(standard(), "submission.ttl")).encode()).hexdigest())
"""


def test_the_same_report_whatever_the_hash_seed(tmp_path: Path) -> None:
    bad = (
        '<#x{n}> a tal:AwardClaim ; tal:tier "国家级" ; tal:rank "{n}x" ; '
        'tal:claimedAmount "-{n}.1234567"^^xsd:decimal ; tal:teamSize 0 , 5000 .\n'
    )
    text = PROLOGUE + prologue() + "".join(bad.format(n=n) for n in range(1, 7))
    (tmp_path / "submission.ttl").write_text(text, "utf-8")
    reports = set()
    for hash_seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", _HASHED, str(TESTS)], cwd=tmp_path, text=True, capture_output=True, check=True, timeout=60,
            env={**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONUTF8": "1"},
        )  # fmt: skip
        reports.add(done.stdout)
    assert len(reports) == 1
