"""What records state for the conditions and amounts of a rule, and what evidence they name for it."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING

from policygraph.engine.sources import Sources
from policygraph.model.answers import Evidence, Fact, Lacking
from policygraph.vocab import PG, RDF, SH

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from policygraph.model.terms import Term


_NAMED_BY = f"SELECT ?field ?name WHERE {{ ?shape <{SH.path}> ?field ; <{PG.namedBy}> ?name }} ORDER BY ?field ?name"


class Stated(Sources):
    """Look-ups of facts by the nodes of the rules that read them."""

    @cached_property
    def _reads(self) -> dict[str, tuple[tuple[str, str], ...]]:
        """(Child table or '', field) by the condition or amount that reads it."""
        found: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for row in self._rows("reads"):
            found[row["node"].value].append((row["rows"].value if "rows" in row else "", row["field"].value))
        return {node: tuple(fields) for node, fields in found.items()}

    @cached_property
    def _dates(self) -> dict[str, tuple[str, ...]]:
        """Fields with the day or the year of the fact, by class of record."""
        found: dict[str, list[str]] = defaultdict(list)
        for row in self._rows("dates"):
            found[row["class"].value].append(row["field"].value)
        return {kind: tuple(fields) for kind, fields in found.items()}

    @cached_property
    def _unknown(self) -> frozenset[str]:
        return frozenset(row["code"].value for row in self._rows("unknown-codes"))

    @cached_property
    def _named_by(self) -> dict[str, str]:
        """Field with a code → the field with the name from which the code follows."""
        return {row["field"].value: row["name"].value for row in self._store.select(_NAMED_BY).dicts()}

    @cached_property
    def _stated(self) -> dict[str, dict[str, list[Term]]]:
        """Values by record or row and field; a record's child tables list their rows."""
        found: dict[str, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
        for row in self._rows("stated"):
            subject = row["row"] if "row" in row else row["record"]
            if row["value"] not in found[subject.value][row["field"].value]:
                found[subject.value][row["field"].value].append(row["value"])
        return found

    @cached_property
    def _evidence(self) -> dict[tuple[str, str], tuple[Evidence, ...]]:
        """Evidence by record and short name of the field."""
        found: dict[tuple[str, str], list[Evidence]] = defaultdict(list)
        for row in self._rows("evidence"):
            text = {name: term.value for name, term in row.items()}
            evidence = Evidence(text.get("document", ""), text.get("date", ""), text.get("issuer", ""), text.get("official") == "true")
            found[row["record"].value, text["about"]].append(evidence)
        return {key: tuple(dict.fromkeys(own)) for key, own in found.items()}

    def _terms(self, focus: str, node: str) -> Iterator[tuple[Term, Fact]]:
        """Yield the values that a condition or amount reads on a record or row, each with the fact that it states."""
        for table, path in self._reads.get(node, ()):
            field = self.named(path)
            rows = [term.value for term in self._stated.get(focus, {}).get(table, ())] if table else [focus]
            shown = self._evidence.get((focus, self.named(table).short if table else field.short), ())
            for row in rows:
                for value in self._stated.get(row, {}).get(path, ()):
                    yield value, Fact(field, self.wording(value), shown, row if table else "", value)

    def found(self, focus: str, node: str) -> tuple[Fact, ...]:
        """Return the facts that a condition or amount reads on a record or row, as far as they are stated."""
        return tuple(dict.fromkeys(fact for _, fact in self._terms(focus, node)))

    def missing(self, focus: str, node: str) -> tuple[Lacking, ...]:
        """Return the fields that a condition reads on a record and that state nothing, or only that it is not known.

        Of a child table it is the table while there is no row, then the fields that some row lacks. Where a code follows from a name,
        it is the name that people fill in.
        """
        found: dict[str, Lacking] = {}
        for table, path in self._reads.get(node, ()):
            rows = [term.value for term in self._stated.get(focus, {}).get(table, ())] if table else [focus]
            if not rows:
                found[table] = self._lacking(table, ())
            elif path == PG.factDate:
                dates = [field for kind in self._stated.get(focus, {}).get(RDF.type, ()) for field in self._dates.get(kind.value, ())]
                found |= {} if any(self._known(focus, field) for field in dates) else {f: self._lacking(f, [focus]) for f in dates}
            elif not all(self._known(row, path) for row in rows):
                found[path] = self._lacking(path, rows)
        return tuple(field for path, field in found.items() if not path.startswith(PG))

    def _lacking(self, path: str, rows: Iterable[str]) -> Lacking:
        values = [tuple(self._stated.get(row, {}).get(path, ())) for row in rows if not self._known(row, path)]
        if values and all(values):
            return Lacking(path, self.named(path).label, self.wording(values[0][0]))
        own = path if any(values) else self._named_by.get(path, path)
        return Lacking(own, self.named(own).label)

    def _known(self, subject: str, path: str) -> bool:
        return any(value.value not in self._unknown for value in self._stated.get(subject, {}).get(path, ()))

    def proofs(self, focus: str, nodes: Iterable[str]) -> tuple[Fact, ...]:
        """Return the facts that nodes read on a record and for which nothing is shown: what is still to be proven."""
        read = (pair for node in nodes for pair in self._terms(focus, node))
        facts = (fact for value, fact in read if value.value not in self._unknown and not fact.field.iri.startswith(PG))
        return tuple(fact for fact in dict.fromkeys(facts) if fact.standing == "stated")
