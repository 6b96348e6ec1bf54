"""Records as they were read, what in them was refused, and what of a file became part of none."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from policygraph.errors import Text
from policygraph.vocab import BASE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from policygraph.model.places import Place
    from policygraph.model.submitted import FileRead
    from policygraph.model.terms import Term, Triple
    from policygraph.records.kinds import Kind
    from policygraph.records.origins import Origin

RECORD = BASE + "submission#record-"
# Relative IRIs of a file are its own nodes; the base is a reserved name that no published IRI can have.
OWN_BASE = "https://submitted.invalid/"
REMOVE = Text("请删除此陈述后重新提交。", "Remove this statement and submit again.")


@dataclass(frozen=True, slots=True)
class Refusal:
    """A statement that was not copied, and why.

    Attributes:
        record: IRI of the record it stood in, '' when it stood in none.
        statement: The statement as submitted.
        why: Why it was refused.
        mending: How to mend it.
        row: IRI of the row of a child table in which it stood, '' for the record itself.
        shape: IRI of the field's shape when it is a value that the field cannot take, '' for what is no field's.
        place: Where the statement stands, None where the place of its record or row says it.
    """

    record: str
    statement: Triple
    why: Text
    mending: Text = REMOVE
    row: str = ""
    shape: str = ""
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """One record, copied.

    Attributes:
        iri: Named by its place in the file: …#record-1.
        position: Place in the file, from 1.
        source: What the file called it.
        kind: Its kind.
        triples: Its statements and those of its rows, under their new names.
        origins: Where it and its rows stand in what was submitted, by their IRIs.
        refused: What in its cells could not be taken over.
        added: What is known of it beyond what it states, such as the earlier record that it repeats.
    """

    iri: str
    position: int
    source: str
    kind: Kind
    triples: tuple[Triple, ...]
    origins: Mapping[str, Origin] = field(default_factory=dict, compare=False)
    refused: tuple[Refusal, ...] = ()
    added: tuple[Triple, ...] = ()

    def values(self, path: str) -> tuple[Term, ...]:
        """Return the record's values of a field."""
        return tuple(o for s, p, o in self.triples if s.value == self.iri and p.value == path)

    def rows(self) -> tuple[str, ...]:
        """Return the IRIs of the record and its rows."""
        return tuple(dict.fromkeys(s.value for s, _, _ in self.triples))


@dataclass(frozen=True, slots=True)
class Submission:
    """What was read of the files submitted.

    Attributes:
        records: The records in their order; may be read any number of times.
        refusals: Statements that were not copied, those in cells of records apart: `Record.refused` has these.
        files: The files, and what in them was not read.
        unread: Places that should have been read and could not be, as findings on the files.
    """

    records: Sequence[Record]
    refusals: tuple[Refusal, ...]
    files: tuple[FileRead, ...] = ()
    unread: tuple[Misread, ...] = ()


@dataclass(frozen=True, slots=True)
class Misread:
    """A place of a file that should have become part of a record and did not.

    Attributes:
        place: Where it stands.
        why: Why it could not be read.
        mending: How to mend it.
        verdict: What it makes of the file: invalid, or warning.
    """

    place: Place
    why: Text
    mending: Text
    verdict: str = "invalid"
