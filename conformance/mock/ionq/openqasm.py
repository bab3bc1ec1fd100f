"""From an OpenQASM 3 program to a QIS circuit: how an ansatz is written.

Read are: declarations of qubits, bits, constants and inputs; gates of the standard library, those
the program defines, and the modifiers ctrl, negctrl and inv; barriers. What a program may do
besides, such as measuring or branching, has no meaning in an ansatz and is refused.

Source: the OpenQASM 3 specification; the programs that qiskit and IonQ's SDK write.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from openqasm3 import ast, parser

from conformance.mock.ionq.qasmgates import STANDARD, Gate, controlled, inverted

MOST_CHARACTERS = 20_000
"""Length of the longest program that is read, about a second."""

DEEPEST = 40
"""Brackets that may be open at once, and signs before a number: the parser is slow beyond."""

MOST_GATES = 5_000
"""Gates that a program may come to, definitions written out."""

_ANTLR: Any = parser
"""The parser's own module, which has its parts but exports few of them."""

_CONSTANTS = {"pi": math.pi, "π": math.pi, "tau": math.tau, "τ": math.tau, "euler": math.e}
_BINARY: Mapping[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "**": operator.pow,
}
_FUNCTIONS: Mapping[str, Callable[[float], float]] = {
    "sin": math.sin,
    "cos": math.cos,
    "tan": math.tan,
    "arcsin": math.asin,
    "arccos": math.acos,
    "arctan": math.atan,
    "exp": math.exp,
    "log": math.log,
    "sqrt": math.sqrt,
}


@dataclass(eq=False)
class ProgramError(Exception):
    """A program that is no circuit: what was expected and seen, and the line, from 1."""

    reason: str
    line: int | None = None

    def __str__(self) -> str:
        return self.reason if self.line is None else f"line {self.line}: {self.reason}"


def circuit_of(program: str, parameters: Sequence[float]) -> dict[str, Any]:
    """Return the circuit of an OpenQASM 3 program, as an `input` object.

    Args:
        program: Its text.
        parameters: Values of its inputs, in the order in which they are declared.

    Returns:
        qubits (numbered as declared), gateset and circuit.

    Raises:
        ProgramError: It is no OpenQASM 3, or no circuit, or does not take so many parameters.
    """
    if len(program) > MOST_CHARACTERS:
        raise ProgramError(f"expected at most {MOST_CHARACTERS} characters, got {len(program)}")
    _check_depth(program)
    reader = _Reader(waiting=list(parameters))
    try:
        for statement in _parsed(program):
            reader.read(statement)
    except RecursionError as error:
        raise ProgramError("expected a program of some depth, got one nested too deep") from error
    if reader.waiting:
        taken = len(parameters) - len(reader.waiting)
        raise ProgramError(f"expected {taken} parameters, got {len(parameters)}")
    if not reader.qubits:
        raise ProgramError("expected at least one qubit, got none")
    gates = [gate for gate in reader.gates if gate["gate"] != "gphase"]
    return {"qubits": reader.qubits, "gateset": "qis", "circuit": gates}


def _check_depth(program: str) -> None:
    depth = signs = 0
    for character in program:
        depth += (character in "([{") - (character in ")]}")
        signs = signs + 1 if character in "-+~!" else 0 if not character.isspace() else signs
        if max(depth, signs) > DEEPEST:
            raise ProgramError(f"expected at most {DEEPEST} open brackets or signs, got more")


def _parsed(program: str) -> list[Any]:
    """Return the statements, as `openqasm3.parse` does, which also prints what it objects to."""
    lexer = _ANTLR.qasm3Lexer(_ANTLR.InputStream(program))
    reader = _ANTLR.qasm3Parser(_ANTLR.CommonTokenStream(lexer))
    for source in (lexer, reader):
        source.removeErrorListeners()
    lexer.addErrorListener(_ANTLR._RaiseOnErrorListener())
    reader.addErrorListener(_ANTLR._RaiseOnErrorListener())
    try:
        return list(_ANTLR.QASMNodeVisitor().visitProgram(reader.program()).statements)
    except RecursionError:
        raise
    except Exception as error:  # on odd text the parser fails in ways of its own
        raise ProgramError(f"expected OpenQASM 3: {str(error)[:200]}") from error


Registers = dict[str, list[int]]


@dataclass(slots=True)
class _Reader:
    """What is known after the statements read so far."""

    waiting: list[float]
    """Parameters that no input has taken."""
    gates: list[Gate] = field(default_factory=list)
    qubits: int = 0
    registers: Registers = field(default_factory=dict)
    numbers: dict[str, Any] = field(default_factory=lambda: dict(_CONSTANTS))
    """Names to numbers, or to lists of them."""
    defined: dict[str, ast.QuantumGateDefinition] = field(default_factory=dict)
    written: int = 0
    """Gates read so far, those in definitions each time that these are used."""

    def read(self, statement: Any) -> None:
        """Take one statement in."""
        match statement:
            case ast.Include() | ast.QuantumBarrier():
                pass
            case ast.ClassicalDeclaration(type=ast.BitType(), init_expression=None):
                pass
            case ast.ConstantDeclaration():
                value = _number(statement.init_expression, self.numbers)
                self.numbers[statement.identifier.name] = value
            case ast.IODeclaration(io_identifier=ast.IOKeyword.input):
                self.numbers[statement.identifier.name] = self._taken(statement)
            case ast.QubitDeclaration():
                self._declare(statement)
            case ast.QuantumGateDefinition():
                self.defined[statement.name.name] = statement
            case ast.QuantumGate() | ast.QuantumPhase():
                self._play(statement)
            case _:
                kind = type(statement).__name__
                raise _error(statement, f"expected a gate or a declaration, got {kind}")

    def _taken(self, statement: ast.IODeclaration) -> float | list[float]:
        size = 1
        if isinstance(statement.type, ast.ArrayType):
            for dimension in statement.type.dimensions:
                size *= _whole(dimension, self.numbers)
        if not 0 <= size <= len(self.waiting):
            raise _error(statement, "expected more parameters than were given")
        values, self.waiting = self.waiting[:size], self.waiting[size:]
        return values if isinstance(statement.type, ast.ArrayType) else values[0]

    def _declare(self, statement: ast.QubitDeclaration) -> None:
        size = 1 if statement.size is None else _whole(statement.size, self.numbers)
        if not 1 <= size <= 1000:
            raise _error(statement, f"expected from 1 to 1000 qubits, got {size}")
        self.registers[statement.qubit.name] = list(range(self.qubits, self.qubits + size))
        self.qubits += size

    def _play(self, statement: ast.QuantumGate | ast.QuantumPhase) -> None:
        operands = [_operand(each, self.registers, self.numbers) for each in statement.qubits]
        for qubits in _broadcast(statement, operands):
            self.gates += self._gates_of(statement, qubits, self.numbers)

    def _gates_of(
        self,
        statement: ast.QuantumGate | ast.QuantumPhase,
        qubits: Sequence[int],
        numbers: Mapping[str, Any],
    ) -> list[Gate]:
        """Return one gate under its modifiers; these apply from the inside out."""
        self.written += 1
        if self.written > MOST_GATES:
            raise ProgramError(f"expected at most {MOST_GATES} gates, got more")
        layers = [(m, _controls(m, numbers)) for m in statement.modifiers]
        taken = sum(size for _, size in layers)
        if taken > len(qubits) or len(set(qubits)) < len(qubits):
            raise _error(statement, f"expected distinct qubits for each control, got {qubits}")
        place = taken
        gates = self._unmodified(statement, qubits[taken:], numbers)
        for modifier, size in reversed(layers):
            place -= size
            own = qubits[place : place + size]
            flips = [{"gate": "x", "targets": [q]} for q in own]
            match modifier.modifier:
                case ast.GateModifierName.inv:
                    gates = inverted(gates)
                case ast.GateModifierName.ctrl:
                    gates = controlled(gates, own)
                case ast.GateModifierName.negctrl:
                    gates = [*flips, *controlled(gates, own), *flips]
                case _:
                    raise _error(statement, "expected ctrl, negctrl or inv, got pow")
        return gates

    def _unmodified(
        self,
        statement: ast.QuantumGate | ast.QuantumPhase,
        qubits: Sequence[int],
        numbers: Mapping[str, Any],
    ) -> list[Gate]:
        if isinstance(statement, ast.QuantumPhase):
            return [{"gate": "gphase", "rotation": _number(statement.argument, numbers)}]
        name = statement.name.name
        angles = [_number(argument, numbers) for argument in statement.arguments]
        if name in self.defined:
            definition = self.defined[name]
            self._check(statement, angles, qubits, len(definition.arguments), definition.qubits)
            return self._written_out(definition, angles, qubits)
        if name not in STANDARD:
            raise _error(statement, f"expected a gate of stdgates.inc or a defined one, got {name}")
        wanted, width, make = STANDARD[name]
        self._check(statement, angles, qubits, wanted, range(width))
        return make(angles, qubits)

    @staticmethod
    def _check(
        statement: Any, angles: Sequence[float], qubits: Sequence[int], wanted: int, own: Any
    ) -> None:
        if (len(angles), len(qubits)) != (wanted, len(own)):
            message = f"expected {wanted} angles and {len(own)} qubits"
            raise _error(statement, f"{message}, got {len(angles)} and {len(qubits)}")

    def _written_out(
        self,
        definition: ast.QuantumGateDefinition,
        angles: Sequence[float],
        qubits: Sequence[int],
    ) -> list[Gate]:
        named = [argument.name for argument in definition.arguments]
        numbers = {**self.numbers, **dict(zip(named, angles, strict=True))}
        places = {q.name: [at] for q, at in zip(definition.qubits, qubits, strict=True)}
        gates: list[Gate] = []
        for statement in definition.body:
            if isinstance(statement, ast.QuantumBarrier):
                continue
            if not isinstance(statement, ast.QuantumGate | ast.QuantumPhase):
                raise _error(statement, "expected gates in a gate, got something else")
            own = [_operand(each, places, numbers)[0] for each in statement.qubits]
            gates += self._gates_of(statement, own, numbers)
        return gates


def _error(statement: Any, reason: str) -> ProgramError:
    span = getattr(statement, "span", None)
    return ProgramError(reason, None if span is None else span.start_line)


def _controls(modifier: ast.QuantumGateModifier, numbers: Mapping[str, Any]) -> int:
    if modifier.modifier not in {ast.GateModifierName.ctrl, ast.GateModifierName.negctrl}:
        return 0
    controls = 1 if modifier.argument is None else _whole(modifier.argument, numbers)
    if controls < 1:
        raise _error(modifier, f"expected at least one control, got {controls}")
    return controls


def _operand(node: Any, registers: Registers, numbers: Mapping[str, Any]) -> list[int]:
    """Return the qubits that an operand names: one, or a whole register."""
    indexed = isinstance(node, ast.IndexedIdentifier)
    name = node.name.name if indexed else node.name
    if name not in registers:
        raise _error(node, f"expected declared qubits, got {name}")
    found = registers[name]
    if not indexed:
        return found
    if len(node.indices) != 1 or len(node.indices[0]) != 1:
        raise _error(node, "expected one index")
    index = _whole(node.indices[0][0], numbers)
    if not -len(found) <= index < len(found):
        raise _error(node, f"expected an index below {len(found)}, got {index}")
    return [found[index]]


def _broadcast(statement: Any, operands: Sequence[list[int]]) -> Iterator[list[int]]:
    """Yield the qubits of each gate that a statement on registers stands for."""
    sizes = {len(operand) for operand in operands} - {1}
    if len(sizes) > 1:
        raise _error(statement, f"expected registers of one size, got {sorted(sizes)}")
    for place in range(sizes.pop() if sizes else 1):
        yield [operand[place if len(operand) > 1 else 0] for operand in operands]


def _whole(node: Any, numbers: Mapping[str, Any]) -> int:
    value = _number(node, numbers)
    if value != int(value):
        raise _error(node, f"expected a whole number, got {value}")
    return int(value)


def _number(node: Any, numbers: Mapping[str, Any]) -> float:
    """Return the value of an expression, which is finite."""
    try:
        value = _value(node, numbers)
    except (ArithmeticError, TypeError, ValueError) as error:
        raise _error(node, f"expected a number: {error}") from error
    if not isinstance(value, int | float) or not math.isfinite(value):
        raise _error(node, "expected a finite number")
    return value


def _value(node: Any, numbers: Mapping[str, Any]) -> Any:
    match node:
        case ast.IntegerLiteral() | ast.FloatLiteral():
            return float(node.value)
        case ast.Identifier(name=name) if name in numbers:
            return numbers[name]
        case ast.UnaryExpression() if node.op.name in {"-", "+"}:
            value = _number(node.expression, numbers)
            return -value if node.op.name == "-" else value
        case ast.BinaryExpression() if node.op.name in _BINARY:
            left, right = _number(node.lhs, numbers), _number(node.rhs, numbers)
            return _BINARY[node.op.name](left, right)
        case ast.FunctionCall(name=ast.Identifier(name=name)) if name in _FUNCTIONS:
            return _FUNCTIONS[name](*(_number(each, numbers) for each in node.arguments))
        case ast.IndexExpression(collection=ast.Identifier(name=name), index=[index]):
            values, at = numbers.get(name), _whole(index, numbers)
            if isinstance(values, list) and -len(values) <= at < len(values):
                return values[at]
    raise _error(node, "expected a number, an input or their sums and products")
