"""Constant expressions of OpenQASM: numbers, names known by now, and what is made of them."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from typing import Any

from openqasm3 import ast

from conformance.mock.program.measured import ProgramProblem

CONSTANTS: Mapping[str, float] = {
    "pi": math.pi,
    "π": math.pi,
    "tau": math.tau,
    "τ": math.tau,
    "euler": math.e,
    "ℇ": math.e,
}

_OPERATORS: Mapping[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "**": operator.pow,
}
"""`^` is left out: a power in OpenQASM 2, and the exclusive or of bits in OpenQASM 3."""

_FUNCTIONS: Mapping[str, Callable[[float], float]] = {
    "sin": math.sin,
    "cos": math.cos,
    "tan": math.tan,
    "arcsin": math.asin,
    "arccos": math.acos,
    "arctan": math.atan,
    "exp": math.exp,
    "ln": math.log,
    "log": math.log,
    "sqrt": math.sqrt,
}


def problem_at(node: Any, reason: str) -> ProgramProblem:
    """Return a problem with the line of `node`, from 1, where that is known."""
    span = getattr(node, "span", None)
    return ProgramProblem(reason if span is None else f"line {span.start_line}: {reason}")


def number(node: Any, known: Mapping[str, Any]) -> float:
    """Return the value of an expression, in radians where it is an angle.

    Args:
        node: Of the syntax tree.
        known: Names to numbers, or to lists of them.

    Raises:
        ProgramProblem: It has no finite value, or needs a name that is not known.
    """
    try:
        value = _value(node, known)
    except (ArithmeticError, TypeError, ValueError) as error:
        raise problem_at(node, f"expected a number: {error}") from error
    if not isinstance(value, int | float) or not math.isfinite(value):
        raise problem_at(node, "expected a finite number")
    return value


def whole(node: Any, known: Mapping[str, Any]) -> int:
    """Return the value of an expression that must be a whole number.

    Raises:
        ProgramProblem: It is none.
    """
    value = number(node, known)
    if value != int(value):
        raise problem_at(node, f"expected a whole number, got {value}")
    return int(value)


def _value(node: Any, known: Mapping[str, Any]) -> Any:
    match node:
        case ast.IntegerLiteral() | ast.FloatLiteral():
            return float(node.value)
        case ast.Identifier(name=name) if name in known:
            return known[name]
        case ast.UnaryExpression() if node.op.name in {"-", "+"}:
            value = number(node.expression, known)
            return -value if node.op.name == "-" else value
        case ast.BinaryExpression() if node.op.name in _OPERATORS:
            return _OPERATORS[node.op.name](number(node.lhs, known), number(node.rhs, known))
        case ast.FunctionCall(name=ast.Identifier(name=name)) if name in _FUNCTIONS:
            return _FUNCTIONS[name](*(number(each, known) for each in node.arguments))
        case ast.IndexExpression(collection=ast.Identifier(name=name), index=[index]):
            values, at = known.get(name), whole(index, known)
            if isinstance(values, list) and -len(values) <= at < len(values):
                return values[at]
    raise problem_at(node, "expected a number, an input or their sums and products")
