"""The OpenAPI document: valid, true, with examples that work; and what schemathesis makes of it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

import pytest
from jsonschema import Draft202012Validator, ValidationError
from openapi_spec_validator import validate
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from policygraph.app.register.tokens import AUDITOR, CLERK, ROLES, Tokens, beside
from policygraph.cli import main
from serving import served
from test_tokens import NOW

if TYPE_CHECKING:
    from collections.abc import Iterator

    from serving import Reply, Served

DOCUMENT = "/openapi.json"
LEAST_OPERATIONS = 100  # most are saved questions


EXAMPLE = "examples/green-channel-good.ttl"


@dataclass(frozen=True)
class Office:
    """A register of one entry, and a token of each role."""

    register: Path
    tokens: dict[str, str]

    def credential(self, operation: Any) -> dict[str, str]:
        """Return the header by which a caller may do something, if it needs one."""
        roles = [role for needed in operation.get("security", []) for role in needed["token"]]
        return {"authorization": f"Bearer {self.tokens[roles[0]]}"} if roles else {}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    register = tmp_path_factory.mktemp("office") / "r.db"
    assert main.main(["register", "add", EXAMPLE, "--register", str(register), "--new"]) == 0
    return Office(register, {role: Tokens(beside(register)).make(role, role, NOW)[1] for role in ROLES})


@pytest.fixture(scope="module")
def api(office: Office) -> Iterator[Served]:
    with served("--register", str(office.register)) as running:
        yield running


@pytest.fixture(scope="module")
def document(api: Served) -> Any:
    return api.get(f"{DOCUMENT}?lang=en").json


def operations(document: Any) -> Iterator[tuple[str, str, Any]]:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield method.upper(), path, operation


def test_the_document_is_valid_in_both_languages(api: Served, document: Any) -> None:
    validate(document)
    chinese = api.get(DOCUMENT)
    validate(chinese.json)
    assert chinese.headers["content-language"] == "zh"
    assert sum(1 for _ in operations(document)) >= LEAST_OPERATIONS
    for (*_, zh), (*_, en) in zip(operations(chinese.json), operations(document), strict=True):
        assert (zh["operationId"], zh["responses"].keys()) == (en["operationId"], en["responses"].keys())
        assert zh["summary"] != en["summary"]
        assert sum("\u4e00" <= letter <= "\u9fff" for letter in en["summary"]) <= 2, en["summary"]  # a word of the text may be quoted


def test_every_operation_has_a_name_a_tag_and_answers(document: Any) -> None:
    names = [operation["operationId"] for *_, operation in operations(document)]
    assert len(names) == len(set(names))
    tags = {tag["name"] for tag in document["tags"]}
    for _, path, operation in operations(document):
        assert set(operation["tags"]) <= tags
        assert any(status[0] in "23" for status in operation["responses"]), path


def test_every_saved_question_has_its_own_path_with_examples(api: Served, document: Any) -> None:
    listed = [question for topic in api.get("/ask").json["topics"] for question in topic["questions"]]
    for question in listed:
        operation = document["paths"][question["address"]]["get"]
        own = {parameter["name"]: parameter for parameter in operation["parameters"]}
        assert set(question["params"]) <= set(own)
        assert all("example" in own[name] for name in question["params"]), question["name"]


# ---------------------------------------------------------------- examples
class Asking:
    """Sends the examples of a document, and holds the answers against it."""

    def __init__(self, api: Served, document: Any, office: Office) -> None:
        self._api, self._document, self._office = api, document, office
        self._registry: Registry[Any] = Registry().with_resource("urn:api", DRAFT202012.create_resource(document))
        self.asked = 0

    def job(self) -> str:
        """Start a job, wait for its end, and return its name."""
        path = "/api/check"
        body = self._document["paths"][path]["post"]["requestBody"]["content"]["application/json"]["example"]
        reply = self._api.ask("POST", path, json.dumps(body), content_type="application/json", prefer="respond-async")
        place = reply.headers["location"]
        self._api.get(place, accept="text/event-stream")
        return place.rpartition("/")[2]

    def operation(self, method: str, path: str, operation: Any) -> None:
        """Ask with what is required, then with every optional example at once; with every body that has an example."""
        parameters = operation.get("parameters", [])
        required = [p for p in parameters if p.get("required")]
        optional = [p for p in parameters if not p.get("required") and p["in"] == "query" and "example" in p]
        headers = [p for p in parameters if p["in"] == "header" and "example" in p]
        bodies = [(t, c["example"]) for t, c in operation.get("requestBody", {}).get("content", {}).items() if "example" in c]
        if not bodies and "requestBody" in operation:
            # What is entered in a register is its own tests' affair; and a secret has no example.
            schemas = [content["schema"] for content in operation["requestBody"]["content"].values()]
            secret = any(p.get("format") == "password" for schema in schemas for p in schema.get("properties", {}).values())
            assert operation.get("security") or secret, f"{path}: no body has an example"
            return
        for media, body in (bodies or [(None, None)]) if "x-one-of" not in operation else ():
            self._ask(method, path, operation, required, (media, body))
        if optional:
            self._ask(method, path, operation, [*required, *optional], (bodies or [(None, None)])[0])
        for header in headers:
            self._ask(method, path, operation, [*required, header], (bodies or [(None, None)])[0])

    def _ask(self, method: str, path: str, operation: Any, parameters: list[Any], body: tuple[str | None, Any]) -> None:
        query, headers, place = [], self._office.credential(operation), path
        for parameter in parameters:
            value = self.job() if parameter["name"] == "id" else parameter["example"]
            said = json.dumps(value) if isinstance(value, bool) else str(value)
            if parameter["in"] == "path":
                place = place.replace(f"{{{parameter['name']}}}", quote(said, safe="/"))
            elif parameter["in"] == "query":
                query.append((parameter["name"], said))
            else:
                headers[parameter["name"]] = said
        media, content = body
        if media:
            headers["content_type"] = media
            encoded = urlencode if media == "application/x-www-form-urlencoded" else json.dumps
            content = content if isinstance(content, str) else encoded(content)
        address = place + ("?" + urlencode(query) if query else "")
        reply = self._api.ask(method, address, content, 120, **headers)
        self._hold(f"{method} {address[:200]}", path, method, operation, reply)
        self.asked += 1

    def _hold(self, what: str, path: str, method: str, operation: Any, reply: Reply) -> None:
        assert 200 <= reply.status < 400, f"{what}: {reply.status} {reply.body[:300]!r}"
        answer = operation["responses"].get(str(reply.status))
        assert answer is not None, f"{what}: {reply.status} is not documented"
        assert "location" in reply.headers or "Location" not in answer.get("headers", {}), f"{what}: no Location"
        if not reply.body:
            return
        assert reply.type in {each.partition(";")[0] for each in answer["content"]}, f"{what}: {reply.type} is not documented"
        if reply.type.endswith("json"):
            steps = ("paths", path, method.lower(), "responses", str(reply.status), "content", reply.type, "schema")
            pointer = "/".join(quote(step.replace("~", "~0").replace("/", "~1"), safe="~") for step in steps)
            Draft202012Validator({"$ref": f"urn:api#/{pointer}"}, registry=self._registry).validate(reply.json)


def test_every_example_works(api: Served, document: Any, office: Office) -> None:
    asking = Asking(api, document, office)
    wrong = []
    for method, path, operation in operations(document):
        try:
            asking.operation(method, path, operation)
        except (AssertionError, ValidationError, KeyError) as error:
            wrong.append(f"{method} {path}: {error!s:.600}")
    assert not wrong, "\n\n".join(wrong)
    assert asking.asked >= LEAST_OPERATIONS


# ---------------------------------------------------------------- schemathesis
def _plain(document: Any) -> Any:
    """Return the document as it is fuzzed: no catch-all answer, which would hide an undocumented status, and light to draw from.

    Submissions are any JSON, since drawing from all kinds at once takes minutes; and nothing is put off till later, since nobody would
    fetch it.
    """
    plain = json.loads(json.dumps(document))
    plain["components"]["schemas"]["Submission"] = {"type": ["object", "array"], "items": {"type": "object"}}
    for *_, operation in operations(plain):
        operation["responses"].pop("default", None)
        operation["parameters"] = [p for p in operation.get("parameters", []) if p["name"] != "Prefer"]
    return plain


@pytest.mark.parametrize(
    ("role", "words", "least"),
    [
        # Saved questions share one handler; those of one letter stand for all. How far it comes in its time is the machine's affair:
        # the least is what even a busy one reaches, so that a run which asked nothing fails.
        (AUDITOR, ("--exclude-method", "POST", "--exclude-path-regex", "^/ask/[b-z]", "-n", "5", "--max-time", "40"), 20),
        (CLERK, ("--include-method", "POST", "-n", "2", "--max-time", "40"), 5),
    ],
    ids=["read", "judge"],
)
def test_schemathesis_finds_nothing(
    api: Served, document: Any, office: Office, tmp_path: Path, role: str, words: tuple[str, ...], least: int
) -> None:
    """No server error, no undocumented status, media type or content, and no method that is neither there nor refused.

    Three checks are left out: readers forgive more, and find more, than a schema says; and wrong tokens are soon answered with 429.
    """
    (tmp_path / "openapi.json").write_text(json.dumps(_plain(document)))
    fixed = (
        "run", "openapi.json", "--url", api.url, "--phases", "coverage,fuzzing", "--continue-on-failure", "--generation-deterministic",
        "--no-shrink", "--no-color", "--workers", "1", "--request-timeout", "60", "--warnings", "off",
        "--exclude-checks", "negative_data_rejection,positive_data_acceptance,ignored_auth",
    )  # fmt: skip
    credential = ("--header", f"Authorization: Bearer {office.tokens[role]}")
    program = Path(sys.executable).with_name("st")
    done = subprocess.run([program, *fixed, *credential, *words], cwd=tmp_path, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stdout[-6000:]
    generated = re.search(r"([0-9,]+) generated", done.stdout)
    assert generated is not None, done.stdout[-2000:]
    assert int(generated[1].replace(",", "")) >= least
