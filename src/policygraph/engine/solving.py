"""Ways to make conditions hold: which facts, and at which values, taken from the conditions and the boundaries of their numbers.

What is found here is only worth trying; whoever uses it decides the changed record before believing it.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING

from policygraph.engine.reaching import DENIED, FLIPPED, NOTHING, SAMPLE, SIGNS, Option, Reacher, holds, literal, size
from policygraph.engine.valuing import add, negative, quantity
from policygraph.model.terms import Iri, Literal, local_name
from policygraph.vocab import XSD

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import Self

    from policygraph.engine.rulebook import Node

MAX_FACTS, MAX_JOINT = 3, 40


class Solver(Reacher):
    """Finds options that make conditions hold."""

    def together(self, conditions: Iterable[tuple[str, str]], skip: Callable[[str, Self], bool] = lambda *_: False) -> list[Option]:
        """Return ways to make conditions hold together, smallest first; each is (condition, record or row)."""
        found: list[Option] = [NOTHING]
        for condition, x in conditions:
            joint: dict[Option, None] = {}
            for base in found:
                now = self.given(base)
                if skip(condition, now) or now.holds(condition, x):
                    joint[base] = None
                    continue
                for option in now.options(condition, x):
                    if not {place for place, _ in base} & {place for place, _ in option}:
                        joint[base | option] = None
            found = sorted(joint, key=size)
            few = sum(size(option) <= MAX_FACTS for option in found)
            self.trace.capped |= few > MAX_JOINT
            # One that takes too many facts goes on, to tell whether it leads anywhere.
            found = found[: min(few, MAX_JOINT)] + found[few : few + 1]
        self.trace.more_needed |= any(size(option) > MAX_FACTS for option in found)
        return [option for option in found if size(option) <= MAX_FACTS]

    # ---------------------------------------------------------------- conditions
    def options(self, iri: str, x: str) -> list[Option]:
        """Return ways to make one condition hold on the record or a row; none when no fact can."""
        node = self.book.nodes.get(iri)
        if node is None:
            return []
        match node.operator:
            case "OneOf" | "OpenList" | "ByAuthority" | "UnderConcept":
                return self.state(x, node.one("field"), self.accepted(node))
            case "Given":
                return self.state(x, node.one("field"), self.samples(x, node.one("field")))
            case "Absent":
                return self.state(x, node.one("field"), (None,) if self.facts.of(x, node.one("field")) else ())
            case "AtLeast" | "AtMost":
                numbers = self.numbers(node.one("parameterSet"), x)
                return [o for n in numbers for o in self.reach(x, node.one("field"), SIGNS[node.operator], quantity(n.value))]
            case "ShareAtLeast" | "ShareAtMost":
                return self._share(node, x)
            case "Within":
                return self._within(node, x)
            case "Covers":
                return self._covers(node, x)
            case "Some" | "Every" | "None":
                return self._rows(node)
            case "ByRule":
                own = self.book.alternatives.get(node.one("rule"), {}).values()
                return [option for conditions in own for option in self.together((c, x) for c in conditions)]
            case operator if operator in SIGNS:
                return self.compare(node.one("left"), SIGNS[operator], node.one("right"), x)
        return []

    def _denials(self, iri: str, x: str) -> list[Option]:
        """Return ways to make a condition on a row fail."""
        node = self.book.nodes[iri]
        if node.operator in SIGNS and node.one("left"):
            return self.compare(node.one("left"), DENIED[SIGNS[node.operator]], node.one("right"), x)
        if node.operator in {"AtLeast", "AtMost"}:
            sign = DENIED[SIGNS[node.operator]]
            return [o for n in self.numbers(node.one("parameterSet"), x) for o in self.reach(x, node.one("field"), sign, quantity(n.value))]
        return self.state(x, node.one("field"), [t for t in self.samples(x, node.one("field")) if t not in self.accepted(node)])

    def _rows(self, node: Node) -> list[Option]:
        where, wanted = node.all("where"), node.all("holds")
        table, rows = node.one("rows"), self.facts.rows(node.one("rows"))
        in_question = [r for r in rows if all(self.holds(c, r) is not False for c in where)]
        added = self._added(table, (*where, *wanted), deny=node.operator == "None")
        if not rows and node.operator != "Some" and (complete := node.one("completenessField")):
            added = self.state(self.facts.record, complete, (Literal("true", XSD.boolean),)) + added
        match node.operator:
            case "Some":
                return [o for r in rows for o in self.together((c, r) for c in (*where, *wanted))] + added
            case "Every":
                return self.together((c, r) for r in in_question for c in wanted) if rows else added
            case _:
                fitting = [r for r in in_question if all(self.holds(c, r) is not False for c in wanted)]
                choices = [[o for c in (*wanted, *where) for o in self._denials(c, r)] for r in fitting]
                return (choices[0] if len(choices) == 1 else []) if rows else added

    def _added(self, table: str, conditions: Sequence[str], *, deny: bool) -> list[Option]:
        row = f"{self.facts.record}-{local_name(table)}-{len(self.facts.rows(table)) + 1}"
        link = self.state(self.facts.record, table, (Iri(row),))
        if not link:
            return []
        now = self.given(link[0])
        if deny:
            return [link[0] | o for c in conditions for o in now._denials(c, row)]
        return [link[0] | option for option in now.together((c, row) for c in conditions)]

    def _share(self, node: Node, x: str) -> list[Option]:
        sign, found = SIGNS[node.operator], list[Option]()
        part = next((v for t in self.facts.of(x, node.one("part")) if isinstance(v := quantity(t), Decimal)), None)
        bases = [(b, v) for b in node.all("base") for t in self.facts.of(x, b) if isinstance(v := quantity(t), Decimal) and v > 0]
        for share in (s for n in self.numbers(node.one("parameterSet"), x) if isinstance(s := quantity(n.value), Decimal)):
            if bases:
                reach = (max if sign == ">=" else min)(v for _, v in bases)
                found += self.reach(x, node.one("part"), sign, share * reach)
            if part is not None and share:
                for base in [b for b, _ in bases] or list(node.all("base"))[:1]:
                    found += self.reach(x, base, FLIPPED[sign], part / share)
            elif part is None and not bases:
                for option in self.state(x, node.one("base"), (literal(SAMPLE, XSD.decimal),)):
                    found += [option | o for o in self.reach(x, node.one("part"), sign, share * SAMPLE)]
        return found

    def _within(self, node: Node, x: str) -> list[Option]:
        left, right, found = node.one("left"), node.one("right"), list[Option]()
        for number in self.numbers(node.one("parameterSet"), x):
            for day in (v for v in self.values(left, x) if isinstance(v, dt.date)):
                last = add(day, number)
                found += self.solve(right, "<=", last, x) if last else []
                found += self.solve(right, "=", day, x)
            for day in (v for v in self.values(right, x) if isinstance(v, dt.date)):
                first = add(day, negative(number))
                found += self.solve(left, ">=", first, x) if first else []
        return found

    def _covers(self, node: Node, x: str) -> list[Option]:
        found: list[Option] = []
        for at in self.values(node.one("at"), x):
            ways: list[Option] = [NOTHING]
            for name, sign in (("from", "<="), ("until", ">=")):
                path = node.one(name)
                own = [quantity(t) for t in self.facts.of(x, path)]
                if own and all(holds(value, sign, at) for value in own):
                    continue
                ways = [w | o for w in ways for o in self.reach(x, path, sign, at)]
            found += [w for w in ways if w]
        return found
