"""What a register holds, as plain values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from policygraph.model.terms import Term

ADD, CORRECT, DETERMINE, ERASE = ACTIONS = ("add", "correct", "determine", "erase")
# Actions that enter a record.
RECORDING = (ADD, CORRECT)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry, without what it holds of a person.

    Attributes:
        number: Its number, from 1 without gaps.
        time: When it was entered, as xsd:dateTime in UTC.
        who: Who entered it.
        action: add, correct, determine or erase.
        kind: IRI of the kind of submission.
        verdict: Short name of the verdict when it was entered, '' for an erasure.
        as_of: Day as of which it was judged, '' for an erasure.
        policy: Digest of the policy's files with which it was judged, '' for an erasure.
        refers_to: Entry that it corrects, determines a fact of, or erases; 0 if none.
        reason: Why it was erased, '' otherwise.
        batch: First entry of those that were entered together, 0 if not known.
        digest: Salted digest of its payload in hex, '' if it never had one.
        previous: Chain value of the entry before, in hex.
        head: Its own chain value, in hex.
    """

    number: int
    time: str
    who: str
    action: str
    kind: str
    verdict: str
    as_of: str
    policy: str
    refers_to: int
    reason: str
    batch: int
    digest: str
    previous: str
    head: str

    @property
    def records(self) -> bool:
        """Whether it enters a record."""
        return self.action in RECORDING


@dataclass(frozen=True, slots=True)
class Payload:
    """What an entry holds that can be erased.

    Attributes:
        document: Record: `facts`, `key`, `name`, `file`, `place` and so on; determination: `field`, `value`, `by` and so on.
        receipt: The receipt as N-Triples, '' if none.
    """

    document: Mapping[str, Any]
    receipt: str


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry to be; the register adds number, chain and digest."""

    action: str
    time: str
    who: str
    kind: str
    verdict: str = ""
    as_of: str = ""
    policy: str = ""
    refers_to: int = 0
    reason: str = ""
    document: Mapping[str, Any] = field(default_factory=dict)
    receipt: str = ""


@dataclass(frozen=True, slots=True)
class EntryRef:
    """An entry that stands, as other parts of the program refer to it: nothing in it is personal.

    Attributes:
        number: Its number.
        time: When it was entered.
        kind: IRI of its kind.
        verdict: Its verdict when it was entered.
    """

    number: int
    time: str
    kind: str
    verdict: str


@dataclass(frozen=True, slots=True)
class Determination:
    """An officer's finding on a fact of a record.

    Attributes:
        entry: Entry that holds it.
        of: Entry with the record.
        field: IRI of the field.
        value: What was found.
        by: Who found it.
        authority: In whose name.
        date: When, as 2024-09-20.
        document: Number of the document.
    """

    entry: int
    of: int
    field: str
    value: Term
    by: str
    authority: str
    date: str
    document: str
