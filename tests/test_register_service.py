"""The register over HTTP: who is let in, what they may do, and that nothing of it is kept or logged on the way."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from policygraph.app.register.tokens import AUDITOR, CLERK, READER, ROLES, Tokens, beside
from policygraph.cli import main
from policygraph.web.register.guarding import MOST_WRONG, Rates
from serving import Served, served
from test_tokens import NOW

if TYPE_CHECKING:
    from collections.abc import Iterator

    from serving import Reply

EXAMPLE = "examples/green-channel-good.ttl"


class Office:
    """A service with a register of one entry, and a token of each role."""

    def __init__(self, service: Served, register: Path, tokens: dict[str, str]) -> None:
        self.service, self.register, self.tokens = service, register, tokens

    def ask(self, role: str, method: str, path: str, body: bytes | str | None = None, **headers: str) -> Reply:
        return self.service.ask(method, path, body, authorization=f"Bearer {self.tokens[role]}", **headers)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    register = tmp_path_factory.mktemp("office") / "r.db"
    assert main.main(["register", "add", EXAMPLE, "--register", str(register), "--new"]) == 0
    tokens = {role: Tokens(beside(register)).make(role, role, NOW)[1] for role in ROLES}
    with served("--register", str(register), "--log") as service:
        yield Office(service, register, tokens)


READS = ("/api/register", "/api/register/1")
AUDITS = ("/api/register/verification", "/api/register/export?format=ttl", "/api/register/uses")


@pytest.mark.parametrize("path", [*READS, *AUDITS, "/api/register/1/receipt"])
@pytest.mark.parametrize("credential", [None, "Bearer", "Bearer pgt_1_" + "A" * 43, "Basic cmVhZGVyOng=", "Bearer ' OR 1=1 --"])
def test_nobody_gets_in_without_a_token(office: Office, path: str, credential: str | None) -> None:
    reply = office.service.ask("GET", path, **({"authorization": credential} if credential else {}))
    assert reply.status in {401, 429}
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.headers["cache-control"] == "no-store"
    assert "access-control-allow-origin" not in reply.headers
    if reply.status == 401:
        assert reply.headers["www-authenticate"].startswith("Bearer ")


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("path", [*READS, *AUDITS])
def test_roles_say_who_may_read_what(office: Office, role: str, path: str) -> None:
    reply = office.ask(role, "GET", path)
    assert reply.status == (200 if path in READS or role == AUDITOR else 403)
    assert reply.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("role", [READER, AUDITOR])
@pytest.mark.parametrize("path", ["/api/register", "/api/register/1/correction", "/api/register/1/determinations"])
def test_only_clerks_write(office: Office, role: str, path: str) -> None:
    assert office.ask(role, "POST", path, b"{}", content_type="application/json").status == 403


def test_a_clerk_enters_a_submission_once(office: Office) -> None:
    body = Path(EXAMPLE).read_text(encoding="utf-8").replace("牛晓梅", "李四")
    first = office.ask(CLERK, "POST", "/api/register", body, content_type="text/turtle")
    assert first.status == 201, first.text
    number = first.json["accepted"][0]["entry"]
    shown = office.ask(READER, "GET", f"/api/register/{number}").json
    assert shown["who"] == CLERK
    assert shown["standing"]
    again = office.ask(CLERK, "POST", "/api/register", body, content_type="text/turtle")
    assert again.status == 200
    assert not again.json["accepted"]
    assert str(number) in again.json["declined"][0]["why"]
    assert office.ask(AUDITOR, "GET", "/api/register/verification").json["sound"]


def test_what_was_noted_finds_a_change_later(office: Office) -> None:
    head = office.ask(AUDITOR, "GET", "/api/register/verification").json["head"]
    assert office.ask(AUDITOR, "GET", f"/api/register/verification?head={head}").json["since"] == 0
    assert not office.ask(AUDITOR, "GET", f"/api/register/verification?head={'0' * 64}").json["sound"]


def test_search_takes_the_words_from_the_body(office: Office) -> None:
    reply = office.ask(READER, "POST", "/api/register/search", json.dumps({"text": "牛晓梅"}), content_type="application/json")
    assert [match["number"] for match in reply.json["matches"]] == [1]
    assert reply.json["matches"][0]["fields"]
    for bad in (b"", b"[]", b'{"text": 1}', b"[" * 2000):
        assert office.ask(READER, "POST", "/api/register/search", bad, content_type="application/json").status == 422


def test_a_receipt_can_be_replayed(office: Office, tmp_path: Path) -> None:
    reply = office.ask(READER, "GET", "/api/register/1/receipt", accept="text/turtle")
    assert reply.headers["content-type"].startswith("text/turtle")
    path = tmp_path / "receipt.ttl"
    path.write_bytes(reply.body)
    assert main.main(["replay", str(path)]) == 0


def test_the_anonymous_export_names_nobody(office: Office) -> None:
    for form in ("ttl", "csv", "jsonld"):
        whole = office.ask(AUDITOR, "GET", f"/api/register/export?format={form}").text
        assert "牛晓梅" in whole or "\\u725b" in whole
        assert "牛晓梅" not in office.ask(AUDITOR, "GET", f"/api/register/export?format={form}&anonymous=true").text


@pytest.mark.parametrize(
    "path", ["/api/register/0", "/api/register/99999", "/api/register/" + "9" * 5000, "/api/register/x", "/api/register/-1"]
)
def test_what_there_is_not_is_told(office: Office, path: str) -> None:
    assert office.ask(READER, "GET", path).status in {400, 404}


def test_a_revoked_token_is_refused_at_once(office: Office) -> None:
    tokens = Tokens(beside(office.register))
    _, spelling = tokens.make("leaving", READER, NOW)
    assert office.service.ask("GET", "/api/register", authorization=f"Bearer {spelling}").status == 200
    tokens.revoke("leaving", NOW)
    assert office.service.ask("GET", "/api/register", authorization=f"Bearer {spelling}").status in {401, 429}


def test_guessing_is_slowed_down_and_the_others_go_on(office: Office) -> None:
    wrong = {"authorization": "Bearer pgt_1_" + "B" * 43}
    replies = [office.service.ask("GET", "/api/register", **wrong) for _ in range(MOST_WRONG + 2)]
    assert replies[-1].status == 429
    assert int(replies[-1].headers["retry-after"]) > 0
    assert office.ask(READER, "GET", "/api/register").status == 200


def test_uses_tell_what_was_done_and_nothing_personal(office: Office) -> None:
    office.ask(READER, "GET", "/api/register/1")
    office.ask(READER, "POST", "/api/register/search", json.dumps({"text": "牛晓梅"}), content_type="application/json")
    uses = office.ask(AUDITOR, "GET", "/api/register/uses").json["uses"]
    assert [use["operation"] for use in uses[:2]] == ["searchRegister", "showEntry"]
    assert {frozenset(use) for use in uses} == {frozenset({"time", "token", "operation", "status"})}
    assert "牛晓梅".encode() not in beside(office.register).read_bytes()


def test_determinations_are_entered_and_checked(office: Office) -> None:
    finding = {"field": "奖牌", "value": "金牌", "by": "王", "authority": "某机关", "date": "2024-11-06", "document": "7/2024"}
    path = "/api/register/1/determinations"
    bad = office.ask(CLERK, "POST", path, json.dumps(finding | {"field": "没有"}), content_type="application/json")
    assert bad.status == 400
    assert office.ask(CLERK, "POST", path, json.dumps({"field": "x"}), content_type="application/json").status == 422
    done = office.ask(CLERK, "POST", path, json.dumps(finding), content_type="application/json")
    assert done.status == 201, done.text
    assert done.json["of"] == 1
    shown = office.ask(READER, "GET", "/api/register/1").json
    assert [d["document"] for d in shown["determinations"]] == ["7/2024"]


def test_without_a_register_the_service_says_so() -> None:
    with served() as service:
        reply = service.get("/api/register")
        assert reply.status == 404
        assert "--register" in reply.json["fix"]


def test_rates_let_through_again_after_a_while() -> None:
    now = [0.0]
    rates = Rates(2, lambda: now[0])
    assert rates.wait("a") == 0
    rates.count("a")
    rates.count("a")
    assert 0 < rates.wait("a") <= 30
    assert rates.wait("b") == 0
    now[0] = 31.0
    assert rates.wait("a") == 0


def test_the_log_names_no_entry_and_no_query(tmp_path: Path) -> None:
    import subprocess
    import sys

    register = tmp_path / "r.db"
    assert main.main(["register", "add", EXAMPLE, "--register", str(register), "--new"]) == 0
    _, spelling = Tokens(beside(register)).make("r", READER, NOW)
    command = [sys.executable, "-m", "policygraph.cli.main", "serve", "--port", "0", "--lang", "en", "--log", "--register", str(register)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        url = next(found[0] for line in process.stderr if (found := re.search(r"http://\S+/", line)))
        service = Served(url, process)
        try:
            assert service.ask("GET", "/api/register/1?secret=1", authorization=f"Bearer {spelling}").status == 200
        finally:
            process.terminate()
        said = process.stderr.read()
    assert "/api/register/…" in said
    assert "secret" not in said
    assert spelling not in said
    assert "register/1" not in said
