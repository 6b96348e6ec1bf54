"""The pages of checking over HTTP: what is on them comes from the shapes and from what was submitted, and nothing stays."""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest

from policygraph.graph.loading import load
from policygraph.model.terms import Iri, local_name
from policygraph.paths import data_roots
from policygraph.vocab import PG
from sending import BROWSER, multipart, sound, words
from serving import served

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from serving import Reply, Served

FORM = "application/x-www-form-urlencoded"
TABLE = Path("examples/award-claim-table.csv")


@pytest.fixture(scope="module")
def temporary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("temporary")


@pytest.fixture(scope="module")
def face(temporary: Path) -> Iterator[Served]:
    with served(TMPDIR=str(temporary)) as running:
        yield running


def send(face: Served, files: Mapping[str, tuple[str, bytes]], path: str = "/check?lang=en", **values: str) -> Reply:
    body, media = multipart(files, **values)
    return face.ask("POST", path, body, content_type=media, accept=BROWSER)


def fill(face: Served, kind: str, said: Mapping[str, str], lang: str = "en") -> Reply:
    return face.ask("POST", f"/check/{kind}?lang={lang}", urlencode(said), content_type=FORM, accept=BROWSER)


@pytest.mark.parametrize("spoken", ["zh", "en"])
def test_the_page_offers_every_kind_with_its_form_and_templates(face: Served, spoken: str) -> None:
    text = sound(face.get(f"/check?lang={spoken}", accept=BROWSER), spoken)
    kinds = face.get("/api/kinds").json
    for kind in kinds:
        assert kind["label"][spoken] in html.unescape(text)
        assert f'href="/check/{kind["kind"]}' in text
        for form in ("xlsx", "csv", "json"):
            assert re.search(rf'href="/api/templates/{kind["kind"]}\?format={form}', text), (kind["kind"], form)


@pytest.mark.parametrize("spoken", ["zh", "en"])
def test_every_form_has_the_fields_of_its_shape(face: Served, spoken: str) -> None:
    for kind in face.get("/api/kinds").json:
        about = face.get(f"/api/kinds/{kind['kind']}").json
        text = sound(face.get(f"/check/{kind['kind']}?lang={spoken}", accept=BROWSER), spoken)
        for field in about["fields"]:
            assert f'name="f.{field["field"]}"' in text, field["field"]
            assert html.escape(field["label"][spoken]) in text
            for code in field["codes"]:
                assert f'value="{code["iri"]}"' in text
        for table in about["tables"]:
            assert all(f'name="r.{table["field"]}.1.{field["field"]}"' in text for field in table["fields"])


def test_a_field_quotes_the_clauses_that_rest_on_it(face: Served) -> None:
    graph = load(data_roots())
    quoted = 0
    for kind in face.get("/api/kinds").json:
        text = face.get(f"/check/{kind['kind']}", accept=BROWSER).text
        for provision, quote in re.findall(r'<blockquote cite="([^"]+)"><p><span lang="zh-Hans">“(.*?)”</span>', text):
            assert html.unescape(quote) in {value.value for value in graph.objects(Iri(provision), PG.quote)}
            quoted += 1
    assert quoted > 20


def test_a_file_is_judged_as_the_interface_judges_it(face: Served) -> None:
    content = TABLE.read_bytes()
    report = face.ask("POST", "/api/check?format=json", content, content_type="text/csv").json
    text = sound(send(face, {"file": (TABLE.name, content)}, kind="", **{"as-of": ""}), "en")
    for record in report["records"]:
        assert f'id="record-{record["position"]}"' in text
        assert text.count(f'id="record-{record["position"]}-finding-') == len(record["findings"])
        for finding in record["findings"]:
            assert finding["message"]["en"] in words(text)
            for citation in finding["citations"]:
                assert citation["quote"] in words(text)
    assert TABLE.name in text
    assert 'id="again"' in text  # the same in other forms


@pytest.mark.parametrize(("form", "begins"), [("xlsx", b"PK"), ("pdf", b"%PDF"), ("json", b"{"), ("csv", b"\xef\xbb\xbf")])
def test_the_report_is_downloaded_in_any_form(face: Served, form: str, begins: bytes) -> None:
    reply = send(face, {"file": (TABLE.name, TABLE.read_bytes())}, format=form)
    assert (reply.status, reply.body[: len(begins)]) == (200, begins)
    assert reply.headers["content-disposition"].startswith("attachment")
    assert "no-store" in reply.headers["cache-control"]


def test_a_filled_form_comes_back_with_its_findings_beside_the_fields(face: Served) -> None:
    kind, field, date = _claim(face)
    hostile = '"><script>alert(1)</script>'
    said = {f"f.{field}": "abc", f"f.{date}": hostile, f"r.evidence.7.{_evidence(face, kind)}": hostile}
    reply = fill(face, kind, said)
    text = sound(reply, "en")
    assert "<script>alert" not in text
    assert re.search(rf'name="f\.{field}"[^>]*value="abc"[^>]*aria-invalid="true"', text), field
    assert f'id="f-{field}-said"' in text
    assert 'href="#record-1-finding-1"' in text
    assert 'id="record-1-finding-1"' in text
    assert 'name="r.evidence.1.' in text  # the row is numbered as the report numbers it
    assert reply.headers["cache-control"] == "no-store"
    told = html.unescape(text)
    assert told.count(hostile) >= 3  # in the field, in the row, and in what is sent again for another form


def test_a_sound_form_passes_and_is_downloaded_in_another_form(face: Served) -> None:
    kind, *_ = _claim(face)
    about = face.get(f"/api/kinds/{kind}").json
    names = {each["label"]["en"]: each for each in about["fields"]}
    said = {}
    for each in names.values():
        example = (each["example"] or {}).get("en", "")
        code = next((c["iri"] for c in each["codes"] if c["label"]["en"] == example), example)
        said[f"f.{each['field']}"] = {"yes": "true", "no": "false"}.get(code, code)
    reply = fill(face, kind, said | {"format": "json"})
    report = reply.json
    assert report["records"][0]["kind"]["iri"] == about["iri"]
    assert not [f for f in report["records"][0]["findings"] if f["verdict"] == "invalid"]
    assert {local_name(s["field"]["iri"]) for s in report["records"][0]["stated"]} == {n[2:] for n, v in said.items() if v}


def test_a_row_is_added_without_a_script_and_nothing_is_judged(face: Served) -> None:
    kind, field, _ = _claim(face)
    own = _evidence(face, kind)
    text = sound(fill(face, kind, {f"f.{field}": "abc", f"r.evidence.1.{own}": "x", "add": "evidence"}), "en")
    assert 'name="r.evidence.2.' in text
    assert 'id="report"' not in text
    assert 'value="abc"' in text


def test_an_empty_file_control_counts_as_none(face: Served) -> None:
    reply = send(face, {"file": ("", b"")})
    assert reply.status == 400
    assert "There is no file" in sound(reply, "en")


@pytest.mark.parametrize(
    ("files", "values", "status", "said"),
    [
        ({"file": ("x.docx", b"PK")}, {}, 415, "x.docx"),
        ({"file": ("x.csv", b"nothing\n1\n")}, {}, 422, "template"),
        ({"file": ("x.json", b"{")}, {}, 422, "x.json"),
        ({"file": (TABLE.name, b"a")}, {"as-of": "soon"}, 400, "soon"),
        ({"file": (TABLE.name, b"a")}, {"format": "docx"}, 406, "xlsx"),
        ({"file": (TABLE.name, b"a,b\n1,2\n")}, {"kind": "no-such-kind"}, 400, "no-such-kind"),
    ],
)
def test_errors_are_pages_that_say_what_to_do(
    face: Served, files: Mapping[str, tuple[str, bytes]], values: dict[str, str], status: int, said: str
) -> None:
    reply = send(face, files, **values)
    assert (reply.status, reply.type) == (status, "text/html")
    text = sound(reply, "en")
    assert said in text
    assert 'id="problem"' in text
    assert not re.search("--[a-z]|policygraph (kinds|template|check)", text)


def test_programs_get_problems_and_people_pages(face: Served) -> None:
    body, media = multipart({"file": ("x.docx", b"PK")})
    assert face.ask("POST", "/check", body, content_type=media, accept="application/json").type == "application/problem+json"
    assert face.ask("POST", "/check", body, content_type=media).type == "application/problem+json"
    assert face.get("/check/no-such-kind", accept=BROWSER).type == "text/html"


def test_what_is_too_large_is_refused_before_it_is_read(face: Served) -> None:
    body, media = multipart({"file": (TABLE.name, b"a")})
    reply = face.ask("POST", "/check", body, content_type=media, content_length=str(1 << 30), accept=BROWSER)
    assert (reply.status, reply.type) == (413, "text/html")


def test_a_job_is_shown_on_the_shell_and_is_gone_when_it_is_forgotten(face: Served) -> None:
    accepted = face.ask("POST", "/api/check", TABLE.read_bytes(), content_type="text/csv", prefer="respond-async")
    job = accepted.headers["location"]
    face.get(job, accept="text/event-stream")
    page = f"/check/reports/{job.rpartition('/')[2]}?lang=zh"
    reply = face.get(page, accept=BROWSER)
    assert 'id="record-1"' in sound(reply, "zh")
    assert reply.headers["cache-control"] == "no-store"
    assert face.ask("DELETE", job).status == 204
    assert face.get(page, accept=BROWSER).status == 404


def test_nothing_stays_behind(face: Served, temporary: Path) -> None:
    kind, field, _ = _claim(face)
    assert send(face, {"file": (TABLE.name, TABLE.read_bytes())}).status == 200
    assert fill(face, kind, {f"f.{field}": "abc"}).status == 200
    assert not [path for path in temporary.rglob("*") if path.is_file()]


@pytest.mark.parametrize("spoken", ["zh", "en"])
def test_kinds_are_explained_on_pages_and_as_data(face: Served, spoken: str) -> None:
    listed = sound(face.get(f"/api/kinds?lang={spoken}", accept=BROWSER), spoken)
    for kind in face.get("/api/kinds").json:
        assert f'href="/api/kinds/{kind["kind"]}' in listed
        about = face.get(f"/api/kinds/{kind['kind']}").json
        text = html.unescape(sound(face.get(f"/api/kinds/{kind['kind']}?lang={spoken}", accept=BROWSER), spoken))
        for field in (*about["fields"], *(f for t in about["tables"] for f in t["fields"])):
            assert field["label"][spoken] in text
        for rests in (*about["checks"], *about["rules"]):
            if not about["profile"] or rests in about["rules"]:
                assert rests["label"][spoken] in text
                assert all(clause["quote"] in text for clause in rests["clauses"])


def _claim(face: Served) -> tuple[str, str, str]:
    """Return a kind with a code list of its own rules, a whole-number field and a date field of it."""
    for kind in face.get("/api/kinds").json:
        about = face.get(f"/api/kinds/{kind['kind']}").json
        sorts = {field["sort"]: field["field"] for field in about["fields"]}
        if about["rules"] and {"integer", "date"} <= set(sorts) and about["tables"]:
            return kind["kind"], sorts["integer"], sorts["date"]
    raise AssertionError("no kind has a number and a date")


def _evidence(face: Served, kind: str) -> str:
    tables = {table["field"]: table for table in face.get(f"/api/kinds/{kind}").json["tables"]}
    return str(next(field["field"] for field in tables["evidence"]["fields"] if field["sort"] == "text" and not field["required"]))
