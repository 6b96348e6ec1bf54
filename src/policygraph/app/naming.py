"""Finds the code that a stated name stands for: an enterprise is one that a text names only if it bears the very name.

Brackets, spaces and width do not tell names apart; anything else does, so that a subsidiary is never its parent.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from policygraph.model.terms import Iri
from policygraph.vocab import PG, RDF, RDFS, SKOS

if TYPE_CHECKING:
    from policygraph.graph.memory import Graph
    from policygraph.model.terms import Triple
    from policygraph.records.record import Record

_BRACKETS = str.maketrans(dict.fromkeys("[{〔【〈《「『〖", "(") | dict.fromkeys("]}〕】〉》」』〗", ")"))


def codes_by_name(record: Record, graph: Graph) -> tuple[Triple, ...]:
    """Return the codes that follow from names in a record, under the fields that are `pg:namedBy` them.

    A code that the record states itself is left to stand beside it: if the two disagree, the field has two values and is refused.
    """
    found: list[Triple] = []
    for field in record.kind.fields:
        for name in record.values(field.named_by) if field.named_by else ():
            if code := _code(name.value, field.codes, graph):
                found.append((Iri(record.iri), Iri(field.path), Iri(code)))
    return tuple(found)


def spelt(name: str) -> str:
    """Return a name without what does not tell names apart."""
    wide = unicodedata.normalize("NFKC", name).translate(_BRACKETS).casefold()
    return "".join(c for c in wide if not c.isspace() and unicodedata.category(c) != "Cf")


def _code(name: str, codes: tuple[str, ...], graph: Graph) -> str:
    wanted, unlisted = spelt(name), ""
    for code in codes:
        types = {term.value for term in graph.objects(Iri(code), RDF.type)}
        if PG.UnlistedCode in types:
            unlisted = code
        elif PG.UnknownCode not in types and wanted in {
            spelt(label.value) for path in (RDFS.label, SKOS.altLabel) for label in graph.objects(Iri(code), path)
        }:
            return code
    return unlisted
