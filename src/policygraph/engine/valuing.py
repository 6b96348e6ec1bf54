"""Rough values of expressions and conditions on facts, to find which changes are worth trying.

The CONSTRUCTs alone decide; what is found with these values is decided again before anybody sees it. So a value may be one of several
that are possible, and None stands for whatever cannot be told.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import product
from operator import eq, ge, gt, le, lt
from typing import TYPE_CHECKING, TypeAlias

from policygraph.model.terms import Iri, Literal
from policygraph.vocab import RDF, SCHEME, UNIT, XSD

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from policygraph.engine.rulebook import KindLike, Node, Number, Rulebook
    from policygraph.model.terms import Term

Quantity: TypeAlias = Decimal | dt.date
RELATIONS: dict[str, Callable[[Quantity, Quantity], bool]] = {
    "Equal": eq, "Less": lt, "LessEqual": le, "Greater": gt, "GreaterEqual": ge, "Before": lt, "After": gt, "AtLeast": ge, "AtMost": le,
}  # fmt: skip
MOST_VALUES = 8


@dataclass(frozen=True, slots=True)
class Facts:
    """What one record and its rows state.

    Attributes:
        record: IRI of the record.
        stated: By subject (the record or a row) and field.
        kinds: By class, kinds of records and rows.
        as_of: Day as of which it is judged, as 2024-12-31.
    """

    record: str
    stated: Mapping[str, Mapping[str, tuple[Term, ...]]]
    kinds: Mapping[str, KindLike]
    as_of: str

    def of(self, subject: str, path: str) -> tuple[Term, ...]:
        """Return the values of a field."""
        return self.stated.get(subject, {}).get(path, ())

    def rows(self, table: str) -> tuple[str, ...]:
        """Return the rows of a child table."""
        return tuple(term.value for term in self.of(self.record, table))

    def kind(self, subject: str) -> KindLike | None:
        """Return the kind of the record or of a row."""
        return next((self.kinds[t.value] for t in self.of(subject, RDF.type) if t.value in self.kinds), None)


def quantity(term: Term) -> Quantity | None:
    """Return a number or a day, None for anything else."""
    if not isinstance(term, Literal):
        return None
    if term.datatype in {XSD.integer, XSD.decimal}:
        return Decimal(term.value)
    return dt.date.fromisoformat(term.value) if term.datatype == XSD.date else None


def add_years(day: dt.date, years: int) -> dt.date:
    """Return the day a number of years later; 29 February gives 1 March in a common year."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return dt.date(day.year + years, 3, 1)


def add(day: dt.date, number: Number) -> dt.date | None:
    """Return the day a duration later, None if its unit is no calendar one."""
    count = int(Decimal(number.value.value))
    if number.unit == UNIT.DAY:
        return day + dt.timedelta(days=count)
    months = {UNIT.MO: count, UNIT.YR: 12 * count}.get(number.unit)
    if months is None:
        return None
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = (dt.date(year + month // 11, (month + 1) % 12 + 1, 1) - dt.timedelta(days=1)).day
    return dt.date(year, month + 1, min(day.day, last))


def negative(number: Number) -> Number:
    """Return the duration backwards."""
    return replace(number, value=Literal(str(-Decimal(number.value.value)), XSD.decimal))


class Valuer:
    """Values expressions and conditions on the facts of one record."""

    def __init__(self, book: Rulebook, facts: Facts) -> None:
        self.book, self.facts = book, facts

    # ---------------------------------------------------------------- expressions
    def values(self, iri: str, x: str) -> tuple[Quantity, ...]:
        """Return what an expression may come to on the record or a row, at most a few values."""
        node = self.book.nodes.get(iri)
        if node is None:
            return ()
        match node.operator:
            case "FieldExpression":
                found: Iterable[Quantity | None] = (quantity(t) for t in self.facts.of(x, node.one("field")))
            case "ParameterExpression":
                found = (quantity(n.value) for n in self.numbers(node.one("parameterSet"), x))
            case "UpTo":
                found = self.values(node.one("operand"), x)
            case "Range":
                found = (*self.values(node.one("left"), x), *self.values(node.one("right"), x))
            case "Ladder":
                found = (self.step(node.one("parameterSet"), v) for v in self.values(node.one("operand"), x))
            case "Over":
                found = [self._over(node)]
            case _:
                pairs = product(self.values(node.one("left"), x), self.values(node.one("right"), x))
                found = (_combined(node.operator, a, b) for a, b in pairs)
        return tuple(dict.fromkeys(v for v in found if v is not None))[:MOST_VALUES]

    def numbers(self, parameter_set: str, x: str) -> tuple[Number, ...]:
        """Return the numbers of a set that may apply: those in force as of the record's day, at the dimensions that it states."""
        own = self.book.numbers.get(parameter_set, ())
        day = self.facts.as_of
        own = tuple(n for n in own if n.valid_from <= day and not (n.valid_until and n.valid_until <= day)) or own
        return tuple(n for n in own if all(at in self.facts.of(x, path) or not self.facts.of(x, path) for path, at in n.at.items()))

    def step(self, parameter_set: str, reached: Quantity) -> Quantity | None:
        """Return the value of a ladder at a number: that of the greatest threshold reached."""
        steps = [(quantity(n.threshold), quantity(n.value)) for n in self.numbers(parameter_set, self.facts.record) if n.threshold]
        below = [(t, v) for t, v in steps if isinstance(t, Decimal) and isinstance(reached, Decimal) and t <= reached]
        return max(below, key=lambda pair: pair[0])[1] if below else Decimal(0)

    def _over(self, node: Node) -> Quantity | None:
        rows = [r for r in self.facts.rows(node.one("rows")) if all(self.holds(c, r) for c in node.all("where"))]
        each = [v for r in rows for v in self.values(node.one("each"), r)[:1] if isinstance(v, Decimal)]
        match node.one("aggregate").removeprefix(SCHEME["aggregate/"]):
            case "count":
                return Decimal(len(rows))
            case "sum":
                return sum(each, Decimal(0))
            case "max":
                return max(each, default=None)
        return None

    # ---------------------------------------------------------------- conditions
    def holds(self, iri: str, x: str) -> bool | None:
        """Say whether a condition holds, None when that cannot be told."""
        node = self.book.nodes.get(iri)
        if node is None:
            return None
        match node.operator:
            case "OneOf" | "OpenList" | "UnderConcept" | "ByAuthority" | "Given":
                return self._of_field(node, x)
            case "Absent":
                return not self.facts.of(x, node.one("field"))
            case "AtLeast" | "AtMost":
                wanted = [quantity(n.value) for n in self.numbers(node.one("parameterSet"), x)]
                return related(node.operator, map(quantity, self.facts.of(x, node.one("field"))), wanted)
            case "Some" | "Every" | "None":
                return self._over_rows(node)
            case "ByRule":
                own = self.book.alternatives.get(node.one("rule"), {}).values()
                return any(all(self.holds(c, x) for c in conditions) for conditions in own)
            case operator if operator in RELATIONS:
                return related(operator, self.values(node.one("left"), x), self.values(node.one("right"), x))
        return None

    def known(self, x: str, path: str) -> Term | None:
        """Return the value that a field states, None when it states none or says that it is not known."""
        return next((t for t in self.facts.of(x, path) if t.value not in self.book.unknown), None)

    def accepted(self, node: Node) -> tuple[Term, ...]:
        """Return the values that satisfy a condition on one field, where they are listed."""
        if node.operator == "UnderConcept":
            return tuple(Iri(code) for code in self.book.narrower.get(node.one("concept"), (node.one("concept"),)))
        return node.values.get("allowed", ()) or ((Literal("true", XSD.boolean),) if node.operator == "ByAuthority" else ())

    def _of_field(self, node: Node, x: str) -> bool | None:
        value = self.known(x, node.one("field"))
        if value is None:
            return True if node.one("optional") == "true" else None
        return node.operator == "Given" or value in self.accepted(node)

    def _over_rows(self, node: Node) -> bool | None:
        rows = self.facts.rows(node.one("rows"))
        chosen = [r for r in rows if all(self.holds(c, r) for c in node.all("where"))]
        fitting = [r for r in chosen if all(self.holds(c, r) for c in node.all("holds"))]
        if not rows:
            return None
        return {"Some": bool(fitting), "Every": len(fitting) == len(chosen), "None": not fitting}[node.operator]


def related(operator: str, left: Iterable[Quantity | None], right: Iterable[Quantity | None]) -> bool | None:
    """Say whether a relation holds between all values of both sides that can be compared, None when there are none."""
    pairs = [(a, b) for a, b in product(tuple(left), tuple(right)) if a is not None and b is not None and type(a) is type(b)]
    return all(RELATIONS[operator](a, b) for a, b in pairs) if pairs else None


def _combined(operator: str, a: Quantity, b: Quantity) -> Quantity | None:
    if isinstance(a, Decimal) and isinstance(b, Decimal):
        match operator:
            case "Sum":
                return a + b
            case "Difference":
                return max(a - b, Decimal(0))
            case "Product":
                return a * b
            case "Minimum":
                return min(a, b)
            case "Maximum":
                return max(a, b)
            case "Step":
                return a // b if b > 0 else None
    if operator == "YearsBetween" and isinstance(a, dt.date) and isinstance(b, dt.date):
        return Decimal(b.year - a.year - (add_years(a, b.year - a.year) > b))
    return None
