"""JSON Schemas of reports, derived from the dataclasses that the reports are: what `reports.plain` writes, and nothing else."""

from __future__ import annotations

import pkgutil
import re
import types
import typing
from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from importlib import import_module
from typing import Any

from policygraph import model
from policygraph.errors import Text
from policygraph.model.grounds import Named
from policygraph.model.terms import Blank, Iri, Literal
from policygraph.vocab import BASE

# Report → module and class of what it is.
REPORTS: dict[str, tuple[str, str]] = {
    "check": ("policygraph.model.answers", "CheckReport"),
    "decide": ("policygraph.model.answers", "CheckReport"),
    "diff": ("policygraph.model.comparison", "Comparison"),
    "entitlements": ("policygraph.model.entitled", "EntitlementReport"),
    "whatif": ("policygraph.model.whatif", "WhatIf"),
}
_ATTRIBUTE = re.compile(r"^        (\w+): (.+)$", re.MULTILINE)
_WORDS = {"type": "object", "required": ["zh", "en"], "additionalProperties": False}
_STRING = {"type": "string"}
_PLAIN = {str: _STRING, bool: {"type": "boolean"}, int: {"type": "integer"}}


def report_schema(name: str) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a report, by the name of its command."""
    module, of = REPORTS[name]
    definitions: dict[str, Any] = {}
    root = _object(getattr(import_module(module), of), definitions)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"{BASE}schema/{name}.json",
        "title": f"policygraph {name} --format json",
        **root,
        "$defs": dict(sorted(definitions.items())),
    }


def _names(cls: type) -> dict[str, Any]:
    """Return what the annotations of a class may name, also what its module imports for type checkers only."""
    names: dict[str, Any] = {"Text": Text, "Sequence": Sequence}
    for module in (*(m.name for m in pkgutil.iter_modules(model.__path__, f"{model.__name__}.")), cls.__module__):
        names |= {name: value for name, value in vars(import_module(module)).items() if not name.startswith("_")}
    return names


def _object(cls: type, definitions: dict[str, Any]) -> dict[str, Any]:
    hints = typing.get_type_hints(cls, _names(cls))
    said = dict(_ATTRIBUTE.findall(cls.__doc__ or ""))
    properties = {}
    for field in fields(cls):
        schema = _schema(hints[field.name], definitions)
        properties[field.name] = {**schema, "description": said[field.name]} if field.name in said else schema
    return {
        "type": "object",
        "description": (cls.__doc__ or "").strip().splitlines()[0],
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _schema(hint: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    if hint in _PLAIN:
        return dict(_PLAIN[hint])
    if hint in {Iri, Blank, Literal}:
        return dict(_STRING)
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in {typing.Union, types.UnionType}:
        choices: list[dict[str, Any]] = []
        for argument in arguments:
            choice = {"type": "null"} if argument is types.NoneType else _schema(argument, definitions)
            choices += [choice] if choice not in choices else []
        return choices[0] if len(choices) == 1 else {"anyOf": choices}
    if origin is Sequence or (origin is tuple and len(arguments) == 2 and arguments[1] is ...):
        return {"type": "array", "items": _schema(arguments[0], definitions)}
    if origin is tuple:
        members = [_schema(argument, definitions) for argument in arguments]
        return {"type": "array", "prefixItems": members, "minItems": len(members), "maxItems": len(members)}
    if isinstance(hint, type) and is_dataclass(hint):
        return _reference(hint, definitions)
    raise TypeError(f"no JSON Schema for {hint}")


def _reference(cls: type, definitions: dict[str, Any]) -> dict[str, Any]:
    if cls.__name__ not in definitions:
        definitions[cls.__name__] = {}  # stands while its own members are described
        definitions[cls.__name__] = _special(cls) or _object(cls, definitions)
    return {"$ref": f"#/$defs/{cls.__name__}"}


def _special(cls: type) -> dict[str, Any] | None:
    """Return the schema of what `reports.plain` writes in a form of its own."""
    if cls is Text:
        return {**_WORDS, "description": "The same in Chinese and English.", "properties": {"zh": _STRING, "en": _STRING}}
    if cls is Named:
        properties = {"iri": _STRING, "label": {"$ref": "#/$defs/Text"}}
        required = list(properties)
        return {
            "type": "object", "description": "A node with its label.", "properties": properties, "required": required,
            "additionalProperties": False,
        }  # fmt: skip
    return None
