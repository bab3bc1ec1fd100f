"""OpenQASM 2 and 3 to a measured circuit: straight lines of gates, then measurements.

What a simulator of state vectors cannot honour is refused by name: control flow, resets, gates
after a measurement of the same qubit, gate definitions.
"""

from __future__ import annotations

import contextlib
import io
import math
import operator
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from conformance.mock.program.gate_names import gates_of, under_control
from conformance.mock.program.measured import (
    Gate,
    MeasuredCircuit,
    ProgramProblem,
    Register,
    compact,
)

if TYPE_CHECKING:
    from openqasm3 import ast

LONGEST_TEXT = 1_000_000
"""Characters of a program; more is refused before it is parsed."""

_CONSTANTS = {"pi": math.pi, "π": math.pi, "tau": math.tau, "τ": math.tau, "euler": math.e}
_FUNCTIONS = {"sin": math.sin, "cos": math.cos, "tan": math.tan, "exp": math.exp,
              "ln": math.log, "log": math.log, "sqrt": math.sqrt}  # fmt: skip

_OPERATORS: Mapping[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "**": operator.pow,
    "^": operator.pow,
}


def read(text: str) -> MeasuredCircuit:
    """Return the circuit that an OpenQASM 2 or 3 program describes.

    Raises:
        ProgramProblem: It is no such program, or does more than gates and final measurements.
    """
    if len(text) > LONGEST_TEXT:
        raise ProgramProblem(f"expected at most {LONGEST_TEXT} characters, got {len(text)}")
    reader = _Reader()
    for statement in _parsed(text).statements:
        reader.take(statement)
    return compact(reader.gates, reader.registers())


def _parsed(text: str) -> ast.Program:
    import openqasm3  # a tenth of a second; only programs need it
    from openqasm3.parser import QASM3ParsingError

    try:
        with contextlib.redirect_stderr(io.StringIO()) as said:
            return openqasm3.parse(text)
    except (QASM3ParsingError, RecursionError, ValueError) as problem:
        where = said.getvalue().strip() or str(problem)
        raise ProgramProblem(f"expected an OpenQASM program, got: {where[:200]}") from problem


class _Reader:
    def __init__(self) -> None:
        self.gates: list[Gate] = []
        self._qubits: dict[str, range] = {}
        self._bits: dict[str, list[int | None]] = {}
        self._measured: set[int] = set()

    def registers(self) -> list[Register]:
        """Return the classical registers in the order of their declaration."""
        return [Register(name=name, bits=tuple(bits)) for name, bits in self._bits.items()]

    def take(self, statement: Any) -> None:
        """Read one statement.

        Raises:
            ProgramProblem: It is of a kind that is not simulated.
        """
        kind = type(statement).__name__
        handler = getattr(self, f"_{kind}", None)
        if handler is None:
            line = f" in line {statement.span.start_line}" if statement.span else ""
            raise ProgramProblem(f"expected gates and measurements alone, got {kind}{line}")
        handler(statement)

    def _Include(self, _statement: Any) -> None:  # noqa: N802 (named after the syntax tree)
        """Take the standard gates as known: nothing is ever read from a disk."""

    def _Pragma(self, _statement: Any) -> None:  # noqa: N802
        """Take no notice."""

    def _QuantumBarrier(self, _statement: Any) -> None:  # noqa: N802
        """Take no notice: nothing is reordered here."""

    def _QubitDeclaration(self, statement: ast.QubitDeclaration) -> None:  # noqa: N802
        size = 1 if statement.size is None else _whole(statement.size)
        start = sum(len(known) for known in self._qubits.values())
        self._qubits[statement.qubit.name] = range(start, start + size)

    def _ClassicalDeclaration(self, statement: ast.ClassicalDeclaration) -> None:  # noqa: N802
        if type(statement.type).__name__ != "BitType":
            raise ProgramProblem("expected bit registers alone, got another classical type")
        size = statement.type.size  # type: ignore[attr-defined]  # just asked for
        self._bits[statement.identifier.name] = [None] * (1 if size is None else _whole(size))
        if statement.init_expression is not None:
            raise ProgramProblem("expected bits without an initial value")

    def _QuantumGate(self, statement: ast.QuantumGate) -> None:  # noqa: N802
        operands = [self._operand(operand) for operand in statement.qubits]
        parameters = [_number(argument) for argument in statement.arguments]
        for qubits in _broadcast(operands):
            late = self._measured.intersection(qubits)
            if late:
                raise ProgramProblem("expected no gate after a measurement of the same qubit")
            self.gates += _modified(statement, parameters, qubits)

    def _QuantumMeasurementStatement(  # noqa: N802
        self, statement: ast.QuantumMeasurementStatement
    ) -> None:
        qubits = self._operand(statement.measure.qubit)
        self._measured.update(qubits)
        if statement.target is None:
            return
        name, places = self._place(statement.target, self._bits)
        if len(places) != len(qubits):
            raise ProgramProblem(f"expected {len(qubits)} bits to measure into, got {len(places)}")
        for place, qubit in zip(places, qubits, strict=True):
            self._bits[name][place] = qubit

    def _operand(self, operand: Any) -> list[int]:
        if type(operand).__name__ == "Identifier" and operand.name.startswith("$"):
            return [int(operand.name[1:])]  # a physical qubit
        name, places = self._place(operand, self._qubits)
        return [self._qubits[name][place] for place in places]

    def _place(self, operand: Any, known: Any) -> tuple[str, list[int]]:
        """Return the register that an operand names and the indices in it."""
        indexed = type(operand).__name__ == "IndexedIdentifier"
        name = operand.name.name if indexed else operand.name
        if name not in known:
            raise ProgramProblem(f"expected a declared register, got {name!r}")
        size = len(known[name])
        if not indexed:
            return name, list(range(size))
        index = _index(operand)
        if not -size <= index < size:
            raise ProgramProblem(f"expected an index of {name} below {size}, got {index}")
        return name, [index % size]


def _index(operand: Any) -> int:
    indices = operand.indices
    if len(indices) != 1 or not isinstance(indices[0], list) or len(indices[0]) != 1:
        raise ProgramProblem("expected one index of a register")
    return _whole(indices[0][0])


def _modified(
    statement: ast.QuantumGate, parameters: Sequence[float], qubits: Sequence[int]
) -> list[Gate]:
    """Return a gate under its `ctrl` modifiers, outermost first."""
    controls: list[int] = []
    rest = list(qubits)
    for modifier in statement.modifiers:
        if modifier.modifier.name != "ctrl":
            raise ProgramProblem(
                f"expected ctrl as the only modifier, got {modifier.modifier.name}"
            )
        count = 1 if modifier.argument is None else _whole(modifier.argument)
        controls, rest = controls + rest[:count], rest[count:]
    gates = gates_of(statement.name.name, parameters, rest)
    return under_control(gates, controls) if controls else gates


def _broadcast(operands: Sequence[Sequence[int]]) -> list[list[int]]:
    """Return the operands of each gate: whole registers act bit by bit."""
    sizes = {len(operand) for operand in operands if len(operand) > 1}
    if len(sizes) > 1:
        raise ProgramProblem(f"expected registers of one size, got {sorted(sizes)}")
    size = sizes.pop() if sizes else 1
    return [
        [operand[number] if len(operand) > 1 else operand[0] for operand in operands]
        for number in range(size)
    ]


def _whole(expression: Any) -> int:
    value = _number(expression)
    if value != int(value):
        raise ProgramProblem(f"expected a whole number, got {value}")
    return int(value)


def _number(expression: Any) -> float:
    """Return the value of a constant expression, in radians where it is an angle."""
    kind = type(expression).__name__
    if kind in {"IntegerLiteral", "FloatLiteral"}:
        return float(expression.value)
    if kind == "Identifier" and expression.name in _CONSTANTS:
        return _CONSTANTS[expression.name]
    if kind == "UnaryExpression" and expression.op.name == "-":
        return -_number(expression.expression)
    if kind == "BinaryExpression":
        return _combined(expression.op.name, _number(expression.lhs), _number(expression.rhs))
    if kind == "FunctionCall" and expression.name.name in _FUNCTIONS:
        return _FUNCTIONS[expression.name.name](*map(_number, expression.arguments))
    raise ProgramProblem(f"expected a number, got {kind}")


def _combined(sign: str, left: float, right: float) -> float:
    try:
        return float(_OPERATORS[sign](left, right))
    except (KeyError, ZeroDivisionError, OverflowError, TypeError) as problem:
        raise ProgramProblem(f"expected a number, got {left} {sign} {right}") from problem
