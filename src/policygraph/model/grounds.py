"""What answers rest on, as plain values: nodes with labels, sentences, numbers, readings, responsible units, facts and their evidence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from policygraph.model.terms import local_name

if TYPE_CHECKING:
    from policygraph.errors import Text
    from policygraph.model.terms import Term


@dataclass(frozen=True, slots=True)
class Named:
    """A node with its label."""

    iri: str
    label: Text

    @property
    def short(self) -> str:
        """Last segment of the IRI."""
        return local_name(self.iri)


@dataclass(frozen=True, slots=True)
class Lacking(Named):
    """A field that states no fact; `given` is the code in it that says that the fact is not known, None if it is empty."""

    given: Text | None = None


@dataclass(frozen=True, slots=True)
class Citation:
    """A provision with its verbatim words and where they stand.

    Attributes:
        provision: The provision.
        quote: Verbatim words.
        translation: Unofficial English, '' if none.
        start: Offset of the first character in the canonical text, -1 if not anchored.
        end: Offset after the last character.
        sentence: The whole sentence in which the quote begins.
        strength: Modality.
        hedges: Words that leave discretion or refer elsewhere.
        document: Number of the document.
        sha256: Digest of the canonical text.
        superseded: Whether its number was closed and a later one was used instead; the words stand, the value does not.
    """

    provision: Named
    quote: str
    translation: str
    start: int
    end: int
    sentence: str
    strength: Named
    hedges: tuple[str, ...]
    document: str
    sha256: str
    superseded: bool = False


@dataclass(frozen=True, slots=True)
class Point:
    """A reading or an open question on which an answer leans."""

    node: Named
    statement: Text


@dataclass(frozen=True, slots=True)
class ParameterUse:
    """A number of the policy that an answer used: value, unit, words, half-open validity, and the IRI of its set."""

    node: Named
    value: Term
    unit: Named | None
    verbatim: str
    valid_from: str
    valid_until: str
    parameter_set: str


@dataclass(frozen=True, slots=True)
class Responsible:
    """Whom the text names as responsible for a section, in its order; none of them leads, and none is said to be competent.

    Attributes:
        section: Section whose clauses an answer rests on.
        units: Units that the text lists for it, empty when it lists none.
    """

    section: Named
    units: tuple[Named, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a record shows for one of its facts.

    Attributes:
        document: Name or number of a document, '' if none is named.
        date: Day of the document, '' if not stated.
        issuer: Who issued it, '' if not stated.
        official: Whether the fact is said to come from an official register or publication.
    """

    document: str
    date: str
    issuer: str
    official: bool


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact found in a record.

    Attributes:
        field: Its field.
        value: The value as people read it.
        evidence: What is shown for it; empty when it is only stated.
        row: Row of a child table in which it stands, '' for the record itself.
        term: The value itself.
    """

    field: Named
    value: Text
    evidence: tuple[Evidence, ...] = ()
    row: str = ""
    term: Term | None = None

    @property
    def standing(self) -> str:
        """`official`, `evidenced` (a document is named) or `stated`."""
        if any(e.official for e in self.evidence):
            return "official"
        return "evidenced" if any(e.document for e in self.evidence) else "stated"
