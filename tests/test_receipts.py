"""Receipts: the same input gives the same bytes, a replay is identical, and every edit or change of the graph is named."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from policygraph.app import receipts, signing
from policygraph.app.checking import check_with_records
from policygraph.app.replay import replay
from policygraph.app.setting import Setting, setting
from policygraph.cli.main import main
from policygraph.errors import InputError, UsageError
from policygraph.graph.parsing import parse_file
from policygraph.graph.serialising import serialise
from policygraph.model.terms import Literal
from policygraph.paths import DataRoots
from policygraph.vocab import BASE, PG

if TYPE_CHECKING:
    from collections.abc import Callable

REPOSITORY = Path(__file__).resolve().parent.parent
EXAMPLES = sorted(
    p.name for p in (REPOSITORY / "examples").iterdir() if p.suffix in {".ttl", ".jsonld"} and not p.name.startswith("receipt")
)
MADE = dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=dt.UTC)
AWARD = "award-claim-too-high.jsonld"


@pytest.fixture(scope="module")
def base() -> Setting:
    return setting(DataRoots((REPOSITORY,)), dt.date(2026, 1, 2))


@pytest.fixture(autouse=True)
def no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(signing.ENV_KEY, raising=False)


@pytest.fixture
def write(base: Setting, tmp_path: Path) -> Callable[..., Path]:
    def written(example: str = AWARD, ending: str = ".ttl", as_of: dt.date | None = None) -> Path:
        report, records = check_with_records(replace(base, as_of=as_of), str(REPOSITORY / "examples" / example))
        path = tmp_path / f"receipt{ending}"
        triples = receipts.make(report, records, receipts.circumstances(base, (), MADE))
        path.write_text(serialise(triples, receipts.write_form(str(path))), "utf-8")
        return path

    return written


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_replays_identically(base: Setting, write: Callable[..., Path], example: str) -> None:
    found = replay(base, write(example))
    assert (found.identical, found.circumstances, found.seal) == (True, (), "unsigned")
    assert found.made == "2026-01-02T03:04:05Z"


@pytest.mark.parametrize("ending", receipts.FORMATS)
def test_every_format_holds_the_same(base: Setting, write: Callable[..., Path], ending: str) -> None:
    found = replay(base, write(ending=ending))
    assert found.identical
    assert found.decisions == 2
    first = write(ending=ending).read_bytes()
    assert write(ending=ending).read_bytes() == first


def test_as_of_day_is_replayed(base: Setting, write: Callable[..., Path]) -> None:
    path = write(as_of=dt.date(2022, 1, 1))
    assert "not-in-force" in path.read_text("utf-8") or "invalid" in path.read_text("utf-8")
    assert replay(replace(base, as_of=dt.date(2024, 1, 1)), path).identical


@pytest.mark.parametrize(
    ("old", "new"),
    [("tal:rank 1", "tal:rank 2"), ("outcome/eligible", "outcome/not-eligible"), ('pg:engineVersion "', 'pg:engineVersion "9')],
)
def test_edited_receipt_is_refused(base: Setting, write: Callable[..., Path], old: str, new: str) -> None:
    path = write("green-channel-good.ttl" if "rank" not in old else AWARD)
    text = path.read_text("utf-8")
    if old not in text:
        old, new = "tal:rank 2", "tal:rank 3"
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(InputError, match="digest"):
        replay(base, path)


def test_what_is_no_receipt_is_refused(base: Setting) -> None:
    with pytest.raises(InputError, match="no receipt"):
        replay(base, REPOSITORY / "examples/green-channel-good.ttl")


def test_changed_number_is_named(base: Setting, write: Callable[..., Path]) -> None:
    path = write()
    graph = base.graph.copy()
    number = next(s for s, p, o in graph if p.value == PG["value"] and o == Literal("80000", o.datatype if isinstance(o, Literal) else ""))
    at = f"<{number.value}> <{PG['value']}>"
    graph.update(f"DELETE {{ {at} ?v }} INSERT {{ {at} 80001 }} WHERE {{ {at} ?v }}")
    found = replay(replace(base, graph=graph, digest="f" * 64), path)
    assert not found.identical
    assert ("80000", "80001") in {(d.was.zh, d.now.zh) for d in found.answers}
    assert [d.now.en for d in found.circumstances] == ["f" * 64]
    assert all(t.zh and t.en for d in found.answers for t in (d.where, d.was, d.now))


R1 = BASE + "submission#record-1"
FORGERIES: dict[str, Callable[[list[str]], list[str]]] = {
    "a second decision by the same rule": lambda lines: [
        *lines,
        f"<{R1}> <{PG.decision}> <{R1}.decision-9> .",
        *(
            line.replace("decision-1>", "decision-9>").replace("80000", "9999999")
            for line in lines
            if line.startswith(f"<{R1}.decision-1>")
        ),
    ],
    "another verdict": lambda lines: [line.replace("verdict/violation", "verdict/pass") for line in lines],
    "decisions left out": lambda lines: [line for line in lines if ".decision-" not in line],
    "another quote": lambda lines: [line.replace("8万元", "88万元") if PG.quote in line else line for line in lines],
    "another number": lambda lines: [line.replace('"80000"', '"80001"') if ".number-" in line else line for line in lines],
}


@pytest.mark.parametrize("forgery", list(FORGERIES))
def test_forged_and_sealed_again(base: Setting, write: Callable[..., Path], forgery: str) -> None:
    """Whoever recomputes the digest of an unsigned receipt is found out by what does not follow from the facts."""
    path = write(ending=".nt")
    seal = next(line for line in path.read_text("utf-8").splitlines() if PG.receiptDigest in line)
    honest = [line for line in path.read_text("utf-8").splitlines() if line != seal]
    forged = FORGERIES[forgery](honest)
    assert forged != honest
    path.write_text("\n".join(forged) + "\n", "utf-8")
    digest = receipts.digest_of(parse_file(path))
    path.write_text("\n".join([*forged, seal.split('"')[0] + f'"{digest}" .']) + "\n", "utf-8")
    found = replay(base, path)
    assert not found.identical
    assert all(d.where.zh and d.where.en for d in found.answers)


def test_seals_of_other_subjects_are_covered(base: Setting, write: Callable[..., Path]) -> None:
    path = write(ending=".nt")
    path.write_text(path.read_text("utf-8") + f'<{R1}> <{PG.signature}> "approved" .\n', "utf-8")
    with pytest.raises(InputError, match="digest"):
        replay(base, path)


@pytest.mark.parametrize("day", ["", '"soon"', '"2024-02-30"'])
def test_receipt_without_a_day_is_refused(base: Setting, write: Callable[..., Path], day: str) -> None:
    path = write(ending=".nt")
    lines = [line for line in path.read_text("utf-8").splitlines() if f"<{R1}> <{PG.asOf}>" not in line and PG.receiptDigest not in line]
    lines += [f"<{R1}> <{PG.asOf}> {day} ."] if day else []
    path.write_text("\n".join(lines) + "\n", "utf-8")
    digest = receipts.digest_of(parse_file(path))
    path.write_text("\n".join([*lines, f'<{BASE}submission#receipt> <{PG.receiptDigest}> "{digest}" .']) + "\n", "utf-8")
    with pytest.raises(InputError, match="day of judgement"):
        replay(base, path)


def test_receipt_replaces_no_file(tmp_path: Path) -> None:
    claim = tmp_path / "claim.jsonld"
    claim.write_bytes((REPOSITORY / "examples" / AWARD).read_bytes())
    before = claim.read_bytes()
    assert main(["decide", str(claim), "--receipt", str(claim)]) == 2
    assert claim.read_bytes() == before
    assert main(["decide", str(claim), "--receipt", str(tmp_path / "r.ttl"), "-o", str(tmp_path / "r.ttl")]) == 2
    assert not (tmp_path / "r.ttl").exists()
    assert main(["decide", str(claim), "--receipt", str(tmp_path / "r.ttl"), "-o", str(tmp_path / "r.txt")]) == 0
    assert main(["replay", str(tmp_path / "r.ttl"), "-o", str(tmp_path / "replay.txt")]) == 0


def key_files(folder: Path) -> tuple[Path, Path]:
    key = Ed25519PrivateKey.generate()
    private, public = folder / "key.pem", folder / "key.pub"
    private.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    public.write_bytes(key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo))
    return private, public


def test_signed_receipt(base: Setting, write: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    private, public = key_files(tmp_path)
    (tmp_path / "other").mkdir()
    _, stranger = key_files(tmp_path / "other")
    monkeypatch.setenv(signing.ENV_KEY, str(private))
    path = write()
    assert private.read_text() not in path.read_text("utf-8")
    assert replay(base, path).seal == "untrusted"
    assert replay(base, path, key=str(public)).seal == "valid"
    with pytest.raises(InputError, match="another key"):
        replay(base, path, key=str(stranger))


def test_forged_digest_breaks_the_signature(
    base: Setting, write: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    private, public = key_files(tmp_path)
    monkeypatch.setenv(signing.ENV_KEY, str(private))
    path = write(ending=".nt")
    lines = [line for line in path.read_text("utf-8").splitlines() if "80000" not in line]
    forged = tmp_path / "forged.nt"
    forged.write_text("\n".join(lines) + "\n", "utf-8")
    digest = receipts.digest_of(parse_file(forged))
    forged.write_text(
        "\n".join(line if "receiptDigest" not in line else line.split('"')[0] + f'"{digest}" .' for line in lines) + "\n", "utf-8"
    )
    with pytest.raises(InputError, match="signature is not valid"):
        replay(base, forged, key=str(public))


def test_unsigned_receipt_does_not_pass_for_signed(base: Setting, write: Callable[..., Path], tmp_path: Path) -> None:
    _, public = key_files(tmp_path)
    with pytest.raises(InputError, match="not signed"):
        replay(base, write(), key=str(public))


def test_bad_keys_are_refused(write: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bad = tmp_path / "bad.pem"
    bad.write_text("no key")
    monkeypatch.setenv(signing.ENV_KEY, str(bad))
    with pytest.raises(InputError, match="no unencrypted"):
        write()
    monkeypatch.setenv(signing.ENV_KEY, str(tmp_path / "absent.pem"))
    with pytest.raises(InputError, match="cannot be read"):
        write()
    with pytest.raises(InputError, match="no Ed25519 public key"):
        signing.public_key(str(bad))


def test_unknown_ending_and_clock() -> None:
    with pytest.raises(UsageError, match="ending"):
        receipts.write_form("receipt.pdf")
    assert receipts.now({receipts.ENV_CLOCK: "0"}) == dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
    with pytest.raises(UsageError, match="seconds"):
        receipts.now({receipts.ENV_CLOCK: "soon"})
