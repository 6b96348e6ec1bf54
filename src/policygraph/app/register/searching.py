"""Finds entries: by what the register says of them, or by words of what they hold."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from policygraph.app.register.statements import read
from policygraph.app.register.times import day_of
from policygraph.errors import Text, UsageError
from policygraph.model.terms import Literal

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Iterator

    from policygraph.app.register.entries import Entry
    from policygraph.app.register.store import Register

# Of a document, what a person may look for beside the statements of its record.
_WORDS = ("name", "file", "value", "by", "authority", "document", "because")


@dataclass(frozen=True, slots=True)
class Filter:
    """Which entries are wanted; what is empty lets all pass.

    Attributes:
        kind: IRI of a kind.
        verdict: Short name of a verdict.
        since: First day, in this machine's time.
        until: Last day.
        who: Who entered it.
        standing: Whether only records that stand are wanted.
    """

    kind: str = ""
    verdict: str = ""
    since: dt.date | None = None
    until: dt.date | None = None
    who: str = ""
    standing: bool = False

    def passes(self, entry: Entry) -> bool:
        """Say whether an entry is wanted, standing left aside."""
        day = day_of(entry.time)
        return (
            self.kind in {"", entry.kind}
            and self.verdict in {"", entry.verdict}
            and self.who in {"", entry.who}
            and (self.since is None or day >= self.since.isoformat())
            and (self.until is None or day <= self.until.isoformat())
        )


@dataclass(frozen=True, slots=True)
class Match:
    """An entry that holds some words.

    Attributes:
        entry: The entry.
        name: Name of the person or unit that its record is about, '' if none.
        fields: IRIs of the fields in whose values they occur; empty when they occur beside the record only.
    """

    entry: Entry
    name: str
    fields: tuple[str, ...]


def listed(register: Register, wanted: Filter) -> Iterator[Entry]:
    """Yield the entries that a filter lets pass, in their order."""
    standing = register.standing() if wanted.standing else frozenset()
    for entry in register.entries():
        if wanted.passes(entry) and (not wanted.standing or entry.number in standing):
            yield entry


def search(register: Register, text: str) -> Iterator[Match]:
    """Yield the entries that hold some words, in their order; width, case, blanks and punctuation do not matter.

    Raises:
        UsageError: The text has no letter and no digit.
    """
    wanted = folded(text)
    if not wanted:
        raise UsageError(
            Text("没有可查找的文字。", "There is nothing to search for."),
            Text("请给出至少一个字或数字。", "Give a letter or a digit at least."),
        )
    for entry, document in register.documents():
        facts = str(document.get("facts", ""))
        fields = _fields(facts, wanted) if wanted in folded(facts) else ()
        if fields or any(wanted in folded(str(document.get(name, ""))) for name in _WORDS):
            yield Match(entry, str(document.get("name", "")), fields)


def holding(register: Register, values: Collection[str], besides: Collection[int]) -> tuple[int, ...]:
    """Return other entries that hold one of these values in a field, for a person may have more than one."""
    wanted = {folded(value) for value in values} - {""}
    found = []
    for entry, document in register.documents() if wanted else ():
        facts = str(document.get("facts", ""))
        if entry.number not in besides and any(value in folded(facts) for value in wanted):
            stated = {folded(o.value) for _, _, o in read(facts) if isinstance(o, Literal)}
            if stated & wanted:
                found.append(entry.number)
    return tuple(found)


def values_of(document: dict[str, Any] | Any, fields: Collection[str]) -> frozenset[str]:
    """Return the values that a record states of some fields."""
    return frozenset(o.value for _, p, o in read(str(document.get("facts", ""))) if p.value in fields and isinstance(o, Literal))


def folded(text: str) -> str:
    """Return the letters and digits of a text in one width and case."""
    plain = text if text.isascii() else unicodedata.normalize("NFKC", text)
    return "".join(c for c in plain.casefold() if c.isalnum())


def _fields(facts: str, wanted: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(p.value for _, p, o in read(facts) if isinstance(o, Literal) and wanted in folded(o.value)))
