"""JSON Schemas of what the service answers in forms of its own."""

from __future__ import annotations

from typing import Any

STRING: dict[str, Any] = {"type": "string"}
WORDS: dict[str, Any] = {"type": "object", "required": ["zh", "en"], "properties": {"zh": STRING, "en": STRING}}
NAMED: dict[str, Any] = {"type": "object", "required": ["iri", "label"], "properties": {"iri": STRING, "label": WORDS}}


def of(required: dict[str, Any], **optional: Any) -> dict[str, Any]:
    """Return the schema of an object."""
    return {"type": "object", "required": list(required), "properties": required | optional}


def some(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a list."""
    return {"type": "array", "items": schema}


def maybe(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a value that may be null."""
    return {"anyOf": [schema, {"type": "null"}]}


def component(name: str) -> dict[str, Any]:
    """Return a reference to a schema that the document holds once."""
    return {"$ref": f"#/components/schemas/{name}"}


KIND = of(
    {
        "kind": STRING, "iri": STRING, "label": WORDS, "definition": WORDS, "profile": {"type": "boolean"}, "subjects": some(NAMED),
        "sections": some(NAMED), "tables": {"type": "array"}, "fields": True, "checks": True, "rules": True,
    }
)  # fmt: skip
_FIELD = of(
    {
        "field": STRING, "iri": STRING, "label": WORDS, "description": WORDS, "sort": STRING, "how": WORDS,
        "codes": some(of({"iri": STRING, "code": STRING, "label": WORDS})), "required": {"type": "boolean"}, "synonyms": some(STRING),
    }
)  # fmt: skip
_CLAUSE = of({"provision": STRING, "section": STRING, "quote": STRING, "translation": STRING})
_RESTING = of({"iri": STRING, "label": WORDS, "clauses": some(_CLAUSE)})
KIND_PAGE = {
    **KIND,
    "properties": KIND["properties"]
    | {
        "fields": some(_FIELD),
        "tables": some(of({"field": STRING, "iri": STRING, "label": WORDS, "rows": STRING, "fields": some(_FIELD)})),
        "checks": some(_RESTING),
        "rules": some(_RESTING),
    },
}
JOB = of(
    {
        "id": STRING, "job": {"enum": ["check", "decide"]}, "state": {"enum": ["waiting", "running", "done", "failed"]},
        "progress": maybe(of({"doing": WORDS, "done": {"type": "integer"}, "of": {"type": "integer"}})),
        "verdict": maybe(STRING), "report": maybe(STRING), "keptSeconds": maybe({"type": "integer"}),
        "problem": maybe(component("Problem")),
    }
)  # fmt: skip
_CHOICE = of({"answer": STRING, "label": WORDS, "iri": maybe(STRING)})
QUESTION = of(
    {
        "field": NAMED, "pointer": STRING, "row": maybe(WORDS), "description": WORDS, "sort": STRING, "unit": maybe(STRING),
        "more": {"type": "boolean"}, "choices": some(_CHOICE), "proposal": maybe(WORDS), "benefits": some(WORDS),
        "citation": maybe({"type": "object"}),
    }
)  # fmt: skip
_POINTERS = some(STRING) | {"maxItems": 200}
TURN = of(
    {
        "report": component("EntitlementReport"), "question": maybe(QUESTION), "facts": {"type": "object"}, "unknown": some(STRING),
        "last": maybe(STRING),
    }
)  # fmt: skip
TURN_ASKED = {
    "type": "object",
    "required": ["facts"],
    "properties": {"facts": {"type": "object"}, "answers": _POINTERS, "unknown": _POINTERS, "last": maybe(STRING)},
}
_CELL = {
    "type": "object",
    "properties": {"iri": STRING, "label": WORDS, "value": STRING, "datatype": STRING, "lang": STRING, "blank": STRING},
}
ANSWER = of(
    {
        "question": STRING, "summary": WORDS, "description": maybe(WORDS),
        "parameters": {"type": "object", "additionalProperties": of({"about": WORDS, "value": _CELL, "sample": {"type": "boolean"}})},
        "columns": some(of({"name": STRING, "heading": WORDS})),
        "rows": some({"type": "object", "additionalProperties": _CELL}), "notes": some(WORDS), "truncated": {"type": "boolean"},
    }
)  # fmt: skip
_LISTED = of(
    {"name": STRING, "address": STRING, "summary": WORDS, "description": maybe(WORDS), "tags": some(STRING), "params": {"type": "object"}}
)
QUESTIONS = of({"topics": some(of({"topic": WORDS, "questions": some(_LISTED)}))})
TEMPLATE = of({"kind": STRING, "records": some({"type": "object"})})
PROBLEM = of(
    {"type": STRING, "title": STRING, "status": {"type": "integer", "minimum": 400, "maximum": 599}, "detail": STRING, "fix": STRING},
    where=STRING,
)
