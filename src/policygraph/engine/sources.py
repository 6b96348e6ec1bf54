"""What answers rest on, read from the graph: labels, sentences, numbers, readings, open questions, check shapes."""

from __future__ import annotations

import re
from collections import defaultdict
from copy import copy
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from policygraph.errors import Text
from policygraph.model.answers import Citation, Named, ParameterUse, Point, Responsible
from policygraph.model.terms import Iri, Literal
from policygraph.vocab import BASE, PG, RDFS, SKOS, UNIT, XSD

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Self

    from policygraph.model.terms import Term
    from policygraph.paths import DataRoots
    from policygraph.store.base import Store

# Queries over what the engine concluded; the others are about the policy, and what they find holds for any conclusions.
_CONCLUDED = frozenset({"attempts", "combinations", "decision-links", "decisions", "evaluations", "evidence", "payable", "stated"})
# What was looked up about the policy alone; anything else that is kept depends on the conclusions.
_OF_POLICY = frozenset(
    {"shapes", "conformity", "outside", "check_conditions", "_citations", "_grounds", "_leanings", "_parameters"}
    | {"_amounts", "_dates", "_reads", "_measures", "_named_by", "_responsible", "_unknown", "_ceilings", "_units", "_changeable"}
)
# Records and entries of a register have no labels; what repeats one of them names it by its number.
_EARLIER = re.compile(re.escape(BASE) + r"(submission#record|register#entry)-([0-9]+)")
_EARLIER_NAMES = {
    "submission#record": Text("记录 {n}", "record {n}"),
    "register#entry": Text("登记簿第 {n} 号", "entry {n} of the register"),
}
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|^`\\]+")


class Sources:
    """Look-ups in a store; each query of `queries/explain/` runs once, when it is first needed.

    Args:
        store: Holds the policy graph.
        roots: Where the queries are.
        conclusions: Holds what the engine concluded, with the records; the same store by default.
    """

    def __init__(self, store: Store, roots: DataRoots, conclusions: Store | None = None) -> None:
        self._store = store
        self._conclusions = conclusions or store
        self._texts = {path.stem: path.read_text(encoding="utf-8") for _, path in roots.files("queries/explain", "*.rq")}
        self._labels: dict[str, Text] = {}

    def over(self, conclusions: Store) -> Self:
        """Return a twin that explains other conclusions and shares what this one has looked up about the policy."""
        for name in _OF_POLICY:
            getattr(self, name, None)  # looked up now, once for all twins
        twin = copy(self)
        twin._conclusions = conclusions
        for name in self.__dict__.keys() - _OF_POLICY:
            if isinstance(getattr(type(self), name, None), cached_property):
                del twin.__dict__[name]
        return twin

    def _rows(self, name: str) -> list[dict[str, Term]]:
        store = self._conclusions if name in _CONCLUDED else self._store
        return store.select(self._texts[name]).dicts()

    def named(self, iri: str) -> Named:
        """Return a node with its label; its last segment stands in when it has none."""
        if iri not in self._labels:
            short = Named(iri, Text("", "")).short
            self._labels[iri] = self._text(iri, RDFS.label) or Text(short, short)
        return Named(iri, self._labels[iri])

    def wording(self, term: Term) -> Text:
        """Return a value as people read it: the label of a code, a truth value, a number without trailing noughts."""
        if isinstance(term, Iri):
            earlier = _EARLIER.fullmatch(term.value)
            return _EARLIER_NAMES[earlier[1]].format(n=earlier[2]) if earlier else self.named(term.value).label
        if isinstance(term, Literal) and term.datatype == XSD.boolean:
            return Text("是", "yes") if term.value == "true" else Text("否", "no")
        return Text(term.value, term.value)

    @cached_property
    def shapes(self) -> tuple[dict[str, Term], ...]:
        """Check shapes with type, target, severity and what they block."""
        return tuple(self._rows("checks"))

    @cached_property
    def conformity(self) -> dict[str, frozenset[str]]:
        """Rules that decide whether facts conform → the checks that require them; nobody is entitled to anything by them."""
        found: dict[str, set[str]] = defaultdict(set)
        for row in self._rows("conformity"):
            found[row["rule"].value] |= {row["shape"].value} if "shape" in row else set()
        return {rule: frozenset(shapes) for rule, shapes in found.items()}

    @cached_property
    def outside(self) -> dict[str, str]:
        """Alternatives that state no requirement → whether they are exempting or unsettled, by the class."""
        return {row["alternative"].value: row["type"].value for row in self._rows("outside")}

    def mending(self, shape: str) -> Text:
        """Return how a finding of a shape is mended."""
        return self._text(shape, PG.mending) or Text("", "")

    def statement(self, node: str) -> Text | None:
        """Return the full wording of a reading, an option or a question."""
        return self._text(node, PG.statement)

    def claimed(self, record: str, rule: str) -> tuple[str, str]:
        """Return the field and the amount that a record claims under a rule, '' for both if none."""
        where = f"<{rule}> <{PG.claimedAmountField}> ?field . <{record}> ?field ?claimed"
        rows = self._conclusions.select(f"SELECT ?field ?claimed WHERE {{ {where} }} ORDER BY ?field ?claimed").dicts()
        return next(((row["field"].value, row["claimed"].value) for row in rows), ("", ""))

    def _text(self, iri: str, predicate: str) -> Text | None:
        # A path or value of a foreign file may be no IRI that can stand in a query.
        if not _IRI.fullmatch(iri):
            return None
        query = f"SELECT ?words WHERE {{ <{iri}> <{predicate}> ?words }} ORDER BY ?words"
        found = {t.language: t.value for row in self._store.select(query).dicts() if isinstance(t := row["words"], Literal)}
        some = found.get("zh") or next(iter(found.values()), None)
        return Text(found.get("zh", some), found.get("en", some)) if some is not None else None

    # ---------------------------------------------------------------- sentences, numbers, points
    @cached_property
    def _citations(self) -> dict[str, Citation]:
        hedges: dict[str, list[str]] = defaultdict(list)
        for row in self._rows("hedges"):
            hedges[row["provision"].value].append(row["hedge"].value)
        found: dict[str, Citation] = {}
        for row in self._rows("citations"):
            iri = row["provision"].value
            text = {name: term.value for name, term in row.items()}
            found.setdefault(
                iri,
                Citation(
                    provision=self.named(iri),
                    quote=text["quote"],
                    translation=text.get("translation", ""),
                    start=int(text.get("start", -1)),
                    end=int(text.get("end", -1)),
                    sentence=text.get("sentence", ""),
                    strength=self.named(text["modality"]),
                    hedges=tuple(hedges[iri]),
                    document=text.get("document", ""),
                    sha256=text.get("sha256", ""),
                ),
            )
        return found

    @cached_property
    def _grounds(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, list[str]] = defaultdict(list)
        for row in self._rows("grounds"):
            found[row["node"].value].append(row["provision"].value)
        return {node: tuple(provisions) for node, provisions in found.items()}

    @cached_property
    def _leanings(self) -> dict[tuple[str, str], list[Point]]:
        found: dict[tuple[str, str], list[Point]] = defaultdict(list)
        for row in self._rows("leanings"):
            words = {key: row[key].value for key in ("zh", "en") if key in row}
            label = self.named(row["point"].value)
            some = label.label
            statement = Text(words.get("zh", some.zh), words.get("en", some.en))
            found[row["node"].value, row["kind"].value].append(Point(label, statement))
        return found

    @cached_property
    def _parameters(self) -> dict[str, ParameterUse]:
        found: dict[str, ParameterUse] = {}
        for row in self._rows("parameters"):
            iri = row["parameter"].value
            text = {name: term.value for name, term in row.items()}
            unit = self._counted(self.named(text["unit"]), text.get("verbatim", "")) if "unit" in text else None
            found.setdefault(
                iri,
                ParameterUse(
                    self.named(iri),
                    row["value"],
                    unit,
                    text.get("verbatim", ""),
                    text.get("from", ""),
                    text.get("until", ""),
                    text["set"],
                ),
            )
        return found

    def _counted(self, unit: Named, words: str) -> Named:
        """Return a unit by the word with which a policy counts: 人 or 户, where the label of a plain number is 个."""
        fitting = [word for word in self._measures if words.endswith(word)] if unit.iri == UNIT.NUM else []
        return Named(unit.iri, Text(max(fitting, key=len), unit.label.en)) if fitting else unit

    @cached_property
    def _measures(self) -> tuple[str, ...]:
        """Words that count things."""
        query = f'SELECT ?word WHERE {{ <{UNIT.NUM}> <{SKOS.altLabel}> ?word . FILTER(LANG(?word) = "zh") }} ORDER BY ?word'
        return tuple(row["word"].value for row in self._store.select(query).dicts())

    def citations(self, nodes: Iterable[str], used: Iterable[str] = ()) -> tuple[Citation, ...]:
        """Return the provisions behind nodes (or the nodes themselves when they are provisions), without repeats.

        Args:
            nodes: What the answer rests on.
            used: Parameters that it used; their provisions are cited too, and one whose own number gave way to them is marked.
        """
        parameters = list(used)
        provisions: dict[str, None] = {}
        for node in (*nodes, *parameters):
            provisions.update(dict.fromkeys([node] if node in self._citations else self._grounds.get(node, ())))
        stale = self._superseded(parameters)
        found = [replace(self._citations[p], superseded=p in stale) for p in provisions if p in self._citations]
        return tuple(sorted(found, key=lambda c: (c.document, c.start, c.provision.iri)))

    def _superseded(self, used: list[str]) -> set[str]:
        """Return the provisions whose own number in the sets of the used parameters was closed and not used."""
        sets = {self._parameters[u].parameter_set for u in used if u in self._parameters}
        closed = [p for p, use in self._parameters.items() if use.parameter_set in sets and use.valid_until and p not in used]
        current = {provision for p in used for provision in self._grounds.get(p, ())}
        return {provision for p in closed for provision in self._grounds.get(p, ())} - current

    @cached_property
    def _responsible(self) -> dict[str, tuple[Responsible, ...]]:
        """Whom the text names as responsible, by provision: the sections around it that list units, else its own section without any."""
        units: dict[str, list[Named]] = defaultdict(list)
        for row in self._rows("responsible"):
            units[row["section"].value].append(self.named(row["unit"].value))
        sections: dict[str, dict[str, None]] = defaultdict(dict)
        for row in self._rows("sections"):
            sections[row["provision"].value].update(dict.fromkeys([row["own"].value, row["around"].value]))
        return {
            provision: tuple(Responsible(self.named(s), tuple(units[s])) for s in [s for s in own if s in units] or list(own)[:1])
            for provision, own in sections.items()
        }

    def responsible(self, provisions: Iterable[str]) -> tuple[Responsible, ...]:
        """Return whom the text names as responsible for provisions, section by section, without repeats."""
        return tuple(dict.fromkeys(r for provision in provisions for r in self._responsible.get(provision, ())))

    def readings(self, nodes: Iterable[str]) -> tuple[Point, ...]:
        """Return the readings that nodes lean on, without repeats."""
        return self._points(nodes, PG.hasReading)

    def open_points(self, nodes: Iterable[str]) -> tuple[Point, ...]:
        """Return the open questions that nodes show, without repeats."""
        return self._points(nodes, PG.hasOpenQuestion)

    def _points(self, nodes: Iterable[str], kind: str) -> tuple[Point, ...]:
        points = {p.node.iri: p for node in nodes for p in self._leanings.get((node, kind), ())}
        return tuple(points[iri] for iri in sorted(points))

    def parameters(self, iris: Iterable[str]) -> tuple[ParameterUse, ...]:
        """Return parameters by IRI, without repeats."""
        return tuple(self._parameters[iri] for iri in dict.fromkeys(iris) if iri in self._parameters)
