"""The answer to a saved question in the forms of the service: JSON with labels, CSV, and a workbook; pages show it themselves."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from policygraph.model.terms import Blank, Iri, Literal
from policygraph.reports.csv import harmless
from policygraph.vocab import XSD

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from policygraph.errors import Text
    from policygraph.model.terms import Table, Term

_TRUTH = {"true": ("是", "yes"), "1": ("是", "yes"), "false": ("否", "no"), "0": ("否", "no")}


@dataclass(frozen=True, slots=True)
class Answered:
    """A question with what the graph says.

    Attributes:
        name: Its name.
        summary: The question in words.
        description: How to read the answer, None if it needs no word.
        params: Parameter → its meaning and its value.
        samples: Parameters that the caller left out.
        headings: Headings of the columns.
        table: The rows.
        notes: What explains an empty answer.
        truncated: Whether there are more rows than were given.
    """

    name: str
    summary: Text
    description: Text | None
    params: Mapping[str, tuple[Text, Term]]
    samples: frozenset[str]
    headings: Sequence[Text]
    table: Table
    notes: Sequence[Text]
    truncated: bool = False


def as_json(answer: Answered, label: Callable[[Term, str], str]) -> bytes:
    """Return an answer as JSON: each cell with its value, and an entity's with its labels in both languages.

    Args:
        answer: The answer.
        label: Term and language → how to call it.
    """
    table = answer.table
    told: dict[str, Any] = {
        "question": answer.name,
        "summary": _both(answer.summary),
        "description": _both(answer.description) if answer.description else None,
        "parameters": {
            name: {"about": _both(about), "value": _cell(value, label), "sample": name in answer.samples}
            for name, (about, value) in answer.params.items()
        },
        "columns": [{"name": name, "heading": _both(heading)} for name, heading in zip(table.columns, answer.headings, strict=True)],
        "rows": [
            {name: _cell(cell, label) for name, cell in zip(table.columns, row, strict=True) if cell is not None} for row in table.rows
        ],
        "notes": [_both(note) for note in answer.notes],
        "truncated": answer.truncated,
    }
    return (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode()


def as_csv(answer: Answered, language: str) -> bytes:
    """Return the rows as RFC 4180 has it, with a mark for UTF-8; IRIs stay IRIs, and no cell is a formula."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([heading.in_language(language) for heading in answer.headings])
    writer.writerows([harmless(spell_out(cell, language)) for cell in row] for row in answer.table.rows)
    return ("\ufeff" + out.getvalue()).encode()


def as_xlsx(answer: Answered, language: str) -> bytes:
    """Return the rows as a workbook."""
    from policygraph.reports.xlsx.book import Book

    book, out = Book(), io.BytesIO()
    rows = [[spell_out(cell, language) for cell in row] for row in answer.table.rows]
    headings = [heading.in_language(language) for heading in answer.headings]
    widths = [min(60, max([12, *(2 * len(row[n]) for row in rows[:200])])) for n in range(len(headings))]
    sheet = book.sheet(answer.name, [*zip(headings, widths, strict=True)] or [("", 12)])
    for row in rows:
        sheet.append(row)
    book.save(out)
    return out.getvalue()


def spell_out(term: Term | None, language: str) -> str:
    """Return the value of a cell as people read it; an IRI stays one."""
    if term is None:
        return ""
    if isinstance(term, Literal) and term.datatype == XSD.boolean:
        return _TRUTH[term.value][language == "en"]
    return term.value


def _cell(term: Term | None, label: Callable[[Term, str], str]) -> dict[str, Any] | None:
    match term:
        case Iri(value):
            return {"iri": value, "label": {"zh": label(term, "zh"), "en": label(term, "en")}}
        case Literal(value, datatype, spoken):
            return {"value": value, **({"lang": spoken} if spoken else {} if datatype == XSD.string else {"datatype": datatype})}
        case Blank(value):
            return {"blank": value}
    return None


def _both(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}
