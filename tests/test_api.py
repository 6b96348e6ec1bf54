"""The JSON APIs as other programs use them: against the running service, over HTTP, compared with the command line."""

from __future__ import annotations

import io
import json
import re
import socket
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from openpyxl import load_workbook

from commanding import process
from policygraph.graph.parsing import parse
from serving import served

if TYPE_CHECKING:
    from collections.abc import Iterator

    from serving import Reply, Served

EXAMPLES = Path(__file__).parent.parent / "examples"
JSONLD, TURTLE, CSV, JSON = "application/ld+json", "text/turtle", "text/csv", "application/json"
OVERLAY = EXAMPLES / "overlays" / "amend-awards.ttl"
AMENDED = EXAMPLES / "award-claim-amended.ttl"
WRONG = EXAMPLES / "award-claim-too-high.jsonld"
TABLE = EXAMPLES / "award-claim-table.csv"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the service puts temporary files."""
    return tmp_path_factory.mktemp("private")


@pytest.fixture(scope="module")
def api(folder: Path) -> Iterator[Served]:
    with served("--log", TMPDIR=str(folder)) as running:
        yield running


def form(*parts: tuple[str, str, bytes]) -> tuple[bytes, str]:
    """Return a form of (name, file name, content), and its media type; without a file name a part is a value."""
    bound, out = "b0undary", []
    for name, file, content in parts:
        disposition = f'form-data; name="{name}"' + (f'; filename="{file}"' if file else "")
        out.append(f"--{bound}\r\nContent-Disposition: {disposition}\r\n\r\n".encode() + content + b"\r\n")
    return b"".join(out) + f"--{bound}--\r\n".encode(), f"multipart/form-data; boundary={bound}"


def printed(place: Path, *words: str, files: tuple[Path, ...] = (), name: str = "") -> bytes:
    """Return what the command line prints, run in a folder that holds the files; one file may have another name there."""
    for path in files:
        (place / (name or path.name)).write_bytes(path.read_bytes())
    done = process(*words, cwd=place)
    assert done.returncode in {0, 1}, done.stderr.decode()
    return done.stdout


def checked(reply: Reply) -> Any:
    assert reply.status == 200, reply.text
    return reply.json


# ---------------------------------------------------------------- the same report, whatever the way in
@pytest.mark.parametrize(
    ("file", "media"),
    [(WRONG, JSONLD), (AMENDED, TURTLE), (TABLE, CSV), (EXAMPLES / "person-winner.ttl", TURTLE)],
    ids=lambda value: value.name if isinstance(value, Path) else "",
)
@pytest.mark.parametrize("command", ["check", "decide"])
def test_a_file_gets_the_bytes_that_the_command_prints(api: Served, tmp_path: Path, file: Path, media: str, command: str) -> None:
    name = f"submission{file.suffix}"
    expected = printed(tmp_path, command, name, "--format", "json", files=(file,), name=name)
    assert api.ask("POST", f"/api/{command}", file.read_bytes(), content_type=media).body == expected


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("shape", ["text", "html", "csv", "turtle", "xlsx"])
def test_every_form_has_the_bytes_that_the_command_prints(api: Served, tmp_path: Path, shape: str, language: str) -> None:
    words = ("check", WRONG.name, "--format", shape, "--lang", language, "-o", "out")
    printed(tmp_path, *words, files=(WRONG,))
    body, media = form(("file", WRONG.name, WRONG.read_bytes()))
    reply = api.ask("POST", f"/api/check?format={shape}&lang={language}", body, content_type=media)
    assert reply.status == 200, reply.text
    assert reply.body == (tmp_path / "out").read_bytes()


def test_several_files_and_an_overlay_are_judged_as_the_command_judges_them(api: Served, tmp_path: Path) -> None:
    words = ("check", AMENDED.name, TABLE.name, "--with", OVERLAY.name, "--format", "json")
    expected = printed(tmp_path, *words, files=(AMENDED, TABLE, OVERLAY))
    parts = (("file", AMENDED.name), ("file", TABLE.name), ("with", OVERLAY.name))
    body, media = form(*((part, name, (EXAMPLES / name if part == "file" else OVERLAY).read_bytes()) for part, name in parts))
    assert api.ask("POST", "/api/check", body, content_type=media).body == expected


def test_an_overlay_may_stand_in_the_address(api: Served) -> None:
    plain = checked(api.ask("POST", "/api/check", AMENDED.read_bytes(), content_type=TURTLE))
    laid = checked(api.ask("POST", f"/api/check?with={quote(OVERLAY.read_text())}", AMENDED.read_bytes(), content_type=TURTLE))
    assert (plain["verdict"]["iri"], laid["verdict"]["iri"]) != (laid["verdict"]["iri"], plain["verdict"]["iri"])


def test_an_overlay_that_states_what_it_must_not_is_refused(api: Served) -> None:
    bad = "<https://w3id.org/policygraph/core#Policy> a <http://www.w3.org/2002/07/owl#Class> ."
    reply = api.ask("POST", f"/api/check?with={quote(bad)}&lang=en", AMENDED.read_bytes(), content_type=TURTLE)
    assert (reply.status, reply.type) == (422, "application/problem+json")
    assert "overlay" in reply.json["detail"].lower()
    assert reply.json["where"] == "overlay.ttl"


# ---------------------------------------------------------------- one record, several, and their kind
@pytest.fixture(scope="module")
def record(api: Served) -> dict[str, Any]:
    """A claim with plain keys: the example of the API's own description."""
    document = api.get("/openapi.json").json
    found: dict[str, Any] = document["paths"]["/api/check"]["post"]["requestBody"]["content"][JSON]["example"]
    return found


def test_a_record_may_name_its_kind_in_itself_around_it_or_in_the_address(api: Served, record: dict[str, Any]) -> None:
    bare = {key: value for key, value in record.items() if key != "kind"}
    ways: list[tuple[str, Any]] = [
        ("", record),
        ("", [record]),
        ("", {"kind": record["kind"], "records": [bare]}),
        (f"?kind={record['kind']}", bare),
    ]
    reports = [checked(api.ask("POST", f"/api/check{query}", json.dumps(body), content_type=JSON)) for query, body in ways]
    seen = [[(r["kind"]["iri"], r["verdict"]["iri"], r["name"], len(r["stated"])) for r in report["records"]] for report in reports]
    assert all(each == seen[0] for each in seen)
    assert len(seen[0]) == 1


def test_a_batch_is_judged_record_by_record(api: Served, record: dict[str, Any]) -> None:
    other = {**record, "claimedAmount": 1, "personId": "", "rank": 1}
    lines = "\n".join(json.dumps(each) for each in (record, other))
    whole = checked(api.ask("POST", "/api/decide", json.dumps([record, other]), content_type=JSON))
    by_line = checked(api.ask("POST", "/api/decide", lines, content_type="application/x-ndjson"))
    for report in (whole, by_line):
        assert [r["position"] for r in report["records"]] == [1, 2]
    assert [r["verdict"] for r in whole["records"]] == [r["verdict"] for r in by_line["records"]]


def test_a_report_with_violations_is_a_success(api: Served) -> None:
    reply = api.ask("POST", "/api/check", WRONG.read_bytes(), content_type=JSONLD)
    assert (reply.status, reply.headers["cache-control"]) == (200, "no-store")
    assert reply.json["verdict"]["label"]["en"] == "violation"


def test_the_day_can_be_chosen(api: Served) -> None:
    report = checked(api.ask("POST", "/api/check?as-of=2022-01-01", WRONG.read_bytes(), content_type=JSONLD))
    assert {record["as_of"] for record in report["records"]} == {"2022-01-01"}


@pytest.mark.parametrize(
    ("accept", "media", "begins"),
    [
        ("application/pdf", "application/pdf", b"%PDF"),
        ("text/html", "text/html", b"<!DOCTYPE html>"),
        ("text/plain;q=0.5, text/csv", "text/csv", b"\xef\xbb\xbf"),
        ("application/*;q=0.1, text/turtle", "text/turtle", b"@prefix"),
        ("*/*", "application/json", b"{"),
    ],
)
def test_the_form_follows_accept(api: Served, accept: str, media: str, begins: bytes) -> None:
    reply = api.ask("POST", "/api/check", WRONG.read_bytes(), content_type=JSONLD, accept=accept)
    assert (reply.status, reply.type, reply.body[: len(begins)]) == (200, media, begins)
    assert "Accept" in reply.headers["vary"]


# ---------------------------------------------------------------- later
def test_a_long_one_is_accepted_watched_fetched_and_forgotten(api: Served, tmp_path: Path, folder: Path) -> None:
    expected = printed(tmp_path, "decide", "submission.csv", "--format", "json", files=(TABLE,), name="submission.csv")
    accepted = api.ask("POST", "/api/decide", TABLE.read_bytes(), content_type=CSV, prefer="respond-async, wait=10")
    assert (accepted.status, accepted.headers["preference-applied"]) == (202, "respond-async")
    place = accepted.headers["location"]
    events = api.get(place, accept="text/event-stream")
    told = [json.loads(line.removeprefix("data: ")) for line in events.text.splitlines() if line.startswith("data: ")]
    assert events.type == "text/event-stream"
    assert [t["state"] for t in told][-1] == "done"
    assert any(t["progress"] and t["progress"]["done"] == t["progress"]["of"] for t in told)
    assert api.get(f"{place}/report").body == expected
    assert api.get(f"{place}/report?format=xlsx").body[:2] == b"PK"
    assert not list(folder.rglob("submission.csv"))  # what was sent is gone, the report alone is kept
    assert api.ask("DELETE", place).status == 204
    assert (api.get(place).status, api.get(f"{place}/report").status) == (404, 404)
    assert not list(folder.rglob("report.kept"))


def test_a_job_can_be_cancelled_and_one_that_fails_says_why(api: Served, folder: Path, record: dict[str, Any]) -> None:
    many = json.dumps([{**record, "personId": ""}] * 3_000)
    place = api.ask("POST", "/api/decide", many, content_type=JSON, prefer="respond-async").headers["location"]
    assert api.get(place).json["state"] in {"waiting", "running"}
    assert api.get(f"{place}/report").status == 409
    assert api.ask("DELETE", place).status == 204
    assert not list(folder.glob("policygraph-*/submission.json"))
    failed = api.ask("POST", "/api/check?lang=en", "{", content_type=JSON, prefer="respond-async").headers["location"]
    assert api.get(failed, accept="text/event-stream").text.count("event: failed") == 1
    assert api.get(failed + "?lang=en").json["problem"]["status"] == api.get(f"{failed}/report").status == 422
    api.ask("DELETE", failed)


def test_jobs_have_names_that_cannot_be_guessed(api: Served) -> None:
    names = {api.ask("POST", "/api/check", "{", content_type=JSON, prefer="respond-async").headers["location"] for _ in range(3)}
    assert len(names) == 3
    assert all(re.fullmatch(r"/api/jobs/[\w-]{32}", name) for name in names)
    for name in names:
        api.ask("DELETE", name)


def test_work_ends_when_its_caller_goes_away(api: Served, folder: Path, record: dict[str, Any]) -> None:
    body = json.dumps([{**record, "personId": ""}] * 3_000).encode()
    with socket.create_connection(api.place) as line:
        line.sendall(
            b"POST /api/decide HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body) + body
        )
        _until(lambda: bool(list(folder.glob("policygraph-*/submission.json"))))
    _until(lambda: not list(folder.glob("policygraph-*/submission.json")))


def _until(holds: Any, seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.05)


# ---------------------------------------------------------------- benefits, what-if, differences
def _turn(api: Served, **asked: Any) -> Any:
    return checked(api.ask("POST", "/api/entitlements", json.dumps(asked), content_type=JSON))


def test_an_interview_needs_no_memory(api: Served) -> None:
    """Every answer sent again, or facts and unknowns of the turn before with the next answer: the same in the end."""
    first = _turn(api, facts={"kind": "Person"})
    assert first["report"]["perhaps"]
    again, folded, given = first, first, []
    for number in range(4):
        said = "?" if number == 2 else again["question"]["choices"][0]["answer"] if again["question"]["choices"] else "?"
        given.append(said)
        again = _turn(api, facts={"kind": "Person"}, answers=given)
        folded = _turn(api, facts=folded["facts"], unknown=folded["unknown"], last=folded["last"], answers=[said])
        assert [folded[key] for key in ("facts", "unknown", "last")] == [again[key] for key in ("facts", "unknown", "last")]
        assert folded["report"] == again["report"]
    assert again["question"]["citation"]["quote"]


def test_a_profile_gets_what_the_command_prints(api: Served, tmp_path: Path) -> None:
    file = EXAMPLES / "person-winner.ttl"
    words = ("entitlements", "submission.ttl", "--format", "json")
    expected = json.loads(printed(tmp_path, *words, files=(file,), name="submission.ttl"))
    answer = checked(api.ask("POST", "/api/entitlements", file.read_bytes(), content_type=TURTLE))
    assert answer["report"] == expected


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"facts": {"kind": "Person"}, "answers": ["maybe"]}, "/answers/0"),
        ({"facts": {"kind": "Person"}, "unknown": ["/nowhere/7/x"]}, "/unknown/0"),
        ({"facts": {"kind": "Person"}, "last": "/contestResult/0"}, "/last"),
        ({"facts": {"kind": "Person"}, "last": 7}, "/last"),
        ({"facts": {"kind": "Person"}, "answers": "1"}, "/answers"),
        ({"facts": [], "answers": []}, "/facts"),
        ({"facts": {"kind": "Person"}, "extra": 1}, "/extra"),
    ],
    ids=["answer", "pointer", "row", "last", "no list", "facts", "key"],
)
def test_what_is_off_in_a_turn_is_pointed_at(api: Served, body: Any, where: str) -> None:
    reply = api.ask("POST", "/api/entitlements", json.dumps(body), content_type=JSON)
    assert (reply.status, reply.json["where"]) == (422, where)


def test_what_if_and_diff_give_what_the_commands_print(api: Served, tmp_path: Path) -> None:
    files = (AMENDED, OVERLAY)
    expected = printed(tmp_path, "whatif", AMENDED.name, "--with", OVERLAY.name, "--format", "json", files=files)
    body, media = form(("file", AMENDED.name, AMENDED.read_bytes()), ("with", OVERLAY.name, OVERLAY.read_bytes()))
    assert api.ask("POST", "/api/whatif", body, content_type=media).body == expected
    expected = printed(tmp_path, "diff", "xinban-2023-10", OVERLAY.name, "--format", "json")
    body, media = form(("before", "", b"xinban-2023-10"), ("after", OVERLAY.name, OVERLAY.read_bytes()))
    assert api.ask("POST", "/api/diff", body, content_type=media).body == expected
    same = checked(api.get("/api/diff?before=xinban-2023-10&after=" + quote("新办〔2023〕10号")))
    assert same["differences"] == []


@pytest.mark.parametrize("name", ["/etc", "..", "/etc/passwd.ttl", "~", "ontology", "-"])
def test_no_name_of_a_policy_reaches_the_servers_files(api: Served, name: str) -> None:
    reply = api.get(f"/api/diff?before=xinban-2023-10&after={quote(name)}&lang=en")
    assert reply.status == 400
    assert "called" in reply.json["detail"]


# ---------------------------------------------------------------- kinds and templates
def test_kinds_and_templates_are_those_of_the_command_line(api: Served, tmp_path: Path) -> None:
    kinds = json.loads(printed(tmp_path, "kinds", "--format", "json"))
    assert checked(api.get("/api/kinds")) == kinds
    one = kinds[0]["kind"]
    page = json.loads(printed(tmp_path, "kinds", one, "--format", "json"))
    assert checked(api.get(f"/api/kinds/{one}")) == checked(api.get("/api/kinds/" + quote(kinds[0]["label"]["zh"]))) == page
    for shape in ("xlsx", "csv", "json"):
        printed(tmp_path, "template", one, "-o", f"t.{shape}", "--lang", "en")
        reply = api.get(f"/api/templates/{one}?format={shape}&lang=en")
        assert reply.body == (tmp_path / f"t.{shape}").read_bytes()
        assert f'filename="{one}.{shape}"' in reply.headers["content-disposition"]
    assert api.get(f"/api/templates/{one}", if_none_match=api.get(f"/api/templates/{one}").headers["etag"]).status == 304


def test_an_unknown_kind_is_answered_with_near_ones(api: Served) -> None:
    reply = api.get("/api/kinds/AwardClain?lang=en")
    assert reply.status == 404
    assert "AwardClaim" in reply.json["fix"]


# ---------------------------------------------------------------- saved questions
def test_a_parameter_goes_by_label_other_name_and_iri(api: Served) -> None:
    first = checked(api.get("/ask/measures-of-agency?agency=" + quote("市人社局")))
    iri = first["parameters"]["agency"]["value"]["iri"]
    assert first["rows"]
    assert not first["parameters"]["agency"]["sample"]
    for name in (iri, "rsj", first["parameters"]["agency"]["value"]["label"]["en"]):
        assert checked(api.get(f"/ask/measures-of-agency?agency={quote(name)}"))["rows"] == first["rows"]
    cell = first["rows"][0]["measure"]
    assert cell["iri"].startswith("https://w3id.org/policygraph/")
    assert cell["label"]["zh"] != cell["label"]["en"]
    assert "quote" in first["rows"][0]


def test_a_question_comes_as_a_table_in_four_forms(api: Served) -> None:
    path = "/ask/measures-of-agency?agency=" + quote("市人社局")
    rows = len(checked(api.get(path))["rows"])
    assert len(api.get(path, accept=CSV).text.split("\r\n")) == rows + 2
    sheet = load_workbook(io.BytesIO(api.get(f"{path}&format=xlsx").body)).active
    assert sheet is not None
    assert sheet.max_row == rows + 1
    page = api.get(path, accept="text/html,*/*;q=0.1", accept_language="en")
    assert (page.type, page.headers["content-language"]) == ("text/html", "en")
    assert page.text.partition('id="answer-table"')[2].partition("</table>")[0].count("</tr>") == rows + 1


def test_chinese_in_an_address_may_stand_there_as_typed(api: Served) -> None:
    with socket.create_connection(api.place) as line:
        line.sendall("GET /ask/measures-of-agency?agency=市人社局 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        assert line.makefile("rb").readline() == b"HTTP/1.1 200 OK\r\n"


INJECTIONS = (
    '"', "'", "}", "{", "} UNION { ?s ?p ?o }", "> } SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } #", "\n", "\r\n} #", "\\u0022", "\\",
    "<http://e/> <http://e/>", "http://e/> } #", "http://e/\\u003E } #", "?x", "UNDEF", '"@zh', "x\x00y", "市人社局 } #", "rsj\\n",
)  # fmt: skip


@pytest.mark.parametrize("value", INJECTIONS)
def test_no_value_of_a_parameter_becomes_part_of_the_query(api: Served, value: str) -> None:
    reply = api.get("/ask/measures-of-agency?agency=" + quote(value))
    if reply.status == 200:  # an IRI that nothing has
        assert reply.json["rows"] == []
        assert reply.json["parameters"]["agency"]["value"]["iri"] == value.strip()
    else:
        assert (reply.status, reply.type) == (400, "application/problem+json"), reply.text


@pytest.mark.parametrize("name", ["goals-of-year", "award-amount", "measures-of-term"])
def test_literal_parameters_are_literals_or_refused(api: Served, name: str) -> None:
    asked = checked(api.get(f"/ask/{name}"))["parameters"]
    for parameter in asked:
        for value in INJECTIONS:
            reply = api.get(f"/ask/{name}?{parameter}={quote(value)}")
            assert reply.status in {200, 400}, (value, reply.text)
            if reply.status == 200:
                assert reply.json["rows"] == []


def test_what_is_unknown_is_answered_with_near_misses(api: Served) -> None:
    unknown = api.get("/ask/measures-of-agency?agency=" + quote("市人社厅") + "&lang=en")
    assert unknown.status == 400
    assert "市人社局" in unknown.json["fix"] or "Human Resources" in unknown.json["fix"]
    assert "agency" in api.get("/ask/measures-of-agency?agence=x&lang=en").json["fix"]
    missing = api.get("/ask/measures-of-agence?lang=en")
    assert missing.status == 404
    assert "measures-of-agency" in missing.json["fix"]


def test_every_question_is_listed_and_answers(api: Served) -> None:
    topics = checked(api.get("/ask"))["topics"]
    listed = [question for topic in topics for question in topic["questions"]]
    assert len(listed) >= 80
    for question in listed:
        answer = checked(api.get(question["address"]))
        assert len(answer["columns"]) >= 1, question["name"]


# ---------------------------------------------------------------- what is off
def test_problems_say_what_where_and_what_to_do(api: Served) -> None:
    wrong = [
        (api.ask("POST", "/api/check", b"x", content_type="image/png"), 415),
        (api.ask("POST", "/api/check", b"x"), 415),
        (api.ask("POST", "/api/check", b"x", content_type=JSON, content_encoding="gzip"), 415),
        (api.ask("POST", "/api/check", b"{}", content_type=JSON, accept="image/png"), 406),
        (api.ask("POST", "/api/check?as-of=2024-02-30", b"{}", content_type=JSON), 400),
        (api.ask("POST", "/api/check?kind=Nothing", b"[{}]", content_type=JSON), 400),
        (api.ask("POST", "/api/check", b"[", content_type=JSON), 422),
        (api.ask("POST", "/api/check", b"", content_type=CSV), 422),
        (api.ask("POST", "/api/check", b"junk", content_type="multipart/form-data; boundary=x"), 400),
        (api.ask("POST", "/api/whatif", AMENDED.read_bytes(), content_type=TURTLE), 400),
        (api.get("/api/check"), 405),
    ]
    for reply, status in wrong:
        assert (reply.status, reply.type) == (status, "application/problem+json"), reply.text
        assert {"type", "title", "status", "detail", "fix"} <= set(reply.json)
    broken = api.ask("POST", "/api/check?lang=en", b'[\n {"b" 2}]', content_type=JSON)
    assert re.search(r"submission\.json:2", broken.json["where"])
    assert "--" not in broken.json["fix"]


def test_a_body_that_is_too_large_is_refused_at_once(api: Served) -> None:
    reply = api.ask("POST", "/api/check", b"", content_type=CSV, content_length=str(1 << 40))
    assert (reply.status, reply.type) == (413, "application/problem+json")


def test_names_of_files_cannot_leave_the_folder_or_pass_for_another(api: Served) -> None:
    claim = WRONG.read_bytes()
    names = (
        "../../evil.jsonld",
        "-.jsonld",
        ".hidden.jsonld",
        "json.py.jsonld",
        "a/b\\c.jsonld",
        "x.jsonld",
        "X.jsonld",
        "长" * 200 + ".jsonld",
    )
    body, media = form(*(("file", name, claim) for name in names))
    report = checked(api.ask("POST", "/api/check", body, content_type=media))
    named = [file["name"] for file in report["files"]]
    assert len(set(map(str.casefold, named))) == len(names)
    assert not any("/" in name or "\\" in name or name.startswith((".", "-")) for name in named)


def test_a_receipt_of_nothing_is_left(api: Served, folder: Path) -> None:
    """After all that, no file of a caller is left, and a report reads as Turtle."""
    reply = api.ask("POST", "/api/check", WRONG.read_bytes(), content_type=JSONLD, accept=TURTLE)
    assert parse(reply.body, "turtle", name="report", base="http://e/")
    assert [path for path in folder.rglob("*") if path.is_file()] == []
