"""Which blank nodes a serialisation can write in place: RDF lists, and nodes that one statement alone mentions."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from policygraph.graph.terms import order
from policygraph.model.terms import Blank, Iri, Term, Triple
from policygraph.vocab import RDF

if TYPE_CHECKING:
    from collections.abc import Iterable

TYPE, FIRST, REST, NIL = Iri(RDF.type), Iri(RDF.first), Iri(RDF.rest), Iri(RDF.nil)
_DEPTH = 8  # deeper nodes get a label: nobody reads them nested, and writers recurse


@dataclass(frozen=True, slots=True)
class Nested:
    """Statements grouped for writing.

    Attributes:
        rows: subject → predicate → objects, all sorted; rdf:type first.
        lists: First cell of a list → its members.
        inline: Blank nodes to be written where they are mentioned.
        top: Subjects to be written on their own, in order.
    """

    rows: dict[Term, dict[Iri, list[Term]]]
    lists: dict[Term, tuple[Term, ...]]
    inline: frozenset[Term]
    top: tuple[Term, ...]


def nest(triples: Iterable[Triple]) -> Nested:
    """Group statements by subject and find what can be nested."""
    rows: dict[Term, dict[Iri, list[Term]]] = defaultdict(lambda: defaultdict(list))
    mentions: dict[Term, list[tuple[Term, Iri]]] = defaultdict(list)
    for subject, predicate, value in sorted(set(triples), key=_write_order):
        rows[subject][predicate].append(value)
        if isinstance(value, Blank):
            mentions[value].append((subject, predicate))
    lists, head_of = _lists(rows, mentions)

    def holder(node: Term) -> Term | None:
        """Return the subject in whose description a node can be written, or None when it needs a label."""
        if not isinstance(node, Blank) or len(mentions[node]) != 1 or (node not in rows and node not in lists):
            return None
        subject = mentions[node][0][0]
        return head_of.get(subject, subject)

    def is_inline(node: Term) -> bool:
        above = holder(node)
        for _ in range(_DEPTH if above is not None else 0):
            further = holder(above) if above is not None else None
            if further is None:
                return True
            above = further
        return False  # no holder, nested too deeply, or in a circle

    inline = frozenset(node for node in rows if (node not in head_of or node in lists) and is_inline(node))
    hidden = inline | {cell for cell, head in head_of.items() if head in inline}
    return Nested(
        rows={subject: dict(row) for subject, row in rows.items()},
        lists={head: members for head, members in lists.items() if head in inline},
        inline=inline,
        top=tuple(sorted((node for node in rows if node not in hidden), key=order)),
    )


def _write_order(triple: Triple) -> tuple[object, ...]:
    subject, predicate, value = triple
    return order(subject), predicate != TYPE, predicate.value, order(value)


def _lists(
    rows: dict[Term, dict[Iri, list[Term]]], mentions: dict[Term, list[tuple[Term, Iri]]]
) -> tuple[dict[Term, tuple[Term, ...]], dict[Term, Term]]:
    """Return the well-formed lists that nothing else points into: head → members, and cell → head."""
    cells = {
        node
        for node, row in rows.items()
        if isinstance(node, Blank) and set(row) == {FIRST, REST} and len(row[FIRST]) == len(row[REST]) == 1 and len(mentions[node]) == 1
    }
    lists: dict[Term, tuple[Term, ...]] = {}
    head_of: dict[Term, Term] = {}
    for head in cells:
        subject, predicate = mentions[head][0]
        if subject in cells and predicate == REST:
            continue
        chain: list[Term] = []
        node: Term = head
        while node in cells:
            chain.append(node)
            node = rows[node][REST][0]
        if node == NIL:
            lists[head] = tuple(rows[cell][FIRST][0] for cell in chain)
            head_of.update(dict.fromkeys(chain, head))
    return lists, head_of
