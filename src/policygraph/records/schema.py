"""JSON Schemas of submissions in plain JSON, derived from the kinds' shapes.

A schema describes what programs should write; `check` forgives more where people differ. Keys may be a field's short name or its name in
either language, values of codes any name of the code.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from policygraph.model.terms import local_name
from policygraph.records.forms import Limits
from policygraph.vocab import BASE, XSD

if TYPE_CHECKING:
    from policygraph.errors import Text
    from policygraph.records.forms import Forms
    from policygraph.records.kinds import Field, Kind

# What a file may call the kind of its records, and the list of them (policygraph.records.tables).
_KIND_KEYS, _RECORDS_KEYS = ("@type", "kind", "种类"), ("records", "记录")
_KIND = "kind-of-submission"
_NULL = {"type": "null"}
_TRUTH = {"enum": [True, False, "是", "否", "yes", "no", "true", "false"]}
_DATE = {"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
_WHOLE, _PLAIN = "^-?[0-9]{1,15}$", "^-?[0-9]{1,15}([.][0-9]{1,6})?$"


def kind_schema(kind: Kind, forms: Forms) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of files that hold records of a kind, in plain JSON or in JSON-LD with the published context."""
    definitions: dict[str, Any] = {}
    record = _object(kind, forms, definitions)
    records = {"type": "array", "items": record}
    definitions[_KIND] = {"title": _both(kind.label), "enum": _names(kind)}
    named = {key: {"$ref": f"#/$defs/{_KIND}"} for key in _KIND_KEYS}
    enclosed = [
        {
            "type": "object",
            "properties": {**named, key: records},
            "required": [key],
            "additionalProperties": False,
        }
        for key in _RECORDS_KEYS
    ]
    linked = {"type": "object", "properties": {"@context": True, "@graph": records}, "required": ["@graph"], "additionalProperties": False}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"{BASE}schema/{quote(forms.name_of(kind), safe='')}.json",
        "title": _both(kind.label),
        "anyOf": [record, records, *enclosed, linked],
        "$defs": dict(sorted(definitions.items())),
    }


def _object(kind: Kind, forms: Forms, definitions: dict[str, Any]) -> dict[str, Any]:
    """Describe a record or a row, and return a reference to the description."""
    name = forms.name_of(kind)
    reference = {"$ref": f"#/$defs/{_pointer(name)}"}
    if name in definitions:
        return reference
    properties: dict[str, Any] = {"@id": {"type": "string"}}
    if kind.is_record:
        properties |= {key: {"$ref": f"#/$defs/{_KIND}"} for key in _KIND_KEYS}
        properties |= {"@context": True, "example": {"type": "boolean"}}
    else:
        properties["@type"] = {"enum": _names(kind)}
    definitions[name] = {}
    keys = {field.path: local_name(field.path) for field in kind.fields}
    for field in kind.fields:
        properties[keys[field.path]] = _property(field, forms, definitions)
    for field in kind.fields:
        for alias in (field.name.zh, field.name.en):
            properties.setdefault(alias, {"$ref": f"{reference['$ref']}/properties/{keys[field.path]}"})
    required = [
        {"anyOf": [{"required": [key]} for key in dict.fromkeys((keys[field.path], field.name.zh, field.name.en))]}
        for field in kind.fields
        if field.required
    ]
    definitions[name] = {
        "title": _both(kind.label),
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
        **({"allOf": required} if required else {}),
    }
    return reference


def _property(field: Field, forms: Forms, definitions: dict[str, Any]) -> dict[str, Any]:
    value = _value(field, forms, definitions)
    choices = [value]
    if field.several:
        choices.append({"type": "array", "items": value})
    if not field.required:
        choices.append(_NULL)
    examples = _examples(field, forms)
    return {
        "title": _both(field.name),
        "description": _sentences(field.description, forms.limits.get(field.shape, Limits()).how),
        **(value if len(choices) == 1 else {"anyOf": choices}),
        **({"examples": examples} if examples else {}),
    }


def _value(field: Field, forms: Forms, definitions: dict[str, Any]) -> dict[str, Any]:
    limits = forms.limits.get(field.shape, Limits())
    if field.row_class in forms.kinds:
        return _object(forms.kinds[field.row_class], forms, definitions)
    if field.code_list:
        return _codes(field, forms, definitions)
    match field.datatype:
        case XSD.boolean:
            return dict(_TRUTH)
        case XSD.date:
            return dict(_DATE)
        case XSD.integer:
            return {"type": ["integer", "string"], **_bounds(field), "pattern": limits.pattern or _WHOLE}
        case XSD.decimal:
            return {"type": ["number", "string"], **_bounds(field), "pattern": limits.pattern or _PLAIN}
    lengths = {"minLength": limits.least_length, "maxLength": limits.most_length, "pattern": limits.pattern}
    return {"type": "string", **{key: limit for key, limit in lengths.items() if limit}}


def _codes(field: Field, forms: Forms, definitions: dict[str, Any]) -> dict[str, Any]:
    name = f"codes-{local_name(field.code_list)}"
    if name not in definitions:
        codes = forms.codes_of(field)
        values = [
            {"title": _both(code.label), "enum": list(dict.fromkeys([local_name(code.iri), *code.names, code.iri]))} for code in codes
        ]
        definitions[name] = {"title": _both(forms.book.name(field.code_list)), "anyOf": values}
    return {"$ref": f"#/$defs/{name}"}


def _bounds(field: Field) -> dict[str, Any]:
    bounds = {"minimum": field.least, "maximum": field.most}
    return {key: float(bound) if "." in bound else int(bound) for key, bound in bounds.items() if bound}


def _examples(field: Field, forms: Forms) -> list[Any]:
    if not field.example:
        return []
    for code in forms.codes_of(field):
        if field.example in code.names:
            return list(dict.fromkeys([local_name(code.iri), code.label.zh, code.label.en]))
    return [field.example]


def _pointer(name: str) -> str:
    """Return a name as part of a JSON Pointer in a reference."""
    return quote(name.replace("~", "~0").replace("/", "~1"), safe="~")


def _names(kind: Kind) -> list[str]:
    return list(dict.fromkeys([kind.short, kind.label.zh, kind.label.en, kind.iri]))


def _both(text: Text) -> str:
    return text.zh if text.zh == text.en else f"{text.zh} / {text.en}"


def _sentences(*texts: Text) -> str:
    """Return sentences in Chinese, and below them in English."""
    return "\n".join(filter(None, ("".join(t.zh for t in texts), " ".join(t.en for t in texts if t.en))))
