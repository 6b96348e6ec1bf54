"""Files of every sort through one run: batches, places, order, several files and folders; nothing depends on how records are batched."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from policygraph.app import batches
from policygraph.app.checking import Run, check_submission, check_with_records, read
from policygraph.errors import InputError, Text
from policygraph.records import sources, spool
from policygraph.records.spool import Spool
from policygraph.vocab import PG
from submitting import PROLOGUE, Submitted, findings, kinds, standard, turtle

CLAIM = {"role": "contestant", "tier": "national", "contestClass": "class-1", "rank": "1", "resultDate": "2024-09-20"}
SINGLE = {**CLAIM, "teamSize": "1", "tied": "false", "alreadyPaid": "false"}
KEYED = {"personId": "410702199003071234", "contestName": "大赛", "edition": "第一届", "event": "车工"}


def claims(count: int) -> list[Submitted]:
    """Claims that differ in rank and name."""
    return [Submitted("AwardClaim", {**SINGLE, "rank": str(n % 4 + 1), "personName": f"张{n}"}) for n in range(count)]


# ---------------------------------------------------------------- a sequence on disk
@pytest.mark.parametrize("count", [0, 1, 3, 4, 5, 9, 10, 11, 23])
def test_a_spool_is_the_sequence_that_was_put_in(monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    monkeypatch.setattr(spool, "IN_MEMORY", 4)
    monkeypatch.setattr(spool, "BLOCK", 3)
    own: Spool[Text] = Spool()
    values = [Text(str(n), f"n{n}") for n in range(count)]
    own.extend(values)
    assert len(own) == count
    assert list(own) == values == [own[i] for i in range(count)]
    assert list(own) == values, "it may be read again"
    assert list(own[1:3]) == values[1:3] and ([own[-1]] if count else []) == values[-1:]
    with pytest.raises(IndexError):
        own[count]


def test_what_values_share_stays_one_thing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spool, "IN_MEMORY", 1)
    monkeypatch.setattr(spool, "BLOCK", 1)
    shared = Text("共", "shared")
    own: Spool[tuple[Text, int]] = Spool((Text,))
    own.extend((shared, n) for n in range(5))
    assert all(text is shared for text, _ in own)


# ---------------------------------------------------------------- batches
def test_batches_change_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "claims.ttl"
    path.write_text(turtle([*claims(7), Submitted("AwardClaim", {**SINGLE, "rank": "0"}), *claims(3)]), "utf-8")
    whole = check_submission(standard(), str(path))
    monkeypatch.setattr(batches, "BATCH", 2)
    monkeypatch.setattr(spool, "IN_MEMORY", 3)
    monkeypatch.setattr(spool, "BLOCK", 2)
    parts = check_submission(standard(), str(path))
    assert list(parts.records) == list(whole.records)
    assert replace(parts, records=()) == replace(whole, records=())


@pytest.mark.parametrize("batch", [1, 2, 100])
def test_a_duplicate_is_found_in_another_batch_and_in_another_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, batch: int) -> None:
    monkeypatch.setattr(batches, "BATCH", batch)
    first, second = tmp_path / "a.ttl", tmp_path / "b.ttl"
    valid = {**SINGLE, **KEYED, "personId": _identity("41070219900307123")}
    first.write_text(turtle([Submitted("AwardClaim", {**valid, "rank": "0"}), *claims(2), Submitted("AwardClaim", valid)]), "utf-8")
    second.write_text(turtle([*claims(1), Submitted("AwardClaim", valid)]), "utf-8")
    report = check_submission(standard(), [str(first), str(second)])
    assert [r.position for r in report.records] == [1, 2, 3, 4, 5, 6]
    # The first is invalid and stands for nothing: the fourth is the first that stands.
    assert [r.verdict.short for r in report.records] == ["invalid", "pass", "pass", "pass", "pass", "violation"]
    (note,) = (f for f in report.records[5].findings if f.shape.iri == PG.uniqueKey)
    assert "记录 4" in note.message.zh and "record 4" in note.message.en


def _identity(first: str) -> str:
    """Return an ID number with its check digit (GB 11643)."""
    rest = sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(first)) % 11
    return first + "10X98765432"[rest]


def test_progress_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "BATCH", 2)
    path = tmp_path / "claims.ttl"
    path.write_text(turtle(claims(5)), "utf-8")
    told: list[tuple[str, int, int]] = []
    check_with_records(standard(), str(path), run=Run(progress=lambda stage, done, total: told.append((stage.en, done, total))))
    assert [t for t in told if t[0] == "checking"] == [("checking", 2, 5), ("checking", 4, 5), ("checking", 5, 5)]


# ---------------------------------------------------------------- places
def test_findings_point_to_lines_of_turtle(tmp_path: Path) -> None:
    path = tmp_path / "claims.ttl"
    claim = f"<#mine> a <{kinds()['AwardClaim'].iri}> ;\n  tal:rank 0 ;\n  tal:personName '王' ;\n  tal:otherResult [\n    tal:rank 0 ] .\n"
    path.write_text(PROLOGUE + claim, "utf-8")
    (record,) = check_submission(standard(), str(path)).records
    start = PROLOGUE.count("\n") + 1
    assert record.place is not None and (record.place.line, record.place.file) == (start, str(path))
    assert record.place.path.endswith("#mine")
    places = {f.row: f.place.line for f in record.findings if f.place}
    assert places == {"": start + 1, "record-1-otherResult-1": start + 4}
    stated = {s.field.short: s.place.line for s in record.stated if s.place and not s.row}
    assert stated == {"rank": start + 1, "personName": start + 2}


def test_refused_statements_point_to_their_lines(tmp_path: Path) -> None:
    path = tmp_path / "claims.ttl"
    claim = f"<#mine> a <{kinds()['AwardClaim'].iri}> ;\n  tal:rnak 2 ;\n  tal:otherResult [\n    tal:rank 2 ;\n    tal:colour 'red' ] .\n"
    path.write_text(f"{PROLOGUE}{claim}<#nobody> tal:rank\n  5 .\n<{PG.Rule}> a\n  tal:Nothing .\n", "utf-8")
    report = check_submission(standard(), str(path))
    start = PROLOGUE.count("\n") + 1
    own = {f.path.short: f.place.line for f in report.records[0].findings if f.path and f.place and not f.component}
    assert own == {"rnak": start + 1, "colour": start + 4}
    outside = {f.place.path: f.place.line for f in report.file_findings if f.place}
    assert outside == {"#nobody": start + 6, PG.Rule: start + 8}
    (tmp_path / "claims.jsonld").write_text('{"@type": "AwardClaim", "rnak": 2}', "utf-8")
    (refused,) = (f for f in check_submission(standard(), str(tmp_path / "claims.jsonld")).records[0].findings if f.path)
    assert refused.place is not None
    assert (refused.place.file, refused.place.line) == (str(tmp_path / "claims.jsonld"), 0), "the parser tells no lines"


# ---------------------------------------------------------------- files
def test_a_folder_is_read_by_name_and_what_is_left_is_said(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for name, count in (("b.ttl", 1), ("a.ttl", 2), ("in/c.ttl", 1)):
        (tmp_path / name).write_text(turtle(claims(count)), "utf-8")
    (tmp_path / "notes.docx").write_bytes(b"x")
    (tmp_path / "~$a.xlsx").write_bytes(b"x")
    (tmp_path / ".hidden.ttl").write_text("", "utf-8")
    (tmp_path / "link.ttl").symlink_to(tmp_path / "a.ttl")
    (tmp_path / "root").symlink_to("/")
    report = check_submission(standard(), str(tmp_path))
    names = [r.place.file.removeprefix(f"{tmp_path}/") for r in report.records if r.place]
    assert names == ["a.ttl", "a.ttl", "b.ttl", "in/c.ttl"]
    left = {Path(u.place.file).name for f in report.files for u in f.unread}
    assert left == {"notes.docx", "~$a.xlsx", ".hidden.ttl", "link.ttl", "root"}
    assert all(len(f.sha256) == 64 for f in report.files if f.records)


def test_an_empty_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no file"):
        read(standard(), str(tmp_path))


def test_a_file_larger_than_the_limit_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "MAX_BYTES", 10)
    path = tmp_path / "a.ttl"
    path.write_text(turtle(claims(1)), "utf-8")
    with pytest.raises(Exception, match="larger"):
        read(standard(), str(path))


def test_a_pipe_into_which_nobody_writes_does_not_hang(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "PIPE_WAIT", 0.2)
    os.mkfifo(tmp_path / "a.ttl")
    with pytest.raises(InputError):
        read(standard(), str(tmp_path / "a.ttl"))
    with pytest.raises(InputError, match="no file"):
        read(standard(), str(tmp_path))


def test_the_very_same_record_is_noted_also_without_a_key(tmp_path: Path) -> None:
    path = tmp_path / "plans.ttl"
    path.write_text(turtle([Submitted("LocalPlan", {"inOverallPlan": "true", "inAssessment": "true"})] * 2), "utf-8")
    first, second = check_submission(standard(), str(path)).records
    assert [f.verdict for f in first.findings if f.shape.iri == PG.uniqueKey] == []
    assert [f.verdict for f in second.findings if f.shape.iri == PG.uniqueKey] == ["note"]


def test_one_record_a_file_or_all_in_one_say_the_same(tmp_path: Path) -> None:
    own = claims(4)
    (tmp_path / "all.ttl").write_text(turtle(own), "utf-8")
    for number, record in enumerate(own):
        (tmp_path / f"{number}.ttl").write_text(turtle([record]), "utf-8")
    together = check_submission(standard(), str(tmp_path / "all.ttl"))
    apart = check_submission(standard(), [str(tmp_path / f"{n}.ttl") for n in range(4)])
    assert [(r.verdict, findings(r)) for r in together.records] == [(r.verdict, findings(r)) for r in apart.records]
