"""Describes one side of a comparison: what its policies say, as entries that can be laid beside those of another."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from policygraph.app.formulas import Formulas
from policygraph.engine.sources import Sources
from policygraph.errors import Text
from policygraph.model.index import Index, term_key
from policygraph.model.terms import Iri, Literal
from policygraph.store.embedded import EmbeddedStore
from policygraph.vocab import PG, PROV, RDF

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from policygraph.app.sides import Side
    from policygraph.model.grounds import Citation, Named
    from policygraph.model.terms import Term
    from policygraph.paths import DataRoots

_QUOTE, _HEDGES = Text("引文", "words"), Text("限定", "hedges")
_BEARER, _BENEFICIARY = Text("承担主体", "bearer"), Text("受益主体", "beneficiary")
_STRENGTH, _CUE = Text("强度", "strength"), Text("强度词", "cue")
_VALUES, _UNITS = Text("数值", "values"), Text("责任单位", "responsible units")
_FROM, _UNTIL, _AMOUNT = Text("起", "from"), Text("止", "until"), Text("数额", "amount")
_ALTERNATIVE, _CONDITION = Text("方案“{name}”", "alternative “{name}”"), Text("条件“{name}”", "condition “{name}”")
_STATED = Text("有", "stated")
_SINCE, _TO = Text("自 {day} 起", "from {day}"), Text("至 {day} 前", "until {day}")
_SEVERITY, _COMPARED = Text("严重度", "severity"), Text("所比较", "compares")
_SHACL = "http://www.w3.org/ns/shacl#"


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that a side says.

    Attributes:
        key: What it goes by: its IRI, or the place of a number in its table.
        node: The node.
        words: What it says in short.
        fields: What is compared.
        citations: The sentences behind it.
        matching: Words by which it is found on the other side, where IRIs differ; by default `words`.
    """

    key: str
    node: Named
    words: Text
    fields: dict[Text, Text] = field(hash=False)
    citations: tuple[Citation, ...] = ()
    matching: str = ""


class Described:
    """What the policies of one side say.

    Args:
        side: The side.
        roots: Where the queries are.
    """

    def __init__(self, side: Side, roots: DataRoots) -> None:
        self._facts = Index.of(side.graph)
        self._sources = Sources(EmbeddedStore(side.graph), roots)
        self._policies = side.policies
        self._formulas = Formulas(self._facts)

    @property
    def policies(self) -> tuple[Named, ...]:
        """The policies."""
        return tuple(self._sources.named(policy) for policy in sorted(self._policies))

    def entries(self, aspect: str) -> tuple[Entry, ...]:
        """Return what the side says under an aspect, in a fixed order."""
        kinds: dict[str, Callable[[], Iterator[Entry]]] = {
            "text": self._text,
            "provisions": self._clauses,
            "strengths": self._strengths,
            "numbers": self._numbers,
            "units": self._units,
            "rules": self._rules,
        }
        return tuple(kinds[aspect]())

    # ---------------------------------------------------------------- what belongs to the policies
    @cached_property
    def _within(self) -> frozenset[Term]:
        return frozenset(part for policy in self._policies for part in self._facts.subjects(PG.within, Iri(policy)))

    @cached_property
    def _provisions(self) -> tuple[Term, ...]:
        return tuple(node for node in self._all(PG.Provision) if node in self._within)

    def _all(self, kind: str) -> list[Term]:
        return sorted(self._facts.subjects(RDF.type, Iri(kind)), key=term_key)

    def _derived(self, node: Term) -> bool:
        return any(source in self._within for source in self._facts.objects(node, PROV.wasDerivedFrom))

    # ---------------------------------------------------------------- aspects
    def _text(self) -> Iterator[Entry]:
        for node in (n for n in self._all(PG.Sentence) if n in self._within):
            words = self._facts.word(node, PG.quote, "zh")
            yield Entry(node.value, self._named(node), Text(words, words), {_QUOTE: Text(words, words)})

    def _clauses(self) -> Iterator[Entry]:
        for node in self._provisions:
            quote = self._facts.word(node, PG.quote, "zh")
            fields = {
                _QUOTE: Text(quote, quote),
                _HEDGES: self._literals(node, PG.hedge),
                _BEARER: self._labels(self._facts.objects(node, PG.bearer)),
                _BENEFICIARY: self._labels(self._facts.objects(node, PG.beneficiary)),
            }
            yield Entry(node.value, self._named(node), Text(quote, quote), fields, self._cited([node]))

    def _strengths(self) -> Iterator[Entry]:
        for node in self._provisions:
            quote = self._facts.word(node, PG.quote, "zh")
            fields = {_STRENGTH: self._labels(self._facts.objects(node, PG.modality)), _CUE: self._literals(node, PG.cue)}
            yield Entry(node.value, self._named(node), self._facts.label(node), fields, self._cited([node]), matching=quote)

    def _numbers(self) -> Iterator[Entry]:
        places: dict[tuple[str, ...], list[Term]] = {}
        for node in self._all(PG.Parameter):
            parameter_set = self._facts.one(node, PG.inSet)
            if parameter_set is None or not any(self._derived(p) for p in self._facts.subjects(PG.inSet, parameter_set)):
                continue
            dimensions = [d.value for d in self._facts.objects(parameter_set, PG.dimension)]
            at = (f"{d}={v.value}" for d in (*dimensions, PG.threshold) for v in self._facts.objects(node, d))
            places.setdefault((parameter_set.value, *at), []).append(node)
        for key, nodes in sorted(places.items()):
            ordered = sorted(nodes, key=lambda n: (self._facts.word(n, PG.validFrom), n.value))
            values = _joined([self._value(n) for n in ordered])
            last = self._named(ordered[-1])
            matching = f"{self._facts.label(Iri(key[0])).zh} {last.label.zh}"
            yield Entry(" ".join(key), last, last.label, {_VALUES: values}, self._cited(ordered), matching)

    def _units(self) -> Iterator[Entry]:
        for node in (n for n in self._all(PG.Section) if n in self._within):
            ordered = [m for head in self._facts.objects(node, PG.responsibleAgencyList) for m in self._facts.members(head)]
            agencies = ordered or list(self._facts.objects(node, PG.responsibleAgency))
            if agencies:
                yield Entry(node.value, self._named(node), self._facts.label(node), {_UNITS: self._labels(agencies)})

    def _rules(self) -> Iterator[Entry]:
        for node in self._all(PG.Rule):
            if self._derived(node):
                yield Entry(node.value, self._named(node), self._facts.label(node), self._rule(node), self._cited([node]))
        for node in (*self._all(PG.NormShape), *self._all(PG.ClaimShape)):
            if any(p in self._within for p in self._facts.objects(node, PG.onProvision)):
                fields = {
                    _SEVERITY: self._labels(self._facts.objects(node, _SHACL + "severity")),
                    _COMPARED: self._formulas.of_check(node),
                }
                yield Entry(node.value, self._named(node), self._facts.label(node), fields, self._cited([node]))

    def _rule(self, rule: Term) -> dict[Text, Text]:
        fields = {_FROM: self._literals(rule, PG.validFrom), _UNTIL: self._literals(rule, PG.validUntil)}
        for alternative in self._facts.objects(rule, PG.hasAlternative):
            name = _ALTERNATIVE.format(name=self._facts.label(alternative))
            fields[name] = _STATED
            for condition in self._facts.objects(alternative, PG.hasCondition):
                inner = _CONDITION.format(name=self._facts.label(condition))
                key = Text(f"{name.zh}，{inner.zh}", f"{name.en}, {inner.en}")
                fields[key] = _joined([*filter(None, [fields.get(key)]), self._formulas.of(condition)])
            for amount in self._facts.objects(alternative, PG.amount):
                fields[Text(f"{name.zh}，{_AMOUNT.zh}", f"{name.en}, {_AMOUNT.en}")] = self._formulas.of(amount)
        return fields

    # ---------------------------------------------------------------- words
    def _named(self, node: Term) -> Named:
        return self._sources.named(node.value)

    def _cited(self, nodes: Iterable[Term]) -> tuple[Citation, ...]:
        return self._sources.citations([node.value for node in nodes])

    def _labels(self, nodes: Iterable[Term]) -> Text:
        return _joined([self._facts.label(node) for node in nodes])

    def _literals(self, node: Term, predicate: str) -> Text:
        return _joined([Text(o.value, o.value) for o in self._facts.objects(node, predicate) if isinstance(o, Literal)])

    def _value(self, node: Term) -> Text:
        value, unit = self._facts.one(node, PG.value), self._facts.one(node, PG.unit)
        label = self._facts.label(value) if isinstance(value, Iri) else Text(*[value.value if value else ""] * 2)
        units = self._facts.label(unit) if unit else Text("", "")
        since = _SINCE.format(day=self._facts.word(node, PG.validFrom))
        until = self._facts.word(node, PG.validUntil)
        validity = Text(since.zh + _TO.zh.format(day=until), f"{since.en} {_TO.en.format(day=until)}") if until else since
        words = self._facts.word(node, PG.verbatim, "zh")
        return Text(f"“{words}” = {label.zh} {units.zh}（{validity.zh}）", f"“{words}” = {label.en} {units.en} ({validity.en})")


def _joined(texts: Iterable[Text]) -> Text:
    every = list(texts)
    return Text("；".join(t.zh for t in every), "; ".join(t.en for t in every))
