"""How a remote store is spoken to: addresses, credentials, redirects, retries, limits; against a small HTTP server that plays its part."""

from __future__ import annotations

import base64
import http.server
import threading
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import parse_qs, urlsplit

import pytest

from policygraph.errors import PolicyGraphError, StoreError, UsageError
from policygraph.store.address import Address, read_address, stays
from policygraph.store.credentials import Credentials, read_credentials
from policygraph.store.opener import build_opener
from policygraph.store.remote import RemoteStore
from policygraph.store.retrying import Patience

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SHORT = Patience(attempts=3, first=0.01, longest=0.02)
YES = b'{"head": {}, "boolean": true}'
BASIC = "Basic " + base64.b64encode(b"me:geheim").decode()
ASK = "ASK { ?s ?p ?o }"


class Played(http.server.BaseHTTPRequestHandler):
    """Answers as its path says; keeps what it was sent."""

    seen: ClassVar[list[tuple[str, dict[str, list[str]], str]]] = []
    elsewhere: ClassVar[list[str]] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.seen.append((self.path, parse_qs(body), self.headers.get("Authorization", "")))
        times = sum(path == self.path for path, _, _ in self.seen)
        match urlsplit(self.path).path.split("/")[1:]:
            case ["busy", status, "twice"] if times <= 2:
                self.answer(int(status), {"Retry-After": "0"})
            case ["busy", status, "always"]:
                self.answer(int(status), {})
            case ["cut", "once"] if times == 1:
                self.connection.close()
            case ["moved", status]:
                self.answer(int(status), {"Location": "/yes"})
            case ["away", _]:
                self.answer(302, {"Location": self.elsewhere[0]})
            case ["round"]:
                self.answer(307, {"Location": "/round"})
            case ["basic", *_] if self.headers.get("Authorization") != BASIC:
                self.answer(401, {"WWW-Authenticate": 'Basic realm="r"'})
            case ["long"]:
                self.answer(200, {}, b'{"head": {}, "boolean": true' + b" " * 5000 + b"}")
            case _:
                self.answer(200, {"Content-Type": "application/sparql-results+json"}, YES)

    def answer(self, status: int, headers: dict[str, str], body: bytes = b"") -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def handle_one_request(self) -> None:
        try:
            super().handle_one_request()
        except (OSError, ValueError):  # it closed the connection itself
            self.close_connection = True

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def played() -> Iterator[str]:
    Played.seen.clear()
    Played.elsewhere[:] = ["http://localhost:9/yes"]
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Played) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()


def store(address: str, credentials: Credentials | None = None) -> RemoteStore:
    return RemoteStore(address, patience=SHORT, seconds=10, credentials=credentials, most_bytes=1000)


# ---------------------------------------------------------------- addresses
@pytest.mark.parametrize(
    ("where", "query", "update"),
    [
        ("http://localhost:7878", "http://localhost:7878/query", "http://localhost:7878/update"),
        ("https://h/", "https://h/query", "https://h/update"),
        ("https://h/ds/query", "https://h/ds/query", "https://h/ds/update"),
        ("http://[::1]:8890/sparql-auth", "http://[::1]:8890/sparql-auth", "http://[::1]:8890/sparql-auth"),
    ],
)
def test_an_address_stands_for_both_services(where: str, query: str, update: str) -> None:
    assert read_address(where) == Address(query, update)


def test_the_update_address_may_be_named() -> None:
    assert read_address("http://h/repositories/p", "http://h/repositories/p/statements").update == "http://h/repositories/p/statements"
    with pytest.raises(UsageError):
        read_address("http://h/query", "http://other/update")


@pytest.mark.parametrize(
    "where",
    [
        "file:///etc/passwd",
        "ftp://h/x",
        "data://h",
        "http://",
        "http://h:0/",
        "http://h:x/",
        "http://h/?key=1",
        "http://h/#a",
        "http://h/a b",
    ],
)
def test_what_is_no_address_is_refused(where: str) -> None:
    with pytest.raises(UsageError):
        read_address(where)


def test_a_password_in_an_address_is_refused_and_not_repeated() -> None:
    with pytest.raises(UsageError) as caught:
        read_address("https://me:geheim@h/sparql")
    assert all("geheim" not in caught.value.render(language) for language in ("zh", "en"))


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://127.0.0.1/x", "data:,x"])
def test_the_opener_opens_nothing_but_http(url: str) -> None:
    with pytest.raises(OSError, match="unknown url type"):
        build_opener(Address(url, url), None).open(url)


# ---------------------------------------------------------------- redirects
@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_on_the_same_server_keeps_the_query(played: str, status: int) -> None:
    assert store(f"{played}/moved/{status}").ask(ASK)
    assert [(path, form["query"]) for path, form, _ in Played.seen] == [(f"/moved/{status}", [ASK]), ("/yes", [ASK])]


@pytest.mark.parametrize(
    "target", ["http://localhost:9/yes", "https://127.0.0.1/yes", "//example.org/yes", "file:///etc/passwd", "ftp://127.0.0.1/x"]
)
def test_a_redirect_to_elsewhere_is_refused(played: str, target: str) -> None:
    Played.elsewhere[:] = [target]
    with pytest.raises(StoreError):
        store(f"{played}/away/x", Credentials("me", "geheim")).ask(ASK)
    assert [path for path, _, _ in Played.seen] == ["/away/x"]


def test_a_redirect_in_a_circle_ends(played: str) -> None:
    with pytest.raises(StoreError):
        store(f"{played}/round").ask(ASK)
    assert len(Played.seen) <= 12


@pytest.mark.parametrize(
    ("before", "after", "same"),
    [
        ("http://h/a", "http://h/b", True),
        ("http://h/a", "http://h:80/b", True),
        ("http://h/a", "https://h/a", True),
        ("https://h/a", "http://h/a", False),
        ("http://h/a", "http://h:8080/a", False),
        ("http://h:8890/a", "https://h/a", False),
        ("http://h/a", "http://h.example/a", False),
        ("http://h/a", "http://u:p@h/a", False),
    ],
)
def test_what_counts_as_the_same_server(before: str, after: str, same: bool) -> None:
    assert stays(before, after) is same


# ---------------------------------------------------------------- trying again
@pytest.mark.parametrize("status", [502, 503, 504])
def test_a_query_is_asked_again_while_the_server_is_busy(played: str, status: int) -> None:
    assert store(f"{played}/busy/{status}/twice").ask(ASK)
    assert len(Played.seen) == 3


@pytest.mark.parametrize(("status", "times"), [(502, 3), (503, 3), (504, 3), (500, 1), (404, 1), (429, 1)])
def test_patience_ends_and_only_passing_faults_are_tried_again(played: str, status: int, times: int) -> None:
    with pytest.raises(StoreError) as caught:
        store(f"{played}/busy/{status}/always").ask(ASK)
    assert str(status) in caught.value.what.zh and len(Played.seen) == times


@pytest.mark.parametrize(("status", "once", "repeatable"), [(502, 1, 3), (503, 3, 3), (504, 1, 3)])
def test_an_update_that_may_have_been_done_is_not_repeated_unawares(played: str, status: int, once: int, repeatable: int) -> None:
    for is_repeatable, times in ((False, once), (True, repeatable)):
        Played.seen.clear()
        with pytest.raises(StoreError):
            store(f"{played}/busy/{status}/always").update("CLEAR ALL", repeatable=is_repeatable)
        assert len(Played.seen) == times


def test_a_lost_connection_is_tried_again_for_queries_only(played: str) -> None:
    assert store(f"{played}/cut/once").ask(ASK)
    assert len(Played.seen) == 2
    Played.seen.clear()
    with pytest.raises(StoreError):
        store(f"{played}/cut/once").update("INSERT { <a:a> <a:b> _:c } WHERE {}")
    assert len(Played.seen) == 1


# ---------------------------------------------------------------- limits
def test_an_answer_that_is_too_long_is_refused(played: str) -> None:
    with pytest.raises(StoreError) as caught:
        store(f"{played}/long").ask(ASK)
    assert "1000" in caught.value.what.en


# ---------------------------------------------------------------- credentials
def test_credentials_are_sent_only_when_asked_for(played: str) -> None:
    asked = store(f"{played}/basic", Credentials("me", "geheim"))
    assert asked.ask(ASK)
    assert [sent for _, _, sent in Played.seen] == ["", BASIC]
    assert store(f"{played}/yes", Credentials("me", "geheim")).ask(ASK)
    assert Played.seen[-1][2] == ""


def test_a_readable_password_goes_over_no_unencrypted_way(played: str) -> None:
    # The name is not this machine's, as far as the opener knows; a proxy takes the request to the server that is played.
    import urllib.request

    for scheme, refused in (("", True), ("basic", False)):
        Played.seen.clear()
        address = Address("http://store.example/basic", "http://store.example/basic")
        opener = build_opener(address, Credentials("me", "geheim", scheme))
        opener.add_handler(urllib.request.ProxyHandler({"http": played}))
        request = urllib.request.Request(address.query, data=b"query=x", method="POST")  # noqa: S310
        if refused:
            with pytest.raises(StoreError):
                opener.open(request, timeout=10)
        else:
            opener.open(request, timeout=10).close()
        assert ("" if refused else BASIC) == Played.seen[-1][2]


def test_a_wrong_password_is_not_shown(played: str) -> None:
    with pytest.raises(StoreError) as caught:
        store(f"{played}/basic", Credentials("me", "falsch")).ask(ASK)
    assert "401" in caught.value.what.en and "POLICYGRAPH_STORE_USER" in caught.value.fix.zh
    assert not any("falsch" in caught.value.render(language) for language in ("zh", "en"))
    assert "falsch" not in repr(Credentials("me", "falsch"))


def test_credentials_come_from_the_environment_or_a_file(tmp_path: Path) -> None:
    file = tmp_path / "credentials"
    file.write_text("machine h login me password geheim\n", "utf-8")
    file.chmod(0o600)
    named = {"POLICYGRAPH_STORE_CREDENTIALS": str(file)}
    both = {**named, "POLICYGRAPH_STORE_USER": "she", "POLICYGRAPH_STORE_PASSWORD": "x", "POLICYGRAPH_STORE_AUTH": "digest"}
    assert read_credentials("h", {}) is None
    assert read_credentials("h", named) == Credentials("me", "geheim")
    assert read_credentials("other", named) is None
    assert read_credentials("h", both) == Credentials("she", "x", "digest")


@pytest.mark.parametrize("fault", ["open", "missing", "form", "half", "scheme"])
def test_credentials_that_will_not_do_are_refused_without_being_shown(tmp_path: Path, fault: str) -> None:
    file = tmp_path / "credentials"
    file.write_text("geheim geheim\n" if fault == "form" else "machine h login me password geheim\n", "utf-8")
    file.chmod(0o644 if fault == "open" else 0o600)
    environment = {
        "half": {"POLICYGRAPH_STORE_PASSWORD": "geheim"},
        "scheme": {"POLICYGRAPH_STORE_AUTH": "geheim"},
        "missing": {"POLICYGRAPH_STORE_CREDENTIALS": str(tmp_path / "none")},
    }.get(fault, {"POLICYGRAPH_STORE_CREDENTIALS": str(file)})
    with pytest.raises(PolicyGraphError) as caught:
        read_credentials("h", environment)
    assert not any("geheim" in caught.value.render(language) for language in ("zh", "en"))
