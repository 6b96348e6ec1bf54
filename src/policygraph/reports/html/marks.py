"""What a report says of each cell of a record, for a form that shows it beside what was filled in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from policygraph.model.terms import local_name
from policygraph.reports.cells import cells, table
from policygraph.reports.entries import Entries

if TYPE_CHECKING:
    from policygraph.model.answers import RecordReport


def marks(record: RecordReport, language: str) -> list[dict[str, Any]]:
    """Return the cells that findings are about.

    Args:
        record: The record.
        language: zh or en.

    Returns:
        For each cell its field (last segment of the IRI), the child table and number of its row, '' and 0 for the record itself, and the
        findings, each with its number in the report, verdict, message and mending.
    """
    entries = Entries(language)
    found = []
    for cell in cells(record):
        if not cell.findings:
            continue
        name, number = table(record, cell.row) if cell.row else ("", 0)
        said = []
        for each in cell.findings:
            entry = entries.entry(record.findings[each - 1], record)
            said.append({"number": each, "verdict": entry.verdict, "word": entry.word, "message": entry.message, "mending": entry.mending})
        found.append({"field": local_name(cell.field.iri), "table": name, "row": number, "findings": said})
    return found
