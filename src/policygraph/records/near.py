"""What a mistyped name of a field, a kind or a code may have meant, and how such a name is shown."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from policygraph.errors import Text
from policygraph.model.terms import local_name, namespace
from policygraph.records.jsonld import UNKNOWN_KEY

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

MOST = 3
# A name is for reading and comparing; a longer one is no slip of the pen, and comparing it would take long.
_LONGEST = 80


def near(name: str, labels: Mapping[str, Text]) -> tuple[str, ...]:
    """Return the names that a mistyped one resembles, by name or by label in either language, the best first."""
    wanted = name[:_LONGEST].strip().casefold()
    words: dict[str, str] = {}
    for key, label in labels.items():
        for word in (key, label.zh, label.en):
            words.setdefault(word.casefold(), key)
    least, cutoff = (3, 0.6) if wanted.isascii() else (2, 0.5)
    close = get_close_matches(wanted, words, MOST, cutoff)
    holding = [w for w in words if min(len(w), len(wanted)) >= least and (w in wanted or wanted in w)]
    holding.sort(key=lambda w: (abs(len(w) - len(wanted)), w))
    return tuple(dict.fromkeys(words[w] for w in [*close, *holding]))[:MOST]


def described(names: Sequence[str], labels: Mapping[str, Text]) -> Text:
    """Return names with their labels, as a list in words."""

    def both(name: str, label: str) -> str:
        return name if label.casefold() == name.casefold() else f"{name} — {label}"

    return Text("、".join(both(n, labels[n].zh) for n in names), ", ".join(both(n, labels[n].en) for n in names))


def plain(iri: str, spaces: Collection[str] = ()) -> str:
    """Return a foreign IRI as its writer would know it: the key of a JSON file or a name of these namespaces alone, else all of it."""
    name = iri.removeprefix(UNKNOWN_KEY)
    if name == iri:
        name = local_name(iri) if namespace(iri) in spaces else f"<{iri}>"
    return name if len(name) <= _LONGEST else f"{name[:_LONGEST]}…"
