"""Kinds of submission as their shapes describe them: the only description there is."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from policygraph.errors import Text
from policygraph.model.terms import Literal, local_name
from policygraph.vocab import PG, RDFS, SH, SKOS

if TYPE_CHECKING:
    from policygraph.model.terms import Term
    from policygraph.store.base import Store

_SHAPES = f"""
SELECT ?shape ?class ?target ?property ?value WHERE {{
  ?shape <{PG.onClass}> ?class ; <{SH.targetClass}> ?target ; ?property ?value .
  VALUES ?property {{ <{RDFS.label}> <{SH.property}> <{PG.kindLabelField}> <{PG.uniqueKey}> <{PG.claimDateField}> }}
}} ORDER BY ?shape ?property STR(?value)"""
_FIELDS = f"""
SELECT ?field ?property ?value WHERE {{
  ?shape <{PG.onClass}> ?class ; <{SH.property}> ?field . ?field ?property ?value .
}} ORDER BY ?field ?property STR(?value)"""
_SHARED = f"SELECT ?field WHERE {{ ?shape <{PG.onClass}> <{PG.Submission}> ; <{SH.property}> ?field }} ORDER BY ?field"
_CODES = f"""
SELECT DISTINCT ?scheme ?code ?unknown WHERE {{
  ?field <{PG.codeList}> ?scheme . ?code <{SKOS.inScheme}> ?scheme .
  OPTIONAL {{ ?code a <{PG.UnknownCode}> . BIND(true AS ?unknown) }}
}} ORDER BY ?scheme ?code"""
_SUBMISSIONS = f"""
SELECT DISTINCT ?class WHERE {{ ?class <{RDFS.subClassOf}>+ <{PG.Submission}> }} ORDER BY ?class"""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a kind.

    Attributes:
        path: IRI of the predicate.
        name: What to call it.
        order: Place among the fields.
        datatype: IRI of the datatype, '' for codes and child tables.
        code_list: IRI of the concept scheme that holds the codes, '' if none.
        codes: IRIs of its codes.
        row_class: IRI of the class of rows when the field is a child table, '' if none.
        part: IRI of the report part it belongs to, '' if none.
        shape: IRI of its property shape.
        least: Smallest value that its shape accepts, '' if none.
        most: Greatest value that its shape accepts, '' if none.
        not_future: Whether a date in it must not lie after the as-of day.
        changeable: Whether a stated fact in it can still change.
        names_field: Whether its text must name a field of the record.
        named_by: IRI of the field with the name from which its code follows, '' if none.
        unit: IRI of the unit in which its number is stated, '' if none.
        synonyms: Other names under which people know it.
        description: What it means.
        example: A value as a person would write it, '' if none.
        required: Whether every record must state it.
        several: Whether it may have more than one value.
        unknown: Those of its codes that say that the fact is not known.
    """

    path: str
    name: Text
    order: int
    datatype: str
    code_list: str
    codes: tuple[str, ...]
    row_class: str
    part: str
    shape: str
    least: str = ""
    most: str = ""
    not_future: bool = False
    changeable: bool = False
    names_field: bool = False
    named_by: str = ""
    unit: str = ""
    synonyms: tuple[str, ...] = ()
    description: Text = field(default=Text("", ""))
    example: str = ""
    required: bool = False
    several: bool = False
    unknown: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of submission, or of row in a child table."""

    iri: str
    label: Text
    fields: tuple[Field, ...]
    name_field: str
    unique_key: tuple[str, ...]
    claim_date_field: str
    is_record: bool

    @property
    def short(self) -> str:
        """Last segment of the class's IRI."""
        return local_name(self.iri)

    def field(self, path: str) -> Field | None:
        """Return the field with a predicate, if the kind has it."""
        return next((f for f in self.fields if f.path == path), None)


def load_kinds(store: Store) -> dict[str, Kind]:
    """Read all kinds from the record shapes in a store, by class IRI; each has the fields of all submissions beside its own."""
    fields = _load_fields(store)
    shared = [fields[row["field"].value] for row in store.select(_SHARED).dicts() if row["field"].value in fields]
    submissions = {row["class"].value for row in store.select(_SUBMISSIONS).dicts()}
    shapes: dict[str, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
    classes: dict[str, str] = {}
    for row in store.select(_SHAPES).dicts():
        classes[row["shape"].value] = row["class"].value
        shapes[row["shape"].value][row["property"].value].append(row["value"])
    kinds = {}
    for shape, properties in shapes.items():
        own = [fields[p.value] for p in properties[SH.property] if p.value in fields]
        own += shared if classes[shape] in submissions else []
        kinds[classes[shape]] = Kind(
            iri=classes[shape],
            label=_text(properties[RDFS.label]),
            fields=tuple(sorted(own, key=lambda f: (f.order, f.path))),
            name_field=_first(properties[PG.kindLabelField]),
            unique_key=tuple(sorted(t.value for t in properties[PG.uniqueKey])),
            claim_date_field=_first(properties[PG.claimDateField]),
            is_record=classes[shape] in submissions,
        )
    return kinds


def _load_fields(store: Store) -> dict[str, Field]:
    codes: dict[str, list[str]] = defaultdict(list)
    unknown: dict[str, set[str]] = defaultdict(set)
    for row in store.select(_CODES).dicts():
        codes[row["scheme"].value].append(row["code"].value)
        if "unknown" in row:
            unknown[row["scheme"].value].add(row["code"].value)
    raw: dict[str, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
    for row in store.select(_FIELDS).dicts():
        raw[row["field"].value][row["property"].value].append(row["value"])
    return {
        iri: Field(
            path=_first(properties[SH.path]),
            name=_text(properties[SH.name]),
            order=int(float(_first(properties[SH.order]) or "0")),
            datatype=_first(properties[SH.datatype]),
            code_list=_first(properties[PG.codeList]),
            codes=tuple(codes[_first(properties[PG.codeList])]),
            row_class=_first(properties[SH["class"]]),
            part=_first(properties[PG.partOf]),
            shape=iri,
            least=_first(properties[SH.minInclusive]),
            most=_first(properties[SH.maxInclusive]),
            not_future=_first(properties[PG.notAfter]) == PG.asOf,
            changeable=_first(properties[PG.changeable]) == "true",
            names_field=_first(properties[PG.namesField]) == "true",
            named_by=_first(properties[PG.namedBy]),
            unit=_first(properties[PG.fieldUnit]),
            synonyms=tuple(sorted({t.value for path in (SKOS.altLabel, SKOS.hiddenLabel) for t in properties[path]})),
            description=_text(properties[SH.description]),
            example=_first(properties[SKOS.example]),
            required=_first(properties[SH.minCount]) not in {"", "0"},
            several=_first(properties[SH.maxCount]) != "1",
            unknown=frozenset(unknown[_first(properties[PG.codeList])]),
        )
        for iri, properties in raw.items()
    }


def _first(terms: list[Term]) -> str:
    return terms[0].value if terms else ""


def _text(terms: list[Term]) -> Text:
    words = {t.language: t.value for t in terms if isinstance(t, Literal)}
    some = next(iter(words.values()), "")
    return Text(words.get("zh", some), words.get("en", some))
