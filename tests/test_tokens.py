"""Tokens of a register: made once, kept as hashes, expiring, revoked at once; uses noted without personal data."""

from __future__ import annotations

import datetime as dt
import sqlite3
from typing import TYPE_CHECKING

import pytest

from policygraph.app.register.tokens import AUDITOR, CLERK, READER, Tokens, Use, beside
from policygraph.cli import main
from policygraph.errors import StoreError, UsageError

if TYPE_CHECKING:
    from pathlib import Path

NOW = dt.datetime(2026, 11, 22, 3, 4, 5, tzinfo=dt.UTC)
TODAY = NOW.date()


@pytest.fixture
def tokens(tmp_path: Path) -> Tokens:
    return Tokens(tmp_path / "r.db.tokens")


def test_a_token_opens_the_door_and_only_its_hash_is_kept(tokens: Tokens, tmp_path: Path) -> None:
    token, spelling = tokens.make("portal", READER, NOW)
    assert tokens.holder(spelling, TODAY) == token
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert spelling.rpartition("_")[2].encode() not in kept
    assert (tmp_path / "r.db.tokens").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "change",
    [
        lambda s: s[:-1] + ("A" if s[-1] != "A" else "B"),
        lambda s: s.replace("pgt_1_", "pgt_2_"),
        lambda s: s.replace("pgt_1_", "pgt_01_"),
        lambda s: s + " ",
        lambda s: s.upper(),
        lambda s: s[:20],
        lambda _: "",
        lambda _: "pgt_999999999_" + "A" * 43,
        lambda _: "pgt_1_' OR 1=1 --" + "A" * 30,
    ],
)
def test_another_spelling_opens_nothing(tokens: Tokens, change: object) -> None:
    _, spelling = tokens.make("portal", READER, NOW)
    assert tokens.holder(change(spelling), TODAY) is None  # type: ignore[operator]


def test_a_token_ends_when_it_is_revoked_or_expires(tokens: Tokens) -> None:
    _, lasting = tokens.make("a", CLERK, NOW)
    _, ending = tokens.make("b", AUDITOR, NOW, TODAY + dt.timedelta(days=1))
    assert tokens.holder(ending, TODAY) is not None
    assert tokens.holder(ending, TODAY + dt.timedelta(days=1)) is None
    tokens.revoke("a", NOW)
    assert tokens.holder(lasting, TODAY) is None
    assert tokens.revoke("1", NOW + dt.timedelta(days=3)).revoked == "2026-11-22T03:04:05Z", "the first revocation stays"


@pytest.mark.parametrize("name", ["", "  ", "x" * 61, "a\x1b[31m"])
def test_a_name_must_be_one(tokens: Tokens, name: str) -> None:
    with pytest.raises(UsageError):
        tokens.make(name, READER, NOW)


def test_names_are_not_used_twice(tokens: Tokens) -> None:
    tokens.make("portal", READER, NOW)
    tokens.revoke("portal", NOW)
    with pytest.raises(UsageError, match="portal"):
        tokens.make(" portal ", READER, NOW)


def test_an_expiry_lies_ahead(tokens: Tokens) -> None:
    with pytest.raises(UsageError):
        tokens.make("portal", READER, NOW, TODAY)


def test_uses_are_noted_newest_first(tokens: Tokens) -> None:
    tokens.make("portal", READER, NOW)
    for status in (200, 403, 404):
        tokens.note(Use("2026-11-22T03:04:05Z", 1, "showEntry", status))
    tokens.note(Use("2026-11-22T03:04:06Z", 0, "showEntry", 401))
    assert [(use.token, use.status) for use in tokens.uses(3)] == [(0, 401), (1, 404), (1, 403)]


def test_without_any_token_the_error_says_how_to_make_one(tokens: Tokens) -> None:
    with pytest.raises(UsageError) as caught:
        tokens.holder("pgt_1_" + "A" * 43, TODAY)
    assert "token make" in caught.value.fix.en


def test_another_file_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "r.db.tokens"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE theirs (x)")
    connection.commit()
    connection.close()
    before = path.read_bytes()
    with pytest.raises(StoreError):
        Tokens(path).make("portal", READER, NOW)
    assert path.read_bytes() == before


def test_a_place_that_cannot_be_written_to_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError):
        Tokens(tmp_path / "no such folder" / "r.db.tokens").make("portal", READER, NOW)


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "r.db.tokens").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StoreError):
        Tokens(tmp_path / "r.db.tokens").make("portal", READER, NOW)
    assert not (tmp_path / "elsewhere").exists()


def test_the_command_line_makes_lists_and_revokes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    register = tmp_path / "r.db"
    assert main.main(["register", "add", "examples/green-channel-good.ttl", "--register", str(register), "--new"]) == 0
    capsys.readouterr()

    def run(*words: str) -> tuple[int, str, str]:
        code = main.main(["register", "token", *words, "--register", str(register), "--lang", "en"])
        out, err = capsys.readouterr()
        return code, out, err

    code, spelling, told = run("make", "--role", "clerk", "--name", "portal")
    assert code == 0
    assert Tokens(beside(register)).holder(spelling.strip(), TODAY) is not None
    assert spelling.strip() not in told
    assert "portal" in run("list")[1]
    assert run("revoke", "portal")[0] == 0
    assert Tokens(beside(register)).holder(spelling.strip(), TODAY) is None
    assert run("make", "--role", "clerk")[0] == 2
    assert run("revoke", "nobody")[0] == 2
    assert run("uses")[0] == 0
