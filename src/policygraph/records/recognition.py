"""Where in a sheet the headings stand, and which kind of submission a table holds: as stated, by its names, or by its headings."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from policygraph.errors import InputError, Text, UsageError
from policygraph.records import headings
from policygraph.records.near import described, near
from policygraph.records.spelling import spelt

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from policygraph.records.headers import Headings
    from policygraph.records.kinds import Field, Kind
    from policygraph.records.raw import RawRow

_ROWS = 12
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")

NO_KIND = Text("没有申报种类“{name}”。", "There is no kind of submission “{name}”.")
SHARED = Text("“{name}”不止一种申报。", "“{name}” is the name of more than one kind of submission.")
MEANT = Text("是否指：{near}？", "Did you mean: {near}?")
LISTED = Text("policygraph kinds 列出全部种类。", "`policygraph kinds` lists them all.")
SEVERAL = Text("各列名不止符合一种申报：{kinds}。", "The headings fit more than one kind of submission: {kinds}.")
NONE = Text("列名与任何一种申报都不全符合。最接近：{kinds}。", "The headings fit no kind of submission in full. The nearest: {kinds}.")
NO_HEADINGS = Text("没有一个列名是申报的字段。", "No heading is a field of any kind of submission.")
STATE = Text(
    "请用 --kind 指明，如 --kind {kind}，或以种类名作工作表名。policygraph kinds 列出全部种类。",
    "Name it with --kind, such as --kind {kind}, or call the sheet by the kind's name. `policygraph kinds` lists them all.",
)
CONTRADICTED = Text("名称说是“{named}”，列名却是“{fitting}”的。", "By its name it is “{named}”, but its headings are those of “{fitting}”.")


@dataclass(frozen=True, slots=True)
class Header:
    """The headings of a sheet.

    Attributes:
        row_numbers: Rows that hold them; the data begin after the last.
        texts: Heading of each column; where two rows hold them in two languages, both with a line end between.
        note: Unit that a line above them states for all amounts (单位：万元), '' if none.
    """

    row_numbers: tuple[int, ...]
    texts: tuple[str, ...]
    note: str = ""


def find_header(rows: Sequence[RawRow], known: Headings, kind: Kind | None = None) -> Header | None:
    """Return the headings among the first rows of a sheet: the row with most of them, and one beside it in the other language.

    Args:
        rows: The first rows; no more than twelve are looked at.
        known: The headings of all kinds.
        kind: The kind of the table where it is known.
    """
    scope = {kind.iri} if kind else set(known.kinds)
    lines = [tuple(c.text if c and c.sort == "text" else "" for c in row.cells) for row in rows[:_ROWS]]
    scores = [_score(line, known, scope) for line in lines]
    best = max(range(len(lines)), key=lambda index: (scores[index], -index), default=0)
    if not lines or not _enough(lines[best], scores[best], known, kind):
        return None
    first, last = best, best
    for beside in (best + 1, best - 1):
        next_to = 0 <= beside < len(lines) and abs(rows[beside].number - rows[best].number) == 1
        if next_to and _same(lines[best], lines[beside], known, scope):
            first, last = min(best, beside), max(best, beside)
            break
    notes = (headings.note_of(text, known.codes) for line in lines[:first] for text in line)
    numbers = tuple(rows[index].number for index in range(first, last + 1))
    return Header(numbers, _merged(lines[first], lines[last], known), next((note for note in notes if note), ""))


def kind_called(name: str, kinds: Mapping[str, Kind]) -> Kind:
    """Return the kind of submission that goes by a short name, a label in either language, or an IRI.

    Raises:
        UsageError: There is none, or more than one; names near misses.
    """
    found = _called(name, kinds)
    if len(found) == 1:
        return found[0]
    labels = {_name(kind, kinds): kind.label for kind in _records(kinds)}
    close = [_name(kind, kinds) for kind in found] or near(name, labels)
    fix = MEANT.format(near=described(close, labels)) if close else LISTED
    raise UsageError((SHARED if found else NO_KIND).format(name=name), fix)


def kind_of(known: Headings, headers: Collection[str], sheet: str = "", stem: str = "", stated: str = "", where: str = "") -> Kind | None:
    """Return the kind of a table, None when a column of it names the kind of each row.

    Args:
        known: The headings of all kinds.
        headers: The table's headings.
        sheet: Name of its sheet, '' if none.
        stem: Name of its file without ending, '' if none.
        stated: What the caller or the file says it is, '' if nothing.
        where: What to call the file in errors.

    Raises:
        UsageError: What is stated is no kind.
        InputError: The names contradict the headings, or neither tells the kind.
    """
    if stated:
        return kind_called(stated, known.kinds)
    fitting, counts = _fitting(known, headers)
    named = _in_name(sheet, known.kinds) or _in_name(stem, known.kinds)
    if named and (not fitting or named in fitting):
        return named
    if named is None and any(known.mark(header) == "kind" for header in headers):
        return None
    labels = {_name(kind, known.kinds): kind.label for kind in _records(known.kinds)}
    nearest = [_name(known.kinds[iri], known.kinds) for iri, _ in counts.most_common(3)]
    if named:
        what = CONTRADICTED.format(named=named.label, fitting=described([_name(kind, known.kinds) for kind in fitting], labels))
    elif len(fitting) == 1:
        return fitting[0]
    elif fitting:
        what = SEVERAL.format(kinds=described([_name(kind, known.kinds) for kind in fitting], labels))
    else:
        what = NONE.format(kinds=described(nearest, labels)) if nearest else NO_HEADINGS
    example = nearest[0] if nearest else next(iter(labels), "")
    raise InputError(what, STATE.format(kind=example), where)


def child_of(known: Headings, kind: Kind, sheet: str) -> Field | None:
    """Return the field whose child table a sheet holds, by its name, None if it is none of the kind's."""
    field = known.field(kind, sheet)
    return field if field and field.row_class else None


# ---------------------------------------------------------------- rows of headings
def _score(line: Iterable[str], known: Headings, scope: Collection[str]) -> int:
    """Return how many fields of one kind a row names, at most."""
    named = {(kind, meaning.place) for text in set(line) for kind, meaning in known.meanings(text).items() if kind in scope}
    return max(Counter(kind for kind, _ in named).values(), default=0)


def _enough(line: Sequence[str], score: int, known: Headings, kind: Kind | None) -> bool:
    """Say whether a row with so many headings is one of headings; a single word may stand anywhere."""
    words = [text for text in line if text.strip() and not known.mark(text)]
    return score > 1 or (score == 1 and len(words) <= (2 if kind else 1))


def _same(line: Sequence[str], beside: Sequence[str], known: Headings, scope: Collection[str]) -> bool:
    """Say whether a row repeats the headings of another, in the other language."""
    agreeing = 0
    for text, other in zip(line, beside, strict=False):
        one, two = known.meanings(text), known.meanings(other)
        shared = one.keys() & two.keys() & set(scope)
        if any(one[kind].place == two[kind].place for kind in shared):
            agreeing += 1
        elif one and two:
            return False
    return agreeing >= max(1, _score(line, known, scope) // 2)


def _merged(upper: Sequence[str], lower: Sequence[str], known: Headings) -> tuple[str, ...]:
    texts = []
    for index in range(max(len(upper), len(lower))):
        one, two = (row[index].strip() if index < len(row) else "" for row in (upper, lower))
        choices = [f"{one}\n{two}", one, two] if one and two and one != two else [one or two]
        texts.append(next((text for text in choices if known.meanings(text) or known.mark(text)), one or two))
    return tuple(texts)


# ---------------------------------------------------------------- kinds by their names
def _records(kinds: Mapping[str, Kind]) -> list[Kind]:
    return sorted((kind for kind in kinds.values() if kind.is_record), key=lambda kind: (kind.short, kind.iri))


def _name(kind: Kind, kinds: Mapping[str, Kind]) -> str:
    """Return how a caller names a kind: by its short name, or its IRI where another kind has the same."""
    return kind.short if [other.short for other in kinds.values()].count(kind.short) == 1 else kind.iri


def _called(name: str, kinds: Mapping[str, Kind]) -> list[Kind]:
    wanted = _plain(name)
    by_iri = [kind for kind in _records(kinds) if kind.iri == name.strip("<> ")]
    return by_iri or [kind for kind in _records(kinds) if wanted in {_plain(each) for each in (kind.short, kind.label.zh, kind.label.en)}]


def _plain(name: str) -> str:
    return spelt(name).replace("_", "").replace("-", "")


def _in_name(name: str, kinds: Mapping[str, Kind]) -> Kind | None:
    """Return the kind whose name stands in that of a sheet or file; of names within names the longest, of several none."""
    found: dict[str, Kind] = {}
    words = _words(name)
    for kind in _records(kinds):
        if spelt(kind.label.zh) in spelt(name):
            found[spelt(kind.label.zh)] = kind
        for each in (kind.short, kind.label.en):
            if f" {_words(each)} " in f" {words} ":
                found[_words(each).replace(" ", "")] = kind
    outer = {kind.iri: kind for each, kind in found.items() if not any(each != other and each in other for other in found)}
    return next(iter(outer.values())) if len(outer) == 1 else None


def _words(name: str) -> str:
    """Return the English words of a name, in lower case with single blanks: AwardClaim, award-claim and award claim are the same."""
    return " ".join(word.casefold() for word in _WORD.findall(name.replace("'", "").replace("’", "")))


def _fitting(known: Headings, headers: Iterable[str]) -> tuple[list[Kind], Counter[str]]:
    """Return the kinds that have a field for every heading that is any kind's, and how many headings each kind has a field for."""
    kinds = {kind.iri for kind in _records(known.kinds)}
    each = [set(known.meanings(header)) & kinds for header in headers]
    recognised = [found for found in each if found]
    counts: Counter[str] = Counter(iri for found in recognised for iri in sorted(found))
    return [kind for kind in _records(known.kinds) if recognised and counts[kind.iri] == len(recognised)], counts
