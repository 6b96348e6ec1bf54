"""Brings fields and expressions to the boundary of a relation: the inverse of `valuing`, for those who search among facts."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import TYPE_CHECKING, Self, TypeAlias

from policygraph.engine.valuing import RELATIONS, Quantity, Valuer, add_years, quantity
from policygraph.model.terms import Iri, Literal, Term
from policygraph.vocab import RDF, XSD

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from policygraph.engine.rulebook import FieldLike, Node, Rulebook
    from policygraph.engine.valuing import Facts

Place: TypeAlias = tuple[str, str]
"""A field of the record or of a row: (subject, predicate)."""
Option: TypeAlias = frozenset[tuple[Place, Term | None]]
"""Facts to state, each at a value; None withdraws what is stated."""
NOTHING: Option = frozenset()
ANY = "any"
"""Bound of a sample: every value would do."""
SIGNS = {
    "Equal": "=", "Less": "<", "LessEqual": "<=", "Greater": ">", "Before": "<", "After": ">", "AtLeast": ">=", "AtMost": "<=",
    "ShareAtLeast": ">=", "ShareAtMost": "<=",
}  # fmt: skip
FLIPPED = {"=": "=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
DENIED = {"=": ">", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}
_FINEST, _CENT, SAMPLE = Decimal("0.000001"), Decimal("0.01"), Decimal(100)


def after(facts: Facts, option: Option) -> Facts:
    """Return the facts when an option is taken; a row that it adds gets the class of its table."""
    stated = {subject: dict(fields) for subject, fields in facts.stated.items()}
    for (subject, path), term in sorted(option, key=lambda pair: pair[0]):
        kind = facts.kind(subject)
        field = kind.field(path) if kind else None
        own = stated.setdefault(subject, {})
        if term is None:
            own.pop(path, None)
        elif field and field.row_class:
            own[path] = (*own.get(path, ()), term)
            stated.setdefault(term.value, {})[RDF.type] = (Iri(field.row_class),)
        else:
            own[path] = (term,)
    return replace(facts, stated=stated)


def size(option: Option) -> int:
    """Return how many facts an option states: adding a row counts by the facts in it."""
    subjects = {subject for (subject, _), _ in option}
    return sum(not (isinstance(term, Iri) and term.value in subjects) for _, term in option)


@dataclass(slots=True)
class Trace:
    """What a search noticed on its way.

    Attributes:
        bounds: The relation by which a value was found: <=, >= and the like.
        more_needed: Whether ways were left out because they take more than the most facts.
        capped: Whether ways were left out because there were too many.
    """

    bounds: dict[tuple[Place, Term | None], str] = field(default_factory=dict)
    more_needed: bool = False
    capped: bool = False


class Reacher(Valuer):
    """Finds options on the facts of one record.

    Args:
        book: How the rules are written.
        facts: What the record states.
        allowed: Says which places may be changed.
        trace: Filled with what the search notices.
    """

    def __init__(self, book: Rulebook, facts: Facts, allowed: Callable[[Place], bool] = lambda _: True, trace: Trace | None = None) -> None:
        super().__init__(book, facts)
        self._allowed = allowed
        self.trace = trace or Trace()

    def given(self, option: Option) -> Self:
        """Return the same search when an option is taken."""
        return type(self)(self.book, after(self.facts, option), self._allowed, self.trace)

    # ---------------------------------------------------------------- expressions
    def compare(self, left: str, sign: str, right: str, x: str) -> list[Option]:
        """Return ways to make one expression stand in a relation to another."""
        mine, theirs = self.values(left, x), self.values(right, x)
        found = [o for target in theirs for o in self.solve(left, sign, target, x)]
        found += [o for target in mine for o in self.solve(right, FLIPPED[sign], target, x)]
        if not mine and not theirs:
            for filled in self.filled(right, x):
                now = self.given(filled)
                found += [filled | o for target in now.values(right, x)[:1] for o in now.solve(left, sign, target, x)]
        return found

    def solve(self, iri: str, sign: str, target: Quantity | None, x: str) -> list[Option]:
        """Return ways to bring an expression to a target."""
        node = self.book.nodes.get(iri)
        if node is None or target is None:
            return []
        left, right = node.one("left"), node.one("right")
        upward = sign in {">", ">="}
        match node.operator:
            case "FieldExpression":
                return self.reach(x, node.one("field"), sign, target)
            case "UpTo":
                return self.solve(node.one("operand"), sign, target, x)
            case "Range":
                return self.solve(left if upward else right, sign, target, x)
            case "Ladder":
                return self._climb(node, sign, target, x)
            case "Minimum" | "Maximum":
                both = (node.operator == "Minimum") == upward
                ways = [self.solve(side, sign, target, x) for side in (left, right)]
                if not both:
                    return ways[0] + ways[1]
                short = [w for side, w in zip((left, right), ways, strict=True) if not self._meets(side, sign, target, x)]
                return [a | b for a in short[0] for b in short[1]] if len(short) == 2 else [o for way in short for o in way]
            case "Sum" | "Difference" | "Product" | "Step" | "YearsBetween":
                return self._side(node.operator, left, right, sign, target, x, True) + self._side(
                    node.operator, right, left, sign, target, x, False
                )
        return []

    def _meets(self, iri: str, sign: str, target: Quantity, x: str) -> bool:
        return any(holds(v, sign, target) for v in self.values(iri, x))

    def _side(self, operator: str, mine: str, other: str, sign: str, target: Quantity, x: str, first: bool) -> list[Option]:
        """Return ways to bring one operand where the whole reaches its target, the other standing as it is, or at a sample."""
        found: list[Option] = []
        for filled in [NOTHING] if self.values(other, x) else self.filled(other, x):
            now = self.given(filled)
            for value in now.values(other, x)[: None if not filled else 1]:
                turned, wanted = _inverted(operator, sign, target, value, first)
                found += [filled | o for o in now.solve(mine, turned, wanted, x)]
        return found

    def _climb(self, node: Node, sign: str, target: Quantity, x: str) -> list[Option]:
        steps = [(quantity(n.threshold), quantity(n.value)) for n in self.numbers(node.one("parameterSet"), x) if n.threshold]
        reached = sorted(
            t for t, v in steps if isinstance(t, Decimal) and v is not None and type(v) is type(target) and holds(v, sign, target)
        )
        if sign in {"<", "<="}:
            over = sorted(t for t, v in steps if isinstance(t, Decimal) and v is not None and not holds(v, sign, target))
            return self.solve(node.one("operand"), "<", over[0], x) if over else []
        return self.solve(node.one("operand"), ">=", reached[0], x) if reached else []

    def filled(self, iri: str, x: str) -> list[Option]:
        """Return the fields that an expression lacks, each at a sample value; nothing to take when it lacks none."""
        node = self.book.nodes.get(iri)
        if node is None:
            return []
        if node.operator == "FieldExpression":
            if self.known(x, node.one("field")) is not None:
                return [NOTHING]
            found = self.state(x, node.one("field"), self.samples(x, node.one("field"))[:1])
            self.trace.bounds.update((pair, ANY) for option in found for pair in option)
            return found
        below = [(s, x) for name in ("left", "right", "operand") for s in node.all(name)]
        below += [(each, row) for each in node.all("each") for row in self.facts.rows(node.one("rows"))]
        ways: list[Option] = [NOTHING]
        for expression, subject in below:
            ways = [w | o for w in ways for o in self.filled(expression, subject)]
        return ways

    # ---------------------------------------------------------------- fields
    def _field(self, x: str, path: str) -> FieldLike | None:
        kind = self.facts.kind(x)
        return kind.field(path) if kind and self._allowed((x, path)) else None

    def state(self, x: str, path: str, terms: Iterable[Term | None]) -> list[Option]:
        """Return a field at each of some values that its shape accepts and that it does not have yet."""
        field = self._field(x, path)
        if field is None:
            return []
        present = self.facts.of(x, path)
        return [frozenset({((x, path), t)}) for t in terms if (t is None or self._fits(field, t)) and t not in present]

    def reach(self, x: str, path: str, sign: str, target: Quantity | None) -> list[Option]:
        """Return a field at the boundary of a relation."""
        field = self._field(x, path)
        term = boundary(field.datatype, sign, target) if field and target is not None else None
        found = self.state(x, path, (term,)) if term else []
        for option in found:
            self.trace.bounds.update(dict.fromkeys(option, sign))
        return found

    def samples(self, x: str, path: str) -> list[Term]:
        """Return values that a field can have: all its codes, both truth values, else one that its shape accepts."""
        field = self._field(x, path)
        if field is None:
            return []
        if field.codes:
            return [Iri(c) for c in field.codes if c not in self.book.unknown]
        if field.datatype == XSD.boolean:
            return [Literal("true", XSD.boolean), Literal("false", XSD.boolean)]
        if field.datatype == XSD.date:
            return [Literal(self.facts.as_of, XSD.date)]
        least = Decimal(field.least or 0)
        sample = max(least, Decimal(1)) if field.datatype == XSD.integer else max(least, SAMPLE)
        return [literal(sample, field.datatype)] if field.datatype in {XSD.integer, XSD.decimal} else []

    def _fits(self, field: FieldLike, term: Term) -> bool:
        """Say whether a field's shape accepts a value."""
        if isinstance(term, Iri):
            return bool(field.row_class) or (term.value in field.codes and term.value not in self.book.unknown)
        value = quantity(term)
        if not isinstance(term, Literal) or term.datatype != field.datatype:
            return False
        ends = [quantity(Literal(end, term.datatype)) if end else None for end in (field.least, field.most)]
        inside = (ends[0] is None or holds(value, ">=", ends[0])) and (ends[1] is None or holds(value, "<=", ends[1]))
        return inside and not (field.not_future and term.value > self.facts.as_of)


def boundary(datatype: str, sign: str, target: Quantity) -> Literal | None:
    """Return the value of a datatype that stands in a relation to a target and is nearest to it, None if there is none."""
    if isinstance(target, dt.date):
        if datatype == XSD.integer:  # years are integers
            return boundary(datatype, sign, Decimal(target.year))
        day = target + dt.timedelta(days={"<": -1, ">": 1}.get(sign, 0))
        return Literal(day.isoformat(), XSD.date) if datatype == XSD.date else None
    if datatype == XSD.date or datatype not in {XSD.integer, XSD.decimal}:
        return None
    step = Decimal(1) if datatype == XSD.integer else _FINEST
    down, up = target.quantize(step, ROUND_FLOOR), target.quantize(step, ROUND_CEILING)
    small = step if datatype == XSD.integer or target != target.quantize(_CENT) else _CENT
    match sign:
        case "<=":
            return literal(down, datatype)
        case ">=":
            return literal(up, datatype)
        case "<":
            return literal(down - small if down == target else down, datatype)
        case ">":
            return literal(up + small if up == target else up, datatype)
    return literal(down, datatype) if down == up else None


def literal(value: Decimal, datatype: str) -> Literal:
    """Return a number as records write it."""
    plain = f"{value:f}"
    return Literal((plain.rstrip("0").rstrip(".") if "." in plain else plain) or "0", datatype)


def holds(value: Quantity | None, sign: str, target: Quantity | None) -> bool:
    """Say whether a value stands in a relation to a target of its own sort."""
    if value is None or target is None or type(value) is not type(target):
        return False
    after_, before = RELATIONS["Greater"](value, target), RELATIONS["Less"](value, target)
    return {"=": value == target, "<": before, "<=": not after_, ">": after_, ">=": not before}[sign]


def _inverted(operator: str, sign: str, target: Quantity, other: Quantity, first: bool) -> tuple[str, Quantity | None]:
    """Return relation and target of one operand when the whole has a target and the other operand a value."""
    if isinstance(other, dt.date):
        return _inverted_years(sign, target, other, first) if operator == "YearsBetween" else (sign, None)
    if not isinstance(target, Decimal):
        return sign, None
    match operator:
        case "Sum":
            return sign, target - other
        case "Difference":
            return (sign, target + other) if first else (FLIPPED[sign], other - target)
        case "Product" if other > 0:
            return sign, target / other
        case "Step" if first and other > 0:
            whole = {"=": target, ">=": target, ">": target + 1, "<": target, "<=": target + 1}[sign]
            return {"=": "=", ">=": ">=", ">": ">=", "<": "<", "<=": "<"}[sign], whole * other
    return sign, None


def _inverted_years(sign: str, target: Quantity, other: dt.date, first: bool) -> tuple[str, Quantity | None]:
    if not isinstance(target, Decimal):
        return sign, None
    years = int(target) + (sign in {">", "<="})
    upward = sign in {">", ">=", "="}
    if first:
        return ("<=", add_years(other, -years)) if upward else (">", add_years(other, -years))
    return (">=", add_years(other, years)) if upward else ("<", add_years(other, years))
