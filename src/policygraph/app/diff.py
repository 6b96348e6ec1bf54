"""Compares two policies, or two versions of one: text, clauses, strengths, numbers, units, rules."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from policygraph.app.aligning import pair, pair_in_order
from policygraph.app.described import Described, Entry
from policygraph.app.sides import both_sides
from policygraph.errors import Text
from policygraph.model.comparison import ASPECTS, Aspect, Comparison, Difference, FieldChange, Tally

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from policygraph.app.sides import Side
    from policygraph.paths import DataRoots

Pairs = list[tuple[Entry | None, Entry | None]]
_NOTHING = Text("", "")


def compare(roots: DataRoots, before: str, after: str) -> Comparison:
    """Compare two sides.

    Args:
        roots: Where the policies' files are.
        before: A policy's name, number or IRI, a data folder, or an overlay.
        after: The same.

    Raises:
        UsageError: Nothing goes by a name, or it is no policy.
        InputError: An overlay breaks the policy.
    """
    return compare_sides(*both_sides(roots, before, after), roots)


def compare_sides(before: Side, after: Side, roots: DataRoots) -> Comparison:
    """Compare two sides that are at hand.

    Args:
        before: The first.
        after: The second.
        roots: Where the queries are.
    """
    a, b = Described(before, roots), Described(after, roots)
    found: list[Difference] = []
    tallies = []
    for aspect in ASPECTS:
        pairs = _paired(aspect, a, b)
        own = [d for one, other in pairs if (d := _difference(aspect, one, other)) is not None]
        counts = Counter(d.kind for d in own)
        tallies.append(Tally(aspect, counts["added"], counts["removed"], counts["changed"], len(pairs) - len(own)))
        found += own
    return Comparison(before.name, after.name, a.policies, b.policies, tuple(tallies), tuple(found))


def _paired(aspect: str, a: Described, b: Described) -> Pairs:
    if aspect == "text":
        return pair_in_order(a.entries(aspect), b.entries(aspect), _words)
    one, other = _by_key(a.entries(aspect)), _by_key(b.entries(aspect))
    pairs = pair(one, other, _words)
    # How a clause binds is compared where both sides have the clause; the others are told by “provisions”.
    return [p for p in pairs if p[0] and p[1]] if aspect == "strengths" else pairs


def _by_key(entries: Iterable[Entry]) -> Mapping[str, Entry]:
    return {entry.key: entry for entry in entries}


def _words(entry: Entry) -> str:
    return entry.matching or entry.words.zh


def _difference(aspect: str, one: Entry | None, other: Entry | None) -> Difference | None:
    if one is None or other is None:
        return Difference(aspect, "added" if one is None else "removed", _aspect(one), _aspect(other))
    names = dict.fromkeys((*one.fields, *other.fields))
    changes = tuple(
        FieldChange(name, one.fields.get(name, _NOTHING), other.fields.get(name, _NOTHING))
        for name in names
        if one.fields.get(name) != other.fields.get(name)
    )
    return Difference(aspect, "changed", _aspect(one), _aspect(other), changes) if changes else None


def _aspect(entry: Entry | None) -> Aspect | None:
    return Aspect(entry.node, entry.words, entry.citations) if entry else None
