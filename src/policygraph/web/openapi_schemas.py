"""The schemas of the OpenAPI document: reports as published, submissions of all kinds, and what the service answers of its own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from policygraph.records.forms import load_forms
from policygraph.records.schema import kind_schema
from policygraph.reports.schema import REPORTS, report_schema
from policygraph.store.embedded import EmbeddedStore
from policygraph.web.api import schemas as own

if TYPE_CHECKING:
    from collections.abc import Callable

    from policygraph.web.service import Service

_AT, _INSIDE = "#/components/schemas/", "#/$defs/"
_KEYS = frozenset({"$schema", "$id", "$defs"})
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9._-]+")


def schemas(owner: Service) -> dict[str, Any]:
    """Return all schemas by name; one that several documents share stands once."""
    found: dict[str, Any] = {
        "Problem": own.PROBLEM,
        "Turn": own.TURN,
        "TurnAsked": own.TURN_ASKED,
        "Answer": own.ANSWER,
        "Job": own.JOB,
    }
    for name, (_, cls) in REPORTS.items():
        _add(found, cls, report_schema(name), name)
    forms = load_forms(EmbeddedStore(owner.graph), owner.roots)
    kinds = []
    for kind in forms.records:
        name = _NOT_IN_NAMES.sub("-", forms.name_of(kind))
        _add(found, f"Submission.{name}", kind_schema(kind, forms), name)
        kinds.append({"$ref": f"{_AT}Submission.{name}"})
    found["Submission"] = {"anyOf": kinds}
    return dict(sorted(found.items()))


def _add(found: dict[str, Any], name: str, schema: dict[str, Any], owner: str) -> None:
    """Add a schema, and what it defines: under its own name unless that name stands for something else already."""
    definitions = schema.get("$defs", {})
    names = {key: _NOT_IN_NAMES.sub("-", key) for key in definitions}

    def placed(value: Any) -> Any:
        return _with_references(value, lambda key: _AT + names[key])

    for key in definitions:
        if found.get(names[key], definitions[key]) != definitions[key] and found.get(names[key]) != placed(definitions[key]):
            names[key] = f"{owner}.{names[key]}"
    found |= {names[key]: placed(definition) for key, definition in definitions.items()}
    found[name] = placed({key: value for key, value in schema.items() if key not in _KEYS})


def _with_references(value: Any, place: Callable[[str], str]) -> Any:
    """Return a schema with its references changed; what comes behind a definition's name stays."""
    if isinstance(value, list):
        return [_with_references(each, place) for each in value]
    if not isinstance(value, dict):
        return value
    found = {key: _with_references(each, place) for key, each in value.items()}
    reference = value.get("$ref")
    if isinstance(reference, str) and reference.startswith(_INSIDE):
        name, slash, rest = reference.removeprefix(_INSIDE).partition("/")
        found["$ref"] = place(_named(name)) + slash + rest
    return found


def _named(pointer: str) -> str:
    from urllib.parse import unquote

    return unquote(pointer).replace("~1", "/").replace("~0", "~")
