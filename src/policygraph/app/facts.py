"""What a run adds to a record before it is judged: its place in the file, the day as of which it is judged, codes that names stand for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policygraph.app.naming import codes_by_name
from policygraph.model.terms import Iri, Literal
from policygraph.vocab import PG, XSD

if TYPE_CHECKING:
    from policygraph.app.setting import Setting
    from policygraph.model.terms import Triple
    from policygraph.records.record import Record


def facts(record: Record, setting: Setting) -> tuple[Triple, ...]:
    """Return what a run adds to a record, as the engine and the checks read it.

    That is its place, the as-of day of it and its rows, codes found by name, and what is known of it beyond what it states.
    """
    day = Literal(as_of(record, setting), XSD.date)
    return (
        (Iri(record.iri), Iri(PG.sourcePosition), Literal(str(record.position), XSD.integer)),
        *((Iri(row), Iri(PG.asOf), day) for row in record.rows()),
        *codes_by_name(record, setting.graph),
        *record.added,
    )


def as_of(record: Record, setting: Setting) -> str:
    """Return the day as of which a record is judged: the caller's, else its claim date unless that is in the future, else today.

    What an officer determined was not known before: it is judged as of that day at the earliest.
    """
    if setting.as_of:
        return setting.as_of.isoformat()
    today = setting.today.isoformat()
    dates = [t.value for t in record.values(record.kind.claim_date_field) if isinstance(t, Literal) and t.datatype == XSD.date]
    determined = [t.value for _, path, t in record.added if path.value == PG.determinedOn]
    return min(max([dates[0], *determined]), today) if len(dates) == 1 else today
