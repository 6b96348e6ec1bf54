"""Names of codes and units as people write them, and which of them a text means: exactly one, or none."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from policygraph.errors import Text
from policygraph.model.terms import Literal, local_name
from policygraph.records.spelling import spelt
from policygraph.vocab import PG, RDF, RDFS, SCHEME, SH, SKOS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from policygraph.model.terms import Term
    from policygraph.records.order import CodeOrder
    from policygraph.store.base import Store

_CODES = f"""
SELECT DISTINCT ?code ?property ?value WHERE {{
  {{ ?code <{SKOS.inScheme}> ?scheme }} UNION {{ ?field <{PG.fieldUnit}> ?code }}
  ?code ?property ?value .
  VALUES ?property {{ <{RDFS.label}> <{SKOS.prefLabel}> <{SKOS.altLabel}> <{SKOS.hiddenLabel}>
    <{SKOS.notation}> <{RDF.type}> <{SKOS.inScheme}> }}
}} ORDER BY ?code ?property STR(?value) LANG(?value)"""
_UNITS = f"""
SELECT DISTINCT ?unit WHERE {{ {{ ?unit <{SKOS.inScheme}> <{SCHEME.units}> }} UNION {{ ?field <{PG.fieldUnit}> ?unit }} }} ORDER BY ?unit"""
_IDENTIFIERS = f"""
SELECT DISTINCT ?field WHERE {{
  ?field ?property true . VALUES ?property {{ <{PG.identityNumber}> <{PG.creditCode}> }} ?shape <{SH.property}> ?field
}} ORDER BY ?field"""


@dataclass(frozen=True, slots=True)
class Code:
    """A code or unit and what people call it.

    Attributes:
        iri: Its IRI.
        label: Its name.
        names: Everything that it goes by: labels, synonyms, last segment of the IRI, notation.
        unknown: Whether it says that a fact is not known.
    """

    iri: str
    label: Text
    names: tuple[str, ...]
    unknown: bool = False


class CodeBook:
    """Codes and units by their names.

    Args:
        codes: All codes and units.
        units: IRIs of the units among them.
        identifiers: IRIs of property shapes whose text is an identity number or a credit code.
        order: Their order; that of their IRIs without one.
    """

    def __init__(
        self, codes: Iterable[Code], units: Collection[str] = (), identifiers: Collection[str] = (), order: CodeOrder | None = None
    ) -> None:
        self._order = order
        self._codes: Mapping[str, Code] = {code.iri: code for code in codes}
        self.identifiers = frozenset(identifiers)
        self._units: dict[str, set[str]] = defaultdict(set)
        for unit in units:
            for name in self._codes[unit].names if unit in self._codes else ():
                self._units[spelt(name).strip("()")].add(unit)
        # Code lists are few; what is asked for them again and again is kept.
        self._index = lru_cache(maxsize=256)(self._index_of)

    @classmethod
    def of(cls, store: Store, order: CodeOrder | None = None) -> CodeBook:
        """Read the codes and units of a store."""
        found: dict[str, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
        for row in store.select(_CODES).dicts():
            found[row["code"].value][row["property"].value].append(row["value"])
        codes = [_code(iri, properties) for iri, properties in found.items()]
        units = [row["unit"].value for row in store.select(_UNITS).dicts()]
        return cls(codes, units, [row["field"].value for row in store.select(_IDENTIFIERS).dicts()], order)

    def match(self, codes: Collection[str], text: str) -> str | None:
        """Return the one of these codes that a text names, or None when it names none or several."""
        found = self.candidates(codes, text)
        return found[0] if len(found) == 1 else None

    def candidates(self, codes: Collection[str], text: str) -> tuple[str, ...]:
        """Return those of these codes that go by a name, compared without width, case and blanks; nothing is guessed."""
        return self._index(tuple(codes)).get(spelt(text), ())

    def label(self, code: str, language: str) -> str:
        """Return what a code is called in a language."""
        return self.name(code).in_language(language)

    def name(self, code: str) -> Text:
        """Return what a code is called; the end of its IRI when the graph does not say."""
        short = local_name(code)
        return self._codes[code].label if code in self._codes else Text(short, short)

    def names(self, code: str) -> tuple[str, ...]:
        """Return everything that a code goes by."""
        return self._codes[code].names if code in self._codes else ()

    def unknown(self, codes: Collection[str]) -> str | None:
        """Return the code that says that a fact is not known, if these have exactly one."""
        found = [code for code in codes if code in self._codes and self._codes[code].unknown]
        return found[0] if len(found) == 1 else None

    def in_order(self, codes: Collection[str]) -> tuple[str, ...]:
        """Return codes in the order of their lists."""
        return self._order.of(codes) if self._order else tuple(sorted(codes))

    def units(self, word: str) -> frozenset[str]:
        """Return the units that a word names; 名 may count persons and name a place in a ranking."""
        return frozenset(self._units.get(spelt(word), ()))

    def _index_of(self, codes: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
        index: dict[str, dict[str, None]] = defaultdict(dict)
        for code in codes:
            for name in (*self.names(code), code, f"<{code}>"):
                index[spelt(name)][code] = None
        index.pop("", None)
        return {name: tuple(found) for name, found in index.items()}


def _code(iri: str, properties: Mapping[str, list[Term]]) -> Code:
    labels = [*properties[RDFS.label], *properties[SKOS.prefLabel]]
    words = {t.language: t.value for t in reversed(labels) if isinstance(t, Literal)}
    some = next(iter(words.values()), local_name(iri))
    others = (t for path in (SKOS.altLabel, SKOS.hiddenLabel, SKOS.notation) for t in properties[path])
    names = (*(t.value for t in (*labels, *others)), local_name(iri))
    unknown = PG.UnknownCode in {t.value for t in properties[RDF.type]}
    return Code(iri, Text(words.get("zh", some), words.get("en", some)), tuple(dict.fromkeys(names)), unknown)
