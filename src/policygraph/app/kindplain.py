"""Kinds of submission in JSON's types: one line of the list, and everything about one; for `policygraph kinds` and the service."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from policygraph.model.terms import local_name
from policygraph.records.templates.layout import lay_out
from policygraph.records.templates.wording import how_to_fill

if TYPE_CHECKING:
    from policygraph.app.kinds import About, Check, Rule
    from policygraph.errors import Text
    from policygraph.model.grounds import Named
    from policygraph.records.forms import Forms
    from policygraph.records.templates.layout import Column, Table


def overview(about: About, forms: Forms) -> dict[str, Any]:
    """Return what the list says of a kind."""
    return {
        "kind": forms.name_of(about.kind),
        "iri": about.kind.iri,
        "label": words(about.kind.label),
        "definition": words(about.definition),
        "profile": about.profile,
        "subjects": [{"iri": s.iri, "label": words(s.label)} for s in about.subjects],
        "sections": [{"iri": s.iri, "label": words(s.label)} for s in about.sections],
        "fields": sum(not field.row_class for field in about.kind.fields),
        "tables": [words(field.name) for field in about.kind.fields if field.row_class],
        "checks": len(about.checks),
        "rules": len(about.rules),
    }


def explanation(about: About, forms: Forms) -> dict[str, Any]:
    """Return everything about a kind: its fields, child tables, checks and rules."""
    layout = lay_out(about.kind, forms)
    tables = [
        {"field": local_name(t.field.path), "iri": t.field.path, "label": words(t.label), "rows": t.kind.iri, "fields": _fields(t)}
        for t in layout.children
        if t.field is not None
    ]
    return {
        **overview(about, forms),
        "key": [local_name(path) for path in about.kind.unique_key],
        "fields": _fields(layout.records),
        "tables": tables,
        "checks": [{"iri": c.check.iri, "label": words(c.check.label), "severity": c.severity, **_plain(c)} for c in about.checks],
        "rules": [{"iri": r.rule.iri, "label": words(r.rule.label), "benefit": _named(r.benefit), **_plain(r)} for r in about.rules],
    }


def words(text: Text) -> dict[str, str]:
    """Return a text in JSON's types."""
    return {"zh": text.zh, "en": text.en}


def _fields(table: Table) -> list[dict[str, Any]]:
    return [_field(column, table) for column in table.columns]


def _field(column: Column, table: Table) -> dict[str, Any]:
    field, kind = column.field, table.kind
    return {
        "field": local_name(field.path),
        "iri": field.path,
        "label": words(field.name),
        "description": words(field.description),
        "sort": column.sort,
        "how": words(how_to_fill(column)),
        "unit": {"iri": field.unit, "label": words(column.unit)} if field.unit else None,
        "minimum": field.least or None,
        "maximum": field.most or None,
        "pattern": column.limits.pattern or None,
        "synonyms": list(field.synonyms),
        "codes": [{"iri": code.iri, "code": local_name(code.iri), "label": words(code.label)} for code in column.codes],
        "required": field.required,
        "key": field.path in kind.unique_key,
        "date": field.path == kind.claim_date_field,
        "name": field.path == kind.name_field,
        "example": words(column.example) if column.example.zh else None,
    }


def _plain(of: Check | Rule) -> dict[str, Any]:
    clauses = [{"provision": c.provision.iri, "section": c.section.iri, "quote": c.quote, "translation": c.translation} for c in of.clauses]
    return {"part": _named(of.part), "clauses": clauses}


def _named(node: Named | None) -> dict[str, Any] | None:
    return {"iri": node.iri, "label": words(node.label)} if node else None
