"""The register's pages: who gets in and how, what a cookie opens and what it does not, and that nobody else's page can use it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest

from pages import Element, page_of
from policygraph.app.register.tokens import AUDITOR, CLERK, READER, ROLES, Tokens, beside
from policygraph.cli import main
from policygraph.web.pages.registry.session import COOKIE, SECONDS
from serving import Reply, Served, served
from test_tokens import NOW

if TYPE_CHECKING:
    from collections.abc import Iterator

EXAMPLE = Path("examples/green-channel-good.ttl")
PERSON = "牛晓梅"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
FORM = "application/x-www-form-urlencoded"
READS = ("/register", "/register/entries/1")
AUDITS = ("/register/verification", "/register/export", "/register/export/file?format=csv", "/register/uses")
ENTERS = ("/register/enter", "/register/entries/1/correction")


class Office:
    """A service with a register of one entry, and a token of each role."""

    def __init__(self, service: Served, register: Path, tokens: dict[str, str]) -> None:
        self.service, self.register, self.tokens = service, register, tokens

    def get(self, role: str, path: str, **headers: str) -> Reply:
        return self.service.ask("GET", path, cookie=self.cookie(role), accept=BROWSER, accept_language="zh", **headers)

    def post(self, role: str, path: str, body: bytes | str = b"", content_type: str = FORM, **headers: str) -> Reply:
        own: dict[str, Any] = {"sec_fetch_site": "same-origin"} | headers
        if role:
            own["cookie"] = self.cookie(role)
        return self.service.ask("POST", path, body, content_type=content_type, accept=BROWSER, accept_language="zh", **own)

    def cookie(self, role: str) -> str:
        return f"{COOKIE}={self.tokens[role]}"

    def page(self, role: str, path: str) -> Element:
        reply = self.get(role, path)
        assert reply.status == 200, reply.text
        return page_of(reply.text)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    register = tmp_path_factory.mktemp("office") / "r.db"
    assert main.main(["register", "add", str(EXAMPLE), "--register", str(register), "--new"]) == 0
    tokens = {role: Tokens(beside(register)).make(role, role, NOW)[1] for role in ROLES}
    with served("--register", str(register)) as service:
        yield Office(service, register, tokens)


def upload(data: bytes, name: str, **fields: str) -> tuple[bytes, str]:
    parts = [f'--x\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n'.encode() for k, v in fields.items()]
    file = f'--x\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode() + data + b"\r\n"
    return b"".join([*parts, file, b"--x--\r\n"]), "multipart/form-data; boundary=x"


# ---------------------------------------------------------------- signing in
def test_signing_in_puts_the_token_into_a_guarded_cookie(office: Office) -> None:
    asked = page_of(office.service.get("/register", accept=BROWSER).text)
    (form,) = asked.all("form", id="sign-in")
    assert (form.attributes["method"], form.attributes["action"].partition("?")[0]) == ("post", "/register/session")
    assert asked.all("input", id="token", type="password", name="token")
    reply = office.post("", "/register/session", urlencode({"token": office.tokens[READER]}))
    assert reply.status == 303
    assert reply.headers["location"].partition("?")[0] == "/register"
    name, *flags = [each.strip() for each in reply.headers["set-cookie"].split(";")]
    assert name == f"{COOKIE}={office.tokens[READER]}"
    said = {flag.lower() for flag in flags}
    assert {"httponly", "samesite=strict", "path=/register", f"max-age={SECONDS}"} <= said
    assert "secure" not in said  # it was asked over plain HTTP


@pytest.mark.parametrize("header", ["x_forwarded_proto", "origin"])
def test_over_https_the_cookie_is_for_https_only(office: Office, header: str) -> None:
    value = "https" if header == "x_forwarded_proto" else "https://policy.example"
    reply = office.post("", "/register/session", urlencode({"token": office.tokens[READER]}), **{header: value})
    assert "secure" in reply.headers["set-cookie"].lower()


def test_a_wrong_token_is_refused_on_the_same_page(office: Office) -> None:
    reply = office.post("", "/register/session", urlencode({"token": "pgt_1_" + "A" * 43}))
    assert reply.status == 401
    assert "set-cookie" not in reply.headers
    page = page_of(reply.text)
    assert page.all("p", id="wrong", role="alert")
    assert page.all("form", id="sign-in")


def test_signing_out_takes_the_cookie_away(office: Office) -> None:
    reply = office.post(READER, "/register/session/end")
    assert reply.status == 303
    assert re.search(rf"{COOKIE}=\"?\"?;.*max-age=0", reply.headers["set-cookie"], re.IGNORECASE)


def test_a_revoked_token_opens_nothing_and_its_cookie_goes(office: Office) -> None:
    tokens = Tokens(beside(office.register))
    _, spelling = tokens.make("leaving", READER, NOW)
    office.tokens["leaving"] = spelling
    assert office.get("leaving", "/register").status == 200
    tokens.revoke("leaving", NOW)
    reply = office.get("leaving", "/register")
    assert reply.status == 401
    assert PERSON not in reply.text
    assert "max-age=0" in reply.headers["set-cookie"].lower()


# ---------------------------------------------------------------- the interface takes no cookie
@pytest.mark.parametrize("path", ["/api/register", "/api/register/1", "/api/register/1/receipt", "/api/register/uses"])
def test_the_interface_does_not_take_the_cookie(office: Office, path: str) -> None:
    more: tuple[dict[str, Any], ...] = ({}, {"sec_fetch_site": "same-origin"})
    for headers in more:
        reply = office.service.ask("GET", path, cookie=office.cookie(AUDITOR), **headers)
        assert reply.status == 401
        assert "set-cookie" not in reply.headers
    assert office.service.ask("POST", "/api/register", b"{}", cookie=office.cookie(CLERK), content_type="application/json").status == 401


# ---------------------------------------------------------------- other sites
@pytest.mark.parametrize(
    "headers",
    [
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
        {"sec_fetch_site": "none"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {},
        {"sec_fetch_site": "cross-site", "origin": "OWN"},
    ],
)
@pytest.mark.parametrize("path", ["/register/enter", "/register/search", "/register/session", "/register/session/end"])
def test_forms_of_other_sites_do_nothing(office: Office, path: str, headers: dict[str, str]) -> None:
    own: dict[str, Any] = {name: value.replace("OWN", office.service.url.rstrip("/")) for name, value in headers.items()}
    body, kind = upload(EXAMPLE.read_bytes(), "a.ttl") if path.endswith("enter") else (urlencode({"text": PERSON, "token": "x"}), FORM)
    reply = office.service.ask("POST", path, body, cookie=office.cookie(CLERK), content_type=kind, accept=BROWSER, **own)
    assert reply.status == 403
    assert PERSON not in reply.text


def test_an_older_browser_is_known_by_its_origin(office: Office) -> None:
    body, own = urlencode({"text": PERSON}), office.service.url.rstrip("/")
    asked: dict[str, Any] = {"cookie": office.cookie(READER), "content_type": FORM, "accept": BROWSER}
    assert office.service.ask("POST", "/register/search", body, origin=own, **asked).status == 200
    # With the policy of other pages, `no-referrer`, browsers would send `Origin: null` with our own forms.
    assert office.get(READER, "/register").headers["referrer-policy"] == "same-origin"


def test_a_program_may_use_the_pages_with_its_header(office: Office) -> None:
    bearer: dict[str, Any] = {"authorization": f"Bearer {office.tokens[READER]}", "accept": BROWSER}
    reply = office.service.ask("GET", "/register/entries/1", **bearer)
    assert reply.status == 200
    assert "set-cookie" not in reply.headers
    assert office.service.ask("POST", "/register/search", urlencode({"text": PERSON}), content_type=FORM, **bearer).status == 200


# ---------------------------------------------------------------- roles
@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("path", [*READS, *AUDITS, *ENTERS])
def test_roles_say_who_may_see_what(office: Office, role: str, path: str) -> None:
    reply = office.get(role, path)
    allowed = path in READS or (path in AUDITS and role == AUDITOR) or (path in ENTERS and role == CLERK)
    assert reply.status == (200 if allowed else 403)
    assert reply.headers["cache-control"] == "no-store"
    assert "cookie" in reply.headers["vary"].lower()
    assert "access-control-allow-origin" not in reply.headers
    if reply.type == "text/html":
        page_of(reply.text)


@pytest.mark.parametrize("role", [READER, AUDITOR])
@pytest.mark.parametrize("path", ENTERS)
def test_only_clerks_enter(office: Office, role: str, path: str) -> None:
    body, kind = upload(EXAMPLE.read_bytes(), "a.ttl")
    assert office.post(role, path, body, kind).status == 403


@pytest.mark.parametrize("path", [*READS[1:], *AUDITS, *ENTERS])
def test_nobody_gets_in_without_a_token(office: Office, path: str) -> None:
    reply = office.service.get(path, accept=BROWSER)
    assert (reply.status, reply.headers["cache-control"]) == (401, "no-store")
    assert page_of(reply.text).all("form", id="sign-in")
    assert PERSON not in reply.text
    plain = office.service.get(path)
    assert (plain.status, plain.type) == (401, "application/problem+json")


# ---------------------------------------------------------------- what is on the pages
def test_the_list_filters_and_leads_to_entries(office: Office) -> None:
    page = office.page(READER, "/register")
    assert PERSON not in page.text
    (link,) = [a for a in page.all("a") if a.attributes["href"].startswith("/register/entries/1")]
    assert office.get(READER, link.attributes["href"]).status == 200
    kinds = [o.attributes.get("value", "") for o in page.all("select", id="kind")[0].all("option")]
    assert "GreenChannelApplication" in kinds
    none = office.page(READER, "/register?until=2001-01-01&kind=&verdict=")
    assert none.all("p", **{"class": "empty"})
    assert office.get(READER, "/register?since=yesterday").status == 400
    assert office.get(READER, "/register?kind=nothing").status == 400


def test_an_entry_shows_its_facts_and_its_chain(office: Office) -> None:
    page = office.page(READER, "/register/entries/1")
    told = office.service.ask("GET", "/api/register/1", authorization=f"Bearer {office.tokens[READER]}").json
    assert {fact["value"] for fact in told["facts"]} <= {cell.text for cell in page.all("section", id="facts")[0].all("td")}
    assert {told["head"], told["previous"], told["digest"]} <= {code.text for code in page.all("section", id="chain")[0].all("code")}
    (receipt,) = [a for a in page.all("a") if "/receipt" in a.attributes["href"]]
    reply = office.get(READER, receipt.attributes["href"])
    assert reply.status == 200
    assert reply.headers["content-disposition"].startswith("attachment")
    for number in ("0", "99", "x", "9" * 50):
        assert office.get(READER, f"/register/entries/{number}").status in {400, 404}


def test_searching_leaves_the_words_out_of_the_address(office: Office) -> None:
    page = office.page(READER, "/register")
    (form,) = page.all("form", id="search")
    assert form.attributes["method"] == "post"
    reply = office.post(READER, "/register/search", urlencode({"text": PERSON}))
    found = page_of(reply.text)
    assert PERSON in found.all("table")[0].text
    assert all(PERSON not in a.attributes["href"] for a in found.all("a"))
    assert not any("?" in form.attributes["action"] and "text" in form.attributes["action"] for form in found.all("form"))
    assert office.post(READER, "/register/search", urlencode({"text": ""})).status == 422


def test_a_clerk_enters_a_file_and_is_told_what_was_left_out(office: Office) -> None:
    body, kind = upload(EXAMPLE.read_bytes().replace(PERSON.encode(), "李四".encode()), "a.ttl")
    reply = office.post(CLERK, "/register/enter", body, kind)
    assert reply.status == 201, reply.text
    entered = page_of(reply.text)
    (link,) = entered.all("section", id="accepted")[0].all("a")
    assert "李四" in office.get(READER, link.attributes["href"]).text
    again = office.post(CLERK, "/register/enter", body, kind)
    assert again.status == 200
    declined = page_of(again.text).all("section", id="declined")[0]
    assert declined.all("li")
    assert "--" not in declined.text
    own = link.attributes["href"].partition("?")[0]
    better = upload(EXAMPLE.read_bytes().replace(PERSON.encode(), "李思".encode()), "a.ttl")
    assert office.post(CLERK, f"{own}/correction", *better).status == 201
    assert "李四" in office.page(READER, own).text
    assert page_of(office.get(READER, own).text).all("section", id="later")[0].all("a")


def test_boxes_of_the_form_enter_what_would_not_be(office: Office) -> None:
    data = EXAMPLE.read_bytes()
    body, kind = upload(data, "a.ttl", **{"also-duplicate": "true", "because": "补登"})
    assert office.post(CLERK, "/register/enter", body, kind).status == 201
    body, kind = upload(data, "a.ttl", **{"also-duplicate": "true"})
    assert office.post(CLERK, "/register/enter", body, kind).status == 400


def test_an_auditor_verifies_and_exports(office: Office) -> None:
    page = office.page(AUDITOR, "/register/verification")
    head = page.all("code", id="head-value")[0].text
    assert page.all("p", id="sound")
    assert office.page(AUDITOR, f"/register/verification?head={head}").all("p", id="sound")
    assert office.page(AUDITOR, f"/register/verification?head={'0' * 64}").all("div", id="flaws")
    assert PERSON in office.get(AUDITOR, "/register/export/file?format=csv").text
    assert PERSON not in office.get(AUDITOR, "/register/export/file?format=csv&anonymous=true").text
    uses = office.page(AUDITOR, "/register/uses")
    assert {"registerPage", "registerSignIn", "registerExportFile"} <= {code.text for code in uses.all("code")}
    assert PERSON not in uses.text


def test_every_page_has_what_a_role_may_do(office: Office) -> None:
    for role, ways in ((READER, set()), (CLERK, {"enter"}), (AUDITOR, {"verification", "export", "uses"})):
        nav = office.page(role, "/register").all("div", **{"class": "desk"})[0]
        assert {a.attributes["href"].partition("?")[0].rpartition("/")[2] for a in nav.all("a")} == {"register", *ways}
        assert nav.all("form", id="sign-out")


def test_without_a_register_the_page_says_how_to_start_one() -> None:
    with served() as service:
        page = page_of(service.get("/register", accept=BROWSER).text)
        assert "policygraph serve --register" in page.text
        assert not page.all("form", id="sign-in")
        assert service.get("/register/entries/1", accept=BROWSER).status == 404
        assert service.get("/register/entries/1", accept=BROWSER, cookie=f"{COOKIE}=x").status == 404


def test_the_log_names_no_entry() -> None:
    from policygraph.web.application import _loggable

    assert _loggable({"path": "/register/entries/7"}) == "/register/…"
    assert _loggable({"path": "/entitlements"}) == "/entitlements"
