"""Where an answer belongs in a profile: pointers to facts and rows, and the profile once the answer is in it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from policygraph.app.weighing import Slot
from policygraph.errors import InputError, Text
from policygraph.model.terms import Iri, Literal, local_name
from policygraph.vocab import PG, RDF, XSD

if TYPE_CHECKING:
    from collections.abc import Mapping

    from policygraph.app.interview import Answer
    from policygraph.records.kinds import Field, Kind
    from policygraph.records.record import Record

TRUE, FALSE = Literal("true", XSD.boolean), Literal("false", XSD.boolean)
_DIGITS = 6  # more than there are rows


def with_answer(profile: Record, answer: Answer, completeness: str) -> Record:
    """Return a profile with an answer; one that is not known leaves it as it was, unless its code list has a code for that.

    Args:
        profile: What was known before.
        answer: The answer.
        completeness: Field by which the profile declares the answer's table complete, '' if none.
    """
    slot, triples = answer.slot, list(profile.triples)
    owner = Iri(slot.owner)
    if answer.row:
        field = profile.kind.field(slot.path)
        row = Iri(f"{profile.iri}-{local_name(slot.path)}-{len(profile.values(slot.path)) + 1}")
        triples += [(owner, Iri(slot.path), row), (row, Iri(RDF.type), Iri(field.row_class if field else PG.ChildRow))]
        triples = [t for t in triples if (t[0].value, t[1].value) != (slot.owner, completeness)]
    elif answer.value is not None:
        triples = [t for t in triples if (t[0].value, t[1].value) != (slot.owner, slot.path)]
        triples.append((owner, Iri(slot.path), answer.value))
    elif answer.known and completeness:  # no further row
        triples = [t for t in triples if (t[0].value, t[1].value) != (slot.owner, completeness)]
        triples.append((owner, Iri(completeness), TRUE))
    return replace(profile, triples=tuple(triples))


def pointer_to(slot: Slot, profile: Record) -> str:
    """Return a JSON Pointer to a fact in the facts of a profile."""
    if slot.owner == profile.iri:
        return f"/{local_name(slot.path)}"
    for field in profile.kind.fields:
        rows = [row.value for row in profile.values(field.path)] if field.row_class else []
        if slot.owner in rows:
            return f"/{local_name(field.path)}/{rows.index(slot.owner)}" + (f"/{local_name(slot.path)}" if slot.path else "")
    return f"/{local_name(slot.path)}"


def slot_at(pointer: str, profile: Record, kinds: Mapping[str, Kind], where: str) -> Slot:
    """Return the place that a pointer means.

    Args:
        pointer: A pointer to a fact; with a slash at its end, to a row.
        profile: The profile.
        kinds: Kinds by class IRI.
        where: Where the pointer stands, for the error.

    Raises:
        InputError: It points nowhere.
    """
    match pointer.split("/")[1:]:
        case [name]:
            found = next((Slot(profile.iri, f.path) for f in profile.kind.fields if local_name(f.path) == name), None)
        case [table, number, name] if number.isascii() and number.isdigit():
            field = next((f for f in profile.kind.fields if f.row_class and local_name(f.path) == table), None)
            rows = profile.values(field.path) if field else ()
            row = rows[int(number)] if len(number) < _DIGITS and int(number) < len(rows) else None
            own = ["", *(f.path for f in kinds[field.row_class].fields)] if field else []
            inner = next((path for path in own if local_name(path) == name), None)
            found = Slot(row.value, inner) if row and inner is not None else None
        case _:
            found = None
    if found is None:
        raise InputError(
            Text("“{pointer}”不指向 facts 中的任何字段。", "“{pointer}” points to no field of the facts.").format(pointer=pointer[:80]),
            Text("请原样发回上次得到的 unknown。", "Send back what unknown held in the answer before."),
            where,
        )
    return found


def field_at(slot: Slot, profile: Record, kinds: Mapping[str, Kind]) -> tuple[Field | None, str]:
    """Return the field of a fact, and the table of the profile in whose rows it stands, '' for the subject itself."""
    if slot.owner == profile.iri:
        return profile.kind.field(slot.path), ""
    for table in profile.kind.fields:
        if table.row_class and any(row.value == slot.owner for row in profile.values(table.path)):
            return kinds[table.row_class].field(slot.path), table.path
    return None, ""
