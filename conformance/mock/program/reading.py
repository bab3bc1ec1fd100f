"""Statements of OpenQASM to gates and measured bits, one after the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from openqasm3 import ast

from conformance.mock.program.expressions import CONSTANTS, number, problem_at, whole
from conformance.mock.program.gate_names import gates_of, inverted, under_control, without_phase
from conformance.mock.program.measured import Gate, ProgramProblem

MOST_GATES = 20_000
"""Gates that a program may come to, definitions written out."""

LARGEST_REGISTER = 1000
"""Qubits or bits of one register."""

_CONTROLS = {ast.GateModifierName.ctrl, ast.GateModifierName.negctrl}
_Call = ast.QuantumGate | ast.QuantumPhase


@dataclass(slots=True)
class Reader:
    """What is known after the statements read so far."""

    waiting: list[float]
    """Parameters that no input has taken."""
    gates: list[Gate] = field(default_factory=list)
    qubits: int = 0
    bits: dict[str, list[int | None]] = field(default_factory=dict)
    """Classical registers, as declared; each bit with the qubit that was measured into it."""
    measured: set[int] = field(default_factory=set)
    _registers: dict[str, list[int]] = field(default_factory=dict)
    _numbers: dict[str, Any] = field(default_factory=lambda: dict(CONSTANTS))
    """Names to numbers, or to lists of them."""
    _defined: dict[str, ast.QuantumGateDefinition] = field(default_factory=dict)
    _written: int = 0
    """Gates read so far, those in definitions each time that these are used."""

    def read(self, statement: Any) -> None:
        """Take one statement in.

        Raises:
            ProgramProblem: It is wrong, or of a kind that is not simulated.
        """
        match statement:
            case ast.Include() | ast.Pragma() | ast.QuantumBarrier():
                pass  # the standard gates are known: nothing is ever read from a disk
            case ast.ClassicalDeclaration(type=ast.BitType(size=width), init_expression=None):
                self.bits[statement.identifier.name] = [None] * self._size(width, statement)
            case ast.ConstantDeclaration():
                value = number(statement.init_expression, self._numbers)
                self._numbers[statement.identifier.name] = value
            case ast.IODeclaration(io_identifier=ast.IOKeyword.input):
                self._numbers[statement.identifier.name] = self._taken(statement)
            case ast.QubitDeclaration():
                size = self._size(statement.size, statement)
                own = list(range(self.qubits, self.qubits + size))
                self._registers[statement.qubit.name] = own
                self.qubits += size
            case ast.QuantumGateDefinition():
                self._defined[statement.name.name] = statement
            case ast.QuantumGate() | ast.QuantumPhase():
                self._play(statement)
            case ast.QuantumMeasurementStatement():
                self._measure(statement)
            case _:
                kind = type(statement).__name__
                reason = f"expected declarations, gates and measurements alone, got {kind}"
                raise problem_at(statement, reason)

    def _size(self, node: Any, statement: Any) -> int:
        size = 1 if node is None else whole(node, self._numbers)
        if not 1 <= size <= LARGEST_REGISTER:
            reason = f"expected a register of 1 to {LARGEST_REGISTER}, got {size}"
            raise problem_at(statement, reason)
        return size

    def _taken(self, statement: ast.IODeclaration) -> float | list[float]:
        size = 1
        if isinstance(statement.type, ast.ArrayType):
            for dimension in statement.type.dimensions:
                size *= whole(dimension, self._numbers)
        if not 0 <= size <= len(self.waiting):
            raise problem_at(statement, "expected more parameters than were given")
        values, self.waiting = self.waiting[:size], self.waiting[size:]
        return values if isinstance(statement.type, ast.ArrayType) else values[0]

    def _measure(self, statement: ast.QuantumMeasurementStatement) -> None:
        qubits = self._operand(statement.measure.qubit, self._registers)
        self.measured.update(qubits)
        if statement.target is None:
            return
        name, places = self._place(statement.target, self.bits)
        if len(places) != len(qubits):
            reason = f"expected {len(qubits)} bits to measure into, got {len(places)}"
            raise problem_at(statement, reason)
        for place, qubit in zip(places, qubits, strict=True):
            self.bits[name][place] = qubit

    def _play(self, statement: _Call) -> None:
        operands = [self._operand(each, self._registers) for each in statement.qubits]
        for qubits in _broadcast(statement, operands):
            if self.measured.intersection(qubits):
                reason = "expected no gate after a measurement of the same qubit"
                raise problem_at(statement, reason)
            self.gates += without_phase(self._gates_of(statement, qubits, self._numbers))

    def _gates_of(
        self, statement: _Call, qubits: Sequence[int], numbers: Mapping[str, Any]
    ) -> list[Gate]:
        """Return one gate under its modifiers; these apply from the inside out."""
        self._written += 1
        if self._written > MOST_GATES:
            raise ProgramProblem(f"expected at most {MOST_GATES} gates, got more")
        layers = [(m, _controls(m, numbers)) for m in statement.modifiers]
        taken = sum(size for _, size in layers)
        if taken > len(qubits) or len(set(qubits)) < len(qubits):
            raise problem_at(statement, f"expected different qubits for each operand, got {qubits}")
        place = taken
        gates = self._unmodified(statement, qubits[taken:], numbers)
        for modifier, size in reversed(layers):
            place -= size
            own = qubits[place : place + size]
            flips: list[Gate] = [{"gate": "x", "targets": [q]} for q in own]
            match modifier.modifier:
                case ast.GateModifierName.inv:
                    gates = inverted(gates)
                case ast.GateModifierName.ctrl:
                    gates = under_control(gates, own)
                case ast.GateModifierName.negctrl:
                    gates = [*flips, *under_control(gates, own), *flips]
                case _:
                    raise problem_at(statement, "expected ctrl, negctrl or inv, got pow")
        return gates

    def _unmodified(
        self, statement: _Call, qubits: Sequence[int], numbers: Mapping[str, Any]
    ) -> list[Gate]:
        if isinstance(statement, ast.QuantumPhase):
            return [{"gate": "gphase", "rotation": number(statement.argument, numbers)}]
        name = statement.name.name
        angles = [number(argument, numbers) for argument in statement.arguments]
        if name in self._defined:
            return self._written_out(statement, self._defined[name], angles, qubits)
        try:
            return gates_of(name, angles, qubits)
        except ProgramProblem as problem:
            raise problem_at(statement, str(problem)) from None

    def _written_out(
        self,
        call: _Call,
        definition: ast.QuantumGateDefinition,
        angles: Sequence[float],
        qubits: Sequence[int],
    ) -> list[Gate]:
        """Return the gates of a definition."""
        named = [argument.name for argument in definition.arguments]
        if (len(angles), len(qubits)) != (len(named), len(definition.qubits)):
            wanted = f"expected {len(named)} parameters and {len(definition.qubits)} qubits"
            raise problem_at(call, f"{wanted}, got {len(angles)} and {len(qubits)}")
        numbers = {**self._numbers, **dict(zip(named, angles, strict=True))}
        places = {q.name: [at] for q, at in zip(definition.qubits, qubits, strict=True)}
        gates: list[Gate] = []
        for statement in definition.body:
            if isinstance(statement, ast.QuantumBarrier):
                continue
            if not isinstance(statement, ast.QuantumGate | ast.QuantumPhase):
                raise problem_at(statement, "expected gates in a gate, got something else")
            own = [self._operand(each, places)[0] for each in statement.qubits]
            gates += self._gates_of(statement, own, numbers)
        return gates

    def _operand(self, node: Any, registers: Mapping[str, Sequence[int]]) -> list[int]:
        """Return the qubits that an operand names: one, or a whole register."""
        if isinstance(node, ast.Identifier) and node.name.startswith("$"):
            return [int(node.name[1:])]  # a physical qubit
        name, places = self._place(node, registers)
        return [registers[name][place] for place in places]

    def _place(self, node: Any, known: Mapping[str, Sequence[Any]]) -> tuple[str, list[int]]:
        """Return the register that an operand names, and the places in it."""
        indexed = isinstance(node, ast.IndexedIdentifier)
        name = node.name.name if indexed else node.name
        if name not in known:
            raise problem_at(node, f"expected a declared register, got {name!r}")
        size = len(known[name])
        if not indexed:
            return name, list(range(size))
        match node.indices:
            case [[position]]:
                index = whole(position, self._numbers)
            case _:
                raise problem_at(node, "expected one index of a register")
        if not -size <= index < size:
            raise problem_at(node, f"expected an index of {name} below {size}, got {index}")
        return name, [index % size]


def _controls(modifier: ast.QuantumGateModifier, numbers: Mapping[str, Any]) -> int:
    if modifier.modifier not in _CONTROLS:
        return 0
    controls = 1 if modifier.argument is None else whole(modifier.argument, numbers)
    if controls < 1:
        raise problem_at(modifier, f"expected at least one control, got {controls}")
    return controls


def _broadcast(statement: Any, operands: Sequence[list[int]]) -> Iterator[list[int]]:
    """Yield the qubits of each gate that a statement on registers stands for."""
    sizes = {len(operand) for operand in operands} - {1}
    if len(sizes) > 1:
        raise problem_at(statement, f"expected registers of one size, got {sorted(sizes)}")
    for place in range(sizes.pop() if sizes else 1):
        yield [operand[place if len(operand) > 1 else 0] for operand in operands]
