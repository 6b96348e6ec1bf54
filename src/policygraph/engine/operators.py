"""The operators of the closed algebra: what a node of each must have. Nothing here knows a rule or a field.

An operator is also a truth table (`tests/operators`), a step in `queries/decide` and, if it is a condition, two constraint components
(`shapes/components.ttl`); tests fail when one of them is missing.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Operator:
    """An operator of the algebra.

    Attributes:
        condition: Whether it evaluates to a status; else it is an expression and evaluates to an interval.
        needs: Properties that a node must have, exactly once unless in `many`.
        operands: Properties that point at nodes evaluated on the same record.
        row_operands: Properties that point at nodes evaluated on each row of a child table.
        many: Properties that may have several values.
        bounded: Whether its parameter set stands for an operand; the compiler makes a parameter expression of it (`pg:bound`).
    """

    condition: bool = False
    needs: tuple[str, ...] = ()
    operands: tuple[str, ...] = ()
    row_operands: tuple[str, ...] = ()
    many: tuple[str, ...] = ()
    bounded: bool = False


_SIDES = ("left", "right")
_SUM = Operator(needs=_SIDES, operands=_SIDES)
_COMPARISON = Operator(condition=True, needs=_SIDES, operands=_SIDES)
_OF_FIELD = Operator(condition=True, needs=("field",))
_LIST = Operator(condition=True, needs=("field", "allowed"), many=("allowed",))
_AGAINST_NUMBER = Operator(condition=True, needs=("field", "parameterSet"), bounded=True)
_SHARE = Operator(condition=True, needs=("part", "base", "parameterSet"), many=("base",))
_QUANTIFIER = Operator(condition=True, needs=("rows",), row_operands=("where", "holds"), many=("where", "holds"))
OPERATORS: dict[str, Operator] = {
    "ParameterExpression": Operator(needs=("parameterSet",)),
    "FieldExpression": Operator(needs=("field",)),
    "Sum": _SUM,
    "Difference": _SUM,
    "Product": _SUM,
    "Minimum": _SUM,
    "Maximum": _SUM,
    "Range": _SUM,
    "Step": _SUM,
    "YearsBetween": _SUM,
    "Ladder": Operator(needs=("operand", "parameterSet"), operands=("operand",)),
    "UpTo": Operator(needs=("operand",), operands=("operand",)),
    "Over": Operator(needs=("rows", "aggregate"), row_operands=("each", "where"), many=("where",)),
    "Unstated": Operator(),
    "OneOf": _LIST,
    "OpenList": _LIST,
    "UnderConcept": Operator(condition=True, needs=("field", "concept")),
    "Given": _OF_FIELD,
    "Absent": _OF_FIELD,
    "ByAuthority": _OF_FIELD,
    "Unsettled": Operator(condition=True),
    "Equal": _COMPARISON,
    "Less": _COMPARISON,
    "LessEqual": _COMPARISON,
    "Greater": _COMPARISON,
    "Before": _COMPARISON,
    "After": _COMPARISON,
    "Within": Operator(condition=True, needs=(*_SIDES, "parameterSet"), operands=_SIDES, bounded=True),
    "Covers": Operator(condition=True, needs=("from", "until", "at"), operands=("at",)),
    "AtLeast": _AGAINST_NUMBER,
    "AtMost": _AGAINST_NUMBER,
    "ShareAtLeast": _SHARE,
    "ShareAtMost": _SHARE,
    "Some": _QUANTIFIER,
    "Every": Operator(condition=True, needs=("rows", "holds"), row_operands=("where", "holds"), many=("where", "holds")),
    "None": _QUANTIFIER,
    # Its operands are the conditions of the rule to which it delegates.
    "ByRule": Operator(condition=True, needs=("rule",)),
}
# What an aggregate needs beside its rows.
AGGREGATES: dict[str, tuple[str, ...]] = {"sum": ("each",), "max": ("each",), "count": (), "first": ("each", "orderField")}
# Aggregates that may stand on either side of a grouping.
GROUPED = ("sum", "max", "count")
# Operands that are conditions; every other operand is an expression.
CONDITION_SLOTS = frozenset({"where", "holds", "hasCondition"})
