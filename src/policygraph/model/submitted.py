"""What was submitted, as reports show it: files, facts with their places, and what was not read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from policygraph.errors import Text
    from policygraph.model.grounds import Named
    from policygraph.model.places import Place


@dataclass(frozen=True, slots=True)
class Stated:
    """A fact as it was submitted.

    Attributes:
        field: The field.
        value: What it states, named as people do; empty cells are no facts.
        place: Where it stands, None if unknown.
        row: Row of a child table in which it stands, '' for the record itself.
    """

    field: Named
    value: Text
    place: Place | None = None
    row: str = ""


@dataclass(frozen=True, slots=True)
class Unread:
    """What a file holds and no record took over.

    Attributes:
        place: Where it stands.
        why: Why it was left.
    """

    place: Place
    why: Text


@dataclass(frozen=True, slots=True)
class FileRead:
    """A file that was read.

    Attributes:
        name: As it was given.
        form: xlsx, csv, tsv, json, jsonl, jsonld, turtle, ntriples, trig or rdfxml.
        sha256: Digest of its bytes.
        records: How many records it held.
        unread: Sheets, columns and rows that were not read, and why.
    """

    name: str
    form: str
    sha256: str
    records: int
    unread: tuple[Unread, ...] = ()
